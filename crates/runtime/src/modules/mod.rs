//! Native modules that the language itself needs.
