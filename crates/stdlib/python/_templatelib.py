"""Template strings: the values of `t"..."` literals."""


class Interpolation:
    """An interpolation of a template string: a value, its expression, and how it was to be shown."""

    __slots__ = ("value", "expression", "conversion", "format_spec")
    __match_args__ = ("value", "expression", "conversion", "format_spec")

    def __new__(cls, value, expression="", conversion=None, format_spec=""):
        if not isinstance(expression, str):
            raise TypeError(f"Interpolation() argument 'expression' must be str, not {type(expression).__name__}")
        if conversion is not None:
            if not isinstance(conversion, str):
                raise TypeError(f"Interpolation() argument 'conversion' must be str, not {type(conversion).__name__}")
            if conversion not in ("s", "a", "r"):
                raise ValueError("Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'")
        if not isinstance(format_spec, str):
            raise TypeError(f"Interpolation() argument 'format_spec' must be str, not {type(format_spec).__name__}")
        return _interpolation(value, expression, conversion, format_spec)

    def __init_subclass__(cls):
        raise TypeError("type 'string.templatelib.Interpolation' is not an acceptable base type")

    def __setattr__(self, name, value):
        if name in Interpolation.__slots__:
            raise AttributeError("readonly attribute")
        raise AttributeError(
            f"'string.templatelib.Interpolation' object has no attribute '{name}' and no __dict__ for setting new attributes"
        )

    def __repr__(self):
        return f"Interpolation({self.value!r}, {self.expression!r}, {self.conversion!r}, {self.format_spec!r})"

    def __reduce__(self):
        return (type(self), (self.value, self.expression, self.conversion, self.format_spec))

    def __class_getitem__(cls, item):
        return _GenericAlias(cls, item)


def _interpolation(value, expression, conversion, format_spec):
    self = object.__new__(Interpolation)
    for name, part in zip(Interpolation.__slots__, (value, expression, conversion, format_spec)):
        object.__setattr__(self, name, part)
    return self


class Template:
    """A template string: its literal parts, and the interpolations between them."""

    __slots__ = ("strings", "interpolations")

    def __new__(cls, *args, **kwargs):
        if kwargs:
            raise TypeError("Template.__new__ only accepts *args arguments")
        strings, interpolations, last = [], [], False
        for part in args:
            if isinstance(part, str):
                if last:
                    strings[-1] += part
                else:
                    strings.append(part)
                last = True
            elif isinstance(part, Interpolation):
                if not last:
                    strings.append("")
                interpolations.append(part)
                last = False
            else:
                raise TypeError(
                    "Template.__new__ *args need to be of type 'str' or 'Interpolation', "
                    f"got {type(part).__name__}"
                )
        if not last:
            strings.append("")
        return _template(tuple(strings), tuple(interpolations))

    def __init_subclass__(cls):
        raise TypeError("type 'string.templatelib.Template' is not an acceptable base type")

    def __setattr__(self, name, value):
        if name in Template.__slots__:
            raise AttributeError("readonly attribute")
        raise AttributeError(
            f"'string.templatelib.Template' object has no attribute '{name}' and no __dict__ for setting new attributes"
        )

    @property
    def values(self):
        """Values of interpolations"""
        return tuple(i.value for i in self.interpolations)

    def __iter__(self):
        for string, interpolation in zip(self.strings, self.interpolations):
            if string:
                yield string
            yield interpolation
        if self.strings[-1]:
            yield self.strings[-1]

    def __add__(self, other):
        if not isinstance(other, Template):
            if isinstance(other, str):
                raise TypeError(
                    'can only concatenate string.templatelib.Template (not "str") to string.templatelib.Template'
                )
            raise TypeError(
                f'can only concatenate string.templatelib.Template (not "{type(other).__name__}") '
                "to string.templatelib.Template"
            )
        strings = (*self.strings[:-1], self.strings[-1] + other.strings[0], *other.strings[1:])
        return _template(strings, self.interpolations + other.interpolations)

    def __repr__(self):
        return f"Template(strings={self.strings!r}, interpolations={self.interpolations!r})"

    def __reduce__(self):
        from string.templatelib import _template_unpickle

        return (_template_unpickle, (self.strings, self.interpolations))

    def __class_getitem__(cls, item):
        return _GenericAlias(cls, item)


def _template(strings, interpolations):
    self = object.__new__(Template)
    object.__setattr__(self, "strings", strings)
    object.__setattr__(self, "interpolations", interpolations)
    return self


_GenericAlias = type(list[int])
Template.__module__ = Interpolation.__module__ = "string.templatelib"
