//! The builtin types `method_descriptor`, `classmethod_descriptor`: methods of builtin types as they stand in the type's dict.

use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{MethodDescriptor, NativeFunction, Slot, Type, TypeTraits};
use crate::protocol::type_name;
use crate::result::PyResult;
use crate::types::sequence::{builtin_function, receiver, reduce_call};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `method_descriptor`.
pub static METHOD_DESCRIPTOR_SPEC: TypeSpec = TypeSpec {
    name: "method_descriptor",
    traits: TypeTraits::METHOD_DESCRIPTOR,
    slots: |s| {
        s.repr.set(Some(|vm, o| repr(vm, o, "method")));
        s.call
            .set(Some(|vm, this, args| call(vm, receiver(vm, this)?, args)));
        s.descr_get.set(Some(descr_get));
    },
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(MethodDescriptor::layout, true)
};

/// The type `classmethod_descriptor`.
pub static CLASS_METHOD_DESCRIPTOR_SPEC: TypeSpec = TypeSpec {
    name: "classmethod_descriptor",
    slots: |s| {
        s.repr.set(Some(|vm, o| repr(vm, o, "method")));
        s.call.set(Some(class_call));
        s.descr_get.set(Some(class_get));
    },
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(MethodDescriptor::layout, true)
};

const METHODS: &[MethodDef] = &[MethodDef::new(
    "__reduce__",
    "($self, /)",
    NativeCall::NoArgs(|vm, this| {
        let this = own(vm, this)?;
        let name = vm.intern(this.def.name)?;
        let getattr = builtin_function(vm, "getattr")?;
        reduce_call(vm, &getattr, &[this.owner.as_object(), &name], None)
    }),
    "",
)];

const GETSET: &[GetSetDef] = &[
    GetSetDef::member(
        "__objclass__",
        |vm, o| Ok(own(vm, o)?.owner.clone().upcast()),
        "",
    ),
    GetSetDef::member(
        "__name__",
        |vm, o| Ok(vm.intern(own(vm, o)?.def.name)?.upcast()),
        "",
    ),
    GetSetDef::get("__qualname__", qualname, ""),
    GetSetDef::get("__doc__", |vm, o| text(vm, own(vm, o)?.def.doc), ""),
    GetSetDef::get(
        "__text_signature__",
        |vm, o| text(vm, own(vm, o)?.def.signature),
        "",
    ),
];

fn own<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a MethodDescriptor> {
    receiver(vm, object)
}

/// A text, or None where it is empty.
pub fn text(vm: &Vm, text: &'static str) -> PyResult {
    if text.is_empty() {
        Ok(vm.none_ref())
    } else {
        Ok(vm.new_str(text)?.upcast())
    }
}

fn qualname(vm: &Vm, this: &Object) -> PyResult {
    let this = own(vm, this)?;
    let owner = this.owner.qualname.get();
    let owner = owner.as_ref().map_or("?".into(), |n| n.to_text());
    Ok(vm.new_str(&format!("{owner}.{}", this.def.name))?.upcast())
}

fn repr(vm: &Vm, this: &Object, what: &str) -> PyResult {
    let this = own(vm, this)?;
    let text = format!(
        "<{what} '{}' of '{}' objects>",
        this.def.name,
        this.owner.display_name()
    );
    Ok(vm.new_str(&text)?.upcast())
}

#[cold]
fn wrong_object(vm: &Vm, method: &MethodDescriptor, object: &Object) -> crate::result::Raised {
    vm.type_error(format!(
        "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
        method.def.name,
        method.owner.display_name(),
        type_name(object)
    ))
}

/// Calls a method of a builtin type: the first argument is its self.
pub fn call(vm: &Vm, method: &MethodDescriptor, args: Args<'_>) -> PyResult {
    let name = || {
        let owner = method.owner.qualname.get();
        let owner = owner.as_ref().map_or("?".into(), |n| n.to_text());
        format!("{owner}.{}", method.def.name)
    };
    let Some(object) = args.pos().first() else {
        return Err(vm.type_error(format!("unbound method {}() needs an argument", name())));
    };
    let ty = Type::of(object);
    if !ty.is(&method.owner) && !ty.is_subtype(&method.owner) {
        return Err(wrong_object(vm, method, object));
    }
    if Type::of(method).is(&vm.types.class_method_descriptor) {
        return class_call(vm, method, args);
    }
    crate::native::bind::call_native(
        vm,
        method.def,
        object,
        args.skip_first().args(),
        &method.parameters,
        &name,
    )
}

fn bound(vm: &Vm, method: &MethodDescriptor, receiver: &Object) -> PyResult {
    let function = vm.place(NativeFunction {
        head: Object::new(vm.types.native_function.type_head_of()),
        def: method.def,
        receiver: Slot::full(receiver.to_ref()),
        module: Slot::default(),
        parameters: Default::default(),
        weakrefs: Default::default(),
    })?;
    vm.heap.track(&function);
    Ok(function.upcast())
}

fn descr_get(
    vm: &Vm,
    this: &Object,
    instance: Option<&Object>,
    _owner: Option<&Object>,
) -> PyResult {
    let method = own(vm, this)?;
    let Some(instance) =
        instance.filter(|o| !vm.is_none(o) || vm.types.none_type.is_subtype(&method.owner))
    else {
        return Ok(this.to_ref());
    };
    if !Type::of(instance).is_subtype(&method.owner) {
        return Err(wrong_object(vm, method, instance));
    }
    bound(vm, method, instance)
}

fn class_get(
    vm: &Vm,
    this: &Object,
    instance: Option<&Object>,
    owner: Option<&Object>,
) -> PyResult {
    let method = own(vm, this)?;
    let class = match (owner, instance) {
        (Some(owner), _) => owner.to_ref(),
        (None, Some(instance)) => Type::of(instance).head.to_ref(),
        (None, None) => {
            return Err(vm.type_error(format!(
                "descriptor '{}' for type '{}' needs either an object or a type",
                method.def.name,
                method.owner.display_name()
            )));
        }
    };
    let Some(ty) = class.downcast::<Type>() else {
        return Err(vm.type_error(format!(
            "descriptor '{}' for type '{}' needs a type, not a '{}' as arg 2",
            method.def.name,
            method.owner.display_name(),
            type_name(&class)
        )));
    };
    if !ty.is_subtype(&method.owner) {
        return Err(vm.type_error(format!(
            "descriptor '{}' requires a subtype of '{}' but received '{}'",
            method.def.name,
            method.owner.display_name(),
            ty.display_name()
        )));
    }
    bound(vm, method, &class)
}

fn class_call(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let method = own(vm, this)?;
    let Some(class) = args.pos().first() else {
        return Err(vm.type_error(format!(
            "descriptor '{}' of '{}' object needs an argument",
            method.def.name,
            method.owner.display_name()
        )));
    };
    let function: Ref = class_get(vm, this, None, Some(class))?;
    crate::protocol::call(vm, &function, args.skip_first().args())
}
