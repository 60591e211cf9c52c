//! What the stages after parsing refuse or warn of: message and place are CPython's.

use viv_compiler::{Options, compile_source};
use viv_syntax::Mode;

fn refused(source: &str, message: &str, line: u32, col: i32) {
    match compile_source(source.as_bytes(), "<test>", Mode::Exec, &Options::default()) {
        Ok(_) => panic!("accepted: {source}"),
        Err(e) => assert_eq!(
            (e.msg.as_str(), e.line, e.col),
            (message, line, col),
            "{source}"
        ),
    }
}

fn warns(source: &str, message: &str, line: u32) {
    let output = compile_source(source.as_bytes(), "<test>", Mode::Exec, &Options::default());
    let output = output.unwrap_or_else(|e| panic!("{source}: {e}"));
    let found: Vec<(&str, u32)> = output
        .warnings
        .iter()
        .map(|w| (w.msg.as_str(), w.line))
        .collect();
    assert_eq!(found, [(message, line)], "{source}");
}

#[test]
fn places_of_statements() {
    refused("return 1", "'return' outside function", 1, 1);
    refused("class A: return", "'return' outside function", 1, 10);
    refused("x = 1\nbreak", "'break' outside loop", 2, 1);
    refused("continue", "'continue' not properly in loop", 1, 1);
    refused("yield", "'yield' outside function", 1, 1);
    refused("await x", "'await' outside function", 1, 1);
    refused("def f(): await x", "'await' outside async function", 1, 10);
    refused(
        "async with x: pass",
        "'async with' outside async function",
        1,
        1,
    );
    refused(
        "async def f(): yield from x",
        "'yield from' inside async function",
        1,
        16,
    );
    refused(
        "async def f():\n yield\n return 1",
        "'return' with value in async generator",
        3,
        2,
    );
    refused(
        "def f():\n from x import *",
        "import * only allowed at module level",
        2,
        16,
    );
}

#[test]
fn names() {
    refused(
        "def f(a, a): pass",
        "duplicate argument 'a' in function definition",
        1,
        10,
    );
    refused(
        "def f(a):\n global a",
        "name 'a' is parameter and global",
        2,
        2,
    );
    refused(
        "def f():\n a = 1\n global a",
        "name 'a' is assigned to before global declaration",
        3,
        2,
    );
    refused(
        "def f():\n print(a)\n global a",
        "name 'a' is used prior to global declaration",
        3,
        2,
    );
    refused(
        "nonlocal a",
        "nonlocal declaration not allowed at module level",
        1,
        1,
    );
    refused(
        "def f():\n nonlocal a",
        "no binding for nonlocal 'a' found",
        2,
        2,
    );
    refused(
        "[a := 1 for a in b]",
        "assignment expression cannot rebind comprehension iteration variable 'a'",
        1,
        2,
    );
    refused("class A[T, T]: pass", "duplicate type parameter 'T'", 1, 12);
}

#[test]
fn future() {
    refused("from __future__ import braces", "not a chance", 1, 24);
    refused(
        "from __future__ import x",
        "future feature x is not defined",
        1,
        24,
    );
    let late = "from __future__ imports must occur at the beginning of the file";
    refused("x = 1\nfrom __future__ import division", late, 2, 1);
}

#[test]
fn patterns() {
    let unreachable = "name capture 'a' makes remaining patterns unreachable";
    refused("match x:\n case a: pass\n case 1: pass", unreachable, 2, 7);
    refused("match x:\n case a | [b]: pass", unreachable, 2, 7);
    refused(
        "match x:\n case [a, a]: pass",
        "multiple assignments to name 'a' in pattern",
        2,
        11,
    );
    refused(
        "match x:\n case [a] | [b]: pass",
        "alternative patterns bind different names",
        2,
        7,
    );
    refused(
        "match x:\n case {1: _, 1: _}: pass",
        "mapping pattern checks duplicate key (1)",
        2,
        7,
    );
}

#[test]
fn nesting() {
    let mut source = String::new();
    for depth in 0..22 {
        source.push_str(&" ".repeat(depth));
        source.push_str("while 1:\n");
    }
    source.push_str(&" ".repeat(22));
    source.push_str("pass\n");
    refused(&source, "too many statically nested blocks", 22, 22);
}

#[test]
fn warnings() {
    warns(
        "x is 1",
        "\"is\" with 'int' literal. Did you mean \"==\"?",
        1,
    );
    warns(
        "assert (x, 'y')",
        "assertion is always true, perhaps remove parentheses?",
        1,
    );
    warns(
        "x = [\n (1)\n (2)\n]",
        "'int' object is not callable; perhaps you missed a comma?",
        2,
    );
    warns(
        "[1]['a']",
        "list indices must be integers or slices, not str; perhaps you missed a comma?",
        1,
    );
    warns(
        "{1}[0]",
        "'set' object is not subscriptable; perhaps you missed a comma?",
        1,
    );
    warns(
        "def f():\n try: pass\n finally: return",
        "'return' in a 'finally' block",
        3,
    );
}

#[test]
fn levels() {
    let source = b"assert x, __debug__\ndef f():\n 'doc'\n";
    for optimize in 0..=2 {
        let options = Options {
            optimize,
            ..Options::default()
        };
        let output = compile_source(source, "<test>", Mode::Exec, &options).expect("it compiles");
        let listing = viv_bytecode::dis(&output.code);
        assert_eq!(listing.contains("RAISE_VARARGS"), optimize == 0);
        let doc = output.code.consts.iter().any(|c| match c {
            viv_bytecode::Const::Code(code) => {
                code.flags.has(viv_bytecode::CodeFlags::HAS_DOCSTRING)
            }
            _ => false,
        });
        assert_eq!(doc, optimize < 2);
    }
}

#[test]
fn modes() {
    let options = Options {
        top_level_await: true,
        ..Options::default()
    };
    let single = compile_source(b"1 + x\n", "<test>", Mode::Single, &options).expect("it compiles");
    assert!(viv_bytecode::dis(&single.code).contains("print"));
    let awaits = compile_source(b"await x\n", "<test>", Mode::Exec, &options).expect("it compiles");
    assert!(awaits.code.flags.has(viv_bytecode::CodeFlags::COROUTINE));
    assert!(viv_bytecode::verify(&awaits.code).is_ok());
}
