//! Native modules that the language itself needs.

pub mod atexit;
pub mod builtins;
pub mod codecs;
mod display_width;
pub mod gc;
pub mod heap;
mod hints;
pub mod import;
pub mod import_time;
pub mod io;
pub mod itertools;
pub mod main;
pub mod make;
pub mod math;
pub mod struct_sequence;
pub mod sys;
pub mod time;
pub mod traceback_text;
pub mod typed_source;
pub mod warnings;
pub mod weakref;
