//! Callable native types that are descriptors: looked through by method calls, or not.

use super::calls::new_instance;
use viv_runtime::object::{Instance, Module, TypeTraits};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::function::descr_get;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{ObjectLayout, PyResult, Vm};

static BASE: TypeSpec = TypeSpec {
    name: "MethodDescriptorBase",
    module: "_vivarium_test",
    doc: "Binds as a function does, and method calls know so. A call says so.",
    traits: TypeTraits::BASE | TypeTraits::METHOD_DESCRIPTOR,
    slots: |s| {
        s.call.set(Some(|vm, _, _| Ok(vm.bool(true))));
        s.descr_get.set(Some(descr_get));
        s.new.set(Some(new_instance));
    },
    ..TypeSpec::new(Instance::layout, true)
};

static DERIVED: TypeSpec = TypeSpec {
    name: "MethodDescriptorDerived",
    module: "_vivarium_test",
    doc: "As its base.",
    traits: TypeTraits::METHOD_DESCRIPTOR,
    ..TypeSpec::new(Instance::layout, true)
};

static NOT_LOOKED_THROUGH: TypeSpec = TypeSpec {
    name: "MethodDescriptorNopGet",
    module: "_vivarium_test",
    doc: "Gives itself where its base binds. A call gives its arguments.",
    slots: |s| {
        s.call
            .set(Some(|vm, _, args| Ok(vm.tuple_of(args.pos())?.upcast())));
        s.descr_get
            .set(Some(|_, function, _, _| Ok(function.to_ref())));
    },
    ..TypeSpec::new(Instance::layout, true)
};

static OTHER_CALL: TypeSpec = TypeSpec {
    name: "MethodDescriptor2",
    module: "_vivarium_test",
    doc: "As its base, with a call of its own.",
    slots: |s| s.call.set(Some(|vm, _, _| Ok(vm.bool(false)))),
    ..TypeSpec::new(Instance::layout, true)
};

/// Adds the types to the module.
pub(super) fn add_types(vm: &Vm, module: &Module) -> PyResult<()> {
    let base = extra_type(vm, &BASE, &vm.types.object)?;
    module.dict.set_text(vm, BASE.name, base.as_object())?;
    for spec in [&DERIVED, &NOT_LOOKED_THROUGH, &OTHER_CALL] {
        let ty = extra_type(vm, spec, &base)?;
        module.dict.set_text(vm, spec.name, ty.as_object())?;
    }
    Ok(())
}
