//! `wrapper_descriptor` (a slot of a builtin type as a method) and `method-wrapper` (the same bound to its self).

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use super::slot_defs::SlotDef;
use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Type, TypeTraits, kinds};
use crate::protocol::type_name;
use crate::result::PyResult;
use crate::types::sequence::{builtin_function, receiver, reduce_call};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A slot of a builtin type as a method, as it stands in the type's dict.
#[repr(C)]
pub struct SlotWrapper {
    /// The header.
    pub head: Object,
    /// The special method.
    pub def: &'static SlotDef,
    /// The type whose slot it calls.
    pub owner: Ref<Type>,
}
object_layout!(
    SlotWrapper = kinds::SLOT_WRAPPER,
    traverse | this,
    visit | {
        visit.visit(this.owner.as_object());
    }
);

/// A wrapper bound to its self.
#[repr(C)]
pub struct MethodWrapper {
    /// The header.
    pub head: Object,
    /// The wrapper.
    pub wrapper: Ref<SlotWrapper>,
    /// `__self__`
    pub receiver: Ref,
}
object_layout!(
    MethodWrapper = kinds::METHOD_WRAPPER,
    traverse | this,
    visit | {
        visit.visit(this.wrapper.as_object());
        visit.visit(&this.receiver);
    }
);

/// The type `wrapper_descriptor`.
pub static WRAPPER_SPEC: TypeSpec = TypeSpec {
    name: "wrapper_descriptor",
    traits: TypeTraits::METHOD_DESCRIPTOR,
    slots: |s| {
        s.repr.set(Some(wrapper_repr));
        s.call.set(Some(wrapper_call));
        s.descr_get.set(Some(wrapper_get));
    },
    methods: &[&[MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let this = receiver::<SlotWrapper>(vm, this)?;
            let name = vm.intern(this.def.name)?;
            let getattr = builtin_function(vm, "getattr")?;
            reduce_call(vm, &getattr, &[this.owner.as_object(), &name], None)
        }),
        "",
    )]],
    getset: &[
        GetSetDef::member(
            "__objclass__",
            |vm, o| Ok(receiver::<SlotWrapper>(vm, o)?.owner.clone().upcast()),
            "",
        ),
        GetSetDef::member(
            "__name__",
            |vm, o| {
                Ok(vm
                    .intern(receiver::<SlotWrapper>(vm, o)?.def.name)?
                    .upcast())
            },
            "",
        ),
        GetSetDef::get("__qualname__", wrapper_qualname, ""),
        GetSetDef::get(
            "__doc__",
            |vm, o| {
                Ok(vm
                    .new_str(receiver::<SlotWrapper>(vm, o)?.def.doc)?
                    .upcast())
            },
            "",
        ),
        GetSetDef::get(
            "__text_signature__",
            |vm, o| {
                Ok(vm
                    .new_str(receiver::<SlotWrapper>(vm, o)?.def.signature)?
                    .upcast())
            },
            "",
        ),
    ],
    ..TypeSpec::new(SlotWrapper::layout, true)
};

/// The type `method-wrapper`.
pub static METHOD_WRAPPER_SPEC: TypeSpec = TypeSpec {
    name: "method-wrapper",
    slots: |s| {
        s.repr.set(Some(method_repr));
        s.call.set(Some(method_call));
        s.hash.set(Some(|_, o| {
            let own = o
                .downcast::<MethodWrapper>()
                .map_or(0, |m| m.receiver.address() >> 4 ^ m.wrapper.address());
            Ok(own as i64 & i64::MAX)
        }));
        s.compare.set(Some(method_compare));
    },
    methods: &[&[MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let name = vm.intern(wrapper_of(vm, this)?.def.name)?;
            let receiver = &receiver::<MethodWrapper>(vm, this)?.receiver;
            let getattr = builtin_function(vm, "getattr")?;
            reduce_call(vm, &getattr, &[receiver, &name], None)
        }),
        "",
    )]],
    getset: &[
        GetSetDef::member(
            "__self__",
            |vm, o| Ok(receiver::<MethodWrapper>(vm, o)?.receiver.clone()),
            "",
        ),
        GetSetDef::get(
            "__objclass__",
            |vm, o| Ok(wrapper_of(vm, o)?.owner.clone().upcast()),
            "",
        ),
        GetSetDef::get(
            "__name__",
            |vm, o| Ok(vm.intern(wrapper_of(vm, o)?.def.name)?.upcast()),
            "",
        ),
        GetSetDef::get(
            "__qualname__",
            |vm, o| wrapper_qualname(vm, &wrapper_of(vm, o)?.head),
            "",
        ),
        GetSetDef::get(
            "__doc__",
            |vm, o| Ok(vm.new_str(wrapper_of(vm, o)?.def.doc)?.upcast()),
            "",
        ),
        GetSetDef::get(
            "__text_signature__",
            |vm, o| Ok(vm.new_str(wrapper_of(vm, o)?.def.signature)?.upcast()),
            "",
        ),
    ],
    ..TypeSpec::new(MethodWrapper::layout, true)
};

/// Makes the wrapper of a special method for a type.
pub fn make(vm: &Vm, def: &'static SlotDef, owner: &Ref<Type>) -> PyResult {
    let head = Object::new(vm.types.slot_wrapper.type_head_of());
    let wrapper = vm.place(SlotWrapper {
        head,
        def,
        owner: owner.clone(),
    })?;
    vm.heap.track(&wrapper);
    Ok(wrapper.upcast())
}

/// Whether this is `object.__getattribute__`.
pub fn is_object_getattribute(vm: &Vm, method: &Object) -> bool {
    method
        .downcast::<SlotWrapper>()
        .is_some_and(|w| w.owner.is(&vm.types.object) && w.def.name == "__getattribute__")
}

fn wrapper_of<'a>(vm: &Vm, method: &'a Object) -> PyResult<&'a SlotWrapper> {
    Ok(&receiver::<MethodWrapper>(vm, method)?.wrapper)
}

fn wrapper_repr(vm: &Vm, this: &Object) -> PyResult {
    let wrapper = receiver::<SlotWrapper>(vm, this)?;
    let text = format!(
        "<slot wrapper '{}' of '{}' objects>",
        wrapper.def.name,
        wrapper.owner.display_name()
    );
    Ok(vm.new_str(&text)?.upcast())
}

fn wrapper_qualname(vm: &Vm, this: &Object) -> PyResult {
    let wrapper = receiver::<SlotWrapper>(vm, this)?;
    let owner = wrapper.owner.qualname.get();
    let owner = owner.as_ref().map_or("?".into(), |n| n.to_text());
    Ok(vm
        .new_str(&format!("{owner}.{}", wrapper.def.name))?
        .upcast())
}

fn run(vm: &Vm, wrapper: &SlotWrapper, this: &Object, args: Args<'_>) -> PyResult {
    if args.keyword_count() != 0 && !matches!(wrapper.def.name, "__init__" | "__call__") {
        return Err(vm.type_error(format!(
            "wrapper {}() takes no keyword arguments",
            wrapper.def.name
        )));
    }
    (wrapper.def.wrap)(vm, &wrapper.owner, this, args)
}

fn wrapper_call(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let wrapper = receiver::<SlotWrapper>(vm, this)?;
    let (name, owner) = (wrapper.def.name, &wrapper.owner);
    let Some(object) = args.pos().first() else {
        return Err(vm.type_error(format!(
            "descriptor '{name}' of '{}' object needs an argument",
            owner.display_name()
        )));
    };
    if !Type::of(object).is_subtype(owner) {
        return Err(vm.type_error(format!(
            "descriptor '{name}' requires a '{}' object but received a '{}'",
            owner.display_name(),
            type_name(object)
        )));
    }
    run(vm, wrapper, object, args.skip_first().args())
}

fn wrapper_get(
    vm: &Vm,
    this: &Object,
    instance: Option<&Object>,
    _owner: Option<&Object>,
) -> PyResult {
    let wrapper = receiver::<SlotWrapper>(vm, this)?;
    // None is an instance of its own type only.
    let Some(instance) =
        instance.filter(|o| !vm.is_none(o) || vm.types.none_type.is_subtype(&wrapper.owner))
    else {
        return Ok(this.to_ref());
    };
    if !Type::of(instance).is_subtype(&wrapper.owner) {
        return Err(vm.type_error(format!(
            "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
            wrapper.def.name,
            wrapper.owner.display_name(),
            type_name(instance)
        )));
    }
    let head = Object::new(vm.types.method_wrapper.type_head_of());
    let method = vm.place(MethodWrapper {
        head,
        wrapper: Ref::of(wrapper),
        receiver: instance.to_ref(),
    })?;
    vm.heap.track(&method);
    Ok(method.upcast())
}

fn method_repr(vm: &Vm, this: &Object) -> PyResult {
    let method = receiver::<MethodWrapper>(vm, this)?;
    let text = format!(
        "<method-wrapper '{}' of {} object at {:#x}>",
        method.wrapper.def.name,
        type_name(&method.receiver),
        method.receiver.address()
    );
    Ok(vm.new_str(&text)?.upcast())
}

fn method_call(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let method = receiver::<MethodWrapper>(vm, this)?;
    run(vm, &method.wrapper, &method.receiver, args)
}

fn method_compare(vm: &Vm, a: &Object, b: &Object, op: viv_bytecode::CompareOp) -> PyResult {
    let equal = match (a.downcast::<MethodWrapper>(), b.downcast::<MethodWrapper>()) {
        (Some(a), Some(b)) => {
            a.wrapper.as_object().is(b.wrapper.as_object()) && a.receiver.is(&b.receiver)
        }
        _ => return Ok(vm.not_implemented()),
    };
    match op {
        viv_bytecode::CompareOp::Eq => Ok(vm.bool(equal)),
        viv_bytecode::CompareOp::Ne => Ok(vm.bool(!equal)),
        _ => Ok(vm.not_implemented()),
    }
}
