//! The builtin type `cell`.

use crate::object::CellObject;
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `cell`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "cell",
    ..TypeSpec::new(CellObject::layout, true)
};
