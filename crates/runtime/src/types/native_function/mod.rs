//! The builtin type `builtin_function_or_method`.

use crate::object::NativeFunction;
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `builtin_function_or_method`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "builtin_function_or_method",
    weaklist_offset: std::mem::offset_of!(NativeFunction, weakrefs) as u32,
    ..TypeSpec::new(NativeFunction::layout, true)
};
