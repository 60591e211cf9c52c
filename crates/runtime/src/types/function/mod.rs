//! The builtin type `function`.

use crate::object::{Function, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `function`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "function",
    weaklist_offset: std::mem::offset_of!(Function, weakrefs) as u32,
    traits: TypeTraits::METHOD_DESCRIPTOR,
    ..TypeSpec::new(Function::layout, true)
};
