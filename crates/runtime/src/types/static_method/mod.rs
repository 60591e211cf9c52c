//! The builtin type `staticmethod`.

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Dict, NativeFunction, Slot, Str, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{constructor_args, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A `staticmethod`.
#[repr(C)]
pub struct StaticMethod {
    /// The header.
    pub head: Object,
    /// The function.
    pub function: Slot,
    /// `__dict__`, once it exists.
    pub dict: Slot<Dict>,
}
object_layout!(
    StaticMethod = kinds::STATIC_METHOD,
    traverse | this,
    visit | {
        this.function.visit(visit);
        this.dict.visit(visit);
    },
    clear | this | {
        this.function.set(None);
        this.dict.set(None);
    }
);

/// The type `staticmethod`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "staticmethod",
    signature: "(function, /)",
    doc: "Convert a function to be a static method.\n\nA static method does not receive an implicit first argument.\nTo declare a static method, use this idiom:\n\n     class C:\n         @staticmethod\n         def f(arg1, arg2, argN):\n             ...\n\nIt can be called either on the class (e.g. C.f()) or on an instance\n(e.g. C().f()). Both the class and the instance are ignored, and\nneither is passed implicitly as the first argument to the method.\n\nStatic methods in Python are similar to those found in Java or C++.\nFor a more advanced concept, see the classmethod builtin.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(|vm, ty, _| place(vm, ty, None)));
        s.init.set(Some(init));
        s.repr.set(Some(|vm, this| {
            let text = protocol::repr(vm, &*function_of(vm, this)?)?;
            Ok(vm
                .new_str(&format!("<staticmethod({})>", text.to_text()))?
                .upcast())
        }));
        s.call.set(Some(|vm, this, args| {
            protocol::call(vm, &*function_of(vm, this)?, args)
        }));
        s.descr_get
            .set(Some(|vm, this, _, _| function_of(vm, this)));
    },
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(StaticMethod::layout, true)
};

const METHODS: &[MethodDef] = &[MethodDef::class(
    "__class_getitem__",
    "($type, object, /)",
    NativeCall::One(crate::types::class_getitem),
    "See PEP 585",
)];

const GETSET: &[GetSetDef] = &[
    GetSetDef::member("__func__", function_of, ""),
    GetSetDef::member("__wrapped__", function_of, ""),
    GetSetDef::get(
        "__isabstractmethod__",
        |vm, o| crate::types::property::abstract_flag(vm, &*function_of(vm, o)?),
        "",
    ),
    GetSetDef::get_set(
        "__annotations__",
        |vm, o| wrapped_attribute(vm, o, &vm.names.__annotations__, &*function_of(vm, o)?),
        |vm, o, v| set_wrapped_attribute(vm, o, &vm.names.__annotations__, v),
        "",
    ),
    GetSetDef::get_set(
        "__annotate__",
        |vm, o| wrapped_attribute(vm, o, &vm.names.__annotate__, &*function_of(vm, o)?),
        |vm, o, v| set_wrapped_attribute(vm, o, &vm.names.__annotate__, v),
        "",
    ),
    GetSetDef::get_set(
        "__dict__",
        super::object::get_dict,
        super::object::set_dict,
        "",
    ),
];

fn function_of(vm: &Vm, this: &Object) -> PyResult {
    let function = receiver::<StaticMethod>(vm, this)?.function.get();
    Ok(function.unwrap_or_else(|| vm.none_ref()))
}

fn place(vm: &Vm, ty: &Type, function: Option<Ref>) -> PyResult {
    let head = Object::new(ty.type_head_of());
    let made = vm.place(StaticMethod {
        head,
        function: Slot::new(function),
        dict: Slot::default(),
    })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let args = constructor_args(vm, "staticmethod", args, 1, 1)?;
    let method = receiver::<StaticMethod>(vm, this)?;
    if let [function] = args {
        method.function.set(Some(function.to_ref()));
        copy_attributes(vm, this, function)?;
    }
    Ok(())
}

/// Takes over name, documentation and so on of the wrapped function.
pub fn copy_attributes(vm: &Vm, this: &Object, function: &Object) -> PyResult<()> {
    let names = &vm.names;
    for name in [
        &names.__module__,
        &names.__name__,
        &names.__qualname__,
        &names.__doc__,
    ] {
        if let Some(value) = protocol::get_attr_opt(vm, function, name)?
            && let Some(dict) = super::object::attributes::dict_of(vm, this)?
        {
            dict.set_str(vm, name, &value)?;
        }
    }
    Ok(())
}

/// An attribute of the wrapped function, kept in the wrapper's dict once it was asked for.
pub fn wrapped_attribute(vm: &Vm, this: &Object, name: &Str, function: &Object) -> PyResult {
    let dict = super::object::attributes::dict_of(vm, this)?;
    if let Some(known) = dict.as_ref().and_then(|dict| dict.get_str(vm, name)) {
        return Ok(known);
    }
    let value = protocol::get_attr(vm, function, name)?;
    if let Some(dict) = dict {
        dict.set_str(vm, name, &value)?;
    }
    Ok(value)
}

/// Sets or deletes what [`wrapped_attribute`] keeps.
pub fn set_wrapped_attribute(
    vm: &Vm,
    this: &Object,
    name: &Str,
    value: Option<&Object>,
) -> PyResult<()> {
    let Some(dict) = super::object::attributes::dict_of(vm, this)? else {
        return Ok(());
    };
    match value {
        Some(value) => dict.set_str(vm, name, value),
        None if dict.remove(vm, name)?.is_some() => Ok(()),
        None => {
            let text = format!(
                "'{}' object has no attribute '{}'",
                protocol::type_name(this),
                name.to_text()
            );
            Err(super::exception::attribute_error(vm, &text, this, name))
        }
    }
}

/// A static method of any callable.
pub fn make(vm: &Vm, function: &Object) -> PyResult {
    let made = place(vm, &vm.types.static_method, Some(function.to_ref()))?;
    copy_attributes(vm, &made, function)?;
    Ok(made)
}

/// The static method of a native function, as it stands in a builtin type's dict.
pub fn of_native(vm: &Vm, owner: &Ref<Type>, def: &'static MethodDef) -> PyResult {
    let function = vm.place(NativeFunction {
        head: Object::new(vm.types.native_function.type_head_of()),
        def,
        receiver: Slot::full(owner.clone().upcast()),
        module: Slot::default(),
        parameters: Default::default(),
        weakrefs: Default::default(),
    })?;
    vm.heap.track(&function);
    place(vm, &vm.types.static_method, Some(function.upcast()))
}
