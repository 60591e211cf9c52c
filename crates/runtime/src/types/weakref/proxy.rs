//! Weak proxies: every operation goes to the target, or raises ReferenceError where that is gone.

use viv_bytecode::BinaryOp;
use viv_heap::{Object, ObjectLayout, Ref, WeakBody, WeakCallableProxy, WeakProxy};

use super::describe;
use crate::args::Args;
use crate::native::{MethodDef, NativeCall};
use crate::object::TypeTraits;
use crate::protocol;
use crate::result::PyResult;
use crate::slots::{Binary, Slots};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `weakref.ProxyType`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "ProxyType",
    module: "weakref",
    traits: TypeTraits::UNHASHABLE | TypeTraits::NO_NEW,
    slots: fill,
    methods: &[METHODS, BYTES],
    ..TypeSpec::new(WeakProxy::layout, true)
};

/// The type `weakref.CallableProxyType`.
pub static CALLABLE_SPEC: TypeSpec = TypeSpec {
    name: "CallableProxyType",
    module: "weakref",
    traits: TypeTraits::UNHASHABLE | TypeTraits::NO_NEW,
    slots: |s| {
        fill(s);
        s.call.set(Some(call));
    },
    methods: &[METHODS],
    ..TypeSpec::new(WeakCallableProxy::layout, true)
};

const METHODS: &[MethodDef] = &[MethodDef::new(
    "__reversed__",
    "",
    NativeCall::NoArgs(reversed),
    "",
)];

const BYTES: &[MethodDef] = &[MethodDef::new(
    "__bytes__",
    "",
    NativeCall::NoArgs(bytes),
    "",
)];

/// The object itself, or the target where it is a proxy.
fn unwrap(vm: &Vm, object: &Object) -> PyResult {
    let is_proxy = object.kind() == WeakProxy::KIND || object.kind() == WeakCallableProxy::KIND;
    match WeakBody::of(object) {
        Some(body) if is_proxy => body
            .target()
            .ok_or_else(|| vm.reference_error("weakly-referenced object no longer exists")),
        _ => Ok(object.to_ref()),
    }
}

const OPERATORS: [BinaryOp; 13] = [
    BinaryOp::Add,
    BinaryOp::Sub,
    BinaryOp::Mul,
    BinaryOp::TrueDiv,
    BinaryOp::FloorDiv,
    BinaryOp::Mod,
    BinaryOp::Pow,
    BinaryOp::LShift,
    BinaryOp::RShift,
    BinaryOp::And,
    BinaryOp::Or,
    BinaryOp::Xor,
    BinaryOp::MatMul,
];

fn binary<const N: usize>(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    protocol::binary(vm, &*unwrap(vm, a)?, &*unwrap(vm, b)?, OPERATORS[N])
}

fn inplace<const N: usize>(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    protocol::inplace(vm, &*unwrap(vm, a)?, &*unwrap(vm, b)?, OPERATORS[N])
}

macro_rules! functions {
    ($function:ident: $($n:literal)+) => { [$($function::<$n> as Binary),+] };
}

fn fill(s: &Slots) {
    let plain = functions!(binary: 0 1 2 3 4 5 6 7 8 9 10 11 12);
    let in_place = functions!(inplace: 0 1 2 3 4 5 6 7 8 9 10 11 12);
    for (n, op) in OPERATORS.iter().enumerate() {
        s.binary[*op as usize].set(Some(plain[n]));
        s.inplace[*op as usize].set(Some(in_place[n]));
    }
    s.repr.set(Some(|vm, this| {
        describe(
            vm,
            "weakproxy",
            this,
            WeakBody::of(this).and_then(WeakBody::target),
        )
    }));
    s.str.set(Some(|vm, this| {
        Ok(protocol::str(vm, &*unwrap(vm, this)?)?.upcast())
    }));
    s.getattr.set(Some(|vm, this, name| {
        protocol::get_attr(vm, &*unwrap(vm, this)?, name)
    }));
    s.setattr.set(Some(|vm, this, name, value| {
        let target = unwrap(vm, this)?;
        match value {
            Some(value) => protocol::set_attr(vm, &target, name, value),
            None => protocol::del_attr(vm, &target, name),
        }
    }));
    s.compare.set(Some(|vm, a, b, op| {
        protocol::compare(vm, &*unwrap(vm, a)?, &*unwrap(vm, b)?, op)
    }));
    s.iter
        .set(Some(|vm, this| protocol::iter(vm, &*unwrap(vm, this)?)));
    s.next.set(Some(|vm, this| {
        let target = unwrap(vm, this)?;
        if crate::object::Type::of(&target).slots.next.get().is_none() {
            let name = protocol::type_name(&target);
            return Err(vm.type_error(format!(
                "Weakref proxy referenced a non-iterator '{name}' object"
            )));
        }
        protocol::next(vm, &target)
    }));
    s.len
        .set(Some(|vm, this| protocol::len(vm, &*unwrap(vm, this)?)));
    s.getitem.set(Some(|vm, this, key| {
        protocol::get_item(vm, &*unwrap(vm, this)?, &*unwrap(vm, key)?)
    }));
    s.setitem.set(Some(|vm, this, key, value| {
        let target = unwrap(vm, this)?;
        match value {
            Some(value) => protocol::set_item(vm, &target, key, value),
            None => protocol::del_item(vm, &target, key),
        }
    }));
    s.contains.set(Some(|vm, this, item| {
        protocol::contains(vm, &*unwrap(vm, this)?, item)
    }));
    s.bool
        .set(Some(|vm, this| protocol::is_true(vm, &*unwrap(vm, this)?)));
    s.neg
        .set(Some(|vm, this| protocol::negative(vm, &*unwrap(vm, this)?)));
    s.pos
        .set(Some(|vm, this| protocol::positive(vm, &*unwrap(vm, this)?)));
    s.invert
        .set(Some(|vm, this| protocol::invert(vm, &*unwrap(vm, this)?)));
    s.abs.set(Some(|vm, this| through_builtin(vm, "abs", this)));
    s.int.set(Some(|vm, this| {
        protocol::call_one(vm, &vm.types.int, &*unwrap(vm, this)?)
    }));
    s.float.set(Some(|vm, this| {
        protocol::call_one(vm, &vm.types.float, &*unwrap(vm, this)?)
    }));
    s.index
        .set(Some(|vm, this| protocol::index(vm, &*unwrap(vm, this)?)));
}

fn call(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    protocol::call(vm, &*unwrap(vm, this)?, args)
}

/// Calls a builtin function with the target.
fn through_builtin(vm: &Vm, name: &str, this: &Object) -> PyResult {
    let target = unwrap(vm, this)?;
    let function: Ref = crate::types::sequence::builtin_function(vm, name)?;
    protocol::call_one(vm, &function, &target)
}

fn reversed(vm: &Vm, this: &Object) -> PyResult {
    through_builtin(vm, "reversed", this)
}

fn bytes(vm: &Vm, this: &Object) -> PyResult {
    let target = unwrap(vm, this)?;
    let method = protocol::get_attr(vm, &target, &vm.names.__bytes__)?;
    protocol::call_no_args(vm, &method)
}
