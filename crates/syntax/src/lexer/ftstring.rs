//! The modes of f- and t-strings (PEP 701, PEP 750).
//!
//! A string with fields is a mode on a stack. Within a literal part, or a format specification, text is scanned here up to
//! the next brace or the closing quotes; within a field the ordinary lexer runs. A field belongs to its string by the
//! number of brackets open around it, so that a `}` or `:` at that very level ends it or starts its specification.

use super::{Kind, LexError, Lexer, Step, Token};
use crate::ast::Span;

/// F-strings may nest this deep, as in CPython.
const MAX_FTSTRINGS: usize = 149;
/// Fields within format specifications may nest this deep, as in CPython.
const MAX_FIELDS: usize = 3;

/// An open f- or t-string.
pub(super) struct FtString {
    pub(super) quote: u8,
    pub(super) triple: bool,
    raw: bool,
    template: bool,
    start: usize,
    line: u32,
    line_start: usize,
    fields: Vec<Field>,
}

/// An open replacement field.
struct Field {
    /// Brackets open inside the field, its own brace included.
    level: usize,
    in_spec: bool,
    /// A field of the specification has ended: from there on a doubled brace stands for one, as in CPython.
    nested: bool,
}

impl FtString {
    /// How messages call it.
    pub(super) fn word(&self) -> &'static str {
        if self.template {
            "t-string"
        } else {
            "f-string"
        }
    }
}

impl Lexer<'_> {
    /// Whether literal text comes next.
    pub(super) fn in_literal(&self) -> bool {
        self.ftstrings
            .last()
            .is_some_and(|ft| ft.fields.last().is_none_or(|f| f.in_spec))
    }

    /// Whether the position is in a field, outside any bracket of the field's own expression.
    pub(super) fn at_field_level(&self) -> bool {
        let field = self.ftstrings.last().and_then(|ft| ft.fields.last());
        field.is_some_and(|f| !f.in_spec && f.level == self.brackets.len())
    }

    /// "f-string" or "t-string", after the innermost open one.
    pub(super) fn ft_word(&self) -> &'static str {
        self.ftstrings.last().map_or("f-string", FtString::word)
    }

    pub(super) fn ft_start(&mut self, kind: Kind) -> Step<()> {
        let span = self.lex.span();
        let quote = self.bytes[span.end - 1];
        let triple = self.bytes[span.end..].starts_with(&[quote, quote]);
        if triple {
            self.lex.bump(2);
        }
        if self.ftstrings.len() >= MAX_FTSTRINGS {
            return Err(self.error_at("too many nested f-strings or t-strings", self.pos()));
        }
        let raw = self.bytes[span.start..span.end]
            .iter()
            .any(|b| matches!(b, b'r' | b'R'));
        self.ftstrings.push(FtString {
            quote,
            triple,
            raw,
            template: kind == Kind::TStringStart,
            start: span.start,
            line: self.line,
            line_start: self.line_start,
            fields: Vec::new(),
        });
        self.push_range(kind, span.start, self.pos());
        Ok(())
    }

    /// A `}`: closes the field it belongs to, if any.
    pub(super) fn ft_close_field(&mut self) -> bool {
        if !self.at_field_level() {
            return false;
        }
        if let Some(ft) = self.ftstrings.last_mut() {
            ft.fields.pop();
            if let Some(outer) = ft.fields.last_mut() {
                outer.nested = true;
            }
        }
        self.brackets.pop();
        self.push(Kind::RBrace);
        true
    }

    /// The colon of a field ends at `next`; what follows is its format specification.
    pub(super) fn ft_enter_spec(&mut self, next: usize) {
        // `:=` was read as one token: go back to its `=`.
        if next < self.pos() {
            self.restart_at(next);
        }
        if let Some(field) = self
            .ftstrings
            .last_mut()
            .and_then(|ft| ft.fields.last_mut())
        {
            field.in_spec = true;
        }
    }

    fn restart_at(&mut self, pos: usize) {
        use logos::Logos;
        self.lex = Kind::lexer(self.text);
        self.lex.bump(pos);
    }

    /// Scans literal text up to and including what ends it: the opening brace of a field, the closing brace of a
    /// specification's field, or the closing quotes.
    pub(super) fn ft_middle(&mut self) -> Step<()> {
        let Some(ft) = self.ftstrings.last() else {
            return Ok(());
        };
        let (quote, triple, raw) = (ft.quote, ft.triple, ft.raw);
        let in_spec = !ft.fields.is_empty();
        let strict_spec = ft.fields.last().is_some_and(|f| !f.nested);
        let start = self.pos();
        let (line, line_start) = (self.line, self.line_start);
        let mut pos = start;
        loop {
            match self.bytes.get(pos) {
                None if strict_spec && !triple && self.file => {
                    return Err(self.ft_newline_in_spec(start, pos));
                }
                None => return Err(self.ft_unterminated()),
                Some(b'\n') => {
                    if strict_spec && !triple {
                        return Err(self.ft_newline_in_spec(start, pos));
                    }
                    if !triple {
                        return Err(self.ft_unterminated());
                    }
                    pos += 1;
                    self.next_joined_line(pos);
                }
                Some(&b) if b == quote => {
                    if !triple || self.bytes[pos..].starts_with(&[quote; 3]) {
                        if in_spec {
                            return self.ft_quote_in_spec(start, pos, line, line_start);
                        }
                        self.ft_push_middle(start, pos, line, line_start);
                        self.ft_end(pos, if triple { 3 } else { 1 });
                        return Ok(());
                    }
                    pos += 1;
                }
                Some(b'{') => {
                    if !strict_spec && self.bytes.get(pos + 1) == Some(&b'{') {
                        pos += 2;
                        continue;
                    }
                    self.ft_push_middle(start, pos, line, line_start);
                    return self.ft_open_field(pos);
                }
                Some(b'}') => {
                    if in_spec {
                        self.ft_push_middle(start, pos, line, line_start);
                        self.ft_leave_spec();
                        return Ok(());
                    }
                    if self.bytes.get(pos + 1) != Some(&b'}') {
                        let msg = format!("{}: single '}}' is not allowed", self.ft_word());
                        return Err(self.error_at(&msg, pos + 1));
                    }
                    pos += 2;
                }
                Some(b'\\') => pos = self.ft_backslash(pos + 1, raw),
                Some(_) => pos += 1,
            }
        }
    }

    fn ft_newline_in_spec(&mut self, start: usize, pos: usize) -> Box<LexError> {
        self.lex.bump(pos - start);
        let word = self.ft_word();
        let msg = format!(
            "{word}: newlines are not allowed in format specifiers for single quoted {word}s"
        );
        let col = self.source.char_col(self.line_start, pos + 1);
        self.error_columns(&msg, col, col)
    }

    /// What a backslash before `pos` takes with it.
    fn ft_backslash(&mut self, pos: usize, raw: bool) -> usize {
        match self.bytes.get(pos) {
            Some(b'{' | b'}') | None => pos,
            Some(b'\n') => {
                self.next_joined_line(pos + 1);
                pos + 1
            }
            Some(b'N') if !raw && self.bytes.get(pos + 1) == Some(&b'{') => {
                // A named character: its braces open no field.
                let rest = &self.bytes[pos + 2..];
                match rest
                    .iter()
                    .position(|b| matches!(b, b'}' | b'\n' | b'{' | b'"' | b'\''))
                {
                    Some(i) if rest[i] == b'}' => pos + 2 + i + 1,
                    Some(i) => pos + 2 + i,
                    None => self.bytes.len(),
                }
            }
            Some(_) => pos + 1,
        }
    }

    fn ft_push_middle(&mut self, start: usize, end: usize, line: u32, line_start: usize) {
        self.lex.bump(end - self.pos());
        if start < end {
            let span = Span {
                line,
                col: (start - line_start) as u32,
                end_line: self.line,
                end_col: (end - self.line_start) as u32,
            };
            let (start, end) = (start as u32, end as u32);
            self.tokens.push(Token {
                kind: Kind::FtMiddle,
                start,
                end,
                span,
            });
        }
    }

    fn ft_end(&mut self, pos: usize, quotes: usize) {
        self.lex.bump(quotes);
        self.push_range(Kind::FtEnd, pos, pos + quotes);
        self.ftstrings.pop();
    }

    fn ft_open_field(&mut self, pos: usize) -> Step<()> {
        self.lex.bump(1);
        self.push_range(Kind::LBrace, pos, pos + 1);
        let word = self.ft_word();
        if self.brackets.len() >= super::MAX_BRACKETS {
            return Err(self.error_at("too many nested parentheses", pos + 1));
        }
        self.brackets.push(super::Bracket {
            open: b'{',
            line: self.line,
            line_start: self.line_start,
            pos,
        });
        let level = self.brackets.len();
        let Some(ft) = self.ftstrings.last_mut() else {
            return Ok(());
        };
        ft.fields.push(Field {
            level,
            in_spec: false,
            nested: false,
        });
        if ft.fields.len() > MAX_FIELDS {
            let msg = format!("{word}: expressions nested too deeply");
            return Err(self.error_at(&msg, pos));
        }
        Ok(())
    }

    /// The `}` at the position ends a specification and its field.
    fn ft_leave_spec(&mut self) {
        let pos = self.pos();
        self.lex.bump(1);
        self.push_range(Kind::RBrace, pos, pos + 1);
        self.brackets.pop();
        if let Some(ft) = self.ftstrings.last_mut() {
            ft.fields.pop();
            if let Some(outer) = ft.fields.last_mut() {
                outer.nested = true;
            }
        }
    }

    /// The closing quotes come inside a specification: the parser will miss its `}`.
    fn ft_quote_in_spec(
        &mut self,
        start: usize,
        pos: usize,
        line: u32,
        line_start: usize,
    ) -> Step<()> {
        self.ft_push_middle(start, pos, line, line_start);
        let triple = self.ftstrings.last().is_some_and(|ft| ft.triple);
        self.ft_end(pos, if triple { 3 } else { 1 });
        Ok(())
    }

    fn ft_unterminated(&mut self) -> Box<LexError> {
        let Some(ft) = self.ftstrings.last() else {
            return self.error_at("", self.pos());
        };
        let (start, line, line_start, triple) = (ft.start, ft.line, ft.line_start, ft.triple);
        let kind = if triple { "triple-quoted " } else { "" };
        let found = if triple {
            self.source.last_line()
        } else {
            self.line.min(self.source.last_line())
        };
        let msg = format!(
            "unterminated {kind}{} literal (detected at line {found})",
            ft.word()
        );
        let mut error = self.error_from_start(msg, start, line, line_start);
        error.error.incomplete = triple;
        error
    }
}
