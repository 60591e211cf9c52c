//! The builtin type `object`: the default behaviour of everything.

pub mod attributes;

use viv_bytecode::CompareOp;
use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Instance, Str, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

pub use attributes::{generic_get_attr, generic_set_attr, get_method};

/// The type `object`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "object",
    doc: "The base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new featureless\ninstance that has no instance attributes and cannot be given any.\n",
    signature: "()",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.repr.set(Some(repr));
        s.str.set(Some(|vm, o| protocol::repr(vm, o).map(Ref::upcast)));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
        s.getattr.set(Some(generic_get_attr));
        s.setattr.set(Some(generic_set_attr));
        s.new.set(Some(new));
        s.init.set(Some(init));
    },
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(Instance::layout, false)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new("__format__", "($self, format_spec, /)", NativeCall::One(format), "Default object formatter."),
    MethodDef::new("__dir__", "($self, /)", NativeCall::NoArgs(dir), "Default dir() implementation."),
    MethodDef::new("__sizeof__", "($self, /)", NativeCall::NoArgs(size_of), "Return the object's size in memory, in bytes."),
    MethodDef::class("__init_subclass__", "", NativeCall::Raw(init_subclass), "This method is called when a class is subclassed."),
    MethodDef::class("__subclasshook__", "", NativeCall::One(|vm, _, _| Ok(vm.not_implemented())), "Abstract classes can override this to customize issubclass()."),
];

const GETSET: &[GetSetDef] = &[GetSetDef::get_set("__class__", |_, o| Ok(Type::of(o).head.to_ref()), set_class, "the object's class")];

fn repr(vm: &Vm, object: &Object) -> PyResult {
    let ty = Type::of(object);
    let name = crate::types::ty::full_name(vm, ty)?;
    vm.new_str(&format!("<{name} object at {:#x}>", object.address())).map(Ref::upcast)
}

/// The hash by identity: the address, its low bits (always zero) turned to the top.
pub fn hash(_vm: &Vm, object: &Object) -> PyResult<i64> {
    Ok((object.address() as i64 as u64).rotate_right(4) as i64)
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    match op {
        CompareOp::Eq if a.is(b) => Ok(vm.bool(true)),
        CompareOp::Ne => match Type::of(a).slots.compare.get() {
            // Not equal is the opposite of what the type's own equality says.
            Some(f) if !std::ptr::fn_addr_eq(f, compare as crate::slots::RichCompare) => {
                let equal = f(vm, a, b, CompareOp::Eq)?;
                if vm.is_not_implemented(&equal) {
                    return Ok(equal);
                }
                Ok(vm.bool(!protocol::is_true(vm, &equal)?))
            }
            _ => Ok(vm.not_implemented()),
        },
        _ => Ok(vm.not_implemented()),
    }
}

/// `object.__ne__` for a Python class that defines only `__eq__`.
pub fn default_not_equal(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    compare(vm, a, b, CompareOp::Ne)
}

fn overrides_init(ty: &Type) -> bool {
    !ty.slots.init.get().is_some_and(|f| std::ptr::fn_addr_eq(f, init as crate::slots::Init))
}

fn overrides_new(ty: &Type) -> bool {
    !ty.slots.new.get().is_some_and(|f| std::ptr::fn_addr_eq(f, new as crate::slots::New))
}

/// `object.__new__`
pub fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    if !args.values().is_empty() {
        if overrides_new(ty) {
            return Err(vm.type_error("object.__new__() takes exactly one argument (the type to instantiate)"));
        }
        if !overrides_init(ty) {
            return Err(vm.type_error(format!("{}() takes no arguments", ty.display_name())));
        }
    }
    if ty.has(TypeTraits::ABSTRACT) {
        return Err(crate::types::ty::abstract_error(vm, ty));
    }
    Instance::place(vm, ty).map(Ref::upcast)
}

fn init(vm: &Vm, object: &Object, args: Args<'_>) -> PyResult<()> {
    if !args.values().is_empty() {
        let ty = Type::of(object);
        if overrides_init(ty) {
            return Err(vm.type_error("object.__init__() takes exactly one argument (the instance to initialize)"));
        }
        if !overrides_new(ty) {
            return Err(vm.type_error(format!(
                "{}.__init__() takes exactly one argument (the instance to initialize)",
                ty.display_name()
            )));
        }
    }
    Ok(())
}

fn format(vm: &Vm, object: &Object, spec: &Object) -> PyResult {
    let Some(text) = spec.downcast::<Str>() else {
        return Err(vm.type_error(format!("__format__() argument must be str, not {}", protocol::type_name(spec))));
    };
    if !text.is_empty() {
        return Err(vm.type_error(format!(
            "unsupported format string passed to {}.__format__",
            protocol::type_name(object)
        )));
    }
    protocol::str(vm, object).map(Ref::upcast)
}

fn size_of(vm: &Vm, object: &Object) -> PyResult {
    vm.new_usize(viv_heap::place::size_of_object(object))
}

fn init_subclass(vm: &Vm, class: &Object, args: Args<'_>) -> PyResult {
    if args.values().is_empty() {
        return Ok(vm.none_ref());
    }
    let name = class.downcast::<Type>().map_or_else(String::new, Type::display_name);
    if args.keyword_count() != 0 {
        return Err(vm.type_error(format!("{name}.__init_subclass__() takes no keyword arguments")));
    }
    Err(vm.type_error(format!("{name}.__init_subclass__() takes no arguments ({} given)", args.pos().len())))
}

fn dir(vm: &Vm, object: &Object) -> PyResult {
    let names = vm.new_dict()?;
    if let Some(own) = protocol::get_attr_opt(vm, object, &vm.names.__dict__)?
        && let Some(own) = own.downcast::<crate::object::Dict>()
    {
        for (key, _) in own.snapshot() {
            names.set(vm, &key, vm.none())?;
        }
    }
    if let Some(mro) = Type::of(object).mro.get() {
        for class in mro.iter().filter_map(|c| c.downcast::<Type>()) {
            for (key, _) in class.dict.get().map(|d| d.snapshot()).unwrap_or_default() {
                names.set(vm, &key, vm.none())?;
            }
        }
    }
    vm.new_list(names.snapshot().into_iter().map(|(key, _)| key).collect()).map(Ref::upcast)
}

fn set_class(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(value) = value else { return Err(vm.type_error("can't delete __class__ attribute")) };
    let Some(new) = value.downcast::<Type>() else {
        return Err(vm.type_error(format!(
            "__class__ must be set to a class, not '{}' object",
            protocol::type_name(value)
        )));
    };
    let old = Type::of(object);
    if !old.has(TypeTraits::HEAP) || !new.has(TypeTraits::HEAP) {
        return Err(vm.type_error(
            "__class__ assignment only supported for mutable types or ModuleType subclasses",
        ));
    }
    let same = old.info.basicsize.get() == new.info.basicsize.get()
        && std::ptr::eq(old.info.layout.get(), new.info.layout.get())
        && old.info.object_flags.get() == new.info.object_flags.get()
        && old.info.flags.get() & !viv_heap::TypeFlags::HAS_FINALIZER
            == new.info.flags.get() & !viv_heap::TypeFlags::HAS_FINALIZER;
    if !same {
        return Err(vm.type_error(format!(
            "__class__ assignment: '{}' object layout differs from '{}'",
            new.display_name(),
            old.display_name()
        )));
    }
    // Places of inline values belong to the old class: the values move to a dict first.
    attributes::materialize(vm, object)?;
    object.set_type(new.type_head_of());
    Ok(())
}
