# A builder with chained calls over lines.
class Query:
    def __init__(self, parts=()):
        self.parts = parts

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *a, **k: Query(self.parts + ((name, a, tuple(sorted(k.items()))),))

    def __str__(self):
        return " ".join(f"{n}({', '.join([*map(repr, a), *(f'{k}={v!r}' for k, v in kw)])})" for n, a, kw in self.parts)


q = (
    Query()
    .select("a", "b")
    .where(x=1, y="z")
    .order_by("a", desc=True)
    .limit(10)
)
print(q)
print(Query().f().g(1))
