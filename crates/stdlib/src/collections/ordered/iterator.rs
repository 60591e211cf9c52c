//! `odict_iterator`: over keys, values or items, in either direction.
//!
//! An iterator owns the key that it gives next, and looks its value up only then. Any change of the order ends it with
//! RuntimeError, and so does another number of entries.

use std::cell::Cell;

use viv_runtime::object::{Dict, DictWhat, KeptTuple, Slot, Type, TypeTraits};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver, reduce_iter};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use super::order::NodeId;
use crate::kinds;

/// `odict_iterator`
#[repr(C)]
pub struct OrderedDictIterator {
    /// The header.
    pub head: Object,
    dict: Slot<Dict>,
    /// The key that is given next; nothing at the end.
    key: Slot,
    /// Its node.
    node: Cell<NodeId>,
    /// The order's state at the beginning.
    state: Cell<u64>,
    /// Number of entries at the beginning; `usize::MAX` once it has changed.
    size: Cell<usize>,
    what: DictWhat,
    reverse: bool,
    result: KeptTuple,
}
object_layout!(
    OrderedDictIterator = kinds::ORDERED_DICT_ITERATOR,
    traverse | this,
    visit | {
        this.dict.visit(visit);
        this.key.visit(visit);
        this.result.visit(visit);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "odict_iterator",
    traits: TypeTraits::NO_NEW,
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[&[MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(reduce),
        "Return state information for pickling",
    )]],
    ..TypeSpec::new(OrderedDictIterator::layout, true)
};

/// The type of the iterators.
fn iterator_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

/// An iterator over an `OrderedDict`.
pub fn new(vm: &Vm, this: &Object, what: DictWhat, reverse: bool) -> PyResult {
    let dict = receiver::<Dict>(vm, this)?;
    let ty = iterator_type(vm)?;
    let order = super::order_as_left(this);
    let node = order.as_ref().map_or(0, |order| order.end(reverse));
    let key = order.as_ref().and_then(|order| order.key(node));
    place_tracked(
        vm,
        OrderedDictIterator {
            head: Object::new(ty.type_head_of()),
            dict: Slot::full(Ref::of(dict)),
            key: Slot::new(key),
            node: Cell::new(node),
            state: Cell::new(order.map_or(0, |order| order.state())),
            size: Cell::new(dict.len()),
            what,
            reverse,
            result: result_of(vm, what)?,
        },
    )
}

fn result_of(vm: &Vm, what: DictWhat) -> PyResult<KeptTuple> {
    match what {
        DictWhat::Items => KeptTuple::new(vm, 2),
        _ => Ok(KeptTuple::none()),
    }
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<OrderedDictIterator>(vm, this)?;
    let Some(dict) = this.dict.get() else {
        return Ok(None);
    };
    if this.key.is_none() {
        this.dict.set(None);
        return Ok(None);
    }
    if super::state(dict.as_object()) != this.state.get() {
        this.dict.set(None);
        return Err(vm.runtime_error("OrderedDict mutated during iteration"));
    }
    if dict.len() != this.size.get() {
        this.size.set(usize::MAX);
        this.dict.set(None);
        return Err(vm.runtime_error("OrderedDict changed size during iteration"));
    }
    let Some(order) = super::order_of(vm, dict.as_object())? else {
        return Ok(None);
    };
    let node = this.node.get();
    let value = match super::value_of(vm, &order, node, &dict) {
        Ok(value) => value,
        Err(raised) => {
            this.key.set(None);
            return Err(raised);
        }
    };
    let after = order.after(node, this.reverse);
    this.node.set(after);
    let Some(key) = this.key.replace(order.key(after)) else {
        return Ok(None);
    };
    let Some(value) = value else {
        this.key.set(None);
        return Err(vm.key_error(&key));
    };
    Ok(Some(match this.what {
        DictWhat::Keys => key,
        DictWhat::Values => value,
        DictWhat::Items => this.result.pair(vm, key, value)?,
    }))
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<OrderedDictIterator>(vm, this)?;
    // A copy goes on from here, so that this iterator stays where it is.
    let copy = place_tracked(
        vm,
        OrderedDictIterator {
            head: Object::new(Object::type_head(&this.head)),
            dict: Slot::new(this.dict.get()),
            key: Slot::new(this.key.get()),
            node: this.node.clone(),
            state: this.state.clone(),
            size: this.size.clone(),
            what: this.what,
            reverse: this.reverse,
            result: result_of(vm, this.what)?,
        },
    )?;
    let rest = protocol::collect(vm, &copy)?;
    reduce_iter(vm, &[vm.new_list(rest)?.as_object()], None)
}
