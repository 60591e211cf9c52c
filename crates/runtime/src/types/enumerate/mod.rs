//! The builtin type `enumerate`.

use std::cell::Cell;

use dashu_int::IBig;
use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Enumerate, Int, KeptTuple, Slot, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{place_tracked, receiver, reduce_call};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `enumerate`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "enumerate",
    signature: "(iterable, start=0)",
    doc: "Return an enumerate object.\n\n  iterable\n    an object supporting iteration\n\nThe enumerate object yields pairs containing a count (from start, which\ndefaults to zero) and a value yielded by the iterable argument.\n\nenumerate is useful for obtaining an indexed list:\n    (0, seq[0]), (1, seq[1]), (2, seq[2]), ...",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[METHODS],
    ..TypeSpec::new(Enumerate::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__reduce__",
        "($self, /)",
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

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let given = args.values().len();
    if given > 2 {
        return Err(vm.type_error(format!(
            "enumerate() takes at most 2 arguments ({given} given)"
        )));
    }
    let (mut iterable, mut start) = (args.pos().first().copied(), args.pos().get(1).copied());
    for (name, value) in args.keywords() {
        let place = match name.as_ascii() {
            Some("iterable") if iterable.is_none() => &mut iterable,
            Some("start") if start.is_none() && (iterable.is_some() || given == 2) => &mut start,
            _ => {
                return Err(vm.type_error(format!(
                    "'{}' is an invalid keyword argument for enumerate()",
                    name.to_text()
                )));
            }
        };
        *place = Some(value);
    }
    let Some(iterable) = iterable else {
        return Err(vm.type_error("enumerate() missing required argument 'iterable'"));
    };
    let (mut count, mut big) = (0, None);
    if let Some(start) = start {
        let start = protocol::index(vm, start)?;
        match start.downcast::<Int>().and_then(Int::as_i64) {
            Some(n) => count = n,
            None => big = Some(start),
        }
    }
    let iterator = protocol::iter(vm, iterable)?;
    let head = Object::new(ty.type_head_of());
    place_tracked(
        vm,
        Enumerate {
            head,
            iterator,
            count: Cell::new(count),
            big: Slot::new(big),
            result: KeptTuple::new(vm, 2)?,
        },
    )
}

/// The number of the next item.
fn number(vm: &Vm, this: &Enumerate) -> PyResult {
    match this.big.get() {
        Some(big) => Ok(big),
        None => vm.new_int(this.count.get()),
    }
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Enumerate>(vm, this)?;
    let Some(item) = protocol::next(vm, &this.iterator)? else {
        return Ok(None);
    };
    let number = number(vm, this)?;
    match this.count.get().checked_add(1) {
        Some(next) if this.big.is_none() => this.count.set(next),
        _ => {
            let next = number.downcast::<Int>().map_or(IBig::ZERO, Int::to_big) + IBig::ONE;
            this.big.set(Some(vm.new_big_int(&next)?));
        }
    }
    Ok(Some(this.result.pair(vm, number, item)?))
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let own = receiver::<Enumerate>(vm, this)?;
    reduce_call(
        vm,
        &Type::of(this).head,
        &[&own.iterator, &*number(vm, own)?],
        None,
    )
}
