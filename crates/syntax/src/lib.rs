//! The syntax of Python 3.14: from source text to an abstract syntax tree.

mod actions;
pub mod ast;
mod classify;
mod diagnose;
mod dump;
mod error;
mod escape;
pub mod lexer;
pub mod number;
mod parser;
pub mod source;
mod unicode;

pub use dump::{bytes_repr, dump, float_repr, imaginary_repr, str_repr};
pub use error::{ErrorKind, SyntaxError, Warning};
pub use parser::{Mode, Parsed, parse, parse_str};

#[allow(unused, clippy::all)]
#[rustfmt::skip]
mod grammar {
    include!(concat!(env!("OUT_DIR"), "/python.rs"));
}
