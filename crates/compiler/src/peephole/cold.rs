//! Code that runs only after an exception goes to the end, so that the ordinary way needs no jumps around it.

use viv_bytecode::asm::{Ins, Item, Label, NO_HANDLER, is_terminal};
use viv_bytecode::{Location, Op};

/// Which items are reached without an exception.
fn warm(items: &[Item], labels: u32) -> Vec<bool> {
    let mut warm = vec![false; items.len()];
    let mut reached = vec![false; labels as usize];
    let mut again = true;
    while again {
        again = false;
        let mut here = true;
        for (index, item) in items.iter().enumerate() {
            if let Item::Label(label) = item {
                let slot = reached.get_mut(label.0 as usize);
                here |= slot.as_deref().copied().unwrap_or(false);
                if let (true, Some(slot)) = (here, slot) {
                    *slot = true;
                }
            }
            warm[index] = here;
            if let (true, Item::Ins(ins)) = (here, item) {
                if let Some(slot) = reached.get_mut(ins.target.0 as usize)
                    && !*slot
                {
                    *slot = true;
                    // A label behind may have been passed by as cold.
                    again = true;
                }
                here = !is_terminal(ins.op);
            }
        }
    }
    warm
}

/// Moves what is only reached by exceptions to the end.
pub fn move_out(items: Vec<Item>, labels: u32) -> Vec<Item> {
    let warm = warm(&items, labels);
    if warm.iter().all(|w| *w) {
        return items;
    }
    let mut out = Vec::with_capacity(items.len() + 4);
    let mut cold = Vec::new();
    let mut falls = false;
    for (item, warm) in items.into_iter().zip(warm) {
        if !warm {
            falls = !matches!(item, Item::Ins(ins) if is_terminal(ins.op));
            cold.push(item);
            continue;
        }
        if std::mem::take(&mut falls) {
            match item {
                Item::Label(label) => cold.push(jump(label)),
                // Cold code runs into warm code only at a label.
                _ => falls = true,
            }
        }
        out.push(item);
    }
    out.append(&mut cold);
    out
}

fn jump(target: Label) -> Item {
    let loc = Location {
        line: 0,
        end_line: 0,
        col: 0,
        end_col: 0,
    };
    Item::Ins(Ins {
        op: Op::JUMP,
        arg: 0,
        target,
        handler: NO_HANDLER,
        loc,
    })
}
