//! From the parser's tree to nodes of the module `ast`.

use std::cell::RefCell;
use std::collections::HashMap;

use viv_runtime::object::{Dict, Type};
use viv_runtime::{Args, PyResult, Ref, Vm, protocol};
use viv_syntax::ast::{
    Alias, Arg, Arguments, Comprehension, Constant, ExceptHandler, Expr, ExprKind, Keyword,
    MatchCase, Mod, Pattern, PatternKind, Span, StrValue, TypeParam, TypeParamKind, WithItem,
};

/// Makes the nodes of one tree.
pub(super) struct Builder<'a> {
    pub(super) vm: &'a Vm,
    /// The module `_ast`.
    module: Ref,
    /// The nodes that exist once: operators and contexts.
    singles: Ref,
    classes: RefCell<HashMap<&'static str, Ref>>,
}

/// The fields of a node.
pub(super) type Fields<'a> = &'a [(&'static str, Ref)];

impl<'a> Builder<'a> {
    pub(super) fn new(vm: &'a Vm) -> PyResult<Self> {
        let module = super::ast_module(vm)?;
        let singles = protocol::get_attr(vm, &module, &*vm.intern("_singles")?)?;
        Ok(Self {
            vm,
            module,
            singles,
            classes: RefCell::default(),
        })
    }

    /// The node of a whole tree.
    pub(super) fn module(&self, tree: &Mod) -> PyResult {
        match tree {
            Mod::Module { body } => self.bare(
                "Module",
                &[
                    ("body", self.stmts(body)?),
                    ("type_ignores", self.list(Vec::new())?),
                ],
            ),
            Mod::Interactive { body } => self.bare("Interactive", &[("body", self.stmts(body)?)]),
            Mod::Expression { body } => self.bare("Expression", &[("body", self.expr(body)?)]),
        }
    }

    fn class(&self, name: &'static str) -> PyResult {
        if let Some(class) = self.classes.borrow().get(name) {
            return Ok(class.clone());
        }
        let class = protocol::get_attr(self.vm, &self.module, &*self.vm.intern(name)?)?;
        self.classes.borrow_mut().insert(name, class.clone());
        Ok(class)
    }

    /// A node without a place.
    pub(super) fn bare(&self, name: &'static str, fields: Fields<'_>) -> PyResult {
        let vm = self.vm;
        let class = self.class(name)?;
        let Some(class) = class.downcast::<Type>() else {
            return Err(vm.system_error(format!("_ast.{name} is no class")));
        };
        let node = viv_runtime::types::object::new(vm, class, Args::positional(&[]))?;
        for (name, value) in fields {
            protocol::set_attr(vm, &node, &*vm.intern(name)?, value)?;
        }
        Ok(node)
    }

    /// A node with its place.
    pub(super) fn node(&self, name: &'static str, span: Span, fields: Fields<'_>) -> PyResult {
        let vm = self.vm;
        let node = self.bare(name, fields)?;
        for (name, value) in [
            ("lineno", span.line),
            ("col_offset", span.col),
            ("end_lineno", span.end_line),
            ("end_col_offset", span.end_col),
        ] {
            let value = vm.new_int(i64::from(value))?;
            protocol::set_attr(vm, &node, &*vm.intern(name)?, &value)?;
        }
        Ok(node)
    }

    /// A node that exists once: the name is the alternative's, as its `Debug` form says it.
    pub(super) fn single(&self, name: &impl std::fmt::Debug) -> PyResult {
        let name = self.vm.intern(&format!("{name:?}"))?;
        match self.singles.downcast::<Dict>() {
            Some(singles) => singles
                .get(self.vm, &name.head)?
                .ok_or_else(|| self.vm.system_error("_ast._singles lacks a node")),
            None => Err(self.vm.system_error("_ast._singles is no dict")),
        }
    }

    pub(super) fn list(&self, items: Vec<Ref>) -> PyResult {
        Ok(self.vm.new_list(items)?.upcast())
    }

    /// A list of what `convert` makes of the items.
    pub(super) fn each<T>(&self, items: &[T], convert: fn(&Self, &T) -> PyResult) -> PyResult {
        let items = items
            .iter()
            .map(|item| convert(self, item))
            .collect::<PyResult<Vec<Ref>>>()?;
        self.list(items)
    }

    /// What `convert` makes of something, or None.
    pub(super) fn maybe<T>(
        &self,
        item: Option<&T>,
        convert: fn(&Self, &T) -> PyResult,
    ) -> PyResult {
        item.map_or_else(|| Ok(self.vm.none_ref()), |item| convert(self, item))
    }

    pub(super) fn opt(&self, expr: Option<&Expr>) -> PyResult {
        self.maybe(expr, Self::expr)
    }

    pub(super) fn exprs(&self, exprs: &[Expr]) -> PyResult {
        self.each(exprs, Self::expr)
    }

    fn opts(&self, exprs: &[Option<Expr>]) -> PyResult {
        self.each(exprs, |b, expr| b.opt(expr.as_ref()))
    }

    pub(super) fn name(&self, name: &str) -> PyResult {
        Ok(self.vm.intern(name)?.upcast())
    }

    pub(super) fn maybe_name(&self, name: Option<&str>) -> PyResult {
        name.map_or_else(|| Ok(self.vm.none_ref()), |name| self.name(name))
    }

    pub(super) fn int(&self, value: impl Into<i64>) -> PyResult {
        self.vm.new_int(value.into())
    }

    fn text(&self, text: &StrValue) -> PyResult {
        match text.as_str() {
            Some(text) => Ok(self.vm.new_str(text)?.upcast()),
            None => {
                let points: Vec<u32> = text.code_points().map(|c| c.to_u32()).collect();
                Ok(self.vm.new_str_points(&points)?.upcast())
            }
        }
    }

    fn constant(&self, constant: &Constant) -> PyResult {
        let vm = self.vm;
        match constant {
            Constant::None => Ok(vm.none_ref()),
            Constant::True => Ok(vm.bool(true)),
            Constant::False => Ok(vm.bool(false)),
            Constant::Ellipsis => Ok(vm.ellipsis.head.to_ref()),
            Constant::Int(n) => vm.new_int(*n),
            Constant::BigInt(digits) => {
                let text = vm.new_str(digits)?;
                let base = vm.new_int(16)?;
                protocol::call_args(vm, vm.types.int.as_object(), &[&text.head, &base])
            }
            Constant::Float(x) => vm.new_float(*x),
            Constant::Imaginary(x) => vm.new_complex(0.0, *x),
            Constant::Str { value, .. } => self.text(value),
            Constant::Bytes(bytes) => Ok(vm.new_bytes(bytes)?.upcast()),
        }
    }

    pub(super) fn expr(&self, expr: &Expr) -> PyResult {
        use ExprKind as K;
        let (vm, span) = (self.vm, expr.span);
        let _depth = vm.enter_native(" during ast construction")?;
        match &expr.kind {
            K::BoolOp { op, values } => self.node(
                "BoolOp",
                span,
                &[("op", self.single(op)?), ("values", self.exprs(values)?)],
            ),
            K::NamedExpr { target, value } => self.node(
                "NamedExpr",
                span,
                &[("target", self.expr(target)?), ("value", self.expr(value)?)],
            ),
            K::BinOp { left, op, right } => self.node(
                "BinOp",
                span,
                &[
                    ("left", self.expr(left)?),
                    ("op", self.single(op)?),
                    ("right", self.expr(right)?),
                ],
            ),
            K::UnaryOp { op, operand } => self.node(
                "UnaryOp",
                span,
                &[("op", self.single(op)?), ("operand", self.expr(operand)?)],
            ),
            K::Lambda { args, body } => self.node(
                "Lambda",
                span,
                &[("args", self.arguments(args)?), ("body", self.expr(body)?)],
            ),
            K::IfExp { test, body, orelse } => self.node(
                "IfExp",
                span,
                &[
                    ("test", self.expr(test)?),
                    ("body", self.expr(body)?),
                    ("orelse", self.expr(orelse)?),
                ],
            ),
            K::Dict { keys, values } => self.node(
                "Dict",
                span,
                &[("keys", self.opts(keys)?), ("values", self.exprs(values)?)],
            ),
            K::Set { elts } => self.node("Set", span, &[("elts", self.exprs(elts)?)]),
            K::ListComp { elt, generators } => self.comp("ListComp", span, elt, generators),
            K::SetComp { elt, generators } => self.comp("SetComp", span, elt, generators),
            K::GeneratorExp { elt, generators } => self.comp("GeneratorExp", span, elt, generators),
            K::DictComp {
                key,
                value,
                generators,
            } => self.node(
                "DictComp",
                span,
                &[
                    ("key", self.expr(key)?),
                    ("value", self.expr(value)?),
                    ("generators", self.each(generators, Self::comprehension)?),
                ],
            ),
            K::Await { value } => self.node("Await", span, &[("value", self.expr(value)?)]),
            K::Yield { value } => {
                self.node("Yield", span, &[("value", self.opt(value.as_deref())?)])
            }
            K::YieldFrom { value } => self.node("YieldFrom", span, &[("value", self.expr(value)?)]),
            K::Compare {
                left,
                ops,
                comparators,
            } => self.node(
                "Compare",
                span,
                &[
                    ("left", self.expr(left)?),
                    ("ops", self.each(ops, |b, op| b.single(op))?),
                    ("comparators", self.exprs(comparators)?),
                ],
            ),
            K::Call {
                func,
                args,
                keywords,
            } => self.node(
                "Call",
                span,
                &[
                    ("func", self.expr(func)?),
                    ("args", self.exprs(args)?),
                    ("keywords", self.each(keywords, Self::keyword)?),
                ],
            ),
            K::FormattedValue {
                value,
                conversion,
                format_spec,
            } => self.node(
                "FormattedValue",
                span,
                &[
                    ("value", self.expr(value)?),
                    ("conversion", self.int(*conversion)?),
                    ("format_spec", self.opt(format_spec.as_deref())?),
                ],
            ),
            K::Interpolation {
                value,
                str,
                conversion,
                format_spec,
            } => self.node(
                "Interpolation",
                span,
                &[
                    ("value", self.expr(value)?),
                    ("str", self.text(str)?),
                    ("conversion", self.int(*conversion)?),
                    ("format_spec", self.opt(format_spec.as_deref())?),
                ],
            ),
            K::JoinedStr { values } => {
                self.node("JoinedStr", span, &[("values", self.exprs(values)?)])
            }
            K::TemplateStr { values } => {
                self.node("TemplateStr", span, &[("values", self.exprs(values)?)])
            }
            K::Constant(constant) => {
                let kind = match constant {
                    Constant::Str { u: true, .. } => Some("u"),
                    _ => None,
                };
                self.node(
                    "Constant",
                    span,
                    &[
                        ("value", self.constant(constant)?),
                        ("kind", self.maybe_name(kind)?),
                    ],
                )
            }
            K::Attribute { value, attr, ctx } => self.node(
                "Attribute",
                span,
                &[
                    ("value", self.expr(value)?),
                    ("attr", self.name(attr)?),
                    ("ctx", self.single(ctx)?),
                ],
            ),
            K::Subscript { value, slice, ctx } => self.node(
                "Subscript",
                span,
                &[
                    ("value", self.expr(value)?),
                    ("slice", self.expr(slice)?),
                    ("ctx", self.single(ctx)?),
                ],
            ),
            K::Starred { value, ctx } => self.node(
                "Starred",
                span,
                &[("value", self.expr(value)?), ("ctx", self.single(ctx)?)],
            ),
            K::Name { id, ctx } => self.node(
                "Name",
                span,
                &[("id", self.name(id)?), ("ctx", self.single(ctx)?)],
            ),
            K::List { elts, ctx } => self.node(
                "List",
                span,
                &[("elts", self.exprs(elts)?), ("ctx", self.single(ctx)?)],
            ),
            K::Tuple { elts, ctx } => self.node(
                "Tuple",
                span,
                &[("elts", self.exprs(elts)?), ("ctx", self.single(ctx)?)],
            ),
            K::Slice { lower, upper, step } => self.node(
                "Slice",
                span,
                &[
                    ("lower", self.opt(lower.as_deref())?),
                    ("upper", self.opt(upper.as_deref())?),
                    ("step", self.opt(step.as_deref())?),
                ],
            ),
        }
    }

    fn comp(
        &self,
        name: &'static str,
        span: Span,
        elt: &Expr,
        generators: &[Comprehension],
    ) -> PyResult {
        let generators = self.each(generators, Self::comprehension)?;
        self.node(
            name,
            span,
            &[("elt", self.expr(elt)?), ("generators", generators)],
        )
    }

    fn comprehension(&self, c: &Comprehension) -> PyResult {
        self.bare(
            "comprehension",
            &[
                ("target", self.expr(&c.target)?),
                ("iter", self.expr(&c.iter)?),
                ("ifs", self.exprs(&c.ifs)?),
                ("is_async", self.int(c.is_async)?),
            ],
        )
    }

    pub(super) fn arguments(&self, args: &Arguments) -> PyResult {
        self.bare(
            "arguments",
            &[
                ("posonlyargs", self.each(&args.posonlyargs, Self::arg)?),
                ("args", self.each(&args.args, Self::arg)?),
                ("vararg", self.maybe(args.vararg.as_deref(), Self::arg)?),
                ("kwonlyargs", self.each(&args.kwonlyargs, Self::arg)?),
                ("kw_defaults", self.opts(&args.kw_defaults)?),
                ("kwarg", self.maybe(args.kwarg.as_deref(), Self::arg)?),
                ("defaults", self.exprs(&args.defaults)?),
            ],
        )
    }

    fn arg(&self, arg: &Arg) -> PyResult {
        self.node(
            "arg",
            arg.span,
            &[
                ("arg", self.name(&arg.arg)?),
                ("annotation", self.opt(arg.annotation.as_deref())?),
                ("type_comment", self.vm.none_ref()),
            ],
        )
    }

    pub(super) fn keyword(&self, keyword: &Keyword) -> PyResult {
        self.node(
            "keyword",
            keyword.span,
            &[
                ("arg", self.maybe_name(keyword.arg.as_deref())?),
                ("value", self.expr(&keyword.value)?),
            ],
        )
    }

    pub(super) fn alias(&self, alias: &Alias) -> PyResult {
        self.node(
            "alias",
            alias.span,
            &[
                ("name", self.name(&alias.name)?),
                ("asname", self.maybe_name(alias.asname.as_deref())?),
            ],
        )
    }

    pub(super) fn with_item(&self, item: &WithItem) -> PyResult {
        self.bare(
            "withitem",
            &[
                ("context_expr", self.expr(&item.context_expr)?),
                ("optional_vars", self.opt(item.optional_vars.as_deref())?),
            ],
        )
    }

    pub(super) fn handler(&self, handler: &ExceptHandler) -> PyResult {
        self.node(
            "ExceptHandler",
            handler.span,
            &[
                ("type", self.opt(handler.r#type.as_deref())?),
                ("name", self.maybe_name(handler.name.as_deref())?),
                ("body", self.stmts(&handler.body)?),
            ],
        )
    }

    pub(super) fn match_case(&self, case: &MatchCase) -> PyResult {
        self.bare(
            "match_case",
            &[
                ("pattern", self.pattern(&case.pattern)?),
                ("guard", self.opt(case.guard.as_deref())?),
                ("body", self.stmts(&case.body)?),
            ],
        )
    }

    fn patterns(&self, patterns: &[Pattern]) -> PyResult {
        self.each(patterns, Self::pattern)
    }

    fn pattern(&self, pattern: &Pattern) -> PyResult {
        use PatternKind as K;
        let span = pattern.span;
        let _depth = self.vm.enter_native(" during ast construction")?;
        match &pattern.kind {
            K::MatchValue { value } => {
                self.node("MatchValue", span, &[("value", self.expr(value)?)])
            }
            K::MatchSingleton { value } => {
                self.node("MatchSingleton", span, &[("value", self.constant(value)?)])
            }
            K::MatchSequence { patterns } => self.node(
                "MatchSequence",
                span,
                &[("patterns", self.patterns(patterns)?)],
            ),
            K::MatchMapping {
                keys,
                patterns,
                rest,
            } => self.node(
                "MatchMapping",
                span,
                &[
                    ("keys", self.exprs(keys)?),
                    ("patterns", self.patterns(patterns)?),
                    ("rest", self.maybe_name(rest.as_deref())?),
                ],
            ),
            K::MatchClass {
                cls,
                patterns,
                kwd_attrs,
                kwd_patterns,
            } => self.node(
                "MatchClass",
                span,
                &[
                    ("cls", self.expr(cls)?),
                    ("patterns", self.patterns(patterns)?),
                    ("kwd_attrs", self.each(kwd_attrs, |b, name| b.name(name))?),
                    ("kwd_patterns", self.patterns(kwd_patterns)?),
                ],
            ),
            K::MatchStar { name } => self.node(
                "MatchStar",
                span,
                &[("name", self.maybe_name(name.as_deref())?)],
            ),
            K::MatchAs { pattern, name } => self.node(
                "MatchAs",
                span,
                &[
                    ("pattern", self.maybe(pattern.as_deref(), Self::pattern)?),
                    ("name", self.maybe_name(name.as_deref())?),
                ],
            ),
            K::MatchOr { patterns } => {
                self.node("MatchOr", span, &[("patterns", self.patterns(patterns)?)])
            }
        }
    }

    pub(super) fn type_param(&self, param: &TypeParam) -> PyResult {
        let span = param.span;
        match &param.kind {
            TypeParamKind::TypeVar {
                name,
                bound,
                default_value,
            } => self.node(
                "TypeVar",
                span,
                &[
                    ("name", self.name(name)?),
                    ("bound", self.opt(bound.as_deref())?),
                    ("default_value", self.opt(default_value.as_deref())?),
                ],
            ),
            TypeParamKind::ParamSpec {
                name,
                default_value,
            } => self.node(
                "ParamSpec",
                span,
                &[
                    ("name", self.name(name)?),
                    ("default_value", self.opt(default_value.as_deref())?),
                ],
            ),
            TypeParamKind::TypeVarTuple {
                name,
                default_value,
            } => self.node(
                "TypeVarTuple",
                span,
                &[
                    ("name", self.name(name)?),
                    ("default_value", self.opt(default_value.as_deref())?),
                ],
            ),
        }
    }
}
