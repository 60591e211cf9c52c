//! The builtin type `complex`.

use crate::object::{Complex, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `complex`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "complex",
    traits: TypeTraits::BASE,
    ..TypeSpec::new(Complex::layout, false)
};
