//! `docs/opcodes.md`, written from the opcode table.

use std::fmt::Write;

use crate::op::{ALL, BinaryOp, CompareOp, Form, Intrinsic1, Intrinsic2};

/// What the operands of a form are, in a few words.
fn operands(form: Form) -> &'static str {
    match form {
        Form::None => "–",
        Form::Arg => "`w`: number",
        Form::Const => "`w`: constant",
        Form::Name => "`w`: name",
        Form::Local => "`w`: local",
        Form::Jump => "`w`: target",
        Form::LocalLocal => "`a`, `b`: locals",
        Form::LocalConst => "`a`: local, `b`: constant",
        Form::ArgArg => "`a`, `b`: numbers",
        Form::LocalName => "`a`: local, `bx`: name",
        Form::LocalLocalOp => "`a`, `b`: locals, `c`: operator",
        Form::LocalConstOp => "`a`: local, `b`: constant, `c`: operator",
        Form::LocalLocalDest => "`a`, `b`: locals, `c`: local for the result",
        Form::LocalConstDest => "`a`: local, `b`: constant, `c`: local for the result",
        Form::RightLocal => "`b`: local, `c`: operator",
        Form::RightConst => "`b`: constant, `c`: operator",
        Form::RightLocalDest => "`b`: local, `c`: local for the result",
        Form::RightConstDest => "`b`: constant, `c`: local for the result",
        Form::CompareJump => "`a`, `b`: operands, `c`: comparison, next word: target",
        Form::LocalJump => "`a`: local, next word: target",
    }
}

/// The text of `docs/opcodes.md`.
pub fn opcodes() -> String {
    let mut out = String::from(
        "# Opcodes\n\n\
         <!-- Written from `crates/bytecode/src/op.rs`; `UPDATE_DOCS=1 cargo test -p viv-bytecode` writes it anew. -->\n\n\
         An instruction is one 32-bit word: the opcode in the low byte, then the byte operands `a`, `b`, `c`, or one\n\
         24-bit operand `w` (`bx` is the 16-bit operand in the place of `b` and `c`). Operand and cache words may follow;\n\
         they are never executed. In the effects `s` is the evaluation stack, its top to the right.\n\n\
         | no. | opcode | operands | words after | effect |\n|---|---|---|---|---|\n",
    );
    for (number, op) in ALL.iter().enumerate() {
        let doc: Vec<&str> = op.doc().lines().map(str::trim).collect();
        let doc = doc
            .join(" ")
            .replace('|', "\\|")
            .replace("[`", "`")
            .replace("`]", "`");
        let (name, words) = (op.name(), op.extra_words());
        let _ = writeln!(
            out,
            "| {number} | {name} | {} | {words} | {doc} |",
            operands(op.form())
        );
    }
    numbered(
        &mut out,
        "Binary operators",
        BinaryOp::ALL.iter().map(|op| op.text()),
    );
    numbered(
        &mut out,
        "Comparisons",
        CompareOp::ALL.iter().map(|op| op.text()),
    );
    numbered(
        &mut out,
        "Functions of CALL_INTRINSIC_1",
        Intrinsic1::ALL.iter().map(|f| f.text()),
    );
    numbered(
        &mut out,
        "Functions of CALL_INTRINSIC_2",
        Intrinsic2::ALL.iter().map(|f| f.text()),
    );
    out
}

fn numbered<'a>(out: &mut String, title: &str, items: impl Iterator<Item = &'a str>) {
    let _ = writeln!(out, "\n## {title}\n");
    for (number, text) in items.enumerate() {
        let _ = writeln!(out, "- {number}: `{text}`");
    }
}
