"""Context variables."""


class _Missing:
    def __repr__(self):
        return "<Token.MISSING>"


_MISSING = _Missing()


class Token:
    """What `ContextVar.set` gives, to set the variable back."""

    __slots__ = ("_context", "_var", "_old", "_used")
    MISSING = _MISSING

    def __new__(cls, *args, **kwargs):
        raise RuntimeError("Tokens can only be created by ContextVars")

    @property
    def var(self):
        return self._var

    @property
    def old_value(self):
        return self._old

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self._var.reset(self)

    def __repr__(self):
        used = " used" if self._used else ""
        return f"<Token{used} var={self._var!r} at {id(self):#x}>"

    def __class_getitem__(cls, item):
        return type(list[int])(cls, item)


class ContextVar:
    """A variable of which each context has its own value."""

    __slots__ = ("_name", "_default", "__weakref__")

    def __init__(self, name, *, default=_MISSING):
        if not isinstance(name, str):
            raise TypeError("context variable name must be a str")
        self._name = name
        self._default = default

    @property
    def name(self):
        return self._name

    def get(self, *default):
        if len(default) > 1:
            raise TypeError(f"get expected at most 1 argument, got {len(default)}")
        try:
            return _current[-1]._data[self]
        except KeyError:
            pass
        if default:
            return default[0]
        if self._default is not _MISSING:
            return self._default
        raise LookupError(self)

    def set(self, value):
        data = _current[-1]._data
        token = object.__new__(Token)
        token._context, token._var, token._used = _current[-1], self, False
        token._old = data.get(self, _MISSING)
        # A context that was copied meanwhile keeps its own mapping.
        _current[-1]._data = {**data, self: value}
        return token

    def reset(self, token):
        if not isinstance(token, Token):
            raise TypeError(f"expected an instance of Token, got {token!r}")
        if token._used:
            raise RuntimeError(f"{token!r} has already been used once")
        if token._var is not self:
            raise ValueError(f"{token!r} was created by a different ContextVar")
        if token._context is not _current[-1]:
            raise ValueError(f"{token!r} was created in a different Context")
        token._used = True
        data = dict(_current[-1]._data)
        if token._old is _MISSING:
            data.pop(self, None)
        else:
            data[self] = token._old
        _current[-1]._data = data

    def __repr__(self):
        default = "" if self._default is _MISSING else f" default={self._default!r}"
        return f"<ContextVar name={self._name!r}{default} at {id(self):#x}>"

    def __class_getitem__(cls, item):
        return type(list[int])(cls, item)

    def __init_subclass__(cls):
        raise TypeError("type '_contextvars.ContextVar' is not an acceptable base type")


class Context:
    """A mapping of context variables to their values."""

    __slots__ = ("_data", "_entered", "__weakref__")

    def __init__(self):
        self._data = {}
        self._entered = False

    def run(self, callable, /, *args, **kwargs):
        if self._entered:
            raise RuntimeError(f"cannot enter context: {self!r} is already entered")
        self._entered = True
        _current.append(self)
        try:
            return callable(*args, **kwargs)
        finally:
            _current.pop()
            self._entered = False

    def copy(self):
        copy = Context()
        copy._data = self._data
        return copy

    def _check(self, var):
        if not isinstance(var, ContextVar):
            raise TypeError(f"a ContextVar key was expected, got {var!r}")
        return var

    def __getitem__(self, var):
        return self._data[self._check(var)]

    def __contains__(self, var):
        return self._check(var) in self._data

    def get(self, var, default=None):
        return self._data.get(self._check(var), default)

    def __iter__(self):
        return iter(self._data)

    def __len__(self):
        return len(self._data)

    def keys(self):
        return self._data.keys()

    def values(self):
        return self._data.values()

    def items(self):
        return self._data.items()

    def __eq__(self, other):
        if not isinstance(other, Context):
            return NotImplemented
        return self._data == other._data

    __hash__ = None


_current = [Context()]


def copy_context():
    """A copy of the current context."""
    return _current[-1].copy()


for _class in (Token, ContextVar, Context):
    _class.__module__ = "_contextvars"
del _class
