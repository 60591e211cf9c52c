//! Statements.

use viv_bytecode::op::Intrinsic1;
use viv_bytecode::{Const, Op};
use viv_syntax::ast::*;

use super::emit::at;
use super::expr::{attribute_location, binary_op};
use super::try_stmt::Try;
use super::unit::UnitKind;
use super::{Codegen, emit::NOWHERE};
use crate::error::{Result, syntax_error};

impl<'a> Codegen<'a> {
    pub fn stmts(&mut self, body: &'a [Stmt]) -> Result<()> {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &'a Stmt) -> Result<()> {
        crate::stack::deeper(|| self.stmt_inner(stmt))
    }

    fn stmt_inner(&mut self, stmt: &'a Stmt) -> Result<()> {
        use StmtKind as K;
        let loc = at(stmt.span);
        match &stmt.kind {
            K::FunctionDef(def) => self.function(stmt, def, false),
            K::AsyncFunctionDef(def) => self.function(stmt, def, true),
            K::ClassDef(def) => self.class(stmt, def),
            K::TypeAlias { .. } => self.type_alias(stmt),
            K::Return { value } => self.return_stmt(stmt.span, value.as_deref()),
            K::Delete { targets } => self.exprs(targets),
            K::Assign { targets, value } => {
                self.expr(value)?;
                for (index, target) in targets.iter().enumerate() {
                    if index + 1 < targets.len() {
                        self.op(loc, Op::COPY, 1);
                    }
                    self.expr(target)?;
                }
                Ok(())
            }
            K::AugAssign { target, op, value } => self.aug_assign(stmt, target, *op, value),
            K::AnnAssign { .. } => self.ann_assign(stmt),
            K::For {
                target,
                iter,
                body,
                orelse,
            } => self.for_stmt(stmt.span, target, iter, body, orelse),
            K::AsyncFor {
                target,
                iter,
                body,
                orelse,
            } => self.async_for(stmt, target, iter, body, orelse),
            K::While { test, body, orelse } => self.while_stmt(stmt.span, test, body, orelse),
            K::If { test, body, orelse } => self.if_stmt(test, body, orelse),
            K::With { items, body } => self.with_stmt(stmt.span, items, body, false),
            K::AsyncWith { items, body } => self.with_stmt(stmt.span, items, body, true),
            K::Match { subject, cases } => self.match_stmt(subject, cases),
            K::Raise { exc, cause } => {
                let mut count = 0;
                for value in [exc, cause].into_iter().flatten() {
                    self.expr(value)?;
                    count += 1;
                }
                self.op(loc, Op::RAISE_VARARGS, count);
                Ok(())
            }
            K::Try {
                body,
                handlers,
                orelse,
                finalbody,
            } => self.try_stmt(Try {
                body,
                handlers,
                orelse,
                finalbody,
                star: false,
                span: stmt.span,
            }),
            K::TryStar {
                body,
                handlers,
                orelse,
                finalbody,
            } => self.try_stmt(Try {
                body,
                handlers,
                orelse,
                finalbody,
                star: true,
                span: stmt.span,
            }),
            K::Assert { test, msg } => self.assert_stmt(stmt, test, msg.as_deref()),
            K::Import { names } => self.import(stmt, names),
            K::ImportFrom {
                module,
                names,
                level,
            } => self.import_from(stmt, module.as_ref(), names, *level),
            K::Global { .. } | K::Nonlocal { .. } => Ok(()),
            K::Expr { value } => self.expr_stmt(stmt, value),
            K::Pass => {
                self.op0(loc, Op::NOP);
                Ok(())
            }
            K::Break => self.break_stmt(stmt.span),
            K::Continue => self.continue_stmt(stmt.span),
        }
    }

    fn expr_stmt(&mut self, stmt: &'a Stmt, value: &'a Expr) -> Result<()> {
        let loc = at(stmt.span);
        if self.interactive && self.unit.kind == UnitKind::Module {
            self.expr(value)?;
            self.op(loc, Op::CALL_INTRINSIC_1, Intrinsic1::Print as u32);
            self.op0(NOWHERE, Op::POP_TOP);
            return Ok(());
        }
        if matches!(value.kind, ExprKind::Constant(_)) {
            self.op0(loc, Op::NOP);
            return Ok(());
        }
        self.expr(value)?;
        self.op0(NOWHERE, Op::POP_TOP);
        Ok(())
    }

    fn aug_assign(
        &mut self,
        stmt: &'a Stmt,
        target: &'a Expr,
        op: Operator,
        value: &'a Expr,
    ) -> Result<()> {
        let loc = at(stmt.span);
        let place = at(target.span);
        let operator = binary_op(op, true);
        match &target.kind {
            ExprKind::Attribute {
                value: object,
                attr,
                ..
            } => {
                self.expr(object)?;
                self.op(place, Op::COPY, 1);
                let name_place = attribute_location(place, target, attr);
                self.op_name(name_place, Op::LOAD_ATTR, attr);
                self.expr(value)?;
                self.op(loc, Op::BINARY_OP, operator as u32);
                self.op(name_place, Op::SWAP, 2);
                if matches!(&object.kind, ExprKind::Name { id, .. } if id == "self") {
                    self.note_static_attribute(attr);
                }
                self.op_name(name_place, Op::STORE_ATTR, attr);
            }
            ExprKind::Subscript {
                value: object,
                slice,
                ..
            } => {
                self.expr(object)?;
                if self.two_part_slice(slice)? {
                    for _ in 0..3 {
                        self.op(place, Op::COPY, 3);
                    }
                    self.op0(place, Op::BINARY_SLICE);
                    self.expr(value)?;
                    self.op(loc, Op::BINARY_OP, operator as u32);
                    self.op(place, Op::SWAP, 4);
                    self.op(place, Op::SWAP, 3);
                    self.op(place, Op::SWAP, 2);
                    self.op0(place, Op::STORE_SLICE);
                } else {
                    self.expr(slice)?;
                    self.op(place, Op::COPY, 2);
                    self.op(place, Op::COPY, 2);
                    self.op0(place, Op::BINARY_SUBSCR);
                    self.expr(value)?;
                    self.op(loc, Op::BINARY_OP, operator as u32);
                    self.op(place, Op::SWAP, 3);
                    self.op(place, Op::SWAP, 2);
                    self.op0(place, Op::STORE_SUBSCR);
                }
            }
            ExprKind::Name { id, .. } => {
                self.load_name(place, id)?;
                self.expr(value)?;
                self.op(loc, Op::BINARY_OP, operator as u32);
                self.store(place, id)?;
            }
            _ => {
                return Err(syntax_error(
                    target.span,
                    "illegal expression for augmented assignment",
                ));
            }
        }
        Ok(())
    }

    fn assert_stmt(&mut self, stmt: &'a Stmt, test: &'a Expr, msg: Option<&'a Expr>) -> Result<()> {
        let loc = at(stmt.span);
        self.warn_assert(stmt, test);
        if self.options.optimize > 0 {
            return Ok(());
        }
        let end = self.label();
        self.branch(test, end, true)?;
        self.op(loc, Op::LOAD_COMMON_CONSTANT, 0);
        if let Some(msg) = msg {
            // The message stands in the place of self.
            self.expr(msg)?;
            self.op(loc, Op::CALL, 0);
        }
        self.op(at(test.span), Op::RAISE_VARARGS, 1);
        self.place(end);
        Ok(())
    }

    fn import(&mut self, stmt: &'a Stmt, names: &'a [Alias]) -> Result<()> {
        let loc = at(stmt.span);
        for alias in names {
            self.load(loc, Const::Int(0));
            self.load_none(loc);
            self.op_name(loc, Op::IMPORT_NAME, &alias.name);
            match &alias.asname {
                Some(asname) => {
                    // `import a.b.c as d` binds the last module.
                    let rest: Vec<&str> = alias.name.split('.').skip(1).collect();
                    if rest.is_empty() {
                        self.store(loc, asname)?;
                        continue;
                    }
                    for (index, part) in rest.iter().enumerate() {
                        self.op_name(loc, Op::IMPORT_FROM, &Name::from(*part));
                        if index + 1 < rest.len() {
                            self.op(loc, Op::SWAP, 2);
                            self.op0(loc, Op::POP_TOP);
                        }
                    }
                    self.store(loc, asname)?;
                    self.op0(loc, Op::POP_TOP);
                }
                None => {
                    let first = alias.name.split('.').next().unwrap_or_default();
                    self.store(loc, &Name::from(first))?;
                }
            }
        }
        Ok(())
    }

    fn import_from(
        &mut self,
        stmt: &'a Stmt,
        module: Option<&'a Name>,
        names: &'a [Alias],
        level: u32,
    ) -> Result<()> {
        let loc = at(stmt.span);
        let last = self.features.last;
        let late = (stmt.span.line, stmt.span.col) > (last.line, last.col);
        if level == 0 && module.is_some_and(|m| m == "__future__") && late {
            let msg = "from __future__ imports must occur at the beginning of the file";
            return Err(syntax_error(stmt.span, msg));
        }
        self.load(loc, Const::Int(i64::from(level)));
        let list = names
            .iter()
            .map(|a| Const::Str(a.name.as_bytes().into()))
            .collect();
        self.load(loc, Const::Tuple(list));
        let empty = Name::const_new("");
        self.op_name(loc, Op::IMPORT_NAME, module.unwrap_or(&empty));
        for alias in names {
            if alias.name == "*" {
                self.op(loc, Op::CALL_INTRINSIC_1, Intrinsic1::ImportStar as u32);
                self.op0(NOWHERE, Op::POP_TOP);
                return Ok(());
            }
            self.op_name(loc, Op::IMPORT_FROM, &alias.name);
            self.store(loc, alias.asname.as_ref().unwrap_or(&alias.name))?;
        }
        self.op0(loc, Op::POP_TOP);
        Ok(())
    }
}
