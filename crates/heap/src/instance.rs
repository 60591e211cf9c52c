//! What lies behind an object's struct: slots and inline values, and everything an object owns beside its payload.
//!
//! **Invariants.**
//! - Slots are the words from `slots_offset` to `basicsize`; inline values follow the fixed part. All of them are null or
//!   own a reference.
//! - The capacity for inline values is in the object's flags, because the number in the type may change.
//! - Types with a variable tail have neither.
//! - A word is emptied or overwritten before its old reference is dropped: dropping may run code that looks at it.

use std::cell::Cell;

use crate::handle::Ref;
use crate::layout::{TypeFlags, TypeInfo, Visitor};
use crate::object::{Flags, Object};

/// Size of a slot or an inline value in bytes.
pub const WORD: usize = 8;

impl TypeInfo {
    /// Size of an instance in bytes from its header, without inline values and variable tail.
    #[inline]
    pub fn fixed_size(&self) -> usize {
        (self.basicsize.get() as usize).max(self.layout.get().size)
    }

    /// Offsets of the slots: first, and end.
    #[inline]
    pub(crate) fn slot_range(&self) -> (usize, usize) {
        match self.slots_offset.get() as usize {
            0 => (0, 0),
            first => (first, (self.basicsize.get() as usize).max(first)),
        }
    }
}

/// The offsets of all slots, class by class from the most derived one.
struct SlotOffsets {
    class: *const TypeInfo,
    at: usize,
    end: usize,
    /// Where the slots of the whole object start.
    first: usize,
}

impl SlotOffsets {
    #[inline]
    fn of(info: &TypeInfo) -> SlotOffsets {
        let (first, end) = info.slot_range();
        let mut offsets = SlotOffsets {
            class: info,
            at: end,
            end,
            first,
        };
        if end > first {
            offsets.enter(info);
        }
        offsets
    }

    /// Goes to the slots of a class itself, those of its bases excepted.
    fn enter(&mut self, class: &TypeInfo) {
        // SAFETY: a type's base lives as long as the type.
        let base = unsafe { class.base.get().as_ref() };
        self.class = base.map_or(std::ptr::null(), |b| &raw const b.info);
        self.at = base.map_or(self.first, |b| {
            (b.info.basicsize.get() as usize).clamp(self.first, self.end)
        });
    }
}

impl Iterator for SlotOffsets {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.at >= self.end {
            // SAFETY: a type's base lives as long as the type.
            let class = unsafe { self.class.as_ref() }?;
            self.end = (class.basicsize.get() as usize).clamp(self.first, self.end);
            if self.end == self.first {
                return None;
            }
            self.enter(class);
        }
        let offset = self.at;
        self.at += WORD;
        Some(offset)
    }
}

impl Object {
    /// A word of the object that holds a reference.
    ///
    /// # Safety
    /// The offset is that of a slot or an inline value of this object.
    #[inline]
    pub unsafe fn word_unchecked(&self, offset: usize) -> &Cell<Option<Ref>> {
        // SAFETY: the caller's promise; the word lives as long as the object.
        unsafe {
            &*(self as *const Object)
                .cast::<u8>()
                .add(offset)
                .cast::<Cell<Option<Ref>>>()
        }
    }

    /// The slot at this offset (in bytes from the header), or nothing where the type has none there.
    #[inline]
    pub fn slot_cell(&self, offset: u32) -> Option<&Cell<Option<Ref>>> {
        let (first, end) = self.type_info().slot_range();
        let offset = offset as usize;
        if offset >= first && offset + WORD <= end && offset.is_multiple_of(WORD) {
            // SAFETY: inside the slots.
            Some(unsafe { self.word_unchecked(offset) })
        } else {
            None
        }
    }

    /// The value of a slot.
    pub fn slot(&self, offset: u32) -> Option<Ref> {
        self.slot_cell(offset).and_then(peek)
    }

    /// Sets (or empties) a slot; gives the old value, to be dropped by the caller.
    pub fn replace_slot(&self, offset: u32, value: Option<Ref>) -> Option<Ref> {
        self.slot_cell(offset)?.replace(value)
    }

    /// How many inline values the object has room for.
    #[inline]
    pub fn inline_capacity(&self) -> usize {
        if self.type_info().flags.get() & TypeFlags::INLINE_VALUES == 0 {
            return 0;
        }
        ((self.flags() & Flags::INLINE_CAPACITY) >> Flags::KIND_BITS_SHIFT) as usize
    }

    /// Bytes from the header to the end of the slots and inline values; a variable tail is not counted.
    pub fn own_size(&self) -> usize {
        self.type_info().fixed_size() + self.inline_capacity() * WORD
    }

    /// The words of the slots of an object whose type has such, if none of them is a base's: then their order is this.
    #[inline(always)]
    fn slots_of_one_class(&self, info: &TypeInfo) -> Option<&[Cell<Option<Ref>>]> {
        let (first, end) = info.slot_range();
        // SAFETY: a type's base lives as long as the type; the words from `first` to `end` are those of the slots.
        unsafe {
            let base = info.base.get().as_ref();
            if base.is_some_and(|b| b.info.basicsize.get() as usize > first) {
                return None;
            }
            let word = self.word_unchecked(first);
            Some(std::slice::from_raw_parts(word, (end - first) / WORD))
        }
    }

    /// The words of the inline values of an object whose type has such.
    #[inline(always)]
    fn inline_words(&self, info: &TypeInfo) -> &[Cell<Option<Ref>>] {
        let capacity = (self.flags() & Flags::INLINE_CAPACITY) >> Flags::KIND_BITS_SHIFT;
        // SAFETY: the block has as many words behind the fixed part, and lives as long as the object.
        unsafe {
            let first = self.word_unchecked(info.fixed_size());
            std::slice::from_raw_parts(first, capacity as usize)
        }
    }

    /// The word of an inline value, or nothing where there is no room for it.
    #[inline]
    pub fn inline_cell(&self, index: usize) -> Option<&Cell<Option<Ref>>> {
        if index < self.inline_capacity() {
            // SAFETY: inside the inline values.
            Some(unsafe { self.word_unchecked(self.type_info().fixed_size() + index * WORD) })
        } else {
            None
        }
    }

    /// An inline value.
    #[inline]
    pub fn inline_value(&self, index: usize) -> Option<Ref> {
        self.inline_cell(index).and_then(peek)
    }

    /// Sets (or empties) an inline value; gives the old one, to be dropped by the caller. Without room, `Err` gives the
    /// new value back.
    #[inline]
    pub fn replace_inline(
        &self,
        index: usize,
        value: Option<Ref>,
    ) -> Result<Option<Ref>, Option<Ref>> {
        match self.inline_cell(index) {
            Some(cell) => Ok(cell.replace(value)),
            None => Err(value),
        }
    }

    /// Says that the inline place `index` is about to be filled. False where a later place has been filled before: the
    /// order of the places would then no longer be that of the insertions, and the values must move to a `__dict__`.
    #[inline]
    pub fn claim_inline(&self, index: usize) -> bool {
        let flags = self.flags();
        if index < (flags >> Flags::INLINE_FILLED_SHIFT) as usize {
            return false;
        }
        self.clear_flags(!0 << Flags::INLINE_FILLED_SHIFT);
        self.set_flags((index as u32 + 1) << Flags::INLINE_FILLED_SHIFT);
        true
    }

    /// Shows every reference that the object owns: slots, inline values or `__dict__`, the type (of a class statement),
    /// and what the payload owns.
    #[inline]
    pub fn traverse(&self, visitor: &mut Visitor<'_>) {
        let info = self.type_info();
        let flags = info.flags.get();
        if info.slots_offset.get() != 0 {
            if let Some(words) = self.slots_of_one_class(info) {
                visitor.visit_words(words);
            } else {
                for offset in SlotOffsets::of(info) {
                    // SAFETY: inside the slots.
                    borrow(unsafe { self.word_unchecked(offset) }, visitor);
                }
            }
        }
        if flags & TypeFlags::INLINE_VALUES != 0 {
            visitor.visit_words(self.inline_words(info));
        }
        if let Some(dict) = self.managed().and_then(|m| m.dict()) {
            visitor.visit(dict);
        }
        if flags & TypeFlags::HEAP_TYPE != 0 {
            visitor.visit(self.type_object());
        }
        if let Some(traverse) = info.layout.get().traverse {
            traverse(self, visitor);
        }
    }

    /// Gives up slots, inline values and `__dict__`.
    pub(crate) fn clear_words(&self) {
        let info = self.type_info();
        if info.slots_offset.get() != 0 {
            if let Some(words) = self.slots_of_one_class(info) {
                for word in words {
                    drop(word.take());
                }
            } else {
                for offset in SlotOffsets::of(info) {
                    // SAFETY: inside the slots.
                    drop(unsafe { self.word_unchecked(offset) }.take());
                }
            }
        }
        if info.flags.get() & TypeFlags::INLINE_VALUES != 0 {
            for word in self.inline_words(info) {
                drop(word.take());
            }
        }
        if let Some(managed) = self.managed() {
            drop(managed.dict.take());
        }
    }

    /// Gives up everything that may be part of a cycle.
    pub(crate) fn clear(&self) {
        self.clear_words();
        (self.type_info().layout.get().clear)(self);
    }
}

/// A new handle of what a word holds.
#[inline]
pub fn peek(cell: &Cell<Option<Ref>>) -> Option<Ref> {
    // SAFETY: nothing changes the cell while its reference is cloned.
    unsafe { (*cell.as_ptr()).clone() }
}

#[inline]
fn borrow(cell: &Cell<Option<Ref>>, visitor: &mut Visitor<'_>) {
    // SAFETY: visitors do not run code that changes the cell.
    if let Some(object) = unsafe { &*cell.as_ptr() } {
        visitor.visit(object);
    }
}
