//! Annotations: lazily evaluated by `__annotate__` functions (PEP 649, PEP 749), or kept as text.

use viv_bytecode::asm::Item;
use viv_bytecode::op::CompareOp;
use viv_bytecode::{Const, Location, Op};
use viv_syntax::ast::*;

use super::Codegen;
use super::emit::at;
use super::function::attribute;
use super::unit::{Deferred, UnitKind};
use crate::error::Result;
use crate::symtable::{BlockId, BlockKind, Part, address, parameters_for_annotations};
use crate::unparse;

impl<'a> Codegen<'a> {
    /// Opens a function of the parameter `format` that gives values of annotations: it refuses formats it cannot give.
    pub fn enter_annotations(&mut self, loc: Location, kind: UnitKind, block: BlockId, name: Name) {
        self.enter(kind, block, name, loc.line);
        self.unit.posonlyargcount = 1;
        self.unit.argcount = 1;
        let body = self.label();
        self.op(loc, Op::LOAD_FAST, 0);
        self.load(loc, Const::Int(2));
        self.op(loc, Op::COMPARE_OP, CompareOp::Gt as u32);
        self.jump(loc, Op::POP_JUMP_IF_FALSE, body);
        self.op(loc, Op::LOAD_COMMON_CONSTANT, 1);
        self.op(loc, Op::RAISE_VARARGS, 1);
        self.place(body);
    }

    /// The code of the function opened by [`Codegen::enter_annotations`]; its parameter is called `format`.
    pub fn leave_annotations(&mut self, loc: Location, flags: u32, rename: bool) -> Result<()> {
        if rename {
            let rest: Vec<Name> = self.unit.varnames.iter().skip(1).cloned().collect();
            self.unit.varnames.clear();
            self.unit.varnames.insert(Name::const_new("format"));
            self.unit.varnames.extend(rest);
        }
        let code = self.finish()?;
        self.closure(loc, code, flags)
    }

    /// The annotations of a function. Gives the attribute bit of what it leaves on the stack.
    pub fn function_annotations(&mut self, loc: Location, def: &'a FunctionDef) -> Result<u32> {
        let Some(block) = self.table.lookup(address(def), Part::Annotations) else {
            return Ok(0);
        };
        if !self.table.blocks[block].annotations_used {
            return Ok(0);
        }
        self.enter_annotations(
            loc,
            UnitKind::Annotations,
            block,
            Name::const_new("__annotate__"),
        );
        let around = self.unit.qualname.strip_suffix("__annotate__");
        let around = around.unwrap_or_default();
        self.unit.qualname = Name::from(format!("{around}{}.__annotate__", def.name));
        let mut count = 0;
        for arg in parameters_for_annotations(&def.args) {
            let Some(annotation) = &arg.annotation else {
                continue;
            };
            let name = self.mangle(&arg.arg);
            self.load_str(loc, &name);
            self.annotation_value(loc, annotation)?;
            count += 1;
        }
        if let Some(returns) = &def.returns {
            self.load_str(loc, "return");
            self.annotation_value(loc, returns)?;
            count += 1;
        }
        self.op(loc, Op::BUILD_MAP, count);
        self.op0(loc, Op::RETURN_VALUE);
        self.leave_annotations(loc, 0, true)?;
        Ok(attribute::ANNOTATE)
    }

    fn annotation_value(&mut self, loc: Location, annotation: &'a Expr) -> Result<()> {
        if self.features.annotations {
            let text = unparse::expr(annotation);
            self.load(loc, Const::Str(text.as_bytes().into()));
            return Ok(());
        }
        if let ExprKind::Starred { value, .. } = &annotation.kind {
            // `*args: *Ts`
            self.expr(value)?;
            self.op(loc, Op::UNPACK_SEQUENCE, 1);
            return Ok(());
        }
        self.expr(annotation)
    }

    pub fn ann_assign(&mut self, stmt: &'a Stmt) -> Result<()> {
        let StmtKind::AnnAssign {
            target,
            annotation,
            value,
            simple,
        } = &stmt.kind
        else {
            return Ok(());
        };
        let loc = at(stmt.span);
        if let Some(value) = value {
            self.expr(value)?;
            self.expr(target)?;
        }
        match &target.kind {
            ExprKind::Name { id, .. } => {
                if !simple || !self.at_class_or_module() {
                    return Ok(());
                }
                if self.features.annotations {
                    let text = unparse::expr(annotation);
                    self.load(at(annotation.span), Const::Str(text.as_bytes().into()));
                    self.op_name(loc, Op::LOAD_NAME, &Name::const_new("__annotations__"));
                    let name = self.mangle(id);
                    self.load_str(loc, &name);
                    self.op0(loc, Op::STORE_SUBSCR);
                    return Ok(());
                }
                let conditional = self.unit.kind == UnitKind::Module || self.unit.conditional;
                let condition = conditional.then_some(self.unit.conditional_annotations);
                self.unit.deferred.push(Deferred {
                    stmt,
                    name: id,
                    annotation,
                    condition,
                });
                if let Some(number) = condition {
                    self.unit.conditional_annotations += 1;
                    self.load_conditional_set(loc);
                    self.load(loc, Const::Int(i64::from(number)));
                    self.op(loc, Op::SET_ADD, 1);
                    self.op0(loc, Op::POP_TOP);
                }
                Ok(())
            }
            ExprKind::Attribute { value: object, .. } if value.is_none() => {
                self.expr(object)?;
                self.op0(loc, Op::POP_TOP);
                Ok(())
            }
            ExprKind::Subscript {
                value: object,
                slice,
                ..
            } if value.is_none() => {
                self.expr(object)?;
                self.op0(loc, Op::POP_TOP);
                self.check_annotated_slice(slice)
            }
            _ => Ok(()),
        }
    }

    fn check_annotated_slice(&mut self, slice: &'a Expr) -> Result<()> {
        let loc = at(slice.span);
        match &slice.kind {
            ExprKind::Slice { lower, upper, step } => {
                for part in [lower, upper, step].into_iter().flatten() {
                    self.expr(part)?;
                    self.op0(loc, Op::POP_TOP);
                }
                Ok(())
            }
            ExprKind::Tuple { elts, .. } => {
                elts.iter().try_for_each(|e| self.check_annotated_slice(e))
            }
            _ => {
                self.expr(slice)?;
                self.op0(loc, Op::POP_TOP);
                Ok(())
            }
        }
    }

    fn load_conditional_set(&mut self, loc: Location) {
        let name = Name::const_new("__conditional_annotations__");
        match self.unit.deref(&name, false) {
            Some(slot) if self.block().kind == BlockKind::Class => {
                self.op(loc, Op::LOAD_DEREF, slot)
            }
            _ => self.op_name(loc, Op::LOAD_NAME, &name),
        }
    }

    /// Makes the `__annotate__` function of the unit's deferred annotations. Tells whether there are any.
    fn deferred(&mut self, loc: Location) -> Result<bool> {
        let deferred = std::mem::take(&mut self.unit.deferred);
        if deferred.is_empty() {
            return Ok(false);
        }
        let Some(block) = self.block().annotation_block else {
            return Ok(false);
        };
        self.enter_annotations(
            loc,
            UnitKind::Annotations,
            block,
            Name::const_new("__annotate__"),
        );
        let conditional = Name::const_new("__conditional_annotations__");
        self.op(loc, Op::BUILD_MAP, 0);
        for one in deferred {
            let place = at(one.stmt.span);
            let skip = self.label();
            if let Some(number) = one.condition {
                self.load(place, Const::Int(i64::from(number)));
                match self.unit.deref(&conditional, true) {
                    Some(slot) => self.op(place, Op::LOAD_DEREF, slot),
                    None => self.op_name(place, Op::LOAD_GLOBAL, &conditional),
                }
                self.op(place, Op::CONTAINS_OP, 0);
                self.jump(place, Op::POP_JUMP_IF_FALSE, skip);
            }
            self.expr(one.annotation)?;
            self.op(place, Op::COPY, 2);
            let name = self.mangle(one.name);
            self.load_str(place, &name);
            self.op0(loc, Op::STORE_SUBSCR);
            self.place(skip);
        }
        self.op0(loc, Op::RETURN_VALUE);
        self.leave_annotations(loc, 0, true)?;
        Ok(true)
    }

    /// The annotations of a class: its `__annotate_func__`.
    pub fn class_annotations(&mut self, loc: Location) -> Result<()> {
        if self.deferred(loc)? {
            self.store(loc, &Name::const_new("__annotate_func__"))?;
        }
        Ok(())
    }

    /// The annotations of a module: its `__annotate__` is made before anything else runs, at `mark`.
    pub fn module_annotations(&mut self, mark: usize, loc: Location) -> Result<()> {
        let from = self.unit.items.len();
        if self.deferred(loc)? {
            self.store(loc, &Name::const_new("__annotate__"))?;
            let moved: Vec<Item> = self.unit.items.split_off(from);
            self.unit.items.splice(mark..mark, moved);
        }
        Ok(())
    }
}
