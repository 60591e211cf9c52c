public = 1
_private = 2
def function():
    return "f"
class Klass:
    pass
