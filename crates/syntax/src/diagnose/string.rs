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
            let mut kind = None;
            loop {
                let next = match p.peek()? {
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
                kind = Some(match kind {
                    None | Some(K::Literal) => next,
                    Some(kind) => kind,
                });
            }
            let Some(kind) = kind else { return Ok(None) };
            want!(p.check_strings(l, read));
            p.found(kind, l)
        })
    }

    /// What CPython's actions say of strings they cannot decode or concatenate, in either pass. `read` is the number of
    /// tokens that had been read before: an error of one string is reported at the last of them.
    fn check_strings(&mut self, l: usize, read: usize) -> R<()> {
        let next = Cell::new(0);
        let mut cx = Cx::new(self.source(), self.tokens(), &next);
        let mut parts = Vec::new();
        let (mut i, end) = (l, self.mark);
        while i < end {
            let start = i as u32;
            match self.token(i).kind {
                Kind::FStringStart | Kind::TStringStart => {
                    i = self.check_ft_string(&mut cx, i, end);
                    parts.push(actions::ft_string(&mut cx, start, Vec::new(), i as u32 + 1));
                }
                _ => {
                    parts.push(StringPart::Plain(start));
                    actions::strings(&mut cx, start, vec![StringPart::Plain(start)], start + 1);
                    if read > i + 1
                        && let Some(Failure::Error(error)) = &mut cx.failure
                    {
                        let last = self.token(read - 1);
                        **error = at_last_read(self.source(), &error.msg, last);
                    }
                }
            }
            if cx.failure.is_some() {
                break;
            }
            i += 1;
        }
        actions::strings(&mut cx, l as u32, parts, end as u32);
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
    /// expressions that hold them. Returns its last token.
    fn check_ft_string(&self, cx: &mut Cx<'_>, mut i: usize, end: usize) -> usize {
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
        i
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
