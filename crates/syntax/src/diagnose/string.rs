//! Strings with fields.

use super::node::{N, NodeKind as K};
use super::peg::{Peg, R, Rule, Stop, need, want};
use super::raise::Raised;
use crate::actions::{self, Cx, Failure, StringPart};
use crate::error::at_last_read;
use crate::lexer::Kind;
use std::cell::Cell;

impl Peg<'_, '_> {
    pub fn strings(&mut self) -> R<N> {
        self.memo(Rule::Strings, |p| {
            let (l, read) = (p.mark, p.tokens_read());
            let next = Cell::new(0);
            let mut cx = Cx::new(p.source(), p.tokens(), &next);
            let mut parts = Vec::new();
            let mut kind = None;
            loop {
                let start = p.mark;
                let part = match p.peek()? {
                    Kind::String => {
                        p.mark += 1;
                        K::Literal
                    }
                    Kind::FStringStart => {
                        want!(p.ft_string());
                        K::FString
                    }
                    Kind::TStringStart => {
                        want!(p.ft_string());
                        K::TString
                    }
                    _ => break,
                };
                parts.push(want!(p.check_string(start, read)));
                kind = Some(match kind {
                    None | Some(K::Literal) => part,
                    Some(kind) => kind,
                });
            }
            let Some(kind) = kind else { return Ok(None) };
            // That they go together is checked when all are read.
            actions::strings(&mut cx, l as u32, parts, p.mark as u32);
            want!(p.raise_failure(cx));
            p.found(kind, l)
        })
    }

    /// What CPython's actions say of a string they cannot decode, in either pass. `read` is the number of tokens that had
    /// been read before the first string: the error is reported at the last token read.
    fn check_string(&mut self, start: usize, read: usize) -> R<StringPart> {
        let (l, end) = (start as u32, self.mark as u32);
        let next = Cell::new(0);
        let mut own = Cx::new(self.source(), self.tokens(), &next);
        if self.token(start).kind != Kind::String {
            self.check_ft_string(&mut own, start, self.mark);
            let part = actions::ft_string(&mut own, l, Vec::new(), end);
            want!(self.raise_failure(own));
            return Ok(Some(part));
        }
        actions::strings(&mut own, l, vec![StringPart::Plain(l)], end);
        if read > self.mark
            && let Some(Failure::Error(error)) = &mut own.failure
        {
            **error = at_last_read(self.source(), &error.msg, self.token(read - 1));
        }
        want!(self.raise_failure(own));
        Ok(Some(StringPart::Plain(l)))
    }

    fn raise_failure(&mut self, cx: Cx<'_>) -> R<()> {
        match cx.failure {
            Some(Failure::Error(error)) => {
                self.raise(Raised {
                    error: *error,
                    is_final: false,
                });
                Err(Stop)
            }
            _ => Ok(Some(())),
        }
    }

    /// Decodes the texts of the string that starts at token `i`; those of nested strings have been checked with the
    /// expressions that hold them.
    fn check_ft_string(&self, cx: &mut Cx<'_>, mut i: usize, end: usize) {
        actions::ft_begin(cx, i as u32);
        let mut depth = 1;
        while depth > 0 && i + 1 < end {
            i += 1;
            match self.token(i).kind {
                Kind::FStringStart | Kind::TStringStart => depth += 1,
                Kind::FtEnd => depth -= 1,
                Kind::FtMiddle if depth == 1 => drop(actions::ft_text(cx, Vec::new(), i as u32)),
                _ => {}
            }
        }
    }

    fn ft_string(&mut self) -> R<()> {
        self.alt(|p| {
            let start = want!(p.eat_any(&[Kind::FStringStart, Kind::TStringStart]));
            let word = p.ft_word(start);
            p.many(|p| {
                if p.eat(Kind::FtMiddle)?.is_some() {
                    return Ok(Some(()));
                }
                p.field(word)
            })?;
            need!(p, Kind::FtEnd);
            Ok(Some(()))
        })
    }

    /// "f-string" or "t-string", by the token that starts it.
    fn ft_word(&self, start: usize) -> &'static str {
        if self.token(start).kind == Kind::TStringStart {
            "t-string"
        } else {
            "f-string"
        }
    }

    /// Whether the next token closes the field that has begun directly before token `l`.
    pub fn at_field_end(&mut self, l: usize) -> Result<bool, Stop> {
        let opens = l.checked_sub(2).map(|i| self.token(i).kind);
        let field = matches!(
            opens,
            Some(Kind::FtMiddle | Kind::FStringStart | Kind::TStringStart | Kind::RBrace)
        );
        Ok(field && self.token(l - 1).kind == Kind::LBrace && self.at(Kind::RBrace)?)
    }

    /// The word for the innermost string open before token `i`.
    pub fn ft_word_before(&self, i: usize) -> &'static str {
        let mut closed = 0usize;
        for j in (0..i).rev() {
            match self.token(j).kind {
                Kind::FtEnd => closed += 1,
                Kind::FStringStart | Kind::TStringStart if closed == 0 => return self.ft_word(j),
                Kind::FStringStart | Kind::TStringStart => closed -= 1,
                _ => {}
            }
        }
        "f-string"
    }

    fn annotated_rhs(&mut self) -> R<N> {
        if let Some(n) = self.yield_expr()? {
            return Ok(Some(n));
        }
        self.star_expressions()
    }

    fn field(&mut self, word: &'static str) -> R<()> {
        let good = self.alt(|p| {
            need!(p, Kind::LBrace);
            want!(p.annotated_rhs());
            p.eat(Kind::Equal)?;
            p.opt(|p| p.conversion(word))?;
            p.opt(|p| {
                need!(p, Kind::Colon);
                p.spec(word)?;
                Ok(Some(()))
            })?;
            need!(p, Kind::RBrace);
            Ok(Some(()))
        })?;
        if good.is_some() {
            Ok(good)
        } else {
            self.invalid_alt(|p| p.invalid_field(word))
        }
    }

    /// `!r`; a letter that is none is an error in either pass.
    fn conversion(&mut self, word: &str) -> R<()> {
        let mark = need!(self, Kind::Exclamation);
        let name = need!(self, Kind::Name);
        if self.token(mark).end != self.token(name).start {
            let msg = format!("{word}: conversion type must come right after the exclamation mark");
            return self.raise_tokens(mark, name + 1, &msg);
        }
        if !matches!(self.text(name), "s" | "r" | "a") {
            let msg = format!(
                "{word}: invalid conversion character '{}': expected 's', 'r', or 'a'",
                self.text(name)
            );
            return self.raise_tokens(name, name + 1, &msg);
        }
        Ok(Some(()))
    }

    fn spec(&mut self, word: &'static str) -> Result<(), Stop> {
        self.many(|p| {
            if p.eat(Kind::FtMiddle)?.is_some() {
                return Ok(Some(()));
            }
            p.field(word)
        })?;
        Ok(())
    }

    fn invalid_field(&mut self, word: &'static str) -> R<()> {
        need!(self, Kind::LBrace);
        for (kind, text) in [
            (Kind::Equal, "="),
            (Kind::Exclamation, "!"),
            (Kind::Colon, ":"),
            (Kind::RBrace, "}"),
        ] {
            if self.at(kind)? {
                let at = self.mark;
                let msg = format!("{word}: valid expression required before '{text}'");
                return self.raise_tokens(at, at + 1, &msg);
            }
        }
        if self.annotated_rhs()?.is_none() {
            return self.raise_next(&format!("{word}: expecting a valid expression after '{{'"));
        }
        if !self.at_any(&[Kind::Equal, Kind::Exclamation, Kind::Colon, Kind::RBrace])? {
            return self.raise_next(&format!("{word}: expecting '=', or '!', or ':', or '}}'"));
        }
        if self.eat(Kind::Equal)?.is_some()
            && !self.at_any(&[Kind::Exclamation, Kind::Colon, Kind::RBrace])?
        {
            return self.raise_next(&format!("{word}: expecting '!', or ':', or '}}'"));
        }
        self.alt(|p| p.invalid_conversion(word))?;
        self.alt(|p| {
            need!(p, Kind::Exclamation);
            p.eat(Kind::Name)
        })?;
        if !self.at_any(&[Kind::Colon, Kind::RBrace])? {
            return self.raise_next(&format!("{word}: expecting ':' or '}}'"));
        }
        if self.eat(Kind::Colon)?.is_some() {
            self.spec(word)?;
            if !self.at(Kind::RBrace)? {
                return self.raise_next(&format!("{word}: expecting '}}', or format specs"));
            }
        }
        if !self.at(Kind::RBrace)? {
            return self.raise_next(&format!("{word}: expecting '}}'"));
        }
        Ok(None)
    }

    fn invalid_conversion(&mut self, word: &str) -> R<()> {
        need!(self, Kind::Exclamation);
        if self.at_any(&[Kind::Colon, Kind::RBrace])? {
            return self.raise_next(&format!("{word}: missing conversion character"));
        }
        if !self.at(Kind::Name)? {
            return self.raise_next(&format!("{word}: invalid conversion character"));
        }
        Ok(None)
    }

    pub fn rhs(&mut self) -> R<N> {
        self.annotated_rhs()
    }
}
