//! The verifier: whether a code object keeps the promises the eval loop relies on.
//!
//! Every way through the code, exceptional ones included, is followed. Checked: opcodes and operands are in range, jumps
//! hit instructions, each place has one stack depth, the stack never underflows nor exceeds `stacksize`, and control
//! does not run off the end.

use crate::asm::is_terminal;
use crate::code::{Code, Const};
use crate::instr::Instr;
use crate::op::{Form, Op};

/// What is wrong, and at which word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyError {
    /// The word.
    pub word: usize,
    /// What is wrong there.
    pub what: String,
}

impl std::fmt::Display for VerifyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "word {}: {}", self.word, self.what)
    }
}

impl std::error::Error for VerifyError {}

/// The target of a jump instruction at `at`, if it jumps.
pub fn jump_target(instrs: &[u32], at: usize) -> Option<usize> {
    let i = Instr(*instrs.get(at)?);
    match i.op()?.form() {
        Form::Jump => Some(i.w()),
        Form::CompareJump | Form::LocalJump => instrs.get(at + 1).map(|w| *w as usize),
        _ => None,
    }
}

/// Verifies a code object and all those in its constants.
pub fn verify(code: &Code) -> Result<(), VerifyError> {
    verify_one(code)?;
    code.consts.iter().try_for_each(|c| match c {
        Const::Code(inner) => verify(inner),
        _ => Ok(()),
    })
}

fn verify_one(code: &Code) -> Result<(), VerifyError> {
    let fail = |word: usize, what: String| Err(VerifyError { word, what });
    let len = code.instrs.len();
    let mut starts = vec![false; len];
    let mut at = 0;
    while at < len {
        let i = Instr(code.instrs[at]);
        let Some(op) = i.op() else {
            return fail(at, format!("no opcode {}", i.opcode()));
        };
        check_operands(code, at, op, i)?;
        starts[at] = true;
        at += 1 + op.extra_words();
    }
    if at != len {
        return fail(len, "the last instruction is cut off".to_owned());
    }
    let mut depth = vec![None::<usize>; len];
    let mut todo = vec![(0usize, 0usize)];
    while let Some((mut at, mut here)) = todo.pop() {
        loop {
            if at >= len {
                return fail(at, "control runs off the end".to_owned());
            }
            if !starts[at] {
                return fail(at, "jump into the middle of an instruction".to_owned());
            }
            match depth[at] {
                Some(known) if known == here => break,
                Some(known) => return fail(at, format!("stack depth {here} and {known}")),
                None => depth[at] = Some(here),
            }
            if let Some(entry) = code.handler(at as u32) {
                if here < entry.depth as usize {
                    return fail(
                        at,
                        format!("handler wants depth {}, there is {here}", entry.depth),
                    );
                }
                todo.push((
                    entry.target as usize,
                    entry.depth as usize + 1 + usize::from(entry.lasti),
                ));
            }
            let i = Instr(code.instrs[at]);
            let Some(op) = i.op() else { break };
            if let Some(target) = jump_target(&code.instrs, at) {
                let (pop, push) = op.jump_effect(i);
                let Some(there) = here.checked_sub(pop) else {
                    return fail(at, "stack underflow".to_owned());
                };
                todo.push((target, there + push));
            }
            let (pop, push) = op.effect(i);
            let Some(after) = here.checked_sub(pop) else {
                return fail(at, format!("stack underflow in {}", op.name()));
            };
            here = after + push;
            if here > code.stacksize as usize {
                return fail(at, format!("stack depth {here} exceeds {}", code.stacksize));
            }
            if is_terminal(op) {
                break;
            }
            at += 1 + op.extra_words();
        }
    }
    Ok(())
}

fn check_operands(code: &Code, at: usize, op: Op, i: Instr) -> Result<(), VerifyError> {
    let (locals, consts, names) = (
        code.nlocalsplus as usize,
        code.consts.len(),
        code.names.len(),
    );
    let ok = match op.form() {
        Form::None | Form::Arg | Form::ArgArg => true,
        Form::Const => i.w() < consts,
        Form::Name => i.w() < names,
        Form::Local => i.w() < locals,
        Form::Jump => i.w() < code.instrs.len(),
        Form::LocalLocal => i.a() < locals && i.b() < locals,
        Form::LocalConst => i.a() < locals && i.b() < consts,
        Form::LocalName => i.a() < locals && i.bx() < names,
        Form::LocalLocalOp => i.a() < locals && i.b() < locals,
        Form::LocalConstOp => i.a() < locals && i.b() < consts,
        Form::LocalLocalDest => i.a() < locals && i.b() < locals && i.c() < locals,
        Form::LocalConstDest => i.a() < locals && i.b() < consts && i.c() < locals,
        Form::RightLocal => i.b() < locals,
        Form::RightConst => i.b() < consts,
        Form::RightLocalDest => i.b() < locals && i.c() < locals,
        Form::RightConstDest => i.b() < consts && i.c() < locals,
        Form::CompareJump | Form::LocalJump => code
            .instrs
            .get(at + 1)
            .is_some_and(|w| (*w as usize) < code.instrs.len()),
    };
    if ok {
        return Ok(());
    }
    Err(VerifyError {
        word: at,
        what: format!("operand of {} out of range: {:#010x}", op.name(), i.0),
    })
}
