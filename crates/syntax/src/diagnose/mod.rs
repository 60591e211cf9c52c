//! The diagnosis: why a source is refused.
//!
//! The LALR parser only says *that* it refuses. On refusal this second reader goes over the tokens again, by recursive
//! descent with backtracking and memory, as CPython's own parser does (PEP 617): a first pass finds the furthest token that
//! anything asked for, a second tries, where rules fail, to recognise what the writer may have meant, and raises the message
//! for it. What the second pass raises, or else "invalid syntax" at the furthest token, is the error; unless an error of
//! the lexer lies further on, which wins.
//!
//! Invariants: nothing here runs for a source that parses. The reader builds [`Node`]s that know kind and place only.
//! Recursion is bounded by [`MAX_LEVEL`], and the whole runs on a thread with a stack for that.

mod args;
mod compound;
mod display;
mod exception;
mod expr;
mod node;
mod operator;
mod params;
mod pattern;
mod peg;
mod raise;
mod simple;
mod string;
mod target;

use crate::error::{ErrorKind, SyntaxError};
use crate::lexer::{Kind, LexError, Token};
use crate::parser::Mode;
use crate::source::Source;
use peg::Peg;

/// Rules may call each other this deep, as in CPython's parser.
const MAX_LEVEL: u32 = 6000;
/// Room for [`MAX_LEVEL`] rules, in builds without optimisation too.
const STACK: usize = 128 << 20;

/// What is known of a refused source.
pub struct Refused<'s> {
    pub source: &'s Source<'s>,
    pub tokens: &'s [Token],
    pub lexer: Option<&'s LexError>,
    pub mode: Mode,
    /// The token that the LALR parser had come to.
    pub at: usize,
}

/// The error to report.
pub fn diagnose(refused: &Refused<'_>) -> SyntaxError {
    let (start, previous) = statement_before(refused);
    let run = || {
        Diagnosis {
            refused,
            start,
            previous,
        }
        .error()
    };
    let spawned = std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        builder
            .spawn_scoped(scope, run)
            .ok()
            .and_then(|thread| thread.join().ok())
    });
    // Without a thread the place alone must do.
    spawned.unwrap_or_else(|| {
        let at = refused.at.min(refused.tokens.len().saturating_sub(1));
        let span = refused.tokens.get(at).map(|t| t.span).unwrap_or_default();
        crate::error::at_span(refused.source, ErrorKind::Syntax, "invalid syntax", span)
    })
}

/// An error found by the lexer, unless the diagnosis of what was parsed before says otherwise.
pub fn prefer_lexer(refused: &Refused<'_>, error: SyntaxError, line: u32) -> SyntaxError {
    match refused.lexer {
        None => error,
        Some(lexer) if lexer.in_ftstring => error,
        Some(lexer) if !lexer.quiet && lexer.unclosed_line.is_none() => lexer.error.clone(),
        Some(lexer) => match &lexer.open {
            Some((open, unclosed)) if line > *open => unclosed.clone(),
            _ => error,
        },
    }
}

/// The first token of a top-level statement before the refusal: all before it has been parsed. And the line of the
/// last compound statement before that, if there is one.
fn statement_before(refused: &Refused<'_>) -> (usize, u32) {
    if refused.mode != Mode::Exec {
        return (1, 0);
    }
    let (mut start, mut previous, mut depth, mut decorated) = (1, 0, 0usize, false);
    for (i, token) in refused.tokens.iter().enumerate().take(refused.at).skip(1) {
        match token.kind {
            Kind::Indent => depth += 1,
            Kind::Dedent => depth = depth.saturating_sub(1),
            _ => {}
        }
        let before = refused.tokens[i - 1].kind;
        let first = matches!(before, Kind::Newline | Kind::Dedent) && depth == 0;
        let continues = matches!(
            token.kind,
            Kind::Elif | Kind::Else | Kind::Except | Kind::Finally | Kind::Dedent | Kind::Indent
        );
        if first && !continues {
            if !decorated {
                if refused.tokens[start].kind.starts_compound() {
                    previous = refused.tokens[start].span.line;
                }
                start = i;
            }
            decorated = token.kind == Kind::At;
        }
    }
    (start, previous)
}

struct Diagnosis<'r, 's> {
    refused: &'r Refused<'s>,
    start: usize,
    /// The line of the last compound statement before the start.
    previous: u32,
}

impl Diagnosis<'_, '_> {
    fn error(&self) -> SyntaxError {
        let mut peg = Peg::new(self.refused, self.start);
        peg.statement_line = self.previous;
        let done = peg.root();
        let mut last = peg.furthest();
        // More input could mend what fails at the end.
        let incomplete = self.is_end(last);
        let mut raised = peg.take_raised();
        if raised.is_none() && matches!(done, Ok(true)) {
            // The two readers disagree: trust the parser's place.
            last = self.refused.at;
        }
        let by_first_pass = raised.is_some();
        if raised.is_none() {
            peg.second_pass();
            // Recognised or not, what counts is what was raised.
            let _ = peg.root();
            raised = peg.take_raised();
        }
        let error = match raised {
            Some(raised) if raised.is_final => {
                // Whether more input could help was decided where the first pass ended.
                return SyntaxError {
                    incomplete: raised.error.incomplete && (by_first_pass || incomplete),
                    ..raised.error
                };
            }
            Some(raised) => SyntaxError {
                incomplete,
                ..raised.error
            },
            None => match self.generic(last) {
                error if error.kind == ErrorKind::Indentation => {
                    let line = peg.line_of_furthest();
                    let error = SyntaxError {
                        incomplete,
                        ..error
                    };
                    return self.with_text(error, line);
                }
                error => SyntaxError {
                    incomplete,
                    ..error
                },
            },
        };
        let line = peg.line_of_furthest();
        let error = SyntaxError {
            statement_line: peg.statement_line,
            ..self.with_text(error, line)
        };
        prefer_lexer(self.refused, error, line)
    }

    /// The error with its text as CPython gives it, whose tokenizer has come to `line`.
    fn with_text(&self, mut error: SyntaxError, line: u32) -> SyntaxError {
        error.finish_text(error.line >= line, self.refused.mode == Mode::Exec);
        error
    }

    /// Whether nothing but the ends of blocks follows from token `i` on.
    fn is_end(&self, i: usize) -> bool {
        let rest = self.refused.tokens.get(i..).unwrap_or(&[]);
        let text = self.refused.source.text();
        // The end of a line that nobody has written, where lines come one at a time.
        let open = self.refused.mode != Mode::Exec && !text.ends_with('\n');
        rest.iter().all(|t| {
            matches!(t.kind, Kind::Dedent | Kind::End) || (open && t.kind == Kind::Newline)
        })
    }

    fn generic(&self, last: usize) -> SyntaxError {
        let source = self.refused.source;
        let token = self.refused.tokens.get(last).or(self.refused.tokens.last());
        let Some(token) = token else {
            return SyntaxError::new(ErrorKind::Syntax, "invalid syntax", (1, 0), (1, 0));
        };
        match token.kind {
            Kind::Indent | Kind::Dedent => {
                let un = if token.kind == Kind::Indent {
                    "indent"
                } else {
                    "unindent"
                };
                raise::indent_error(source, &format!("unexpected {un}"), *token)
            }
            _ => raise::at_tokens(source, ErrorKind::Syntax, "invalid syntax", *token, *token),
        }
    }
}
