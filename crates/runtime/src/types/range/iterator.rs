//! The iterators over ranges: one for values of 64 bits, one for all others.

use std::cell::Cell;

use dashu_int::IBig;
use viv_heap::{Object, ObjectLayout, Ref};

use super::{big, small};
use crate::native::{MethodDef, NativeCall};
use crate::object::{Inner, Int, LongRangeIterator, Range, RangeIterator};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{receiver, reduce_iter};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `range_iterator`.
pub static ITERATOR_SPEC: TypeSpec = TypeSpec {
    name: "range_iterator",
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[METHODS],
    ..TypeSpec::new(RangeIterator::layout, false)
};

/// The type `longrange_iterator`.
pub static LONG_ITERATOR_SPEC: TypeSpec = TypeSpec {
    name: "longrange_iterator",
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(long_next));
    },
    methods: &[LONG_METHODS],
    ..TypeSpec::new(LongRangeIterator::layout, false)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__length_hint__",
        "($self, /)",
        NativeCall::NoArgs(length_hint),
        "Private method returning an estimate of len(list(it)).",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(reduce),
        "Return state information for pickling.",
    ),
    MethodDef::new(
        "__setstate__",
        "($self, object, /)",
        NativeCall::One(setstate),
        "Set state information for unpickling.",
    ),
];

const LONG_METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__length_hint__",
        "($self, /)",
        NativeCall::NoArgs(long_length_hint),
        "Private method returning an estimate of len(list(it)).",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(long_reduce),
        "Return state information for pickling.",
    ),
    MethodDef::new(
        "__setstate__",
        "($self, object, /)",
        NativeCall::One(long_setstate),
        "Set state information for unpickling.",
    ),
];

/// `iter(range)`
pub fn iter(vm: &Vm, this: &Object) -> PyResult {
    let range = receiver::<Range>(vm, this)?;
    if let (Some(start), Some(step), Some(n)) = (
        small(&range.start),
        small(&range.step),
        small(&range.length),
    ) && small(&range.stop).is_some()
        && step
            .checked_mul(n)
            .and_then(|way| start.checked_add(way))
            .is_some()
    {
        return new(vm, start, step, n as u64);
    }
    new_long(vm, big(&range.start), big(&range.step), big(&range.length))
}

/// `range.__reversed__()`
pub fn reversed(vm: &Vm, this: &Object) -> PyResult {
    let range = receiver::<Range>(vm, this)?;
    if let (Some(start), Some(step), Some(n)) = (
        small(&range.start),
        small(&range.step),
        small(&range.length),
    ) && let Some(back) = step.checked_neg()
        && small(&range.stop).is_some()
    {
        let last = start.wrapping_add((n - 1).wrapping_mul(step));
        return new(vm, if n == 0 { start } else { last }, back, n as u64);
    }
    let (start, step, n) = (big(&range.start), big(&range.step), big(&range.length));
    let last = start + (&n - IBig::ONE) * &step;
    new_long(vm, last, -step, n)
}

fn new(vm: &Vm, start: i64, step: i64, remaining: u64) -> PyResult {
    let head = Object::new(vm.types.range_iterator.type_head_of());
    Ok(vm
        .place(RangeIterator {
            head,
            start: Cell::new(start),
            step: Cell::new(step),
            remaining: Cell::new(remaining),
        })?
        .upcast())
}

fn new_long(vm: &Vm, start: IBig, step: IBig, n: IBig) -> PyResult {
    let head = Object::new(vm.types.long_range_iterator.type_head_of());
    Ok(vm
        .place(LongRangeIterator {
            head,
            range: Box::new((start, step, n)),
            index: Inner::new(IBig::ZERO),
        })?
        .upcast())
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<RangeIterator>(vm, this)?;
    let left = this.remaining.get();
    if left == 0 {
        return Ok(None);
    }
    let value = this.start.get();
    let object = vm.new_int(value)?;
    this.remaining.set(left - 1);
    this.start.set(value.wrapping_add(this.step.get()));
    Ok(Some(object))
}

fn length_hint(vm: &Vm, this: &Object) -> PyResult {
    vm.new_usize(receiver::<RangeIterator>(vm, this)?.remaining.get() as usize)
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<RangeIterator>(vm, this)?;
    let (start, step, n) = (this.start.get(), this.step.get(), this.remaining.get());
    let stop = IBig::from(start) + IBig::from(step) * IBig::from(n);
    let rest = super::make(
        vm,
        vm.new_int(start)?,
        vm.new_big_int(&stop)?,
        vm.new_int(step)?,
    )?;
    reduce_iter(vm, &[&rest], Some(vm.none()))
}

fn setstate(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let this = receiver::<RangeIterator>(vm, this)?;
    let skip = (protocol::to_i64(vm, state)?.max(0) as u64).min(this.remaining.get());
    this.start.set(
        this.start
            .get()
            .wrapping_add((skip as i64).wrapping_mul(this.step.get())),
    );
    this.remaining.set(this.remaining.get() - skip);
    Ok(vm.none_ref())
}

fn long_next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<LongRangeIterator>(vm, this)?;
    let (start, step, n) = &*this.range;
    let index = this.index.read(IBig::clone);
    if index >= *n {
        return Ok(None);
    }
    let value = vm.new_big_int(&(start + &index * step))?;
    this.index.write(|i| *i += IBig::ONE);
    Ok(Some(value))
}

fn long_length_hint(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<LongRangeIterator>(vm, this)?;
    vm.new_big_int(&(&this.range.2 - this.index.read(IBig::clone)))
}

fn long_reduce(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<LongRangeIterator>(vm, this)?;
    let (start, step, n) = &*this.range;
    let index = this.index.read(IBig::clone);
    let rest = super::make(
        vm,
        vm.new_big_int(&(start + index * step))?,
        vm.new_big_int(&(start + n * step))?,
        vm.new_big_int(step)?,
    )?;
    reduce_iter(vm, &[&rest], Some(vm.none()))
}

fn long_setstate(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let this = receiver::<LongRangeIterator>(vm, this)?;
    let Some(index) = state.downcast::<Int>() else {
        return Err(vm.type_error(format!(
            "state must be an int, not {}",
            protocol::type_name(state)
        )));
    };
    let index = index.to_big().max(IBig::ZERO).min(this.range.2.clone());
    this.index.write(|i| *i = index);
    Ok(vm.none_ref())
}
