//! Statements.

use super::target::{single_target, target};
use super::{Args, Cx};
use crate::ast::{
    Alias, Arguments, ClassDef, ExceptHandler, Expr, ExprContext, ExprKind, FunctionDef, Name,
    Operator, Stmt, StmtKind, TypeParam, WithItem,
};
use crate::lexer::Kind;

pub fn stmt(cx: &mut Cx<'_>, l: u32, kind: StmtKind, r: u32) -> Stmt {
    let span = cx.span(l, r);
    cx.stmt_at(span, kind)
}

/// The statements of a block; white space at the very end of a prompt's input makes one of none.
pub fn block(cx: &mut Cx<'_>, body: Vec<Stmt>) -> Vec<Stmt> {
    if body.is_empty() {
        cx.invalid();
    }
    body
}

/// A statement that ends in a block.
fn compound(cx: &mut Cx<'_>, l: u32, kind: StmtKind, r: u32) -> Stmt {
    let span = cx.block_span(l, r);
    cx.stmt_at(span, kind)
}

fn boxed(expr: Option<Expr>) -> Option<Box<Expr>> {
    expr.map(Box::new)
}

pub fn expr_stmt(cx: &mut Cx<'_>, l: u32, value: Expr, r: u32) -> Stmt {
    stmt(
        cx,
        l,
        StmtKind::Expr {
            value: Box::new(value),
        },
        r,
    )
}

/// `targets = value`, the value being the last of the list.
pub fn assign(cx: &mut Cx<'_>, l: u32, mut list: Vec<Expr>, r: u32) -> Stmt {
    let Some(value) = list.pop() else {
        return stmt(cx, l, StmtKind::Pass, r);
    };
    let targets = list
        .into_iter()
        .map(|e| target(cx, e, ExprContext::Store))
        .collect();
    stmt(
        cx,
        l,
        StmtKind::Assign {
            targets,
            value: Box::new(value),
        },
        r,
    )
}

pub fn aug_assign(cx: &mut Cx<'_>, l: u32, to: Expr, op: Operator, value: Expr, r: u32) -> Stmt {
    let to = single_target(cx, to);
    stmt(
        cx,
        l,
        StmtKind::AugAssign {
            target: Box::new(to),
            op,
            value: Box::new(value),
        },
        r,
    )
}

pub fn ann_assign(
    cx: &mut Cx<'_>,
    l: u32,
    to: Expr,
    annotation: Expr,
    value: Option<Expr>,
    r: u32,
) -> Stmt {
    let simple = matches!(to.kind, ExprKind::Name { .. }) && cx.token(l).kind != Kind::LPar;
    let target = Box::new(single_target(cx, to));
    let kind = StmtKind::AnnAssign {
        target,
        annotation: Box::new(annotation),
        value: boxed(value),
        simple,
    };
    stmt(cx, l, kind, r)
}

pub fn return_stmt(cx: &mut Cx<'_>, l: u32, value: Option<Expr>, r: u32) -> Stmt {
    stmt(
        cx,
        l,
        StmtKind::Return {
            value: boxed(value),
        },
        r,
    )
}

pub fn raise(cx: &mut Cx<'_>, l: u32, exc: Option<Expr>, cause: Option<Expr>, r: u32) -> Stmt {
    stmt(
        cx,
        l,
        StmtKind::Raise {
            exc: boxed(exc),
            cause: boxed(cause),
        },
        r,
    )
}

pub fn global(cx: &mut Cx<'_>, l: u32, names: Vec<Name>, r: u32) -> Stmt {
    stmt(cx, l, StmtKind::Global { names }, r)
}

pub fn nonlocal(cx: &mut Cx<'_>, l: u32, names: Vec<Name>, r: u32) -> Stmt {
    stmt(cx, l, StmtKind::Nonlocal { names }, r)
}

pub fn delete(cx: &mut Cx<'_>, l: u32, targets: Vec<Expr>, r: u32) -> Stmt {
    let targets = targets
        .into_iter()
        .map(|e| target(cx, e, ExprContext::Del))
        .collect();
    stmt(cx, l, StmtKind::Delete { targets }, r)
}

pub fn assert_stmt(cx: &mut Cx<'_>, l: u32, test: Expr, msg: Option<Expr>, r: u32) -> Stmt {
    stmt(
        cx,
        l,
        StmtKind::Assert {
            test: Box::new(test),
            msg: boxed(msg),
        },
        r,
    )
}

/// The text of the dotted name at a range of tokens, blanks left out.
fn dotted(cx: &Cx<'_>, (l, r): (u32, u32)) -> Name {
    let mut name = Name::default();
    for i in l..r {
        name.push_str(&crate::unicode::normalize(cx.text(i)));
    }
    name
}

pub fn dotted_alias(cx: &mut Cx<'_>, l: u32, d: (u32, u32), asname: Option<Name>, r: u32) -> Alias {
    Alias {
        span: cx.span(l, r),
        name: dotted(cx, d),
        asname,
    }
}

pub fn alias(cx: &mut Cx<'_>, l: u32, name: Name, asname: Option<Name>, r: u32) -> Alias {
    Alias {
        span: cx.span(l, r),
        name,
        asname,
    }
}

pub fn star_alias(cx: &mut Cx<'_>, l: u32, r: u32) -> Alias {
    alias(cx, l, Name::const_new("*"), None, r)
}

pub fn import(cx: &mut Cx<'_>, l: u32, names: Vec<Alias>, r: u32) -> Stmt {
    stmt(cx, l, StmtKind::Import { names }, r)
}

pub fn import_from(
    cx: &mut Cx<'_>,
    l: u32,
    level: u32,
    module: Option<(u32, u32)>,
    names: Vec<Alias>,
    r: u32,
) -> Stmt {
    if level == 0 && module.is_none() {
        cx.invalid();
    }
    let module = module.map(|d| dotted(cx, d));
    stmt(
        cx,
        l,
        StmtKind::ImportFrom {
            module,
            names,
            level,
        },
        r,
    )
}

pub fn type_alias(
    cx: &mut Cx<'_>,
    l: u32,
    name: u32,
    type_params: Vec<TypeParam>,
    value: Expr,
    r: u32,
) -> Stmt {
    let name = super::name(cx, name);
    let name = Box::new(target(cx, name, ExprContext::Store));
    stmt(
        cx,
        l,
        StmtKind::TypeAlias {
            name,
            type_params,
            value: Box::new(value),
        },
        r,
    )
}

pub fn decorated(decorators: Vec<Expr>, mut definition: Stmt) -> Stmt {
    match &mut definition.kind {
        StmtKind::FunctionDef(f) | StmtKind::AsyncFunctionDef(f) => f.decorator_list = decorators,
        StmtKind::ClassDef(c) => c.decorator_list = decorators,
        _ => {}
    }
    Stmt::new(definition.span, definition.kind)
}

pub fn if_stmt(
    cx: &mut Cx<'_>,
    l: u32,
    test: Expr,
    body: Vec<Stmt>,
    elifs: Vec<(u32, Expr, Vec<Stmt>)>,
    mut orelse: Vec<Stmt>,
    r: u32,
) -> Stmt {
    for (l, test, body) in elifs.into_iter().rev() {
        orelse = vec![compound(
            cx,
            l,
            StmtKind::If {
                test: Box::new(test),
                body,
                orelse,
            },
            r,
        )];
    }
    compound(
        cx,
        l,
        StmtKind::If {
            test: Box::new(test),
            body,
            orelse,
        },
        r,
    )
}

pub fn while_stmt(
    cx: &mut Cx<'_>,
    l: u32,
    test: Expr,
    body: Vec<Stmt>,
    orelse: Vec<Stmt>,
    r: u32,
) -> Stmt {
    compound(
        cx,
        l,
        StmtKind::While {
            test: Box::new(test),
            body,
            orelse,
        },
        r,
    )
}

pub fn for_stmt(
    cx: &mut Cx<'_>,
    l: u32,
    is_async: bool,
    (to, iter): (Expr, Expr),
    body: Vec<Stmt>,
    orelse: Vec<Stmt>,
    r: u32,
) -> Stmt {
    let target = Box::new(target(cx, to, ExprContext::Store));
    let iter = Box::new(iter);
    let kind = if is_async {
        StmtKind::AsyncFor {
            target,
            iter,
            body,
            orelse,
        }
    } else {
        StmtKind::For {
            target,
            iter,
            body,
            orelse,
        }
    };
    compound(cx, l, kind, r)
}

pub fn with_item(cx: &mut Cx<'_>, context_expr: Expr, vars: Option<Expr>) -> WithItem {
    let optional_vars = vars.map(|e| Box::new(target(cx, e, ExprContext::Store)));
    WithItem {
        context_expr,
        optional_vars,
    }
}

pub fn with_stmt(
    cx: &mut Cx<'_>,
    l: u32,
    is_async: bool,
    items: Vec<WithItem>,
    body: Vec<Stmt>,
    r: u32,
) -> Stmt {
    let kind = if is_async {
        StmtKind::AsyncWith { items, body }
    } else {
        StmtKind::With { items, body }
    };
    compound(cx, l, kind, r)
}

/// An `except` clause, and whether it is `except*`.
pub struct Handler {
    star: bool,
    handler: ExceptHandler,
}

pub fn handler(
    cx: &mut Cx<'_>,
    l: u32,
    star: bool,
    r#type: Option<Expr>,
    name: Option<Name>,
    body: Vec<Stmt>,
    r: u32,
) -> Handler {
    if star && r#type.is_none() {
        cx.invalid();
    }
    Handler {
        star,
        handler: ExceptHandler {
            span: cx.block_span(l, r),
            r#type: boxed(r#type),
            name,
            body,
        },
    }
}

pub fn try_stmt(
    cx: &mut Cx<'_>,
    l: u32,
    body: Vec<Stmt>,
    handlers: Vec<Handler>,
    orelse: Vec<Stmt>,
    finalbody: Vec<Stmt>,
    r: u32,
) -> Stmt {
    let star = handlers.first().is_some_and(|h| h.star);
    // That a bare `except:` comes last is the compiler's to say.
    let mixed = handlers.iter().any(|h| h.star != star);
    if mixed {
        cx.invalid();
    }
    let handlers = handlers.into_iter().map(|h| h.handler).collect();
    let kind = if star {
        StmtKind::TryStar {
            body,
            handlers,
            orelse,
            finalbody,
        }
    } else {
        StmtKind::Try {
            body,
            handlers,
            orelse,
            finalbody,
        }
    };
    compound(cx, l, kind, r)
}

pub fn function_def(
    name: Name,
    type_params: Vec<TypeParam>,
    args: Arguments,
    returns: Option<Expr>,
    body: Vec<Stmt>,
) -> FunctionDef {
    FunctionDef {
        name,
        args,
        body,
        decorator_list: Vec::new(),
        returns: boxed(returns),
        type_params,
    }
}

pub fn function(cx: &mut Cx<'_>, l: u32, is_async: bool, def: FunctionDef, r: u32) -> Stmt {
    let def = Box::new(def);
    let kind = if is_async {
        StmtKind::AsyncFunctionDef(def)
    } else {
        StmtKind::FunctionDef(def)
    };
    compound(cx, l, kind, r)
}

pub fn class(
    cx: &mut Cx<'_>,
    l: u32,
    name: Name,
    type_params: Vec<TypeParam>,
    args: Option<Args>,
    body: Vec<Stmt>,
    r: u32,
) -> Stmt {
    let args = args.unwrap_or_default();
    if args.bare_generator {
        cx.invalid();
    }
    let (bases, keywords) = (args.args, args.keywords);
    let class = ClassDef {
        name,
        bases,
        keywords,
        body,
        decorator_list: Vec::new(),
        type_params,
    };
    compound(cx, l, StmtKind::ClassDef(Box::new(class)), r)
}
