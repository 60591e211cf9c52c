class AppError(Exception):
    def __init__(self, code, text):
        super().__init__(code, text)
        self.code = code

    def __str__(self):
        return f"[{self.code}] {self.args[1]}"


class Outer:
    class Nested(Exception):
        pass


try:
    raise AppError(7, "bad thing")
except AppError as e:
    print(e, e.code, e.args)
    raise Outer.Nested
