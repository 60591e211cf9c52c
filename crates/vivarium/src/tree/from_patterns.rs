//! From nodes of the module `ast` to the compiler's tree: the patterns of `match`.

use viv_runtime::{Object, PyResult, Ref};
use viv_syntax::ast::{
    Constant, Expr, ExprKind, MAX_DEPTH, MatchCase, Name, Operator, Pattern, PatternKind, UnaryOp,
};

use super::from_python::{LOAD, Reader};

impl Reader<'_> {
    pub(super) fn cases(&self, node: &Object, class: &str) -> PyResult<Vec<MatchCase>> {
        let items = self.some(node, class, "cases")?;
        let each = items.iter().map(|item| {
            let sort = "match_case";
            if self.class(item)? != sort {
                return Err(self.unexpected(sort, item)?);
            }
            let pattern = self.required(item, sort, "pattern")?;
            Ok(MatchCase {
                pattern: self.pattern(&pattern, false)?,
                guard: self.maybe_expr(item, "guard")?,
                body: self.block(item, sort, "body")?,
            })
        });
        each.collect()
    }

    fn patterns(&self, items: &[Ref], star: bool) -> PyResult<Vec<Pattern>> {
        items.iter().map(|item| self.pattern(item, star)).collect()
    }

    /// A pattern; `star` says whether it may be a starred one.
    fn pattern(&self, node: &Object, star: bool) -> PyResult<Pattern> {
        let vm = self.vm;
        let _depth = vm.enter_native(" while traversing 'pattern' node")?;
        let class = self.class(node)?;
        if class.is_empty() || class == "pattern" {
            return Err(self.unexpected("pattern", node)?);
        }
        let span = self.span(node, "pattern")?;
        let pattern = Pattern::new(span, self.pattern_kind(node, &class, star)?);
        if pattern.depth > MAX_DEPTH {
            return Err(vm.raise(
                &vm.exceptions.RecursionError,
                "maximum recursion depth exceeded during compilation",
            ));
        }
        Ok(pattern)
    }

    fn pattern_kind(&self, node: &Object, class: &str, star: bool) -> PyResult<PatternKind> {
        use PatternKind as K;
        Ok(match class {
            "MatchValue" => K::MatchValue {
                value: Box::new(self.value(&*self.required(node, class, "value")?)?),
            },
            "MatchSingleton" => {
                let value = self.present(node, class, "value")?;
                let value = if self.vm.is_none(&value) {
                    Constant::None
                } else if value.is(&self.vm.bool(true)) {
                    Constant::True
                } else if value.is(&self.vm.bool(false)) {
                    Constant::False
                } else {
                    return Err(
                        self.invalid("MatchSingleton can only contain True, False and None")
                    );
                };
                K::MatchSingleton { value }
            }
            "MatchSequence" => K::MatchSequence {
                patterns: self.patterns(&self.list(node, class, "patterns")?, true)?,
            },
            "MatchMapping" => self.mapping(node, class)?,
            "MatchClass" => self.class_pattern(node, class)?,
            "MatchStar" => {
                if !star {
                    return Err(self.invalid("can't use MatchStar here"));
                }
                K::MatchStar {
                    name: self.capture(self.maybe_name(node, "name")?)?,
                }
            }
            "MatchAs" => {
                let name = self.capture(self.maybe_name(node, "name")?)?;
                let pattern = match self.optional(node, "pattern")? {
                    Some(_) if name.is_none() => {
                        return Err(self
                            .invalid("MatchAs must specify a target name if a pattern is given"));
                    }
                    Some(pattern) => Some(Box::new(self.pattern(&pattern, false)?)),
                    None => None,
                };
                K::MatchAs { pattern, name }
            }
            "MatchOr" => {
                let items = self.list(node, class, "patterns")?;
                if items.len() < 2 {
                    return Err(self.invalid("MatchOr requires at least 2 patterns"));
                }
                let patterns = self.patterns(&items, false)?;
                K::MatchOr { patterns }
            }
            _ => return Err(self.unexpected("pattern", node)?),
        })
    }

    fn mapping(&self, node: &Object, class: &str) -> PyResult<PatternKind> {
        let keys = self.list(node, class, "keys")?;
        let patterns = self.list(node, class, "patterns")?;
        if keys.len() != patterns.len() {
            return Err(
                self.invalid("MatchMapping doesn't have the same number of keys as patterns")
            );
        }
        let rest = self.capture(self.maybe_name(node, "rest")?)?;
        let keys = keys.iter().map(|key| {
            // None and the booleans may be keys, if not values.
            if self.class(key)? == "Constant" {
                let value = self.present(key, "Constant", "value")?;
                if self.vm.is_none(&value) || self.is_bool(&value) {
                    return self.expression(key, LOAD);
                }
            }
            self.value(key)
        });
        let keys = keys.collect::<PyResult<Vec<_>>>()?;
        let patterns = self.patterns(&patterns, false)?;
        Ok(PatternKind::MatchMapping {
            keys,
            patterns,
            rest,
        })
    }

    fn is_bool(&self, value: &Object) -> bool {
        value.is(&self.vm.bool(true)) || value.is(&self.vm.bool(false))
    }

    fn class_pattern(&self, node: &Object, class: &str) -> PyResult<PatternKind> {
        let kwd_attrs = self.names(node, class, "kwd_attrs")?;
        let kwd_patterns = self.list(node, class, "kwd_patterns")?;
        if kwd_attrs.len() != kwd_patterns.len() {
            return Err(self.invalid(
                "MatchClass doesn't have the same number of keyword attributes as patterns",
            ));
        }
        let cls = self.expr(node, class, "cls")?;
        let mut inner = &*cls;
        while let ExprKind::Attribute { value, .. } = &inner.kind {
            inner = value;
        }
        if !matches!(inner.kind, ExprKind::Name { .. }) {
            return Err(
                self.invalid("MatchClass cls field can only contain Name or Attribute nodes.")
            );
        }
        let kwd_attrs = kwd_attrs.into_iter().map(|name| self.variable(name));
        Ok(PatternKind::MatchClass {
            kwd_attrs: kwd_attrs.collect::<PyResult<_>>()?,
            patterns: self.patterns(&self.list(node, class, "patterns")?, false)?,
            kwd_patterns: self.patterns(&kwd_patterns, false)?,
            cls,
        })
    }

    /// A name that a pattern binds.
    fn capture(&self, name: Option<Name>) -> PyResult<Option<Name>> {
        match name {
            Some(name) if &*name == "_" => Err(self.invalid("can't capture name '_' in patterns")),
            Some(name) => self.variable(name).map(Some),
            None => Ok(None),
        }
    }

    /// A literal or a dotted name.
    fn value(&self, node: &Object) -> PyResult<Expr> {
        let expr = self.expression(node, LOAD)?;
        let good = match &expr.kind {
            ExprKind::Constant(
                Constant::None | Constant::True | Constant::False | Constant::Ellipsis,
            ) => {
                return Err(self.invalid("unexpected constant inside of a literal pattern"));
            }
            ExprKind::Tuple { .. } if self.class(node)? == "Constant" => {
                return Err(self.invalid("unexpected constant inside of a literal pattern"));
            }
            ExprKind::Constant(_)
            | ExprKind::Attribute { .. }
            | ExprKind::JoinedStr { .. }
            | ExprKind::TemplateStr { .. } => true,
            ExprKind::BinOp {
                left,
                op: Operator::Add | Operator::Sub,
                right,
            } => {
                (is_number(left) || is_negated(left))
                    && matches!(right.kind, ExprKind::Constant(Constant::Imaginary(_)))
            }
            _ => is_negated(&expr),
        };
        if !good {
            return Err(self.invalid("patterns may only match literals and attribute lookups"));
        }
        Ok(expr)
    }
}

fn is_number(expr: &Expr) -> bool {
    use Constant as C;
    matches!(
        expr.kind,
        ExprKind::Constant(C::Int(_) | C::BigInt(_) | C::Float(_) | C::Imaginary(_))
    )
}

fn is_negated(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::UnaryOp {
            op: UnaryOp::USub,
            operand,
        } => is_number(operand),
        _ => false,
    }
}
