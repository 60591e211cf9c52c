//! Patterns and the `match` statement.

use super::{Cx, StringPart};
use crate::ast::{
    Constant, Expr, ExprKind, MatchCase, Name, Operator, Pattern, PatternKind, Stmt, StmtKind,
    UnaryOp,
};

fn pattern(cx: &mut Cx<'_>, l: u32, kind: PatternKind, r: u32) -> Pattern {
    // Patterns nest by brackets only, which the lexer bounds.
    Pattern::new(cx.span(l, r), kind)
}

pub fn match_stmt(cx: &mut Cx<'_>, l: u32, subject: Expr, cases: Vec<MatchCase>, r: u32) -> Stmt {
    if matches!(subject.kind, ExprKind::Starred { .. }) {
        cx.invalid();
    }
    let span = cx.block_span(l, r);
    cx.stmt_at(
        span,
        StmtKind::Match {
            subject: Box::new(subject),
            cases,
        },
    )
}

pub fn match_case(
    cx: &mut Cx<'_>,
    pattern: Pattern,
    guard: Option<Expr>,
    body: Vec<Stmt>,
) -> MatchCase {
    if matches!(pattern.kind, PatternKind::MatchStar { .. }) {
        cx.invalid();
    }
    MatchCase {
        pattern,
        guard: guard.map(Box::new),
        body,
    }
}

fn capture(name: Name) -> Option<Name> {
    if name == "_" { None } else { Some(name) }
}

pub fn match_star(cx: &mut Cx<'_>, l: u32, name: Name, r: u32) -> Pattern {
    pattern(
        cx,
        l,
        PatternKind::MatchStar {
            name: capture(name),
        },
        r,
    )
}

pub fn match_as(cx: &mut Cx<'_>, l: u32, p: Pattern, name: Name, r: u32) -> Pattern {
    let name = capture(name);
    if name.is_none() {
        cx.invalid();
    }
    pattern(
        cx,
        l,
        PatternKind::MatchAs {
            pattern: Some(Box::new(p)),
            name,
        },
        r,
    )
}

pub fn match_or(cx: &mut Cx<'_>, l: u32, patterns: Vec<Pattern>, r: u32) -> Pattern {
    pattern(cx, l, PatternKind::MatchOr { patterns }, r)
}

pub fn match_literal(cx: &mut Cx<'_>, l: u32, value: Expr, r: u32) -> Pattern {
    let kind = match value.kind {
        ExprKind::Constant(value @ (Constant::None | Constant::True | Constant::False)) => {
            PatternKind::MatchSingleton { value }
        }
        _ => PatternKind::MatchValue {
            value: Box::new(value),
        },
    };
    pattern(cx, l, kind, r)
}

/// A dotted name is a value, a bare one captures.
pub fn match_name(cx: &mut Cx<'_>, l: u32, value: Expr, r: u32) -> Pattern {
    let kind = match value.kind {
        ExprKind::Name { id, .. } => PatternKind::MatchAs {
            pattern: None,
            name: capture(id),
        },
        _ => PatternKind::MatchValue {
            value: Box::new(value),
        },
    };
    pattern(cx, l, kind, r)
}

pub fn match_class(
    cx: &mut Cx<'_>,
    l: u32,
    cls: Expr,
    args: Vec<(Option<Name>, Pattern)>,
    r: u32,
) -> Pattern {
    let (mut patterns, mut kwd_attrs, mut kwd_patterns) = (Vec::new(), Vec::new(), Vec::new());
    for (name, p) in args {
        match name {
            Some(name) => {
                kwd_attrs.push(name);
                kwd_patterns.push(p);
            }
            None => {
                if !kwd_attrs.is_empty() {
                    cx.invalid();
                }
                patterns.push(p);
            }
        }
    }
    let kind = PatternKind::MatchClass {
        cls: Box::new(cls),
        patterns,
        kwd_attrs,
        kwd_patterns,
    };
    pattern(cx, l, kind, r)
}

pub fn sequence(cx: &mut Cx<'_>, l: u32, patterns: Vec<Pattern>, r: u32) -> Pattern {
    pattern(cx, l, PatternKind::MatchSequence { patterns }, r)
}

/// One item of a mapping pattern.
pub enum MappingItem {
    Pair(Expr, Pattern),
    Rest(Name),
}

pub fn mapping_attr(cx: &mut Cx<'_>, key: Expr, p: Pattern) -> MappingItem {
    if matches!(key.kind, ExprKind::Name { .. }) {
        cx.invalid();
    }
    MappingItem::Pair(key, p)
}

pub fn mapping_rest(cx: &mut Cx<'_>, name: Name) -> MappingItem {
    if name == "_" {
        cx.invalid();
    }
    MappingItem::Rest(name)
}

pub fn mapping(cx: &mut Cx<'_>, l: u32, items: Vec<MappingItem>, r: u32) -> Pattern {
    let (mut keys, mut patterns, mut rest) = (Vec::new(), Vec::new(), None);
    for item in items {
        if rest.is_some() {
            cx.invalid();
        }
        match item {
            MappingItem::Pair(key, p) => {
                keys.push(key);
                patterns.push(p);
            }
            MappingItem::Rest(name) => rest = Some(name),
        }
    }
    pattern(
        cx,
        l,
        PatternKind::MatchMapping {
            keys,
            patterns,
            rest,
        },
        r,
    )
}

pub fn negative(cx: &mut Cx<'_>, l: u32, number: u32, r: u32) -> Expr {
    let number = super::number(cx, number);
    super::unary(cx, l, UnaryOp::USub, number, r)
}

/// `real ± imaginary`
pub fn complex(cx: &mut Cx<'_>, l: u32, real: Expr, op: Operator, imaginary: u32, r: u32) -> Expr {
    let imaginary = super::number(cx, imaginary);
    if is_imaginary(&real) || !is_imaginary(&imaginary) {
        cx.invalid();
    }
    let kind = ExprKind::BinOp {
        left: Box::new(real),
        op,
        right: Box::new(imaginary),
    };
    cx.expr(l, kind, r)
}

fn is_imaginary(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::UnaryOp { operand, .. } => {
            matches!(operand.kind, ExprKind::Constant(Constant::Imaginary(_)))
        }
        ExprKind::Constant(Constant::Imaginary(_)) => true,
        _ => false,
    }
}

/// That strings of a pattern have no fields is the compiler's to demand.
pub fn pattern_strings(cx: &mut Cx<'_>, l: u32, parts: Vec<StringPart>, r: u32) -> Expr {
    super::strings(cx, l, parts, r)
}
