//! Slot wrappers (`wrapper_descriptor`), their bound form (`method-wrapper`), and `__new__` of builtin types.

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use super::slot_defs::{SlotDef, check_arguments};
use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Str, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The wrapper of a slot, as it stands in the dict of a builtin type.
#[repr(C)]
pub struct SlotWrapper {
    /// The header.
    pub head: Object,
    /// The special method.
    pub def: &'static SlotDef,
    /// The type whose slot it calls.
    pub owner: Ref<Type>,
}
object_layout!(SlotWrapper = kinds::SLOT_WRAPPER, traverse |this, visit| { visit.visit(this.owner.as_object()); });

/// A slot wrapper bound to its self.
#[repr(C)]
pub struct MethodWrapper {
    /// The header.
    pub head: Object,
    wrapper: Ref<SlotWrapper>,
    receiver: Ref,
}
object_layout!(MethodWrapper = kinds::METHOD_WRAPPER, traverse |this, visit| {
    visit.visit(this.wrapper.as_object());
    visit.visit(&this.receiver);
});

/// The type `wrapper_descriptor`.
pub static SLOT_WRAPPER_SPEC: TypeSpec = TypeSpec {
    name: "wrapper_descriptor",
    traits: TypeTraits::METHOD_DESCRIPTOR,
    slots: |s| {
        s.repr.set(Some(|vm, o| {
            let w = this(vm, o)?;
            let text = format!("<slot wrapper '{}' of '{}' objects>", w.def.name, w.owner.display_name());
            vm.new_str(&text).map(Ref::upcast)
        }));
        s.call.set(Some(call));
        s.descr_get.set(Some(|vm, o, instance, _| match instance {
            Some(instance) => bind(vm, o, instance),
            None => Ok(o.to_ref()),
        }));
    },
    getset: &[
        GetSetDef::get("__name__", |vm, o| vm.intern(this(vm, o)?.def.name).map(Ref::upcast), ""),
        GetSetDef::get("__qualname__", |vm, o| {
            let w = this(vm, o)?;
            vm.new_str(&format!("{}.{}", w.owner.display_name(), w.def.name)).map(Ref::upcast)
        }, ""),
        GetSetDef::get("__objclass__", |vm, o| Ok(this(vm, o)?.owner.clone().upcast()), ""),
        GetSetDef::get("__doc__", |vm, _| Ok(vm.none_ref()), ""),
    ],
    ..TypeSpec::new(SlotWrapper::layout, true)
};

/// The type `method-wrapper`.
pub static METHOD_WRAPPER_SPEC: TypeSpec = TypeSpec {
    name: "method-wrapper",
    slots: |s| {
        s.repr.set(Some(|vm, o| {
            let m = bound(vm, o)?;
            let name = protocol::type_name(&m.receiver);
            vm.new_str(&format!(
                "<method-wrapper '{}' of {name} object at {:#x}>",
                m.wrapper.def.name,
                m.receiver.address()
            ))
            .map(Ref::upcast)
        }));
        s.call.set(Some(|vm, o, args| {
            let m = bound(vm, o)?;
            call_with(vm, &m.wrapper, &m.receiver, args)
        }));
    },
    getset: &[
        GetSetDef::get("__name__", |vm, o| vm.intern(bound(vm, o)?.wrapper.def.name).map(Ref::upcast), ""),
        GetSetDef::get("__self__", |vm, o| Ok(bound(vm, o)?.receiver.clone()), ""),
    ],
    ..TypeSpec::new(MethodWrapper::layout, true)
};

fn this<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a SlotWrapper> {
    object.downcast::<SlotWrapper>().ok_or_else(|| vm.type_error("descriptor requires a wrapper_descriptor"))
}

fn bound<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a MethodWrapper> {
    object.downcast::<MethodWrapper>().ok_or_else(|| vm.type_error("descriptor requires a method-wrapper"))
}

/// The wrapper of a slot.
pub fn new(vm: &Vm, owner: &Ref<Type>, def: &'static SlotDef) -> PyResult {
    let head = Object::new(vm.types.slot_wrapper.type_head_of());
    let made = vm.place(SlotWrapper { head, def, owner: owner.clone() })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}

fn bind(vm: &Vm, wrapper: &Object, receiver: &Object) -> PyResult {
    let Ok(wrapper) = wrapper.to_ref().cast::<SlotWrapper>() else { return Ok(wrapper.to_ref()) };
    let head = Object::new(vm.types.method_wrapper.type_head_of());
    let made = vm.place(MethodWrapper { head, wrapper, receiver: receiver.to_ref() })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}

fn call(vm: &Vm, object: &Object, args: Args<'_>) -> PyResult {
    let wrapper = this(vm, object)?;
    let Some(receiver) = args.pos().first() else {
        return Err(vm.type_error(format!(
            "descriptor '{}' of '{}' object needs an argument",
            wrapper.def.name,
            wrapper.owner.display_name()
        )));
    };
    call_with(vm, wrapper, receiver, args.skip_first())
}

fn call_with(vm: &Vm, wrapper: &SlotWrapper, receiver: &Object, args: Args<'_>) -> PyResult {
    if !Type::of(receiver).is_subtype(&wrapper.owner) {
        return Err(vm.type_error(format!(
            "descriptor '{}' requires a '{}' object but received a '{}'",
            wrapper.def.name,
            wrapper.owner.display_name(),
            protocol::type_name(receiver)
        )));
    }
    if !matches!(wrapper.def.name, "__call__" | "__init__") {
        if args.keyword_count() != 0 {
            return Err(vm.type_error(format!("wrapper {}() takes no keyword arguments", wrapper.def.name)));
        }
        check_arguments(vm, wrapper.def, args.pos().len())?;
    }
    (wrapper.def.wrap)(vm, &wrapper.owner.slots, receiver, args.pos(), args)
}

static NEW: MethodDef = MethodDef::new("__new__", "($type, *args, **kwargs)", NativeCall::Raw(call_new), "Create and return a new object.  See help(type) for accurate signature.");

/// The `__new__` of a builtin type, as it stands in its dict.
pub fn new_function(vm: &Vm, ty: &Ref<Type>) -> PyResult {
    crate::modules::make::native_function(vm, &NEW, Some(ty.clone().upcast()), None)
}

fn call_new(vm: &Vm, owner: &Object, args: Args<'_>) -> PyResult {
    let Some(owner) = owner.downcast::<Type>() else { return Err(vm.type_error("__new__ without type")) };
    let name = owner.display_name();
    let Some(first) = args.pos().first() else {
        return Err(vm.type_error(format!("{name}.__new__(): not enough arguments")));
    };
    let Some(ty) = first.downcast::<Type>() else {
        return Err(vm.type_error(format!(
            "{name}.__new__(X): X is not a type object ({})",
            protocol::type_name(first)
        )));
    };
    if !ty.is_subtype(owner) {
        return Err(vm.type_error(format!("{name}.__new__({0}): {0} is not a subtype of {name}", ty.display_name())));
    }
    // The most derived builtin type decides what the memory looks like.
    let mut solid = Some(Ref::of(ty));
    while let Some(t) = &solid
        && t.has(TypeTraits::HEAP)
    {
        solid = t.base.get();
    }
    if let Some(solid) = &solid
        && solid.slots.new.get().map(|f| f as usize) != owner.slots.new.get().map(|f| f as usize)
    {
        return Err(vm.type_error(format!(
            "{name}.__new__({}) is not safe, use {}.__new__()",
            ty.display_name(),
            solid.display_name()
        )));
    }
    match owner.slots.new.get() {
        Some(new) => new(vm, ty, args.skip_first()),
        None => Err(vm.type_error(format!("cannot create '{name}' instances"))),
    }
}

/// Whether an attribute name is a string, for callers that get any object.
pub fn is_name(object: &Object) -> bool {
    object.downcast::<Str>().is_some()
}
