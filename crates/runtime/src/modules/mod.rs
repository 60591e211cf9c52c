//! Native modules that the language itself needs.

pub mod make;
