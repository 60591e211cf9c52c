//! The `try` statement.

use super::compound::COLON;
use super::peg::{Peg, R, Stop, need, want};
use crate::lexer::Kind;

impl Peg<'_, '_> {
    pub(super) fn try_stmt(&mut self) -> R<()> {
        self.invalid_alt(Self::invalid_try)?;
        need!(self, Kind::Try);
        want!(self.force(Kind::Colon, COLON));
        want!(self.block());
        if self.alt(Self::finally_block)?.is_some() {
            return Ok(Some(()));
        }
        for star in [false, true] {
            let found = self.alt(|p| {
                if p.many(|p| p.except_block(star))?.is_empty() {
                    return Ok(None);
                }
                p.opt(Self::else_block)?;
                p.opt(Self::finally_block)?;
                Ok(Some(()))
            })?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    pub(super) fn invalid_try(&mut self) -> R<()> {
        self.alt(|p| {
            let start = need!(p, Kind::Try);
            p.missing_block::<()>(start, "'try' statement")
        })?;
        self.alt(|p| {
            need!(p, Kind::Try);
            want!(p.colon_block());
            if p.at_any(&[Kind::Except, Kind::Finally])? {
                return Ok(None);
            }
            p.raise_here::<()>("expected 'except' or 'finally' block")
        })?;
        let msg = "cannot have both 'except' and 'except*' on the same 'try'";
        self.alt(|p| {
            need!(p, Kind::Try);
            need!(p, Kind::Colon);
            p.many(Self::block)?;
            if p.many(|p| p.except_block(false))?.is_empty() {
                return Ok(None);
            }
            let a = need!(p, Kind::Except);
            let b = need!(p, Kind::Star);
            want!(p.expression());
            p.opt(Self::as_name)?;
            need!(p, Kind::Colon);
            p.raise_tokens::<()>(a, b + 1, msg)
        })?;
        self.alt(|p| {
            need!(p, Kind::Try);
            need!(p, Kind::Colon);
            p.many(Self::block)?;
            if p.many(|p| p.except_block(true))?.is_empty() {
                return Ok(None);
            }
            let a = need!(p, Kind::Except);
            p.opt(|p| {
                want!(p.expression());
                p.opt(Self::as_name)?;
                Ok(Some(()))
            })?;
            need!(p, Kind::Colon);
            p.raise_tokens(a, a + 1, msg)
        })
    }

    pub(super) fn as_name(&mut self) -> R<usize> {
        need!(self, Kind::As);
        self.eat(Kind::Name)
    }

    pub(super) fn eat_star(&mut self, star: bool) -> Result<bool, Stop> {
        Ok(!star || self.eat(Kind::Star)?.is_some())
    }

    pub(super) fn except_block(&mut self, star: bool) -> R<()> {
        self.invalid_alt(|p| p.invalid_except_indent(star))?;
        let named = self.alt(|p| {
            need!(p, Kind::Except);
            if !p.eat_star(star)? {
                return Ok(None);
            }
            want!(p.expression());
            want!(p.as_name());
            p.colon_block()
        })?;
        if named.is_some() {
            return Ok(named);
        }
        let typed = self.alt(|p| {
            need!(p, Kind::Except);
            if !p.eat_star(star)? {
                return Ok(None);
            }
            want!(p.expressions());
            p.colon_block()
        })?;
        if typed.is_some() {
            return Ok(typed);
        }
        if !star {
            let bare = self.alt(|p| {
                need!(p, Kind::Except);
                p.colon_block()
            })?;
            if bare.is_some() {
                return Ok(bare);
            }
        }
        self.invalid_alt(|p| p.invalid_except(star))
    }

    pub(super) fn invalid_except_indent(&mut self, star: bool) -> R<()> {
        let what = if star {
            "'except*' statement"
        } else {
            "'except' statement"
        };
        self.alt(|p| {
            let start = need!(p, Kind::Except);
            if !p.eat_star(star)? {
                return Ok(None);
            }
            want!(p.expression());
            p.opt(Self::as_name)?;
            p.missing_block::<()>(start, what)
        })?;
        if star {
            return Ok(None);
        }
        let start = need!(self, Kind::Except);
        self.missing_block(start, what)
    }

    pub(super) fn invalid_except(&mut self, star: bool) -> R<()> {
        self.alt(|p| {
            want!(p.except_word(star));
            let a = want!(p.expression());
            need!(p, Kind::Comma);
            want!(p.expressions());
            want!(p.as_name());
            need!(p, Kind::Colon);
            p.raise_from::<()>(
                a.l,
                "multiple exception types must be parenthesized when using 'as'",
            )
        })?;
        self.alt(|p| {
            want!(p.except_word(star));
            want!(p.expression());
            p.opt(Self::as_name)?;
            need!(p, Kind::Newline);
            p.raise_here::<()>(COLON)
        })?;
        self.alt(|p| {
            want!(p.except_word(star));
            if star {
                want!(p.eat_any(&[Kind::Newline, Kind::Colon]));
                return p.raise_here::<()>("expected one or more exception types");
            }
            need!(p, Kind::Newline);
            p.raise_here::<()>(COLON)
        })?;
        self.alt(|p| {
            want!(p.except_word(star));
            want!(p.expression());
            need!(p, Kind::As);
            let a = want!(p.expression());
            want!(p.colon_block());
            let word = if star { "except*" } else { "except" };
            p.raise_at(
                &a,
                &format!("cannot use {word} statement with {}", a.kind.name()),
            )
        })
    }

    pub(super) fn except_word(&mut self, star: bool) -> R<()> {
        need!(self, Kind::Except);
        Ok(self.eat_star(star)?.then_some(()))
    }

    pub(super) fn finally_block(&mut self) -> R<()> {
        self.invalid_alt(|p| {
            let start = need!(p, Kind::Finally);
            p.missing_block::<()>(start, "'finally' statement")
        })?;
        need!(self, Kind::Finally);
        want!(self.force(Kind::Colon, COLON));
        want!(self.block());
        Ok(Some(()))
    }
}
