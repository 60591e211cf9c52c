//! The syntax of Python 3.14: from source text to an abstract syntax tree.

pub mod ast;
mod error;

pub use error::{ErrorKind, SyntaxError, Warning};

use std::fmt;

/// What kind of source is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// A module (`exec`).
    Exec,
    /// One expression (`eval`).
    Eval,
    /// One interactive statement (`single`).
    Single,
}

/// A parsed source.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The tree.
    pub ast: ast::Mod,
    /// What the lexer warns of, in order of the source.
    pub warnings: Vec<Warning>,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.msg)
    }
}

impl std::error::Error for SyntaxError {}
