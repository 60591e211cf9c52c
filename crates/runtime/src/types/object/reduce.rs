//! `__reduce__`, `__reduce_ex__` and `__getstate__` of every object: what `copy` and `pickle` ask for.

use viv_heap::{Object, Ref, TypeFlags};

use super::attributes;
use crate::object::{Dict, List, Str, Tuple, Type};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::vm::Vm;

/// `object.__getstate__`
pub fn get_state(vm: &Vm, this: &Object) -> PyResult {
    default_state(vm, this, false)
}

/// The dict, and the slots that are set.
fn default_state(vm: &Vm, this: &Object, required: bool) -> PyResult {
    let ty = Type::of(this);
    let slots = slot_names(ty);
    let extra = ty.info.fixed_size() - 8 * slots.len();
    if required && ty.info.layout.get().kind != crate::object::kinds::INSTANCE && extra > 16 {
        return Err(vm.type_error(format!("cannot pickle '{}' object", type_name(this))));
    }
    let dict = match protocol::get_attr_opt(vm, this, &vm.names.__dict__)? {
        Some(dict) if dict.downcast::<Dict>().is_some_and(|d| !d.is_empty()) => dict,
        Some(dict) if dict.downcast::<Dict>().is_none() => dict,
        _ => vm.none_ref(),
    };
    let values = vm.new_dict()?;
    let named = match ty.dict(vm) {
        Some(dict) => dict.get_text(vm, "__slotnames__")?,
        None => None,
    };
    // What `copyreg` has kept, or a class says itself, goes before what the class has.
    let slots = match named.as_ref().and_then(|n| n.downcast::<List>()) {
        Some(named) => (named.snapshot().into_iter())
            .filter_map(|name| name.cast::<Str>().ok())
            .collect(),
        None => slots,
    };
    for name in &slots {
        if let Some(value) = protocol::get_attr_opt(vm, this, name)? {
            values.set_str(vm, name, &value)?;
        }
    }
    if values.is_empty() {
        return Ok(dict);
    }
    Ok(vm.new_tuple(vec![dict, values.upcast()])?.upcast())
}

/// The names of the slots of a class and its bases.
fn slot_names(ty: &Type) -> Vec<Ref<Str>> {
    let mut names = Vec::new();
    let mut at = Some(Ref::of(ty));
    while let Some(class) = at {
        names.extend(class.slot_names.borrow().iter().map(|(n, _)| n.clone()));
        at = class.base.get();
    }
    names
}

fn copyreg(vm: &Vm) -> PyResult {
    let name = vm.intern("copyreg")?;
    let import = vm.builtins.get_str(vm, &vm.names.__import__);
    match import {
        Some(import) => protocol::call_one(vm, &import, &name),
        None => Err(vm.raise(&vm.exceptions.ImportError, "__import__ not found")),
    }
}

/// `object.__reduce__`
pub fn reduce(vm: &Vm, this: &Object) -> PyResult {
    common(vm, this, 0)
}

/// `object.__reduce_ex__`: by `__reduce__`, where a class overrides that.
pub fn reduce_ex(vm: &Vm, this: &Object, version: &Object) -> PyResult {
    let version = protocol::to_i64(vm, version)?;
    let name = &vm.names.__reduce__;
    let own = vm.type_lookup(&vm.types.object, name);
    let found = vm.type_lookup(Type::of(this), name);
    if found
        .as_ref()
        .zip(own.as_ref())
        .is_some_and(|(a, b)| !a.is(b))
    {
        return protocol::call_method(vm, this, name, &[]);
    }
    common(vm, this, version)
}

fn common(vm: &Vm, this: &Object, version: i64) -> PyResult {
    if version >= 2 {
        return reduce_new(vm, this);
    }
    let module = copyreg(vm)?;
    let function = vm.intern("_reduce_ex")?;
    let version = vm.new_int(version)?;
    protocol::call_method(vm, &module, &function, &[this, &version])
}

/// Arguments for `__new__`: positional ones, keywords.
type NewArgs = (Ref<Tuple>, Option<Ref<Dict>>);

/// What `__getnewargs_ex__` or `__getnewargs__` gives; nothing where the class has neither.
fn new_args(vm: &Vm, this: &Object) -> PyResult<Option<NewArgs>> {
    if let Some(method) = protocol::lookup_special(vm, this, &vm.names.__getnewargs_ex__)? {
        let result = protocol::call_no_args(vm, &method)?;
        let Some(pair) = result.downcast::<Tuple>() else {
            return Err(vm.type_error(format!(
                "__getnewargs_ex__ should return a tuple, not '{}'",
                type_name(&result)
            )));
        };
        let [args, keywords] = pair.as_slice() else {
            return Err(vm.value_error(format!(
                "__getnewargs_ex__ should return a tuple of length 2, not {}",
                pair.len()
            )));
        };
        let args = args.clone().cast::<Tuple>().map_err(|o| {
            vm.type_error(format!(
                "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{}'",
                type_name(&o)
            ))
        })?;
        let keywords = keywords.clone().cast::<Dict>().map_err(|o| {
            vm.type_error(format!(
                "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{}'",
                type_name(&o)
            ))
        })?;
        return Ok(Some((args, Some(keywords))));
    }
    match protocol::lookup_special(vm, this, &vm.names.__getnewargs__)? {
        Some(method) => {
            let result = protocol::call_no_args(vm, &method)?;
            let args = result.cast::<Tuple>().map_err(|o| {
                vm.type_error(format!(
                    "__getnewargs__ should return a tuple, not '{}'",
                    type_name(&o)
                ))
            })?;
            Ok(Some((args, None)))
        }
        None => Ok(None),
    }
}

fn reduce_new(vm: &Vm, this: &Object) -> PyResult {
    let ty = Type::of(this);
    if ty.slots.new.get().is_none() {
        return Err(vm.type_error(format!("cannot pickle '{}' object", type_name(this))));
    }
    let class = ty.head.to_ref();
    let args = new_args(vm, this)?;
    let module = copyreg(vm)?;
    let is_list = this.downcast::<List>().is_some();
    let is_dict = this.downcast::<Dict>().is_some();
    let required = args.is_none() && !is_list && !is_dict;
    let (function, arguments) = match args {
        Some((args, Some(keywords))) if !keywords.is_empty() => {
            let function = protocol::get_attr_str(vm, &module, "__newobj_ex__")?;
            (
                function,
                vm.new_tuple(vec![class, args.upcast(), keywords.upcast()])?,
            )
        }
        other => {
            let function = protocol::get_attr_str(vm, &module, "__newobj__")?;
            let mut items = vec![class];
            if let Some((args, _)) = other {
                items.extend(args.as_slice().iter().cloned());
            }
            (function, vm.new_tuple(items)?)
        }
    };
    let own = vm.type_lookup(&vm.types.object, &vm.names.__getstate__);
    let found = vm.type_lookup(Type::of(this), &vm.names.__getstate__);
    let state = if found
        .as_ref()
        .zip(own.as_ref())
        .is_some_and(|(a, b)| a.is(b))
        && attributes_are_plain(this)
    {
        default_state(vm, this, required)?
    } else {
        protocol::call_method(vm, this, &vm.names.__getstate__, &[])?
    };
    let list_items = if is_list {
        protocol::iter(vm, this)?
    } else {
        vm.none_ref()
    };
    let dict_items = if is_dict {
        let items = protocol::call_method(vm, this, &vm.names.items, &[])?;
        protocol::iter(vm, &items)?
    } else {
        vm.none_ref()
    };
    Ok(vm
        .new_tuple(vec![
            function,
            arguments.upcast(),
            state,
            list_items,
            dict_items,
        ])?
        .upcast())
}

/// Whether the object cannot hide a `__getstate__` of its own.
fn attributes_are_plain(this: &Object) -> bool {
    Type::of(this).info.flags.get() & TypeFlags::MANAGED_DICT == 0 || attributes::has_dict(this)
}
