//! The boundary of the crate: source in, dump or error out. Wide coverage comes from `scripts/ast-compare` and
//! `scripts/syntax-compare`, which ask CPython; here stands one case for each mechanism.

use viv_syntax::ast::{Constant, ExprKind, Mod};
use viv_syntax::{ErrorKind, Mode, dump, dump_tokens, parse, parse_str};

/// The dump without places, on one line.
fn shape(source: &str) -> String {
    let parsed = parse_str(source, Mode::Exec).unwrap_or_else(|e| panic!("{source:?}: {e}"));
    let text = dump(&parsed.ast);
    let places = ["lineno=", "col_offset=", "end_lineno=", "end_col_offset="];
    let kept = text
        .lines()
        .map(str::trim)
        .filter(|l| !places.iter().any(|p| l.starts_with(p)));
    kept.collect::<Vec<_>>().join(" ")
}

fn check(source: &str, parts: &[&str]) {
    let shape = shape(source);
    let mut rest = &*shape;
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => panic!("{part:?} is not (in order) in {shape}"),
        }
    }
}

/// `message @ line:column-line:column` of the refusal.
fn refusal(source: &str, mode: Mode) -> String {
    match parse_str(source, mode) {
        Ok(_) => "accepted".to_owned(),
        Err(e) => format!(
            "{} @ {}:{}-{}:{}",
            e.msg, e.line, e.col, e.end_line, e.end_col
        ),
    }
}

#[test]
fn operators_take_their_precedence() {
    check("a | b + c * d ** -e", &["BitOr()"]);
    check(
        "a + b * c - d",
        &["left=BinOp(", "op=Add()", "op=Mult()", "op=Sub()", "id='d'"],
    );
    check(
        "not a < b == c and d",
        &["And()", "Not()", "Compare(", "Lt()", "Eq()"],
    );
}

#[test]
fn soft_keywords_are_names_elsewhere() {
    check(
        "match = case = type = _",
        &["id='match'", "id='case'", "id='type'", "id='_'"],
    );
    check(
        "match (x):\n case [1, *_]: pass\n",
        &["Match(", "MatchSequence(", "MatchStar("],
    );
    check("match(x)[a:b]\n", &["Subscript(", "Call("]);
    check("type X[*T = int] = T", &["TypeAlias(", "TypeVarTuple("]);
    check("type (x)", &["Call("]);
}

#[test]
fn parentheses_of_with() {
    check(
        "with (a as b, c): pass",
        &["optional_vars", "id='b'", "id='c'"],
    );
    check("with (a, b) as c: pass", &["context_expr=Tuple("]);
    check("with (yield): pass", &["context_expr=Yield("]);
    check("with (a := b): pass", &["context_expr=NamedExpr("]);
}

#[test]
fn strings_with_fields() {
    check(
        "f'a{x!r:>{w}}{{' 'b'",
        &["JoinedStr(", "value='a'", "conversion=114", "value='{b'"],
    );
    check("f'{x = }'", &["value='x = '", "conversion=114"]);
    check(
        "t'{x + 1}'",
        &["TemplateStr(", "Interpolation(", "str='x + 1'"],
    );
    check(
        "f'{f\"{f'{1}'}\"}'",
        &["JoinedStr(", "JoinedStr(", "JoinedStr("],
    );
}

#[test]
fn lone_surrogates_and_escapes() {
    check(
        r#""\ud800\N{BULLET}\x41\101\
""#,
        &[r"value='\ud800•AA'"],
    );
    let parsed = parse_str(r#"'\d' "\400""#, Mode::Exec).expect("warnings only");
    assert_eq!(parsed.warnings.len(), 2);
}

#[test]
fn numbers() {
    check("0xFFFFFFFFFFFFFFFFF", &["value=295147905179352825855"]);
    check(
        "123456789012345678901234567890",
        &["value=123456789012345678901234567890"],
    );
    check(
        "1e16; 1e-5; 1_0.5; 1e400; 2j",
        &["1e+16", "1e-05", "10.5", "inf", "2j"],
    );
}

#[test]
fn encodings() {
    assert!(parse(b"\xef\xbb\xbfx", Mode::Exec).is_ok());
    let latin = parse(b"# coding: latin-1\n'\xe9'", Mode::Exec).expect("decodes");
    assert!(dump(&latin.ast).contains("'é'"));
    let error = parse(b"'\xe9'", Mode::Exec).expect_err("not utf-8");
    assert!(
        error
            .msg
            .starts_with("Non-UTF-8 code starting with '\\xe9' on line 1")
    );
    let error = parse(b"# coding: nonsense\n", Mode::Exec).expect_err("unknown");
    assert_eq!(error.msg, "unknown encoding: nonsense");
}

#[test]
fn errors_have_their_messages_and_places() {
    for (source, expected) in [
        (
            "f() = 1",
            "cannot assign to function call here. Maybe you meant '==' instead of '='? @ 1:1-1:4",
        ),
        ("if x\n  y", "expected ':' @ 1:5-1:6"),
        (
            "if x:\ny",
            "expected an indented block after 'if' statement on line 1 @ 2:1-2:2",
        ),
        (
            "print 1",
            "Missing parentheses in call to 'print'. Did you mean print(...)? @ 1:1-1:8",
        ),
        (
            "(a]",
            "closing parenthesis ']' does not match opening parenthesis '(' @ 1:3-1:3",
        ),
        ("x = (1,\n", "'(' was never closed @ 1:5-1:0"),
        (
            "'abc",
            "unterminated string literal (detected at line 1) @ 1:1-1:1",
        ),
        (
            "f'{a!x}'",
            "f-string: invalid conversion character 'x': expected 's', 'r', or 'a' @ 1:6-1:7",
        ),
        (
            "def f(a=1, b): pass",
            "parameter without a default follows parameter with a default @ 1:12-1:13",
        ),
        ("a = 1_", "invalid decimal literal @ 1:6-1:6"),
        (
            "x y\n'",
            "unterminated string literal (detected at line 2) @ 2:1-2:1",
        ),
    ] {
        assert_eq!(refusal(source, Mode::Exec), expected, "{source:?}");
    }
}

#[test]
fn indentation_errors_are_of_their_class() {
    let kind = |source| parse_str(source, Mode::Exec).expect_err("refused").kind;
    assert_eq!(kind("  x"), ErrorKind::Indentation);
    assert_eq!(kind("if x:\n  y\n z"), ErrorKind::Indentation);
    assert_eq!(kind("if x:\n        y\n\tz"), ErrorKind::Tab);
}

#[test]
fn modes() {
    let eval = parse_str(" ".trim_start(), Mode::Eval);
    assert!(eval.is_err());
    let parsed = parse_str("a, 1\n\n", Mode::Eval).expect("an expression");
    let Mod::Expression { body } = parsed.ast else {
        panic!("not an expression")
    };
    let ExprKind::Tuple { elts, .. } = body.kind else {
        panic!("not a tuple")
    };
    assert_eq!(elts[1].kind, ExprKind::Constant(Constant::Int(1)));
    assert_eq!(refusal("a; b\n", Mode::Single), "accepted");
    assert!(refusal("a\nb\n", Mode::Single).starts_with("multiple statements found"));
}

#[test]
fn a_prompt_learns_that_more_is_wanted() {
    let incomplete = |source| {
        parse_str(source, Mode::Single)
            .expect_err("refused")
            .incomplete
    };
    assert!(incomplete("f(a,\n"));
    assert!(incomplete("'''abc\n"));
    assert!(incomplete("if x:\n"));
    assert!(incomplete("@a\n"));
    assert!(!incomplete("a b\n"));
    assert!(!incomplete("x = \n"));
}

#[test]
fn depth_ends_in_errors_not_overflows() {
    let n = 100_000;
    let kind = |source: String| {
        parse_str(&source, Mode::Exec)
            .map(|_| ())
            .map_err(|e| e.kind)
    };
    assert_eq!(kind("a+".repeat(n) + "a"), Err(ErrorKind::Recursion));
    assert_eq!(
        kind("a".to_owned() + &".a".repeat(n)),
        Err(ErrorKind::Recursion)
    );
    assert_eq!(kind("-".repeat(n) + "a"), Err(ErrorKind::Memory));
    assert_eq!(kind("-".repeat(n)), Err(ErrorKind::Memory));
    assert_eq!(kind("(".repeat(n)), Err(ErrorKind::Syntax));
    assert_eq!(
        kind("if a: pass\n".to_owned() + &"elif a: pass\n".repeat(n)),
        Err(ErrorKind::Memory)
    );
    assert_eq!(kind("a=".repeat(n) + "a"), Ok(()));
}

#[test]
fn tokens_are_listed() {
    let listing = dump_tokens(b"type X = 'a' # c\n").expect("lexes");
    assert!(
        listing.starts_with("1,0-1,4         Type              'type'\n"),
        "{listing}"
    );
}
