//! Tokens as a readable listing.

use crate::classify::classify;
use crate::error::SyntaxError;
use crate::lexer::{self, Kind};
use crate::source::Source;
use std::fmt::Write;

/// Lists the tokens of a file, one a line: place, kind and text, as `1,0-1,3  Name  'foo'`. Soft keywords are shown as what
/// the parser takes them for.
///
/// # Errors
/// What the lexer refuses.
pub fn dump_tokens(source: &[u8]) -> Result<String, Box<SyntaxError>> {
    let source = Source::from_bytes(source)?;
    let mut lexed = lexer::lex(&source, Kind::StartExec);
    if let Some(error) = lexed.error {
        return Err(Box::new(error.error));
    }
    classify(source.text(), &mut lexed.tokens);
    let mut out = String::new();
    for token in lexed.tokens.iter().skip(1) {
        let text = source
            .text()
            .get(token.start as usize..token.end as usize)
            .unwrap_or("");
        let s = token.span;
        let place = format!("{},{}-{},{}", s.line, s.col, s.end_line, s.end_col);
        let kind = format!("{:?}", token.kind);
        let text = super::str_repr(&crate::ast::StrValue::from(text));
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{place:<16}{kind:<18}{text}");
    }
    Ok(out)
}
