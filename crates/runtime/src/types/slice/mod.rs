//! The builtin type `slice`.

use viv_bytecode::CompareOp;
use viv_heap::{Object, ObjectLayout};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Int, Slice, Type};
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::types::sequence::{constructor_args, place_tracked, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;
use dashu_int::IBig;

/// The type `slice`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "slice",
    doc: "slice(stop)\nslice(start, stop[, step])\n\nCreate a slice object.  This is used for extended slicing (e.g. a[0:10:2]).",
    slots: |s| {
        s.new.set(Some(construct));
        s.repr.set(Some(repr));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
    },
    methods: &[METHODS],
    getset: &[
        GetSetDef::member(
            "start",
            |vm, this| Ok(receiver::<Slice>(vm, this)?.start.clone()),
            "",
        ),
        GetSetDef::member(
            "stop",
            |vm, this| Ok(receiver::<Slice>(vm, this)?.stop.clone()),
            "",
        ),
        GetSetDef::member(
            "step",
            |vm, this| Ok(receiver::<Slice>(vm, this)?.step.clone()),
            "",
        ),
    ],
    ..TypeSpec::new(Slice::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "indices",
        "",
        NativeCall::One(indices),
        "S.indices(len) -> (start, stop, stride)\n\nAssuming a sequence of length len, calculate the start and stop\nindices, and the stride length of the extended slice described by\nS. Out of bounds indices are clipped in a manner consistent with the\nhandling of normal slices.",
    ),
    MethodDef::new(
        "__reduce__",
        "",
        NativeCall::NoArgs(reduce),
        "Return state information for pickling.",
    ),
    MethodDef::class(
        "__class_getitem__",
        "($type, object, /)",
        NativeCall::One(crate::types::class_getitem),
        "See PEP 585",
    ),
];

/// A slice object.
pub fn new(vm: &Vm, start: &Object, stop: &Object, step: &Object) -> PyResult {
    let head = Object::new(vm.types.slice.type_head_of());
    place_tracked(
        vm,
        Slice {
            head,
            start: start.to_ref(),
            stop: stop.to_ref(),
            step: step.to_ref(),
        },
    )
}

fn construct(vm: &Vm, _ty: &Type, args: Args<'_>) -> PyResult {
    match constructor_args(vm, "slice", args, 1, 3)? {
        [start, stop] => new(vm, start, stop, vm.none()),
        [start, stop, step] => new(vm, start, stop, step),
        [stop, ..] => new(vm, vm.none(), stop, vm.none()),
        [] => Ok(vm.none_ref()),
    }
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let slice = receiver::<Slice>(vm, this)?;
    let mut text = TextBuilder::new();
    text.push("slice(");
    text.push_repr(vm, &slice.start)?;
    text.push(", ");
    text.push_repr(vm, &slice.stop)?;
    text.push(", ");
    text.push_repr(vm, &slice.step)?;
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    const PRIME_1: u64 = 11_400_714_785_074_694_791;
    const PRIME_2: u64 = 14_029_467_366_897_019_727;
    const PRIME_5: u64 = 2_870_177_450_012_600_261;
    let slice = receiver::<Slice>(vm, this)?;
    let mut acc = PRIME_5;
    for part in [&slice.start, &slice.stop, &slice.step] {
        let lane = protocol::hash(vm, part)? as u64;
        acc = acc
            .wrapping_add(lane.wrapping_mul(PRIME_2))
            .rotate_left(31)
            .wrapping_mul(PRIME_1);
    }
    Ok(if acc == u64::MAX {
        1_546_275_796
    } else {
        acc as i64
    })
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Slice>(), b.downcast::<Slice>()) else {
        return Ok(vm.not_implemented());
    };
    if a.is(b) {
        return Ok(vm.bool(matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge)));
    }
    let parts = |s: &Slice| vm.tuple_of(&[&s.start, &s.stop, &s.step]);
    protocol::compare(vm, parts(x)?.as_object(), parts(y)?.as_object(), op)
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let slice = receiver::<Slice>(vm, this)?;
    let args = vm.tuple_of(&[&slice.start, &slice.stop, &slice.step])?;
    Ok(vm
        .new_tuple(vec![Type::of(this).head.to_ref(), args.upcast()])?
        .upcast())
}

fn part(vm: &Vm, object: &Object) -> PyResult<Option<IBig>> {
    if vm.is_none(object) {
        return Ok(None);
    }
    if Type::of(object).slots.index.get().is_none() {
        return Err(
            vm.type_error("slice indices must be integers or None or have an __index__ method")
        );
    }
    Ok(protocol::index(vm, object)?
        .downcast::<Int>()
        .map(Int::to_big))
}

/// `slice.indices(len)` for lengths of any size: start, stop, step.
pub fn big_indices(vm: &Vm, slice: &Slice, len: &IBig) -> PyResult<(IBig, IBig, IBig)> {
    let zero = IBig::ZERO;
    let step = part(vm, &slice.step)?.unwrap_or(IBig::ONE);
    if step == zero {
        return Err(vm.value_error("slice step cannot be zero"));
    }
    let back = step < zero;
    let (lower, upper) = if back {
        (-IBig::ONE, len - IBig::ONE)
    } else {
        (zero.clone(), len.clone())
    };
    let fit = |bound: Option<IBig>, default: &IBig| match bound {
        None => default.clone(),
        Some(n) if n < zero => (n + len).max(lower.clone()),
        Some(n) => n.min(upper.clone()),
    };
    let (first, last) = if back {
        (&upper, &lower)
    } else {
        (&lower, &upper)
    };
    let start = fit(part(vm, &slice.start)?, first);
    let stop = fit(part(vm, &slice.stop)?, last);
    Ok((start, stop, step))
}

fn indices(vm: &Vm, this: &Object, len: &Object) -> PyResult {
    let slice = receiver::<Slice>(vm, this)?;
    let len = protocol::index(vm, len)?;
    let len = len.downcast::<Int>().map_or(IBig::ZERO, Int::to_big);
    if len < IBig::ZERO {
        return Err(vm.value_error("length should not be negative"));
    }
    let (start, stop, step) = big_indices(vm, slice, &len)?;
    Ok(vm
        .new_tuple(vec![
            vm.new_big_int(&start)?,
            vm.new_big_int(&stop)?,
            vm.new_big_int(&step)?,
        ])?
        .upcast())
}
