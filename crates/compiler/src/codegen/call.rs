//! Calls: plain, with keywords, with unpacking, of methods and through `super()`.

use viv_bytecode::{Const, Location, Op};
use viv_syntax::ast::*;

use super::Codegen;
use super::emit::at;
use super::expr::{Display, STACK_GUIDELINE, attribute_location};
use super::unit::UnitKind;
use crate::error::{Result, syntax_error};
use crate::symtable::Scope;

impl<'a> Codegen<'a> {
    pub fn call(
        &mut self,
        expr: &'a Expr,
        func: &'a Expr,
        args: &'a [Expr],
        keywords: &'a [Keyword],
    ) -> Result<()> {
        self.check_keywords(keywords)?;
        if self.method_call(expr, func, args, keywords)? {
            return Ok(());
        }
        self.warn_caller(expr, func);
        self.expr(func)?;
        if self.any_all_tuple(expr, func, args, keywords)? {
            return Ok(());
        }
        self.op0(at(func.span), Op::PUSH_NULL);
        self.call_args(at(expr.span), 0, args, None, keywords)
    }

    fn check_keywords(&mut self, keywords: &[Keyword]) -> Result<()> {
        for (index, keyword) in keywords.iter().enumerate() {
            let Some(name) = &keyword.arg else { continue };
            if keywords[index + 1..]
                .iter()
                .any(|other| other.arg.as_ref() == Some(name))
            {
                let later = keywords[index + 1..]
                    .iter()
                    .find(|other| other.arg.as_ref() == Some(name));
                let span = later.map_or(keyword.span, |k| k.span);
                return Err(syntax_error(
                    span,
                    format!("keyword argument repeated: {name}"),
                ));
            }
        }
        Ok(())
    }

    /// `obj.name(…)` without unpacking: the method is looked up without being bound.
    fn method_call(
        &mut self,
        expr: &'a Expr,
        func: &'a Expr,
        args: &'a [Expr],
        keywords: &'a [Keyword],
    ) -> Result<bool> {
        let ExprKind::Attribute {
            value,
            attr,
            ctx: ExprContext::Load,
        } = &func.kind
        else {
            return Ok(false);
        };
        let extra = keywords.len() + usize::from(!keywords.is_empty());
        if args.len() + extra >= STACK_GUIDELINE
            || args
                .iter()
                .any(|a| matches!(a.kind, ExprKind::Starred { .. }))
            || keywords.iter().any(|k| k.arg.is_none())
        {
            return Ok(false);
        }
        if let Some(zero) = self.load_super_args(func)? {
            let loc = at(func.span);
            self.op_name(
                loc,
                if zero {
                    Op::LOAD_ZERO_SUPER_METHOD
                } else {
                    Op::LOAD_SUPER_METHOD
                },
                attr,
            );
        } else {
            self.expr(value)?;
            let loc = attribute_location(at(func.span), func, attr);
            self.op_name(loc, Op::LOAD_METHOD, attr);
        }
        let loc = attribute_location(at(expr.span), func, attr);
        self.exprs(args)?;
        if keywords.is_empty() {
            self.op(loc, Op::CALL, args.len() as u32);
        } else {
            for keyword in keywords {
                self.expr(&keyword.value)?;
            }
            self.keyword_names(loc, keywords);
            self.op(loc, Op::CALL_KW, (args.len() + keywords.len()) as u32);
        }
        Ok(true)
    }

    fn keyword_names(&mut self, loc: Location, keywords: &[Keyword]) {
        let names = keywords.iter().flat_map(|k| &k.arg);
        let names = names.map(|n| Const::Str(n.as_bytes().into())).collect();
        self.load(loc, Const::Tuple(names));
    }

    /// Calls the callable below `pushed` arguments with more of them.
    pub fn call_args(
        &mut self,
        loc: Location,
        pushed: usize,
        args: &'a [Expr],
        injected: Option<&Name>,
        keywords: &'a [Keyword],
    ) -> Result<()> {
        self.check_keywords(keywords)?;
        let starred = args
            .iter()
            .any(|a| matches!(a.kind, ExprKind::Starred { .. }));
        let doubled = keywords.iter().any(|k| k.arg.is_none());
        let count = pushed + args.len() + usize::from(injected.is_some());
        if !starred && !doubled && args.len() + keywords.len() * 2 <= STACK_GUIDELINE {
            self.exprs(args)?;
            if let Some(name) = injected {
                self.load_name(loc, name)?;
            }
            if keywords.is_empty() {
                self.op(loc, Op::CALL, count as u32);
            } else {
                for keyword in keywords {
                    self.expr(&keyword.value)?;
                }
                self.keyword_names(loc, keywords);
                self.op(loc, Op::CALL_KW, (count + keywords.len()) as u32);
            }
            return Ok(());
        }
        match args {
            [
                Expr {
                    kind: ExprKind::Starred { value, .. },
                    ..
                },
            ] if pushed == 0 && injected.is_none() => {
                self.expr(value)?;
            }
            _ => self.display(loc, args, injected, pushed, Display::Tuple)?,
        }
        if keywords.is_empty() {
            self.op(loc, Op::CALL_FUNCTION_EX, 0);
            return Ok(());
        }
        self.keyword_dict(loc, keywords)?;
        self.op(loc, Op::CALL_FUNCTION_EX, 1);
        Ok(())
    }

    fn keyword_dict(&mut self, loc: Location, keywords: &'a [Keyword]) -> Result<()> {
        let mut have = false;
        let mut at_least = 0;
        for (index, keyword) in keywords.iter().enumerate() {
            if keyword.arg.is_some() {
                continue;
            }
            if index > at_least {
                self.named_keywords(loc, &keywords[at_least..index])?;
                if have {
                    self.op(loc, Op::DICT_MERGE, 1);
                }
                have = true;
            }
            if !have {
                self.op(loc, Op::BUILD_MAP, 0);
                have = true;
            }
            self.expr(&keyword.value)?;
            self.op(loc, Op::DICT_MERGE, 1);
            at_least = index + 1;
        }
        if at_least < keywords.len() {
            self.named_keywords(loc, &keywords[at_least..])?;
            if have {
                self.op(loc, Op::DICT_MERGE, 1);
            }
        }
        Ok(())
    }

    fn named_keywords(&mut self, loc: Location, keywords: &'a [Keyword]) -> Result<()> {
        let big = keywords.len() * 2 > STACK_GUIDELINE;
        if big {
            self.op(loc, Op::BUILD_MAP, 0);
        }
        for keyword in keywords {
            if let Some(name) = &keyword.arg {
                self.load_str(loc, name);
            }
            self.expr(&keyword.value)?;
            if big {
                self.op(loc, Op::MAP_ADD, 1);
            }
        }
        if !big {
            self.op(loc, Op::BUILD_MAP, keywords.len() as u32);
        }
        Ok(())
    }

    // super()

    /// `super().name` and `super(C, self).name`.
    pub fn super_attribute(
        &mut self,
        expr: &'a Expr,
        value: &'a Expr,
        attr: &Name,
    ) -> Result<bool> {
        let _ = value;
        let Some(zero) = self.load_super_args(expr)? else {
            return Ok(false);
        };
        let loc = at(expr.span);
        self.op_name(
            loc,
            if zero {
                Op::LOAD_ZERO_SUPER_ATTR
            } else {
                Op::LOAD_SUPER_ATTR
            },
            attr,
        );
        Ok(true)
    }

    /// Loads `super`, class and object, if `attribute` is an attribute of a call of `super` that can be shortened.
    /// Tells whether the call has no arguments.
    fn load_super_args(&mut self, attribute: &'a Expr) -> Result<Option<bool>> {
        let ExprKind::Attribute { value, attr, .. } = &attribute.kind else {
            return Ok(None);
        };
        let ExprKind::Call {
            func,
            args,
            keywords,
        } = &value.kind
        else {
            return Ok(None);
        };
        let ExprKind::Name { id, .. } = &func.kind else {
            return Ok(None);
        };
        if id != "super" || !keywords.is_empty() || attr == "__class__" {
            return Ok(None);
        }
        // Only where the name means the builtin, as far as can be seen.
        if self.block().get("super").scope != Scope::GlobalImplicit
            || self.table.blocks[0].get("super").scope != Scope::Unknown
        {
            return Ok(None);
        }
        let loc = at(func.span);
        if args.len() == 2 {
            if args
                .iter()
                .any(|a| matches!(a.kind, ExprKind::Starred { .. }))
            {
                return Ok(None);
            }
            self.load_name(loc, id)?;
            self.exprs(args)?;
            return Ok(Some(false));
        }
        if !args.is_empty()
            || self.unit.argcount == 0
            || !matches!(
                self.unit.kind,
                UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda
            )
            || self.block().get("__class__").scope != Scope::Free
        {
            return Ok(None);
        }
        let Some(first) = self.unit.varnames.get_index(0).cloned() else {
            return Ok(None);
        };
        self.load_name(loc, id)?;
        let place = at(value.span);
        self.load_name(place, &Name::const_new("__class__"))?;
        self.load_name(place, &first)?;
        Ok(Some(true))
    }

    // any(), all(), tuple() of a generator expression

    /// `any`, `all` and `tuple` of one generator expression run it in a loop, if the name still means the builtin.
    fn any_all_tuple(
        &mut self,
        expr: &'a Expr,
        func: &'a Expr,
        args: &'a [Expr],
        keywords: &'a [Keyword],
    ) -> Result<bool> {
        let (ExprKind::Name { id, .. }, [arg], []) = (&func.kind, args, keywords) else {
            return Ok(false);
        };
        let ExprKind::GeneratorExp { generators, .. } = &arg.kind else {
            return Ok(false);
        };
        // An async generator has no plain iteration.
        if generators.iter().any(|g| g.is_async) || self.comprehension_is_async(arg) {
            return Ok(false);
        }
        let (code, when) = match id.as_str() {
            "all" => (3, Some(false)),
            "any" => (4, Some(true)),
            "tuple" => (2, None),
            _ => return Ok(false),
        };
        let loc = at(func.span);
        let (skip, start, found, end, done) = (
            self.label(),
            self.label(),
            self.label(),
            self.label(),
            self.label(),
        );
        self.op(loc, Op::COPY, 1);
        self.op(loc, Op::LOAD_COMMON_CONSTANT, code);
        self.op(loc, Op::IS_OP, 0);
        self.jump_if(loc, false, skip);
        self.op0(loc, Op::POP_TOP);
        if when.is_none() {
            self.op(loc, Op::BUILD_LIST, 0);
        }
        self.expr(arg)?;
        self.place(start);
        self.jump(loc, Op::FOR_ITER, done);
        match when {
            None => {
                self.op(loc, Op::LIST_APPEND, 2);
                self.jump(loc, Op::JUMP, start);
            }
            Some(when) => {
                self.jump_if(loc, when, found);
                self.jump(loc, Op::JUMP, start);
                self.place(found);
                self.op0(loc, Op::POP_TOP);
                self.load(loc, if when { Const::True } else { Const::False });
                self.jump(loc, Op::JUMP, end);
            }
        }
        self.place(done);
        match when {
            None => self.op(
                loc,
                Op::CALL_INTRINSIC_1,
                viv_bytecode::Intrinsic1::ListToTuple as u32,
            ),
            Some(when) => self.load(loc, if when { Const::False } else { Const::True }),
        }
        self.jump(loc, Op::JUMP, end);
        self.place(skip);
        self.op0(loc, Op::PUSH_NULL);
        self.call_args(at(expr.span), 0, args, None, keywords)?;
        self.place(end);
        Ok(true)
    }
}
