//! The eval loop: frames on a contiguous call stack, instructions, calls, unwinding.
//!
//! Code map: [`stack`] the call stack and its records; `run` the loop and the general
//! dispatch, `threaded` the quick one; `arith`, `attr` (with `attr_cache`), `build`, `control`, `names` the
//! handlers by subject; [`call`] how calls push frames and bind arguments; `unwind` what happens after an exception;
//! `trace` the tracing functions;
//! [`frame`] frame objects; `thread` the start of threads; [`generator`] suspended frames; [`code`] code objects made of compiled code.
//!
//! **Invariants.**
//! - A non-null word between a frame's first local and the stack's top owns a count.
//! - Whatever may call out has stored `pc` and the stack's top first (`Regs::save`), so that a nested run starts above them.
//! - A handler that fails has left the stack so that every word is still owned exactly once.

#![allow(unsafe_code)]

mod arith;
mod attr;
pub(crate) mod attr_cache;
mod bind;
mod build;
pub mod call;
pub mod code;
pub mod control;
pub mod current;
pub mod fault;
pub mod frame;
pub mod generator;
pub(crate) mod hot;
mod intrinsic;
mod matching;
mod names;
mod operator;
mod regs;
mod run;
pub mod stack;
pub(crate) mod thread;
mod threaded;
mod trace;
mod unwind;

pub use call::{call_function, run_code};
pub use code::make_code;
pub use frame::{current_frame, frame_object};
pub use stack::CallStack;
