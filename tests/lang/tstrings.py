# Template strings keep their parts apart.
name, n = "Ann", 3
t = t"Hello {name}, {n:>5} {n!r} {n + 1 = }!"
print(type(t).__name__, type(t).__module__)
print(t.strings)
print(t.values)
for i in t.interpolations:
    print(repr(i.value), repr(i.expression), i.conversion, repr(i.format_spec))
print([part if isinstance(part, str) else ("interp", part.value) for part in t])
print(t"".strings, t"".interpolations, t"plain".strings)
print(t"{name}".strings, t"{name}{n}".strings)
joined = t"a{1}" t"b{2}"
print(joined.strings, joined.values)
both = t"x{1}" + t"{2}y"
print(both.strings, both.values)
width = 6
s = t"{n:{width}.2f}"
print(s.interpolations[0].format_spec)
print(rt"\n{n}".strings, t'''multi
{n}'''.strings)
print(repr(t"a{n}b"))
inner = t"{t"{n}"}"
print(inner.values[0].values)
try:
    t"a" + "b"
except TypeError as e:
    print(e)
try:
    undefined = t"{missing_name}"
except NameError as e:
    print(e)


def render(template):
    out = []
    for part in template:
        match part:
            case str() as s:
                out.append(s)
            case i:
                out.append(format(i.value, i.format_spec).upper())
    return "".join(out)


print(render(t"<{name}> {n:03}"))
