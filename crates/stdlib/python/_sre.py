"""Compiled regular expressions: the objects of the module re, over the native engine."""

import _sre_engine

MAGIC = _sre_engine.MAGIC
CODESIZE = 4
MAXREPEAT = 4294967295
MAXGROUPS = 2147483647

_run, _scan = _sre_engine.run, _sre_engine.scan
_MATCH, _SEARCH, _FULLMATCH = 0, 1, 2
_END = 1 << 62
_FLAGS = (
    (2, "re.IGNORECASE"),
    (4, "re.LOCALE"),
    (8, "re.MULTILINE"),
    (16, "re.DOTALL"),
    (64, "re.VERBOSE"),
    (128, "re.DEBUG"),
    (256, "re.ASCII"),
)


def getcodesize():
    return CODESIZE


def ascii_iscased(character):
    return 65 <= character <= 90 or 97 <= character <= 122


def ascii_tolower(character):
    return character + 32 if 65 <= character <= 90 else character


def unicode_tolower(character):
    return _sre_engine.lower(character, False)


def unicode_iscased(character):
    return _sre_engine.lower(character, False) != character or _sre_engine.upper(character) != character


def getlower(character, flags):
    if flags & 32 and not flags & 256:
        return unicode_tolower(character)
    return ascii_tolower(character)


def compile(pattern, flags, code, groups, groupindex, indexgroup):
    self = object.__new__(Pattern)
    self.pattern = pattern
    self.flags = flags
    self.groups = groups
    self._groupindex = groupindex
    self._indexgroup = indexgroup
    self._program = _sre_engine.program(code)
    self._bytes = None if pattern is None else not isinstance(pattern, str)
    return self


class Pattern:
    """Compiled regular expression object."""

    __slots__ = ("pattern", "flags", "groups", "_groupindex", "_indexgroup", "_program", "_bytes", "__weakref__")

    def __new__(cls, *args, **kwargs):
        raise TypeError("cannot create 're.Pattern' instances")

    @property
    def groupindex(self):
        """A dictionary mapping group names to group numbers."""
        from types import MappingProxyType

        return MappingProxyType(self._groupindex)

    def _check(self, string):
        text = isinstance(string, str)
        if not text:
            try:
                memoryview(string)
            except TypeError:
                raise TypeError(f"expected string or bytes-like object, got '{type(string).__name__}'") from None
        if self._bytes is not None and self._bytes is text:
            if text:
                raise TypeError("cannot use a bytes pattern on a string-like object")
            raise TypeError("cannot use a string pattern on a bytes-like object")
        return len(string)

    def _once(self, mode, string, pos, endpos):
        size = self._check(string)
        pos = 0 if pos < 0 else size if pos > size else pos
        endpos = 0 if endpos < 0 else size if endpos > size else endpos
        found = _run(self._program, string, pos, endpos, mode, self.groups)
        if found is None:
            return None
        return _match(self, string, pos, endpos, found)

    def match(self, string, pos=0, endpos=_END):
        """Matches zero or more characters at the beginning of the string."""
        return self._once(_MATCH, string, pos, endpos)

    def search(self, string, pos=0, endpos=_END):
        """Scan through string looking for a match, and return a corresponding match object instance."""
        return self._once(_SEARCH, string, pos, endpos)

    def fullmatch(self, string, pos=0, endpos=_END):
        """Matches against all of the string."""
        return self._once(_FULLMATCH, string, pos, endpos)

    def _all(self, string, pos=0, endpos=_END, limit=0):
        size = self._check(string)
        pos = 0 if pos < 0 else size if pos > size else pos
        endpos = 0 if endpos < 0 else size if endpos > size else endpos
        return _scan(self._program, string, pos, endpos, limit, self.groups)

    def findall(self, string, pos=0, endpos=_END):
        """Return a list of all non-overlapping matches of pattern in string."""
        found = self._all(string, pos, endpos)
        cut = string if isinstance(string, (str, bytes)) else bytes(string)
        if not self.groups:
            return [cut[f[0] : f[1]] for f in found]
        # A group that took no part gives an empty string: the slice from -1 to -1.
        if self.groups == 1:
            return [cut[f[3] : f[4]] if f[3] >= 0 else cut[:0] for f in found]
        numbers = range(3, 3 + 2 * self.groups, 2)
        return [tuple([cut[f[n] : f[n + 1]] if f[n] >= 0 else cut[:0] for n in numbers]) for f in found]

    def finditer(self, string, pos=0, endpos=_END):
        """Return an iterator over all non-overlapping matches for the RE pattern in string."""
        size = self._check(string)
        pos = 0 if pos < 0 else size if pos > size else pos
        endpos = 0 if endpos < 0 else size if endpos > size else endpos
        return iter([_match(self, string, pos, endpos, f) for f in self._all(string, pos, endpos)])

    def scanner(self, string, pos=0, endpos=_END):
        return Scanner(self, string, pos, endpos)

    def split(self, string, maxsplit=0):
        """Split string by the occurrences of pattern."""
        parts, last = [], 0
        if maxsplit < 0:
            self._check(string)
            return [string]
        for found in self._all(string, limit=maxsplit):
            parts.append(string[last : found[0]])
            for n in range(3, 3 + 2 * self.groups, 2):
                parts.append(string[found[n] : found[n + 1]] if found[n] >= 0 else None)
            last = found[1]
        parts.append(string[last:])
        return parts

    def sub(self, repl, string, count=0):
        """Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by repl."""
        return self.subn(repl, string, count)[0]

    def subn(self, repl, string, count=0):
        """Return the tuple (new_string, number_of_subs_made)."""
        text = isinstance(string, str)
        size = self._check(string)
        if callable(repl):
            replace = repl
        else:
            backslash = "\\" if isinstance(repl, str) else b"\\"
            if backslash in repl:
                import re

                repl = re._compile_template(self, repl)
            if isinstance(repl, Template):
                replace = repl._expand
            else:
                replace = None
        parts, last, n = [], 0, 0
        for found in self._all(string, limit=count if count > 0 else 0):
            n += 1
            parts.append(string[last : found[0]])
            if replace is None:
                parts.append(repl)
            else:
                part = replace(_match(self, string, 0, size, found))
                if part is not None:
                    parts.append(part)
            last = found[1]
        if not n:
            return (string if type(string) in (str, bytes) else string[:], 0)
        parts.append(string[last:])
        return ("" if text else b"").join(parts), n

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __eq__(self, other):
        if not isinstance(other, Pattern):
            return NotImplemented
        return self.flags == other.flags and self._bytes == other._bytes and self.pattern == other.pattern

    def __hash__(self):
        return hash((self.flags, self.pattern))

    def __repr__(self):
        flags = self.flags
        if self._bytes is False and flags & (4 | 32 | 256) == 32:
            flags &= ~32
        names = []
        for value, name in _FLAGS:
            if flags & value:
                names.append(name)
                flags &= ~value
        if flags:
            names.append(hex(flags))
        shown = f"{self.pattern!r:.200}"
        return f"re.compile({shown}{', ' if names else ''}{'|'.join(names)})"

    def __class_getitem__(cls, item):
        return type(list[int])(cls, item)


class Scanner:
    """Goes through a string, match by match."""

    __slots__ = ("pattern", "_string", "_at", "_end", "_must_advance")

    def __init__(self, pattern, string, pos, endpos):
        size = pattern._check(string)
        self.pattern = pattern
        self._string = string
        self._at = 0 if pos < 0 else min(pos, size)
        self._end = 0 if endpos < 0 else min(endpos, size)
        self._must_advance = False

    def _step(self, mode):
        if self._at is None or self._at > self._end:
            return None
        found = self.pattern._once(mode, self._string, self._at, self._end)
        if found is None:
            self._at = None
            return None
        self._at = found.end() + (found.end() == found.start())
        return found

    def match(self):
        return self._step(_MATCH)

    def search(self):
        return self._step(_SEARCH)


def _match(pattern, string, pos, endpos, found):
    self = object.__new__(Match)
    self.re = pattern
    self.string = string
    self.pos = pos
    self.endpos = endpos
    self._found = found
    return self


class Match:
    """The result of re.match() and re.search()."""

    __slots__ = ("re", "string", "pos", "endpos", "_found")

    def __new__(cls, *args, **kwargs):
        raise TypeError("cannot create 're.Match' instances")

    def _number(self, group):
        if type(group) is not int:
            if isinstance(group, str) or isinstance(group, bytes):
                number = self.re._groupindex.get(group)
                if number is None:
                    raise IndexError("no such group")
                return number
            try:
                group = group.__index__()
            except AttributeError:
                raise IndexError("no such group") from None
        if not 0 <= group <= self.re.groups:
            raise IndexError("no such group")
        return group

    def _part(self, number, default=None):
        if number:
            start, end = self._found[1 + 2 * number], self._found[2 + 2 * number]
            if start < 0:
                return default
        else:
            start, end = self._found[0], self._found[1]
        part = self.string[start:end]
        return part if isinstance(part, (str, bytes)) else bytes(part)

    def group(self, *groups):
        """Return subgroup(s) of the match by indices or names."""
        if not groups:
            return self._part(0)
        if len(groups) == 1:
            return self._part(self._number(groups[0]))
        return tuple([self._part(self._number(g)) for g in groups])

    def __getitem__(self, group):
        return self._part(self._number(group))

    def groups(self, default=None):
        """Return a tuple containing all the subgroups of the match, from 1."""
        return tuple([self._part(n, default) for n in range(1, self.re.groups + 1)])

    def groupdict(self, default=None):
        """Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name."""
        return {name: self._part(n, default) for name, n in self.re._groupindex.items()}

    def span(self, group=0):
        """For match object m, return the 2-tuple (m.start(group), m.end(group))."""
        n = self._number(group)
        if not n:
            return self._found[0], self._found[1]
        return self._found[1 + 2 * n], self._found[2 + 2 * n]

    def start(self, group=0):
        """Return index of the start of the substring matched by group."""
        return self.span(group)[0]

    def end(self, group=0):
        """Return index of the end of the substring matched by group."""
        return self.span(group)[1]

    @property
    def regs(self):
        return tuple([self.span(n) for n in range(self.re.groups + 1)])

    @property
    def lastindex(self):
        """The integer index of the last matched capturing group."""
        last = self._found[2]
        return last if last > 0 else None

    @property
    def lastgroup(self):
        """The name of the last matched capturing group."""
        last = self._found[2]
        names = self.re._indexgroup
        return names[last] if 0 < last < len(names) else None

    def expand(self, template):
        """Return the string obtained by doing backslash substitution on the string template, as done by the sub() method."""
        import re

        template = re._compile_template(self.re, template)
        return template._expand(self) if isinstance(template, Template) else template

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __repr__(self):
        return f"<re.Match object; span={self.span()!r}, match={self._part(0)!r}>"

    def __class_getitem__(cls, item):
        return type(list[int])(cls, item)


class Template:
    """A replacement with groups: literals and the numbers of groups in turn."""

    __slots__ = ("_parts",)

    def _expand(self, match):
        parts = self._parts
        out = [parts[0]]
        for i in range(1, len(parts), 2):
            part = match._part(parts[i])
            if part is not None:
                out.append(part)
            out.append(parts[i + 1])
        return parts[0][:0].join(out)


def template(pattern, parts):
    if len(parts) == 1:
        return parts[0]
    self = Template()
    self._parts = parts
    return self


Pattern.__module__ = Match.__module__ = "re"
Template.__module__ = Scanner.__module__ = "_sre"
Scanner.__name__ = "SRE_Scanner"
