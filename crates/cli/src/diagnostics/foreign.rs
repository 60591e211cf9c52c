//! What other languages and Python 2 write: the words and signs themselves are shown, whatever the parser stumbled over.

use std::ops::Range;

use vivarium::runtime::vm::interp::Mistake;

use super::advice::{Advice, advice};

/// Signs of other languages, what they are, and what Python writes.
const SIGNS: [(&str, &str, &str); 13] = [
    ("&&", "no operator of Python", "Python writes it `and`"),
    ("||", "no operator of Python", "Python writes it `or`"),
    ("++", "no operator of Python", "add one with `x += 1`"),
    ("--", "no operator of Python", "subtract one with `x -= 1`"),
    (
        "!==",
        "no operator of Python",
        "inequality is `!=`, and `is not` compares identities",
    ),
    (
        "===",
        "no operator of Python",
        "equality is `==`, identity `is`",
    ),
    ("<>", "an operator of Python 2", "inequality is `!=`"),
    ("/*", "no comment in Python", "comments begin with `#`"),
    (
        "=>",
        "no operator of Python",
        "a small function is `lambda x: ...`",
    ),
    (
        "`",
        "backquotes are of Python 2",
        "the text of a value is `repr(value)`",
    ),
    (
        "::",
        "no operator of Python",
        "parts of a name are joined with `.`",
    ),
    (
        "?.",
        "no operator of Python",
        "write `x.name if x is not None else None`",
    ),
    (
        "??",
        "no operator of Python",
        "write `x if x is not None else y`",
    ),
];

/// Advice for a line that another language would understand.
pub(super) fn foreign(line: &str, mistake: &Mistake) -> Option<Advice> {
    let message = mistake.message.as_str();
    let vague = message.starts_with("invalid syntax")
        || message == "expected ':'"
        || message == "invalid decimal literal"
        || message.starts_with("expected 'except'")
        || message.contains("Perhaps you forgot a comma")
        || message.ends_with("was never closed");
    if !vague {
        return None;
    }
    let start = line.len() - line.trim_start().len();
    let code = line.trim();
    let first = code
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default();
    words(code, first)
        .or_else(|| signs(code))
        .map(|(part, label, help)| Advice {
            part: Some(start + part.start..start + part.end),
            ..advice_of(label, help)
        })
}

fn advice_of(label: &str, help: String) -> Advice {
    advice(label, help.clone()).unwrap_or(Advice {
        label: None,
        help,
        part: None,
    })
}

type Found = (Range<usize>, &'static str, String);

/// Statements that begin with a word of another language.
fn words(code: &str, first: &str) -> Option<Found> {
    let word = 0..first.len();
    let rest = code.get(first.len()..).unwrap_or_default();
    let second = rest.trim_start();
    let in_parentheses = second.starts_with('(');
    let found = |label: &'static str, help: &str| Some((word.clone(), label, help.to_owned()));
    let unknown = "no word of Python";
    match first {
        "else" if second.starts_with("if") => {
            let end = code.len() - second.len() + "if".len();
            Some((
                0..end,
                "one word in Python",
                "Python writes it `elif`".to_owned(),
            ))
        }
        "elseif" | "elsif" => found(unknown, "Python writes it `elif`"),
        "switch" => found(
            unknown,
            "Python has `match value:` with `case ...:` below it",
        ),
        "function" | "func" | "fn" | "fun" | "sub" => {
            found(unknown, "a function begins with `def name(...):`")
        }
        "var" | "let" | "const" | "val" | "auto" | "int" | "float" | "char" | "double"
        | "string" | "bool" | "String"
            if second.starts_with(char::is_alphabetic) =>
        {
            found(
                "a declaration",
                "a name needs no declaration: `name = value`",
            )
        }
        "for" | "while" | "if" if in_parentheses && (code.contains(';') || code.ends_with('{')) => {
            let help = if first == "for" {
                "Python counts with `for i in range(n):`".to_owned()
            } else {
                format!("write `{first} condition:` and indent the block")
            };
            Some((
                code.len() - second.len()..code.len(),
                "as C writes it",
                help,
            ))
        }
        "foreach" => found(unknown, "Python loops over items with `for item in items:`"),
        "unless" => found(unknown, "write `if not condition:`"),
        "until" => found(unknown, "write `while not condition:`"),
        "do" => found(
            unknown,
            "write `while True:` with `if condition: break` at its end",
        ),
        "catch" => found(unknown, "Python writes it `except SomeError as error:`"),
        "throw" => found(unknown, "Python writes it `raise SomeError(...)`"),
        "delete" => found(unknown, "Python writes it `del name`"),
        "require" | "include" | "using" => found(unknown, "Python writes it `import module`"),
        "struct" | "interface" | "enum" => found(unknown, "Python writes it `class Name:`"),
        "public" | "private" | "protected" | "static" => found(
            unknown,
            "there is no such keyword; names that are not for others begin with `_`",
        ),
        "raise" if code.contains(", ") => Some((
            0..code.len(),
            "a statement of Python 2",
            "write `raise SomeError(message)`".to_owned(),
        )),
        "print" if !in_parentheses => found(
            "a statement in Python 2",
            "print is a function: `print(...)`",
        ),
        _ => None,
    }
}

/// Signs of other languages anywhere in the line.
fn signs(code: &str) -> Option<Found> {
    for (sign, label, help) in SIGNS {
        if let Some(at) = code.find(sign) {
            return Some((at..at + sign.len(), label, help.to_owned()));
        }
    }
    if code.starts_with("//") {
        return Some((
            0..2,
            "no comment in Python",
            "comments begin with `#`".to_owned(),
        ));
    }
    if let Some(at) = code.find('?')
        && code.contains(':')
    {
        return Some((
            at..at + 1,
            "no operator of Python",
            "a choice is written `a if condition else b`".to_owned(),
        ));
    }
    if let Some(at) = code.find('!')
        && (code.get(at + 1..)).is_some_and(|rest| !rest.starts_with('='))
    {
        return Some((
            at..at + 1,
            "no operator of Python",
            "Python writes it `not`".to_owned(),
        ));
    }
    if let Some(at) = code.find('$') {
        return Some((
            at..at + 1,
            "no character of names",
            "names of variables have no `$`".to_owned(),
        ));
    }
    if code.ends_with('{') {
        return Some((
            code.len() - 1..code.len(),
            "begins no block",
            "blocks have no braces: end the line with `:` and indent the next ones".to_owned(),
        ));
    }
    if let Some(at) = code.find("new ") {
        return Some((
            at..at + "new".len(),
            "no word of Python",
            "an object is made by calling its class: `Class(...)`".to_owned(),
        ));
    }
    for word in [" then", " do"] {
        if code.ends_with(word) {
            return Some((
                code.len() - word.len() + 1..code.len(),
                "no word of Python",
                "the line that begins a block ends with `:`".to_owned(),
            ));
        }
    }
    None
}
