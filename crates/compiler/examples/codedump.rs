//! Prints what people can see of the code objects of files, for comparison with another compiler's.

use viv_bytecode::{Code, Const, Instr, Op};
use viv_compiler::{Options, compile_source};
use viv_syntax::Mode;

/// The instruction of CPython's that does the same, as far as it can raise.
fn family(op: Op) -> Option<&'static str> {
    let name = op.name();
    Some(match op {
        Op::BINARY_SUBSCR => "BINARY_OP",
        Op::LOAD_METHOD | Op::LOAD_METHOD_L | Op::LOAD_ATTR_L => "LOAD_ATTR",
        Op::LOAD_SUPER_METHOD | Op::LOAD_ZERO_SUPER_ATTR | Op::LOAD_ZERO_SUPER_METHOD => {
            "LOAD_SUPER_ATTR"
        }
        Op::STORE_ATTR_L => "STORE_ATTR",
        Op::STORE_SUBSCR_LL | Op::STORE_SUBSCR_LC => "STORE_SUBSCR",
        Op::LOAD_GLOBAL_NULL => "LOAD_GLOBAL",
        Op::FOR_ITER_STORE => "FOR_ITER",
        _ if name.starts_with("COMPARE_JUMP") => "COMPARE_OP",
        _ if name.starts_with("SUBSCR_") || name.starts_with("BINARY_OP") => "BINARY_OP",
        _ if ["ADD", "SUB", "MUL", "IADD", "ISUB"]
            .contains(&name.split('_').next().unwrap_or(name)) =>
        {
            "BINARY_OP"
        }
        Op::CALL
        | Op::CALL_KW
        | Op::CALL_FUNCTION_EX
        | Op::BINARY_SLICE
        | Op::STORE_SLICE
        | Op::LOAD_ATTR
        | Op::LOAD_SUPER_ATTR
        | Op::STORE_ATTR
        | Op::DELETE_ATTR
        | Op::STORE_SUBSCR
        | Op::DELETE_SUBSCR
        | Op::COMPARE_OP
        | Op::CONTAINS_OP
        | Op::LOAD_GLOBAL
        | Op::LOAD_NAME
        | Op::STORE_NAME
        | Op::STORE_GLOBAL
        | Op::LOAD_DEREF
        | Op::RAISE_VARARGS
        | Op::FOR_ITER
        | Op::GET_ITER
        | Op::UNPACK_SEQUENCE
        | Op::UNPACK_EX
        | Op::IMPORT_NAME
        | Op::IMPORT_FROM
        | Op::UNARY_NEGATIVE
        | Op::UNARY_INVERT
        | Op::BUILD_LIST
        | Op::BUILD_MAP
        | Op::BUILD_SET
        | Op::DICT_MERGE
        | Op::LIST_EXTEND
        | Op::YIELD_VALUE
        | Op::DELETE_NAME
        | Op::FORMAT_SIMPLE
        | Op::FORMAT_WITH_SPEC
        | Op::CONVERT_VALUE
        | Op::BUILD_STRING
        | Op::CHECK_EXC_MATCH
        | Op::MATCH_CLASS => name,
        _ => return None,
    })
}

fn show(code: &Code) {
    println!("CODE {} {} {}", code.name, code.qualname, code.firstlineno);
    println!(
        "ARGS {} {} {} {:#x}",
        code.argcount, code.posonlyargcount, code.kwonlyargcount, code.flags.0
    );
    println!(
        "VARS {:?} {:?} {:?}",
        code.varnames, code.cellvars, code.freevars
    );
    let mut names: Vec<&str> = code.names.iter().map(|n| n.as_str()).collect();
    names.sort_unstable();
    println!("NAMES {names:?}");
    let mut lines = Vec::new();
    let mut at = 0;
    while at < code.instrs.len() {
        let i = Instr(code.instrs[at]);
        let Some(op) = i.op() else { break };
        if let Some(family) = family(op) {
            let l = code.location(at);
            lines.push(format!(
                "{family} {} {} {} {}",
                l.line, l.end_line, l.col, l.end_col
            ));
        }
        at += 1 + op.extra_words();
    }
    lines.sort();
    for line in lines {
        println!("{line}");
    }
    for constant in &code.consts {
        if let Const::Code(inner) = constant {
            show(inner);
        }
    }
}

fn main() {
    for file in std::env::args().skip(1) {
        println!("FILE {file}");
        let Ok(source) = std::fs::read(&file) else {
            continue;
        };
        match compile_source(&source, &file, Mode::Exec, &Options::default()) {
            Ok(output) => {
                show(&output.code);
                for w in &output.warnings {
                    println!("WARN {} {}", w.line, w.msg);
                }
            }
            Err(e) => println!("ERROR {} {}", e.line, e.msg),
        }
    }
}
