//! CPython 3.14's opcodes as far as they are used here, by number, with their cache units.

macro_rules! wire {
    ($($name:ident = $number:literal $(cache $cache:literal)?,)+) => {
        /// An opcode of the wordcode.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "CPython's names")]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub(super) enum Wire { $($name = $number),+ }

        impl Wire {
            /// The opcode with this number.
            pub(super) fn from_u8(number: u8) -> Option<Wire> {
                match number {
                    $($number => Some(Wire::$name),)+
                    _ => None,
                }
            }
            /// How many cache units follow the instruction.
            pub(super) const fn caches(self) -> u8 {
                match self { $(Wire::$name => 0 $(+ $cache)?),+ }
            }
        }
    };
}

wire! {
    CACHE = 0,
    BINARY_SLICE = 1,
    BUILD_TEMPLATE = 2,
    CALL_FUNCTION_EX = 4,
    CHECK_EG_MATCH = 5,
    CHECK_EXC_MATCH = 6,
    CLEANUP_THROW = 7,
    DELETE_SUBSCR = 8,
    END_SEND = 10,
    FORMAT_SIMPLE = 12,
    FORMAT_WITH_SPEC = 13,
    GET_AITER = 14,
    GET_ANEXT = 15,
    GET_ITER = 16,
    GET_LEN = 18,
    GET_YIELD_FROM_ITER = 19,
    LOAD_BUILD_CLASS = 21,
    LOAD_LOCALS = 22,
    MAKE_FUNCTION = 23,
    MATCH_KEYS = 24,
    MATCH_MAPPING = 25,
    MATCH_SEQUENCE = 26,
    NOP = 27,
    NOT_TAKEN = 28,
    POP_EXCEPT = 29,
    POP_TOP = 31,
    PUSH_EXC_INFO = 32,
    PUSH_NULL = 33,
    RETURN_GENERATOR = 34,
    RETURN_VALUE = 35,
    SETUP_ANNOTATIONS = 36,
    STORE_SLICE = 37,
    STORE_SUBSCR = 38 cache 1,
    TO_BOOL = 39 cache 3,
    UNARY_INVERT = 40,
    UNARY_NEGATIVE = 41,
    UNARY_NOT = 42,
    WITH_EXCEPT_START = 43,
    BINARY_OP = 44 cache 5,
    BUILD_INTERPOLATION = 45,
    BUILD_LIST = 46,
    BUILD_MAP = 47,
    BUILD_SET = 48,
    BUILD_SLICE = 49,
    BUILD_STRING = 50,
    BUILD_TUPLE = 51,
    CALL = 52 cache 3,
    CALL_INTRINSIC_1 = 53,
    CALL_INTRINSIC_2 = 54,
    CALL_KW = 55 cache 3,
    COMPARE_OP = 56 cache 1,
    CONTAINS_OP = 57 cache 1,
    CONVERT_VALUE = 58,
    COPY = 59,
    COPY_FREE_VARS = 60,
    DELETE_ATTR = 61,
    DELETE_DEREF = 62,
    DELETE_FAST = 63,
    DELETE_GLOBAL = 64,
    DELETE_NAME = 65,
    DICT_MERGE = 66,
    DICT_UPDATE = 67,
    END_ASYNC_FOR = 68,
    EXTENDED_ARG = 69,
    FOR_ITER = 70 cache 1,
    GET_AWAITABLE = 71,
    IMPORT_FROM = 72,
    IMPORT_NAME = 73,
    IS_OP = 74,
    JUMP_BACKWARD = 75 cache 1,
    JUMP_BACKWARD_NO_INTERRUPT = 76,
    JUMP_FORWARD = 77,
    LIST_APPEND = 78,
    LIST_EXTEND = 79,
    LOAD_ATTR = 80 cache 9,
    LOAD_COMMON_CONSTANT = 81,
    LOAD_CONST = 82,
    LOAD_DEREF = 83,
    LOAD_FAST = 84,
    LOAD_FAST_AND_CLEAR = 85,
    LOAD_FROM_DICT_OR_DEREF = 90,
    LOAD_FROM_DICT_OR_GLOBALS = 91,
    LOAD_GLOBAL = 92 cache 4,
    LOAD_NAME = 93,
    LOAD_SMALL_INT = 94,
    LOAD_SPECIAL = 95,
    LOAD_SUPER_ATTR = 96 cache 1,
    MAKE_CELL = 97,
    MAP_ADD = 98,
    MATCH_CLASS = 99,
    POP_JUMP_IF_FALSE = 100 cache 1,
    POP_JUMP_IF_NONE = 101 cache 1,
    POP_JUMP_IF_NOT_NONE = 102 cache 1,
    POP_JUMP_IF_TRUE = 103 cache 1,
    RAISE_VARARGS = 104,
    RERAISE = 105,
    SEND = 106 cache 1,
    SET_ADD = 107,
    SET_FUNCTION_ATTRIBUTE = 108,
    SET_UPDATE = 109,
    STORE_ATTR = 110 cache 4,
    STORE_DEREF = 111,
    STORE_FAST = 112,
    STORE_GLOBAL = 115,
    STORE_NAME = 116,
    SWAP = 117,
    UNPACK_EX = 118,
    UNPACK_SEQUENCE = 119 cache 1,
    YIELD_VALUE = 120,
    RESUME = 128,
}

/// CPython's number of a [`BinaryOp`](crate::BinaryOp).
pub(super) fn binary_number(op: usize) -> u32 {
    const PLAIN: [u32; 13] = [0, 10, 5, 11, 2, 6, 8, 3, 9, 1, 7, 12, 4];
    match op {
        0..13 => PLAIN[op],
        13..26 => PLAIN[op - 13] + 13,
        other => other as u32,
    }
}

/// CPython's argument of COMPARE_OP for a [`CompareOp`](crate::CompareOp): its number and the outcomes for which it is true.
pub(super) fn compare_argument(op: usize) -> u32 {
    const OUTCOMES: [u32; 6] = [2, 10, 8, 7, 4, 12];
    (op as u32) << 5 | OUTCOMES.get(op).copied().unwrap_or(0)
}
