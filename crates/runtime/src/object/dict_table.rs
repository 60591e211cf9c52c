//! The table behind a dict.
//!
//! Entries lie in insertion order. As long as every key is an exact string, hashes are read from the keys themselves;
//! otherwise they stand in a parallel array. Up to eight entries are scanned; more have an index, whose places are as
//! narrow as the number of entries allows.
//!
//! **Invariants.** `hashes` is empty or as long as `entries`. With an index, each entry in use has exactly one index place
//! on the probe sequence of its hash, and at least a third of the places is free. `stamp` changes whenever an entry moves
//! or comes, so that a search that was interrupted by Python code knows whether it may go on; entries that go leave the others
//! where they are.

use std::cell::Cell;

use viv_heap::{HVec, HeapAlloc, Object, Ref};

use super::slot::fill;
use super::{Int, Str};

/// An entry; one that has been deleted is empty.
pub(crate) struct Entry {
    pub key: Option<Ref>,
    pub value: Option<Ref>,
}

/// The entries and their index.
pub(crate) struct Table {
    pub entries: HVec<Entry>,
    hashes: HVec<i64>,
    index: HVec<u8>,
    mask: usize,
    /// Bytes of an index place.
    width: u8,
    /// Some key is no exact string, so `hashes` is kept.
    general: bool,
    /// Changes whenever entries may have got other places (see [`Dict::moves`](super::Dict::moves)).
    pub moves: u16,
    pub stamp: u32,
    /// No entry before this place is in use: what is taken from the front is found at once.
    first: Cell<usize>,
}

/// An index place holds an entry's number plus two, or one of these.
const FREE: usize = 0;
const DELETED: usize = 1;
/// Up to this many entries are scanned without an index.
pub(crate) const SCAN: usize = 8;

/// Where a search stands.
pub(crate) struct Search {
    place: usize,
    perturb: usize,
}

/// What a search came to.
pub(crate) enum Found {
    /// The entry with the key.
    Entry(usize),
    /// No such key.
    Nothing,
    /// An entry whose key has the same hash and has to be compared by `==`.
    Compare(usize, Ref),
}

impl Table {
    pub fn new() -> Table {
        Table {
            entries: HVec::new_in(HeapAlloc),
            hashes: HVec::new_in(HeapAlloc),
            index: HVec::new_in(HeapAlloc),
            mask: 0,
            width: 1,
            general: false,
            moves: 0,
            stamp: 0,
            first: Cell::new(0),
        }
    }

    /// The first entry in use from a place on.
    #[inline]
    pub fn next_used(&self, from: usize) -> Option<(usize, &Entry)> {
        let start = from.max(self.first.get());
        let rest = self.entries.get(start..)?;
        let skipped = rest.iter().position(|e| e.key.is_some())?;
        let place = start + skipped;
        if from <= self.first.get() {
            self.first.set(place);
        }
        Some((place, &rest[skipped]))
    }

    #[inline]
    fn slot(&self, place: usize) -> usize {
        debug_assert!(place <= self.mask);
        let start = self.index.as_ptr();
        // SAFETY: there is an index, it has `(mask + 1) * width` bytes, and `place` does not exceed the mask.
        unsafe {
            match self.width {
                1 => usize::from(*start.add(place)),
                2 => usize::from(start.add(place * 2).cast::<u16>().read_unaligned()),
                _ => start.add(place * 4).cast::<u32>().read_unaligned() as usize,
            }
        }
    }

    #[inline]
    fn set_slot(&mut self, place: usize, value: usize) {
        debug_assert!(place <= self.mask);
        let start = self.index.as_mut_ptr();
        // SAFETY: as in `slot`; the width was chosen so that every entry's number fits.
        unsafe {
            match self.width {
                1 => *start.add(place) = value as u8,
                2 => start
                    .add(place * 2)
                    .cast::<u16>()
                    .write_unaligned(value as u16),
                _ => start
                    .add(place * 4)
                    .cast::<u32>()
                    .write_unaligned(value as u32),
            }
        }
    }

    /// Takes the stamps that come after those of the table in whose place this one is put.
    pub fn succeed(&mut self, old: &Table) {
        self.stamp = old.stamp.wrapping_add(1);
        self.moves = old.moves.wrapping_add(1);
    }

    /// A copy of the table as it is, or nothing where there is no memory.
    pub fn copy(&self) -> Option<Table> {
        let mut copy = Table::new();
        copy.entries
            .try_reserve_exact(self.entries.capacity())
            .ok()?;
        copy.hashes.try_reserve_exact(self.hashes.capacity()).ok()?;
        copy.index.try_reserve_exact(self.index.len()).ok()?;
        let entries = self.entries.iter().map(|e| Entry {
            key: e.key.clone(),
            value: e.value.clone(),
        });
        fill(&mut copy.entries, entries);
        fill(&mut copy.hashes, self.hashes.iter().copied());
        fill(&mut copy.index, self.index.iter().copied());
        copy.mask = self.mask;
        copy.width = self.width;
        copy.general = self.general;
        Some(copy)
    }

    /// The hash of an entry in use.
    #[inline]
    pub fn hash_at(&self, i: usize) -> i64 {
        if self.general {
            return self.hashes.get(i).copied().unwrap_or(0);
        }
        let key = self.entries.get(i).and_then(|e| e.key.as_ref());
        key.and_then(|k| k.downcast_exact::<Str>())
            .map_or(0, Str::known_hash)
    }

    /// The number of the entry with this exact string as key, where all keys are exact strings.
    #[inline]
    pub fn find_str(&self, key: &Str, hash: i64) -> Option<usize> {
        if self.general {
            return self.find_str_general(key, hash);
        }
        if self.index.is_empty() {
            // Most lookups are of interned names: identity first.
            return self
                .entries
                .iter()
                .position(|e| e.key.as_ref().is_some_and(|k| k.is(key)))
                .or_else(|| {
                    self.entries
                        .iter()
                        .position(|e| e.key.as_ref().is_some_and(|k| same_str(k, key, hash)))
                });
        }
        let (mut place, mut perturb) = (hash as usize & self.mask, hash as usize);
        loop {
            match self.slot(place) {
                FREE => return None,
                DELETED => {}
                n => {
                    if let Some(k) = self.entries.get(n - 2).and_then(|e| e.key.as_ref())
                        && (k.is(key) || same_str(k, key, hash))
                    {
                        return Some(n - 2);
                    }
                }
            }
            perturb >>= 5;
            place = place.wrapping_mul(5).wrapping_add(perturb).wrapping_add(1) & self.mask;
        }
    }

    /// As [`Table::find_str`], among keys of any type; only exact strings count.
    fn find_str_general(&self, key: &Str, hash: i64) -> Option<usize> {
        let mut search = self.start(hash);
        loop {
            match self.search(&mut search, key, hash) {
                Found::Entry(i) => return Some(i),
                Found::Nothing => return None,
                Found::Compare(..) => {}
            }
        }
    }

    /// The beginning of a search; good for the table as it is now.
    #[inline]
    pub fn start(&self, hash: i64) -> Search {
        Search {
            place: if self.index.is_empty() {
                0
            } else {
                hash as usize
            },
            perturb: hash as usize,
        }
    }

    /// Goes on with a search for a key of any type.
    #[inline]
    pub fn search(&self, search: &mut Search, key: &Object, hash: i64) -> Found {
        if self.index.is_empty() {
            while search.place < self.entries.len() {
                let i = search.place;
                search.place += 1;
                if self.hash_at(i) == hash
                    && let Some(found) = self.check(i, key)
                {
                    return found;
                }
            }
            return Found::Nothing;
        }
        loop {
            let place = search.place & self.mask;
            let n = self.slot(place);
            search.perturb >>= 5;
            search.place = place
                .wrapping_mul(5)
                .wrapping_add(search.perturb)
                .wrapping_add(1)
                & self.mask;
            match n {
                FREE => return Found::Nothing,
                DELETED => {}
                n => {
                    if self.hash_at(n - 2) == hash
                        && let Some(found) = self.check(n - 2, key)
                    {
                        return found;
                    }
                }
            }
        }
    }

    /// Compares the key of an entry with the same hash, as far as that goes without Python code.
    #[inline]
    fn check(&self, i: usize, key: &Object) -> Option<Found> {
        let other = self.entries.get(i)?.key.as_ref()?;
        if other.is(key) {
            return Some(Found::Entry(i));
        }
        if let (Some(a), Some(b)) = (other.downcast_exact::<Str>(), key.downcast_exact::<Str>()) {
            return a.eq_str(b).then_some(Found::Entry(i));
        }
        if let (Some(a), Some(b)) = (other.downcast_exact::<Int>(), key.downcast_exact::<Int>())
            && let (Some(a), Some(b)) = (a.as_i64(), b.as_i64())
        {
            return (a == b).then_some(Found::Entry(i));
        }
        Some(Found::Compare(i, other.clone()))
    }

    /// Enters an entry into the index.
    fn enter_index(&mut self, hash: i64, entry: usize) {
        let (mut place, mut perturb) = (hash as usize & self.mask, hash as usize);
        while self.slot(place) > DELETED {
            perturb >>= 5;
            place = place.wrapping_mul(5).wrapping_add(perturb).wrapping_add(1) & self.mask;
        }
        self.set_slot(place, entry + 2);
    }

    /// Whether the next entry has a place already.
    #[inline]
    fn has_room(&self) -> bool {
        let n = self.entries.len();
        n < self.entries.capacity()
            && if self.index.is_empty() {
                n < SCAN
            } else {
                (n + 1) * 3 <= (self.mask + 1) * 2
            }
    }

    /// Squeezes deleted entries out.
    fn squeeze(&mut self) {
        if self.general {
            let entries = &self.entries;
            let mut i = 0;
            self.hashes.retain(|_| {
                i += 1;
                entries[i - 1].key.is_some()
            });
        }
        self.entries.retain(|e| e.key.is_some());
        self.first.set(0);
    }

    /// Makes room for `want` entries in all, without deleted ones. False where there is no memory.
    fn rebuild(&mut self, want: usize) -> bool {
        self.stamp = self.stamp.wrapping_add(1);
        self.moves = self.moves.wrapping_add(1);
        let first = self.entries.capacity() == 0 && self.index.capacity() == 0;
        if !first {
            self.squeeze();
        }
        let n = self.entries.len();
        let (places, room) = if want <= SCAN {
            (
                0,
                if want <= 2 {
                    2
                } else if want <= 5 {
                    5
                } else {
                    SCAN
                },
            )
        } else {
            // Places are used up to two thirds, as CPython does.
            let places = (want * 3).div_ceil(2).next_power_of_two().max(16);
            (places, places * 2 / 3)
        };
        if room > n && self.entries.try_reserve_exact(room - n).is_err() {
            return false;
        }
        if self.general && room > n && self.hashes.try_reserve_exact(room - n).is_err() {
            return false;
        }
        if !first {
            if self.entries.capacity() > room * 2 {
                self.entries.shrink_to(room);
                self.hashes.shrink_to(room);
            }
            self.index = HVec::new_in(HeapAlloc);
        }
        if places == 0 {
            return true;
        }
        self.width = if places <= 0x100 {
            1
        } else if places <= 0x1_0000 {
            2
        } else {
            4
        };
        let bytes = places * usize::from(self.width);
        if self.index.try_reserve_exact(bytes).is_err() {
            return false;
        }
        self.index.resize(bytes, 0);
        self.mask = places - 1;
        for i in 0..n {
            self.enter_index(self.hash_at(i), i);
        }
        true
    }

    /// Keeps hashes from now on: a key that is no exact string is about to come.
    fn make_general(&mut self) -> bool {
        let n = self.entries.len();
        if self
            .hashes
            .try_reserve_exact(self.entries.capacity())
            .is_err()
        {
            return false;
        }
        for i in 0..n {
            let hash = self.hash_at(i);
            self.hashes.push(hash);
        }
        self.general = true;
        true
    }

    /// Adds an entry whose key is not there. Gives key and value back where there is no memory.
    #[inline]
    pub fn insert(
        &mut self,
        hash: i64,
        key: Ref,
        value: Ref,
        used: usize,
    ) -> Result<(), (Ref, Ref)> {
        if !self.general && !key.is_exact::<Str>() && !self.make_general() {
            return Err((key, value));
        }
        if !self.has_room() {
            let want = if used < SCAN {
                used + 1
            } else if used < 10 {
                10
            } else {
                used * 2
            };
            if !self.rebuild(want) {
                return Err((key, value));
            }
        }
        let entry = self.entries.len();
        if self.general {
            self.hashes.push(hash);
        }
        self.entries.push(Entry {
            key: Some(key),
            value: Some(value),
        });
        if !self.index.is_empty() {
            self.enter_index(hash, entry);
        }
        self.stamp = self.stamp.wrapping_add(1);
        Ok(())
    }

    /// Takes an entry out; its place stays empty.
    pub fn remove(&mut self, entry: usize) -> (Option<Ref>, Option<Ref>) {
        if entry >= self.entries.len() {
            return (None, None);
        }
        if !self.index.is_empty() && self.entries[entry].key.is_some() {
            let hash = self.hash_at(entry);
            let (mut place, mut perturb) = (hash as usize & self.mask, hash as usize);
            loop {
                match self.slot(place) {
                    FREE => break,
                    n if n == entry + 2 => {
                        self.set_slot(place, DELETED);
                        break;
                    }
                    _ => {}
                }
                perturb >>= 5;
                place = place.wrapping_mul(5).wrapping_add(perturb).wrapping_add(1) & self.mask;
            }
        }
        let e = &mut self.entries[entry];
        (e.key.take(), e.value.take())
    }

    /// Forgets the deleted entries from a place to the end.
    pub fn truncate(&mut self, place: usize) {
        self.entries.truncate(place);
        self.first.set(self.first.get().min(place));
        if self.general {
            self.hashes.truncate(place);
        }
    }

    /// Makes room for `more` entries beside the `used` ones; not getting it is no failure.
    pub fn reserve(&mut self, used: usize, more: usize) {
        if self.entries.len() + more > self.entries.capacity() {
            self.rebuild(used + more);
        }
    }

    /// Bytes of entries, hashes and index.
    pub fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
            + self.hashes.capacity() * size_of::<i64>()
            + self.index.capacity()
    }

    /// The value of an entry, for the eval loop's caches.
    #[inline]
    pub fn value_at(&self, i: usize) -> Option<&Ref> {
        self.entries.get(i).and_then(|e| e.value.as_ref())
    }
}

/// Whether a key is an exact string equal to `key`, whose hash is given.
#[inline]
fn same_str(other: &Object, key: &Str, hash: i64) -> bool {
    other
        .downcast_exact::<Str>()
        .is_some_and(|other| other.known_hash() == hash && other.eq_str(key))
}
