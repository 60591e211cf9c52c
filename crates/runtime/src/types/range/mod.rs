//! The builtin type `range`, over ints of any size.

pub mod iterator;

use dashu_int::IBig;
use viv_bytecode::CompareOp;
use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Int, Range, Slice, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{constructor_args, receiver, wrap_index};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `range`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "range",
    doc: "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\nReturn an object that produces a sequence of integers from start (inclusive)\nto stop (exclusive) by step.  range(i, j) produces i, i+1, i+2, ..., j-1.\nstart defaults to 0, and stop is omitted!  range(4) produces 0, 1, 2, 3.\nThese are exactly the valid indices for a list of 4 elements.\nWhen step is given, it specifies the increment (or decrement).",
    traits: TypeTraits::SEQUENCE,
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(repr));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
        s.iter.set(Some(iterator::iter));
        s.len.set(Some(len));
        s.bool.set(Some(|vm, this| {
            protocol::is_true(vm, &receiver::<Range>(vm, this)?.length)
        }));
        s.getitem.set(Some(getitem));
        s.contains.set(Some(contains));
    },
    methods: &[METHODS],
    getset: &[
        GetSetDef::member(
            "start",
            |vm, this| Ok(receiver::<Range>(vm, this)?.start.clone()),
            "",
        ),
        GetSetDef::member(
            "stop",
            |vm, this| Ok(receiver::<Range>(vm, this)?.stop.clone()),
            "",
        ),
        GetSetDef::member(
            "step",
            |vm, this| Ok(receiver::<Range>(vm, this)?.step.clone()),
            "",
        ),
    ],
    ..TypeSpec::new(Range::layout, false)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__reversed__",
        "",
        NativeCall::NoArgs(iterator::reversed),
        "Return a reverse iterator.",
    ),
    MethodDef::new("__reduce__", "", NativeCall::NoArgs(reduce), ""),
    MethodDef::new(
        "count",
        "",
        NativeCall::One(count),
        "rangeobject.count(value) -> integer -- return number of occurrences of value",
    ),
    MethodDef::new(
        "index",
        "",
        NativeCall::One(index),
        "rangeobject.index(value) -> integer -- return index of value.\nRaise ValueError if the value is not present.",
    ),
];

fn big(object: &Object) -> IBig {
    object.downcast::<Int>().map_or(IBig::ZERO, Int::to_big)
}

fn small(object: &Object) -> Option<i64> {
    object.downcast::<Int>().and_then(Int::as_i64)
}

/// Number of values.
fn count_values(start: &IBig, stop: &IBig, step: &IBig) -> IBig {
    let zero = IBig::ZERO;
    if *step > zero && start < stop {
        (stop - start - IBig::ONE) / step + IBig::ONE
    } else if *step < zero && start > stop {
        (start - stop - IBig::ONE) / (-step) + IBig::ONE
    } else {
        zero
    }
}

/// Number of values where everything fits.
fn count_small(start: i64, stop: i64, step: i64) -> u64 {
    if step == 1 {
        let distance = stop.wrapping_sub(start) as u64;
        return if start < stop { distance } else { 0 };
    }
    if step > 0 && start < stop {
        (stop.wrapping_sub(start) as u64 - 1) / step as u64 + 1
    } else if step < 0 && start > stop {
        (start.wrapping_sub(stop) as u64 - 1) / step.unsigned_abs() + 1
    } else {
        0
    }
}

/// A range of ints; `step` is not zero.
pub(crate) fn make(vm: &Vm, start: Ref, stop: Ref, step: Ref) -> PyResult {
    let length = match (small(&start), small(&stop), small(&step)) {
        (Some(a), Some(b), Some(c)) => match i64::try_from(count_small(a, b, c)) {
            Ok(n) => vm.new_int(n)?,
            Err(_) => vm.new_big_int(&count_small(a, b, c).into())?,
        },
        _ => vm.new_big_int(&count_values(&big(&start), &big(&stop), &big(&step)))?,
    };
    let head = Object::new(vm.types.range.type_head_of());
    Ok(vm
        .place(Range {
            head,
            start,
            stop,
            step,
            length,
        })?
        .upcast())
}

/// A range with step 1 between ints of 64 bits, the commonest by far; nothing for other arguments.
#[inline]
fn plain(vm: &Vm, args: &[&Object]) -> PyResult<Option<Ref>> {
    let value = |object: &Object| object.downcast_exact::<Int>().and_then(Int::as_i64);
    let (start, stop) = match args {
        [stop] => (None, stop),
        [start, stop] => (Some(start), stop),
        _ => return Ok(None),
    };
    let (Some(from), Some(to)) = (start.map_or(Some(0), |start| value(start)), value(stop)) else {
        return Ok(None);
    };
    let Ok(length) = i64::try_from(count_small(from, to, 1)) else {
        return Ok(None);
    };
    let range = vm.place(Range {
        head: Object::new(vm.types.range.type_head_of()),
        start: start.map_or_else(|| vm.new_int(0), |start| Ok(start.to_ref()))?,
        stop: stop.to_ref(),
        step: vm.new_int(1)?,
        length: vm.new_int(length)?,
    })?;
    Ok(Some(range.upcast()))
}

fn new(vm: &Vm, _ty: &Type, args: Args<'_>) -> PyResult {
    if args.keyword_count() == 0
        && let Some(range) = plain(vm, args.pos())?
    {
        return Ok(range);
    }
    let args = constructor_args(vm, "range", args, 1, 3)?;
    let exact = |o: &Object| -> PyResult {
        let int = protocol::index(vm, o)?;
        // A bool or an instance of a subclass becomes a plain int.
        if int.is_exact::<Int>() {
            Ok(int)
        } else {
            vm.new_big_int(&big(&int))
        }
    };
    let (start, stop, step) = match args {
        [start, stop] => (exact(start)?, exact(stop)?, vm.new_int(1)?),
        [start, stop, step] => {
            let (start, stop, step) = (exact(start)?, exact(stop)?, exact(step)?);
            if small(&step) == Some(0) {
                return Err(vm.value_error("range() arg 3 must not be zero"));
            }
            (start, stop, step)
        }
        [stop, ..] => (vm.new_int(0)?, exact(stop)?, vm.new_int(1)?),
        [] => return Ok(vm.none_ref()),
    };
    make(vm, start, stop, step)
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let range = receiver::<Range>(vm, this)?;
    let text = |o: &Object| protocol::repr(vm, o).map(|s| s.to_text().into_owned());
    let (start, stop) = (text(&range.start)?, text(&range.stop)?);
    let text = if small(&range.step) == Some(1) {
        format!("range({start}, {stop})")
    } else {
        format!("range({start}, {stop}, {})", text(&range.step)?)
    };
    Ok(vm.new_str(&text)?.upcast())
}

fn len(vm: &Vm, this: &Object) -> PyResult<usize> {
    match small(&receiver::<Range>(vm, this)?.length) {
        Some(n) => Ok(n as usize),
        None => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
    }
}

/// What counts for equality: length, then start if there is a value, then step if there are two.
fn key(vm: &Vm, range: &Range) -> [Ref; 3] {
    match small(&range.length) {
        Some(0) => [range.length.clone(), vm.none_ref(), vm.none_ref()],
        Some(1) => [range.length.clone(), range.start.clone(), vm.none_ref()],
        _ => [
            range.length.clone(),
            range.start.clone(),
            range.step.clone(),
        ],
    }
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Range>(), b.downcast::<Range>()) else {
        return Ok(vm.not_implemented());
    };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(vm.not_implemented());
    }
    let mut equal = true;
    for (x, y) in key(vm, x).iter().zip(&key(vm, y)) {
        equal = equal && protocol::compare_is_or_eq(vm, x, y)?;
    }
    Ok(vm.bool(equal == (op == CompareOp::Eq)))
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let key = vm.new_tuple(key(vm, receiver(vm, this)?).to_vec())?;
    protocol::hash(vm, key.as_object())
}

fn getitem(vm: &Vm, this: &Object, key: &Object) -> PyResult {
    let range = receiver::<Range>(vm, this)?;
    if let Some(slice) = key.downcast::<Slice>() {
        return slice_of(vm, range, slice);
    }
    if Type::of(key).slots.index.get().is_none() {
        return Err(vm.type_error(format!(
            "range indices must be integers or slices, not {}",
            protocol::type_name(key)
        )));
    }
    let index = protocol::index(vm, key)?;
    let out_of_range = || vm.index_error("range object index out of range");
    if let (Some(i), Some(n), Some(start), Some(step)) = (
        small(&index),
        small(&range.length),
        small(&range.start),
        small(&range.step),
    ) {
        let i = wrap_index(i, n as usize).ok_or_else(out_of_range)?;
        // The value lies between start and stop, so it fits although the product may not.
        return vm.new_int(start.wrapping_add((i as i64).wrapping_mul(step)));
    }
    let (mut i, n) = (big(&index), big(&range.length));
    if i < IBig::ZERO {
        i += &n;
    }
    if i < IBig::ZERO || i >= n {
        return Err(out_of_range());
    }
    vm.new_big_int(&(big(&range.start) + i * big(&range.step)))
}

fn slice_of(vm: &Vm, range: &Range, slice: &Slice) -> PyResult {
    let (start, stop, step) = crate::types::slice::big_indices(vm, slice, &big(&range.length))?;
    let (own_start, own_step) = (big(&range.start), big(&range.step));
    let at = |i: &IBig| vm.new_big_int(&(&own_start + i * &own_step));
    make(
        vm,
        at(&start)?,
        at(&stop)?,
        vm.new_big_int(&(step * &own_step))?,
    )
}

/// The index of an int among the values.
fn find(range: &Range, value: &Int) -> Option<IBig> {
    if let (Some(v), Some(start), Some(step), Some(n)) = (
        value.as_i64(),
        small(&range.start),
        small(&range.step),
        small(&range.length),
    ) {
        let distance = i128::from(v) - i128::from(start);
        let index = distance / i128::from(step);
        return (distance % i128::from(step) == 0 && index >= 0 && index < i128::from(n))
            .then(|| index.into());
    }
    let (distance, step) = (value.to_big() - big(&range.start), big(&range.step));
    let index = &distance / &step;
    (&index * &step == distance && index >= IBig::ZERO && index < big(&range.length))
        .then_some(index)
}

/// An int or a bool, whose place can be computed; other values are looked for one by one.
fn plain_int<'a>(vm: &Vm, value: &'a Object) -> Option<&'a Int> {
    let ty = Type::of(value);
    if ty.is(&vm.types.int) || ty.is(&vm.types.bool) {
        value.downcast::<Int>()
    } else {
        None
    }
}

fn contains(vm: &Vm, this: &Object, value: &Object) -> PyResult<bool> {
    let range = receiver::<Range>(vm, this)?;
    if let Some(int) = plain_int(vm, value) {
        return Ok(find(range, int).is_some());
    }
    let iterator = protocol::iter(vm, this)?;
    while let Some(item) = protocol::next(vm, &iterator)? {
        if protocol::compare_is_or_eq(vm, &item, value)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn index(vm: &Vm, this: &Object, value: &Object) -> PyResult {
    let range = receiver::<Range>(vm, this)?;
    if let Some(int) = plain_int(vm, value) {
        return match find(range, int) {
            Some(index) => vm.new_big_int(&index),
            None => Err(vm.value_error("range.index(x): x not in range")),
        };
    }
    let iterator = protocol::iter(vm, this)?;
    let mut n = 0;
    while let Some(item) = protocol::next(vm, &iterator)? {
        if protocol::compare_is_or_eq(vm, &item, value)? {
            return vm.new_int(n);
        }
        n += 1;
    }
    Err(vm.value_error("sequence.index(x): x not in sequence"))
}

fn count(vm: &Vm, this: &Object, value: &Object) -> PyResult {
    let range = receiver::<Range>(vm, this)?;
    if let Some(int) = plain_int(vm, value) {
        return vm.new_int(i64::from(find(range, int).is_some()));
    }
    let iterator = protocol::iter(vm, this)?;
    let mut n = 0;
    while let Some(item) = protocol::next(vm, &iterator)? {
        n += i64::from(protocol::compare_is_or_eq(vm, &item, value)?);
    }
    vm.new_int(n)
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let range = receiver::<Range>(vm, this)?;
    let args = vm.tuple_of(&[&range.start, &range.stop, &range.step])?;
    Ok(vm
        .new_tuple(vec![Type::of(this).head.to_ref(), args.upcast()])?
        .upcast())
}
