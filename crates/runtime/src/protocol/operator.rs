//! Operators: the left operand's slot, then the right one's; the right one's first where its type is a proper subclass.

use viv_bytecode::BinaryOp;
use viv_heap::Object;

use super::type_name;
use crate::object::{Int, Type};
use crate::result::PyResult;
use crate::vm::Vm;

fn try_binary(vm: &Vm, a: &Object, b: &Object, op: usize) -> PyResult {
    let (ta, tb) = (Type::of(a), Type::of(b));
    let left = ta.slots.binary[op].get();
    let mut right = if ta.is(tb) {
        None
    } else {
        tb.slots.binary[op].get()
    };
    if let (Some(l), Some(r)) = (left, right)
        && std::ptr::fn_addr_eq(l, r)
    {
        // One function serves both operands (it looks both up itself, as CPython's slot functions do).
        return l(vm, a, b);
    }
    if let Some(r) = right
        && left.is_some()
        && tb.is_subtype(ta)
    {
        let result = r(vm, a, b)?;
        if !vm.is_not_implemented(&result) {
            return Ok(result);
        }
        right = None;
    }
    if let Some(l) = left {
        let result = l(vm, a, b)?;
        if !vm.is_not_implemented(&result) {
            return Ok(result);
        }
    }
    if let Some(r) = right {
        return r(vm, a, b);
    }
    Ok(vm.not_implemented())
}

/// `a op b`, where `op` is a plain or an in-place operator. The slot of a binary operator is called as `slot(vm, a, b)` for
/// both operands, left and right in the order of the source: a slot looks itself which of the two it is for.
///
/// # Errors
/// TypeError where neither side knows how; whatever a method raises.
pub fn binary(vm: &Vm, a: &Object, b: &Object, op: BinaryOp) -> PyResult {
    let n = op as usize;
    if n >= 13 {
        return inplace(vm, a, b, op);
    }
    let result = try_binary(vm, a, b, n)?;
    if !vm.is_not_implemented(&result) {
        return Ok(result);
    }
    sequence_op(vm, a, b, n, false)?.map_or_else(|| Err(unsupported(vm, a, b, op)), Ok)
}

/// What is left of `a op b`, a plain operator, when the left operand's method has given `NotImplemented`: the right one's
/// slot, if it is of another type, then those of sequences.
///
/// # Errors
/// As for [`binary`].
pub fn binary_refused(vm: &Vm, a: &Object, b: &Object, op: BinaryOp) -> PyResult {
    let n = op as usize;
    let (ta, tb) = (Type::of(a), Type::of(b));
    let right = tb.slots.binary[n].get();
    if let Some(right) = right.filter(|_| !ta.is(tb)) {
        let result = right(vm, a, b)?;
        if !vm.is_not_implemented(&result) {
            return Ok(result);
        }
    }
    sequence_op(vm, a, b, n, false)?.map_or_else(|| Err(unsupported(vm, a, b, op)), Ok)
}

/// `a op= b`: the in-place slot, else the plain operator.
pub fn inplace(vm: &Vm, a: &Object, b: &Object, op: BinaryOp) -> PyResult {
    let n = op as usize % 13;
    if let Some(slot) = Type::of(a).slots.inplace[n].get() {
        let result = slot(vm, a, b)?;
        if !vm.is_not_implemented(&result) {
            return Ok(result);
        }
    }
    let result = try_binary(vm, a, b, n)?;
    if !vm.is_not_implemented(&result) {
        return Ok(result);
    }
    sequence_op(vm, a, b, n, true)?.map_or_else(|| Err(unsupported(vm, a, b, op)), Ok)
}

/// `+` and `*` of sequences, after the number protocol gave up.
fn sequence_op(
    vm: &Vm,
    a: &Object,
    b: &Object,
    op: usize,
    in_place: bool,
) -> PyResult<Option<viv_heap::Ref>> {
    let slots = &Type::of(a).slots;
    if op == BinaryOp::Add as usize {
        let slot = if in_place {
            slots.inplace_concat.get().or(slots.concat.get())
        } else {
            slots.concat.get()
        };
        return slot.map(|f| f(vm, a, b)).transpose();
    }
    if op != BinaryOp::Mul as usize {
        return Ok(None);
    }
    let slot = if in_place {
        slots.inplace_repeat.get().or(slots.repeat.get())
    } else {
        slots.repeat.get()
    };
    if let Some(f) = slot {
        return repeat(vm, a, b, f).map(Some);
    }
    match Type::of(b).slots.repeat.get() {
        Some(f) => repeat(vm, b, a, f).map(Some),
        None => Ok(None),
    }
}

fn repeat(vm: &Vm, sequence: &Object, count: &Object, slot: crate::slots::Repeat) -> PyResult {
    if count.downcast::<Int>().is_none() && Type::of(count).slots.index.get().is_none() {
        return Err(vm.type_error(format!(
            "can't multiply sequence by non-int of type '{}'",
            type_name(count)
        )));
    }
    let index = super::index(vm, count)?;
    match index.downcast::<Int>().and_then(Int::as_i64) {
        Some(n) => slot(vm, sequence, n),
        None => Err(vm.raise(
            &vm.exceptions.OverflowError,
            "cannot fit 'int' into an index-sized integer",
        )),
    }
}

#[cold]
fn unsupported(vm: &Vm, a: &Object, b: &Object, op: BinaryOp) -> crate::result::Raised {
    let text = match op {
        BinaryOp::Pow => "** or pow()",
        BinaryOp::IPow => "**=",
        _ => op.text(),
    };
    if op == BinaryOp::RShift
        && a.downcast::<crate::object::NativeFunction>()
            .is_some_and(|f| f.def.name == "print")
    {
        return vm.type_error(format!(
            "unsupported operand type(s) for >>: '{}' and '{}'. Did you mean \"print(<message>, file=<output_stream>)\"?",
            type_name(a),
            type_name(b)
        ));
    }
    vm.type_error(format!(
        "unsupported operand type(s) for {text}: '{}' and '{}'",
        type_name(a),
        type_name(b)
    ))
}

fn unary(vm: &Vm, x: &Object, slot: Option<crate::slots::Unary>, text: &str) -> PyResult {
    match slot {
        Some(f) => f(vm, x),
        None => Err(vm.type_error(format!(
            "bad operand type for unary {text}: '{}'",
            type_name(x)
        ))),
    }
}

/// `-x`
pub fn negative(vm: &Vm, x: &Object) -> PyResult {
    unary(vm, x, Type::of(x).slots.neg.get(), "-")
}

/// `+x`
pub fn positive(vm: &Vm, x: &Object) -> PyResult {
    unary(vm, x, Type::of(x).slots.pos.get(), "+")
}

/// `~x`
pub fn invert(vm: &Vm, x: &Object) -> PyResult {
    unary(vm, x, Type::of(x).slots.invert.get(), "~")
}
