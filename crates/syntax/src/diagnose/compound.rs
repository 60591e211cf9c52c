//! Compound statements: missing colons, missing blocks, and clauses in the wrong place.

use super::node::{N, NodeKind as K, Use};
use super::peg::{Peg, R, Rule, need, want};
use crate::lexer::Kind;

pub(super) const COLON: &str = "expected ':'";

impl Peg<'_, '_> {
    pub fn compound_stmt(&mut self) -> R<()> {
        let first = self.peek()?;
        if matches!(first, Kind::Def | Kind::At | Kind::Async)
            && let Some(found) = self.alt(|p| p.decorated(Self::function_def))?
        {
            return Ok(Some(found));
        }
        if first == Kind::If
            && let Some(found) = self.alt(|p| p.if_stmt(Kind::If, "if"))?
        {
            return Ok(Some(found));
        }
        if matches!(first, Kind::Class | Kind::At)
            && let Some(found) = self.alt(|p| p.decorated(Self::class_def))?
        {
            return Ok(Some(found));
        }
        if matches!(first, Kind::With | Kind::Async)
            && let Some(found) = self.alt(Self::with_stmt)?
        {
            return Ok(Some(found));
        }
        if matches!(first, Kind::For | Kind::Async)
            && let Some(found) = self.alt(Self::for_stmt)?
        {
            return Ok(Some(found));
        }
        match first {
            Kind::Try => self.alt(Self::try_stmt),
            Kind::While => self.alt(Self::while_stmt),
            Kind::Name => self.alt(Self::match_stmt),
            _ => Ok(None),
        }
    }

    pub fn block(&mut self) -> R<N> {
        self.memo(Rule::Block, |p| {
            let l = p.mark;
            let indented = p.alt(|p| {
                need!(p, Kind::Newline);
                need!(p, Kind::Indent);
                want!(p.statements());
                need!(p, Kind::Dedent);
                Ok(Some(()))
            })?;
            if indented.is_some() {
                return p.found(K::Other, l);
            }
            if let Some(n) = p.simple_stmts()? {
                return Ok(Some(n));
            }
            p.invalid_alt(|p| {
                need!(p, Kind::Newline);
                if p.at(Kind::Indent)? {
                    return Ok(None);
                }
                p.raise_indent("expected an indented block")
            })
        })
    }

    /// `':' NEWLINE !INDENT`, with the line of the statement that lacks its block.
    pub(super) fn missing_block<T>(&mut self, start: usize, what: &str) -> R<T> {
        need!(self, Kind::Colon);
        need!(self, Kind::Newline);
        if self.at(Kind::Indent)? {
            return Ok(None);
        }
        let line = self.token(start).span.line;
        self.raise_indent(&format!(
            "expected an indented block after {what} on line {line}"
        ))
    }

    /// The head has been read: what of colon and block is missing?
    pub(super) fn invalid_head<T>(&mut self, start: usize, what: &str) -> R<T> {
        if self.at(Kind::Newline)? {
            self.mark += 1;
            return self.raise_here(COLON);
        }
        self.missing_block(start, what)
    }

    pub(super) fn colon_block(&mut self) -> R<()> {
        need!(self, Kind::Colon);
        want!(self.block());
        Ok(Some(()))
    }

    pub(super) fn decorated(&mut self, definition: fn(&mut Self) -> R<()>) -> R<()> {
        self.many(|p| {
            need!(p, Kind::At);
            want!(p.named_expression());
            p.eat(Kind::Newline)
        })?;
        definition(self)
    }

    pub(super) fn function_def(&mut self) -> R<()> {
        self.invalid_alt(|p| {
            p.eat(Kind::Async)?;
            let start = need!(p, Kind::Def);
            need!(p, Kind::Name);
            p.opt(Self::type_params)?;
            need!(p, Kind::LPar);
            p.opt(Self::params)?;
            need!(p, Kind::RPar);
            p.opt(Self::returns)?;
            p.missing_block::<()>(start, "function definition")
        })?;
        self.eat(Kind::Async)?;
        need!(self, Kind::Def);
        need!(self, Kind::Name);
        self.opt(Self::type_params)?;
        want!(self.force(Kind::LPar, "expected '('"));
        self.opt(Self::params)?;
        need!(self, Kind::RPar);
        self.opt(Self::returns)?;
        want!(self.force(Kind::Colon, COLON));
        want!(self.block());
        Ok(Some(()))
    }

    pub(super) fn returns(&mut self) -> R<N> {
        need!(self, Kind::Arrow);
        self.expression()
    }

    pub(super) fn class_head(&mut self) -> R<usize> {
        let start = need!(self, Kind::Class);
        need!(self, Kind::Name);
        self.opt(Self::type_params)?;
        self.opt(|p| {
            need!(p, Kind::LPar);
            p.opt(Self::arguments)?;
            p.eat(Kind::RPar)
        })?;
        Ok(Some(start))
    }

    pub(super) fn class_def(&mut self) -> R<()> {
        self.invalid_alt(|p| {
            let start = want!(p.class_head());
            p.invalid_head::<()>(start, "class definition")
        })?;
        want!(self.class_head());
        self.colon_block()
    }

    pub(super) fn if_stmt(&mut self, word: Kind, text: &str) -> R<()> {
        let what = format!("'{text}' statement");
        self.invalid_alt(|p| {
            let start = need!(p, word);
            want!(p.named_expression());
            p.invalid_head::<()>(start, &what)
        })?;
        need!(self, word);
        want!(self.named_expression());
        want!(self.colon_block());
        if self.at(Kind::Elif)?
            && let Some(found) = self.alt(|p| p.if_stmt(Kind::Elif, "elif"))?
        {
            return Ok(Some(found));
        }
        self.opt(Self::else_block)?;
        Ok(Some(()))
    }

    pub(super) fn else_block(&mut self) -> R<()> {
        self.invalid_alt(|p| {
            p.alt(|p| {
                let start = need!(p, Kind::Else);
                p.missing_block::<()>(start, "'else' statement")
            })?;
            need!(p, Kind::Else);
            want!(p.colon_block());
            let at = need!(p, Kind::Elif);
            p.raise_tokens::<()>(at, at + 1, "'elif' block follows an 'else' block")
        })?;
        need!(self, Kind::Else);
        want!(self.force(Kind::Colon, COLON));
        want!(self.block());
        Ok(Some(()))
    }

    pub(super) fn while_stmt(&mut self) -> R<()> {
        self.invalid_alt(|p| {
            let start = need!(p, Kind::While);
            want!(p.named_expression());
            p.invalid_head::<()>(start, "'while' statement")
        })?;
        need!(self, Kind::While);
        want!(self.named_expression());
        want!(self.colon_block());
        self.opt(Self::else_block)?;
        Ok(Some(()))
    }

    pub(super) fn for_head(&mut self) -> R<usize> {
        self.eat(Kind::Async)?;
        let start = need!(self, Kind::For);
        want!(self.star_targets());
        need!(self, Kind::In);
        Ok(Some(start))
    }

    pub(super) fn for_stmt(&mut self) -> R<()> {
        self.invalid_alt(|p| {
            let start = want!(p.for_head());
            want!(p.star_expressions());
            p.invalid_head::<()>(start, "'for' statement")
        })?;
        if self.alt(Self::for_head)?.is_some() {
            // Committed.
            want!(self.star_expressions());
            want!(self.colon_block());
            self.opt(Self::else_block)?;
            return Ok(Some(()));
        }
        self.invalid_alt(Self::invalid_for_target)
    }

    pub(super) fn with_item(&mut self) -> R<()> {
        let good = self.alt(|p| {
            want!(p.expression());
            need!(p, Kind::As);
            want!(p.star_target());
            Ok(if p.at_any(&[Kind::Comma, Kind::RPar, Kind::Colon])? {
                Some(())
            } else {
                None
            })
        })?;
        if good.is_some() {
            return Ok(good);
        }
        self.invalid_alt(|p| {
            want!(p.expression());
            need!(p, Kind::As);
            let a = want!(p.expression());
            if !p.at_any(&[Kind::Comma, Kind::RPar, Kind::Colon])? {
                return Ok(None);
            }
            p.raise_invalid_target::<()>(&a, Use::Assign)
        })?;
        want!(self.expression());
        Ok(Some(()))
    }

    pub(super) fn loose_item(&mut self, item: fn(&mut Self) -> R<N>) -> R<()> {
        want!(item(self));
        self.opt(|p| {
            need!(p, Kind::As);
            p.star_target()
        })?;
        Ok(Some(()))
    }

    pub(super) fn with_stmt(&mut self) -> R<()> {
        self.invalid_alt(|p| p.invalid_with(true))?;
        self.eat(Kind::Async)?;
        need!(self, Kind::With);
        let bracketed = self.alt(|p| {
            need!(p, Kind::LPar);
            want!(p.commas(Self::with_item));
            p.eat(Kind::Comma)?;
            need!(p, Kind::RPar);
            p.colon_block()
        })?;
        if bracketed.is_some() {
            return Ok(bracketed);
        }
        let plain = self.alt(|p| {
            want!(p.commas(Self::with_item));
            p.colon_block()
        })?;
        if plain.is_some() {
            return Ok(plain);
        }
        self.mark -= 1;
        self.invalid_alt(|p| p.invalid_with(false))
    }

    /// Lacks a `with` its block (`indent`) or its colon?
    pub(super) fn invalid_with(&mut self, indent: bool) -> R<()> {
        let finish = |p: &mut Self, start: usize| {
            if indent {
                return p.missing_block::<()>(start, "'with' statement");
            }
            need!(p, Kind::Newline);
            p.raise_here(COLON)
        };
        self.alt(|p| {
            p.eat(Kind::Async)?;
            let start = need!(p, Kind::With);
            want!(p.commas(|p| p.loose_item(Self::expression)));
            finish(p, start)
        })?;
        self.alt(|p| {
            p.eat(Kind::Async)?;
            let start = need!(p, Kind::With);
            need!(p, Kind::LPar);
            want!(p.commas(|p| p.loose_item(Self::expressions)));
            p.eat(Kind::Comma)?;
            need!(p, Kind::RPar);
            finish(p, start)
        })
    }

    pub(super) fn subject(&mut self) -> R<()> {
        let tuple = self.alt(|p| {
            want!(p.star_named_expression());
            need!(p, Kind::Comma);
            p.opt(Self::star_named_expressions)?;
            Ok(Some(()))
        })?;
        if tuple.is_some() {
            return Ok(tuple);
        }
        want!(self.named_expression());
        Ok(Some(()))
    }

    pub(super) fn match_stmt(&mut self) -> R<()> {
        let good = self.alt(|p| {
            want!(p.eat_word("match"));
            want!(p.subject());
            need!(p, Kind::Colon);
            need!(p, Kind::Newline);
            need!(p, Kind::Indent);
            if p.many(Self::case_block)?.is_empty() {
                return Ok(None);
            }
            need!(p, Kind::Dedent);
            Ok(Some(()))
        })?;
        if good.is_some() {
            return Ok(good);
        }
        self.invalid_alt(|p| {
            let start = want!(p.eat_word("match"));
            want!(p.subject());
            p.invalid_head(start, "'match' statement")
        })
    }

    pub(super) fn case_head(&mut self) -> R<usize> {
        let start = want!(self.eat_word("case"));
        want!(self.patterns());
        self.opt(|p| {
            need!(p, Kind::If);
            p.named_expression()
        })?;
        Ok(Some(start))
    }

    pub(super) fn case_block(&mut self) -> R<()> {
        self.invalid_alt(|p| {
            let start = want!(p.case_head());
            p.invalid_head::<()>(start, "'case' statement")
        })?;
        want!(self.case_head());
        self.colon_block()
    }
}
