//! Layout of dict; its entries are in the `Table` of `object/dict_table.rs`.
//!
//! **Invariant.** A key comparison may run Python code, which may change the dict: the lookup then starts again.

use std::cell::Cell;

use viv_heap::{Flags, Heap, Object, Ref, object_layout};

use super::dict_table::{Entry, Found, Table};
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
object_layout!(
    Dict = kinds::DICT,
    traverse | this,
    visit | {
        // Keys that are all exact strings own nothing.
        let keys = visit.sees_leaves() || !this.has_only_str_keys();
        this.table.read(|t| {
            for e in &t.entries {
                if keys && let Some(key) = &e.key {
                    visit.visit(key);
                }
                if let Some(value) = &e.value {
                    visit.visit(value);
                }
            }
        });
    },
    clear | this | {
        this.clear();
    }
);

/// Some key is not an exact `str`.
const GENERAL: u32 = 1 << Flags::KIND_BITS_SHIFT;

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
pub(crate) fn unusable(
    vm: &Vm,
    raised: crate::result::Raised,
    key: &Object,
    purpose: &str,
) -> crate::result::Raised {
    let exception = vm.take_raised(raised);
    if !Type::of(&exception).is(&vm.exceptions.TypeError) {
        return vm.restore(exception);
    }
    match protocol::str(vm, &exception) {
        Ok(text) => vm.type_error(format!(
            "cannot use '{}' as {purpose} ({})",
            protocol::type_name(key),
            text.to_text()
        )),
        Err(raised) => raised,
    }
}

impl Dict {
    /// An empty dict of type `ty`; tracked by the collector.
    pub fn place(vm: &Vm, ty: &Type) -> PyResult<Ref<Dict>> {
        let dict = Dict {
            head: Object::new(ty.type_head_of()),
            version: Cell::new(0),
            used: Cell::new(0),
            table: Inner::new(Table::new()),
        };
        let placed = if ty.is(&vm.types.dict) {
            // SAFETY: the type is the builtin one of this layout; there is no tail.
            unsafe { vm.heap.place_gc_tail::<Dict, 0>(dict) }
        } else {
            vm.heap.place(dict)
        };
        let dict = placed.map_err(|_| vm.no_memory())?;
        vm.heap.track(&dict);
        Ok(dict)
    }

    /// An empty dict made while the interpreter itself is being made.
    pub(crate) fn bootstrap(heap: &Heap, ty: &Type) -> Option<Ref<Dict>> {
        let head = Object::new(ty.type_head_of());
        let dict = heap
            .place(Dict {
                head,
                version: Cell::new(0),
                used: Cell::new(0),
                table: Inner::new(Table::new()),
            })
            .ok()?;
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
            Some((e.key.clone()?, e.value.clone()?, t.hash_at(i)))
        })
    }

    /// The next entry in use from place `i` on: its place, key and value.
    pub fn next_entry(&self, i: usize) -> Option<(usize, Ref, Ref)> {
        self.table.read(|t| {
            let (place, e) = t.next_used(i)?;
            Some((place, e.key.clone()?, e.value.clone()?))
        })
    }

    /// The last entry in use below place `i`: its place, key and value.
    pub fn previous_entry(&self, i: usize) -> Option<(usize, Ref, Ref)> {
        self.table.read(|t| {
            let (place, e) = t
                .entries
                .iter()
                .enumerate()
                .take(i)
                .rfind(|(_, e)| e.key.is_some())?;
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
        self.table.read(|t| {
            t.entries
                .iter()
                .filter_map(|e| Some((e.key.clone()?, e.value.clone()?)))
                .collect()
        })
    }

    /// Shows all keys, in their order. Nothing that is done with them may run Python code.
    pub(crate) fn for_each_key(&self, mut show: impl FnMut(&Object)) {
        self.table.read(|t| {
            let used = t.entries.iter().filter(|e| e.value.is_some());
            used.filter_map(|e| e.key.as_deref()).for_each(&mut show);
        });
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
        self.table.read(|t| {
            t.find_str(key, hash)
                .and_then(|i| t.entries[i].value.clone())
        })
    }

    /// The value of a key given as text.
    pub fn get_text(&self, vm: &Vm, key: &str) -> PyResult<Option<Ref>> {
        let key = vm.intern(key)?;
        Ok(self.get_str(vm, &key))
    }

    fn find(&self, vm: &Vm, key: &Object, hash: i64) -> PyResult<Option<usize>> {
        if self.is_empty() {
            return Ok(None);
        }
        if let Some(key) = key.downcast_exact::<Str>()
            && self.has_only_str_keys()
        {
            return Ok(self.table.read(|t| t.find_str(key, hash)));
        }
        'again: loop {
            let (mut search, stamp) = self.table.read(|t| (t.start(hash), t.stamp));
            loop {
                match self.table.read(|t| t.search(&mut search, key, hash)) {
                    Found::Entry(i) => return Ok(Some(i)),
                    Found::Nothing => return Ok(None),
                    Found::Compare(i, other) => {
                        let equal = protocol::compare_eq(vm, &other, key)?;
                        let (same, still) = self.table.read(|t| {
                            let key = t.entries.get(i).and_then(|e| e.key.as_ref());
                            (t.stamp == stamp, key.is_some_and(|k| k.is(&other)))
                        });
                        // What has been found is good while it stands where it stood, whatever else has changed.
                        if equal && still {
                            return Ok(Some(i));
                        }
                        if !same || !still {
                            continue 'again;
                        }
                    }
                }
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

    /// As [`Dict::set_hashed`]; gives the place of the entry, and the value that it had before.
    pub fn enter(
        &self,
        vm: &Vm,
        key: &Object,
        hash: i64,
        value: Ref,
    ) -> PyResult<(usize, Option<Ref>)> {
        if let Some(i) = self.find(vm, key, hash)? {
            return Ok((i, self.table.write(|t| t.entries[i].value.replace(value))));
        }
        self.insert_new(vm, key, hash, value)?;
        Ok((self.entry_count() - 1, None))
    }

    /// The place of the entry of a key whose hash is known.
    pub fn place_of(&self, vm: &Vm, key: &Object, hash: i64) -> PyResult<Option<usize>> {
        self.find(vm, key, hash)
    }

    /// Changes whenever entries may have got other places, by being brought together or by leaving the dict all at once. They
    /// keep their order then.
    #[inline]
    pub fn moves(&self) -> u16 {
        self.table.read(|t| t.moves)
    }

    /// Shows the places in use and their keys, in their order. Nothing that is done with them may run Python code.
    pub fn for_each_place(&self, mut show: impl FnMut(usize, &Object)) {
        self.table.read(|t| {
            for (place, entry) in t.entries.iter().enumerate() {
                if let Some(key) = &entry.key {
                    show(place, key);
                }
            }
        });
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
        let left = self.table.write(|t| t.insert(hash, key, value, used));
        if let Err(left) = left {
            drop(left);
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
        let (key, value) = self.table.write(|t| t.remove(i));
        let pair = (key?, value?);
        self.version.set(0);
        self.used.set(self.used.get() - 1);
        Some(pair)
    }

    /// Takes the last entry away.
    pub fn pop_last(&self) -> Option<(Ref, Ref)> {
        let place = self
            .table
            .read(|t| t.entries.iter().rposition(|e| e.key.is_some()))?;
        let pair = self.remove_entry(place);
        // Deleted places at the end are not needed: nothing in the index points to them any more.
        self.table.write(|t| t.truncate(place));
        pair
    }

    /// Takes all entries away.
    pub fn clear(&self) {
        let old = self.table.write(|t| {
            let mut new = Table::new();
            new.succeed(t);
            std::mem::replace(t, new)
        });
        self.version.set(0);
        self.used.set(0);
        self.clear_flags(GENERAL);
        for Entry { key, value } in old.entries {
            drop(key);
            drop(value);
        }
    }

    /// Makes room for this many more entries.
    pub fn reserve(&self, more: usize) {
        let used = self.len();
        self.table.write(|t| t.reserve(used, more));
    }

    /// A shallow copy of type `ty` (`dict` itself).
    pub fn copy(&self, vm: &Vm) -> PyResult<Ref<Dict>> {
        let copy = vm.new_dict()?;
        // A third of the places may be empty, as on CPython.
        if self.len() >= self.entry_count() * 2 / 3 {
            copy.take_copy(vm, self)?;
            return Ok(copy);
        }
        copy.reserve(self.len());
        for i in 0..self.entry_count() {
            if let Some((key, value, hash)) = self.entry_with_hash(i) {
                copy.insert_new(vm, &key, hash, value)?;
            }
        }
        Ok(copy)
    }

    /// Makes an empty dict, of which nobody has taken a place, a copy of another one with all its places.
    fn take_copy(&self, vm: &Vm, other: &Dict) -> PyResult<()> {
        let Some(mut table) = other.table.read(Table::copy) else {
            return Err(vm.no_memory());
        };
        let old = self.table.write(|t| {
            table.succeed(t);
            std::mem::replace(t, table)
        });
        self.version.set(0);
        self.used.set(other.used.get());
        self.set_flags(other.flags() & GENERAL);
        drop(old);
        Ok(())
    }

    /// Makes room for the entries of another dict; an empty one becomes its copy, where that has no empty places: whether
    /// it did.
    pub(crate) fn take_or_reserve(&self, vm: &Vm, other: &Dict) -> PyResult<bool> {
        if self.is_empty() && !other.is_empty() && other.entry_count() == other.len() {
            self.take_copy(vm, other)?;
            return Ok(true);
        }
        if self.table.read(|t| t.entries.capacity()) < other.len() {
            self.reserve(other.len());
        }
        Ok(false)
    }

    /// Bytes that the table takes besides the object itself.
    pub fn table_bytes(&self) -> usize {
        self.table.read(Table::bytes)
    }
}
