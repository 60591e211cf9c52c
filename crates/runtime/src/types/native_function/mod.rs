//! The builtin type `builtin_function_or_method`.

use viv_bytecode::CompareOp;
use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Module, NativeFunction, Type};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::types::method_descriptor::text;
use crate::types::sequence::{builtin_function, receiver, reduce_call};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `builtin_function_or_method`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "builtin_function_or_method",
    weaklist_offset: std::mem::offset_of!(NativeFunction, weakrefs) as u32,
    slots: |s| {
        s.repr.set(Some(repr));
        s.call
            .set(Some(|vm, this, args| call(vm, receiver(vm, this)?, args)));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
    },
    methods: &[&[MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(reduce),
        "",
    )]],
    getset: &[
        GetSetDef::get(
            "__name__",
            |vm, o| Ok(vm.intern(own(vm, o)?.def.name)?.upcast()),
            "",
        ),
        GetSetDef::get(
            "__qualname__",
            |vm, o| Ok(vm.new_str(&qualname(vm, own(vm, o)?))?.upcast()),
            "",
        ),
        GetSetDef::get("__doc__", |vm, o| text(vm, own(vm, o)?.def.doc), ""),
        GetSetDef::get(
            "__self__",
            |vm, o| Ok(own(vm, o)?.receiver.get().unwrap_or_else(|| vm.none_ref())),
            "",
        ),
        GetSetDef::get(
            "__text_signature__",
            |vm, o| text(vm, own(vm, o)?.def.signature),
            "",
        ),
        GetSetDef::get_set(
            "__module__",
            |vm, o| Ok(own(vm, o)?.module.get().unwrap_or_else(|| vm.none_ref())),
            |vm, o, v| {
                own(vm, o)?.module.set(v.map(Object::to_ref));
                Ok(())
            },
            "",
        ),
    ],
    ..TypeSpec::new(NativeFunction::layout, true)
};

fn own<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a NativeFunction> {
    receiver(vm, object)
}

/// Calls a native function.
#[inline]
pub fn call(vm: &Vm, function: &NativeFunction, args: Args<'_>) -> PyResult {
    let receiver = function.borrowed_receiver().unwrap_or(vm.none());
    crate::native::bind::call_native(
        vm,
        function.def,
        receiver,
        args,
        &function.parameters,
        &|| qualifier(vm, function),
    )
}

/// The name in messages: `list.append`, `math.sqrt`, `print` …
fn qualifier(vm: &Vm, function: &NativeFunction) -> String {
    let name = qualname(vm, function);
    let module = function.module.get();
    match module
        .as_ref()
        .and_then(|m| m.downcast::<crate::object::Str>())
    {
        Some(module) if !module.eq_text("builtins") => format!("{}.{name}", module.to_text()),
        _ => name,
    }
}

/// `list.append`, `print` …
fn qualname(_vm: &Vm, function: &NativeFunction) -> String {
    let name = function.def.name;
    let Some(receiver) = function.receiver.get() else {
        return name.to_owned();
    };
    if receiver.downcast::<Module>().is_some() {
        return name.to_owned();
    }
    let class = match receiver.downcast::<Type>() {
        Some(class) => class.qualname.get(),
        None => Type::of(&receiver).qualname.get(),
    };
    format!(
        "{}.{name}",
        class
            .as_ref()
            .map_or("?".into(), |n: &Ref<crate::object::Str>| n.to_text())
    )
}

/// The name of a module's function, or how to get a method from what it is bound to.
fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let function = own(vm, this)?;
    let name = vm.intern(function.def.name)?;
    match function.receiver.get() {
        Some(receiver) if receiver.downcast::<Module>().is_none() => {
            let getattr = builtin_function(vm, "getattr")?;
            reduce_call(vm, &getattr, &[&receiver, &name], None)
        }
        _ => Ok(name.upcast()),
    }
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let function = own(vm, this)?;
    let name = function.def.name;
    let text = match function.receiver.get() {
        Some(receiver) if receiver.downcast::<Module>().is_none() => format!(
            "<built-in method {name} of {} object at {:#x}>",
            type_name(&receiver),
            receiver.address()
        ),
        _ => format!("<built-in function {name}>"),
    };
    Ok(vm.new_str(&text)?.upcast())
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let function = own(vm, this)?;
    let receiver = function.receiver.get().map_or(0, |r| r.address() >> 4);
    Ok((receiver ^ std::ptr::from_ref(function.def) as usize >> 4) as i64)
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (
        a.downcast::<NativeFunction>(),
        b.downcast::<NativeFunction>(),
    ) else {
        return Ok(vm.not_implemented());
    };
    let same_receiver = match (x.receiver.get(), y.receiver.get()) {
        (Some(x), Some(y)) => x.is(&y),
        (None, None) => true,
        _ => false,
    };
    protocol::compare::identity(vm, same_receiver && std::ptr::eq(x.def, y.def), op)
}
