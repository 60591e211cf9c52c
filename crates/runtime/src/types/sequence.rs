//! What the sequence types share: subscripts, slices, comparison item by item.

use viv_bytecode::CompareOp;
use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::bind::check_count;
use crate::object::{Int, Slice, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// The receiver of a native method under its layout. The descriptor has checked it; a caller that went around the
/// descriptor gets a TypeError.
#[inline]
pub fn receiver<'a, T: ObjectLayout>(vm: &Vm, object: &'a Object) -> PyResult<&'a T> {
    match object.downcast::<T>() {
        Some(this) => Ok(this),
        None => Err(wrong_receiver(vm, object, T::layout().name)),
    }
}

#[cold]
fn wrong_receiver(vm: &Vm, object: &Object, layout: &str) -> crate::result::Raised {
    vm.type_error(format!(
        "descriptor requires a '{}' object but received a '{}'",
        layout.to_lowercase(),
        protocol::type_name(object)
    ))
}

/// TypeError where there are keyword arguments: "list() takes no keyword arguments".
pub fn reject_keywords(vm: &Vm, name: &str, args: Args<'_>) -> PyResult<()> {
    if args.keyword_count() == 0 {
        Ok(())
    } else {
        Err(vm.type_error(format!("{name}() takes no keyword arguments")))
    }
}

/// The arguments of a constructor that takes up to `max` of them by position only.
pub fn constructor_args<'a>(
    vm: &Vm,
    name: &str,
    args: Args<'a>,
    min: usize,
    max: usize,
) -> PyResult<&'a [&'a Object]> {
    reject_keywords(vm, name, args)?;
    check_count(vm, name, args.pos().len(), min, max)?;
    Ok(args.pos())
}

/// What stands between the brackets.
pub enum Subscript {
    /// One index, as given: below zero from the end.
    Index(i64),
    /// A slice.
    Slice(RawSlice),
}

/// Reads a subscript of a sequence; `what` is the sequence's name in messages.
#[inline]
pub fn subscript(vm: &Vm, key: &Object, what: &str) -> PyResult<Subscript> {
    if let Some(int) = key.downcast_exact::<Int>()
        && let Some(index) = int.as_i64()
    {
        return Ok(Subscript::Index(index));
    }
    if let Some(slice) = key.downcast::<Slice>() {
        return Ok(Subscript::Slice(RawSlice::unpack(vm, slice)?));
    }
    if Type::of(key).slots.index.get().is_none() {
        return Err(vm.type_error(format!(
            "{what} indices must be integers or slices, not {}",
            protocol::type_name(key)
        )));
    }
    Ok(Subscript::Index(protocol::to_index(vm, key)?))
}

/// The place of an index that may count from the end.
#[inline]
pub fn wrap_index(index: i64, len: usize) -> Option<usize> {
    let index = if index < 0 { index + len as i64 } else { index };
    if index >= 0 && (index as usize) < len {
        Some(index as usize)
    } else {
        None
    }
}

/// An index cut to `0..=len`, counted from the end where below zero: for `insert`, `index(x, start, stop)` …
#[inline]
pub fn clamp_index(index: i64, len: usize) -> usize {
    let index = if index < 0 {
        index.saturating_add(len as i64).max(0)
    } else {
        index
    };
    (index as usize).min(len)
}

/// The bounds of a slice as numbers, before they are fitted to a length.
#[derive(Clone, Copy, Debug)]
pub struct RawSlice {
    start: i64,
    stop: i64,
    step: i64,
}

/// A slice fitted to a length.
#[derive(Clone, Copy, Debug)]
pub struct Indices {
    /// The first index.
    pub start: i64,
    /// The end, excluded.
    pub stop: i64,
    /// The distance of two indices, never 0.
    pub step: i64,
    /// Number of indices.
    pub len: usize,
}

fn bound(vm: &Vm, object: &Object, default: i64) -> PyResult<i64> {
    if vm.is_none(object) {
        return Ok(default);
    }
    if let Some(int) = object.downcast_exact::<Int>()
        && let Some(index) = int.as_i64()
    {
        return Ok(index);
    }
    if Type::of(object).slots.index.get().is_none() {
        return Err(
            vm.type_error("slice indices must be integers or None or have an __index__ method")
        );
    }
    protocol::to_isize_clamped(vm, object)
}

impl RawSlice {
    /// Evaluates the three parts; may run `__index__` methods.
    ///
    /// # Errors
    /// TypeError for parts that are no indices; ValueError for a step of zero.
    pub fn unpack(vm: &Vm, slice: &Slice) -> PyResult<RawSlice> {
        let step = bound(vm, &slice.step, 1)?.max(-i64::MAX);
        if step == 0 {
            return Err(vm.value_error("slice step cannot be zero"));
        }
        let start = bound(vm, &slice.start, if step < 0 { i64::MAX } else { 0 })?;
        let stop = bound(vm, &slice.stop, if step < 0 { i64::MIN } else { i64::MAX })?;
        Ok(RawSlice { start, stop, step })
    }

    /// The slice `start:stop` of bounds that are None or ints of 64 bits; nothing where one is anything else.
    pub fn simple(vm: &Vm, start: &Object, stop: &Object) -> Option<RawSlice> {
        let bound = |object: &Object, default: i64| {
            if vm.is_none(object) {
                return Some(default);
            }
            object.downcast_exact::<Int>()?.as_i64()
        };
        Some(RawSlice {
            start: bound(start, 0)?,
            stop: bound(stop, i64::MAX)?,
            step: 1,
        })
    }

    /// The slice `start:stop:step` of parts that are None or ints of 64 bits; nothing where one is anything else, or the
    /// step is zero.
    pub fn stepped(vm: &Vm, start: &Object, stop: &Object, step: &Object) -> Option<RawSlice> {
        let part = |object: &Object, default: i64| {
            if vm.is_none(object) {
                return Some(default);
            }
            object.downcast_exact::<Int>()?.as_i64()
        };
        let step = part(step, 1).filter(|&step| step != 0)?.max(-i64::MAX);
        let (first, last) = if step < 0 {
            (i64::MAX, i64::MIN)
        } else {
            (0, i64::MAX)
        };
        Some(RawSlice {
            start: part(start, first)?,
            stop: part(stop, last)?,
            step,
        })
    }

    /// Fits the bounds to a length.
    pub fn adjust(self, len: usize) -> Indices {
        let n = len as i64;
        let back = self.step < 0;
        let fit = |i: i64| {
            if i < 0 {
                let i = i.saturating_add(n);
                if i < 0 { if back { -1 } else { 0 } } else { i }
            } else if i >= n {
                if back { n - 1 } else { n }
            } else {
                i
            }
        };
        let (start, stop) = (fit(self.start), fit(self.stop));
        let count = if back {
            if stop < start {
                (start - stop - 1) / -self.step + 1
            } else {
                0
            }
        } else if start < stop {
            (stop - start - 1) / self.step + 1
        } else {
            0
        };
        Indices {
            start,
            stop,
            step: self.step,
            len: count as usize,
        }
    }
}

impl Indices {
    /// The indices in order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..self.len).map(move |i| (self.start + i as i64 * self.step) as usize)
    }
}

/// Whether `a op b` for two lengths.
fn compare_lengths(a: usize, b: usize, op: CompareOp) -> bool {
    match op {
        CompareOp::Lt => a < b,
        CompareOp::Le => a <= b,
        CompareOp::Eq => a == b,
        CompareOp::Ne => a != b,
        CompareOp::Gt => a > b,
        CompareOp::Ge => a >= b,
    }
}

/// The first place from `start` on where two sequences have different objects, or one of them ends.
#[inline]
pub fn first_different(a: &[Ref], b: &[Ref], start: usize) -> usize {
    let len = a.len().min(b.len());
    let mut i = start;
    while i < len && a[i].is(&b[i]) {
        i += 1;
    }
    i
}

/// Compares two sequences item by item. The closures give an item and `None` past the end, which may change meanwhile; `skip`
/// gives the next place with different objects.
pub fn compare_items(
    vm: &Vm,
    op: CompareOp,
    skip: impl Fn(usize) -> usize,
    a: impl Fn(usize) -> Option<Ref>,
    b: impl Fn(usize) -> Option<Ref>,
    lengths: impl Fn() -> (usize, usize),
) -> PyResult {
    let mut i = skip(0);
    while let (Some(x), Some(y)) = (a(i), b(i)) {
        if !protocol::compare_is_or_eq(vm, &x, &y)? {
            // Comparing may have made the sequences shorter.
            let (m, n) = lengths();
            if i >= m || i >= n {
                break;
            }
            return match op {
                CompareOp::Eq => Ok(vm.bool(false)),
                CompareOp::Ne => Ok(vm.bool(true)),
                _ => protocol::compare(vm, &x, &y, op),
            };
        }
        i = skip(i + 1);
    }
    let (m, n) = lengths();
    Ok(vm.bool(compare_lengths(m, n, op)))
}

/// Places an object and lets the collector watch it.
#[inline]
pub fn place_tracked<T: ObjectLayout>(vm: &Vm, value: T) -> PyResult {
    let object = vm.place(value)?;
    vm.heap.track(object.as_object());
    Ok(object.upcast())
}

/// The function of `builtins` with this name: for `__reduce__`.
pub fn builtin_function(vm: &Vm, name: &str) -> PyResult {
    match vm.builtins.get_text(vm, name)? {
        Some(function) => Ok(function),
        None => Err(vm.raise(&vm.exceptions.AttributeError, name)),
    }
}

/// `iter(empty)` for `__reduce__` of an iterator at its end: `(iter, (empty,))`.
pub fn reduce_iter(vm: &Vm, args: &[&Object], state: Option<&Object>) -> PyResult {
    let iter = builtin_function(vm, "iter")?;
    reduce_call(vm, &iter, args, state)
}

/// `(callable, args)` or `(callable, args, state)`.
pub fn reduce_call(
    vm: &Vm,
    callable: &Object,
    args: &[&Object],
    state: Option<&Object>,
) -> PyResult {
    let args = vm.tuple_of(args)?;
    let mut parts = vec![callable.to_ref(), args.upcast()];
    parts.extend(state.map(Object::to_ref));
    Ok(vm.new_tuple(parts)?.upcast())
}
