//! The builtin type `dict`.

use crate::object::{Dict, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `dict`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "dict",
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF | TypeTraits::MAPPING,
    ..TypeSpec::new(Dict::layout, true)
};
