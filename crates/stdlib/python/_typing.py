"""Type parameters, type aliases and the base of generic classes: what the statements `def f[T]`, `class C[T]` and
`type X = ...` make, and what `typing` builds on."""

import sys

import _vivarium

Union = type(int | str)


# A class attribute, which must not bind.
@staticmethod
def _idfunc(x):
    return x


def _caller(depth=2):
    try:
        return sys._getframe(depth).f_globals.get("__name__")
    except ValueError:
        return None


def _typing():
    import typing

    return typing


class NoDefaultType:
    """The type of the NoDefault singleton."""

    __slots__ = ()

    def __new__(cls):
        return globals().get("NoDefault") or object.__new__(cls)

    def __repr__(self):
        return "typing.NoDefault"

    def __reduce__(self):
        return "NoDefault"

    def __init_subclass__(cls):
        raise TypeError("type 'NoDefaultType' is not an acceptable base type")


NoDefaultType.__module__ = "typing"
NoDefault = NoDefaultType()


class _constevaluator:
    """An evaluator of a value that is known already."""

    def __init__(self, value):
        self._value = value

    def __repr__(self):
        return f"<constevaluator {self._value!r}>"

    def __call__(self, format=1):
        if format == 4:
            if isinstance(self._value, tuple):
                return "(" + ", ".join(_typing()._type_repr(v) for v in self._value) + ")"
            return _typing()._type_repr(self._value)
        return self._value


class _Lazy:
    """A value that is computed by an evaluator when somebody first asks."""

    __slots__ = ("evaluator", "value", "known")

    def __init__(self, evaluator=None, value=None):
        self.evaluator = evaluator
        self.value = value
        self.known = evaluator is None

    def get(self):
        if not self.known:
            self.value = self.evaluator(1)
            self.known = True
        return self.value

    def evaluate(self, absent):
        if self.evaluator is not None:
            return self.evaluator
        return None if self.value is absent else _constevaluator(self.value)


class _Parameter:
    """What the three kinds of type parameters share."""

    def __init_subclass__(cls, **kwargs):
        if cls.__module__ != __name__:
            base = next(c for c in cls.__mro__[1:] if c is not _Parameter)
            raise TypeError(f"type 'typing.{base.__name__}' is not an acceptable base type")

    def __repr__(self):
        return self.__name__

    def __reduce__(self):
        return self.__name__

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass an instance of {type(self).__name__}")

    @property
    def __default__(self):
        """The default value for this type parameter."""
        return self._default.get()

    @property
    def evaluate_default(self):
        return self._default.evaluate(NoDefault)

    def has_default(self):
        """Return True if this type parameter has a default."""
        return self._default.evaluator is not None or self._default.value is not NoDefault


def _check_name(kind, name):
    if not isinstance(name, str):
        raise TypeError(f"{kind}() argument 'name' must be str, not {type(name).__name__}")


def _variance(self, covariant, contravariant, infer_variance):
    if covariant and contravariant:
        raise ValueError("Bivariant types are not supported.")
    if infer_variance and (covariant or contravariant):
        raise ValueError("Variance cannot be specified with infer_variance.")
    self.__covariant__ = bool(covariant)
    self.__contravariant__ = bool(contravariant)
    self.__infer_variance__ = bool(infer_variance)


def _variance_repr(self):
    if self.__infer_variance__:
        return self.__name__
    sign = "+" if self.__covariant__ else "-" if self.__contravariant__ else "~"
    return sign + self.__name__


class TypeVar(_Parameter):
    """Type variable."""

    def __init__(
        self, name, *constraints, bound=None, default=NoDefault, covariant=False, contravariant=False, infer_variance=False
    ):
        _check_name("typevar", name)
        _variance(self, covariant, contravariant, infer_variance)
        self.__name__ = name
        if bound is not None:
            bound = _typing()._type_check(bound, "Bound must be a type.")
        if len(constraints) == 1:
            raise TypeError("A single constraint is not allowed")
        if constraints:
            if bound is not None:
                raise TypeError("Constraints cannot be combined with bound=...")
            message = "TypeVar(name, constraint, ...): constraints must be types."
            constraints = tuple(_typing()._type_check(t, message) for t in constraints)
        self._bound = _Lazy(value=bound)
        self._constraints = _Lazy(value=constraints)
        self._default = _Lazy(value=default)
        module = _caller()
        if module != "typing":
            self.__module__ = module

    __repr__ = _variance_repr

    @property
    def __bound__(self):
        return self._bound.get()

    @property
    def __constraints__(self):
        return self._constraints.get()

    @property
    def evaluate_bound(self):
        return self._bound.evaluate(None)

    @property
    def evaluate_constraints(self):
        return self._constraints.evaluate(())

    def __typing_subst__(self, arg):
        return _typing()._typevar_subst(self, arg)

    def __typing_prepare_subst__(self, alias, args):
        parameters = alias.__parameters__
        index = parameters.index(self)
        if index < len(args):
            return args
        if index == len(args) and self.has_default():
            return (*args, self.__default__)
        raise TypeError(f"Too few arguments for {alias}; actual {len(args)}, expected at least {index + 1}")


class _ParamSpecPart:
    def __init_subclass__(cls, **kwargs):
        if cls.__module__ != __name__:
            raise TypeError(f"type 'typing.{cls.__base__.__name__}' is not an acceptable base type")

    def __init__(self, origin):
        self.__origin__ = origin

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return self.__origin__ == other.__origin__

    __hash__ = None

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass an instance of {type(self).__name__}")


class ParamSpecArgs(_ParamSpecPart):
    """The args for a ParamSpec object."""

    def __repr__(self):
        return f"{getattr(self.__origin__, '__name__', self.__origin__)}.args"


class ParamSpecKwargs(_ParamSpecPart):
    """The kwargs for a ParamSpec object."""

    def __repr__(self):
        return f"{getattr(self.__origin__, '__name__', self.__origin__)}.kwargs"


class ParamSpec(_Parameter):
    """Parameter specification variable."""

    def __init__(
        self, name, *, bound=None, default=NoDefault, covariant=False, contravariant=False, infer_variance=False
    ):
        _check_name("paramspec", name)
        _variance(self, covariant, contravariant, infer_variance)
        self.__name__ = name
        self.__bound__ = bound
        self._default = _Lazy(value=default)
        module = _caller()
        if module != "typing":
            self.__module__ = module

    __repr__ = _variance_repr

    @property
    def args(self):
        return ParamSpecArgs(self)

    @property
    def kwargs(self):
        return ParamSpecKwargs(self)

    def __typing_subst__(self, arg):
        return _typing()._paramspec_subst(self, arg)

    def __typing_prepare_subst__(self, alias, args):
        return _typing()._paramspec_prepare_subst(self, alias, args)


class TypeVarTuple(_Parameter):
    """Type variable tuple."""

    def __init__(self, name, *, default=NoDefault):
        _check_name("typevartuple", name)
        self.__name__ = name
        self._default = _Lazy(value=default)
        module = _caller()
        if module != "typing":
            self.__module__ = module

    def __iter__(self):
        yield _typing().Unpack[self]

    def __typing_subst__(self, arg):
        raise TypeError("Substitution of bare TypeVarTuple is not supported")

    def __typing_prepare_subst__(self, alias, args):
        return _typing()._typevartuple_prepare_subst(self, alias, args)

    __or__ = None
    __ror__ = None


class TypeAliasType:
    """Type alias."""

    def __init__(self, name, value, *, type_params=()):
        _check_name("typealias", name)
        if not isinstance(type_params, tuple):
            raise TypeError("type_params must be a tuple")
        _check_type_params(type_params)
        self.__name__ = name
        self.__type_params__ = type_params
        self._value = _Lazy(value=value)
        self.__module__ = _caller()

    def __init_subclass__(cls):
        raise TypeError("type 'typing.TypeAliasType' is not an acceptable base type")

    @property
    def __value__(self):
        return self._value.get()

    @property
    def evaluate_value(self):
        return self._value.evaluate(NoDefault)

    @property
    def __parameters__(self):
        return tuple(
            q for p in self.__type_params__ for q in (p if isinstance(p, TypeVarTuple) else (p,))
        )

    def __repr__(self):
        return self.__name__

    def __reduce__(self):
        return self.__name__

    def __getitem__(self, args):
        if not self.__type_params__:
            raise TypeError("Only generic type aliases are subscriptable")
        return _GenericAlias(self, args)

    def __iter__(self):
        yield _typing().Unpack[self]

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]


_GenericAlias = type(list[int])


def _check_type_params(type_params):
    seen_default = False
    for p in type_params:
        if not isinstance(p, (TypeVar, ParamSpec, TypeVarTuple)):
            raise TypeError(f"Expected a type param, got {p!r}")
        if p.has_default():
            seen_default = True
        elif seen_default:
            raise TypeError(f"non-default type parameter '{p!r}' follows default type parameter")


class Generic:
    """Abstract base class for generic types

    On Python 3.12 and newer, generic classes implicitly inherit from
    Generic when they declare a parameter list after the class's name::

        class Mapping[KT, VT]:
            def __getitem__(self, key: KT) -> VT:
                ...
                # Etc.

    On older versions of Python, however, generic classes have to
    explicitly inherit from Generic.
    """

    __slots__ = ()
    _is_protocol = False

    @classmethod
    def __class_getitem__(cls, *args, **kwargs):
        return _typing()._generic_class_getitem(cls, *args, **kwargs)

    @classmethod
    def __init_subclass__(cls, *args, **kwargs):
        return _typing()._generic_init_subclass(cls, *args, **kwargs)


# What the compiler's instructions call; `depth` is that of the frame whose statement it is.


def _type_parameter(cls, name, module):
    self = cls.__new__(cls)
    self.__name__ = name
    self._default = _Lazy(value=NoDefault)
    self.__module__ = module
    if cls is not TypeVarTuple:
        self.__covariant__ = self.__contravariant__ = False
        self.__infer_variance__ = True
    return self


def _make_typevar(name, bound, constraints):
    self = _type_parameter(TypeVar, name, _caller())
    self._bound = _Lazy(bound) if bound is not None else _Lazy(value=None)
    self._constraints = _Lazy(constraints) if constraints is not None else _Lazy(value=())
    return self


def _make_paramspec(name):
    self = _type_parameter(ParamSpec, name, _caller())
    self.__bound__ = None
    return self


def _make_typevartuple(name):
    return _type_parameter(TypeVarTuple, name, _caller())


def _make_typealias(parts):
    name, type_params, evaluator = parts
    self = TypeAliasType.__new__(TypeAliasType)
    self.__name__ = name
    self.__type_params__ = type_params or ()
    self._value = _Lazy(evaluator)
    self.__module__ = _caller()
    return self


def _set_default(parameter, evaluator):
    parameter._default = _Lazy(evaluator)
    return parameter


def _subscript_generic(params):
    typing = _typing()
    args = tuple(typing.Unpack[p] if isinstance(p, TypeVarTuple) else p for p in params)
    return typing._GenericAlias(Generic, args)


for _class in (TypeVar, ParamSpecArgs, ParamSpecKwargs, ParamSpec, TypeVarTuple, TypeAliasType, Generic):
    _class.__module__ = "typing"
    if _class is not Generic:
        _vivarium.builtin_types("typing", _class)
del _class
