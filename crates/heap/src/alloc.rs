//! Allocation: blocks from bins, and growable payloads in the same heap.

use std::alloc::Layout as Memory;
use std::ptr::NonNull;

use allocator_api2::alloc::{AllocError, Allocator};

use crate::guard;
use crate::heap::Heap;
use crate::object::Flags;
use crate::pool::{Block, Domain, MAX_SMALL, Pool, State, bin_block_size, bin_of};
use crate::raw::RawDomain;

/// A growable array whose items lie in the private heap.
pub type HVec<T> = allocator_api2::vec::Vec<T, HeapAlloc>;

/// The flags that must be those of the exact type alone where a number's box takes another value: neither a big int, nor
/// one whose identity somebody has asked for.
pub(crate) const REUSE_MASK: u32 = Flags::EXACT_KIND | Flags::ID_SEEN | 1 << Flags::KIND_BITS_SHIFT;

/// The allocator of growable payloads: the current heap of the thread. A block finds its own heap when it is freed.
#[derive(Clone, Copy, Default, Debug)]
pub struct HeapAlloc;

impl Heap {
    /// A block of a bin.
    #[inline(always)]
    pub(crate) fn allocate_bin(&self, bin: usize) -> Option<NonNull<u8>> {
        // SAFETY: the current pool of a bin is a prepared pool of that bin, or the one without blocks; free lists link
        // free blocks.
        unsafe {
            let pool = &*self.current.get(bin)?.get();
            let block = pool.free.get();
            if block.is_null() {
                return self.refill(bin, bin_block_size(bin));
            }
            pool.free.set((*block).next.get());
            pool.countdown.set(pool.countdown.get() + 1);
            Some(NonNull::new_unchecked(block.cast()))
        }
    }

    /// A block of at least `size` bytes, at most [`MAX_SMALL`], of a domain.
    #[inline(always)]
    pub(crate) fn allocate_small(&self, domain: Domain, size: usize) -> Option<NonNull<u8>> {
        let bin = bin_of(domain, size);
        match self.take_current(bin) {
            Some(block) => Some(block),
            None => self.refill(bin, size),
        }
    }

    /// A block of a bin, if its current pool has one.
    #[inline(always)]
    pub(crate) fn take_current(&self, bin: usize) -> Option<NonNull<u8>> {
        // SAFETY: as in `allocate_bin`.
        unsafe {
            let pool = &*self.current.get(bin)?.get();
            let block = pool.free.get();
            if block.is_null() {
                return None;
            }
            pool.free.set((*block).next.get());
            pool.countdown.set(pool.countdown.get() + 1);
            Some(NonNull::new_unchecked(block.cast()))
        }
    }

    /// A block of `size` bytes of a domain, from a pool or the raw domain; the flag tells which.
    #[inline]
    pub(crate) fn allocate_sized(
        &self,
        domain: Domain,
        size: usize,
    ) -> Option<(NonNull<u8>, bool)> {
        if size.wrapping_sub(1) < MAX_SMALL {
            Some((self.allocate_small(domain, size)?, false))
        } else {
            Some((self.raw.allocate(self, domain, size, 16)?, true))
        }
    }

    /// A block where the current pool has none; a listener is told of `size` bytes.
    #[cold]
    #[inline(never)]
    fn refill(&self, bin: usize, size: usize) -> Option<NonNull<u8>> {
        let watched = self.watch.on.get();
        let guarded = self.watch.guarded.get();
        let bin = if guarded { guard::widened(bin) } else { bin };
        let slot = if watched {
            self.watched_current.get(bin)?
        } else {
            self.current.get(bin)?
        };
        if watched && !self.watch.admits() {
            return None;
        }
        if self.watch.single.get() {
            let block = self.singles.take(self, bin)?;
            self.watch.allocated(block, size);
            return Some(block);
        }
        // SAFETY: as in `allocate_bin`.
        unsafe {
            if (*slot.get()).free.get().is_null() {
                let new = match self.pop_usable(bin) {
                    Some(pool) => pool,
                    None => {
                        let pool = self.arenas.take_pool(self, bin)?;
                        if guarded {
                            guard::poison_pool(&*pool);
                        }
                        pool
                    }
                };
                let old = slot.replace(new);
                if !Pool::is_none(old) {
                    (*old).state.set(State::Full);
                    (*old).countdown.set(1);
                }
                (*new).state.set(State::Current);
            }
            let pool = &*slot.get();
            let block = pool.free.get();
            pool.free.set((*block).next.get());
            let block = NonNull::new(block.cast::<u8>())?;
            if watched {
                pool.countdown.set(1);
                pool.watched_used.set(pool.watched_used.get() + 1);
                if guarded {
                    guard::on_allocation(pool, block.as_ptr());
                }
                self.watch.allocated(block, size);
            } else {
                pool.countdown.set(pool.countdown.get() + 1);
            }
            Some(block)
        }
    }

    fn pop_usable(&self, bin: usize) -> Option<*mut Pool> {
        let pool = self.usable.get(bin)?.get();
        if pool.is_null() {
            return None;
        }
        // SAFETY: a linked pool.
        self.unlink_usable(unsafe { &*pool });
        Some(pool)
    }

    fn link_usable(&self, pool: &Pool) {
        let Some(head) = self.usable.get(pool.bin.get() as usize) else {
            return;
        };
        let at = (pool as *const Pool).cast_mut();
        let first = head.replace(at);
        pool.next.set(first);
        pool.prev.set(std::ptr::null_mut());
        if !first.is_null() {
            // SAFETY: a linked pool.
            unsafe { (*first).prev.set(at) };
        }
        pool.state.set(State::Usable);
    }

    fn unlink_usable(&self, pool: &Pool) {
        let Some(head) = self.usable.get(pool.bin.get() as usize) else {
            return;
        };
        let (prev, next) = (pool.prev.get(), pool.next.get());
        // SAFETY: linked pools.
        unsafe {
            if prev.is_null() {
                head.set(next)
            } else {
                (*prev).next.set(next)
            }
            if !next.is_null() {
                (*next).prev.set(prev);
            }
        }
    }

    /// Gives a block of a pool back.
    ///
    /// # Safety
    /// The block came from a pool, and nobody uses it any more.
    #[inline(always)]
    pub(crate) unsafe fn free_small(block: NonNull<u8>) {
        // SAFETY: the block's pool is at its masked address.
        unsafe {
            let pool = &*Pool::of(block.as_ptr());
            let block = block.cast::<Block>().as_ptr();
            (*block).next.set(pool.free.get());
            pool.free.set(block);
            let countdown = pool.countdown.get() - 1;
            pool.countdown.set(countdown);
            if countdown == 0 {
                Heap::free_slow(pool, block.cast());
            }
        }
    }

    /// As [`Self::free_small`], if the free needs no decision: whether that was so.
    ///
    /// # Safety
    /// As [`Self::free_small`].
    #[inline(always)]
    pub(crate) unsafe fn free_at_once(block: NonNull<u8>) -> bool {
        // SAFETY: as in `free_small`.
        unsafe {
            let pool = &*Pool::of(block.as_ptr());
            let countdown = pool.countdown.get() - 1;
            if countdown == 0 {
                return false;
            }
            let block = block.cast::<Block>().as_ptr();
            (*block).next.set(pool.free.get());
            pool.free.set(block);
            pool.countdown.set(countdown);
            true
        }
    }

    /// The frees that need a decision.
    ///
    /// # Safety
    /// The block was just put on the free list of the pool.
    #[cold]
    #[inline(never)]
    unsafe fn free_slow(pool: &Pool, block: *mut u8) {
        // SAFETY: the heap of a pool in use lives.
        unsafe {
            let heap = &*pool.heap.get();
            if heap.watch.on.get() {
                if let Some(block) = NonNull::new(block) {
                    heap.watch.freed(block, pool.block_size());
                }
                if heap.watch.guarded.get() {
                    guard::on_free(pool, block);
                }
                if heap.watch.single.get() {
                    heap.singles.release((pool as *const Pool).cast_mut());
                    return;
                }
                pool.watched_used.set(pool.watched_used.get() - 1);
                pool.countdown.set(1);
            }
            if pool.state.get() == State::Full {
                if !heap.watch.on.get() {
                    pool.countdown.set(pool.capacity.get() as u32 - 1);
                }
                heap.link_usable(pool);
            } else if pool.state.get() == State::Usable && pool.used(heap.watch.on.get()) == 0 {
                heap.unlink_usable(pool);
                heap.arenas.return_pool((pool as *const Pool).cast_mut());
            }
        }
    }

    /// Goes over to watching every allocation and free, or back.
    pub(crate) fn set_watched(&self, on: bool) {
        for pool in self.pools() {
            // SAFETY: a pool in use.
            let pool = unsafe { &*pool };
            let used = pool.used(!on);
            pool.watched_used.set(used as u16);
            let full = pool.state.get() == State::Full;
            pool.countdown.set(if on || full { 1 } else { used as u32 });
        }
        for (current, watched) in self.current.iter().zip(&self.watched_current) {
            if on {
                watched.set(current.replace(Pool::none()));
            } else {
                current.set(watched.replace(Pool::none()));
            }
        }
        self.watch.on.set(on);
        // While somebody listens to allocations, each value has a block of its own.
        self.reuse_mask.set(if on { !0 } else { REUSE_MASK });
    }

    /// Room for `len` words, at least one, of a growable payload of this heap. Nothing where there is no memory.
    #[inline(always)]
    pub fn allocate_words(&self, len: usize) -> Option<NonNull<u64>> {
        if len.wrapping_sub(1) < MAX_SMALL / size_of::<u64>() {
            let block = self.allocate_small(Domain::Payload, len * size_of::<u64>())?;
            return Some(block.cast());
        }
        let memory = Memory::array::<u64>(len).ok()?;
        Some(HeapAlloc.allocate(memory).ok()?.cast())
    }

    /// A block for a growable payload.
    #[inline]
    fn allocate_payload(memory: Memory) -> Option<NonNull<u8>> {
        // SAFETY: the current heap of a thread lives.
        let heap = unsafe { Heap::current_ptr().as_ref() }?;
        if memory.size() <= MAX_SMALL && memory.align() <= 16 {
            heap.allocate_small(Domain::Payload, memory.size())
        } else {
            heap.raw
                .allocate(heap, Domain::Payload, memory.size(), memory.align())
        }
    }
}

#[inline]
fn is_small(memory: Memory) -> bool {
    memory.size() <= MAX_SMALL && memory.align() <= 16
}

impl HeapAlloc {
    /// Grows or shrinks a block.
    ///
    /// # Safety
    /// As [`Allocator::grow`].
    unsafe fn resize(
        ptr: NonNull<u8>,
        old: Memory,
        new: Memory,
    ) -> Result<NonNull<[u8]>, AllocError> {
        if old.size() == 0 {
            return HeapAlloc.allocate(new);
        }
        if new.size() != 0 && old.align() == new.align() {
            if is_small(old) && is_small(new) && (old.size() - 1) >> 4 == (new.size() - 1) >> 4 {
                return Ok(NonNull::slice_from_raw_parts(ptr, new.size()));
            }
            if !is_small(old) && !is_small(new) {
                // SAFETY: a raw block in use.
                let moved =
                    unsafe { RawDomain::resize(ptr, new.align(), new.size()) }.ok_or(AllocError)?;
                return Ok(NonNull::slice_from_raw_parts(moved, new.size()));
            }
        }
        let block = HeapAlloc.allocate(new)?;
        // SAFETY: two different blocks; the shorter length is inside both.
        unsafe {
            std::ptr::copy_nonoverlapping(
                ptr.as_ptr(),
                block.cast::<u8>().as_ptr(),
                old.size().min(new.size()),
            );
            HeapAlloc.deallocate(ptr, old);
        }
        Ok(block)
    }
}

// SAFETY: a block stays valid and where it is until it is freed; freeing needs nothing but its address and size.
unsafe impl Allocator for HeapAlloc {
    #[inline]
    fn allocate(&self, memory: Memory) -> Result<NonNull<[u8]>, AllocError> {
        if memory.size() == 0 {
            let dangling = NonNull::without_provenance(
                std::num::NonZero::new(memory.align()).ok_or(AllocError)?,
            );
            return Ok(NonNull::slice_from_raw_parts(dangling, 0));
        }
        let block = Heap::allocate_payload(memory).ok_or(AllocError)?;
        Ok(NonNull::slice_from_raw_parts(block, memory.size()))
    }

    #[inline]
    unsafe fn deallocate(&self, ptr: NonNull<u8>, memory: Memory) {
        if memory.size() == 0 {
            return;
        }
        // SAFETY: the caller's promise: the block came from `allocate` with this layout.
        unsafe {
            if is_small(memory) {
                Heap::free_small(ptr);
            } else {
                RawDomain::free(ptr, memory.align());
            }
        }
    }

    unsafe fn grow(
        &self,
        ptr: NonNull<u8>,
        old: Memory,
        new: Memory,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise.
        unsafe { HeapAlloc::resize(ptr, old, new) }
    }

    unsafe fn shrink(
        &self,
        ptr: NonNull<u8>,
        old: Memory,
        new: Memory,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise.
        unsafe { HeapAlloc::resize(ptr, old, new) }
    }
}
