//! Advice for the mistakes that people make: what was expected, and what to write instead.
//!
//! The rules look at the message first, which is CPython's and often says much already; for the plain `invalid syntax` they
//! look at the line, where other languages and Python 2 show.

use std::ops::Range;

use vivarium::runtime::vm::interp::Mistake;

use super::foreign::foreign;

/// What to do about a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What is said at the place itself.
    pub label: Option<String>,
    /// What to write instead.
    pub help: String,
    /// The bytes of the line that are of another language: they are shown in the place of what the parser stumbled over.
    pub part: Option<Range<usize>>,
}

pub(super) fn advice(label: &str, help: impl Into<String>) -> Option<Advice> {
    Some(Advice {
        label: (!label.is_empty()).then(|| label.to_owned()),
        help: help.into(),
        part: None,
    })
}

/// The advice for a mistake.
pub fn of(mistake: &Mistake) -> Option<Advice> {
    if mistake.class == "NameError" {
        return name(&mistake.message);
    }
    let line = line(mistake);
    foreign(&line, mistake)
        .or_else(|| known(&mistake.message, &line))
        .or_else(|| {
            (mistake.message == "invalid syntax")
                .then(|| keyword(&line))
                .flatten()
        })
}

/// The line of the mistake.
fn line(mistake: &Mistake) -> String {
    let at = if mistake.is_line { 1 } else { mistake.line };
    let at = usize::try_from(at - 1).unwrap_or(0);
    mistake
        .source
        .lines()
        .nth(at)
        .unwrap_or_default()
        .to_owned()
}

/// Names of other languages.
fn name(message: &str) -> Option<Advice> {
    let name = message.strip_prefix("name '")?.split('\'').next()?;
    let help = match name {
        "null" | "nil" | "NULL" | "undefined" | "nullptr" => "Python's value for nothing is `None`",
        "true" | "TRUE" => "Python writes it `True`",
        "false" | "FALSE" => "Python writes it `False`",
        "this" => "a method gets its object as its first parameter, by custom called `self`",
        "xrange" => "Python 3 calls it `range`",
        "raw_input" => "Python 3 calls it `input`",
        "unicode" | "basestring" => "in Python 3 every text is a `str`",
        "unichr" => "Python 3 calls it `chr`",
        "long" => "in Python 3 every whole number is an `int`",
        "reduce" => "it is in a module: `from functools import reduce`",
        "reload" => "it is in a module: `from importlib import reload`",
        "execfile" => "write `exec(open(file).read())`",
        "printf" | "println" | "puts" | "echo" => "Python writes it `print(...)`",
        "strlen" | "length" | "sizeof" => "the length of `x` is `len(x)`",
        _ => return None,
    };
    advice("", help)
}

/// Messages that CPython gives for one kind of mistake.
fn known(message: &str, line: &str) -> Option<Advice> {
    let starts = |text: &str| message.starts_with(text);
    if message == "expected ':'" {
        return advice(
            "a colon belongs here",
            "the line that begins a block ends with `:`",
        );
    }
    if starts("invalid syntax. Maybe you meant '==' or ':='")
        || message.contains("Maybe you meant '==' instead of '='")
    {
        return advice(
            "this assigns",
            "compare with `==`; `=` only gives a value to a name",
        );
    }
    if message.ends_with("was never closed") {
        let close = match message.chars().nth(1) {
            Some('(') => ')',
            Some('[') => ']',
            _ => '}',
        };
        return advice(
            "opened here",
            format!("add the `{close}` that belongs to it"),
        );
    }
    if let Some((_, keyword)) = message.split_once("Did you mean '") {
        let keyword = keyword.trim_end_matches(['?', '\'']);
        return advice("misspelt", format!("write `{keyword}`"));
    }
    if starts("unmatched") {
        return advice(
            "nothing is open here",
            "remove it, or open the bracket before it",
        );
    }
    if starts("closing parenthesis") {
        return advice(
            "the wrong bracket",
            "close brackets in the reverse order of their opening",
        );
    }
    if starts("inconsistent use of tabs") {
        return advice(
            "tabs and spaces are mixed",
            "indent with four spaces everywhere",
        );
    }
    if starts("Missing parentheses in call to 'print'") {
        return advice(
            "a statement in Python 2",
            "print is a function: `print(...)`",
        );
    }
    if starts("Missing parentheses in call to 'exec'") {
        return advice("a statement in Python 2", "exec is a function: `exec(...)`");
    }
    if starts("invalid character '") {
        let c = message
            .chars()
            .nth("invalid character '".len())
            .unwrap_or(' ');
        return match c {
            '“' | '”' | '„' | '‘' | '’' | '«' | '»' => advice(
                "a quotation mark of a word processor",
                "strings stand between straight quotes: `\"` or `'`",
            ),
            '–' | '—' | '−' => advice("a dash", "minus is `-`"),
            '×' => advice("a sign of multiplication", "multiply with `*`"),
            '÷' => advice(
                "a sign of division",
                "divide with `/`, or `//` for whole numbers",
            ),
            '≤' => advice("one character", "write `<=`"),
            '≥' => advice("one character", "write `>=`"),
            '≠' => advice("one character", "write `!=`"),
            '…' => advice("one character", "write three dots: `...`"),
            _ => advice(
                "this character has no meaning here",
                "names are made of letters, digits and `_`; other characters belong in strings",
            ),
        };
    }
    if starts("invalid non-printable character") {
        return advice(
            "this cannot be seen",
            "delete it; it often comes with text copied from a web page",
        );
    }
    if message.contains("Perhaps you forgot a comma") {
        return advice("two values in a row", "separate them with `,`");
    }
    if message.contains("f-string: expecting '}'")
        || message.contains("f-string: expecting a valid expression after '{'")
    {
        return advice(
            "the field ends here",
            "close the field with `}`; a brace itself is written `{{`",
        );
    }
    if message.contains("string: single '}' is not allowed") {
        return advice("no field is open", "a brace itself is written `}}`");
    }
    if message.contains("string: valid expression required before '}'") {
        return advice(
            "an empty field",
            "write an expression between the braces; braces themselves are `{{}}`",
        );
    }
    if message.starts_with("'elif' block follows") {
        return advice("too late", "`else` comes last: put `elif` before it");
    }
    if starts("expected an indented block") {
        return advice(
            "this line is not indented",
            "indent the block by four spaces; an empty one is `pass`",
        );
    }
    if message == "unexpected indent" {
        return advice(
            "deeper than the line before",
            "only a line that ends with `:` is followed by deeper ones",
        );
    }
    if starts("unindent does not match") {
        return advice(
            "no block began here",
            "indent the line as the block that it belongs to",
        );
    }
    if message == "unexpected unindent" {
        return advice(
            "the block ends too early",
            "complete what was begun in the lines above",
        );
    }
    if starts("unterminated triple-quoted") {
        return advice(
            "the string begins here",
            "close it with the same three quotes",
        );
    }
    if message.contains("unterminated") && message.contains("string literal") {
        return advice(
            "the string begins here",
            "close it with the same quote; a string of several lines has three: `\"\"\"`",
        );
    }
    if starts("unexpected character after line continuation") {
        return advice(
            "something follows",
            "`\\` must be the last character of a line",
        );
    }
    if starts("cannot assign to") || starts("cannot delete") {
        return advice(
            "nothing can be stored here",
            "only names, attributes `a.b` and items `a[i]` can be assigned to or deleted",
        );
    }
    if message == "'return' outside function" {
        return advice(
            "no function around it",
            "only a function returns; end a script with `raise SystemExit`",
        );
    }
    if starts("'yield") || message.contains("'yield' outside function") {
        return advice("no function around it", "only a function yields");
    }
    if message.contains("outside async function") {
        return advice(
            "not in an `async def`",
            "begin the function with `async def`, or call `asyncio.run(...)`",
        );
    }
    if message.contains("outside loop") || message.contains("not properly in loop") {
        return advice("no loop around it", "leave a function with `return`");
    }
    if starts("positional argument follows keyword argument") {
        return advice(
            "after one with a name",
            "arguments without a name come first",
        );
    }
    if message.contains("without a default follows parameter with a default") {
        return advice(
            "this one has no default",
            "give it a default, or move it before those that have one",
        );
    }
    if starts("duplicate parameter") || message.starts_with("duplicate argument") {
        return advice("the name is taken", "give each parameter a name of its own");
    }
    if starts("keyword argument repeated") {
        return advice("a second time", "pass each argument once");
    }
    if starts("leading zeros in decimal") {
        return advice(
            "a number with a zero before it",
            "octal numbers begin with `0o`; a decimal one has no zeros before it",
        );
    }
    if message == "invalid decimal literal" {
        let long = line.contains('L') || line.contains('l');
        return if long && line.chars().any(|c| c.is_ascii_digit()) && !line.contains('_') {
            advice(
                "the number ends here",
                "numbers have no suffix, and names do not begin with a digit",
            )
        } else {
            advice(
                "the number ends here",
                "names do not begin with a digit; `_` in a number stands between digits",
            )
        };
    }
    if message == "expected 'except' or 'finally' block" {
        return advice(
            "the `try` ends here",
            "add `except SomeError:` and what to do then",
        );
    }
    if starts("multiple exception types must be parenthesized") {
        return advice("several types", "write `except (A, B) as error:`");
    }
    if starts("Did you mean to use 'from ... import ...'") {
        return advice("the wrong way round", "write `from module import name`");
    }
    if starts("Expected one or more names after 'import'") {
        return advice(
            "the names are missing",
            "name what to import, or `*` for all",
        );
    }
    if starts("trailing comma not allowed") {
        return advice(
            "nothing follows the comma",
            "remove the comma, or put the names in parentheses",
        );
    }
    if starts("from __future__ imports must occur") {
        return advice(
            "other code comes before it",
            "move it to the top of the file, below the docstring",
        );
    }
    if message.contains("is assigned to before global declaration")
        || message.contains("is used prior to global declaration")
    {
        return advice(
            "too late: the function has used the name",
            "put `global` at the top of the function",
        );
    }
    if starts("nonlocal declaration not allowed") {
        return advice(
            "no function around it",
            "`nonlocal` belongs in a function within a function",
        );
    }
    if starts("no binding for nonlocal") {
        return advice(
            "no outer function has this name",
            "an outer function must have the name; for one of the module write `global`",
        );
    }
    if message.contains("expected '('") {
        return advice(
            "a parenthesis belongs here",
            "a function has parentheses even without parameters: `def f():`",
        );
    }
    if message.contains("positional patterns follow keyword patterns") {
        return advice(
            "after one with a name",
            "patterns without a name come first",
        );
    }
    if message.contains("bytes can only contain ASCII") {
        return advice(
            "a character that is not ASCII",
            "write the character as `\\x..`, or encode a text: `\"...\".encode()`",
        );
    }
    None
}

/// A keyword where a name should stand.
fn keyword(line: &str) -> Option<Advice> {
    let code = line.trim();
    let (target, _) = code.split_once('=')?;
    let target = target.trim();
    let is_keyword = [
        "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
        "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with",
        "yield",
    ]
    .contains(&target);
    is_keyword
        .then(|| {
            advice(
                "a keyword",
                format!("choose another name, `{target}_` by custom"),
            )
        })
        .flatten()
}
