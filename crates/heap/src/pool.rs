//! Arenas, pools and blocks: the small-block allocator's data.
//!
//! An arena is 256 KiB, aligned to its size, and holds 64 pools of 4 KiB, aligned to theirs. A pool holds equal blocks of
//! one *bin*: a size class (multiples of 16 bytes up to 512) of one [`Domain`]. Each pool starts with its header; the
//! first pool of an arena has the arena's header behind its own.
//!
//! **Invariants.**
//! - The pool of a block is found by masking its address; the pool knows its heap.
//! - The free list of a pool links free blocks through their first word.
//! - `countdown` reaches zero on exactly those frees that need a decision: the last block of a pool, or the first free in
//!   a full pool (there it is kept at one). While the heap is watched it is always one. The true number of used blocks is
//!   `Pool::used`.
//! - A pool in state `Usable` is linked in its bin's list, one in state `Current` is where its bin allocates from, a
//!   `Full` one is linked nowhere, and the `Free` ones are told by their arena's bitmap.

use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::heap::Heap;

/// Size and alignment of an arena in bytes.
pub const ARENA_SIZE: usize = 256 * 1024;
/// Size and alignment of a pool in bytes.
pub const POOL_SIZE: usize = 4096;
/// Pools of an arena.
pub const POOLS_PER_ARENA: usize = ARENA_SIZE / POOL_SIZE;
/// Largest request that is served from pools, in bytes; larger ones come from the raw domain.
pub const MAX_SMALL: usize = 512;
/// Number of size classes.
pub const CLASSES: usize = MAX_SMALL / 16;
/// Number of bins: size classes of all domains.
pub const BINS: usize = CLASSES * Domain::ALL.len();

/// What the blocks of a pool hold; it tells where in a block the object's header is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Domain {
    /// Growable payloads: no objects.
    Payload = 0,
    /// Objects without a prefix.
    Plain = 1,
    /// Objects with a collector prefix of 16 bytes.
    Gc = 2,
    /// Objects with prefixes for the collector, `__dict__` and weak references: 32 bytes.
    Managed = 3,
}

impl Domain {
    /// All domains.
    pub const ALL: [Domain; 4] = [Domain::Payload, Domain::Plain, Domain::Gc, Domain::Managed];

    /// Bytes before an object's header.
    #[inline]
    pub const fn prefix(self) -> usize {
        match self {
            Domain::Payload | Domain::Plain => 0,
            Domain::Gc => 16,
            Domain::Managed => 32,
        }
    }
}

/// The bin of a block size from 1 to [`MAX_SMALL`] bytes.
#[inline]
pub(crate) const fn bin_of(domain: Domain, size: usize) -> usize {
    domain as usize * CLASSES + ((size - 1) >> 4)
}

/// Block size of a bin in bytes.
#[inline]
pub(crate) const fn bin_block_size(bin: usize) -> usize {
    (bin % CLASSES + 1) << 4
}

/// A free block.
#[repr(C)]
pub(crate) struct Block {
    pub next: Cell<*mut Block>,
}

/// Where a pool stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum State {
    Free,
    Current,
    Usable,
    Full,
}

/// The header of a pool.
#[repr(C, align(16))]
pub(crate) struct Pool {
    pub free: Cell<*mut Block>,
    pub countdown: Cell<u32>,
    pub bin: Cell<u8>,
    pub state: Cell<State>,
    pub capacity: Cell<u16>,
    pub heap: Cell<*const Heap>,
    pub next: Cell<*mut Pool>,
    pub prev: Cell<*mut Pool>,
    /// Offset of the first block.
    pub first: Cell<u16>,
    /// Used blocks, kept only while the heap is watched.
    pub watched_used: Cell<u16>,
}

/// The header of an arena, behind the header of its first pool.
#[repr(C, align(16))]
pub(crate) struct Arena {
    pub next: Cell<*mut Arena>,
    pub prev: Cell<*mut Arena>,
    /// One bit for each free pool.
    pub free: Cell<u64>,
    /// Place in the heap's table of arenas.
    pub index: Cell<usize>,
    /// Pools whose pages were asked of the system: those before this one.
    pub populated: Cell<usize>,
    /// Whether its memory is part of a region.
    pub in_region: Cell<bool>,
}

pub(crate) const POOL_HEADER: usize = size_of::<Pool>();
const ARENA_HEADER: usize = size_of::<Arena>();
const _: () = assert!(POOL_HEADER.is_multiple_of(16) && ARENA_HEADER.is_multiple_of(16));

/// What bins without a current pool point to: it has no free block, so that the first allocation takes the slow way.
pub(crate) struct NoPool(Pool);

// SAFETY: it is never written.
unsafe impl Sync for NoPool {}

static NO_POOL: NoPool = NoPool(Pool {
    free: Cell::new(ptr::null_mut()),
    countdown: Cell::new(0),
    bin: Cell::new(0),
    state: Cell::new(State::Full),
    capacity: Cell::new(0),
    heap: Cell::new(ptr::null()),
    next: Cell::new(ptr::null_mut()),
    prev: Cell::new(ptr::null_mut()),
    first: Cell::new(0),
    watched_used: Cell::new(0),
});

impl Pool {
    /// The pool that has no blocks.
    #[inline]
    pub fn none() -> *mut Pool {
        (&raw const NO_POOL.0).cast_mut()
    }

    /// Whether this is the pool that has no blocks.
    #[inline]
    pub fn is_none(pool: *mut Pool) -> bool {
        ptr::eq(pool, &raw const NO_POOL.0)
    }

    /// The pool of a block.
    #[inline]
    pub fn of(block: *mut u8) -> *mut Pool {
        block.map_addr(|a| a & !(POOL_SIZE - 1)).cast()
    }

    /// Makes a pool's blocks ready for a bin.
    ///
    /// # Safety
    /// `pool` is an unused pool of an arena of `heap`.
    pub unsafe fn prepare(pool: *mut Pool, bin: usize, heap: *const Heap) {
        let first = if pool.addr().is_multiple_of(ARENA_SIZE) {
            POOL_HEADER + ARENA_HEADER
        } else {
            POOL_HEADER
        };
        let size = bin_block_size(bin);
        let capacity = (POOL_SIZE - first) / size;
        // SAFETY: all blocks lie inside the pool, which nobody uses.
        unsafe {
            let start = pool.cast::<u8>().add(first);
            for i in 0..capacity - 1 {
                (*start.add(i * size).cast::<Block>())
                    .next
                    .set(start.add((i + 1) * size).cast());
            }
            (*start.add((capacity - 1) * size).cast::<Block>())
                .next
                .set(ptr::null_mut());
            let p = &*pool;
            p.free.set(start.cast());
            p.countdown.set(0);
            p.watched_used.set(0);
            p.bin.set(bin as u8);
            p.capacity.set(capacity as u16);
            p.first.set(first as u16);
            p.heap.set(heap);
            p.next.set(ptr::null_mut());
            p.prev.set(ptr::null_mut());
            p.state.set(State::Current);
        }
    }

    /// Blocks in use.
    pub fn used(&self, watched: bool) -> usize {
        if watched {
            return self.watched_used.get() as usize;
        }
        match self.state.get() {
            State::Free => 0,
            State::Full => self.capacity.get() as usize,
            State::Current | State::Usable => self.countdown.get() as usize,
        }
    }

    /// The domain of the pool's blocks.
    pub fn domain(&self) -> Domain {
        Domain::ALL[self.bin.get() as usize / CLASSES % Domain::ALL.len()]
    }

    /// Size of a block in bytes.
    pub fn block_size(&self) -> usize {
        bin_block_size(self.bin.get() as usize)
    }

    /// Which blocks are free, as a bitmap over the block numbers.
    pub fn free_blocks(&self) -> [u64; 4] {
        let mut map = [0u64; 4];
        let size = self.block_size();
        let mut at = self.free.get();
        let mut steps = 0;
        while !at.is_null() && steps <= self.capacity.get() {
            let index =
                (at.addr() & (POOL_SIZE - 1)).wrapping_sub(self.first.get() as usize) / size;
            if let Some(word) = map.get_mut(index / 64) {
                *word |= 1 << (index % 64);
            }
            // SAFETY: a free list links free blocks of its own pool.
            at = unsafe { (*at).next.get() };
            steps += 1;
        }
        map
    }

    /// Addresses of the blocks in use, lowest first.
    pub fn used_blocks(&self) -> impl Iterator<Item = NonNull<u8>> + use<> {
        let free = self.free_blocks();
        let size = self.block_size();
        let capacity = if self.state.get() == State::Free {
            0
        } else {
            self.capacity.get() as usize
        };
        let start = (self as *const Pool)
            .cast::<u8>()
            .cast_mut()
            .wrapping_add(self.first.get() as usize);
        (0..capacity)
            .filter(move |i| free[i / 64] >> (i % 64) & 1 == 0)
            .filter_map(move |i| NonNull::new(start.wrapping_add(i * size)))
    }
}

impl Arena {
    /// The arena that a pool lies in.
    pub fn of(pool: *mut Pool) -> *mut Arena {
        pool.map_addr(|a| a & !(ARENA_SIZE - 1))
            .cast::<u8>()
            .wrapping_add(POOL_HEADER)
            .cast()
    }

    /// Start of the arena.
    pub fn base(this: *mut Arena) -> *mut u8 {
        this.cast::<u8>().wrapping_sub(POOL_HEADER)
    }

    /// A pool of the arena.
    pub fn pool(this: *mut Arena, index: usize) -> *mut Pool {
        Arena::base(this).wrapping_add(index * POOL_SIZE).cast()
    }

    /// Makes an arena of fresh memory, all pools free.
    ///
    /// # Safety
    /// `memory` is an arena's worth of unused memory, aligned to its size.
    pub unsafe fn prepare(memory: NonNull<u8>, index: usize, heap: *const Heap) -> *mut Arena {
        let arena: *mut Arena = memory.as_ptr().wrapping_add(POOL_HEADER).cast();
        // SAFETY: inside the memory given.
        unsafe {
            // Only the header of the first pool must be valid now; writing the others would touch every page.
            Arena::pool(arena, 0).write(Pool {
                free: Cell::new(ptr::null_mut()),
                countdown: Cell::new(0),
                bin: Cell::new(0),
                state: Cell::new(State::Free),
                capacity: Cell::new(0),
                heap: Cell::new(heap),
                next: Cell::new(ptr::null_mut()),
                prev: Cell::new(ptr::null_mut()),
                first: Cell::new(0),
                watched_used: Cell::new(0),
            });
            arena.write(Arena {
                next: Cell::new(ptr::null_mut()),
                prev: Cell::new(ptr::null_mut()),
                free: Cell::new(u64::MAX),
                index: Cell::new(index),
                populated: Cell::new(0),
                in_region: Cell::new(false),
            });
        }
        arena
    }

    /// The arena's pools that are in use.
    pub fn used_pools(this: *mut Arena) -> impl Iterator<Item = *mut Pool> {
        // SAFETY: the arena is mapped while its heap lists it.
        let free = unsafe { (*this).free.get() };
        (0..POOLS_PER_ARENA)
            .filter(move |i| free >> i & 1 == 0)
            .map(move |i| Arena::pool(this, i))
    }
}
