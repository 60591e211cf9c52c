//! Modules and simple statements.

use super::node::{N, NodeKind as K, Use};
use super::peg::{Peg, R, Rule, Stop, need, want};
use crate::lexer::Kind;
use crate::parser::Mode;

const AUGMENTED: [Kind; 13] = [
    Kind::PlusEqual,
    Kind::MinusEqual,
    Kind::StarEqual,
    Kind::AtEqual,
    Kind::SlashEqual,
    Kind::PercentEqual,
    Kind::AmperEqual,
    Kind::VbarEqual,
    Kind::CircumflexEqual,
    Kind::LeftShiftEqual,
    Kind::RightShiftEqual,
    Kind::DoubleStarEqual,
    Kind::DoubleSlashEqual,
];

impl Peg<'_, '_> {
    /// Whether the whole source is recognised.
    pub fn root(&mut self) -> Result<bool, Stop> {
        match self.mode() {
            Mode::Eval => {
                if self.expressions()?.is_none() {
                    return Ok(false);
                }
                while self.eat(Kind::Newline)?.is_some() {}
            }
            Mode::Exec => {
                self.statements()?;
            }
            Mode::Single => {
                if self.compound_stmt()?.is_none() && self.simple_stmts()?.is_some() {
                    return Ok(true);
                }
            }
        }
        self.at(Kind::End)
    }

    pub fn statements(&mut self) -> R<()> {
        let mut any = false;
        loop {
            let line = self.token(self.mark).span.line;
            if self.compound_stmt()?.is_some() {
                // CPython notes each compound statement as it is recognised.
                self.statement_line = self.statement_line.max(line);
            } else if self.simple_stmts()?.is_none() {
                return Ok(any.then_some(()));
            }
            any = true;
        }
    }

    pub fn simple_stmts(&mut self) -> R<N> {
        self.alt(|p| {
            let l = p.mark;
            want!(p.simple_stmt());
            while p
                .alt(|p| {
                    need!(p, Kind::Semi);
                    p.simple_stmt()
                })?
                .is_some()
            {}
            p.eat(Kind::Semi)?;
            need!(p, Kind::Newline);
            p.found(K::Other, l)
        })
    }

    pub fn simple_stmt(&mut self) -> R<N> {
        self.memo(Rule::SimpleStmt, |p| {
            let l = p.mark;
            if p.alt(Self::assignment)?.is_some()
                || p.alt(Self::type_alias)?.is_some()
                || p.star_expressions()?.is_some()
            {
                return p.found(K::Other, l);
            }
            let keyword = p.peek()?;
            let rule: fn(&mut Self) -> R<()> = match keyword {
                Kind::Return => Self::return_stmt,
                Kind::Import | Kind::From => Self::import_stmt,
                Kind::Raise => Self::raise_stmt,
                Kind::Del => Self::del_stmt,
                Kind::Yield => Self::yield_stmt,
                Kind::Assert => Self::assert_stmt,
                Kind::Pass | Kind::Break | Kind::Continue => Self::keyword_stmt,
                Kind::Global | Kind::Nonlocal => Self::global_stmt,
                _ => return Ok(None),
            };
            want!(p.alt(rule));
            p.found(K::Other, l)
        })
    }

    fn assignment(&mut self) -> R<()> {
        let annotated = self.alt(|p| {
            if p.eat(Kind::Name)?.is_none() || !p.at(Kind::Colon)? {
                return Ok(None);
            }
            p.annotation_and_value()
        })?;
        if annotated.is_some() {
            return Ok(annotated);
        }
        let annotated = self.alt(|p| {
            let group = p.alt(|p| {
                need!(p, Kind::LPar);
                let target = want!(p.single_target());
                need!(p, Kind::RPar);
                Ok(Some(target))
            })?;
            if group.is_none() {
                want!(p.attribute_target());
            }
            p.annotation_and_value()
        })?;
        if annotated.is_some() {
            return Ok(annotated);
        }
        let assigned = self.alt(|p| {
            if p.target_equals_many()? == 0 {
                return Ok(None);
            }
            want!(p.rhs());
            Ok(if p.at(Kind::Equal)? { None } else { Some(()) })
        })?;
        if assigned.is_some() {
            return Ok(assigned);
        }
        let augmented = self.alt(|p| {
            want!(p.single_target());
            p.eat_any(&AUGMENTED)
        })?;
        if augmented.is_some() {
            // Committed.
            want!(self.rhs());
            return Ok(Some(()));
        }
        self.invalid_alt(Self::invalid_assignment)
    }

    fn annotation_and_value(&mut self) -> R<()> {
        need!(self, Kind::Colon);
        want!(self.expression());
        self.opt(|p| {
            need!(p, Kind::Equal);
            p.rhs()
        })?;
        Ok(Some(()))
    }

    /// `(star_targets '=')*`: how many.
    fn target_equals_many(&mut self) -> Result<usize, Stop> {
        let all = self.many(|p| {
            want!(p.star_targets());
            p.eat(Kind::Equal)
        })?;
        Ok(all.len())
    }

    fn invalid_assignment(&mut self) -> R<()> {
        self.alt(|p| {
            let a = want!(p.invalid_annotation_target());
            need!(p, Kind::Colon);
            want!(p.expression());
            let msg = format!(
                "only single target (not {}) can be annotated",
                a.kind.name()
            );
            p.raise_at::<()>(&a, &msg)
        })?;
        self.alt(|p| {
            let a = want!(p.star_named_expression());
            need!(p, Kind::Comma);
            p.many(Self::star_named_expressions)?;
            need!(p, Kind::Colon);
            want!(p.expression());
            p.raise_at::<()>(&a, "only single target (not tuple) can be annotated")
        })?;
        self.alt(|p| {
            let a = want!(p.expression());
            need!(p, Kind::Colon);
            want!(p.expression());
            p.raise_at::<()>(&a, "illegal target for annotation")
        })?;
        self.alt(|p| {
            p.target_equals_many()?;
            let a = want!(p.star_expressions());
            need!(p, Kind::Equal);
            p.raise_invalid_target::<()>(&a, Use::Assign)
        })?;
        self.alt(|p| {
            p.target_equals_many()?;
            let a = want!(p.yield_expr());
            need!(p, Kind::Equal);
            p.raise_at::<()>(&a, "assignment to yield expression not possible")
        })?;
        self.alt(|p| {
            let a = want!(p.star_expressions());
            want!(p.eat_any(&AUGMENTED));
            want!(p.rhs());
            let msg = format!(
                "'{}' is an illegal expression for augmented assignment",
                a.kind.name()
            );
            p.raise_at(&a, &msg)
        })
    }

    fn invalid_annotation_target(&mut self) -> R<N> {
        if let Some(n) = self.list()? {
            return Ok(Some(n));
        }
        if let Some(n) = self.tuple()? {
            return Ok(Some(n));
        }
        self.alt(|p| {
            need!(p, Kind::LPar);
            let n = want!(p.invalid_annotation_target());
            need!(p, Kind::RPar);
            Ok(Some(n))
        })
    }

    fn type_alias(&mut self) -> R<()> {
        want!(self.eat_word("type"));
        need!(self, Kind::Name);
        self.opt(Self::type_params)?;
        need!(self, Kind::Equal);
        want!(self.expression());
        Ok(Some(()))
    }

    fn return_stmt(&mut self) -> R<()> {
        need!(self, Kind::Return);
        self.opt(Self::star_expressions)?;
        Ok(Some(()))
    }

    fn raise_stmt(&mut self) -> R<()> {
        need!(self, Kind::Raise);
        if self.alt(Self::expression)?.is_some() {
            self.opt(|p| {
                need!(p, Kind::From);
                p.expression()
            })?;
        }
        Ok(Some(()))
    }

    fn del_stmt(&mut self) -> R<()> {
        let good = self.alt(|p| {
            need!(p, Kind::Del);
            want!(p.del_targets());
            Ok(if p.at_any(&[Kind::Semi, Kind::Newline])? {
                Some(())
            } else {
                None
            })
        })?;
        if good.is_some() {
            return Ok(good);
        }
        self.invalid_alt(|p| {
            need!(p, Kind::Del);
            let a = want!(p.star_expressions());
            p.raise_invalid_target(&a, Use::Delete)
        })
    }

    fn yield_stmt(&mut self) -> R<()> {
        want!(self.yield_expr());
        Ok(Some(()))
    }

    fn assert_stmt(&mut self) -> R<()> {
        need!(self, Kind::Assert);
        want!(self.expression());
        self.opt(|p| {
            need!(p, Kind::Comma);
            p.expression()
        })?;
        Ok(Some(()))
    }

    fn keyword_stmt(&mut self) -> R<()> {
        self.mark += 1;
        Ok(Some(()))
    }

    fn global_stmt(&mut self) -> R<()> {
        want!(self.eat_any(&[Kind::Global, Kind::Nonlocal]));
        want!(self.commas(|p| p.eat(Kind::Name)));
        Ok(Some(()))
    }

    fn dotted_name(&mut self) -> R<()> {
        need!(self, Kind::Name);
        self.many(|p| {
            need!(p, Kind::Dot);
            p.eat(Kind::Name)
        })?;
        Ok(Some(()))
    }

    fn import_stmt(&mut self) -> R<()> {
        self.invalid_alt(Self::invalid_import)?;
        let import = self.alt(|p| {
            need!(p, Kind::Import);
            want!(p.commas(Self::dotted_as_name));
            Ok(Some(()))
        })?;
        if import.is_some() {
            return Ok(import);
        }
        let dots = |p: &mut Self| p.many(|p| p.eat_any(&[Kind::Dot, Kind::Ellipsis]));
        let from = self.alt(|p| {
            need!(p, Kind::From);
            dots(p)?;
            want!(p.dotted_name());
            need!(p, Kind::Import);
            p.import_targets()
        })?;
        if from.is_some() {
            return Ok(from);
        }
        need!(self, Kind::From);
        if dots(self)?.is_empty() {
            return Ok(None);
        }
        need!(self, Kind::Import);
        self.import_targets()
    }

    fn invalid_import(&mut self) -> R<()> {
        self.alt(|p| {
            let a = need!(p, Kind::Import);
            want!(p.commas(Self::dotted_name));
            need!(p, Kind::From);
            want!(p.dotted_name());
            p.raise_from::<()>(a, "Did you mean to use 'from ... import ...' instead?")
        })?;
        need!(self, Kind::Import);
        let newline = need!(self, Kind::Newline);
        self.raise_from(newline, "Expected one or more names after 'import'")
    }

    /// `name as` and then no name that ends there: what is it?
    fn invalid_as(&mut self) -> R<()> {
        need!(self, Kind::As);
        let good = self.ahead(|p| {
            need!(p, Kind::Name);
            p.eat_any(&[Kind::Comma, Kind::RPar, Kind::Semi, Kind::Newline])
        })?;
        if good {
            return Ok(None);
        }
        let a = want!(self.expression());
        self.raise_at(
            &a,
            &format!("cannot use {} as import target", a.kind.name()),
        )
    }

    fn dotted_as_name(&mut self) -> R<()> {
        self.invalid_alt(|p| {
            want!(p.dotted_name());
            p.invalid_as()
        })?;
        want!(self.dotted_name());
        self.opt(|p| {
            need!(p, Kind::As);
            p.eat(Kind::Name)
        })?;
        Ok(Some(()))
    }

    fn name_as_name(&mut self) -> R<()> {
        self.invalid_alt(|p| {
            need!(p, Kind::Name);
            p.invalid_as()
        })?;
        need!(self, Kind::Name);
        self.opt(|p| {
            need!(p, Kind::As);
            p.eat(Kind::Name)
        })?;
        Ok(Some(()))
    }

    fn import_targets(&mut self) -> R<()> {
        let bracketed = self.alt(|p| {
            need!(p, Kind::LPar);
            want!(p.commas(Self::name_as_name));
            p.eat(Kind::Comma)?;
            need!(p, Kind::RPar);
            Ok(Some(()))
        })?;
        if bracketed.is_some() {
            return Ok(bracketed);
        }
        let plain = self.alt(|p| {
            want!(p.commas(Self::name_as_name));
            Ok(if p.at(Kind::Comma)? { None } else { Some(()) })
        })?;
        if plain.is_some() {
            return Ok(plain);
        }
        if self.eat(Kind::Star)?.is_some() {
            return Ok(Some(()));
        }
        self.invalid_alt(|p| {
            p.alt(|p| {
                want!(p.commas(Self::name_as_name));
                need!(p, Kind::Comma);
                need!(p, Kind::Newline);
                p.raise_here::<()>("trailing comma not allowed without surrounding parentheses")
            })?;
            let newline = need!(p, Kind::Newline);
            p.raise_from(newline, "Expected one or more names after 'import'")
        })
    }
}
