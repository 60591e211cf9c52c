//! The verifier: whether a code object keeps the promises the eval loop relies on.
//!
//! Every way through the code, exceptional ones included, is followed. Checked: opcodes and operands are in range, jumps
//! hit instructions, each place has one stack depth, the stack never underflows nor exceeds `stacksize`, and control
//! does not run off the end. The counts of parameters, variables and cells agree; no opcode is one that only a running
//! interpreter writes, and caches are empty.

use crate::asm::is_terminal;
use crate::code::{Code, CodeFlags, Const};
use crate::instr::Instr;
use crate::op::{BinaryOp, CompareOp, Form, Intrinsic1, Intrinsic2, Op};

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
    if let Some(what) = wrong_shape(code) {
        return fail(0, what.to_owned());
    }
    let len = code.instrs.len();
    let mut starts = vec![false; len];
    let mut at = 0;
    while at < len {
        let i = Instr(code.instrs[at]);
        let Some(op) = i.op() else {
            return fail(at, format!("no opcode {}", i.opcode()));
        };
        if op.generic() != op {
            return fail(at, format!("{} in compiled code", op.name()));
        }
        check_operands(code, at, op, i)?;
        starts[at] = true;
        let extra = code.instrs.get(at + 1..at + 1 + op.extra_words());
        let jumps = matches!(op.form(), Form::CompareJump | Form::LocalJump);
        if !jumps && extra.is_some_and(|words| words.iter().any(|w| *w != 0)) {
            return fail(at, format!("the cache of {} is not empty", op.name()));
        }
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
            if let Op::LIST_APPEND
            | Op::SET_ADD
            | Op::MAP_ADD
            | Op::LIST_EXTEND
            | Op::SET_UPDATE
            | Op::DICT_UPDATE
            | Op::DICT_MERGE = op
                && !(1..=after).contains(&i.w())
            {
                return fail(at, format!("{} reaches below the stack", op.name()));
            }
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
    if ok && check_code(code, op, i) {
        return Ok(());
    }
    Err(VerifyError {
        word: at,
        what: format!("operand of {} out of range: {:#010x}", op.name(), i.0),
    })
}

/// Whether an operand that is a small code or a count has a meaning.
fn check_code(code: &Code, op: Op, i: Instr) -> bool {
    match op {
        Op::BINARY_OP => i.w() < BinaryOp::ALL.len(),
        Op::BINARY_OP_LL | Op::BINARY_OP_LC | Op::BINARY_OP_SL | Op::BINARY_OP_SC => {
            i.c() < BinaryOp::ALL.len()
        }
        Op::COMPARE_OP => i.w() < CompareOp::ALL.len(),
        Op::COMPARE_JUMP
        | Op::COMPARE_JUMP_LL
        | Op::COMPARE_JUMP_LC
        | Op::COMPARE_JUMP_SL
        | Op::COMPARE_JUMP_SC => compare_jump(code, op, i),
        Op::IS_OP | Op::CONTAINS_OP | Op::CALL_FUNCTION_EX => i.w() < 2,
        Op::LOAD_COMMON_CONSTANT => i.w() < 5,
        Op::CONVERT_VALUE => (1..4).contains(&i.w()),
        Op::BUILD_SLICE => (2..4).contains(&i.w()),
        Op::RAISE_VARARGS => i.w() < 3,
        Op::COPY | Op::SWAP => i.w() > 0,
        Op::COPY_FREE_VARS => i.w() == code.freevars.len(),
        Op::FOR_ITER_STORE
        | Op::JUMP_IF_FALSE_L
        | Op::JUMP_IF_TRUE_L
        | Op::JUMP_IF_NONE_L
        | Op::JUMP_IF_NOT_NONE_L => i.a() < code.nlocalsplus as usize,
        Op::CALL_INTRINSIC_1 => i.w() < Intrinsic1::ALL.len(),
        Op::CALL_INTRINSIC_2 => i.w() < Intrinsic2::ALL.len(),
        _ => true,
    }
}

fn compare_jump(code: &Code, op: Op, i: Instr) -> bool {
    let (locals, consts) = (code.nlocalsplus as usize, code.consts.len());
    let operands = match op {
        Op::COMPARE_JUMP_LL => i.a() < locals && i.b() < locals,
        Op::COMPARE_JUMP_LC => i.a() < locals && i.b() < consts,
        Op::COMPARE_JUMP_SL => i.b() < locals,
        Op::COMPARE_JUMP_SC => i.b() < consts,
        _ => true,
    };
    operands && i.c() < 16 && i.c() & 7 < CompareOp::ALL.len()
}

/// What is wrong with the counts of a code object.
fn wrong_shape(code: &Code) -> Option<&'static str> {
    let has = |flag| usize::from(code.flags.has(flag));
    let nlocals = code.varnames.len();
    let parameters = code.argcount as usize
        + code.kwonlyargcount as usize
        + has(CodeFlags::VARARGS)
        + has(CodeFlags::VARKEYWORDS);
    let own_cells = code.cell_locals.iter();
    let own_cells = own_cells.filter(|l| **l as usize >= nlocals).count();
    let total = nlocals + own_cells + code.freevars.len();
    let entries = &code.exceptions;
    if code.posonlyargcount > code.argcount || parameters > nlocals {
        Some("more parameters than variables")
    } else if code.cell_locals.len() != code.cellvars.len() {
        Some("a cell without a name")
    } else if code.nlocalsplus as usize != total {
        Some("another number of fast locals than names")
    } else if code
        .cell_locals
        .iter()
        .any(|l| *l as usize >= total - code.freevars.len())
    {
        Some("a cell that is no local")
    } else if total > MOST || code.stacksize as usize > MOST {
        Some("a frame that is too large")
    } else if entries.iter().any(|e| e.depth as usize > MOST) {
        Some("a handler that is too deep")
    } else {
        None
    }
}

/// The most locals or values on the stack: what a 24-bit operand can name.
const MOST: usize = Instr::MAX_WIDE as usize;
