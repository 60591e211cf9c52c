//! Which handler each opcode has.

use viv_bytecode::Op;
use viv_bytecode::op::ALL;

use super::number::{Add, ByNumber, C, L, Mul, Push, S, Sub, ToC, ToW, binary, compare_jump};
use super::{Handler, attribute, call, go_slow, number, sequence, value};

/// The handlers by opcode byte; bytes that are no opcode go to the general handler, which says so.
pub(super) static HANDLERS: [Handler; 256] = handlers();

const fn handlers() -> [Handler; 256] {
    let mut table: [Handler; 256] = [go_slow; 256];
    let mut i = 0;
    while i < ALL.len() {
        table[ALL[i] as usize] = handler(ALL[i]);
        i += 1;
    }
    table
}

const fn handler(op: Op) -> Handler {
    match op {
        Op::NOP => value::nop,
        Op::RESUME => value::resume,
        Op::JUMP => value::jump,
        Op::JUMP_BACKWARD => value::jump_backward,
        Op::POP_TOP => value::pop_top,
        Op::COPY => value::copy,
        Op::SWAP => value::swap,
        Op::PUSH_NULL => value::push_null,
        Op::LOAD_CONST => value::load_const,
        Op::LOAD_FAST | Op::LOAD_CLOSURE => value::load_fast,
        Op::LOAD_FAST_AND_CLEAR => value::load_fast_and_clear,
        Op::STORE_FAST => value::store_fast,
        Op::LOAD_FAST_LOAD_FAST => value::load_fast_load_fast,
        Op::LOAD_FAST_LOAD_CONST => value::load_fast_load_const,
        Op::STORE_FAST_LOAD_FAST => value::store_fast_load_fast,
        Op::STORE_FAST_STORE_FAST => value::store_fast_store_fast,
        Op::MOVE_FAST => value::move_fast,
        Op::STORE_CONST_FAST => value::store_const_fast,
        Op::LOAD_DEREF => value::load_deref,
        Op::IS_OP => value::is_op,
        Op::UNARY_NOT => value::unary_not,
        Op::POP_JUMP_IF_FALSE => value::pop_jump_if_false,
        Op::POP_JUMP_IF_TRUE => value::pop_jump_if_true,
        Op::POP_JUMP_IF_NONE => value::pop_jump_if_none,
        Op::POP_JUMP_IF_NOT_NONE => value::pop_jump_if_not_none,
        Op::JUMP_IF_FALSE_OR_POP => value::jump_if_false_or_pop,
        Op::JUMP_IF_TRUE_OR_POP => value::jump_if_true_or_pop,
        Op::LOAD_GLOBAL_MODULE => value::load_global_module,
        Op::LOAD_GLOBAL_BUILTIN => value::load_global_builtin,
        Op::LOAD_GLOBAL_NULL_MODULE => value::load_global_null_module,
        Op::LOAD_GLOBAL_NULL_BUILTIN => value::load_global_null_builtin,
        Op::LOAD_ATTR_INLINE | Op::LOAD_ATTR_SLOT => attribute::load_attr_word,
        Op::LOAD_ATTR_CLASS => attribute::load_attr_class,
        Op::LOAD_ATTR_MODULE => attribute::load_attr_module,
        Op::LOAD_ATTR_L_INLINE | Op::LOAD_ATTR_L_SLOT => attribute::load_attr_local_word,
        Op::LOAD_METHOD_CLASS => attribute::load_method_class,
        Op::LOAD_METHOD_L_CLASS => attribute::load_method_local_class,
        Op::STORE_ATTR_INLINE | Op::STORE_ATTR_SLOT => attribute::store_attr_word,
        Op::STORE_ATTR_L_INLINE | Op::STORE_ATTR_L_SLOT => attribute::store_attr_local_word,
        Op::CALL | Op::CALL_PY_EXACT | Op::CALL_NATIVE | Op::CALL_CLASS_INIT => call::call,
        Op::RETURN_VALUE => call::return_value,
        Op::RETURN_CONST => call::return_const,
        Op::RETURN_FAST => call::return_fast,
        Op::FOR_ITER => sequence::for_iter,
        Op::FOR_ITER_STORE => sequence::for_iter_store,
        Op::UNPACK_SEQUENCE => sequence::unpack_sequence,
        Op::STORE_SUBSCR => sequence::store_subscr,
        Op::LIST_APPEND => sequence::list_append,
        Op::BUILD_TUPLE => sequence::build_tuple,
        Op::BUILD_LIST => sequence::build_list,
        Op::BINARY_SUBSCR => sequence::subscript::<S, S>,
        Op::SUBSCR_LL => sequence::subscript::<L, L>,
        Op::SUBSCR_LC => sequence::subscript::<L, C>,
        Op::SUBSCR_SL => sequence::subscript::<S, L>,
        Op::SUBSCR_SC => sequence::subscript::<S, C>,
        Op::STORE_SUBSCR_LL => sequence::store_subscript::<L, L>,
        Op::STORE_SUBSCR_LC => sequence::store_subscript::<L, C>,
        Op::COMPARE_OP => number::compare_op,
        Op::UNARY_NEGATIVE => number::negative,
        Op::COMPARE_JUMP => compare_jump::<S, S>,
        Op::COMPARE_JUMP_LL => compare_jump::<L, L>,
        Op::COMPARE_JUMP_LC => compare_jump::<L, C>,
        Op::COMPARE_JUMP_SL => compare_jump::<S, L>,
        Op::COMPARE_JUMP_SC => compare_jump::<S, C>,
        Op::BINARY_OP => binary::<ByNumber<ToW>, S, S, Push>,
        Op::BINARY_OP_LL => binary::<ByNumber<ToC>, L, L, Push>,
        Op::BINARY_OP_LC => binary::<ByNumber<ToC>, L, C, Push>,
        Op::BINARY_OP_SL => binary::<ByNumber<ToC>, S, L, Push>,
        Op::BINARY_OP_SC => binary::<ByNumber<ToC>, S, C, Push>,
        Op::ADD => binary::<Add, S, S, Push>,
        Op::ADD_LL => binary::<Add, L, L, Push>,
        Op::ADD_LC => binary::<Add, L, C, Push>,
        Op::ADD_SL => binary::<Add, S, L, Push>,
        Op::ADD_SC => binary::<Add, S, C, Push>,
        Op::ADD_LL_STORE => binary::<Add, L, L, ToC>,
        Op::ADD_LC_STORE => binary::<Add, L, C, ToC>,
        Op::ADD_SL_STORE => binary::<Add, S, L, ToC>,
        Op::ADD_SC_STORE => binary::<Add, S, C, ToC>,
        Op::ADD_SS_STORE => binary::<Add, S, S, ToW>,
        Op::IADD_LL_STORE => binary::<Add, L, L, ToC>,
        Op::IADD_LC_STORE => binary::<Add, L, C, ToC>,
        Op::IADD_LS_STORE => binary::<Add, L, S, ToC>,
        Op::ISUB_LL_STORE => binary::<Sub, L, L, ToC>,
        Op::ISUB_LC_STORE => binary::<Sub, L, C, ToC>,
        Op::SUB => binary::<Sub, S, S, Push>,
        Op::SUB_LL => binary::<Sub, L, L, Push>,
        Op::SUB_LC => binary::<Sub, L, C, Push>,
        Op::SUB_SL => binary::<Sub, S, L, Push>,
        Op::SUB_SC => binary::<Sub, S, C, Push>,
        Op::SUB_LL_STORE => binary::<Sub, L, L, ToC>,
        Op::SUB_LC_STORE => binary::<Sub, L, C, ToC>,
        Op::SUB_SL_STORE => binary::<Sub, S, L, ToC>,
        Op::SUB_SS_STORE => binary::<Sub, S, S, ToW>,
        Op::MUL => binary::<Mul, S, S, Push>,
        Op::MUL_LL => binary::<Mul, L, L, Push>,
        Op::MUL_LC => binary::<Mul, L, C, Push>,
        Op::MUL_SL => binary::<Mul, S, L, Push>,
        Op::MUL_SC => binary::<Mul, S, C, Push>,
        Op::MUL_LL_STORE => binary::<Mul, L, L, ToC>,
        Op::MUL_SL_STORE => binary::<Mul, S, L, ToC>,
        Op::MUL_SS_STORE => binary::<Mul, S, S, ToW>,
        _ => go_slow,
    }
}
