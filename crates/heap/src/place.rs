//! Placing objects into blocks, and giving the blocks back.
//!
//! An object's block: `[managed prefix 16][collector prefix 16] header, struct, slots, inline values` or
//! `… header, struct, variable tail`. Which prefixes there are is told by the object's flags; the capacity for inline
//! values by six of the flags' kind bits, as the type's own number may change later.

use std::mem::{ManuallyDrop, MaybeUninit};
use std::ptr::NonNull;

use crate::handle::{Raw, Ref};
use crate::heap::Heap;
use crate::layout::{Managed, TypeFlags, TypeInfo};
use crate::links::Links;
use crate::object::{Flags, Object, ObjectLayout};
use crate::pool::{Domain, MAX_SMALL, Pool, bin_of};
use crate::raw::RawDomain;

/// Bytes before the header of an object with these flags.
#[inline]
pub fn prefix_size(flags: u32) -> usize {
    domain_of(flags).prefix()
}

/// The domain of the blocks of objects with these flags.
#[inline]
pub(crate) fn domain_of(flags: u32) -> Domain {
    if flags & Flags::MANAGED != 0 {
        Domain::Managed
    } else if flags & Flags::GC != 0 {
        Domain::Gc
    } else {
        Domain::Plain
    }
}

/// Moves a new object into its block, one word after the other.
///
/// Its fields have just been stored one by one. A copy by larger steps would read several of them at once, and such a read
/// waits until all those stores have reached the cache; single words are handed on from the stores themselves.
///
/// # Safety
/// `place` is aligned and has room for a `T`.
#[inline(always)]
unsafe fn put<T>(place: *mut T, value: T) {
    const WORD: usize = size_of::<u64>();
    let value = ManuallyDrop::new(value);
    // SAFETY: the caller's promise; the words are copied whatever they hold, and the value is not used any more.
    unsafe {
        if const { !size_of::<T>().is_multiple_of(WORD) || align_of::<T>() < WORD } {
            place.write(std::ptr::read(&*value));
            return;
        }
        let from = (&raw const value).cast::<MaybeUninit<u64>>();
        let to = place.cast::<MaybeUninit<u64>>();
        for i in 0..size_of::<T>() / WORD {
            to.add(i).write(std::ptr::read_volatile(from.add(i)));
        }
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
        // SAFETY: `T` starts with its header.
        let head = unsafe { &*(&raw const value).cast::<Object>() };
        let info = head.type_info();
        let simple = info.basicsize.get() as usize == size_of::<T>()
            && info.flags.get() & (TypeFlags::INLINE_VALUES | TypeFlags::HEAP_TYPE) == 0;
        if const { size_of::<T>() + 16 > MAX_SMALL } || !simple {
            return self.place_general(value, 0);
        }
        // The size class is a constant here.
        let object = if head.flags() & (Flags::GC | Flags::MANAGED) == 0 {
            self.allocate_bin(const { bin_of(Domain::Plain, size_of::<T>()) })
        } else if head.flags() & Flags::MANAGED == 0 {
            match self.allocate_bin(const { bin_of(Domain::Gc, size_of::<T>() + 16) }) {
                // SAFETY: the block has the prefix of 16 bytes.
                Some(block) => unsafe {
                    block.cast::<Links>().write(Links::untracked());
                    self.collector.count_allocation(self);
                    Some(block.add(16))
                },
                None => None,
            }
        } else {
            return self.place_general(value, 0);
        };
        let Some(object) = object else {
            return Err(value);
        };
        // SAFETY: the block has room for a `T`; nothing was there before.
        unsafe {
            put(object.cast::<T>().as_ptr(), value);
            Ok(Ref::from_raw_ptr(object.cast()))
        }
    }

    /// Places an object into a new block with `tail` zeroed bytes behind it.
    ///
    /// # Errors
    /// Gives the value back where there is no memory.
    #[inline]
    pub fn place_var<T: ObjectLayout>(&self, value: T, tail: usize) -> Result<Ref<T>, T> {
        self.place_general(value, tail)
    }

    /// Places an object into a new block with `tail` bytes behind it, which hold anything.
    ///
    /// # Errors
    /// Gives the value back where there is no memory.
    ///
    /// # Safety
    /// The caller fills the tail before anybody reads it, and the type has no slots and no inline values.
    #[inline]
    pub unsafe fn place_var_uninit<T: ObjectLayout>(
        &self,
        value: T,
        tail: usize,
    ) -> Result<Ref<T>, T> {
        // SAFETY: `T` starts with its header.
        let head = unsafe { &*(&raw const value).cast::<Object>() };
        let info = head.type_info();
        let Some(size) = tail.checked_add(size_of::<T>().max(info.basicsize.get() as usize)) else {
            return Err(value);
        };
        let Some((object, raw)) = self.allocate_object(info, head.flags(), size) else {
            return Err(value);
        };
        // SAFETY: the block has room for a `T`; nothing was there before.
        unsafe {
            put(object.cast::<T>().as_ptr(), value);
            Ok(finish(object, info, raw, 0))
        }
    }

    /// Places an object with a collector prefix and `TAIL` bytes behind it, which hold anything: the shortest way, whose size
    /// class is a constant.
    ///
    /// # Errors
    /// Gives the value back where there is no memory.
    ///
    /// # Safety
    /// The type is the builtin one of layout `T` itself, which has no slots, no inline values, and the collector's prefix
    /// alone. The caller fills the tail before anybody reads it.
    #[inline]
    pub unsafe fn place_gc_tail<T: ObjectLayout, const TAIL: usize>(
        &self,
        value: T,
    ) -> Result<Ref<T>, T> {
        const { assert!(size_of::<T>() + 16 + TAIL <= MAX_SMALL) };
        let Some(block) =
            self.allocate_bin(const { bin_of(Domain::Gc, size_of::<T>() + 16 + TAIL) })
        else {
            return Err(value);
        };
        // SAFETY: the block has the prefix of 16 bytes and room for a `T`; nothing was there before.
        unsafe {
            block.cast::<Links>().write(Links::untracked());
            self.collector.count_allocation(self);
            let object = block.add(16).cast::<T>();
            debug_assert!(
                (*(&raw const value).cast::<Object>()).flags() & (Flags::GC | Flags::MANAGED)
                    == Flags::GC
            );
            put(object.as_ptr(), value);
            Ok(Ref::from_raw_ptr(object.cast()))
        }
    }

    /// As [`place_gc_tail`](Self::place_gc_tail), where the length of the tail, `tail` bytes, is known only now.
    ///
    /// # Errors
    /// Gives the value back where there is no memory.
    ///
    /// # Safety
    /// As for [`place_gc_tail`](Self::place_gc_tail).
    #[inline]
    pub unsafe fn place_gc_sized<T: ObjectLayout>(
        &self,
        value: T,
        tail: usize,
    ) -> Result<Ref<T>, T> {
        if tail > const { MAX_SMALL - 16 - size_of::<T>() } {
            // SAFETY: the caller's promise.
            return unsafe { self.place_var_uninit(value, tail) };
        }
        let Some(block) = self.allocate_small(Domain::Gc, size_of::<T>() + 16 + tail) else {
            return Err(value);
        };
        // SAFETY: the block has the prefix of 16 bytes and room for a `T`; nothing was there before.
        unsafe {
            block.cast::<Links>().write(Links::untracked());
            self.collector.count_allocation(self);
            let object = block.add(16).cast::<T>();
            put(object.as_ptr(), value);
            Ok(Ref::from_raw_ptr(object.cast()))
        }
    }

    /// Places an object with a collector prefix and `tail` bytes behind it, which hold anything: `make` gives it when there is a
    /// block, and it is written where it belongs, without a copy in between. Nothing where there is no memory; then `make` is
    /// not called.
    ///
    /// # Safety
    /// As for [`place_gc_tail`](Self::place_gc_tail); `make` allocates nothing.
    #[inline(always)]
    pub unsafe fn place_gc_with<T: ObjectLayout>(
        &self,
        tail: usize,
        make: impl FnOnce() -> T,
    ) -> Option<Ref<T>> {
        let size = tail.checked_add(const { size_of::<T>() + 16 })?;
        let (block, raw) = self.allocate_sized(Domain::Gc, size)?;
        // SAFETY: the block has the prefix of 16 bytes and room for a `T`; nothing was there before.
        unsafe {
            block.cast::<Links>().write(Links::untracked());
            self.collector.count_allocation(self);
            let object = block.add(16).cast::<T>();
            object.write(make());
            if raw {
                object.cast::<Object>().as_ref().set_flags(Flags::RAW);
            }
            Some(Ref::from_raw_ptr(object.cast()))
        }
    }

    /// As [`place_gc_sized`](Self::place_gc_sized) for objects without prefixes.
    ///
    /// # Errors
    /// Gives the value back where there is no memory.
    ///
    /// # Safety
    /// The type is the builtin one of layout `T` itself, which has no prefixes, no slots and no inline values. The caller
    /// fills the tail before anybody reads it.
    #[inline]
    pub unsafe fn place_plain_sized<T: ObjectLayout>(
        &self,
        value: T,
        tail: usize,
    ) -> Result<Ref<T>, T> {
        if tail > const { MAX_SMALL - size_of::<T>() } {
            // SAFETY: the caller's promise.
            return unsafe { self.place_var_uninit(value, tail) };
        }
        let Some(block) = self.allocate_small(Domain::Plain, size_of::<T>() + tail) else {
            return Err(value);
        };
        // SAFETY: the block has room for a `T`; nothing was there before.
        unsafe {
            put(block.cast::<T>().as_ptr(), value);
            Ok(Ref::from_raw_ptr(block.cast()))
        }
    }

    /// Every kind of object.
    #[inline(never)]
    fn place_general<T: ObjectLayout>(&self, value: T, tail: usize) -> Result<Ref<T>, T> {
        // SAFETY: `T` starts with its header.
        let head = unsafe { &*(&raw const value).cast::<Object>() };
        let info = head.type_info();
        let inline = if info.flags.get() & TypeFlags::INLINE_VALUES != 0 {
            info.next_inline_capacity().min(Flags::INLINE_CAPACITY_MAX)
        } else {
            0
        };
        let fixed = (info.basicsize.get() as usize).max(size_of::<T>()) + inline as usize * 8;
        let Some(size) = tail.checked_add(fixed) else {
            return Err(value);
        };
        let Some((object, raw)) = self.allocate_object(info, head.flags(), size) else {
            return Err(value);
        };
        // SAFETY: the block has room for a `T` and what follows; nothing was there before.
        unsafe {
            if size > size_of::<T>() {
                std::ptr::write_bytes(
                    object.cast::<u8>().as_ptr().add(size_of::<T>()),
                    0,
                    size - size_of::<T>(),
                );
            }
            put(object.cast::<T>().as_ptr(), value);
            info.inline_capacity_taken();
            Ok(finish(object, info, raw, inline))
        }
    }

    /// A block for an object of `size` bytes from its header, prefix initialised, header not written.
    #[inline]
    fn allocate_object(
        &self,
        info: &TypeInfo,
        flags: u32,
        size: usize,
    ) -> Option<(NonNull<Object>, bool)> {
        debug_assert!(std::ptr::eq(info.heap.get(), self));
        let domain = domain_of(flags);
        let (block, raw) = self.allocate_sized(domain, size.checked_add(domain.prefix())?)?;
        // SAFETY: inside the block.
        unsafe {
            match domain {
                Domain::Payload | Domain::Plain => {}
                Domain::Gc => block.cast::<Links>().write(Links::untracked()),
                Domain::Managed => {
                    block.cast::<Managed>().write(Managed::empty());
                    block.add(16).cast::<Links>().write(Links::untracked());
                }
            }
            if domain != Domain::Plain {
                self.collector.count_allocation(self);
            }
            Some((block.add(domain.prefix()).cast(), raw))
        }
    }

    /// Gives an object's block back.
    ///
    /// # Safety
    /// The object's payload has been dropped and nobody uses the block any more.
    #[inline]
    pub(crate) unsafe fn free_object(&self, object: NonNull<Object>, flags: u32) {
        // SAFETY: the block started this far before the header.
        unsafe {
            let block = object.cast::<u8>().sub(prefix_size(flags));
            if flags & (Flags::GC | Flags::MANAGED) != 0 {
                self.collector.count_free();
            }
            if flags & Flags::RAW != 0 {
                RawDomain::free(block, 16);
            } else {
                Heap::free_small(block);
            }
        }
    }

    /// Makes an object's block longer: `size` bytes from its header where `old` were in use. The object may move. Nothing where
    /// there is no memory, or while allocations are listened to: then the object is as it was.
    ///
    /// # Safety
    /// The object has no prefixes and a single owner, who has no other handle of it and goes on with the one given; its
    /// fields and the first `old` bytes say nothing about where it lies. What is behind them is not initialised.
    pub unsafe fn grow(&self, object: Raw, old: usize, size: usize) -> Option<Raw> {
        let block = NonNull::new(object.0)?.cast::<u8>();
        if self.watch.on.get() {
            return None;
        }
        // SAFETY: the block holds `old` bytes and its size is told by its pool, or the header before it.
        unsafe {
            if object.object().flags() & Flags::RAW != 0 {
                let size = size.checked_next_multiple_of(16)?;
                let moved = if size <= RawDomain::size(block) {
                    block
                } else {
                    RawDomain::resize(block, 16, size)?
                };
                return Some(Raw(moved.as_ptr().cast()));
            }
            if size <= (*Pool::of(block.as_ptr())).block_size() {
                return Some(object);
            }
            let (moved, raw) = self.allocate_sized(Domain::Plain, size)?;
            std::ptr::copy_nonoverlapping(block.as_ptr(), moved.as_ptr(), old);
            Heap::free_small(block);
            let moved = Raw(moved.as_ptr().cast());
            if raw {
                moved.object().set_flags(Flags::RAW);
            }
            Some(moved)
        }
    }

    /// Places an object of the builtin type of layout `T` itself, which has no prefixes, no slots and no tail: the shortest
    /// way, for the ints and floats of the eval loop. Nothing of the type is read.
    ///
    /// # Errors
    /// Gives the value back where there is no memory.
    ///
    /// # Safety
    /// The header was made with [`Object::exact`] for such a type.
    #[inline(always)]
    pub unsafe fn place_exact<T: ObjectLayout>(&self, value: T) -> Result<Ref<T>, T> {
        let Some(block) = self.alloc_fixed::<T>() else {
            return Err(value);
        };
        // SAFETY: the block has room for a `T`; nothing was there before.
        unsafe {
            block.write(value);
            Ok(Ref::from_raw_ptr(block.cast()))
        }
    }

    /// As [`place_exact`](Self::place_exact), but only where the current pool of the bin has a free block: nothing else is
    /// tried, and nothing is called.
    ///
    /// # Safety
    /// As for [`place_exact`](Self::place_exact).
    #[inline(always)]
    pub unsafe fn place_quick<T: ObjectLayout>(&self, value: T) -> Option<Raw> {
        const { assert!(size_of::<T>() <= MAX_SMALL) };
        let block = self.take_current(const { bin_of(Domain::Plain, size_of::<T>()) })?;
        // SAFETY: the block has room for a `T`; nothing was there before.
        unsafe { block.cast::<T>().write(value) };
        Some(Raw(block.as_ptr().cast()))
    }

    /// A block for a fixed-size object without prefixes, for the eval loop: the caller writes the whole struct.
    #[inline(always)]
    pub fn alloc_fixed<T: ObjectLayout>(&self) -> Option<NonNull<T>> {
        const { assert!(size_of::<T>() <= MAX_SMALL) };
        Some(
            self.allocate_bin(const { bin_of(Domain::Plain, size_of::<T>()) })?
                .cast(),
        )
    }

    /// Gives a block of [`alloc_fixed`](Self::alloc_fixed) back; the payload is not dropped.
    ///
    /// # Safety
    /// The block holds an object without prefixes of exactly the layout `T` (no slots), which nobody uses any more.
    #[inline(always)]
    pub unsafe fn free_fixed<T: ObjectLayout>(&self, object: NonNull<T>) {
        // SAFETY: the caller's promise.
        unsafe { Heap::free_small(object.cast()) }
    }
}

/// # Safety
/// The object was just written into its block.
#[inline]
unsafe fn finish<T: ObjectLayout>(
    object: NonNull<Object>,
    info: &TypeInfo,
    raw: bool,
    inline: u32,
) -> Ref<T> {
    // SAFETY: the object is alive and has the count that its header was made with.
    unsafe {
        let head = object.as_ref();
        if raw {
            head.set_flags(Flags::RAW);
        }
        if inline != 0 {
            head.clear_flags(Flags::INLINE_CAPACITY);
            head.set_flags(inline << Flags::KIND_BITS_SHIFT);
        }
        if info.flags.get() & TypeFlags::HEAP_TYPE != 0 {
            head.type_object().inc();
            // Attributes and slots can be part of cycles, whatever the builtin type is. No collection comes before the
            // caller has filled the rest.
            (*info.heap.get()).track(head);
        }
        Ref::from_raw_ptr(object)
    }
}

/// The true size of an object's block in bytes, prefixes and the rounding to its size class included; what the heap keeps
/// before a block of the raw domain is not.
pub fn size_of_object(object: &Object) -> usize {
    let flags = object.flags();
    let Some(block) = NonNull::from(object)
        .cast::<u8>()
        .as_ptr()
        .addr()
        .checked_sub(prefix_size(flags))
    else {
        return 0;
    };
    let block = NonNull::from(object).cast::<u8>().as_ptr().with_addr(block);
    let Some(block) = NonNull::new(block) else {
        return 0;
    };
    // SAFETY: the object's own block, in use.
    unsafe {
        if flags & Flags::RAW != 0 {
            RawDomain::size(block).next_multiple_of(16)
        } else {
            (*Pool::of(block.as_ptr())).block_size()
        }
    }
}
