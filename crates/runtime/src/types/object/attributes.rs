//! The default way of reading and writing attributes, and the instance's `__dict__`.
//!
//! **Invariants.** An instance of a plain class keeps its attribute values inline, in places that the class gives to the
//! names, as long as the order of the places is that of the insertions; then (or when somebody asks for it) they move into
//! a dict in the managed prefix, for good. So either all values are inline or all are in the dict.

use viv_heap::{Flags, Object, Ref, TypeFlags};

use crate::object::{Dict, GetSetDescriptor, Module, Str, Type, TypeTraits};
use crate::protocol::{self, attribute::no_attribute};
use crate::result::PyResult;
use crate::vm::Vm;

/// Most attributes that a class keeps inline, as CPython's shared keys.
pub const INLINE_MAX: usize = 30;

/// Where a load of an attribute finds it, for the caches of the eval loop.
pub enum LoadKind<'a> {
    /// An inline value of the instance.
    Inline(usize),
    /// A slot at this offset from the header.
    Slot(u32),
    /// A function-like descriptor of the class, to be called with the instance.
    ClassMethodDescriptor(&'a Object),
    /// Any other plain value of the class.
    ClassValue(&'a Object),
    /// Something that needs the general way.
    Other,
}

/// Says where instances of a class find an attribute, provided that the class reads attributes in the default way.
pub fn classify_load<'a>(vm: &Vm, ty: &'a Type, name: &Str) -> LoadKind<'a> {
    match vm.type_lookup_borrowed(ty, name) {
        Some(found) => {
            if let Some(member) = found.downcast::<crate::object::MemberDescriptor>() {
                return LoadKind::Slot(member.offset);
            }
            let class = Type::of(found);
            if class.slots.descr_set.get().is_some() {
                LoadKind::Other
            } else if class.has(TypeTraits::METHOD_DESCRIPTOR) {
                LoadKind::ClassMethodDescriptor(found)
            } else if class.slots.descr_get.get().is_none() {
                LoadKind::ClassValue(found)
            } else {
                LoadKind::Other
            }
        }
        None => match ty.inline_index(name) {
            Some(index) => LoadKind::Inline(index),
            None => LoadKind::Other,
        },
    }
}

fn keeps_inline(ty: &Type) -> bool {
    ty.info.flags.get() & TypeFlags::INLINE_VALUES != 0
}

/// Whether the values of an object's attributes are, or would be, inside of it: it keeps them so, and has no dict.
pub fn inline_values_used(object: &Object) -> bool {
    keeps_inline(Type::of(object)) && object.managed().is_some_and(|m| m.dict().is_none())
}

/// The values that are inside of an object, by the places that its class has given out; nothing where they are not kept so.
pub fn inline_values(object: &Object) -> Option<Vec<Option<Ref>>> {
    if !inline_values_used(object) {
        return None;
    }
    let places = Type::of(object).inline_names.borrow().len();
    Some((0..places).map(|i| object.inline_value(i)).collect())
}

/// The dict of an object, if it has one already.
pub fn existing_dict(object: &Object) -> Option<Ref<Dict>> {
    if let Some(slot) = protocol::object_dict(object) {
        return slot.get();
    }
    if let Some(module) = object.downcast::<Module>() {
        return Some(module.dict.clone());
    }
    object
        .managed()
        .and_then(|m| m.dict())
        .and_then(|d| d.to_ref().cast::<Dict>().ok())
}

/// Whether objects of a class can have a dict.
pub fn has_dict(object: &Object) -> bool {
    Type::of(object).info.flags.get() & TypeFlags::MANAGED_DICT != 0
        || protocol::object_dict(object).is_some()
        || object.downcast::<Module>().is_some()
}

/// The `__dict__` of an object, made if need be; nothing where it cannot have one.
pub fn dict_of(vm: &Vm, object: &Object) -> PyResult<Option<Ref<Dict>>> {
    if let Some(dict) = existing_dict(object) {
        return Ok(Some(dict));
    }
    if let Some(slot) = protocol::object_dict(object) {
        let dict = vm.new_dict()?;
        slot.set(Some(dict.clone()));
        return Ok(Some(dict));
    }
    if Type::of(object).info.flags.get() & TypeFlags::MANAGED_DICT == 0 {
        return Ok(None);
    }
    materialize(vm, object).map(Some)
}

/// Moves the inline values into a dict.
fn materialize(vm: &Vm, object: &Object) -> PyResult<Ref<Dict>> {
    let dict = vm.new_dict()?;
    let ty = Type::of(object);
    if keeps_inline(ty) {
        let names = ty.inline_names.borrow().clone();
        dict.reserve(names.len().min(object.inline_capacity()));
        for (i, name) in names.iter().enumerate().take(object.inline_capacity()) {
            if let Some(value) = object.inline_value(i) {
                dict.set_str(vm, name, &value)?;
            }
        }
        for i in 0..object.inline_capacity() {
            // The dict owns the values too: none goes here.
            drop(object.replace_inline(i, None));
        }
    }
    if let Some(managed) = object.managed() {
        drop(managed.dict.replace(Some(dict.clone().upcast())));
    }
    Ok(dict)
}

/// Replaces the `__dict__` of an object.
pub fn set_dict(vm: &Vm, object: &Object, dict: Option<Ref<Dict>>) -> PyResult<()> {
    if let Some(slot) = protocol::object_dict(object) {
        slot.set(dict);
        return Ok(());
    }
    let dict = match dict {
        Some(dict) => dict,
        None => vm.new_dict()?,
    };
    let Some(managed) = object.managed() else {
        return Ok(());
    };
    let old = managed.dict.replace(Some(dict.upcast()));
    let inline: Vec<Option<Ref>> = (0..object.inline_capacity())
        .map(|i| object.replace_inline(i, None).unwrap_or(None))
        .collect();
    drop(old);
    drop(inline);
    Ok(())
}

/// An entry of the object itself.
#[inline]
pub fn own_attr(vm: &Vm, object: &Object, name: &Str) -> PyResult<Option<Ref>> {
    if object.flags() & Flags::MANAGED != 0 {
        if let Some(dict) = object.managed().and_then(|m| m.dict()) {
            return match dict.downcast::<Dict>() {
                Some(dict) => dict_get(vm, dict, name),
                None => Ok(None),
            };
        }
        let ty = Type::of(object);
        if keeps_inline(ty) {
            return Ok(ty.inline_index(name).and_then(|i| object.inline_value(i)));
        }
    }
    if let Some(slot) = protocol::object_dict(object) {
        return match slot.get() {
            Some(dict) => dict_get(vm, &dict, name),
            None => Ok(None),
        };
    }
    match object.downcast::<Module>() {
        Some(module) => dict_get(vm, &module.dict, name),
        None => Ok(None),
    }
}

#[inline]
fn dict_get(vm: &Vm, dict: &Dict, name: &Str) -> PyResult<Option<Ref>> {
    if dict.has_only_str_keys() {
        return Ok(dict.get_str(vm, name));
    }
    let dict = Ref::of(dict);
    dict.get(vm, name)
}

/// `object.__getattribute__`: data descriptor of the type, then the instance's own, then the type's; nothing where there is
/// none of them.
pub fn find_attr(vm: &Vm, object: &Object, name: &Str) -> PyResult<Option<Ref>> {
    let ty = Type::of(object);
    let Some(found) = vm.type_lookup_borrowed(ty, name) else {
        return own_attr(vm, object, name);
    };
    let class = Type::of(found);
    let get = class.slots.descr_get.get();
    if let Some(get) = get
        && class.slots.descr_set.get().is_some()
    {
        let found = found.to_ref();
        return get(vm, &found, Some(object), Some(&Ref::of(ty).head)).map(Some);
    }
    let found = found.to_ref();
    if let Some(own) = own_attr(vm, object, name)? {
        return Ok(Some(own));
    }
    match get {
        Some(get) => get(vm, &found, Some(object), Some(&Ref::of(ty).head)).map(Some),
        None => Ok(Some(found)),
    }
}

/// `object.__getattribute__`: as [`find_attr`], raising AttributeError.
pub fn generic_get_attr(vm: &Vm, object: &Object, name: &Str) -> PyResult {
    match find_attr(vm, object, name)? {
        Some(value) => Ok(value),
        None => Err(no_attribute(vm, object, name)),
    }
}

/// `object.__setattr__` and `__delattr__`.
pub fn generic_set_attr(
    vm: &Vm,
    object: &Object,
    name: &Str,
    value: Option<&Object>,
) -> PyResult<()> {
    let ty = Type::of(object);
    let mut in_class = false;
    if let Some(found) = vm.type_lookup_borrowed(ty, name) {
        in_class = true;
        if let Some(set) = Type::of(found).slots.descr_set.get() {
            let found = found.to_ref();
            return set(vm, &found, object, value);
        }
    }
    if let Some(done) = set_inline(vm, object, ty, name, value)? {
        return if done {
            Ok(())
        } else {
            Err(no_attribute(vm, object, name))
        };
    }
    let Some(dict) = dict_of(vm, object)? else {
        return Err(no_place(vm, object, name, in_class));
    };
    match value {
        Some(value) => dict.set_str(vm, &*vm.intern_str(name)?, value),
        None => match dict.remove(vm, name)? {
            Some(_) => Ok(()),
            None => Err(no_attribute(vm, object, name)),
        },
    }
}

/// The error of setting an attribute that has no place.
#[cold]
pub(crate) fn no_place(
    vm: &Vm,
    object: &Object,
    name: &Str,
    in_class: bool,
) -> crate::result::Raised {
    let text = if in_class {
        format!(
            "'{}' object attribute '{}' is read-only",
            protocol::type_name(object),
            name.to_text()
        )
    } else {
        let ty = protocol::type_name(object);
        format!(
            "'{ty}' object has no attribute '{}' and no __dict__ for setting new attributes",
            name.to_text()
        )
    };
    crate::types::exception::attribute_error(vm, &text, object, name)
}

/// Enters a value into what is to become the `__dict__` of an instance, whatever its class has under that name; false
/// where the dict itself must be asked for.
pub fn enter_own(vm: &Vm, object: &Object, name: &Str, value: &Object) -> PyResult<bool> {
    let ty = Type::of(object);
    let plain = vm
        .type_lookup_borrowed(ty, &vm.names.__dict__)
        .is_some_and(|dict| dict.downcast::<GetSetDescriptor>().is_some());
    if !plain || ty.has(TypeTraits::CUSTOM_GETATTR) {
        return Ok(false);
    }
    Ok(set_inline(vm, object, ty, name, Some(value))? == Some(true))
}

/// Writes an attribute of an instance that keeps its values inline: `None` where that is not possible, else whether it
/// could be done (false: nothing to delete).
fn set_inline(
    vm: &Vm,
    object: &Object,
    ty: &Type,
    name: &Str,
    value: Option<&Object>,
) -> PyResult<Option<bool>> {
    if !keeps_inline(ty) || object.managed().is_none_or(|m| m.dict().is_some()) {
        return Ok(None);
    }
    let index = match ty.inline_index(name) {
        Some(index) => index,
        None if value.is_none() => return Ok(Some(false)),
        None => match add_inline_name(vm, ty, name)? {
            Some(index) => index,
            None => return Ok(None),
        },
    };
    if index >= object.inline_capacity() {
        return Ok(if value.is_none() { Some(false) } else { None });
    }
    let Some(value) = value else {
        let old = object.replace_inline(index, None).unwrap_or(None);
        return Ok(Some(old.is_some()));
    };
    if object.inline_value(index).is_none() && !object.claim_inline(index) {
        return Ok(None);
    }
    drop(object.replace_inline(index, Some(value.to_ref())));
    Ok(Some(true))
}

/// Gives a name an inline place, as long as there are some left.
fn add_inline_name(vm: &Vm, ty: &Type, name: &Str) -> PyResult<Option<usize>> {
    let name = vm.intern_str(name)?;
    let mut names = ty.inline_names.borrow_mut();
    if !name.is_exact::<Str>() {
        return Ok(None);
    }
    let Some(index) = ty.info.name_inline_place() else {
        return Ok(None);
    };
    names.push(name.clone());
    drop(names);
    if vm.type_lookup_borrowed(ty, &name).is_some() {
        // From now on an instance may have its own value of that name: what caches say of the class's is over.
        ty.modified();
    }
    Ok(Some(index as usize))
}

/// What `object.name(…)` calls; see [`protocol::get_method`].
pub fn get_method(vm: &Vm, object: &Object, name: &Str) -> PyResult<(Ref, bool)> {
    let ty = Type::of(object);
    let plain = ty
        .slots
        .getattr
        .get()
        .is_none_or(|f| std::ptr::fn_addr_eq(f, generic_get_attr as crate::slots::GetAttr));
    if !plain {
        return Ok((protocol::get_attr(vm, object, name)?, false));
    }
    if let Some(found) = vm.type_lookup_borrowed(ty, name)
        && Type::of(found).has(TypeTraits::METHOD_DESCRIPTOR)
    {
        let found = found.to_ref();
        return match own_attr(vm, object, name)? {
            Some(own) => Ok((own, false)),
            None => Ok((found, true)),
        };
    }
    Ok((generic_get_attr(vm, object, name)?, false))
}
