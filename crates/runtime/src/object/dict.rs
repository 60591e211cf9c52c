//! Layout of dict: entries in insertion order, with an index over them once there are more than eight.
//!
//! **Invariants.** Without an index, a lookup scans the entries. With one, each entry in use has exactly one index place
//! on the probe sequence of its hash. A key comparison may run Python code, which may change the dict: the lookup then
//! starts again (`stamp` tells).

use std::cell::Cell;

use viv_heap::{Flags, HVec, Heap, HeapAlloc, Object, Ref, object_layout};

use super::slot::Inner;
use super::{Str, Type, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// A `dict`.
#[repr(C)]
pub struct Dict {
    /// The header.
    pub head: Object,
    /// Changes with every change of the set of keys or of their places; 0 where nobody has asked for it since.
    version: Cell<u32>,
    /// Number of entries in use.
    used: Cell<u32>,
    pub(crate) table: Inner<Table>,
}
object_layout!(Dict = kinds::DICT, traverse |this, visit| {
    this.table.read(|t| for e in &t.entries {
        if let Some(key) = &e.key { visit.visit(key); }
        if let Some(value) = &e.value { visit.visit(value); }
    });
}, clear |this| {
    this.clear();
});

/// Some key is not an exact `str`.
const GENERAL: u32 = 1 << Flags::KIND_BITS_SHIFT;

pub(crate) struct Entry {
    pub hash: i64,
    pub key: Option<Ref>,
    pub value: Option<Ref>,
}

/// The entries and their index. An index place holds the entry's number plus two, 0 for free, 1 for deleted.
pub(crate) struct Table {
    pub entries: HVec<Entry>,
    index: HVec<u32>,
    stamp: u32,
}

const FREE: u32 = 0;
const DELETED: u32 = 1;
/// Up to this many entries are scanned without an index.
const SCAN: usize = 8;

impl Table {
    fn new() -> Table {
        Table { entries: HVec::new_in(HeapAlloc), index: HVec::new_in(HeapAlloc), stamp: 0 }
    }

    /// The probe sequence of a hash: places in an index of a power of two.
    #[inline]
    fn probe(hash: i64, mask: usize) -> impl Iterator<Item = usize> {
        let mut perturb = hash as usize;
        let mut place = perturb & mask;
        let mut first = true;
        std::iter::from_fn(move || {
            if !std::mem::take(&mut first) {
                perturb >>= 5;
                place = (place.wrapping_mul(5).wrapping_add(perturb).wrapping_add(1)) & mask;
            }
            Some(place)
        })
    }

    /// The number of the entry with this exact string as key.
    #[inline]
    fn find_str(&self, key: &Str, hash: i64) -> Option<usize> {
        let same = |e: &Entry| {
            e.hash == hash
                && e.key.as_ref().is_some_and(|k| {
                    k.is(key) || k.downcast_exact::<Str>().is_some_and(|k| k.eq_str(key))
                })
        };
        if self.index.is_empty() {
            // Most lookups are of interned names: identity first.
            return self
                .entries
                .iter()
                .position(|e| e.key.as_ref().is_some_and(|k| k.is(key)))
                .or_else(|| self.entries.iter().position(same));
        }
        for place in Table::probe(hash, self.index.len() - 1) {
            match self.index[place] {
                FREE => return None,
                DELETED => {}
                n => {
                    if same(&self.entries[n as usize - 2]) {
                        return Some(n as usize - 2);
                    }
                }
            }
        }
        None
    }

    /// The first entry, from the `skip`-th candidate on, whose hash is this one.
    fn candidate(&self, hash: i64, skip: usize) -> Option<usize> {
        let mut left = skip;
        let mut matches = |i: usize| {
            let e = &self.entries[i];
            if e.hash == hash && e.key.is_some() {
                if left == 0 {
                    return true;
                }
                left -= 1;
            }
            false
        };
        if self.index.is_empty() {
            return (0..self.entries.len()).find(|&i| matches(i));
        }
        for place in Table::probe(hash, self.index.len() - 1) {
            match self.index[place] {
                FREE => return None,
                DELETED => {}
                n if matches(n as usize - 2) => return Some(n as usize - 2),
                _ => {}
            }
        }
        None
    }

    fn enter_index(index: &mut [u32], hash: i64, entry: usize) {
        let mask = index.len() - 1;
        for place in Table::probe(hash, mask) {
            if index[place] <= DELETED {
                index[place] = entry as u32 + 2;
                return;
            }
        }
    }

    /// Makes room for one more entry: squeezes deleted entries out, grows. False where there is no memory.
    fn make_room(&mut self, used: usize) -> bool {
        let n = self.entries.len();
        let index_full = !self.index.is_empty() && (n + 1) * 3 > self.index.len() * 2;
        if n < self.entries.capacity() && !index_full && (n < SCAN || !self.index.is_empty()) {
            return true;
        }
        if used < n {
            self.entries.retain(|e| e.key.is_some());
        }
        let n = self.entries.len();
        if n == self.entries.capacity() {
            let more = if n < SCAN { 2 + n / 2 } else { n / 2 + 4 };
            if self.entries.try_reserve_exact(more).is_err() {
                return false;
            }
        }
        if n >= SCAN {
            let want = (n * 3).next_power_of_two().max(16);
            let mut index = HVec::new_in(HeapAlloc);
            if index.try_reserve_exact(want).is_err() {
                return false;
            }
            index.resize(want, FREE);
            for (i, e) in self.entries.iter().enumerate() {
                Table::enter_index(&mut index, e.hash, i);
            }
            self.index = index;
        } else {
            self.index = HVec::new_in(HeapAlloc);
        }
        self.stamp = self.stamp.wrapping_add(1);
        true
    }

    fn remove(&mut self, entry: usize) -> (Option<Ref>, Option<Ref>) {
        self.stamp = self.stamp.wrapping_add(1);
        if !self.index.is_empty() {
            let hash = self.entries[entry].hash;
            let mask = self.index.len() - 1;
            for place in Table::probe(hash, mask) {
                if self.index[place] == entry as u32 + 2 {
                    self.index[place] = DELETED;
                    break;
                }
            }
        }
        let e = &mut self.entries[entry];
        (e.key.take(), e.value.take())
    }
}

/// The hash of a key.
///
/// # Errors
/// "cannot use 'list' as a dict key (unhashable type: 'list')"; whatever else `__hash__` raises.
#[inline]
pub(crate) fn hash_key(vm: &Vm, key: &Object) -> PyResult<i64> {
    protocol::hash(vm, key).map_err(|raised| unusable(vm, raised, key, "a dict key"))
}

/// Says of a TypeError of `hash` what the object was wanted for.
#[cold]
pub(crate) fn unusable(vm: &Vm, raised: crate::result::Raised, key: &Object, purpose: &str) -> crate::result::Raised {
    let exception = vm.take_raised(raised);
    if !Type::of(&exception).is(&vm.exceptions.TypeError) {
        return vm.restore(exception);
    }
    match protocol::str(vm, &exception) {
        Ok(text) => vm.type_error(format!("cannot use '{}' as {purpose} ({})", protocol::type_name(key), text.to_text())),
        Err(raised) => raised,
    }
}

impl Dict {
    /// An empty dict of type `ty`; tracked by the collector.
    pub fn place(vm: &Vm, ty: &Type) -> PyResult<Ref<Dict>> {
        let head = Object::new(ty.type_head_of());
        let dict = vm.place(Dict { head, version: Cell::new(0), used: Cell::new(0), table: Inner::new(Table::new()) })?;
        vm.heap.track(&dict);
        Ok(dict)
    }

    /// An empty dict made while the interpreter itself is being made.
    pub(crate) fn bootstrap(heap: &Heap, ty: &Type) -> Option<Ref<Dict>> {
        let head = Object::new(ty.type_head_of());
        let dict = heap.place(Dict { head, version: Cell::new(0), used: Cell::new(0), table: Inner::new(Table::new()) }).ok()?;
        heap.track(&dict);
        Some(dict)
    }

    /// Number of entries.
    #[inline]
    pub fn len(&self) -> usize {
        self.used.get() as usize
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether all keys are exact strings, so that a lookup of one runs no Python code.
    #[inline]
    pub fn has_only_str_keys(&self) -> bool {
        self.flags() & GENERAL == 0
    }

    /// The version of the set of keys: while it stays the same, an entry's number stays good. Never 0, unless there are
    /// no more versions to give.
    pub fn keys_version(&self, vm: &Vm) -> u32 {
        if self.version.get() == 0 {
            self.version.set(vm.next_version());
        }
        self.version.get()
    }

    /// The version as it is, 0 if nobody has asked since the last change.
    #[inline]
    pub(crate) fn raw_version(&self) -> u32 {
        self.version.get()
    }

    /// Number of entry places, used and deleted: the bound for [`Dict::entry`].
    pub fn entry_count(&self) -> usize {
        self.table.read(|t| t.entries.len())
    }

    /// Key and value in the entry place `i`, if it is in use.
    pub fn entry(&self, i: usize) -> Option<(Ref, Ref)> {
        self.table.read(|t| {
            let e = t.entries.get(i)?;
            Some((e.key.clone()?, e.value.clone()?))
        })
    }

    /// Key, value and hash of the entry place `i`, if it is in use.
    pub fn entry_with_hash(&self, i: usize) -> Option<(Ref, Ref, i64)> {
        self.table.read(|t| {
            let e = t.entries.get(i)?;
            Some((e.key.clone()?, e.value.clone()?, e.hash))
        })
    }

    /// The next entry in use from place `i` on: its place, key and value.
    pub fn next_entry(&self, i: usize) -> Option<(usize, Ref, Ref)> {
        self.table.read(|t| {
            let (place, e) = t.entries.iter().enumerate().skip(i).find(|(_, e)| e.key.is_some())?;
            Some((place, e.key.clone()?, e.value.clone()?))
        })
    }

    /// The last entry in use below place `i`: its place, key and value.
    pub fn previous_entry(&self, i: usize) -> Option<(usize, Ref, Ref)> {
        self.table.read(|t| {
            let (place, e) = t.entries.iter().enumerate().take(i).rfind(|(_, e)| e.key.is_some())?;
            Some((place, e.key.clone()?, e.value.clone()?))
        })
    }

    /// The value of a key; enters `default` where there is none.
    pub fn set_default(&self, vm: &Vm, key: &Object, default: Ref) -> PyResult {
        let hash = hash_key(vm, key)?;
        if let Some(i) = self.find(vm, key, hash)?
            && let Some(value) = self.table.read(|t| t.entries[i].value.clone())
        {
            return Ok(value);
        }
        self.insert_new(vm, key, hash, default.clone())?;
        Ok(default)
    }

    /// Handles of all entries as they are now.
    pub fn snapshot(&self) -> Vec<(Ref, Ref)> {
        self.table.read(|t| t.entries.iter().filter_map(|e| Some((e.key.clone()?, e.value.clone()?))).collect())
    }

    /// The entry place of an exact string key.
    #[inline]
    pub(crate) fn find_str_entry(&self, vm: &Vm, key: &Str) -> Option<usize> {
        let hash = key.hash_value(vm);
        self.table.read(|t| t.find_str(key, hash))
    }

    /// The value of a string key, where no key of the dict is anything but an exact string; other dicts are searched
    /// for exact strings only.
    #[inline]
    pub fn get_str(&self, vm: &Vm, key: &Str) -> Option<Ref> {
        let hash = key.hash_value(vm);
        self.table.read(|t| t.find_str(key, hash).and_then(|i| t.entries[i].value.clone()))
    }

    /// The value of a key given as text.
    pub fn get_text(&self, vm: &Vm, key: &str) -> PyResult<Option<Ref>> {
        let key = vm.intern(key)?;
        Ok(self.get_str(vm, &key))
    }

    fn find(&self, vm: &Vm, key: &Object, hash: i64) -> PyResult<Option<usize>> {
        if let Some(key) = key.downcast_exact::<Str>()
            && self.has_only_str_keys()
        {
            return Ok(self.table.read(|t| t.find_str(key, hash)));
        }
        'again: loop {
            let mut skip = 0;
            loop {
                let found = self.table.read(|t| {
                    t.candidate(hash, skip).map(|i| (i, t.entries[i].key.clone(), t.stamp))
                });
                let Some((i, Some(other), stamp)) = found else { return Ok(None) };
                if other.is(key) {
                    return Ok(Some(i));
                }
                let equal = protocol::compare_eq(vm, &other, key)?;
                if self.table.read(|t| t.stamp) != stamp {
                    continue 'again;
                }
                if equal {
                    return Ok(Some(i));
                }
                skip += 1;
            }
        }
    }

    /// The value of a key.
    ///
    /// # Errors
    /// What the key's `__hash__` or an `__eq__` raises.
    pub fn get(&self, vm: &Vm, key: &Object) -> PyResult<Option<Ref>> {
        let hash = hash_key(vm, key)?;
        self.get_hashed(vm, key, hash)
    }

    /// The value of a key whose hash is known.
    pub fn get_hashed(&self, vm: &Vm, key: &Object, hash: i64) -> PyResult<Option<Ref>> {
        Ok(match self.find(vm, key, hash)? {
            Some(i) => self.table.read(|t| t.entries[i].value.clone()),
            None => None,
        })
    }

    /// Whether there is such a key.
    pub fn contains(&self, vm: &Vm, key: &Object) -> PyResult<bool> {
        let hash = hash_key(vm, key)?;
        Ok(self.find(vm, key, hash)?.is_some())
    }

    /// Sets the value of a key.
    ///
    /// # Errors
    /// As for [`Dict::get`], and MemoryError.
    pub fn set(&self, vm: &Vm, key: &Object, value: &Object) -> PyResult<()> {
        let hash = hash_key(vm, key)?;
        self.set_hashed(vm, key, hash, value.to_ref())
    }

    /// Sets the value of a key whose hash is known.
    pub fn set_hashed(&self, vm: &Vm, key: &Object, hash: i64, value: Ref) -> PyResult<()> {
        match self.find(vm, key, hash)? {
            Some(i) => {
                // The old value goes only after the new one is in place.
                drop(self.table.write(|t| t.entries[i].value.replace(value)));
                Ok(())
            }
            None => self.insert_new(vm, key, hash, value),
        }
    }

    /// Sets the value of a name.
    pub fn set_str(&self, vm: &Vm, key: &Str, value: &Object) -> PyResult<()> {
        self.set_hashed(vm, key, key.hash_value(vm), value.to_ref())
    }

    /// Sets the value of a key given as text.
    pub fn set_text(&self, vm: &Vm, key: &str, value: &Object) -> PyResult<()> {
        let key = vm.intern(key)?;
        self.set_str(vm, &key, value)
    }

    fn insert_new(&self, vm: &Vm, key: &Object, hash: i64, value: Ref) -> PyResult<()> {
        if !key.is_exact::<Str>() {
            self.set_flags(GENERAL);
        }
        let used = self.len();
        let key = key.to_ref();
        let left = self.table.write(|t| {
            if !t.make_room(used) {
                return Some((key, value));
            }
            let entry = t.entries.len();
            t.entries.push(Entry { hash, key: Some(key), value: Some(value) });
            if !t.index.is_empty() {
                Table::enter_index(&mut t.index, hash, entry);
            }
            t.stamp = t.stamp.wrapping_add(1);
            None
        });
        if left.is_some() {
            return Err(vm.no_memory());
        }
        self.version.set(0);
        self.used.set(used as u32 + 1);
        Ok(())
    }

    /// Takes a key and its value away; gives the value.
    pub fn remove(&self, vm: &Vm, key: &Object) -> PyResult<Option<Ref>> {
        let hash = hash_key(vm, key)?;
        self.remove_hashed(vm, key, hash)
    }

    /// Takes a key whose hash is known and its value away; gives the value.
    pub fn remove_hashed(&self, vm: &Vm, key: &Object, hash: i64) -> PyResult<Option<Ref>> {
        Ok(match self.find(vm, key, hash)? {
            Some(i) => self.remove_entry(i).map(|(_, value)| value),
            None => None,
        })
    }

    /// Takes the entry at place `i` away.
    pub fn remove_entry(&self, i: usize) -> Option<(Ref, Ref)> {
        let (key, value) = self.table.write(|t| if i < t.entries.len() { t.remove(i) } else { (None, None) });
        let pair = (key?, value?);
        self.version.set(0);
        self.used.set(self.used.get() - 1);
        Some(pair)
    }

    /// Takes the last entry away.
    pub fn pop_last(&self) -> Option<(Ref, Ref)> {
        let place = self.table.read(|t| t.entries.iter().rposition(|e| e.key.is_some()))?;
        let pair = self.remove_entry(place);
        // Deleted places at the end are not needed: nothing in the index points to them any more.
        self.table.write(|t| t.entries.truncate(place));
        pair
    }

    /// Takes all entries away.
    pub fn clear(&self) {
        let old = self.table.write(|t| {
            let stamp = t.stamp.wrapping_add(1);
            std::mem::replace(t, Table { stamp, ..Table::new() })
        });
        self.version.set(0);
        self.used.set(0);
        self.clear_flags(GENERAL);
        for entry in old.entries {
            drop(entry.key);
            drop(entry.value);
        }
    }

    /// Makes room for this many more entries.
    pub fn reserve(&self, more: usize) {
        // Not getting the room now is no failure: the insertion tries again and reports it.
        self.table.write(|t| if t.entries.len() + more <= SCAN { let _ = t.entries.try_reserve_exact(more); });
    }

    /// A shallow copy of type `ty` (`dict` itself).
    pub fn copy(&self, vm: &Vm) -> PyResult<Ref<Dict>> {
        let copy = vm.new_dict()?;
        copy.reserve(self.len());
        for i in 0..self.entry_count() {
            if let Some((key, value, hash)) = self.entry_with_hash(i) {
                copy.insert_new(vm, &key, hash, value)?;
            }
        }
        Ok(copy)
    }

    /// Bytes that the table takes besides the object itself.
    pub fn table_bytes(&self) -> usize {
        self.table.read(|t| t.entries.capacity() * size_of::<Entry>() + t.index.capacity() * size_of::<u32>())
    }
}

impl Table {
    /// The value place of an entry, for the eval loop's caches.
    #[inline]
    pub(crate) fn value_at(&self, i: usize) -> Option<&Ref> {
        self.entries.get(i).and_then(|e| e.value.as_ref())
    }
}
