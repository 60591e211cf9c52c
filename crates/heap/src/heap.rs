//! The heap of one interpreter.

use std::cell::Cell;

use crate::object::Object;

/// What the heap asks of its user.
pub trait Hooks {
    /// Runs the finaliser of an object (once for each object; the heap keeps the flag). The object has an owner meanwhile.
    fn finalize(&self, object: &Object);
    /// Calls the callback of a dead weak reference.
    fn weakref_callback(&self, callback: &Object, weakref: &Object);
}

/// The heap of one interpreter.
pub struct Heap {
    pub(crate) hooks: Cell<Option<&'static dyn Hooks>>,
}

thread_local! {
    static CURRENT: Cell<*const Heap> = const { Cell::new(std::ptr::null()) };
}

impl Heap {
    /// A new, empty heap; it stays where it is until it is dropped.
    pub fn new() -> Box<Heap> {
        Box::new(Heap { hooks: Cell::new(None) })
    }

    /// Sets the heap's user.
    pub fn set_hooks(&self, hooks: &'static dyn Hooks) {
        self.hooks.set(Some(hooks));
    }

    /// Makes the heap the thread's current one; gives the one that was.
    pub fn enter(&self) -> *const Heap {
        CURRENT.with(|c| c.replace(self))
    }

    /// Makes a heap that was current before current again.
    pub fn leave(previous: *const Heap) {
        CURRENT.with(|c| c.set(previous));
    }

    /// Starts watching a container that takes part in cycles. Does nothing for an object without a collector prefix.
    pub fn track(&self, _object: &Object) {}

    /// Stops watching a container.
    pub fn untrack(&self, _object: &Object) {}
}
