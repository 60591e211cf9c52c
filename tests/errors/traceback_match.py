def f(p):
    match p:
        case {"x": x} if x.bad:
            return x


f({"x": 1})
