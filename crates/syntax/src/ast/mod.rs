//! The abstract syntax tree, node for node CPython's ASDL (`Parser/Python.asdl` of 3.14).
//!
//! Invariants:
//! - Names and fields are the ASDL's, so that a dump or an `ast` module can be written from this file alone.
//! - Every node knows its [`Span`]; lines count from 1, columns are utf-8 byte offsets from 0, as `ast.col_offset` does.
//! - Every [`Expr`], [`Stmt`] and [`Pattern`] knows its `depth` (a leaf has 1). The parser refuses trees deeper than
//!   [`MAX_DEPTH`], so that consumers, `Drop` included, may recurse over a tree without fear for their stack.

mod expr;
mod pattern;
mod stmt;
mod strings;

pub use expr::*;
pub use pattern::*;
pub use stmt::*;
pub use strings::StrValue;

/// An identifier, NFKC-normalised as the language demands.
pub type Name = compact_str::CompactString;

/// The deepest tree the parser hands out; deeper source ends in a `SyntaxError`, `RecursionError` or `MemoryError`
/// of the same meaning as CPython's.
pub const MAX_DEPTH: u32 = 2000;

/// Where a node stands in its source: from (`line`, `col`) up to, not including, (`end_line`, `end_col`).
///
/// Lines count from 1; columns are offsets in utf-8 bytes from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// `lineno`
    pub line: u32,
    /// `col_offset`
    pub col: u32,
    /// `end_lineno`
    pub end_line: u32,
    /// `end_col_offset`
    pub end_col: u32,
}

impl Span {
    /// The span from the start of `self` to the end of `end`.
    #[must_use]
    pub fn to(self, end: Span) -> Span {
        Span {
            line: self.line,
            col: self.col,
            end_line: end.end_line,
            end_col: end.end_col,
        }
    }
}

/// The root of a tree (`mod`).
#[derive(Clone, Debug, PartialEq)]
pub enum Mod {
    /// A file, or the argument of `exec`.
    Module {
        /// The statements of the module.
        body: Vec<Stmt>,
    },
    /// One interactive statement (mode `single`).
    Interactive {
        /// The statements of the one logical input.
        body: Vec<Stmt>,
    },
    /// The argument of `eval`.
    Expression {
        /// The expression.
        body: Box<Expr>,
    },
}
