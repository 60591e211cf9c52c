//! Expressions, and what goes wrong in them.

use super::node::{N, NodeKind as K};
use super::peg::{Peg, R, Rule, need, want};
use crate::lexer::Kind;

const STRINGS: [Kind; 3] = [Kind::String, Kind::FStringStart, Kind::TStringStart];

impl Peg<'_, '_> {
    /// One, or a tuple of them.
    pub(super) fn tuple_of(&mut self, item: fn(&mut Self) -> R<N>) -> R<N> {
        let l = self.mark;
        let first = want!(item(self));
        if self.eat(Kind::Comma)?.is_none() {
            return Ok(Some(first));
        }
        let mut elts = vec![first];
        while let Some(next) = self.alt(item)? {
            elts.push(next);
            if self.eat(Kind::Comma)?.is_none() {
                break;
            }
        }
        Ok(Some(self.node(K::Tuple, l, elts)))
    }

    pub fn expressions(&mut self) -> R<N> {
        self.alt(|p| p.tuple_of(Self::expression))
    }

    pub fn star_expressions(&mut self) -> R<N> {
        self.alt(|p| p.tuple_of(Self::star_expression))
    }

    pub fn star_expression(&mut self) -> R<N> {
        self.memo(Rule::StarExpression, |p| {
            if let Some(star) = p.starred_bit_or()? {
                return Ok(Some(star));
            }
            p.expression()
        })
    }

    pub(super) fn starred_bit_or(&mut self) -> R<N> {
        self.alt(|p| {
            let l = need!(p, Kind::Star);
            let value = want!(p.bit_or());
            Ok(Some(p.node(K::Starred, l, vec![value])))
        })
    }

    pub fn star_named_expression(&mut self) -> R<N> {
        if let Some(star) = self.starred_bit_or()? {
            return Ok(Some(star));
        }
        self.named_expression()
    }

    pub fn star_named_expressions(&mut self) -> R<Vec<N>> {
        let all = want!(self.commas(Self::star_named_expression));
        self.eat(Kind::Comma)?;
        Ok(Some(all))
    }

    pub fn assignment_expression(&mut self) -> R<N> {
        self.alt(|p| {
            let l = need!(p, Kind::Name);
            need!(p, Kind::ColonEqual);
            want!(p.expression());
            p.found(K::Named, l)
        })
    }

    pub fn named_expression(&mut self) -> R<N> {
        if self.at_walrus()? {
            // Committed: behind `name :=` nothing else is tried.
            return self.assignment_expression();
        }
        if let Some(n) = self.invalid_alt(Self::invalid_named_expression)? {
            return Ok(Some(n));
        }
        self.expression_no_walrus()
    }

    pub(super) fn at_walrus(&mut self) -> Result<bool, super::peg::Stop> {
        self.ahead(|p| {
            need!(p, Kind::Name);
            p.eat(Kind::ColonEqual)
        })
    }

    /// `expression !':='`
    pub fn expression_no_walrus(&mut self) -> R<N> {
        self.alt(|p| {
            let e = want!(p.expression());
            Ok(if p.at(Kind::ColonEqual)? {
                None
            } else {
                Some(e)
            })
        })
    }

    /// `assignment_expression | expression !':='`
    pub fn argument_expression(&mut self) -> R<N> {
        if self.at_walrus()? {
            return self.assignment_expression();
        }
        self.expression_no_walrus()
    }

    pub(super) fn invalid_named_expression(&mut self) -> R<N> {
        self.memo(Rule::NamedExpression, |p| {
            let walrus = p.alt(|p| {
                let a = want!(p.expression());
                need!(p, Kind::ColonEqual);
                want!(p.expression());
                let msg = format!("cannot use assignment expressions with {}", a.kind.name());
                p.raise_at::<N>(&a, &msg)
            })?;
            if walrus.is_some() {
                return Ok(walrus);
            }
            p.alt(|p| {
                let l = need!(p, Kind::Name);
                need!(p, Kind::Equal);
                let b = want!(p.bit_or());
                if p.at_any(&[Kind::Equal, Kind::ColonEqual])? {
                    return Ok(None);
                }
                let msg = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
                p.raise_tokens::<N>(l, b.r, msg)
            })?;
            let excluded = p.at_any(&[Kind::True, Kind::None, Kind::False])?
                || p.ahead(Self::list)?
                || p.ahead(Self::tuple)?
                || p.ahead(Self::generator)?;
            if excluded {
                return Ok(None);
            }
            p.alt(|p| {
                let a = want!(p.bit_or());
                need!(p, Kind::Equal);
                want!(p.bit_or());
                if p.at_any(&[Kind::Equal, Kind::ColonEqual])? {
                    return Ok(None);
                }
                let msg = format!(
                    "cannot assign to {} here. Maybe you meant '==' instead of '='?",
                    a.kind.name()
                );
                p.raise_at::<N>(&a, &msg)
            })
        })
    }

    pub fn expression(&mut self) -> R<N> {
        self.memo(Rule::Expression, |p| {
            if let Some(n) = p.invalid_alt(Self::invalid_expression)? {
                return Ok(Some(n));
            }
            if let Some(n) = p.invalid_alt(Self::invalid_legacy_expression)? {
                return Ok(Some(n));
            }
            p.plain_expression()
        })
    }

    pub(super) fn plain_expression(&mut self) -> R<N> {
        let l = self.mark;
        let conditional = self.alt(|p| {
            want!(p.disjunction());
            need!(p, Kind::If);
            want!(p.disjunction());
            need!(p, Kind::Else);
            want!(p.expression());
            p.found(K::IfExp, l)
        })?;
        if conditional.is_some() {
            return Ok(conditional);
        }
        if let Some(n) = self.disjunction()? {
            return Ok(Some(n));
        }
        self.lambda()
    }

    /// An expression in which nothing is looked for but itself.
    pub(super) fn expression_without_invalid(&mut self) -> R<N> {
        let invalid = std::mem::replace(&mut self.invalid, false);
        let result = self.alt(Self::plain_expression);
        self.invalid = invalid;
        result
    }

    pub(super) fn is_legacy_word(&self, node: &N) -> bool {
        node.kind == K::Name && matches!(self.text(node.l), "print" | "exec")
    }

    pub(super) fn invalid_expression(&mut self) -> R<N> {
        // `u"" ""` with a wrong prefix, and statements that soft keywords begin, are no missing commas.
        let excluded = self.ahead(|p| {
            let at = need!(p, Kind::Name);
            if matches!(p.text(at), "_" | "case" | "match" | "type") {
                return Ok(Some(at));
            }
            p.eat(Kind::String)
        })?;
        self.alt(|p| {
            need!(p, Kind::String);
            let parts = p.many(|p| {
                if p.at(Kind::String)? {
                    return Ok(None);
                }
                p.expression_without_invalid()
            })?;
            let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
                return Ok(None);
            };
            need!(p, Kind::String);
            let msg = "invalid syntax. Is this intended to be part of the string?";
            p.raise_range::<N>(first, last, msg)
        })?;
        if !excluded {
            self.alt(|p| {
                let a = want!(p.disjunction());
                let b = want!(p.expression_without_invalid());
                if p.is_legacy_word(&a) || p.bracket_level(p.mark.saturating_sub(1)) == 0 {
                    return Ok(None);
                }
                p.raise_range::<N>(&a, &b, "invalid syntax. Perhaps you forgot a comma?")
            })?;
        }
        self.alt(|p| {
            let a = want!(p.disjunction());
            need!(p, Kind::If);
            let b = want!(p.disjunction());
            if p.at_any(&[Kind::Else, Kind::Colon])? {
                return Ok(None);
            }
            p.raise_range::<N>(&a, &b, "expected 'else' after 'if' expression")
        })?;
        self.alt(|p| {
            want!(p.disjunction());
            need!(p, Kind::If);
            want!(p.disjunction());
            need!(p, Kind::Else);
            if p.ahead(Self::expression)? {
                return Ok(None);
            }
            p.raise_next::<N>("expected expression after 'else', but statement is given")
        })?;
        self.alt(|p| {
            let l = want!(p.eat_any(&[Kind::Pass, Kind::Break, Kind::Continue]));
            need!(p, Kind::If);
            want!(p.disjunction());
            need!(p, Kind::Else);
            want!(p.simple_stmt());
            p.raise_tokens::<N>(
                l,
                l + 1,
                "expected expression before 'if', but statement is given",
            )
        })?;
        self.alt(|p| {
            let l = need!(p, Kind::Lambda);
            p.opt(Self::lambda_params)?;
            let colon = need!(p, Kind::Colon);
            if !p.at(Kind::FtMiddle)? && !p.at_field_end(l)? {
                return Ok(None);
            }
            let word = p.ft_word_before(l);
            let msg = format!("{word}: lambda expressions are not allowed without parentheses");
            p.raise_tokens::<N>(l, colon + 1, &msg)
        })
    }

    pub(super) fn invalid_legacy_expression(&mut self) -> R<N> {
        let a = need!(self, Kind::Name);
        if self.at(Kind::LPar)? {
            return Ok(None);
        }
        let b = want!(self.star_expressions());
        let word = self.text(a);
        if !matches!(word, "print" | "exec") {
            return Ok(None);
        }
        let msg = format!("Missing parentheses in call to '{word}'. Did you mean {word}(...)?");
        self.raise_tokens(a, b.r, &msg)
    }

    pub(super) fn lambda(&mut self) -> R<N> {
        self.alt(|p| {
            let l = need!(p, Kind::Lambda);
            p.opt(Self::lambda_params)?;
            need!(p, Kind::Colon);
            want!(p.expression());
            p.found(K::Lambda, l)
        })
    }

    pub fn yield_expr(&mut self) -> R<N> {
        self.alt(|p| {
            let l = need!(p, Kind::Yield);
            let from = p.alt(|p| {
                need!(p, Kind::From);
                p.expression()
            })?;
            if from.is_none() {
                p.opt(Self::star_expressions)?;
            }
            p.found(K::Yield, l)
        })
    }

    pub fn primary(&mut self) -> R<N> {
        self.memo(Rule::Primary, |p| {
            let l = p.mark;
            let mut node = want!(p.atom());
            while let Some(kind) = p.alt(Self::trailer)? {
                node = p.node(kind, l, Vec::new());
            }
            Ok(Some(node))
        })
    }

    /// What may follow a primary, and what it makes of it.
    pub fn trailer(&mut self) -> R<K> {
        match self.peek()? {
            Kind::Dot => {
                self.mark += 1;
                need!(self, Kind::Name);
                Ok(Some(K::Attribute))
            }
            Kind::LPar => {
                if self.generator()?.is_some() {
                    return Ok(Some(K::Call));
                }
                self.mark += 1;
                self.opt(Self::arguments)?;
                need!(self, Kind::RPar);
                Ok(Some(K::Call))
            }
            // A generator expression is tried first, and with it what looks like a broken comprehension.
            Kind::LBrace => {
                self.invalid_alt(Self::invalid_comprehension)?;
                Ok(None)
            }
            Kind::LSqb => {
                self.invalid_alt(Self::invalid_comprehension)?;
                self.mark += 1;
                want!(self.slices());
                need!(self, Kind::RSqb);
                Ok(Some(K::Subscript))
            }
            _ => Ok(None),
        }
    }

    pub fn slices(&mut self) -> R<()> {
        let one = self.alt(|p| {
            want!(p.slice());
            Ok(if p.at(Kind::Comma)? { None } else { Some(()) })
        })?;
        if one.is_some() {
            return Ok(one);
        }
        want!(self.commas(|p| {
            if p.alt(Self::slice)?.is_some() {
                return Ok(Some(()));
            }
            want!(p.starred_expression());
            Ok(Some(()))
        }));
        self.eat(Kind::Comma)?;
        Ok(Some(()))
    }

    pub(super) fn slice(&mut self) -> R<()> {
        let slice = self.alt(|p| {
            p.opt(Self::expression)?;
            need!(p, Kind::Colon);
            p.opt(Self::expression)?;
            if p.eat(Kind::Colon)?.is_some() {
                p.opt(Self::expression)?;
            }
            Ok(Some(()))
        })?;
        if slice.is_some() {
            return Ok(slice);
        }
        want!(self.named_expression());
        Ok(Some(()))
    }

    pub fn atom(&mut self) -> R<N> {
        let l = self.mark;
        let kind = match self.peek()? {
            Kind::Name => K::Name,
            Kind::True => K::True,
            Kind::False => K::False,
            Kind::None => K::None,
            Kind::Ellipsis => K::Ellipsis,
            Kind::Number => K::Literal,
            kind if STRINGS.contains(&kind) => return self.strings(),
            Kind::LPar => {
                for rule in [Self::tuple, Self::group, Self::generator] {
                    if let Some(n) = rule(self)? {
                        return Ok(Some(n));
                    }
                }
                return Ok(None);
            }
            Kind::LSqb => {
                for rule in [Self::list, Self::list_comp] {
                    if let Some(n) = rule(self)? {
                        return Ok(Some(n));
                    }
                }
                return Ok(None);
            }
            Kind::LBrace => {
                for rule in [Self::dict, Self::set, Self::dict_comp, Self::set_comp] {
                    if let Some(n) = rule(self)? {
                        return Ok(Some(n));
                    }
                }
                return Ok(None);
            }
            _ => return Ok(None),
        };
        self.mark += 1;
        self.found(kind, l)
    }
}
