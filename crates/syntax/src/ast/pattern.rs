//! Patterns of the `match` statement.

use super::{Constant, Expr, Name, Span};

/// A pattern with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// Where it stands.
    pub span: Span,
    /// The height of the tree below and including this node.
    pub depth: u32,
    /// What it is.
    pub kind: PatternKind,
}

/// The alternatives of `pattern`.
#[derive(Clone, Debug, PartialEq)]
pub enum PatternKind {
    /// Equal to a literal or dotted name.
    MatchValue { value: Box<Expr> },
    /// Identical to `None`, `True` or `False`.
    MatchSingleton { value: Constant },
    /// `[a, *b]`
    MatchSequence { patterns: Vec<Pattern> },
    /// `{key: pattern, **rest}`
    MatchMapping {
        keys: Vec<Expr>,
        patterns: Vec<Pattern>,
        rest: Option<Name>,
    },
    /// `cls(patterns, kwd_attrs=kwd_patterns)`
    MatchClass {
        cls: Box<Expr>,
        patterns: Vec<Pattern>,
        kwd_attrs: Vec<Name>,
        kwd_patterns: Vec<Pattern>,
    },
    /// `*name` or `*_` inside a sequence.
    MatchStar { name: Option<Name> },
    /// `pattern as name`, a capture, or (both `None`) the wildcard.
    MatchAs {
        pattern: Option<Box<Pattern>>,
        name: Option<Name>,
    },
    /// `a | b`
    MatchOr { patterns: Vec<Pattern> },
}

/// One `case` block.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchCase {
    pub pattern: Pattern,
    pub guard: Option<Box<Expr>>,
    pub body: Vec<super::Stmt>,
}

impl Pattern {
    /// Builds a node and computes its depth from its children's.
    #[must_use]
    pub fn new(span: Span, kind: PatternKind) -> Pattern {
        let depth = 1 + kind.children_depth();
        Pattern { span, depth, kind }
    }
}

fn max(patterns: &[Pattern]) -> u32 {
    patterns.iter().map(|p| p.depth).max().unwrap_or(0)
}

impl PatternKind {
    /// The greatest depth among the children.
    #[must_use]
    pub fn children_depth(&self) -> u32 {
        use PatternKind as K;
        match self {
            K::MatchValue { value } => value.depth,
            K::MatchSingleton { .. } | K::MatchStar { .. } => 0,
            K::MatchSequence { patterns } | K::MatchOr { patterns } => max(patterns),
            K::MatchMapping { keys, patterns, .. } => keys
                .iter()
                .map(|e| e.depth)
                .max()
                .unwrap_or(0)
                .max(max(patterns)),
            K::MatchClass {
                cls,
                patterns,
                kwd_patterns,
                ..
            } => cls.depth.max(max(patterns)).max(max(kwd_patterns)),
            K::MatchAs { pattern, .. } => pattern.as_ref().map_or(0, |p| p.depth),
        }
    }
}
