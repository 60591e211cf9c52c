//! Errors and warnings of the stages after parsing.
//!
//! Positions are those CPython gives for these stages: the column is the UTF-8 byte offset plus one, and the line's text
//! is left for the caller, who knows where the source came from.

use viv_syntax::ast::Span;
use viv_syntax::{ErrorKind, SyntaxError};

/// The result of a step of the compiler.
pub type Result<T> = std::result::Result<T, Box<SyntaxError>>;

/// A `SyntaxError` at a place.
pub fn syntax_error(span: Span, msg: impl Into<String>) -> Box<SyntaxError> {
    Box::new(SyntaxError {
        kind: ErrorKind::Syntax,
        msg: msg.into(),
        line: span.line,
        col: span.col as i32 + 1,
        end_line: span.end_line,
        end_col: span.end_col as i32 + 1,
        text: None,
        statement_line: 0,
        incomplete: false,
        warnings: Vec::new(),
    })
}
