//! `try`, `except`, `except*`, `finally`.

use viv_bytecode::asm::HandlerId;
use viv_bytecode::op::Intrinsic2;
use viv_bytecode::{Op, asm::Label};
use viv_syntax::ast::*;

use super::Codegen;
use super::emit::{NOWHERE, at};
use super::unit::Frame;
use crate::error::{Result, syntax_error};

/// The clauses of a `try` statement.
#[derive(Clone, Copy)]
pub struct Try<'a> {
    pub body: &'a [Stmt],
    pub handlers: &'a [ExceptHandler],
    pub orelse: &'a [Stmt],
    pub finalbody: &'a [Stmt],
    /// `except*`
    pub star: bool,
    pub span: Span,
}

impl<'a> Codegen<'a> {
    pub fn try_stmt(&mut self, stmt: Try<'a>) -> Result<()> {
        if stmt.finalbody.is_empty() {
            self.try_except(stmt)
        } else {
            self.try_finally(stmt)
        }
    }

    fn try_finally(&mut self, stmt: Try<'a>) -> Result<()> {
        let (end, exit, cleanup) = (self.label(), self.label(), self.label());
        self.op0(at(stmt.span), Op::NOP);
        let outer = self.guard(end, false, 0);
        self.push_frame(
            Frame::FinallyTry {
                outer,
                body: stmt.finalbody,
            },
            stmt.span,
        )?;
        if stmt.handlers.is_empty() {
            self.stmts(stmt.body)?;
        } else {
            self.try_except(stmt)?;
        }
        self.unguard(outer);
        self.unit.frames.pop();
        self.final_body(stmt.finalbody)?;
        self.jump(NOWHERE, Op::JUMP, exit);
        // The same clause again, with an exception under way.
        self.place(end);
        let before = self.guard(cleanup, true, 0);
        self.push_frame(Frame::FinallyEnd { outer: before }, stmt.span)?;
        self.op0(NOWHERE, Op::PUSH_EXC_INFO);
        self.quiet += 1;
        self.final_body(stmt.finalbody)?;
        self.quiet -= 1;
        self.unit.frames.pop();
        self.op(NOWHERE, Op::RERAISE, 0);
        self.reraise_from(before, cleanup);
        self.place(exit);
        Ok(())
    }

    /// A `finally` clause, in which `return`, `break` and `continue` are warned of.
    pub fn final_body(&mut self, body: &'a [Stmt]) -> Result<()> {
        let before = self.unit.finally.replace(false);
        self.stmts(body)?;
        self.unit.finally = before;
        Ok(())
    }

    /// The cleanup of a handler: an exception in it is raised on, the previous one is the handled one again.
    pub fn reraise_from(&mut self, outer: HandlerId, cleanup: Label) {
        self.unguard(outer);
        self.place(cleanup);
        self.op(NOWHERE, Op::COPY, 3);
        self.op0(NOWHERE, Op::POP_EXCEPT);
        self.op(NOWHERE, Op::RERAISE, 1);
    }

    fn try_except(&mut self, stmt: Try<'a>) -> Result<()> {
        if stmt.star {
            return self.try_star(stmt);
        }
        let (except, end, cleanup) = (self.label(), self.label(), self.label());
        self.op0(at(stmt.span), Op::NOP);
        let outer = self.guard(except, false, 0);
        self.push_frame(Frame::Try { outer }, stmt.span)?;
        self.conditional(|cg| cg.stmts(stmt.body))?;
        self.unit.frames.pop();
        self.unguard(outer);
        self.conditional(|cg| cg.stmts(stmt.orelse))?;
        self.jump(NOWHERE, Op::JUMP, end);
        self.place(except);
        let before = self.guard(cleanup, true, 0);
        self.op0(NOWHERE, Op::PUSH_EXC_INFO);
        self.push_frame(Frame::Handlers, stmt.span)?;
        for (index, handler) in stmt.handlers.iter().enumerate() {
            let loc = at(handler.span);
            let next = self.label();
            match &handler.r#type {
                Some(class) => {
                    self.expr(class)?;
                    self.op0(loc, Op::CHECK_EXC_MATCH);
                    self.jump_if(loc, false, next);
                }
                None if index + 1 < stmt.handlers.len() => {
                    return Err(syntax_error(handler.span, "default 'except:' must be last"));
                }
                None => {}
            }
            self.handler_body(handler, before, end)?;
            self.place(next);
        }
        self.unit.frames.pop();
        self.op(NOWHERE, Op::RERAISE, 0);
        self.reraise_from(before, cleanup);
        self.place(end);
        Ok(())
    }

    fn handler_body(
        &mut self,
        handler: &'a ExceptHandler,
        outer: HandlerId,
        end: Label,
    ) -> Result<()> {
        let loc = at(handler.span);
        let Some(name) = &handler.name else {
            self.op0(loc, Op::POP_TOP);
            self.push_frame(Frame::HandlerBody { outer, name: None }, handler.span)?;
            let inside = self.unit.handler;
            self.conditional(|cg| cg.stmts(&handler.body))?;
            self.unit.frames.pop();
            self.unguard(outer);
            self.op0(NOWHERE, Op::POP_EXCEPT);
            self.jump(NOWHERE, Op::JUMP, end);
            self.unit.handler = inside;
            return Ok(());
        };
        self.store(loc, name)?;
        let unbind = self.label();
        let inside = self.guard(unbind, true, 0);
        self.push_frame(
            Frame::HandlerBody {
                outer,
                name: Some(name),
            },
            handler.span,
        )?;
        self.conditional(|cg| cg.stmts(&handler.body))?;
        self.unit.frames.pop();
        self.unguard(outer);
        self.op0(NOWHERE, Op::POP_EXCEPT);
        self.unbind(name)?;
        self.jump(NOWHERE, Op::JUMP, end);
        // The name goes also when the body raises.
        self.unit.handler = inside;
        self.place(unbind);
        self.unbind(name)?;
        self.op(NOWHERE, Op::RERAISE, 1);
        Ok(())
    }

    fn unbind(&mut self, name: &'a Name) -> Result<()> {
        self.load_none(NOWHERE);
        self.store(NOWHERE, name)?;
        self.delete(NOWHERE, name)
    }

    /// `except*`. While the clauses run the stack holds: previous, original group, list of results, rest.
    fn try_star(&mut self, stmt: Try<'a>) -> Result<()> {
        let (except, end, cleanup, reraise_star) =
            (self.label(), self.label(), self.label(), self.label());
        self.op0(at(stmt.span), Op::NOP);
        let outer = self.guard(except, false, 0);
        self.push_frame(Frame::Try { outer }, stmt.span)?;
        self.conditional(|cg| cg.stmts(stmt.body))?;
        self.unit.frames.pop();
        self.unguard(outer);
        self.conditional(|cg| cg.stmts(stmt.orelse))?;
        self.jump(NOWHERE, Op::JUMP, end);
        self.place(except);
        let before = self.guard(cleanup, true, 0);
        self.op0(NOWHERE, Op::PUSH_EXC_INFO);
        self.push_frame(Frame::GroupHandlers, stmt.span)?;
        for (index, handler) in stmt.handlers.iter().enumerate() {
            self.star_handler(handler, index == 0)?;
            if index + 1 == stmt.handlers.len() {
                // What no clause took goes to the list.
                self.op(NOWHERE, Op::LIST_APPEND, 1);
                self.jump(NOWHERE, Op::JUMP, reraise_star);
            }
        }
        self.unit.frames.pop();
        let reraise = self.label();
        self.place(reraise_star);
        self.op(
            NOWHERE,
            Op::CALL_INTRINSIC_2,
            Intrinsic2::PrepReraiseStar as u32,
        );
        self.op(NOWHERE, Op::COPY, 1);
        self.jump(NOWHERE, Op::POP_JUMP_IF_NOT_NONE, reraise);
        // Nothing is left to be raised.
        self.op0(NOWHERE, Op::POP_TOP);
        self.unguard(before);
        self.op0(NOWHERE, Op::POP_EXCEPT);
        self.jump(NOWHERE, Op::JUMP, end);
        self.place(reraise);
        self.op(NOWHERE, Op::SWAP, 2);
        self.op0(NOWHERE, Op::POP_EXCEPT);
        self.op(NOWHERE, Op::RERAISE, 0);
        self.reraise_from(before, cleanup);
        self.place(end);
        Ok(())
    }

    fn star_handler(&mut self, handler: &'a ExceptHandler, first: bool) -> Result<()> {
        let loc = at(handler.span);
        let (no_match, except, handler_end) = (self.label(), self.label(), self.label());
        if first {
            // previous, group → previous, group, list, group
            self.op(loc, Op::BUILD_LIST, 0);
            self.op(loc, Op::COPY, 2);
        }
        if let Some(class) = &handler.r#type {
            self.expr(class)?;
            self.op0(loc, Op::CHECK_EG_MATCH);
            self.op(loc, Op::COPY, 1);
            self.jump(loc, Op::POP_JUMP_IF_NONE, no_match);
        }
        match &handler.name {
            Some(name) => self.store(loc, name)?,
            None => self.op0(loc, Op::POP_TOP),
        }
        let outer = self.guard(except, true, 0);
        self.conditional(|cg| cg.stmts(&handler.body))?;
        self.unguard(outer);
        if let Some(name) = &handler.name {
            self.unbind(name)?;
        }
        self.jump(NOWHERE, Op::JUMP, handler_end);
        // What the body raises is added to the list: list, rest, lasti, exception.
        self.place(except);
        if let Some(name) = &handler.name {
            self.unbind(name)?;
        }
        self.op(NOWHERE, Op::LIST_APPEND, 3);
        self.op0(NOWHERE, Op::POP_TOP);
        self.jump(NOWHERE, Op::JUMP, handler_end);
        self.place(no_match);
        self.op0(loc, Op::POP_TOP);
        self.place(handler_end);
        Ok(())
    }
}
