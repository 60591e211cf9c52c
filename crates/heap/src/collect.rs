//! The collector's state: generations, counts, thresholds.

use std::cell::Cell;
use std::sync::atomic::Ordering;

use crate::heap::Heap;
use crate::links::Links;
use crate::object::Object;

/// Number of generations.
pub const GENERATIONS: usize = 3;

/// A generation of tracked objects.
pub(crate) struct Generation {
    pub ring: Links,
    /// For the youngest: objects allocated less objects freed; for the others: collections of the next younger one.
    pub count: Cell<u32>,
    pub threshold: Cell<u32>,
}

/// Generations, counts and settings.
pub(crate) struct Collector {
    pub generations: [Generation; GENERATIONS],
    /// Count of the youngest generation from above which a collection is asked for.
    pub young_limit: Cell<u32>,
    pub enabled: Cell<bool>,
    pub collecting: Cell<bool>,
}

impl Collector {
    pub fn new() -> Collector {
        let generation = |threshold| Generation {
            ring: Links::untracked(),
            count: Cell::new(0),
            threshold: Cell::new(threshold),
        };
        Collector {
            generations: [generation(2000), generation(10), generation(10)],
            young_limit: Cell::new(2000),
            enabled: Cell::new(true),
            collecting: Cell::new(false),
        }
    }

    /// Closes the rings, once the heap is where it stays.
    pub fn close_rings(&self) {
        for generation in &self.generations {
            generation.ring.reset();
        }
    }

    /// Counts an object with a collector prefix, and asks for a collection when there are enough.
    #[inline(always)]
    pub fn count_allocation(&self, heap: &Heap) {
        let count = &self.generations[0].count;
        let n = count.get() + 1;
        count.set(n);
        if n > self.young_limit.get() {
            heap.request_collection();
        }
    }

    /// Counts the end of an object with a collector prefix.
    #[inline(always)]
    pub fn count_free(&self) {
        let count = &self.generations[0].count;
        count.set(count.get().saturating_sub(1));
    }
}

impl Heap {
    /// Sets the word, and the bits in it, that are set when a collection is due.
    pub fn set_breaker(&self, word: &'static std::sync::atomic::AtomicU32, bits: u32) {
        self.breaker.set(Some((word, bits)));
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn request_collection(&self) {
        if let Some((word, bits)) = self.breaker.get() {
            word.fetch_or(bits, Ordering::Relaxed);
        }
    }

    /// Starts watching a container that takes part in cycles. Does nothing for an object without a collector prefix, or
    /// one that is watched already.
    #[inline]
    pub fn track(&self, object: &Object) {
        if object.has_links() {
            let links = Links::of(object);
            if !links.is_tracked() {
                self.collector.generations[0].ring.append(links);
            }
        }
    }

    /// Stops watching a container.
    #[inline]
    pub fn untrack(&self, object: &Object) {
        if object.has_links() {
            let links = Links::of(object);
            if links.is_tracked() {
                links.unlink();
            }
        }
    }

    /// Whether the collector watches the object.
    #[inline]
    pub fn is_tracked(&self, object: &Object) -> bool {
        object.has_links() && Links::of(object).is_tracked()
    }
}
