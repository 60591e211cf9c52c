//! `if`, loops, `break`, `continue`, `return` and `match`'s surroundings.

use viv_bytecode::{CodeFlags, Const, Op};
use viv_syntax::ast::*;

use super::Codegen;
use super::emit::{NOWHERE, at};
use super::expr::constant;
use super::unit::Frame;
use crate::error::{Result, syntax_error};

impl<'a> Codegen<'a> {
    pub fn if_stmt(&mut self, test: &'a Expr, body: &'a [Stmt], orelse: &'a [Stmt]) -> Result<()> {
        let end = self.label();
        let next = if orelse.is_empty() { end } else { self.label() };
        self.branch(test, next, false)?;
        self.conditional(|cg| cg.stmts(body))?;
        if !orelse.is_empty() {
            self.jump(NOWHERE, Op::JUMP, end);
            self.place(next);
            self.conditional(|cg| cg.stmts(orelse))?;
        }
        self.place(end);
        Ok(())
    }

    /// Compiles conditional code: annotations in it are conditional too.
    pub fn conditional<T>(&mut self, compile: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let before = std::mem::replace(&mut self.unit.conditional, true);
        let result = compile(self)?;
        self.unit.conditional = before;
        Ok(result)
    }

    /// The body of a loop.
    fn loop_body(&mut self, target: Option<&'a Expr>, body: &'a [Stmt]) -> Result<()> {
        let before = self.unit.finally;
        self.unit.finally = before.map(|_| true);
        self.conditional(|cg| {
            if let Some(target) = target {
                cg.expr(target)?;
            }
            cg.stmts(body)
        })?;
        self.unit.finally = before;
        Ok(())
    }

    pub fn while_stmt(
        &mut self,
        span: Span,
        test: &'a Expr,
        body: &'a [Stmt],
        orelse: &'a [Stmt],
    ) -> Result<()> {
        let (start, anchor, end) = (self.label(), self.label(), self.label());
        self.place(start);
        self.push_frame(Frame::While { start, end }, span)?;
        self.branch(test, anchor, false)?;
        self.loop_body(None, body)?;
        self.jump(NOWHERE, Op::JUMP, start);
        self.unit.frames.pop();
        self.place(anchor);
        self.conditional(|cg| cg.stmts(orelse))?;
        self.place(end);
        Ok(())
    }

    pub fn for_stmt(
        &mut self,
        span: Span,
        target: &'a Expr,
        iter: &'a Expr,
        body: &'a [Stmt],
        orelse: &'a [Stmt],
    ) -> Result<()> {
        let (start, cleanup, end) = (self.label(), self.label(), self.label());
        self.iterable(iter)?;
        let loc = at(iter.span);
        self.op0(loc, Op::GET_ITER);
        self.push_frame(Frame::For { start, end }, span)?;
        self.place(start);
        self.jump(loc, Op::FOR_ITER, cleanup);
        self.loop_body(Some(target), body)?;
        self.jump(NOWHERE, Op::JUMP, start);
        self.place(cleanup);
        self.unit.frames.pop();
        self.conditional(|cg| cg.stmts(orelse))?;
        self.place(end);
        Ok(())
    }

    pub fn async_for(
        &mut self,
        stmt: &'a Stmt,
        target: &'a Expr,
        iter: &'a Expr,
        body: &'a [Stmt],
        orelse: &'a [Stmt],
    ) -> Result<()> {
        self.check_async(stmt.span, "async for")?;
        let loc = at(iter.span);
        let (start, except, end) = (self.label(), self.label(), self.label());
        self.expr(iter)?;
        self.op0(loc, Op::GET_AITER);
        self.place(start);
        self.push_frame(Frame::For { start, end }, stmt.span)?;
        let whole = at(stmt.span);
        let outer = self.guard(except, false, 0);
        self.op0(whole, Op::GET_ANEXT);
        self.load_none(whole);
        self.yield_from(whole, true);
        self.unguard(outer);
        self.loop_body(Some(target), body)?;
        self.jump(NOWHERE, Op::JUMP, start);
        self.unit.frames.pop();
        self.place(except);
        self.op0(loc, Op::END_ASYNC_FOR);
        self.conditional(|cg| cg.stmts(orelse))?;
        self.place(end);
        Ok(())
    }

    /// `async for` and `async with` need a coroutine around them.
    pub fn check_async(&self, span: Span, what: &str) -> Result<()> {
        let top = self.options.top_level_await && self.unit.kind == super::UnitKind::Module;
        if top || self.unit.kind == super::UnitKind::AsyncFunction {
            return Ok(());
        }
        Err(syntax_error(
            span,
            format!("'{what}' outside async function"),
        ))
    }

    pub fn break_stmt(&mut self, span: Span) -> Result<()> {
        self.leave_loop(span, false)
    }

    pub fn continue_stmt(&mut self, span: Span) -> Result<()> {
        self.leave_loop(span, true)
    }

    fn leave_loop(&mut self, span: Span, again: bool) -> Result<()> {
        if self.unit.finally == Some(false) {
            self.warn_leaves_finally(span, if again { "continue" } else { "break" });
        }
        let mut loc = at(span);
        self.op0(loc, Op::NOP);
        let handler = self.unit.handler;
        let target = self.unwind(&mut loc, false, true, span)?;
        match target {
            Some(Frame::For { start, end } | Frame::While { start, end }) => {
                if !again {
                    self.unwind_one(&mut loc, target.unwrap_or(Frame::Value), false)?;
                }
                self.jump(loc, Op::JUMP, if again { start } else { end });
                self.unit.handler = handler;
                Ok(())
            }
            _ => {
                let msg = if again {
                    "'continue' not properly in loop"
                } else {
                    "'break' outside loop"
                };
                Err(syntax_error(span, msg))
            }
        }
    }

    pub fn return_stmt(&mut self, span: Span, value: Option<&'a Expr>) -> Result<()> {
        let mut loc = at(span);
        if !self.block().is_function_like() {
            return Err(syntax_error(span, "'return' outside function"));
        }
        if self.unit.finally.is_some() {
            self.warn_leaves_finally(span, "return");
        }
        if value.is_some() && self.unit.flags & CodeFlags::ASYNC_GENERATOR != 0 {
            return Err(syntax_error(span, "'return' with value in async generator"));
        }
        let fixed = match value.map(|v| &v.kind) {
            None => Some(Const::None),
            Some(ExprKind::Constant(c)) => Some(constant(c)),
            Some(_) => None,
        };
        if let Some(value) = value {
            if fixed.is_none() {
                self.expr(value)?;
            } else {
                loc = at(value.span);
                self.op0(loc, Op::NOP);
            }
        }
        if value.is_none_or(|v| v.span.line != span.line) {
            loc = at(span);
            self.op0(loc, Op::NOP);
        }
        let handler = self.unit.handler;
        self.unwind(&mut loc, fixed.is_none(), false, span)?;
        if let Some(constant) = fixed {
            self.load(loc, constant);
        }
        self.op0(loc, Op::RETURN_VALUE);
        self.unit.handler = handler;
        Ok(())
    }
}
