//! Expressions other than operators, calls and strings.

use super::Cx;
use super::target::target;
use crate::ast::{
    Arguments, BoolOp, Comprehension, Constant, Expr, ExprContext, ExprKind, UnaryOp,
};
use crate::number;

const LOAD: ExprContext = ExprContext::Load;

pub fn constant(cx: &mut Cx<'_>, l: u32, value: Constant) -> Expr {
    cx.expr(l, ExprKind::Constant(value), l + 1)
}

pub fn number(cx: &mut Cx<'_>, l: u32) -> Expr {
    match number::parse(cx.text(l)) {
        Ok(value) => constant(cx, l, value),
        Err(msg) => {
            let mut error = crate::SyntaxError::new(
                crate::ErrorKind::Syntax,
                msg,
                (cx.token(l).span.line, 0),
                (0, 0),
            );
            error.end_line = error.line;
            error.text = cx.source.line_text(error.line);
            cx.fail(super::Failure::Error(Box::new(error)));
            constant(cx, l, Constant::None)
        }
    }
}

pub fn name(cx: &mut Cx<'_>, l: u32) -> Expr {
    let kind = ExprKind::Name {
        id: cx.name(l),
        ctx: LOAD,
    };
    Expr {
        span: cx.token(l).span,
        depth: 1,
        kind,
    }
}

pub fn attribute(cx: &mut Cx<'_>, l: u32, value: Expr, attr: u32, r: u32) -> Expr {
    let attr = cx.name(attr);
    cx.expr(
        l,
        ExprKind::Attribute {
            value: Box::new(value),
            attr,
            ctx: LOAD,
        },
        r,
    )
}

pub fn subscript(cx: &mut Cx<'_>, l: u32, value: Expr, slice: Expr, r: u32) -> Expr {
    cx.expr(
        l,
        ExprKind::Subscript {
            value: Box::new(value),
            slice: Box::new(slice),
            ctx: LOAD,
        },
        r,
    )
}

pub fn slice(
    cx: &mut Cx<'_>,
    l: u32,
    lower: Option<Expr>,
    upper: Option<Expr>,
    step: Option<Expr>,
    r: u32,
) -> Expr {
    let (lower, upper, step) = (lower.map(Box::new), upper.map(Box::new), step.map(Box::new));
    cx.expr(l, ExprKind::Slice { lower, upper, step }, r)
}

/// `(e)`: the expression itself, unless it is starred.
pub fn group(cx: &mut Cx<'_>, e: Expr) -> Expr {
    if matches!(e.kind, ExprKind::Starred { .. }) {
        cx.invalid();
    }
    e
}

pub fn tuple(cx: &mut Cx<'_>, l: u32, elts: Vec<Expr>, r: u32) -> Expr {
    cx.expr(l, ExprKind::Tuple { elts, ctx: LOAD }, r)
}

pub fn list(cx: &mut Cx<'_>, l: u32, elts: Vec<Expr>, r: u32) -> Expr {
    cx.expr(l, ExprKind::List { elts, ctx: LOAD }, r)
}

pub fn set(cx: &mut Cx<'_>, l: u32, elts: Vec<Expr>, r: u32) -> Expr {
    cx.expr(l, ExprKind::Set { elts }, r)
}

pub fn dict(cx: &mut Cx<'_>, l: u32, items: Vec<(Option<Expr>, Expr)>, r: u32) -> Expr {
    let (keys, values) = items.into_iter().unzip();
    cx.expr(l, ExprKind::Dict { keys, values }, r)
}

pub fn generator(
    cx: &mut Cx<'_>,
    l: u32,
    elt: Expr,
    generators: Vec<Comprehension>,
    r: u32,
) -> Expr {
    cx.expr(
        l,
        ExprKind::GeneratorExp {
            elt: Box::new(elt),
            generators,
        },
        r,
    )
}

pub fn list_comp(
    cx: &mut Cx<'_>,
    l: u32,
    elt: Expr,
    generators: Vec<Comprehension>,
    r: u32,
) -> Expr {
    cx.expr(
        l,
        ExprKind::ListComp {
            elt: Box::new(elt),
            generators,
        },
        r,
    )
}

pub fn set_comp(
    cx: &mut Cx<'_>,
    l: u32,
    elt: Expr,
    generators: Vec<Comprehension>,
    r: u32,
) -> Expr {
    cx.expr(
        l,
        ExprKind::SetComp {
            elt: Box::new(elt),
            generators,
        },
        r,
    )
}

pub fn dict_comp(
    cx: &mut Cx<'_>,
    l: u32,
    (key, value): (Expr, Expr),
    generators: Vec<Comprehension>,
    r: u32,
) -> Expr {
    cx.expr(
        l,
        ExprKind::DictComp {
            key: Box::new(key),
            value: Box::new(value),
            generators,
        },
        r,
    )
}

pub fn comprehension(
    cx: &mut Cx<'_>,
    is_async: bool,
    to: Expr,
    iter: Expr,
    ifs: Vec<Expr>,
) -> Comprehension {
    Comprehension {
        target: target(cx, to, ExprContext::Store),
        iter,
        ifs,
        is_async,
    }
}

pub fn starred(cx: &mut Cx<'_>, l: u32, value: Expr, r: u32) -> Expr {
    cx.expr(
        l,
        ExprKind::Starred {
            value: Box::new(value),
            ctx: LOAD,
        },
        r,
    )
}

pub fn yield_expr(cx: &mut Cx<'_>, l: u32, value: Option<Expr>, r: u32) -> Expr {
    cx.expr(
        l,
        ExprKind::Yield {
            value: value.map(Box::new),
        },
        r,
    )
}

pub fn yield_from(cx: &mut Cx<'_>, l: u32, value: Expr, r: u32) -> Expr {
    cx.expr(
        l,
        ExprKind::YieldFrom {
            value: Box::new(value),
        },
        r,
    )
}

pub fn await_expr(cx: &mut Cx<'_>, l: u32, value: Expr, r: u32) -> Expr {
    cx.expr(
        l,
        ExprKind::Await {
            value: Box::new(value),
        },
        r,
    )
}

/// `name := value`, the name being token `l`.
pub fn named(cx: &mut Cx<'_>, l: u32, value: Expr, r: u32) -> Expr {
    let to = name(cx, l);
    let to = target(cx, to, ExprContext::Store);
    cx.expr(
        l,
        ExprKind::NamedExpr {
            target: Box::new(to),
            value: Box::new(value),
        },
        r,
    )
}

pub fn if_exp(cx: &mut Cx<'_>, l: u32, body: Expr, test: Expr, orelse: Expr, r: u32) -> Expr {
    let kind = ExprKind::IfExp {
        test: Box::new(test),
        body: Box::new(body),
        orelse: Box::new(orelse),
    };
    cx.expr(l, kind, r)
}

pub fn lambda(cx: &mut Cx<'_>, l: u32, args: Arguments, body: Expr, r: u32) -> Expr {
    cx.expr(
        l,
        ExprKind::Lambda {
            args: Box::new(args),
            body: Box::new(body),
        },
        r,
    )
}

pub fn bool_op(cx: &mut Cx<'_>, l: u32, op: BoolOp, values: Vec<Expr>, r: u32) -> Expr {
    cx.expr(l, ExprKind::BoolOp { op, values }, r)
}

pub fn unary(cx: &mut Cx<'_>, l: u32, op: UnaryOp, operand: Expr, r: u32) -> Expr {
    cx.expr(
        l,
        ExprKind::UnaryOp {
            op,
            operand: Box::new(operand),
        },
        r,
    )
}
