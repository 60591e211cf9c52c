//! The lexer: source text to a vector of [`Token`]s.
//!
//! logos recognises what is regular (`kind`); by hand go lines and indentation (`layout`), `bracket`s, strings
//! (`string`), the modes of f- and t-strings (`ftstring`, PEP 701) and numbers (`number`), whose errors need care.
//!
//! Invariants: tokens are in order of the source and do not overlap; the first is the start marker of the mode; the last
//! is `End`, or `Error` if the lexer gave up, in which case [`Lexed::error`] says why. Brackets in the tokens before
//! `End` are balanced.

mod bracket;
mod ftstring;
mod kind;
mod layout;
mod number;
mod string;

pub use kind::{Kind, Token};

use crate::ast::Span;
use crate::error::{ErrorKind, SyntaxError, Warning};
use crate::source::Source;
use ftstring::FtString;
use logos::Logos;

/// Brackets may nest this deep, as in CPython.
const MAX_BRACKETS: usize = 200;
/// Blocks may nest this deep, as in CPython.
const MAX_INDENTS: usize = 100;
const TAB_SIZE: u32 = 8;

/// What the lexer found.
#[derive(Debug)]
pub struct Lexed {
    /// The tokens.
    pub tokens: Vec<Token>,
    /// Why the last token is `Error`, if it is.
    pub error: Option<LexError>,
    /// Warnings in order of the source.
    pub warnings: Vec<Warning>,
}

/// Why the lexer gave up.
#[derive(Debug, Clone)]
pub struct LexError {
    /// The error to report.
    pub error: SyntaxError,
    /// The end of the source came inside brackets that were opened on this line; then an earlier error of the parser
    /// may be the better message.
    pub unclosed_line: Option<u32>,
    /// The error is within an f- or t-string, whose own errors come first.
    pub in_ftstring: bool,
    /// CPython's tokenizer notes this error without raising it: it never overrides an earlier error of the parser.
    pub quiet: bool,
    /// The innermost bracket that is open there: its line, and the error that it was never closed.
    pub open: Option<(u32, SyntaxError)>,
}

/// A result of the lexer; the error is boxed to keep the happy path small.
type Step<T> = Result<T, Box<LexError>>;

#[derive(Clone, Copy)]
struct Bracket {
    open: u8,
    line: u32,
    line_start: usize,
    pos: usize,
}

struct Lexer<'s> {
    source: &'s Source<'s>,
    text: &'s str,
    bytes: &'s [u8],
    lex: logos::Lexer<'s, Kind>,
    line: u32,
    line_start: usize,
    /// Where the first of the lines starts that are joined to this one, by a backslash or within a token.
    joined_start: usize,
    tokens: Vec<Token>,
    warnings: Vec<Warning>,
    indents: Vec<(u32, u32)>,
    brackets: Vec<Bracket>,
    ftstrings: Vec<FtString>,
    /// The next token is the first of a logical line.
    at_line_start: bool,
    /// The source is a file: its last line may lack its newline.
    file: bool,
}

/// Lexes a whole source; `start` is the marker of the mode.
#[must_use]
pub fn lex(source: &Source<'_>, start: Kind) -> Lexed {
    let text = source.text();
    let mut lexer = Lexer {
        source,
        text,
        bytes: text.as_bytes(),
        lex: Kind::lexer(text),
        line: 1,
        line_start: 0,
        joined_start: 0,
        tokens: Vec::with_capacity(text.len() / 3 + 8),
        warnings: Vec::new(),
        indents: vec![(0, 0)],
        brackets: Vec::new(),
        ftstrings: Vec::new(),
        at_line_start: true,
        file: start == Kind::StartExec,
    };
    lexer.push_empty(start);
    let error = lexer.run().err().map(|e| LexError {
        in_ftstring: !lexer.ftstrings.is_empty(),
        open: lexer
            .unclosed()
            .and_then(|u| Some((u.unclosed_line?, u.error))),
        ..*e
    });
    if error.is_some() {
        lexer.push_empty(Kind::Error);
    }
    Lexed {
        tokens: lexer.tokens,
        error,
        warnings: lexer.warnings,
    }
}

impl<'s> Lexer<'s> {
    pub(super) fn run(&mut self) -> Step<()> {
        // Where the comment starts that ends the line.
        let mut comment = None;
        loop {
            if self.in_literal() {
                self.ft_middle()?;
                continue;
            }
            if self.at_line_start {
                self.at_line_start = false;
                self.indentation()?;
            }
            let Some(next) = self.lex.next() else {
                return self.finish(comment);
            };
            match next {
                Ok(Kind::Newline) => self.newline(comment.take()),
                Ok(Kind::Comment) => comment = Some(self.lex.span().start),
                Ok(Kind::Backslash) => self.continuation()?,
                Ok(kind @ (Kind::LPar | Kind::LSqb | Kind::LBrace)) => {
                    self.open()?;
                    self.push(kind);
                }
                Ok(kind @ (Kind::RPar | Kind::RSqb | Kind::RBrace)) => self.close(kind)?,
                Ok(Kind::Colon | Kind::ColonEqual) => self.colon(),
                Ok(Kind::Exclamation | Kind::NotEqual) => self.push(self.lex_kind_exclamation()),
                Ok(Kind::Name) => self.name()?,
                Ok(Kind::Number) => self.number()?,
                Ok(Kind::String) => self.string()?,
                Ok(kind @ (Kind::FStringStart | Kind::TStringStart)) => self.ft_start(kind)?,
                Ok(kind) => {
                    self.push(kind);
                    if kind.is_keyword() {
                        self.check_prefixes()?;
                    }
                }
                Err(()) => return Err(self.bad_character()),
            }
        }
    }

    pub(super) fn lex_kind_exclamation(&self) -> Kind {
        if self.lex.span().len() == 2 {
            Kind::NotEqual
        } else {
            Kind::Exclamation
        }
    }

    pub(super) fn pos(&self) -> usize {
        self.lex.span().end
    }

    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.pos() + ahead).copied().unwrap_or(0)
    }

    pub(super) fn push(&mut self, kind: Kind) {
        let span = self.lex.span();
        self.push_range(kind, span.start, span.end);
    }

    /// Pushes a token that lies on the current line.
    pub(super) fn push_range(&mut self, kind: Kind, start: usize, end: usize) {
        let (line, base) = (self.line, self.line_start);
        // After an error within a token of many lines the line may start behind the position.
        let (col, end_col) = (
            start.saturating_sub(base) as u32,
            end.saturating_sub(base) as u32,
        );
        let span = Span {
            line,
            col,
            end_line: line,
            end_col,
        };
        self.tokens.push(Token {
            kind,
            start: start as u32,
            end: end as u32,
            span,
        });
    }

    pub(super) fn push_empty(&mut self, kind: Kind) {
        let pos = self.pos();
        self.push_range(kind, pos, pos);
    }

    /// The same where the next line is joined to this one.
    pub(super) fn next_joined_line(&mut self, next: usize) {
        let start = self.joined_start;
        self.next_line(next);
        self.joined_start = start;
    }

    /// Ends the current physical line at `next`, the position after its newline.
    pub(super) fn next_line(&mut self, next: usize) {
        self.line += 1;
        self.line_start = next;
        self.joined_start = next;
    }

    pub(super) fn colon(&mut self) {
        if self.at_field_level() {
            // In a field `:=` is a colon and a format specification that starts with `=`.
            let start = self.lex.span().start;
            self.push_range(Kind::Colon, start, start + 1);
            self.ft_enter_spec(start + 1);
        } else {
            let kind = if self.lex.span().len() == 2 {
                Kind::ColonEqual
            } else {
                Kind::Colon
            };
            self.push(kind);
        }
    }

    pub(super) fn name(&mut self) -> Step<()> {
        let slice = self.lex.slice();
        if !slice.is_ascii() {
            self.verify_identifier(slice)?;
        }
        self.push(Kind::Name);
        self.check_prefixes()
    }

    pub(super) fn verify_identifier(&mut self, name: &str) -> Step<()> {
        let start = self.lex.span().start;
        for (i, c) in name.char_indices() {
            let ok = c == '_'
                || if i == 0 {
                    unicode_ident::is_xid_start(c)
                } else {
                    unicode_ident::is_xid_continue(c)
                };
            if !ok {
                return Err(self.invalid_character(c, start + i + c.len_utf8()));
            }
        }
        Ok(())
    }

    pub(super) fn invalid_character(&mut self, c: char, end: usize) -> Box<LexError> {
        let msg = if crate::unicode::is_printable(c) {
            format!("invalid character '{c}' (U+{:04X})", c as u32)
        } else {
            format!("invalid non-printable character U+{:04X}", c as u32)
        };
        self.error_at(&msg, end)
    }

    pub(super) fn bad_character(&mut self) -> Box<LexError> {
        let start = self.lex.span().start;
        let c = self.text[start..].chars().next().unwrap_or('\0');
        self.invalid_character(c, start + c.len_utf8())
    }

    pub(super) fn char_len(&self, pos: usize) -> usize {
        self.text[pos..].chars().next().map_or(0, char::len_utf8)
    }

    /// An error whose column is the number of characters of the line up to byte `end`.
    pub(super) fn error_at(&mut self, msg: &str, end: usize) -> Box<LexError> {
        let end = end.min(self.bytes.len());
        let col = self.source.char_col(self.line_start, end);
        self.error_columns(msg, col, col)
    }

    pub(super) fn error_columns(&mut self, msg: &str, col: i32, end_col: i32) -> Box<LexError> {
        let mut error = SyntaxError::new(
            ErrorKind::Syntax,
            msg,
            (self.line, col),
            (self.line, end_col),
        );
        error.text = self.source.line_text(self.line);
        error.finish_text(false, self.file);
        Box::new(LexError {
            error,
            unclosed_line: None,
            in_ftstring: false,
            quiet: false,
            open: None,
        })
    }
}
