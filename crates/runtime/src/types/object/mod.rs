//! The builtin type `object`: what every object can do.

pub mod attributes;
pub mod reduce;

use viv_bytecode::CompareOp;
use viv_heap::{Object, ObjectLayout, TypeFlags};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Dict, Instance, Module, Str, Type, TypeTraits, kinds};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::types::spec::TypeSpec;
use crate::types::ty;
use crate::vm::Vm;

pub use attributes::{
    LoadKind, classify_load, find_attr, generic_get_attr, generic_set_attr, get_method,
};

/// The type `object`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "object",
    doc: "The base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new featureless\ninstance that has no instance attributes and cannot be given any.\n",
    signature: "()",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.repr.set(Some(repr));
        s.str.set(Some(str));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
        s.getattr.set(Some(generic_get_attr));
        s.setattr.set(Some(generic_set_attr));
    },
    methods: &[METHODS],
    getset: &[GetSetDef::get_set(
        "__class__",
        |_, o| Ok(Type::of(o).head.to_ref()),
        set_class,
        "the object's class",
    )],
    ..TypeSpec::new(Instance::layout, false)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__reduce_ex__",
        "($self, protocol, /)",
        NativeCall::One(reduce::reduce_ex),
        "Helper for pickle.",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(reduce::reduce),
        "Helper for pickle.",
    ),
    MethodDef::new(
        "__getstate__",
        "($self, /)",
        NativeCall::NoArgs(reduce::get_state),
        "Helper for pickle.",
    ),
    MethodDef::class(
        "__subclasshook__",
        "($type, object, /)",
        NativeCall::Positional {
            min: 0,
            max: usize::MAX,
            call: |vm, _, _| Ok(vm.not_implemented()),
        },
        "Abstract classes can override this to customize issubclass().\n\nThis is invoked early on by abc.ABCMeta.__subclasscheck__().\nIt should return True, False or NotImplemented.  If it returns\nNotImplemented, the normal algorithm is used.  Otherwise, it\noverrides the normal algorithm (and the outcome is cached).",
    ),
    MethodDef::class(
        "__init_subclass__",
        "($type, /)",
        NativeCall::Raw(init_subclass),
        "This method is called when a class is subclassed.\n\nThe default implementation does nothing. It may be\noverridden to extend subclasses.",
    ),
    MethodDef::new(
        "__format__",
        "($self, format_spec, /)",
        NativeCall::One(format),
        "Default object formatter.\n\nReturn str(self) if format_spec is empty. Raise TypeError otherwise.",
    ),
    MethodDef::new(
        "__sizeof__",
        "($self, /)",
        NativeCall::NoArgs(sizeof),
        "Size of object in memory, in bytes.",
    ),
    MethodDef::new(
        "__dir__",
        "($self, /)",
        NativeCall::NoArgs(dir),
        "Default dir() implementation.",
    ),
];

fn same_new(ty: &Type) -> bool {
    ty.slots
        .new
        .get()
        .is_some_and(|f| std::ptr::fn_addr_eq(f, new as crate::slots::New))
}

fn same_init(ty: &Type) -> bool {
    ty.slots
        .init
        .get()
        .is_some_and(|f| std::ptr::fn_addr_eq(f, init as crate::slots::Init))
}

/// `object.__new__`
pub fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    if !args.values().is_empty() {
        if !same_new(ty) {
            return Err(vm.type_error(
                "object.__new__() takes exactly one argument (the type to instantiate)",
            ));
        }
        if same_init(ty) {
            return Err(vm.type_error(format!("{}() takes no arguments", ty.display_name())));
        }
    }
    if ty.has(TypeTraits::ABSTRACT) {
        return Err(abstract_class(vm, ty)?);
    }
    if ty.info.layout.get().kind != kinds::INSTANCE {
        let name = ty.display_name();
        if ty.slots.new.get().is_none() || same_new(ty) {
            return Err(vm.type_error(format!("cannot create '{name}' instances")));
        }
        return Err(vm.type_error(format!(
            "object.__new__({name}) is not safe, use {name}.__new__()"
        )));
    }
    Ok(Instance::place(vm, ty)?.upcast())
}

#[cold]
fn abstract_class(vm: &Vm, ty: &Type) -> PyResult<crate::result::Raised> {
    let methods = protocol::get_attr(vm, &ty.head, &vm.names.__abstractmethods__)?;
    let mut names: Vec<String> = protocol::collect(vm, &methods)?
        .iter()
        .filter_map(|n| n.downcast::<Str>().map(|n| n.to_text().into_owned()))
        .collect();
    names.sort();
    let s = if names.len() == 1 { "" } else { "s" };
    let list = names
        .iter()
        .map(|n| format!("'{n}'"))
        .collect::<Vec<_>>()
        .join(", ");
    Ok(vm.type_error(format!(
        "Can't instantiate abstract class {} without an implementation for abstract method{s} {list}",
        ty.display_name()
    )))
}

/// Whether initialising instances of a type does nothing whatever the arguments: its initialiser is that of `object`, and it
/// has a constructor of its own, which has looked at them.
#[inline]
pub(crate) fn init_does_nothing(ty: &Type) -> bool {
    same_init(ty) && !same_new(ty)
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    if args.values().is_empty() {
        return Ok(());
    }
    let ty = Type::of(this);
    // `object.__init__` called on an instance whose class has a constructor of its own is checked by its `__new__`.
    if !same_init(ty) || ty.is(&vm.types.object) {
        return Err(vm.type_error(
            "object.__init__() takes exactly one argument (the instance to initialize)",
        ));
    }
    if same_new(ty) {
        return Err(vm.type_error(format!(
            "{}.__init__() takes exactly one argument (the instance to initialize)",
            ty.display_name()
        )));
    }
    Ok(())
}

/// `object.__repr__`
pub fn repr(vm: &Vm, this: &Object) -> PyResult {
    let ty = Type::of(this);
    let qualname = ty.qualname.get();
    let qualname = qualname.as_ref().map_or("?".into(), |n| n.to_text());
    let module = ty::attributes::module_of(vm, ty);
    let text = match module.as_ref().and_then(|m| m.downcast::<Str>()) {
        Some(module) if !module.eq_text("builtins") => {
            format!(
                "<{}.{qualname} object at {:#x}>",
                module.to_text(),
                this.address()
            )
        }
        _ => format!("<{qualname} object at {:#x}>", this.address()),
    };
    Ok(vm.new_str(&text)?.upcast())
}

/// `object.__str__`: the representation.
fn str(vm: &Vm, this: &Object) -> PyResult {
    match Type::of(this).slots.repr.get() {
        Some(slot) => slot(vm, this),
        None => repr(vm, this),
    }
}

fn hash(_vm: &Vm, this: &Object) -> PyResult<i64> {
    Ok((this.address() >> 4) as i64)
}

pub(crate) fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    match op {
        CompareOp::Eq if a.is(b) => Ok(vm.bool(true)),
        CompareOp::Ne => {
            // The opposite of `==`, where the type says anything of it.
            let Some(slot) = Type::of(a).slots.compare.get() else {
                return Ok(vm.not_implemented());
            };
            let equal = slot(vm, a, b, CompareOp::Eq)?;
            if vm.is_not_implemented(&equal) {
                return Ok(equal);
            }
            Ok(vm.bool(!protocol::is_true(vm, &equal)?))
        }
        _ => Ok(vm.not_implemented()),
    }
}

fn init_subclass(vm: &Vm, class: &Object, args: Args<'_>) -> PyResult {
    if args.values().is_empty() {
        return Ok(vm.none_ref());
    }
    let name = class
        .downcast::<Type>()
        .map_or_else(String::new, Type::display_name);
    Err(vm.type_error(if args.keyword_count() != 0 {
        format!("{name}.__init_subclass__() takes no keyword arguments")
    } else {
        format!(
            "{name}.__init_subclass__() takes no arguments ({} given)",
            args.pos().len()
        )
    }))
}

fn format(vm: &Vm, this: &Object, spec: &Object) -> PyResult {
    let Some(spec) = spec.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "__format__() argument must be str, not {}",
            type_name(spec)
        )));
    };
    if !spec.is_empty() {
        return Err(vm.type_error(format!(
            "unsupported format string passed to {}.__format__",
            type_name(this)
        )));
    }
    Ok(protocol::str(vm, this)?.upcast())
}

/// `object.__dir__`: the names of the object itself and of its class.
fn dir(vm: &Vm, this: &Object) -> PyResult {
    let names = vm.new_dict()?;
    if let Some(dict) = protocol::get_attr_opt(vm, this, &vm.names.__dict__)?
        && let Some(dict) = dict.downcast::<Dict>()
    {
        for (key, _) in dict.snapshot() {
            names.set(vm, &key, vm.none())?;
        }
    }
    if let Some(class) = protocol::get_attr_opt(vm, this, &vm.names.__class__)?
        && let Some(class) = class.downcast::<Type>()
    {
        ty::attributes::merge_class_names(vm, &names, class)?;
    }
    Ok(vm
        .new_list(names.snapshot().into_iter().map(|(k, _)| k).collect())?
        .upcast())
}

/// `object.__dict__`
pub fn get_dict(vm: &Vm, this: &Object) -> PyResult {
    match attributes::dict_of(vm, this)? {
        Some(dict) => Ok(dict.upcast()),
        None => Err(protocol::attribute::no_attribute(
            vm,
            this,
            &vm.names.__dict__,
        )),
    }
}

/// `object.__dict__ = dict`
pub fn set_dict(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    if !attributes::has_dict(this) {
        return Err(protocol::attribute::no_attribute(
            vm,
            this,
            &vm.names.__dict__,
        ));
    }
    match value.map(|v| v.to_ref().cast::<Dict>()) {
        None => attributes::set_dict(vm, this, None),
        Some(Ok(dict)) => attributes::set_dict(vm, this, Some(dict)),
        Some(Err(other)) => Err(vm.type_error(format!(
            "__dict__ must be set to a dictionary, not a '{}'",
            type_name(&other)
        ))),
    }
}

/// `object.__class__ = class`
fn set_class(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let Some(value) = value else {
        return Err(vm.type_error("can't delete __class__ attribute"));
    };
    let Some(new) = value.downcast::<Type>() else {
        return Err(vm.type_error(format!(
            "__class__ must be set to a class, not '{}' object",
            type_name(value)
        )));
    };
    let old = Type::of(this);
    let is_module = |t: &Type| t.is_subtype(&vm.types.module);
    let mutable = new.has(TypeTraits::HEAP) && old.has(TypeTraits::HEAP);
    let modules = is_module(new) && is_module(old) && this.downcast::<Module>().is_some();
    if !mutable && !modules {
        return Err(vm.type_error(
            "__class__ assignment only supported for mutable types or ModuleType subclasses",
        ));
    }
    if !compatible(old, new) {
        return Err(vm.type_error(format!(
            "__class__ assignment: '{}' object layout differs from '{}'",
            new.display_name(),
            old.display_name()
        )));
    }
    if new.is(old) {
        return Ok(());
    }
    if new.info.object_flags.get() & viv_heap::Flags::MANAGED
        != this.flags() & viv_heap::Flags::MANAGED
    {
        return Err(vm.type_error(format!(
            "__class__ assignment: '{}' object layout differs from '{}'",
            new.display_name(),
            old.display_name()
        )));
    }
    // The places of inline values are those of the old class.
    if old.info.flags.get() & TypeFlags::INLINE_VALUES != 0 {
        attributes::dict_of(vm, this)?;
    }
    if new.info.flags.get() & TypeFlags::INLINE_VALUES != 0
        && !new.info.limit_inline_places(this.inline_capacity() as u32)
    {
        new.set_trait(TypeTraits::CRAMPED, true);
        new.modified();
    }
    this.set_type(new.type_head_of());
    Ok(())
}

/// Whether instances of both classes have the same layout.
fn compatible(old: &Type, new: &Type) -> bool {
    let facts =
        |t: &Type| t.info.flags.get() & (TypeFlags::MANAGED_DICT | TypeFlags::MANAGED_WEAKREF);
    if facts(old) != facts(new) || !std::ptr::eq(old.info.layout.get(), new.info.layout.get()) {
        return false;
    }
    let solid = |t: &Type| ty::new::solid_base(t);
    let (a, b) = (solid(old), solid(new));
    if a.is(&b) {
        return true;
    }
    // Two classes that add the same slots to the same base.
    let names = |t: &Type| {
        t.slot_names
            .borrow()
            .iter()
            .map(|(n, _)| n.to_text().into_owned())
            .collect::<Vec<_>>()
    };
    let same_base = a
        .base
        .get()
        .zip(b.base.get())
        .is_some_and(|(x, y)| solid(&x).is(&solid(&y)));
    same_base && a.info.fixed_size() == b.info.fixed_size() && names(&a) == names(&b)
}

/// `__sizeof__()`: the bytes of the object's block from its header on.
pub fn sizeof(vm: &Vm, this: &Object) -> PyResult {
    let block = viv_heap::size_of_object(this);
    vm.new_usize(block.saturating_sub(viv_heap::prefix_size(this.flags())))
}
