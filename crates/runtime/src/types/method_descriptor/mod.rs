//! The builtin types `method_descriptor`, `classmethod_descriptor`.

use crate::object::{MethodDescriptor, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `method_descriptor`.
pub static METHOD_DESCRIPTOR_SPEC: TypeSpec = TypeSpec {
    name: "method_descriptor",
    traits: TypeTraits::METHOD_DESCRIPTOR,
    ..TypeSpec::new(MethodDescriptor::layout, true)
};

/// The type `classmethod_descriptor`.
pub static CLASS_METHOD_DESCRIPTOR_SPEC: TypeSpec = TypeSpec {
    name: "classmethod_descriptor",
    ..TypeSpec::new(MethodDescriptor::layout, true)
};
