//! The dumps of statements, expressions and patterns.

use super::{Dumper, repr};
use crate::ast::{Constant, Expr, ExprKind, Pattern, PatternKind, Stmt, StmtKind};

impl Dumper {
    pub(super) fn stmt(&mut self, s: &Stmt) {
        use StmtKind as K;
        let name = match &s.kind {
            K::FunctionDef(_) => "FunctionDef",
            K::AsyncFunctionDef(_) => "AsyncFunctionDef",
            K::ClassDef(_) => "ClassDef",
            K::Return { .. } => "Return",
            K::Delete { .. } => "Delete",
            K::Assign { .. } => "Assign",
            K::TypeAlias { .. } => "TypeAlias",
            K::AugAssign { .. } => "AugAssign",
            K::AnnAssign { .. } => "AnnAssign",
            K::For { .. } => "For",
            K::AsyncFor { .. } => "AsyncFor",
            K::While { .. } => "While",
            K::If { .. } => "If",
            K::With { .. } => "With",
            K::AsyncWith { .. } => "AsyncWith",
            K::Match { .. } => "Match",
            K::Raise { .. } => "Raise",
            K::Try { .. } => "Try",
            K::TryStar { .. } => "TryStar",
            K::Assert { .. } => "Assert",
            K::Import { .. } => "Import",
            K::ImportFrom { .. } => "ImportFrom",
            K::Global { .. } => "Global",
            K::Nonlocal { .. } => "Nonlocal",
            K::Expr { .. } => "Expr",
            K::Pass => "Pass",
            K::Break => "Break",
            K::Continue => "Continue",
        };
        self.node(name, |d| {
            d.stmt_fields(&s.kind);
            d.place(s.span);
        });
    }

    fn stmt_fields(&mut self, kind: &StmtKind) {
        use StmtKind as K;
        match kind {
            K::FunctionDef(f) | K::AsyncFunctionDef(f) => {
                self.name("name", &f.name);
                self.field("args", |d| d.arguments(&f.args));
                self.list("body", &f.body, Self::stmt);
                self.list("decorator_list", &f.decorator_list, Self::expr);
                self.opt("returns", f.returns.as_deref());
                self.list("type_params", &f.type_params, Self::type_param);
            }
            K::ClassDef(c) => {
                self.name("name", &c.name);
                self.list("bases", &c.bases, Self::expr);
                self.list("keywords", &c.keywords, Self::keyword);
                self.list("body", &c.body, Self::stmt);
                self.list("decorator_list", &c.decorator_list, Self::expr);
                self.list("type_params", &c.type_params, Self::type_param);
            }
            K::Return { value } => self.opt("value", value.as_deref()),
            K::Delete { targets } => self.list("targets", targets, Self::expr),
            K::Assign { targets, value } => {
                self.list("targets", targets, Self::expr);
                self.sub("value", value);
            }
            K::TypeAlias {
                name,
                type_params,
                value,
            } => {
                self.sub("name", name);
                self.list("type_params", type_params, Self::type_param);
                self.sub("value", value);
            }
            K::AugAssign { target, op, value } => {
                self.sub("target", target);
                self.raw("op", &format!("{op:?}()"));
                self.sub("value", value);
            }
            K::AnnAssign {
                target,
                annotation,
                value,
                simple,
            } => {
                self.sub("target", target);
                self.sub("annotation", annotation);
                self.opt("value", value.as_deref());
                self.number("simple", u8::from(*simple));
            }
            K::For {
                target,
                iter,
                body,
                orelse,
            }
            | K::AsyncFor {
                target,
                iter,
                body,
                orelse,
            } => {
                self.sub("target", target);
                self.sub("iter", iter);
                self.list("body", body, Self::stmt);
                self.list("orelse", orelse, Self::stmt);
            }
            K::While { test, body, orelse } | K::If { test, body, orelse } => {
                self.sub("test", test);
                self.list("body", body, Self::stmt);
                self.list("orelse", orelse, Self::stmt);
            }
            K::With { items, body } | K::AsyncWith { items, body } => {
                self.list("items", items, Self::with_item);
                self.list("body", body, Self::stmt);
            }
            K::Match { subject, cases } => {
                self.sub("subject", subject);
                self.list("cases", cases, Self::match_case);
            }
            K::Raise { exc, cause } => {
                self.opt("exc", exc.as_deref());
                self.opt("cause", cause.as_deref());
            }
            K::Try {
                body,
                handlers,
                orelse,
                finalbody,
            }
            | K::TryStar {
                body,
                handlers,
                orelse,
                finalbody,
            } => {
                self.list("body", body, Self::stmt);
                self.list("handlers", handlers, Self::handler);
                self.list("orelse", orelse, Self::stmt);
                self.list("finalbody", finalbody, Self::stmt);
            }
            K::Assert { test, msg } => {
                self.sub("test", test);
                self.opt("msg", msg.as_deref());
            }
            K::Import { names } => self.list("names", names, Self::alias),
            K::ImportFrom {
                module,
                names,
                level,
            } => {
                self.opt_name("module", module.as_deref());
                self.list("names", names, Self::alias);
                self.number("level", level);
            }
            K::Global { names } | K::Nonlocal { names } => {
                self.list("names", names, |d, n| d.str(n))
            }
            K::Expr { value } => self.sub("value", value),
            K::Pass | K::Break | K::Continue => {}
        }
    }

    pub(super) fn expr(&mut self, e: &Expr) {
        use ExprKind as K;
        let name = match &e.kind {
            K::BoolOp { .. } => "BoolOp",
            K::NamedExpr { .. } => "NamedExpr",
            K::BinOp { .. } => "BinOp",
            K::UnaryOp { .. } => "UnaryOp",
            K::Lambda { .. } => "Lambda",
            K::IfExp { .. } => "IfExp",
            K::Dict { .. } => "Dict",
            K::Set { .. } => "Set",
            K::ListComp { .. } => "ListComp",
            K::SetComp { .. } => "SetComp",
            K::DictComp { .. } => "DictComp",
            K::GeneratorExp { .. } => "GeneratorExp",
            K::Await { .. } => "Await",
            K::Yield { .. } => "Yield",
            K::YieldFrom { .. } => "YieldFrom",
            K::Compare { .. } => "Compare",
            K::Call { .. } => "Call",
            K::FormattedValue { .. } => "FormattedValue",
            K::Interpolation { .. } => "Interpolation",
            K::JoinedStr { .. } => "JoinedStr",
            K::TemplateStr { .. } => "TemplateStr",
            K::Constant(_) => "Constant",
            K::Attribute { .. } => "Attribute",
            K::Subscript { .. } => "Subscript",
            K::Starred { .. } => "Starred",
            K::Name { .. } => "Name",
            K::List { .. } => "List",
            K::Tuple { .. } => "Tuple",
            K::Slice { .. } => "Slice",
        };
        self.node(name, |d| {
            d.expr_fields(&e.kind);
            d.place(e.span);
        });
    }

    fn expr_fields(&mut self, kind: &ExprKind) {
        use ExprKind as K;
        match kind {
            K::BoolOp { op, values } => {
                self.raw("op", &format!("{op:?}()"));
                self.list("values", values, Self::expr);
            }
            K::NamedExpr { target, value } => {
                self.sub("target", target);
                self.sub("value", value);
            }
            K::BinOp { left, op, right } => {
                self.sub("left", left);
                self.raw("op", &format!("{op:?}()"));
                self.sub("right", right);
            }
            K::UnaryOp { op, operand } => {
                self.raw("op", &format!("{op:?}()"));
                self.sub("operand", operand);
            }
            K::Lambda { args, body } => {
                self.field("args", |d| d.arguments(args));
                self.sub("body", body);
            }
            K::IfExp { test, body, orelse } => {
                self.sub("test", test);
                self.sub("body", body);
                self.sub("orelse", orelse);
            }
            K::Dict { keys, values } => {
                self.list("keys", keys, Self::opt_item);
                self.list("values", values, Self::expr);
            }
            K::Set { elts } => self.list("elts", elts, Self::expr),
            K::ListComp { elt, generators }
            | K::SetComp { elt, generators }
            | K::GeneratorExp { elt, generators } => {
                self.sub("elt", elt);
                self.list("generators", generators, Self::comprehension);
            }
            K::DictComp {
                key,
                value,
                generators,
            } => {
                self.sub("key", key);
                self.sub("value", value);
                self.list("generators", generators, Self::comprehension);
            }
            K::Await { value } | K::YieldFrom { value } => self.sub("value", value),
            K::Yield { value } => self.opt("value", value.as_deref()),
            K::Compare {
                left,
                ops,
                comparators,
            } => {
                self.sub("left", left);
                self.list("ops", ops, |d, op| d.out.push_str(&format!("{op:?}()")));
                self.list("comparators", comparators, Self::expr);
            }
            K::Call {
                func,
                args,
                keywords,
            } => {
                self.sub("func", func);
                self.list("args", args, Self::expr);
                self.list("keywords", keywords, Self::keyword);
            }
            K::FormattedValue {
                value,
                conversion,
                format_spec,
            } => {
                self.sub("value", value);
                self.number("conversion", conversion);
                self.opt("format_spec", format_spec.as_deref());
            }
            K::Interpolation {
                value,
                str,
                conversion,
                format_spec,
            } => {
                self.sub("value", value);
                self.raw("str", &repr::str_repr(str));
                self.number("conversion", conversion);
                self.opt("format_spec", format_spec.as_deref());
            }
            K::JoinedStr { values } | K::TemplateStr { values } => {
                self.list("values", values, Self::expr)
            }
            K::Constant(value) => {
                self.raw("value", &constant(value));
                if matches!(value, Constant::Str { u: true, .. }) {
                    self.raw("kind", "'u'");
                }
            }
            K::Attribute { value, attr, ctx } => {
                self.sub("value", value);
                self.name("attr", attr);
                self.raw("ctx", &format!("{ctx:?}()"));
            }
            K::Subscript { value, slice, ctx } => {
                self.sub("value", value);
                self.sub("slice", slice);
                self.raw("ctx", &format!("{ctx:?}()"));
            }
            K::Starred { value, ctx } => {
                self.sub("value", value);
                self.raw("ctx", &format!("{ctx:?}()"));
            }
            K::Name { id, ctx } => {
                self.name("id", id);
                self.raw("ctx", &format!("{ctx:?}()"));
            }
            K::List { elts, ctx } | K::Tuple { elts, ctx } => {
                self.list("elts", elts, Self::expr);
                self.raw("ctx", &format!("{ctx:?}()"));
            }
            K::Slice { lower, upper, step } => {
                self.opt("lower", lower.as_deref());
                self.opt("upper", upper.as_deref());
                self.opt("step", step.as_deref());
            }
        }
    }

    pub(super) fn pattern(&mut self, p: &Pattern) {
        use PatternKind as K;
        let name = match &p.kind {
            K::MatchValue { .. } => "MatchValue",
            K::MatchSingleton { .. } => "MatchSingleton",
            K::MatchSequence { .. } => "MatchSequence",
            K::MatchMapping { .. } => "MatchMapping",
            K::MatchClass { .. } => "MatchClass",
            K::MatchStar { .. } => "MatchStar",
            K::MatchAs { .. } => "MatchAs",
            K::MatchOr { .. } => "MatchOr",
        };
        self.node(name, |d| {
            match &p.kind {
                K::MatchValue { value } => d.sub("value", value),
                K::MatchSingleton { value } => d.raw("value", &constant(value)),
                K::MatchSequence { patterns } | K::MatchOr { patterns } => {
                    d.list("patterns", patterns, Self::pattern);
                }
                K::MatchMapping {
                    keys,
                    patterns,
                    rest,
                } => {
                    d.list("keys", keys, Self::expr);
                    d.list("patterns", patterns, Self::pattern);
                    d.opt_name("rest", rest.as_deref());
                }
                K::MatchClass {
                    cls,
                    patterns,
                    kwd_attrs,
                    kwd_patterns,
                } => {
                    d.sub("cls", cls);
                    d.list("patterns", patterns, Self::pattern);
                    d.list("kwd_attrs", kwd_attrs, |d, n| d.str(n));
                    d.list("kwd_patterns", kwd_patterns, Self::pattern);
                }
                K::MatchStar { name } => d.opt_name("name", name.as_deref()),
                K::MatchAs { pattern, name } => {
                    if let Some(pattern) = pattern {
                        d.field("pattern", |d| d.pattern(pattern));
                    }
                    d.opt_name("name", name.as_deref());
                }
            }
            d.place(p.span);
        });
    }
}

fn constant(value: &Constant) -> String {
    match value {
        Constant::None => "None".to_owned(),
        Constant::True => "True".to_owned(),
        Constant::False => "False".to_owned(),
        Constant::Ellipsis => "Ellipsis".to_owned(),
        Constant::Int(i) => i.to_string(),
        Constant::BigInt(hex) => crate::number::to_decimal(hex),
        Constant::Float(f) => repr::float_repr(*f),
        Constant::Imaginary(f) => repr::imaginary_repr(*f),
        Constant::Str { value, .. } => repr::str_repr(value),
        Constant::Bytes(b) => repr::bytes_repr(b),
    }
}
