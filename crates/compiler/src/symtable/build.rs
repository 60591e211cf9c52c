//! First pass of the symbol table: walks the tree, opens a block for each scope and records what is done with each name.

use indexmap::map::Entry as MapEntry;
use rustc_hash::{FxHashMap, FxHashSet};
use viv_syntax::ast::*;

use super::{
    Block, BlockId, BlockKind, CompKind, Part, Symbol, SymbolTable, address, flags, maybe_mangle,
};
use crate::error::{Result, syntax_error};
use crate::future::Features;

struct Builder {
    blocks: Vec<Block>,
    found: FxHashMap<(usize, Part), BlockId>,
    stack: Vec<BlockId>,
    private: Option<Name>,
    features: Features,
    top_level_await: bool,
}

pub(super) fn build(tree: &Mod, features: Features, top_level_await: bool) -> Result<SymbolTable> {
    let mut builder = Builder {
        blocks: Vec::new(),
        found: FxHashMap::default(),
        stack: Vec::new(),
        private: None,
        features,
        top_level_await,
    };
    builder.enter(BlockKind::Module, address(tree), Part::Body, "top", 0);
    match tree {
        Mod::Module { body } | Mod::Interactive { body } => builder.stmts(body)?,
        Mod::Expression { body } => builder.expr(body)?,
    }
    Ok(SymbolTable {
        blocks: builder.blocks,
        found: builder.found,
    })
}

impl Builder {
    fn cur(&mut self) -> &mut Block {
        let id = self.stack.last().copied().unwrap_or(0);
        &mut self.blocks[id]
    }

    fn enter(
        &mut self,
        kind: BlockKind,
        node: usize,
        part: Part,
        name: &str,
        line: u32,
    ) -> BlockId {
        let id = self.blocks.len();
        let mut block = Block::new(kind, Name::new(name), line);
        if let Some(&parent) = self.stack.last() {
            let outer = &self.blocks[parent];
            block.nested = outer.nested || outer.is_function_like();
            block.iter_expr = outer.iter_expr;
            if kind == BlockKind::Function {
                block.method = outer.kind == BlockKind::Class;
            }
            if !(kind == BlockKind::Annotation && self.features.annotations) {
                self.blocks[parent].children.push(id);
            }
        }
        self.blocks.push(block);
        self.found.insert((node, part), id);
        self.stack.push(id);
        id
    }

    /// Enters a block that sees the class around it and has the implicit parameter `.format`.
    fn enter_lazy(
        &mut self,
        kind: BlockKind,
        node: usize,
        part: Part,
        name: &str,
        span: Span,
    ) -> Result<BlockId> {
        let outer = self.cur();
        let in_class = outer.can_see_class_scope || outer.kind == BlockKind::Class;
        let id = self.enter(kind, node, part, name, span.line);
        let format = Name::const_new(".format");
        self.define(&format, flags::PARAM, span)?;
        self.define(&format, flags::USE, span)?;
        if in_class {
            self.cur().can_see_class_scope = true;
            self.define(&Name::const_new("__classdict__"), flags::USE, span)?;
        }
        Ok(id)
    }

    fn leave(&mut self) {
        self.stack.pop();
    }

    fn lookup(&mut self, name: &Name) -> u32 {
        let id = self.stack.last().copied().unwrap_or(0);
        let mangled = maybe_mangle(self.private.as_deref(), &self.blocks[id], name);
        self.blocks[id].get(&mangled).flags
    }

    fn define(&mut self, name: &Name, flag: u32, span: Span) -> Result<()> {
        let id = self.stack.last().copied().unwrap_or(0);
        self.define_in(id, name, flag, span)
    }

    fn define_name(&mut self, name: &Name, ctx: ExprContext, flag: u32, span: Span) -> Result<()> {
        check_name(name, ctx, span)?;
        self.define(name, flag, span)
    }

    fn define_in(&mut self, id: BlockId, name: &Name, flag: u32, span: Span) -> Result<()> {
        let block = &mut self.blocks[id];
        let mangled = maybe_mangle(self.private.as_deref(), block, name);
        let iter_target = block.iter_target;
        let value = match block.symbols.entry(mangled.clone()) {
            MapEntry::Occupied(mut entry) => {
                let old = entry.get().flags;
                if flag & flags::PARAM != 0 && old & flags::PARAM != 0 {
                    return Err(syntax_error(
                        span,
                        format!("duplicate argument '{name}' in function definition"),
                    ));
                }
                if flag & flags::TYPE_PARAM != 0 && old & flags::TYPE_PARAM != 0 {
                    return Err(syntax_error(
                        span,
                        format!("duplicate type parameter '{name}'"),
                    ));
                }
                entry.get_mut().flags = old | flag;
                old | flag
            }
            MapEntry::Vacant(entry) => {
                entry.insert(Symbol {
                    flags: flag,
                    ..Symbol::default()
                });
                flag
            }
        };
        if iter_target {
            if value & (flags::GLOBAL | flags::NONLOCAL) != 0 {
                let msg = format!(
                    "comprehension inner loop cannot rebind assignment expression target '{name}'"
                );
                return Err(syntax_error(span, msg));
            }
            if let Some(symbol) = block.symbols.get_mut(&mangled) {
                symbol.flags |= flags::COMP_ITER;
            }
        }
        if flag & flags::PARAM != 0 {
            block.params.push(mangled);
        } else if flag & flags::GLOBAL != 0 && id != 0 {
            self.blocks[0].symbols.entry(mangled).or_default().flags |= flag;
        }
        Ok(())
    }

    // Statements.

    fn stmts(&mut self, body: &[Stmt]) -> Result<()> {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn conditional<T>(&mut self, visit: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let before = std::mem::replace(&mut self.cur().conditional, true);
        let result = visit(self)?;
        self.cur().conditional = before;
        Ok(result)
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<()> {
        crate::stack::deeper(|| self.stmt_inner(stmt))
    }

    fn stmt_inner(&mut self, stmt: &Stmt) -> Result<()> {
        use StmtKind as K;
        match &stmt.kind {
            K::FunctionDef(def) => self.function(stmt, def, false),
            K::AsyncFunctionDef(def) => self.function(stmt, def, true),
            K::ClassDef(def) => self.class(stmt, def),
            K::TypeAlias {
                name,
                type_params,
                value,
            } => self.type_alias(stmt, name, type_params, value),
            K::Return { value } => self.opt(value.as_deref()),
            K::Delete { targets } => self.exprs(targets),
            K::Assign { targets, value } => {
                self.exprs(targets)?;
                self.expr(value)
            }
            K::AnnAssign {
                target,
                annotation,
                value,
                simple,
            } => self.ann_assign(stmt, target, annotation, value.as_deref(), *simple),
            K::AugAssign { target, value, .. } => {
                self.expr(target)?;
                self.expr(value)
            }
            K::For {
                target,
                iter,
                body,
                orelse,
            } => {
                self.expr(target)?;
                self.expr(iter)?;
                self.conditional(|b| {
                    b.stmts(body)?;
                    b.stmts(orelse)
                })
            }
            K::AsyncFor {
                target,
                iter,
                body,
                orelse,
            } => {
                self.module_coroutine();
                self.expr(target)?;
                self.expr(iter)?;
                self.conditional(|b| {
                    b.stmts(body)?;
                    b.stmts(orelse)
                })
            }
            K::While { test, body, orelse } | K::If { test, body, orelse } => {
                self.expr(test)?;
                self.conditional(|b| {
                    b.stmts(body)?;
                    b.stmts(orelse)
                })
            }
            K::With { items, body } | K::AsyncWith { items, body } => {
                if matches!(stmt.kind, K::AsyncWith { .. }) {
                    self.module_coroutine();
                }
                self.conditional(|b| {
                    for item in items {
                        b.expr(&item.context_expr)?;
                        b.opt(item.optional_vars.as_deref())?;
                    }
                    b.stmts(body)
                })
            }
            K::Match { subject, cases } => {
                self.expr(subject)?;
                self.conditional(|b| cases.iter().try_for_each(|case| b.case(case)))
            }
            K::Raise { exc, cause } => {
                self.opt(exc.as_deref())?;
                self.opt(cause.as_deref())
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
            } => self.conditional(|b| {
                b.stmts(body)?;
                for handler in handlers {
                    b.opt(handler.r#type.as_deref())?;
                    if let Some(name) = &handler.name {
                        b.define_name(name, ExprContext::Store, flags::LOCAL, handler.span)?;
                    }
                    b.stmts(&handler.body)?;
                }
                b.stmts(orelse)?;
                b.stmts(finalbody)
            }),
            K::Assert { test, msg } => {
                self.expr(test)?;
                self.opt(msg.as_deref())
            }
            K::Import { names } | K::ImportFrom { names, .. } => {
                names.iter().try_for_each(|alias| self.alias(alias))
            }
            K::Global { names } => self.declare(names, stmt.span, true),
            K::Nonlocal { names } => self.declare(names, stmt.span, false),
            K::Expr { value } => self.expr(value),
            K::Pass | K::Break | K::Continue => Ok(()),
        }
    }

    fn module_coroutine(&mut self) {
        if self.top_level_await && self.stack.len() == 1 {
            self.cur().coroutine = true;
        }
    }

    fn declare(&mut self, names: &[Name], span: Span, global: bool) -> Result<()> {
        let (flag, word) = if global {
            (flags::GLOBAL, "global")
        } else {
            (flags::NONLOCAL, "nonlocal")
        };
        for name in names {
            let old = self.lookup(name);
            let msg = if old & flags::PARAM != 0 {
                format!("name '{name}' is parameter and {word}")
            } else if old & flags::USE != 0 {
                format!("name '{name}' is used prior to {word} declaration")
            } else if old & flags::ANNOT != 0 {
                format!("annotated name '{name}' can't be {word}")
            } else if old & flags::LOCAL != 0 {
                format!("name '{name}' is assigned to before {word} declaration")
            } else {
                self.define(name, flag, span)?;
                let id = self.stack.last().copied().unwrap_or(0);
                let mangled = maybe_mangle(self.private.as_deref(), &self.blocks[id], name);
                self.cur().directives.push((mangled, span));
                continue;
            };
            return Err(syntax_error(span, msg));
        }
        Ok(())
    }

    fn alias(&mut self, alias: &Alias) -> Result<()> {
        if alias.name == "*" {
            if self.cur().kind != BlockKind::Module {
                return Err(syntax_error(
                    alias.span,
                    "import * only allowed at module level",
                ));
            }
            return Ok(());
        }
        let name = alias.asname.as_ref().unwrap_or(&alias.name);
        let first = name.split('.').next().unwrap_or_default();
        self.define_name(
            &Name::new(first),
            ExprContext::Store,
            flags::IMPORT,
            alias.span,
        )
    }

    fn ann_assign(
        &mut self,
        stmt: &Stmt,
        target: &Expr,
        annotation: &Expr,
        value: Option<&Expr>,
        simple: bool,
    ) -> Result<()> {
        self.cur().annotations_used = true;
        if let ExprKind::Name { id, .. } = &target.kind {
            let old = self.lookup(id);
            if simple && old & (flags::GLOBAL | flags::NONLOCAL) != 0 && self.stack.len() > 1 {
                let word = if old & flags::GLOBAL != 0 {
                    "global"
                } else {
                    "nonlocal"
                };
                return Err(syntax_error(
                    stmt.span,
                    format!("annotated name '{id}' can't be {word}"),
                ));
            }
            if simple {
                self.define_name(
                    id,
                    ExprContext::Store,
                    flags::ANNOT | flags::LOCAL,
                    target.span,
                )?;
            } else if value.is_some() {
                self.define_name(id, ExprContext::Store, flags::LOCAL, target.span)?;
            }
        } else {
            self.expr(target)?;
        }
        self.annotation(annotation)?;
        self.opt(value)
    }

    /// An annotation of a variable: it belongs to the block's one annotation block.
    fn annotation(&mut self, annotation: &Expr) -> Result<()> {
        let outer = self.stack.last().copied().unwrap_or(0);
        let block = &mut self.blocks[outer];
        // A module may run in part only, so all of its annotations count as conditional.
        let conditional =
            block.kind == BlockKind::Module || block.kind == BlockKind::Class && block.conditional;
        if conditional && !block.has_conditional_annotations {
            block.has_conditional_annotations = true;
            self.define(
                &Name::const_new("__conditional_annotations__"),
                flags::USE,
                annotation.span,
            )?;
        }
        match self.blocks[outer].annotation_block {
            Some(id) => self.stack.push(id),
            None => {
                let id = self.enter_lazy(
                    BlockKind::Annotation,
                    outer,
                    Part::Annotations,
                    "__annotate__",
                    annotation.span,
                )?;
                self.blocks[outer].annotation_block = Some(id);
            }
        }
        if conditional && self.blocks[outer].kind == BlockKind::Class {
            self.define(
                &Name::const_new("__conditional_annotations__"),
                flags::USE,
                annotation.span,
            )?;
        }
        // In a function it is never evaluated, so what it names does not count.
        self.cur().unevaluated = self.blocks[outer].kind == BlockKind::Function;
        self.expr(annotation)?;
        self.leave();
        Ok(())
    }

    // Definitions.

    fn function(&mut self, stmt: &Stmt, def: &FunctionDef, is_async: bool) -> Result<()> {
        self.define_name(&def.name, ExprContext::Store, flags::LOCAL, stmt.span)?;
        self.exprs(&def.args.defaults)?;
        def.args
            .kw_defaults
            .iter()
            .flatten()
            .try_for_each(|e| self.expr(e))?;
        self.exprs(&def.decorator_list)?;
        let node = address(def);
        if !def.type_params.is_empty() {
            self.enter_type_params(node, &def.name, stmt.span, false)?;
            self.define(&Name::const_new(".defaults"), flags::PARAM, stmt.span)?;
            if def.args.kw_defaults.iter().any(Option::is_some) {
                self.define(&Name::const_new(".kwdefaults"), flags::PARAM, stmt.span)?;
            }
            self.type_params(&def.type_params)?;
        }
        self.function_annotations(stmt.span, def)?;
        self.enter(
            BlockKind::Function,
            node,
            Part::Body,
            &def.name,
            stmt.span.line,
        );
        self.cur().coroutine = is_async;
        self.parameters(&def.args)?;
        self.stmts(&def.body)?;
        self.leave();
        if !def.type_params.is_empty() {
            self.leave();
        }
        Ok(())
    }

    fn function_annotations(&mut self, span: Span, def: &FunctionDef) -> Result<()> {
        self.enter_lazy(
            BlockKind::Annotation,
            address(def),
            Part::Annotations,
            "__annotate__",
            span,
        )?;
        for arg in parameters_for_annotations(&def.args) {
            if let Some(annotation) = &arg.annotation {
                self.cur().annotations_used = true;
                self.expr(annotation)?;
            }
        }
        if let Some(returns) = &def.returns {
            self.cur().annotations_used = true;
            self.expr(returns)?;
        }
        self.leave();
        Ok(())
    }

    fn parameters(&mut self, args: &Arguments) -> Result<()> {
        let positional = args
            .posonlyargs
            .iter()
            .chain(&args.args)
            .chain(&args.kwonlyargs);
        for arg in positional
            .chain(args.vararg.as_deref())
            .chain(args.kwarg.as_deref())
        {
            self.define_name(&arg.arg, ExprContext::Store, flags::PARAM, arg.span)?;
        }
        Ok(())
    }

    fn enter_type_params(
        &mut self,
        node: usize,
        name: &str,
        span: Span,
        class: bool,
    ) -> Result<()> {
        let in_class = self.cur().kind == BlockKind::Class;
        let sees = in_class || self.cur().can_see_class_scope;
        self.enter(
            BlockKind::TypeParameters,
            node,
            Part::TypeParams,
            name,
            span.line,
        );
        if sees {
            self.cur().can_see_class_scope = true;
            self.define(&Name::const_new("__classdict__"), flags::USE, span)?;
        }
        if class {
            self.define(&Name::const_new(".type_params"), flags::LOCAL, span)?;
            self.define(&Name::const_new(".type_params"), flags::USE, span)?;
            self.define(&Name::const_new(".generic_base"), flags::LOCAL, span)?;
            self.define(&Name::const_new(".generic_base"), flags::USE, span)?;
            self.cur().mangled_names = Some(FxHashSet::default());
        }
        Ok(())
    }

    fn class(&mut self, stmt: &Stmt, def: &ClassDef) -> Result<()> {
        self.define_name(&def.name, ExprContext::Store, flags::LOCAL, stmt.span)?;
        self.exprs(&def.decorator_list)?;
        let outer_private = self.private.clone();
        let generic = !def.type_params.is_empty();
        if generic {
            self.enter_type_params(address(def), &def.name, stmt.span, true)?;
            self.private = Some(def.name.clone());
            self.type_params(&def.type_params)?;
        }
        self.exprs(&def.bases)?;
        self.keywords(&def.keywords)?;
        self.enter(
            BlockKind::Class,
            address(def),
            Part::Body,
            &def.name,
            stmt.span.line,
        );
        self.private = Some(def.name.clone());
        if generic {
            self.define(&Name::const_new("__type_params__"), flags::LOCAL, stmt.span)?;
            self.define(&Name::const_new(".type_params"), flags::USE, stmt.span)?;
        }
        self.stmts(&def.body)?;
        self.leave();
        if generic {
            self.leave();
        }
        self.private = outer_private;
        Ok(())
    }

    fn type_alias(
        &mut self,
        stmt: &Stmt,
        name: &Expr,
        params: &[TypeParam],
        value: &Expr,
    ) -> Result<()> {
        self.expr(name)?;
        let node = address(stmt);
        let title = match &name.kind {
            ExprKind::Name { id, .. } => id.as_str(),
            _ => "",
        };
        if !params.is_empty() {
            self.enter_type_params(node, title, stmt.span, false)?;
            self.type_params(params)?;
        }
        self.enter_lazy(BlockKind::TypeAlias, node, Part::Body, title, stmt.span)?;
        self.expr(value)?;
        self.leave();
        if !params.is_empty() {
            self.leave();
        }
        Ok(())
    }

    fn type_params(&mut self, params: &[TypeParam]) -> Result<()> {
        params.iter().try_for_each(|param| self.type_param(param))
    }

    fn type_param(&mut self, param: &TypeParam) -> Result<()> {
        let (name, bound, default, what) = match &param.kind {
            TypeParamKind::TypeVar {
                name,
                bound,
                default_value,
            } => (
                name,
                bound.as_deref(),
                default_value.as_deref(),
                "a TypeVar default",
            ),
            TypeParamKind::ParamSpec {
                name,
                default_value,
            } => (name, None, default_value.as_deref(), "a ParamSpec default"),
            TypeParamKind::TypeVarTuple {
                name,
                default_value,
            } => (
                name,
                None,
                default_value.as_deref(),
                "a TypeVarTuple default",
            ),
        };
        if name == "__classdict__" || name == "__conditional_annotations__" {
            let msg = format!("reserved name '{name}' cannot be used for type parameter");
            return Err(syntax_error(param.span, msg));
        }
        if let Some(names) = &mut self.cur().mangled_names {
            names.insert(name.clone());
        }
        self.define_name(
            name,
            ExprContext::Store,
            flags::TYPE_PARAM | flags::LOCAL,
            param.span,
        )?;
        if let Some(bound) = bound {
            let tuple = matches!(bound.kind, ExprKind::Tuple { .. });
            let what = if tuple {
                "a TypeVar constraint"
            } else {
                "a TypeVar bound"
            };
            self.lazy_type_value(param, Part::Bound, bound, what)?;
        }
        if let Some(default) = default {
            self.lazy_type_value(param, Part::Default, default, what)?;
        }
        Ok(())
    }

    fn lazy_type_value(
        &mut self,
        param: &TypeParam,
        part: Part,
        value: &Expr,
        what: &'static str,
    ) -> Result<()> {
        let name = match &param.kind {
            TypeParamKind::TypeVar { name, .. }
            | TypeParamKind::ParamSpec { name, .. }
            | TypeParamKind::TypeVarTuple { name, .. } => name,
        };
        self.enter_lazy(
            BlockKind::TypeVariable,
            address(param),
            part,
            name,
            value.span,
        )?;
        self.cur().scope_info = what;
        self.expr(value)?;
        self.leave();
        Ok(())
    }

    // Expressions.

    fn exprs(&mut self, list: &[Expr]) -> Result<()> {
        list.iter().try_for_each(|e| self.expr(e))
    }

    fn opt(&mut self, expr: Option<&Expr>) -> Result<()> {
        expr.map_or(Ok(()), |e| self.expr(e))
    }

    fn keywords(&mut self, keywords: &[Keyword]) -> Result<()> {
        for keyword in keywords {
            if let Some(name) = &keyword.arg {
                check_name(name, ExprContext::Store, keyword.span)?;
            }
        }
        keywords.iter().try_for_each(|k| self.expr(&k.value))
    }

    fn expr(&mut self, expr: &Expr) -> Result<()> {
        crate::stack::deeper(|| self.expr_inner(expr))
    }

    fn expr_inner(&mut self, expr: &Expr) -> Result<()> {
        use ExprKind as K;
        match &expr.kind {
            K::Constant(_) => Ok(()),
            K::Name { id, ctx } => self.name(expr, id, *ctx),
            K::BoolOp { values, .. } | K::JoinedStr { values } | K::TemplateStr { values } => {
                self.exprs(values)
            }
            K::NamedExpr { target, value } => self.named_expr(expr, target, value),
            K::BinOp { left, right, .. } => {
                self.expr(left)?;
                self.expr(right)
            }
            K::UnaryOp { operand, .. } => self.expr(operand),
            K::Lambda { args, body } => {
                self.exprs(&args.defaults)?;
                args.kw_defaults
                    .iter()
                    .flatten()
                    .try_for_each(|e| self.expr(e))?;
                self.enter(
                    BlockKind::Function,
                    address(expr),
                    Part::Body,
                    "lambda",
                    expr.span.line,
                );
                self.parameters(args)?;
                self.expr(body)?;
                self.leave();
                Ok(())
            }
            K::IfExp { test, body, orelse } => {
                self.expr(test)?;
                self.expr(body)?;
                self.expr(orelse)
            }
            K::Dict { keys, values } => {
                keys.iter().flatten().try_for_each(|e| self.expr(e))?;
                self.exprs(values)
            }
            K::Set { elts } | K::List { elts, .. } | K::Tuple { elts, .. } => self.exprs(elts),
            K::ListComp { elt, generators } => {
                self.comprehension(expr, CompKind::List, elt, None, generators)
            }
            K::SetComp { elt, generators } => {
                self.comprehension(expr, CompKind::Set, elt, None, generators)
            }
            K::GeneratorExp { elt, generators } => {
                self.comprehension(expr, CompKind::Generator, elt, None, generators)
            }
            K::DictComp {
                key,
                value,
                generators,
            } => self.comprehension(expr, CompKind::Dict, key, Some(value), generators),
            K::Yield { value } => {
                self.not_in_annotation("yield expression", expr.span)?;
                self.opt(value.as_deref())?;
                self.yields(expr.span)
            }
            K::YieldFrom { value } => {
                self.not_in_annotation("yield expression", expr.span)?;
                self.expr(value)?;
                self.yields(expr.span)
            }
            K::Await { value } => {
                self.not_in_annotation("await expression", expr.span)?;
                self.check_await(expr.span)?;
                self.expr(value)?;
                self.cur().coroutine = true;
                Ok(())
            }
            K::Compare {
                left, comparators, ..
            } => {
                self.expr(left)?;
                self.exprs(comparators)
            }
            K::Call {
                func,
                args,
                keywords,
            } => {
                self.expr(func)?;
                self.exprs(args)?;
                self.keywords(keywords)
            }
            K::FormattedValue {
                value, format_spec, ..
            }
            | K::Interpolation {
                value, format_spec, ..
            } => {
                self.expr(value)?;
                self.opt(format_spec.as_deref())
            }
            K::Attribute { value, attr, ctx } => {
                check_name(attr, *ctx, expr.span)?;
                self.expr(value)
            }
            K::Starred { value, .. } => self.expr(value),
            K::Subscript { value, slice, .. } => {
                self.expr(value)?;
                self.expr(slice)
            }
            K::Slice { lower, upper, step } => {
                self.opt(lower.as_deref())?;
                self.opt(upper.as_deref())?;
                self.opt(step.as_deref())
            }
        }
    }

    fn name(&mut self, expr: &Expr, id: &Name, ctx: ExprContext) -> Result<()> {
        if self.cur().unevaluated {
            return Ok(());
        }
        let flag = if ctx == ExprContext::Load {
            flags::USE
        } else {
            flags::LOCAL
        };
        self.define_name(id, ctx, flag, expr.span)?;
        // `super()` without arguments needs the cell of the class.
        if ctx == ExprContext::Load && id == "super" && self.cur().is_function_like() {
            self.define(&Name::const_new("__class__"), flags::USE, expr.span)?;
        }
        Ok(())
    }

    fn check_await(&mut self, span: Span) -> Result<()> {
        if self.top_level_await && self.stack.len() == 1 {
            return Ok(());
        }
        let block = self.cur();
        if !block.is_function_like() {
            return Err(syntax_error(span, "'await' outside function"));
        }
        let is_async = block.kind == BlockKind::Function && block.coroutine;
        if !is_async && block.comprehension.is_none() {
            return Err(syntax_error(span, "'await' outside async function"));
        }
        Ok(())
    }

    fn yields(&mut self, span: Span) -> Result<()> {
        let block = self.cur();
        block.generator = true;
        if let Some(kind) = block.comprehension {
            return Err(syntax_error(
                span,
                format!("'yield' inside {}", kind.text()),
            ));
        }
        Ok(())
    }

    fn not_in_annotation(&mut self, what: &str, span: Span) -> Result<()> {
        let block = self.cur();
        let place = match block.kind {
            BlockKind::Annotation => "an annotation",
            BlockKind::TypeVariable => block.scope_info,
            BlockKind::TypeAlias => "a type alias",
            BlockKind::TypeParameters => "the definition of a generic",
            _ => return Ok(()),
        };
        Err(syntax_error(
            span,
            format!("{what} cannot be used within {place}"),
        ))
    }

    fn named_expr(&mut self, expr: &Expr, target: &Expr, value: &Expr) -> Result<()> {
        self.not_in_annotation("named expression", expr.span)?;
        if self.cur().iter_expr > 0 {
            let msg = "assignment expression cannot be used in a comprehension iterable expression";
            return Err(syntax_error(expr.span, msg));
        }
        if self.cur().comprehension.is_some()
            && let ExprKind::Name { id, .. } = &target.kind
        {
            self.extend_named_expr(target, id)?;
        }
        self.expr(value)?;
        self.expr(target)
    }

    /// A walrus in a comprehension binds in the block around all comprehensions.
    fn extend_named_expr(&mut self, target: &Expr, name: &Name) -> Result<()> {
        let span = target.span;
        for at in (0..self.stack.len()).rev() {
            let id = self.stack[at];
            let mangled = maybe_mangle(self.private.as_deref(), &self.blocks[id], name);
            let block = &self.blocks[id];
            let known = block.get(&mangled).flags;
            if block.comprehension.is_some() {
                if known & flags::COMP_ITER != 0 && known & (flags::LOCAL | flags::GLOBAL) != 0 {
                    let msg = format!(
                        "assignment expression cannot rebind comprehension iteration variable '{name}'"
                    );
                    return Err(syntax_error(span, msg));
                }
                continue;
            }
            match block.kind {
                BlockKind::Function => {
                    let global = known & flags::GLOBAL != 0;
                    self.define(
                        name,
                        if global {
                            flags::GLOBAL
                        } else {
                            flags::NONLOCAL
                        },
                        span,
                    )?;
                    let here = self.stack.last().copied().unwrap_or(0);
                    self.blocks[here].directives.push((mangled, span));
                    return self.define_in(id, name, flags::LOCAL, span);
                }
                BlockKind::Module => {
                    self.define(name, flags::GLOBAL, span)?;
                    let here = self.stack.last().copied().unwrap_or(0);
                    self.blocks[here].directives.push((mangled, span));
                    return self.define_in(id, name, flags::GLOBAL, span);
                }
                _ => {}
            }
            let place = match block.kind {
                BlockKind::Class => "in a class body",
                BlockKind::TypeParameters => "within the definition of a generic",
                BlockKind::TypeAlias => "in a type alias",
                BlockKind::TypeVariable => "in a TypeVar bound",
                _ => "within an annotation",
            };
            let msg =
                format!("assignment expression within a comprehension cannot be used {place}");
            return Err(syntax_error(span, msg));
        }
        Ok(())
    }

    fn comprehension(
        &mut self,
        expr: &Expr,
        kind: CompKind,
        elt: &Expr,
        value: Option<&Expr>,
        clauses: &[Comprehension],
    ) -> Result<()> {
        let Some((first, rest)) = clauses.split_first() else {
            return Ok(());
        };
        // The outermost iterable is evaluated outside.
        self.cur().iter_expr += 1;
        self.expr(&first.iter)?;
        self.cur().iter_expr -= 1;
        let name = match kind {
            CompKind::List => "listcomp",
            CompKind::Set => "setcomp",
            CompKind::Dict => "dictcomp",
            CompKind::Generator => "genexpr",
        };
        self.enter(
            BlockKind::Function,
            address(expr),
            Part::Body,
            name,
            expr.span.line,
        );
        self.cur().comprehension = Some(kind);
        self.cur().coroutine = first.is_async;
        self.define(&Name::const_new(".0"), flags::PARAM, expr.span)?;
        self.target(&first.target)?;
        self.exprs(&first.ifs)?;
        for clause in rest {
            self.target(&clause.target)?;
            self.cur().iter_expr += 1;
            self.expr(&clause.iter)?;
            self.cur().iter_expr -= 1;
            self.exprs(&clause.ifs)?;
            if clause.is_async {
                self.cur().coroutine = true;
            }
        }
        self.opt(value)?;
        self.expr(elt)?;
        let generator = kind == CompKind::Generator;
        self.cur().generator = generator;
        let is_async = self.cur().coroutine && !generator;
        self.leave();
        if is_async {
            let allowed = self.top_level_await && self.stack.len() == 1;
            let block = self.cur();
            let ok = block.coroutine && block.kind == BlockKind::Function
                || block.comprehension.is_some()
                || allowed;
            if !ok {
                let msg = "asynchronous comprehension outside of an asynchronous function";
                return Err(syntax_error(expr.span, msg));
            }
            block.coroutine = true;
        }
        Ok(())
    }

    fn target(&mut self, target: &Expr) -> Result<()> {
        self.cur().iter_target = true;
        self.expr(target)?;
        self.cur().iter_target = false;
        Ok(())
    }

    // Patterns.

    fn case(&mut self, case: &MatchCase) -> Result<()> {
        self.pattern(&case.pattern)?;
        self.opt(case.guard.as_deref())?;
        self.stmts(&case.body)
    }

    fn patterns(&mut self, list: &[Pattern]) -> Result<()> {
        list.iter().try_for_each(|p| self.pattern(p))
    }

    fn pattern(&mut self, pattern: &Pattern) -> Result<()> {
        crate::stack::deeper(|| self.pattern_inner(pattern))
    }

    fn pattern_inner(&mut self, pattern: &Pattern) -> Result<()> {
        use PatternKind as K;
        match &pattern.kind {
            K::MatchValue { value } => self.expr(value),
            K::MatchSingleton { .. } => Ok(()),
            K::MatchSequence { patterns } | K::MatchOr { patterns } => self.patterns(patterns),
            K::MatchMapping {
                keys,
                patterns,
                rest,
            } => {
                self.exprs(keys)?;
                self.patterns(patterns)?;
                self.bind(rest.as_ref(), pattern.span)
            }
            K::MatchClass {
                cls,
                patterns,
                kwd_attrs,
                kwd_patterns,
            } => {
                self.expr(cls)?;
                self.patterns(patterns)?;
                for (name, value) in kwd_attrs.iter().zip(kwd_patterns) {
                    check_name(name, ExprContext::Store, value.span)?;
                }
                self.patterns(kwd_patterns)
            }
            K::MatchStar { name } => self.bind(name.as_ref(), pattern.span),
            K::MatchAs {
                pattern: inner,
                name,
            } => {
                if let Some(inner) = inner {
                    self.pattern(inner)?;
                }
                self.bind(name.as_ref(), pattern.span)
            }
        }
    }

    fn bind(&mut self, name: Option<&Name>, span: Span) -> Result<()> {
        match name {
            Some(name) => self.define_name(name, ExprContext::Store, flags::LOCAL, span),
            None => Ok(()),
        }
    }
}

/// Parameters in the order in which their annotations are kept.
pub(crate) fn parameters_for_annotations(args: &Arguments) -> impl Iterator<Item = &Arg> {
    let positional = args.posonlyargs.iter().chain(&args.args);
    positional
        .chain(args.vararg.as_deref())
        .chain(&args.kwonlyargs)
        .chain(args.kwarg.as_deref())
}

fn check_name(name: &str, ctx: ExprContext, span: Span) -> Result<()> {
    match (name, ctx) {
        ("__debug__", ExprContext::Store) => Err(syntax_error(span, "cannot assign to __debug__")),
        ("__debug__", ExprContext::Del) => Err(syntax_error(span, "cannot delete __debug__")),
        _ => Ok(()),
    }
}
