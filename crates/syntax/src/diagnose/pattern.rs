//! Patterns.

use super::node::{N, NodeKind as K};
use super::peg::{Peg, R, Rule, need, want};
use crate::lexer::Kind;

impl Peg<'_, '_> {
    pub fn patterns(&mut self) -> R<()> {
        if self.alt(Self::open_sequence)?.is_some() {
            return Ok(Some(()));
        }
        want!(self.pattern());
        Ok(Some(()))
    }

    /// At least one comma.
    fn open_sequence(&mut self) -> R<()> {
        want!(self.maybe_star());
        need!(self, Kind::Comma);
        self.opt(Self::maybe_sequence)?;
        Ok(Some(()))
    }

    fn maybe_sequence(&mut self) -> R<()> {
        want!(self.commas(Self::maybe_star));
        self.eat(Kind::Comma)?;
        Ok(Some(()))
    }

    fn maybe_star(&mut self) -> R<()> {
        if self.eat(Kind::Star)?.is_some() {
            need!(self, Kind::Name);
            return Ok(Some(()));
        }
        want!(self.pattern());
        Ok(Some(()))
    }

    fn capture_name(&mut self) -> R<usize> {
        self.alt(|p| {
            let name = need!(p, Kind::Name);
            if p.text(name) == "_" || p.at_any(&[Kind::Dot, Kind::LPar, Kind::Equal])? {
                return Ok(None);
            }
            Ok(Some(name))
        })
    }

    fn pattern(&mut self) -> R<N> {
        let l = self.mark;
        let named = self.alt(|p| {
            want!(p.or_pattern());
            need!(p, Kind::As);
            want!(p.capture_name());
            p.found(K::Other, l)
        })?;
        if named.is_some() {
            return Ok(named);
        }
        self.invalid_alt(|p| {
            want!(p.or_pattern());
            need!(p, Kind::As);
            if let Some(at) = p.eat_word("_")? {
                return p.raise_tokens::<N>(at, at + 1, "cannot use '_' as a target");
            }
            let a = want!(p.expression());
            p.raise_at(
                &a,
                &format!("cannot use {} as pattern target", a.kind.name()),
            )
        })?;
        self.or_pattern()
    }

    fn or_pattern(&mut self) -> R<N> {
        self.alt(|p| {
            let l = p.mark;
            want!(p.closed_pattern());
            p.many(|p| {
                need!(p, Kind::Vbar);
                p.closed_pattern()
            })?;
            p.found(K::Other, l)
        })
    }

    fn closed_pattern(&mut self) -> R<N> {
        self.memo(Rule::ClosedPattern, |p| {
            let l = p.mark;
            let rules = [
                Self::literal,
                Self::capture,
                Self::wildcard,
                Self::value,
                Self::group_pattern,
                Self::sequence_pattern,
                Self::mapping_pattern,
                Self::class_pattern,
            ];
            for rule in rules {
                if p.alt(rule)?.is_some() {
                    return p.found(K::Other, l);
                }
            }
            Ok(None)
        })
    }

    fn signed_number(&mut self) -> R<()> {
        self.eat(Kind::Minus)?;
        need!(self, Kind::Number);
        Ok(Some(()))
    }

    fn is_imaginary(&self, i: usize) -> bool {
        self.text(i).ends_with(['j', 'J'])
    }

    fn literal(&mut self) -> R<()> {
        let number = self.alt(|p| {
            want!(p.signed_number());
            Ok(if p.at_any(&[Kind::Plus, Kind::Minus])? {
                None
            } else {
                Some(())
            })
        })?;
        if number.is_some() {
            return Ok(number);
        }
        if self.at_any(&[Kind::Number, Kind::Minus])? {
            want!(self.signed_number());
            let real = self.mark - 1;
            want!(self.eat_any(&[Kind::Plus, Kind::Minus]));
            let imaginary = need!(self, Kind::Number);
            // CPython raises these from the action, in either pass.
            if self.is_imaginary(real) {
                return self.raise_tokens(
                    real,
                    real + 1,
                    "real number required in complex literal",
                );
            }
            if !self.is_imaginary(imaginary) {
                let msg = "imaginary number required in complex literal";
                return self.raise_tokens(imaginary, imaginary + 1, msg);
            }
            return Ok(Some(()));
        }
        if self
            .eat_any(&[Kind::None, Kind::True, Kind::False])?
            .is_some()
        {
            return Ok(Some(()));
        }
        if !self.at_any(&[Kind::String, Kind::FStringStart, Kind::TStringStart])? {
            return Ok(None);
        }
        want!(self.strings());
        Ok(Some(()))
    }

    fn capture(&mut self) -> R<()> {
        want!(self.capture_name());
        Ok(Some(()))
    }

    fn wildcard(&mut self) -> R<()> {
        want!(self.eat_word("_"));
        Ok(Some(()))
    }

    fn attribute(&mut self) -> R<()> {
        need!(self, Kind::Name);
        let dots = self.many(|p| {
            need!(p, Kind::Dot);
            p.eat(Kind::Name)
        })?;
        Ok(if dots.is_empty() { None } else { Some(()) })
    }

    fn value(&mut self) -> R<()> {
        want!(self.attribute());
        Ok(if self.at_any(&[Kind::Dot, Kind::LPar, Kind::Equal])? {
            None
        } else {
            Some(())
        })
    }

    fn group_pattern(&mut self) -> R<()> {
        need!(self, Kind::LPar);
        want!(self.pattern());
        need!(self, Kind::RPar);
        Ok(Some(()))
    }

    fn sequence_pattern(&mut self) -> R<()> {
        if self.eat(Kind::LSqb)?.is_some() {
            self.opt(Self::maybe_sequence)?;
            need!(self, Kind::RSqb);
            return Ok(Some(()));
        }
        need!(self, Kind::LPar);
        self.opt(Self::open_sequence)?;
        need!(self, Kind::RPar);
        Ok(Some(()))
    }

    fn mapping_pattern(&mut self) -> R<()> {
        need!(self, Kind::LBrace);
        if self.eat(Kind::RBrace)?.is_some() {
            return Ok(Some(()));
        }
        if self.commas(Self::mapping_item)?.is_some() {
            self.opt(|p| {
                need!(p, Kind::Comma);
                p.mapping_rest()
            })?;
        } else {
            want!(self.mapping_rest());
        }
        self.eat(Kind::Comma)?;
        need!(self, Kind::RBrace);
        Ok(Some(()))
    }

    fn mapping_rest(&mut self) -> R<()> {
        need!(self, Kind::DoubleStar);
        want!(self.capture_name());
        Ok(Some(()))
    }

    fn mapping_item(&mut self) -> R<()> {
        if self.alt(Self::literal)?.is_none() {
            want!(self.attribute());
        }
        need!(self, Kind::Colon);
        want!(self.pattern());
        Ok(Some(()))
    }

    fn keyword_pattern(&mut self) -> R<()> {
        need!(self, Kind::Name);
        need!(self, Kind::Equal);
        want!(self.pattern());
        Ok(Some(()))
    }

    fn class_name(&mut self) -> R<()> {
        if self.alt(Self::attribute)?.is_none() {
            need!(self, Kind::Name);
        }
        need!(self, Kind::LPar);
        Ok(Some(()))
    }

    fn class_pattern(&mut self) -> R<()> {
        let good = self.alt(|p| {
            want!(p.class_name());
            if p.eat(Kind::RPar)?.is_some() {
                return Ok(Some(()));
            }
            if p.commas(Self::pattern)?.is_some() {
                p.opt(|p| {
                    need!(p, Kind::Comma);
                    p.commas(Self::keyword_pattern)
                })?;
            } else {
                want!(p.commas(Self::keyword_pattern));
            }
            p.eat(Kind::Comma)?;
            need!(p, Kind::RPar);
            Ok(Some(()))
        })?;
        if good.is_some() {
            return Ok(good);
        }
        self.invalid_alt(|p| {
            want!(p.class_name());
            p.opt(|p| {
                want!(p.commas(Self::pattern));
                p.eat(Kind::Comma)
            })?;
            want!(p.commas(Self::keyword_pattern));
            need!(p, Kind::Comma);
            let late = want!(p.commas(Self::pattern));
            let (Some(first), Some(last)) = (late.first(), late.last()) else {
                return Ok(None);
            };
            p.raise_range(first, last, "positional patterns follow keyword patterns")
        })
    }
}
