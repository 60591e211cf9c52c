//! Arithmetic and comparisons of ints of 64 bits and floats.
//!
//! A result goes into the box of an operand that nobody else has, or into the old box of the local that is assigned:
//! never where somebody has asked for the box's identity, nor while the heap's allocations are listened to (both are in
//! the mask that [`Hot::reuse`](crate::eval::hot::Hot::reuse) points to).

use std::marker::PhantomData;

use viv_bytecode::{BinaryOp, Instr};
use viv_heap::{Flags, Object, Raw};

use super::{
    drop_next, drop_opt_next, fail, general, last, next, quick, release, release_all, slow,
};
use crate::eval::arith::{FLOAT, INT, INT_MASK, STR, float_op, int_op, ordered};
use crate::eval::operator::{self, Shape};
use crate::eval::regs::Regs;
use crate::object::{Float, Int, Str};
use crate::protocol;
use crate::vm::Vm;

/// A number out of its box.
#[derive(Clone, Copy)]
pub(super) enum Number {
    Int(i64),
    Float(f64),
}

#[inline(always)]
unsafe fn int(word: Raw) -> i64 {
    // SAFETY: the kind has been tested.
    unsafe { word.object().downcast_unchecked::<Int>().raw_value() }
}

#[inline(always)]
unsafe fn float(word: Raw) -> f64 {
    // SAFETY: the kind has been tested.
    unsafe { word.object().downcast_unchecked::<Float>().value() }
}

/// Whether an operand is on the stack, whichever side it stands on.
pub(in crate::eval) trait OnStack {
    const STACK: bool;
    /// Whether there may be no value.
    const UNBOUND: bool = false;
}
impl OnStack for L {
    const STACK: bool = false;
    const UNBOUND: bool = true;
}
impl OnStack for C {
    const STACK: bool = false;
}
impl OnStack for S {
    const STACK: bool = true;
}

/// Where the left operand is.
pub(super) trait Left: OnStack {
    unsafe fn word<R: Right>(r: &Regs, i: Instr) -> Raw;
}
/// Where the right operand is.
pub(super) trait Right: OnStack {
    unsafe fn word(r: &Regs, i: Instr) -> Raw;
}
/// The local `a` on the left, `b` on the right.
pub(super) struct L;
/// The constant `b`.
pub(super) struct C;
/// The evaluation stack.
pub(super) struct S;

impl Left for L {
    #[inline(always)]
    unsafe fn word<R: Right>(r: &Regs, i: Instr) -> Raw {
        // SAFETY: the operand is a local's number.
        unsafe { *r.local(i.a()) }
    }
}
impl Left for S {
    #[inline(always)]
    unsafe fn word<R: Right>(r: &Regs, _: Instr) -> Raw {
        // SAFETY: the operand is on the stack, below the right one if that is there as well.
        unsafe { r.peek(if R::STACK { 2 } else { 1 }) }
    }
}
impl Right for L {
    #[inline(always)]
    unsafe fn word(r: &Regs, i: Instr) -> Raw {
        // SAFETY: the operand is a local's number.
        unsafe { *r.local(i.b()) }
    }
}
impl Right for C {
    #[inline(always)]
    unsafe fn word(r: &Regs, i: Instr) -> Raw {
        // SAFETY: the operand is a constant's number.
        unsafe { r.constant_word(i.b()) }
    }
}
impl Right for S {
    #[inline(always)]
    unsafe fn word(r: &Regs, _: Instr) -> Raw {
        // SAFETY: the operand is on the stack.
        unsafe { r.peek(1) }
    }
}

/// Where the result goes.
pub(super) trait Dest {
    /// It as a flag of [`Shape`].
    const SHAPE: u32;
    /// The local, if it goes to one.
    fn local(i: Instr) -> Option<usize>;
}
/// To the stack.
pub(super) struct Push;
/// To the local `c`.
pub(super) struct ToC;
/// To the local `w`.
pub(super) struct ToW;
impl Dest for Push {
    const SHAPE: u32 = 0;
    #[inline(always)]
    fn local(_: Instr) -> Option<usize> {
        None
    }
}
impl Dest for ToC {
    const SHAPE: u32 = Shape::TO_C;
    #[inline(always)]
    fn local(i: Instr) -> Option<usize> {
        Some(i.c())
    }
}
impl Dest for ToW {
    const SHAPE: u32 = Shape::TO_W;
    #[inline(always)]
    fn local(i: Instr) -> Option<usize> {
        Some(i.w())
    }
}

/// An operation; nothing where the general handler must do it.
pub(super) trait Operation {
    /// Whether the instruction carries the operator's number: then anything else is done by [`general::binary`].
    const NUMBERED: bool = false;
    /// The operator, where it is always the same one and never in place: [`other`] does what is no number.
    const OPERATOR: Option<BinaryOp> = None;
    /// Whether it is the addition.
    const APPENDS: bool = false;
    fn ints(i: Instr, x: i64, y: i64) -> Option<Number>;
    fn floats(i: Instr, x: f64, y: f64) -> Option<f64>;
}
pub(super) struct Add;
pub(super) struct Sub;
pub(super) struct Mul;
/// The operator whose number is in the field `c`, or `w` for operands on the stack.
pub(super) struct ByNumber<W>(PhantomData<W>);

macro_rules! operation {
    ($name:ident $checked:ident $op:tt) => {
        impl Operation for $name {
            const OPERATOR: Option<BinaryOp> = Some(BinaryOp::$name);
            const APPENDS: bool = matches!(BinaryOp::$name, BinaryOp::Add);
            #[inline(always)]
            fn ints(_: Instr, x: i64, y: i64) -> Option<Number> {
                x.$checked(y).map(Number::Int)
            }
            #[inline(always)]
            fn floats(_: Instr, x: f64, y: f64) -> Option<f64> {
                Some(x $op y)
            }
        }
    };
}
operation!(Add checked_add +);
operation!(Sub checked_sub -);
operation!(Mul checked_mul *);

/// An operation in place: on numbers it is the plain one.
pub(super) struct InPlace<O>(PhantomData<O>);
impl<O: Operation> Operation for InPlace<O> {
    const APPENDS: bool = O::APPENDS;
    #[inline(always)]
    fn ints(i: Instr, x: i64, y: i64) -> Option<Number> {
        O::ints(i, x, y)
    }
    #[inline(always)]
    fn floats(i: Instr, x: f64, y: f64) -> Option<f64> {
        O::floats(i, x, y)
    }
}

impl<W: Dest> Operation for ByNumber<W> {
    const NUMBERED: bool = true;
    #[inline(always)]
    fn ints(i: Instr, x: i64, y: i64) -> Option<Number> {
        const EXACT: u64 = 1 << 53;
        let op = W::local(i)?;
        if op % 13 == BinaryOp::TrueDiv as usize {
            let exact = y != 0 && x.unsigned_abs() <= EXACT && y.unsigned_abs() <= EXACT;
            return exact.then(|| Number::Float(x as f64 / y as f64));
        }
        int_op(x, y, op).map(Number::Int)
    }
    #[inline(always)]
    fn floats(i: Instr, x: f64, y: f64) -> Option<f64> {
        float_op(x, y, W::local(i)?)
    }
}

/// Whether an operand is a local that is not bound.
#[inline(always)]
fn unbound<A: Left, B: Right>(a: Raw, b: Raw) -> bool {
    A::UNBOUND && a.is_null() || B::UNBOUND && b.is_null()
}

/// An int as a float operand, if that is exact.
#[inline(always)]
fn widen(n: i64) -> Option<f64> {
    (n.unsigned_abs() <= 1 << 53).then_some(n as f64)
}

quick! {
    /// The handler of an operation.
    pub(super) unsafe fn binary<O: Operation, A: Left, B: Right, D: Dest>(vm, pc, sp, fp, frame, ins) {
        let r = Regs { pc, sp, fp, frame };
        let i = Instr(ins as u32);
        // SAFETY: as for all handlers; a local may be unbound.
        unsafe {
            let (a, b) = (A::word::<B>(&r, i), B::word(&r, i));
            if unbound::<A, B>(a, b) {
                return slow(vm, r);
            }
            let (x, y) = (a.object().flags(), b.object().flags());
            if x & INT_MASK == INT {
                if y & INT_MASK == INT {
                    return match O::ints(i, int(a), int(b)) {
                        Some(Number::Int(n)) => deliver_int::<A, B, D>(vm, r, i, a, b, n),
                        Some(Number::Float(z)) => deliver::<Float, A, B, D>(vm, r, i, a, b, z),
                        None => slow(vm, r),
                    };
                }
                if y & Flags::EXACT_KIND == FLOAT
                    && let Some(n) = widen(int(a))
                    && let Some(z) = O::floats(i, n, float(b))
                {
                    return deliver::<Float, A, B, D>(vm, r, i, a, b, z);
                }
            } else if x & Flags::EXACT_KIND == FLOAT {
                if y & Flags::EXACT_KIND == FLOAT {
                    if let Some(z) = O::floats(i, float(a), float(b)) {
                        return deliver::<Float, A, B, D>(vm, r, i, a, b, z);
                    }
                } else if y & INT_MASK == INT
                    && let Some(n) = widen(int(b))
                    && let Some(z) = O::floats(i, float(a), n)
                {
                    return deliver::<Float, A, B, D>(vm, r, i, a, b, z);
                }
            }
            if O::NUMBERED {
                return general::binary::<A, B>(vm, pc, sp, fp, frame, ins);
            }
            if O::APPENDS && !A::STACK && x & Flags::EXACT_KIND == STR {
                return append::<A, B, D>(vm, pc, sp, fp, frame, ins);
            }
            if O::OPERATOR.is_some() {
                return other::<O, A, B, D>(vm, pc, sp, fp, frame, ins);
            }
            slow(vm, r)
        }
    }
}

quick! {
    /// `local = local + b` of a string: it grows in place where nobody else has it.
    unsafe fn append<A: Left, B: Right, D: Dest>(vm, pc, sp, fp, frame, ins) {
        let mut r = Regs { pc, sp, fp, frame };
        let i = Instr(ins as u32);
        // SAFETY: as for `binary`, which has shown that both operands are there; the local's word is replaced at once.
        unsafe {
            let (a, b) = (A::word::<B>(&r, i), B::word(&r, i));
            let Some(more) = b.object().downcast_exact::<Str>() else {
                return slow(vm, r);
            };
            if D::local(i) == Some(i.a())
                && let Some(grown) = Str::append_in_place(vm, a, more)
            {
                *r.local(i.a()) = grown;
                r.sp = r.sp.sub(B::STACK as usize);
                return drop_operands::<A, B>(vm, r, a, b);
            }
            match general::apply::<A, B, _>(vm, &r, a, b, |vm, _, _| {
                crate::types::str::concat(vm, a.object().downcast_unchecked(), more)
            }) {
                Ok(value) => finish::<A, B, D>(vm, &mut r, i, a, b, value.into_raw()),
                Err(_) => fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
            }
        }
    }
}

quick! {
    /// An operation whose operands are no numbers.
    unsafe fn other<O: Operation, A: Left, B: Right, D: Dest>(vm, pc, sp, fp, frame, ins) {
        let mut r = Regs { pc, sp, fp, frame };
        let i = Instr(ins as u32);
        // SAFETY: as for `binary`, which has shown that both operands are there.
        unsafe {
            let (a, b) = (A::word::<B>(&r, i), B::word(&r, i));
            let Some(operator) = O::OPERATOR else {
                return slow(vm, r);
            };
            if let Some(started) = operator::start::<A, B>(vm, &r, a, b, operator, D::SHAPE) {
                return next(vm, started);
            }
            match general::apply::<A, B, _>(vm, &r, a, b, |vm, a, b| {
                protocol::binary(vm, a, b, operator)
            }) {
                Ok(value) => finish::<A, B, D>(vm, &mut r, i, a, b, value.into_raw()),
                Err(_) => fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
            }
        }
    }
}

/// A box of a number.
trait Boxed: Sized + viv_heap::ObjectLayout {
    type Value: Copy;
    /// The flags of a box of this type, as far as the mask of reuse looks at them.
    const TAG: u32;
    unsafe fn write(place: Raw, value: Self::Value);
    fn make(vm: &Vm, value: Self::Value) -> Option<Raw>;
}

impl Boxed for Int {
    type Value = i64;
    const TAG: u32 = INT;
    #[inline(always)]
    unsafe fn write(place: Raw, value: i64) {
        // SAFETY: the object is an int that nobody else has.
        unsafe { (*place.0.cast::<Int>()).set_in_place(value) }
    }
    #[inline(always)]
    fn make(vm: &Vm, value: i64) -> Option<Raw> {
        Int::place_quick(vm, value)
    }
}

impl Boxed for Float {
    type Value = f64;
    const TAG: u32 = FLOAT;
    #[inline(always)]
    unsafe fn write(place: Raw, value: f64) {
        // SAFETY: the object is a float that nobody else has.
        unsafe { (*place.0.cast::<Float>()).value = value }
    }
    #[inline(always)]
    fn make(vm: &Vm, value: f64) -> Option<Raw> {
        Float::place_quick(vm, value)
    }
}

/// Whether a result may go into this box: it is of the right type, nobody else has it, and nobody knows its identity.
#[inline(always)]
pub(super) unsafe fn reusable(vm: &Vm, word: Raw, tag: u32) -> bool {
    // SAFETY: the object lives.
    unsafe { word.object().raw_count() == 1 && word.object().flags() & vm.hot.reuse() == tag }
}

/// Delivers an int, which may be one of those that exist once.
#[inline(always)]
unsafe fn deliver_int<A: Left, B: Right, D: Dest>(
    vm: &Vm,
    mut r: Regs,
    i: Instr,
    a: Raw,
    b: Raw,
    n: i64,
) -> u32 {
    // SAFETY: as for `deliver`.
    unsafe {
        match vm.hot.small_int(n) {
            Some(small) => finish::<A, B, D>(vm, &mut r, i, a, b, small),
            None => deliver::<Int, A, B, D>(vm, r, i, a, b, n),
        }
    }
}

/// Delivers a result, in a box that can be reused or in a new one.
#[inline(always)]
unsafe fn deliver<T: Boxed, A: Left, B: Right, D: Dest>(
    vm: &Vm,
    mut r: Regs,
    i: Instr,
    a: Raw,
    b: Raw,
    value: T::Value,
) -> u32 {
    // SAFETY: operands on the stack are owned by it; what is reused has no other owner.
    unsafe {
        if A::STACK && reusable(vm, a, T::TAG) {
            T::write(a, value);
            return finish_taken::<B, D>(vm, r, i, a, b, if B::STACK { 2 } else { 1 });
        }
        if B::STACK && reusable(vm, b, T::TAG) {
            T::write(b, value);
            if A::STACK {
                return finish_taken::<A, D>(vm, r, i, b, a, 2);
            }
            return finish_taken::<L, D>(vm, r, i, b, Raw::NULL, 1);
        }
        if let Some(local) = D::local(i) {
            let old = *r.local(local);
            if !old.is_null() && reusable(vm, old, T::TAG) {
                T::write(old, value);
                r.sp = r.sp.sub(A::STACK as usize + B::STACK as usize);
                return drop_operands::<A, B>(vm, r, a, b);
            }
        }
        match T::make(vm, value) {
            Some(made) => finish::<A, B, D>(vm, &mut r, i, a, b, made),
            None => slow(vm, r),
        }
    }
}

/// Ends with a result in the box of an operand that was on the stack (of which `depth` go); `other` goes if it was there too.
#[inline(always)]
unsafe fn finish_taken<O: OnStack, D: Dest>(
    vm: &Vm,
    mut r: Regs,
    i: Instr,
    result: Raw,
    other: Raw,
    depth: usize,
) -> u32 {
    // SAFETY: as for `deliver`.
    unsafe {
        r.sp = r.sp.sub(depth);
        let old = match D::local(i) {
            Some(local) => std::mem::replace(&mut *r.local(local), result),
            None => {
                r.push(result);
                Raw::NULL
            }
        };
        if O::STACK && last(other) {
            if D::local(i).is_some() {
                return release_all(vm, r, other, [old, Raw::NULL]);
            }
            return release(vm, r, other);
        }
        drop_opt_next(vm, r, old)
    }
}

/// Ends by giving up the operands that were on the stack, which has been lowered.
#[inline(always)]
unsafe fn drop_operands<A: Left, B: Right>(vm: &Vm, r: Regs, a: Raw, b: Raw) -> u32 {
    // SAFETY: as for `deliver`.
    unsafe {
        match (A::STACK, B::STACK) {
            (false, false) => next(vm, r),
            (true, false) => drop_next(vm, r, a),
            (false, true) => drop_next(vm, r, b),
            // As on CPython: the left operand goes first.
            (true, true) => super::drop_two_next(vm, r, a, b),
        }
    }
}

/// Ends with a result that is a count of its own.
#[inline(always)]
unsafe fn finish<A: Left, B: Right, D: Dest>(
    vm: &Vm,
    r: &mut Regs,
    i: Instr,
    a: Raw,
    b: Raw,
    result: Raw,
) -> u32 {
    // SAFETY: as for `deliver`.
    unsafe {
        let mut r = *r;
        r.sp = r.sp.sub(A::STACK as usize + B::STACK as usize);
        let Some(local) = D::local(i) else {
            r.push(result);
            return drop_operands::<A, B>(vm, r, a, b);
        };
        let old = std::mem::replace(&mut *r.local(local), result);
        if A::STACK || B::STACK {
            let (first, second) = if A::STACK { (a, b) } else { (b, Raw::NULL) };
            if last(first) {
                let second = if A::STACK && B::STACK {
                    second
                } else {
                    Raw::NULL
                };
                return release_all(vm, r, first, [second, old]);
            }
            if A::STACK && B::STACK && last(second) {
                return release_all(vm, r, second, [old, Raw::NULL]);
            }
        }
        drop_opt_next(vm, r, old)
    }
}

/// The outcome of a comparison of ints of 64 bits and floats.
#[inline(always)]
unsafe fn ordered_numbers(a: Raw, b: Raw, op: usize) -> Option<bool> {
    // SAFETY: both words are objects.
    unsafe {
        let (x, y) = (a.object().flags(), b.object().flags());
        if x & INT_MASK == INT {
            if y & INT_MASK == INT {
                return Some(ordered(int(a), int(b), op));
            }
            if y & Flags::EXACT_KIND == FLOAT {
                return widen(int(a)).map(|n| ordered(n, float(b), op));
            }
        } else if x & Flags::EXACT_KIND == FLOAT {
            if y & Flags::EXACT_KIND == FLOAT {
                return Some(ordered(float(a), float(b), op));
            }
            if y & INT_MASK == INT {
                return widen(int(b)).map(|n| ordered(float(a), n, op));
            }
        }
        None
    }
}

quick! {
    /// The handler of a comparison that jumps.
    pub(super) unsafe fn compare_jump<A: Left, B: Right>(vm, pc, sp, fp, frame, ins) {
        let mut r = Regs { pc, sp, fp, frame };
        let i = Instr(ins as u32);
        // SAFETY: as for `binary`.
        unsafe {
            let (a, b) = (A::word::<B>(&r, i), B::word(&r, i));
            if unbound::<A, B>(a, b) {
                return slow(vm, r);
            }
            let Some(truth) = ordered_numbers(a, b, i.c() & 7) else {
                return general::compare_jump::<A, B>(vm, pc, sp, fp, frame, ins);
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

super::handler! {
    /// COMPARE_OP of two numbers.
    compare_op |vm, r, i| {
        let (a, b) = (r.peek(2), r.peek(1));
        let Some(truth) = ordered_numbers(a, b, i.w()) else {
            return general::compare_op(vm, r.pc, r.sp, r.fp, r.frame, u64::from(i.0));
        };
        r.sp = r.sp.sub(2);
        r.push(vm.hot.bool(truth));
        super::drop_two_next(vm, r, b, a)
    }
}

super::handler! {
    /// UNARY_NEGATIVE of a float or an int.
    negative |vm, r, i| {
        let a = r.peek(1);
        let flags = a.object().flags();
        if flags & Flags::EXACT_KIND == FLOAT {
            return deliver::<Float, S, C, Push>(vm, r, i, a, Raw::NULL, -float(a));
        }
        if flags & INT_MASK == INT && let Some(n) = int(a).checked_neg() {
            return deliver_int::<S, C, Push>(vm, r, i, a, Raw::NULL, n);
        }
        slow(vm, r)
    }
}

/// Whether a word is an exact int of 64 bits.
#[inline(always)]
pub(super) fn small(object: &Object) -> Option<i64> {
    crate::eval::arith::small(object)
}
