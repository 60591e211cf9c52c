//! The native module `_weakref`.

use viv_heap::{Object, Ref, weak};

use super::make::ModuleSpec;
use crate::native::{MethodDef, NativeCall};
use crate::object::Dict;
use crate::protocol;
use crate::result::PyResult;
use crate::types::weakref::make;
use crate::vm::Vm;

/// The module.
pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_weakref",
    doc: "Weak-reference support module.",
    functions: &[FUNCTIONS],
    fill: |vm, module| {
        let types = [
            ("ref", &vm.types.weak_ref),
            ("ReferenceType", &vm.types.weak_ref),
            ("ProxyType", &vm.types.weak_proxy),
            ("CallableProxyType", &vm.types.weak_callable_proxy),
        ];
        types
            .iter()
            .try_for_each(|(name, ty)| module.dict.set_text(vm, name, ty))
    },
};

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "_remove_dead_weakref",
        "($module, dct, key, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: remove_dead,
        },
        "Atomically remove key from dict if it points to a dead weakref.",
    ),
    MethodDef::new(
        "getweakrefcount",
        "($module, object, /)",
        NativeCall::One(|vm, _, object| vm.new_usize(weak::weakref_count(object))),
        "Return the number of weak references to 'object'.",
    ),
    MethodDef::new(
        "getweakrefs",
        "($module, object, /)",
        NativeCall::One(|vm, _, object| Ok(vm.new_list(weak::weakrefs(object))?.upcast())),
        "Return a list of all weak reference objects pointing to 'object'.",
    ),
    MethodDef::new(
        "proxy",
        "($module, object, callback=None, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: proxy,
        },
        "Create a proxy object that weakly references 'object'.\n\n'callback', if given, is called with a reference to the\nproxy when 'object' is about to be finalized.",
    ),
];

fn proxy(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let [target, rest @ ..] = args else {
        return Err(vm.type_error("proxy expected at least 1 argument, got 0"));
    };
    let ty = if protocol::is_callable(target) {
        &vm.types.weak_callable_proxy
    } else {
        &vm.types.weak_proxy
    };
    make(vm, ty, target, rest.first().copied())
}

fn remove_dead(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let [dict, key] = args else {
        return Err(vm.type_error("_remove_dead_weakref expected 2 arguments"));
    };
    let Some(dict) = dict.downcast::<Dict>() else {
        let name = protocol::type_name(dict);
        return Err(vm.type_error(format!(
            "_remove_dead_weakref() argument 1 must be dict, not {name}"
        )));
    };
    let hash = protocol::hash(vm, key)?;
    let value: Option<Ref> = dict.get_hashed(vm, key, hash)?;
    if let Some(value) = value {
        let Some(body) = viv_heap::WeakBody::of(&value) else {
            return Err(vm.type_error("not a weakref"));
        };
        if body.is_dead() {
            drop(dict.remove_hashed(vm, key, hash)?);
        }
    }
    Ok(vm.none_ref())
}
