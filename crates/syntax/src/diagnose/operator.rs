//! Operators, from `or` down to `await`.

use super::node::{N, NodeKind as K};
use super::peg::{Peg, R, Rule, need, want};
use crate::lexer::Kind;

impl Peg<'_, '_> {
    /// Operands joined by a keyword.
    pub(super) fn joined(&mut self, word: Kind, operand: fn(&mut Self) -> R<N>) -> R<N> {
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

    pub(super) fn conjunction(&mut self) -> R<N> {
        self.memo(Rule::Conjunction, |p| p.joined(Kind::And, Self::inversion))
    }

    pub(super) fn inversion(&mut self) -> R<N> {
        self.memo(Rule::Inversion, |p| {
            let l = p.mark;
            if p.eat(Kind::Not)?.is_some() {
                want!(p.inversion());
                return p.found(K::Operation, l);
            }
            p.comparison()
        })
    }

    pub(super) fn comparison(&mut self) -> R<N> {
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

    pub(super) fn comparison_operator(&mut self) -> R<()> {
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

    pub(super) fn binary(&mut self, level: usize) -> R<N> {
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

    pub(super) fn sum(&mut self) -> R<N> {
        self.memo(Rule::Sum, |p| {
            let l = p.mark;
            let mut left = want!(p.term());
            loop {
                let more = p.alt(|p| {
                    want!(p.eat_any(&[Kind::Plus, Kind::Minus]));
                    p.invalid_alt(|p| p.invalid_not_operand(Self::inversion))?;
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

    pub(super) fn term(&mut self) -> R<N> {
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
                want!(p.eat_any(&operators));
                p.invalid_alt(|p| p.invalid_not_operand(Self::inversion))?;
                want!(p.factor());
                Ok(Some(()))
            })?;
            if more.is_none() {
                return Ok(Some(left));
            }
            left = self.node(K::Operation, l, Vec::new());
        }
    }

    /// `a + not b`, from the `not` on.
    fn invalid_not_operand(&mut self, operand: fn(&mut Self) -> R<N>) -> R<()> {
        let not = need!(self, Kind::Not);
        let b = want!(operand(self));
        self.raise_tokens(not, b.r, "'not' after an operator must be parenthesized")
    }

    pub(super) fn factor(&mut self) -> R<N> {
        self.memo(Rule::Factor, |p| {
            let l = p.mark;
            if p.eat_any(&[Kind::Plus, Kind::Minus, Kind::Tilde])?
                .is_some()
            {
                p.invalid_alt(|p| p.invalid_not_operand(Self::factor))?;
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

    pub(super) fn await_primary(&mut self) -> R<N> {
        let l = self.mark;
        if self.eat(Kind::Await)?.is_some() {
            want!(self.primary());
            return self.found(K::Await, l);
        }
        self.primary()
    }
}
