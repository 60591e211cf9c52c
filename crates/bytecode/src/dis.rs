//! The disassembler: a readable listing of a code object, as `viv --dump bytecode` prints it.

use std::fmt::Write;

use crate::code::{Code, Const, Location};
use crate::instr::Instr;
use crate::op::{BinaryOp, CompareOp, Form, Intrinsic1, Intrinsic2, Op};
use crate::verify::jump_target;

/// The listing of a code object and of all those in its constants.
pub fn dis(code: &Code) -> String {
    let mut out = String::new();
    one(code, &mut out);
    let mut todo: Vec<&Code> = nested(code).collect();
    todo.reverse();
    while let Some(code) = todo.pop() {
        let _ = writeln!(out, "\n{} at line {}:", code.qualname, code.firstlineno);
        one(code, &mut out);
        let from = todo.len();
        todo.extend(nested(code));
        todo[from..].reverse();
    }
    out
}

fn nested(code: &Code) -> impl Iterator<Item = &Code> {
    code.consts.iter().filter_map(|c| match c {
        Const::Code(code) => Some(&**code),
        _ => None,
    })
}

/// The listing of one code object, without those inside.
pub fn one(code: &Code, out: &mut String) {
    let locations: Vec<Location> = code
        .location_runs()
        .flat_map(|(run, location)| std::iter::repeat_n(location, run))
        .collect();
    let mut at = 0;
    let mut line = 0;
    while at < code.instrs.len() {
        let i = Instr(code.instrs[at]);
        let Some(op) = i.op() else {
            let _ = writeln!(out, "      {at:4} <{:#010x}>", i.0);
            at += 1;
            continue;
        };
        let here = locations.get(at).map_or(0, |l| l.line);
        let shown = if here != line && here != 0 {
            here.to_string()
        } else {
            String::new()
        };
        line = here;
        let text = format!(
            "{shown:>5} {at:4} {:<24}{}",
            op.name(),
            operands(code, at, op, i)
        );
        let _ = writeln!(out, "{}", text.trim_end());
        at += 1 + op.extra_words();
    }
    for e in &code.exceptions {
        let lasti = if e.lasti { " lasti" } else { "" };
        let _ = writeln!(
            out,
            "      {} to {} -> {} [{}]{lasti}",
            e.start, e.end, e.target, e.depth
        );
    }
}

fn operands(code: &Code, at: usize, op: Op, i: Instr) -> String {
    let local = |n| local_name(code, n);
    let constant = |n| code.consts.get(n).map_or_else(|| format!("?{n}"), show);
    let name = |n: usize| {
        code.names
            .get(n)
            .map_or_else(|| format!("?{n}"), ToString::to_string)
    };
    let binary = |n: usize| BinaryOp::from_u8(n as u8).map_or("?", BinaryOp::text);
    let target = || jump_target(&code.instrs, at).unwrap_or(0);
    match op.form() {
        Form::None => String::new(),
        Form::Arg => argument(op, i),
        Form::Const => constant(i.w()),
        Form::Name => name(i.w()),
        Form::Local => local(i.w()),
        Form::Jump => format!("to {}", i.w()),
        Form::LocalLocal => format!("{} {}", local(i.a()), local(i.b())),
        Form::LocalConst => format!("{} {}", local(i.a()), constant(i.b())),
        Form::ArgArg => format!("{} {}", i.a(), i.b()),
        Form::LocalName => format!("{} {}", local(i.a()), name(i.bx())),
        Form::LocalLocalOp => format!("{} {} {}", local(i.a()), binary(i.c()), local(i.b())),
        Form::LocalConstOp => format!("{} {} {}", local(i.a()), binary(i.c()), constant(i.b())),
        Form::LocalLocalDest => format!("{} {} -> {}", local(i.a()), local(i.b()), local(i.c())),
        Form::LocalConstDest => format!("{} {} -> {}", local(i.a()), constant(i.b()), local(i.c())),
        Form::RightLocal if op == Op::BINARY_OP_SL => format!("{} {}", binary(i.c()), local(i.b())),
        Form::RightLocal => local(i.b()),
        Form::RightConst if op == Op::BINARY_OP_SC => {
            format!("{} {}", binary(i.c()), constant(i.b()))
        }
        Form::RightConst => constant(i.b()),
        Form::RightLocalDest => format!("{} -> {}", local(i.b()), local(i.c())),
        Form::RightConstDest => format!("{} -> {}", constant(i.b()), local(i.c())),
        Form::LocalJump => format!("{} to {}", local(i.a()), target()),
        Form::CompareJump => {
            let cmp = CompareOp::from_u8((i.c() & 7) as u8).map_or("?", CompareOp::text);
            let (a, b) = match op {
                Op::COMPARE_JUMP_LL => (local(i.a()), local(i.b())),
                Op::COMPARE_JUMP_LC => (local(i.a()), constant(i.b())),
                Op::COMPARE_JUMP_SL => ("_".to_owned(), local(i.b())),
                Op::COMPARE_JUMP_SC => ("_".to_owned(), constant(i.b())),
                _ => ("_".to_owned(), "_".to_owned()),
            };
            format!("{a} {cmp} {b} if {} to {}", i.c() & 8 != 0, target())
        }
    }
}

fn argument(op: Op, i: Instr) -> String {
    let w = i.w() as u8;
    match op {
        Op::BINARY_OP => BinaryOp::from_u8(w).map_or("?", BinaryOp::text).to_owned(),
        Op::COMPARE_OP => CompareOp::from_u8(w)
            .map_or("?", CompareOp::text)
            .to_owned(),
        Op::CALL_INTRINSIC_1 => Intrinsic1::from_u8(w)
            .map_or("?", Intrinsic1::text)
            .to_owned(),
        Op::CALL_INTRINSIC_2 => Intrinsic2::from_u8(w)
            .map_or("?", Intrinsic2::text)
            .to_owned(),
        _ => i.w().to_string(),
    }
}

/// The name of a fast local.
pub fn local_name(code: &Code, n: usize) -> String {
    let cell = || {
        code.cell_locals
            .iter()
            .position(|&at| at as usize == n)
            .and_then(|at| code.cellvars.get(at))
    };
    let free = || {
        let first = (code.nlocalsplus as usize).checked_sub(code.freevars.len())?;
        code.freevars.get(n.checked_sub(first)?)
    };
    let name = code.varnames.get(n).or_else(cell).or_else(free);
    name.map_or_else(|| format!("?{n}"), ToString::to_string)
}

/// A constant as a listing shows it.
pub fn show(constant: &Const) -> String {
    let list = |items: &[Const]| items.iter().map(show).collect::<Vec<_>>().join(", ");
    match constant {
        Const::None => "None".to_owned(),
        Const::True => "True".to_owned(),
        Const::False => "False".to_owned(),
        Const::Ellipsis => "...".to_owned(),
        Const::Int(n) => n.to_string(),
        Const::BigInt(text) => text.to_string(),
        Const::Float(x) => format!("{x:?}"),
        Const::Complex(re, im) => format!("({re:?}{im:+?}j)"),
        Const::Str(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
        Const::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
        Const::Tuple(items) if items.len() == 1 => format!("({},)", list(items)),
        Const::Tuple(items) => format!("({})", list(items)),
        Const::FrozenSet(items) => format!("frozenset({{{}}})", list(items)),
        Const::Slice(parts) => format!("slice({})", list(&parts[..])),
        Const::Code(code) => format!("<code {}>", code.qualname),
    }
}
