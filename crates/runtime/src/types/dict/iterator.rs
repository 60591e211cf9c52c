//! The iterators over dicts.
//!
//! An iterator remembers how many entries the dict had: another number at any later step ends it with RuntimeError. That
//! check is sticky, as on CPython.

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref};

use crate::native::{MethodDef, NativeCall};
use crate::object::{Dict, DictIterator, DictWhat, KeptTuple, Slot};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{place_tracked, receiver, reduce_iter};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

macro_rules! iterator_spec {
    ($name:ident, $text:literal) => {
        #[doc = concat!("The type `", $text, "`.")]
        pub static $name: TypeSpec = TypeSpec {
            name: $text,
            slots: |s| {
                s.iter.set(Some(|_, this| Ok(this.to_ref())));
                s.next.set(Some(next));
            },
            methods: &[METHODS],
            ..TypeSpec::new(DictIterator::layout, true)
        };
    };
}

iterator_spec!(KEY_ITERATOR_SPEC, "dict_keyiterator");
iterator_spec!(VALUE_ITERATOR_SPEC, "dict_valueiterator");
iterator_spec!(ITEM_ITERATOR_SPEC, "dict_itemiterator");
iterator_spec!(REVERSE_KEY_ITERATOR_SPEC, "dict_reversekeyiterator");
iterator_spec!(REVERSE_VALUE_ITERATOR_SPEC, "dict_reversevalueiterator");
iterator_spec!(REVERSE_ITEM_ITERATOR_SPEC, "dict_reverseitemiterator");

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__length_hint__",
        "($self, /)",
        NativeCall::NoArgs(length_hint),
        "Private method returning an estimate of len(list(it)).",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(reduce),
        "Return state information for pickling.",
    ),
];

/// An iterator from the first entry to the last.
pub fn new(vm: &Vm, dict: &Dict, what: DictWhat) -> PyResult {
    make(vm, dict, what, false)
}

/// An iterator from the last entry to the first.
pub fn new_reverse(vm: &Vm, dict: &Dict, what: DictWhat) -> PyResult {
    make(vm, dict, what, true)
}

fn make(vm: &Vm, dict: &Dict, what: DictWhat, reverse: bool) -> PyResult {
    let ty = match (what, reverse) {
        (DictWhat::Keys, false) => &vm.types.dict_key_iterator,
        (DictWhat::Values, false) => &vm.types.dict_value_iterator,
        (DictWhat::Items, false) => &vm.types.dict_item_iterator,
        (DictWhat::Keys, true) => &vm.types.dict_reverse_key_iterator,
        (DictWhat::Values, true) => &vm.types.dict_reverse_value_iterator,
        (DictWhat::Items, true) => &vm.types.dict_reverse_item_iterator,
    };
    place_tracked(
        vm,
        DictIterator {
            head: Object::new(ty.type_head_of()),
            dict: Slot::full(Ref::of(dict)),
            place: Cell::new(if reverse { dict.entry_count() } else { 0 }),
            used: Cell::new(dict.len()),
            left: Cell::new(dict.len()),
            what,
            reverse,
            result: result_of(vm, what)?,
        },
    )
}

/// What an iterator over items gives its pairs in.
fn result_of(vm: &Vm, what: DictWhat) -> PyResult<KeptTuple> {
    match what {
        DictWhat::Items => KeptTuple::new(vm, 2),
        _ => Ok(KeptTuple::none()),
    }
}

/// The next entry's place, key and value.
fn step(this: &DictIterator, dict: &Dict) -> Option<(usize, Ref, Ref)> {
    if this.reverse {
        // A dict that was emptied meanwhile has fewer places: CPython ends there, and so does this.
        if this.place.get() > dict.entry_count() {
            return None;
        }
        dict.previous_entry(this.place.get())
    } else {
        dict.next_entry(this.place.get())
    }
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<DictIterator>(vm, this)?;
    let Some(dict) = this.dict.get() else {
        return Ok(None);
    };
    if this.used.get() != dict.len() {
        this.used.set(usize::MAX);
        return Err(vm.runtime_error("dictionary changed size during iteration"));
    }
    let Some((place, key, value)) = step(this, &dict) else {
        this.dict.set(None);
        return Ok(None);
    };
    if this.left.get() == 0 {
        this.dict.set(None);
        return Err(vm.runtime_error("dictionary keys changed during iteration"));
    }
    this.place.set(if this.reverse { place } else { place + 1 });
    this.left.set(this.left.get().saturating_sub(1));
    Ok(Some(match this.what {
        DictWhat::Keys => key,
        DictWhat::Values => value,
        DictWhat::Items => this.result.pair(vm, key, value)?,
    }))
}

fn length_hint(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<DictIterator>(vm, this)?;
    let left = this
        .dict
        .get()
        .filter(|d| d.len() == this.used.get())
        .map_or(0, |_| this.left.get());
    vm.new_usize(left)
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<DictIterator>(vm, this)?;
    // A copy goes on from here, so that this iterator stays where it is.
    let head = Object::new(viv_heap::Object::type_head(&this.head));
    let copy = place_tracked(
        vm,
        DictIterator {
            head,
            dict: Slot::new(this.dict.get()),
            place: this.place.clone(),
            used: this.used.clone(),
            left: this.left.clone(),
            what: this.what,
            reverse: this.reverse,
            result: result_of(vm, this.what)?,
        },
    )?;
    let rest = protocol::collect(vm, &copy)?;
    reduce_iter(vm, &[vm.new_list(rest)?.as_object()], None)
}
