//! What the grammar's actions call: helpers that build nodes and judge what the grammar leaves open.
//!
//! Invariants: a helper never fails; it notes the first [`Failure`] in the context and returns a leaf in the node's place, so
//! that a tree never grows deeper than [`MAX_DEPTH`]. The caller of the parser asks for the failure when it is done.

mod binary;
mod call;
mod expr;
mod ftstring;
mod params;
mod pattern;
mod stmt;
mod strings;
mod target;

pub use binary::*;
pub use call::*;
pub use expr::*;
pub use ftstring::*;
pub use params::*;
pub use pattern::*;
pub use stmt::*;
pub use strings::*;

use crate::ast::{Constant, Expr, ExprKind, MAX_DEPTH, Mod, Name, Operator, Span, Stmt, StmtKind};
use crate::error::{ErrorKind, SyntaxError, Warning};
use crate::lexer::{Kind, Token};
use crate::source::Source;
use std::cell::Cell;

/// Why a parse that the grammar let pass is refused.
pub enum Failure {
    /// A rule beyond the grammar is broken before this token; the diagnosis finds which.
    Invalid(u32),
    /// The very error to report.
    Error(Box<SyntaxError>),
}

/// What the helpers need to know and collect.
pub struct Cx<'s> {
    pub source: &'s Source<'s>,
    pub tokens: &'s [Token],
    pub warnings: Vec<Warning>,
    pub failure: Option<Failure>,
    /// The token that the parser looks at.
    next: &'s Cell<u32>,
    /// The f- and t-strings around the current token.
    open: Vec<OpenString>,
}

impl<'s> Cx<'s> {
    pub fn new(source: &'s Source<'s>, tokens: &'s [Token], next: &'s Cell<u32>) -> Cx<'s> {
        Cx {
            source,
            tokens,
            warnings: Vec::new(),
            failure: None,
            next,
            open: Vec::new(),
        }
    }

    pub fn token(&self, i: u32) -> Token {
        let last = || Token {
            kind: Kind::End,
            start: 0,
            end: 0,
            span: Span::default(),
        };
        self.tokens
            .get(i as usize)
            .or(self.tokens.last())
            .copied()
            .unwrap_or_else(last)
    }

    pub fn text(&self, i: u32) -> &'s str {
        let token = self.token(i);
        self.source
            .text()
            .get(token.start as usize..token.end as usize)
            .unwrap_or("")
    }

    /// The place of the tokens from `l` up to, not including, `r`.
    pub fn span(&self, l: u32, r: u32) -> Span {
        self.token(l).span.to(self.token(r.saturating_sub(1)).span)
    }

    /// The same, without the newlines and dedents that end a block.
    fn block_span(&self, l: u32, mut r: u32) -> Span {
        while r > l + 1
            && matches!(
                self.token(r - 1).kind,
                Kind::Newline | Kind::Indent | Kind::Dedent
            )
        {
            r -= 1;
        }
        self.span(l, r)
    }

    /// The name at token `i`.
    pub fn name(&self, i: u32) -> Name {
        crate::unicode::normalize(self.text(i))
    }

    pub fn fail(&mut self, failure: Failure) {
        if self.failure.is_none() {
            self.failure = Some(failure);
        }
    }

    pub fn invalid(&mut self) {
        self.fail(Failure::Invalid(self.next.get()));
    }

    /// Notes an error that spans `span`.
    pub fn error(&mut self, msg: impl Into<String>, span: Span) {
        let error = crate::error::at_span(self.source, ErrorKind::Syntax, msg, span);
        self.fail(Failure::Error(Box::new(error)));
    }

    /// Notes an error at token `i`, which may be the end of the source.
    pub fn error_after(&mut self, i: u32, msg: &str) {
        let error = crate::error::at_last_read(self.source, msg, self.token(i));
        self.fail(Failure::Error(Box::new(error)));
    }

    fn too_deep(&mut self, memory: bool) {
        let (kind, msg) = if memory {
            (
                ErrorKind::Memory,
                "Parser stack overflowed - Python source too complex to parse",
            )
        } else {
            (
                ErrorKind::Recursion,
                "maximum recursion depth exceeded during compilation",
            )
        };
        self.fail(Failure::Error(Box::new(SyntaxError::new(
            kind,
            msg,
            (0, 0),
            (0, 0),
        ))));
    }

    pub fn expr_at(&mut self, span: Span, kind: ExprKind) -> Expr {
        let expr = Expr::new(span, kind);
        if expr.depth < MAX_DEPTH {
            return expr;
        }
        // CPython's parser recurses where the grammar does, to the right.
        let right = matches!(
            expr.kind,
            ExprKind::UnaryOp { .. }
                | ExprKind::Lambda { .. }
                | ExprKind::IfExp { .. }
                | ExprKind::BinOp {
                    op: Operator::Pow,
                    ..
                }
        );
        self.too_deep(right);
        Expr::new(span, ExprKind::Constant(Constant::None))
    }

    pub fn expr(&mut self, l: u32, kind: ExprKind, r: u32) -> Expr {
        let span = self.span(l, r);
        self.expr_at(span, kind)
    }

    pub fn stmt_at(&mut self, span: Span, kind: StmtKind) -> Stmt {
        let stmt = Stmt::new(span, kind);
        if stmt.depth < MAX_DEPTH {
            return stmt;
        }
        self.too_deep(true);
        Stmt::new(span, StmtKind::Pass)
    }
}

/// Appends to a list under construction.
pub fn push<T>(mut list: Vec<T>, item: T) -> Vec<T> {
    list.push(item);
    list
}

pub fn expression(body: Expr) -> Mod {
    Mod::Expression {
        body: Box::new(body),
    }
}

/// Mode `single`: one compound statement, or the simple statements of one line; the parser is given no more than that of
/// the latter.
pub fn interactive(cx: &mut Cx<'_>, body: Vec<Stmt>) -> Mod {
    let compound = cx.tokens.get(1).is_some_and(|t| t.kind.starts_compound());
    // A one-line compound statement wants a newline of its own behind it.
    let newline = cx
        .tokens
        .iter()
        .rev()
        .take(2)
        .any(|t| t.kind == Kind::Newline && t.has_no_column());
    if body.is_empty() || (compound && (body.len() > 1 || newline)) {
        cx.invalid();
    }
    Mod::Interactive { body }
}
