//! The eval loop: frames on a contiguous call stack, instructions, calls, unwinding.

#![allow(unsafe_code)]

pub mod stack;

pub use stack::CallStack;
