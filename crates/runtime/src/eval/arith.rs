//! Arithmetic: ints of 64 bits and floats inline, everything else through the protocol.

use viv_bytecode::{BinaryOp, CompareOp};
use viv_heap::{Flags, Object, Raw};

use super::regs::{Flow, Regs, attempt};
use crate::object::{Float, Int, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// The kind bits that tell a small exact int, with the bit that tells big ones.
pub(super) const INT_MASK: u32 = Flags::EXACT_KIND | 1 << Flags::KIND_BITS_SHIFT;
pub(super) const INT: u32 = kinds::INT as u32 | Flags::EXACT;
pub(super) const FLOAT: u32 = kinds::FLOAT as u32 | Flags::EXACT;
pub(super) const STR: u32 = kinds::STR as u32 | Flags::EXACT;

/// The value, where the object is an exact int of 64 bits.
#[inline(always)]
pub(super) fn small(object: &Object) -> Option<i64> {
    if object.flags() & INT_MASK == INT {
        // SAFETY: the kind has been tested.
        Some(unsafe { object.downcast_unchecked::<Int>() }.raw_value())
    } else {
        None
    }
}

/// The value, where the object is an exact float.
#[inline(always)]
pub(super) fn float(object: &Object) -> Option<f64> {
    if object.flags() & Flags::EXACT_KIND == FLOAT {
        // SAFETY: the kind has been tested.
        Some(unsafe { object.downcast_unchecked::<Float>() }.value())
    } else {
        None
    }
}

/// A float operand of a mixed operation: a float, or an int that a float holds exactly.
#[inline(always)]
fn as_float(object: &Object) -> Option<f64> {
    if let Some(x) = float(object) {
        return Some(x);
    }
    small(object)
        .filter(|n| n.unsigned_abs() <= 1 << 53)
        .map(|n| n as f64)
}

/// One operation, fast for two small ints or two floats, generic otherwise.
macro_rules! arithmetic {
    ($name:ident, $checked:ident, $op:tt, $binary:expr) => {
        #[inline(always)]
        pub(super) fn $name(vm: &Vm, r: &Regs, a: &Object, b: &Object) -> PyResult {
            if let (Some(x), Some(y)) = (small(a), small(b)) {
                if let Some(z) = x.$checked(y) {
                    return vm.new_int(z);
                }
            } else if let (Some(x), Some(y)) = (float(a), float(b)) {
                return vm.new_float(x $op y);
            }
            // SAFETY: the registers are those of the running frame.
            unsafe { r.save(vm) };
            slow(vm, a, b, $binary)
        }
    };
}

arithmetic!(add, checked_add, +, BinaryOp::Add);
arithmetic!(sub, checked_sub, -, BinaryOp::Sub);
arithmetic!(iadd, checked_add, +, BinaryOp::IAdd);
arithmetic!(isub, checked_sub, -, BinaryOp::ISub);
arithmetic!(mul, checked_mul, *, BinaryOp::Mul);

/// Any operator, the common cases of two small ints or two floats first.
#[cold]
#[inline(never)]
fn slow(vm: &Vm, a: &Object, b: &Object, op: BinaryOp) -> PyResult {
    if let (Some(x), Some(y)) = (as_float(a), as_float(b))
        && (float(a).is_some() || float(b).is_some())
    {
        match op {
            BinaryOp::Add | BinaryOp::IAdd => return vm.new_float(x + y),
            BinaryOp::Sub | BinaryOp::ISub => return vm.new_float(x - y),
            BinaryOp::Mul => return vm.new_float(x * y),
            _ => {}
        }
    }
    protocol::binary(vm, a, b, op)
}

/// `a op b` for an operator given by number.
#[inline(always)]
pub(super) fn operate(vm: &Vm, r: &Regs, a: &Object, b: &Object, op: usize) -> PyResult {
    if let (Some(x), Some(y)) = (small(a), small(b)) {
        if let Some(z) = int_op(x, y, op) {
            return vm.new_int(z);
        }
        if op % 13 == BinaryOp::TrueDiv as usize
            && y != 0
            && x.unsigned_abs() <= 1 << 53
            && y.unsigned_abs() <= 1 << 53
        {
            return vm.new_float(x as f64 / y as f64);
        }
    } else if let (Some(x), Some(y)) = (as_float(a), as_float(b))
        && let Some(z) = float_op(x, y, op)
    {
        return vm.new_float(z);
    }
    // SAFETY: the registers are those of the running frame.
    unsafe { r.save(vm) };
    generic(vm, a, b, op)
}

#[inline(never)]
fn generic(vm: &Vm, a: &Object, b: &Object, op: usize) -> PyResult {
    match BinaryOp::from_u8(op as u8) {
        Some(op) => protocol::binary(vm, a, b, op),
        None => Err(vm.system_error("unknown binary operator")),
    }
}

#[inline(always)]
pub(super) fn int_op(x: i64, y: i64, op: usize) -> Option<i64> {
    const ADD: usize = BinaryOp::Add as usize;
    const SUB: usize = BinaryOp::Sub as usize;
    const MUL: usize = BinaryOp::Mul as usize;
    const FLOOR: usize = BinaryOp::FloorDiv as usize;
    const MOD: usize = BinaryOp::Mod as usize;
    const LSHIFT: usize = BinaryOp::LShift as usize;
    const RSHIFT: usize = BinaryOp::RShift as usize;
    const AND: usize = BinaryOp::And as usize;
    const OR: usize = BinaryOp::Or as usize;
    const XOR: usize = BinaryOp::Xor as usize;
    match if op >= 13 { op - 13 } else { op } {
        ADD => x.checked_add(y),
        SUB => x.checked_sub(y),
        MUL => x.checked_mul(y),
        FLOOR => {
            let q = x.checked_div(y)?;
            Some(if x % y != 0 && (x < 0) != (y < 0) {
                q - 1
            } else {
                q
            })
        }
        MOD => {
            let m = x.checked_rem(y)?;
            Some(if m != 0 && (m < 0) != (y < 0) {
                m + y
            } else {
                m
            })
        }
        AND => Some(x & y),
        OR => Some(x | y),
        XOR => Some(x ^ y),
        LSHIFT if (0..63).contains(&y) => {
            let z = x << y;
            (z >> y == x).then_some(z)
        }
        RSHIFT if y >= 0 => Some(x >> y.min(63)),
        _ => None,
    }
}

#[inline(always)]
pub(super) fn float_op(x: f64, y: f64, op: usize) -> Option<f64> {
    const ADD: usize = BinaryOp::Add as usize;
    const SUB: usize = BinaryOp::Sub as usize;
    const MUL: usize = BinaryOp::Mul as usize;
    const DIV: usize = BinaryOp::TrueDiv as usize;
    match if op >= 13 { op - 13 } else { op } {
        ADD => Some(x + y),
        SUB => Some(x - y),
        MUL => Some(x * y),
        DIV if y != 0.0 => Some(x / y),
        _ => None,
    }
}

/// The truth of `a cmp b`, for a jump.
#[inline(always)]
pub(super) fn compare_truth(
    vm: &Vm,
    r: &Regs,
    a: &Object,
    b: &Object,
    op: usize,
) -> PyResult<bool> {
    if let (Some(x), Some(y)) = (small(a), small(b)) {
        return Ok(ordered(x, y, op));
    }
    if let (Some(x), Some(y)) = (float(a), float(b)) {
        return Ok(ordered(x, y, op));
    }
    // SAFETY: the registers are those of the running frame.
    unsafe { r.save(vm) };
    slow_truth(vm, a, b, op)
}

#[inline(never)]
pub(super) fn slow_truth(vm: &Vm, a: &Object, b: &Object, op: usize) -> PyResult<bool> {
    let op = CompareOp::from_u8(op as u8).unwrap_or(CompareOp::Eq);
    if matches!(op, CompareOp::Eq | CompareOp::Ne)
        && let (Some(a), Some(b)) = (
            a.downcast_exact::<crate::object::Str>(),
            b.downcast_exact::<crate::object::Str>(),
        )
    {
        return Ok(a.eq_str(b) == (op == CompareOp::Eq));
    }
    protocol::compare_bool(vm, a, b, op)
}

/// Four bits for each comparison: whether it holds where the left operand is less, equal, greater, or none of these.
const HOLDS: u32 = {
    let mut bits = 0;
    bits |= 0b0001 << (4 * CompareOp::Lt as u32);
    bits |= 0b0011 << (4 * CompareOp::Le as u32);
    bits |= 0b0010 << (4 * CompareOp::Eq as u32);
    bits |= 0b1101 << (4 * CompareOp::Ne as u32);
    bits |= 0b0100 << (4 * CompareOp::Gt as u32);
    bits |= 0b0110 << (4 * CompareOp::Ge as u32);
    bits
};

/// The outcome of a comparison by its number: looked up, as a jump by the number would be one more to guess.
#[inline(always)]
pub(super) fn ordered<T: PartialOrd>(x: T, y: T, op: usize) -> bool {
    let relation = 3 - 3 * u32::from(x < y) - 2 * u32::from(x == y) - u32::from(x > y);
    HOLDS >> (4 * op as u32 + relation) & 1 != 0
}

/// `a cmp b` as an object.
#[inline(always)]
pub(super) fn compare(vm: &Vm, r: &Regs, a: &Object, b: &Object, op: usize) -> PyResult {
    if let (Some(x), Some(y)) = (small(a), small(b)) {
        return Ok(vm.bool(ordered(x, y, op)));
    }
    if let (Some(x), Some(y)) = (float(a), float(b)) {
        return Ok(vm.bool(ordered(x, y, op)));
    }
    // SAFETY: the registers are those of the running frame.
    unsafe { r.save(vm) };
    protocol::compare(
        vm,
        a,
        b,
        CompareOp::from_u8(op as u8).unwrap_or(CompareOp::Eq),
    )
}

/// Stores a result straight into a local; the old value goes last.
#[inline(always)]
pub(super) unsafe fn store(vm: &Vm, r: &mut Regs, local: usize, result: PyResult) -> Flow {
    let value = attempt!(result);
    // SAFETY: the number is a local's.
    unsafe {
        let place = r.local(local);
        let old = std::mem::replace(&mut *place, value.into_raw());
        release(vm, r, old);
    }
    Flow::Next
}

/// Gives up a word that may be empty, where that may run code.
#[inline(always)]
pub(super) unsafe fn release(vm: &Vm, r: &Regs, word: Raw) {
    if !word.is_null() {
        // SAFETY: the caller owns the word.
        unsafe {
            r.save(vm);
            word.object().dec();
        }
    }
}
