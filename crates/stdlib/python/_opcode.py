"""What kinds of operands the opcodes have."""

from _opcode_metadata import HAVE_ARGUMENT, opmap as _opmap

ENABLE_SPECIALIZATION = True
ENABLE_SPECIALIZATION_FT = True

_names = {number: name for name, number in _opmap.items()}


def _is(opcode, *parts):
    name = _names.get(opcode, "")
    return any(part in name for part in parts)


def is_valid(opcode):
    return opcode in _names


def has_arg(opcode):
    return opcode in _names and opcode > HAVE_ARGUMENT


def has_const(opcode):
    return _is(opcode, "LOAD_CONST")


def has_name(opcode):
    return _is(opcode, "_NAME", "_ATTR", "_GLOBAL", "IMPORT_FROM")


def has_jump(opcode):
    return _is(opcode, "JUMP", "FOR_ITER", "SEND")


def has_free(opcode):
    return _is(opcode, "_DEREF", "_CELL", "_CLASSDEREF")


def has_local(opcode):
    return _is(opcode, "_FAST")


def has_exc(opcode):
    return _is(opcode, "SETUP_FINALLY", "SETUP_CLEANUP", "SETUP_WITH")


def stack_effect(opcode, oparg=None, /, *, jump=None):
    raise NotImplementedError("stack_effect: the opcodes of this interpreter are not those of the module opcode")


def get_executor(*, code, offset):
    return None


def get_specialization_stats():
    return None


def get_intrinsic1_descs():
    return [
        "INTRINSIC_1_INVALID", "INTRINSIC_PRINT", "INTRINSIC_IMPORT_STAR", "INTRINSIC_STOPITERATION_ERROR",
        "INTRINSIC_ASYNC_GEN_WRAP", "INTRINSIC_UNARY_POSITIVE", "INTRINSIC_LIST_TO_TUPLE", "INTRINSIC_TYPEVAR",
        "INTRINSIC_PARAMSPEC", "INTRINSIC_TYPEVARTUPLE", "INTRINSIC_SUBSCRIPT_GENERIC", "INTRINSIC_TYPEALIAS",
    ]


def get_intrinsic2_descs():
    return [
        "INTRINSIC_2_INVALID", "INTRINSIC_PREP_RERAISE_STAR", "INTRINSIC_TYPEVAR_WITH_BOUND",
        "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS", "INTRINSIC_SET_FUNCTION_TYPE_PARAMS", "INTRINSIC_SET_TYPEPARAM_DEFAULT",
    ]


def get_special_method_names():
    return ["__enter__", "__exit__", "__aenter__", "__aexit__"]


def get_nb_ops():
    signs = ["+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^"]
    names = ["ADD", "AND", "FLOOR_DIVIDE", "LSHIFT", "MATRIX_MULTIPLY", "MULTIPLY", "REMAINDER", "OR", "POWER",
             "RSHIFT", "SUBTRACT", "TRUE_DIVIDE", "XOR"]
    plain = [("NB_" + name, sign) for name, sign in zip(names, signs)]
    return plain + [("NB_INPLACE_" + name, sign + "=") for name, sign in zip(names, signs)] + [("NB_SUBSCR", "[]")]
