//! Trees as text: exactly what `ast.dump(tree, include_attributes=True, indent=1)` prints on CPython 3.14.
//!
//! Invariant: fields appear in the order of the ASDL, then the place; empty lists and absent optional fields are left out.

mod node;
mod repr;
mod tokens;

use crate::ast::{
    Alias, Arg, Arguments, Comprehension, ExceptHandler, Expr, Keyword, MatchCase, Mod, Span,
    TypeParam, TypeParamKind, WithItem,
};
pub use repr::{bytes_repr, float_repr, imaginary_repr, str_repr};
pub use tokens::dump_tokens;

/// The dump of a whole tree.
#[must_use]
pub fn dump(tree: &Mod) -> String {
    let mut d = Dumper {
        out: String::new(),
        level: 0,
        first: true,
    };
    match tree {
        Mod::Module { body } => d.node("Module", |d| d.list("body", body, Dumper::stmt)),
        Mod::Interactive { body } => d.node("Interactive", |d| d.list("body", body, Dumper::stmt)),
        Mod::Expression { body } => d.node("Expression", |d| d.field("body", |d| d.expr(body))),
    }
    d.out
}

struct Dumper {
    out: String,
    level: usize,
    /// No argument of the current node has been written yet.
    first: bool,
}

impl Dumper {
    fn node(&mut self, name: &str, fields: impl FnOnce(&mut Self)) {
        self.out.push_str(name);
        self.out.push('(');
        self.nested(fields);
        self.out.push(')');
    }

    fn nested(&mut self, content: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.first, true);
        self.level += 1;
        content(self);
        self.level -= 1;
        self.first = outer;
    }

    fn separate(&mut self) {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', self.level));
    }

    fn field(&mut self, name: &str, value: impl FnOnce(&mut Self)) {
        self.separate();
        self.out.push_str(name);
        self.out.push('=');
        value(self);
    }

    fn raw(&mut self, name: &str, value: &str) {
        self.field(name, |d| d.out.push_str(value));
    }

    fn number(&mut self, name: &str, value: impl std::fmt::Display) {
        self.raw(name, &value.to_string());
    }

    fn name(&mut self, name: &str, value: &str) {
        self.field(name, |d| d.str(value));
    }

    fn opt_name(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.name(name, value);
        }
    }

    fn list<T>(&mut self, name: &str, items: &[T], item: impl Fn(&mut Self, &T)) {
        if items.is_empty() {
            return;
        }
        self.field(name, |d| {
            d.out.push('[');
            d.nested(|d| {
                for i in items {
                    d.separate();
                    item(d, i);
                }
            });
            d.out.push(']');
        });
    }

    fn sub(&mut self, name: &str, value: &Expr) {
        self.field(name, |d| d.expr(value));
    }

    fn opt(&mut self, name: &str, value: Option<&Expr>) {
        if let Some(value) = value {
            self.sub(name, value);
        }
    }

    fn str(&mut self, value: &str) {
        let text = repr::str_repr(&crate::ast::StrValue::from(value));
        self.out.push_str(&text);
    }

    fn place(&mut self, span: Span) {
        self.number("lineno", span.line);
        self.number("col_offset", span.col);
        self.number("end_lineno", span.end_line);
        self.number("end_col_offset", span.end_col);
    }

    fn arguments(&mut self, a: &Arguments) {
        self.node("arguments", |d| {
            d.list("posonlyargs", &a.posonlyargs, Self::arg);
            d.list("args", &a.args, Self::arg);
            if let Some(arg) = &a.vararg {
                d.field("vararg", |d| d.arg(arg));
            }
            d.list("kwonlyargs", &a.kwonlyargs, Self::arg);
            d.list("kw_defaults", &a.kw_defaults, Self::opt_item);
            if let Some(arg) = &a.kwarg {
                d.field("kwarg", |d| d.arg(arg));
            }
            d.list("defaults", &a.defaults, Self::expr);
        });
    }

    fn opt_item(&mut self, item: &Option<Expr>) {
        match item {
            Some(e) => self.expr(e),
            None => self.out.push_str("None"),
        }
    }

    fn arg(&mut self, a: &Arg) {
        self.node("arg", |d| {
            d.name("arg", &a.arg);
            d.opt("annotation", a.annotation.as_deref());
            d.place(a.span);
        });
    }

    fn keyword(&mut self, k: &Keyword) {
        self.node("keyword", |d| {
            d.opt_name("arg", k.arg.as_deref());
            d.sub("value", &k.value);
            d.place(k.span);
        });
    }

    fn alias(&mut self, a: &Alias) {
        self.node("alias", |d| {
            d.name("name", &a.name);
            d.opt_name("asname", a.asname.as_deref());
            d.place(a.span);
        });
    }

    fn with_item(&mut self, i: &WithItem) {
        self.node("withitem", |d| {
            d.sub("context_expr", &i.context_expr);
            d.opt("optional_vars", i.optional_vars.as_deref());
        });
    }

    fn comprehension(&mut self, c: &Comprehension) {
        self.node("comprehension", |d| {
            d.sub("target", &c.target);
            d.sub("iter", &c.iter);
            d.list("ifs", &c.ifs, Self::expr);
            d.number("is_async", u8::from(c.is_async));
        });
    }

    fn handler(&mut self, h: &ExceptHandler) {
        self.node("ExceptHandler", |d| {
            d.opt("type", h.r#type.as_deref());
            d.opt_name("name", h.name.as_deref());
            d.list("body", &h.body, Self::stmt);
            d.place(h.span);
        });
    }

    fn match_case(&mut self, c: &MatchCase) {
        self.node("match_case", |d| {
            d.field("pattern", |d| d.pattern(&c.pattern));
            d.opt("guard", c.guard.as_deref());
            d.list("body", &c.body, Self::stmt);
        });
    }

    fn type_param(&mut self, p: &TypeParam) {
        let (kind, name, bound, default) = match &p.kind {
            TypeParamKind::TypeVar {
                name,
                bound,
                default_value,
            } => ("TypeVar", name, bound.as_deref(), default_value),
            TypeParamKind::ParamSpec {
                name,
                default_value,
            } => ("ParamSpec", name, None, default_value),
            TypeParamKind::TypeVarTuple {
                name,
                default_value,
            } => ("TypeVarTuple", name, None, default_value),
        };
        self.node(kind, |d| {
            d.name("name", name);
            d.opt("bound", bound);
            d.opt("default_value", default.as_deref());
            d.place(p.span);
        });
    }
}
