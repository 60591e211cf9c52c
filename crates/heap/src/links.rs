//! The collector's lists: the prefix that links tracked objects.
//!
//! **Invariants.**
//! - The links of an object lie 16 bytes before its header.
//! - Outside a collection, `next` is null exactly for untracked objects, and both links hold plain addresses.
//! - During a collection `prev` of an object in the generation at work holds its trial count above two flag bits, and
//!   `next` of an unreachable one has its lowest bit set; the trial deletion mends both before any other code runs. Garbage
//!   keeps the flag [`COLLECTING`] in `prev` until it is gone or saved.
//! - An untracked object that waits for its release is linked through `prev` alone.

use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::object::Object;

/// Flag in `prev`: the object is in the generation that is being collected, or garbage of it.
pub(crate) const COLLECTING: usize = 1;
/// The bits of `prev` beside the address.
pub(crate) const FLAGS: usize = 3;

/// A link of a doubly linked ring; also the head of one.
#[repr(C, align(16))]
pub(crate) struct Links {
    pub next: Cell<*mut Links>,
    pub prev: Cell<*mut Links>,
}

impl Links {
    /// The links of an object that nobody tracks.
    #[inline]
    pub const fn untracked() -> Links {
        Links {
            next: Cell::new(ptr::null_mut()),
            prev: Cell::new(ptr::null_mut()),
        }
    }

    /// The links of an object that has a collector prefix.
    #[inline]
    pub fn of(object: &Object) -> &Links {
        debug_assert!(object.has_links());
        // SAFETY: the object's block has the prefix (its flags say so).
        unsafe {
            &*NonNull::from(object)
                .as_ptr()
                .cast::<u8>()
                .sub(16)
                .cast::<Links>()
        }
    }

    /// The object of these links.
    ///
    /// # Safety
    /// They are the prefix of an object, no ring's head.
    #[inline]
    pub unsafe fn object<'a>(this: *mut Links) -> &'a Object {
        // SAFETY: the caller's promise.
        unsafe { &*this.cast::<u8>().add(16).cast::<Object>() }
    }

    #[inline]
    pub fn ptr(&self) -> *mut Links {
        (self as *const Links).cast_mut()
    }

    /// Makes this the head of an empty ring.
    pub fn reset(&self) {
        self.next.set(self.ptr());
        self.prev.set(self.ptr());
    }

    /// Whether the ring of this head is empty.
    #[inline]
    pub fn is_empty(&self) -> bool {
        ptr::eq(self.next.get(), self)
    }

    #[inline]
    pub fn is_tracked(&self) -> bool {
        !self.next.get().is_null()
    }

    /// The neighbour before, without flags.
    #[inline]
    pub fn before(&self) -> *mut Links {
        self.prev.get().map_addr(|a| a & !FLAGS)
    }

    /// Sets the neighbour before, and keeps the flags.
    #[inline]
    pub fn set_before(&self, prev: *mut Links) {
        let flags = self.prev.get().addr() & FLAGS;
        self.prev.set(prev.map_addr(|a| a | flags));
    }

    /// Whether the object is in the generation that is being collected, or garbage of it.
    #[inline]
    pub fn is_collecting(&self) -> bool {
        self.prev.get().addr() & COLLECTING != 0
    }

    /// Ends that.
    #[inline]
    pub fn clear_collecting(&self) {
        self.prev.set(self.prev.get().map_addr(|a| a & !COLLECTING));
    }

    /// Puts `links` at the end of the ring of this head.
    #[inline]
    pub fn append(&self, links: &Links) {
        let last = self.prev.get();
        links.set_before(last);
        links.next.set(self.ptr());
        // SAFETY: members of a ring live.
        unsafe { (*last).next.set(links.ptr()) };
        self.prev.set(links.ptr());
    }

    /// Takes the links out of their ring and leaves them untracked.
    #[inline]
    pub fn unlink(&self) {
        let (next, prev) = (self.next.get(), self.before());
        // SAFETY: members of a ring live.
        unsafe {
            (*prev).next.set(next);
            (*next).set_before(prev);
        }
        self.next.set(ptr::null_mut());
        self.prev.set(ptr::null_mut());
    }

    /// Takes the links of an object that goes out of their ring; its own words are left as they are.
    #[inline]
    pub fn unlink_for_good(&self) {
        let (next, prev) = (self.next.get(), self.before());
        // SAFETY: members of a ring live.
        unsafe {
            (*prev).next.set(next);
            (*next).set_before(prev);
        }
    }

    /// Moves the links from their ring to the end of another; flags stay.
    pub fn move_to(&self, ring: &Links) {
        let (next, prev) = (self.next.get(), self.before());
        // SAFETY: members of a ring live.
        unsafe {
            (*prev).next.set(next);
            (*next).set_before(prev);
        }
        ring.append(self);
    }

    /// Moves all members of the ring `from` to the end of this one.
    pub fn merge(&self, from: &Links) {
        if from.is_empty() || ptr::eq(self, from) {
            return;
        }
        let (first, last, tail) = (from.next.get(), from.prev.get(), self.prev.get());
        // SAFETY: members of rings live.
        unsafe {
            (*tail).next.set(first);
            (*first).set_before(tail);
            (*last).next.set(self.ptr());
        }
        self.prev.set(last);
        from.reset();
    }

    /// The members of the ring. The ring may not change before the next step, except behind the present member.
    pub fn iter(&self) -> impl Iterator<Item = &'static Links> + use<> {
        let head = self.ptr();
        let mut at = self.next.get();
        std::iter::from_fn(move || {
            if ptr::eq(at, head) {
                return None;
            }
            // SAFETY: members of a ring live.
            let links = unsafe { &*at };
            at = links.next.get();
            Some(links)
        })
    }

    /// Number of members of the ring.
    pub fn len(&self) -> usize {
        self.iter().count()
    }
}
