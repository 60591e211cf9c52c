//! Attributes of instances: descriptors of the type, values kept inline, `__dict__`.
//!
//! **Invariant.** While values are inline, the order of their places is that of their insertion: a value that would come
//! before one that is already there moves them all to a `__dict__`.

use viv_heap::{Object, Ref, TypeFlags};

use crate::object::{Dict, Module, Slot, Str, Type, TypeTraits};
use crate::protocol::{self, object_dict};
use crate::result::PyResult;
use crate::vm::Vm;

/// Most names that a class keeps places for.
const MOST_INLINE: usize = 30;

fn is_inline(ty: &Type) -> bool {
    ty.info.flags.get() & TypeFlags::INLINE_VALUES != 0
}

/// The `__dict__` that an object has now; inline values are not in one.
pub fn existing_dict(object: &Object) -> Option<Ref<Dict>> {
    if let Some(managed) = object.managed()
        && Type::of(object).info.flags.get() & TypeFlags::MANAGED_DICT != 0
    {
        return managed.dict().and_then(|d| d.to_ref().cast::<Dict>().ok());
    }
    if let Some(module) = object.downcast::<Module>() {
        return Some(module.dict.clone());
    }
    object_dict(object).and_then(Slot::get)
}

/// Whether objects of this kind have a `__dict__`.
pub fn may_have_dict(object: &Object) -> bool {
    Type::of(object).info.flags.get() & TypeFlags::MANAGED_DICT != 0
        || object.downcast::<Module>().is_some()
        || object_dict(object).is_some()
}

/// The `__dict__`, made if need be; inline values move into it.
pub fn materialize(vm: &Vm, object: &Object) -> PyResult<Option<Ref<Dict>>> {
    if let Some(dict) = existing_dict(object) {
        return Ok(Some(dict));
    }
    let ty = Type::of(object);
    if ty.info.flags.get() & TypeFlags::MANAGED_DICT == 0 {
        let Some(slot) = object_dict(object) else { return Ok(None) };
        let dict = vm.new_dict()?;
        slot.set(Some(dict.clone()));
        return Ok(Some(dict));
    }
    let Some(managed) = object.managed() else { return Ok(None) };
    let dict = vm.new_dict()?;
    if is_inline(ty) {
        let names: Vec<Ref<Str>> = ty.inline_names.borrow().clone();
        for (i, name) in names.iter().enumerate() {
            if let Some(value) = object.inline_value(i) {
                dict.set_str(vm, name, &value)?;
            }
        }
        for i in 0..object.inline_capacity() {
            drop(object.replace_inline(i, None));
        }
    }
    managed.dict.set(Some(dict.clone().upcast()));
    Ok(Some(dict))
}

/// The object's own attribute of that name, the type left aside.
pub fn own_attribute(vm: &Vm, object: &Object, name: &Str) -> PyResult<Option<Ref>> {
    let ty = Type::of(object);
    if is_inline(ty)
        && let Some(managed) = object.managed()
        && managed.dict().is_none()
    {
        return Ok(ty.inline_index(name).and_then(|i| object.inline_value(i)));
    }
    match existing_dict(object) {
        Some(dict) => lookup(vm, &dict, name),
        None => Ok(None),
    }
}

fn lookup(vm: &Vm, dict: &Dict, name: &Str) -> PyResult<Option<Ref>> {
    if name.is_exact::<Str>() && dict.has_only_str_keys() { Ok(dict.get_str(vm, name)) } else { dict.get(vm, name) }
}

/// `object.__getattribute__`: data descriptor of the type, then the instance's own, then the type's.
pub fn generic_get_attr(vm: &Vm, object: &Object, name: &Str) -> PyResult {
    match find(vm, object, name)? {
        Some(value) => Ok(value),
        None => Err(missing(vm, object, name)),
    }
}

#[cold]
fn missing(vm: &Vm, object: &Object, name: &Str) -> crate::result::Raised {
    if let Some(module) = object.downcast::<Module>() {
        return crate::types::module::no_attribute(vm, module, name);
    }
    protocol::attribute::no_attribute(vm, object, name)
}

/// As [`generic_get_attr`], nothing where there is no such attribute.
pub fn find(vm: &Vm, object: &Object, name: &Str) -> PyResult<Option<Ref>> {
    let ty = Type::of(object);
    let found = ty.lookup(vm, name);
    if let Some(found) = &found {
        let class = Type::of(found);
        if class.slots.descr_set.get().is_some()
            && let Some(get) = class.slots.descr_get.get()
        {
            return get(vm, found, Some(object), Some(&ty.head)).map(Some);
        }
    }
    if let Some(own) = own_attribute(vm, object, name)? {
        return Ok(Some(own));
    }
    let Some(found) = found else { return Ok(None) };
    match Type::of(&found).slots.descr_get.get() {
        Some(get) => get(vm, &found, Some(object), Some(&Type::of(object).head)).map(Some),
        None => Ok(Some(found)),
    }
}

/// What `object.name(…)` calls; see [`protocol::get_method`](crate::protocol::get_method).
pub fn get_method(vm: &Vm, object: &Object, name: &Str) -> PyResult<(Ref, bool)> {
    let ty = Type::of(object);
    let plain = ty
        .slots
        .getattr
        .get()
        .is_some_and(|f| std::ptr::fn_addr_eq(f, generic_get_attr as crate::slots::GetAttr));
    if plain
        && let Some(found) = ty.lookup(vm, name)
        && Type::of(&found).has(TypeTraits::METHOD_DESCRIPTOR)
    {
        return match own_attribute(vm, object, name)? {
            Some(own) => Ok((own, false)),
            None => Ok((found, true)),
        };
    }
    Ok((protocol::get_attr(vm, object, name)?, false))
}

/// `object.__setattr__` and `__delattr__`.
pub fn generic_set_attr(vm: &Vm, object: &Object, name: &Str, value: Option<&Object>) -> PyResult<()> {
    let ty = Type::of(object);
    let found = ty.lookup(vm, name);
    if let Some(found) = &found
        && let Some(set) = Type::of(found).slots.descr_set.get()
    {
        return set(vm, found, object, value);
    }
    if is_inline(ty) && set_inline(vm, ty, object, name, value)? {
        return Ok(());
    }
    match (materialize(vm, object)?, value) {
        (Some(dict), Some(value)) => dict.set(vm, name, value),
        (Some(dict), None) => match dict.remove(vm, name)? {
            Some(old) => {
                drop(old);
                Ok(())
            }
            None => Err(missing(vm, object, name)),
        },
        (None, _) => Err(refused(vm, object, name, found.is_some())),
    }
}

/// Why an object without `__dict__` takes no attribute.
#[cold]
fn refused(vm: &Vm, object: &Object, name: &Str, read_only: bool) -> crate::result::Raised {
    let text = if read_only {
        format!("'{}' object attribute '{}' is read-only", protocol::type_name(object), name.to_text())
    } else {
        format!(
            "'{}' object has no attribute '{}' and no __dict__ for setting new attributes",
            protocol::type_name(object),
            name.to_text()
        )
    };
    crate::types::exception::attribute_error(vm, &text, object, name)
}

/// Sets or deletes an inline value; false where the value belongs into a `__dict__`.
fn set_inline(vm: &Vm, ty: &Type, object: &Object, name: &Str, value: Option<&Object>) -> PyResult<bool> {
    if object.managed().is_none_or(|m| m.dict().is_some()) {
        return Ok(false);
    }
    let index = match ty.inline_index(name) {
        Some(index) => index,
        None if value.is_none() => return Err(missing(vm, object, name)),
        None => match add_inline_name(vm, ty, name)? {
            Some(index) => index,
            None => return Ok(false),
        },
    };
    if index >= object.inline_capacity() {
        return Ok(false);
    }
    let Some(value) = value else {
        return match object.replace_inline(index, None) {
            Ok(Some(old)) => {
                drop(old);
                Ok(true)
            }
            _ => Err(missing(vm, object, name)),
        };
    };
    if object.inline_cell(index).is_some_and(|c| unset(c)) && !object.claim_inline(index) {
        return Ok(false);
    }
    match object.replace_inline(index, Some(value.to_ref())) {
        Ok(old) => {
            drop(old);
            Ok(true)
        }
        Err(_) => Ok(false),
    }
}

fn unset(cell: &std::cell::Cell<Option<Ref>>) -> bool {
    let value = cell.take();
    let empty = value.is_none();
    cell.set(value);
    empty
}

/// Gives an attribute name a place among the inline values of a class, if there is one left.
fn add_inline_name(vm: &Vm, ty: &Type, name: &Str) -> PyResult<Option<usize>> {
    if !name.is_exact::<Str>() {
        return Ok(None);
    }
    let name = vm.intern_str(name)?;
    let mut names = ty.inline_names.borrow_mut();
    if names.len() >= MOST_INLINE {
        return Ok(None);
    }
    names.push(name.clone());
    let count = names.len();
    drop(names);
    // New instances get room for all names seen so far, and for one more.
    ty.info.inline_values.set(ty.info.inline_values.get().max(count as u32));
    if ty.lookup(vm, &name).is_some() {
        // Caches that took the class's attribute for the instance's must look again.
        ty.modified();
    }
    Ok(Some(count - 1))
}
