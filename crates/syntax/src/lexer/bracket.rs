//! Brackets: that they nest and match.

use super::{Bracket, Kind, LexError, Lexer, MAX_BRACKETS, Step};

impl Lexer<'_> {
    pub(super) fn open(&mut self) -> Step<()> {
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

    pub(super) fn close(&mut self, kind: Kind) -> Step<()> {
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

    pub(super) fn mismatch(&mut self, open: Bracket, close: u8) -> Box<LexError> {
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
}
