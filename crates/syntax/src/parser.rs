//! The way of a source: decode, lex, classify, parse; and on refusal, diagnose.

use crate::actions::{Cx, Failure};
use crate::ast::Mod;
use crate::classify::classify;
use crate::error::{ErrorKind, SyntaxError, Warning, at_span};
use crate::lexer::{self, Kind};
use crate::source::Source;

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
    parse_source(&Source::from_str(source)?, mode)
}

fn parse_source(source: &Source<'_>, mode: Mode) -> Result<Parsed, Box<SyntaxError>> {
    let start = match mode {
        Mode::Exec => Kind::StartExec,
        Mode::Eval => Kind::StartEval,
        Mode::Single => Kind::StartSingle,
    };
    let mut lexed = lexer::lex(source, start);
    classify(source.text(), &mut lexed.tokens);
    let mut cx = Cx::new(source, &lexed.tokens);
    let tokens = lexed.tokens.iter().zip(0u32..).map(|(t, i)| (i, t.kind, i + 1));
    let result = crate::grammar::TopParser::new().parse(&mut cx, tokens);
    match (result, cx.failure.take()) {
        (Ok(ast), None) => {
            let mut warnings = lexed.warnings;
            warnings.append(&mut cx.warnings);
            Ok(Parsed { ast, warnings })
        }
        (_, Some(Failure::Error(error))) => Err(error),
        (result, _) => {
            if let Some(e) = lexed.error {
                return Err(Box::new(e.error));
            }
            let at = match result {
                Err(lalrpop_util::ParseError::UnrecognizedToken { token: (l, ..), .. }) => l,
                _ => 0,
            };
            let span = cx.token(at).span;
            Err(Box::new(at_span(source, ErrorKind::Syntax, "invalid syntax", span)))
        }
    }
}
