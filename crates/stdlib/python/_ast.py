"""The node classes of syntax trees, made from the abstract grammar."""

import sys

PyCF_ONLY_AST = 0x400
PyCF_TYPE_COMMENTS = 0x1000
PyCF_ALLOW_TOP_LEVEL_AWAIT = 0x2000
PyCF_OPTIMIZED_AST = 0x8000 | PyCF_ONLY_AST

_GRAMMAR = """
mod =
    Module(stmt* body, type_ignore* type_ignores)
    Interactive(stmt* body)
    Expression(expr body)
    FunctionType(expr* argtypes, expr returns)
stmt [lineno col_offset end_lineno end_col_offset] =
    FunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params)
    AsyncFunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params)
    ClassDef(identifier name, expr* bases, keyword* keywords, stmt* body, expr* decorator_list, type_param* type_params)
    Return(expr? value)
    Delete(expr* targets)
    Assign(expr* targets, expr value, string? type_comment)
    TypeAlias(expr name, type_param* type_params, expr value)
    AugAssign(expr target, operator op, expr value)
    AnnAssign(expr target, expr annotation, expr? value, int simple)
    For(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment)
    AsyncFor(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment)
    While(expr test, stmt* body, stmt* orelse)
    If(expr test, stmt* body, stmt* orelse)
    With(withitem* items, stmt* body, string? type_comment)
    AsyncWith(withitem* items, stmt* body, string? type_comment)
    Match(expr subject, match_case* cases)
    Raise(expr? exc, expr? cause)
    Try(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)
    TryStar(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)
    Assert(expr test, expr? msg)
    Import(alias* names)
    ImportFrom(identifier? module, alias* names, int? level)
    Global(identifier* names)
    Nonlocal(identifier* names)
    Expr(expr value)
    Pass
    Break
    Continue
expr [lineno col_offset end_lineno end_col_offset] =
    BoolOp(boolop op, expr* values)
    NamedExpr(expr target, expr value)
    BinOp(expr left, operator op, expr right)
    UnaryOp(unaryop op, expr operand)
    Lambda(arguments args, expr body)
    IfExp(expr test, expr body, expr orelse)
    Dict(expr?* keys, expr* values)
    Set(expr* elts)
    ListComp(expr elt, comprehension* generators)
    SetComp(expr elt, comprehension* generators)
    DictComp(expr key, expr value, comprehension* generators)
    GeneratorExp(expr elt, comprehension* generators)
    Await(expr value)
    Yield(expr? value)
    YieldFrom(expr value)
    Compare(expr left, cmpop* ops, expr* comparators)
    Call(expr func, expr* args, keyword* keywords)
    FormattedValue(expr value, int conversion, expr? format_spec)
    Interpolation(expr value, constant str, int conversion, expr? format_spec)
    JoinedStr(expr* values)
    TemplateStr(expr* values)
    Constant(constant value, string? kind)
    Attribute(expr value, identifier attr, expr_context ctx)
    Subscript(expr value, expr slice, expr_context ctx)
    Starred(expr value, expr_context ctx)
    Name(identifier id, expr_context ctx)
    List(expr* elts, expr_context ctx)
    Tuple(expr* elts, expr_context ctx)
    Slice(expr? lower, expr? upper, expr? step)
expr_context =
    Load
    Store
    Del
boolop =
    And
    Or
operator =
    Add
    Sub
    Mult
    MatMult
    Div
    Mod
    Pow
    LShift
    RShift
    BitOr
    BitXor
    BitAnd
    FloorDiv
unaryop =
    Invert
    Not
    UAdd
    USub
cmpop =
    Eq
    NotEq
    Lt
    LtE
    Gt
    GtE
    Is
    IsNot
    In
    NotIn
comprehension(expr target, expr iter, expr* ifs, int is_async)
excepthandler [lineno col_offset end_lineno end_col_offset] =
    ExceptHandler(expr? type, identifier? name, stmt* body)
arguments(arg* posonlyargs, arg* args, arg? vararg, arg* kwonlyargs, expr?* kw_defaults, arg? kwarg, expr* defaults)
arg(identifier arg, expr? annotation, string? type_comment) [lineno col_offset end_lineno end_col_offset]
keyword(identifier? arg, expr value) [lineno col_offset end_lineno end_col_offset]
alias(identifier name, identifier? asname) [lineno col_offset end_lineno end_col_offset]
withitem(expr context_expr, expr? optional_vars)
match_case(pattern pattern, expr? guard, stmt* body)
pattern [lineno col_offset end_lineno end_col_offset] =
    MatchValue(expr value)
    MatchSingleton(constant value)
    MatchSequence(pattern* patterns)
    MatchMapping(expr* keys, pattern* patterns, identifier? rest)
    MatchClass(expr cls, pattern* patterns, identifier* kwd_attrs, pattern* kwd_patterns)
    MatchStar(identifier? name)
    MatchAs(pattern? pattern, identifier? name)
    MatchOr(pattern* patterns)
type_ignore =
    TypeIgnore(int lineno, string tag)
type_param [lineno col_offset end_lineno end_col_offset] =
    TypeVar(identifier name, expr? bound, expr? default_value)
    ParamSpec(identifier name, expr? default_value)
    TypeVarTuple(identifier name, expr? default_value)
"""
_PRIMITIVES = {"identifier": str, "string": str, "int": int, "constant": object, "str": object}


class AST:
    __module__ = "ast"
    __doc__ = None
    _fields = ()
    _attributes = ()
    __match_args__ = ()
    _field_types = {}

    def __init__(self, /, *args, **kwargs):
        cls = type(self)
        fields = cls._fields
        if len(args) > len(fields):
            plural = "" if len(fields) == 1 else "s"
            raise TypeError(f"{cls.__name__} constructor takes at most {len(fields)} positional argument{plural}")
        missing = list(fields[len(args):])
        for name, value in zip(fields, args):
            setattr(self, name, value)
        for name, value in kwargs.items():
            if name in fields:
                if name not in missing:
                    raise TypeError(f"{cls.__name__} got multiple values for argument {name!r}")
                missing.remove(name)
            elif name not in cls._attributes:
                _deprecated(
                    f"{cls.__name__}.__init__ got an unexpected keyword argument {name!r}. "
                    "Support for arbitrary keyword arguments is deprecated and will be removed in Python 3.15."
                )
            setattr(self, name, value)
        types = cls._field_types
        for name in missing:
            kind = types.get(name)
            if kind is None:
                if name not in types and fields and "_field_types" in _owners(cls):
                    _deprecated(
                        f"Field {name!r} is missing from {cls.__name__}._field_types. "
                        "This will become an error in Python 3.15."
                    )
                continue
            origin = getattr(kind, "__origin__", None)
            if origin is list:
                setattr(self, name, [])
            elif kind is expr_context:
                setattr(self, name, Load())
            elif not _optional(kind):
                _deprecated(
                    f"{cls.__name__}.__init__ missing 1 required positional argument: {name!r}. "
                    "This will become an error in Python 3.15."
                )

    def __reduce__(self):
        return type(self), (), self.__dict__

    def __replace__(self, /, **fields):
        cls = type(self)
        known = dict(self.__dict__)
        for name in fields:
            if name not in cls._fields and name not in cls._attributes:
                raise TypeError(f"{cls.__name__}.__replace__ got an unexpected keyword argument {name!r}.")
        known.update(fields)
        return cls(**known)

    def __repr__(self):
        return _show(self, 3)


def _owners(cls):
    return {name for owner in cls.__mro__[:-1] for name in owner.__dict__}


def _deprecated(message):
    import warnings

    warnings.warn(message, DeprecationWarning, stacklevel=3)


def _optional(kind):
    return type(None) in getattr(kind, "__args__", ())


def _show(node, depth):
    if not isinstance(node, AST):
        return repr(node)
    cls = type(node)
    if depth <= 0:
        return f"{cls.__name__}(...)"
    parts = []
    for name in cls._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            shown = [_show(item, depth - 1) for item in value]
            if len(shown) > 2:
                shown = [shown[0], "...", shown[-1]]
            text = "[" + ", ".join(shown) + "]"
        else:
            text = _show(value, depth - 1)
        parts.append(f"{name}={text}")
    return f"{cls.__name__}({', '.join(parts)})"


def _field_type(text, classes):
    if text.endswith("?*"):
        return list[_field_type(text[:-2], classes)]
    if text.endswith("*"):
        return list[_field_type(text[:-1], classes)]
    if text.endswith("?"):
        return _field_type(text[:-1], classes) | None
    return _PRIMITIVES.get(text) or classes[text]


def _build(namespace):
    """Puts the classes into the namespace; the types of their fields once all are there."""
    pending = []

    def make(text, base, attributes):
        name, _, rest = text.partition("(")
        fields = [field.split() for field in rest.rstrip(")").split(", ")] if rest else []
        names = tuple(field[1] for field in fields)
        body = {"__module__": "ast", "__doc__": text, "_fields": names, "__match_args__": names}
        if base is AST or attributes:
            body["_attributes"] = attributes
        for field in fields:
            if field[0].endswith("?"):
                body[field[1]] = None
        if base is AST:
            for attribute in attributes:
                if attribute.startswith("end_"):
                    body[attribute] = None
        cls = type(name, (base,), body)
        namespace[name] = cls
        pending.append((cls, fields))
        return cls

    base = None
    for line in _GRAMMAR.strip().splitlines():
        if line.startswith(" "):
            make(line.strip(), base, ())
            continue
        head, _, attributes = line.removesuffix(" =").partition(" [")
        attributes = tuple(attributes.rstrip("]").split())
        base = make(head, AST, attributes)
    # Of each type that is written in the grammar there is one.
    kinds = {}
    for cls, fields in pending:
        types = {}
        for kind, name in fields:
            if kind not in kinds:
                kinds[kind] = _field_type(kind, namespace)
            types[name] = kinds[kind]
        cls._field_types = types
    for cls in AST.__subclasses__():
        below = cls.__subclasses__()
        if below:
            lead = f"{cls.__name__} = "
            plain = not any(sub._fields for sub in below)
            bar = " | " if plain else "\n" + " " * (len(cls.__name__) + 1) + "| "
            cls.__doc__ = lead + bar.join(sub.__doc__ for sub in below)


_build(globals())

# Operators and contexts have no fields: of each there is one node that all trees share.
_singles = {
    cls.__name__: cls.__new__(cls)
    for base in (expr_context, boolop, operator, unaryop, cmpop)
    for cls in base.__subclasses__()
}
