//! Raising: how a message gets its place.

use super::node::{N, Use, invalid_target};
use super::peg::{Peg, R, Stop};
use crate::ast::Span;
use crate::error::{ErrorKind, SyntaxError};
use crate::lexer::Token;
use crate::source::Source;

/// An error that the diagnosis has found.
pub struct Raised {
    pub error: SyntaxError,
    /// It is the lexer's own, or not about syntax: nothing may override it.
    pub is_final: bool,
}

/// An error from the start of one token to the end of another.
pub fn at_tokens(
    source: &Source<'_>,
    kind: ErrorKind,
    msg: &str,
    first: Token,
    last: Token,
) -> SyntaxError {
    if first.has_no_column() {
        // CPython gives the end of the source no column.
        let line = first.span.line;
        let mut error = SyntaxError::new(kind, msg, (line, 0), (line, 0));
        error.text = source.line_text(line);
        return error;
    }
    crate::error::at_span(source, kind, msg, first.span.to(last.span))
}

/// An error about white space: it stands behind it.
pub fn indent_error(source: &Source<'_>, msg: &str, token: Token) -> SyntaxError {
    let line = token.span.line;
    let start = source.line_start(line);
    let col = source.char_col(start, start + token.span.end_col as usize);
    let mut error = SyntaxError::new(ErrorKind::Indentation, msg, (line, col), (line, -1));
    error.text = source.line_text(line);
    error
}

impl Peg<'_, '_> {
    fn stop<T>(&mut self, error: SyntaxError) -> R<T> {
        self.raise(Raised {
            error,
            is_final: false,
        });
        Err(Stop)
    }

    /// At one expression.
    pub fn raise_at<T>(&mut self, node: &N, msg: &str) -> R<T> {
        self.raise_tokens(node.l, node.r, msg)
    }

    /// From one expression to another.
    pub fn raise_range<T>(&mut self, a: &N, b: &N, msg: &str) -> R<T> {
        self.raise_tokens(a.l, b.r, msg)
    }

    /// From token `l` up to, not including, token `r`.
    pub fn raise_tokens<T>(&mut self, l: usize, r: usize, msg: &str) -> R<T> {
        let (first, last) = (self.token(l), self.token(r.saturating_sub(1).max(l)));
        let error = at_tokens(self.source(), ErrorKind::Syntax, msg, first, last);
        self.stop(error)
    }

    /// At the furthest token read.
    pub fn raise_here<T>(&mut self, msg: &str) -> R<T> {
        let token = self.token(self.furthest());
        let error = crate::error::at_last_read(self.source(), msg, token);
        self.stop(error)
    }

    /// At the next token.
    pub fn raise_next<T>(&mut self, msg: &str) -> R<T> {
        self.peek()?;
        let error = crate::error::at_last_read(self.source(), msg, self.token(self.mark));
        self.stop(error)
    }

    /// From token `l` up to where the lexer has read.
    pub fn raise_from<T>(&mut self, l: usize, msg: &str) -> R<T> {
        let first = self.token(l);
        let last = self.token(self.furthest());
        let (end_line, end_col) = (last.span.end_line, last.span.end_col);
        let source = self.source();
        let span = first.span.to(Span {
            end_line,
            end_col,
            ..first.span
        });
        let mut error = crate::error::at_span(source, ErrorKind::Syntax, msg, span);
        if first.has_no_column() {
            error.col = 0;
        }
        // The lexer's position counts from 0.
        error.end_col -= 1;
        self.stop(error)
    }

    /// An `IndentationError` at the furthest token.
    pub fn raise_indent<T>(&mut self, msg: &str) -> R<T> {
        let token = self.token(self.furthest());
        let source = self.source();
        let error = match token.kind {
            _ if token.has_no_column() => indent_error(source, msg, token),
            _ => at_tokens(source, ErrorKind::Indentation, msg, token, token),
        };
        self.stop(error)
    }

    /// At the part of `node` that is no target.
    pub fn raise_invalid_target<T>(&mut self, node: &N, wanted: Use) -> R<T> {
        let Some(bad) = invalid_target(node, wanted) else {
            return Ok(None);
        };
        let verb = if wanted == Use::Delete {
            "delete"
        } else {
            "assign to"
        };
        let msg = format!("cannot {verb} {}", bad.kind.name());
        self.raise_at(&bad, &msg)
    }

    pub fn raise_memory<T>(&mut self) -> R<T> {
        let msg = "Parser stack overflowed - Python source too complex to parse";
        let error = SyntaxError::new(ErrorKind::Memory, msg, (0, 0), (0, 0));
        self.raise(Raised {
            error,
            is_final: true,
        });
        Err(Stop)
    }
}
