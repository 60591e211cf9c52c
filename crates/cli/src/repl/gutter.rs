//! The room for `sys.ps2` before the lines after the first.
//!
//! The editor counts columns by the text that it holds, so the room must be part of it: each line break that Enter makes is
//! followed by as many marks as the prompt is wide, which are painted as the prompt and never leave the editor. Marks are no
//! characters of any text: Unicode keeps them for programs' own use. Pasted lines have none, and are shown from the left edge.

/// One column of the room.
const MARK: char = '\u{fdd0}';
/// The last column of the room.
pub const LAST: char = '\u{fdd1}';

/// The first blank of an indentation that a key has made, and that another key takes back at once.
pub const INDENT: char = '\u{fdd2}';

/// An indentation of some columns.
pub fn indentation(columns: usize) -> String {
    let mut text = String::new();
    if columns > 0 {
        text.push(INDENT);
        text.extend(std::iter::repeat_n(' ', columns - 1));
    }
    text
}

/// Whether a character is none of the text's own.
pub fn is_special(c: char) -> bool {
    is_mark(c) || c == INDENT
}

/// Whether a character is a column of the room.
pub fn is_mark(c: char) -> bool {
    matches!(c, MARK | LAST)
}

/// The text without marks: what was typed.
pub fn typed(text: &str) -> String {
    text.replace(is_mark, "").replace(INDENT, " ")
}

/// The columns that a prompt needs; none where it is not one plain line.
pub fn width(prompt: &str) -> usize {
    if prompt.chars().any(char::is_control) {
        0
    } else {
        prompt.chars().count()
    }
}

/// The text with room before each line but the first, and indentations of four columns that a key takes back.
pub fn with_room(text: &str, width: usize) -> String {
    let mut out = String::new();
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push_str(&line_break(width));
        }
        let body = line.trim_start_matches("    ");
        for _ in 0..(line.len() - body.len()) / 4 {
            out.push_str(&indentation(4));
        }
        out.push_str(body);
    }
    out
}

/// A line break and the room after it.
pub fn line_break(width: usize) -> String {
    let mut text = String::from("\n");
    if width > 0 {
        text.extend(std::iter::repeat_n(MARK, width - 1));
        text.push(LAST);
    }
    text
}

/// The marks that the last line of the text begins with, and what follows them.
pub fn last_line(text: &str) -> (usize, &str) {
    let line = text.rsplit('\n').next().unwrap_or_default();
    let rest = line.trim_start_matches(is_mark);
    (line.chars().count() - rest.chars().count(), rest)
}

/// What stands behind the line break and the room which `text` begins with; nothing where it begins with something else.
pub fn after_break(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('\n')?;
    let line = rest.trim_start_matches(is_mark);
    (line.len() < rest.len()).then_some(line)
}

/// Puts the prompt where the marks of `text` are into `shown`, the same text without marks and with colours.
pub fn paint(text: &str, shown: &str, prompt: &str, colors: bool) -> String {
    let mut out = String::with_capacity(shown.len() + text.len() / 8);
    let mut style = String::new();
    let mut rest = shown.chars().peekable();
    let mut marks = 0;
    let mut starts_line = false;
    for c in text.chars() {
        if is_mark(c) {
            marks += 1;
            continue;
        }
        put_marks(&mut out, marks, starts_line, prompt, &style, colors);
        starts_line = c == '\n';
        marks = 0;
        while rest.peek() == Some(&'\x1b') {
            let mut escape = String::new();
            for e in rest.by_ref() {
                escape.push(e);
                if e == 'm' {
                    break;
                }
            }
            out.push_str(&escape);
            style = if escape == "\x1b[0m" {
                String::new()
            } else {
                escape
            };
        }
        out.extend(rest.next());
    }
    out.extend(rest);
    put_marks(&mut out, marks, starts_line, prompt, &style, colors);
    out
}

fn put_marks(
    out: &mut String,
    marks: usize,
    starts_line: bool,
    prompt: &str,
    style: &str,
    colors: bool,
) {
    if marks == 0 {
        return;
    }
    if !starts_line || prompt.chars().count() != marks {
        out.extend(std::iter::repeat_n(' ', marks));
    } else if colors {
        if !style.is_empty() {
            out.push_str("\x1b[0m");
        }
        out.push_str(&super::color::prompt(prompt));
        out.push_str(style);
    } else {
        out.push_str(prompt);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_the_prompt() {
        let text = with_room("if x:\n    y\n", 4);
        assert_eq!(typed(&text), "if x:\n    y\n");
        assert_eq!(
            paint(&text, "if x:\n    y\n", "... ", false),
            "if x:\n...     y\n... "
        );
        assert_eq!(last_line(&with_room("a\n  b", 4)), (4, "  b"));
        assert_eq!(typed(&indentation(4)), "    ");
    }

    #[test]
    fn colours_go_on_after_the_prompt() {
        let text = with_room("'''\n'''", 4);
        assert_eq!(
            paint(&text, "\x1b[32m'''\n'''\x1b[0m", "... ", true),
            "\x1b[32m'''\n\x1b[0m\x1b[1;35m... \x1b[0m\x1b[32m'''\x1b[0m"
        );
    }

    #[test]
    fn marks_elsewhere_are_blanks() {
        let text = format!("a{LAST}b");
        assert_eq!(paint(&text, "ab", "... ", true), "a b");
    }
}
