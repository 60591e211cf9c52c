//! The builtin type `getset_descriptor`.

use crate::object::GetSetDescriptor;
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `getset_descriptor`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "getset_descriptor",
    ..TypeSpec::new(GetSetDescriptor::layout, true)
};
