//! What happens when the last owner of an object is gone.
//!
//! The order is CPython's: the collector forgets the object; its finaliser runs, and may save it; weak references are
//! cleared and their callbacks called; slots, attribute values and `__dict__` are given up; then the payload (for the
//! weak references of a builtin type's own kind: after the attributes of a subclass); then the block; then the type.
//!
//! Containers release what they hold by recursion, as far as a fixed depth; deeper ones wait in a list, linked through
//! their collector prefix, until some levels are done. So a chain of any length needs little stack, and structures that
//! are not as deep are released in the order in which recursion would.
//!
//! A thread that unwinds its stack at the end of the interpreter may have been in the midst of all this, within a finaliser:
//! guards then finish the release, without finalisers.

use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::heap::Heap;
use crate::layout::{TypeFlags, TypeHead};
use crate::links::Links;
use crate::object::{Flags, Object};
use crate::raw::RawDomain;
use crate::weak;

/// Depth of recursion until which containers are released at once.
const DEPTH_LIMIT: u32 = 400;
/// Depth at or below which waiting containers are taken up again.
const DEPTH_RESUME: u32 = 350;
/// Mark in the link of a waiting object: the collector watched it.
const WAS_TRACKED: usize = 2;

/// Containers whose release was put off.
pub(crate) struct Deferred {
    depth: Cell<u32>,
    first: Cell<*mut Links>,
}

impl Deferred {
    pub fn new() -> Deferred {
        Deferred {
            depth: Cell::new(0),
            first: Cell::new(ptr::null_mut()),
        }
    }
}

/// How far the release of containers had come in one thread, see [`Heap::put_deferring_aside`].
pub struct Deferring {
    depth: u32,
    first: *mut Links,
}

impl Heap {
    /// Lets another thread release containers from the first level on; what waits in this thread goes on when it comes
    /// back ([`Heap::resume_deferring`]).
    pub fn put_deferring_aside(&self) -> Deferring {
        Deferring {
            depth: self.deferred.depth.replace(0),
            first: self.deferred.first.replace(ptr::null_mut()),
        }
    }

    /// See [`Heap::put_deferring_aside`].
    pub fn resume_deferring(&self, aside: &Deferring) {
        self.deferred.depth.set(aside.depth);
        self.deferred.first.set(aside.first);
    }

    /// Runs `f` while neither finalisers nor callbacks run.
    pub fn without_hooks<T>(&self, f: impl FnOnce() -> T) -> T {
        let hooks = self.hooks.take();
        let result = f();
        self.hooks.set(hooks);
        result
    }
}

/// Releases an object whose count has just reached zero.
///
/// # Safety
/// The count is zero and the caller was the last owner.
#[inline(never)]
pub unsafe fn release(object: &Object) {
    // SAFETY: the caller's promise.
    if unsafe { release_simple(object) } {
        return;
    }
    let flags = object.flags();
    let ty = object.type_head();
    let special = flags & (Flags::GC | Flags::MANAGED | Flags::WEAKLY_REFERENCED)
        | ty.info.flags.get()
            & (TypeFlags::HEAP_TYPE | TypeFlags::HAS_FINALIZER | TypeFlags::BUILTIN_SLOTS);
    // SAFETY: nobody owns the object any more.
    unsafe {
        if special & !Flags::GC != 0
            && (special & !Flags::GC != TypeFlags::HAS_FINALIZER || flags & Flags::QUIET == 0)
        {
            if flags & NOT_PLAIN == 0
                && ty.info.flags.get() & NOT_PLAIN_TYPE == TypeFlags::HEAP_TYPE
                && ty.info.layout.get().size == size_of::<Object>()
            {
                return release_instance(object, ty, flags);
            }
            return release_special(object, ty);
        }
        let layout = ty.info.layout.get();
        if flags & Flags::GC != 0 {
            return release_container(object, ty, layout.drop, flags & Flags::RAW != 0);
        }
        if layout.needs_drop {
            (layout.drop)(object);
        }
        if flags & Flags::RAW == 0 {
            Heap::free_small(NonNull::from(object).cast());
        } else {
            RawDomain::free(NonNull::from(object).cast(), 16);
        }
    }
}

/// Gives the block of an object back whose count has just reached zero, if nothing else is to be done: whether it was so.
///
/// # Safety
/// As [`release`].
#[inline(always)]
pub unsafe fn release_simple(object: &Object) -> bool {
    let simple = object.flags() & (Flags::SIMPLE | Flags::RAW) == Flags::SIMPLE;
    if simple {
        // SAFETY: nobody owns the object any more, and its block came from a pool.
        unsafe { Heap::free_small(NonNull::from(object).cast()) };
    }
    simple
}

/// As [`release_simple`], but not where that asks for a decision of the allocator: then nothing has happened, and it was not so.
///
/// # Safety
/// As [`release`].
#[inline(always)]
pub unsafe fn release_at_once(object: &Object) -> bool {
    let simple = object.flags() & (Flags::SIMPLE | Flags::RAW) == Flags::SIMPLE;
    // SAFETY: nobody owns the object any more, and its block came from a pool.
    simple && unsafe { Heap::free_at_once(NonNull::from(object).cast()) }
}

/// What an instance that [`release_instance`] releases has not.
const NOT_PLAIN: u32 = Flags::WEAKLY_REFERENCED | Flags::RAW | Flags::RELEASING;
/// What its type has not, but that it is made by a class statement.
const NOT_PLAIN_TYPE: u32 = TypeFlags::HEAP_TYPE
    | TypeFlags::HAS_FINALIZER
    | TypeFlags::OLD_FINALIZER
    | TypeFlags::WEAKREFS_FIRST;

/// Releases an instance of a plain class: no finaliser, no weak references, no payload. Does what [`release_special`] does
/// with such a one.
///
/// # Safety
/// As [`release`]; the object has a collector prefix.
unsafe fn release_instance(object: &Object, ty: &TypeHead, flags: u32) {
    if flags & Flags::GC == 0 {
        // SAFETY: the caller's promise.
        return unsafe { release_special(object, ty) };
    }
    // SAFETY: a heap outlives its types; nobody owns the object any more.
    unsafe {
        let heap: &Heap = &*ty.info.heap.get();
        let deferred = &heap.deferred;
        let depth = deferred.depth.get();
        if depth >= DEPTH_LIMIT {
            return defer(heap, object);
        }
        let links = Links::of(object);
        if links.is_tracked() {
            links.unlink();
        }
        deferred.depth.set(depth + 1);
        object.set_flags(Flags::RELEASING);
        let rest = Rest {
            heap,
            object,
            payload: false,
        };
        object.clear_words();
        std::mem::forget(rest);
        heap.free_object(NonNull::from(object), flags);
        ty.head.dec();
        // Other threads may have come in between: count down, do not restore.
        deferred.depth.set(deferred.depth.get().saturating_sub(1));
        if !deferred.first.get().is_null() && depth <= DEPTH_RESUME {
            release_deferred(heap);
        }
    }
}

/// Releases a container of a builtin type that has no finaliser (or one with nothing to do), no weak references and no
/// attributes.
///
/// # Safety
/// As [`release`].
#[inline(always)]
unsafe fn release_container(
    object: &Object,
    ty: &TypeHead,
    drop: unsafe fn(*const Object),
    raw: bool,
) {
    // SAFETY: a heap outlives its types; nobody owns the object any more.
    unsafe {
        let heap: &Heap = &*ty.info.heap.get();
        let deferred = &heap.deferred;
        let depth = deferred.depth.get();
        if depth >= DEPTH_LIMIT {
            return defer(heap, object);
        }
        let links = Links::of(object);
        if links.is_tracked() {
            links.unlink_for_good();
        }
        deferred.depth.set(depth + 1);
        let block = ContainerBlock {
            heap,
            block: NonNull::from(links).cast(),
            raw,
        };
        drop(object);
        std::mem::drop(block);
        // Other threads may have come in between: count down, do not restore.
        deferred.depth.set(deferred.depth.get().saturating_sub(1));
        if !deferred.first.get().is_null() && depth <= DEPTH_RESUME {
            release_deferred(heap);
        }
    }
}

/// The block of a container, which is freed when this goes: after the payload, or where a thread unwinds out of its drop.
struct ContainerBlock<'a> {
    heap: &'a Heap,
    block: NonNull<u8>,
    raw: bool,
}

impl Drop for ContainerBlock<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.heap.collector.count_free();
        // SAFETY: nobody owns the container any more, and its payload has been dropped.
        unsafe {
            if self.raw {
                RawDomain::free(self.block, 16);
            } else {
                Heap::free_small(self.block);
            }
        }
    }
}

/// Puts the release of a container off.
///
/// # Safety
/// As [`release`]; the object has a collector prefix.
#[cold]
#[inline(never)]
unsafe fn defer(heap: &Heap, object: &Object) {
    let links = Links::of(object);
    let tracked = links.is_tracked();
    if tracked {
        links.unlink();
    }
    object.set_flags(Flags::RELEASING);
    let mark = if tracked { WAS_TRACKED } else { 0 };
    links
        .prev
        .set(heap.deferred.first.get().map_addr(|a| a | mark));
    heap.deferred.first.set(links.ptr());
}

/// # Safety
/// As [`release`].
unsafe fn release_special(object: &Object, ty: &TypeHead) {
    let flags = object.flags();
    if flags & Flags::RELEASING != 0 {
        return;
    }
    // SAFETY: a heap outlives its types; nobody owns the object any more.
    unsafe {
        let heap: &Heap = &*ty.info.heap.get();
        let deferred = &heap.deferred;
        let depth = deferred.depth.get();
        let mut tracked = false;
        if flags & (Flags::GC | Flags::MANAGED) != 0 {
            if depth >= DEPTH_LIMIT {
                return defer(heap, object);
            }
            let links = Links::of(object);
            tracked = links.is_tracked();
            if tracked {
                links.unlink();
            }
        }
        deferred.depth.set(depth + 1);
        dismantle(heap, object, ty, tracked);
        // Other threads may have come in between: count down, do not restore.
        deferred.depth.set(deferred.depth.get().saturating_sub(1));
        if !deferred.first.get().is_null() && depth <= DEPTH_RESUME {
            release_deferred(heap);
        }
    }
}

/// Takes up the containers that were put off.
///
/// # Safety
/// They wait for their release, and nobody owns them.
#[cold]
#[inline(never)]
unsafe fn release_deferred(heap: &Heap) {
    let deferred = &heap.deferred;
    deferred.depth.set(deferred.depth.get() + 1);
    loop {
        let links = deferred.first.get();
        // SAFETY: waiting objects are not freed.
        let Some(at) = (unsafe { links.as_ref() }) else {
            break;
        };
        let tracked = at.prev.get().addr() & WAS_TRACKED != 0;
        deferred
            .first
            .set(at.prev.get().map_addr(|a| a & !WAS_TRACKED));
        at.prev.set(ptr::null_mut());
        // SAFETY: links of an object that nobody owns.
        unsafe {
            let object = Links::object(links);
            object.clear_flags(Flags::RELEASING);
            dismantle(heap, object, object.type_head(), tracked);
        }
    }
    deferred.depth.set(deferred.depth.get().saturating_sub(1));
}

/// # Safety
/// As [`release`]; the object is untracked, `tracked` says whether it just was not.
unsafe fn dismantle(heap: &Heap, object: &Object, ty: &TypeHead, tracked: bool) {
    let type_flags = ty.info.flags.get();
    let weak_first = type_flags & TypeFlags::WEAKREFS_FIRST != 0;
    if weak_first && object.flags() & Flags::WEAKLY_REFERENCED != 0 {
        weak::clear_all(heap, object);
    }
    if type_flags & TypeFlags::HAS_FINALIZER != 0 && !finalize(heap, object, tracked) {
        return;
    }
    // The finaliser may have changed the type.
    let ty = object.type_head();
    if ty.info.flags.get() & TypeFlags::OLD_FINALIZER != 0 && !finalize_old(heap, object, tracked) {
        return;
    }
    let ty = object.type_head();
    let info = &ty.info;
    let type_flags = info.flags.get();
    // SAFETY: nobody owns the object any more; its payload is dropped once.
    unsafe {
        let weak_in_base = type_flags & TypeFlags::HEAP_TYPE != 0
            && info.weaklist_offset.get() != 0
            && (info.weaklist_offset.get() as usize) < info.layout.get().size;
        object.set_flags(Flags::RELEASING);
        let flags = object.flags();
        let mut rest = Rest {
            heap,
            object,
            payload: true,
        };
        if flags & Flags::WEAKLY_REFERENCED != 0 && !weak_in_base {
            weak::clear_all(heap, object);
        }
        if flags & Flags::MANAGED != 0
            || type_flags & TypeFlags::INLINE_VALUES != 0
            || info.slots_offset.get() != 0 && info.slots_offset.get() < info.basicsize.get()
        {
            object.clear_words();
        }
        if flags & Flags::WEAKLY_REFERENCED != 0 && weak_in_base {
            weak::clear_all(heap, object);
        }
        rest.payload = false;
        let layout = info.layout.get();
        if layout.needs_drop {
            (layout.drop)(object);
        }
        std::mem::forget(rest);
        heap.free_object(NonNull::from(object), flags);
        if type_flags & TypeFlags::HEAP_TYPE != 0 {
            ty.head.dec();
        }
    }
}

/// What is left to do for an object where a thread unwinds out of its release. No finaliser and no callback runs then.
struct Rest<'a> {
    heap: &'a Heap,
    object: &'a Object,
    /// Whether the payload has not been touched yet.
    payload: bool,
}

impl Drop for Rest<'_> {
    #[cold]
    fn drop(&mut self) {
        let object = self.object;
        let ty = object.type_head();
        let flags = object.flags();
        if flags & Flags::WEAKLY_REFERENCED != 0 {
            weak::clear_all(self.heap, object);
        }
        object.clear_words();
        let layout = ty.info.layout.get();
        // SAFETY: nobody owns the object any more; its payload is dropped once, and its type lives as long as it.
        unsafe {
            if self.payload && layout.needs_drop {
                (layout.drop)(object);
            }
            self.heap.free_object(NonNull::from(object), flags);
            if ty.info.flags.get() & TypeFlags::HEAP_TYPE != 0 {
                ty.head.dec();
            }
        }
    }
}

/// The count that an object has while its finaliser runs: given up where a thread unwinds out of that.
struct Saved<'a>(&'a Object);

impl Drop for Saved<'_> {
    #[cold]
    fn drop(&mut self) {
        self.0.set_flags(Flags::FINALIZED);
        // SAFETY: the count stands for nobody any more.
        unsafe { self.0.dec() };
    }
}

/// Runs the finaliser of an object that nobody owns; whether its release goes on.
fn finalize(heap: &Heap, object: &Object, tracked: bool) -> bool {
    let collected = object.has_links();
    if collected && object.flags() & Flags::FINALIZED != 0 {
        return true;
    }
    let Some(hooks) = heap.hooks.get() else {
        return true;
    };
    // The collector may run meanwhile and must see a live object.
    if tracked {
        heap.track(object);
    }
    object.set_raw_count(1);
    let saved = Saved(object);
    hooks.finalize(object);
    std::mem::forget(saved);
    if collected {
        object.set_flags(Flags::FINALIZED);
    }
    let count = object.raw_count() - 1;
    object.set_raw_count(count);
    if count != 0 {
        return false;
    }
    heap.untrack(object);
    true
}

/// Runs the finaliser of the old kind of an object that nobody owns; whether its release goes on. Weak references are dead by
/// then, and such a finaliser runs again where it has saved its object.
#[cold]
fn finalize_old(heap: &Heap, object: &Object, tracked: bool) -> bool {
    let Some(hooks) = heap.hooks.get() else {
        return true;
    };
    if object.flags() & Flags::WEAKLY_REFERENCED != 0 {
        object.set_flags(Flags::RELEASING);
        weak::clear_all(heap, object);
        object.clear_flags(Flags::RELEASING);
    }
    if tracked {
        heap.track(object);
    }
    object.set_raw_count(1);
    let saved = Saved(object);
    hooks.finalize_old(object);
    std::mem::forget(saved);
    let count = object.raw_count() - 1;
    object.set_raw_count(count);
    if count != 0 {
        return false;
    }
    heap.untrack(object);
    if object.flags() & Flags::WEAKLY_REFERENCED != 0 {
        weak::clear_uncalled(object);
    }
    true
}
