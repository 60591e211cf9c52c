//! Arguments of calls.

use super::node::{N, NodeKind as K};
use super::peg::{Peg, R, Rule, need, want};
use crate::lexer::Kind;

const COMPARE: &str = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
const PARENTHESIZE: &str = "Generator expression must be parenthesized";

/// What `args` recognised: whether its last argument is a keyword, and if so whether it is `**`; and its positionals.
pub struct Recognised {
    keywords: bool,
    last_unpacks: bool,
    count: usize,
    last: Option<N>,
}

impl Peg<'_, '_> {
    pub fn arguments(&mut self) -> R<N> {
        self.memo(Rule::Arguments, |p| {
            let l = p.mark;
            let good = p.alt(|p| {
                want!(p.args());
                p.eat(Kind::Comma)?;
                if p.at(Kind::RPar)? {
                    p.found(K::Other, l)
                } else {
                    Ok(None)
                }
            })?;
            if good.is_some() {
                Ok(good)
            } else {
                p.invalid_alt(Self::invalid_arguments)
            }
        })
    }

    /// A positional argument, plain or starred.
    fn positional(&mut self) -> R<N> {
        if let Some(n) = self.alt(Self::starred_expression)? {
            return Ok(Some(n));
        }
        self.alt(|p| {
            let e = want!(p.argument_expression());
            Ok(if p.at(Kind::Equal)? { None } else { Some(e) })
        })
    }

    fn args(&mut self) -> R<Recognised> {
        self.alt(|p| {
            if let Some(all) = p.commas(Self::positional)? {
                let count = all.len();
                let keywords = p.alt(|p| {
                    need!(p, Kind::Comma);
                    p.kwargs()
                })?;
                let last = all.last().cloned();
                return Ok(Some(match keywords {
                    Some(k) => Recognised {
                        count: count + k.count,
                        last,
                        ..k
                    },
                    None => Recognised {
                        keywords: false,
                        last_unpacks: false,
                        count,
                        last,
                    },
                }));
            }
            p.kwargs()
        })
    }

    fn kwargs(&mut self) -> R<Recognised> {
        self.alt(|p| {
            // The value tells whether an argument unpacks with `**`.
            let named = p.commas(Self::kwarg_or_starred)?;
            let mut all = named.unwrap_or_default();
            let more = if all.is_empty() {
                p.commas(Self::kwarg_or_double_starred)?
            } else {
                p.alt(|p| {
                    need!(p, Kind::Comma);
                    p.commas(Self::kwarg_or_double_starred)
                })?
            };
            all.extend(more.unwrap_or_default());
            let Some(&last_unpacks) = all.last() else {
                return Ok(None);
            };
            Ok(Some(Recognised {
                keywords: true,
                last_unpacks,
                count: all.len(),
                last: None,
            }))
        })
    }

    fn kwarg_or_starred(&mut self) -> R<bool> {
        self.invalid_alt(Self::invalid_kwarg)?;
        if self.alt(Self::named_argument)?.is_some() {
            return Ok(Some(false));
        }
        want!(self.alt(Self::starred_expression));
        Ok(Some(false))
    }

    fn kwarg_or_double_starred(&mut self) -> R<bool> {
        self.invalid_alt(Self::invalid_kwarg)?;
        if self.alt(Self::named_argument)?.is_some() {
            return Ok(Some(false));
        }
        self.invalid_alt(|p| {
            let a = need!(p, Kind::DoubleStar);
            want!(p.expression());
            need!(p, Kind::Equal);
            let b = want!(p.expression());
            p.raise_tokens::<()>(a, b.r, "cannot assign to keyword argument unpacking")
        })?;
        need!(self, Kind::DoubleStar);
        want!(self.expression());
        Ok(Some(true))
    }

    fn named_argument(&mut self) -> R<N> {
        need!(self, Kind::Name);
        need!(self, Kind::Equal);
        self.expression()
    }

    fn invalid_kwarg(&mut self) -> R<()> {
        self.alt(|p| {
            let a = want!(p.eat_any(&[Kind::True, Kind::False, Kind::None]));
            let b = need!(p, Kind::Equal);
            let msg = format!("cannot assign to {}", p.text(a));
            p.raise_tokens::<()>(a, b + 1, &msg)
        })?;
        self.alt(Self::invalid_name_equals_generator)?;
        self.alt(|p| {
            let simple = p.ahead(|p| {
                need!(p, Kind::Name);
                p.eat(Kind::Equal)
            })?;
            if simple {
                return Ok(None);
            }
            let a = want!(p.expression());
            let b = need!(p, Kind::Equal);
            let msg = "expression cannot contain assignment, perhaps you meant \"==\"?";
            p.raise_tokens::<()>(a.l, b + 1, msg)
        })
    }

    fn invalid_name_equals_generator(&mut self) -> R<()> {
        let a = need!(self, Kind::Name);
        let b = need!(self, Kind::Equal);
        want!(self.expression());
        want!(self.for_if_clauses());
        self.raise_tokens(a, b + 1, COMPARE)
    }

    fn invalid_arguments(&mut self) -> R<N> {
        self.alt(|p| {
            want!(p.args());
            let comma = need!(p, Kind::Comma);
            need!(p, Kind::Star);
            let b = want!(p.expression());
            let msg = "iterable argument unpacking follows keyword argument unpacking";
            p.raise_tokens::<N>(comma, b.r, msg)
        })?;
        self.alt(|p| {
            let a = want!(p.expression());
            let b = want!(p.for_if_clauses());
            need!(p, Kind::Comma);
            p.opt(|p| {
                if p.alt(Self::args)?.is_some() {
                    return Ok(Some(()));
                }
                want!(p.expression());
                want!(p.for_if_clauses());
                Ok(Some(()))
            })?;
            p.raise_range::<N>(&a, &b, PARENTHESIZE)
        })?;
        self.alt(Self::invalid_name_equals_generator)?;
        self.alt(|p| {
            p.opt(|p| {
                want!(p.args());
                p.eat(Kind::Comma)
            })?;
            let a = need!(p, Kind::Name);
            let b = need!(p, Kind::Equal);
            if !p.at_any(&[Kind::Comma, Kind::RPar])? {
                return Ok(None);
            }
            p.raise_tokens::<N>(a, b + 1, "expected argument value expression")
        })?;
        self.alt(|p| {
            let a = want!(p.args());
            let b = want!(p.for_if_clauses());
            // The comprehension belongs to the last argument; alone it would have been one.
            match a.last.filter(|_| a.count > 1 && !a.keywords) {
                Some(last) => p.raise_range::<N>(&last, &b, PARENTHESIZE),
                None => Ok(None),
            }
        })?;
        self.alt(|p| {
            want!(p.args());
            need!(p, Kind::Comma);
            let a = want!(p.expression());
            let b = want!(p.for_if_clauses());
            p.raise_range::<N>(&a, &b, PARENTHESIZE)
        })?;
        self.alt(|p| {
            let a = want!(p.args());
            need!(p, Kind::Comma);
            want!(p.args());
            let msg = if a.last_unpacks {
                "positional argument follows keyword argument unpacking"
            } else {
                "positional argument follows keyword argument"
            };
            p.raise_here::<N>(msg)
        })
    }

    pub fn starred_expression(&mut self) -> R<N> {
        self.invalid_alt(|p| {
            let a = need!(p, Kind::Star);
            want!(p.expression());
            need!(p, Kind::Equal);
            let b = want!(p.expression());
            p.raise_tokens::<N>(a, b.r, "cannot assign to iterable argument unpacking")
        })?;
        let good = self.alt(|p| {
            let l = need!(p, Kind::Star);
            let value = want!(p.expression());
            Ok(Some(p.node(K::Starred, l, vec![value])))
        })?;
        if good.is_some() {
            return Ok(good);
        }
        self.invalid_alt(|p| {
            need!(p, Kind::Star);
            p.raise_here("Invalid star expression")
        })
    }
}
