//! New instances of plain classes, the short way: for the eval loop's calls of classes.

use crate::collect::youngest;
use crate::handle::Raw;
use crate::heap::Heap;
use crate::layout::{Managed, TypeFlags, TypeHead};
use crate::links::Links;
use crate::object::{Flags, Object};
use crate::pool::{Domain, MAX_SMALL, bin_of};

impl Heap {
    /// A new instance of a class whose layout is the header alone, watched by the collector, all of its slots and inline
    /// values empty. Nothing where the class is of another sort, or where its bin has no free block at hand: then nothing
    /// has happened.
    #[inline(always)]
    pub fn place_instance(&self, ty: &TypeHead) -> Option<Raw> {
        let info = &ty.info;
        let flags = info.object_flags.get();
        let type_flags = info.flags.get();
        if info.layout.get().size != size_of::<Object>() || flags & Flags::GC == 0 {
            return None;
        }
        let inline = if type_flags & TypeFlags::INLINE_VALUES != 0 {
            info.next_inline_capacity().min(Flags::INLINE_CAPACITY_MAX)
        } else {
            0
        };
        let managed = flags & Flags::MANAGED != 0;
        let (domain, prefix) = if managed {
            (Domain::Managed, 32)
        } else {
            (Domain::Gc, 16)
        };
        let end = info.basicsize.get() as usize + inline as usize * 8;
        if prefix + end > MAX_SMALL {
            return None;
        }
        let block = self.take_current(bin_of(domain, prefix + end))?;
        info.inline_capacity_taken();
        // SAFETY: the block has `prefix + end` bytes, rounded up to 16: the prefixes, the header, and the words behind it.
        unsafe {
            if managed {
                block.cast::<Managed>().write(Managed::empty());
            }
            let object = block.add(prefix);
            let links = object.sub(size_of::<Links>()).cast::<Links>();
            links.write(Links::untracked());
            self.collector.count_allocation(self);
            youngest(&self.collector).append(links.as_ref());
            let mut at = size_of::<Object>();
            while at < end {
                object.add(at).cast::<u128>().write(0);
                at += 16;
                // Or the loop becomes a call of `memset`, which costs more than all the rest.
                #[cfg(not(miri))]
                std::arch::asm!("", options(nomem, nostack, preserves_flags));
            }
            let object = object.cast::<Object>();
            object.write(Object::new(ty));
            if inline != 0 {
                object.as_ref().clear_flags(Flags::INLINE_CAPACITY);
                object.as_ref().set_flags(inline << Flags::KIND_BITS_SHIFT);
            }
            if type_flags & TypeFlags::HEAP_TYPE != 0 {
                ty.head.inc();
            }
            Some(Raw(object.as_ptr()))
        }
    }
}
