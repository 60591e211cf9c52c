def f(x):
    match x:
        case 1 | 2: return 'n'
        case [a, *rest]: return a, rest
        case {'k': v, **others}: return v, others
        case Point(x=0, y=b) if b: return b
        case [_, *_, last]: return last
        case None: return 0
        case str() as s: return s
        case _: return x
