//! Trees as deep as the parser lets through compile on a small stack.

use viv_compiler::{Options, compile_source};
use viv_syntax::Mode;

fn survives(source: String) {
    // The parser's own needs are not under test here: what counts is that nothing crashes.
    let run = move || {
        let _ = compile_source(source.as_bytes(), "<deep>", Mode::Exec, &Options::default());
    };
    let thread = std::thread::Builder::new()
        .stack_size(1024 * 1024)
        .spawn(run);
    thread.expect("a thread starts").join().expect("no panic");
}

#[test]
fn unary_operators() {
    survives(format!("x = {}1", "-".repeat(2900)));
    survives(format!("x = {}y", "not ".repeat(2900)));
    survives(format!("x = {}y", "~".repeat(100_000)));
}

#[test]
fn chains() {
    survives(format!("x = a{}", ".b".repeat(2900)));
    survives(format!("x = a{}", "()".repeat(2900)));
    survives(format!("x = a{}", "[0]".repeat(2900)));
    survives(format!("x = a{}", " + 1".repeat(2900)));
    survives(format!("x = a{}", " + 1".repeat(100_000)));
    survives(format!("x = 1{}", " + 1".repeat(2900)));
}

#[test]
fn nested_functions() {
    survives(format!("x = {}1", "lambda: ".repeat(1400)));
    survives(format!("x = {}1", "a if b else ".repeat(2900)));
}

#[test]
fn statements() {
    let mut source = String::from("if a: pass\n");
    for _ in 0..2000 {
        source.push_str("elif b: pass\n");
    }
    survives(source);
    let mut source = String::new();
    for depth in 0..99 {
        source.push_str(&" ".repeat(depth));
        source.push_str("if a:\n");
    }
    source.push_str(&" ".repeat(99));
    source.push_str("pass\n");
    survives(source);
}

#[test]
fn comprehension_clauses() {
    survives(format!("x = [1 {}]", "for a in b ".repeat(5000)));
}
