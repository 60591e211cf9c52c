//! Mistakes for tools: one JSON object a line.

use std::fmt::Write as _;

use vivarium::runtime::vm::interp::Mistake;

use super::advice::Advice;

/// A mistake in a program.
pub fn line(mistake: &Mistake, advice: Option<&Advice>) -> String {
    let mut out = format!(
        "{{\"kind\":{},\"message\":{}",
        quoted(&mistake.class),
        quoted(&mistake.message)
    );
    // Writing to a string cannot fail.
    if !mistake.filename.is_empty() {
        let _ = write!(
            out,
            ",\"file\":{},\"line\":{},\"column\":{},\"end_line\":{},\"end_column\":{}",
            quoted(&mistake.filename),
            mistake.line,
            mistake.column,
            mistake.end_line,
            mistake.end_column
        );
    }
    if let Some(advice) = advice {
        if let Some(label) = &advice.label {
            let _ = write!(out, ",\"label\":{}", quoted(label));
        }
        let _ = write!(out, ",\"help\":{}", quoted(&advice.help));
    }
    out.push_str("}\n");
    out
}

/// Wrong usage of the command.
pub fn usage(message: &str, code: u8) -> String {
    format!(
        "{{\"kind\":\"usage\",\"message\":{},\"exit_code\":{code}}}",
        quoted(message)
    )
}

/// A JSON string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn strings_are_escaped() {
        assert_eq!(quoted("a\"\\\n\u{1}ü"), "\"a\\\"\\\\\\n\\u0001ü\"");
    }
}
