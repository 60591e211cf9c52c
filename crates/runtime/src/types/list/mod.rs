//! The builtin type `list`.

use crate::object::{List, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `list`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "list",
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF | TypeTraits::SEQUENCE,
    ..TypeSpec::new(List::layout, true)
};
