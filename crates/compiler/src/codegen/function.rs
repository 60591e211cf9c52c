//! Functions, lambdas and classes.

use std::sync::Arc;

use viv_bytecode::op::{Intrinsic1, Intrinsic2};
use viv_bytecode::{Code, CodeFlags, Const, Location, Op};
use viv_syntax::ast::*;

use super::Codegen;
use super::emit::{NOWHERE, at};
use super::unit::UnitKind;
use crate::error::Result;
use crate::future;
use crate::symtable::{Part, address};

/// Bits of [`Op::SET_FUNCTION_ATTRIBUTE`].
pub mod attribute {
    pub const DEFAULTS: u32 = 1;
    pub const KWDEFAULTS: u32 = 2;
    pub const CLOSURE: u32 = 8;
    pub const ANNOTATE: u32 = 16;
}

/// A location that has a line but no columns.
pub fn line_only(line: u32) -> Location {
    Location {
        line,
        end_line: line,
        col: 0,
        end_col: 0,
    }
}

impl<'a> Codegen<'a> {
    /// Makes a function of a code object; `flags` says which attributes wait on the stack.
    pub fn closure(&mut self, loc: Location, code: Arc<Code>, mut flags: u32) -> Result<()> {
        if !code.freevars.is_empty() {
            for name in &code.freevars {
                match self.closure_slot(name) {
                    Some(slot) => self.op(loc, Op::LOAD_CLOSURE, slot),
                    None => {
                        let msg = format!(
                            "internal compiler error: '{name}' is not in scope for a closure"
                        );
                        let span = Span {
                            line: loc.line,
                            col: loc.col,
                            end_line: loc.end_line,
                            end_col: loc.end_col,
                        };
                        return Err(crate::error::syntax_error(span, msg));
                    }
                }
            }
            self.op(loc, Op::BUILD_TUPLE, code.freevars.len() as u32);
            flags |= attribute::CLOSURE;
        }
        self.load(loc, Const::Code(code));
        self.op0(loc, Op::MAKE_FUNCTION);
        for bit in [8, 4, 16, 2, 1] {
            if flags & bit != 0 {
                self.op(loc, Op::SET_FUNCTION_ATTRIBUTE, bit);
            }
        }
        Ok(())
    }

    fn decorators(&mut self, list: &'a [Expr]) -> Result<()> {
        for decorator in list {
            self.expr(decorator)?;
        }
        Ok(())
    }

    fn apply_decorators(&mut self, list: &'a [Expr]) {
        // The decorated object stands in the place of self.
        for decorator in list.iter().rev() {
            self.op(at(decorator.span), Op::CALL, 0);
        }
    }

    fn defaults(&mut self, loc: Location, args: &'a Arguments) -> Result<u32> {
        let mut flags = 0;
        if !args.defaults.is_empty() {
            flags |= attribute::DEFAULTS;
            self.exprs(&args.defaults)?;
            self.tuple(loc, args.defaults.len());
        }
        let mut count = 0;
        for (arg, default) in args.kwonlyargs.iter().zip(&args.kw_defaults) {
            if let Some(default) = default {
                let name = self.mangle(&arg.arg);
                self.load_str(loc, &name);
                self.expr(default)?;
                count += 1;
            }
        }
        if count > 0 {
            self.op(loc, Op::BUILD_MAP, count);
            flags |= attribute::KWDEFAULTS;
        }
        Ok(flags)
    }

    fn set_parameters(&mut self, args: &Arguments) {
        let unit = &mut self.unit;
        unit.posonlyargcount = args.posonlyargs.len() as u32;
        unit.argcount = (args.posonlyargs.len() + args.args.len()) as u32;
        unit.kwonlyargcount = args.kwonlyargs.len() as u32;
        if args.vararg.is_some() {
            unit.flags |= CodeFlags::VARARGS;
        }
        if args.kwarg.is_some() {
            unit.flags |= CodeFlags::VARKEYWORDS;
        }
    }

    pub fn function(&mut self, stmt: &'a Stmt, def: &'a FunctionDef, is_async: bool) -> Result<()> {
        let loc = at(stmt.span);
        self.decorators(&def.decorator_list)?;
        let firstlineno = def
            .decorator_list
            .first()
            .map_or(stmt.span.line, |d| d.span.line);
        let mut flags = self.defaults(loc, &def.args)?;
        let generic = !def.type_params.is_empty();
        let passed = flags.count_ones();
        if generic {
            if passed == 2 {
                self.op(loc, Op::SWAP, 2);
            }
            let Some(block) = self.table.lookup(address(def), Part::TypeParams) else {
                return Ok(());
            };
            let name = Name::from(format!("<generic parameters of {}>", def.name));
            self.enter(UnitKind::TypeParams, block, name, firstlineno);
            self.unit.argcount = passed;
            self.type_params(&def.type_params)?;
            for slot in 0..passed {
                self.op(loc, Op::LOAD_FAST, slot);
            }
        }
        flags |= self.function_annotations(loc, def)?;
        self.function_body(loc, def, is_async, flags, firstlineno)?;
        if generic {
            self.op(loc, Op::SWAP, 2);
            self.op(
                loc,
                Op::CALL_INTRINSIC_2,
                Intrinsic2::SetFunctionTypeParams as u32,
            );
            self.op0(NOWHERE, Op::RETURN_VALUE);
            let code = self.finish()?;
            self.closure(loc, code, 0)?;
            if passed > 0 {
                // The first argument stands in the place of self.
                self.op(loc, Op::SWAP, passed + 1);
                self.op(loc, Op::CALL, passed - 1);
            } else {
                self.op0(loc, Op::PUSH_NULL);
                self.op(loc, Op::CALL, 0);
            }
        }
        self.apply_decorators(&def.decorator_list);
        self.store(loc, &def.name)
    }

    fn function_body(
        &mut self,
        loc: Location,
        def: &'a FunctionDef,
        is_async: bool,
        flags: u32,
        firstlineno: u32,
    ) -> Result<()> {
        let kind = if is_async {
            UnitKind::AsyncFunction
        } else {
            UnitKind::Function
        };
        let Some(block) = self.table.lookup(address(def), Part::Body) else {
            return Ok(());
        };
        self.enter(kind, block, def.name.clone(), firstlineno);
        self.set_parameters(&def.args);
        if self.is_generator_like() {
            self.stop_iteration_guard();
        }
        let mut body = def.body.as_slice();
        if let Some((expr, text)) = future::docstring(body) {
            body = &body[1..];
            if self.options.optimize < 2 {
                self.unit
                    .consts
                    .add(Const::Str(super::strings::clean_doc(text.as_bytes())));
                self.unit.docstring = true;
            }
            self.op0(at(expr.span), Op::NOP);
        }
        self.stmts(body)?;
        self.load_none(NOWHERE);
        self.op0(NOWHERE, Op::RETURN_VALUE);
        let code = self.finish()?;
        self.closure(loc, code, flags)
    }

    pub fn lambda(&mut self, expr: &'a Expr, args: &'a Arguments, body: &'a Expr) -> Result<()> {
        let loc = at(expr.span);
        let flags = self.defaults(loc, args)?;
        let Some(block) = self.table.lookup(address(expr), Part::Body) else {
            return Ok(());
        };
        self.enter(
            UnitKind::Lambda,
            block,
            Name::const_new("<lambda>"),
            expr.span.line,
        );
        self.set_parameters(args);
        let generator = self.is_generator_like();
        if generator {
            self.stop_iteration_guard();
        }
        self.expr(body)?;
        self.op0(at(body.span), Op::RETURN_VALUE);
        let code = self.finish()?;
        self.closure(loc, code, flags)
    }

    pub fn class(&mut self, stmt: &'a Stmt, def: &'a ClassDef) -> Result<()> {
        let loc = at(stmt.span);
        self.decorators(&def.decorator_list)?;
        let firstlineno = def
            .decorator_list
            .first()
            .map_or(stmt.span.line, |d| d.span.line);
        let generic = !def.type_params.is_empty();
        let type_params = Name::const_new(".type_params");
        let generic_base = Name::const_new(".generic_base");
        if generic {
            let Some(block) = self.table.lookup(address(def), Part::TypeParams) else {
                return Ok(());
            };
            let name = Name::from(format!("<generic parameters of {}>", def.name));
            self.enter(UnitKind::TypeParams, block, name, firstlineno);
            self.unit.private = Some(def.name.clone());
            self.type_params(&def.type_params)?;
            self.store(loc, &type_params)?;
        }
        let code = self.class_body(def, firstlineno)?;
        self.op0(loc, Op::LOAD_BUILD_CLASS);
        self.op0(loc, Op::PUSH_NULL);
        self.closure(loc, code, 0)?;
        self.load_str(loc, &def.name);
        if generic {
            self.load_name(loc, &type_params)?;
            self.op(
                loc,
                Op::CALL_INTRINSIC_1,
                Intrinsic1::SubscriptGeneric as u32,
            );
            self.store(loc, &generic_base)?;
            self.call_args(loc, 2, &def.bases, Some(&generic_base), &def.keywords)?;
            self.op0(loc, Op::RETURN_VALUE);
            let code = self.finish()?;
            self.closure(loc, code, 0)?;
            self.op0(loc, Op::PUSH_NULL);
            self.op(loc, Op::CALL, 0);
        } else {
            self.call_args(loc, 2, &def.bases, None, &def.keywords)?;
        }
        self.apply_decorators(&def.decorator_list);
        self.store(loc, &def.name)
    }

    fn class_body(&mut self, def: &'a ClassDef, firstlineno: u32) -> Result<Arc<Code>> {
        let block = self.table.lookup(address(def), Part::Body).unwrap_or(0);
        self.enter(UnitKind::Class, block, def.name.clone(), firstlineno);
        self.unit.private = Some(def.name.clone());
        let loc = line_only(firstlineno);
        self.load_name(loc, &Name::const_new("__name__"))?;
        self.store(loc, &Name::const_new("__module__"))?;
        let qualname = self.unit.qualname.clone();
        self.load_str(loc, &qualname);
        self.store(loc, &Name::const_new("__qualname__"))?;
        self.load(loc, Const::Int(i64::from(firstlineno)));
        self.store(loc, &Name::const_new("__firstlineno__"))?;
        if !def.type_params.is_empty() {
            self.load_name(loc, &Name::const_new(".type_params"))?;
            self.store(loc, &Name::const_new("__type_params__"))?;
        }
        if self.block().needs_classdict {
            self.op0(loc, Op::LOAD_LOCALS);
            self.store_name_op(loc, "__classdict__")?;
        }
        if self.block().has_conditional_annotations && !self.features.annotations {
            self.op(loc, Op::BUILD_SET, 0);
            self.store_name_op(loc, "__conditional_annotations__")?;
        }
        self.body(&def.body, loc)?;
        self.class_annotations(loc)?;
        let attributes = std::mem::take(&mut self.unit.static_attributes);
        let attributes = attributes
            .iter()
            .map(|n| Const::Str(n.as_bytes().into()))
            .collect();
        self.load(NOWHERE, Const::Tuple(attributes));
        self.store(NOWHERE, &Name::const_new("__static_attributes__"))?;
        if self.block().needs_classdict {
            self.load_cell(NOWHERE, "__classdict__");
            self.store(NOWHERE, &Name::const_new("__classdictcell__"))?;
        }
        if self.block().needs_class_closure {
            self.load_cell(NOWHERE, "__class__");
            self.op(NOWHERE, Op::COPY, 1);
            self.store(NOWHERE, &Name::const_new("__classcell__"))?;
        } else {
            self.load_none(NOWHERE);
        }
        self.op0(NOWHERE, Op::RETURN_VALUE);
        self.finish()
    }

    fn load_cell(&mut self, loc: Location, name: &str) {
        if let Some(slot) = self.unit.deref(name, false) {
            self.op(loc, Op::LOAD_CLOSURE, slot);
        }
    }
}
