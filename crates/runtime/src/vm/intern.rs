//! Interned strings: one object for each value, found by its text.

use std::collections::HashMap;

use viv_heap::Ref;

use super::Vm;
use crate::object::Str;
use crate::result::PyResult;

/// The interned strings by their text; those with lone surrogates are never interned.
///
/// The table owns its strings: they are immortal, as identifiers of code objects are on CPython.
#[derive(Default)]
pub struct InternTable {
    map: HashMap<Box<str>, Ref<Str>>,
}

impl InternTable {
    /// Enters a string that was made while the interpreter itself was being made.
    pub(crate) fn enter(&mut self, string: &Ref<Str>) {
        string.mark_interned();
        string.make_immortal();
        self.map.insert(string.to_text().into(), string.clone());
    }

    /// Number of strings.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }
}

impl Vm {
    /// The interned string of a text.
    ///
    /// # Errors
    /// MemoryError
    pub fn intern(&self, text: &str) -> PyResult<Ref<Str>> {
        if let Some(known) = self.interned.borrow().map.get(text) {
            return Ok(known.clone());
        }
        let made = self.new_str(text)?;
        self.interned.borrow_mut().enter(&made);
        Ok(made)
    }

    /// The interned string equal to an exact string: that string itself, if there was none before.
    pub fn intern_str(&self, string: &Str) -> PyResult<Ref<Str>> {
        if string.is_interned() {
            return Ok(Ref::of(string));
        }
        let Some(text) = string.to_utf8() else {
            return Ok(Ref::of(string));
        };
        if let Some(known) = self.interned.borrow().map.get(&*text) {
            return Ok(known.clone());
        }
        let own = Ref::of(string);
        self.interned.borrow_mut().enter(&own);
        Ok(own)
    }
}
