//! The lexer: source text to a vector of [`Token`]s.
//!
//! logos recognises what is regular ([`kind`]); by hand go indentation (here), strings ([`string`]), the modes of f-
//! and t-strings ([`ftstring`], PEP 701) and numbers ([`number`]), whose errors need care.
//!
//! Invariants: tokens are in order of the source and do not overlap; the first is the start marker of the mode; the last
//! is `End`, or `Error` if the lexer gave up, in which case [`Lexed::error`] says why. Brackets in the tokens before
//! `End` are balanced.

mod ftstring;
mod kind;
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
    fn run(&mut self) -> Step<()> {
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

    fn lex_kind_exclamation(&self) -> Kind {
        if self.lex.span().len() == 2 {
            Kind::NotEqual
        } else {
            Kind::Exclamation
        }
    }

    fn pos(&self) -> usize {
        self.lex.span().end
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.pos() + ahead).copied().unwrap_or(0)
    }

    fn push(&mut self, kind: Kind) {
        let span = self.lex.span();
        self.push_range(kind, span.start, span.end);
    }

    /// Pushes a token that lies on the current line.
    fn push_range(&mut self, kind: Kind, start: usize, end: usize) {
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

    fn push_empty(&mut self, kind: Kind) {
        let pos = self.pos();
        self.push_range(kind, pos, pos);
    }

    /// Ends the current physical line at `next`, the position after its newline.
    fn next_line(&mut self, next: usize) {
        self.line += 1;
        self.line_start = next;
    }

    fn newline(&mut self, comment: Option<usize>) {
        // The at-line-start logic has skipped blank lines; inside brackets a newline is only white space.
        if self.brackets.is_empty() {
            // The token takes in the comment before it, as CPython's does.
            let span = self.lex.span();
            self.push_range(Kind::Newline, comment.unwrap_or(span.start), span.end);
            self.at_line_start = true;
        }
        self.next_line(self.pos());
    }

    fn continuation(&mut self) -> Step<()> {
        let pos = self.pos();
        match self.bytes.get(pos) {
            Some(b'\n') => {
                self.lex.bump(1);
                self.next_line(pos + 1);
                if pos + 1 >= self.bytes.len() {
                    return Err(self.eof_error());
                }
                Ok(())
            }
            None if self.file => Err(self.eof_error()),
            None => {
                let msg = "unexpected character after line continuation character";
                let mut error = self.error_at(msg, pos);
                (error.error.end_col, error.quiet) = (0, true);
                error.error.incomplete = true;
                Err(error)
            }
            Some(_) => {
                let end = pos + self.char_len(pos);
                let msg = "unexpected character after line continuation character";
                let mut error = self.error_at(msg, end);
                (error.error.end_col, error.quiet) = (0, true);
                Err(error)
            }
        }
    }

    /// Where CPython stands at the end of the source: behind the newline, which may be understood, of the last line. Its
    /// number, its length in bytes and its length in characters.
    fn end_of_source(&self) -> (u32, u32, i32) {
        let line = self.source.last_line();
        let text = self.text.get(self.source.line_start(line)..).unwrap_or("");
        if self.text.is_empty() {
            return (u32::from(self.file), 0, 0);
        }
        let newline = usize::from(self.file && !text.ends_with('\n'));
        (
            line,
            (text.len() + newline) as u32,
            (text.chars().count() + newline) as i32,
        )
    }

    fn eof_error(&mut self) -> Box<LexError> {
        if let Some(error) = self.unclosed() {
            return error;
        }
        let (line, _, col) = self.end_of_source();
        let msg = "unexpected EOF while parsing";
        let mut error = SyntaxError::new(ErrorKind::Syntax, msg, (line, col), (line, -1));
        error.text = self.source.line_text(line);
        error.incomplete = true;
        Box::new(LexError {
            error,
            unclosed_line: None,
            in_ftstring: false,
            quiet: true,
            open: None,
        })
    }

    /// Measures the white space at the start of a logical line and emits `Indent` and `Dedent`. Skips blank lines.
    fn indentation(&mut self) -> Step<()> {
        let (mut col, mut alt, mut continued) = (0u32, 0u32, None);
        let mut pos = self.pos();
        loop {
            match self.bytes.get(pos) {
                Some(b' ') => (col, alt) = (col + 1, alt + 1),
                Some(b'\t') => (col, alt) = ((col / TAB_SIZE + 1) * TAB_SIZE, alt + 1),
                Some(b'\x0c') => (col, alt) = (0, 0),
                Some(b'#') => {
                    let rest = &self.bytes[pos..];
                    pos += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                    if pos >= self.bytes.len() {
                        self.lex.bump(pos - self.pos());
                        return Ok(());
                    }
                    continue;
                }
                Some(b'\n') => {
                    pos += 1;
                    self.next_line(pos);
                    (col, alt, continued) = (0, 0, None);
                    continue;
                }
                Some(b'\\') => {
                    // Only the white space before the first continuation counts.
                    continued = continued.or(Some((col, alt)));
                    self.lex.bump(pos + 1 - self.pos());
                    self.continuation()?;
                    pos = self.pos();
                    continue;
                }
                _ => break,
            }
            pos += 1;
        }
        self.lex.bump(pos - self.pos());
        if pos >= self.bytes.len() && (self.file || pos == self.line_start) {
            return Ok(()); // `finish` closes the blocks.
        }
        let (col, alt) = continued.filter(|&(col, _)| col > 0).unwrap_or((col, alt));
        self.indent_to(col, alt)
    }

    fn indent_to(&mut self, col: u32, alt: u32) -> Step<()> {
        let (top, top_alt) = self.indents.last().copied().unwrap_or((0, 0));
        if col == top {
            if alt != top_alt {
                return Err(self.tab_error());
            }
        } else if col > top {
            if self.indents.len() >= MAX_INDENTS {
                let mut error = self.indentation_error("too many levels of indentation");
                (error.error.col, error.error.end_col) = (1, 0);
                return Err(error);
            }
            if alt <= top_alt {
                return Err(self.tab_error());
            }
            self.indents.push((col, alt));
            self.push_range(Kind::Indent, self.line_start, self.pos());
        } else {
            while self.indents.last().is_some_and(|&(c, _)| c > col) {
                self.indents.pop();
                self.push_empty(Kind::Dedent);
            }
            match self.indents.last() {
                Some(&(c, a)) if c == col => {
                    if a != alt {
                        return Err(self.tab_error());
                    }
                }
                _ => {
                    return Err(self
                        .indentation_error("unindent does not match any outer indentation level"));
                }
            }
        }
        Ok(())
    }

    /// The end of the source: closes the logical line and the blocks.
    fn finish(&mut self, comment: Option<usize>) -> Step<()> {
        if let Some(error) = self.unclosed() {
            return Err(error);
        }
        let last = self.tokens.last().map(|t| t.kind);
        let open_line = self
            .tokens
            .first()
            .is_none_or(|t| t.kind != Kind::StartEval)
            && !matches!(
                last,
                None | Some(
                    Kind::Newline
                        | Kind::Indent
                        | Kind::Dedent
                        | Kind::StartExec
                        | Kind::StartEval
                        | Kind::StartSingle
                )
            );
        if open_line {
            let pos = self.pos();
            self.push_range(Kind::Newline, comment.unwrap_or(pos), pos);
            // The newline that is understood.
            if let Some(token) = self.tokens.last_mut() {
                token.span.end_col += u32::from(self.file);
            }
        }
        let (line, col, _) = self.end_of_source();
        let dedents = std::iter::repeat_n(Kind::Dedent, self.indents.len() - 1);
        for kind in dedents.chain([Kind::End]) {
            self.push_empty(kind);
            if let Some(token) = self.tokens.last_mut() {
                token.span = Span {
                    line,
                    col,
                    end_line: line,
                    end_col: col,
                };
            }
        }
        Ok(())
    }

    fn unclosed(&mut self) -> Option<Box<LexError>> {
        let open = self.brackets.last().copied()?;
        let msg = format!("'{}' was never closed", char::from(open.open));
        let col = self.source.char_col(open.line_start, open.pos) + 1;
        let mut error = SyntaxError::new(ErrorKind::Syntax, msg, (open.line, col), (open.line, 0));
        error.text = self.source.line_text(open.line);
        error.incomplete = true;
        Some(Box::new(LexError {
            error,
            unclosed_line: Some(open.line),
            in_ftstring: false,
            quiet: false,
            open: None,
        }))
    }

    fn open(&mut self) -> Step<()> {
        if self.brackets.len() >= MAX_BRACKETS {
            return Err(self.error_at("too many nested parentheses", self.pos()));
        }
        let pos = self.lex.span().start;
        self.brackets.push(Bracket {
            open: self.bytes[pos],
            line: self.line,
            line_start: self.line_start,
            pos,
        });
        Ok(())
    }

    fn close(&mut self, kind: Kind) -> Step<()> {
        let close = self.bytes[self.lex.span().start];
        let Some(open) = self.brackets.last().copied() else {
            let msg = format!("unmatched '{}'", char::from(close));
            return Err(self.error_at(&msg, self.pos()));
        };
        if kind == Kind::RBrace && self.ft_close_field() {
            return Ok(());
        }
        let matches = matches!(
            (open.open, close),
            (b'(', b')') | (b'[', b']') | (b'{', b'}')
        );
        if !matches || self.at_field_level() {
            return Err(self.mismatch(open, close));
        }
        self.brackets.pop();
        self.push(kind);
        Ok(())
    }

    fn mismatch(&mut self, open: Bracket, close: u8) -> Box<LexError> {
        let close = char::from(close);
        if self.at_field_level() {
            let msg = format!("{}: unmatched '{close}'", self.ft_word());
            return self.error_at(&msg, self.pos());
        }
        let mut msg = format!(
            "closing parenthesis '{close}' does not match opening parenthesis '{}'",
            char::from(open.open)
        );
        if open.line != self.line {
            msg.push_str(&format!(" on line {}", open.line));
        }
        self.error_at(&msg, self.pos())
    }

    fn colon(&mut self) {
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

    fn name(&mut self) -> Step<()> {
        let slice = self.lex.slice();
        if !slice.is_ascii() {
            self.verify_identifier(slice)?;
        }
        self.push(Kind::Name);
        self.check_prefixes()
    }

    fn verify_identifier(&mut self, name: &str) -> Step<()> {
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

    fn invalid_character(&mut self, c: char, end: usize) -> Box<LexError> {
        let msg = if crate::unicode::is_printable(c) {
            format!("invalid character '{c}' (U+{:04X})", c as u32)
        } else {
            format!("invalid non-printable character U+{:04X}", c as u32)
        };
        self.error_at(&msg, end)
    }

    fn bad_character(&mut self) -> Box<LexError> {
        let start = self.lex.span().start;
        let c = self.text[start..].chars().next().unwrap_or('\0');
        self.invalid_character(c, start + c.len_utf8())
    }

    fn char_len(&self, pos: usize) -> usize {
        self.text[pos..].chars().next().map_or(0, char::len_utf8)
    }

    /// An error whose column is the number of characters of the line up to byte `end`.
    fn error_at(&mut self, msg: &str, end: usize) -> Box<LexError> {
        let end = end.min(self.bytes.len());
        let col = self.source.char_col(self.line_start, end);
        self.error_columns(msg, col, col)
    }

    fn error_columns(&mut self, msg: &str, col: i32, end_col: i32) -> Box<LexError> {
        let mut error = SyntaxError::new(
            ErrorKind::Syntax,
            msg,
            (self.line, col),
            (self.line, end_col),
        );
        error.text = self.source.line_text(self.line);
        Box::new(LexError {
            error,
            unclosed_line: None,
            in_ftstring: false,
            quiet: false,
            open: None,
        })
    }

    fn indentation_error(&mut self, msg: &str) -> Box<LexError> {
        let text = self.source.line_text(self.line);
        // CPython points behind the newline, which is understood at the end of a file.
        let newline = |t: &String| self.file && !t.ends_with('\n');
        let col = text
            .as_ref()
            .map_or(0, |t| (t.chars().count() + usize::from(newline(t))) as i32);
        let mut error = SyntaxError::new(
            ErrorKind::Indentation,
            msg,
            (self.line, col),
            (self.line, -1),
        );
        error.text = text;
        Box::new(LexError {
            error,
            unclosed_line: None,
            in_ftstring: false,
            quiet: true,
            open: None,
        })
    }

    fn tab_error(&mut self) -> Box<LexError> {
        let mut error =
            self.indentation_error("inconsistent use of tabs and spaces in indentation");
        error.error.kind = ErrorKind::Tab;
        (error.error.col, error.error.end_col) = (1, 0);
        error
    }
}
