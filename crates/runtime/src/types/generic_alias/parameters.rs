//! Type variables inside the arguments of aliases and unions, and putting arguments in their place.

use viv_heap::{Object, Ref};

use super::{GenericAlias, new_alias};
use crate::object::{List, Tuple, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::vm::Vm;

fn attribute(vm: &Vm, object: &Object, name: &str) -> PyResult<Option<Ref>> {
    let name = vm.intern(name)?;
    protocol::get_attr_opt(vm, object, &name)
}

/// The type variables in arguments, each once, in the order in which they first appear.
///
/// # Errors
/// What looking at the arguments raises.
pub fn of_arguments(vm: &Vm, args: &[Ref]) -> PyResult<Ref<Tuple>> {
    let mut found: Vec<Ref> = Vec::new();
    gather(vm, args, &mut found)?;
    vm.new_tuple(found)
}

fn gather(vm: &Vm, args: &[Ref], found: &mut Vec<Ref>) -> PyResult<()> {
    // Lists of arguments may be nested to any depth.
    let _depth = vm.enter_native(" in __parameter__ calculation")?;
    for arg in args {
        if arg.downcast::<Type>().is_some() {
            continue;
        }
        if attribute(vm, arg, "__typing_subst__")?.is_some() {
            add(found, arg);
            continue;
        }
        if let Some(inner) = attribute(vm, arg, "__parameters__")? {
            if let Some(inner) = inner.downcast::<Tuple>() {
                inner.as_slice().iter().for_each(|p| add(found, p));
            }
        } else if let Some(list) = arg.downcast_exact::<List>() {
            gather(vm, &list.snapshot(), found)?;
        } else if let Some(tuple) = arg.downcast_exact::<Tuple>() {
            gather(vm, tuple.as_slice(), found)?;
        }
    }
    Ok(())
}

fn add(found: &mut Vec<Ref>, parameter: &Ref) {
    if !found.iter().any(|p| p.is(parameter)) {
        found.push(parameter.clone());
    }
}

/// `alias.__parameters__`
pub fn of_alias(vm: &Vm, alias: &GenericAlias) -> PyResult<Ref<Tuple>> {
    if let Some(known) = alias.parameters.get() {
        return Ok(known);
    }
    let parameters = of_arguments(vm, alias.args.as_slice())?;
    alias.parameters.set(Some(parameters.clone()));
    Ok(parameters)
}

/// `alias[item]`
pub(super) fn subscript(vm: &Vm, this: &Object, item: &Object) -> PyResult {
    let alias = receiver::<GenericAlias>(vm, this)?;
    let parameters = of_alias(vm, alias)?;
    let args = substitute(vm, this, &alias.args, &parameters, item)?;
    new_alias(vm, &alias.origin, &args, alias.starred)
}

/// The arguments of a generic with `item` in the place of its parameters.
///
/// # Errors
/// TypeError where it has none, or another number of them.
pub fn substitute(
    vm: &Vm,
    whole: &Object,
    args: &Tuple,
    parameters: &Tuple,
    item: &Object,
) -> PyResult<Ref<Tuple>> {
    if parameters.is_empty() {
        let text = protocol::repr(vm, whole)?;
        return Err(vm.type_error(format!("{} is not a generic class", text.to_text())));
    }
    let mut item = unpacked_items(vm, item)?;
    for parameter in parameters.as_slice() {
        if let Some(prepare) = attribute(vm, parameter, "__typing_prepare_subst__")?
            && !vm.is_none(&prepare)
        {
            let tuple = match item.downcast_exact::<Tuple>() {
                Some(_) => item.clone(),
                None => vm.new_tuple(vec![item])?.upcast(),
            };
            item = protocol::call_args(vm, &prepare, &[whole, &tuple])?;
        }
    }
    let items: Vec<Ref> = match item.downcast_exact::<Tuple>() {
        Some(tuple) => tuple.as_slice().to_vec(),
        None => vec![item],
    };
    if items.len() != parameters.len() {
        let text = protocol::repr(vm, whole)?;
        let which = if items.len() > parameters.len() {
            "many"
        } else {
            "few"
        };
        return Err(vm.type_error(format!(
            "Too {which} arguments for {}; actual {}, expected {}",
            text.to_text(),
            items.len(),
            parameters.len()
        )));
    }
    let new = substituted(vm, args.as_slice(), parameters, &items)?;
    vm.new_tuple(new)
}

fn substituted(vm: &Vm, args: &[Ref], parameters: &Tuple, items: &[Ref]) -> PyResult<Vec<Ref>> {
    let _depth = vm.enter_native(" in substitution of parameters")?;
    let mut new = Vec::with_capacity(args.len());
    for arg in args {
        if arg.downcast::<Type>().is_some() {
            new.push(arg.clone());
            continue;
        }
        if let Some(tuple) = arg.downcast_exact::<Tuple>() {
            let inner = substituted(vm, tuple.as_slice(), parameters, items)?;
            new.push(vm.new_tuple(inner)?.upcast());
            continue;
        }
        if let Some(list) = arg.downcast_exact::<List>() {
            let inner = substituted(vm, &list.snapshot(), parameters, items)?;
            new.push(vm.new_list(inner)?.upcast());
            continue;
        }
        let unpacks = match attribute(vm, arg, "__typing_is_unpacked_typevartuple__")? {
            Some(flag) => protocol::is_true(vm, &flag)?,
            None => false,
        };
        let value = match attribute(vm, arg, "__typing_subst__")? {
            Some(subst) => {
                let at = parameters.as_slice().iter().position(|p| p.is(arg));
                let Some(item) = at.and_then(|at| items.get(at)) else {
                    let text = protocol::repr(vm, arg)?;
                    return Err(vm.type_error(format!(
                        "argument {} with __typing_subst__ was not found in __parameters__",
                        text.to_text()
                    )));
                };
                protocol::call_one(vm, &subst, item)?
            }
            None => inside(vm, arg, parameters, items)?,
        };
        if !unpacks {
            new.push(value);
        } else if let Some(tuple) = value.downcast_exact::<Tuple>() {
            new.extend_from_slice(tuple.as_slice());
        } else {
            return Err(vm.type_error(format!(
                "expected __typing_subst__ of {} objects to return a tuple, not {}",
                protocol::type_name(arg),
                protocol::type_name(&value)
            )));
        }
    }
    Ok(new)
}

/// An argument that is itself generic, with its parameters filled in.
fn inside(vm: &Vm, arg: &Ref, parameters: &Tuple, items: &[Ref]) -> PyResult {
    let own = attribute(vm, arg, "__parameters__")?;
    let Some(own) = own.as_ref().and_then(|p| p.downcast::<Tuple>()) else {
        return Ok(arg.clone());
    };
    if own.is_empty() {
        return Ok(arg.clone());
    }
    let mut values = Vec::new();
    for parameter in own.as_slice() {
        let at = parameters.as_slice().iter().position(|p| p.is(parameter));
        match at.and_then(|at| items.get(at)) {
            Some(item) => match item.downcast_exact::<Tuple>() {
                // A TypeVarTuple takes several.
                Some(several) if Type::of(parameter).slots.iter.get().is_some() => {
                    values.extend_from_slice(several.as_slice());
                }
                _ => values.push(item.clone()),
            },
            None => values.push(parameter.clone()),
        }
    }
    let values = vm.new_tuple(values)?;
    protocol::get_item(vm, arg, &values.head)
}

/// The items of a subscript, those that are unpacked tuples laid out.
fn unpacked_items(vm: &Vm, item: &Object) -> PyResult {
    let Some(tuple) = item.downcast_exact::<Tuple>() else {
        return Ok(item.to_ref());
    };
    let mut all = Vec::new();
    for item in tuple.as_slice() {
        let inner = if item.downcast::<Type>().is_some() {
            None
        } else {
            attribute(vm, item, "__typing_unpacked_tuple_args__")?
        };
        match inner.as_ref().and_then(|i| i.downcast::<Tuple>()) {
            Some(inner)
                if inner
                    .as_slice()
                    .last()
                    .is_none_or(|l| !l.is(&vm.ellipsis.head)) =>
            {
                all.extend_from_slice(inner.as_slice());
            }
            _ => all.push(item.clone()),
        }
    }
    Ok(vm.new_tuple(all)?.upcast())
}
