//! Targets of assignment, loops and deletion.

use super::node::{N, NodeKind as K};
use super::peg::{Peg, R, Rule, need, want};
use crate::lexer::Kind;

const LOOKAHEAD: [Kind; 3] = [Kind::LPar, Kind::LSqb, Kind::Dot];

impl Peg<'_, '_> {
    pub fn star_targets(&mut self) -> R<N> {
        self.alt(|p| {
            let l = p.mark;
            let first = want!(p.star_target());
            if !p.at(Kind::Comma)? {
                return Ok(Some(first));
            }
            p.mark = l;
            let elts = want!(p.commas(Self::star_target));
            p.eat(Kind::Comma)?;
            Ok(Some(p.node(K::Tuple, l, elts)))
        })
    }

    pub fn star_target(&mut self) -> R<N> {
        self.memo(Rule::StarTarget, |p| {
            let starred = p.alt(|p| {
                let l = need!(p, Kind::Star);
                if p.at(Kind::Star)? {
                    return Ok(None);
                }
                let value = want!(p.star_target());
                Ok(Some(p.node(K::Starred, l, vec![value])))
            })?;
            if starred.is_some() {
                Ok(starred)
            } else {
                p.target_with_star_atom()
            }
        })
    }

    fn target_with_star_atom(&mut self) -> R<N> {
        self.memo(Rule::TargetAtom, |p| {
            if let Some(n) = p.attribute_target()? {
                return Ok(Some(n));
            }
            p.star_atom()
        })
    }

    /// `single_subscript_attribute_target`: a primary whose last trailer is an attribute or a subscript.
    pub fn attribute_target(&mut self) -> R<N> {
        self.alt(|p| {
            let l = p.mark;
            want!(p.atom());
            let mut last = None;
            while p.at_any(&LOOKAHEAD)? {
                match p.alt(Self::trailer)? {
                    Some(kind) => last = Some(kind),
                    None => return Ok(None),
                }
            }
            match last {
                Some(kind @ (K::Attribute | K::Subscript)) => p.found(kind, l),
                _ => Ok(None),
            }
        })
    }

    fn star_atom(&mut self) -> R<N> {
        let l = self.mark;
        match self.peek()? {
            Kind::Name => {
                self.mark += 1;
                self.found(K::Name, l)
            }
            Kind::LPar => {
                let group = self.alt(|p| {
                    need!(p, Kind::LPar);
                    let target = want!(p.target_with_star_atom());
                    need!(p, Kind::RPar);
                    Ok(Some(target))
                })?;
                if group.is_some() {
                    return Ok(group);
                }
                self.alt(|p| {
                    need!(p, Kind::LPar);
                    let elts = p.alt(|p| {
                        let first = want!(p.star_target());
                        need!(p, Kind::Comma);
                        let mut elts = vec![first];
                        if let Some(more) = p.commas(Self::star_target)? {
                            elts.extend(more);
                            p.eat(Kind::Comma)?;
                        }
                        Ok(Some(elts))
                    })?;
                    need!(p, Kind::RPar);
                    Ok(Some(p.node(K::Tuple, l, elts.unwrap_or_default())))
                })
            }
            Kind::LSqb => self.alt(|p| {
                need!(p, Kind::LSqb);
                let elts = p.commas(Self::star_target)?.unwrap_or_default();
                if !elts.is_empty() {
                    p.eat(Kind::Comma)?;
                }
                need!(p, Kind::RSqb);
                Ok(Some(p.node(K::List, l, elts)))
            }),
            _ => Ok(None),
        }
    }

    pub fn single_target(&mut self) -> R<N> {
        if let Some(n) = self.attribute_target()? {
            return Ok(Some(n));
        }
        self.alt(|p| {
            let l = p.mark;
            if p.eat(Kind::Name)?.is_some() {
                return p.found(K::Name, l);
            }
            need!(p, Kind::LPar);
            let target = want!(p.single_target());
            need!(p, Kind::RPar);
            Ok(Some(target))
        })
    }

    pub fn del_targets(&mut self) -> R<()> {
        want!(self.commas(Self::del_target));
        self.eat(Kind::Comma)?;
        Ok(Some(()))
    }

    fn del_target(&mut self) -> R<()> {
        if self.attribute_target()?.is_some() {
            return Ok(Some(()));
        }
        match self.peek()? {
            Kind::Name => {
                self.mark += 1;
                Ok(Some(()))
            }
            Kind::LPar => {
                self.mark += 1;
                self.opt(Self::del_targets)?;
                need!(self, Kind::RPar);
                Ok(Some(()))
            }
            Kind::LSqb => {
                self.mark += 1;
                self.opt(Self::del_targets)?;
                need!(self, Kind::RSqb);
                Ok(Some(()))
            }
            _ => Ok(None),
        }
    }
}
