"""Python's tokens for the module tokenize: a scanner of its own over the text's lines, for the interpreter's lexer keeps
neither comments nor the places of line ends."""

import re

(ENDMARKER, NAME, NUMBER, STRING, NEWLINE, INDENT, DEDENT, LPAR, RPAR, LSQB, RSQB, COLON, COMMA, SEMI, PLUS, MINUS, STAR, SLASH,
 VBAR, AMPER, LESS, GREATER, EQUAL, DOT, PERCENT, LBRACE, RBRACE, EQEQUAL, NOTEQUAL, LESSEQUAL, GREATEREQUAL, TILDE,
 CIRCUMFLEX, LEFTSHIFT, RIGHTSHIFT, DOUBLESTAR, PLUSEQUAL, MINEQUAL, STAREQUAL, SLASHEQUAL, PERCENTEQUAL, AMPEREQUAL,
 VBAREQUAL, CIRCUMFLEXEQUAL, LEFTSHIFTEQUAL, RIGHTSHIFTEQUAL, DOUBLESTAREQUAL, DOUBLESLASH, DOUBLESLASHEQUAL, AT, ATEQUAL,
 RARROW, ELLIPSIS, COLONEQUAL, EXCLAMATION, OP, TYPE_IGNORE, TYPE_COMMENT, SOFT_KEYWORD, FSTRING_START, FSTRING_MIDDLE,
 FSTRING_END, TSTRING_START, TSTRING_MIDDLE, TSTRING_END, COMMENT, NL) = range(67)

_OPERATORS = dict(zip(
    "( ) [ ] : , ; + - * / | & < > = . % { } == != <= >= ~ ^ << >> ** += -= *= /= %= &= |= ^= <<= >>= **= // //= @ @= -> ... "
    ":= !".split(),
    range(LPAR, OP),
))

# The patterns are compiled for the first text: whoever imports the module tokenize need not have one.
_OPERATOR = _NAME = _NUMBER = _PREFIX = None
_PREFIXES = {"", "r", "u", "b", "br", "rb", "f", "fr", "rf", "t", "tr", "rt"}
_CLOSING = {")": "(", "]": "[", "}": "{"}
_TAB = 8


def _prepare():
    global _OPERATOR, _NAME, _NUMBER, _PREFIX
    _OPERATOR = re.compile("|".join(re.escape(o) for o in sorted(_OPERATORS, key=len, reverse=True)))
    _NUMBER = re.compile(
        r"0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+"
        r"|(?:(?:\d(?:_?\d)*)?\.\d(?:_?\d)*|\d(?:_?\d)*\.?)(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?"
    )
    _PREFIX = re.compile(r"""([rRbBuUfFtT]{0,2})('''|\"\"\"|'|")""")
    _NAME = re.compile(r"\w+")


class _Formatted:
    """An f-string or t-string that is open: its text, a replacement field or a format spec is being read."""

    def __init__(self, prefix, quote, place):
        self.raw = "r" in prefix
        self.quote = quote
        self.kinds = (
            (TSTRING_START, TSTRING_MIDDLE, TSTRING_END) if "t" in prefix else (FSTRING_START, FSTRING_MIDDLE, FSTRING_END)
        )
        self.place = place
        # For each open replacement field the number of brackets around it, and whether its format spec is being read.
        self.fields = []

    @property
    def in_text(self):
        return not self.fields or self.fields[-1][1]


class TokenizerIter:
    """An iterator over the tokens of the lines that a function gives, as tuples (type, string, start, end, line)."""

    def __init__(self, readline, /, *, encoding=None, extra_tokens=False):
        if _NAME is None:
            _prepare()
        self._readline = readline
        self._encoding = encoding
        self._extra = extra_tokens
        self._tokens = self._scan()

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._tokens)

    def _next_line(self):
        """The next line, decoded, with an end if it is the last; empty at the end of the text."""
        try:
            line = self._readline()
        except StopIteration:
            return ""
        if self._encoding is not None:
            if not isinstance(line, bytes):
                raise TypeError(f"readline() returned a non-bytes object (type {type(line).__name__})")
            line = line.decode(self._encoding)
        elif not isinstance(line, str):
            raise TypeError(f"readline() returned a non-string object (type {type(line).__name__})")
        self.number += bool(line)
        if line.endswith("\r\n") and not self._extra:
            line = line[:-2] + "\n"
        self.unfinished = line != "" and not line.endswith("\n")
        return line + "\n" if self.unfinished else line

    def _error(self, text, column, number=None, error=SyntaxError):
        line = self.line if number in (None, self.number) else ""
        number = number or self.number
        return error(text, ("<string>", number, column + 1, line, number, column + 1))

    def _token(self, kind, start, end, text=None, begin=None, line=None):
        """A token of the current line, or one that began at the place `begin` and has its text and lines given."""
        if text is None:
            text = self.line[start:end]
        if kind == OP and not self._extra:
            kind = _OPERATORS[text]
        return (kind, text, begin or (self.number, start), (self.number, end), self._shown() if line is None else line)

    def _shown(self):
        return self.line[:-1] if self.unfinished and self._extra else self.line

    def _indentation(self, line):
        """The column of the first character, tabs counting up to the next multiple of eight, and its index."""
        column = i = 0
        for i, c in enumerate(line):
            if c == " ":
                column += 1
            elif c == "\t":
                column = (column // _TAB + 1) * _TAB
            elif c == "\f":
                column = 0
            else:
                break
        return column, i

    def _scan(self):
        self.number = 0
        self.unfinished = False
        indents = [0]
        self.brackets = []
        self.formatted = []
        continued = False
        blank = True
        while line := self._next_line():
            self.line = line
            at = 0
            if not self.brackets and not continued and not self.formatted:
                column, at = self._indentation(line)
                if line[at] in "#\r\n":
                    # A line with nothing on it has no indentation.
                    end = len(line.rstrip("\r\n"))
                    if self._extra:
                        if line[at] == "#":
                            yield self._token(COMMENT, at, end)
                        yield self._token(NL, end, len(line), "" if self.unfinished else None)
                    continue
                if column > indents[-1]:
                    indents.append(column)
                    yield self._token(INDENT, 0, at) if self._extra else self._token(INDENT, -1, -1, "")
                while column < indents[-1]:
                    indents.pop()
                    if column > indents[-1]:
                        raise self._error(
                            "unindent does not match any outer indentation level", at - 1, error=IndentationError
                        )
                    yield self._token(DEDENT, at, at) if self._extra else self._token(DEDENT, -1, -1, "")
                blank = True
            continued = False
            while at < len(self.line):
                if self.formatted and self.formatted[-1].in_text:
                    for token, at in self._text(at):
                        yield token
                    blank = False
                    continue
                c = self.line[at]
                if c in " \t\f":
                    at += 1
                elif c in "\r\n":
                    end = len(self.line)
                    if self.brackets or self.formatted or blank:
                        if self._extra:
                            yield self._token(NL, at, end, "" if self.unfinished else None)
                    elif self._extra:
                        yield self._token(NEWLINE, at, at + 1 if self.unfinished else end, "" if self.unfinished else None)
                    else:
                        yield self._token(NEWLINE, at, at, "")
                    blank = True
                    at = end
                elif c == "#":
                    end = len(self.line.rstrip("\r\n"))
                    if self._extra:
                        yield self._token(COMMENT, at, end)
                    at = end
                elif c == "\\":
                    if self.line[at + 1 :].strip("\r\n"):
                        raise self._error("unexpected character after line continuation character", at)
                    if self.unfinished:
                        raise self._error("unexpected EOF while parsing", at + 1)
                    continued = True
                    at = len(self.line)
                else:
                    blank = False
                    token, at = self._word(at)
                    yield token
        self.line = ""
        if self.formatted:
            raise self._unterminated(self.formatted[-1].quote, self.formatted[-1].place, "f-")
        if continued:
            raise self._error("unexpected EOF in multi-line statement", 0)
        if self.brackets:
            if self._extra:
                raise self._error("unexpected EOF in multi-line statement", 0, self.number + 1)
            bracket, number, column = self.brackets[-1]
            raise self._error(f"'{bracket}' was never closed", column, number)
        end = (self.number + 1, 0) if self._extra else (self.number, -1)
        for _ in indents[1:]:
            yield (DEDENT, "", end, end, "")
        yield (ENDMARKER, "", end, end, "")

    def _word(self, at):
        """The token that begins here, and where it ends in what is then the current line."""
        line = self.line
        c = line[at]
        if match := _PREFIX.match(line, at):
            prefix = match[1].lower()
            if prefix in _PREFIXES:
                if "f" in prefix or "t" in prefix:
                    opened = _Formatted(prefix, match[2], (self.number, at))
                    self.formatted.append(opened)
                    return self._token(opened.kinds[0], at, match.end()), match.end()
                return self._string(at, match.end(), match[2])
        if c.isdigit() or c == "." and line[at + 1 : at + 2].isdigit():
            return self._numeral(at)
        if match := _NAME.match(line, at):
            text = match[0]
            if not text.isidentifier():
                wrong = next(c for i, c in enumerate(text) if not text[: i + 1].isidentifier())
                column = at + text.index(wrong)
                raise self._error(f"invalid character '{wrong}' (U+{ord(wrong):04X})", column)
            return self._token(NAME, at, match.end()), match.end()
        return self._operator(at)

    def _numeral(self, at):
        match = _NUMBER.match(self.line, at)
        end = match.end()
        follows = _NAME.match(self.line, end)
        if follows and not re.match(r"(?:and|else|for|if|in|is|not|or)\b", follows[0]):
            text = match[0]
            if text == "0" and follows[0][0] in "xXoObB":
                kind = {"x": "hexadecimal", "o": "octal", "b": "binary"}[follows[0][0].lower()]
                raise self._error(f"invalid {kind} literal", end)
            raise self._error(f"invalid {'decimal' if text[:2].isdigit() or len(text) == 1 else 'number'} literal", end - 1)
        text = match[0]
        if len(text) > 1 and text[0] == "0" and text.replace("_", "").isdigit() and text.strip("0_"):
            raise self._error(
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers", at
            )
        return self._token(NUMBER, at, end), end

    def _operator(self, at):
        match = _OPERATOR.match(self.line, at)
        if match is None or match[0] == "!" and not self.formatted:
            c = self.line[at]
            if self._extra and c in "!$?`":
                return self._token(OP, at, at + 1), at + 1
            if c.isprintable():
                raise self._error("invalid syntax" if c in "$?`!" else f"invalid character '{c}' (U+{ord(c):04X})", at)
            raise self._error(f"invalid non-printable character U+{ord(c):04X}", at)
        text = match[0]
        field = self.formatted[-1].fields[-1] if self.formatted else None
        if field is not None and len(self.brackets) == field[0]:
            # Directly in a replacement field: "!" and ":" belong to it, and a brace ends it.
            if text[0] == ":" or text == "!=" and self.line[at + 2 : at + 3] != "=" and text == "!":
                text = text[0]
            if text == ":":
                field[1] = True
            elif text == "}":
                self.formatted[-1].fields.pop()
                self.brackets.pop()
                return self._token(OP, at, at + 1), at + 1
        if text in "([{":
            self.brackets.append((text, self.number, at))
        elif text in _CLOSING:
            if not self.brackets:
                raise self._error(f"unmatched '{text}'", at)
            opened, number, _ = self.brackets.pop()
            if opened != _CLOSING[text]:
                where = "" if number == self.number else f" on line {number}"
                raise self._error(
                    f"closing parenthesis '{text}' does not match opening parenthesis '{opened}'{where}", at
                )
        return self._token(OP, at, at + len(text)), at + len(text)

    def _unterminated(self, quote, place, kind=""):
        triple = "triple-quoted " if len(quote) == 3 else ""
        detected = self.number if triple else place[0]
        return self._error(
            f"unterminated {triple}{kind}string literal (detected at line {detected})", place[1], place[0]
        )

    def _string(self, start, at, quote):
        """A string literal that begins at `start` and whose text begins at `at`."""
        begin, text, lines = (self.number, start), "", self.line
        from_ = start
        while True:
            line = self.line
            while at < len(line):
                if line[at] == "\\":
                    at += 3 if line.startswith("\r\n", at + 1) else 2
                elif line.startswith(quote, at):
                    end = at + len(quote)
                    text += line[from_:end]
                    shown = lines[:-1] if self.unfinished and self._extra else lines
                    return self._token(STRING, start, end, text, begin, shown), end
                elif line[at] == "\n" and len(quote) == 1:
                    raise self._unterminated(quote, begin)
                else:
                    at += 1
            text += line[from_:]
            self.line = self._next_line()
            if not self.line:
                self.line = line
                raise self._unterminated(quote, begin)
            lines += self.line
            from_ = at = 0

    def _text(self, at):
        """The text of an f-string up to a replacement field or its end, and the token that ends it; each with the place
        behind it."""
        opened = self.formatted[-1]
        _, middle, last = opened.kinds
        begin, text, lines, from_ = (self.number, at), "", self.line, at
        in_spec = bool(opened.fields)
        while True:
            line = self.line
            while at < len(line):
                c = line[at]
                if line.startswith(opened.quote, at):
                    text += line[from_:at]
                    if text or in_spec:
                        yield self._token(middle, from_, at, text, begin, lines), at
                    end = at + len(opened.quote)
                    self.formatted.pop()
                    while opened.fields:
                        opened.fields.pop()
                        self.brackets.pop()
                    yield self._token(last, at, end), end
                    return
                if c == "\\" and not (line[at + 1] in "{}"):
                    if not opened.raw and line.startswith("N{", at + 1) and (close := line.find("}", at)) > 0 and not in_spec:
                        # A character by its name ends the token.
                        at = close + 1
                        yield self._token(middle, from_, at, text + line[from_:at], begin, lines), at
                        text, from_, begin, lines = "", at, (self.number, at), self.line
                    else:
                        at += 2
                elif c == "{" and line.startswith("{{", at) and not in_spec:
                    # The token's text has one of the two braces.
                    text += line[from_ : at + 1]
                    yield self._token(middle, from_, at + 1, text, begin, lines), at + 1
                    at += 2
                    text, from_, begin, lines = "", at, (self.number, at), self.line
                elif c == "}" and line.startswith("}}", at) and not in_spec:
                    text += line[from_ : at + 1]
                    yield self._token(middle, from_, at + 1, text, begin, lines), at + 1
                    at += 2
                    text, from_, begin, lines = "", at, (self.number, at), self.line
                elif c == "{":
                    text += line[from_:at]
                    if text:
                        yield self._token(middle, from_, at, text, begin, lines), at
                    self.brackets.append(("{", self.number, at))
                    opened.fields.append([len(self.brackets), False])
                    yield self._token(OP, at, at + 1), at + 1
                    return
                elif c == "}":
                    text += line[from_:at]
                    if text or in_spec:
                        yield self._token(middle, from_, at, text, begin, lines), at
                    if not in_spec:
                        raise self._error("f-string: single '}' is not allowed", at)
                    opened.fields.pop()
                    self.brackets.pop()
                    yield self._token(OP, at, at + 1), at + 1
                    return
                elif c == "\n" and len(opened.quote) == 1:
                    if in_spec:
                        raise self._error("f-string: newlines are not allowed in format specifiers for single quoted f-strings", at)
                    raise self._unterminated(opened.quote, opened.place, "f-")
                else:
                    at += 1
            text += line[from_:]
            self.line = self._next_line()
            if not self.line:
                self.line = line
                raise self._unterminated(opened.quote, opened.place, "f-")
            lines += self.line
            from_ = at = 0
