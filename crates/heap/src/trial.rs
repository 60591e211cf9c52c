//! Collection of cycles by trial deletion.
//!
//! Each object of the generations at work starts with a copy of its count. Every reference from one of them to another
//! lowers the copy of its target. What is left above zero is held from outside; everything reachable from such objects
//! lives, and the rest is garbage. Then, in this order: weak references to garbage are cleared and callbacks of living
//! ones called; finalisers run, each once; what they have saved is found by a second trial among the garbage alone; the
//! rest gives up its references, which lets the counts free it.
//!
//! The rings move as in CPython, so that everything is found, finalised and freed in its order.
//!
//! **Invariant.** No code of the heap's user runs while copies of counts are in the links.

use std::ptr;
use std::time::Instant;

use crate::collect::{Debug, GENERATIONS};
use crate::handle::Ref;
use crate::heap::{Heap, Hooks};
use crate::layout::{TypeFlags, TypeHead, Visitor};
use crate::links::{COLLECTING, Links};
use crate::object::{Flags, Object};
use crate::watch::Event;
use crate::weak;

/// Objects up to which a heap under stress is collected as often as a thousandth of it is new.
const LARGE_HEAP: usize = 50_000;

/// Lowest bit of `next` of objects that look unreachable, while others are still looked at.
const UNREACHABLE: usize = 1;
/// The copy of the count in `prev` lies above the flags.
const COUNT_SHIFT: u32 = 2;

fn trial_count(links: &Links) -> usize {
    links.prev.get().addr() >> COUNT_SHIFT
}

fn set_trial_count(links: &Links, count: usize) {
    links.prev.set(ptr::without_provenance_mut(
        count << COUNT_SHIFT | COLLECTING,
    ));
}

/// # Safety
/// The links are an object's prefix.
unsafe fn object_of(links: &Links) -> &'static Object {
    // SAFETY: the caller's promise.
    unsafe { Links::object(links.ptr()) }
}

/// Copies the counts of all members. Immortal ones leave the ring.
fn copy_counts(ring: &Links) {
    let mut before = ring.ptr();
    let mut at = ring.next.get();
    while !ptr::eq(at, ring) {
        // SAFETY: members of a generation's ring, and its head, live.
        unsafe {
            let links = &*at;
            let next = links.next.get();
            let object = object_of(links);
            if object.is_immortal() {
                links.next.set(ptr::null_mut());
                links.prev.set(ptr::null_mut());
                (*before).next.set(next);
            } else {
                set_trial_count(links, object.raw_count() as usize);
                before = at;
            }
            at = next;
        }
    }
    ring.prev.set(before);
}

/// Lowers the copy of one object's count, if it takes part.
#[inline(always)]
pub(crate) fn subtract(child: &Object) {
    if child.has_links() {
        let links = Links::of(child);
        let word = links.prev.get().addr();
        if word & COLLECTING != 0 && word >> COUNT_SHIFT != 0 {
            links
                .prev
                .set(ptr::without_provenance_mut(word - (1 << COUNT_SHIFT)));
        }
    }
}

/// Lowers the copies by all references from inside.
fn subtract_internal(ring: &Links) {
    let mut visitor = Visitor::subtract();
    for links in ring.iter() {
        // SAFETY: a member of a generation's ring.
        unsafe { object_of(links) }.traverse(&mut visitor);
    }
}

/// An object that takes part is reachable from one that lives.
#[inline(always)]
pub(crate) fn reach(ring: &Links, child: &Object) {
    if !child.has_links() {
        return;
    }
    let links = Links::of(child);
    let word = links.prev.get().addr();
    // Not of this generation, or looked at already.
    if word & COLLECTING == 0 {
        return;
    }
    if links.next.get().addr() & UNREACHABLE != 0 {
        take_back(ring, links);
    } else if word >> COUNT_SHIFT == 0 {
        set_trial_count(links, 1);
    }
}

/// An object was given up too early: back to the end of the ring, to be looked at again.
fn take_back(ring: &Links, links: &Links) {
    let (next, prev) = (links.next.get(), links.before());
    // SAFETY: members of the ring of unreachable ones live, and so do those of the other.
    unsafe {
        (*prev).next.set(next);
        (*next.map_addr(|a| a & !UNREACHABLE)).set_before(prev);
        (*ring.prev.get()).next.set(links.ptr());
    }
    links.next.set(ring.ptr());
    ring.prev.set(links.ptr());
    set_trial_count(links, 1);
}

/// Moves what is not reachable from outside to the ring `unreachable`; mends `prev` of everything. Objects that are
/// reachable and `settled` are watched no longer. Gives the number of those that stay.
fn separate(ring: &Links, unreachable: &Links, settled: impl Fn(&Object) -> bool) -> usize {
    let mut visitor = Visitor::reach(ring);
    let mut stay = 0;
    let mut prev = ring.ptr();
    let mut at = ring.next.get();
    while !ptr::eq(at, ring) {
        // SAFETY: members of both rings live.
        unsafe {
            let links = &*at;
            if trial_count(links) == 0 {
                (*prev).next.set(links.next.get());
                let last = unreachable.prev.get();
                (*last).next.set(at.map_addr(|a| a | UNREACHABLE));
                links.prev.set(last.map_addr(|a| a | COLLECTING));
                links
                    .next
                    .set(unreachable.ptr().map_addr(|a| a | UNREACHABLE));
                unreachable.prev.set(at);
            } else {
                let object = object_of(links);
                object.traverse(&mut visitor);
                if settled(object) {
                    let next = links.next.get();
                    (*prev).next.set(next);
                    if ptr::eq(next, ring) {
                        ring.prev.set(prev);
                    }
                    links.next.set(ptr::null_mut());
                    links.prev.set(ptr::null_mut());
                } else {
                    // Its own `prev` again, and no flag: it is done.
                    links.prev.set(prev);
                    prev = at;
                    stay += 1;
                }
            }
            at = (*prev).next.get();
        }
    }
    ring.prev.set(prev);
    // The marks go: `next` of all, the head's included, is a plain address again.
    let mut links = unreachable;
    loop {
        let next = links.next.get().map_addr(|a| a & !UNREACHABLE);
        links.next.set(next);
        if ptr::eq(next, unreachable) {
            break;
        }
        // SAFETY: members of the ring live.
        links = unsafe { &*next };
    }
    stay
}

/// Splits a ring: what stays is held from outside; what goes to `unreachable` (an empty ring) is not. Gives the number of
/// objects that stay, without those that are `settled`.
fn deduce_unreachable(
    ring: &Links,
    unreachable: &Links,
    settled: impl Fn(&Object) -> bool,
) -> usize {
    copy_counts(ring);
    subtract_internal(ring);
    separate(ring, unreachable, settled)
}

impl Heap {
    /// Collects a generation and the younger ones now; gives the number of unreachable objects found. Does nothing while
    /// a collection runs.
    pub fn collect(&self, generation: usize) -> usize {
        if self.is_collecting() {
            return 0;
        }
        self.collect_generation(generation.min(GENERATIONS - 1))
    }

    /// Collects the generation that is due, if one is and automatic collection is on.
    pub fn collect_due(&self) -> usize {
        if !self.gc_enabled() || self.is_collecting() {
            return 0;
        }
        if self.is_stressed() {
            // In large heaps only once a thousandth is new, in those beyond a size more: else the time grows with the square of
            // that.
            let new = self.collector.generations[0].count.get() as usize;
            let old = self.collector.long_lived_total.get();
            let large = old / 1000 + old.saturating_sub(LARGE_HEAP) / 20;
            return if new < large {
                0
            } else {
                self.collect(GENERATIONS - 1)
            };
        }
        self.collector
            .due()
            .map_or(0, |generation| self.collect_generation(generation))
    }

    fn collect_generation(&self, generation: usize) -> usize {
        let collector = &self.collector;
        collector.set_collecting(true);
        let hooks = self.hooks.get();
        if let Some(hooks) = hooks {
            hooks.collection_started(generation);
        }
        self.watch.event(Event::CollectionStarted(generation));
        let started = self.report_start(generation);

        for (i, g) in collector.generations.iter().enumerate() {
            if i <= generation {
                g.count.set(0);
            } else if i == generation + 1 {
                g.count.set(g.count.get() + 1);
            }
        }
        let [.., oldest] = &collector.generations;
        let young = collector
            .generations
            .get(generation)
            .map_or(&oldest.ring, |g| &g.ring);
        let old = collector
            .generations
            .get(generation + 1)
            .map_or(&oldest.ring, |g| &g.ring);
        for g in collector.generations.iter().take(generation) {
            young.merge(&g.ring);
        }

        let unreachable = Links::untracked();
        unreachable.reset();
        let survivors = deduce_unreachable(young, &unreachable, |object| self.is_settled(object));
        if ptr::eq(young, old) {
            collector.long_lived_pending.set(0);
            collector
                .long_lived_total
                .set(collector.basis_len.get() + survivors);
        } else {
            if generation == GENERATIONS - 2 {
                collector
                    .long_lived_pending
                    .set(collector.long_lived_pending.get() + survivors);
            }
            old.merge(young);
        }
        let uncollectable = Links::untracked();
        uncollectable.reset();
        if self.old_finalizers.get() {
            set_uncollectable_apart(&unreachable, &uncollectable);
        }
        if collector.debug.get() & Debug::COLLECTABLE != 0
            && let Some(hooks) = hooks
        {
            for links in unreachable.iter() {
                // SAFETY: a member of the ring of garbage.
                hooks.debug_object("collectable", unsafe { object_of(links) });
            }
        }

        let found = self.clear_weakrefs(&unreachable, old);
        let garbage = Links::untracked();
        garbage.reset();
        let mut collected = found.freed;
        if found.finalizers {
            finalize_all(hooks, &unreachable);
            separate_saved(&unreachable, &garbage, old);
            collected += clear_new_weakrefs(&garbage);
        } else {
            // No code of the garbage has run: nothing of it can have been saved.
            collected += found.garbage;
            garbage.merge(&unreachable);
        }
        self.delete(&garbage, old);
        let kept = self.keep_uncollectable(&uncollectable, old);

        if let Some(g) = collector.generations.get(generation) {
            let mut stats = g.stats.get();
            stats.collections += 1;
            stats.collected += collected;
            stats.uncollectable += kept;
            g.stats.set(stats);
        }
        if let (Some(started), Some(hooks)) = (started, hooks) {
            let elapsed = started.elapsed().as_secs_f64();
            hooks.debug_line(&format!(
                "gc: done, {} unreachable, {kept} uncollectable, {elapsed:.4}s elapsed",
                collected + kept
            ));
        }
        self.watch
            .event(Event::CollectionEnded(generation, collected, kept));
        if let Some(hooks) = hooks {
            hooks.collection_ended(generation, collected, kept);
        }
        collector.set_collecting(false);
        collected + kept
    }

    /// Gives all instances of a class made by a script a finaliser of the old kind ([`Hooks::finalize_old`]), as types of C
    /// had before PEP 442: it runs once nobody owns the object, and there is no right moment for it in a cycle, so that
    /// cycles with such objects are not collected.
    pub fn set_old_finalizer(&self, ty: &TypeHead) {
        self.old_finalizers.set(true);
        let flags = &ty.info.flags;
        flags.set(flags.get() | TypeFlags::OLD_FINALIZER);
    }

    /// Lets cycles be collected whatever finalisers their objects have: the end of the interpreter.
    pub fn forget_old_finalizers(&self) {
        self.old_finalizers.set(false);
    }

    /// Moves what cannot be collected to the old ones, and saves those that are the reason; gives the number of objects.
    fn keep_uncollectable(&self, uncollectable: &Links, old: &Links) -> usize {
        if uncollectable.is_empty() {
            return 0;
        }
        let debug = self.collector.debug.get();
        let mut kept = 0;
        let mut saved: Vec<Ref> = Vec::new();
        for links in uncollectable.iter() {
            // SAFETY: a member of the ring of garbage.
            let object = unsafe { object_of(links) };
            kept += 1;
            if debug & Debug::UNCOLLECTABLE != 0
                && let Some(hooks) = self.hooks.get()
            {
                hooks.debug_object("uncollectable", object);
            }
            if debug & Debug::SAVEALL != 0 || has_old_finalizer(object) {
                saved.push(object.to_ref());
            }
        }
        old.merge(uncollectable);
        for object in saved {
            if let Some(hooks) = self.hooks.get() {
                hooks.save_garbage(&object);
            }
        }
        kept
    }

    fn report_start(&self, generation: usize) -> Option<Instant> {
        if self.collector.debug.get() & Debug::STATS == 0 {
            return None;
        }
        if let Some(hooks) = self.hooks.get() {
            let sizes: Vec<String> = self
                .collector
                .generations
                .iter()
                .map(|g| g.ring.len().to_string())
                .collect();
            hooks.debug_line(&format!("gc: collecting generation {generation}..."));
            hooks.debug_line(&format!(
                "gc: objects in each generation: {}",
                sizes.join(" ")
            ));
            hooks.debug_line(&format!(
                "gc: objects in permanent generation: {}",
                self.collector.permanent.len()
            ));
        }
        Some(Instant::now())
    }

    /// Whether an object of the untrackable kind owns nothing that may be watched.
    #[inline(always)]
    fn is_settled(&self, object: &Object) -> bool {
        self.is_untrackable(object) && {
            let mut watched = false;
            object.traverse(&mut Visitor::new(&mut |child| {
                watched = watched || self.may_be_tracked(child)
            }));
            !watched
        }
    }

    /// Clears the weak references to garbage and calls the callbacks of those that live on.
    fn clear_weakrefs(&self, unreachable: &Links, old: &Links) -> Found {
        let mut calls: Vec<Ref> = Vec::new();
        let mut found = Found::default();
        for links in unreachable.iter() {
            // SAFETY: a member of the ring of garbage.
            let object = unsafe { object_of(links) };
            found.garbage += 1;
            found.finalizers |= has_finalizer(object);
            if let Some(body) = weak::WeakBody::of(object) {
                weak::unlink(object, body);
            }
            if object.flags() & Flags::WEAKLY_REFERENCED != 0 {
                let is_garbage = |w: &Object| w.has_links() && Links::of(w).is_collecting();
                weak::clear_for_collection(object, is_garbage, &mut calls);
            }
        }
        // A callback may give the garbage's class a finaliser.
        found.finalizers |= !calls.is_empty();
        for weakref in calls {
            weak::call(self, &weakref);
            if weakref.raw_count() == 1 {
                found.freed += 1;
            } else if self.is_tracked(&weakref) {
                Links::of(&weakref).move_to(old);
            }
        }
        found
    }

    /// Lets garbage give up its references.
    fn delete(&self, garbage: &Links, old: &Links) {
        while !garbage.is_empty() {
            // SAFETY: a member of the ring of garbage; the handle keeps it alive over its own end.
            let links = unsafe { &*garbage.next.get() };
            let object = unsafe { object_of(links) }.to_ref();
            if self.collector.debug.get() & Debug::SAVEALL != 0 {
                if let Some(hooks) = self.hooks.get() {
                    hooks.save_garbage(&object);
                }
            } else {
                object.clear();
            }
            drop(object);
            if ptr::eq(garbage.next.get(), links) {
                // Still alive: somebody else holds it, and may let go later.
                links.clear_collecting();
                links.move_to(old);
            }
        }
    }
}

/// What a look at all garbage has shown.
#[derive(Default)]
struct Found {
    /// Number of objects.
    garbage: usize,
    /// Number of weak references that went with the call of their callback.
    freed: usize,
    /// Whether code may have to run that can save garbage.
    finalizers: bool,
}

fn has_old_finalizer(object: &Object) -> bool {
    object.type_info().flags.get() & TypeFlags::OLD_FINALIZER != 0
}

/// Moves objects with a finaliser of the old kind, and all that can be reached from them, to another ring.
#[cold]
fn set_uncollectable_apart(unreachable: &Links, uncollectable: &Links) {
    let mut at = unreachable.next.get();
    while !ptr::eq(at, unreachable) {
        // SAFETY: members of the ring live.
        let (links, object) = unsafe { (&*at, object_of(&*at)) };
        at = links.next.get();
        if has_old_finalizer(object) {
            links.clear_collecting();
            links.move_to(uncollectable);
        }
    }
    // The ring grows while it is walked.
    let mut at = uncollectable.next.get();
    while !ptr::eq(at, uncollectable) {
        // SAFETY: members of the ring live.
        let (links, object) = unsafe { (&*at, object_of(&*at)) };
        object.traverse(&mut Visitor::new(&mut |child| {
            if child.has_links() && Links::of(child).is_collecting() {
                Links::of(child).clear_collecting();
                Links::of(child).move_to(uncollectable);
            }
        }));
        at = links.next.get();
    }
}

fn has_finalizer(object: &Object) -> bool {
    object.type_info().flags.get() & TypeFlags::HAS_FINALIZER != 0
        && object.flags() & Flags::FINALIZED == 0
}

/// Clears the weak references that finalisers have made to garbage: what is about to lose its parts must not be seen any
/// more. Gives the number of objects.
fn clear_new_weakrefs(garbage: &Links) -> usize {
    let mut objects = 0;
    for links in garbage.iter() {
        // SAFETY: a member of the ring of garbage.
        let object = unsafe { object_of(links) };
        objects += 1;
        if object.flags() & Flags::WEAKLY_REFERENCED != 0 {
            weak::clear_uncalled(object);
        }
    }
    objects
}

/// Runs the finalisers of garbage, each once.
fn finalize_all(hooks: Option<&'static dyn Hooks>, unreachable: &Links) {
    let Some(hooks) = hooks else { return };
    let seen = Links::untracked();
    seen.reset();
    while !unreachable.is_empty() {
        // SAFETY: a member of the ring of garbage.
        let links = unsafe { &*unreachable.next.get() };
        let object = unsafe { object_of(links) };
        links.move_to(&seen);
        if has_finalizer(object) {
            object.set_flags(Flags::FINALIZED);
            let object = object.to_ref();
            hooks.finalize(&object);
        }
    }
    unreachable.merge(&seen);
}

/// Finds what finalisers have saved and moves it to `old`; what is still garbage goes to `garbage`.
fn separate_saved(unreachable: &Links, garbage: &Links, old: &Links) {
    for links in unreachable.iter() {
        links.clear_collecting();
    }
    deduce_unreachable(unreachable, garbage, |_| false);
    old.merge(unreachable);
}
