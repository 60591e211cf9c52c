//! The collector's state and settings, and the questions that can be asked of it. The algorithm is in `trial`.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::handle::Ref;
use crate::heap::Heap;
use crate::layout::Visitor;
use crate::links::Links;
use crate::object::{Kind, Object};

/// Number of generations.
pub const GENERATIONS: usize = 3;

/// Bytes up to which a heap is audited as often as its user wants.
const LARGE_HEAP: usize = 4 << 20;

/// The bits of the collector's debugging setting, as in Python's `gc` module.
pub struct Debug;

impl Debug {
    /// Print statistics of each collection.
    pub const STATS: u32 = 1;
    /// Print collectable objects found.
    pub const COLLECTABLE: u32 = 2;
    /// Print objects found that cannot be collected.
    pub const UNCOLLECTABLE: u32 = 4;
    /// Save all unreachable objects instead of freeing them.
    pub const SAVEALL: u32 = 32;
}

/// What the collections of one generation have done so far.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct GenerationStats {
    /// Collections of exactly this generation.
    pub collections: usize,
    /// Objects collected by them.
    pub collected: usize,
    /// Objects found that could not be.
    pub uncollectable: usize,
}

/// A generation of tracked objects.
pub(crate) struct Generation {
    pub ring: Links,
    /// For the youngest: objects allocated less objects freed; for the others: collections of the next younger one.
    pub count: Cell<u32>,
    pub threshold: Cell<u32>,
    pub stats: Cell<GenerationStats>,
}

/// Generations, counts and settings.
pub(crate) struct Collector {
    pub generations: [Generation; GENERATIONS],
    pub permanent: Links,
    /// What was there before the user's first own object, see [`Heap::gc_settle`].
    pub basis: Links,
    /// Number of objects that were moved there.
    pub basis_len: Cell<usize>,
    /// Count of the youngest generation from above which a collection is asked for: its threshold, or never.
    young_limit: Cell<u32>,
    enabled: Cell<bool>,
    collecting: Cell<bool>,
    /// Whether a collection follows each allocation of a container, for finding faults.
    stressed: Cell<bool>,
    /// Every how many such allocations an audit is due, 0 for never; and how many there were since the last.
    audit_every: Cell<u64>,
    since_audit: Cell<u64>,
    pub debug: Cell<u32>,
    /// Objects that survived the last full collection, and those that have come to the oldest generation since.
    pub long_lived_total: Cell<usize>,
    pub long_lived_pending: Cell<usize>,
}

impl Collector {
    pub fn new() -> Collector {
        let generation = |threshold| Generation {
            ring: Links::untracked(),
            count: Cell::new(0),
            threshold: Cell::new(threshold),
            stats: Cell::new(GenerationStats::default()),
        };
        Collector {
            generations: [generation(2000), generation(10), generation(10)],
            permanent: Links::untracked(),
            basis: Links::untracked(),
            basis_len: Cell::new(0),
            young_limit: Cell::new(2000),
            enabled: Cell::new(true),
            collecting: Cell::new(false),
            stressed: Cell::new(false),
            audit_every: Cell::new(0),
            since_audit: Cell::new(0),
            debug: Cell::new(0),
            long_lived_total: Cell::new(0),
            long_lived_pending: Cell::new(0),
        }
    }

    /// Closes the rings, once the heap is where it stays.
    pub fn close_rings(&self) {
        for generation in &self.generations {
            generation.ring.reset();
        }
        self.permanent.reset();
        self.basis.reset();
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

    /// Whether a collection runs; sets whether one does.
    pub fn set_collecting(&self, on: bool) -> bool {
        let was = self.collecting.replace(on);
        self.update_limit();
        was
    }

    fn update_limit(&self) {
        let threshold = self.generations[0].threshold.get();
        let never = !self.enabled.get() || self.collecting.get() || threshold == 0;
        let stressed = self.stressed.get() || self.audit_every.get() != 0;
        self.young_limit.set(if stressed {
            0
        } else if never {
            u32::MAX
        } else {
            threshold
        });
    }

    /// The generation that is due, if any.
    pub fn due(&self) -> Option<usize> {
        // An audit at every nth allocation asks here without regard to the switches.
        if self.generations[0].threshold.get() == 0 {
            return None;
        }
        let over = |g: &Generation| g.count.get() > g.threshold.get();
        self.generations
            .iter()
            .enumerate()
            .rev()
            .find_map(|(i, generation)| {
                // A full collection costs time in the number of all objects: it waits until a quarter of them is new.
                let too_early = i == GENERATIONS - 1
                    && self.long_lived_pending.get() < self.long_lived_total.get() / 4;
                (over(generation) && !too_early).then_some(i)
            })
    }
}

impl Heap {
    /// Sets the word, and the bits in it, that are set when a collection is due.
    pub fn set_breaker(&self, word: &'static AtomicU32, bits: u32) {
        self.breaker.set(Some((word, bits)));
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn request_collection(&self) {
        let since = &self.collector.since_audit;
        since.set(since.get().saturating_add(1));
        if let Some((word, bits)) = self.breaker.get() {
            word.fetch_or(bits, Ordering::Relaxed);
        }
    }

    /// Lets a full collection follow each allocation of a container, and an audit each `audit_every`th (0: none), as soon
    /// as the user asks [`collect_due`](Self::collect_due) and [`audit_due`](Self::audit_due): for finding faults.
    pub fn set_stress(&self, collect: bool, audit_every: u64) {
        self.collector.stressed.set(collect);
        self.collector.audit_every.set(audit_every);
        self.collector.update_limit();
    }

    /// Whether an audit is due; starts the count for the next one. An audit looks at the whole heap: in large ones it waits
    /// for more allocations, as else the time would grow with the square of the size.
    pub fn audit_due(&self) -> bool {
        let every = self.collector.audit_every.get();
        let large = self.raw.held(self).saturating_sub(LARGE_HEAP) as u64 / 512;
        let due = every != 0 && self.collector.since_audit.get() >= every.max(large);
        if due {
            self.collector.since_audit.set(0);
        }
        due
    }

    pub(crate) fn is_stressed(&self) -> bool {
        self.collector.stressed.get()
    }

    /// Starts counting afresh: what has been allocated so far is the basis on which everything else stands. Its user
    /// keeps it to the end, so that collections need not look at it: it counts as a holder from outside.
    pub fn gc_settle(&self) {
        let collector = &self.collector;
        for generation in collector.generations.iter().rev() {
            collector.basis.merge(&generation.ring);
            generation.count.set(0);
        }
        collector.basis_len.set(collector.basis.len());
        collector.long_lived_total.set(collector.basis_len.get());
        collector.long_lived_pending.set(0);
        if let Some((word, bits)) = self.breaker.get() {
            word.fetch_and(!bits, Ordering::Relaxed);
        }
    }

    /// Runs `make`, whose objects belong to the basis although they come later: they count towards no collection, and
    /// neither the limit of the heap nor failures on demand refuse them.
    pub fn in_basis<T>(&self, make: impl FnOnce() -> T) -> T {
        let collector = &self.collector;
        let young = &collector.generations[0];
        let aside = Links::untracked();
        aside.reset();
        aside.merge(&young.ring);
        let count = young.count.get();
        let asked = self
            .breaker
            .get()
            .map(|(word, bits)| word.load(Ordering::Relaxed) & bits);
        let refusals = self.suspend_refusals();
        let made = make();
        self.resume_refusals(refusals);
        if let (Some((word, bits)), Some(0)) = (self.breaker.get(), asked) {
            word.fetch_and(!bits, Ordering::Relaxed);
        }
        let more = young.ring.len();
        collector.basis_len.set(collector.basis_len.get() + more);
        collector
            .long_lived_total
            .set(collector.long_lived_total.get() + more);
        collector.basis.merge(&young.ring);
        young.ring.merge(&aside);
        young.count.set(count);
        made
    }

    /// Makes the basis part of the oldest generation again: its user is about to give it up.
    pub fn gc_unsettle(&self) {
        self.collector.generations[GENERATIONS - 1]
            .ring
            .merge(&self.collector.basis);
        self.collector.basis_len.set(0);
    }

    /// The rings of the generations that are asked for, the youngest first; the basis belongs to the oldest.
    fn rings(&self, generation: Option<usize>) -> impl Iterator<Item = &Links> {
        let oldest = generation.is_none_or(|g| g == GENERATIONS - 1);
        self.collector
            .generations
            .iter()
            .enumerate()
            .filter(move |(i, _)| generation.is_none_or(|g| g == *i))
            .map(|(_, g)| &g.ring)
            .chain(oldest.then_some(&self.collector.basis))
    }

    /// Sets the kind (of tuples) whose exact objects the collector stops watching once they own nothing that it watches.
    pub fn set_untrackable(&self, kind: Kind) {
        self.untrackable.set(Some(kind));
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

    /// Whether the collector may ever watch the object: containers, but not those of the untrackable kind that it does
    /// not watch now.
    #[inline]
    pub fn may_be_tracked(&self, object: &Object) -> bool {
        object.has_links() && (Links::of(object).is_tracked() || !self.is_untrackable(object))
    }

    #[inline]
    pub(crate) fn is_untrackable(&self, object: &Object) -> bool {
        let exact = object.flags() & crate::object::Flags::EXACT != 0;
        exact && self.untrackable.get() == Some(object.kind())
    }

    /// Whether automatic collection is on.
    pub fn gc_enabled(&self) -> bool {
        self.collector.enabled.get()
    }

    /// Turns automatic collection on or off.
    pub fn set_gc_enabled(&self, on: bool) {
        self.collector.enabled.set(on);
        self.collector.update_limit();
    }

    /// Whether a collection is running.
    pub fn is_collecting(&self) -> bool {
        self.collector.collecting.get()
    }

    /// The thresholds of the generations.
    pub fn gc_thresholds(&self) -> [u32; GENERATIONS] {
        self.collector
            .generations
            .each_ref()
            .map(|g| g.threshold.get())
    }

    /// Sets the threshold of a generation.
    pub fn set_gc_threshold(&self, generation: usize, threshold: u32) {
        if let Some(generation) = self.collector.generations.get(generation) {
            generation.threshold.set(threshold);
        }
        self.collector.update_limit();
    }

    /// The counts of the generations.
    pub fn gc_counts(&self) -> [u32; GENERATIONS] {
        self.collector.generations.each_ref().map(|g| g.count.get())
    }

    /// What collections have done.
    pub fn gc_stats(&self) -> [GenerationStats; GENERATIONS] {
        self.collector.generations.each_ref().map(|g| g.stats.get())
    }

    /// The debugging setting, see [`struct@Debug`].
    pub fn gc_debug(&self) -> u32 {
        self.collector.debug.get()
    }

    /// Sets it.
    pub fn set_gc_debug(&self, bits: u32) {
        self.collector.debug.set(bits);
    }

    /// Moves all watched objects to a permanent generation that collections ignore.
    pub fn gc_freeze(&self) {
        for generation in &self.collector.generations {
            self.collector.permanent.merge(&generation.ring);
            generation.count.set(0);
        }
    }

    /// Moves the permanent generation to the oldest.
    pub fn gc_unfreeze(&self) {
        self.collector.generations[GENERATIONS - 1]
            .ring
            .merge(&self.collector.permanent);
    }

    /// Number of objects in the permanent generation.
    pub fn gc_freeze_count(&self) -> usize {
        self.collector.permanent.len()
    }

    /// The watched objects of one generation, or of all, oldest first inside a generation.
    pub fn gc_objects(&self, generation: Option<usize>) -> Vec<Ref> {
        self.rings(generation)
            .flat_map(Links::iter)
            // SAFETY: members of a generation's ring are prefixes of objects.
            .map(|links| unsafe { Links::object(links.ptr()) }.to_ref())
            .collect()
    }

    /// The watched objects that own a reference to one of `targets`.
    pub fn gc_referrers(&self, targets: &[&Object]) -> Vec<Ref> {
        let mut found = Vec::new();
        for links in self.rings(None).flat_map(Links::iter) {
            // SAFETY: members of a generation's ring are prefixes of objects.
            let object = unsafe { Links::object(links.ptr()) };
            let mut refers = false;
            object.traverse(&mut Visitor::new(&mut |child| {
                refers = refers || targets.iter().any(|t| t.is(child))
            }));
            if refers {
                found.push(object.to_ref());
            }
        }
        found
    }
}

/// What an object owns, in the order in which the collector sees it.
pub fn referents(object: &Object) -> Vec<Ref> {
    let mut found = Vec::new();
    object.traverse(&mut Visitor::new(&mut |child| found.push(child.to_ref())));
    found
}

/// The ring of the youngest generation, where new containers go.
#[inline(always)]
pub(crate) fn youngest(collector: &Collector) -> &Links {
    &collector.generations[0].ring
}
