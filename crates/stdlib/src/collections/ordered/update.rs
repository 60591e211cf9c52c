//! Filling an `OrderedDict` from mappings and pairs: by `this[key] = value`, which a subclass may have changed.

use viv_runtime::object::{Dict, Tuple, Type};
use viv_runtime::protocol;
use viv_runtime::{Args, Object, PyResult, Ref, Vm};

/// `__init__`
pub fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let given = args.pos().len();
    if given > 1 {
        return Err(vm.type_error(format!("expected at most 1 argument, got {given}")));
    }
    update_args(vm, this, args)
}

/// The method `update`.
pub fn update(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let given = args.pos().len();
    if given > 1 {
        return Err(vm.type_error(format!(
            "update() takes at most 1 positional argument ({given} given)"
        )));
    }
    update_args(vm, this, args)?;
    Ok(vm.none_ref())
}

fn update_args(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    if let [other] = args.pos() {
        update_from(vm, this, other)?;
    }
    for (key, value) in args.keywords() {
        protocol::set_item(vm, this, key, value)?;
    }
    Ok(())
}

/// Enters what a mapping or an iterable of pairs has.
fn update_from(vm: &Vm, this: &Object, other: &Object) -> PyResult<()> {
    if let Some(dict) = other.downcast_exact::<Dict>() {
        return dict
            .snapshot()
            .into_iter()
            .try_for_each(|(key, value)| protocol::set_item(vm, this, &key, &value));
    }
    if let Some(keys) = protocol::get_attr_opt(vm, other, &vm.names.keys)? {
        let keys = protocol::iter(vm, &*protocol::call_no_args(vm, &keys)?)?;
        while let Some(key) = protocol::next(vm, &keys)? {
            let value = protocol::get_item(vm, other, &key)?;
            protocol::set_item(vm, this, &key, &value)?;
        }
        return Ok(());
    }
    if let Some(items) = protocol::get_attr_opt(vm, other, &vm.names.items)? {
        let items = protocol::call_no_args(vm, &items)?;
        return add_pairs(vm, this, &items);
    }
    add_pairs(vm, this, other)
}

fn add_pairs(vm: &Vm, this: &Object, pairs: &Object) -> PyResult<()> {
    let pairs = protocol::iter(vm, pairs)?;
    while let Some(pair) = protocol::next(vm, &pairs)? {
        let (key, value) = split(vm, &pair)?;
        protocol::set_item(vm, this, &key, &value)?;
    }
    Ok(())
}

fn split(vm: &Vm, pair: &Object) -> PyResult<(Ref, Ref)> {
    if let Some(pair) = pair.downcast_exact::<Tuple>()
        && let [key, value] = pair.as_slice()
    {
        return Ok((key.to_ref(), value.to_ref()));
    }
    let parts = protocol::iter(vm, pair)?;
    let Some(key) = protocol::next(vm, &parts)? else {
        return Err(vm.value_error("need more than 0 values to unpack"));
    };
    let Some(value) = protocol::next(vm, &parts)? else {
        return Err(vm.value_error("need more than 1 value to unpack"));
    };
    match protocol::next(vm, &parts)? {
        None => Ok((key, value)),
        Some(_) => Err(vm.value_error("too many values to unpack (expected 2)")),
    }
}

/// `a | b`
pub fn or(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    if a.downcast::<Dict>().is_none() || b.downcast::<Dict>().is_none() {
        return Ok(vm.not_implemented());
    }
    let ours = if super::is_ordered_dict(vm, a)? { a } else { b };
    let result = protocol::call_one(vm, &Type::of(ours).head, a)?;
    update_from(vm, &result, b)?;
    Ok(result)
}

/// `this |= other`
pub fn or_in_place(vm: &Vm, this: &Object, other: &Object) -> PyResult {
    update_from(vm, this, other)?;
    Ok(this.to_ref())
}
