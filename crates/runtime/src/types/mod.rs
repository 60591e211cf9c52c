//! The behaviour of the builtin types, a folder a type.
//!
//! Each folder has a `SPEC` ([`spec::TypeSpec`]): the one declaration of the type's name, base, slots and methods. The list
//! of all of them stands in [`registry`].

pub mod bool;
pub mod bound_method;
pub mod buffer;
pub mod bytearray;
pub mod bytes;
pub mod cell;
pub mod code;
pub mod codec;
pub mod complex;
pub mod dict;
pub mod enumerate;
pub mod exception;
pub mod extra;
pub mod filter;
pub mod float;
pub mod format;
pub mod frame;
pub mod frozenset;
pub mod function;
pub mod generator;
pub mod getset_descriptor;
pub mod int;
pub mod iterators;
pub mod list;
pub mod map;
pub mod member_descriptor;
pub mod memoryview;
pub mod method_descriptor;
pub mod module;
pub mod native_function;
pub mod object;
pub mod range;
pub mod registry;
pub mod reversed;
pub mod sequence;
pub mod set;
pub mod singletons;
pub mod slice;
pub mod spec;
pub mod str;
pub mod traceback;
pub mod tuple;
pub mod ty;
pub mod unicode;
pub mod weakref;
pub mod zip;

/// `class[…]` of a builtin container: a generic alias.
pub fn class_getitem(
    vm: &crate::vm::Vm,
    class: &viv_heap::Object,
    key: &viv_heap::Object,
) -> crate::result::PyResult {
    generic_alias::class_getitem(vm, class, key)
}

pub mod class_method;
pub mod generic_alias;
pub mod mapping_proxy;
pub mod property;
pub mod simple_namespace;
pub mod site_builtins;
pub mod static_method;
pub mod super_;
pub mod template;
pub mod typing;
pub mod union;
