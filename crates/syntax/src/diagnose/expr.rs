//! Expressions, and what goes wrong in them.

use super::node::{N, NodeKind as K};
use super::peg::{Peg, R, Rule, need, want};
use crate::lexer::Kind;

const STRINGS: [Kind; 3] = [Kind::String, Kind::FStringStart, Kind::TStringStart];

impl Peg<'_, '_> {
    /// One, or a tuple of them.
    fn tuple_of(&mut self, item: fn(&mut Self) -> R<N>) -> R<N> {
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

    fn starred_bit_or(&mut self) -> R<N> {
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

    fn at_walrus(&mut self) -> Result<bool, super::peg::Stop> {
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

    fn invalid_named_expression(&mut self) -> R<N> {
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
            let l = p.mark;
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
                let _ = l;
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

    fn plain_expression(&mut self) -> R<N> {
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
    fn expression_without_invalid(&mut self) -> R<N> {
        let invalid = std::mem::replace(&mut self.invalid, false);
        let result = self.alt(Self::plain_expression);
        self.invalid = invalid;
        result
    }

    fn is_legacy_word(&self, node: &N) -> bool {
        node.kind == K::Name && matches!(self.text(node.l), "print" | "exec")
    }

    fn invalid_expression(&mut self) -> R<N> {
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
            let l = need_any(p, &[Kind::Pass, Kind::Break, Kind::Continue])?;
            let Some(l) = l else { return Ok(None) };
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

    fn invalid_legacy_expression(&mut self) -> R<N> {
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

    fn lambda(&mut self) -> R<N> {
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

    /// Operands joined by a keyword.
    fn joined(&mut self, word: Kind, operand: fn(&mut Self) -> R<N>) -> R<N> {
        let l = self.mark;
        let first = want!(operand(self));
        let more = self.many(|p| {
            need!(p, word);
            operand(p)
        })?;
        if more.is_empty() {
            Ok(Some(first))
        } else {
            self.found(K::Operation, l)
        }
    }

    pub fn disjunction(&mut self) -> R<N> {
        self.memo(Rule::Disjunction, |p| p.joined(Kind::Or, Self::conjunction))
    }

    fn conjunction(&mut self) -> R<N> {
        self.memo(Rule::Conjunction, |p| p.joined(Kind::And, Self::inversion))
    }

    fn inversion(&mut self) -> R<N> {
        self.memo(Rule::Inversion, |p| {
            let l = p.mark;
            if p.eat(Kind::Not)?.is_some() {
                want!(p.inversion());
                return p.found(K::Operation, l);
            }
            p.comparison()
        })
    }

    fn comparison(&mut self) -> R<N> {
        let l = self.mark;
        let left = want!(self.bit_or());
        let is_in = self.at(Kind::In)?;
        let more = self.many(|p| {
            want!(p.comparison_operator());
            p.bit_or()
        })?;
        if more.is_empty() {
            return Ok(Some(left));
        }
        Ok(Some(self.node(K::Compare { is_in }, l, vec![left])))
    }

    fn comparison_operator(&mut self) -> R<()> {
        let simple = [
            Kind::EqEqual,
            Kind::NotEqual,
            Kind::Less,
            Kind::LessEqual,
            Kind::Greater,
            Kind::GreaterEqual,
            Kind::In,
        ];
        if let Some(at) = self.eat(Kind::LessGreater)? {
            let msg = match self.text(at) {
                "!=" => "with Barry as BDFL, use '<>' instead of '!='",
                _ => "invalid syntax.  Maybe you meant '!=' instead of '<>'?",
            };
            return self.raise_tokens(at, at + 1, msg);
        }
        if self.eat_any(&simple)?.is_some() {
            return Ok(Some(()));
        }
        if self.eat(Kind::Not)?.is_some() {
            need!(self, Kind::In);
            return Ok(Some(()));
        }
        need!(self, Kind::Is);
        self.eat(Kind::Not)?;
        Ok(Some(()))
    }

    /// Down to `sum`, the operators of one precedence after the other.
    pub fn bit_or(&mut self) -> R<N> {
        self.memo(Rule::BitOr, |p| p.binary(0))
    }

    fn binary(&mut self, level: usize) -> R<N> {
        const LEVELS: [&[Kind]; 4] = [
            &[Kind::Vbar],
            &[Kind::Circumflex],
            &[Kind::Amper],
            &[Kind::LeftShift, Kind::RightShift],
        ];
        let Some(operators) = LEVELS.get(level) else {
            return self.sum();
        };
        let l = self.mark;
        let mut left = want!(self.binary(level + 1));
        while let Some(()) = self.alt(|p| {
            want!(p.eat_any(operators));
            want!(p.binary(level + 1));
            Ok(Some(()))
        })? {
            left = self.node(K::Operation, l, Vec::new());
        }
        Ok(Some(left))
    }

    fn sum(&mut self) -> R<N> {
        self.memo(Rule::Sum, |p| {
            let l = p.mark;
            let mut left = want!(p.term());
            loop {
                let more = p.alt(|p| {
                    let op = want!(p.eat_any(&[Kind::Plus, Kind::Minus]));
                    p.invalid_alt(|p| p.invalid_not_operand(l, op))?;
                    want!(p.term());
                    Ok(Some(()))
                })?;
                if more.is_none() {
                    return Ok(Some(left));
                }
                left = p.node(K::Operation, l, Vec::new());
            }
        })
    }

    fn term(&mut self) -> R<N> {
        let operators = [
            Kind::Star,
            Kind::Slash,
            Kind::DoubleSlash,
            Kind::Percent,
            Kind::At,
        ];
        let l = self.mark;
        let mut left = want!(self.factor());
        loop {
            let more = self.alt(|p| {
                let op = want!(p.eat_any(&operators));
                p.invalid_alt(|p| p.invalid_not_operand(l, op))?;
                want!(p.factor());
                Ok(Some(()))
            })?;
            if more.is_none() {
                return Ok(Some(left));
            }
            left = self.node(K::Operation, l, Vec::new());
        }
    }

    /// `a + not b`: the place is from `a` to `b` for operators that have a left side.
    fn invalid_not_operand(&mut self, l: usize, op: usize) -> R<()> {
        let not = need!(self, Kind::Not);
        let b = want!(self.inversion());
        let _ = (l, op);
        self.raise_tokens(not, b.r, "'not' after an operator must be parenthesized")
    }

    fn factor(&mut self) -> R<N> {
        self.memo(Rule::Factor, |p| {
            let l = p.mark;
            if let Some(op) = p.eat_any(&[Kind::Plus, Kind::Minus, Kind::Tilde])? {
                p.invalid_alt(|p| p.invalid_not_operand(l, op))?;
                want!(p.factor());
                return p.found(K::Operation, l);
            }
            let base = want!(p.await_primary());
            let power = p.alt(|p| {
                need!(p, Kind::DoubleStar);
                p.factor()
            })?;
            if power.is_some() {
                p.found(K::Operation, l)
            } else {
                Ok(Some(base))
            }
        })
    }

    fn await_primary(&mut self) -> R<N> {
        let l = self.mark;
        if self.eat(Kind::Await)?.is_some() {
            want!(self.primary());
            return self.found(K::Await, l);
        }
        self.primary()
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
            Kind::LSqb => {
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

    fn slice(&mut self) -> R<()> {
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

    pub fn tuple(&mut self) -> R<N> {
        self.alt(|p| {
            let l = need!(p, Kind::LPar);
            let elts = p.alt(|p| {
                let mut elts = vec![want!(p.star_named_expression())];
                need!(p, Kind::Comma);
                elts.extend(p.opt(Self::star_named_expressions)?.unwrap_or_default());
                Ok(Some(elts))
            })?;
            need!(p, Kind::RPar);
            Ok(Some(p.node(K::Tuple, l, elts.unwrap_or_default())))
        })
    }

    fn group(&mut self) -> R<N> {
        let group = self.alt(|p| {
            need!(p, Kind::LPar);
            let e = match p.yield_expr()? {
                Some(e) => e,
                None => want!(p.named_expression()),
            };
            need!(p, Kind::RPar);
            Ok(Some(e))
        })?;
        if group.is_some() {
            return Ok(group);
        }
        self.invalid_alt(|p| {
            p.alt(|p| {
                need!(p, Kind::LPar);
                let a = want!(p.starred_expression());
                need!(p, Kind::RPar);
                p.raise_at::<N>(&a, "cannot use starred expression here")
            })?;
            need!(p, Kind::LPar);
            let star = need!(p, Kind::DoubleStar);
            want!(p.expression());
            need!(p, Kind::RPar);
            p.raise_tokens(star, star + 1, "cannot use double starred expression here")
        })
    }

    pub fn generator(&mut self) -> R<N> {
        let found = self.alt(|p| {
            let l = need!(p, Kind::LPar);
            want!(p.argument_expression());
            want!(p.for_if_clauses());
            need!(p, Kind::RPar);
            p.found(K::Generator, l)
        })?;
        if found.is_some() {
            Ok(found)
        } else {
            self.invalid_alt(Self::invalid_comprehension)
        }
    }

    pub fn list(&mut self) -> R<N> {
        self.alt(|p| {
            let l = need!(p, Kind::LSqb);
            let elts = p.opt(Self::star_named_expressions)?.unwrap_or_default();
            need!(p, Kind::RSqb);
            Ok(Some(p.node(K::List, l, elts)))
        })
    }

    fn list_comp(&mut self) -> R<N> {
        let found = self.alt(|p| {
            let l = need!(p, Kind::LSqb);
            want!(p.named_expression());
            want!(p.for_if_clauses());
            need!(p, Kind::RSqb);
            p.found(K::ListComp, l)
        })?;
        if found.is_some() {
            Ok(found)
        } else {
            self.invalid_alt(Self::invalid_comprehension)
        }
    }

    fn set(&mut self) -> R<N> {
        self.alt(|p| {
            let l = need!(p, Kind::LBrace);
            want!(p.star_named_expressions());
            need!(p, Kind::RBrace);
            p.found(K::Set, l)
        })
    }

    fn set_comp(&mut self) -> R<N> {
        let found = self.alt(|p| {
            let l = need!(p, Kind::LBrace);
            want!(p.named_expression());
            want!(p.for_if_clauses());
            need!(p, Kind::RBrace);
            p.found(K::SetComp, l)
        })?;
        if found.is_some() {
            Ok(found)
        } else {
            self.invalid_alt(Self::invalid_comprehension)
        }
    }

    fn invalid_comprehension(&mut self) -> R<N> {
        self.alt(|p| {
            want!(p.eat_any(&[Kind::LSqb, Kind::LPar, Kind::LBrace]));
            let a = want!(p.starred_expression());
            want!(p.for_if_clauses());
            p.raise_at::<N>(&a, "iterable unpacking cannot be used in comprehension")
        })?;
        let msg = "did you forget parentheses around the comprehension target?";
        self.alt(|p| {
            want!(p.eat_any(&[Kind::LSqb, Kind::LBrace]));
            let a = want!(p.star_named_expression());
            need!(p, Kind::Comma);
            let b = want!(p.star_named_expressions());
            want!(p.for_if_clauses());
            let end = b.last().map_or(a.r, |b| b.r);
            p.raise_tokens::<N>(a.l, end, msg)
        })?;
        self.alt(|p| {
            want!(p.eat_any(&[Kind::LSqb, Kind::LBrace]));
            let a = want!(p.star_named_expression());
            let comma = need!(p, Kind::Comma);
            want!(p.for_if_clauses());
            p.raise_tokens::<N>(a.l, comma + 1, msg)
        })
    }

    fn dict(&mut self) -> R<N> {
        let found = self.alt(|p| {
            let l = need!(p, Kind::LBrace);
            if p.commas(Self::double_starred_pair)?.is_some() {
                p.eat(Kind::Comma)?;
            }
            need!(p, Kind::RBrace);
            p.found(K::Dict, l)
        })?;
        if found.is_some() {
            return Ok(found);
        }
        self.alt(|p| {
            // CPython looks for these in its first pass, too.
            need!(p, Kind::LBrace);
            p.invalid_pairs()
        })
    }

    fn double_starred_pair(&mut self) -> R<()> {
        if self.eat(Kind::DoubleStar)?.is_some() {
            want!(self.bit_or());
            return Ok(Some(()));
        }
        self.pair()
    }

    fn pair(&mut self) -> R<()> {
        want!(self.expression());
        need!(self, Kind::Colon);
        want!(self.expression());
        Ok(Some(()))
    }

    fn invalid_pairs(&mut self) -> R<N> {
        self.alt(|p| {
            want!(p.commas(Self::double_starred_pair));
            need!(p, Kind::Comma);
            p.invalid_pair()
        })?;
        self.alt(Self::invalid_value)
    }

    fn invalid_pair(&mut self) -> R<N> {
        self.alt(|p| {
            let a = want!(p.expression());
            if p.at(Kind::Colon)? {
                return Ok(None);
            }
            p.raise_after_key(&a)
        })?;
        self.alt(Self::invalid_value)
    }

    /// `key: *value` and `key:` without a value.
    fn invalid_value(&mut self) -> R<N> {
        want!(self.expression());
        let colon = need!(self, Kind::Colon);
        if let Some(star) = self.eat(Kind::Star)? {
            want!(self.bit_or());
            return self.raise_from(
                star,
                "cannot use a starred expression in a dictionary value",
            );
        }
        if self.at_any(&[Kind::RBrace, Kind::Comma])? {
            let msg = "expression expected after dictionary key and ':'";
            return self.raise_tokens(colon, colon + 1, msg);
        }
        Ok(None)
    }

    fn raise_after_key(&mut self, a: &N) -> R<N> {
        let last = self.token(a.r.saturating_sub(1));
        let source = self.source();
        let mut error = crate::error::at_span(
            source,
            crate::error::ErrorKind::Syntax,
            "':' expected after dictionary key",
            self.token(a.l).span.to(last.span),
        );
        // CPython points at the last character of the key, by the line of its first.
        let start = source.line_start(error.line);
        error.col = source.char_col(start, start + last.span.end_col as usize);
        error.end_col = 0;
        self.raise(super::raise::Raised {
            error,
            final_: false,
        });
        Err(super::peg::Stop)
    }

    fn dict_comp(&mut self) -> R<N> {
        let found = self.alt(|p| {
            let l = need!(p, Kind::LBrace);
            want!(p.pair());
            want!(p.for_if_clauses());
            need!(p, Kind::RBrace);
            p.found(K::DictComp, l)
        })?;
        if found.is_some() {
            return Ok(found);
        }
        self.invalid_alt(|p| {
            need!(p, Kind::LBrace);
            let a = need!(p, Kind::DoubleStar);
            want!(p.bit_or());
            want!(p.for_if_clauses());
            need!(p, Kind::RBrace);
            p.raise_tokens(
                a,
                a + 1,
                "dict unpacking cannot be used in dict comprehension",
            )
        })
    }

    /// The clauses of a comprehension; a node of the last one.
    pub fn for_if_clauses(&mut self) -> R<N> {
        let l = self.mark;
        let clauses = self.many(Self::for_if_clause)?;
        if clauses.is_empty() {
            Ok(None)
        } else {
            self.found(K::Other, l)
        }
    }

    fn for_if_clause(&mut self) -> R<()> {
        let committed = self.alt(|p| {
            p.eat(Kind::Async)?;
            need!(p, Kind::For);
            want!(p.star_targets());
            need!(p, Kind::In);
            Ok(Some(()))
        })?;
        if committed.is_some() {
            want!(self.disjunction());
            self.many(|p| {
                need!(p, Kind::If);
                p.disjunction()
            })?;
            return Ok(Some(()));
        }
        self.invalid_alt(|p| {
            p.alt(|p| {
                p.eat(Kind::Async)?;
                need!(p, Kind::For);
                want!(p.commas(Self::bit_or));
                p.eat(Kind::Comma)?;
                if p.at(Kind::In)? {
                    return Ok(None);
                }
                p.raise_here::<()>("'in' expected after for-loop variables")
            })?;
            p.invalid_for_target()
        })
    }

    pub fn invalid_for_target(&mut self) -> R<()> {
        self.eat(Kind::Async)?;
        need!(self, Kind::For);
        let a = want!(self.star_expressions());
        self.raise_invalid_target(&a, super::node::Use::For)
    }
}

fn need_any(p: &mut Peg<'_, '_>, kinds: &[Kind]) -> R<usize> {
    p.eat_any(kinds)
}
