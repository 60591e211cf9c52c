//! Attributes of classes: lookup through the MRO, assignment, and the computed ones (`__name__`, `__bases__` …).

use viv_heap::{Object, Ref, TypeFlags};

use super::{mro, new, slot_defs};
use crate::native::GetSetDef;
use crate::object::{Dict, Str, Tuple, Type, TypeTraits};
use crate::protocol::{self, attribute::no_attribute, type_name};
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::vm::Vm;

/// The computed attributes of classes.
pub const GETSET: &[GetSetDef] = &[
    GetSetDef::get_set(
        "__name__",
        |vm, o| text(vm, o, |t| t.name.get()),
        set_name,
        "",
    ),
    GetSetDef::get_set(
        "__qualname__",
        |vm, o| text(vm, o, |t| t.qualname.get()),
        set_qualname,
        "",
    ),
    GetSetDef::get_set("__bases__", bases, set_bases, ""),
    GetSetDef::member(
        "__base__",
        |vm, o| {
            Ok(class(vm, o)?
                .base
                .get()
                .map_or_else(|| vm.none_ref(), Ref::upcast))
        },
        "",
    ),
    GetSetDef::member(
        "__mro__",
        |vm, o| {
            Ok(class(vm, o)?
                .mro
                .get()
                .map_or_else(|| vm.none_ref(), Ref::upcast))
        },
        "",
    ),
    GetSetDef::get_set(
        "__module__",
        get_module,
        |vm, o, v| {
            require_value(vm, o, "__module__", v)?;
            set_entry(vm, o, "__module__", v)?;
            drop(own_dict(vm, class(vm, o)?)?.remove(vm, &vm.names.__firstlineno__)?);
            Ok(())
        },
        "",
    ),
    GetSetDef::get_set(
        "__abstractmethods__",
        abstract_methods,
        set_abstract_methods,
        "",
    ),
    GetSetDef::get("__dict__", get_dict, ""),
    GetSetDef::get_set("__doc__", get_doc, set_doc, ""),
    GetSetDef::get("__text_signature__", text_signature, ""),
    GetSetDef::get_set("__annotations__", annotations, set_annotations, ""),
    GetSetDef::get_set("__annotate__", annotate, set_annotate, ""),
    GetSetDef::get_set(
        "__type_params__",
        type_params,
        |vm, o, v| {
            require_value(vm, o, "__type_params__", v)?;
            set_entry(vm, o, "__type_params__", v)
        },
        "",
    ),
    GetSetDef::member(
        "__basicsize__",
        |vm, o| vm.new_usize(class(vm, o)?.info.fixed_size()),
        "",
    ),
    GetSetDef::member("__itemsize__", |vm, _| vm.new_int(0), ""),
    GetSetDef::member("__flags__", flags, ""),
    GetSetDef::member(
        "__dictoffset__",
        |vm, o| {
            vm.new_int(
                if class(vm, o)?.info.flags.get() & TypeFlags::MANAGED_DICT != 0 {
                    -1
                } else {
                    0
                },
            )
        },
        "",
    ),
    GetSetDef::member(
        "__weakrefoffset__",
        |vm, o| {
            let info = &class(vm, o)?.info;
            // The list kept before the header stands where CPython keeps its own.
            vm.new_int(if info.flags.get() & TypeFlags::MANAGED_WEAKREF != 0 {
                -32
            } else {
                i64::from(info.weaklist_offset.get())
            })
        },
        "",
    ),
];

fn class<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a Type> {
    receiver(vm, object)
}

fn text(vm: &Vm, object: &Object, get: fn(&Type) -> Option<Ref<Str>>) -> PyResult {
    Ok(get(class(vm, object)?).map_or_else(|| vm.none_ref(), Ref::upcast))
}

/// The dict behind a class.
fn own_dict(vm: &Vm, ty: &Type) -> PyResult<Ref<Dict>> {
    ty.dict(vm)
        .ok_or_else(|| vm.system_error("the class has been cleared"))
}

/// `type.__getattribute__`
pub fn get_attr(vm: &Vm, this: &Object, name: &Str) -> PyResult {
    let ty = class(vm, this)?;
    let meta = Type::of(this);
    let in_meta = vm.type_lookup(meta, name);
    let meta_get = in_meta
        .as_deref()
        .and_then(|m| Type::of(m).slots.descr_get.get());
    if let (Some(found), Some(get)) = (&in_meta, meta_get)
        && Type::of(found).slots.descr_set.get().is_some()
    {
        return get(vm, found, Some(this), Some(&Ref::of(meta).head));
    }
    if let Some(found) = vm.type_lookup(ty, name) {
        return match Type::of(&found).slots.descr_get.get() {
            Some(get) => get(vm, &found, None, Some(this)),
            None => Ok(found),
        };
    }
    match (in_meta, meta_get) {
        (Some(found), Some(get)) => get(vm, &found, Some(this), Some(&Ref::of(meta).head)),
        (Some(found), None) => Ok(found),
        (None, _) => Err(no_attribute(vm, this, name)),
    }
}

fn immutable(vm: &Vm, ty: &Type, name: &str, delete: bool) -> crate::result::Raised {
    let what = if delete { "delete" } else { "set" };
    vm.type_error(format!(
        "cannot {what} '{name}' attribute of immutable type '{}'",
        ty.display_name()
    ))
}

/// `type.__setattr__` and `__delattr__`
pub fn set_attr(vm: &Vm, this: &Object, name: &Str, value: Option<&Object>) -> PyResult<()> {
    let ty = class(vm, this)?;
    if ty.has(TypeTraits::IMMUTABLE) {
        return Err(immutable(vm, ty, &name.to_text(), false));
    }
    if let Some(found) = vm.type_lookup(Type::of(this), name)
        && let Some(set) = Type::of(&found).slots.descr_set.get()
    {
        return set(vm, &found, this, value);
    }
    write(vm, ty, name, value)
}

/// Writes an entry of the class's dict; versions and slots follow.
pub fn write(vm: &Vm, ty: &Type, name: &Str, value: Option<&Object>) -> PyResult<()> {
    let dict = own_dict(vm, ty)?;
    let name = vm.intern_str(name)?;
    // The old value lives until no cache knows it any more.
    let old = dict.get_str(vm, &name);
    match value {
        Some(value) => dict.set_str(vm, &name, value)?,
        None if old.is_none() => return Err(no_attribute(vm, &ty.head, &name)),
        None => drop(dict.remove(vm, &name)?),
    }
    ty.modified();
    slot_defs::update_name(vm, ty, &name)?;
    drop(old);
    Ok(())
}

fn set_entry(vm: &Vm, object: &Object, name: &str, value: Option<&Object>) -> PyResult<()> {
    let ty = class(vm, object)?;
    if ty.has(TypeTraits::IMMUTABLE) {
        return Err(immutable(vm, ty, name, value.is_none()));
    }
    write(vm, ty, &*vm.intern(name)?, value)
}

/// What cannot be deleted, as CPython says it.
fn require_value(vm: &Vm, object: &Object, name: &str, value: Option<&Object>) -> PyResult<()> {
    match value {
        Some(_) => Ok(()),
        None => Err(immutable(vm, class(vm, object)?, name, true)),
    }
}

fn new_text(vm: &Vm, object: &Object, name: &str, value: Option<&Object>) -> PyResult<Ref<Str>> {
    let ty = class(vm, object)?;
    if ty.has(TypeTraits::IMMUTABLE) {
        return Err(immutable(vm, ty, name, value.is_none()));
    }
    let Some(value) = value else {
        return Err(immutable(vm, ty, name, true));
    };
    value.to_ref().cast::<Str>().map_err(|other| {
        vm.type_error(format!(
            "can only assign string to {}.{name}, not '{}'",
            ty.display_name(),
            type_name(&other)
        ))
    })
}

fn set_name(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let name = new_text(vm, object, "__name__", value)?;
    if name.chars().any(|c| c == 0) {
        return Err(vm.value_error("type name must not contain null characters"));
    }
    new::check_encodable(vm, &name.head)?;
    class(vm, object)?.name.set(Some(name));
    Ok(())
}

fn set_qualname(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let name = new_text(vm, object, "__qualname__", value)?;
    class(vm, object)?.qualname.set(Some(name));
    Ok(())
}

fn bases(vm: &Vm, object: &Object) -> PyResult {
    Ok(class(vm, object)?
        .bases
        .get()
        .unwrap_or_else(|| vm.empty_tuple.clone())
        .upcast())
}

fn set_bases(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let ty = class(vm, object)?;
    let name = ty.display_name();
    if ty.has(TypeTraits::IMMUTABLE) || value.is_none() {
        return Err(immutable(vm, ty, "__bases__", value.is_none()));
    }
    let value = value.map_or_else(|| vm.none_ref(), Object::to_ref);
    let bases = value.cast::<Tuple>().map_err(|other| {
        vm.type_error(format!(
            "can only assign tuple to {name}.__bases__, not {}",
            type_name(&other)
        ))
    })?;
    if bases.is_empty() {
        return Err(vm.type_error(format!(
            "can only assign non-empty tuple to {name}.__bases__, not ()"
        )));
    }
    for base in bases.iter() {
        let Some(base) = base.downcast::<Type>() else {
            let got = type_name(base);
            return Err(vm.type_error(format!(
                "{name}.__bases__ must be tuple of classes, not '{got}'"
            )));
        };
        // The MRO may not be up to date while a metaclass's mro() runs; the chain of first bases is.
        let chain = || std::iter::successors(Some(Ref::of(base)), |base| base.base.get());
        if base.is_subtype(ty) || chain().any(|base| base.is(ty)) {
            return Err(vm.type_error("a __bases__ item causes an inheritance cycle"));
        }
    }
    let base = new::best_base(vm, &bases)?;
    let old_base = ty.base.get();
    if let Some(old) = &old_base {
        let same = std::ptr::eq(old.info.layout.get(), base.info.layout.get())
            && new::solid_base(old).is(&new::solid_base(&base))
            && old.info.flags.get() & TypeFlags::MANAGED_DICT
                == base.info.flags.get() & TypeFlags::MANAGED_DICT;
        // A class that adds a dict itself may go from a base without one to another without one, and so on.
        if !same {
            return Err(vm.type_error(format!(
                "__bases__ assignment: '{}' object layout differs from '{}'",
                base.display_name(),
                old.display_name()
            )));
        }
    }
    let old_bases = ty.bases.get();
    let old_mro = ty.mro.get();
    ty.modified();
    ty.unregister();
    ty.bases.set(Some(bases.clone()));
    ty.base.set(Some(base.clone()));
    ty.info.base.set(base.type_head_of());
    let mut replaced = Vec::new();
    match update_mro(vm, ty, &mut replaced) {
        // An `mro()` may have assigned other bases meanwhile; they stay.
        Ok(()) if !is_current(ty, &bases) => Ok(()),
        Ok(()) => {
            ty.register_with_bases();
            update_slots(vm, ty)?;
            drop((old_bases, old_mro, old_base));
            Ok(())
        }
        Err(raised) if !is_current(ty, &bases) => Err(raised),
        Err(raised) => {
            ty.bases.set(old_bases);
            for (class, mro) in replaced.into_iter().rev() {
                class.mro.set(mro);
            }
            ty.mro.set(old_mro);
            if let Some(old) = &old_base {
                ty.info.base.set(old.type_head_of());
            }
            ty.base.set(old_base);
            ty.register_with_bases();
            Err(raised)
        }
    }
}

fn is_current(ty: &Type, bases: &Tuple) -> bool {
    ty.bases.get().is_some_and(|now| now.is(bases))
}

/// Computes the MRO of a class and of those under it anew; notes the former ones.
fn update_mro(
    vm: &Vm,
    ty: &Type,
    replaced: &mut Vec<(Ref<Type>, Option<Ref<Tuple>>)>,
) -> PyResult<()> {
    let old = ty.mro.get();
    let new = mro::compute(vm, ty)?;
    let now = ty.mro.get();
    if now.as_deref().map(|m| &raw const *m) != old.as_deref().map(|m| &raw const *m) {
        // An assignment to `__bases__` within `mro()` has done this already.
        return Ok(());
    }
    replaced.push((Ref::of(ty), old));
    ty.mro.set(Some(new));
    for subclass in ty.subclass_refs() {
        update_mro(vm, &subclass, replaced)?;
    }
    Ok(())
}

fn update_slots(vm: &Vm, ty: &Type) -> PyResult<()> {
    ty.modified();
    for slot in slot_defs::SLOTS {
        slot_defs::update_slot(vm, ty, slot)?;
    }
    for subclass in ty.subclass_refs() {
        update_slots(vm, &subclass)?;
    }
    Ok(())
}

/// The module of a class: what its dict says, or the module of a builtin type.
pub fn module_of(vm: &Vm, ty: &Type) -> Option<Ref> {
    if ty.has(TypeTraits::HEAP) {
        return ty.dict(vm)?.get_str(vm, &vm.names.__module__);
    }
    Some(vm.intern(ty.module.get()).ok()?.upcast())
}

fn get_module(vm: &Vm, object: &Object) -> PyResult {
    let ty = class(vm, object)?;
    match module_of(vm, ty) {
        Some(module) => Ok(module),
        None => Err(no_attribute(vm, object, &vm.names.__module__)),
    }
}

fn abstract_methods(vm: &Vm, object: &Object) -> PyResult {
    let ty = class(vm, object)?;
    let found = if ty.is(&vm.types.type_) {
        None
    } else {
        own_dict(vm, ty)?.get_str(vm, &vm.names.__abstractmethods__)
    };
    found.ok_or_else(|| no_attribute(vm, object, &vm.names.__abstractmethods__))
}

fn set_abstract_methods(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let ty = class(vm, object)?;
    let is_abstract = match value {
        Some(value) => protocol::is_true(vm, value)?,
        None => false,
    };
    set_entry(vm, object, "__abstractmethods__", value)?;
    ty.set_trait(TypeTraits::ABSTRACT, is_abstract);
    Ok(())
}

fn get_dict(vm: &Vm, object: &Object) -> PyResult {
    crate::types::mapping_proxy::new(vm, own_dict(vm, class(vm, object)?)?.as_object())
}

fn get_doc(vm: &Vm, object: &Object) -> PyResult {
    let ty = class(vm, object)?;
    let Some(doc) = own_dict(vm, ty)?.get_str(vm, &vm.names.__doc__) else {
        return Ok(vm.none_ref());
    };
    match Type::of(&doc).slots.descr_get.get() {
        Some(get) => get(vm, &doc, None, Some(object)),
        None => Ok(doc),
    }
}

fn set_doc(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    if value.is_none() && !class(vm, object)?.has(TypeTraits::IMMUTABLE) {
        return Err(immutable(vm, class(vm, object)?, "__doc__", true));
    }
    set_entry(vm, object, "__doc__", value)
}

fn text_signature(vm: &Vm, object: &Object) -> PyResult {
    let signature = vm
        .types
        .all()
        .into_iter()
        .find(|(_, t, _)| t.as_object().is(object))
        .map(|(s, _, _)| s.signature);
    let signature = signature.unwrap_or_else(|| {
        let extra = vm.extra_types.borrow();
        extra
            .iter()
            .flatten()
            .find(|(ty, _)| ty.as_object().is(object))
            .and_then(|(_, spec)| *spec)
            .map_or("", |spec| spec.signature)
    });
    if signature.is_empty() {
        Ok(vm.none_ref())
    } else {
        Ok(vm.new_str(signature)?.upcast())
    }
}

fn type_params(vm: &Vm, object: &Object) -> PyResult {
    let ty = class(vm, object)?;
    let own = if ty.has(TypeTraits::HEAP) {
        own_dict(vm, ty)?.get_str(vm, &vm.names.__type_params__)
    } else {
        None
    };
    Ok(own.unwrap_or_else(|| vm.empty_tuple.clone().upcast()))
}

fn entry(vm: &Vm, ty: &Type, names: [&str; 2]) -> PyResult<Option<Ref>> {
    let dict = own_dict(vm, ty)?;
    for name in names {
        if let Some(found) = dict.get_text(vm, name)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// `__annotate__`: the function that the compiler has left in the class's dict, or None.
fn annotate(vm: &Vm, object: &Object) -> PyResult {
    let ty = class(vm, object)?;
    if !ty.has(TypeTraits::HEAP) {
        return Err(no_attribute(vm, object, &vm.names.__annotate__));
    }
    let Some(found) = entry(vm, ty, ["__annotate__", "__annotate_func__"])? else {
        return Ok(vm.none_ref());
    };
    match Type::of(&found).slots.descr_get.get() {
        Some(get) => get(vm, &found, None, Some(object)),
        None => Ok(found),
    }
}

fn set_annotate(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let ty = class(vm, object)?;
    let Some(value) = value else {
        return Err(vm.type_error("cannot delete __annotate__ attribute"));
    };
    if ty.has(TypeTraits::IMMUTABLE) {
        return Err(immutable(vm, ty, "__annotate__", false));
    }
    if !vm.is_none(value) && !protocol::is_callable(value) {
        return Err(vm.type_error("__annotate__ must be callable or None"));
    }
    write(vm, ty, &*vm.intern("__annotate_func__")?, Some(value))?;
    if !vm.is_none(value) {
        for name in ["__annotations_cache__", "__annotations__"] {
            let name = vm.intern(name)?;
            drop(own_dict(vm, ty)?.remove(vm, &name)?);
        }
    }
    Ok(())
}

fn annotations(vm: &Vm, object: &Object) -> PyResult {
    let ty = class(vm, object)?;
    if !ty.has(TypeTraits::HEAP) {
        return Err(no_attribute(vm, object, &vm.names.__annotations__));
    }
    if let Some(known) = entry(vm, ty, ["__annotations__", "__annotations_cache__"])? {
        return match Type::of(&known).slots.descr_get.get() {
            Some(get) => get(vm, &known, None, Some(object)),
            None => Ok(known),
        };
    }
    let function = annotate(vm, object)?;
    let made = if protocol::is_callable(&function) {
        let made = protocol::call_one(vm, &function, &*vm.new_int(1)?)?;
        if made.downcast::<Dict>().is_none() {
            return Err(vm.type_error(format!(
                "__annotate__ returned non-dict of type '{}'",
                type_name(&made)
            )));
        }
        made
    } else {
        vm.new_dict()?.upcast()
    };
    own_dict(vm, ty)?.set_text(vm, "__annotations_cache__", &made)?;
    ty.modified();
    Ok(made)
}

fn set_annotations(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    let ty = class(vm, object)?;
    if ty.has(TypeTraits::IMMUTABLE) {
        return Err(immutable(vm, ty, "__annotations__", value.is_none()));
    }
    let dict = own_dict(vm, ty)?;
    let own = dict.get_text(vm, "__annotations__")?.is_some();
    let key = vm.intern(if own {
        "__annotations__"
    } else {
        "__annotations_cache__"
    })?;
    match value {
        Some(value) => dict.set_str(vm, &key, value)?,
        None => {
            if dict.remove(vm, &key)?.is_none() {
                return Err(vm.raise(&vm.exceptions.AttributeError, "__annotations__"));
            }
        }
    }
    for name in ["__annotate_func__", "__annotate__"] {
        drop(dict.remove(vm, &*vm.intern(name)?)?);
    }
    ty.modified();
    Ok(())
}

/// `__flags__`, as far as scripts look at it: the bits that CPython documents.
fn flags(vm: &Vm, object: &Object) -> PyResult {
    let ty = class(vm, object)?;
    let bit = |on: bool, bit: u32| if on { 1i64 << bit } else { 0 };
    let bits = bit(ty.has(TypeTraits::IMMUTABLE), 8)
        | bit(ty.has(TypeTraits::HEAP), 9)
        | bit(ty.has(TypeTraits::BASE), 10)
        | bit(true, 12)
        | bit(ty.info.flags.get() & TypeFlags::INLINE_VALUES != 0, 2)
        | bit(ty.info.flags.get() & TypeFlags::MANAGED_WEAKREF != 0, 3)
        | bit(ty.info.flags.get() & TypeFlags::MANAGED_DICT != 0, 4)
        | bit(ty.has(TypeTraits::METHOD_DESCRIPTOR), 17)
        | bit(ty.info.object_flags.get() & viv_heap::Flags::GC != 0, 14)
        | bit(ty.has(TypeTraits::SEQUENCE), 5)
        | bit(ty.has(TypeTraits::MAPPING), 6)
        | bit(ty.has(TypeTraits::NO_NEW), 7)
        | bit(ty.has(TypeTraits::ABSTRACT), 20)
        | bit(ty.is_subtype(&vm.types.int), 24)
        | bit(ty.is_subtype(&vm.types.list), 25)
        | bit(ty.is_subtype(&vm.types.tuple), 26)
        | bit(ty.is_subtype(&vm.types.bytes), 27)
        | bit(ty.is_subtype(&vm.types.str), 28)
        | bit(ty.is_subtype(&vm.types.dict), 29)
        | bit(ty.is_subtype(&vm.types.base_exception), 30)
        | bit(ty.is_subtype(&vm.types.type_), 31);
    vm.new_int(bits)
}

/// `type.__dir__`: the names of the class and all its bases.
pub fn dir(vm: &Vm, this: &Object) -> PyResult {
    let names = vm.new_dict()?;
    merge_class_names(vm, &names, class(vm, this)?)?;
    Ok(vm
        .new_list(names.snapshot().into_iter().map(|(k, _)| k).collect())?
        .upcast())
}

/// Adds the names of a class and its bases.
pub fn merge_class_names(vm: &Vm, names: &Dict, ty: &Type) -> PyResult<()> {
    let Some(mro) = ty.mro.get() else {
        return Ok(());
    };
    for class in mro.iter().rev() {
        let Some(dict) = class.downcast::<Type>().and_then(|c| c.dict(vm)) else {
            continue;
        };
        for (key, _) in dict.snapshot() {
            names.set(vm, &key, vm.none())?;
        }
    }
    Ok(())
}
