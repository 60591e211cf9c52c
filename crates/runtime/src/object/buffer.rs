//! Layouts of bytearray and memoryview, and of the iterators over strings and bytes.

use std::cell::Cell;

use viv_heap::{HVec, HeapAlloc, Object, Ref, object_layout};

use super::slot::{Inner, Slot};
use super::{Bytes, Str, Type, kinds};
use crate::result::PyResult;
use crate::vm::Vm;

/// A `bytearray`.
#[repr(C)]
pub struct ByteArray {
    /// The header.
    pub head: Object,
    /// The bytes.
    pub(crate) data: Inner<HVec<u8>>,
    /// Number of views that hold the size fixed.
    pub(crate) exports: Cell<usize>,
}
object_layout!(ByteArray = kinds::BYTEARRAY);

impl ByteArray {
    /// A bytearray of type `ty`.
    ///
    /// # Errors
    /// MemoryError
    pub fn place(vm: &Vm, ty: &Type, bytes: &[u8]) -> PyResult<Ref<ByteArray>> {
        let mut data = HVec::new_in(HeapAlloc);
        if data.try_reserve_exact(bytes.len()).is_err() {
            return Err(vm.no_memory());
        }
        data.extend_from_slice(bytes);
        vm.place(ByteArray {
            head: Object::new(ty.type_head_of()),
            data: Inner::new(data),
            exports: Cell::new(0),
        })
    }

    /// A bytearray of zeros.
    ///
    /// # Errors
    /// MemoryError
    pub fn zeroed(vm: &Vm, size: usize) -> PyResult<Ref<ByteArray>> {
        let mut data = HVec::new_in(HeapAlloc);
        if data.try_reserve_exact(size).is_err() {
            return Err(vm.no_memory());
        }
        data.resize(size, 0);
        vm.place(ByteArray {
            head: Object::new(vm.types.bytearray.type_head_of()),
            data: Inner::new(data),
            exports: Cell::new(0),
        })
    }

    /// A copy of the bytes.
    pub fn to_vec(&self) -> Vec<u8> {
        self.data.read(|data| data.to_vec())
    }

    /// Number of bytes.
    #[inline]
    pub fn len(&self) -> usize {
        self.data.read(|data| data.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A `memoryview`: a window on the bytes of another object.
#[repr(C)]
pub struct MemoryView {
    /// The header.
    pub head: Object,
    /// The object whose bytes are seen; empty once the view was released.
    pub(crate) base: Slot,
    /// The struct format of an item.
    pub(crate) format: Box<str>,
    /// Bytes of an item.
    pub(crate) itemsize: usize,
    /// Whether the bytes must not be written.
    pub(crate) readonly: bool,
    /// Items in each dimension.
    pub(crate) shape: Box<[usize]>,
    /// Bytes from an item to the next in each dimension.
    pub(crate) strides: Box<[isize]>,
    /// Where the first item begins in the base.
    pub(crate) offset: usize,
    /// Number of views of this view.
    pub(crate) exports: Cell<usize>,
    /// The hash once computed, else -1.
    pub(crate) hash: Cell<i64>,
    /// The weak references to this view.
    pub(crate) weakrefs: Cell<*const Object>,
}
object_layout!(
    MemoryView = kinds::MEMORY_VIEW,
    traverse | this,
    visit | {
        this.base.visit(visit);
    },
    clear | this | {
        if this.exports.get() == 0 {
            this.release_base();
        }
    }
);

impl Drop for MemoryView {
    fn drop(&mut self) {
        self.release_base();
    }
}

impl MemoryView {
    /// Gives the base up and tells it so.
    pub(crate) fn release_base(&self) {
        if let Some(base) = self.base.take() {
            crate::types::buffer::count_export(&base, -1);
        }
    }
}

/// `str_iterator`, `str_ascii_iterator`
#[repr(C)]
pub struct StrIterator {
    /// The header.
    pub head: Object,
    /// Index of the next character.
    pub(crate) index: Cell<usize>,
    /// The string, until the end.
    pub(crate) string: Slot<Str>,
}
object_layout!(
    StrIterator = kinds::STR_ITERATOR,
    traverse | this,
    visit | {
        this.string.visit(visit);
    }
);

/// `bytes_iterator`
#[repr(C)]
pub struct BytesIterator {
    /// The header.
    pub head: Object,
    /// Index of the next byte.
    pub(crate) index: Cell<usize>,
    /// The bytes, until the end.
    pub(crate) bytes: Slot<Bytes>,
}
object_layout!(
    BytesIterator = kinds::BYTES_ITERATOR,
    traverse | this,
    visit | {
        this.bytes.visit(visit);
    }
);

/// `bytearray_iterator`
#[repr(C)]
pub struct ByteArrayIterator {
    /// The header.
    pub head: Object,
    /// Index of the next byte.
    pub(crate) index: Cell<usize>,
    /// The bytearray, until the end.
    pub(crate) array: Slot<ByteArray>,
}
object_layout!(
    ByteArrayIterator = kinds::BYTEARRAY_ITERATOR,
    traverse | this,
    visit | {
        this.array.visit(visit);
    }
);

/// `memory_iterator`
#[repr(C)]
pub struct MemoryIterator {
    /// The header.
    pub head: Object,
    /// Index of the next item.
    pub(crate) index: Cell<usize>,
    /// The view, until the end.
    pub(crate) view: Slot<MemoryView>,
}
object_layout!(
    MemoryIterator = kinds::MEMORY_ITERATOR,
    traverse | this,
    visit | {
        this.view.visit(visit);
    }
);
