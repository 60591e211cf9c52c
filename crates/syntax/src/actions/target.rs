//! From the expression that was parsed to the target that was meant.

use super::Cx;
use crate::ast::{Expr, ExprContext, ExprKind};

/// Turns an expression into a target of assignment or deletion, or notes that it is none.
pub fn target(cx: &mut Cx<'_>, mut expr: Expr, ctx: ExprContext) -> Expr {
    if !set_context(&mut expr, ctx) {
        cx.invalid();
    }
    expr
}

/// A target of an augmented or annotated assignment: no tuple, list or star.
pub fn single_target(cx: &mut Cx<'_>, expr: Expr) -> Expr {
    match expr.kind {
        ExprKind::Name { .. } | ExprKind::Attribute { .. } | ExprKind::Subscript { .. } => {
            target(cx, expr, ExprContext::Store)
        }
        _ => {
            cx.invalid();
            expr
        }
    }
}

/// Recursion is bounded by the brackets that the lexer lets nest.
fn set_context(expr: &mut Expr, new: ExprContext) -> bool {
    match &mut expr.kind {
        ExprKind::Name { ctx, .. }
        | ExprKind::Attribute { ctx, .. }
        | ExprKind::Subscript { ctx, .. } => {
            *ctx = new;
            true
        }
        ExprKind::List { elts, ctx } | ExprKind::Tuple { elts, ctx } => {
            *ctx = new;
            elts.iter_mut().all(|e| set_context(e, new))
        }
        ExprKind::Starred { value, ctx } if new == ExprContext::Store => {
            *ctx = new;
            set_context(value, new)
        }
        _ => false,
    }
}
