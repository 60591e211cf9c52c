//! From the parser's tree to nodes of the module `ast`: statements.

use viv_runtime::{PyResult, Vm};
use viv_syntax::ast::{Expr, FunctionDef, Span, Stmt, StmtKind};

use super::to_python::{Builder, Fields};

impl Builder<'_> {
    pub(super) fn stmts(&self, body: &[Stmt]) -> PyResult {
        self.each(body, Self::stmt)
    }

    fn none(&self) -> viv_runtime::Ref {
        Vm::none_ref(self.vm)
    }

    fn stmt(&self, stmt: &Stmt) -> PyResult {
        use StmtKind as K;
        let span = stmt.span;
        let _depth = self.vm.enter_native(" during ast construction")?;
        let make = |name, fields: Fields<'_>| self.node(name, span, fields);
        match &stmt.kind {
            K::FunctionDef(def) => self.function("FunctionDef", span, def),
            K::AsyncFunctionDef(def) => self.function("AsyncFunctionDef", span, def),
            K::ClassDef(def) => make(
                "ClassDef",
                &[
                    ("name", self.name(&def.name)?),
                    ("bases", self.exprs(&def.bases)?),
                    ("keywords", self.each(&def.keywords, Self::keyword)?),
                    ("body", self.stmts(&def.body)?),
                    ("decorator_list", self.exprs(&def.decorator_list)?),
                    (
                        "type_params",
                        self.each(&def.type_params, Self::type_param)?,
                    ),
                ],
            ),
            K::Return { value } => make("Return", &[("value", self.opt(value.as_deref())?)]),
            K::Delete { targets } => make("Delete", &[("targets", self.exprs(targets)?)]),
            K::Assign { targets, value } => make(
                "Assign",
                &[
                    ("targets", self.exprs(targets)?),
                    ("value", self.expr(value)?),
                    ("type_comment", self.none()),
                ],
            ),
            K::TypeAlias {
                name,
                type_params,
                value,
            } => make(
                "TypeAlias",
                &[
                    ("name", self.expr(name)?),
                    ("type_params", self.each(type_params, Self::type_param)?),
                    ("value", self.expr(value)?),
                ],
            ),
            K::AugAssign { target, op, value } => make(
                "AugAssign",
                &[
                    ("target", self.expr(target)?),
                    ("op", self.single(op)?),
                    ("value", self.expr(value)?),
                ],
            ),
            K::AnnAssign {
                target,
                annotation,
                value,
                simple,
            } => make(
                "AnnAssign",
                &[
                    ("target", self.expr(target)?),
                    ("annotation", self.expr(annotation)?),
                    ("value", self.opt(value.as_deref())?),
                    ("simple", self.int(*simple)?),
                ],
            ),
            K::For {
                target,
                iter,
                body,
                orelse,
            } => self.repeat("For", span, target, iter, (body, orelse)),
            K::AsyncFor {
                target,
                iter,
                body,
                orelse,
            } => self.repeat("AsyncFor", span, target, iter, (body, orelse)),
            K::While { test, body, orelse } => make(
                "While",
                &[
                    ("test", self.expr(test)?),
                    ("body", self.stmts(body)?),
                    ("orelse", self.stmts(orelse)?),
                ],
            ),
            K::If { test, body, orelse } => make(
                "If",
                &[
                    ("test", self.expr(test)?),
                    ("body", self.stmts(body)?),
                    ("orelse", self.stmts(orelse)?),
                ],
            ),
            K::With { items, body } | K::AsyncWith { items, body } => make(
                if matches!(stmt.kind, K::With { .. }) {
                    "With"
                } else {
                    "AsyncWith"
                },
                &[
                    ("items", self.each(items, Self::with_item)?),
                    ("body", self.stmts(body)?),
                    ("type_comment", self.none()),
                ],
            ),
            K::Match { subject, cases } => make(
                "Match",
                &[
                    ("subject", self.expr(subject)?),
                    ("cases", self.each(cases, Self::match_case)?),
                ],
            ),
            K::Raise { exc, cause } => make(
                "Raise",
                &[
                    ("exc", self.opt(exc.as_deref())?),
                    ("cause", self.opt(cause.as_deref())?),
                ],
            ),
            K::Try {
                body,
                handlers,
                orelse,
                finalbody,
            }
            | K::TryStar {
                body,
                handlers,
                orelse,
                finalbody,
            } => make(
                if matches!(stmt.kind, K::Try { .. }) {
                    "Try"
                } else {
                    "TryStar"
                },
                &[
                    ("body", self.stmts(body)?),
                    ("handlers", self.each(handlers, Self::handler)?),
                    ("orelse", self.stmts(orelse)?),
                    ("finalbody", self.stmts(finalbody)?),
                ],
            ),
            K::Assert { test, msg } => make(
                "Assert",
                &[
                    ("test", self.expr(test)?),
                    ("msg", self.opt(msg.as_deref())?),
                ],
            ),
            K::Import { names } => make("Import", &[("names", self.each(names, Self::alias)?)]),
            K::ImportFrom {
                module,
                names,
                level,
            } => make(
                "ImportFrom",
                &[
                    ("module", self.maybe_name(module.as_deref())?),
                    ("names", self.each(names, Self::alias)?),
                    ("level", self.int(*level)?),
                ],
            ),
            K::Global { names } => make(
                "Global",
                &[("names", self.each(names, |b, name| b.name(name))?)],
            ),
            K::Nonlocal { names } => make(
                "Nonlocal",
                &[("names", self.each(names, |b, name| b.name(name))?)],
            ),
            K::Expr { value } => make("Expr", &[("value", self.expr(value)?)]),
            K::Pass => make("Pass", &[]),
            K::Break => make("Break", &[]),
            K::Continue => make("Continue", &[]),
        }
    }

    fn function(&self, name: &'static str, span: Span, def: &FunctionDef) -> PyResult {
        self.node(
            name,
            span,
            &[
                ("name", self.name(&def.name)?),
                ("args", self.arguments(&def.args)?),
                ("body", self.stmts(&def.body)?),
                ("decorator_list", self.exprs(&def.decorator_list)?),
                ("returns", self.opt(def.returns.as_deref())?),
                ("type_comment", self.none()),
                (
                    "type_params",
                    self.each(&def.type_params, Self::type_param)?,
                ),
            ],
        )
    }

    fn repeat(
        &self,
        name: &'static str,
        span: Span,
        target: &Expr,
        iter: &Expr,
        (body, orelse): (&[Stmt], &[Stmt]),
    ) -> PyResult {
        self.node(
            name,
            span,
            &[
                ("target", self.expr(target)?),
                ("iter", self.expr(iter)?),
                ("body", self.stmts(body)?),
                ("orelse", self.stmts(orelse)?),
                ("type_comment", self.none()),
            ],
        )
    }
}
