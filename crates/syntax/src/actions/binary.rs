//! Binary operators: operator precedence, on line, over the grammar's one flat level.
//!
//! Invariant: the operators waiting in a [`Chain`] bind ever tighter from first to last, so there are never more than there
//! are precedences.

use super::Cx;
use crate::ast::{CmpOp, Expr, ExprKind, Operator};

/// Operands and operators of which not all are combined yet.
pub struct Chain {
    waiting: Vec<(Operand, Operator)>,
    last: Operand,
}

/// An expression and the tokens it was made of, brackets included.
struct Operand {
    l: u32,
    expr: Expr,
    r: u32,
}

impl Chain {
    pub fn new(l: u32, expr: Expr, r: u32) -> Chain {
        Chain {
            waiting: Vec::new(),
            last: Operand { l, expr, r },
        }
    }
}

fn precedence(op: Operator) -> u8 {
    match op {
        Operator::BitOr => 1,
        Operator::BitXor => 2,
        Operator::BitAnd => 3,
        Operator::LShift | Operator::RShift => 4,
        Operator::Add | Operator::Sub => 5,
        Operator::Mult | Operator::MatMult | Operator::Div | Operator::FloorDiv | Operator::Mod => {
            6
        }
        Operator::Pow => 7,
    }
}

/// `chain op expr`
pub fn chain(cx: &mut Cx<'_>, chain: Chain, op: Operator, l: u32, expr: Expr, r: u32) -> Chain {
    let Chain { mut waiting, last } = chain;
    let last = combine(cx, &mut waiting, last, precedence(op));
    waiting.push((last, op));
    Chain {
        waiting,
        last: Operand { l, expr, r },
    }
}

/// The expression of a whole chain.
pub fn finish(cx: &mut Cx<'_>, chain: Chain) -> Expr {
    let Chain { mut waiting, last } = chain;
    if waiting.is_empty() {
        last.expr
    } else {
        combine(cx, &mut waiting, last, 0).expr
    }
}

/// Combines `last` with all waiting operands whose operator binds at least as tightly as `level`.
fn combine(
    cx: &mut Cx<'_>,
    waiting: &mut Vec<(Operand, Operator)>,
    mut last: Operand,
    level: u8,
) -> Operand {
    while let Some((left, op)) = waiting.pop_if(|(_, op)| precedence(*op) >= level) {
        let (l, r) = (left.l, last.r);
        let kind = ExprKind::BinOp {
            left: Box::new(left.expr),
            op,
            right: Box::new(last.expr),
        };
        last = Operand {
            l,
            expr: cx.expr(l, kind, r),
            r,
        };
    }
    last
}

/// `base ** exponent`
pub fn power(cx: &mut Cx<'_>, l: u32, base: Expr, exponent: Expr, r: u32) -> Expr {
    let kind = ExprKind::BinOp {
        left: Box::new(base),
        op: Operator::Pow,
        right: Box::new(exponent),
    };
    cx.expr(l, kind, r)
}

/// A chain of comparisons.
pub struct Compares {
    left: Expr,
    ops: Vec<CmpOp>,
    comparators: Vec<Expr>,
}

impl Compares {
    pub fn new(left: Expr, op: CmpOp, right: Expr) -> Compares {
        Compares {
            left,
            ops: vec![op],
            comparators: vec![right],
        }
    }

    pub fn push(mut self, op: CmpOp, right: Expr) -> Compares {
        self.ops.push(op);
        self.comparators.push(right);
        self
    }
}

pub fn compare(cx: &mut Cx<'_>, l: u32, c: Compares, r: u32) -> Expr {
    cx.expr(
        l,
        ExprKind::Compare {
            left: Box::new(c.left),
            ops: c.ops,
            comparators: c.comparators,
        },
        r,
    )
}
