//! The builtin type `type`: classes, how they are made, called, read and changed.
//!
//! **Invariant.** Whatever changes a class's dict, bases or MRO ends its version ([`Type::modified`]) before the old value
//! can go: caches hold borrowed values under the version.

pub mod attributes;
pub mod build_class;
pub mod check;
pub mod mro;
pub mod new;
pub mod slot_defs;
pub mod slot_functions;
pub mod slot_wrapper;

use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

pub use build_class::build_class;
pub use check::{is_instance, is_subclass};
pub use slot_defs::add_slot_wrappers;

/// The type `type`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "type",
    doc: "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type",
    weaklist_offset: std::mem::offset_of!(Type, weakrefs) as u32,
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF,
    slots: |s| {
        s.new.set(Some(new::type_new));
        s.init.set(Some(init));
        s.call.set(Some(call));
        s.repr.set(Some(repr));
        s.getattr.set(Some(attributes::get_attr));
        s.setattr.set(Some(attributes::set_attr));
        s.binary[viv_bytecode::BinaryOp::Or as usize].set(Some(crate::types::union::or));
    },
    methods: &[METHODS],
    getset: attributes::GETSET,
    ..TypeSpec::new(Type::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "mro",
        "($self, /)",
        NativeCall::NoArgs(mro_method),
        "Return a type's method resolution order.",
    ),
    MethodDef::new(
        "__subclasses__",
        "($self, /)",
        NativeCall::NoArgs(subclasses),
        "Return a list of immediate subclasses.",
    ),
    MethodDef::class(
        "__prepare__",
        "($cls, name, bases, /, **kwds)",
        NativeCall::Raw(|vm, _, _| Ok(vm.new_dict()?.upcast())),
        "Create the namespace for the class statement",
    ),
    MethodDef::new(
        "__instancecheck__",
        "($self, instance, /)",
        NativeCall::One(|vm, class, object| {
            Ok(vm.bool(check::real_is_instance(vm, object, class)?))
        }),
        "Check if an object is an instance.",
    ),
    MethodDef::new(
        "__subclasscheck__",
        "($self, subclass, /)",
        NativeCall::One(|vm, class, derived| {
            Ok(vm.bool(check::real_is_subclass(vm, derived, class)?))
        }),
        "Check if a class is a subclass.",
    ),
    MethodDef::new(
        "__dir__",
        "($self, /)",
        NativeCall::NoArgs(attributes::dir),
        "Specialized __dir__ implementation for types.",
    ),
    MethodDef::new(
        "__sizeof__",
        "($self, /)",
        NativeCall::NoArgs(crate::types::object::sizeof),
        "Return memory consumption of the type object.",
    ),
];

/// `class[key]`: the class's `__class_getitem__`.
pub fn class_getitem(vm: &Vm, class: &Type, key: &Object) -> PyResult {
    if class.is(&vm.types.type_) {
        return crate::types::generic_alias::class_getitem(vm, &class.head, key);
    }
    match protocol::get_attr_opt(vm, &class.head, &vm.names.__class_getitem__)? {
        Some(method) if !vm.is_none(&method) => protocol::call_one(vm, &method, key),
        _ => Err(vm.type_error(format!(
            "type '{}' is not subscriptable",
            class.display_name()
        ))),
    }
}

/// Calling a class: makes an instance and initialises it.
pub fn call(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let ty = receiver::<Type>(vm, this)?;
    if args.names().is_none() {
        return construct(vm, ty, args.values());
    }
    if ty.is(&vm.types.type_) && args.pos().len() != 3 {
        return Err(vm.type_error("type() takes 1 or 3 arguments"));
    }
    construct_with(vm, ty, || args)
}

/// Calls a class with positional arguments.
///
/// # Errors
/// Whatever its constructor or initialiser raises.
#[inline]
pub fn construct(vm: &Vm, ty: &Type, values: &[&Object]) -> PyResult {
    if ty.is(&vm.types.type_) {
        match values {
            [object] => return Ok(Type::of(object).head.to_ref()),
            [_, _, _] => {}
            _ => return Err(vm.type_error("type() takes 1 or 3 arguments")),
        }
    }
    construct_with(vm, ty, || Args::positional(values))
}

/// Makes an object of a class and initialises it. The arguments are put together for each of both: a copy of them would read
/// words that have just been stored one by one in larger steps, and wait for them.
#[inline(always)]
fn construct_with<'a>(vm: &Vm, ty: &Type, args: impl Fn() -> Args<'a>) -> PyResult {
    let Some(new) = ty.slots.new.get().filter(|_| !ty.has(TypeTraits::NO_NEW)) else {
        return Err(vm.type_error(format!("cannot create '{}' instances", ty.display_name())));
    };
    let object = new(vm, ty, args())?;
    let class = Type::of(&object);
    // The initialiser of `object` looks only at what a constructor of its own has looked at.
    if class.is(ty) && super::object::init_does_nothing(class) {
        return Ok(object);
    }
    if !class.is_subtype(ty) {
        return Ok(object);
    }
    if let Some(init) = class.slots.init.get() {
        init(vm, &object, args())?;
    }
    Ok(object)
}

fn init(vm: &Vm, _this: &Object, args: Args<'_>) -> PyResult<()> {
    match (args.pos().len(), args.keyword_count()) {
        (1, 0) | (3, _) => Ok(()),
        (1, _) => Err(vm.type_error("type.__init__() takes no keyword arguments")),
        _ => Err(vm.type_error("type.__init__() takes 1 or 3 arguments")),
    }
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let ty = receiver::<Type>(vm, this)?;
    let qualname = ty.qualname.get();
    let qualname = qualname.as_ref().map_or("?".into(), |n| n.to_text());
    let module = attributes::module_of(vm, ty);
    let module = module
        .as_ref()
        .and_then(|m| m.downcast::<crate::object::Str>());
    let text = match module {
        Some(module) if !module.eq_text("builtins") => {
            format!("<class '{}.{qualname}'>", module.to_text())
        }
        _ => format!("<class '{qualname}'>"),
    };
    Ok(vm.new_str(&text)?.upcast())
}

fn mro_method(vm: &Vm, this: &Object) -> PyResult {
    let items = mro::linearize(vm, receiver(vm, this)?)?;
    Ok(vm.new_list(items)?.upcast())
}

fn subclasses(vm: &Vm, this: &Object) -> PyResult {
    let items: Vec<Ref> = receiver::<Type>(vm, this)?
        .subclass_refs()
        .into_iter()
        .map(Ref::upcast)
        .collect();
    Ok(vm.new_list(items)?.upcast())
}
