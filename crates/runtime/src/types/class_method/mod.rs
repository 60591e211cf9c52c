//! The builtin type `classmethod`, and the layout it shares with `staticmethod`.

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use crate::native::GetSetDef;
use crate::object::{Dict, Slot, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A `classmethod` or `staticmethod`: a callable that is bound in another way.
#[repr(C)]
pub struct Wrapping {
    /// The header.
    pub head: Object,
    /// `__func__`
    pub callable: Slot,
    /// `__dict__`
    pub dict: Slot<Dict>,
}
object_layout!(Wrapping = kinds::CLASS_METHOD, traverse |this, visit| {
    this.callable.visit(visit);
    this.dict.visit(visit);
}, clear |this| {
    this.callable.set(None);
    this.dict.set(None);
});

/// The type `classmethod`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "classmethod",
    doc: "Convert a function to be a class method.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(|vm, ty, _| empty(vm, ty)));
        s.init.set(Some(init));
        s.repr.set(Some(|vm, o| repr(vm, o, "classmethod")));
        s.descr_get.set(Some(|vm, o, instance, owner| {
            let callable = this(vm, o)?.callable.get().unwrap_or_else(|| vm.none_ref());
            let class = match (owner, instance) {
                (Some(owner), _) => owner.to_ref(),
                (None, Some(instance)) => Type::of(instance).head.to_ref(),
                (None, None) => vm.none_ref(),
            };
            crate::types::function::bind(vm, &callable, &class)
        }));
    },
    getset: GETSET,
    ..TypeSpec::new(Wrapping::layout, true)
};

/// The attributes that both have.
pub const GETSET: &[GetSetDef] = &[
    GetSetDef::member("__func__", |vm, o| Ok(this(vm, o)?.callable.get().unwrap_or_else(|| vm.none_ref())), ""),
    GetSetDef::member("__wrapped__", |vm, o| Ok(this(vm, o)?.callable.get().unwrap_or_else(|| vm.none_ref())), ""),
    GetSetDef::get("__isabstractmethod__", |vm, o| {
        let callable = this(vm, o)?.callable.get().unwrap_or_else(|| vm.none_ref());
        let flag = protocol::get_attr_opt(vm, &callable, &vm.names.__isabstractmethod__)?;
        Ok(vm.bool(flag.map_or(Ok(false), |f| protocol::is_true(vm, &f))?))
    }, ""),
    GetSetDef::get("__name__", |vm, o| forward(vm, o, "__name__"), ""),
    GetSetDef::get("__qualname__", |vm, o| forward(vm, o, "__qualname__"), ""),
    GetSetDef::get("__module__", |vm, o| forward(vm, o, "__module__"), ""),
    GetSetDef::get("__doc__", |vm, o| forward(vm, o, "__doc__"), ""),
];

fn forward(vm: &Vm, object: &Object, name: &str) -> PyResult {
    let callable = this(vm, object)?.callable.get().unwrap_or_else(|| vm.none_ref());
    protocol::get_attr_str(vm, &callable, name)
}

pub fn this<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a Wrapping> {
    object.downcast::<Wrapping>().ok_or_else(|| vm.type_error("descriptor requires a method wrapper"))
}

/// An instance that wraps nothing yet.
pub fn empty(vm: &Vm, ty: &Type) -> PyResult {
    let head = Object::new(ty.type_head_of());
    let made = vm.place(Wrapping { head, callable: Slot::default(), dict: Slot::default() })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}

/// `__init__` of both types.
pub fn init(vm: &Vm, object: &Object, args: crate::Args<'_>) -> PyResult<()> {
    let [callable] = args.pos() else {
        let name = Type::of(object).display_name();
        return Err(vm.type_error(format!("{name} expected 1 argument, got {}", args.pos().len())));
    };
    this(vm, object)?.callable.set(Some(callable.to_ref()));
    Ok(())
}

/// `<classmethod(<function …>)>`
pub fn repr(vm: &Vm, object: &Object, name: &str) -> PyResult {
    let callable = this(vm, object)?.callable.get().unwrap_or_else(|| vm.none_ref());
    let inner = protocol::repr(vm, &callable)?;
    vm.new_str(&format!("<{name}({})>", inner.to_text())).map(Ref::upcast)
}

/// A class method of a callable.
pub fn of(vm: &Vm, callable: &Object) -> PyResult {
    let made = empty(vm, &vm.types.class_method)?;
    this(vm, &made)?.callable.set(Some(callable.to_ref()));
    Ok(made)
}
