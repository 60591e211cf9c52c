//! `OrderedDict`: a dict whose instances have one slot more, for the order of the keys.
//!
//! **Invariant.** An instance gets its `Order` with the first key that is entered by a method of `OrderedDict`; it has as many
//! nodes as keys, unless the methods of `dict` have been called on the instance. Whatever reads the order lets it follow the dict
//! first: a look-up that compares keys may have moved the entries.

mod iterator;
mod methods;
mod order;
mod update;
mod view;

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Dict, Int, Str, Type, TypeTraits};
use viv_runtime::protocol::{self, TextBuilder};
use viv_runtime::types::dict::merge;
use viv_runtime::types::extra::{extra_type_with_slots_and_dict, first_slot};
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{BinaryOp, CompareOp, Object, ObjectLayout, PyResult, Ref, Vm};

use order::{NodeId, Order};

static SPEC: TypeSpec = TypeSpec {
    name: "OrderedDict",
    module: "collections",
    doc: "Dictionary that remembers insertion order",
    exact: false,
    traits: TypeTraits::BASE | TypeTraits::MAPPING | TypeTraits::UNHASHABLE,
    slots: |s| {
        s.init.set(Some(update::init));
        s.repr.set(Some(repr));
        s.compare.set(Some(compare));
        s.iter.set(Some(|vm, this| {
            iterator::new(vm, this, viv_runtime::object::DictWhat::Keys, false)
        }));
        s.setitem.set(Some(|vm, this, key, value| match value {
            Some(value) => set(vm, this, key, value),
            None => delete(vm, this, key),
        }));
        s.binary[BinaryOp::Or as usize].set(Some(update::or));
        s.inplace[BinaryOp::Or as usize].set(Some(update::or_in_place));
    },
    methods: &[methods::METHODS],
    getset: &[GetSetDef::get_set(
        "__dict__",
        viv_runtime::types::object::get_dict,
        viv_runtime::types::object::set_dict,
        "",
    )],
    ..TypeSpec::new(Dict::layout, true)
};

/// The type `collections.OrderedDict`.
pub fn ordered_dict_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type_with_slots_and_dict(vm, &SPEC, &vm.types.dict, 1)
}

/// Whether an object is an `OrderedDict`.
fn is_ordered_dict(vm: &Vm, object: &Object) -> PyResult<bool> {
    Ok(Type::of(object).is_subtype(&*ordered_dict_type(vm)?))
}

/// Whether an object is an `OrderedDict` and no instance of a subclass.
fn is_exact(vm: &Vm, object: &Object) -> PyResult<bool> {
    Ok(Type::of(object).is(&*ordered_dict_type(vm)?))
}

/// The order as it was left, if there is one yet.
fn order_as_left(this: &Object) -> Option<Ref<Order>> {
    this.slot(first_slot(&SPEC))?.cast::<Order>().ok()
}

/// The order, if there is one yet; it has followed the dict.
fn order_of(vm: &Vm, this: &Object) -> PyResult<Option<Ref<Order>>> {
    let Some(order) = order_as_left(this) else {
        return Ok(None);
    };
    order.follow(vm, receiver(vm, this)?)?;
    Ok(Some(order))
}

/// What changes with every change of the order.
fn state(this: &Object) -> u64 {
    order_as_left(this).map_or(0, |order| order.state())
}

/// `this[key] = value`, of `OrderedDict` itself.
fn set(vm: &Vm, this: &Object, key: &Object, value: &Object) -> PyResult<()> {
    let hash = protocol::hash(vm, key)?;
    set_hashed(vm, this, key, hash, value)
}

fn set_hashed(vm: &Vm, this: &Object, key: &Object, hash: i64, value: &Object) -> PyResult<()> {
    let dict = receiver::<Dict>(vm, this)?;
    // Entering a key that is there already leaves the one that is there: that one is the order's.
    let (mut place, old) = dict.enter(vm, key, hash, value.to_ref())?;
    if old.is_none() && !is_plain(key) {
        // As CPython, whose order looks each new key up again: equal hashes are compared twice.
        match dict.place_of(vm, key, hash)? {
            Some(found) => place = found,
            None => return Err(vm.key_error(key)),
        }
    }
    let entered = match old {
        None => append(vm, this, dict, place, key),
        Some(_) => match dict.entry(place) {
            Some((known, _)) => append(vm, this, dict, place, &known),
            None => Ok(()),
        },
    };
    drop(old);
    entered
}

/// Puts the key at a place of the dict behind all others, unless it is in the order already.
fn append(vm: &Vm, this: &Object, dict: &Dict, place: usize, key: &Object) -> PyResult<()> {
    let order = match order_as_left(this) {
        Some(order) => {
            order.follow(vm, dict)?;
            order
        }
        None => {
            let order = Order::place(vm, dict)?;
            this.replace_slot(first_slot(&SPEC), Some(order.clone().upcast()));
            order
        }
    };
    order.append(vm, place, key)
}

/// Whether a key's hash never changes and comparing it runs no Python code.
fn is_plain(key: &Object) -> bool {
    key.is_exact::<Str>() || key.is_exact::<Int>()
}

/// The value of a node's key, nothing where the dict has it no more. The order has followed the dict.
fn value_of(vm: &Vm, order: &Order, node: NodeId, dict: &Dict) -> PyResult<Option<Ref>> {
    match order.key(node) {
        Some(key) if !is_plain(&key) => {
            let hash = protocol::hash(vm, &key)?;
            dict.get_hashed(vm, &key, hash)
        }
        _ => Ok(order.value(node, dict)),
    }
}

/// `del this[key]`, of `OrderedDict` itself.
fn delete(vm: &Vm, this: &Object, key: &Object) -> PyResult<()> {
    let hash = protocol::hash(vm, key)?;
    match take(vm, this, key, hash)? {
        Some(value) => {
            drop(value);
            Ok(())
        }
        None => Err(vm.key_error(key)),
    }
}

/// Takes a key out of dict and order; gives its value.
fn take(vm: &Vm, this: &Object, key: &Object, hash: i64) -> PyResult<Option<Ref>> {
    let dict = receiver::<Dict>(vm, this)?;
    let Some(place) = dict.place_of(vm, key, hash)? else {
        return Ok(None);
    };
    let node = match (order_of(vm, this)?, dict.entry(place)) {
        (Some(order), Some((key, _))) => {
            let node = order.node_at(place, &key);
            node.and_then(|node| order.remove(node))
        }
        _ => None,
    };
    let pair = dict.remove_entry(place);
    drop(node);
    Ok(pair.map(|(_, value)| value))
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let name = protocol::type_name(this);
    let name = name.rsplit('.').next().unwrap_or_default();
    if receiver::<Dict>(vm, this)?.is_empty() {
        return Ok(vm.new_str(&format!("{name}()"))?.upcast());
    }
    let Some(_guard) = vm.enter_repr(this) else {
        return Ok(vm.new_str("...")?.upcast());
    };
    let copy = vm.new_dict()?;
    merge::merge(vm, &copy, this, true)?;
    let mut text = TextBuilder::new();
    text.push(name);
    text.push("(");
    text.push_repr(vm, &copy)?;
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if !is_ordered_dict(vm, a)? || b.downcast::<Dict>().is_none() {
        return Ok(vm.not_implemented());
    }
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(vm.not_implemented());
    }
    let Some(compare_dicts) = vm.types.dict.slots.compare.get() else {
        return Ok(vm.not_implemented());
    };
    let equal = compare_dicts(vm, a, b, CompareOp::Eq)?;
    let equal = equal.is(&vm.bool(true)) && (!is_ordered_dict(vm, b)? || same_order(vm, a, b)?);
    Ok(vm.bool(equal == (op == CompareOp::Eq)))
}

/// Whether the keys of two are equal one by one.
fn same_order(vm: &Vm, a: &Object, b: &Object) -> PyResult<bool> {
    let (Some(x), Some(y)) = (order_as_left(a), order_as_left(b)) else {
        return Ok(state(a) == state(b));
    };
    let states = (x.state(), y.state());
    let (mut i, mut j) = (x.after(0, false), y.after(0, false));
    loop {
        let (Some(left), Some(right)) = (x.key(i), y.key(j)) else {
            return Ok(i == j || (i == 0) == (j == 0));
        };
        let equal = protocol::compare_is_or_eq(vm, &left, &right)?;
        if states != (x.state(), y.state()) {
            return Err(vm.runtime_error("OrderedDict mutated during iteration"));
        }
        if !equal {
            return Ok(false);
        }
        (i, j) = (x.after(i, false), y.after(j, false));
    }
}
