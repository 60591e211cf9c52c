//! The methods of `OrderedDict`.

use viv_runtime::object::{Dict, DictWhat, Type};
use viv_runtime::protocol;
use viv_runtime::types::sequence::receiver;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Ref, Vm};

use super::{iterator, update, view};

pub const METHODS: &[MethodDef] = &[
    MethodDef::class(
        "fromkeys",
        "($type, /, iterable, value=None)",
        NativeCall::Bound(fromkeys),
        "Create a new ordered dictionary with keys from iterable and values set to value.",
    ),
    MethodDef::new("__sizeof__", "($self, /)", NativeCall::NoArgs(sizeof), ""),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(reduce),
        "Return state information for pickling",
    ),
    MethodDef::new(
        "setdefault",
        "($self, /, key, default=None)",
        NativeCall::Bound(setdefault),
        "Insert key with a value of default if key is not in the dictionary.\n\nReturn the value for key if key is in the dictionary, else default.",
    ),
    MethodDef::new(
        "pop",
        "($self, /, key, default=<unrepresentable>)",
        NativeCall::Bound(pop),
        "od.pop(key[,default]) -> v, remove specified key and return the corresponding value.\n\nIf the key is not found, return the default if given; otherwise,\nraise a KeyError.",
    ),
    MethodDef::new(
        "popitem",
        "($self, /, last=True)",
        NativeCall::Bound(popitem),
        "Remove and return a (key, value) pair from the dictionary.\n\nPairs are returned in LIFO order if last is true or FIFO order if\nfalse.",
    ),
    MethodDef::new(
        "keys",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| view::new(vm, this, DictWhat::Keys)),
        "",
    ),
    MethodDef::new(
        "values",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| view::new(vm, this, DictWhat::Values)),
        "",
    ),
    MethodDef::new(
        "items",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| view::new(vm, this, DictWhat::Items)),
        "",
    ),
    MethodDef::new("update", "", NativeCall::Raw(update::update), ""),
    MethodDef::new(
        "clear",
        "($self, /)",
        NativeCall::NoArgs(clear),
        "Remove all items from ordered dict.",
    ),
    MethodDef::new(
        "copy",
        "($self, /)",
        NativeCall::NoArgs(copy),
        "A shallow copy of ordered dict.",
    ),
    MethodDef::new(
        "__reversed__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| iterator::new(vm, this, DictWhat::Keys, true)),
        "od.__reversed__() <==> reversed(od)",
    ),
    MethodDef::new(
        "move_to_end",
        "($self, /, key, last=True)",
        NativeCall::Bound(move_to_end),
        "Move an existing element to the end (or beginning if last is false).\n\nRaise KeyError if the element does not exist.",
    ),
];

fn fromkeys(vm: &Vm, class: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(iterable), value] = args else {
        return Ok(vm.none_ref());
    };
    let value = value.map_or_else(|| vm.none_ref(), Object::to_ref);
    let made = protocol::call_no_args(vm, class)?;
    protocol::for_each(vm, iterable, |key| {
        protocol::set_item(vm, &made, &key, &value)
    })?;
    Ok(made)
}

fn sizeof(vm: &Vm, this: &Object) -> PyResult {
    let dict = receiver::<Dict>(vm, this)?;
    let order = super::order_as_left(this).map_or(0, |order| order.own_size() + order.bytes());
    vm.new_usize(this.own_size() + dict.table_bytes() + order)
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let state = protocol::call_method(vm, this, &*vm.intern("__getstate__")?, &[])?;
    let items = protocol::call_method(vm, this, &vm.names.items, &[])?;
    let items = protocol::iter(vm, &items)?;
    Ok(vm
        .new_tuple(vec![
            Type::of(this).head.to_ref(),
            vm.empty_tuple.clone().upcast(),
            state,
            vm.none_ref(),
            items,
        ])?
        .upcast())
}

fn setdefault(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(key), default] = args else {
        return Ok(vm.none_ref());
    };
    let default = default.map_or_else(|| vm.none_ref(), Object::to_ref);
    if super::is_exact(vm, this)? {
        if let Some(value) = receiver::<Dict>(vm, this)?.get(vm, key)? {
            return Ok(value);
        }
        super::set(vm, this, key, &default)?;
        return Ok(default);
    }
    if protocol::contains(vm, this, key)? {
        return protocol::get_item(vm, this, key);
    }
    protocol::set_item(vm, this, key, &default)?;
    Ok(default)
}

fn pop(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(key), default] = args else {
        return Ok(vm.none_ref());
    };
    let hash = protocol::hash(vm, key)?;
    match (super::take(vm, this, key, hash)?, default) {
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(default.to_ref()),
        (None, None) => Err(vm.key_error(key)),
    }
}

/// The argument `last`.
fn is_last(vm: &Vm, last: Option<&Object>) -> PyResult<bool> {
    last.map_or(Ok(true), |last| protocol::is_true(vm, last))
}

fn popitem(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let last = is_last(vm, args.first().copied().flatten())?;
    let dict = receiver::<Dict>(vm, this)?;
    let order = super::order_of(vm, this)?;
    let node = order.as_ref().map_or(0, |order| order.end(last));
    let Some((order, key)) = order.and_then(|order| order.key(node).map(|key| (order, key))) else {
        return Err(vm.key_error(vm.new_str("dictionary is empty")?.as_object()));
    };
    if order.value(node, dict).is_none() {
        return Err(vm.key_error(&key));
    }
    let place = order.place_of(node);
    let own = order.remove(node);
    let pair = place.and_then(|place| dict.remove_entry(place));
    drop(own);
    match pair {
        Some((_, value)) => Ok(vm.new_tuple(vec![key, value])?.upcast()),
        None => Err(vm.key_error(&key)),
    }
}

fn clear(vm: &Vm, this: &Object) -> PyResult {
    receiver::<Dict>(vm, this)?.clear();
    if let Some(order) = super::order_as_left(this) {
        order.clear();
    }
    Ok(vm.none_ref())
}

fn copy(vm: &Vm, this: &Object) -> PyResult {
    let dict = receiver::<Dict>(vm, this)?;
    let exact = super::is_exact(vm, this)?;
    let copy = protocol::call_no_args(vm, &Type::of(this).head)?;
    let Some(order) = super::order_as_left(this) else {
        return Ok(copy);
    };
    let state = order.state();
    let mut node = order.end(false);
    while let Some(key) = order.key(node) {
        if exact {
            order.follow(vm, dict)?;
            let Some(value) = super::value_of(vm, &order, node, dict)? else {
                return Err(vm.key_error(&key));
            };
            super::set(vm, &copy, &key, &value)?;
        } else {
            let value = protocol::get_item(vm, this, &key)?;
            protocol::set_item(vm, &copy, &key, &value)?;
        }
        if order.state() != state {
            return Err(vm.runtime_error("OrderedDict mutated during iteration"));
        }
        node = order.after(node, false);
    }
    Ok(copy)
}

fn move_to_end(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(key), last] = args else {
        return Ok(vm.none_ref());
    };
    let last = is_last(vm, *last)?;
    let dict = receiver::<Dict>(vm, this)?;
    let Some(order) = super::order_as_left(this).filter(|order| order.end(last) != 0) else {
        return Err(vm.key_error(key));
    };
    if order.key(order.end(last)).is_some_and(|end| end.is(key)) {
        return Ok(vm.none_ref());
    }
    let hash = protocol::hash(vm, key)?;
    let place = dict.place_of(vm, key, hash)?;
    order.follow(vm, dict)?;
    let known: Option<(usize, (Ref, Ref))> = place.and_then(|p| Some((p, dict.entry(p)?)));
    let Some(node) = known.and_then(|(place, (known, _))| order.node_at(place, &known)) else {
        return Err(vm.key_error(key));
    };
    order.move_to_end(node, last);
    Ok(vm.none_ref())
}
