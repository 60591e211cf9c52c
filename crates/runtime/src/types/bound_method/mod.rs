//! The builtin type `method`.

use crate::object::BoundMethod;
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `method`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "method",
    weaklist_offset: std::mem::offset_of!(BoundMethod, weakrefs) as u32,
    ..TypeSpec::new(BoundMethod::layout, true)
};
