table = {"a": {"b": 1}}


def look(path):
    value = table
    for part in path.split("."):
        value = value[part]
    return value


try:
    look("a.c")
except KeyError as error:
    raise LookupError("nothing at a.c") from error
