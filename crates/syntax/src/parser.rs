//! The way of a source: decode, lex, classify, parse; and on refusal, diagnose.

use crate::actions::{Cx, Failure};
use crate::ast::Mod;
use crate::classify::classify;
use crate::diagnose::{Refused, diagnose, prefer_lexer};
use crate::error::{SyntaxError, Warning};
use crate::lexer::{self, Kind};
use crate::source::Source;
use std::cell::Cell;

/// What kind of source is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// A module (`exec`).
    Exec,
    /// One expression (`eval`).
    Eval,
    /// One interactive statement (`single`).
    Single,
}

/// A parsed source.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The tree.
    pub ast: Mod,
    /// What lexer and parser warn of.
    pub warnings: Vec<Warning>,
}

/// Parses bytes, which may name their encoding (PEP 263).
///
/// # Errors
/// Whatever CPython refuses, with its message and place.
pub fn parse(source: &[u8], mode: Mode) -> Result<Parsed, Box<SyntaxError>> {
    parse_source(&Source::from_bytes(source)?, mode)
}

/// Parses text.
///
/// # Errors
/// Whatever CPython refuses, with its message and place.
pub fn parse_str(source: &str, mode: Mode) -> Result<Parsed, Box<SyntaxError>> {
    parse_source(&Source::from_text(source)?, mode)
}

fn parse_source(source: &Source<'_>, mode: Mode) -> Result<Parsed, Box<SyntaxError>> {
    let start = match mode {
        Mode::Exec => Kind::StartExec,
        Mode::Eval => Kind::StartEval,
        Mode::Single => Kind::StartSingle,
    };
    let mut lexed = lexer::lex(source, start);
    classify(source.text(), &mut lexed.tokens);
    let next = Cell::new(0);
    let mut cx = Cx::new(source, &lexed.tokens, &next);
    let tokens = lexed.tokens.iter().zip(0u32..).map(|(t, i)| {
        next.set(i);
        (i, t.kind, i + 1)
    });
    let result = crate::grammar::TopParser::new().parse(&mut cx, tokens);
    let mut refused = Refused {
        source,
        tokens: &lexed.tokens,
        lexer: lexed.error.as_ref(),
        mode,
        at: next.get() as usize,
    };
    match (result, cx.failure.take()) {
        (Ok(ast), None) => {
            let mut warnings = lexed.warnings;
            warnings.append(&mut cx.warnings);
            Ok(Parsed { ast, warnings })
        }
        (_, Some(Failure::Error(error))) => {
            let line = error.line;
            Err(Box::new(prefer_lexer(&refused, *error, line)))
        }
        (_, Some(Failure::Invalid(at))) => {
            refused.at = at as usize;
            Err(Box::new(diagnose(&refused)))
        }
        (Err(_), None) => Err(Box::new(diagnose(&refused))),
    }
}
