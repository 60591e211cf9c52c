//! The builtin type `map`.

use std::cell::Cell;

use viv_heap::{HVec, HeapAlloc, Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Inner, MapObject, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{place_tracked, receiver};
use crate::types::spec::TypeSpec;
use crate::types::zip::{next_of_all, strict_keyword};
use crate::vm::Vm;

/// The type `map`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "map",
    signature: "(function, iterable, /, *iterables, strict=False)",
    doc: "Make an iterator that computes the function using arguments from\neach of the iterables.  Stops when the shortest iterable is exhausted.\n\nIf strict is true and one of the arguments is exhausted before the others,\nraise a ValueError.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[METHODS],
    ..TypeSpec::new(MapObject::layout, true)
};

const METHODS: &[MethodDef] = &[
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

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let own_init = ty.slots.init.get().is_none_or(|f| {
        vm.types
            .map
            .slots
            .init
            .get()
            .is_some_and(|g| std::ptr::fn_addr_eq(f, g))
    });
    let strict = if ty.is(&vm.types.map) || own_init {
        strict_keyword(vm, "map", args)?
    } else {
        false
    };
    let [function, iterables @ ..] = args.pos() else {
        return Err(vm.type_error("map() must have at least two arguments."));
    };
    if iterables.is_empty() {
        return Err(vm.type_error("map() must have at least two arguments."));
    }
    let mut iterators = HVec::new_in(HeapAlloc);
    if iterators.try_reserve_exact(iterables.len()).is_err() {
        return Err(vm.no_memory());
    }
    for iterable in iterables {
        iterators.push(protocol::iter(vm, iterable)?);
    }
    let head = Object::new(ty.type_head_of());
    place_tracked(
        vm,
        MapObject {
            head,
            function: function.to_ref(),
            iterators: Inner::new(iterators),
            strict: Cell::new(strict),
        },
    )
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<MapObject>(vm, this)?;
    if let Some(only) = this.iterators.read(|all| {
        if let [only] = all.as_slice() {
            Some(only.clone())
        } else {
            None
        }
    }) {
        return match protocol::next(vm, &only)? {
            Some(item) => protocol::call_one(vm, &this.function, &item).map(Some),
            None => Ok(None),
        };
    }
    let iterators: Vec<Ref> = this.iterators.read(|all| all.to_vec());
    match next_of_all(vm, "map", &iterators, this.strict.get())? {
        Some(items) => protocol::call::call_refs(vm, &this.function, &items).map(Some),
        None => Ok(None),
    }
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let own = receiver::<MapObject>(vm, this)?;
    let mut args = vec![own.function.clone()];
    own.iterators.read(|all| args.extend(all.iter().cloned()));
    let mut parts = vec![Type::of(this).head.to_ref(), vm.new_tuple(args)?.upcast()];
    if own.strict.get() {
        parts.push(vm.bool(true));
    }
    Ok(vm.new_tuple(parts)?.upcast())
}

fn setstate(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let strict = protocol::is_true(vm, state)?;
    receiver::<MapObject>(vm, this)?.strict.set(strict);
    Ok(vm.none_ref())
}
