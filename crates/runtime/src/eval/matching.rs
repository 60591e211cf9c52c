//! Patterns: keys of mappings, attributes of classes.

use viv_heap::{Object, Ref};

use super::regs::{Flow, Regs, attempt, failed};
use crate::object::{Dict, Str, Tuple, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// MATCH_KEYS: subject, keys → subject, keys, values or None.
pub(super) unsafe fn match_keys(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: both are owned by the stack.
    unsafe {
        r.save(vm);
        let Some(keys) = r.top(1).downcast::<Tuple>() else {
            return failed(vm.system_error("MATCH_KEYS without tuple"));
        };
        let values = attempt!(values_of_keys(vm, r.top(2), keys));
        r.push_ref(values);
        Flow::Next
    }
}

fn values_of_keys(vm: &Vm, subject: &Object, keys: &Tuple) -> PyResult {
    let seen = vm.new_dict()?;
    let mut values = Vec::with_capacity(keys.len());
    let default = vm.new_list(Vec::new())?;
    let get = if subject.is_exact::<Dict>() {
        None
    } else {
        Some(protocol::get_attr(vm, subject, &vm.names.get)?)
    };
    for key in keys.iter() {
        if seen.contains(vm, key)? {
            let text = protocol::repr(vm, key)?;
            return Err(vm.value_error(format!(
                "mapping pattern checks duplicate key ({})",
                text.to_text()
            )));
        }
        seen.set(vm, key, vm.none())?;
        let value = match (&get, subject.downcast::<Dict>()) {
            (None, Some(dict)) => dict.get(vm, key)?,
            (Some(get), _) => {
                // A fresh object as default tells "not there" from any value.
                let found = protocol::call_args(vm, get, &[key, &default])?;
                if found.is(&default) {
                    None
                } else {
                    Some(found)
                }
            }
            (None, None) => None,
        };
        match value {
            Some(value) => values.push(value),
            None => return Ok(vm.none_ref()),
        }
    }
    vm.new_tuple(values).map(Ref::upcast)
}

/// MATCH_CLASS: subject, class, names → attributes or None.
pub(super) unsafe fn match_class(vm: &Vm, r: &mut Regs, positional: usize) -> Flow {
    // SAFETY: the three are owned by the stack.
    unsafe {
        r.save(vm);
        let result = match r.top(1).downcast::<Tuple>() {
            Some(names) => attributes(vm, r.top(3), r.top(2), positional, names),
            None => Err(vm.system_error("MATCH_CLASS without tuple")),
        };
        r.finish(3, result)
    }
}

fn attributes(
    vm: &Vm,
    subject: &Object,
    class: &Object,
    positional: usize,
    names: &Tuple,
) -> PyResult {
    let Some(ty) = class.downcast::<Type>() else {
        return Err(vm.type_error("called match pattern must be a class"));
    };
    if !crate::types::ty::is_instance(vm, subject, class)? {
        return Ok(vm.none_ref());
    }
    let mut seen: Vec<Ref<Str>> = Vec::new();
    let mut values = Vec::new();
    if positional > 0 {
        let match_args = protocol::get_attr_opt(vm, class, &vm.names.__match_args__)?;
        let Some(names) = match_args else {
            if !ty.has(TypeTraits::MATCH_SELF) {
                return Err(too_many(vm, ty, 0, positional));
            }
            if positional > 1 {
                return Err(too_many(vm, ty, 1, positional));
            }
            values.push(subject.to_ref());
            return keyword_attributes(vm, subject, ty, names, &mut seen, values);
        };
        let Some(args) = names.downcast_exact::<Tuple>() else {
            return Err(vm.type_error(format!(
                "{}.__match_args__ must be a tuple (got {})",
                ty.display_name(),
                protocol::type_name(&names)
            )));
        };
        if positional > args.len() {
            return Err(too_many(vm, ty, args.len(), positional));
        }
        for name in args.iter().take(positional) {
            let Some(text) = name.downcast_exact::<Str>() else {
                return Err(vm.type_error(format!(
                    "__match_args__ elements must be strings (got {})",
                    protocol::type_name(name)
                )));
            };
            match attribute(vm, subject, ty, text, &mut seen)? {
                Some(value) => values.push(value),
                None => return Ok(vm.none_ref()),
            }
        }
    }
    keyword_attributes(vm, subject, ty, names, &mut seen, values)
}

fn keyword_attributes(
    vm: &Vm,
    subject: &Object,
    ty: &Type,
    names: &Tuple,
    seen: &mut Vec<Ref<Str>>,
    mut values: Vec<Ref>,
) -> PyResult {
    for name in names.iter() {
        let Some(text) = name.downcast::<Str>() else {
            return Err(vm.system_error("attribute pattern without name"));
        };
        match attribute(vm, subject, ty, text, seen)? {
            Some(value) => values.push(value),
            None => return Ok(vm.none_ref()),
        }
    }
    vm.new_tuple(values).map(Ref::upcast)
}

fn attribute(
    vm: &Vm,
    subject: &Object,
    ty: &Type,
    name: &Str,
    seen: &mut Vec<Ref<Str>>,
) -> PyResult<Option<Ref>> {
    if seen.iter().any(|s| s.eq_str(name)) {
        return Err(vm.type_error(format!(
            "{}() got multiple sub-patterns for attribute '{}'",
            ty.display_name(),
            name.to_text()
        )));
    }
    seen.push(Ref::of(name));
    protocol::get_attr_opt(vm, subject, name)
}

fn too_many(vm: &Vm, ty: &Type, allowed: usize, given: usize) -> crate::result::Raised {
    let s = if allowed == 1 { "" } else { "s" };
    vm.type_error(format!(
        "{}() accepts {allowed} positional sub-pattern{s} ({given} given)",
        ty.display_name()
    ))
}
