//! `types.GenericAlias`: `list[int]`, and what it becomes when its parameters are filled in.
//!
//! An alias stands for its origin: what is asked of it and is not its own is asked of the origin.

pub mod parameters;

use viv_bytecode::{BinaryOp, CompareOp};
use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{List, Slot, Str, Tuple, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{constructor_args, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A `types.GenericAlias`.
#[repr(C)]
pub struct GenericAlias {
    /// The header.
    pub head: Object,
    /// `__origin__`
    pub origin: Ref,
    /// `__args__`
    pub args: Ref<Tuple>,
    /// `__parameters__`, once somebody has asked.
    pub parameters: Slot<Tuple>,
    /// Whether it is unpacked: `*tuple[int]`.
    pub starred: bool,
    /// The head of the list of weak references.
    pub weakrefs: std::cell::Cell<*const Object>,
}
object_layout!(
    GenericAlias = kinds::GENERIC_ALIAS,
    traverse | this,
    visit | {
        visit.visit(&this.origin);
        visit.visit(this.args.as_object());
        this.parameters.visit(visit);
    }
);

/// The type `types.GenericAlias`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "GenericAlias",
    module: "types",
    doc: "Represent a PEP 585 generic type\n\nE.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).",
    traits: TypeTraits::BASE,
    weaklist_offset: std::mem::offset_of!(GenericAlias, weakrefs) as u32,
    slots: |s| {
        s.new.set(Some(|vm, ty, args| {
            let args = constructor_args(vm, "GenericAlias", args, 2, 2)?;
            match args {
                [origin, item] => place(vm, ty, origin, item, false),
                _ => Ok(vm.none_ref()),
            }
        }));
        s.repr.set(Some(repr));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
        s.call.set(Some(call));
        s.getattr.set(Some(get_attr));
        s.getitem.set(Some(parameters::subscript));
        s.iter.set(Some(unpack));
        s.binary[BinaryOp::Or as usize].set(Some(crate::types::union::or));
    },
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(GenericAlias::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__mro_entries__",
        "($self, bases, /)",
        NativeCall::One(|vm, this, _| {
            let origin = own(vm, this)?.origin.clone();
            Ok(vm.new_tuple(vec![origin])?.upcast())
        }),
        "",
    ),
    MethodDef::new(
        "__instancecheck__",
        "($self, instance, /)",
        NativeCall::One(|vm, _, _| {
            Err(vm.type_error("isinstance() argument 2 cannot be a parameterized generic"))
        }),
        "",
    ),
    MethodDef::new(
        "__subclasscheck__",
        "($self, subclass, /)",
        NativeCall::One(|vm, _, _| {
            Err(vm.type_error("issubclass() argument 2 cannot be a parameterized generic"))
        }),
        "",
    ),
    MethodDef::new("__reduce__", "($self, /)", NativeCall::NoArgs(reduce), ""),
    MethodDef::new("__dir__", "($self, /)", NativeCall::NoArgs(dir), ""),
];

const GETSET: &[GetSetDef] = &[
    GetSetDef::member("__origin__", |vm, o| Ok(own(vm, o)?.origin.clone()), ""),
    GetSetDef::member(
        "__args__",
        |vm, o| Ok(own(vm, o)?.args.clone().upcast()),
        "",
    ),
    GetSetDef::member("__unpacked__", |vm, o| Ok(vm.bool(own(vm, o)?.starred)), ""),
    GetSetDef::get(
        "__parameters__",
        |vm, o| Ok(parameters::of_alias(vm, own(vm, o)?)?.upcast()),
        "Type variables in the GenericAlias.",
    ),
    GetSetDef::get(
        "__typing_unpacked_tuple_args__",
        |vm, o| {
            let alias = own(vm, o)?;
            if alias.starred && alias.origin.is(&vm.types.tuple.head) {
                return Ok(alias.args.clone().upcast());
            }
            Ok(vm.none_ref())
        },
        "",
    ),
];

/// The attributes that are an alias's own.
const OWN: &[&str] = &[
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    // These are not looked for in the origin either.
    "__bases__",
    "__copy__",
    "__deepcopy__",
];

fn own<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a GenericAlias> {
    receiver(vm, object)
}

fn place(vm: &Vm, ty: &Type, origin: &Object, item: &Object, starred: bool) -> PyResult {
    let args = match item.downcast_exact::<Tuple>() {
        Some(tuple) => Ref::of(tuple),
        None => vm.new_tuple(vec![item.to_ref()])?,
    };
    let alias = vm.place(GenericAlias {
        head: Object::new(ty.type_head_of()),
        origin: origin.to_ref(),
        args,
        parameters: Slot::default(),
        starred,
        weakrefs: Default::default(),
    })?;
    vm.heap.track(&alias);
    Ok(alias.upcast())
}

/// `origin[item]` of a builtin class: what `__class_getitem__` gives.
///
/// # Errors
/// MemoryError
pub fn class_getitem(vm: &Vm, origin: &Object, item: &Object) -> PyResult {
    place(vm, &vm.types.generic_alias, origin, item, false)
}

/// As [`class_getitem`], with the alias unpacked or not.
pub fn new_alias(vm: &Vm, origin: &Object, args: &Tuple, starred: bool) -> PyResult {
    place(vm, &vm.types.generic_alias, origin, &args.head, starred)
}

fn get_attr(vm: &Vm, this: &Object, name: &Str) -> PyResult {
    let text = name.to_text();
    if OWN.contains(&&*text) {
        return crate::types::object::generic_get_attr(vm, this, name);
    }
    let origin = own(vm, this)?.origin.clone();
    protocol::get_attr(vm, &origin, name)
}

/// How an argument is shown: classes by their names.
///
/// # Errors
/// What `repr` of other arguments raises.
pub fn argument_text(vm: &Vm, object: &Object) -> PyResult<String> {
    if object.is(&vm.ellipsis.head) {
        return Ok("...".to_owned());
    }
    if let Some(list) = object.downcast_exact::<List>() {
        let mut parts = Vec::new();
        for item in list.snapshot() {
            parts.push(argument_text(vm, &item)?);
        }
        return Ok(format!("[{}]", parts.join(", ")));
    }
    let has = |name: &str| -> PyResult<bool> {
        let name = vm.intern(name)?;
        Ok(protocol::get_attr_opt(vm, object, &name)?.is_some())
    };
    if !(has("__origin__")? && has("__args__")?)
        && let Some(qualname) = protocol::get_attr_opt(vm, object, &vm.names.__qualname__)?
        && let Some(module) = protocol::get_attr_opt(vm, object, &vm.names.__module__)?
        && !vm.is_none(&module)
    {
        let (module, qualname) = (protocol::str(vm, &module)?, protocol::str(vm, &qualname)?);
        if module.eq_text("builtins") {
            return Ok(qualname.to_text().into_owned());
        }
        return Ok(format!("{}.{}", module.to_text(), qualname.to_text()));
    }
    Ok(protocol::repr(vm, object)?.to_text().into_owned())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let alias = own(vm, this)?;
    let _depth = vm.enter_native(" while getting the repr of an object")?;
    let star = if alias.starred { "*" } else { "" };
    let mut parts = Vec::new();
    for item in alias.args.as_slice() {
        parts.push(argument_text(vm, item)?);
    }
    if parts.is_empty() {
        parts.push("()".to_owned());
    }
    let origin = argument_text(vm, &alias.origin)?;
    Ok(vm
        .new_str(&format!("{star}{origin}[{}]", parts.join(", ")))?
        .upcast())
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let alias = own(vm, this)?;
    let hash = protocol::hash(vm, &alias.origin)? ^ protocol::hash(vm, &alias.args.head)?;
    Ok(if hash == -1 { -2 } else { hash })
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<GenericAlias>(), b.downcast::<GenericAlias>()) else {
        return Ok(vm.not_implemented());
    };
    let equal = || -> PyResult<bool> {
        Ok(x.starred == y.starred
            && protocol::compare_eq(vm, &x.origin, &y.origin)?
            && protocol::compare_eq(vm, &x.args.head, &y.args.head)?)
    };
    match op {
        CompareOp::Eq => Ok(vm.bool(equal()?)),
        CompareOp::Ne => Ok(vm.bool(!equal()?)),
        _ => Ok(vm.not_implemented()),
    }
}

fn call(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let origin = own(vm, this)?.origin.clone();
    let object = protocol::call(vm, &origin, args)?;
    let name = vm.intern("__orig_class__")?;
    if let Err(raised) = protocol::set_attr(vm, &object, &name, this) {
        // Objects without room for it go without.
        let harmless = vm.raised_is(&raised, &vm.exceptions.AttributeError)
            || vm.raised_is(&raised, &vm.exceptions.TypeError);
        if !harmless {
            return Err(raised);
        }
        drop(vm.take_raised(raised));
    }
    Ok(object)
}

/// `*alias`: an iterator over the one unpacked alias.
fn unpack(vm: &Vm, this: &Object) -> PyResult {
    let alias = own(vm, this)?;
    let starred = new_alias(vm, &alias.origin, &alias.args, true)?;
    let items = vm.new_tuple(vec![starred])?;
    protocol::iter(vm, &items.head)
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let alias = own(vm, this)?;
    if alias.starred {
        let plain = new_alias(vm, &alias.origin, &alias.args, false)?;
        // The one item of the plain alias. Its iterator would have to be pickled too, and with it this alias again.
        let Some(least) = vm.builtins.get_text(vm, "min")? else {
            return Err(vm.runtime_error("lost builtins.min"));
        };
        let args = vm.new_tuple(vec![plain])?;
        return Ok(vm.new_tuple(vec![least, args.upcast()])?.upcast());
    }
    let args = vm.new_tuple(vec![alias.origin.clone(), alias.args.clone().upcast()])?;
    let class = Type::of(this).head.to_ref();
    Ok(vm.new_tuple(vec![class, args.upcast()])?.upcast())
}

fn dir(vm: &Vm, this: &Object) -> PyResult {
    let origin = own(vm, this)?.origin.clone();
    let name = vm.intern("__dir__")?;
    let names = if let Some(class) = origin.downcast::<Type>() {
        protocol::call_method(vm, &Type::of(&class.head).head, &name, &[&origin])?
    } else {
        protocol::call_method(vm, &origin, &name, &[])?
    };
    let mut names = protocol::collect(vm, &names)?;
    for name in OWN
        .iter()
        .filter(|n| !matches!(**n, "__bases__" | "__copy__" | "__deepcopy__"))
    {
        let name = vm.intern(name)?.upcast();
        let mut known = false;
        for other in &names {
            known = known || protocol::compare_eq(vm, other, &name)?;
        }
        if !known {
            names.push(name);
        }
    }
    Ok(vm.new_list(names)?.upcast())
}
