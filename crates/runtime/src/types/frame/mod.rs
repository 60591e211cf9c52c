//! The builtin type `frame`.

use crate::object::Frame;
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `frame`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "frame",
    ..TypeSpec::new(Frame::layout, true)
};
