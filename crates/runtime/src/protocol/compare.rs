//! Comparison and hashing.

use viv_bytecode::CompareOp;
use viv_heap::Object;

use super::{is_true, type_name};
use crate::object::{Float, Int, Str, StrData, Tuple, Type, TypeTraits};
use crate::result::PyResult;
use crate::types::{object, tuple};
use crate::vm::Vm;

type CompareFunction = fn(&Vm, &Object, &Object, CompareOp) -> PyResult;

fn swapped(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        same => same,
    }
}

#[inline]
fn holds<T: PartialOrd>(a: T, b: T, op: CompareOp) -> bool {
    match op {
        CompareOp::Lt => a < b,
        CompareOp::Le => a <= b,
        CompareOp::Eq => a == b,
        CompareOp::Ne => a != b,
        CompareOp::Gt => a > b,
        CompareOp::Ge => a >= b,
    }
}

/// The truth of `a op b` for two exact ints of 64 bits, two exact floats, two exact strings of characters below U+0100, or two
/// exact tuples of such objects.
#[inline]
fn quick(a: &Object, b: &Object, op: CompareOp) -> Option<bool> {
    if let Some(a) = a.downcast_exact::<Int>() {
        let b = b.downcast_exact::<Int>()?;
        return Some(holds(a.as_i64()?, b.as_i64()?, op));
    }
    if let Some(a) = a.downcast_exact::<Str>() {
        let b = b.downcast_exact::<Str>()?;
        return match (a.data(), b.data()) {
            (StrData::One(a), StrData::One(b)) => Some(holds(a, b, op)),
            _ => None,
        };
    }
    if let Some(a) = a.downcast_exact::<Float>() {
        let b = b.downcast_exact::<Float>()?;
        return Some(holds(a.value(), b.value(), op));
    }
    quick_tuples(a.downcast_exact()?, b.downcast_exact()?, op)
}

/// The same for two tuples of such objects.
fn quick_tuples(a: &Tuple, b: &Tuple, op: CompareOp) -> Option<bool> {
    // Tuples in tuples go the general way, which looks after the depth.
    let plain = |x: &Object| !x.is_exact::<Tuple>();
    for (x, y) in a.iter().zip(b.iter()) {
        if x.is(y) {
            continue;
        }
        if !plain(x) || !quick(x, y, CompareOp::Eq)? {
            return match op {
                _ if !plain(x) => None,
                CompareOp::Eq => Some(false),
                CompareOp::Ne => Some(true),
                _ => quick(x, y, op),
            };
        }
    }
    Some(holds(a.len(), b.len(), op))
}

/// The truth of `a == b` and `a != b` for two objects whose types say nothing of it.
#[inline]
fn by_identity(a: &Object, b: &Object, op: CompareOp) -> Option<bool> {
    let silent = |o: &Object| {
        let slot = Type::of(o).slots.compare.get();
        slot.is_some_and(|f| std::ptr::fn_addr_eq(f, object::compare as CompareFunction))
    };
    (matches!(op, CompareOp::Eq | CompareOp::Ne) && silent(a) && silent(b))
        .then(|| a.is(b) == (op == CompareOp::Eq))
}

/// How deep [`quick_equal`] looks into tuples of tuples.
const QUICK_DEPTH: u32 = 8;

/// The truth of `a == b` for what [`quick`] knows and for tuples, named ones among them, of such objects and of tuples:
/// dicts ask for it at each key that is found.
fn quick_equal(a: &Object, b: &Object, depth: u32) -> Option<bool> {
    if let Some(a) = a.downcast_exact::<Int>() {
        return Some(a.as_i64()? == b.downcast_exact::<Int>()?.as_i64()?);
    }
    if let Some(a) = a.downcast_exact::<Str>() {
        return Some(a.eq_str(b.downcast_exact::<Str>()?));
    }
    if let Some(a) = a.downcast_exact::<Float>() {
        return Some(a.value() == b.downcast_exact::<Float>()?.value());
    }
    let (x, y) = (a.downcast::<Tuple>()?, b.downcast::<Tuple>()?);
    if !(a.is_exact::<Tuple>() && b.is_exact::<Tuple>()) {
        // A subclass compares as tuples do where it has not said otherwise.
        let ty = Type::of(a);
        let own = ty.slots.compare.get()?;
        if !ty.is(Type::of(b)) || !std::ptr::fn_addr_eq(own, tuple::compare as CompareFunction) {
            return None;
        }
    }
    let depth = depth.checked_sub(1)?;
    for (x, y) in x.iter().zip(y.iter()) {
        if !x.is(y) && !quick_equal(x, y, depth)? {
            return Some(false);
        }
    }
    Some(x.len() == y.len())
}

/// `a op b`: the right operand's method first where its type is a proper subclass of the left one's.
///
/// # Errors
/// TypeError where neither side knows how; whatever a method raises.
pub fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if let Some(truth) = quick(a, b, op) {
        return Ok(vm.bool(truth));
    }
    if let Some(truth) = by_identity(a, b, op) {
        return Ok(vm.bool(truth));
    }
    let _depth = vm.enter_native(" in comparison")?;
    let (ta, tb) = (Type::of(a), Type::of(b));
    let mut tried_right = false;
    if !ta.is(tb)
        && let Some(f) = tb.slots.compare.get()
        && tb.is_subtype(ta)
    {
        tried_right = true;
        let result = f(vm, b, a, swapped(op))?;
        if !vm.is_not_implemented(&result) {
            return Ok(result);
        }
    }
    if let Some(f) = Type::of(a).slots.compare.get() {
        let result = f(vm, a, b, op)?;
        if !vm.is_not_implemented(&result) {
            return Ok(result);
        }
    }
    if !tried_right && let Some(f) = Type::of(b).slots.compare.get() {
        let result = f(vm, b, a, swapped(op))?;
        if !vm.is_not_implemented(&result) {
            return Ok(result);
        }
    }
    match op {
        CompareOp::Eq => Ok(vm.bool(a.is(b))),
        CompareOp::Ne => Ok(vm.bool(!a.is(b))),
        _ => Err(vm.type_error(format!(
            "'{}' not supported between instances of '{}' and '{}'",
            op.text(),
            type_name(a),
            type_name(b)
        ))),
    }
}

/// The truth of `a op b`.
pub fn compare_bool(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult<bool> {
    if let Some(truth) = quick(a, b, op).or_else(|| by_identity(a, b, op)) {
        return Ok(truth);
    }
    let result = compare(vm, a, b, op)?;
    is_true(vm, &result)
}

/// The truth of `a == b`, without the identity short cut.
pub fn compare_eq(vm: &Vm, a: &Object, b: &Object) -> PyResult<bool> {
    if let (Some(a), Some(b)) = (a.downcast_exact::<Str>(), b.downcast_exact::<Str>()) {
        return Ok(a.eq_str(b));
    }
    if let (Some(a), Some(b)) = (a.downcast_exact::<Int>(), b.downcast_exact::<Int>())
        && let (Some(a), Some(b)) = (a.as_i64(), b.as_i64())
    {
        return Ok(a == b);
    }
    if let (Some(a), Some(b)) = (a.downcast_exact::<Float>(), b.downcast_exact::<Float>()) {
        return Ok(a.value() == b.value());
    }
    match quick_equal(a, b, QUICK_DEPTH) {
        Some(truth) => Ok(truth),
        None => compare_bool(vm, a, b, CompareOp::Eq),
    }
}

/// `a is b or a == b`: what containers mean by equality of their items.
pub fn compare_is_or_eq(vm: &Vm, a: &Object, b: &Object) -> PyResult<bool> {
    if a.is(b) {
        Ok(true)
    } else {
        compare_eq(vm, a, b)
    }
}

/// `hash(object)`
///
/// # Errors
/// TypeError where the type is unhashable; whatever `__hash__` raises.
#[inline]
pub fn hash(vm: &Vm, object: &Object) -> PyResult<i64> {
    if let Some(string) = object.downcast_exact::<Str>() {
        return Ok(string.hash_value(vm));
    }
    if let Some(int) = object.downcast_exact::<Int>() {
        return Ok(crate::types::int::hash_value(int));
    }
    if let Some(hash) = object.downcast_exact::<Tuple>().and_then(Tuple::known_hash) {
        return Ok(hash);
    }
    let ty = Type::of(object);
    match ty.slots.hash.get() {
        Some(slot) if !ty.has(TypeTraits::UNHASHABLE) => slot(vm, object),
        _ => Err(vm.type_error(format!("unhashable type: '{}'", type_name(object)))),
    }
}

/// The answer of a type that knows only equality.
pub fn identity(vm: &Vm, equal: bool, op: CompareOp) -> PyResult {
    match op {
        CompareOp::Eq => Ok(vm.bool(equal)),
        CompareOp::Ne => Ok(vm.bool(!equal)),
        _ => Ok(vm.not_implemented()),
    }
}
