//! The raw domain: blocks larger than [`MAX_SMALL`](crate::pool::MAX_SMALL), straight from the system's allocator.
//!
//! Each block has a header of 32 bytes that links it into its heap's list, so that all of them can be counted, listed
//! and, with the heap, given back. The heap's limit is enforced here and where arenas are mapped.

use std::alloc::{Layout, alloc, dealloc, realloc};
use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::heap::Heap;
use crate::os;
use crate::pool::{ARENA_SIZE, Domain};

/// The header of a raw block.
#[repr(C, align(16))]
pub(crate) struct RawHead {
    /// Bytes asked for, shifted by three bits: the domain lies below them.
    word: Cell<usize>,
    heap: Cell<*const Heap>,
    next: Cell<*mut RawHead>,
    prev: Cell<*mut RawHead>,
}

const HEADER: usize = size_of::<RawHead>();

/// Counts and list of a heap's raw blocks.
pub(crate) struct RawDomain {
    first: Cell<*mut RawHead>,
    /// Blocks in use.
    pub blocks: Cell<usize>,
    /// Bytes in use, headers included.
    pub bytes: Cell<usize>,
    /// Most bytes of arenas and raw blocks together that were held at a time.
    pub peak: Cell<usize>,
    /// Most bytes that the heap may hold.
    pub limit: Cell<usize>,
}

impl RawHead {
    fn size(&self) -> usize {
        self.word.get() >> 3
    }

    fn domain(&self) -> Domain {
        Domain::ALL[self.word.get() & 3]
    }

    fn link(this: *mut RawHead, heap: &Heap, size: usize, domain: Domain) {
        let first = heap.raw.first.replace(this);
        // SAFETY: `this` is a fresh block, `first` a linked one.
        unsafe {
            this.write(RawHead {
                word: Cell::new(size << 3 | domain as usize),
                heap: Cell::new(heap),
                next: Cell::new(first),
                prev: Cell::new(ptr::null_mut()),
            });
            if !first.is_null() {
                (*first).prev.set(this);
            }
        }
    }

    /// Lets the neighbours point to this header at its (new) place.
    fn relink(&self, raw: &RawDomain) {
        let this = (self as *const RawHead).cast_mut();
        let (prev, next) = (self.prev.get(), self.next.get());
        // SAFETY: linked blocks live.
        unsafe {
            if prev.is_null() {
                raw.first.set(this)
            } else {
                (*prev).next.set(this)
            }
            if !next.is_null() {
                (*next).prev.set(this);
            }
        }
    }

    fn unlink(&self, raw: &RawDomain) {
        let (prev, next) = (self.prev.get(), self.next.get());
        // SAFETY: linked blocks live.
        unsafe {
            if prev.is_null() {
                raw.first.set(next)
            } else {
                (*prev).next.set(next)
            }
            if !next.is_null() {
                (*next).prev.set(prev);
            }
        }
    }
}

/// Bytes before a block of this alignment: a multiple of the alignment with room for the header.
fn lead(align: usize) -> usize {
    HEADER.max(align)
}

/// What a block of `size` bytes takes. Blocks have whole units of 16 bytes, as those of pools: words behind an object's
/// struct are zeroed by these.
fn memory(size: usize, align: usize) -> Option<Layout> {
    let units = size.checked_next_multiple_of(16)?;
    Layout::from_size_align(units.checked_add(lead(align))?, align.max(16))
        .ok()
        .filter(|m| m.size() < isize::MAX as usize / 8)
}

fn head_of(block: NonNull<u8>) -> *mut RawHead {
    block.as_ptr().wrapping_sub(HEADER).cast()
}

impl RawDomain {
    pub fn new() -> RawDomain {
        RawDomain {
            first: Cell::new(ptr::null_mut()),
            blocks: Cell::new(0),
            bytes: Cell::new(0),
            peak: Cell::new(0),
            limit: Cell::new(usize::MAX),
        }
    }

    /// Bytes held from the system.
    pub fn held(&self, heap: &Heap) -> usize {
        self.bytes.get() + heap.singles.bytes.get() + heap.arenas.count() * ARENA_SIZE
    }

    /// Whether the heap may hold `more` bytes; notes the peak if so.
    pub fn admits(&self, heap: &Heap, more: usize) -> bool {
        match self.held(heap).checked_add(more) {
            Some(total) if total <= self.limit.get() => {
                self.peak.set(self.peak.get().max(total));
                true
            }
            _ => false,
        }
    }

    /// A block of `size` bytes.
    pub fn allocate(
        &self,
        heap: &Heap,
        domain: Domain,
        size: usize,
        align: usize,
    ) -> Option<NonNull<u8>> {
        let memory = memory(size, align)?;
        if !heap.watch.admits() || !self.admits(heap, memory.size()) {
            return None;
        }
        // SAFETY: the size is not zero.
        let start = NonNull::new(unsafe { alloc(memory) })?;
        // SAFETY: the block has room for its lead.
        let block = unsafe { start.add(lead(align)) };
        RawHead::link(head_of(block), heap, size, domain);
        self.blocks.set(self.blocks.get() + 1);
        self.bytes.set(self.bytes.get() + memory.size());
        heap.watch.allocated(block, size);
        Some(block)
    }

    /// Gives a block back.
    ///
    /// # Safety
    /// The block came from [`allocate`](Self::allocate) with this alignment, and nobody uses it any more.
    pub unsafe fn free(block: NonNull<u8>, align: usize) {
        // SAFETY: the block has its header before it; its heap lives.
        unsafe {
            let head = &*head_of(block);
            let heap = &*head.heap.get();
            heap.watch.freed(block, head.size());
            let Some(memory) = memory(head.size(), align) else {
                return;
            };
            head.unlink(&heap.raw);
            heap.raw.blocks.set(heap.raw.blocks.get() - 1);
            heap.raw.bytes.set(heap.raw.bytes.get() - memory.size());
            dealloc(block.as_ptr().sub(lead(align)), memory);
            if memory.size() >= os::LARGE {
                os::freed_large(memory.size());
            }
        }
    }

    /// Changes the size of a block; it stays as it was where there is no memory.
    ///
    /// # Safety
    /// As [`free`](Self::free).
    pub unsafe fn resize(block: NonNull<u8>, align: usize, size: usize) -> Option<NonNull<u8>> {
        // SAFETY: the block has its header before it; its heap lives.
        unsafe {
            let head = &*head_of(block);
            let heap = &*head.heap.get();
            let domain = head.domain();
            let old_size = head.size();
            let (old, new) = (memory(old_size, align)?, memory(size, align)?);
            if !heap.watch.admits()
                || (new.size() > old.size() && !heap.raw.admits(heap, new.size() - old.size()))
            {
                return None;
            }
            let start = NonNull::new(realloc(block.as_ptr().sub(lead(align)), old, new.size()))?;
            let moved = start.add(lead(align));
            heap.watch.freed(block, old_size);
            heap.watch.allocated(moved, size);
            let head = &*head_of(moved);
            head.word.set(size << 3 | domain as usize);
            head.relink(&heap.raw);
            heap.raw
                .bytes
                .set(heap.raw.bytes.get() - old.size() + new.size());
            Some(moved)
        }
    }

    /// Bytes asked for a raw block, its header not counted.
    ///
    /// # Safety
    /// The block is one of the raw domain in use.
    pub unsafe fn size(block: NonNull<u8>) -> usize {
        // SAFETY: the caller's promise.
        unsafe { (*head_of(block)).size() }
    }

    /// The raw blocks in use, newest first: domain, block, size.
    pub fn list(&self) -> impl Iterator<Item = (Domain, NonNull<u8>, usize)> {
        let mut at = self.first.get();
        std::iter::from_fn(move || {
            // SAFETY: linked blocks live; the list is not changed while it is read.
            let head = unsafe { at.as_ref() }?;
            let block = NonNull::new(at.cast::<u8>().wrapping_add(HEADER))?;
            at = head.next.get();
            Some((head.domain(), block, head.size()))
        })
    }

    /// Gives all blocks back: the end of the heap. Blocks of a larger alignment than 16 do not tell it, and stay.
    pub fn free_all(&mut self) {
        let blocks: Vec<_> = self.list().collect();
        for (_, block, size) in blocks {
            // SAFETY: the heap is going; the block is not used any more.
            unsafe {
                if let Some(memory) = memory(size, 16) {
                    dealloc(block.as_ptr().sub(HEADER), memory);
                }
            }
        }
        self.first.set(ptr::null_mut());
    }
}
