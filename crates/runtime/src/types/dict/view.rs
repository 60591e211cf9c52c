//! The views `dict_keys`, `dict_values`, `dict_items`.

use viv_bytecode::{BinaryOp, CompareOp};
use viv_heap::{Object, ObjectLayout, Ref};

use super::iterator;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Dict, DictView, DictWhat, Set, Tuple, Type, TypeTraits};
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::slots::Slots;
use crate::types::sequence::{place_tracked, receiver};
use crate::types::set::operations;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `dict_keys`.
pub static KEYS_SPEC: TypeSpec = TypeSpec {
    name: "dict_keys",
    traits: TypeTraits::UNHASHABLE,
    slots: |s| {
        shared_slots(s);
        set_slots(s);
    },
    methods: &[REVERSED, ISDISJOINT],
    getset: MAPPING,
    ..TypeSpec::new(DictView::layout, true)
};

/// The type `dict_values`.
pub static VALUES_SPEC: TypeSpec = TypeSpec {
    name: "dict_values",
    slots: shared_slots,
    methods: &[REVERSED],
    getset: MAPPING,
    ..TypeSpec::new(DictView::layout, true)
};

/// The type `dict_items`.
pub static ITEMS_SPEC: TypeSpec = TypeSpec {
    name: "dict_items",
    traits: TypeTraits::UNHASHABLE,
    slots: |s| {
        shared_slots(s);
        set_slots(s);
    },
    methods: &[REVERSED, ISDISJOINT],
    getset: MAPPING,
    ..TypeSpec::new(DictView::layout, true)
};

const REVERSED: &[MethodDef] = &[MethodDef::new(
    "__reversed__",
    "($self, /)",
    NativeCall::NoArgs(reversed),
    "Return a reverse iterator over the dict view.",
)];

const ISDISJOINT: &[MethodDef] = &[MethodDef::new(
    "isdisjoint",
    "",
    NativeCall::One(isdisjoint),
    "Return True if the view and the given iterable have a null intersection.",
)];

const MAPPING: &[GetSetDef] = &[GetSetDef::get(
    "mapping",
    mapping,
    "dictionary that this view refers to",
)];

fn shared_slots(s: &Slots) {
    s.repr.set(Some(repr));
    s.iter.set(Some(|vm, this| {
        let view = receiver::<DictView>(vm, this)?;
        iterator::new(vm, &view.dict, view.what)
    }));
    s.len.set(Some(|vm, this| {
        Ok(receiver::<DictView>(vm, this)?.dict.len())
    }));
}

fn set_slots(s: &Slots) {
    s.contains.set(Some(contains));
    s.compare.set(Some(compare));
    s.binary[BinaryOp::And as usize].set(Some(and));
    s.binary[BinaryOp::Or as usize].set(Some(or));
    s.binary[BinaryOp::Xor as usize].set(Some(xor));
    s.binary[BinaryOp::Sub as usize].set(Some(sub));
}

/// A view of a dict, of a type that extends one of those here.
pub fn with_type(vm: &Vm, ty: &Type, dict: &Object, what: DictWhat) -> PyResult {
    place_tracked(
        vm,
        DictView {
            head: Object::new(ty.type_head_of()),
            dict: Ref::of(receiver::<Dict>(vm, dict)?),
            what,
        },
    )
}

/// The dict of a view.
pub fn dict_of(vm: &Vm, view: &Object) -> PyResult<Ref<Dict>> {
    Ok(receiver::<DictView>(vm, view)?.dict.clone())
}

/// A view of a dict.
pub fn new(vm: &Vm, dict: &Object, what: DictWhat) -> PyResult {
    let ty = match what {
        DictWhat::Keys => &vm.types.dict_keys,
        DictWhat::Values => &vm.types.dict_values,
        DictWhat::Items => &vm.types.dict_items,
    };
    with_type(vm, ty, dict, what)
}

fn reversed(vm: &Vm, this: &Object) -> PyResult {
    let view = receiver::<DictView>(vm, this)?;
    iterator::new_reverse(vm, &view.dict, view.what)
}

fn mapping(vm: &Vm, this: &Object) -> PyResult {
    crate::types::mapping_proxy::new(vm, receiver::<DictView>(vm, this)?.dict.as_object())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let Some(_guard) = vm.enter_repr(this) else {
        return Ok(vm.new_str("...")?.upcast());
    };
    let items = vm.new_list(protocol::collect(vm, this)?)?;
    let mut text = TextBuilder::new();
    text.push(&protocol::type_name(this));
    text.push("(");
    text.push_repr(vm, &items)?;
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}

fn contains(vm: &Vm, this: &Object, item: &Object) -> PyResult<bool> {
    let view = receiver::<DictView>(vm, this)?;
    if view.what == DictWhat::Keys {
        return view.dict.contains(vm, item);
    }
    let Some(pair) = item.downcast::<Tuple>() else {
        return Ok(false);
    };
    let [key, value] = pair.as_slice() else {
        return Ok(false);
    };
    match view.dict.get(vm, key)? {
        Some(found) => protocol::compare_is_or_eq(vm, &found, value),
        None => Ok(false),
    }
}

fn all_contained_in(vm: &Vm, these: &Object, other: &Object) -> PyResult<bool> {
    let iterator = protocol::iter(vm, these)?;
    while let Some(item) = protocol::next(vm, &iterator)? {
        if !protocol::contains(vm, other, &item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether an object is a set or a view that behaves as one.
fn is_set_like(object: &Object) -> bool {
    object.downcast::<Set>().is_some() || is_set_view(object)
}

fn is_set_view(object: &Object) -> bool {
    object
        .downcast::<DictView>()
        .is_some_and(|view| view.what != DictWhat::Values)
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    if !is_set_like(b) {
        return Ok(vm.not_implemented());
    }
    let (m, n) = (protocol::len(vm, a)?, protocol::len(vm, b)?);
    let result = match op {
        CompareOp::Eq => m == n && all_contained_in(vm, a, b)?,
        CompareOp::Ne => !(m == n && all_contained_in(vm, a, b)?),
        CompareOp::Lt => m < n && all_contained_in(vm, a, b)?,
        CompareOp::Le => m <= n && all_contained_in(vm, a, b)?,
        CompareOp::Gt => m > n && all_contained_in(vm, b, a)?,
        CompareOp::Ge => m >= n && all_contained_in(vm, b, a)?,
    };
    Ok(vm.bool(result))
}

fn and(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    // The view may stand on the right; then it is the one that is looked into.
    let (view, other) = if is_set_view(a) { (a, b) } else { (b, a) };
    let view_len = protocol::len(vm, view)?;
    if let Some(set) = other.downcast::<Set>()
        && vm.types.set.is(Type::of(other))
        && set.len() >= view_len
    {
        // A set looks its elements up itself.
        return operations::intersection(vm, set, view).map(Ref::upcast);
    }
    let (view, other) = if is_set_view(other) && protocol::len(vm, other)? > view_len {
        (other, view)
    } else {
        (view, other)
    };
    let result = Set::place(vm, &vm.types.set)?;
    let iterator = protocol::iter(vm, other)?;
    while let Some(item) = protocol::next(vm, &iterator)? {
        if protocol::contains(vm, view, &item)? {
            result.add(vm, &item)?;
        }
    }
    Ok(result.upcast())
}

/// A set of what a view (or another iterable) gives.
fn to_set(vm: &Vm, from: &Object) -> PyResult<Ref<Set>> {
    let result = Set::place(vm, &vm.types.set)?;
    match from.downcast::<DictView>() {
        // As CPython, which makes the set of the keys' dict: that decides the table's size.
        Some(view) if view.what == DictWhat::Keys => {
            operations::update(vm, &result, view.dict.as_object())?
        }
        _ => operations::update(vm, &result, from)?,
    }
    Ok(result)
}

fn or(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let result = to_set(vm, a)?;
    operations::update(vm, &result, b)?;
    Ok(result.upcast())
}

fn xor(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let result = to_set(vm, a)?;
    operations::symmetric_difference_update(vm, &result, b)?;
    Ok(result.upcast())
}

fn sub(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let result = to_set(vm, a)?;
    operations::difference_update(vm, &result, b)?;
    Ok(result.upcast())
}

fn isdisjoint(vm: &Vm, this: &Object, other: &Object) -> PyResult {
    let (mut view, mut other) = (this, other);
    if this.is(other) {
        return Ok(vm.bool(protocol::len(vm, this)? == 0));
    }
    if is_set_like(other) && protocol::len(vm, other)? > protocol::len(vm, view)? {
        std::mem::swap(&mut view, &mut other);
    }
    let iterator = protocol::iter(vm, other)?;
    while let Some(item) = protocol::next(vm, &iterator)? {
        if protocol::contains(vm, view, &item)? {
            return Ok(vm.bool(false));
        }
    }
    Ok(vm.bool(true))
}
