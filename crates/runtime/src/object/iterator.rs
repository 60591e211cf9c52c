//! Layouts of the builtin iterators and of the views of dicts.
//!
//! **Invariant.** An iterator that has come to its end has given up what it went over, and stays at its end.

use std::cell::Cell;

use dashu_int::IBig;
use viv_heap::{HVec, Object, Ref, object_layout};

use super::kept::KeptTuple;
use super::slot::{Inner, Slot};
use super::{Dict, List, Set, Tuple, kinds};

/// `list_iterator`
#[repr(C)]
pub struct ListIterator {
    /// The header.
    pub head: Object,
    /// Index of the next item.
    pub(crate) index: Cell<usize>,
    /// The list, until the end.
    pub(crate) list: Slot<List>,
}
object_layout!(
    ListIterator = kinds::LIST_ITERATOR,
    traverse | this,
    visit | {
        this.list.visit(visit);
    }
);

impl ListIterator {
    /// The next item.
    #[inline]
    pub(crate) fn step(&self) -> Option<Ref> {
        let index = self.index.get();
        // SAFETY: taking an item runs no Python code.
        let item = unsafe { self.list.peek_as() }?.get(index);
        match item {
            Some(_) => self.index.set(index + 1),
            None => self.list.set(None),
        }
        item
    }
}

/// `list_reverseiterator`
#[repr(C)]
pub struct ListReverseIterator {
    /// The header.
    pub head: Object,
    /// Index of the next item; below zero at the end.
    pub(crate) index: Cell<i64>,
    /// The list, until the end.
    pub(crate) list: Slot<List>,
}
object_layout!(
    ListReverseIterator = kinds::LIST_REVERSE_ITERATOR,
    traverse | this,
    visit | {
        this.list.visit(visit);
    }
);

/// `tuple_iterator`
#[repr(C)]
pub struct TupleIterator {
    /// The header.
    pub head: Object,
    /// Index of the next item.
    pub(crate) index: Cell<usize>,
    /// The tuple, until the end.
    pub(crate) tuple: Slot<Tuple>,
}
object_layout!(
    TupleIterator = kinds::TUPLE_ITERATOR,
    traverse | this,
    visit | {
        this.tuple.visit(visit);
    }
);

impl TupleIterator {
    /// The next item.
    #[inline]
    pub(crate) fn step(&self) -> Option<Ref> {
        let index = self.index.get();
        // SAFETY: taking an item runs no Python code.
        let item = unsafe { self.tuple.peek_as() }?
            .get(index)
            .map(Object::to_ref);
        match item {
            Some(_) => self.index.set(index + 1),
            None => self.tuple.set(None),
        }
        item
    }
}

/// `range_iterator`: the range's values all fit 64 bits.
#[repr(C)]
pub struct RangeIterator {
    /// The header.
    pub head: Object,
    /// The next value.
    pub(crate) start: Cell<i64>,
    /// The distance of two values.
    pub(crate) step: Cell<i64>,
    /// Number of values left.
    pub(crate) remaining: Cell<u64>,
}
object_layout!(RangeIterator = kinds::RANGE_ITERATOR);

/// `longrange_iterator`: over ranges with values or steps of more than 64 bits.
#[repr(C)]
pub struct LongRangeIterator {
    /// The header.
    pub head: Object,
    /// Start, step and number of values.
    pub(crate) range: Box<(IBig, IBig, IBig)>,
    /// Number of values already given.
    pub(crate) index: Inner<IBig>,
}
object_layout!(LongRangeIterator = kinds::LONG_RANGE_ITERATOR);

/// What an iterator or a view of a dict gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DictWhat {
    /// Keys.
    Keys,
    /// Values.
    Values,
    /// Tuples of key and value.
    Items,
}

/// `dict_keyiterator`, `dict_valueiterator`, `dict_itemiterator`, and those in reverse.
#[repr(C)]
pub struct DictIterator {
    /// The header.
    pub head: Object,
    /// The dict, until the end.
    pub(crate) dict: Slot<Dict>,
    /// The next entry place; in reverse, one above it.
    pub(crate) place: Cell<usize>,
    /// Number of entries that the dict had at the beginning; `usize::MAX` once it has changed.
    pub(crate) used: Cell<usize>,
    /// Number of entries left.
    pub(crate) left: Cell<usize>,
    /// What it gives.
    pub(crate) what: DictWhat,
    /// Whether it goes from the last entry to the first.
    pub(crate) reverse: bool,
    /// The tuple of an iterator over items.
    pub(crate) result: KeptTuple,
}
object_layout!(
    DictIterator = kinds::DICT_ITERATOR,
    traverse | this,
    visit | {
        this.dict.visit(visit);
        this.result.visit(visit);
    }
);

/// `dict_keys`, `dict_values`, `dict_items`
#[repr(C)]
pub struct DictView {
    /// The header.
    pub head: Object,
    /// The dict.
    pub(crate) dict: Ref<Dict>,
    /// What the view shows.
    pub(crate) what: DictWhat,
}
object_layout!(
    DictView = kinds::DICT_VIEW,
    traverse | this,
    visit | {
        visit.visit(this.dict.as_object());
    }
);

/// `set_iterator`
#[repr(C)]
pub struct SetIterator {
    /// The header.
    pub head: Object,
    /// The set, until the end.
    pub(crate) set: Slot<Set>,
    /// The next place.
    pub(crate) place: Cell<usize>,
    /// Number of elements that the set had at the beginning; `usize::MAX` once it has changed.
    pub(crate) used: Cell<usize>,
    /// Number of elements left.
    pub(crate) left: Cell<usize>,
}
object_layout!(
    SetIterator = kinds::SET_ITERATOR,
    traverse | this,
    visit | {
        this.set.visit(visit);
    }
);

impl SetIterator {
    /// The next element, or nothing at the end; nothing at all where the set has changed its size.
    #[inline]
    pub(crate) fn step(&self) -> Option<Option<Ref>> {
        // SAFETY: no code runs while the set is looked at.
        let Some(set) = (unsafe { self.set.peek_as() }) else {
            return Some(None);
        };
        if self.used.get() != set.len() {
            self.used.set(usize::MAX);
            return None;
        }
        match set.next_element(self.place.get()) {
            Some((at, key, _)) => {
                self.place.set(at + 1);
                self.left.set(self.left.get().saturating_sub(1));
                Some(Some(key))
            }
            None => {
                self.set.set(None);
                Some(None)
            }
        }
    }
}

/// `iterator`: calls `__getitem__` with 0, 1, 2 …
#[repr(C)]
pub struct SequenceIterator {
    /// The header.
    pub head: Object,
    /// The next index.
    pub(crate) index: Cell<i64>,
    /// The object, until the end.
    pub(crate) sequence: Slot,
}
object_layout!(
    SequenceIterator = kinds::SEQUENCE_ITERATOR,
    traverse | this,
    visit | {
        this.sequence.visit(visit);
    }
);

/// `callable_iterator`
#[repr(C)]
pub struct CallableIterator {
    /// The header.
    pub head: Object,
    /// What is called, until the end.
    pub(crate) callable: Slot,
    /// The result that ends it.
    pub(crate) sentinel: Slot,
}
object_layout!(
    CallableIterator = kinds::CALLABLE_ITERATOR,
    traverse | this,
    visit | {
        this.callable.visit(visit);
        this.sentinel.visit(visit);
    }
);

/// `enumerate`
#[repr(C)]
pub struct Enumerate {
    /// The header.
    pub head: Object,
    /// What is counted.
    pub(crate) iterator: Ref,
    /// The next number, as long as it fits.
    pub(crate) count: Cell<i64>,
    /// The next number once it does not fit `count`.
    pub(crate) big: Slot,
    /// The tuple that it gives.
    pub(crate) result: KeptTuple,
}
object_layout!(
    Enumerate = kinds::ENUMERATE,
    traverse | this,
    visit | {
        visit.visit(&this.iterator);
        this.result.visit(visit);
        this.big.visit(visit);
    }
);

/// `reversed`, over a sequence.
#[repr(C)]
pub struct Reversed {
    /// The header.
    pub head: Object,
    /// The next index; below zero at the end.
    pub(crate) index: Cell<i64>,
    /// The sequence, until the end.
    pub(crate) sequence: Slot,
}
object_layout!(
    Reversed = kinds::REVERSED,
    traverse | this,
    visit | {
        this.sequence.visit(visit);
    }
);

/// `zip`
#[repr(C)]
pub struct Zip {
    /// The header.
    pub head: Object,
    /// The iterators.
    pub(crate) iterators: Ref<Tuple>,
    /// Whether they must end together.
    pub(crate) strict: Cell<bool>,
    /// The tuple that it gives.
    pub(crate) result: KeptTuple,
}
object_layout!(
    Zip = kinds::ZIP,
    traverse | this,
    visit | {
        visit.visit(this.iterators.as_object());
        this.result.visit(visit);
    }
);

/// `map`
#[repr(C)]
pub struct MapObject {
    /// The header.
    pub head: Object,
    /// The function.
    pub(crate) function: Ref,
    /// The iterators.
    pub(crate) iterators: Inner<HVec<Ref>>,
    /// Whether they must end together.
    pub(crate) strict: Cell<bool>,
}
object_layout!(
    MapObject = kinds::MAP,
    traverse | this,
    visit | {
        visit.visit(&this.function);
        this.iterators.read(|items| {
            for item in items {
                visit.visit(item);
            }
        });
    }
);

/// `filter`
#[repr(C)]
pub struct Filter {
    /// The header.
    pub head: Object,
    /// The predicate, or None.
    pub(crate) function: Ref,
    /// The iterator.
    pub(crate) iterator: Ref,
}
object_layout!(
    Filter = kinds::FILTER,
    traverse | this,
    visit | {
        visit.visit(&this.function);
        visit.visit(&this.iterator);
    }
);
