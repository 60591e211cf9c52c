//! Statements and what only they contain.

use super::{Arguments, Expr, Keyword, MatchCase, Name, Operator, Span};

/// A statement with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    /// Where it stands.
    pub span: Span,
    /// The height of the tree below and including this node.
    pub depth: u32,
    /// What it is.
    pub kind: StmtKind,
}

/// The alternatives of `stmt`.
#[derive(Clone, Debug, PartialEq)]
pub enum StmtKind {
    /// `def name[type_params](args) -> returns: body`
    FunctionDef(Box<FunctionDef>),
    /// `async def …`
    AsyncFunctionDef(Box<FunctionDef>),
    /// `class name[type_params](bases, keywords): body`
    ClassDef(Box<ClassDef>),
    /// `return value`
    Return { value: Option<Box<Expr>> },
    /// `del targets`
    Delete { targets: Vec<Expr> },
    /// `targets[0] = targets[1] = … = value`
    Assign {
        targets: Vec<Expr>,
        value: Box<Expr>,
    },
    /// `type name[type_params] = value`
    TypeAlias {
        name: Box<Expr>,
        type_params: Vec<TypeParam>,
        value: Box<Expr>,
    },
    /// `target op= value`
    AugAssign {
        target: Box<Expr>,
        op: Operator,
        value: Box<Expr>,
    },
    /// `target: annotation = value`; `simple` if the target is a bare name.
    AnnAssign {
        target: Box<Expr>,
        annotation: Box<Expr>,
        value: Option<Box<Expr>>,
        simple: bool,
    },
    /// `for target in iter: body else: orelse`
    For {
        target: Box<Expr>,
        iter: Box<Expr>,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    /// `async for …`
    AsyncFor {
        target: Box<Expr>,
        iter: Box<Expr>,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    /// `while test: body else: orelse`
    While {
        test: Box<Expr>,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    /// `if test: body else: orelse`; an `elif` is an `If` alone in `orelse`.
    If {
        test: Box<Expr>,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    /// `with items: body`
    With {
        items: Vec<WithItem>,
        body: Vec<Stmt>,
    },
    /// `async with …`
    AsyncWith {
        items: Vec<WithItem>,
        body: Vec<Stmt>,
    },
    /// `match subject: cases`
    Match {
        subject: Box<Expr>,
        cases: Vec<MatchCase>,
    },
    /// `raise exc from cause`
    Raise {
        exc: Option<Box<Expr>>,
        cause: Option<Box<Expr>>,
    },
    /// `try: … except …: …`
    Try {
        body: Vec<Stmt>,
        handlers: Vec<ExceptHandler>,
        orelse: Vec<Stmt>,
        finalbody: Vec<Stmt>,
    },
    /// `try: … except* …: …`
    TryStar {
        body: Vec<Stmt>,
        handlers: Vec<ExceptHandler>,
        orelse: Vec<Stmt>,
        finalbody: Vec<Stmt>,
    },
    /// `assert test, msg`
    Assert {
        test: Box<Expr>,
        msg: Option<Box<Expr>>,
    },
    /// `import names`
    Import { names: Vec<Alias> },
    /// `from ..module import names`; `level` counts the dots.
    ImportFrom {
        module: Option<Name>,
        names: Vec<Alias>,
        level: u32,
    },
    /// `global names`
    Global { names: Vec<Name> },
    /// `nonlocal names`
    Nonlocal { names: Vec<Name> },
    /// An expression for its effect.
    Expr { value: Box<Expr> },
    /// `pass`
    Pass,
    /// `break`
    Break,
    /// `continue`
    Continue,
}

/// The fields of `FunctionDef` and `AsyncFunctionDef`.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionDef {
    pub name: Name,
    pub args: Arguments,
    pub body: Vec<Stmt>,
    pub decorator_list: Vec<Expr>,
    pub returns: Option<Box<Expr>>,
    pub type_params: Vec<TypeParam>,
}

/// The fields of `ClassDef`.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassDef {
    pub name: Name,
    pub bases: Vec<Expr>,
    pub keywords: Vec<Keyword>,
    pub body: Vec<Stmt>,
    pub decorator_list: Vec<Expr>,
    pub type_params: Vec<TypeParam>,
}

/// `except type as name: body`
#[derive(Clone, Debug, PartialEq)]
pub struct ExceptHandler {
    pub span: Span,
    /// `None` for a bare `except:`.
    pub r#type: Option<Box<Expr>>,
    pub name: Option<Name>,
    pub body: Vec<Stmt>,
}

/// `name as asname`; `name` may be dotted, or `*`.
#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    pub span: Span,
    pub name: Name,
    pub asname: Option<Name>,
}

/// `context_expr as optional_vars`
#[derive(Clone, Debug, PartialEq)]
pub struct WithItem {
    pub context_expr: Expr,
    pub optional_vars: Option<Box<Expr>>,
}

/// A type parameter with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeParam {
    pub span: Span,
    pub kind: TypeParamKind,
}

/// The alternatives of `type_param`.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeParamKind {
    /// `name: bound = default_value`
    TypeVar {
        name: Name,
        bound: Option<Box<Expr>>,
        default_value: Option<Box<Expr>>,
    },
    /// `**name = default_value`
    ParamSpec {
        name: Name,
        default_value: Option<Box<Expr>>,
    },
    /// `*name = default_value`
    TypeVarTuple {
        name: Name,
        default_value: Option<Box<Expr>>,
    },
}

fn opt(expr: Option<&Expr>) -> u32 {
    expr.map_or(0, |e| e.depth)
}

fn exprs(list: &[Expr]) -> u32 {
    list.iter().map(|e| e.depth).max().unwrap_or(0)
}

fn body(list: &[Stmt]) -> u32 {
    list.iter().map(|s| s.depth).max().unwrap_or(0)
}

fn type_params(list: &[TypeParam]) -> u32 {
    let depth = |p: &TypeParam| match &p.kind {
        TypeParamKind::TypeVar {
            bound,
            default_value,
            ..
        } => opt(bound.as_deref()).max(opt(default_value.as_deref())),
        TypeParamKind::ParamSpec { default_value, .. }
        | TypeParamKind::TypeVarTuple { default_value, .. } => opt(default_value.as_deref()),
    };
    list.iter().map(depth).max().unwrap_or(0)
}

fn with_items(list: &[WithItem]) -> u32 {
    list.iter()
        .map(|i| i.context_expr.depth.max(opt(i.optional_vars.as_deref())))
        .max()
        .unwrap_or(0)
}

impl Stmt {
    /// Builds a node and computes its depth from its children's.
    #[must_use]
    pub fn new(span: Span, kind: StmtKind) -> Stmt {
        let depth = 1 + kind.children_depth();
        Stmt { span, depth, kind }
    }
}

impl StmtKind {
    /// The greatest depth among the children.
    #[must_use]
    pub fn children_depth(&self) -> u32 {
        use StmtKind as K;
        match self {
            K::FunctionDef(f) | K::AsyncFunctionDef(f) => (body(&f.body)
                .max(exprs(&f.decorator_list)))
            .max(f.args.depth())
            .max(opt(f.returns.as_deref()))
            .max(type_params(&f.type_params)),
            K::ClassDef(c) => {
                let keywords = c.keywords.iter().map(|k| k.value.depth).max().unwrap_or(0);
                (body(&c.body)
                    .max(exprs(&c.decorator_list))
                    .max(exprs(&c.bases)))
                .max(keywords)
                .max(type_params(&c.type_params))
            }
            K::Return { value } => opt(value.as_deref()),
            K::Delete { targets } => exprs(targets),
            K::Assign { targets, value } => exprs(targets).max(value.depth),
            K::TypeAlias {
                type_params: p,
                value,
                ..
            } => value.depth.max(type_params(p)),
            K::AugAssign { target, value, .. } => target.depth.max(value.depth),
            K::AnnAssign {
                target,
                annotation,
                value,
                ..
            } => target
                .depth
                .max(annotation.depth)
                .max(opt(value.as_deref())),
            K::For {
                target,
                iter,
                body: b,
                orelse,
            }
            | K::AsyncFor {
                target,
                iter,
                body: b,
                orelse,
            } => target.depth.max(iter.depth).max(body(b)).max(body(orelse)),
            K::While {
                test,
                body: b,
                orelse,
            }
            | K::If {
                test,
                body: b,
                orelse,
            } => test.depth.max(body(b)).max(body(orelse)),
            K::With { items, body: b } | K::AsyncWith { items, body: b } => {
                with_items(items).max(body(b))
            }
            K::Match { subject, cases } => {
                let case = |c: &MatchCase| {
                    c.pattern
                        .depth
                        .max(opt(c.guard.as_deref()))
                        .max(body(&c.body))
                };
                cases.iter().map(case).max().unwrap_or(0).max(subject.depth)
            }
            K::Raise { exc, cause } => opt(exc.as_deref()).max(opt(cause.as_deref())),
            K::Try {
                body: b,
                handlers,
                orelse,
                finalbody,
            }
            | K::TryStar {
                body: b,
                handlers,
                orelse,
                finalbody,
            } => {
                let handler = |h: &ExceptHandler| opt(h.r#type.as_deref()).max(body(&h.body));
                (handlers.iter().map(handler).max().unwrap_or(0))
                    .max(body(b))
                    .max(body(orelse))
                    .max(body(finalbody))
            }
            K::Assert { test, msg } => test.depth.max(opt(msg.as_deref())),
            K::Expr { value } => value.depth,
            K::Import { .. }
            | K::ImportFrom { .. }
            | K::Global { .. }
            | K::Nonlocal { .. }
            | K::Pass
            | K::Break
            | K::Continue => 0,
        }
    }
}
