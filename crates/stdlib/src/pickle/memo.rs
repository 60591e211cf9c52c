//! What a pickler has written already: a hash table by the addresses of the objects, which it keeps alive.
//!
//! **Invariant.** An object of which nobody but one container has a reference cannot be met again before Python code has
//! run. Such *fresh* objects get their number, but a place in the table only when [`Memo::index_all`] is called, which must
//! happen before Python code runs.

use viv_runtime::{Object, Ref};

struct Entry {
    object: Ref,
    number: u32,
    indexed: bool,
}

/// The memo.
#[derive(Default)]
pub struct Memo {
    entries: Vec<Entry>,
    /// Places in `entries`, from 1; 0 is free. As long as a power of two, at least twice the number of indexed entries.
    table: Vec<u32>,
    /// How many entries have a place in the table.
    indexed: usize,
}

impl Memo {
    #[inline]
    fn start(address: usize) -> usize {
        let mixed = (address >> 4).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed >> 32
    }

    /// The entry of an object that has a place in the table.
    #[inline]
    fn position(&self, object: &Object) -> Option<usize> {
        let mask = self.table.len().checked_sub(1)?;
        let mut at = Self::start(object.address());
        loop {
            let i = (*self.table.get(at & mask)? as usize).checked_sub(1)?;
            if self.entries.get(i)?.object.is(object) {
                return Some(i);
            }
            at += 1;
        }
    }

    /// The number of an object that is known.
    #[inline]
    pub fn find(&self, object: &Object) -> Option<u32> {
        let i = self.position(object)?;
        self.entries.get(i).map(|entry| entry.number)
    }

    /// Adds an object under the next number, which it gives; a fresh one gets no place in the table yet.
    #[inline]
    pub fn add(&mut self, object: &Object, fresh: bool) -> u32 {
        let number = self.entries.len() as u32;
        if number == 0 {
            self.entries.reserve(24);
        }
        self.entries.push(Entry {
            object: object.to_ref(),
            number,
            indexed: false,
        });
        if !fresh {
            self.index(number as usize);
        }
        number
    }

    /// Sets the number of an object; gives the handle that is not needed where it was known.
    pub fn set(&mut self, object: Ref, number: u32) -> Option<Ref> {
        self.index_all();
        if let Some(i) = self.position(&object) {
            self.entries[i].number = number;
            return Some(object);
        }
        self.entries.push(Entry {
            object,
            number,
            indexed: false,
        });
        self.index(self.entries.len() - 1);
        None
    }

    /// Gives an entry its place in the table.
    fn index(&mut self, i: usize) {
        if (self.indexed + 1) * 2 > self.table.len() {
            let room = (self.table.len() * 4).max(64);
            self.table.clear();
            self.table.resize(room, 0);
            for i in 0..self.entries.len() {
                if self.entries[i].indexed {
                    self.occupy(i);
                }
            }
        }
        self.entries[i].indexed = true;
        self.indexed += 1;
        self.occupy(i);
    }

    fn occupy(&mut self, i: usize) {
        let mask = self.table.len() - 1;
        let mut at = Self::start(self.entries[i].object.address()) & mask;
        while self.table[at] != 0 {
            at = (at + 1) & mask;
        }
        self.table[at] = i as u32 + 1;
    }

    /// Gives all entries their places in the table.
    pub fn index_all(&mut self) {
        if self.indexed == self.entries.len() {
            return;
        }
        for i in 0..self.entries.len() {
            if !self.entries[i].indexed {
                self.index(i);
            }
        }
    }

    /// Handles of all objects with their numbers, oldest first.
    pub fn snapshot(&self) -> Vec<(Ref, u32)> {
        let pair = |entry: &Entry| (entry.object.clone(), entry.number);
        self.entries.iter().map(pair).collect()
    }

    /// The objects, for traversal.
    pub fn objects(&self) -> impl Iterator<Item = &Ref> {
        self.entries.iter().map(|entry| &entry.object)
    }

    /// Bytes that the memo takes.
    pub fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>() + self.table.capacity() * size_of::<u32>()
    }
}
