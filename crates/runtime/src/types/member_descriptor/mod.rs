//! The builtin type `member_descriptor`.

use crate::object::MemberDescriptor;
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `member_descriptor`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "member_descriptor",
    ..TypeSpec::new(MemberDescriptor::layout, true)
};
