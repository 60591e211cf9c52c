//! Allocation: placing objects into blocks, and growable payloads in the same heap.

use std::alloc::{Layout as Memory, alloc, dealloc};
use std::ptr::NonNull;

use crate::handle::Ref;
use crate::heap::Heap;
use crate::layout::{Managed, TypeHead};
use crate::object::{Flags, Object, ObjectLayout};

/// A growable array whose items lie in the private heap.
pub type HVec<T> = allocator_api2::vec::Vec<T, HeapAlloc>;

/// The allocator of growable payloads: the current heap of the thread.
#[derive(Clone, Copy, Default, Debug)]
pub struct HeapAlloc;

// SAFETY: both calls go to the same underlying allocator with the same layout.
unsafe impl allocator_api2::alloc::Allocator for HeapAlloc {
    fn allocate(&self, layout: Memory) -> Result<NonNull<[u8]>, allocator_api2::alloc::AllocError> {
        if layout.size() == 0 {
            return Ok(NonNull::slice_from_raw_parts(NonNull::dangling(), 0));
        }
        // SAFETY: the size is not zero.
        let ptr = NonNull::new(unsafe { alloc(layout) }).ok_or(allocator_api2::alloc::AllocError)?;
        Ok(NonNull::slice_from_raw_parts(ptr, layout.size()))
    }

    unsafe fn deallocate(&self, ptr: NonNull<u8>, layout: Memory) {
        if layout.size() != 0 {
            // SAFETY: the caller's promise.
            unsafe { dealloc(ptr.as_ptr(), layout) }
        }
    }
}

/// Bytes before the header of an object with these flags.
#[inline]
pub fn prefix_size(flags: u32) -> usize {
    if flags & Flags::MANAGED != 0 {
        32
    } else if flags & Flags::GC != 0 {
        16
    } else {
        0
    }
}

impl Heap {
    /// Places an object into a new block.
    ///
    /// Slots and inline values behind the struct are zeroed. Objects with a collector prefix start untracked.
    ///
    /// # Errors
    /// Gives the value back where there is no memory.
    #[inline]
    pub fn place<T: ObjectLayout>(&self, value: T) -> Result<Ref<T>, T> {
        self.place_var(value, 0)
    }

    /// Places an object into a new block with `tail` zeroed bytes behind it.
    ///
    /// # Errors
    /// Gives the value back where there is no memory.
    pub fn place_var<T: ObjectLayout>(&self, value: T, tail: usize) -> Result<Ref<T>, T> {
        // SAFETY: `T` starts with its header.
        let head = unsafe { &*(&raw const value).cast::<Object>() };
        let info = head.type_info();
        let size = (info.basicsize.get() as usize).max(size_of::<T>()) + info.inline_values.get() as usize * 8 + tail;
        let Some(object) = self.allocate_object(head.type_head(), head.flags(), size) else { return Err(value) };
        // SAFETY: the block has room for a `T`; nothing was there before.
        unsafe {
            std::ptr::write_bytes(object.cast::<u8>().as_ptr().add(size_of::<T>()), 0, size - size_of::<T>());
            object.cast::<T>().write(value);
            Ok(Ref::from_raw_ptr(object))
        }
    }

    /// A block for an object of `size` bytes from its header, prefix initialised, header not written.
    fn allocate_object(&self, ty: &TypeHead, flags: u32, size: usize) -> Option<NonNull<Object>> {
        let prefix = prefix_size(flags);
        let memory = Memory::from_size_align(prefix + size + 16, 16).ok()?;
        // SAFETY: the size is not zero.
        let block = NonNull::new(unsafe { alloc(memory) })?;
        // SAFETY: inside the block.
        unsafe {
            block.cast::<usize>().write(prefix + size + 16);
            let start = block.add(16);
            std::ptr::write_bytes(start.as_ptr(), 0, prefix);
            if flags & Flags::MANAGED != 0 {
                start.cast::<Managed>().write(Managed::empty());
            }
            if ty.info.flags.get() & crate::layout::TypeFlags::HEAP_TYPE != 0 {
                ty.head.inc();
            }
            Some(start.add(prefix).cast())
        }
    }

    /// Gives a block back.
    ///
    /// # Safety
    /// The object's payload has been dropped and nobody uses the block any more.
    pub(crate) unsafe fn free_object(&self, object: NonNull<Object>, flags: u32) {
        // SAFETY: the block started this far before the header.
        unsafe {
            let block = object.cast::<u8>().sub(prefix_size(flags) + 16);
            let size = block.cast::<usize>().read();
            dealloc(block.as_ptr(), Memory::from_size_align_unchecked(size, 16));
        }
    }
}
