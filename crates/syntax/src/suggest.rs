//! "Did you mean 'while'?": misspelt keywords, as the traceback module of 3.14 finds them when it shows an error.
//!
//! The lines from the last whole compound statement to the error are read again with one name after the other replaced by
//! keywords that look like it; the first that makes them parse is the suggestion.

use crate::error::SyntaxError;
use crate::lexer::{self, Kind, Token};
use crate::parser::{Mode, parse_str};
use crate::source::Source;

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];
/// Longer snippets are not looked at.
const MAX_SNIPPET: usize = 1024;
/// So many names are tried.
const MAX_NAMES: usize = 10;
/// So many keywords are tried for a name.
const MAX_MATCHES: usize = 3;
/// Edit distances: a change of letter, and of its case.
const MOVE_COST: usize = 2;
const CASE_COST: usize = 1;
/// Longer names are not measured.
const MAX_MEASURED: usize = 40;

/// The error as it should be shown if a keyword was misspelt: message, text and columns changed. `source` is the whole source
/// of the error; `from_file` says that it was run from a file, where only the line of the error is searched. `compiles` tells
/// whether code that parses passes the later stages, too: `return` would not do outside a function.
#[must_use]
pub fn keyword_typo(
    error: &SyntaxError,
    source: &str,
    from_file: bool,
    compiles: impl Fn(&str) -> bool,
) -> Option<SyntaxError> {
    if error.msg != "invalid syntax" && !error.msg.contains("Perhaps you forgot a comma") {
        return None;
    }
    let first = error.statement_line.max(1);
    let lines = source
        .lines()
        .skip(first as usize - 1)
        .take((error.line + 1).saturating_sub(first) as usize);
    let snippet = dedent(&lines.collect::<Vec<_>>());
    if snippet.chars().count() > MAX_SNIPPET {
        return None;
    }
    let lexed = Source::from_text(&snippet).ok()?;
    let tokens = lexer::lex(&lexed, Kind::StartExec).tokens;
    let on_line = |t: &&Token| !from_file || t.span.line + first == error.line + 1;
    let names = tokens
        .iter()
        .filter(|t| t.kind == Kind::Name)
        .filter(on_line)
        .take(MAX_NAMES);
    names
        .into_iter()
        .find_map(|token| replaced(&snippet, *token, &compiles))
        .map(|(token, keyword)| {
            let start = lexed.line_start(token.span.line);
            let col = |c: u32| lexed.char_col(start, start + c as usize) + 1;
            SyntaxError {
                msg: format!("invalid syntax. Did you mean '{keyword}'?"),
                line: token.span.line,
                col: col(token.span.col),
                end_line: token.span.line,
                end_col: col(token.span.end_col),
                text: lexed.line_text(token.span.line),
                ..error.clone()
            }
        })
}

/// The keyword that, in the name's place, makes the snippet parse, or the beginning of something that does.
fn replaced(
    snippet: &str,
    token: Token,
    compiles: &impl Fn(&str) -> bool,
) -> Option<(Token, &'static str)> {
    let (before, rest) = snippet.split_at_checked(token.start as usize)?;
    let (name, after) = rest.split_at_checked((token.end - token.start) as usize)?;
    let works = |keyword: &&&str| {
        let code = [before, **keyword, after].concat();
        parse_str(&code, Mode::Exec).map_or_else(|e| e.incomplete, |_| compiles(&code))
    };
    let candidates = candidates(name);
    candidates
        .iter()
        .filter(|k| **k != name)
        .find(works)
        .map(|k| (token, *k))
}

fn candidates(name: &str) -> Vec<&'static str> {
    let name: Vec<char> = name.chars().collect();
    let mut close: Vec<(f64, &str)> = KEYWORDS
        .iter()
        .map(|k| (similarity(&k.chars().collect::<Vec<_>>(), &name), *k))
        .filter(|(ratio, _)| *ratio >= 0.5)
        .collect();
    close.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(a.1)));
    close.truncate(MAX_MATCHES);
    let mut all: Vec<&str> = nearest(&name)
        .into_iter()
        .chain(close.into_iter().map(|c| c.1))
        .collect();
    all.truncate(MAX_MATCHES);
    all
}

/// The share of both texts that lies in their matching blocks (difflib's `ratio`).
fn similarity(a: &[char], b: &[char]) -> f64 {
    let total = a.len() + b.len();
    if total == 0 {
        1.0
    } else {
        2.0 * matching(a, b) as f64 / total as f64
    }
}

/// The characters in matching blocks: the longest common run, and the same again on either side of it. Keywords are short,
/// and so is the recursion.
fn matching(a: &[char], b: &[char]) -> usize {
    let mut best = (0, 0, 0);
    for i in 0..a.len() {
        for j in 0..b.len() {
            let run = a[i..]
                .iter()
                .zip(&b[j..])
                .take_while(|(x, y)| x == y)
                .count();
            if run > best.2 {
                best = (i, j, run);
            }
        }
    }
    let (i, j, run) = best;
    if run == 0 {
        return 0;
    }
    matching(&a[..i], &b[..j]) + run + matching(&a[i + run..], &b[j + run..])
}

/// The keyword within a third of the characters of the name, by edit distance.
fn nearest(name: &[char]) -> Option<&'static str> {
    let mut best: Option<(usize, &str)> = None;
    for keyword in KEYWORDS {
        let letters: Vec<char> = keyword.chars().collect();
        let limit = (name.len() + letters.len() + 3) * MOVE_COST / 6;
        let limit = best.map_or(limit, |(distance, _)| limit.min(distance.saturating_sub(1)));
        match distance(name, &letters) {
            Some(d) if d <= limit && letters != name => best = Some((d, keyword)),
            _ => {}
        }
    }
    best.map(|(_, keyword)| keyword)
}

fn distance(a: &[char], b: &[char]) -> Option<usize> {
    if a.len() > MAX_MEASURED || b.len() > MAX_MEASURED {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).map(|j| j * MOVE_COST).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (i + 1) * MOVE_COST;
        for (j, y) in b.iter().enumerate() {
            let change = match x == y {
                true => 0,
                false if x.eq_ignore_ascii_case(y) => CASE_COST,
                false => MOVE_COST,
            };
            let cost = (diagonal + change)
                .min(row[j] + MOVE_COST)
                .min(row[j + 1] + MOVE_COST);
            diagonal = std::mem::replace(&mut row[j + 1], cost);
        }
    }
    row.last().copied()
}

/// Lines without the white space that all of them begin with.
fn dedent(lines: &[&str]) -> String {
    let mut margin: Option<&str> = None;
    for line in lines.iter().filter(|l| !l.trim().is_empty()) {
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        margin = Some(match margin {
            None => indent,
            Some(m) => {
                let common = m
                    .bytes()
                    .zip(indent.bytes())
                    .take_while(|(x, y)| x == y)
                    .count();
                &m[..common]
            }
        });
    }
    let margin = margin.unwrap_or("");
    let stripped = lines.iter().map(|l| {
        if l.trim().is_empty() {
            ""
        } else {
            l.strip_prefix(margin).unwrap_or(l)
        }
    });
    stripped.collect::<Vec<_>>().join("\n")
}
