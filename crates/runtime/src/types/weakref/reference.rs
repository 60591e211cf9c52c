//! `weakref.ref`.

use viv_bytecode::CompareOp;
use viv_heap::{Object, ObjectLayout, Ref, WeakRef};

use super::{describe, make};
use crate::args::Args;
use crate::native::bind::check_count;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{receiver, reject_keywords};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `weakref.ReferenceType`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "ReferenceType",
    module: "weakref",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.call.set(Some(call));
        s.hash.set(Some(hash));
        s.repr.set(Some(|vm, this| {
            describe(
                vm,
                "weakref",
                this,
                receiver::<WeakRef>(vm, this)?.body.target(),
            )
        }));
        s.compare.set(Some(compare));
    },
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(WeakRef::layout, true)
};

const METHODS: &[MethodDef] = &[MethodDef::class(
    "__class_getitem__",
    "",
    NativeCall::One(crate::types::class_getitem),
    "See PEP 585",
)];

const GETSET: &[GetSetDef] = &[GetSetDef::member("__callback__", callback, "")];

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    check_count(vm, "__new__", args.pos().len(), 1, 2)?;
    match args.pos() {
        [target, rest @ ..] => make(vm, ty, target, rest.first().copied()),
        [] => Err(vm.type_error("__new__ expected at least 1 argument, got 0")),
    }
}

fn init(vm: &Vm, _this: &Object, args: Args<'_>) -> PyResult<()> {
    reject_keywords(vm, "ref", args)?;
    check_count(vm, "__init__", args.pos().len(), 1, 2)
}

fn call(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    reject_keywords(vm, "weakref", args)?;
    check_count(vm, "weakref", args.pos().len(), 0, 0)?;
    Ok(receiver::<WeakRef>(vm, this)?
        .body
        .target()
        .unwrap_or_else(|| vm.none_ref()))
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let body = &receiver::<WeakRef>(vm, this)?.body;
    let known = body.hash.get();
    if known != -1 {
        return Ok(known);
    }
    let target = body
        .target()
        .ok_or_else(|| vm.type_error("weak object has gone away"))?;
    let hash = protocol::hash(vm, &target)?;
    body.hash.set(hash);
    Ok(hash)
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(left), Some(right)) = (a.downcast::<WeakRef>(), b.downcast::<WeakRef>()) else {
        return Ok(vm.not_implemented());
    };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(vm.not_implemented());
    }
    match (left.body.target(), right.body.target()) {
        (Some(left), Some(right)) => protocol::compare(vm, &left, &right, op),
        _ => Ok(vm.bool(a.is(b) == (op == CompareOp::Eq))),
    }
}

fn callback(vm: &Vm, this: &Object) -> PyResult {
    Ok(receiver::<WeakRef>(vm, this)?
        .body
        .callback()
        .unwrap_or_else(|| vm.none_ref()))
}

/// The target of a weak reference, if it is one and the target lives.
pub fn target_of(object: &Object) -> Option<Ref> {
    object.downcast::<WeakRef>()?.body.target()
}
