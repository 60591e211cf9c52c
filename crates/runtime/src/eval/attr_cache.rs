//! The second level of the attribute caches: where an instruction meets objects of several types.
//!
//! An entry belongs to a version of a type and a name; what it says holds as long as the type has that version, and
//! versions are never given twice. The objects pointed to are kept by a class in the type's MRO while it holds: the cache
//! owns nothing.

use std::cell::Cell;

use viv_heap::{Object, Raw};

use crate::object::Str;

/// What is known of a name in instances of a type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing.
    Unknown,
    /// A word of the instance at this offset; `index` is its place among the inline values, `u32::MAX` for a slot.
    Word { offset: u32, index: u32 },
    /// A function of a class, which is bound to instances.
    Method(*const Object),
    /// Another object of a class.
    Value(*const Object),
    /// A property of a class whose getter is a Python function.
    Property(*const Object),
    /// Another data descriptor of a class, of a builtin type: the general handlers ask it at once.
    Computed(*const Object),
    /// What the dict of the object at hand decides: it has one, and the class has something of that name too.
    Varying,
}

#[derive(Clone, Copy)]
struct Entry {
    version: u32,
    name: *const Str,
    found: Found,
}

impl Entry {
    const EMPTY: Entry = Entry {
        version: 0,
        name: std::ptr::null(),
        found: Found::Unknown,
    };
}

/// The cache of an interpreter.
pub(crate) struct AttrCache {
    entries: Box<[Cell<Entry>; SIZE]>,
    hits: Cell<u32>,
}

const SIZE: usize = 1024;

impl AttrCache {
    /// An empty cache.
    pub fn new() -> AttrCache {
        AttrCache {
            entries: Box::new([const { Cell::new(Entry::EMPTY) }; SIZE]),
            hits: Cell::new(0),
        }
    }

    /// The two places that an entry may have.
    #[inline(always)]
    fn places(&self, version: u32, name: &Str) -> (&Cell<Entry>, &Cell<Entry>) {
        let address = std::ptr::from_ref(name).addr() >> 4;
        let first = (version as usize).wrapping_mul(37).wrapping_add(address) % SIZE;
        (&self.entries[first], &self.entries[first ^ 1])
    }

    /// What is known of a name under a version.
    #[inline(always)]
    pub fn find(&self, version: u32, name: &Str) -> Found {
        let (first, second) = self.places(version, name);
        let entry = first.get();
        if entry.version == version && std::ptr::eq(entry.name, name) && version != 0 {
            return entry.found;
        }
        let entry = second.get();
        if entry.version == version && std::ptr::eq(entry.name, name) && version != 0 {
            return entry.found;
        }
        Found::Unknown
    }

    /// Whether an instruction that has found something here is to take it over into its own cache: one in sixteen is. So
    /// the instructions of a class that has got a new version come to know it.
    #[inline(always)]
    pub fn is_turn(&self) -> bool {
        let hits = self.hits.get().wrapping_add(1);
        self.hits.set(hits);
        hits.is_multiple_of(16)
    }

    /// Remembers what has been found; `name` is an interned string that the running code keeps. What was there moves to its
    /// other place: two names that a loop uses in turn must not drive each other out.
    pub fn put(&self, version: u32, name: &Str, found: Found) {
        let (first, second) = self.places(version, name);
        let before = first.replace(Entry {
            version,
            name,
            found,
        });
        if before.version != version || !std::ptr::eq(before.name, name) {
            second.set(before);
        }
    }
}

/// The word of a pointer.
#[inline(always)]
pub(crate) fn word(object: *const Object) -> Raw {
    Raw(object.cast_mut())
}
