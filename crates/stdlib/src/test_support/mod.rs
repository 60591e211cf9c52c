//! The module `_vivarium_test`: what tests ask of the inside of this interpreter. The stand-ins for CPython's test
//! extensions (tests/cpython-support) rest on it, so that what they answer is what is really so here.

mod calls;
mod descriptors;
mod times;

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::{Str, Type, TypeTraits};
use viv_runtime::types::object::attributes::{inline_values, inline_values_used};
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm, protocol};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_vivarium_test",
    doc: "What tests ask of the inside of this interpreter.",
    functions: &[
        &[
            MethodDef::new(
                "add_functions",
                "($module, module, /)",
                NativeCall::One(calls::add_functions),
                "Adds native functions of each calling convention to a module, which they get as self.",
            ),
            MethodDef::positional(
                "set_failing",
                "($module, first=0, end=0, /)",
                0,
                2,
                set_failing,
                "Lets allocations fail from the first to before the end, counted from now; for good if there is no end.",
            ),
            MethodDef::new(
                "remove_failing",
                "($module, /)",
                NativeCall::NoArgs(|vm, _| {
                    vm.heap.set_failing(None);
                    Ok(vm.none_ref())
                }),
                "Lets no allocation fail any more.",
            ),
            MethodDef::new(
                "has_inline_values",
                "($module, object, /)",
                NativeCall::One(|vm, _, object| Ok(vm.bool(inline_values_used(object)))),
                "Whether the values of an object's attributes are kept inside of it.",
            ),
            MethodDef::new(
                "inline_values",
                "($module, object, /)",
                NativeCall::One(|vm, _, object| {
                    let Some(values) = inline_values(object) else {
                        return Ok(vm.none_ref());
                    };
                    let values = values.into_iter().map(|value| match value {
                        Some(value) => Ok(value),
                        None => Ok(vm.new_str("<NULL>")?.upcast()),
                    });
                    Ok(vm.new_tuple(values.collect::<PyResult<_>>()?)?.upcast())
                }),
                "The values that are kept inside of an object by their places, or None.",
            ),
            MethodDef::new(
                "versions_used",
                "($module, /)",
                NativeCall::NoArgs(|vm, _| vm.new_int(i64::from(vm.versions_used()))),
                "How many versions types and dicts have had.",
            ),
            MethodDef::new(
                "is_method_descriptor",
                "($module, type, /)",
                NativeCall::One(|vm, _, ty| {
                    let ty = ty.downcast::<Type>();
                    Ok(vm.bool(ty.is_some_and(|ty| ty.has(TypeTraits::METHOD_DESCRIPTOR))))
                }),
                "Whether a method call looks through instances of a type without a bound method.",
            ),
            MethodDef::new(
                "run_isolated",
                "($module, source, /)",
                NativeCall::One(run_isolated),
                "Runs source text in another interpreter of this process; gives its exit code.",
            ),
            MethodDef::new(
                "stack_pointer",
                "($module, /)",
                NativeCall::NoArgs(|vm, _| {
                    let here = 0u8;
                    vm.new_usize((&raw const here).addr())
                }),
                "An address inside the native call stack.",
            ),
        ],
        times::FUNCTIONS,
    ],
    fill: |vm, module| {
        calls::add_types(vm, module)?;
        descriptors::add_types(vm, module)
    },
};

fn set_failing(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let number = |at: usize| match args.get(at) {
        Some(number) => protocol::convert::to_index(vm, number),
        None => Ok(0),
    };
    let first = u64::try_from(number(0)?).unwrap_or(0);
    let end = u64::try_from(number(1)?).unwrap_or(0);
    vm.heap
        .set_failing(Some((first, if end == 0 { u64::MAX } else { end })));
    Ok(vm.none_ref())
}

fn run_isolated(vm: &Vm, _: &Object, source: &Object) -> PyResult {
    let Some(source) = source.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "run_isolated() argument must be str, not {}",
            protocol::type_name(source)
        )));
    };
    match vm.run_isolated.get() {
        Some(run) => vm.new_int(i64::from(run(vm, &source.to_text()))),
        None => Err(vm.runtime_error("no interpreters beside this one")),
    }
}
