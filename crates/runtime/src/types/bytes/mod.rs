//! The builtin type `bytes`.

pub mod construct;

use crate::object::{Bytes, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `bytes`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "bytes",
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF,
    ..TypeSpec::new(Bytes::layout, false)
};
