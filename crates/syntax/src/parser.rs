//! The way of a source: decode, lex, classify, parse; and on refusal, diagnose.

use crate::actions::{Cx, Failure};
use crate::ast::Mod;
use crate::classify::classify;
use crate::diagnose::{Refused, diagnose, prefer_lexer};
use crate::error::{SyntaxError, Warning};
use crate::lexer::{self, Kind, Token};
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
    let lexed_warnings = std::mem::take(&mut lexed.warnings);
    classify(source.text(), &mut lexed.tokens);
    let next = Cell::new(0);
    let line = (mode == Mode::Single)
        .then(|| first_line(&lexed.tokens))
        .flatten();
    let end = [Token {
        kind: Kind::End,
        ..lexed.tokens.last().copied().unwrap_or(EMPTY)
    }];
    let read = lexed
        .tokens
        .get(..line.map_or(lexed.tokens.len(), |n| n + 1))
        .unwrap_or(&lexed.tokens);
    let tail = if line.is_some() { &end[..] } else { &[] };
    let mut cx = Cx::new(source, &lexed.tokens, &next);
    let tokens = read.iter().chain(tail).zip(0u32..).map(|(t, i)| {
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
        (Ok(_), None) if line.is_some_and(|n| more_follows(&lexed.tokens[n..])) => {
            let newline = cx.token(line.unwrap_or(0) as u32);
            let msg = "multiple statements found while compiling a single statement";
            Err(Box::new(crate::error::at_span(
                source,
                crate::ErrorKind::Syntax,
                msg,
                newline.span,
            )))
        }
        (Ok(ast), None) => {
            let mut warnings = lexed_warnings;
            warnings.append(&mut cx.warnings);
            Ok(Parsed { ast, warnings })
        }
        (_, Some(Failure::Error(mut error))) => {
            let line = cx.token(next.get()).span.line;
            error.finish_text(error.line >= line, mode == Mode::Exec);
            Err(warned(
                prefer_lexer(&refused, *error, line),
                &mut cx,
                next.get(),
                lexed_warnings,
            ))
        }
        (_, Some(Failure::Invalid(at))) => {
            refused.at = at as usize;
            Err(warned(
                diagnose(&refused),
                &mut cx,
                next.get(),
                lexed_warnings,
            ))
        }
        (Err(_), None) => Err(warned(
            diagnose(&refused),
            &mut cx,
            next.get(),
            lexed_warnings,
        )),
    }
}

/// The error with the warnings found before it.
fn warned(
    mut error: SyntaxError,
    cx: &mut Cx<'_>,
    end: u32,
    lexed: Vec<Warning>,
) -> Box<SyntaxError> {
    crate::actions::note_strings(cx, end);
    error.warnings = lexed;
    error.warnings.append(&mut cx.warnings);
    Box::new(error)
}

const EMPTY: Token = Token {
    kind: Kind::End,
    start: 0,
    end: 0,
    span: crate::ast::Span {
        line: 0,
        col: 0,
        end_line: 0,
        end_col: 0,
    },
};

/// In mode `single`, the newline that ends the first line, if that is a line of simple statements: no more is parsed.
fn first_line(tokens: &[Token]) -> Option<usize> {
    if tokens.get(1).is_none_or(|t| t.kind.starts_compound()) {
        return None;
    }
    tokens.iter().position(|t| t.kind == Kind::Newline)
}

/// Whether anything but white space stands behind the first line.
fn more_follows(rest: &[Token]) -> bool {
    let blank = |t: &Token| {
        matches!(
            t.kind,
            Kind::Newline | Kind::Indent | Kind::Dedent | Kind::End
        )
    };
    !rest.iter().all(blank)
}
