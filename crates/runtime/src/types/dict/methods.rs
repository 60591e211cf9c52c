//! The methods of dict.

use viv_heap::Object;

use super::{iterator, merge, view};
use crate::args::Args;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Dict, DictWhat, Set, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::vm::Vm;

/// The methods.
pub const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__contains__",
        "($self, key, /)",
        NativeCall::One(contains),
        "True if the dictionary has the specified key, else False.",
    ),
    MethodDef::new(
        "__getitem__",
        "($self, key, /)",
        NativeCall::One(super::getitem),
        "Return self[key].",
    ),
    MethodDef::new(
        "__sizeof__",
        "($self, /)",
        NativeCall::NoArgs(sizeof),
        "Return the size of the dict in memory, in bytes.",
    ),
    MethodDef::new(
        "get",
        "($self, key, default=None, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: get,
        },
        "Return the value for key if key is in the dictionary, else default.",
    ),
    MethodDef::new(
        "setdefault",
        "($self, key, default=None, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: setdefault,
        },
        "Insert key with a value of default if key is not in the dictionary.\n\nReturn the value for key if key is in the dictionary, else default.",
    ),
    MethodDef::new(
        "pop",
        "($self, key, default=<unrepresentable>, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: pop,
        },
        "D.pop(k[,d]) -> v, remove specified key and return the corresponding value.\n\nIf the key is not found, return the default if given; otherwise,\nraise a KeyError.",
    ),
    MethodDef::new(
        "popitem",
        "($self, /)",
        NativeCall::NoArgs(popitem),
        "Remove and return a (key, value) pair as a 2-tuple.\n\nPairs are returned in LIFO (last-in, first-out) order.\nRaises KeyError if the dict is empty.",
    ),
    MethodDef::new(
        "keys",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| view::new(vm, this, DictWhat::Keys)),
        "Return a set-like object providing a view on the dict's keys.",
    ),
    MethodDef::new(
        "items",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| view::new(vm, this, DictWhat::Items)),
        "Return a set-like object providing a view on the dict's items.",
    ),
    MethodDef::new(
        "values",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| view::new(vm, this, DictWhat::Values)),
        "Return an object providing a view on the dict's values.",
    ),
    MethodDef::new(
        "update",
        "",
        NativeCall::Raw(update),
        "D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.\nIf E is present and has a .keys() method, then does:  for k in E.keys(): D[k] = E[k]\nIf E is present and lacks a .keys() method, then does:  for k, v in E: D[k] = v\nIn either case, this is followed by: for k in F:  D[k] = F[k]",
    ),
    MethodDef::class(
        "fromkeys",
        "($type, iterable, value=None, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: fromkeys,
        },
        "Create a new dictionary with keys from iterable and values set to value.",
    ),
    MethodDef::new(
        "clear",
        "($self, /)",
        NativeCall::NoArgs(clear),
        "Remove all items from the dict.",
    ),
    MethodDef::new(
        "copy",
        "($self, /)",
        NativeCall::NoArgs(copy),
        "Return a shallow copy of the dict.",
    ),
    MethodDef::new(
        "__reversed__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            iterator::new_reverse(vm, receiver(vm, this)?, DictWhat::Keys)
        }),
        "Return a reverse iterator over the dict keys.",
    ),
    MethodDef::class(
        "__class_getitem__",
        "($type, object, /)",
        NativeCall::One(crate::types::class_getitem),
        "dicts are generic over two types, signifying (respectively) the types of their keys and values",
    ),
];

fn contains(vm: &Vm, this: &Object, key: &Object) -> PyResult {
    Ok(vm.bool(receiver::<Dict>(vm, this)?.contains(vm, key)?))
}

fn sizeof(vm: &Vm, this: &Object) -> PyResult {
    let dict = receiver::<Dict>(vm, this)?;
    vm.new_usize(this.own_size() + dict.table_bytes())
}

fn default_of(vm: &Vm, args: &[&Object]) -> viv_heap::Ref {
    args.get(1).map_or_else(|| vm.none_ref(), |d| d.to_ref())
}

fn get(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let Some(key) = args.first() else {
        return Ok(vm.none_ref());
    };
    Ok(receiver::<Dict>(vm, this)?
        .get(vm, key)?
        .unwrap_or_else(|| default_of(vm, args)))
}

fn setdefault(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let dict = receiver::<Dict>(vm, this)?;
    let Some(key) = args.first() else {
        return Ok(vm.none_ref());
    };
    dict.set_default(vm, key, default_of(vm, args))
}

fn pop(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let dict = receiver::<Dict>(vm, this)?;
    let Some(key) = args.first() else {
        return Ok(vm.none_ref());
    };
    let value = if dict.is_empty() {
        None
    } else {
        dict.remove(vm, key)?
    };
    match (value, args.get(1)) {
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(default.to_ref()),
        (None, None) => Err(vm.key_error(key)),
    }
}

fn popitem(vm: &Vm, this: &Object) -> PyResult {
    match receiver::<Dict>(vm, this)?.pop_last() {
        Some((key, value)) => Ok(vm.new_tuple(vec![key, value])?.upcast()),
        None => Err(vm.key_error(vm.new_str("popitem(): dictionary is empty")?.as_object())),
    }
}

fn update(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    super::update_args(vm, receiver(vm, this)?, "update", args)?;
    Ok(vm.none_ref())
}

fn fromkeys(vm: &Vm, class: &Object, args: &[&Object]) -> PyResult {
    let Some(iterable) = args.first() else {
        return Ok(vm.none_ref());
    };
    let value = default_of(vm, args);
    let made = protocol::call_no_args(vm, class)?;
    if let Some(dict) = made.downcast_exact::<Dict>()
        && Type::of(&made).is(&vm.types.dict)
    {
        if let Some(from) = iterable.downcast_exact::<Dict>() {
            let mut place = 0;
            while place < from.entry_count() {
                if let Some((key, _, hash)) = from.entry_with_hash(place) {
                    dict.set_hashed(vm, &key, hash, value.clone())?;
                }
                place += 1;
            }
        } else if let Some(from) = iterable.downcast::<Set>() {
            let mut at = 0;
            while let Some((i, key, hash)) = from.next_element(at) {
                dict.set_hashed(vm, &key, hash, value.clone())?;
                at = i + 1;
            }
        } else {
            protocol::for_each(vm, iterable, |key| dict.set(vm, &key, &value))?;
        }
    } else {
        protocol::for_each(vm, iterable, |key| {
            protocol::set_item(vm, &made, &key, &value)
        })?;
    }
    Ok(made)
}

fn clear(vm: &Vm, this: &Object) -> PyResult {
    receiver::<Dict>(vm, this)?.clear();
    Ok(vm.none_ref())
}

fn copy(vm: &Vm, this: &Object) -> PyResult {
    let dict = receiver::<Dict>(vm, this)?;
    if this.is_exact::<Dict>() {
        return Ok(dict.copy(vm)?.upcast());
    }
    let copy = vm.new_dict()?;
    merge::merge(vm, &copy, this, true)?;
    Ok(copy.upcast())
}
