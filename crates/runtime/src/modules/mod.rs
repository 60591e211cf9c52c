//! Native modules that the language itself needs.

pub mod codecs;
pub mod builtins;
pub mod gc;
pub mod heap;
pub mod import;
pub mod itertools;
pub mod make;
pub mod math;
pub mod traceback_text;
pub mod struct_sequence;
pub mod sys;
pub mod time;
pub mod weakref;
pub mod main;
