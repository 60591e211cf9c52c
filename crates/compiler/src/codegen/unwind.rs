//! Leaving blocks early: the code that `break`, `continue` and `return` run on their way out.

use viv_bytecode::{Location, Op};
use viv_syntax::ast::Span;

use super::Codegen;
use super::emit::NOWHERE;
use super::unit::Frame;
use crate::error::{Result, syntax_error};

/// How deep blocks may be nested.
const MAX_BLOCKS: usize = 21;

impl<'a> Codegen<'a> {
    /// Leaves all blocks, or those up to the innermost loop, which is given back. With `keep` the top of the stack is
    /// the value to be returned. The caller restores the handler.
    pub fn unwind(
        &mut self,
        loc: &mut Location,
        keep: bool,
        to_loop: bool,
        span: Span,
    ) -> Result<Option<Frame<'a>>> {
        let Some(&top) = self.unit.frames.last() else {
            return Ok(None);
        };
        if matches!(top, Frame::GroupHandlers) {
            let msg = "'break', 'continue' and 'return' cannot appear in an except* block";
            let place = if loc.line == 0 {
                span
            } else {
                Span {
                    line: loc.line,
                    col: loc.col,
                    end_line: loc.end_line,
                    end_col: loc.end_col,
                }
            };
            return Err(syntax_error(place, msg));
        }
        if to_loop && matches!(top, Frame::For { .. } | Frame::While { .. }) {
            return Ok(Some(top));
        }
        self.unit.frames.pop();
        self.unwind_one(loc, top, keep)?;
        let found = self.unwind(loc, keep, to_loop, span)?;
        self.unit.frames.push(top);
        Ok(found)
    }

    /// Enters a block.
    pub fn push_frame(&mut self, frame: Frame<'a>, span: Span) -> Result<()> {
        // A generator's own guard counts as a block.
        if self.unit.frames.len() + usize::from(self.unit.stop_iteration.is_some()) >= MAX_BLOCKS {
            return Err(syntax_error(span, "too many statically nested blocks"));
        }
        self.unit.frames.push(frame);
        Ok(())
    }

    /// Leaves one block.
    pub fn unwind_one(&mut self, loc: &mut Location, frame: Frame<'a>, keep: bool) -> Result<()> {
        match frame {
            Frame::While { .. } | Frame::Handlers | Frame::GroupHandlers => {}
            Frame::For { .. } => {
                if keep {
                    self.op(*loc, Op::SWAP, 2);
                }
                self.op0(*loc, Op::POP_TOP);
            }
            Frame::Try { outer } => self.unguard(outer),
            Frame::FinallyTry { outer, body } => {
                self.unguard(outer);
                if keep {
                    self.unit.frames.push(Frame::Value);
                }
                self.quiet += 1;
                self.final_body(body)?;
                self.quiet -= 1;
                if keep {
                    self.unit.frames.pop();
                }
                // The finally clause runs after the statement; what follows belongs to no line.
                *loc = NOWHERE;
            }
            Frame::FinallyEnd { outer } => {
                if keep {
                    self.op(*loc, Op::SWAP, 2);
                }
                self.op0(*loc, Op::POP_TOP);
                if keep {
                    self.op(*loc, Op::SWAP, 2);
                }
                self.unguard(outer);
                self.op0(*loc, Op::POP_EXCEPT);
            }
            Frame::With {
                outer,
                is_async,
                loc: place,
            } => {
                *loc = place;
                self.unguard(outer);
                if keep {
                    self.op(*loc, Op::SWAP, 3);
                    self.op(*loc, Op::SWAP, 2);
                }
                self.exit_with_nones(*loc);
                if is_async {
                    self.op(*loc, Op::GET_AWAITABLE, 2);
                    self.load_none(*loc);
                    self.yield_from(*loc, true);
                }
                self.op0(*loc, Op::POP_TOP);
                *loc = NOWHERE;
            }
            Frame::HandlerBody { outer, name } => {
                if keep {
                    self.op(*loc, Op::SWAP, 2);
                }
                self.unguard(outer);
                self.op0(*loc, Op::POP_EXCEPT);
                if let Some(name) = name {
                    self.load_none(*loc);
                    self.store(*loc, name)?;
                    self.delete(*loc, name)?;
                }
            }
            Frame::Value => {
                if keep {
                    self.op(*loc, Op::SWAP, 2);
                }
                self.op0(*loc, Op::POP_TOP);
            }
        }
        Ok(())
    }

    /// Calls the exit function of a context manager without an exception.
    pub fn exit_with_nones(&mut self, loc: Location) {
        for _ in 0..3 {
            self.load_none(loc);
        }
        self.op(loc, Op::CALL, 3);
    }
}
