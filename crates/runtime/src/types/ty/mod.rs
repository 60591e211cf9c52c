//! The builtin type `type`: classes, how they are made and how their attributes are found.

pub mod build_class;
pub mod class;
pub mod mro;
pub mod slot_defs;
pub mod wrapper;

use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Dict, Slot, Str, Tuple, Type, TypeTraits};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

pub use build_class::build_class;
pub use slot_defs::add_slot_wrappers;

/// The type `type`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "type",
    doc: "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type",
    weaklist_offset: std::mem::offset_of!(Type, weakrefs) as u32,
    traits: TypeTraits::BASE,
    slots: |s| {
        s.repr.set(Some(repr));
        s.call.set(Some(call));
        s.new.set(Some(class::new));
        s.init.set(Some(init));
        s.getattr.set(Some(get_attr));
        s.setattr.set(Some(set_attr));
        s.binary[viv_bytecode::BinaryOp::Or as usize].set(Some(crate::types::generic_alias::union));
    },
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(Type::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new("mro", "($self, /)", NativeCall::NoArgs(mro_method), "Return a type's method resolution order."),
    MethodDef::new("__subclasses__", "($self, /)", NativeCall::NoArgs(subclasses), "Return a list of immediate subclasses."),
    MethodDef::class("__prepare__", "", NativeCall::Raw(|vm, _, _| vm.new_dict().map(Ref::upcast)), "Create the namespace for the class statement"),
    MethodDef::new("__instancecheck__", "($self, instance, /)", NativeCall::One(|vm, c, o| Ok(vm.bool(real_is_instance(vm, o, c)?))), "Check if an object is an instance."),
    MethodDef::new("__subclasscheck__", "($self, subclass, /)", NativeCall::One(|vm, c, o| Ok(vm.bool(real_is_subclass(vm, o, c)?))), "Check if a class is a subclass."),
    MethodDef::new("__dir__", "($self, /)", NativeCall::NoArgs(dir), "Specialized __dir__ implementation for types."),
];

const GETSET: &[GetSetDef] = &[
    GetSetDef::get_set("__name__", |vm, o| slot(vm, o, |t| t.name.get().map(Ref::upcast)), set_name, ""),
    GetSetDef::get_set("__qualname__", |vm, o| slot(vm, o, |t| t.qualname.get().map(Ref::upcast)), set_qualname, ""),
    GetSetDef::get_set("__module__", module, |vm, o, v| set_in_dict(vm, o, &vm.names.__module__, v), ""),
    GetSetDef::get_set("__bases__", |vm, o| slot(vm, o, |t| t.bases.get().map(Ref::upcast)), set_bases, ""),
    GetSetDef::get_set("__abstractmethods__", abstract_methods, set_abstract_methods, ""),
    GetSetDef::get_set("__doc__", doc, |vm, o, v| set_in_dict(vm, o, &vm.names.__doc__, v), ""),
    GetSetDef::get_set("__annotations__", annotations, |vm, o, v| set_in_dict(vm, o, &vm.names.__annotations__, v), ""),
    GetSetDef::get_set("__annotate__", annotate, |vm, o, v| set_in_dict(vm, o, &vm.names.__annotate__, v), ""),
    GetSetDef::get_set("__type_params__", type_params, |vm, o, v| set_in_dict(vm, o, &vm.names.__type_params__, v), ""),
    GetSetDef::get("__dict__", |vm, o| {
        let dict = this(vm, o)?.dict.get().map(Ref::upcast).unwrap_or_else(|| vm.none_ref());
        crate::types::mapping_proxy::new(vm, &dict)
    }, ""),
    GetSetDef::member("__base__", |vm, o| slot(vm, o, |t| t.base.get().map(Ref::upcast)), ""),
    GetSetDef::member("__mro__", |vm, o| slot(vm, o, |t| t.mro.get().map(Ref::upcast)), ""),
    GetSetDef::member("__basicsize__", |vm, o| vm.new_int(i64::from(this(vm, o)?.info.basicsize.get())), ""),
    GetSetDef::member("__itemsize__", |vm, _| vm.new_int(0), ""),
    GetSetDef::member("__flags__", |vm, o| vm.new_int(i64::from(this(vm, o)?.traits.get())), ""),
];

fn this<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a Type> {
    object.downcast::<Type>().ok_or_else(|| vm.type_error("descriptor requires a 'type' object"))
}

fn slot(vm: &Vm, object: &Object, f: impl FnOnce(&Type) -> Option<Ref>) -> PyResult {
    Ok(f(this(vm, object)?).unwrap_or_else(|| vm.none_ref()))
}

/// `module.qualname`, the module left out for builtins: how representations name a class.
pub fn full_name(vm: &Vm, ty: &Type) -> PyResult<String> {
    let qualname = ty.qualname.get().map_or_else(String::new, |n| n.to_text().into_owned());
    if !ty.has(TypeTraits::HEAP) {
        let module = ty.module.get();
        return Ok(if module == "builtins" { qualname } else { format!("{module}.{qualname}") });
    }
    let module = ty.dict.get().and_then(|d| d.get_str(vm, &vm.names.__module__));
    Ok(match module.as_ref().and_then(|m| m.downcast::<Str>()) {
        Some(module) if !module.eq_text("builtins") => format!("{}.{qualname}", module.to_text()),
        _ => qualname,
    })
}

/// `<class 'module.name'>`
pub fn repr_of_type(vm: &Vm, ty: &Type) -> PyResult<String> {
    Ok(format!("<class '{}'>", full_name(vm, ty)?))
}

fn repr(vm: &Vm, object: &Object) -> PyResult {
    let text = repr_of_type(vm, this(vm, object)?)?;
    vm.new_str(&text).map(Ref::upcast)
}

/// `cls(…)`: `__new__`, then `__init__` where that gave an instance.
pub fn call(vm: &Vm, object: &Object, args: Args<'_>) -> PyResult {
    let ty = this(vm, object)?;
    if ty.is(&vm.types.type_) && args.pos().len() == 1 && args.keyword_count() == 0 {
        return Ok(Type::of(args.pos()[0]).head.to_ref());
    }
    let Some(new) = ty.slots.new.get().filter(|_| !ty.has(TypeTraits::NO_NEW)) else {
        return Err(vm.type_error(format!("cannot create '{}' instances", full_name(vm, ty)?)));
    };
    let keep = Ref::of(ty);
    let made = new(vm, &keep, args)?;
    let class = Type::of(&made);
    if class.is_subtype(&keep)
        && let Some(init) = class.slots.init.get()
    {
        init(vm, &made, args)?;
    }
    Ok(made)
}

fn init(vm: &Vm, _object: &Object, args: Args<'_>) -> PyResult<()> {
    match args.pos().len() {
        1 if args.keyword_count() != 0 => Err(vm.type_error("type.__init__() takes no keyword arguments")),
        1 | 3 => Ok(()),
        _ => Err(vm.type_error("type.__init__() takes 1 or 3 arguments")),
    }
}

/// `cls.name`: data descriptor of the metaclass, then the class's MRO, then the metaclass.
fn get_attr(vm: &Vm, object: &Object, name: &Str) -> PyResult {
    let ty = this(vm, object)?;
    let meta = Type::of(object);
    let of_meta = meta.lookup(vm, name);
    if let Some(found) = &of_meta {
        let class = Type::of(found);
        if class.slots.descr_set.get().is_some()
            && let Some(get) = class.slots.descr_get.get()
        {
            return get(vm, found, Some(object), Some(&meta.head));
        }
    }
    if let Some(found) = ty.lookup(vm, name) {
        return match Type::of(&found).slots.descr_get.get() {
            Some(get) => get(vm, &found, None, Some(object)),
            None => Ok(found),
        };
    }
    match of_meta {
        Some(found) => match Type::of(&found).slots.descr_get.get() {
            Some(get) => get(vm, &found, Some(object), Some(&meta.head)),
            None => Ok(found),
        },
        None => Err(protocol::attribute::no_attribute(vm, object, name)),
    }
}

fn set_attr(vm: &Vm, object: &Object, name: &Str, value: Option<&Object>) -> PyResult<()> {
    let ty = this(vm, object)?;
    if ty.has(TypeTraits::IMMUTABLE) {
        return Err(vm.type_error(format!(
            "cannot set '{}' attribute of immutable type '{}'",
            name.to_text(),
            ty.display_name()
        )));
    }
    if let Some(found) = Type::of(object).lookup(vm, name)
        && let Some(set) = Type::of(&found).slots.descr_set.get()
    {
        set(vm, &found, object, value)?;
        ty.modified();
        return Ok(());
    }
    let Some(dict) = ty.dict.get() else { return Err(vm.system_error("class without dict")) };
    ty.modified();
    let name = if name.is_exact::<Str>() { vm.intern_str(name)? } else { Ref::of(name) };
    match value {
        Some(value) => dict.set(vm, &name, value)?,
        None => match dict.remove(vm, &name)? {
            Some(old) => drop(old),
            None => return Err(protocol::attribute::no_attribute(vm, object, &name)),
        },
    }
    ty.modified();
    if slot_defs::has_slot(&name.to_text()) {
        update_slots(vm, ty)?;
    }
    Ok(())
}

/// Sets the slots of a class and of all that derive from it anew.
fn update_slots(vm: &Vm, ty: &Type) -> PyResult<()> {
    slot_defs::fix_slots(vm, ty)?;
    ty.subclass_refs().iter().try_for_each(|subclass| update_slots(vm, subclass))
}

/// `class[key]`: the class's `__class_getitem__`.
pub fn class_getitem(vm: &Vm, class: &Type, key: &Object) -> PyResult {
    if class.is(&vm.types.type_) {
        return crate::types::generic_alias::class_getitem(vm, &class.head, key);
    }
    match protocol::get_attr_opt(vm, &class.head, &vm.names.__class_getitem__)? {
        Some(method) => protocol::call_one(vm, &method, key),
        None => Err(vm.type_error(format!("type '{}' is not subscriptable", class.display_name()))),
    }
}

/// `isinstance(object, class)`, tuples, unions and `__instancecheck__` included.
pub fn is_instance(vm: &Vm, object: &Object, class: &Object) -> PyResult<bool> {
    if Type::of(object).head.is(class) {
        return Ok(true);
    }
    if Type::of(class).is(&vm.types.type_) {
        return real_is_instance(vm, object, class);
    }
    if let Some(classes) = class.downcast::<Tuple>() {
        for class in classes.iter() {
            if is_instance(vm, object, class)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    match protocol::lookup_special(vm, class, &vm.names.__instancecheck__)? {
        Some(check) => {
            let result = protocol::call_one(vm, &check, object)?;
            protocol::is_true(vm, &result)
        }
        None => real_is_instance(vm, object, class),
    }
}

fn real_is_instance(vm: &Vm, object: &Object, class: &Object) -> PyResult<bool> {
    let Some(ty) = class.downcast::<Type>() else {
        if protocol::get_attr_opt(vm, class, &vm.names.__bases__)?.is_none() {
            return Err(vm.type_error("isinstance() arg 2 must be a type, a tuple of types, or a union"));
        }
        let of = protocol::get_attr(vm, object, &vm.names.__class__)?;
        return abstract_is_subclass(vm, &of, class);
    };
    if Type::of(object).is_subtype(ty) {
        return Ok(true);
    }
    let claimed = protocol::get_attr_opt(vm, object, &vm.names.__class__)?;
    Ok(claimed.as_ref().and_then(|c| c.downcast::<Type>()).is_some_and(|c| !c.is(Type::of(object)) && c.is_subtype(ty)))
}

/// `issubclass(class, of)`
pub fn is_subclass(vm: &Vm, class: &Object, of: &Object) -> PyResult<bool> {
    if Type::of(of).is(&vm.types.type_) {
        return if class.is(of) { Ok(true) } else { real_is_subclass(vm, class, of) };
    }
    if let Some(classes) = of.downcast::<Tuple>() {
        for of in classes.iter() {
            if is_subclass(vm, class, of)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    match protocol::lookup_special(vm, of, &vm.names.__subclasscheck__)? {
        Some(check) => {
            let result = protocol::call_one(vm, &check, class)?;
            protocol::is_true(vm, &result)
        }
        None => real_is_subclass(vm, class, of),
    }
}

fn real_is_subclass(vm: &Vm, class: &Object, of: &Object) -> PyResult<bool> {
    if let (Some(class), Some(of)) = (class.downcast::<Type>(), of.downcast::<Type>()) {
        return Ok(class.is_subtype(of));
    }
    if class.downcast::<Type>().is_none() && protocol::get_attr_opt(vm, class, &vm.names.__bases__)?.is_none() {
        return Err(vm.type_error("issubclass() arg 1 must be a class"));
    }
    if of.downcast::<Type>().is_none() && protocol::get_attr_opt(vm, of, &vm.names.__bases__)?.is_none() {
        return Err(vm.type_error("issubclass() arg 2 must be a class, a tuple of classes, or a union"));
    }
    abstract_is_subclass(vm, class, of)
}

fn abstract_is_subclass(vm: &Vm, class: &Object, of: &Object) -> PyResult<bool> {
    let mut waiting = vec![class.to_ref()];
    while let Some(class) = waiting.pop() {
        if class.is(of) {
            return Ok(true);
        }
        if let Some(bases) = protocol::get_attr_opt(vm, &class, &vm.names.__bases__)?
            && let Some(bases) = bases.downcast::<Tuple>()
        {
            waiting.extend(bases.as_slice().iter().cloned());
        }
    }
    Ok(false)
}

/// TypeError of a class with abstract methods left.
#[cold]
pub fn abstract_error(vm: &Vm, ty: &Type) -> Raised {
    let names = ty.dict.get().and_then(|d| d.get_str(vm, &vm.names.__abstractmethods__));
    let mut list: Vec<String> = match names.map(|n| protocol::collect(vm, &n)) {
        Some(Ok(names)) => names.iter().filter_map(|n| n.downcast::<Str>().map(|n| format!("'{}'", n.to_text()))).collect(),
        Some(Err(raised)) => return raised,
        None => Vec::new(),
    };
    list.sort();
    let s = if list.len() == 1 { "" } else { "s" };
    vm.type_error(format!(
        "Can't instantiate abstract class {} without an implementation for abstract method{s} {}",
        ty.display_name(),
        list.join(", ")
    ))
}

fn mro_method(vm: &Vm, object: &Object) -> PyResult {
    let ty = this(vm, object)?;
    let mut order = vec![object.to_ref()];
    if let Some(bases) = ty.bases.get() {
        order.extend(mro::linearize(vm, &bases)?);
    }
    vm.new_list(order).map(Ref::upcast)
}

fn subclasses(vm: &Vm, object: &Object) -> PyResult {
    vm.new_list(this(vm, object)?.subclass_refs().into_iter().map(Ref::upcast).collect()).map(Ref::upcast)
}

fn dir(vm: &Vm, object: &Object) -> PyResult {
    let names = vm.new_dict()?;
    for class in this(vm, object)?.mro.get().iter().flat_map(|m| m.as_slice().to_vec()) {
        if let Some(class) = class.downcast::<Type>() {
            for (key, _) in class.dict.get().map(|d| d.snapshot()).unwrap_or_default() {
                names.set(vm, &key, vm.none())?;
            }
        }
    }
    vm.new_list(names.snapshot().into_iter().map(|(k, _)| k).collect()).map(Ref::upcast)
}

fn check_mutable(vm: &Vm, ty: &Type, what: &str, value: Option<&Object>) -> PyResult<()> {
    if ty.has(TypeTraits::IMMUTABLE) {
        return Err(vm.type_error(format!("cannot set '{what}' attribute of immutable type '{}'", ty.display_name())));
    }
    if value.is_none() {
        return Err(vm.type_error(format!("cannot delete '{what}' attribute of immutable type '{}'", ty.display_name())));
    }
    Ok(())
}

fn string_slot(vm: &Vm, ty: &Type, what: &str, slot: &Slot<Str>, value: Option<&Object>) -> PyResult<()> {
    check_mutable(vm, ty, what, value)?;
    match value.map(|v| v.to_ref().cast::<Str>()) {
        Some(Ok(text)) => {
            slot.set(Some(text));
            Ok(())
        }
        Some(Err(other)) => Err(vm.type_error(format!(
            "can only assign string to {}.{what}, not '{}'",
            ty.display_name(),
            protocol::type_name(&other)
        ))),
        None => Ok(()),
    }
}

fn set_name(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let ty = this(vm, object)?;
    string_slot(vm, ty, "__name__", &ty.name, value)
}

fn set_qualname(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let ty = this(vm, object)?;
    string_slot(vm, ty, "__qualname__", &ty.qualname, value)
}

fn in_dict(vm: &Vm, object: &Object, name: &Str) -> PyResult<Option<Ref>> {
    Ok(this(vm, object)?.dict.get().and_then(|d| d.get_str(vm, name)))
}

fn set_in_dict(vm: &Vm, object: &Object, name: &Str, value: Option<&Object>) -> PyResult<()> {
    let ty = this(vm, object)?;
    if ty.has(TypeTraits::IMMUTABLE) {
        check_mutable(vm, ty, &name.to_text(), value)?;
    }
    let Some(dict) = ty.dict.get() else { return Ok(()) };
    match value {
        Some(value) => dict.set_str(vm, name, value),
        None => match dict.remove(vm, name)? {
            Some(old) => {
                drop(old);
                Ok(())
            }
            None => Err(protocol::attribute::no_attribute(vm, object, name)),
        },
    }
}

fn module(vm: &Vm, object: &Object) -> PyResult {
    let ty = this(vm, object)?;
    if !ty.has(TypeTraits::HEAP) {
        return vm.intern(ty.module.get()).map(Ref::upcast);
    }
    match in_dict(vm, object, &vm.names.__module__)? {
        Some(module) => Ok(module),
        None => Err(protocol::attribute::no_attribute(vm, object, &vm.names.__module__)),
    }
}

fn doc(vm: &Vm, object: &Object) -> PyResult {
    let Some(doc) = in_dict(vm, object, &vm.names.__doc__)? else { return Ok(vm.none_ref()) };
    match Type::of(&doc).slots.descr_get.get() {
        Some(get) => get(vm, &doc, None, Some(object)),
        None => Ok(doc),
    }
}

fn set_bases(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let ty = this(vm, object)?;
    check_mutable(vm, ty, "__bases__", value)?;
    let Some(Ok(bases)) = value.map(|v| v.to_ref().cast::<Tuple>()) else {
        return Err(vm.type_error(format!(
            "can only assign tuple to {}.__bases__, not {}",
            ty.display_name(),
            value.map_or_else(String::new, protocol::type_name)
        )));
    };
    if bases.is_empty() {
        return Err(vm.type_error(format!("can only assign non-empty tuple to {}.__bases__, not ()", ty.display_name())));
    }
    for base in bases.iter() {
        match base.downcast::<Type>() {
            Some(base) if base.is_subtype(ty) => return Err(vm.type_error("a __bases__ item causes an inheritance cycle")),
            Some(_) => {}
            None => {
                return Err(vm.type_error(format!(
                    "{}.__bases__ must be tuple of classes, not '{}'",
                    ty.display_name(),
                    protocol::type_name(base)
                )));
            }
        }
    }
    let old = ty.bases.replace(Some(bases));
    let own = Ref::of(ty);
    if let Err(raised) = class::set_mro(vm, &own, Type::of(object)) {
        ty.bases.set(old);
        return Err(raised);
    }
    for base in old.iter().flat_map(|b| b.as_slice().to_vec()) {
        if let Some(base) = base.downcast::<Type>() {
            base.subclasses.borrow_mut().retain(|t| !std::ptr::eq(*t, ty));
        }
    }
    ty.register_with_bases();
    ty.modified();
    for subclass in ty.subclass_refs() {
        class::set_mro(vm, &subclass, Type::of(subclass.as_object()))?;
        subclass.modified();
    }
    update_slots(vm, ty)
}

fn abstract_methods(vm: &Vm, object: &Object) -> PyResult {
    let name = &vm.names.__abstractmethods__;
    match in_dict(vm, object, name)?.filter(|_| !object.is(vm.types.type_.as_object())) {
        Some(names) => Ok(names),
        None => Err(crate::types::exception::attribute_error(vm, "__abstractmethods__", object, name)),
    }
}

fn set_abstract_methods(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let any = value.map_or(Ok(false), |v| protocol::is_true(vm, v))?;
    set_in_dict(vm, object, &vm.names.__abstractmethods__, value)?;
    let ty = this(vm, object)?;
    let bits = ty.traits.get() & !TypeTraits::ABSTRACT;
    ty.traits.set(if any { bits | TypeTraits::ABSTRACT } else { bits });
    ty.modified();
    Ok(())
}

fn annotate(vm: &Vm, object: &Object) -> PyResult {
    if !this(vm, object)?.has(TypeTraits::HEAP) {
        return Err(protocol::attribute::no_attribute(vm, object, &vm.names.__annotate__));
    }
    let dict_name = vm.intern("__annotate_func__")?;
    let found = in_dict(vm, object, &dict_name)?.or(in_dict(vm, object, &vm.names.__annotate__)?);
    Ok(found.unwrap_or_else(|| vm.none_ref()))
}

fn annotations(vm: &Vm, object: &Object) -> PyResult {
    if !this(vm, object)?.has(TypeTraits::HEAP) {
        return Err(protocol::attribute::no_attribute(vm, object, &vm.names.__annotations__));
    }
    let cache = vm.intern("__annotations_cache__")?;
    if let Some(known) = in_dict(vm, object, &vm.names.__annotations__)?.or(in_dict(vm, object, &cache)?) {
        return Ok(known);
    }
    let annotate = annotate(vm, object)?;
    let made = if protocol::is_callable(&annotate) {
        let format = vm.new_int(1)?;
        let made = protocol::call_one(vm, &annotate, &format)?;
        if made.downcast::<Dict>().is_none() {
            return Err(vm.type_error(format!("__annotate__() must return a dict, not {}", protocol::type_name(&made))));
        }
        made
    } else {
        vm.new_dict()?.upcast()
    };
    set_in_dict(vm, object, &cache, Some(&made))?;
    Ok(made)
}

fn type_params(vm: &Vm, object: &Object) -> PyResult {
    Ok(in_dict(vm, object, &vm.names.__type_params__)?.unwrap_or_else(|| vm.empty_tuple.clone().upcast()))
}
