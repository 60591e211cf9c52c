//! Attributes of any object, through the slots; the default behaviour is in `types::object`.

use viv_heap::{Object, Ref};

use super::{call_args, type_name};
use crate::object::{Dict, Exception, Function, Module, Slot, Str, Type};
use crate::result::PyResult;
use crate::types::class_method::ClassMethod;
use crate::types::static_method::StaticMethod;
use crate::vm::Vm;

/// `object.name`
///
/// # Errors
/// AttributeError; whatever a descriptor or `__getattr__` raises.
#[inline]
pub fn get_attr(vm: &Vm, object: &Object, name: &Str) -> PyResult {
    match Type::of(object).slots.getattr.get() {
        Some(slot) => slot(vm, object, name),
        None => crate::types::object::generic_get_attr(vm, object, name),
    }
}

/// `object.name`, the name given as text.
pub fn get_attr_str(vm: &Vm, object: &Object, name: &str) -> PyResult {
    let name = vm.intern(name)?;
    get_attr(vm, object, &name)
}

/// `object.name`, nothing where that raises AttributeError.
pub fn get_attr_opt(vm: &Vm, object: &Object, name: &Str) -> PyResult<Option<Ref>> {
    let slot = Type::of(object).slots.getattr.get();
    if slot.is_none_or(|f| {
        std::ptr::fn_addr_eq(
            f,
            crate::types::object::generic_get_attr as crate::slots::GetAttr,
        )
    }) {
        // Most misses need no exception.
        return match crate::types::object::find_attr(vm, object, name) {
            Ok(value) => Ok(value),
            Err(raised) => vm.swallow(raised, &vm.exceptions.AttributeError),
        };
    }
    if slot.is_some_and(|f| {
        std::ptr::fn_addr_eq(f, crate::types::module::get_attr as crate::slots::GetAttr)
    }) {
        // What a module lacks is told at length only where somebody reads it.
        return match crate::types::module::find_attr(vm, object, name) {
            Ok(value) => Ok(value),
            Err(raised) => vm.swallow(raised, &vm.exceptions.AttributeError),
        };
    }
    match get_attr(vm, object, name) {
        Ok(value) => Ok(Some(value)),
        Err(raised) => vm.swallow(raised, &vm.exceptions.AttributeError),
    }
}

/// `object.name = value`
#[inline]
pub fn set_attr(vm: &Vm, object: &Object, name: &Str, value: &Object) -> PyResult<()> {
    match Type::of(object).slots.setattr.get() {
        Some(slot) => slot(vm, object, name, Some(value)),
        None => crate::types::object::generic_set_attr(vm, object, name, Some(value)),
    }
}

/// `del object.name`
pub fn del_attr(vm: &Vm, object: &Object, name: &Str) -> PyResult<()> {
    match Type::of(object).slots.setattr.get() {
        Some(slot) => slot(vm, object, name, None),
        None => crate::types::object::generic_set_attr(vm, object, name, None),
    }
}

/// What `object.name(…)` calls: the function and whether `object` goes before the arguments (then no bound method was made).
pub fn get_method(vm: &Vm, object: &Object, name: &Str) -> PyResult<(Ref, bool)> {
    crate::types::object::get_method(vm, object, name)
}

/// `object.name(*args)`
pub fn call_method(vm: &Vm, object: &Object, name: &Str, args: &[&Object]) -> PyResult {
    let (method, with_self) = get_method(vm, object, name)?;
    if !with_self {
        return call_args(vm, &method, args);
    }
    let mut all = Vec::with_capacity(args.len() + 1);
    all.push(object);
    all.extend_from_slice(args);
    call_args(vm, &method, &all)
}

/// A special method, looked up in the type and bound to the object; nothing where the type has none.
pub fn lookup_special(vm: &Vm, object: &Object, name: &Str) -> PyResult<Option<Ref>> {
    let ty = Type::of(object);
    let Some(found) = ty.lookup(vm, name) else {
        return Ok(None);
    };
    match Type::of(&found).slots.descr_get.get() {
        Some(get) => get(vm, &found, Some(object), Some(&ty.head)).map(Some),
        None => Ok(Some(found)),
    }
}

/// Calls a special method; nothing where the type has none.
pub fn call_special(
    vm: &Vm,
    object: &Object,
    name: &Str,
    args: &[&Object],
) -> PyResult<Option<Ref>> {
    match lookup_special(vm, object, name)? {
        Some(method) => call_args(vm, &method, args).map(Some),
        None => Ok(None),
    }
}

/// Where an object of a builtin layout keeps its `__dict__`, for the layouts that have a place of their own for it.
/// Instances of classes have theirs in the managed prefix.
pub fn object_dict(object: &Object) -> Option<&Slot<Dict>> {
    if let Some(function) = object.downcast::<Function>() {
        return Some(&function.dict);
    }
    if let Some(exception) = object.downcast::<Exception>() {
        return Some(&exception.dict);
    }
    if let Some(method) = object.downcast::<StaticMethod>() {
        return Some(&method.dict);
    }
    if let Some(method) = object.downcast::<ClassMethod>() {
        return Some(&method.dict);
    }
    Type::of(object).dict_slot(object)
}

/// The dict of a module.
pub fn module_dict(object: &Object) -> Option<&Ref<Dict>> {
    object.downcast::<Module>().map(|module| &module.dict)
}

/// AttributeError of a missing attribute, with `name` and `obj` set for the suggestions of the traceback.
#[cold]
pub fn no_attribute(vm: &Vm, object: &Object, name: &Str) -> crate::result::Raised {
    let text = match object.downcast::<Type>() {
        Some(class) => format!(
            "type object '{}' has no attribute '{}'",
            class.display_name(),
            name.to_text()
        ),
        None => format!(
            "'{}' object has no attribute '{}'",
            type_name(object),
            name.to_text()
        ),
    };
    crate::types::exception::attribute_error(vm, &text, object, name)
}
