//! What happens when the last owner of an object is gone.

use std::ptr::NonNull;

use crate::heap::Heap;
use crate::layout::TypeFlags;
use crate::object::{Flags, Object};

/// Releases an object whose count has just reached zero.
///
/// # Safety
/// The count is zero and the caller was the last owner.
#[cold]
#[inline(never)]
pub unsafe fn release(object: &Object) {
    if object.flags() & Flags::RELEASING != 0 {
        return;
    }
    object.set_flags(Flags::RELEASING);
    if object.has_links() && crate::links::Links::of(object).is_tracked() {
        crate::links::Links::of(object).unlink();
    }
    let ty = object.type_head();
    // SAFETY: the type lives, and its heap outlives all its objects.
    let heap: &Heap = unsafe { &*ty.info.heap.get() };
    let flags = object.flags();
    // SAFETY: nobody owns the object any more.
    unsafe {
        (ty.info.layout.get().drop)(object);
        if let Some(managed) = object.managed() {
            drop(managed.dict.take());
        }
        heap.free_object(NonNull::from(object), flags);
        if ty.info.flags.get() & TypeFlags::HEAP_TYPE != 0 {
            ty.head.dec();
        }
    }
}
