//! The arenas of a heap: which pools are free, and which arena gives the next one.
//!
//! Arenas with free pools are kept in one list for each number of free pools, and a new pool comes from an arena with the
//! fewest: full arenas stay full, nearly empty ones get the time to empty, and then go back to the system.
//!
//! A large heap gets its arenas by regions of eight, which may lie in one large page. The memory of an empty arena goes back at
//! once all the same; its addresses are kept until the whole region is empty.

use std::cell::{Cell, RefCell};
use std::ptr::{self, NonNull};

use crate::heap::Heap;
use crate::os;
use crate::pool::{ARENA_SIZE, Arena, POOL_SIZE, POOLS_PER_ARENA, Pool, State};

/// An arena's pages are asked of the system some at a time, which costs less than a fault for each: this many pools of the
/// early arenas.
const STEP: usize = 8;

/// The first arena's pages are asked for at once, as an interpreter fills it before anything runs; from this many arenas
/// on again all pages of each, as the memory that may lie idle is a small part.
const WHOLE_FROM: usize = 8;

/// From this many arenas on, further ones come from regions.
const REGIONS_FROM: usize = 16;

/// Memory of eight arenas.
struct Region {
    start: NonNull<u8>,
    /// One bit for each arena that is used.
    used: u8,
}

const _: () = assert!(os::REGION_SIZE / ARENA_SIZE == u8::BITS as usize);

/// The arenas of a heap.
pub(crate) struct Arenas {
    all: RefCell<Vec<*mut Arena>>,
    /// The regions, by address.
    regions: RefCell<Vec<Region>>,
    /// Arenas by number of free pools, less one.
    buckets: [Cell<*mut Arena>; POOLS_PER_ARENA],
    /// One bit for each bucket that is not empty.
    occupied: Cell<u64>,
    /// Most arenas that were held at a time.
    pub peak: Cell<usize>,
    /// Arenas ever mapped.
    pub mapped: Cell<u64>,
}

impl Arenas {
    pub fn new() -> Arenas {
        Arenas {
            all: RefCell::new(Vec::new()),
            regions: RefCell::new(Vec::new()),
            buckets: [const { Cell::new(ptr::null_mut()) }; POOLS_PER_ARENA],
            occupied: Cell::new(0),
            peak: Cell::new(0),
            mapped: Cell::new(0),
        }
    }

    /// Number of arenas held.
    pub fn count(&self) -> usize {
        self.all.borrow().len()
    }

    /// The arenas, oldest first as far as none was given back.
    pub fn list(&self) -> Vec<*mut Arena> {
        self.all.borrow().clone()
    }

    fn link(&self, arena: &Arena, free: u32) {
        let Some(bucket) = self.buckets.get((free as usize).wrapping_sub(1)) else {
            return;
        };
        let at = (arena as *const Arena).cast_mut();
        let first = bucket.replace(at);
        arena.next.set(first);
        arena.prev.set(ptr::null_mut());
        if !first.is_null() {
            // SAFETY: linked arenas are mapped.
            unsafe { (*first).prev.set(at) };
        }
        self.occupied.set(self.occupied.get() | 1 << (free - 1));
    }

    fn unlink(&self, arena: &Arena, free: u32) {
        let Some(bucket) = self.buckets.get((free as usize).wrapping_sub(1)) else {
            return;
        };
        let (prev, next) = (arena.prev.get(), arena.next.get());
        // SAFETY: linked arenas are mapped.
        unsafe {
            if prev.is_null() {
                bucket.set(next);
                if next.is_null() {
                    self.occupied.set(self.occupied.get() & !(1 << (free - 1)));
                }
            } else {
                (*prev).next.set(next);
            }
            if !next.is_null() {
                (*next).prev.set(prev);
            }
        }
    }

    fn map(&self, heap: &Heap) -> Option<()> {
        if !heap.raw.admits(heap, ARENA_SIZE) {
            return None;
        }
        let mut all = self.all.try_borrow_mut().ok()?;
        all.try_reserve(1).ok()?;
        let in_region = (all.len() >= REGIONS_FROM)
            .then(|| self.take_from_region())
            .flatten();
        let memory = match in_region {
            Some(memory) => memory,
            None => os::map_arena()?,
        };
        // SAFETY: fresh memory of the right size and alignment.
        let arena = unsafe { Arena::prepare(memory, all.len(), heap) };
        // SAFETY: just made.
        unsafe { (*arena).in_region.set(in_region.is_some()) };
        all.push(arena);
        self.peak.set(self.peak.get().max(all.len()));
        self.mapped.set(self.mapped.get() + 1);
        // SAFETY: just made.
        self.link(unsafe { &*arena }, POOLS_PER_ARENA as u32);
        Some(())
    }

    /// Memory for an arena: of the region that has fewest left, or of a new one.
    fn take_from_region(&self) -> Option<NonNull<u8>> {
        let mut regions = self.regions.try_borrow_mut().ok()?;
        let begun = regions
            .iter_mut()
            .filter(|region| region.used != u8::MAX)
            .max_by_key(|region| region.used.count_ones());
        let region = match begun {
            Some(region) => region,
            None => {
                regions.try_reserve(1).ok()?;
                let start = os::map_region()?;
                let at = regions.partition_point(|region| region.start < start);
                regions.insert(at, Region { start, used: 0 });
                regions.get_mut(at)?
            }
        };
        let index = region.used.trailing_ones() as usize;
        region.used |= 1 << index;
        // SAFETY: inside the region.
        Some(unsafe { region.start.add(index * ARENA_SIZE) })
    }

    /// Takes an arena back into its region, its memory to the system, and the region with it when that was the last one.
    fn return_to_region(&self, memory: NonNull<u8>) {
        let mut regions = self.regions.borrow_mut();
        let at = regions.partition_point(|region| region.start <= memory);
        let Some(region) = at.checked_sub(1).and_then(|at| regions.get_mut(at)) else {
            return;
        };
        let index = (memory.addr().get() - region.start.addr().get()) / ARENA_SIZE;
        region.used &= !(1 << index);
        if region.used == 0 {
            let region = regions.remove(at - 1);
            // SAFETY: nobody uses an empty arena.
            unsafe { os::unmap_region(region.start) };
        } else {
            // SAFETY: as above.
            unsafe { os::discard(memory) };
        }
    }

    /// Asks the system for the pages of an arena's pools from one on that is used for the first time.
    fn populate(&self, arena: &Arena, pool: *mut Pool, index: usize) {
        let number = arena.index.get();
        let step = if number >= WHOLE_FROM {
            POOLS_PER_ARENA
        } else {
            STEP
        };
        let end = (index + step).min(POOLS_PER_ARENA);
        arena.populated.set(end);
        // SAFETY: the pools from this one up to the arena's end are mapped, and none of them is used yet.
        unsafe { os::populate(pool.cast(), (end - index) * POOL_SIZE) };
    }

    /// A free pool, prepared for a bin, in state `Current`.
    pub fn take_pool(&self, heap: &Heap, bin: usize) -> Option<*mut Pool> {
        if self.occupied.get() == 0 {
            self.map(heap)?;
        }
        let bucket = self.occupied.get().trailing_zeros() as usize;
        let arena = self.buckets.get(bucket)?.get();
        // SAFETY: an occupied bucket links a mapped arena with free pools.
        unsafe {
            let a = &*arena;
            let free = a.free.get();
            let count = free.count_ones();
            self.unlink(a, count);
            let index = free.trailing_zeros() as usize;
            let pool = Arena::pool(arena, index);
            if index >= a.populated.get() {
                self.populate(a, pool, index);
            }
            a.free.set(free & (free - 1));
            self.link(a, count - 1);
            Pool::prepare(pool, bin, heap);
            Some(pool)
        }
    }

    /// Takes an empty pool back; gives its arena to the system when that is empty and another has free pools.
    ///
    /// # Safety
    /// The pool is linked nowhere and has no used block.
    pub unsafe fn return_pool(&self, pool: *mut Pool) {
        let arena = Arena::of(pool);
        // SAFETY: the arena of a pool in use is mapped.
        unsafe {
            (*pool).state.set(State::Free);
            let a = &*arena;
            let count = a.free.get().count_ones();
            self.unlink(a, count);
            let index = (pool.addr() & (ARENA_SIZE - 1)) / POOL_SIZE;
            a.free.set(a.free.get() | 1 << index);
            if a.free.get() == u64::MAX && self.occupied.get() != 0 {
                self.unmap(arena);
            } else {
                self.link(a, count + 1);
            }
        }
    }

    /// # Safety
    /// The arena is empty and unlinked.
    unsafe fn unmap(&self, arena: *mut Arena) {
        let Ok(mut all) = self.all.try_borrow_mut() else {
            return;
        };
        // SAFETY: still mapped.
        let index = unsafe { (*arena).index.get() };
        if index < all.len() {
            all.swap_remove(index);
            if let Some(&moved) = all.get(index) {
                // SAFETY: listed arenas are mapped.
                unsafe { (*moved).index.set(index) };
            }
        }
        self.give_back(arena);
    }

    /// Gives the memory of an arena that nobody uses back.
    fn give_back(&self, arena: *mut Arena) {
        let Some(memory) = NonNull::new(Arena::base(arena)) else {
            return;
        };
        // SAFETY: still mapped, and nobody uses it.
        unsafe {
            if (*arena).in_region.get() {
                self.return_to_region(memory);
            } else {
                os::unmap_arena(memory);
            }
        }
    }

    /// Gives all arenas back: the end of the heap.
    pub fn free_all(&mut self) {
        for arena in std::mem::take(self.all.get_mut()) {
            self.give_back(arena);
        }
    }
}
