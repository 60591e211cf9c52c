//! The builtin type `builtin_function_or_method`.

use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::GetSetDef;
use crate::object::{Module, NativeFunction, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `builtin_function_or_method`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "builtin_function_or_method",
    weaklist_offset: std::mem::offset_of!(NativeFunction, weakrefs) as u32,
    slots: |s| {
        s.call.set(Some(|vm, o, args| call(vm, this(vm, o)?, args)));
        s.repr.set(Some(repr));
    },
    getset: &[
        GetSetDef::get("__name__", |vm, o| vm.intern(this(vm, o)?.def.name).map(Ref::upcast), ""),
        GetSetDef::get("__qualname__", qualname, ""),
        GetSetDef::get("__doc__", |vm, o| doc(vm, this(vm, o)?.def.doc), ""),
        GetSetDef::get("__self__", |vm, o| Ok(this(vm, o)?.receiver.get().unwrap_or_else(|| vm.none_ref())), ""),
        GetSetDef::get("__text_signature__", |vm, o| doc(vm, this(vm, o)?.def.signature), ""),
        GetSetDef::member("__module__", |vm, o| Ok(this(vm, o)?.module.get().unwrap_or_else(|| vm.none_ref())), ""),
    ],
    ..TypeSpec::new(NativeFunction::layout, true)
};

fn this<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a NativeFunction> {
    object.downcast::<NativeFunction>().ok_or_else(|| vm.type_error("descriptor requires a builtin function"))
}

/// A text, or None where it is empty.
pub fn doc(vm: &Vm, text: &str) -> PyResult {
    if text.is_empty() { Ok(vm.none_ref()) } else { vm.new_str(text).map(Ref::upcast) }
}

/// The receiver where the function is a method, not a function of a module.
fn method_receiver(function: &NativeFunction) -> Option<Ref> {
    function.receiver.get().filter(|r| r.downcast::<Module>().is_none())
}

fn full_name(function: &NativeFunction) -> String {
    match method_receiver(function) {
        Some(receiver) => {
            let class = receiver.downcast::<Type>().map_or_else(|| protocol::type_name(&receiver), Type::display_name);
            format!("{class}.{}", function.def.name)
        }
        None => function.def.name.to_owned(),
    }
}

fn qualname(vm: &Vm, object: &Object) -> PyResult {
    vm.new_str(&full_name(this(vm, object)?)).map(Ref::upcast)
}

fn repr(vm: &Vm, object: &Object) -> PyResult {
    let function = this(vm, object)?;
    let name = function.def.name;
    let text = match method_receiver(function) {
        Some(receiver) => {
            format!("<built-in method {name} of {} object at {:#x}>", protocol::type_name(&receiver), receiver.address())
        }
        None => format!("<built-in function {name}>"),
    };
    vm.new_str(&text).map(Ref::upcast)
}

/// Calls a native function.
pub fn call(vm: &Vm, function: &NativeFunction, args: Args<'_>) -> PyResult {
    let receiver = function.receiver.get();
    let receiver = receiver.as_deref().unwrap_or(vm.none());
    crate::native::bind::call_native(vm, function.def, receiver, args, &function.parameters, &|| full_name(function))
}
