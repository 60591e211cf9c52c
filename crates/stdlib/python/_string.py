"""The parsing of format strings, for `string.Formatter`."""


def formatter_parser(text):
    """Iterates over (literal text, field name, format specification, conversion)."""
    if not isinstance(text, str):
        raise TypeError(f"expected str, got {type(text).__name__}")
    return _parse(text)


def _parse(text):
    at, end = 0, len(text)
    while at < end:
        literal = []
        field = False
        while at < end:
            c = text[at]
            at += 1
            if c not in "{}":
                literal.append(c)
            elif at < end and text[at] == c:
                literal.append(c)
                at += 1
                # An escaped brace ends the literal, as its own part.
                break
            elif c == "}":
                raise ValueError("Single '}' encountered in format string")
            elif at == end:
                raise ValueError("Single '{' encountered in format string")
            else:
                field = True
                break
        if not field:
            yield "".join(literal), None, None, None
            continue
        start, depth = at, 1
        while at < end:
            if text[at] == "{":
                depth += 1
            elif text[at] == "}":
                depth -= 1
                if not depth:
                    break
            at += 1
        if depth:
            raise ValueError("expected '}' before end of string")
        inner = text[start:at]
        at += 1
        yield ("".join(literal), *_field(inner))


def _field(inner):
    brackets = 0
    for i, c in enumerate(inner):
        if c == "[":
            brackets += 1
        elif c == "]":
            brackets = max(brackets - 1, 0)
        elif c == "{":
            raise ValueError("unexpected '{' in field name")
        elif c in ":!" and not brackets:
            break
    else:
        return inner, "", None
    name, rest = inner[:i], inner[i:]
    conversion = None
    if rest[0] == "!":
        if len(rest) == 1:
            raise ValueError("end of string while looking for conversion specifier")
        conversion, rest = rest[1], rest[2:]
        if rest and rest[0] != ":":
            raise ValueError("expected ':' after conversion specifier")
    return name, rest[1:], conversion


def formatter_field_name_split(name):
    """The first part of a field name, and an iterator over (is attribute, name or index) of the rest."""
    for i, c in enumerate(name):
        if c in ".[":
            break
    else:
        i = len(name)
    first = name[:i]
    return (int(first) if first.isdecimal() else first), _rest(name[i:])


def _rest(text):
    at, end = 0, len(text)
    while at < end:
        c = text[at]
        at += 1
        start = at
        if c == ".":
            while at < end and text[at] not in ".[":
                at += 1
            if at == start:
                raise ValueError("Empty attribute in format string")
            yield True, text[start:at]
        elif c == "[":
            while at < end and text[at] != "]":
                at += 1
            if at == end:
                raise ValueError("Missing ']' in format string")
            key = text[start:at]
            if not key:
                raise ValueError("Empty attribute in format string")
            at += 1
            yield False, int(key) if key.isdecimal() else key
        else:
            raise ValueError("Only '.' or '[' may follow ']' in format field specifier")
