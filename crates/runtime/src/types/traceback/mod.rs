//! The builtin type `traceback`.

use crate::object::Traceback;
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `traceback`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "traceback",
    ..TypeSpec::new(Traceback::layout, true)
};
