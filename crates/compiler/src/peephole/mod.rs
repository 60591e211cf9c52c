//! The peephole pass: jump threading, removal of what does nothing, and super-instructions.
//!
//! **Invariants.** Instructions are only fused within a basic block, never across a label, and only where all have the
//! same handler and start on the same line. A fused instruction carries the operator's location. A local is only fused
//! as a borrowed operand where it is certainly bound, so that an UnboundLocalError is still reported where the name
//! stands.

mod bound;
mod cold;
mod fuse;
mod jumps;

use viv_bytecode::asm::{self, AsmError, Handler, Item};
use viv_bytecode::op::Form;
use viv_bytecode::{Const, Location, Op};

/// Marks a STORE_FAST that may store null: it gives back a local that an inlined comprehension took away.
pub const RESTORE: u32 = 1 << 29;

/// What the pass works on.
pub struct Input<'a> {
    pub items: Vec<Item>,
    pub handlers: &'a [Handler],
    pub labels: u32,
    pub consts: Vec<Const>,
    /// Number of parameters: the first locals, bound at the start.
    pub parameters: u32,
    /// Slots that hold cells.
    pub cells: &'a [u32],
}

/// What it makes of it.
pub struct Output {
    pub items: Vec<Item>,
    pub labels: u32,
    pub consts: Vec<Const>,
}

/// Runs the pass.
pub fn run(input: Input) -> Result<Output, AsmError> {
    let mut items = input.items;
    let mut labels = input.labels;
    live(&mut items, input.handlers, labels)?;
    let mut items = cold::move_out(items, labels);
    jumps::thread(&mut items, &mut labels);
    jumps::copy_exits(&mut items);
    live(&mut items, input.handlers, labels)?;
    locate(&mut items, labels);
    drop_nops(&mut items);
    fuse::swap_stores(&mut items);
    let (mut items, consts) = renumber(items, input.consts);
    let mut bound = bound::analyze(
        &items,
        input.handlers,
        labels,
        input.parameters,
        input.cells,
    );
    fuse::augment(&mut items, &mut bound);
    let (mut items, bound) = fuse::accumulate(items, bound);
    items = fuse::fuse(items, &bound);
    for item in &mut items {
        if let Item::Ins(ins) = item
            && ins.op == Op::STORE_FAST
        {
            ins.arg &= !RESTORE;
        }
    }
    Ok(Output {
        items,
        labels,
        consts,
    })
}

/// Leaves only what can be reached.
fn live(items: &mut Vec<Item>, handlers: &[Handler], labels: u32) -> Result<(), AsmError> {
    let flow = asm::flow(items, handlers, labels as usize)?;
    let mut flags = flow.reachable.iter();
    items.retain(|_| flags.next().copied().unwrap_or(true));
    Ok(())
}

/// Gives instructions without a location that of the instruction from which control comes.
fn locate(items: &mut [Item], labels: u32) {
    const NOWHERE: Location = Location {
        line: 0,
        end_line: 0,
        col: 0,
        end_col: 0,
    };
    // Where the only jump to a label comes from.
    let mut from: Vec<Option<Location>> = vec![None; labels as usize];
    let mut count = vec![0u32; labels as usize];
    for item in items.iter() {
        if let Item::Ins(ins) = item
            && let Some(count) = count.get_mut(ins.target.0 as usize)
        {
            *count += 1;
        }
    }
    let mut last = NOWHERE;
    let mut falls = true;
    for item in items {
        match item {
            Item::Ins(ins) => {
                if ins.loc == NOWHERE {
                    ins.loc = last;
                } else {
                    last = ins.loc;
                }
                if let Some(slot) = from.get_mut(ins.target.0 as usize) {
                    *slot = Some(ins.loc);
                }
                falls = !asm::is_terminal(ins.op);
                if !falls {
                    last = NOWHERE;
                }
            }
            Item::Label(label) if !falls => {
                let at = label.0 as usize;
                if count.get(at) == Some(&1) {
                    last = from.get(at).copied().flatten().unwrap_or(NOWHERE);
                }
                falls = true;
            }
            Item::Label(_) | Item::Setup(_) => {}
        }
    }
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
        if ins.loc.line == 0
            || last_line == ins.loc.line
            || next == Some(ins.loc.line)
            || next == Some(0)
        {
            keep[at] = false;
        } else {
            last_line = ins.loc.line;
        }
    }
    let mut flags = keep.iter();
    items.retain(|_| flags.next().copied().unwrap_or(true));
}

/// Keeps only the constants in use, in the order of their first use. The first one stays, in use or not, as on CPython: it
/// may be the docstring.
fn renumber(mut items: Vec<Item>, mut list: Vec<Const>) -> (Vec<Item>, Vec<Const>) {
    const UNUSED: u32 = u32::MAX;
    let mut number = vec![UNUSED; list.len()];
    let mut order = Vec::with_capacity(list.len());
    let mut used = |old: u32| -> u32 {
        let Some(slot) = number.get_mut(old as usize) else {
            return 0;
        };
        if *slot == UNUSED {
            *slot = order.len() as u32;
            order.push(old);
        }
        *slot
    };
    if !list.is_empty() {
        used(0);
    }
    for item in &mut items {
        if let Item::Ins(ins) = item
            && ins.op.form() == Form::Const
        {
            ins.arg = used(ins.arg);
        }
    }
    let consts = order
        .into_iter()
        .map(|old| std::mem::replace(&mut list[old as usize], Const::None))
        .collect();
    (items, consts)
}
