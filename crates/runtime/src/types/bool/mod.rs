//! The builtin type `bool`.

use crate::object::{Int, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `bool`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "bool",
    exact: false,
    traits: TypeTraits::MATCH_SELF,
    ..TypeSpec::new(Int::layout, false)
};
