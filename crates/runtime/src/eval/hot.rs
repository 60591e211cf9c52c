//! What the eval loop reads all the time, one step from the thread state.
//!
//! Everything pointed to belongs to the interpreter, which the thread state keeps.

use std::sync::atomic::{AtomicU32, Ordering};

use viv_heap::layout::TypeHead;
use viv_heap::{Heap, Object, Raw, Ref};

use crate::eval::attr_cache::AttrCache;
use crate::object::Int;
use crate::vm::interp::Interp;

/// See the module.
pub(crate) struct Hot {
    heap: *const Heap,
    small_ints: *const Ref<Int>,
    int: *const TypeHead,
    float: *const TypeHead,
    none: *mut Object,
    bools: [*mut Object; 2],
    breaker: &'static AtomicU32,
    /// Where attributes are, by version of a type and name.
    pub attributes: AttrCache,
}

impl Hot {
    /// The pointers into an interpreter, which must not move and must live as long as they are used.
    pub fn of(interp: &Interp) -> Hot {
        let word = |object: &Object| std::ptr::from_ref(object).cast_mut();
        Hot {
            heap: &raw const **interp.heap,
            small_ints: interp.small_ints.as_ptr(),
            int: interp.types.int.type_head_of(),
            float: interp.types.float.type_head_of(),
            none: word(&interp.none.head),
            bools: [word(&interp.false_.head), word(&interp.true_.head)],
            breaker: interp.breaker,
            attributes: AttrCache::new(),
        }
    }

    /// The heap.
    #[inline(always)]
    pub fn heap(&self) -> &Heap {
        // SAFETY: the interpreter keeps its heap.
        unsafe { &*self.heap }
    }

    /// The type `int`.
    #[inline(always)]
    pub fn int(&self) -> &TypeHead {
        // SAFETY: the interpreter keeps its types.
        unsafe { &*self.int }
    }

    /// The type `float`.
    #[inline(always)]
    pub fn float(&self) -> &TypeHead {
        // SAFETY: as above.
        unsafe { &*self.float }
    }

    /// An int that exists once, if the value is that of one; it is immortal and needs no count.
    #[inline(always)]
    pub fn small_int(&self, value: i64) -> Option<Raw> {
        let index = (value as u64).wrapping_add(5);
        if index >= 262 {
            return None;
        }
        // SAFETY: there is one for each value from -5 to 256; a handle is a pointer to its object.
        Some(unsafe { *self.small_ints.add(index as usize).cast::<Raw>() })
    }

    /// `None`, immortal.
    #[inline(always)]
    pub fn none(&self) -> Raw {
        Raw(self.none)
    }

    /// `True` or `False`, immortal.
    #[inline(always)]
    pub fn bool(&self, value: bool) -> Raw {
        Raw(self.bools[value as usize])
    }

    /// The mask of [`Heap::reuse_mask`].
    #[inline(always)]
    pub fn reuse(&self) -> u32 {
        self.heap().reuse_mask()
    }

    /// Whether something waits for the eval loop to stop between two instructions.
    #[inline(always)]
    pub fn breaker_set(&self) -> bool {
        self.breaker.load(Ordering::Relaxed) != 0
    }
}
