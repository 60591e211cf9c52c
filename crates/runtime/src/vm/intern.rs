//! Interned strings: one object for each value, found by its text.

use hashbrown::HashTable;
use viv_heap::Ref;

use super::Vm;
use crate::object::Str;
use crate::result::PyResult;

/// How many strings there is room for at first: somewhat more than an interpreter interns before it runs a script.
const CAPACITY: usize = 3500;

/// The interned strings; those with lone surrogates are never interned.
///
/// The table owns its strings: they are immortal, as identifiers of code objects are on CPython. They are found by the
/// hash that they need anyway as keys of dicts.
pub struct InternTable {
    table: HashTable<Ref<Str>>,
}

impl Default for InternTable {
    fn default() -> InternTable {
        InternTable {
            table: HashTable::with_capacity(CAPACITY),
        }
    }
}

impl InternTable {
    /// Enters a string whose text is not there yet.
    fn enter(&mut self, string: &Ref<Str>, hash: i64) {
        string.mark_interned();
        string.make_immortal();
        self.table
            .insert_unique(hash as u64, string.clone(), |s| s.known_hash() as u64);
    }

    /// The string with this hash for which `same` holds.
    fn find(&self, hash: i64, same: impl Fn(&Str) -> bool) -> Option<Ref<Str>> {
        let found = self.table.find(hash as u64, |s| same(s));
        found.cloned()
    }

    /// Number of strings.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }
}

impl Vm {
    /// Enters a string that was made while the interpreter itself was being made.
    pub(crate) fn intern_first(&self, string: &Ref<Str>) {
        let hash = string.hash_value(self);
        self.interned.borrow_mut().enter(string, hash);
    }

    /// The interned string of a text.
    ///
    /// # Errors
    /// MemoryError
    pub fn intern(&self, text: &str) -> PyResult<Ref<Str>> {
        if !text.is_ascii() {
            let made = self.new_str(text)?;
            return self.intern_str(&made);
        }
        let hash = self.hash_bytes(text.as_bytes());
        let known = self
            .interned
            .borrow()
            .find(hash, |s| s.as_ascii() == Some(text));
        if let Some(known) = known {
            return Ok(known);
        }
        let made = self.new_str(text)?;
        made.remember_hash(hash);
        self.interned.borrow_mut().enter(&made, hash);
        Ok(made)
    }

    /// The interned string equal to an exact string: that string itself, if there was none before.
    pub fn intern_str(&self, string: &Str) -> PyResult<Ref<Str>> {
        if string.is_interned() || string.to_utf8().is_none() {
            return Ok(Ref::of(string));
        }
        let hash = string.hash_value(self);
        let known = self.interned.borrow().find(hash, |s| s.eq_str(string));
        if let Some(known) = known {
            return Ok(known);
        }
        let own = Ref::of(string);
        self.interned.borrow_mut().enter(&own, hash);
        Ok(own)
    }
}
