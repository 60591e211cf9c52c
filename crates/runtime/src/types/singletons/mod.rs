//! The builtin types `NoneType`, `ellipsis`, `NotImplementedType`.

use crate::object::Singleton;
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `NoneType`.
pub static NONE_TYPE_SPEC: TypeSpec = TypeSpec {
    name: "NoneType",
    ..TypeSpec::new(Singleton::layout, false)
};

/// The type `ellipsis`.
pub static ELLIPSIS_TYPE_SPEC: TypeSpec = TypeSpec {
    name: "ellipsis",
    ..TypeSpec::new(Singleton::layout, false)
};

/// The type `NotImplementedType`.
pub static NOT_IMPLEMENTED_TYPE_SPEC: TypeSpec = TypeSpec {
    name: "NotImplementedType",
    ..TypeSpec::new(Singleton::layout, false)
};
