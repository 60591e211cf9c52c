//! The run of a frame and what it calls: the quick tier, the general handlers, the unwinding.

use viv_bytecode::{Instr, Op};
use viv_heap::Raw;

use super::arith::{self, add, iadd, isub, mul, operate, store, sub};
use super::build::{self, store_subscript, subscript};
use super::call::{self, leave};
use super::regs::{Flow, Regs, attempt, failed, owned};
use super::threaded::{self, exit};
use super::unwind::unwind;
use super::{attr, control, generator, intrinsic, matching, names, trace};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// The next instruction is traced; no [`exit`] code.
const TRACED: u32 = u32::MAX;

/// Runs from the given registers until the frame that was entered with the ENTRY flag is left.
///
/// The quick tier ([`threaded`]) runs until it meets something that it leaves to the general handlers here.
pub(super) unsafe fn run(vm: &Vm, r: Regs) -> PyResult {
    // SAFETY: the registers are those of a frame whose code the verifier has passed.
    unsafe {
        let code = enter(vm, r);
        go_on(vm, code)
    }
}

/// Enters the quick tier, unless that is off; the registers are left on the call stack.
#[inline(always)]
unsafe fn enter(vm: &Vm, r: Regs) -> u32 {
    if vm.tracing.get() {
        vm.stack.left.set(r);
        return TRACED;
    }
    // SAFETY: `pc` points at an instruction of verified code.
    unsafe {
        if vm.plain.get() {
            vm.stack.left.set(Regs {
                pc: r.pc.add(1),
                ..r
            });
            return exit::SLOW;
        }
        threaded::enter(vm, r)
    }
}

/// Goes on after the quick tier has come back with a code, its registers left on the call stack.
pub(super) unsafe fn go_on(vm: &Vm, mut code: u32) -> PyResult {
    let mut r = vm.stack.left.get();
    loop {
        // SAFETY: the registers are those of a frame whose code the verifier has passed; when the quick tier comes back, the
        // instruction that it speaks of is the one before `pc`.
        let flow = unsafe {
            match code {
                TRACED => trace::step(vm, &mut r),
                exit::SLOW if vm.tracing.get() => {
                    r.pc = r.pc.sub(1);
                    trace::step(vm, &mut r)
                }
                // What is not traced, a tracing function above all, is not looked at by one.
                exit::SLOW => {
                    r.save(vm);
                    let instr = Instr((*r.pc.sub(1)).get());
                    step(vm, &mut r, instr)
                }
                exit::STEP => Flow::Next,
                exit::DONE => Flow::Exit,
                exit::RETURN => {
                    let result = r.pop();
                    leave(vm, &mut r, result)
                }
                exit::RERAISE => Flow::Reraise,
                _ => Flow::Error,
            }
        };
        match flow {
            Flow::Exit => break,
            Flow::Next => {}
            Flow::Error | Flow::Reraise => {
                // SAFETY: as above.
                let (next, flow) = unsafe { unwind(vm, r, flow) };
                r = next.reread();
                if flow == Flow::Exit {
                    return Err(call::raised());
                }
            }
        }
        // SAFETY: as above.
        code = unsafe { enter(vm, r) };
        r = vm.stack.left.get();
    }
    if !vm.pending.is_none() {
        return Err(call::raised());
    }
    // SAFETY: the result is on top of the stack.
    unsafe {
        let value = r.pop_ref();
        vm.stack.top.set(r.sp);
        Ok(value)
    }
}

/// The bound local with this number, or the end of the handler with UnboundLocalError. It has a count of its own until the end
/// of the statement: what runs meanwhile may assign to the local.
macro_rules! local {
    ($vm:expr, $r:expr, $i:expr) => {
        &*{
            let word = *$r.local($i);
            if word.is_null() {
                return names::unbound($vm, *$r, $i);
            }
            word.object().to_ref()
        }
    };
}

/// Pushes the result of an operation whose operands are borrowed.
unsafe fn push_result(r: &mut Regs, result: PyResult) -> Flow {
    let value = attempt!(result);
    // SAFETY: the verifier has shown that there is room.
    unsafe { r.push_ref(value) };
    Flow::Next
}

/// Replaces the left operand on top by a result.
unsafe fn replace_top(r: &mut Regs, result: PyResult) -> Flow {
    let value = attempt!(result);
    // SAFETY: the operand is owned by the stack.
    unsafe {
        let old = r.peek(1);
        r.put(1, value.into_raw());
        old.object().dec();
    }
    Flow::Next
}

/// Replaces both operands on top by a result.
unsafe fn replace_two(r: &mut Regs, result: PyResult) -> Flow {
    let value = attempt!(result);
    // SAFETY: the operands are owned by the stack.
    unsafe {
        let (left, right) = (r.peek(2), r.peek(1));
        r.put(2, value.into_raw());
        r.sp = r.sp.sub(1);
        right.object().dec();
        left.object().dec();
    }
    Flow::Next
}

/// The same for arithmetic, whose left operand goes first.
unsafe fn replace_operands(r: &mut Regs, result: PyResult) -> Flow {
    let value = attempt!(result);
    // SAFETY: the operands are owned by the stack.
    unsafe {
        let (left, right) = (r.peek(2), r.peek(1));
        r.put(2, value.into_raw());
        r.sp = r.sp.sub(1);
        left.object().dec();
        right.object().dec();
    }
    Flow::Next
}

/// Stores a result into a local and drops the operand on top.
unsafe fn store_drop(vm: &Vm, r: &mut Regs, local: usize, result: PyResult) -> Flow {
    let value = attempt!(result);
    // SAFETY: the operand is owned by the stack.
    unsafe {
        let operand = r.pop();
        operand.object().dec();
        store(vm, r, local, Ok(value))
    }
}

/// Stores a result into a local and drops both operands, the left one first.
unsafe fn store_drop_two(vm: &Vm, r: &mut Regs, local: usize, result: PyResult) -> Flow {
    let value = attempt!(result);
    // SAFETY: the operands are owned by the stack.
    unsafe {
        let (right, left) = (r.pop_ref(), r.pop_ref());
        drop(left);
        drop(right);
        store(vm, r, local, Ok(value))
    }
}

/// Ends a compare-and-jump: `c` is the comparison and the sense, the next word the target.
unsafe fn jump_on(r: &mut Regs, truth: bool, c: usize) -> Flow {
    // SAFETY: the opcode has one word.
    unsafe {
        if truth == (c & 8 != 0) {
            r.jump(r.extra(0) as usize);
        } else {
            r.skip(1);
        }
    }
    Flow::Next
}

unsafe fn truth_of_top(vm: &Vm, r: &mut Regs) -> PyResult<bool> {
    // SAFETY: the value is owned by the stack.
    unsafe {
        let value = r.top(1);
        if value.is(&vm.true_.head) {
            return Ok(true);
        }
        if value.is(&vm.false_.head) || vm.is_none(value) {
            return Ok(false);
        }
        r.save(vm);
        truth_slow(vm, value)
    }
}

#[inline(never)]
fn truth_slow(vm: &Vm, value: &viv_heap::Object) -> PyResult<bool> {
    protocol::is_true(vm, value)
}

unsafe fn pop_jump(vm: &Vm, r: &mut Regs, target: usize, sense: bool) -> Flow {
    // SAFETY: the value is owned by the stack.
    unsafe {
        let truth = attempt!(truth_of_top(vm, r));
        if truth == sense {
            r.jump(target);
        }
        let value = r.pop();
        if !value.object().is_immortal() {
            r.save(vm);
            value.object().dec();
        }
        Flow::Next
    }
}

unsafe fn pop_jump_none(vm: &Vm, r: &mut Regs, target: usize, sense: bool) -> Flow {
    // SAFETY: the value is owned by the stack.
    unsafe {
        let value = r.pop();
        if vm.is_none(value.object()) == sense {
            r.jump(target);
        }
        r.save(vm);
        value.object().dec();
        Flow::Next
    }
}

/// A jump on a local, which has a count of its own while it is asked; the target stands in the next word.
unsafe fn jump_on_local(
    vm: &Vm,
    r: &mut Regs,
    local: usize,
    taken: impl FnOnce(&viv_heap::Object) -> PyResult<bool>,
) -> Flow {
    // SAFETY: the operands are in range.
    unsafe {
        let word = *r.local(local);
        if word.is_null() {
            return names::unbound(vm, *r, local);
        }
        let value = word.object().to_ref();
        r.save(vm);
        let taken = attempt!(taken(&value));
        jump_on(r, taken, 8)
    }
}

unsafe fn jump_or_pop(vm: &Vm, r: &mut Regs, target: usize, sense: bool) -> Flow {
    // SAFETY: the value is owned by the stack.
    unsafe {
        if attempt!(truth_of_top(vm, r)) == sense {
            r.jump(target);
        } else {
            let value = r.pop();
            r.save(vm);
            value.object().dec();
        }
        Flow::Next
    }
}

unsafe fn unary(vm: &Vm, r: &mut Regs, f: fn(&Vm, &viv_heap::Object) -> PyResult) -> Flow {
    // SAFETY: the value is owned by the stack.
    unsafe {
        r.save(vm);
        let result = f(vm, r.top(1));
        r.finish(1, result)
    }
}

#[cold]
#[inline(never)]
fn unknown(vm: &Vm, i: Instr) -> Flow {
    let text = match (i.opcode(), i.w()) {
        (viv_bytecode::portable::REFUSED, 0) => {
            "the instructions of this code object did not come from this interpreter's compiler: it cannot run them".to_owned()
        }
        (viv_bytecode::portable::REFUSED, number) => format!("unknown opcode {number}"),
        (op, _) => format!("unknown opcode {op}"),
    };
    failed(vm.system_error(text))
}

/// One instruction, whatever its operands are: the general handlers, which also raise and fill the caches.
#[inline(never)]
pub(super) unsafe fn step(vm: &Vm, r: &mut Regs, i: Instr) -> Flow {
    let Some(op) = Op::from_u8(i.opcode()) else {
        return unknown(vm, i);
    };
    // SAFETY: the verifier has shown that operands are in range and that the stack holds what each opcode takes.
    unsafe {
        match op {
            Op::NOP => Flow::Next,
            Op::READ_BODY => {
                r.save(vm);
                let code = &*(*r.frame).code;
                attempt!(code.ready(vm));
                (*r.frame).start = code.start.get();
                (*r.frame).consts = code.const_words.get();
                r.pc = code.start.get();
                Flow::Next
            }
            Op::RESUME | Op::JUMP_BACKWARD => {
                // An interrupt comes at the jump, not at what it leads to.
                if vm.breaker_set() {
                    r.save(vm);
                    attempt!(vm.handle_breaker());
                }
                if op == Op::JUMP_BACKWARD {
                    r.jump(i.w());
                }
                Flow::Next
            }
            Op::POP_TOP => {
                let word = r.pop();
                r.save(vm);
                if !word.is_null() {
                    word.object().dec();
                }
                Flow::Next
            }
            Op::COPY => {
                let word = r.peek(i.w());
                if !word.is_null() {
                    word.object().inc();
                }
                r.push(word);
                Flow::Next
            }
            Op::SWAP => {
                let (top, other) = (r.peek(1), r.peek(i.w()));
                r.put(1, other);
                r.put(i.w(), top);
                Flow::Next
            }
            Op::PUSH_NULL => {
                r.push(Raw::NULL);
                Flow::Next
            }
            Op::LOAD_CONST => {
                r.push(owned(r.constant(i.w())));
                Flow::Next
            }
            Op::LOAD_FAST => {
                let value = local!(vm, r, i.w());
                r.push(owned(value));
                Flow::Next
            }
            Op::LOAD_FAST_AND_CLEAR => {
                let word = std::mem::replace(&mut *r.local(i.w()), Raw::NULL);
                r.push(word);
                Flow::Next
            }
            Op::STORE_FAST => {
                let word = r.pop();
                let old = std::mem::replace(&mut *r.local(i.w()), word);
                arith::release(vm, r, old);
                Flow::Next
            }
            Op::DELETE_FAST => {
                let old = std::mem::replace(&mut *r.local(i.w()), Raw::NULL);
                if old.is_null() {
                    return names::unbound(vm, *r, i.w());
                }
                arith::release(vm, r, old);
                Flow::Next
            }
            Op::MAKE_CELL => names::make_cell(vm, r, i.w()),
            Op::COPY_FREE_VARS => names::copy_free_vars(vm, r, i.w()),
            Op::LOAD_CLOSURE => {
                let value = local!(vm, r, i.w());
                r.push(owned(value));
                Flow::Next
            }
            Op::LOAD_DEREF => names::load_deref(vm, r, i.w()),
            Op::STORE_DEREF => names::store_deref(vm, r, i.w()),
            Op::DELETE_DEREF => names::delete_deref(vm, r, i.w()),
            Op::LOAD_FROM_DICT_OR_DEREF => names::load_from_mapping(vm, r, i.w(), true),
            Op::LOAD_FROM_DICT_OR_GLOBALS => names::load_from_mapping(vm, r, i.w(), false),
            Op::LOAD_LOCALS => names::load_locals(vm, r),
            Op::LOAD_NAME => names::load_name(vm, r, i.w()),
            Op::STORE_NAME => names::store_name(vm, r, i.w()),
            Op::DELETE_NAME => names::delete_name(vm, r, i.w()),
            Op::LOAD_GLOBAL | Op::LOAD_GLOBAL_MODULE | Op::LOAD_GLOBAL_BUILTIN => {
                names::load_global(vm, r, i.w(), false)
            }
            Op::LOAD_GLOBAL_NULL | Op::LOAD_GLOBAL_NULL_MODULE | Op::LOAD_GLOBAL_NULL_BUILTIN => {
                names::load_global(vm, r, i.w(), true)
            }
            Op::STORE_GLOBAL => names::store_global(vm, r, i.w()),
            Op::DELETE_GLOBAL => names::delete_global(vm, r, i.w()),
            Op::LOAD_BUILD_CLASS => names::load_build_class(vm, r),
            Op::LOAD_COMMON_CONSTANT => names::load_common(vm, r, i.w()),

            Op::LOAD_ATTR
            | Op::LOAD_ATTR_INLINE
            | Op::LOAD_ATTR_SLOT
            | Op::LOAD_ATTR_CLASS
            | Op::LOAD_ATTR_MODULE
            | Op::LOAD_ATTR_PROPERTY
            | Op::LOAD_ATTR_TYPE => attr::load_attr(vm, r, i.w()),
            Op::LOAD_METHOD
            | Op::LOAD_METHOD_CLASS
            | Op::LOAD_METHOD_MODULE
            | Op::LOAD_METHOD_TYPE => attr::load_method(vm, r, i.w()),
            Op::STORE_ATTR | Op::STORE_ATTR_INLINE | Op::STORE_ATTR_SLOT => {
                attr::store_attr(vm, r, i.w())
            }
            Op::LOAD_ATTR_L
            | Op::LOAD_ATTR_L_INLINE
            | Op::LOAD_ATTR_L_SLOT
            | Op::LOAD_ATTR_L_PROPERTY
            | Op::LOAD_ATTR_L_CLASS => attr::load_attr_local(vm, r, i.a(), i.bx()),
            Op::LOAD_METHOD_L | Op::LOAD_METHOD_L_CLASS => {
                attr::load_method_local(vm, r, i.a(), i.bx())
            }
            Op::STORE_ATTR_L | Op::STORE_ATTR_L_INLINE | Op::STORE_ATTR_L_SLOT => {
                attr::store_attr_local(vm, r, i.a(), i.bx())
            }
            Op::DELETE_ATTR => attr::delete_attr(vm, r, i.w()),
            Op::LOAD_SUPER_ATTR => attr::load_super(vm, r, i.w(), false, false),
            Op::LOAD_ZERO_SUPER_ATTR => attr::load_super(vm, r, i.w(), true, false),
            Op::LOAD_SUPER_METHOD => attr::load_super(vm, r, i.w(), false, true),
            Op::LOAD_ZERO_SUPER_METHOD => attr::load_super(vm, r, i.w(), true, true),

            Op::BINARY_OP => {
                let result = operate(vm, r, r.top(2), r.top(1), i.w());
                replace_operands(r, result)
            }
            Op::COMPARE_OP => {
                let result = arith::compare(vm, r, r.top(2), r.top(1), i.w());
                replace_two(r, result)
            }
            Op::IS_OP => {
                let same = r.top(2).is(r.top(1));
                r.save(vm);
                r.finish(2, Ok(vm.bool(same == (i.w() == 0))))
            }
            Op::CONTAINS_OP => {
                r.save(vm);
                let result = protocol::contains(vm, r.top(1), r.top(2))
                    .map(|found| vm.bool(found == (i.w() == 0)));
                r.finish(2, result)
            }
            Op::UNARY_NEGATIVE => unary(vm, r, protocol::negative),
            Op::UNARY_POSITIVE => unary(vm, r, protocol::positive),
            Op::UNARY_INVERT => unary(vm, r, protocol::invert),
            Op::UNARY_NOT => {
                let truth = attempt!(truth_of_top(vm, r));
                r.save(vm);
                r.finish(1, Ok(vm.bool(!truth)))
            }
            Op::BINARY_SUBSCR => {
                let result = subscript(vm, r, r.top(2), r.top(1));
                replace_two(r, result)
            }
            Op::STORE_SUBSCR => {
                attempt!(store_subscript(vm, r, r.top(2), r.top(1), r.top(3)));
                r.drop_top();
                r.drop_top();
                r.drop_top();
                Flow::Next
            }
            Op::DELETE_SUBSCR => {
                r.save(vm);
                attempt!(protocol::del_item(vm, r.top(2), r.top(1)));
                r.drop_top();
                r.drop_top();
                Flow::Next
            }
            Op::BUILD_SLICE => build::build_slice(vm, r, i.w()),
            Op::BINARY_SLICE => build::binary_slice(vm, r),
            Op::STORE_SLICE => build::store_slice(vm, r),

            Op::JUMP => {
                r.jump(i.w());
                Flow::Next
            }
            Op::POP_JUMP_IF_FALSE => pop_jump(vm, r, i.w(), false),
            Op::POP_JUMP_IF_TRUE => pop_jump(vm, r, i.w(), true),
            Op::JUMP_IF_FALSE_L => jump_on_local(vm, r, i.a(), |x| {
                protocol::is_true(vm, x).map(|truth| !truth)
            }),
            Op::JUMP_IF_TRUE_L => jump_on_local(vm, r, i.a(), |x| protocol::is_true(vm, x)),
            Op::JUMP_IF_NONE_L => jump_on_local(vm, r, i.a(), |x| Ok(vm.is_none(x))),
            Op::JUMP_IF_NOT_NONE_L => jump_on_local(vm, r, i.a(), |x| Ok(!vm.is_none(x))),
            Op::POP_JUMP_IF_NONE => pop_jump_none(vm, r, i.w(), true),
            Op::POP_JUMP_IF_NOT_NONE => pop_jump_none(vm, r, i.w(), false),
            Op::JUMP_IF_FALSE_OR_POP => jump_or_pop(vm, r, i.w(), false),
            Op::JUMP_IF_TRUE_OR_POP => jump_or_pop(vm, r, i.w(), true),
            Op::GET_ITER => control::get_iter(vm, r),
            Op::GET_YIELD_FROM_ITER => control::get_yield_from_iter(vm, r),
            Op::FOR_ITER => control::for_iter(vm, r, i.w()),
            Op::FOR_ITER_STORE => control::for_iter_store(vm, r, i.a()),

            Op::BUILD_TUPLE => build::build_tuple(vm, r, i.w()),
            Op::BUILD_LIST => build::build_list(vm, r, i.w()),
            Op::BUILD_SET => build::build_set(vm, r, i.w()),
            Op::BUILD_MAP => build::build_map(vm, r, i.w()),
            Op::BUILD_STRING => build::build_string(vm, r, i.w()),
            Op::LIST_APPEND => build::list_append(vm, r, i.w()),
            Op::SET_ADD => build::set_add(vm, r, i.w()),
            Op::MAP_ADD => build::map_add(vm, r, i.w()),
            Op::LIST_EXTEND => build::list_extend(vm, r, i.w()),
            Op::SET_UPDATE => build::set_update(vm, r, i.w()),
            Op::DICT_UPDATE => build::dict_update(vm, r, i.w()),
            Op::DICT_MERGE => build::dict_merge(vm, r, i.w()),
            Op::UNPACK_SEQUENCE => build::unpack_sequence(vm, r, i.w()),
            Op::UNPACK_EX => build::unpack_ex(vm, r, i.a(), i.b()),
            Op::FORMAT_SIMPLE => build::format_simple(vm, r),
            Op::FORMAT_WITH_SPEC => build::format_with_spec(vm, r),
            Op::CONVERT_VALUE => build::convert_value(vm, r, i.w()),
            Op::BUILD_INTERPOLATION => intrinsic::build_interpolation(vm, r, i.w()),
            Op::BUILD_TEMPLATE => intrinsic::build_template(vm, r),

            Op::CALL | Op::CALL_PY_EXACT | Op::CALL_NATIVE | Op::CALL_CLASS_INIT => {
                r.skip(2);
                call::call(vm, r, i.w())
            }
            Op::CALL_KW => call::call_kw(vm, r, i.w()),
            Op::CALL_FUNCTION_EX => call::call_ex(vm, r, i.w() != 0),
            Op::MAKE_FUNCTION => build::make_function(vm, r),
            Op::SET_FUNCTION_ATTRIBUTE => build::set_function_attribute(vm, r, i.w()),
            Op::RETURN_VALUE => {
                let result = r.pop();
                leave(vm, r, result)
            }
            Op::RETURN_CONST => {
                let result = owned(r.constant(i.w()));
                leave(vm, r, result)
            }
            Op::RETURN_FAST => {
                let place = r.local(i.w());
                if (*place).is_null() {
                    return names::unbound(vm, *r, i.w());
                }
                // Somebody who holds the frame object still sees the local.
                let result = if (*r.frame).frame_object.is_null() {
                    std::mem::replace(&mut *place, Raw::NULL)
                } else {
                    owned((*place).object())
                };
                leave(vm, r, result)
            }
            Op::RETURN_GENERATOR => generator::return_generator(vm, r),
            Op::YIELD_VALUE => generator::yield_value(vm, r, i.w() != 0),
            Op::SEND => control::send(vm, r, i.w()),
            Op::END_SEND => control::end_send(r),
            Op::CLEANUP_THROW => control::cleanup_throw(vm, r),
            Op::GET_AWAITABLE => control::get_awaitable(vm, r, i.w()),
            Op::GET_AITER => control::get_aiter(vm, r),
            Op::GET_ANEXT => control::get_anext(vm, r),
            Op::END_ASYNC_FOR => control::end_async_for(vm, r),
            Op::RAISE_VARARGS => control::raise(vm, r, i.w()),
            Op::RERAISE => control::reraise(vm, r),
            Op::PUSH_EXC_INFO => control::push_exc_info(vm, r),
            Op::POP_EXCEPT => control::pop_except(vm, r),
            Op::CHECK_EXC_MATCH => control::check_exc_match(vm, r),
            Op::CHECK_EG_MATCH => control::check_eg_match(vm, r),
            Op::BEFORE_WITH => control::before_with(vm, r, false),
            Op::BEFORE_ASYNC_WITH => control::before_with(vm, r, true),
            Op::WITH_EXCEPT_START => control::with_except_start(vm, r),
            Op::IMPORT_NAME => names::import_name(vm, r, i.w()),
            Op::IMPORT_FROM => names::import_from(vm, r, i.w()),
            Op::MATCH_MAPPING => control::match_trait(vm, r, control::MAPPING),
            Op::MATCH_SEQUENCE => control::match_trait(vm, r, control::SEQUENCE),
            Op::MATCH_KEYS => matching::match_keys(vm, r),
            Op::MATCH_CLASS => matching::match_class(vm, r, i.w()),
            Op::GET_LEN => control::get_len(vm, r),
            Op::CALL_INTRINSIC_1 => intrinsic::call_1(vm, r, i.w()),
            Op::CALL_INTRINSIC_2 => intrinsic::call_2(vm, r, i.w()),
            Op::SETUP_ANNOTATIONS => intrinsic::setup_annotations(vm, r),

            Op::LOAD_FAST_LOAD_FAST => {
                let (a, b) = (local!(vm, r, i.a()), local!(vm, r, i.b()));
                r.push(owned(a));
                r.push(owned(b));
                Flow::Next
            }
            Op::LOAD_FAST_LOAD_CONST => {
                let a = local!(vm, r, i.a());
                r.push(owned(a));
                r.push(owned(r.constant(i.b())));
                Flow::Next
            }
            Op::STORE_FAST_LOAD_FAST => {
                let word = r.pop();
                let old = std::mem::replace(&mut *r.local(i.a()), word);
                arith::release(vm, r, old);
                let value = local!(vm, r, i.b());
                r.push(owned(value));
                Flow::Next
            }
            Op::STORE_FAST_STORE_FAST => {
                let word = r.pop();
                let old = std::mem::replace(&mut *r.local(i.a()), word);
                arith::release(vm, r, old);
                let word = r.pop();
                let old = std::mem::replace(&mut *r.local(i.b()), word);
                arith::release(vm, r, old);
                Flow::Next
            }
            Op::MOVE_FAST => {
                let value = owned(local!(vm, r, i.a()));
                let old = std::mem::replace(&mut *r.local(i.b()), value);
                arith::release(vm, r, old);
                Flow::Next
            }
            Op::STORE_CONST_FAST => {
                let value = owned(r.constant(i.b()));
                let old = std::mem::replace(&mut *r.local(i.a()), value);
                arith::release(vm, r, old);
                Flow::Next
            }
            Op::BINARY_OP_LL => {
                let result = operate(vm, r, local!(vm, r, i.a()), local!(vm, r, i.b()), i.c());
                push_result(r, result)
            }
            Op::BINARY_OP_LC => {
                let result = operate(vm, r, local!(vm, r, i.a()), r.constant(i.b()), i.c());
                push_result(r, result)
            }
            Op::BINARY_OP_SL => {
                let result = operate(vm, r, r.top(1), local!(vm, r, i.b()), i.c());
                replace_top(r, result)
            }
            Op::BINARY_OP_SC => {
                let result = operate(vm, r, r.top(1), r.constant(i.b()), i.c());
                replace_top(r, result)
            }
            Op::ADD => {
                let result = add(vm, r, r.top(2), r.top(1));
                replace_operands(r, result)
            }
            Op::ADD_LL => {
                let result = add(vm, r, local!(vm, r, i.a()), local!(vm, r, i.b()));
                push_result(r, result)
            }
            Op::ADD_LC => {
                let result = add(vm, r, local!(vm, r, i.a()), r.constant(i.b()));
                push_result(r, result)
            }
            Op::ADD_SL => {
                let result = add(vm, r, r.top(1), local!(vm, r, i.b()));
                replace_top(r, result)
            }
            Op::ADD_SC => {
                let result = add(vm, r, r.top(1), r.constant(i.b()));
                replace_top(r, result)
            }
            Op::ADD_LL_STORE => {
                let result = add(vm, r, local!(vm, r, i.a()), local!(vm, r, i.b()));
                store(vm, r, i.c(), result)
            }
            Op::ADD_LC_STORE => {
                let result = add(vm, r, local!(vm, r, i.a()), r.constant(i.b()));
                store(vm, r, i.c(), result)
            }
            Op::ADD_SL_STORE => {
                let result = add(vm, r, r.top(1), local!(vm, r, i.b()));
                store_drop(vm, r, i.c(), result)
            }
            Op::ADD_SC_STORE => {
                let result = add(vm, r, r.top(1), r.constant(i.b()));
                store_drop(vm, r, i.c(), result)
            }
            Op::ADD_SS_STORE => {
                let result = add(vm, r, r.top(2), r.top(1));
                store_drop_two(vm, r, i.w(), result)
            }
            Op::IADD_LL_STORE => {
                let result = iadd(vm, r, local!(vm, r, i.a()), local!(vm, r, i.b()));
                store(vm, r, i.c(), result)
            }
            Op::IADD_LC_STORE => {
                let result = iadd(vm, r, local!(vm, r, i.a()), r.constant(i.b()));
                store(vm, r, i.c(), result)
            }
            Op::IADD_LS_STORE => {
                let result = iadd(vm, r, local!(vm, r, i.a()), r.top(1));
                store_drop(vm, r, i.c(), result)
            }
            Op::ISUB_LL_STORE => {
                let result = isub(vm, r, local!(vm, r, i.a()), local!(vm, r, i.b()));
                store(vm, r, i.c(), result)
            }
            Op::ISUB_LC_STORE => {
                let result = isub(vm, r, local!(vm, r, i.a()), r.constant(i.b()));
                store(vm, r, i.c(), result)
            }
            Op::SUB => {
                let result = sub(vm, r, r.top(2), r.top(1));
                replace_operands(r, result)
            }
            Op::SUB_LL => {
                let result = sub(vm, r, local!(vm, r, i.a()), local!(vm, r, i.b()));
                push_result(r, result)
            }
            Op::SUB_LC => {
                let result = sub(vm, r, local!(vm, r, i.a()), r.constant(i.b()));
                push_result(r, result)
            }
            Op::SUB_SL => {
                let result = sub(vm, r, r.top(1), local!(vm, r, i.b()));
                replace_top(r, result)
            }
            Op::SUB_SC => {
                let result = sub(vm, r, r.top(1), r.constant(i.b()));
                replace_top(r, result)
            }
            Op::SUB_LL_STORE => {
                let result = sub(vm, r, local!(vm, r, i.a()), local!(vm, r, i.b()));
                store(vm, r, i.c(), result)
            }
            Op::SUB_LC_STORE => {
                let result = sub(vm, r, local!(vm, r, i.a()), r.constant(i.b()));
                store(vm, r, i.c(), result)
            }
            Op::SUB_SL_STORE => {
                let result = sub(vm, r, r.top(1), local!(vm, r, i.b()));
                store_drop(vm, r, i.c(), result)
            }
            Op::SUB_SS_STORE => {
                let result = sub(vm, r, r.top(2), r.top(1));
                store_drop_two(vm, r, i.w(), result)
            }
            Op::MUL => {
                let result = mul(vm, r, r.top(2), r.top(1));
                replace_operands(r, result)
            }
            Op::MUL_LL => {
                let result = mul(vm, r, local!(vm, r, i.a()), local!(vm, r, i.b()));
                push_result(r, result)
            }
            Op::MUL_LC => {
                let result = mul(vm, r, local!(vm, r, i.a()), r.constant(i.b()));
                push_result(r, result)
            }
            Op::MUL_SL => {
                let result = mul(vm, r, r.top(1), local!(vm, r, i.b()));
                replace_top(r, result)
            }
            Op::MUL_SC => {
                let result = mul(vm, r, r.top(1), r.constant(i.b()));
                replace_top(r, result)
            }
            Op::MUL_LL_STORE => {
                let result = mul(vm, r, local!(vm, r, i.a()), local!(vm, r, i.b()));
                store(vm, r, i.c(), result)
            }
            Op::MUL_SL_STORE => {
                let result = mul(vm, r, r.top(1), local!(vm, r, i.b()));
                store_drop(vm, r, i.c(), result)
            }
            Op::MUL_SS_STORE => {
                let result = mul(vm, r, r.top(2), r.top(1));
                store_drop_two(vm, r, i.w(), result)
            }
            Op::COMPARE_JUMP => {
                let truth = attempt!(arith::compare_truth(vm, r, r.top(2), r.top(1), i.c() & 7));
                let flow = jump_on(r, truth, i.c());
                r.drop_top();
                r.drop_top();
                flow
            }
            Op::COMPARE_JUMP_LL => {
                let truth = attempt!(arith::compare_truth(
                    vm,
                    r,
                    local!(vm, r, i.a()),
                    local!(vm, r, i.b()),
                    i.c() & 7
                ));
                jump_on(r, truth, i.c())
            }
            Op::COMPARE_JUMP_LC => {
                let truth = attempt!(arith::compare_truth(
                    vm,
                    r,
                    local!(vm, r, i.a()),
                    r.constant(i.b()),
                    i.c() & 7
                ));
                jump_on(r, truth, i.c())
            }
            Op::COMPARE_JUMP_SL => {
                let truth = attempt!(arith::compare_truth(
                    vm,
                    r,
                    r.top(1),
                    local!(vm, r, i.b()),
                    i.c() & 7
                ));
                let flow = jump_on(r, truth, i.c());
                r.drop_top();
                flow
            }
            Op::COMPARE_JUMP_SC => {
                let truth = attempt!(arith::compare_truth(
                    vm,
                    r,
                    r.top(1),
                    r.constant(i.b()),
                    i.c() & 7
                ));
                let flow = jump_on(r, truth, i.c());
                r.drop_top();
                flow
            }
            Op::SUBSCR_LL => {
                let result = subscript(vm, r, local!(vm, r, i.a()), local!(vm, r, i.b()));
                push_result(r, result)
            }
            Op::SUBSCR_LC => {
                let result = subscript(vm, r, local!(vm, r, i.a()), r.constant(i.b()));
                push_result(r, result)
            }
            Op::SUBSCR_LL_STORE => {
                let result = subscript(vm, r, local!(vm, r, i.a()), local!(vm, r, i.b()));
                store(vm, r, i.c(), result)
            }
            Op::SUBSCR_LC_STORE => {
                let result = subscript(vm, r, local!(vm, r, i.a()), r.constant(i.b()));
                store(vm, r, i.c(), result)
            }
            Op::SUBSCR_SL => {
                let result = subscript(vm, r, r.top(1), local!(vm, r, i.b()));
                replace_top(r, result)
            }
            Op::SUBSCR_SC => {
                let result = subscript(vm, r, r.top(1), r.constant(i.b()));
                replace_top(r, result)
            }
            Op::STORE_SUBSCR_LC => {
                attempt!(store_subscript(
                    vm,
                    r,
                    local!(vm, r, i.a()),
                    r.constant(i.b()),
                    r.top(1)
                ));
                r.drop_top();
                Flow::Next
            }
            Op::STORE_SUBSCR_LL => {
                attempt!(store_subscript(
                    vm,
                    r,
                    local!(vm, r, i.a()),
                    local!(vm, r, i.b()),
                    r.top(1)
                ));
                r.drop_top();
                Flow::Next
            }
        }
    }
}
