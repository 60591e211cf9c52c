//! Parameters of functions and lambdas, and type parameters.

use super::node::{N, NodeKind as K};
use super::peg::{Peg, R, Stop, need, want};
use crate::lexer::Kind;

/// Which list is read: it ends in another token, and only a function's parameters have annotations.
#[derive(Clone, Copy, PartialEq)]
enum List {
    Function,
    Lambda,
}

impl List {
    fn end(self) -> Kind {
        if self == List::Function {
            Kind::RPar
        } else {
            Kind::Colon
        }
    }
}

impl Peg<'_, '_> {
    pub fn params(&mut self) -> R<()> {
        self.parameter_list(List::Function)
    }

    pub fn lambda_params(&mut self) -> R<()> {
        self.parameter_list(List::Lambda)
    }

    fn parameter_list(&mut self, list: List) -> R<()> {
        self.invalid_alt(|p| p.invalid_parameters(list))?;
        self.alt(|p| p.parameters(list))
    }

    fn param(&mut self, list: List) -> R<N> {
        let l = need!(self, Kind::Name);
        if list == List::Function {
            self.opt(|p| {
                need!(p, Kind::Colon);
                p.expression()
            })?;
        }
        self.found(K::Other, l)
    }

    /// The comma behind a parameter, or the end of the list.
    fn separator(&mut self, list: List) -> R<()> {
        if self.eat(Kind::Comma)?.is_some() || self.at(list.end())? {
            return Ok(Some(()));
        }
        Ok(None)
    }

    fn no_default(&mut self, list: List) -> R<N> {
        self.alt(|p| {
            let n = want!(p.param(list));
            want!(p.separator(list));
            Ok(Some(n))
        })
    }

    fn default(&mut self) -> R<()> {
        let good = self.alt(|p| {
            need!(p, Kind::Equal);
            want!(p.expression());
            Ok(Some(()))
        })?;
        if good.is_some() {
            return Ok(good);
        }
        self.invalid_alt(|p| {
            let a = need!(p, Kind::Equal);
            // CPython looks for `)` here in lambdas too.
            if !p.at_any(&[Kind::RPar, Kind::Comma])? {
                return Ok(None);
            }
            p.raise_tokens(a, a + 1, "expected default value expression")
        })
    }

    fn with_default(&mut self, list: List) -> R<N> {
        self.alt(|p| {
            let n = want!(p.param(list));
            want!(p.default());
            want!(p.separator(list));
            Ok(Some(n))
        })
    }

    fn maybe_default(&mut self, list: List) -> R<N> {
        self.alt(|p| {
            let n = want!(p.param(list));
            p.opt(|p| p.default())?;
            want!(p.separator(list));
            Ok(Some(n))
        })
    }

    fn slash(&mut self, list: List) -> R<()> {
        need!(self, Kind::Slash);
        self.separator(list)
    }

    fn slash_no_default(&mut self, list: List) -> R<()> {
        self.alt(|p| {
            if p.many(|p| p.no_default(list))?.is_empty() {
                return Ok(None);
            }
            p.slash(list)
        })
    }

    fn slash_with_default(&mut self, list: List) -> R<()> {
        self.alt(|p| {
            p.many(|p| p.no_default(list))?;
            if p.many(|p| p.with_default(list))?.is_empty() {
                return Ok(None);
            }
            p.slash(list)
        })
    }

    fn parameters(&mut self, list: List) -> R<()> {
        let l = self.mark;
        if self.slash_no_default(list)?.is_some() {
            self.many(|p| p.no_default(list))?;
            self.many(|p| p.with_default(list))?;
        } else if self.slash_with_default(list)?.is_some() {
            self.many(|p| p.with_default(list))?;
        } else {
            self.many(|p| p.no_default(list))?;
            self.many(|p| p.with_default(list))?;
        }
        self.opt(|p| p.star_etc(list))?;
        Ok(if self.mark > l { Some(()) } else { None })
    }

    fn star_etc(&mut self, list: List) -> R<()> {
        self.invalid_alt(|p| p.invalid_star_etc(list))?;
        let stars = self.alt(|p| {
            need!(p, Kind::Star);
            let named = p.alt(|p| p.star_param(list))?;
            if named.is_none() {
                need!(p, Kind::Comma);
                if p.many(|p| p.maybe_default(list))?.is_empty() {
                    return Ok(None);
                }
            } else {
                p.many(|p| p.maybe_default(list))?;
            }
            p.opt(|p| p.kwds(list))?;
            Ok(Some(()))
        })?;
        if stars.is_some() {
            Ok(stars)
        } else {
            self.kwds(list)
        }
    }

    /// The parameter behind `*`, whose annotation may be starred.
    fn star_param(&mut self, list: List) -> R<()> {
        if self.no_default(list)?.is_some() {
            return Ok(Some(()));
        }
        if list == List::Lambda {
            return Ok(None);
        }
        need!(self, Kind::Name);
        need!(self, Kind::Colon);
        want!(self.star_expression());
        self.separator(list)
    }

    fn kwds(&mut self, list: List) -> R<()> {
        self.invalid_alt(|p| p.invalid_kwds(list))?;
        self.alt(|p| {
            need!(p, Kind::DoubleStar);
            want!(p.no_default(list));
            Ok(Some(()))
        })
    }

    fn invalid_kwds(&mut self, list: List) -> R<()> {
        need!(self, Kind::DoubleStar);
        want!(self.param(list));
        if self.at(Kind::Equal)? {
            let at = self.mark;
            return self.raise_tokens(at, at + 1, "var-keyword argument cannot have default value");
        }
        need!(self, Kind::Comma);
        let msg = "arguments cannot follow var-keyword argument";
        if let Some(a) = self.alt(|p| p.param(list))? {
            return self.raise_tokens(a.l, a.r, msg);
        }
        let a = want!(self.eat_any(&[Kind::Star, Kind::DoubleStar, Kind::Slash]));
        self.raise_tokens(a, a + 1, msg)
    }

    fn invalid_star_etc(&mut self, list: List) -> R<()> {
        self.alt(|p| {
            let a = need!(p, Kind::Star);
            let end = p.eat(list.end())?.is_some()
                || (p.eat(Kind::Comma)?.is_some() && p.at_any(&[list.end(), Kind::DoubleStar])?);
            if !end {
                return Ok(None);
            }
            let msg = "named arguments must follow bare *";
            if list == List::Lambda {
                p.raise_here::<()>(msg)
            } else {
                p.raise_tokens(a, a + 1, msg)
            }
        })?;
        self.alt(|p| {
            need!(p, Kind::Star);
            want!(p.param(list));
            let a = need!(p, Kind::Equal);
            p.raise_tokens::<()>(
                a,
                a + 1,
                "var-positional argument cannot have default value",
            )
        })?;
        self.alt(|p| {
            need!(p, Kind::Star);
            want!(p.star_or_comma(list));
            p.many(|p| p.maybe_default(list))?;
            let a = need!(p, Kind::Star);
            want!(p.star_or_comma(list));
            p.raise_tokens::<()>(a, a + 1, "* argument may appear only once")
        })
    }

    fn star_or_comma(&mut self, list: List) -> R<()> {
        if self.no_default(list)?.is_some() || self.eat(Kind::Comma)?.is_some() {
            return Ok(Some(()));
        }
        Ok(None)
    }

    fn any_slash(&mut self, list: List) -> Result<bool, Stop> {
        Ok(self.slash_no_default(list)?.is_some() || self.slash_with_default(list)?.is_some())
    }

    fn invalid_parameters(&mut self, list: List) -> R<()> {
        self.alt(|p| {
            let a = need!(p, Kind::Slash);
            need!(p, Kind::Comma);
            p.raise_tokens::<()>(a, a + 1, "at least one argument must precede /")
        })?;
        self.alt(|p| {
            if !p.any_slash(list)? {
                return Ok(None);
            }
            p.many(|p| p.maybe_default(list))?;
            let a = need!(p, Kind::Slash);
            p.raise_tokens::<()>(a, a + 1, "/ may appear only once")
        })?;
        self.alt(|p| {
            p.slash_no_default(list)?;
            p.many(|p| p.no_default(list))?;
            if p.slash_with_default(list)?.is_none() && p.many(|p| p.with_default(list))?.is_empty()
            {
                return Ok(None);
            }
            let a = want!(p.no_default(list));
            let msg = "parameter without a default follows parameter with a default";
            p.raise_tokens::<()>(a.l, a.r, msg)
        })?;
        self.alt(|p| {
            p.many(|p| p.no_default(list))?;
            let a = need!(p, Kind::LPar);
            if list == List::Function {
                if p.many(|p| p.no_default(list))?.is_empty() {
                    return Ok(None);
                }
            } else {
                want!(p.commas(|p| p.param(list)));
            }
            p.eat(Kind::Comma)?;
            let b = need!(p, Kind::RPar);
            let what = if list == List::Function {
                "Function"
            } else {
                "Lambda expression"
            };
            p.raise_tokens::<()>(
                a,
                b + 1,
                &format!("{what} parameters cannot be parenthesized"),
            )
        })?;
        self.alt(|p| {
            p.any_slash(list)?;
            p.many(|p| p.maybe_default(list))?;
            need!(p, Kind::Star);
            if p.eat(Kind::Comma)?.is_none() {
                want!(p.no_default(list));
            }
            p.many(|p| p.maybe_default(list))?;
            let a = need!(p, Kind::Slash);
            p.raise_tokens::<()>(a, a + 1, "/ must be ahead of *")
        })?;
        self.alt(|p| {
            if p.many(|p| p.maybe_default(list))?.is_empty() {
                return Ok(None);
            }
            need!(p, Kind::Slash);
            let a = need!(p, Kind::Star);
            p.raise_tokens(a, a + 1, "expected comma between / and *")
        })
    }

    pub fn type_params(&mut self) -> R<()> {
        self.invalid_alt(|p| {
            need!(p, Kind::LSqb);
            let at = need!(p, Kind::RSqb);
            p.raise_from::<()>(at, "Type parameter list cannot be empty")
        })?;
        self.alt(|p| {
            need!(p, Kind::LSqb);
            want!(p.commas(Self::type_param));
            p.eat(Kind::Comma)?;
            need!(p, Kind::RSqb);
            Ok(Some(()))
        })
    }

    fn type_param(&mut self) -> R<()> {
        if self.eat(Kind::Name)?.is_some() {
            self.opt(|p| {
                need!(p, Kind::Colon);
                p.expression()
            })?;
            self.opt(|p| {
                need!(p, Kind::Equal);
                p.expression()
            })?;
            return Ok(Some(()));
        }
        self.invalid_alt(Self::invalid_type_param)?;
        let star = want!(self.eat_any(&[Kind::Star, Kind::DoubleStar]));
        need!(self, Kind::Name);
        let starred = self.token(star).kind == Kind::Star;
        self.opt(|p| {
            need!(p, Kind::Equal);
            if starred {
                p.star_expression()
            } else {
                p.expression()
            }
        })?;
        Ok(Some(()))
    }

    fn invalid_type_param(&mut self) -> R<()> {
        let star = want!(self.eat_any(&[Kind::Star, Kind::DoubleStar]));
        need!(self, Kind::Name);
        let colon = need!(self, Kind::Colon);
        let e = want!(self.expression());
        let what = if e.kind == K::Tuple {
            "constraints"
        } else {
            "bound"
        };
        let whose = if self.token(star).kind == Kind::Star {
            "TypeVarTuple"
        } else {
            "ParamSpec"
        };
        self.raise_from(colon, &format!("cannot use {what} with {whose}"))
    }
}
