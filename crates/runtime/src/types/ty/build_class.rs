//! `builtins.__build_class__`: what a class statement calls.

use viv_heap::{Object, Ref};

use crate::args::{Args, NamedArgs};
use crate::object::{CellObject, Dict, Function, Str, Tuple, Type};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::vm::Vm;

/// The bases with `__mro_entries__` carried out; nothing where none has it.
pub fn resolve_bases(vm: &Vm, bases: &Ref<Tuple>) -> PyResult<Option<Vec<Ref>>> {
    let mut resolved: Option<Vec<Ref>> = None;
    for (i, base) in bases.iter().enumerate() {
        let entries = if base.downcast::<Type>().is_some() {
            None
        } else {
            protocol::get_attr_opt(vm, base, &vm.names.__mro_entries__)?
        };
        let Some(entries) = entries else {
            if let Some(resolved) = &mut resolved {
                resolved.push(base.to_ref());
            }
            continue;
        };
        let new = protocol::call_one(vm, &entries, bases)?;
        let new = new
            .cast::<Tuple>()
            .map_err(|_| vm.type_error("__mro_entries__ must return a tuple"))?;
        resolved
            .get_or_insert_with(|| bases.as_slice().iter().take(i).cloned().collect())
            .extend(new.as_slice().iter().cloned());
    }
    Ok(resolved)
}

/// `__build_class__(function, name, *bases, metaclass=…, **keywords)`
pub fn build_class(vm: &Vm, _module: &Object, args: Args<'_>) -> PyResult {
    let [function, name, bases @ ..] = args.pos() else {
        return Err(vm.type_error("__build_class__: not enough arguments"));
    };
    let Some(function) = function.downcast::<Function>() else {
        return Err(vm.type_error("__build_class__: func must be a function"));
    };
    let Some(name) = name.downcast::<Str>() else {
        return Err(vm.type_error("__build_class__: name is not a string"));
    };
    let original = vm.tuple_of(bases)?;
    let resolved = match resolve_bases(vm, &original)? {
        Some(bases) => Some(vm.new_tuple(bases)?),
        None => None,
    };
    let bases = resolved.clone().unwrap_or_else(|| original.clone());
    let given = args.keyword("metaclass").map(Object::to_ref);
    let keywords: Vec<(&Str, &Object)> = args
        .keywords()
        .filter(|(n, _)| !n.eq_text("metaclass"))
        .collect();
    let mut meta = match &given {
        Some(meta) => meta.clone(),
        None => match bases.get(0) {
            Some(base) => Type::of(base).head.to_ref(),
            None => vm.types.type_.clone().upcast(),
        },
    };
    if let Some(wanted) = meta.downcast::<Type>() {
        meta = super::new::calculate_metaclass(vm, wanted, &bases)?.upcast();
    }
    let names = vm.new_tuple(keywords.iter().map(|(n, _)| n.head.to_ref()).collect())?;
    let mut values: Vec<&Object> = vec![name, &bases];
    values.extend(keywords.iter().map(|(_, v)| *v));
    let namespace = match protocol::get_attr_opt(vm, &meta, &vm.names.__prepare__)? {
        Some(prepare) => {
            protocol::call(vm, &prepare, NamedArgs::new(&values, Some(&names)).args())?
        }
        None => vm.new_dict()?.upcast(),
    };
    if Type::of(&namespace).slots.getitem.get().is_none() {
        let text = match meta.downcast::<Type>() {
            Some(meta) => meta.display_name(),
            None => "<metaclass>".to_owned(),
        };
        return Err(vm.type_error(format!(
            "{text}.__prepare__() must return a mapping, not {}",
            type_name(&namespace)
        )));
    }
    let cell = crate::eval::call::run_function_with_locals(vm, function, Some(&namespace))?;
    if resolved.is_some() {
        match namespace.downcast_exact::<Dict>() {
            Some(dict) => dict.set_str(vm, &vm.names.__orig_bases__, &original)?,
            None => protocol::set_item(vm, &namespace, &vm.names.__orig_bases__, &original)?,
        }
    }
    let mut values: Vec<&Object> = vec![name, &bases, &namespace];
    values.extend(keywords.iter().map(|(_, v)| *v));
    let class = protocol::call(vm, &meta, NamedArgs::new(&values, Some(&names)).args())?;
    if class.downcast::<Type>().is_some()
        && let Some(cell) = cell.downcast::<CellObject>()
    {
        match cell.contents.get() {
            None => {
                let repr = protocol::repr(vm, &class)?;
                return Err(vm.runtime_error(format!(
                    "__class__ not set defining '{}' as {}. Was __classcell__ propagated to type.__new__?",
                    name.to_text(),
                    repr.to_text()
                )));
            }
            Some(held) if !held.is(&class) => {
                let (held, class) = (protocol::repr(vm, &held)?, protocol::repr(vm, &class)?);
                return Err(vm.type_error(format!(
                    "__class__ set to {} defining '{}' as {}",
                    held.to_text(),
                    name.to_text(),
                    class.to_text()
                )));
            }
            Some(_) => {}
        }
    }
    Ok(class)
}
