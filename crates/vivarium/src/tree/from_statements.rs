//! From nodes of the module `ast` to the compiler's tree: statements and what only they contain.

use viv_runtime::{Object, PyResult, Ref};
use viv_syntax::ast::{
    Alias, ClassDef, ExceptHandler, Expr, ExprContext, ExprKind, FunctionDef, MAX_DEPTH, Name,
    Stmt, StmtKind, TypeParam, TypeParamKind, WithItem,
};

use super::from_python::{Reader, STORE};

impl Reader<'_> {
    pub(super) fn stmts(&self, node: &Object, class: &str, field: &str) -> PyResult<Vec<Stmt>> {
        self.statements(&self.list(node, class, field)?)
    }

    /// Statements of which there must be one.
    pub(super) fn block(&self, node: &Object, class: &str, field: &str) -> PyResult<Vec<Stmt>> {
        self.statements(&self.some(node, class, field)?)
    }

    fn statements(&self, items: &[Ref]) -> PyResult<Vec<Stmt>> {
        let each = items.iter().map(|item| {
            if self.vm.is_none(item) {
                return Err(self.invalid("None disallowed in statement list"));
            }
            self.statement(item)
        });
        each.collect()
    }

    fn statement(&self, node: &Object) -> PyResult<Stmt> {
        let vm = self.vm;
        let _depth = vm.enter_native(" while traversing 'stmt' node")?;
        let class = self.class(node)?;
        if class.is_empty() || class == "stmt" {
            return Err(self.unexpected("stmt", node)?);
        }
        let span = self.span(node, "stmt")?;
        let stmt = Stmt::new(span, self.statement_kind(node, &class)?);
        if stmt.depth > MAX_DEPTH {
            return Err(vm.raise(
                &vm.exceptions.RecursionError,
                "maximum recursion depth exceeded during compilation",
            ));
        }
        Ok(stmt)
    }

    fn statement_kind(&self, node: &Object, class: &str) -> PyResult<StmtKind> {
        use StmtKind as K;
        Ok(match class {
            "FunctionDef" => K::FunctionDef(Box::new(self.function(node, class)?)),
            "AsyncFunctionDef" => K::AsyncFunctionDef(Box::new(self.function(node, class)?)),
            "ClassDef" => K::ClassDef(Box::new(ClassDef {
                name: self.variable(self.name(node, class, "name")?)?,
                bases: self.exprs(node, class, "bases")?,
                keywords: self.keywords(node, class)?,
                body: self.block(node, class, "body")?,
                decorator_list: self.exprs(node, class, "decorator_list")?,
                type_params: self.type_params(node, class)?,
            })),
            "Return" => K::Return {
                value: self.maybe_expr(node, "value")?,
            },
            "Delete" => K::Delete {
                targets: self.targets(&self.some(node, class, "targets")?, ExprContext::Del)?,
            },
            "Assign" => K::Assign {
                targets: self.targets(&self.some(node, class, "targets")?, STORE)?,
                value: self.expr(node, class, "value")?,
            },
            "TypeAlias" => {
                let name = self.required(node, class, "name")?;
                if self.class(&name)? != "Name" {
                    return Err(self.vm.type_error("TypeAlias with non-Name name"));
                }
                K::TypeAlias {
                    name: Box::new(self.expression(&name, STORE)?),
                    type_params: self.type_params(node, class)?,
                    value: self.expr(node, class, "value")?,
                }
            }
            "AugAssign" => K::AugAssign {
                target: self.target(node, class, "target", STORE)?,
                op: self.operator(node, class)?,
                value: self.expr(node, class, "value")?,
            },
            "AnnAssign" => {
                let target = self.target(node, class, "target", STORE)?;
                let simple = self.int(&*self.present(node, class, "simple")?)? != 0;
                if simple && !matches!(target.kind, ExprKind::Name { .. }) {
                    return Err(self.vm.type_error("AnnAssign with simple non-Name target"));
                }
                K::AnnAssign {
                    target,
                    annotation: self.expr(node, class, "annotation")?,
                    value: self.maybe_expr(node, "value")?,
                    simple,
                }
            }
            "For" | "AsyncFor" => {
                let target = self.target(node, class, "target", STORE)?;
                let iter = self.expr(node, class, "iter")?;
                let body = self.block(node, class, "body")?;
                let orelse = self.stmts(node, class, "orelse")?;
                if class == "For" {
                    K::For {
                        target,
                        iter,
                        body,
                        orelse,
                    }
                } else {
                    K::AsyncFor {
                        target,
                        iter,
                        body,
                        orelse,
                    }
                }
            }
            "While" => K::While {
                test: self.expr(node, class, "test")?,
                body: self.block(node, class, "body")?,
                orelse: self.stmts(node, class, "orelse")?,
            },
            "If" => K::If {
                test: self.expr(node, class, "test")?,
                body: self.block(node, class, "body")?,
                orelse: self.stmts(node, class, "orelse")?,
            },
            "With" | "AsyncWith" => {
                let items = self.with_items(node, class)?;
                let body = self.block(node, class, "body")?;
                if class == "With" {
                    K::With { items, body }
                } else {
                    K::AsyncWith { items, body }
                }
            }
            "Match" => K::Match {
                subject: self.expr(node, class, "subject")?,
                cases: self.cases(node, class)?,
            },
            "Raise" => {
                let exc = self.maybe_expr(node, "exc")?;
                let cause = self.maybe_expr(node, "cause")?;
                if exc.is_none() && cause.is_some() {
                    return Err(self.invalid("Raise with cause but no exception"));
                }
                K::Raise { exc, cause }
            }
            "Try" | "TryStar" => self.try_statement(node, class)?,
            "Assert" => K::Assert {
                test: self.expr(node, class, "test")?,
                msg: self.maybe_expr(node, "msg")?,
            },
            "Import" => K::Import {
                names: self.aliases(node, class)?,
            },
            "ImportFrom" => {
                let level = match self.optional(node, "level")? {
                    Some(level) => self.int(&level)?,
                    None => 0,
                };
                let Ok(level) = u32::try_from(level) else {
                    return Err(self.invalid("Negative ImportFrom level"));
                };
                K::ImportFrom {
                    module: self.maybe_name(node, "module")?,
                    names: self.aliases(node, class)?,
                    level,
                }
            }
            "Global" | "Nonlocal" => {
                self.some(node, class, "names")?;
                let names = self.names(node, class, "names")?;
                if class == "Global" {
                    K::Global { names }
                } else {
                    K::Nonlocal { names }
                }
            }
            "Expr" => K::Expr {
                value: self.expr(node, class, "value")?,
            },
            "Pass" => K::Pass,
            "Break" => K::Break,
            "Continue" => K::Continue,
            _ => return Err(self.unexpected("stmt", node)?),
        })
    }

    fn function(&self, node: &Object, class: &str) -> PyResult<FunctionDef> {
        let body = self.block(node, class, "body")?;
        Ok(FunctionDef {
            name: self.variable(self.name(node, class, "name")?)?,
            args: self.arguments(&*self.required(node, class, "args")?)?,
            body,
            decorator_list: self.exprs(node, class, "decorator_list")?,
            returns: self.maybe_expr(node, "returns")?,
            type_params: self.type_params(node, class)?,
        })
    }

    fn try_statement(&self, node: &Object, class: &str) -> PyResult<StmtKind> {
        let body = self.block(node, class, "body")?;
        let handlers = self.list(node, class, "handlers")?;
        let orelse = self.stmts(node, class, "orelse")?;
        let finalbody = self.stmts(node, class, "finalbody")?;
        if handlers.is_empty() && finalbody.is_empty() {
            return Err(self.invalid(format!("{class} has neither except handlers nor finalbody")));
        }
        if handlers.is_empty() && !orelse.is_empty() {
            return Err(self.invalid(format!("{class} has orelse but no except handlers")));
        }
        let handlers = handlers.iter().map(|item| self.handler(item));
        let handlers = handlers.collect::<PyResult<Vec<_>>>()?;
        Ok(if class == "Try" {
            StmtKind::Try {
                body,
                handlers,
                orelse,
                finalbody,
            }
        } else {
            StmtKind::TryStar {
                body,
                handlers,
                orelse,
                finalbody,
            }
        })
    }

    fn handler(&self, node: &Object) -> PyResult<ExceptHandler> {
        let class = "ExceptHandler";
        if self.class(node)? != class {
            return Err(self.unexpected("excepthandler", node)?);
        }
        Ok(ExceptHandler {
            span: self.span(node, "excepthandler")?,
            r#type: self.maybe_expr(node, "type")?,
            name: self.maybe_variable(node, "name")?,
            body: self.block(node, class, "body")?,
        })
    }

    fn maybe_variable(&self, node: &Object, field: &str) -> PyResult<Option<Name>> {
        let name = self.maybe_name(node, field)?;
        name.map(|name| self.variable(name)).transpose()
    }

    fn aliases(&self, node: &Object, class: &str) -> PyResult<Vec<Alias>> {
        let items = self.some(node, class, "names")?;
        let each = items.iter().map(|item| {
            if self.class(item)? != "alias" {
                return Err(self.unexpected("alias", item)?);
            }
            Ok(Alias {
                span: self.span(item, "alias")?,
                name: self.variable(self.name(item, "alias", "name")?)?,
                asname: self.maybe_variable(item, "asname")?,
            })
        });
        each.collect()
    }

    fn with_items(&self, node: &Object, class: &str) -> PyResult<Vec<WithItem>> {
        let items = self.some(node, class, "items")?;
        let each = items.iter().map(|item| {
            let sort = "withitem";
            if self.class(item)? != sort {
                return Err(self.unexpected(sort, item)?);
            }
            let context_expr = *self.expr(item, sort, "context_expr")?;
            let optional_vars = match self.optional(item, "optional_vars")? {
                Some(vars) => Some(Box::new(self.expression(&vars, STORE)?)),
                None => None,
            };
            Ok(WithItem {
                context_expr,
                optional_vars,
            })
        });
        each.collect()
    }

    fn type_params(&self, node: &Object, class: &str) -> PyResult<Vec<TypeParam>> {
        let items = self.list(node, class, "type_params")?;
        let each = items.iter().map(|item| {
            let class = self.class(item)?;
            let default_value = |this: &Self| -> PyResult<Option<Box<Expr>>> {
                this.maybe_expr(item, "default_value")
            };
            if !matches!(&*class, "TypeVar" | "ParamSpec" | "TypeVarTuple") {
                return Err(self.unexpected("type_param", item)?);
            }
            let span = self.span(item, "type_param")?;
            let name = self.variable(self.name(item, &class, "name")?)?;
            let kind = match &*class {
                "TypeVar" => TypeParamKind::TypeVar {
                    name,
                    bound: self.maybe_expr(item, "bound")?,
                    default_value: default_value(self)?,
                },
                "ParamSpec" => TypeParamKind::ParamSpec {
                    name,
                    default_value: default_value(self)?,
                },
                _ => TypeParamKind::TypeVarTuple {
                    name,
                    default_value: default_value(self)?,
                },
            };
            Ok(TypeParam { span, kind })
        });
        each.collect()
    }
}
