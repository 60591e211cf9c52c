//! Brackets of all kinds: tuples and groups, lists, sets, dicts and comprehensions.

use super::node::{N, NodeKind as K, Use};
use super::peg::{Peg, R, Stop, need, want};
use crate::lexer::Kind;

impl Peg<'_, '_> {
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

    pub(super) fn group(&mut self) -> R<N> {
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

    pub(super) fn list_comp(&mut self) -> R<N> {
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

    pub(super) fn set(&mut self) -> R<N> {
        self.alt(|p| {
            let l = need!(p, Kind::LBrace);
            want!(p.star_named_expressions());
            need!(p, Kind::RBrace);
            p.found(K::Set, l)
        })
    }

    pub(super) fn set_comp(&mut self) -> R<N> {
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

    pub(super) fn invalid_comprehension(&mut self) -> R<N> {
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

    pub(super) fn dict(&mut self) -> R<N> {
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

    pub(super) fn double_starred_pair(&mut self) -> R<()> {
        if self.eat(Kind::DoubleStar)?.is_some() {
            want!(self.bit_or());
            return Ok(Some(()));
        }
        self.pair()
    }

    pub(super) fn pair(&mut self) -> R<()> {
        want!(self.expression());
        need!(self, Kind::Colon);
        want!(self.expression());
        Ok(Some(()))
    }

    pub(super) fn invalid_pairs(&mut self) -> R<N> {
        self.alt(|p| {
            want!(p.commas(Self::double_starred_pair));
            need!(p, Kind::Comma);
            p.invalid_pair()
        })?;
        self.alt(Self::invalid_value)
    }

    pub(super) fn invalid_pair(&mut self) -> R<N> {
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
    pub(super) fn invalid_value(&mut self) -> R<N> {
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

    pub(super) fn raise_after_key(&mut self, a: &N) -> R<N> {
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
            is_final: false,
        });
        Err(Stop)
    }

    pub(super) fn dict_comp(&mut self) -> R<N> {
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

    pub(super) fn for_if_clause(&mut self) -> R<()> {
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
        self.raise_invalid_target(&a, Use::For)
    }
}
