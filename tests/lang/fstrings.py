# f-strings: conversions, specs, nesting, =, quotes, lambdas.
name, n, x = "World", 42, 3.14159
print(f"Hello {name}!", f'{n}', F"{n + 1}", f"{{literal}} {{{n}}}")
print(f"{n:5}|{n:<5}|{n:^5}|{n:>5}|{n:05}|{n:+}|{n:x}|{n:#x}|{n:b}|{n:,}")
print(f"{x:.2f} {x:8.3f} {x:e} {x:g} {x:%} {x!r} {x!s} {x!a}")
print(f"{name!r} {name!s:>10} {name!r:^12}|")
print(f"{n=} {n = } {n=:5} {x=:.1f} {name=} {name=!s} {n+1=}")
print(f"{'nested ' + f'{n}'}", f"{f"{f"{n}"}"}", f"{"same quotes"}")
width, prec = 10, 3
print(f"{x:{width}.{prec}}|", f"{x:{'>'}{width}}|", f"{name:{'^' + str(width)}}|")
print(f"{[i for i in range(3)]} { {'a': 1}['a'] } {(lambda v: v * 2)(4)}")
print(f"{'a' if n else 'b'} {n if x > 3 else 0}")
print(rf"\n{n}\d", fr"{n}\t", f"\t{n}\x41")
print(f"{n!r:>{width}}")
print(f'''multi
{n}
line''')
print(f"{
    n  # a comment
    + 1
}")
print(f"{n:}", f"{name:s}", f"{True:d}", f"{None}")
print(f"a" "b{n}" f"{n}")
print(f"{(y := 7)} {y}", f"{y:=3}")
print(f"{'\n'.join(['a', 'b'])!r}", f"{n:{"05"}}")
print(f"{1,}", f"{1, 2}", f"{*[1, 2],}", f"{n != 3}", f"{n == 42}", f"{n >= 1}")


class F:
    def __format__(self, spec):
        return f"<{spec}>"

    def __repr__(self):
        return "repr"


print(f"{F()} {F():abc} {F()!r:>6} {F():{{}}}" if False else f"{F()} {F():abc} {F()!r:>6}")
try:
    f"{n:z}"
except ValueError as e:
    print(e)
print(f"\N{BULLET} {n}", f"{'\N{BULLET}'}", f"{3.0:{{}}>5}" if False else "")
print(f"{{}}", f"{{{{", f"}}}}", f"{n}}}")
print(f"{x=!r:^20}|", f"{ n = !s}")
