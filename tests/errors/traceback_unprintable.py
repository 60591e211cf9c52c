class Silent(Exception):
    def __str__(self):
        raise ValueError("no")


class Odd(Exception):
    __module__ = "somewhere.else"

    def __repr__(self):
        return "odd"


try:
    raise Odd(Silent())
except Odd:
    raise Silent("x")
