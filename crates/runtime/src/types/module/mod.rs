//! The builtin type `module`.

use crate::object::{Module, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `module`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "module",
    weaklist_offset: std::mem::offset_of!(Module, weakrefs) as u32,
    traits: TypeTraits::BASE,
    ..TypeSpec::new(Module::layout, true)
};
