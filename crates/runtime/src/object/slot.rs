//! Cells for the payloads of objects.

use std::cell::{Cell, UnsafeCell};

use viv_heap::{HVec, Object, ObjectLayout, Ref};

/// A place in a payload that owns a reference or is empty. Writing gives the old reference up only after the new one is
/// in place, so that whatever its release runs sees the new state.
#[repr(transparent)]
pub struct Slot<T = Object>(Cell<Option<Ref<T>>>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Slot(Cell::new(None))
    }
}

impl<T> Slot<T> {
    /// An empty slot.
    pub const fn empty() -> Slot<T> {
        Slot(Cell::new(None))
    }

    /// A slot that holds `value`.
    pub fn new(value: Option<Ref<T>>) -> Slot<T> {
        Slot(Cell::new(value))
    }

    /// A slot that holds `value`.
    pub fn full(value: Ref<T>) -> Slot<T> {
        Slot(Cell::new(Some(value)))
    }

    /// A new handle of what the slot holds.
    #[inline]
    pub fn get(&self) -> Option<Ref<T>> {
        // SAFETY: the borrow ends before anything else can touch the cell.
        unsafe { (*self.0.as_ptr()).clone() }
    }

    /// Whether the slot is empty.
    #[inline]
    pub fn is_none(&self) -> bool {
        // SAFETY: as above.
        unsafe { (*self.0.as_ptr()).is_none() }
    }

    /// Whether the slot holds this object.
    pub fn holds(&self, object: &Object) -> bool {
        // SAFETY: as above.
        unsafe {
            (*self.0.as_ptr())
                .as_ref()
                .is_some_and(|r| r.as_object().is(object))
        }
    }

    /// Puts a value (or nothing) in, gives up the old one.
    #[inline]
    pub fn set(&self, value: Option<Ref<T>>) {
        drop(self.0.replace(value));
    }

    /// Puts a value in, gives the old one.
    #[inline]
    pub fn replace(&self, value: Option<Ref<T>>) -> Option<Ref<T>> {
        self.0.replace(value)
    }

    /// Empties the slot.
    #[inline]
    pub fn take(&self) -> Option<Ref<T>> {
        self.0.take()
    }

    /// The object in the slot, borrowed.
    ///
    /// # Safety
    /// Nothing may write the slot while the borrow is used: no Python code runs meanwhile.
    #[inline]
    pub unsafe fn peek(&self) -> Option<&Object> {
        // SAFETY: the caller's promise.
        unsafe { (*self.0.as_ptr()).as_ref().map(Ref::as_object) }
    }

    /// For traversal: shows the reference.
    pub fn visit(&self, visitor: &mut viv_heap::Visitor<'_>) {
        // SAFETY: a visitor runs no Python code.
        if let Some(object) = unsafe { self.peek() } {
            visitor.visit(object);
        }
    }
}

impl<T: ObjectLayout> Slot<T> {
    /// The object in the slot, borrowed under its layout.
    ///
    /// # Safety
    /// As for [`Slot::peek`].
    #[inline]
    pub unsafe fn peek_as(&self) -> Option<&T> {
        // SAFETY: the caller's promise.
        unsafe { (*self.0.as_ptr()).as_deref() }
    }
}

/// Appends items to a vector as far as its room goes, without asking at each of them whether there is any.
#[inline]
pub(crate) fn fill<T>(to: &mut HVec<T>, items: impl Iterator<Item = T>) {
    let mut len = to.len();
    for item in items.take(to.capacity() - len) {
        // SAFETY: the place is behind the items and inside the room.
        unsafe { to.as_mut_ptr().add(len).write(item) };
        len += 1;
    }
    // SAFETY: as many items have been written.
    unsafe { to.set_len(len) };
}

/// A growable part of a payload. The closures given to it must not run Python code or drop a [`Ref`]; debug builds
/// check that they do not come back to the same part.
pub struct Inner<T> {
    value: UnsafeCell<T>,
    #[cfg(debug_assertions)]
    busy: Cell<bool>,
}

impl<T> Inner<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Inner<T> {
        Inner {
            value: UnsafeCell::new(value),
            #[cfg(debug_assertions)]
            busy: Cell::new(false),
        }
    }

    #[inline]
    fn lock(&self) {
        #[cfg(debug_assertions)]
        assert!(
            !self.busy.replace(true),
            "an object's payload was entered twice"
        );
    }

    #[inline]
    fn unlock(&self) {
        #[cfg(debug_assertions)]
        self.busy.set(false);
    }

    /// Reads the part.
    #[inline]
    pub fn read<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        self.lock();
        // SAFETY: the closure does not come back here (the type's contract).
        let result = f(unsafe { &*self.value.get() });
        self.unlock();
        result
    }

    /// Changes the part.
    #[inline]
    pub fn write<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        self.lock();
        // SAFETY: as for `read`.
        let result = f(unsafe { &mut *self.value.get() });
        self.unlock();
        result
    }

    /// The address of the part, for the eval loop.
    #[inline]
    pub fn as_ptr(&self) -> *mut T {
        self.value.get()
    }
}
