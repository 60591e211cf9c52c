//! The builtin types `generator`, `coroutine`, `async_generator`.

use crate::object::Generator;
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;

/// The type `generator`.
pub static GENERATOR_SPEC: TypeSpec = TypeSpec {
    name: "generator",
    weaklist_offset: std::mem::offset_of!(Generator, weakrefs) as u32,
    ..TypeSpec::new(Generator::layout, true)
};

/// The type `coroutine`.
pub static COROUTINE_SPEC: TypeSpec = TypeSpec {
    name: "coroutine",
    weaklist_offset: std::mem::offset_of!(Generator, weakrefs) as u32,
    ..TypeSpec::new(Generator::layout, true)
};

/// The type `async_generator`.
pub static ASYNC_GENERATOR_SPEC: TypeSpec = TypeSpec {
    name: "async_generator",
    weaklist_offset: std::mem::offset_of!(Generator, weakrefs) as u32,
    ..TypeSpec::new(Generator::layout, true)
};
