//! The builtin type `tuple`.

use crate::object::{Tuple, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `tuple`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "tuple",
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF | TypeTraits::SEQUENCE,
    ..TypeSpec::new(Tuple::layout, true)
};
