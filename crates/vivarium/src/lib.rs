//! Vivarium for programs that embed it: an [`Interpreter`] runs Python source in a heap of its own.

mod anchors;
mod compiler;
mod completion;
pub mod diagnostics;
mod interpreter;
mod isolated;
pub mod limits;
mod nested;
pub mod program;
mod queues;
pub mod session;
mod tree;

pub use interpreter::{Allocator, Builder, Interpreter};
pub use viv_bytecode as bytecode;
pub use viv_runtime as runtime;
pub use viv_runtime::vm::interp::{Flags, Settings, Stdio};
pub use viv_syntax as syntax;

/// Parser and code generator without an interpreter.
pub use viv_compiler as codegen;
