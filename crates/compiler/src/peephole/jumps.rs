//! Jumps: those that lead to jumps go on at once, those to a short exit become a copy of it.

use viv_bytecode::Op;
use viv_bytecode::asm::{Ins, Item, Label, is_terminal};

/// How often targets are followed, so that circles end.
const MAX_HOPS: usize = 8;

struct Map {
    /// For each label, its item.
    at: Vec<usize>,
}

impl Map {
    fn new(items: &[Item], labels: u32) -> Map {
        let mut at = vec![usize::MAX; labels as usize];
        for (index, item) in items.iter().enumerate() {
            if let Item::Label(label) = item
                && let Some(slot) = at.get_mut(label.0 as usize)
            {
                *slot = index;
            }
        }
        Map { at }
    }

    /// The first instruction at a label, and its index.
    fn first(&self, items: &[Item], label: Label) -> Option<(usize, Ins)> {
        let start = *self.at.get(label.0 as usize)?;
        items
            .get(start..)?
            .iter()
            .enumerate()
            .find_map(|(i, item)| match item {
                Item::Ins(ins) => Some((start + i, *ins)),
                _ => None,
            })
    }
}

fn is_nop_jump(op: Op) -> bool {
    matches!(op, Op::JUMP | Op::JUMP_BACKWARD)
}

/// Redirects jumps to jumps, and drops jumps to the next instruction.
pub fn thread(items: &mut Vec<Item>, labels: &mut u32) {
    let map = Map::new(items, *labels);
    // New labels: behind which item they stand.
    let mut after: Vec<(usize, Label)> = Vec::new();
    for index in 0..items.len() {
        for _ in 0..MAX_HOPS {
            let Item::Ins(ins) = items[index] else { break };
            if ins.target == Label::NONE {
                break;
            }
            let Some((place, there)) = map.first(items, ins.target) else {
                break;
            };
            let changed = match (ins.op, there.op) {
                (_, to) if is_nop_jump(to) && place != index && there.target != ins.target => {
                    let forward = map
                        .at
                        .get(there.target.0 as usize)
                        .is_some_and(|&at| at > index && at != usize::MAX);
                    let redirect = match ins.op {
                        Op::JUMP | Op::JUMP_BACKWARD => true,
                        Op::POP_JUMP_IF_FALSE
                        | Op::POP_JUMP_IF_TRUE
                        | Op::POP_JUMP_IF_NONE
                        | Op::POP_JUMP_IF_NOT_NONE
                        | Op::JUMP_IF_FALSE_OR_POP
                        | Op::JUMP_IF_TRUE_OR_POP => forward,
                        _ => false,
                    };
                    redirect.then_some((ins.op, there.target))
                }
                (Op::JUMP_IF_FALSE_OR_POP, Op::JUMP_IF_FALSE_OR_POP)
                | (Op::JUMP_IF_TRUE_OR_POP, Op::JUMP_IF_TRUE_OR_POP) => {
                    Some((ins.op, there.target))
                }
                (Op::JUMP_IF_FALSE_OR_POP, Op::POP_JUMP_IF_FALSE) => {
                    Some((Op::POP_JUMP_IF_FALSE, there.target))
                }
                (Op::JUMP_IF_TRUE_OR_POP, Op::POP_JUMP_IF_TRUE) => {
                    Some((Op::POP_JUMP_IF_TRUE, there.target))
                }
                (Op::JUMP_IF_FALSE_OR_POP, Op::POP_JUMP_IF_TRUE | Op::JUMP_IF_TRUE_OR_POP) => {
                    Some((Op::POP_JUMP_IF_FALSE, behind(&mut after, labels, place)))
                }
                (Op::JUMP_IF_TRUE_OR_POP, Op::POP_JUMP_IF_FALSE | Op::JUMP_IF_FALSE_OR_POP) => {
                    Some((Op::POP_JUMP_IF_TRUE, behind(&mut after, labels, place)))
                }
                _ => None,
            };
            let Some((op, target)) = changed else { break };
            if let Item::Ins(ins) = &mut items[index] {
                (ins.op, ins.target) = (op, target);
            }
        }
    }
    if !after.is_empty() {
        after.sort_by_key(|(at, _)| *at);
        let mut new = Vec::with_capacity(items.len() + after.len());
        let mut next = after.into_iter().peekable();
        for (index, item) in items.drain(..).enumerate() {
            new.push(item);
            while let Some((_, label)) = next.next_if(|(at, _)| *at == index) {
                new.push(Item::Label(label));
            }
        }
        *items = new;
    }
    drop_empty_jumps(items);
}

fn behind(after: &mut Vec<(usize, Label)>, labels: &mut u32, place: usize) -> Label {
    if let Some((_, label)) = after.iter().find(|(at, _)| *at == place) {
        return *label;
    }
    let label = Label(*labels);
    *labels += 1;
    after.push((place, label));
    label
}

fn drop_empty_jumps(items: &mut [Item]) {
    for index in 0..items.len() {
        let Item::Ins(ins) = items[index] else {
            continue;
        };
        if ins.op != Op::JUMP {
            continue;
        }
        let mut rest = items[index + 1..].iter();
        let next = rest.find_map(|item| match item {
            Item::Label(label) if *label == ins.target => Some(true),
            Item::Label(_) => None,
            _ => Some(false),
        });
        if next == Some(true)
            && let Item::Ins(ins) = &mut items[index]
        {
            ins.op = Op::NOP;
            ins.target = Label::NONE;
        }
    }
}

/// Replaces jumps to the implicit `return None` at the end of a function by that return.
pub fn copy_exits(items: &mut Vec<Item>) {
    let labels = items.iter().filter(|i| matches!(i, Item::Label(_))).count();
    if labels == 0 {
        return;
    }
    let highest = items
        .iter()
        .map(|i| if let Item::Label(l) = i { l.0 + 1 } else { 0 })
        .max()
        .unwrap_or(0);
    let map = Map::new(items, highest);
    let mut copies: Vec<(usize, [Ins; 2])> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let Item::Ins(jump) = item else { continue };
        if jump.op != Op::JUMP {
            continue;
        }
        let Some((place, first)) = map.first(items, jump.target) else {
            continue;
        };
        let Some(Item::Ins(second)) = items.get(place + 1) else {
            continue;
        };
        if first.op == Op::LOAD_CONST
            && second.op == Op::RETURN_VALUE
            && first.loc.line == 0
            && second.loc.line == 0
        {
            let (mut one, mut two) = (first, *second);
            one.handler = jump.handler;
            two.handler = jump.handler;
            one.loc = jump.loc;
            copies.push((index, [one, two]));
        }
    }
    for (index, [one, two]) in copies.into_iter().rev() {
        debug_assert!(is_terminal(two.op));
        items[index] = Item::Ins(one);
        items.insert(index + 1, Item::Ins(two));
    }
}
