//! The module `_types`: the builtin types that have no name in `builtins`, under `types`.

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::{Object, Vm};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_types",
    doc: "Define names for built-in types.",
    functions: &[],
    fill: |vm, module| {
        let named = types(vm);
        named
            .iter()
            .try_for_each(|(name, ty)| module.dict.set_text(vm, name, ty))
    },
};

fn types(vm: &Vm) -> [(&'static str, &Object); 26] {
    let types = &vm.types;
    [
        ("AsyncGeneratorType", types.async_generator.as_object()),
        ("BuiltinFunctionType", types.native_function.as_object()),
        ("BuiltinMethodType", types.native_function.as_object()),
        ("CellType", types.cell.as_object()),
        (
            "ClassMethodDescriptorType",
            types.class_method_descriptor.as_object(),
        ),
        ("CodeType", types.code.as_object()),
        ("CoroutineType", types.coroutine.as_object()),
        ("EllipsisType", vm.ellipsis.head.type_object()),
        ("FrameType", types.frame.as_object()),
        ("FunctionType", types.function.as_object()),
        ("GeneratorType", types.generator.as_object()),
        ("GenericAlias", types.generic_alias.as_object()),
        ("GetSetDescriptorType", types.getset_descriptor.as_object()),
        ("LambdaType", types.function.as_object()),
        ("MappingProxyType", types.mapping_proxy.as_object()),
        ("MemberDescriptorType", types.member_descriptor.as_object()),
        ("MethodDescriptorType", types.method_descriptor.as_object()),
        ("MethodType", types.bound_method.as_object()),
        ("MethodWrapperType", types.method_wrapper.as_object()),
        ("ModuleType", types.module.as_object()),
        ("NoneType", vm.none().type_object()),
        ("NotImplementedType", vm.not_implemented.head.type_object()),
        ("SimpleNamespace", types.simple_namespace.as_object()),
        ("TracebackType", types.traceback.as_object()),
        ("UnionType", types.union.as_object()),
        ("WrapperDescriptorType", types.slot_wrapper.as_object()),
    ]
}
