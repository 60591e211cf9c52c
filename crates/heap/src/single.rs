//! Pools of one block, each straight from the system's allocator: `VIVMALLOC=malloc`.
//!
//! In a heap made with [`Heap::new_single`] every block is a piece of memory of its own, so that tools that know the system's
//! allocator (AddressSanitizer, valgrind) see where each block ends and when it is given back. A pool's header still lies at
//! the start of its block's page, so that everything else in the heap works as ever; that takes a page of addresses for each
//! block. All of it rests on the watched mode and costs nothing in other heaps.
//!
//! **Invariant.** A pool of this kind is full from its making to its end, and linked in the list here.

use std::alloc::{Layout, alloc, dealloc};
use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::heap::Heap;
use crate::pool::{POOL_HEADER, POOL_SIZE, Pool, State, bin_block_size};

/// The pools of one block.
pub(crate) struct Singles {
    first: Cell<*mut Pool>,
    /// How many there are.
    pub count: Cell<usize>,
    /// Their bytes, headers included.
    pub bytes: Cell<usize>,
}

fn memory(bin: usize) -> Option<Layout> {
    Layout::from_size_align(POOL_HEADER + bin_block_size(bin), POOL_SIZE).ok()
}

impl Singles {
    pub fn new() -> Singles {
        Singles {
            first: Cell::new(ptr::null_mut()),
            count: Cell::new(0),
            bytes: Cell::new(0),
        }
    }

    /// A new pool, and its block, which is in use.
    pub fn take(&self, heap: &Heap, bin: usize) -> Option<NonNull<u8>> {
        let memory = memory(bin)?;
        if !heap.raw.admits(heap, memory.size()) {
            return None;
        }
        // SAFETY: the size is not zero; the memory has room for a header and the block.
        unsafe {
            let pool = NonNull::new(alloc(memory))?.cast::<Pool>();
            let next = self.first.replace(pool.as_ptr());
            if !next.is_null() {
                (*next).prev.set(pool.as_ptr());
            }
            pool.write(Pool {
                free: Cell::new(ptr::null_mut()),
                countdown: Cell::new(1),
                bin: Cell::new(bin as u8),
                state: Cell::new(State::Full),
                capacity: Cell::new(1),
                heap: Cell::new(heap),
                next: Cell::new(next),
                prev: Cell::new(ptr::null_mut()),
                first: Cell::new(POOL_HEADER as u16),
                watched_used: Cell::new(1),
            });
            self.count.set(self.count.get() + 1);
            self.bytes.set(self.bytes.get() + memory.size());
            Some(pool.cast::<u8>().add(POOL_HEADER))
        }
    }

    /// Gives a pool back.
    ///
    /// # Safety
    /// The pool came from [`take`](Self::take), and nobody uses its block any more.
    pub unsafe fn release(&self, pool: *mut Pool) {
        // SAFETY: pools in the list live.
        unsafe {
            let (prev, next) = ((*pool).prev.get(), (*pool).next.get());
            if prev.is_null() {
                self.first.set(next);
            } else {
                (*prev).next.set(next);
            }
            if !next.is_null() {
                (*next).prev.set(prev);
            }
            if let Some(memory) = memory((*pool).bin.get() as usize) {
                self.count.set(self.count.get() - 1);
                self.bytes.set(self.bytes.get() - memory.size());
                dealloc(pool.cast(), memory);
            }
        }
    }

    /// The pools, newest first.
    pub fn list(&self) -> impl Iterator<Item = *mut Pool> {
        let mut at = self.first.get();
        std::iter::from_fn(move || {
            let pool = at;
            // SAFETY: pools in the list live; it is not changed while it is read.
            at = unsafe { pool.as_ref() }?.next.get();
            Some(pool)
        })
    }

    /// Gives all pools back: the end of the heap.
    pub fn free_all(&mut self) {
        while !self.first.get().is_null() {
            // SAFETY: the heap is going; its blocks are not used any more.
            unsafe { self.release(self.first.get()) };
        }
    }
}
