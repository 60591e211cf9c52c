//! The assembler: from instructions with labels and handlers to the words, exception table and locations of a code object.
//!
//! Input is a flat list of [`Item`]s in the order of execution of straight-line code. Every instruction knows the
//! handler that guards it, so blocks need not be nested; a [`Item::Setup`] marks where a handler's stack depth is taken.
//!
//! **Invariants.** Code that cannot be reached is left out. Each place has one stack depth however it is reached;
//! anything else is an [`AsmError`], never a panic.

use crate::code::{ExceptionEntry, Location};
use crate::instr::Instr;
use crate::op::{Form, Op};

/// A place to jump to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Label(pub u32);

impl Label {
    /// No place.
    pub const NONE: Label = Label(u32::MAX);
}

/// The number of a handler; see [`Handler`].
pub type HandlerId = u32;

/// "Nothing guards this."
pub const NO_HANDLER: HandlerId = u32::MAX;

/// An exception handler.
#[derive(Clone, Copy, Debug)]
pub struct Handler {
    /// Where it starts.
    pub target: Label,
    /// Whether the raising instruction's index is pushed below the exception.
    pub lasti: bool,
    /// How many of the values on the stack at its [`Item::Setup`] are dropped when it is entered.
    pub pop: u32,
}

/// One instruction before its place is known.
#[derive(Clone, Copy, Debug)]
pub struct Ins {
    /// The opcode.
    pub op: Op,
    /// The operands: `w`, or `a | b << 8 | c << 16`.
    pub arg: u32,
    /// Where it jumps, or [`Label::NONE`].
    pub target: Label,
    /// The handler that guards it.
    pub handler: HandlerId,
    /// The place in the source.
    pub loc: Location,
}

/// One item of the assembler's input.
#[derive(Clone, Copy, Debug)]
pub enum Item {
    /// An instruction.
    Ins(Ins),
    /// A place to jump to.
    Label(Label),
    /// The depth of the stack here is the one this handler unwinds to.
    Setup(HandlerId),
}

/// Why code could not be put together: an error of the compiler, or a limit of the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsmError {
    /// An operand is too large for its place.
    OperandTooLarge(Op, u32),
    /// The stack would hold fewer than no values.
    Underflow(usize, Op),
    /// Two ways to one place disagree about the depth of the stack.
    Depth(u32),
    /// A jump to a label that does not exist.
    NoLabel(u32),
    /// Control runs off the end.
    OffTheEnd,
}

impl std::fmt::Display for AsmError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AsmError::OperandTooLarge(op, arg) => {
                write!(f, "operand {arg} of {} is too large", op.name())
            }
            AsmError::Underflow(at, op) => {
                write!(f, "stack underflow at item {at} ({})", op.name())
            }
            AsmError::Depth(label) => write!(f, "inconsistent stack depth at label {label}"),
            AsmError::NoLabel(label) => write!(f, "undefined label {label}"),
            AsmError::OffTheEnd => f.write_str("control runs off the end of the code"),
        }
    }
}

impl std::error::Error for AsmError {}

/// What the assembler makes.
#[derive(Clone, Debug, Default)]
pub struct Assembled {
    /// The words.
    pub instrs: Vec<u32>,
    /// The exception table.
    pub exceptions: Vec<ExceptionEntry>,
    /// The location of each word.
    pub locations: Vec<Location>,
    /// Most values ever on the stack.
    pub stacksize: u32,
}

/// What stack analysis finds out.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// For each item, whether it can be reached.
    pub reachable: Vec<bool>,
    /// For each handler, the depth it unwinds to.
    pub handler_depth: Vec<u32>,
    /// Most values ever on the stack.
    pub max: u32,
}

const UNKNOWN: u32 = u32::MAX;

/// Whether control never falls through the instruction.
pub fn is_terminal(op: Op) -> bool {
    matches!(
        op,
        Op::JUMP
            | Op::JUMP_BACKWARD
            | Op::RETURN_VALUE
            | Op::RETURN_CONST
            | Op::RETURN_FAST
            | Op::RAISE_VARARGS
            | Op::RERAISE
    )
}

/// The instruction word with operands from `arg`.
fn word(op: Op, arg: u32) -> Instr {
    Instr::wide(op, arg)
}

/// Follows all ways through the code: which items are reached, and how deep the stack gets.
pub fn flow(items: &[Item], handlers: &[Handler], labels: usize) -> Result<Flow, AsmError> {
    let mut out = Flow {
        reachable: vec![false; items.len()],
        handler_depth: vec![0; handlers.len()],
        max: 0,
    };
    let mut at_label = vec![UNKNOWN; labels];
    let mut seen = vec![false; labels];
    loop {
        let again = pass(items, handlers, &mut at_label, &mut seen, &mut out)?;
        if !again {
            break;
        }
    }
    Ok(out)
}

fn reach(at_label: &mut [u32], label: Label, depth: u32) -> Result<(), AsmError> {
    let slot = at_label
        .get_mut(label.0 as usize)
        .ok_or(AsmError::NoLabel(label.0))?;
    if *slot == UNKNOWN {
        *slot = depth;
    } else if *slot != depth {
        return Err(AsmError::Depth(label.0));
    }
    Ok(())
}

/// One pass in order; tells whether a label that lies behind was reached for the first time.
fn pass(
    items: &[Item],
    handlers: &[Handler],
    at_label: &mut [u32],
    seen: &mut [bool],
    out: &mut Flow,
) -> Result<bool, AsmError> {
    let mut depth = Some(0u32);
    seen.fill(false);
    let mut passed_dead: Vec<u32> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        match *item {
            Item::Label(label) => {
                let known = *at_label
                    .get(label.0 as usize)
                    .ok_or(AsmError::NoLabel(label.0))?;
                match depth {
                    Some(depth) => reach(at_label, label, depth)?,
                    None if known != UNKNOWN => depth = Some(known),
                    None => passed_dead.push(label.0),
                }
                out.reachable[at] = depth.is_some();
            }
            Item::Setup(id) => {
                let Some(depth) = depth else { continue };
                out.reachable[at] = true;
                let Some(handler) = handlers.get(id as usize) else {
                    continue;
                };
                let base = depth
                    .checked_sub(handler.pop)
                    .ok_or(AsmError::Underflow(at, Op::NOP))?;
                out.handler_depth[id as usize] = base;
                let entry = base + 1 + u32::from(handler.lasti);
                out.max = out.max.max(entry);
                reach(at_label, handler.target, entry)?;
            }
            Item::Ins(ins) => {
                let Some(before) = depth else { continue };
                out.reachable[at] = true;
                let i = word(ins.op, ins.arg);
                let (pop, push) = ins.op.effect(i);
                let under = || AsmError::Underflow(at, ins.op);
                let base = before.checked_sub(pop as u32).ok_or_else(under)?;
                let after = base + push as u32;
                out.max = out.max.max(after).max(before);
                if ins.target != Label::NONE {
                    let (pop, push) = ins.op.jump_effect(i);
                    let there = before.checked_sub(pop as u32).ok_or_else(under)? + push as u32;
                    reach(at_label, ins.target, there)?;
                }
                depth = if is_terminal(ins.op) {
                    None
                } else {
                    Some(after)
                };
            }
        }
    }
    if depth.is_some() {
        return Err(AsmError::OffTheEnd);
    }
    Ok(passed_dead
        .iter()
        .any(|&label| at_label[label as usize] != UNKNOWN))
}

/// Puts a code object's instructions together.
pub fn assemble(
    items: &[Item],
    handlers: &[Handler],
    labels: usize,
) -> Result<Assembled, AsmError> {
    let flow = flow(items, handlers, labels)?;
    // Places first: every instruction has a fixed length.
    let mut place = vec![UNKNOWN; labels];
    let mut at = 0u32;
    for (index, item) in items.iter().enumerate() {
        match item {
            Item::Label(label) => place[label.0 as usize] = at,
            Item::Ins(ins) if flow.reachable[index] => at += 1 + ins.op.extra_words() as u32,
            _ => {}
        }
    }
    let mut out = Assembled {
        stacksize: flow.max,
        ..Assembled::default()
    };
    out.instrs.reserve(at as usize);
    out.locations.reserve(at as usize);
    let mut open: Option<(HandlerId, u32)> = None;
    for (index, item) in items.iter().enumerate() {
        let Item::Ins(ins) = item else { continue };
        if !flow.reachable[index] {
            continue;
        }
        let here = out.instrs.len() as u32;
        if open.map_or(NO_HANDLER, |(id, _)| id) != ins.handler {
            close(&mut out, &mut open, here, handlers, &flow, &place);
            if ins.handler != NO_HANDLER {
                open = Some((ins.handler, here));
            }
        }
        let mut op = ins.op;
        let mut arg = ins.arg;
        let mut next = None;
        if ins.target != Label::NONE {
            let target = place.get(ins.target.0 as usize).copied().unwrap_or(UNKNOWN);
            if target == UNKNOWN {
                return Err(AsmError::NoLabel(ins.target.0));
            }
            match op.form() {
                Form::CompareJump | Form::LocalJump => next = Some(target),
                _ => arg = target,
            }
            if op == Op::JUMP && target <= here {
                op = Op::JUMP_BACKWARD;
            } else if op == Op::JUMP_BACKWARD && target > here {
                op = Op::JUMP;
            }
        }
        if arg > Instr::MAX_WIDE {
            return Err(AsmError::OperandTooLarge(op, arg));
        }
        out.instrs.push(word(op, arg).0);
        out.locations.push(ins.loc);
        for extra in 0..op.extra_words() {
            out.instrs
                .push(if extra == 0 { next.unwrap_or(0) } else { 0 });
            out.locations.push(ins.loc);
        }
    }
    let end = out.instrs.len() as u32;
    close(&mut out, &mut open, end, handlers, &flow, &place);
    Ok(out)
}

fn close(
    out: &mut Assembled,
    open: &mut Option<(HandlerId, u32)>,
    end: u32,
    handlers: &[Handler],
    flow: &Flow,
    place: &[u32],
) {
    let Some((id, start)) = open.take() else {
        return;
    };
    let Some(handler) = handlers.get(id as usize) else {
        return;
    };
    let target = place.get(handler.target.0 as usize).copied().unwrap_or(0);
    if start < end {
        let depth = flow.handler_depth[id as usize];
        out.exceptions.push(ExceptionEntry {
            start,
            end,
            target,
            depth,
            lasti: handler.lasti,
        });
    }
}
