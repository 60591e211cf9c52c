//! The builtin type `float`.

use crate::object::{Float, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `float`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "float",
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF,
    ..TypeSpec::new(Float::layout, false)
};
