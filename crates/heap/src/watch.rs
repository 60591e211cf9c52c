//! Watching the allocator: listeners for events, and allocation failures on demand.
//!
//! Nothing of this costs anything while nobody asks: a watched heap has no current pools, so that every allocation takes
//! the slow way, and every pool's countdown stands at one, so that every free does.

use std::cell::Cell;
use std::ptr::NonNull;

use crate::heap::Heap;

/// What a listener hears of a heap.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A block was handed out; it holds nothing yet.
    Allocated {
        /// Where it starts.
        block: NonNull<u8>,
        /// The bytes that were asked for; the block may be larger.
        size: usize,
    },
    /// A block is given back.
    Freed {
        /// Where it starts.
        block: NonNull<u8>,
        /// Its size in bytes.
        size: usize,
    },
    /// A collection of this generation begins.
    CollectionStarted(usize),
    /// A collection has ended: the generation, objects collected, objects that could not be.
    CollectionEnded(usize, usize, usize),
}

/// Hears events. It must not allocate from or release into the heap that it listens to.
pub trait Listener {
    /// Something happened.
    fn event(&self, event: Event);
}

/// Who listens, and which allocations fail.
pub(crate) struct Watch {
    /// Whether allocations and frees take the slow way.
    pub on: Cell<bool>,
    /// Whether blocks have guards, for the heap's whole life.
    pub guarded: Cell<bool>,
    /// Whether each block is a pool of its own, for the heap's whole life.
    pub single: Cell<bool>,
    pub listener: Cell<Option<&'static dyn Listener>>,
    /// Allocations since failures were asked for.
    counted: Cell<u64>,
    /// The first allocation that fails and the first after it that does not.
    failing: Cell<Option<(u64, u64)>>,
}

/// What refuses allocations, put aside for a while.
pub(crate) struct Refusals {
    failing: Option<(u64, u64)>,
    limit: usize,
}

impl Watch {
    pub fn new() -> Watch {
        Watch {
            on: Cell::new(false),
            guarded: Cell::new(false),
            single: Cell::new(false),
            listener: Cell::new(None),
            counted: Cell::new(0),
            failing: Cell::new(None),
        }
    }

    /// Counts an allocation; whether it may succeed.
    #[inline]
    pub fn admits(&self) -> bool {
        !self.on.get() || self.admits_watched()
    }

    #[cold]
    fn admits_watched(&self) -> bool {
        let Some((from, to)) = self.failing.get() else {
            return true;
        };
        let n = self.counted.get();
        self.counted.set(n + 1);
        !(from..to).contains(&n)
    }

    #[inline]
    pub fn allocated(&self, block: NonNull<u8>, size: usize) {
        if let Some(listener) = self.listener.get() {
            listener.event(Event::Allocated { block, size });
        }
    }

    #[inline]
    pub fn freed(&self, block: NonNull<u8>, size: usize) {
        if let Some(listener) = self.listener.get() {
            listener.event(Event::Freed { block, size });
        }
    }

    #[inline]
    pub fn event(&self, event: Event) {
        if let Some(listener) = self.listener.get() {
            listener.event(event);
        }
    }
}

impl Heap {
    /// A heap that finds writes behind the end of blocks and into freed ones, see the file `guard.rs`.
    pub fn new_guarded() -> Box<Heap> {
        let heap = Heap::new();
        heap.watch.guarded.set(true);
        heap.update_watch();
        heap
    }

    /// A heap whose blocks come from the system's allocator one by one, see the file `single.rs`.
    pub fn new_single() -> Box<Heap> {
        let heap = Heap::new();
        heap.watch.single.set(true);
        heap.update_watch();
        heap
    }

    /// Whether allocations and releases are watched: then none of them takes the short way.
    #[inline]
    pub fn is_watched(&self) -> bool {
        self.watch.on.get()
    }

    /// Sets who hears of events, or nobody; gives the listener that was.
    pub fn set_listener(
        &self,
        listener: Option<&'static dyn Listener>,
    ) -> Option<&'static dyn Listener> {
        let old = self.watch.listener.replace(listener);
        self.update_watch();
        old
    }

    /// Lets allocations fail, counted from this call: from number `start` on, up to before number `stop`. `None` ends it.
    pub fn set_failing(&self, range: Option<(u64, u64)>) {
        self.watch.counted.set(0);
        self.watch.failing.set(range);
        self.update_watch();
    }

    /// Lets every allocation succeed that the system can serve, until [`resume_refusals`](Self::resume_refusals).
    pub(crate) fn suspend_refusals(&self) -> Refusals {
        Refusals {
            failing: self.watch.failing.take(),
            limit: self.raw.limit.replace(usize::MAX),
        }
    }

    pub(crate) fn resume_refusals(&self, refusals: Refusals) {
        self.watch.failing.set(refusals.failing);
        self.raw.limit.set(refusals.limit);
    }

    /// Allocations counted since [`set_failing`](Self::set_failing).
    pub fn allocations_counted(&self) -> u64 {
        self.watch.counted.get()
    }

    /// Sets the most bytes that the heap may hold from the system; allocations beyond it fail.
    pub fn set_limit(&self, bytes: usize) {
        self.raw.limit.set(bytes);
    }

    /// The most bytes that the heap may hold.
    pub fn limit(&self) -> usize {
        self.raw.limit.get()
    }

    fn update_watch(&self) {
        let on = self.watch.guarded.get()
            || self.watch.single.get()
            || self.watch.listener.get().is_some()
            || self.watch.failing.get().is_some();
        if on != self.watch.on.get() {
            self.set_watched(on);
        }
    }
}
