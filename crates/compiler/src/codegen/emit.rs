//! Emission of instructions, with the small rewrites that need no more than the instructions just before.

use viv_bytecode::asm::{Handler, HandlerId, Ins, Item, Label};
use viv_bytecode::{Const, Location, Op};
use viv_syntax::ast::{Name, Span};

use super::{Codegen, fold};

/// No place in the source: filled in from the instruction before, if control comes from there.
pub const NOWHERE: Location = Location {
    line: 0,
    end_line: 0,
    col: 0,
    end_col: 0,
};

/// The location of a node.
pub fn at(span: Span) -> Location {
    Location {
        line: span.line,
        end_line: span.end_line,
        col: span.col,
        end_col: span.end_col,
    }
}

impl<'a> Codegen<'a> {
    /// Emits an instruction.
    pub fn op(&mut self, loc: Location, op: Op, arg: u32) {
        let handler = self.unit.handler;
        self.unit.items.push(Item::Ins(Ins {
            op,
            arg,
            target: Label::NONE,
            handler,
            loc,
        }));
    }

    /// Emits an instruction without operand.
    pub fn op0(&mut self, loc: Location, op: Op) {
        self.op(loc, op, 0);
    }

    /// Emits an instruction over a name.
    pub fn op_name(&mut self, loc: Location, op: Op, name: &Name) {
        let mangled = self.mangle(name);
        let at = self.unit.name(&mangled);
        self.op(loc, op, at);
    }

    /// Emits a jump that always jumps or that tests what cannot be known now.
    pub fn jump(&mut self, loc: Location, op: Op, target: Label) {
        let handler = self.unit.handler;
        self.unit.items.push(Item::Ins(Ins {
            op,
            arg: 0,
            target,
            handler,
            loc,
        }));
    }

    /// A new label.
    pub fn label(&mut self) -> Label {
        self.unit.labels += 1;
        Label(self.unit.labels - 1)
    }

    /// Puts a label here.
    pub fn place(&mut self, label: Label) {
        self.unit.items.push(Item::Label(label));
    }

    /// Loads a constant.
    pub fn load(&mut self, loc: Location, constant: Const) {
        let at = self.unit.consts.add(constant);
        self.op(loc, Op::LOAD_CONST, at);
    }

    /// Loads `None`.
    pub fn load_none(&mut self, loc: Location) {
        self.load(loc, Const::None);
    }

    /// Loads a string.
    pub fn load_str(&mut self, loc: Location, text: &str) {
        self.load(loc, Const::Str(text.as_bytes().into()));
    }

    /// Opens a handler: what follows is guarded by it. Gives the handler that guarded before.
    pub fn guard(&mut self, target: Label, lasti: bool, pop: u32) -> HandlerId {
        let id = self.unit.handlers.len() as HandlerId;
        self.unit.handlers.push(Handler { target, lasti, pop });
        self.unit.items.push(Item::Setup(id));
        std::mem::replace(&mut self.unit.handler, id)
    }

    /// Closes a handler.
    pub fn unguard(&mut self, outer: HandlerId) {
        self.unit.handler = outer;
    }

    /// The `n`-th instruction from the end, if nothing but instructions stands between.
    fn nth_last(&self, n: usize) -> Option<&Ins> {
        let items = &self.unit.items;
        match items.get(items.len().checked_sub(n)?)? {
            Item::Ins(ins) => Some(ins),
            _ => None,
        }
    }

    /// The constant loaded by the `n`-th instruction from the end.
    fn nth_const(&self, n: usize) -> Option<&Const> {
        let ins = self.nth_last(n)?;
        (ins.op == Op::LOAD_CONST)
            .then(|| self.unit.consts.list.get(ins.arg as usize))
            .flatten()
    }

    /// The constant that the last instruction loads.
    pub fn last_const(&self) -> Option<&Const> {
        self.nth_const(1)
    }

    fn last_consts(&self, count: usize) -> Option<Vec<Const>> {
        (1..=count)
            .rev()
            .map(|n| self.nth_const(n).cloned())
            .collect()
    }

    fn drop_last(&mut self, count: usize) {
        let len = self.unit.items.len();
        self.unit.items.truncate(len - count.min(len));
    }

    /// Emits a binary operation, folded where both sides are constants.
    pub fn binary(&mut self, loc: Location, op: viv_bytecode::BinaryOp) {
        if let (Some(x), Some(y)) = (self.nth_const(2), self.nth_const(1))
            && let Some(folded) = fold::binary(op, x, y)
        {
            self.drop_last(2);
            self.load(loc, folded);
            return;
        }
        self.op(loc, Op::BINARY_OP, op as u32);
    }

    /// Emits a unary operation, folded where the operand is a constant.
    pub fn unary(&mut self, loc: Location, op: Op) {
        if let Some(x) = self.nth_const(1)
            && let Some(folded) = fold::unary(op, x)
        {
            self.drop_last(1);
            self.load(loc, folded);
            return;
        }
        if op == Op::UNARY_NOT
            && let Some(last) = self.nth_last(1)
            && matches!(last.op, Op::IS_OP | Op::CONTAINS_OP)
        {
            let flipped = last.arg ^ 1;
            let last_op = last.op;
            self.drop_last(1);
            self.op(loc, last_op, flipped);
            return;
        }
        if op == Op::UNARY_NOT {
            // The truth of a comparison is taken where the `not` stands.
            let len = self.unit.items.len();
            if let Some(Item::Ins(last)) = self.unit.items.get_mut(len.wrapping_sub(1))
                && last.op == Op::COMPARE_OP
            {
                last.loc = loc;
            }
        }
        self.op0(loc, op);
    }

    /// Emits a subscript, folded where both sides are constants.
    pub fn subscript(&mut self, loc: Location) {
        if let (Some(x), Some(y)) = (self.nth_const(2), self.nth_const(1))
            && let Some(folded) = fold::subscript(x, y)
        {
            self.drop_last(2);
            self.load(loc, folded);
            return;
        }
        self.op0(loc, Op::BINARY_SUBSCR);
    }

    /// Builds a tuple of the last `count` values.
    pub fn tuple(&mut self, loc: Location, count: usize) {
        if let Some(items) = self.last_consts(count) {
            self.drop_last(count);
            self.load(loc, Const::Tuple(items));
        } else {
            self.op(loc, Op::BUILD_TUPLE, count as u32);
        }
    }

    /// `a, b = x, y` exchanges values on the stack instead of building a tuple.
    pub fn swap_instead_of_unpack(&mut self, loc: Location, count: usize) -> bool {
        let Some(last) = self.nth_last(1).copied() else {
            return false;
        };
        if count == 0 || count > 3 {
            return false;
        }
        let parts = match (last.op, self.nth_const(1)) {
            (Op::BUILD_TUPLE, _) if last.arg as usize == count => Vec::new(),
            (Op::LOAD_CONST, Some(Const::Tuple(parts))) if parts.len() == count => parts.clone(),
            _ => return false,
        };
        self.drop_last(1);
        for part in parts {
            self.load(last.loc, part);
        }
        if count > 1 {
            self.op(loc, Op::SWAP, count as u32);
        }
        true
    }

    /// Builds a list or set of the last `count` values; three constants or more are kept as one.
    pub fn collection(&mut self, loc: Location, build: Op, extend: Op, count: usize) {
        if count >= 3
            && let Some(items) = self.last_consts(count)
        {
            self.drop_last(count);
            self.op(loc, build, 0);
            let folded = if build == Op::BUILD_SET {
                fold::frozen_set(items)
            } else {
                Const::Tuple(items)
            };
            self.load(loc, folded);
            self.op(loc, extend, 1);
        } else {
            self.op(loc, build, count as u32);
        }
    }

    /// The list or set display just built becomes a constant, where its elements are (`for x in [1, 2]`, `x in {1, 2}`).
    pub fn freeze_display(&mut self, loc: Location) {
        let Some(last) = self.nth_last(1).copied() else {
            return;
        };
        let count = last.arg as usize;
        match last.op {
            Op::BUILD_LIST | Op::BUILD_SET => {
                if let Some(items) = self.consts_below(count) {
                    self.drop_last(count + 1);
                    let set = last.op == Op::BUILD_SET;
                    if set && items.is_empty() {
                        self.op(last.loc, Op::BUILD_SET, 0);
                        return;
                    }
                    let folded = if set {
                        fold::frozen_set(items)
                    } else {
                        Const::Tuple(items)
                    };
                    self.load(loc, folded);
                } else if last.op == Op::BUILD_LIST {
                    self.drop_last(1);
                    self.op(last.loc, Op::BUILD_TUPLE, last.arg);
                }
            }
            Op::LIST_EXTEND | Op::SET_UPDATE if last.arg == 1 => {
                let build = self.nth_last(3).map(|i| (i.op, i.arg));
                let folded = self.nth_const(2).cloned();
                if let (Some((Op::BUILD_LIST | Op::BUILD_SET, 0)), Some(folded)) = (build, folded)
                    && matches!(folded, Const::Tuple(_) | Const::FrozenSet(_))
                {
                    self.drop_last(3);
                    self.load(loc, folded);
                }
            }
            _ => {}
        }
    }

    fn consts_below(&self, count: usize) -> Option<Vec<Const>> {
        (2..=count + 1)
            .rev()
            .map(|n| self.nth_const(n).cloned())
            .collect()
    }

    /// Emits a jump that takes the top of the stack and jumps where its truth is `when`.
    pub fn jump_if(&mut self, loc: Location, when: bool, target: Label) {
        if let Some(constant) = self.nth_const(1)
            && let Some(truth) = fold::truth(constant)
        {
            self.drop_last(1);
            self.op0(loc, Op::NOP);
            if truth == when {
                self.jump(loc, Op::JUMP, target);
            }
            return;
        }
        let last = self.nth_last(1).map(|i| (i.op, i.arg));
        match last {
            Some((Op::UNARY_NOT, _)) => {
                self.drop_last(1);
                return self.jump_if(loc, !when, target);
            }
            Some((Op::IS_OP, not)) if matches!(self.nth_const(2), Some(Const::None)) => {
                self.drop_last(2);
                let op = if when == (not == 0) {
                    Op::POP_JUMP_IF_NONE
                } else {
                    Op::POP_JUMP_IF_NOT_NONE
                };
                return self.jump(loc, op, target);
            }
            _ => {}
        }
        self.jump(
            loc,
            if when {
                Op::POP_JUMP_IF_TRUE
            } else {
                Op::POP_JUMP_IF_FALSE
            },
            target,
        );
    }

    /// Emits a jump that keeps the top of the stack where it jumps, else drops it.
    pub fn jump_or_pop(&mut self, loc: Location, when: bool, target: Label) {
        if let Some(constant) = self.nth_const(1)
            && let Some(truth) = fold::truth(constant)
        {
            if truth == when {
                self.jump(loc, Op::JUMP, target);
            } else {
                self.drop_last(1);
                self.op0(loc, Op::NOP);
            }
            return;
        }
        self.jump(
            loc,
            if when {
                Op::JUMP_IF_TRUE_OR_POP
            } else {
                Op::JUMP_IF_FALSE_OR_POP
            },
            target,
        );
    }
}
