//! Native modules that the language itself needs.

pub mod gc;
pub mod heap;
pub mod make;
pub mod weakref;
pub mod import;
