//! Vivarium for programs that embed it: an [`Interpreter`] runs Python source in a heap of its own.

mod anchors;
mod compiler;
pub mod diagnostics;
mod interpreter;

pub use interpreter::{Builder, Interpreter};
pub use viv_runtime as runtime;
