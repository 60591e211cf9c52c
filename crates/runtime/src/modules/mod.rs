//! Native modules that the language itself needs.

pub mod gc;
pub mod make;
pub mod weakref;
