//! Layout of the objects that exist once: None, Ellipsis, NotImplemented.

use viv_heap::{Object, object_layout};

use super::kinds;

/// `None`, `...` or `NotImplemented`: nothing but a header; the type tells which.
#[repr(C)]
pub struct Singleton {
    /// The header.
    pub head: Object,
}
object_layout!(Singleton = kinds::NONE_TYPE);
