//! The operating system as the interpreter sees it, behind one interface. Knows no Python.

pub mod clock;
pub mod fd;
