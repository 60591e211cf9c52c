//! Characters that every match of a program has in a row, and how far they are from where it begins.
//!
//! A search goes from one place where they stand to the next, and ends where there is none. Only the instructions that every
//! match passes are looked at: those of no alternative and of no loop.

use rustpython_sre_engine::MAXREPEAT;

use super::machine::op;

/// What every match has.
pub struct Needed {
    /// The characters.
    pub text: Box<[u32]>,
    /// The most characters that stand before them, if there is a greatest number.
    pub before: Option<usize>,
}

/// The greatest number of turns that stands for "any".
const ANY_NUMBER: u32 = MAXREPEAT as u32;

/// Deepest nesting that widths are told of.
const DEEPEST: usize = 50;

/// The longest row of characters that a program needs, the first of equal ones.
pub fn of(code: &[u32]) -> Option<Needed> {
    let mut pc = match code {
        [op::INFO, skip, ..] => 1 + *skip as usize,
        _ => 0,
    };
    let mut best: Option<Needed> = None;
    let mut row = Vec::new();
    let (mut before, mut at) = (Some(0usize), Some(0usize));
    while let Some(step) = step(code, pc, 0) {
        match (code.get(pc), code.get(pc + 1)) {
            (Some(&op::LITERAL), Some(&c)) => {
                if row.is_empty() {
                    at = before;
                }
                row.push(c);
            }
            // What has no width stands between characters without parting them.
            (Some(&(op::MARK | op::AT)), _) => {}
            _ => keep(&mut best, &mut row, at),
        }
        before = before
            .zip(step.most)
            .and_then(|(before, most)| before.checked_add(most));
        pc = step.next;
    }
    keep(&mut best, &mut row, at);
    best
}

fn keep(best: &mut Option<Needed>, row: &mut Vec<u32>, before: Option<usize>) {
    let text = std::mem::take(row);
    if text.len() > best.as_ref().map_or(0, |best| best.text.len()) {
        *best = Some(Needed {
            text: text.into(),
            before,
        });
    }
}

/// An instruction with all that belongs to it.
struct Step {
    /// The most characters that it takes, if there is a greatest number.
    most: Option<usize>,
    /// Where the next one stands.
    next: usize,
}

/// The instruction at a place; nothing at the end of a program, and for those that nothing is told of.
fn step(code: &[u32], pc: usize, depth: usize) -> Option<Step> {
    let skip = || Some(pc + 1 + *code.get(pc + 1)? as usize);
    let (most, next) = match *code.get(pc)? {
        op::MARK | op::AT => (Some(0), pc + 2),
        op::LITERAL
        | op::NOT_LITERAL
        | op::LITERAL_IGNORE
        | op::NOT_LITERAL_IGNORE
        | op::LITERAL_UNI_IGNORE
        | op::NOT_LITERAL_UNI_IGNORE
        | op::LITERAL_LOC_IGNORE
        | op::NOT_LITERAL_LOC_IGNORE => (Some(1), pc + 2),
        op::ANY | op::ANY_ALL => (Some(1), pc + 1),
        op::IN | op::IN_IGNORE | op::IN_UNI_IGNORE | op::IN_LOC_IGNORE => (Some(1), skip()?),
        op::ASSERT | op::ASSERT_NOT => (Some(0), skip()?),
        op::REPEAT_ONE | op::MIN_REPEAT_ONE | op::POSSESSIVE_REPEAT_ONE => {
            let most = *code.get(pc + 3)?;
            ((most != ANY_NUMBER).then_some(most as usize), skip()?)
        }
        // Behind the loop stands the word that ends a turn.
        op::REPEAT => (None, skip()? + 1),
        op::BRANCH => branch(code, pc + 1, depth + 1)?,
        _ => return None,
    };
    Some(Step { most, next })
}

/// The greatest width of the alternatives whose first skip stands at a place, and what follows them.
fn branch(code: &[u32], mut at: usize, depth: usize) -> Option<(Option<usize>, usize)> {
    let mut widest = Some(0);
    loop {
        let skip = *code.get(at)? as usize;
        if skip == 0 {
            return Some((widest, at + 1));
        }
        // The last two words of an alternative are its jump to the end.
        let width = width(code, at + 1, at + skip.checked_sub(2)?, depth);
        widest = widest.zip(width).map(|(a, b)| a.max(b));
        at += skip;
    }
}

/// The most characters that the instructions from a place to another one take, if that can be told.
fn width(code: &[u32], mut pc: usize, end: usize, depth: usize) -> Option<usize> {
    if depth > DEEPEST {
        return None;
    }
    let mut sum = 0usize;
    while pc < end {
        let step = step(code, pc, depth)?;
        sum = sum.checked_add(step.most?)?;
        pc = step.next;
    }
    Some(sum)
}
