//! The runtime of Vivarium: object model, builtin types, exceptions, frames, the eval loop, modules and threads.
//!
//! Code map: [`object`] holds the `#[repr(C)]` layouts of all builtin objects (with [`eval`], the only place of this crate
//! where `unsafe` stands; what calls of the system need is in `viv-system`); [`types`] their behaviour, a folder a type; [`vm`] the interpreter and the thread state;
//! [`protocol`] the operations that work on any object; [`native`] how native functions are declared and bound;
//! [`eval`] the loop; [`modules`] the native modules that the language itself needs.
//!
//! **Invariant.** No Rust reference into an object's payload is held across a call that may run Python code.

#![cfg_attr(viv_preserve_none, feature(rust_preserve_none_cc))]

pub mod args;
pub mod eval;
pub mod modules;
pub mod native;
pub mod object;
pub mod protocol;
pub mod result;
pub mod slots;
pub mod timestamp;
pub mod types;
pub mod vm;

pub use args::{Args, NamedArgs};
pub use native::{MethodDef, NativeCall};
pub use result::{PyResult, Raised};
pub use viv_bytecode::{BinaryOp, CompareOp};
pub use viv_heap::{HVec, Heap, HeapAlloc, Object, ObjectLayout, Raw, Ref, Visitor, object_layout};
pub use vm::{Interp, Vm};
