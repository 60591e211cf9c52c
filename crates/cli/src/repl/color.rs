//! Colours of what is typed, and whether there shall be any.

use std::ops::Range;

use vivarium::syntax::lexer::{self, Kind};
use vivarium::syntax::source::Source;

/// Whether text for a terminal is coloured: `PYTHON_COLORS`, `NO_COLOR`, `FORCE_COLOR` and `TERM`, in this order.
pub fn wanted(ignore_environment: bool, is_terminal: bool) -> bool {
    let set = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    if !ignore_environment {
        match set("PYTHON_COLORS").as_deref() {
            Some("0") => return false,
            Some("1") => return true,
            _ => {}
        }
    }
    if set("NO_COLOR").is_some() {
        return false;
    }
    if set("FORCE_COLOR").is_some() {
        return true;
    }
    is_terminal && std::env::var("TERM").is_ok_and(|term| term != "dumb")
}

const RESET: &str = "\x1b[0m";
const KEYWORD: &str = "\x1b[1;34m";
const STRING: &str = "\x1b[32m";
const NUMBER: &str = "\x1b[33m";
const COMMENT: &str = "\x1b[31m";
const BUILTIN: &str = "\x1b[36m";
/// A bracket and its partner.
const BRACKET: &str = "\x1b[1;35m";

/// The prompt, coloured.
pub fn prompt(text: &str) -> String {
    format!("\x1b[1;35m{text}{RESET}")
}

/// The text with the colours of its tokens. What the lexer does not reach stays as it is. The brackets around the cursor
/// are marked.
pub fn highlight(text: &str, cursor: Option<usize>, is_builtin: impl Fn(&str) -> bool) -> String {
    let mut spans = spans(text, is_builtin);
    if let Some((open, close)) = cursor.and_then(|at| brackets(&spans, text, at)) {
        spans.push((open..open + 1, BRACKET));
        spans.push((close..close + 1, BRACKET));
        spans.sort_by_key(|(range, _)| range.start);
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut done = 0;
    for (range, color) in spans {
        let (Some(before), Some(token)) = (text.get(done..range.start), text.get(range.clone()))
        else {
            continue;
        };
        out.push_str(before);
        out.push_str(color);
        out.push_str(token);
        out.push_str(RESET);
        done = range.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

fn spans(text: &str, is_builtin: impl Fn(&str) -> bool) -> Vec<(Range<usize>, &'static str)> {
    let Ok(source) = Source::from_text(text) else {
        return Vec::new();
    };
    let lexed = lexer::lex(&source, Kind::StartExec);
    let mut spans: Vec<(Range<usize>, &'static str)> = Vec::new();
    let mut done = 0;
    let mut after_dot = false;
    for token in &lexed.tokens {
        let range = token.start as usize..token.end as usize;
        let Some(word) = text.get(range.clone()).filter(|w| !w.is_empty()) else {
            continue;
        };
        // Comments are no tokens; they stand between them.
        if let Some(gap) = text.get(done..range.start)
            && let Some(at) = gap.find('#')
        {
            let end = gap[at..].find('\n').map_or(gap.len(), |n| at + n);
            spans.push((done + at..done + end, COMMENT));
        }
        done = range.end;
        let color = match token.kind {
            Kind::String | Kind::FStringStart | Kind::TStringStart => STRING,
            Kind::Number => NUMBER,
            Kind::Name if !after_dot && is_builtin(word) => BUILTIN,
            Kind::Name => "",
            // The end of a line begins with its comment.
            _ if word.starts_with('#') => COMMENT,
            _ if word.starts_with(['"', '\'']) => STRING,
            _ if word.starts_with(|c: char| c.is_ascii_alphabetic()) => KEYWORD,
            _ => "",
        };
        after_dot = token.kind == Kind::Dot;
        if !color.is_empty() {
            spans.push((range, color));
        }
    }
    if let Some(gap) = text.get(done..)
        && lexed.error.is_none()
        && let Some(at) = gap.find('#')
    {
        spans.push((done + at..text.len(), COMMENT));
    }
    spans
}

/// The bracket at or before the cursor, and its partner; those within strings and comments do not count.
fn brackets(
    spans: &[(Range<usize>, &'static str)],
    text: &str,
    cursor: usize,
) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let quoted = |at: usize| spans.iter().any(|(range, _)| range.contains(&at));
    let is_bracket =
        |at: usize| bytes.get(at).is_some_and(|b| b"()[]{}".contains(b)) && !quoted(at);
    let at = if is_bracket(cursor) {
        cursor
    } else {
        cursor.checked_sub(1).filter(|&at| is_bracket(at))?
    };
    let mut open = Vec::new();
    for i in (0..bytes.len()).filter(|&i| is_bracket(i)) {
        let byte = *bytes.get(i)?;
        if b"([{".contains(&byte) {
            open.push((i, byte));
            continue;
        }
        let (start, opener) = open.pop()?;
        if !matches!((opener, byte), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
            return None;
        }
        if start == at || i == at {
            return Some((start, i));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        let mut out = String::new();
        let mut inside = false;
        for c in text.chars() {
            match c {
                '\x1b' => inside = true,
                'm' if inside => inside = false,
                _ if !inside => out.push(c),
                _ => {}
            }
        }
        out
    }

    #[test]
    fn the_text_stays_the_same() {
        for text in [
            "def f(x): # why\n    return 'a' + f'{x}'",
            "x = 'unclosed",
            "(([)",
            "é = 'ü' # ö",
            "",
        ] {
            for cursor in 0..text.len() {
                assert_eq!(plain(&highlight(text, Some(cursor), |_| true)), text);
            }
        }
    }

    #[test]
    fn partners() {
        assert_eq!(brackets(&[], "f(a[1])", 1), Some((1, 6)));
        assert_eq!(brackets(&[], "f(a[1])", 7), Some((1, 6)));
        assert_eq!(brackets(&[], "f(a[1)", 1), None);
    }
}
