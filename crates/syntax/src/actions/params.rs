//! Parameter lists and type parameters.

use super::Cx;
use crate::ast::{Arg, Arguments, Expr, Name, TypeParam, TypeParamKind};

/// One item of a parameter list as written.
pub enum Param {
    Plain(Arg, Option<Expr>),
    Slash,
    Star,
    VarArgs(Arg),
    KwArgs(Arg),
}

pub fn arg(cx: &mut Cx<'_>, l: u32, arg: Name, annotation: Option<Expr>, r: u32) -> Arg {
    Arg {
        span: cx.span(l, r),
        arg,
        annotation: annotation.map(Box::new),
    }
}

/// Sorts parameters and judges their order.
pub fn arguments(cx: &mut Cx<'_>, list: Vec<Param>) -> Arguments {
    let mut a = Arguments::default();
    let (mut star, mut slash, mut bare_star) = (false, false, false);
    for param in list {
        let ok = a.kwarg.is_none();
        let ok = ok
            && match param {
                Param::Plain(arg, default) if star => {
                    bare_star = false;
                    a.kwonlyargs.push(arg);
                    a.kw_defaults.push(default);
                    true
                }
                Param::Plain(arg, default) => {
                    a.args.push(arg);
                    let ordered = default.is_some() || a.defaults.is_empty();
                    a.defaults.extend(default);
                    ordered
                }
                Param::Slash => {
                    let ok = !slash && !star && !a.args.is_empty();
                    slash = true;
                    a.posonlyargs = std::mem::take(&mut a.args);
                    ok
                }
                Param::Star => {
                    let ok = !star;
                    (star, bare_star) = (true, true);
                    ok
                }
                Param::VarArgs(arg) => {
                    let ok = !star;
                    star = true;
                    a.vararg = Some(Box::new(arg));
                    ok
                }
                Param::KwArgs(arg) => {
                    let ok = !bare_star;
                    a.kwarg = Some(Box::new(arg));
                    ok
                }
            };
        if !ok {
            cx.invalid();
        }
    }
    if bare_star {
        cx.invalid();
    }
    a
}

fn boxed(expr: Option<Expr>) -> Option<Box<Expr>> {
    expr.map(Box::new)
}

pub fn type_var(
    cx: &mut Cx<'_>,
    l: u32,
    name: Name,
    bound: Option<Expr>,
    default: Option<Expr>,
    r: u32,
) -> TypeParam {
    let kind = TypeParamKind::TypeVar {
        name,
        bound: boxed(bound),
        default_value: boxed(default),
    };
    TypeParam {
        span: cx.span(l, r),
        kind,
    }
}

pub fn type_var_tuple(
    cx: &mut Cx<'_>,
    l: u32,
    name: Name,
    default: Option<Expr>,
    r: u32,
) -> TypeParam {
    let kind = TypeParamKind::TypeVarTuple {
        name,
        default_value: boxed(default),
    };
    TypeParam {
        span: cx.span(l, r),
        kind,
    }
}

pub fn param_spec(cx: &mut Cx<'_>, l: u32, name: Name, default: Option<Expr>, r: u32) -> TypeParam {
    let kind = TypeParamKind::ParamSpec {
        name,
        default_value: boxed(default),
    };
    TypeParam {
        span: cx.span(l, r),
        kind,
    }
}
