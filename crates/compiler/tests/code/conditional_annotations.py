if a:
    x: int
class C:
    if b:
        y: str = 's'
