//! Operations on whatever the operands are, called straight from the quick tier: for what the shorter handlers do not do,
//! where leaving the tier would cost more than the operation.
//!
//! Locals that are operands get a count while the operation runs, for it may run code that assigns to them.

use viv_bytecode::{BinaryOp, CompareOp, Instr, Op};
use viv_heap::{Object, Raw, Ref};

use super::number::{L, Left, OnStack, Right};
use super::{drop_next, drop_opt_next, drop_two_next, fail, handler, next, quick, share, slow};
use crate::eval::operator::{self, Shape};
use crate::eval::regs::Regs;
use crate::eval::stack::record_flags;
use crate::object::{Dict, Function, List, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::ty::slot_functions;
use crate::vm::Vm;

/// Runs an operation on two operands that are not null.
#[inline(always)]
pub(super) unsafe fn apply<A: OnStack, B: OnStack, R>(
    vm: &Vm,
    r: &Regs,
    a: Raw,
    b: Raw,
    operation: impl FnOnce(&Vm, &Object, &Object) -> R,
) -> R {
    // SAFETY: the operands are owned by the stack, or by locals: those get a count of their own here.
    unsafe {
        r.save(vm);
        let keep = (
            (!A::STACK).then(|| a.object().to_ref()),
            (!B::STACK).then(|| b.object().to_ref()),
        );
        let result = operation(vm, a.object(), b.object());
        drop(keep);
        result
    }
}

/// Ends with the result of an operation on two operands.
#[inline(always)]
unsafe fn push_result<A: OnStack, B: OnStack>(
    vm: &Vm,
    mut r: Regs,
    a: Raw,
    b: Raw,
    result: PyResult,
) -> u32 {
    // SAFETY: operands on the stack are owned by it.
    unsafe {
        let Ok(value) = result else {
            return fail(vm, r.pc, r.sp, r.fp, r.frame, 0);
        };
        r.sp = r.sp.sub(A::STACK as usize + B::STACK as usize);
        r.push_ref(value);
        drop_operands::<A, B>(vm, r, a, b)
    }
}

/// Ends by giving up the operands that were on the stack, which has been lowered: the right one first, as CPython does after
/// subscripts and comparisons (after arithmetic it is the left one).
#[inline(always)]
pub(super) unsafe fn drop_operands<A: OnStack, B: OnStack>(
    vm: &Vm,
    r: Regs,
    a: Raw,
    b: Raw,
) -> u32 {
    // SAFETY: as above.
    unsafe {
        match (A::STACK, B::STACK) {
            (false, false) => next(vm, r),
            (true, false) => drop_next(vm, r, a),
            (false, true) => drop_next(vm, r, b),
            (true, true) => drop_two_next(vm, r, b, a),
        }
    }
}

fn get_item(vm: &Vm, container: &Object, key: &Object) -> PyResult {
    if let Some(dict) = container.downcast_exact::<Dict>() {
        return match dict.get(vm, key)? {
            Some(value) => Ok(value),
            None => Err(vm.key_error(key)),
        };
    }
    protocol::get_item(vm, container, key)
}

quick! {
    /// `a[b]`
    pub(super) unsafe fn subscript<A: Left, B: Right>(vm, pc, sp, fp, frame, ins) {
        let r = Regs { pc, sp, fp, frame };
        let i = Instr(ins as u32);
        // SAFETY: as for all handlers.
        unsafe {
            let (a, b) = (A::word::<B>(&r, i), B::word(&r, i));
            if a.is_null() || b.is_null() {
                return slow(vm, r);
            }
            if let Some(function) = python_getitem(vm, a.object()) {
                let started = call_getitem::<A, B>(vm, r, function, a, b, 0);
                if started.frame != r.frame {
                    return next(vm, started);
                }
            }
            let result = apply::<A, B, _>(vm, &r, a, b, get_item);
            push_result::<A, B>(vm, r, a, b, result)
        }
    }
}

quick! {
    /// `c = a[b]`, the operands locals or a constant.
    pub(super) unsafe fn subscript_store<B: Right>(vm, pc, sp, fp, frame, ins) {
        let r = Regs { pc, sp, fp, frame };
        let i = Instr(ins as u32);
        // SAFETY: as for all handlers; the operands are not null.
        unsafe {
            let (a, b) = (*r.local(i.a()), B::word(&r, i));
            if let Some(function) = python_getitem(vm, a.object()) {
                let flags = record_flags::OPERATOR | Shape::TAKEN;
                let started = call_getitem::<L, B>(vm, r, function, a, b, flags);
                if started.frame != r.frame {
                    return next(vm, started);
                }
            }
            let result = apply::<L, B, _>(vm, &r, a, b, get_item);
            let Ok(value) = result else {
                return fail(vm, r.pc, r.sp, r.fp, r.frame, 0);
            };
            let old = std::mem::replace(&mut *r.local(i.c()), value.into_raw());
            drop_opt_next(vm, r, old)
        }
    }
}

/// The Python function that subscripts objects of this type.
#[inline(always)]
fn python_getitem<'a>(vm: &Vm, object: &'a Object) -> Option<&'a Function> {
    let ty = Type::of(object);
    let by_method = ty.slots.getitem.get().is_some_and(|slot| {
        std::ptr::fn_addr_eq(slot, slot_functions::getitem as crate::slots::Binary)
    });
    if !by_method {
        return None;
    }
    vm.type_lookup_borrowed(ty, &vm.names.__getitem__)?
        .downcast_exact::<Function>()
}

/// Starts the frame of `__getitem__`, which returns to the instruction after this one; the same registers where that is
/// left to the general way.
#[inline(always)]
unsafe fn call_getitem<A: OnStack, B: OnStack>(
    vm: &Vm,
    r: Regs,
    function: &Function,
    a: Raw,
    b: Raw,
    flags: u32,
) -> Regs {
    // SAFETY: room for the words and the frame is tested before anything is moved.
    unsafe {
        let Some(code) = operator::startable(vm, &r, function, 2) else {
            return r;
        };
        let base = r.sp.sub(A::STACK as usize + B::STACK as usize);
        // From the top down, for the operands on the stack move up.
        *base.add(2) = if B::STACK { b } else { super::share(b) };
        *base.add(1) = if A::STACK { a } else { super::share(a) };
        *base = crate::eval::regs::owned(&function.head);
        let mut started = r;
        started.sp = base.add(3);
        super::call::push(
            vm,
            &mut started,
            function,
            code,
            base,
            base.add(1),
            2,
            flags,
        );
        started
    }
}

quick! {
    /// `a op b`, pushed.
    pub(super) unsafe fn binary<A: Left, B: Right>(vm, pc, sp, fp, frame, ins) {
        let r = Regs { pc, sp, fp, frame };
        let i = Instr(ins as u32);
        // SAFETY: as for all handlers.
        unsafe {
            let (a, b) = (A::word::<B>(&r, i), B::word(&r, i));
            let number = if A::STACK && B::STACK { i.w() } else { i.c() };
            let Some(op) = BinaryOp::from_u8(number as u8) else {
                return slow(vm, r);
            };
            if a.is_null() || b.is_null() {
                return slow(vm, r);
            }
            if let Some(started) = operator::start::<A, B>(vm, &r, a, b, op, 0) {
                return next(vm, started);
            }
            let result = apply::<A, B, _>(vm, &r, a, b, |vm, a, b| protocol::binary(vm, a, b, op));
            if A::STACK && B::STACK {
                let Ok(value) = result else {
                    return fail(vm, r.pc, r.sp, r.fp, r.frame, 0);
                };
                let mut r = r;
                r.sp = r.sp.sub(2);
                r.push_ref(value);
                // The left operand goes first; those of a comparison or a subscript go the other way.
                return drop_two_next(vm, r, a, b);
            }
            push_result::<A, B>(vm, r, a, b, result)
        }
    }
}

quick! {
    /// `a cmp b`, and the jump.
    pub(super) unsafe fn compare_jump<A: Left, B: Right>(vm, pc, sp, fp, frame, ins) {
        let mut r = Regs { pc, sp, fp, frame };
        let i = Instr(ins as u32);
        // SAFETY: as for all handlers.
        unsafe {
            let (a, b) = (A::word::<B>(&r, i), B::word(&r, i));
            if a.is_null() || b.is_null() {
                return slow(vm, r);
            }
            let truth = apply::<A, B, _>(vm, &r, a, b, |vm, a, b| {
                crate::eval::arith::slow_truth(vm, a, b, i.c() & 7)
            });
            let Ok(truth) = truth else {
                return fail(vm, r.pc, r.sp, r.fp, r.frame, 0);
            };
            if truth == (i.c() & 8 != 0) {
                r.jump(r.extra(0) as usize);
            } else {
                r.skip(1);
            }
            r.sp = r.sp.sub(A::STACK as usize + B::STACK as usize);
            drop_operands::<A, B>(vm, r, a, b)
        }
    }
}

handler! {
    /// COMPARE_OP of anything.
    compare_op |vm, r, i| {
        let (a, b) = (r.peek(2), r.peek(1));
        r.save(vm);
        let op = CompareOp::from_u8(i.w() as u8).unwrap_or(CompareOp::Eq);
        let result = protocol::compare(vm, a.object(), b.object(), op);
        push_result::<super::number::S, super::number::S>(vm, r, a, b, result)
    }
}
handler! {
    contains_op |vm, r, i| {
        let (item, container) = (r.peek(2), r.peek(1));
        r.save(vm);
        match protocol::contains(vm, container.object(), item.object()) {
            Ok(there) => {
                r.sp = r.sp.sub(2);
                r.push(vm.hot.bool(there == (i.w() == 0)));
                drop_two_next(vm, r, container, item)
            }
            Err(_) => fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
        }
    }
}

/// Stores `value` at `a[b]`.
fn set_item(vm: &Vm, container: &Object, key: &Object, value: &Object) -> PyResult<()> {
    if let Some(dict) = container.downcast_exact::<Dict>() {
        return dict.set(vm, key, value);
    }
    protocol::set_item(vm, container, key, value)
}

handler! {
    /// STORE_SUBSCR of anything.
    store_subscr |vm, r, i| {
        let (key, container, value) = (r.peek(1), r.peek(2), r.peek(3));
        if let Some(started) = operator::start_store(vm, &r) {
            return next(vm, started);
        }
        r.save(vm);
        match set_item(vm, container.object(), key.object(), value.object()) {
            Ok(()) => {
                r.sp = r.sp.sub(3);
                // As on CPython: key, container, value.
                if super::last(key) {
                    return super::release_all(vm, r, key, [container, value]);
                }
                drop_two_next(vm, r, container, value)
            }
            Err(_) => fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
        }
    }
}

quick! {
    /// `a[b] = value`, the operands locals or a constant.
    pub(super) unsafe fn store_subscript<A: Left, B: Right>(vm, pc, sp, fp, frame, ins) {
        let mut r = Regs { pc, sp, fp, frame };
        let i = Instr(ins as u32);
        // SAFETY: as for all handlers.
        unsafe {
            let (a, b) = (A::word::<B>(&r, i), B::word(&r, i));
            if a.is_null() || b.is_null() {
                return slow(vm, r);
            }
            let value = r.peek(1);
            let done = apply::<A, B, _>(vm, &r, a, b, |vm, a, b| set_item(vm, a, b, value.object()));
            if done.is_err() {
                return fail(vm, r.pc, r.sp, r.fp, r.frame, 0);
            }
            r.sp = r.sp.sub(1);
            drop_next(vm, r, value)
        }
    }
}

handler! {
    /// POP_JUMP_IF_FALSE and POP_JUMP_IF_TRUE of anything.
    pop_jump |vm, r, i| {
        let word = r.peek(1);
        r.save(vm);
        match protocol::is_true(vm, word.object()) {
            Ok(truth) => {
                if truth == (i.opcode() == viv_bytecode::Op::POP_JUMP_IF_TRUE as u8) {
                    r.jump(i.w());
                }
                r.sp = r.sp.sub(1);
                drop_next(vm, r, word)
            }
            Err(_) => fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
        }
    }
}
handler! {
    /// JUMP_IF_FALSE_L and JUMP_IF_TRUE_L: the local has a count of its own while it is asked.
    jump_on_local |vm, r, i| {
        let word = *r.local(i.a());
        r.push(super::share(word));
        r.save(vm);
        match protocol::is_true(vm, word.object()) {
            Ok(truth) => {
                if truth == (i.opcode() == Op::JUMP_IF_TRUE_L as u8) {
                    r.jump(r.extra(0) as usize);
                } else {
                    r.skip(1);
                }
                r.sp = r.sp.sub(1);
                drop_next(vm, r, word)
            }
            Err(_) => fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
        }
    }
}
handler! {
    unary_not |vm, r, i| {
        let word = r.peek(1);
        r.save(vm);
        match protocol::is_true(vm, word.object()) {
            Ok(truth) => {
                r.put(1, vm.hot.bool(!truth));
                drop_next(vm, r, word)
            }
            Err(_) => fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
        }
    }
}
handler! {
    binary_slice |vm, r, i| {
        let (container, start, stop) = (r.peek(3), r.peek(2), r.peek(1));
        r.save(vm);
        let result = crate::eval::build::slice_of(vm, container.object(), start.object(), stop.object());
        match result {
            Ok(value) => {
                r.sp = r.sp.sub(3);
                r.push_ref(value);
                if super::last(start) {
                    return super::release_all(vm, r, start, [stop, container]);
                }
                drop_two_next(vm, r, stop, container)
            }
            Err(_) => fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
        }
    }
}
handler! {
    store_slice |vm, r, i| {
        let (value, container, start, stop) = (r.peek(4), r.peek(3), r.peek(2), r.peek(1));
        r.save(vm);
        let done = crate::eval::build::set_slice(
            vm,
            container.object(),
            start.object(),
            stop.object(),
            value.object(),
        );
        if done.is_err() {
            return fail(vm, r.pc, r.sp, r.fp, r.frame, 0);
        }
        r.sp = r.sp.sub(4);
        for word in [start, stop] {
            word.object().dec();
        }
        drop_two_next(vm, r, container, value)
    }
}
handler! {
    build_slice |vm, r, i| {
        let n = i.w();
        r.save(vm);
        let none = vm.hot.none();
        let (start, stop, step) = if n == 3 {
            (r.peek(3), r.peek(2), r.peek(1))
        } else {
            (r.peek(2), r.peek(1), none)
        };
        if Instr((*r.pc).get()).op() == Some(Op::BINARY_SUBSCR)
            && let Some(list) = r.peek(n + 1).object().downcast_exact::<List>()
        {
            // The subscription is done as well.
            let top = r.sp;
            r.sp = top.sub(n);
            r.pc = r.pc.add(1);
            r.save(vm);
            return match crate::eval::build::list_part(vm, list, top, n) {
                Ok(part) => {
                    r.sp = r.sp.sub(1);
                    let list = *r.sp;
                    r.push_ref(part);
                    drop_next(vm, r, list)
                }
                Err(_) => fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
            };
        }
        match crate::types::slice::new(vm, start.object(), stop.object(), step.object()) {
            Ok(slice) => {
                r.sp = r.sp.sub(n);
                r.push_ref(slice);
                // The slice has counts of its own: none of these is the last.
                start.object().dec();
                drop_two_next(vm, r, stop, step)
            }
            Err(_) => fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
        }
    }
}

handler! {
    push_exc_info |vm, r, i| {
        let exception = r.peek(1);
        let previous = vm.handled.replace(Some(share(exception).into_ref()));
        let previous = previous.map_or(vm.hot.none(), Ref::into_raw);
        r.put(1, previous);
        r.push(exception);
        next(vm, r)
    }
}

handler! {
    pop_except |vm, r, i| {
        let previous = r.pop();
        let previous = (previous.0 != vm.hot.none().0).then(|| previous.into_ref());
        let handled = vm.handled.replace(previous).map_or(Raw::NULL, Ref::into_raw);
        drop_opt_next(vm, r, handled)
    }
}

handler! {
    /// CHECK_EXC_MATCH of one class of exceptions.
    check_exc_match |vm, r, i| {
        let class = r.peek(1);
        let Some(ty) = class.object().downcast::<Type>() else {
            return super::bridge::check_exc_match(vm, r.pc, r.sp, r.fp, r.frame, u64::from(i.0));
        };
        let raised = Type::of(r.peek(2).object());
        if !raised.is(ty) && !ty.is_subtype(&vm.types.base_exception) {
            return super::bridge::check_exc_match(vm, r.pc, r.sp, r.fp, r.frame, u64::from(i.0));
        }
        let matches = raised.is(ty) || raised.is_subtype(ty);
        r.put(1, vm.hot.bool(matches));
        drop_next(vm, r, class)
    }
}
