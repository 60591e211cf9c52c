//! `__build_class__`: what a class statement calls.

use viv_heap::{Object, Ref};

use super::class::calculate_metaclass;
use crate::args::Args;
use crate::eval;
use crate::object::{CellObject, Dict, Function, Str, Tuple, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// `__build_class__(function, name, *bases, metaclass=…, **keywords)`
pub fn build_class(vm: &Vm, _module: &Object, args: Args<'_>) -> PyResult {
    let [function, name, bases @ ..] = args.pos() else {
        return Err(vm.type_error("__build_class__: not enough arguments"));
    };
    let Some(function) = function.downcast::<Function>() else {
        return Err(vm.type_error("__build_class__: func must be a function"));
    };
    if name.downcast::<Str>().is_none() {
        return Err(vm.type_error("__build_class__: name is not a string"));
    }
    let original = vm.tuple_of(bases)?;
    let bases = resolve_bases(vm, &original)?;
    let mut keywords: Vec<(Ref<Str>, Ref)> = Vec::new();
    let mut metaclass = None;
    for (key, value) in args.keywords() {
        if key.eq_text("metaclass") {
            metaclass = Some(value.to_ref());
        } else {
            keywords.push((Ref::of(key), value.to_ref()));
        }
    }
    let metaclass = match metaclass {
        Some(given) => given,
        None => match bases.get(0) {
            Some(first) => Type::of(first).head.to_ref(),
            None => vm.types.type_.clone().upcast(),
        },
    };
    let metaclass = match metaclass.downcast::<Type>() {
        Some(ty) => calculate_metaclass(vm, ty, &bases)?.upcast(),
        None => metaclass,
    };
    let names = vm.new_tuple(keywords.iter().map(|(k, _)| k.clone().upcast()).collect())?;
    let namespace = prepare(vm, &metaclass, name, &bases, &keywords, &names)?;
    let cell = eval::call::run_function_with_locals(vm, function, Some(&namespace))?;
    if !original.as_slice().iter().map(|o| o.address()).eq(bases.as_slice().iter().map(|o| o.address())) {
        protocol::set_item(vm, &namespace, &vm.names.__orig_bases__, &original)?;
    }
    let mut values: Vec<&Object> = vec![name, &bases, &namespace];
    values.extend(keywords.iter().map(|(_, v)| v.as_object()));
    let class = protocol::call(vm, &metaclass, Args::new(&values, Some(&names)))?;
    if let Some(cell) = cell.downcast::<CellObject>()
        && class.downcast::<Type>().is_some()
    {
        match cell.contents.get() {
            None => {
                return Err(vm.runtime_error(format!(
                    "__class__ not set defining {} as {}. Was __classcell__ propagated to type.__new__?",
                    protocol::repr(vm, name)?.to_text(),
                    protocol::repr(vm, &class)?.to_text()
                )));
            }
            Some(set) if !set.is(&class) => {
                return Err(vm.type_error(format!(
                    "__class__ set to {} defining {} as {}",
                    protocol::repr(vm, &set)?.to_text(),
                    protocol::repr(vm, name)?.to_text(),
                    protocol::repr(vm, &class)?.to_text()
                )));
            }
            Some(_) => {}
        }
    }
    Ok(class)
}

/// Replaces bases that are no classes by what their `__mro_entries__` gives.
fn resolve_bases(vm: &Vm, bases: &Ref<Tuple>) -> PyResult<Ref<Tuple>> {
    if bases.iter().all(|b| b.downcast::<Type>().is_some()) {
        return Ok(bases.clone());
    }
    let mut resolved = Vec::new();
    for base in bases.iter() {
        let entries = if base.downcast::<Type>().is_some() {
            None
        } else {
            protocol::get_attr_opt(vm, base, &vm.names.__mro_entries__)?
        };
        match entries {
            None => resolved.push(base.to_ref()),
            Some(method) => {
                let result = protocol::call_one(vm, &method, bases.as_object())?;
                match result.downcast::<Tuple>() {
                    Some(more) => resolved.extend(more.as_slice().iter().cloned()),
                    None => return Err(vm.type_error("__mro_entries__ must return a tuple")),
                }
            }
        }
    }
    vm.new_tuple(resolved)
}

fn prepare(vm: &Vm, metaclass: &Object, name: &Object, bases: &Ref<Tuple>, keywords: &[(Ref<Str>, Ref)], names: &Ref<Tuple>) -> PyResult {
    if metaclass.is(vm.types.type_.as_object()) {
        return vm.new_dict().map(Ref::upcast);
    }
    let Some(method) = protocol::get_attr_opt(vm, metaclass, &vm.names.__prepare__)? else {
        return vm.new_dict().map(Ref::upcast);
    };
    let mut values: Vec<&Object> = vec![name, bases.as_object()];
    values.extend(keywords.iter().map(|(_, v)| v.as_object()));
    let namespace = protocol::call(vm, &method, Args::new(&values, Some(names)))?;
    let ty = Type::of(&namespace);
    if namespace.downcast::<Dict>().is_none() && (ty.slots.getitem.get().is_none() || ty.slots.setitem.get().is_none()) {
        let whose = metaclass.downcast::<Type>().map_or("<metaclass>".to_owned(), Type::display_name);
        return Err(vm.type_error(format!("{whose}.__prepare__() must return a mapping, not {}", protocol::type_name(&namespace))));
    }
    Ok(namespace)
}
