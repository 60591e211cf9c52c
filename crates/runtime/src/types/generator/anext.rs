//! What `anext(iterator, default)` gives: an awaitable that turns the end of the iterator into the default.

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use crate::eval::control::awaitable_iterator;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Type, kinds};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// An awaitable with a value to give at the end of the iteration.
#[repr(C)]
pub struct AnextAwaitable {
    /// The header.
    pub head: Object,
    /// What `__anext__` gave.
    wrapped: Ref,
    default: Ref,
}
object_layout!(
    AnextAwaitable = kinds::ANEXT_AWAITABLE,
    traverse | this,
    visit | {
        visit.visit(&this.wrapped);
        visit.visit(&this.default);
    }
);

/// The type `anext_awaitable`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "anext_awaitable",
    slots: |s| {
        s.awaitable.set(Some(|_, o| Ok(o.to_ref())));
        s.iter.set(Some(|_, o| Ok(o.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[METHODS],
    ..TypeSpec::new(AnextAwaitable::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "send",
        "",
        NativeCall::One(|vm, this, value| forward(vm, this, "send", &[value])),
        "send(arg) -> send 'arg' into the wrapped iterator,\nreturn next yielded value or raise StopIteration.",
    ),
    MethodDef::new(
        "throw",
        "",
        NativeCall::Positional {
            min: 1,
            max: 3,
            call: |vm, this, args| forward(vm, this, "throw", args),
        },
        "throw(value)\nthrow(typ[,val[,tb]])\n\nraise exception in the wrapped iterator, return next yielded value\nor raise StopIteration.",
    ),
    MethodDef::new(
        "close",
        "",
        NativeCall::NoArgs(|vm, this| forward(vm, this, "close", &[])),
        "close() -> raise GeneratorExit inside generator.",
    ),
];

/// Wraps an awaitable.
///
/// # Errors
/// MemoryError
pub fn new(vm: &Vm, wrapped: Ref, default: &Object) -> PyResult {
    let made = vm.place(AnextAwaitable {
        head: Object::new(vm.types.anext_awaitable.type_head_of()),
        wrapped,
        default: default.to_ref(),
    })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}

/// The iterator of the wrapped awaitable.
fn iterator(vm: &Vm, this: &AnextAwaitable) -> PyResult {
    let found = awaitable_iterator(vm, &this.wrapped, 0)?;
    if Type::of(&found).slots.next.get().is_some() {
        return Ok(found);
    }
    // A coroutine is awaited through its wrapper.
    match Type::of(&found).slots.awaitable.get() {
        Some(slot) => slot(vm, &found),
        None => Err(vm.type_error("__await__ must return an iterable")),
    }
}

/// The default in place of the end of the iteration.
fn ended(vm: &Vm, this: &AnextAwaitable, raised: Raised) -> Raised {
    match vm.swallow::<()>(raised, &vm.exceptions.StopAsyncIteration) {
        Ok(_) => super::stop(vm, this.default.clone()),
        Err(raised) => raised,
    }
}

fn next(vm: &Vm, object: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<AnextAwaitable>(vm, object)?;
    let iterator = iterator(vm, this)?;
    let Some(slot) = Type::of(&iterator).slots.next.get() else {
        return Err(vm.type_error("__await__ must return an iterable"));
    };
    slot(vm, &iterator).map_err(|raised| ended(vm, this, raised))
}

fn forward(vm: &Vm, object: &Object, method: &str, args: &[&Object]) -> PyResult {
    let this = receiver::<AnextAwaitable>(vm, object)?;
    let iterator = iterator(vm, this)?;
    protocol::call_method(vm, &iterator, &*vm.intern(method)?, args)
        .map_err(|raised| ended(vm, this, raised))
}
