//! Definite assignment: which reads of locals can certainly not fail.
//!
//! A forward analysis over all ways through the code, exceptional ones included. Only the first 256 locals take part:
//! others do not fit the operands of super-instructions.

use viv_bytecode::Op;
use viv_bytecode::asm::{Handler, Item, NO_HANDLER, is_terminal};

use super::RESTORE;

type Set = [u64; 4];

const ALL: Set = [u64::MAX; 4];

fn meet(a: &mut Set, b: &Set) -> bool {
    let mut changed = false;
    for (x, y) in a.iter_mut().zip(b) {
        let met = *x & y;
        changed |= met != *x;
        *x = met;
    }
    changed
}

fn put(set: &mut Set, slot: u32, on: bool) {
    if let Some(word) = set.get_mut(slot as usize / 64) {
        let bit = 1 << (slot % 64);
        if on { *word |= bit } else { *word &= !bit }
    }
}

fn has(set: &Set, slot: u32) -> bool {
    set.get(slot as usize / 64)
        .is_some_and(|word| word >> (slot % 64) & 1 == 1)
}

/// For each item, whether it is a LOAD_FAST of a local that is certainly bound and no cell.
pub fn analyze(
    items: &[Item],
    handlers: &[Handler],
    labels: u32,
    parameters: u32,
    cells: &[u32],
) -> Vec<bool> {
    let mut safe = vec![false; items.len()];
    let any = items
        .iter()
        .any(|i| matches!(i, Item::Ins(ins) if ins.op == Op::LOAD_FAST && ins.arg < 256));
    if !any {
        return safe;
    }
    let mut start: Set = [0; 4];
    for slot in 0..parameters {
        put(&mut start, slot, true);
    }
    for &cell in cells {
        put(&mut start, cell, false);
    }
    let mut at_label = vec![ALL; labels as usize];
    let mut changed = true;
    while changed {
        changed = false;
        let mut state = Some(start);
        for (index, item) in items.iter().enumerate() {
            let ins = match item {
                Item::Label(label) => {
                    let Some(known) = at_label.get_mut(label.0 as usize) else {
                        continue;
                    };
                    if let Some(here) = &state {
                        changed |= meet(known, here);
                    }
                    state = Some(*known);
                    continue;
                }
                Item::Setup(_) => continue,
                Item::Ins(ins) => ins,
            };
            let Some(here) = &mut state else { continue };
            if ins.handler != NO_HANDLER
                && let Some(handler) = handlers.get(ins.handler as usize)
                && let Some(entry) = at_label.get_mut(handler.target.0 as usize)
            {
                changed |= meet(entry, here);
            }
            match ins.op {
                Op::LOAD_FAST => {
                    safe[index] = has(here, ins.arg);
                    if !cells.contains(&ins.arg) {
                        put(here, ins.arg, true);
                    }
                }
                Op::STORE_FAST if ins.arg & RESTORE != 0 => put(here, ins.arg & !RESTORE, false),
                Op::STORE_FAST if !cells.contains(&ins.arg) => put(here, ins.arg, true),
                Op::DELETE_FAST | Op::LOAD_FAST_AND_CLEAR | Op::MAKE_CELL => {
                    put(here, ins.arg, false)
                }
                _ => {}
            }
            if let Some(target) = at_label.get_mut(ins.target.0 as usize) {
                changed |= meet(target, here);
            }
            if is_terminal(ins.op) {
                state = None;
            }
        }
    }
    safe
}
