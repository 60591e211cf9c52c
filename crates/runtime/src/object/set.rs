//! Layout of set and frozenset: open addressing with linear probes, exactly as on CPython.
//!
//! The order in which a set gives its elements follows from the table's size, the probe sequence and the history of
//! insertions, and scripts print it: all three are those of CPython's `setobject.c`.
//!
//! **Invariants.** A place without key is free when its hash is 0, and deleted when it is -1 (no hash is -1). The table is
//! empty or a power of two of at least eight places; an empty one stands for eight free places. A key comparison may run
//! Python code, which may change the set: the search then starts again (`stamp` tells).

use std::cell::Cell;

use viv_heap::{Flags, HVec, HeapAlloc, Object, Ref, object_layout};

use super::slot::{Inner, fill};
use super::{Int, Str, Type, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// A `set` or `frozenset`.
#[repr(C)]
pub struct Set {
    /// The header.
    pub head: Object,
    pub(crate) table: Inner<SetTable>,
    /// The hash of a frozenset, once computed; -1 before.
    pub(crate) hash: Cell<i64>,
    /// Where the next `pop` starts to look.
    finger: Cell<usize>,
    /// The head of the list of weak references.
    pub weakrefs: Cell<*const Object>,
}
object_layout!(
    Set = kinds::SET,
    traverse | this,
    visit | {
        this.table.read(|t| {
            for e in &t.places {
                if let Some(key) = &e.key {
                    visit.visit(key);
                }
            }
        });
    },
    clear | this | {
        this.clear();
    }
);

/// The object is a frozenset.
const FROZEN: u32 = 1 << Flags::KIND_BITS_SHIFT;

/// A place of the table.
pub(crate) struct Place {
    pub key: Option<Ref>,
    pub hash: i64,
}

/// The places and their counts.
pub(crate) struct SetTable {
    pub places: HVec<Place>,
    /// Places that are used or deleted.
    fill: u32,
    used: u32,
    stamp: u32,
}

const MIN_SIZE: usize = 8;
const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;

/// What a look at the table found.
enum Found {
    Active(usize),
    Free(usize),
    /// A key with the same hash that has to be compared by `==`, with the search's state.
    Compare(usize, Ref, u32),
}

/// What ends [`Set::first_outside`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outside {
    /// The element is not in the other set.
    Absent,
    /// Only a comparison can tell.
    Unknown,
}

/// What is kept of a hash to find the first place of a search: an empty table has places as soon as there is a key.
fn mask_of(places: &[Place]) -> usize {
    places.len().max(MIN_SIZE) - 1
}

/// The state of a search.
struct Probe {
    /// Start of the group being looked at.
    start: usize,
    /// Number of places of the group already seen.
    seen: usize,
    perturb: usize,
}

impl Probe {
    fn new(hash: i64, mask: usize) -> Probe {
        Probe {
            start: hash as usize & mask,
            seen: 0,
            perturb: hash as usize,
        }
    }

    /// The place to look at; the probe moves on.
    #[inline]
    fn step(&mut self, mask: usize) -> usize {
        let group = if self.start + LINEAR_PROBES <= mask {
            LINEAR_PROBES
        } else {
            0
        };
        if self.seen > group {
            self.perturb >>= PERTURB_SHIFT;
            self.start = (self
                .start
                .wrapping_mul(5)
                .wrapping_add(1)
                .wrapping_add(self.perturb))
                & mask;
            self.seen = 0;
        }
        let place = self.start + self.seen;
        self.seen += 1;
        place
    }
}

impl SetTable {
    pub(crate) fn new() -> SetTable {
        SetTable {
            places: HVec::new_in(HeapAlloc),
            fill: 0,
            used: 0,
            stamp: 0,
        }
    }

    fn mask(&self) -> usize {
        mask_of(&self.places)
    }

    /// Goes on with a search for a key.
    #[inline]
    fn search(&self, probe: &mut Probe, key: &Object, hash: i64) -> Found {
        if self.places.is_empty() {
            return Found::Free(hash as usize & (MIN_SIZE - 1));
        }
        let mask = self.mask();
        if probe.seen == 0 {
            // Most searches end at the first place.
            match self.places.get(probe.start) {
                Some(Place { key: None, hash: 0 }) => return Found::Free(probe.start),
                Some(Place {
                    key: Some(other),
                    hash: known,
                }) if *known == hash && other.is(key) => return Found::Active(probe.start),
                _ => {}
            }
        }
        loop {
            let at = probe.step(mask);
            let place = &self.places[at];
            let Some(other) = &place.key else {
                if place.hash == 0 {
                    return Found::Free(at);
                }
                continue;
            };
            if place.hash != hash {
                continue;
            }
            if other.is(key) {
                return Found::Active(at);
            }
            if let (Some(a), Some(b)) = (other.downcast_exact::<Str>(), key.downcast_exact::<Str>())
            {
                if a.eq_str(b) {
                    return Found::Active(at);
                }
            } else if let (Some(a), Some(b)) =
                (other.downcast_exact::<Int>(), key.downcast_exact::<Int>())
                && let (Some(a), Some(b)) = (a.as_i64(), b.as_i64())
            {
                if a == b {
                    return Found::Active(at);
                }
            } else {
                return Found::Compare(at, other.clone(), self.stamp);
            }
        }
    }

    /// Whether a key is there, where that can be told without Python code.
    #[inline]
    fn contains_quickly(&self, key: &Object, hash: i64) -> Option<bool> {
        let mut probe = Probe::new(hash, self.mask());
        match self.search(&mut probe, key, hash) {
            Found::Active(_) => Some(true),
            Found::Free(_) => Some(false),
            Found::Compare(..) => None,
        }
    }

    /// Where a key goes that is not there, in a table without deleted places.
    fn free_place(places: &[Place], hash: i64) -> usize {
        let mask = mask_of(places);
        let mut probe = Probe::new(hash, mask);
        loop {
            let at = probe.step(mask);
            if places.get(at).is_none_or(|place| place.key.is_none()) {
                return at;
            }
        }
    }

    /// Puts a key that is not there into a table with room and without deleted places.
    fn insert_clean(places: &mut HVec<Place>, key: Ref, hash: i64) {
        let at = SetTable::free_place(places, hash);
        places[at] = Place {
            key: Some(key),
            hash,
        };
    }

    /// Free places; `None` where there is no memory.
    fn empty_places(size: usize) -> Option<HVec<Place>> {
        let mut places = HVec::new_in(HeapAlloc);
        places.try_reserve_exact(size).ok()?;
        fill(&mut places, (0..size).map(|_| Place { key: None, hash: 0 }));
        Some(places)
    }

    /// Makes the table larger than `least`, without deleted places. False where there is no memory.
    fn resize(&mut self, least: usize) -> bool {
        let mut size = MIN_SIZE;
        while size <= least {
            size <<= 1;
        }
        if size == self.places.len() && size == MIN_SIZE && self.fill == self.used {
            return true;
        }
        let Some(mut new) = SetTable::empty_places(size) else {
            return false;
        };
        for place in std::mem::replace(&mut self.places, HVec::new_in(HeapAlloc)) {
            if let Some(key) = place.key {
                SetTable::insert_clean(&mut new, key, place.hash);
            }
        }
        self.places = new;
        self.fill = self.used;
        self.stamp = self.stamp.wrapping_add(1);
        true
    }

    fn grown(&self) -> usize {
        let used = self.used as usize;
        if used > 50000 { used * 2 } else { used * 4 }
    }

    /// Puts a new key into the free place that a search has found. Gives the key back where there is no memory.
    fn occupy(&mut self, at: usize, key: Ref, hash: i64) -> Result<(), Ref> {
        if self.places.is_empty() {
            match SetTable::empty_places(MIN_SIZE) {
                Some(places) => self.places = places,
                None => return Err(key),
            }
        }
        self.places[at] = Place {
            key: Some(key),
            hash,
        };
        self.fill += 1;
        self.used += 1;
        self.stamp = self.stamp.wrapping_add(1);
        if (self.fill as usize) * 5 >= self.mask() * 3 {
            // Where there is no memory the element stays all the same: the table still has free places.
            self.resize(self.grown());
        }
        Ok(())
    }

    fn delete(&mut self, at: usize) -> Option<Ref> {
        let place = self.places.get_mut(at)?;
        let key = place.key.take()?;
        place.hash = -1;
        self.used -= 1;
        self.stamp = self.stamp.wrapping_add(1);
        Some(key)
    }
}

/// The hash of an element.
///
/// # Errors
/// "cannot use 'list' as a set element (unhashable type: 'list')"; whatever else `__hash__` raises.
#[inline]
pub(crate) fn hash_element(vm: &Vm, element: &Object) -> PyResult<i64> {
    protocol::hash(vm, element)
        .map_err(|raised| super::dict::unusable(vm, raised, element, "a set element"))
}

impl Set {
    /// An empty set of type `ty` (`set`, `frozenset` or a subclass); tracked by the collector.
    pub fn place(vm: &Vm, ty: &Type) -> PyResult<Ref<Set>> {
        let head = Object::new(ty.type_head_of());
        if ty.is(&vm.types.frozenset) || ty.is_subtype(&vm.types.frozenset) {
            head.set_flags(FROZEN);
        }
        let set = vm.place(Set {
            head,
            table: Inner::new(SetTable::new()),
            hash: Cell::new(-1),
            finger: Cell::new(0),
            weakrefs: Cell::new(std::ptr::null()),
        })?;
        vm.heap.track(&set);
        Ok(set)
    }

    /// Whether this is a frozenset.
    pub fn is_frozen(&self) -> bool {
        self.flags() & FROZEN != 0
    }

    /// Number of elements.
    #[inline]
    pub fn len(&self) -> usize {
        self.table.read(|t| t.used as usize)
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of a key, or the free place where its search ended.
    fn find(&self, vm: &Vm, key: &Object, hash: i64) -> PyResult<Result<usize, usize>> {
        'again: loop {
            let mut probe = self.table.read(|t| Probe::new(hash, t.mask()));
            loop {
                match self.table.read(|t| t.search(&mut probe, key, hash)) {
                    Found::Active(at) => return Ok(Ok(at)),
                    Found::Free(at) => return Ok(Err(at)),
                    Found::Compare(at, other, stamp) => {
                        let equal = protocol::compare_eq(vm, &other, key)?;
                        if self.table.read(|t| t.stamp) != stamp {
                            continue 'again;
                        }
                        if equal {
                            return Ok(Ok(at));
                        }
                    }
                }
            }
        }
    }

    /// Whether there is such an element, the hash being known.
    pub fn contains_hashed(&self, vm: &Vm, key: &Object, hash: i64) -> PyResult<bool> {
        if let Some(there) = self.table.read(|t| t.contains_quickly(key, hash)) {
            return Ok(there);
        }
        Ok(self.find(vm, key, hash)?.is_ok())
    }

    /// Whether there is such an element.
    pub fn contains(&self, vm: &Vm, key: &Object) -> PyResult<bool> {
        let hash = hash_element(vm, key)?;
        self.contains_hashed(vm, key, hash)
    }

    /// Adds an element that is not there, to a set that nothing was ever taken out of.
    pub(crate) fn add_absent(&self, vm: &Vm, key: Ref, hash: i64) -> PyResult<()> {
        let left = self.table.write(|t| {
            let at = SetTable::free_place(&t.places, hash);
            t.occupy(at, key, hash)
        });
        left.map_err(|key| {
            drop(key);
            vm.no_memory()
        })
    }

    /// Adds an element whose hash is known.
    pub fn add_hashed(&self, vm: &Vm, key: &Object, hash: i64) -> PyResult<()> {
        match self.find(vm, key, hash)? {
            Ok(_) => Ok(()),
            Err(at) => {
                let key = key.to_ref();
                let left = self.table.write(|t| t.occupy(at, key, hash));
                left.map_err(|key| {
                    drop(key);
                    vm.no_memory()
                })
            }
        }
    }

    /// Adds an element.
    ///
    /// # Errors
    /// TypeError for an unhashable one; what a comparison raises; MemoryError.
    pub fn add(&self, vm: &Vm, key: &Object) -> PyResult<()> {
        let hash = hash_element(vm, key)?;
        self.add_hashed(vm, key, hash)
    }

    /// Takes an element whose hash is known away; tells whether it was there.
    pub fn discard_hashed(&self, vm: &Vm, key: &Object, hash: i64) -> PyResult<bool> {
        match self.find(vm, key, hash)? {
            Ok(at) => Ok(self.table.write(|t| t.delete(at)).map(drop).is_some()),
            Err(_) => Ok(false),
        }
    }

    /// Takes some element away.
    pub fn pop(&self) -> Option<Ref> {
        let start = self.finger.get();
        let (at, key) = self.table.write(|t| {
            if t.used == 0 {
                return None;
            }
            let mask = t.mask();
            let mut at = start & mask;
            while t.places[at].key.is_none() {
                at = (at + 1) & mask;
            }
            Some((at, t.delete(at)?))
        })?;
        self.finger.set(at + 1);
        Some(key)
    }

    /// Takes all elements away.
    pub fn clear(&self) {
        let old = self.table.write(|t| {
            let stamp = t.stamp.wrapping_add(1);
            std::mem::replace(
                t,
                SetTable {
                    stamp,
                    ..SetTable::new()
                },
            )
        });
        drop(old.places);
    }

    /// The next element from place `at` on: its place, the element and its hash.
    pub fn next_element(&self, at: usize) -> Option<(usize, Ref, i64)> {
        self.table.read(|t| {
            let mut i = at;
            loop {
                let place = t.places.get(i)?;
                if let Some(key) = &place.key {
                    return Some((i, key.clone(), place.hash));
                }
                i += 1;
            }
        })
    }

    /// Goes through the elements from place `at` on as long as each is in `other` and that can be told without Python code: the
    /// place of the one that it ends with, and whether that is absent or has to be compared by `==`.
    pub(crate) fn first_outside(&self, other: &Set, at: usize) -> Option<(usize, Outside)> {
        if std::ptr::eq(self, other) {
            return None;
        }
        self.table.read(|t| {
            other.table.read(|other| {
                let places = t.places.iter().enumerate().skip(at);
                for (i, place) in places {
                    let Some(key) = &place.key else {
                        continue;
                    };
                    match other.contains_quickly(key, place.hash) {
                        Some(true) => {}
                        Some(false) => return Some((i, Outside::Absent)),
                        None => return Some((i, Outside::Unknown)),
                    }
                }
                None
            })
        })
    }

    /// Handles and hashes of all elements as they are now, in order.
    pub fn snapshot(&self) -> Vec<(Ref, i64)> {
        self.table.read(|t| {
            t.places
                .iter()
                .filter_map(|p| Some((p.key.clone()?, p.hash)))
                .collect()
        })
    }

    /// Makes room as CPython does before a merge of `more` elements.
    pub fn prepare_merge(&self, vm: &Vm, more: usize) -> PyResult<()> {
        let good = self.table.write(|t| {
            if (t.fill as usize + more) * 5 >= t.mask() * 3 {
                t.resize((t.used as usize + more) * 2)
            } else {
                true
            }
        });
        if good { Ok(()) } else { Err(vm.no_memory()) }
    }

    /// Adds all elements of another set, with CPython's ways for an empty set.
    pub fn merge(&self, vm: &Vm, other: &Set) -> PyResult<()> {
        if std::ptr::eq(self, other) || other.is_empty() {
            return Ok(());
        }
        self.prepare_merge(vm, other.len())?;
        if self.table.read(|t| t.fill) == 0 {
            return self.fill_from(vm, other);
        }
        let mut at = 0;
        while let Some((i, key, hash)) = other.next_element(at) {
            self.add_hashed(vm, &key, hash)?;
            at = i + 1;
        }
        Ok(())
    }

    /// Takes over the elements of another set into an empty one: no comparison is needed.
    fn fill_from(&self, vm: &Vm, other: &Set) -> PyResult<()> {
        let done = other.table.read(|o| {
            self.table.write(|t| {
                if o.fill == o.used && o.mask() == t.mask() {
                    let mut places = HVec::new_in(HeapAlloc);
                    if places.try_reserve_exact(o.places.len()).is_err() {
                        return false;
                    }
                    let copies = o.places.iter().map(|p| Place {
                        key: p.key.clone(),
                        hash: p.hash,
                    });
                    fill(&mut places, copies);
                    // The places given up here are empty ones.
                    t.places = places;
                } else {
                    if t.places.is_empty() {
                        match SetTable::empty_places(MIN_SIZE) {
                            Some(places) => t.places = places,
                            None => return false,
                        }
                    }
                    for place in &o.places {
                        if let Some(key) = &place.key {
                            SetTable::insert_clean(&mut t.places, key.clone(), place.hash);
                        }
                    }
                }
                t.fill = o.used;
                t.used = o.used;
                t.stamp = t.stamp.wrapping_add(1);
                true
            })
        });
        if done { Ok(()) } else { Err(vm.no_memory()) }
    }

    /// Squeezes deleted places out where they are many.
    pub fn squeeze(&self, vm: &Vm) -> PyResult<()> {
        let good = self.table.write(|t| {
            if (t.fill - t.used) as usize <= t.mask() / 4 {
                true
            } else {
                t.resize(t.grown())
            }
        });
        if good { Ok(()) } else { Err(vm.no_memory()) }
    }

    /// Exchanges the elements of two sets.
    pub fn swap(&self, other: &Set) {
        if std::ptr::eq(self, other) {
            return;
        }
        self.table.write(|a| {
            other.table.write(|b| {
                std::mem::swap(a, b);
                // Neither stamp may come back to a value that a search remembers.
                let stamp = a.stamp.max(b.stamp).wrapping_add(1);
                (a.stamp, b.stamp) = (stamp, stamp);
            });
        });
    }

    /// Bytes that the table takes besides the object itself.
    pub fn table_bytes(&self) -> usize {
        self.table
            .read(|t| t.places.capacity() * size_of::<Place>())
    }
}
