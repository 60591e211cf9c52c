//! Prints a code object as a Python literal, for tools that read it.

use viv_bytecode::{Code, Const};
use viv_compiler::{Options, compile_source};
use viv_syntax::Mode;

fn bytes(b: &[u8]) -> String {
    let body: String = b.iter().map(|x| format!("\\x{x:02x}")).collect();
    format!("b'{body}'")
}

fn constant(c: &Const) -> String {
    let list = |items: &[Const]| items.iter().map(|c| constant(c) + ",").collect::<String>();
    match c {
        Const::None => "None".into(),
        Const::True => "True".into(),
        Const::False => "False".into(),
        Const::Ellipsis => "...".into(),
        Const::Int(n) => n.to_string(),
        Const::BigInt(t) => t.to_string(),
        Const::Float(x) if x.is_infinite() => "1e309".into(),
        Const::Float(x) => format!("{x:?}"),
        Const::Complex(re, im) => format!("complex({re:?},{im:?})"),
        Const::Str(b) => format!("{}.decode('utf8','surrogatepass')", bytes(b)),
        Const::Bytes(b) => bytes(b),
        Const::Tuple(items) => format!("({})", list(items)),
        Const::FrozenSet(items) => format!("frozenset([{}])", list(items)),
        Const::Slice(p) => format!("slice({})", list(&p[..])),
        Const::Code(code) => literal(code),
    }
}

fn names(list: &[impl AsRef<str>]) -> String {
    list.iter().map(|n| format!("{:?},", n.as_ref())).collect()
}

fn literal(code: &Code) -> String {
    let consts: String = code.consts.iter().map(|c| constant(c) + ",").collect();
    let table: String = code
        .exceptions
        .iter()
        .map(|e| {
            format!(
                "({},{},{},{},{}),",
                e.start,
                e.end,
                e.target,
                e.depth,
                u8::from(e.lasti)
            )
        })
        .collect();
    format!(
        "VCode(name={:?},qualname={:?},firstlineno={},argcount={},posonly={},kwonly={},flags={},varnames=[{}],\
         cellvars=[{}],freevars=[{}],cell_locals={:?},nlocalsplus={},names=[{}],consts=[{consts}],instrs={:?},\
         table=[{table}])",
        code.name,
        code.qualname,
        code.firstlineno,
        code.argcount,
        code.posonlyargcount,
        code.kwonlyargcount,
        code.flags.0,
        names(&code.varnames),
        names(&code.cellvars),
        names(&code.freevars),
        code.cell_locals,
        code.nlocalsplus,
        names(&code.names),
        code.instrs,
    )
}

fn main() {
    if std::env::args().len() < 2 {
        for op in viv_bytecode::op::ALL {
            println!("{} {} {:?}", op.name(), op.extra_words(), op.form());
        }
    }
    for file in std::env::args().skip(1) {
        let source = std::fs::read(&file).unwrap_or_default();
        match compile_source(&source, &file, Mode::Exec, &Options::default()) {
            Ok(output) => println!("{}", literal(&output.code)),
            Err(e) => eprintln!("{file}:{}: {}", e.line, e.msg),
        }
    }
}
