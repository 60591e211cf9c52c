//! Super-instructions.
//!
//! First every operator takes in the loads of its operands that stand right before it, and the store or jump right
//! after it; then loads and stores that are left over are paired.

use viv_bytecode::asm::{Ins, Item, Label};
use viv_bytecode::{BinaryOp, Op};

use super::RESTORE;

/// `SWAP` before stores of different locals: the stores change places instead.
pub fn swap_stores(items: &mut [Item]) {
    let mut at = 0;
    while at + 2 < items.len() {
        let Item::Ins(swap) = items[at] else {
            at += 1;
            continue;
        };
        let count = swap.arg as usize;
        if swap.op == Op::SWAP
            && (2..=3).contains(&count)
            && let Some(stores) = plain_stores(&items[at + 1..], count)
            && stores
                .iter()
                .all(|s| s.loc.line == swap.loc.line && s.handler == swap.handler)
            && distinct(&stores)
        {
            for (index, store) in stores.iter().rev().enumerate() {
                items[at + index] = Item::Ins(*store);
            }
            // One instruction less: the last place does nothing.
            let nop = Ins {
                op: Op::NOP,
                arg: 0,
                target: Label::NONE,
                ..swap
            };
            items[at + count] = Item::Ins(nop);
            at += count;
        }
        at += 1;
    }
}

fn plain_stores(items: &[Item], count: usize) -> Option<Vec<Ins>> {
    items
        .get(..count)?
        .iter()
        .map(|item| match item {
            Item::Ins(ins) if ins.op == Op::STORE_FAST => Some(*ins),
            _ => None,
        })
        .collect()
}

fn distinct(stores: &[Ins]) -> bool {
    let slot = |s: &Ins| s.arg & !RESTORE;
    stores
        .iter()
        .enumerate()
        .all(|(i, s)| stores[i + 1..].iter().all(|t| slot(t) != slot(s)))
}

/// `x += …`, where the right side is computed: the local is read only when it is added to, so that nobody else owns its
/// value then. Gives the items and their `safe` flags without the loads.
pub fn accumulate(mut items: Vec<Item>, mut safe: Vec<bool>) -> (Vec<Item>, Vec<bool>) {
    let mut gone = vec![false; items.len()];
    for at in 0..items.len().saturating_sub(1) {
        let (Item::Ins(add), Item::Ins(store)) = (items[at], items[at + 1]) else {
            continue;
        };
        if add.op != Op::BINARY_OP
            || add.arg != BinaryOp::IAdd as u32
            || store.op != Op::STORE_FAST
            || store.arg > 0xff
            || store.handler != add.handler
            || store.loc.line != add.loc.line
        {
            continue;
        }
        let Some((load, slot)) = left_operand(&items, &safe, at) else {
            continue;
        };
        // One load on the right is fused better otherwise.
        if load + 2 == at
            && (safe[load + 1] || matches!(items[load + 1], Item::Ins(i) if i.op == Op::LOAD_CONST))
        {
            continue;
        }
        gone[load] = true;
        gone[at + 1] = true;
        let arg = pack(slot, slot, store.arg);
        items[at] = Item::Ins(Ins {
            op: Op::IADD_LS_STORE,
            arg,
            ..add
        });
    }
    let mut flags = gone.iter();
    items.retain(|_| !flags.next().copied().unwrap_or(false));
    let mut flags = gone.iter();
    safe.retain(|_| !flags.next().copied().unwrap_or(false));
    (items, safe)
}

/// The load of a local that put the left operand of the operator at `at` on the stack, if what comes between neither
/// branches nor stores to that local.
fn left_operand(items: &[Item], safe: &[bool], at: usize) -> Option<(usize, u32)> {
    let Item::Ins(operator) = items[at] else {
        return None;
    };
    let load = right_operand(items, at)?.checked_sub(1)?;
    let Item::Ins(ins) = items[load] else {
        return None;
    };
    let same = ins.handler == operator.handler && ins.loc.line == operator.loc.line;
    if ins.op != Op::LOAD_FAST || !safe[load] || ins.arg > 0xff || !same {
        return None;
    }
    untouched(&items[load + 1..at], ins.arg).then_some((load, ins.arg))
}

/// `local.name += …` and `local[key] += …`: the object and the key are read from their locals again for the store,
/// instead of being kept on the stack. Rewrites in place; what is no longer needed becomes a NOP.
pub fn augment(items: &mut [Item], safe: &mut [bool]) {
    for at in 0..items.len() {
        let Item::Ins(operator) = items[at] else {
            continue;
        };
        let in_place = operator.op == Op::BINARY_OP && operator.arg >= BinaryOp::IAdd as u32;
        if in_place && !augment_attribute(items, safe, at) {
            augment_subscript(items, safe, at);
        }
    }
}

fn at_op(items: &[Item], at: usize, op: Op, like: &Ins) -> Option<Ins> {
    match items.get(at)? {
        Item::Ins(ins) if ins.op == op && ins.handler == like.handler => Some(*ins),
        _ => None,
    }
}

fn nop(items: &mut [Item], at: usize) {
    if let Some(Item::Ins(ins)) = items.get_mut(at) {
        (ins.op, ins.arg) = (Op::NOP, 0);
    }
}

/// Whether nothing between stores to the local.
fn untouched(items: &[Item], slot: u32) -> bool {
    items.iter().all(|item| match item {
        Item::Ins(i) => {
            !matches!(
                i.op,
                Op::STORE_FAST | Op::DELETE_FAST | Op::LOAD_FAST_AND_CLEAR
            ) || i.arg & !RESTORE != slot
        }
        _ => false,
    })
}

fn augment_attribute(items: &mut [Item], safe: &mut [bool], at: usize) -> bool {
    let found = (|| {
        let Item::Ins(operator) = items[at] else {
            return None;
        };
        at_op(items, at + 1, Op::SWAP, &operator).filter(|i| i.arg == 2)?;
        let store = at_op(items, at + 2, Op::STORE_ATTR, &operator)?;
        let right = right_operand(items, at)?;
        let load = at_op(items, right.checked_sub(1)?, Op::LOAD_ATTR, &operator)?;
        at_op(items, right.checked_sub(2)?, Op::COPY, &operator).filter(|i| i.arg == 1)?;
        let object = at_op(items, right.checked_sub(3)?, Op::LOAD_FAST, &operator)?;
        let fits =
            load.arg == store.arg && safe[right - 3] && untouched(&items[right..at], object.arg);
        fits.then_some((right, object, store))
    })();
    let Some((right, object, store)) = found else {
        return false;
    };
    nop(items, right - 2);
    items[at + 1] = Item::Ins(Ins {
        loc: store.loc,
        ..object
    });
    safe[at + 1] = true;
    true
}

fn augment_subscript(items: &mut [Item], safe: &mut [bool], at: usize) -> bool {
    let found = (|| {
        let Item::Ins(operator) = items[at] else {
            return None;
        };
        at_op(items, at + 1, Op::SWAP, &operator).filter(|i| i.arg == 3)?;
        at_op(items, at + 2, Op::SWAP, &operator).filter(|i| i.arg == 2)?;
        let store = at_op(items, at + 3, Op::STORE_SUBSCR, &operator)?;
        let right = right_operand(items, at)?;
        at_op(items, right.checked_sub(1)?, Op::BINARY_SUBSCR, &operator)?;
        at_op(items, right.checked_sub(2)?, Op::COPY, &operator).filter(|i| i.arg == 2)?;
        at_op(items, right.checked_sub(3)?, Op::COPY, &operator).filter(|i| i.arg == 2)?;
        let at_key = right.checked_sub(4)?;
        let constant = at_op(items, at_key, Op::LOAD_CONST, &operator);
        let local = || at_op(items, at_key, Op::LOAD_FAST, &operator).filter(|_| safe[at_key]);
        let key = constant.or_else(local)?;
        let object = at_op(items, right.checked_sub(5)?, Op::LOAD_FAST, &operator)?;
        let between = &items[right..at];
        let fits = safe[right - 5]
            && untouched(between, object.arg)
            && (key.op == Op::LOAD_CONST || untouched(between, key.arg));
        fits.then_some((right, object, key, store))
    })();
    let Some((right, object, key, store)) = found else {
        return false;
    };
    nop(items, right - 2);
    nop(items, right - 3);
    items[at + 1] = Item::Ins(Ins {
        loc: store.loc,
        ..object
    });
    items[at + 2] = Item::Ins(Ins {
        loc: store.loc,
        ..key
    });
    safe[at + 1] = true;
    safe[at + 2] = key.op == Op::LOAD_FAST;
    true
}

/// The first instruction that computes the right operand of the operator at `at`, if no way leads in or out between.
fn right_operand(items: &[Item], at: usize) -> Option<usize> {
    let mut need = 1usize;
    let mut index = at;
    while need > 0 {
        index = index.checked_sub(1)?;
        let Item::Ins(ins) = items[index] else {
            return None;
        };
        if ins.target != Label::NONE || matches!(ins.op, Op::COPY | Op::SWAP | Op::YIELD_VALUE) {
            return None;
        }
        let (pop, push) = ins.op.effect(viv_bytecode::Instr::wide(ins.op, ins.arg));
        need = need.checked_sub(push)? + pop;
    }
    Some(index)
}

/// An instruction of the output, and whether it is a read of a local that cannot fail.
#[derive(Clone, Copy)]
struct Piece {
    item: Item,
    safe: bool,
}

struct Fuser {
    out: Vec<Piece>,
}

/// What stands at the end of the output.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tail {
    Local(u32),
    Const(u32),
    Other,
}

/// Fuses what can be fused. `safe[i]` tells whether `items[i]` is a read of a local that cannot fail.
pub fn fuse(items: Vec<Item>, safe: &[bool]) -> Vec<Item> {
    let mut fuser = Fuser {
        out: Vec::with_capacity(items.len()),
    };
    for (item, &safe) in items.into_iter().zip(safe) {
        match item {
            Item::Ins(ins) if ins.op == Op::NOP && fuser.redundant(&ins) => {}
            Item::Ins(ins) => fuser.take(ins, safe),
            other => fuser.out.push(Piece {
                item: other,
                safe: false,
            }),
        }
    }
    pair(fuser.out)
}

fn pack(a: u32, b: u32, c: u32) -> u32 {
    a | b << 8 | c << 16
}

impl Fuser {
    fn redundant(&self, nop: &Ins) -> bool {
        matches!(self.out.last(), Some(Piece { item: Item::Ins(last), .. }) if last.loc.line == nop.loc.line)
    }

    fn ins(&self, back: usize) -> Option<&Ins> {
        match self.out.get(self.out.len().checked_sub(back)?) {
            Some(Piece {
                item: Item::Ins(ins),
                ..
            }) => Some(ins),
            _ => None,
        }
    }

    /// The `back`-th piece from the end, seen as an operand of `ins`.
    fn tail(&self, back: usize, ins: &Ins) -> Tail {
        let Some(piece) = self
            .out
            .len()
            .checked_sub(back)
            .and_then(|at| self.out.get(at))
        else {
            return Tail::Other;
        };
        let Item::Ins(load) = piece.item else {
            return Tail::Other;
        };
        if load.handler != ins.handler || load.loc.line != ins.loc.line || load.arg > 0xff {
            return Tail::Other;
        }
        match load.op {
            Op::LOAD_FAST if piece.safe => Tail::Local(load.arg),
            Op::LOAD_CONST => Tail::Const(load.arg),
            _ => Tail::Other,
        }
    }

    fn push(&mut self, ins: Ins, safe: bool) {
        self.out.push(Piece {
            item: Item::Ins(ins),
            safe,
        });
    }

    fn replace(&mut self, back: usize, ins: Ins) {
        let len = self.out.len();
        self.out.truncate(len - back.min(len));
        self.push(ins, false);
    }

    fn take(&mut self, ins: Ins, safe: bool) {
        let done = match ins.op {
            Op::BINARY_OP => self.binary(ins),
            Op::BINARY_SUBSCR => self.operands(
                ins,
                Op::SUBSCR_LL,
                Op::SUBSCR_LC,
                Op::SUBSCR_SL,
                Op::SUBSCR_SC,
            ),
            Op::STORE_SUBSCR => self.store_subscript(ins),
            Op::PUSH_NULL => self.null(ins),
            Op::LOAD_ATTR => self.of_local(ins, Op::LOAD_ATTR_L),
            Op::LOAD_METHOD => self.of_local(ins, Op::LOAD_METHOD_L),
            Op::STORE_ATTR => self.of_local(ins, Op::STORE_ATTR_L),
            Op::POP_JUMP_IF_FALSE => {
                self.compare_jump(ins) || self.jump_on_local(ins, Op::JUMP_IF_FALSE_L)
            }
            Op::POP_JUMP_IF_TRUE => {
                self.compare_jump(ins) || self.jump_on_local(ins, Op::JUMP_IF_TRUE_L)
            }
            Op::POP_JUMP_IF_NONE => self.jump_on_local(ins, Op::JUMP_IF_NONE_L),
            Op::POP_JUMP_IF_NOT_NONE => self.jump_on_local(ins, Op::JUMP_IF_NOT_NONE_L),
            Op::STORE_FAST if ins.arg & RESTORE == 0 => self.store(ins),
            Op::RETURN_VALUE => self.leave(ins),
            _ => false,
        };
        if !done {
            self.push(ins, safe);
        }
    }

    /// Fuses an operator with its operands, each form by its own opcode.
    fn operands(&mut self, ins: Ins, ll: Op, lc: Op, sl: Op, sc: Op) -> bool {
        let (back, op, arg) = match (self.tail(2, &ins), self.tail(1, &ins)) {
            (Tail::Local(a), Tail::Local(b)) => (2, ll, pack(a, b, ins.arg)),
            (Tail::Local(a), Tail::Const(b)) => (2, lc, pack(a, b, ins.arg)),
            (_, Tail::Local(b)) => (1, sl, pack(0, b, ins.arg)),
            (_, Tail::Const(b)) => (1, sc, pack(0, b, ins.arg)),
            _ => return false,
        };
        self.replace(back, Ins { op, arg, ..ins });
        true
    }

    fn binary(&mut self, ins: Ins) -> bool {
        let plain = Ins { arg: 0, ..ins };
        match BinaryOp::from_u8(ins.arg as u8) {
            Some(BinaryOp::Add) => {
                if !self.operands(plain, Op::ADD_LL, Op::ADD_LC, Op::ADD_SL, Op::ADD_SC) {
                    self.push(
                        Ins {
                            op: Op::ADD,
                            ..plain
                        },
                        false,
                    );
                }
                true
            }
            Some(BinaryOp::Sub) => {
                if !self.operands(plain, Op::SUB_LL, Op::SUB_LC, Op::SUB_SL, Op::SUB_SC) {
                    self.push(
                        Ins {
                            op: Op::SUB,
                            ..plain
                        },
                        false,
                    );
                }
                true
            }
            Some(BinaryOp::Mul) => {
                if !self.operands(plain, Op::MUL_LL, Op::MUL_LC, Op::MUL_SL, Op::MUL_SC) {
                    self.push(
                        Ins {
                            op: Op::MUL,
                            ..plain
                        },
                        false,
                    );
                }
                true
            }
            _ => self.operands(
                ins,
                Op::BINARY_OP_LL,
                Op::BINARY_OP_LC,
                Op::BINARY_OP_SL,
                Op::BINARY_OP_SC,
            ),
        }
    }

    fn store_subscript(&mut self, ins: Ins) -> bool {
        let (op, arg) = match (self.tail(2, &ins), self.tail(1, &ins)) {
            (Tail::Local(a), Tail::Local(b)) => (Op::STORE_SUBSCR_LL, pack(a, b, 0)),
            (Tail::Local(a), Tail::Const(b)) => (Op::STORE_SUBSCR_LC, pack(a, b, 0)),
            _ => return false,
        };
        self.replace(2, Ins { op, arg, ..ins });
        true
    }

    /// A global that is to be called.
    fn null(&mut self, ins: Ins) -> bool {
        let Some(last) = self.ins(1).copied() else {
            return false;
        };
        if last.op != Op::LOAD_GLOBAL || last.handler != ins.handler {
            return false;
        }
        self.replace(
            1,
            Ins {
                op: Op::LOAD_GLOBAL_NULL,
                ..last
            },
        );
        true
    }

    /// An attribute of a local.
    fn of_local(&mut self, ins: Ins, op: Op) -> bool {
        let Tail::Local(a) = self.tail(1, &ins) else {
            return false;
        };
        if ins.arg > 0xffff {
            return false;
        }
        self.replace(
            1,
            Ins {
                op,
                arg: a | ins.arg << 8,
                ..ins
            },
        );
        true
    }

    /// A jump on the truth of a local.
    fn jump_on_local(&mut self, jump: Ins, op: Op) -> bool {
        let Tail::Local(arg) = self.tail(1, &jump) else {
            return false;
        };
        self.replace(1, Ins { op, arg, ..jump });
        true
    }

    fn compare_jump(&mut self, jump: Ins) -> bool {
        let Some(compare) = self.ins(1).copied() else {
            return false;
        };
        if compare.op != Op::COMPARE_OP
            || compare.handler != jump.handler
            || compare.loc.line != jump.loc.line
        {
            return false;
        }
        self.out.pop();
        let when = if jump.op == Op::POP_JUMP_IF_TRUE {
            8
        } else {
            0
        };
        let ins = Ins {
            arg: compare.arg | when,
            target: jump.target,
            ..compare
        };
        if !self.operands(
            ins,
            Op::COMPARE_JUMP_LL,
            Op::COMPARE_JUMP_LC,
            Op::COMPARE_JUMP_SL,
            Op::COMPARE_JUMP_SC,
        ) {
            self.push(
                Ins {
                    op: Op::COMPARE_JUMP,
                    arg: pack(0, 0, ins.arg),
                    ..ins
                },
                false,
            );
        }
        true
    }

    /// The result of what comes before goes straight to a local.
    fn store(&mut self, store: Ins) -> bool {
        let Some(last) = self.ins(1).copied() else {
            return false;
        };
        if last.handler != store.handler || store.arg > 0xff {
            return false;
        }
        if last.op == Op::FOR_ITER {
            self.replace(
                1,
                Ins {
                    op: Op::FOR_ITER_STORE,
                    arg: store.arg,
                    ..last
                },
            );
            return true;
        }
        if last.loc.line != store.loc.line {
            return false;
        }
        let op = match last.op {
            Op::ADD_LL => Op::ADD_LL_STORE,
            Op::ADD_LC => Op::ADD_LC_STORE,
            Op::ADD_SL => Op::ADD_SL_STORE,
            Op::ADD_SC => Op::ADD_SC_STORE,
            Op::SUBSCR_LL => Op::SUBSCR_LL_STORE,
            Op::SUBSCR_LC => Op::SUBSCR_LC_STORE,
            Op::SUB_LL => Op::SUB_LL_STORE,
            Op::SUB_LC => Op::SUB_LC_STORE,
            Op::SUB_SL => Op::SUB_SL_STORE,
            Op::MUL_LL => Op::MUL_LL_STORE,
            Op::MUL_SL => Op::MUL_SL_STORE,
            Op::ADD => Op::ADD_SS_STORE,
            Op::SUB => Op::SUB_SS_STORE,
            Op::MUL => Op::MUL_SS_STORE,
            Op::BINARY_OP_LL | Op::BINARY_OP_LC => return self.in_place(last, store),
            _ => return self.move_into(store),
        };
        let arg = match op {
            Op::ADD_SS_STORE | Op::SUB_SS_STORE | Op::MUL_SS_STORE => store.arg,
            _ => last.arg & 0xffff | store.arg << 16,
        };
        self.replace(1, Ins { op, arg, ..last });
        true
    }

    fn in_place(&mut self, last: Ins, store: Ins) -> bool {
        let constant = last.op == Op::BINARY_OP_LC;
        let op = match (BinaryOp::from_u8((last.arg >> 16) as u8), constant) {
            (Some(BinaryOp::IAdd), false) => Op::IADD_LL_STORE,
            (Some(BinaryOp::IAdd), true) => Op::IADD_LC_STORE,
            (Some(BinaryOp::ISub), false) => Op::ISUB_LL_STORE,
            (Some(BinaryOp::ISub), true) => Op::ISUB_LC_STORE,
            _ => return false,
        };
        self.replace(
            1,
            Ins {
                op,
                arg: last.arg & 0xffff | store.arg << 16,
                ..last
            },
        );
        true
    }

    fn move_into(&mut self, store: Ins) -> bool {
        let (op, arg) = match self.tail(1, &store) {
            Tail::Local(a) => (Op::MOVE_FAST, pack(a, store.arg, 0)),
            Tail::Const(k) => (Op::STORE_CONST_FAST, pack(store.arg, k, 0)),
            Tail::Other => return false,
        };
        self.replace(1, Ins { op, arg, ..store });
        true
    }

    fn leave(&mut self, ins: Ins) -> bool {
        let Some(piece) = self.out.last() else {
            return false;
        };
        let Item::Ins(last) = piece.item else {
            return false;
        };
        if last.handler != ins.handler || last.loc.line != ins.loc.line {
            return false;
        }
        let op = match last.op {
            Op::LOAD_CONST => Op::RETURN_CONST,
            Op::LOAD_FAST if piece.safe => Op::RETURN_FAST,
            _ => return false,
        };
        self.replace(
            1,
            Ins {
                op,
                arg: last.arg,
                ..ins
            },
        );
        true
    }
}

/// Pairs neighbouring loads and stores.
fn pair(pieces: Vec<Piece>) -> Vec<Item> {
    let mut out = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while let Some(first) = pieces.get(at) {
        let fused = pieces.get(at + 1).and_then(|second| pair_of(first, second));
        match fused {
            Some(ins) => {
                out.push(Item::Ins(ins));
                at += 2;
            }
            None => {
                out.push(first.item);
                at += 1;
            }
        }
    }
    out
}

fn pair_of(first: &Piece, second: &Piece) -> Option<Ins> {
    let (Item::Ins(a), Item::Ins(b)) = (first.item, second.item) else {
        return None;
    };
    if a.handler != b.handler || a.loc.line != b.loc.line || a.arg > 0xff || b.arg > 0xff {
        return None;
    }
    let op = match (a.op, b.op) {
        (Op::LOAD_FAST, Op::LOAD_FAST) if first.safe && second.safe => Op::LOAD_FAST_LOAD_FAST,
        (Op::LOAD_FAST, Op::LOAD_CONST) if first.safe => Op::LOAD_FAST_LOAD_CONST,
        (Op::STORE_FAST, Op::LOAD_FAST) if second.safe => Op::STORE_FAST_LOAD_FAST,
        (Op::STORE_FAST, Op::STORE_FAST) => Op::STORE_FAST_STORE_FAST,
        _ => return None,
    };
    Some(Ins {
        op,
        arg: a.arg | b.arg << 8,
        ..a
    })
}
