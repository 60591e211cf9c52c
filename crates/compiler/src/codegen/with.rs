//! `with` and `async with`.

use viv_bytecode::Op;
use viv_syntax::ast::*;

use super::Codegen;
use super::emit::{NOWHERE, at};
use super::unit::Frame;
use crate::error::Result;

impl<'a> Codegen<'a> {
    pub fn with_stmt(
        &mut self,
        span: Span,
        items: &'a [WithItem],
        body: &'a [Stmt],
        is_async: bool,
    ) -> Result<()> {
        if is_async {
            self.check_async(span, "async with")?;
        }
        self.conditional(|cg| cg.with_item(items, body, is_async))
    }

    fn with_item(&mut self, items: &'a [WithItem], body: &'a [Stmt], is_async: bool) -> Result<()> {
        crate::stack::deeper(|| self.with_item_inner(items, body, is_async))
    }

    fn with_item_inner(
        &mut self,
        items: &'a [WithItem],
        body: &'a [Stmt],
        is_async: bool,
    ) -> Result<()> {
        let Some((item, rest)) = items.split_first() else {
            return self.stmts(body);
        };
        let loc = at(item.context_expr.span);
        let (fail, exit, cleanup, suppress) =
            (self.label(), self.label(), self.label(), self.label());
        self.expr(&item.context_expr)?;
        if is_async {
            self.op0(loc, Op::BEFORE_ASYNC_WITH);
            self.op(loc, Op::GET_AWAITABLE, 1);
            self.load_none(loc);
            self.yield_from(loc, true);
        } else {
            self.op0(loc, Op::BEFORE_WITH);
        }
        // The handler keeps the exit function and its self, not the result of `__enter__`.
        let outer = self.guard(fail, true, 1);
        self.push_frame(
            Frame::With {
                outer,
                is_async,
                loc,
            },
            item.context_expr.span,
        )?;
        match &item.optional_vars {
            Some(target) => self.expr(target)?,
            None => self.op0(loc, Op::POP_TOP),
        }
        self.with_item(rest, body, is_async)?;
        self.unit.frames.pop();
        self.unguard(outer);
        self.exit_with_nones(loc);
        if is_async {
            self.op(loc, Op::GET_AWAITABLE, 2);
            self.load_none(loc);
            self.yield_from(loc, true);
        }
        self.op0(loc, Op::POP_TOP);
        self.jump(loc, Op::JUMP, exit);

        self.place(fail);
        let before = self.guard(cleanup, true, 0);
        self.op0(loc, Op::PUSH_EXC_INFO);
        self.op0(loc, Op::WITH_EXCEPT_START);
        if is_async {
            self.op(loc, Op::GET_AWAITABLE, 2);
            self.load_none(loc);
            self.yield_from(loc, true);
        }
        self.jump_if(loc, true, suppress);
        // exit, self, lasti, previous, exception: raised on at the place where it came from.
        self.op(NOWHERE, Op::COPY, 3);
        self.op(NOWHERE, Op::SWAP, 2);
        self.op(NOWHERE, Op::RERAISE, 1);
        self.place(suppress);
        self.op0(loc, Op::POP_TOP);
        self.unguard(before);
        self.op0(loc, Op::POP_EXCEPT);
        for _ in 0..3 {
            self.op0(loc, Op::POP_TOP);
        }
        self.jump(loc, Op::JUMP, exit);
        self.reraise_from(before, cleanup);
        self.place(exit);
        Ok(())
    }
}
