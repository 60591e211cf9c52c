//! Exact statistics: what the heap holds, down to the block. Nothing is counted twice and nothing is estimated; the pool
//! headers are read when somebody asks, so that allocation keeps no counters.

use std::ptr::NonNull;

use crate::heap::Heap;
use crate::pool::{
    ARENA_SIZE, Arena, CLASSES, Domain, POOLS_PER_ARENA, Pool, State, bin_block_size,
};

/// The state of one size class.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct ClassStats {
    /// Block size in bytes.
    pub size: usize,
    /// Pools of the class.
    pub pools: usize,
    /// Blocks in use.
    pub used: usize,
    /// Free blocks of those pools.
    pub free: usize,
}

/// What a heap holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeapStats {
    /// Arenas held.
    pub arenas: usize,
    /// Most arenas held at a time.
    pub arenas_peak: usize,
    /// Arenas ever taken from the system.
    pub arenas_mapped: u64,
    /// Pools in use.
    pub pools: usize,
    /// Pools free in the arenas held.
    pub free_pools: usize,
    /// Blocks in use, raw ones included: what `sys.getallocatedblocks` reports.
    pub blocks: usize,
    /// Bytes of the blocks in use, raw ones (headers included) included.
    pub bytes: usize,
    /// Blocks of the raw domain in use.
    pub raw_blocks: usize,
    /// Bytes of the raw domain in use, headers included.
    pub raw_bytes: usize,
    /// Bytes held from the system: arenas and raw blocks.
    pub held: usize,
    /// Most bytes held at a time.
    pub held_peak: usize,
    /// Each size class, all domains together.
    pub classes: [ClassStats; CLASSES],
}

/// One pool in a picture of the heap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PoolMap {
    /// Address of the pool.
    pub address: usize,
    /// What its blocks hold; `None` for a free pool.
    pub domain: Option<Domain>,
    /// Block size in bytes.
    pub block_size: usize,
    /// Number of blocks.
    pub capacity: usize,
    /// Addresses of the blocks in use.
    pub used: Vec<usize>,
}

/// One arena in a picture of the heap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArenaMap {
    /// Address of the arena.
    pub address: usize,
    /// Its pools in order.
    pub pools: Vec<PoolMap>,
}

/// A picture of the heap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeapMap {
    /// The arenas, by address.
    pub arenas: Vec<ArenaMap>,
    /// The raw blocks: address, size and domain.
    pub raw: Vec<(usize, usize, Domain)>,
}

impl Heap {
    /// The pools in use.
    pub(crate) fn pools(&self) -> impl Iterator<Item = *mut Pool> {
        let arenas = self.arenas.list().into_iter();
        arenas
            .flat_map(Arena::used_pools)
            .chain(self.singles.list())
    }

    /// Number of blocks in use.
    pub fn allocated_blocks(&self) -> usize {
        let watched = self.watch.on.get();
        // SAFETY: pools in use.
        let used = self.pools().map(|pool| unsafe { (*pool).used(watched) });
        self.raw.blocks.get() + used.sum::<usize>()
    }

    /// Bytes held from the system: arenas and raw blocks.
    pub fn held_bytes(&self) -> usize {
        self.raw.held(self)
    }

    /// What the heap holds.
    pub fn stats(&self) -> HeapStats {
        let watched = self.watch.on.get();
        let mut classes = [ClassStats::default(); CLASSES];
        for (i, class) in classes.iter_mut().enumerate() {
            class.size = bin_block_size(i);
        }
        let arenas = self.arenas.count();
        let mut pools = 0;
        for pool in self.pools() {
            // SAFETY: a pool in use.
            let pool = unsafe { &*pool };
            pools += 1;
            if let Some(class) = classes.get_mut(pool.bin.get() as usize % CLASSES) {
                let used = pool.used(watched);
                class.pools += 1;
                class.used += used;
                class.free += pool.capacity.get() as usize - used;
            }
        }
        let held = self.held_bytes();
        HeapStats {
            arenas,
            arenas_peak: self.arenas.peak.get(),
            arenas_mapped: self.arenas.mapped.get(),
            pools,
            free_pools: arenas * POOLS_PER_ARENA + self.singles.count.get() - pools,
            blocks: classes.iter().map(|c| c.used).sum::<usize>() + self.raw.blocks.get(),
            bytes: classes.iter().map(|c| c.used * c.size).sum::<usize>() + self.raw.bytes.get(),
            raw_blocks: self.raw.blocks.get(),
            raw_bytes: self.raw.bytes.get(),
            held,
            held_peak: self.raw.peak.get().max(held),
            classes,
        }
    }

    /// A picture of every arena, pool and block.
    pub fn map(&self) -> HeapMap {
        let mut arenas: Vec<ArenaMap> = self
            .arenas
            .list()
            .into_iter()
            .map(|arena| {
                // SAFETY: a mapped arena.
                let free = unsafe { (*arena).free.get() };
                let pools = (0..POOLS_PER_ARENA)
                    .map(|i| {
                        let at = Arena::pool(arena, i);
                        if free >> i & 1 == 1 {
                            return PoolMap {
                                address: at.addr(),
                                domain: None,
                                block_size: 0,
                                capacity: 0,
                                used: Vec::new(),
                            };
                        }
                        // SAFETY: a pool in use.
                        let pool = unsafe { &*at };
                        PoolMap {
                            address: at.addr(),
                            domain: Some(pool.domain()),
                            block_size: pool.block_size(),
                            capacity: pool.capacity.get() as usize,
                            used: pool.used_blocks().map(|b| b.as_ptr().addr()).collect(),
                        }
                    })
                    .collect();
                ArenaMap {
                    address: Arena::base(arena).addr(),
                    pools,
                }
            })
            .collect();
        arenas.sort_by_key(|a| a.address);
        HeapMap {
            arenas,
            raw: self
                .raw
                .list()
                .chain(self.singles.list().flat_map(|pool| {
                    // SAFETY: a pool in use.
                    let pool = unsafe { &*pool };
                    pool.used_blocks()
                        .map(|block| (pool.domain(), block, pool.block_size()))
                }))
                .map(|(domain, block, size)| (block.as_ptr().addr(), size, domain))
                .collect(),
        }
    }

    /// Blocks in use that hold no object, and their sizes.
    pub(crate) fn payload_blocks(&self) -> Vec<(NonNull<u8>, usize)> {
        let mut blocks = Vec::new();
        for pool in self.pools() {
            // SAFETY: a pool in use.
            let pool = unsafe { &*pool };
            if pool.domain() == Domain::Payload && pool.state.get() != State::Free {
                blocks.extend(pool.used_blocks().map(|block| (block, pool.block_size())));
            }
        }
        let raw = self.raw.list().filter(|b| b.0 == Domain::Payload);
        blocks.extend(raw.map(|(_, block, size)| (block, size)));
        blocks
    }

    /// Blocks in use that hold objects: domain and block, raw ones last.
    pub(crate) fn object_blocks(&self) -> Vec<(Domain, NonNull<u8>)> {
        let mut blocks = Vec::new();
        for pool in self.pools() {
            // SAFETY: a pool in use.
            let pool = unsafe { &*pool };
            if pool.domain() != Domain::Payload && pool.state.get() != State::Free {
                blocks.extend(pool.used_blocks().map(|block| (pool.domain(), block)));
            }
        }
        blocks.extend(
            self.raw
                .list()
                .filter(|b| b.0 != Domain::Payload)
                .map(|(domain, block, _)| (domain, block)),
        );
        blocks
    }

    /// Checks the allocator's own lists against each other; says what is wrong.
    pub fn check_pools(&self) -> Result<(), String> {
        let watched = self.watch.on.get();
        for at in self.pools() {
            // SAFETY: a pool in use.
            let pool = unsafe { &*at };
            let free: usize = pool
                .free_blocks()
                .iter()
                .map(|w| w.count_ones() as usize)
                .sum();
            let used = pool.used(watched);
            if used + free != pool.capacity.get() as usize {
                return Err(format!(
                    "pool {at:p}: {used} used and {free} free of {} blocks, {:?}",
                    pool.capacity.get(),
                    pool.state.get()
                ));
            }
            if pool.state.get() == State::Free || !std::ptr::eq(pool.heap.get(), self) {
                return Err(format!(
                    "pool {at:p}: in use, but its header does not say so"
                ));
            }
        }
        let (mut blocks, mut bytes) = (0, 0);
        for (_, _, size) in self.raw.list() {
            blocks += 1;
            bytes += size;
        }
        if blocks != self.raw.blocks.get() || bytes > self.raw.bytes.get() {
            return Err(format!(
                "raw domain: {} blocks counted, {blocks} listed",
                self.raw.blocks.get()
            ));
        }
        if self.held_bytes() < self.arenas.count() * ARENA_SIZE {
            return Err("arenas are counted wrong".to_owned());
        }
        Ok(())
    }
}
