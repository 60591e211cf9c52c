//! The builtin type `str`.

use crate::object::{Str, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `str`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "str",
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF,
    ..TypeSpec::new(Str::layout, false)
};
