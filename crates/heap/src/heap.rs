//! The heap of one interpreter.

use std::cell::Cell;
use std::ptr;
use std::sync::atomic::AtomicU32;

use crate::arena::Arenas;
use crate::collect::Collector;
use crate::object::{Kind, Object};
use crate::pool::{BINS, Pool};
use crate::raw::RawDomain;
use crate::release::Deferred;
use crate::single::Singles;
use crate::watch::Watch;

/// What the heap asks of its user.
pub trait Hooks {
    /// Runs the finaliser of an object (once for each object; the heap keeps the flag). The object has an owner meanwhile.
    fn finalize(&self, object: &Object);
    /// Runs the finaliser of the old kind of an object, which has an owner meanwhile: each time its last owner lets go.
    fn finalize_old(&self, _object: &Object) {}
    /// Calls the callback of a dead weak reference.
    fn weakref_callback(&self, callback: &Object, weakref: &Object);
    /// A collection of this generation begins.
    fn collection_started(&self, _generation: usize) {}
    /// A collection has ended, with so many objects collected and so many that could not be.
    fn collection_ended(&self, _generation: usize, _collected: usize, _uncollectable: usize) {}
    /// Keeps an object that was found unreachable, where the collector was told to save them.
    fn save_garbage(&self, _object: &Object) {}
    /// Where the block at an address was allocated, if that is known: for reports of the debugging allocator.
    fn allocation_line(&self, _block: usize) -> Option<String> {
        None
    }
    /// The name of the type object at an address, for the same.
    fn type_name(&self, _ty: &Object) -> String {
        String::from("?")
    }
    /// A line of the collector's debugging output, without its end.
    fn debug_line(&self, _line: &str) {}
    /// An object in the collector's debugging output.
    fn debug_object(&self, _message: &str, _object: &Object) {}
}

/// The heap of one interpreter.
pub struct Heap {
    /// The pool that each bin allocates from; never null.
    pub(crate) current: [Cell<*mut Pool>; BINS],
    /// The same while the heap is watched; `current` is empty then.
    pub(crate) watched_current: [Cell<*mut Pool>; BINS],
    /// Pools of each bin that have free blocks, beside the current one.
    pub(crate) usable: [Cell<*mut Pool>; BINS],
    pub(crate) arenas: Arenas,
    pub(crate) raw: RawDomain,
    pub(crate) singles: Singles,
    pub(crate) watch: Watch,
    pub(crate) collector: Collector,
    pub(crate) deferred: Deferred,
    pub(crate) hooks: Cell<Option<&'static dyn Hooks>>,
    /// Kind of the exact objects that the collector stops watching once they own nothing that it watches.
    pub(crate) untrackable: Cell<Option<Kind>>,
    /// Whether any type has a finaliser of the old kind.
    pub(crate) old_finalizers: Cell<bool>,
    pub(crate) breaker: Cell<Option<(&'static AtomicU32, u32)>>,
    /// Which flags of an exact number's box must be clear where its value may be replaced; all of them, so that none
    /// ever is, while allocations are watched.
    pub(crate) reuse_mask: Cell<u32>,
}

thread_local! {
    static CURRENT: Cell<*const Heap> = const { Cell::new(ptr::null()) };
}

impl Heap {
    /// The mask under which the flags of an exact number's box equal its kind where the value may be replaced in place.
    #[inline(always)]
    pub fn reuse_mask(&self) -> u32 {
        self.reuse_mask.get()
    }

    /// A new, empty heap; it stays where it is until it is dropped.
    pub fn new() -> Box<Heap> {
        crate::os::keep_freed();
        let heap = Box::new(Heap {
            current: std::array::from_fn(|_| Cell::new(Pool::none())),
            watched_current: std::array::from_fn(|_| Cell::new(Pool::none())),
            usable: [const { Cell::new(ptr::null_mut()) }; BINS],
            arenas: Arenas::new(),
            raw: RawDomain::new(),
            singles: Singles::new(),
            watch: Watch::new(),
            collector: Collector::new(),
            deferred: Deferred::new(),
            hooks: Cell::new(None),
            untrackable: Cell::new(None),
            old_finalizers: Cell::new(false),
            breaker: Cell::new(None),
            reuse_mask: Cell::new(crate::alloc::REUSE_MASK),
        });
        heap.collector.close_rings();
        heap
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

    /// The thread's current heap, or null.
    #[inline]
    pub(crate) fn current_ptr() -> *const Heap {
        CURRENT.with(Cell::get)
    }
}

impl Drop for Heap {
    /// Gives all memory back. Payloads of objects that still live are not dropped: the user releases them first.
    fn drop(&mut self) {
        if ptr::eq(Heap::current_ptr(), self) {
            Heap::leave(ptr::null());
        }
        self.raw.free_all();
        self.singles.free_all();
        self.arenas.free_all();
    }
}
