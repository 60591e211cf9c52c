//! The builtin type `code`.

use crate::object::Code;
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `code`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "code",
    weaklist_offset: std::mem::offset_of!(Code, weakrefs) as u32,
    ..TypeSpec::new(Code::layout, true)
};
