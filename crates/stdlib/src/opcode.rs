//! The module `_opcode`: what kinds of operands the opcodes of CPython 3.14 have, in which code objects show themselves.

use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Ref, Vm, protocol};

use crate::binascii::first;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_opcode",
    doc: "Opcode support module.",
    functions: &[QUESTIONS, TABLES],
    fill: |vm, module| {
        add_int(vm, module, "ENABLE_SPECIALIZATION", 1)?;
        add_int(vm, module, "ENABLE_SPECIALIZATION_FT", 1)
    },
};

/// First and last of each run of opcodes.
type Runs = &'static [(i64, i64)];

const VALID: Runs = &[(0, 120), (128, 211), (234, 266)];
const WITH_OPERAND: Runs = &[
    (44, 120),
    (128, 128),
    (143, 153),
    (155, 195),
    (197, 197),
    (200, 200),
    (209, 211),
    (237, 237),
    (239, 239),
    (241, 245),
    (247, 251),
    (253, 253),
    (255, 255),
    (257, 261),
    (263, 266),
];
const OF_CONSTANTS: Runs = &[(82, 82), (190, 191)];
const OF_NAMES: Runs = &[
    (61, 61),
    (64, 65),
    (72, 73),
    (80, 80),
    (91, 93),
    (96, 96),
    (110, 110),
    (115, 116),
    (179, 179),
    (189, 189),
    (194, 195),
    (200, 200),
    (249, 249),
];
const JUMPS: Runs = &[
    (68, 68),
    (70, 70),
    (75, 77),
    (100, 103),
    (106, 106),
    (172, 176),
    (237, 237),
    (248, 248),
    (257, 260),
];
const OF_CELLS: Runs = &[(62, 62), (90, 90), (97, 97), (111, 111)];
const OF_LOCALS: Runs = &[
    (3, 3),
    (63, 63),
    (83, 89),
    (112, 114),
    (261, 261),
    (266, 266),
];
const OF_HANDLERS: Runs = &[(263, 265)];

/// A function that tells whether an opcode is one of those.
macro_rules! question {
    ($name:literal, $runs:ident, $doc:literal) => {
        MethodDef::new(
            $name,
            "($module, /, opcode)",
            NativeCall::Bound(|vm, _, args| {
                let opcode = small(vm, first(vm, args)?)?;
                let known = $runs.iter().any(|(a, z)| (*a..=*z).contains(&opcode));
                Ok(vm.bool(known))
            }),
            $doc,
        )
    };
}

const QUESTIONS: &[MethodDef] = &[
    question!(
        "is_valid",
        VALID,
        "Return True if opcode is valid, False otherwise."
    ),
    question!(
        "has_arg",
        WITH_OPERAND,
        "Return True if the opcode uses its oparg, False otherwise."
    ),
    question!(
        "has_const",
        OF_CONSTANTS,
        "Return True if the opcode accesses a constant, False otherwise."
    ),
    question!(
        "has_name",
        OF_NAMES,
        "Return True if the opcode accesses an attribute by name, False otherwise."
    ),
    question!(
        "has_jump",
        JUMPS,
        "Return True if the opcode has a jump target, False otherwise."
    ),
    question!(
        "has_free",
        OF_CELLS,
        "Return True if the opcode accesses a free variable, False otherwise.\n\nNote that 'free' in this context refers to names in the current scope\nthat are referenced by inner scopes or names in outer scopes that are\nreferenced from this scope. It does not include references to global\nor builtin scopes."
    ),
    question!(
        "has_local",
        OF_LOCALS,
        "Return True if the opcode accesses a local variable, False otherwise."
    ),
    question!(
        "has_exc",
        OF_HANDLERS,
        "Return True if the opcode sets an exception handler, False otherwise."
    ),
];

const TABLES: &[MethodDef] = &[
    MethodDef::new(
        "stack_effect",
        "($module, opcode, oparg=None, /, *, jump=None)",
        NativeCall::Bound(|vm, _, _| {
            let why = "stack_effect: the effects of CPython's opcodes are not known here";
            Err(vm.raise(&vm.exceptions.NotImplementedError, why))
        }),
        "Compute the stack effect of the opcode.",
    ),
    MethodDef::new(
        "get_executor",
        "($module, /, code, offset)",
        NativeCall::Bound(|vm, _, _| Ok(vm.none_ref())),
        "Return the executor object at offset in code if exists, None otherwise.",
    ),
    MethodDef::new(
        "get_specialization_stats",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.none_ref())),
        "Return the specialization stats",
    ),
    MethodDef::new(
        "get_intrinsic1_descs",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| texts(vm, UNARY_INTRINSICS)),
        "Return a list of names of the unary intrinsics.",
    ),
    MethodDef::new(
        "get_intrinsic2_descs",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| texts(vm, BINARY_INTRINSICS)),
        "Return a list of names of the binary intrinsics.",
    ),
    MethodDef::new(
        "get_special_method_names",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            texts(vm, &["__enter__", "__exit__", "__aenter__", "__aexit__"])
        }),
        "Return a list of special method names.",
    ),
    MethodDef::new(
        "get_nb_ops",
        "($module, /)",
        NativeCall::NoArgs(operators),
        "Return array of symbols of binary ops.\n\nIndexed by the BINARY_OP oparg value.",
    ),
];

const UNARY_INTRINSICS: &[&str] = &[
    "INTRINSIC_1_INVALID",
    "INTRINSIC_PRINT",
    "INTRINSIC_IMPORT_STAR",
    "INTRINSIC_STOPITERATION_ERROR",
    "INTRINSIC_ASYNC_GEN_WRAP",
    "INTRINSIC_UNARY_POSITIVE",
    "INTRINSIC_LIST_TO_TUPLE",
    "INTRINSIC_TYPEVAR",
    "INTRINSIC_PARAMSPEC",
    "INTRINSIC_TYPEVARTUPLE",
    "INTRINSIC_SUBSCRIPT_GENERIC",
    "INTRINSIC_TYPEALIAS",
];

const BINARY_INTRINSICS: &[&str] = &[
    "INTRINSIC_2_INVALID",
    "INTRINSIC_PREP_RERAISE_STAR",
    "INTRINSIC_TYPEVAR_WITH_BOUND",
    "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS",
    "INTRINSIC_SET_FUNCTION_TYPE_PARAMS",
    "INTRINSIC_SET_TYPEPARAM_DEFAULT",
];

/// The binary operators, in the order of their numbers.
const OPERATORS: &[(&str, &str)] = &[
    ("ADD", "+"),
    ("AND", "&"),
    ("FLOOR_DIVIDE", "//"),
    ("LSHIFT", "<<"),
    ("MATRIX_MULTIPLY", "@"),
    ("MULTIPLY", "*"),
    ("REMAINDER", "%"),
    ("OR", "|"),
    ("POWER", "**"),
    ("RSHIFT", ">>"),
    ("SUBTRACT", "-"),
    ("TRUE_DIVIDE", "/"),
    ("XOR", "^"),
];

fn small(vm: &Vm, number: &Object) -> PyResult<i64> {
    let number = protocol::to_i64(vm, number)?;
    match i32::try_from(number) {
        Ok(number) => Ok(i64::from(number)),
        Err(_) => {
            let text = "Python int too large to convert to C int";
            Err(vm.raise(&vm.exceptions.OverflowError, text))
        }
    }
}

fn texts(vm: &Vm, texts: &[&str]) -> PyResult {
    let texts = texts.iter().map(|text| Ok(vm.intern(text)?.upcast()));
    Ok(vm
        .new_list(texts.collect::<PyResult<Vec<Ref>>>()?)?
        .upcast())
}

fn operators(vm: &Vm, _module: &Object) -> PyResult {
    let plain = OPERATORS
        .iter()
        .map(|(name, sign)| (format!("NB_{name}"), (*sign).to_owned()));
    let in_place = OPERATORS
        .iter()
        .map(|(name, sign)| (format!("NB_INPLACE_{name}"), format!("{sign}=")));
    let subscript = ("NB_SUBSCR".to_owned(), "[]".to_owned());
    let pairs = plain
        .chain(in_place)
        .chain([subscript])
        .map(|(name, sign)| {
            let pair = vec![vm.new_str(&name)?.upcast(), vm.new_str(&sign)?.upcast()];
            Ok(vm.new_tuple(pair)?.upcast())
        });
    Ok(vm
        .new_list(pairs.collect::<PyResult<Vec<Ref>>>()?)?
        .upcast())
}
