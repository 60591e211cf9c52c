//! Type parameters and `type` statements (PEP 695, PEP 696).

use viv_bytecode::op::{Intrinsic1, Intrinsic2};
use viv_bytecode::{Const, Location, Op};
use viv_syntax::ast::*;

use super::Codegen;
use super::emit::{NOWHERE, at};
use super::function::attribute;
use super::unit::UnitKind;
use crate::error::{Result, syntax_error};
use crate::symtable::{Part, address};

impl<'a> Codegen<'a> {
    /// Makes the type parameters, binds their names and leaves them on the stack as a tuple.
    pub fn type_params(&mut self, params: &'a [TypeParam]) -> Result<()> {
        let Some(first) = params.first() else {
            return Ok(());
        };
        let mut defaulted = false;
        for param in params {
            let loc = at(param.span);
            let (name, default) = match &param.kind {
                TypeParamKind::TypeVar {
                    name,
                    bound,
                    default_value,
                } => {
                    self.load_str(loc, name);
                    if let Some(bound) = bound {
                        let tuple = matches!(bound.kind, ExprKind::Tuple { .. });
                        self.lazy_value(param, Part::Bound, name, bound)?;
                        let function = if tuple {
                            Intrinsic2::TypeVarWithConstraints
                        } else {
                            Intrinsic2::TypeVarWithBound
                        };
                        self.op(loc, Op::CALL_INTRINSIC_2, function as u32);
                    } else {
                        self.op(loc, Op::CALL_INTRINSIC_1, Intrinsic1::TypeVar as u32);
                    }
                    (name, default_value)
                }
                TypeParamKind::TypeVarTuple {
                    name,
                    default_value,
                } => {
                    self.load_str(loc, name);
                    self.op(loc, Op::CALL_INTRINSIC_1, Intrinsic1::TypeVarTuple as u32);
                    (name, default_value)
                }
                TypeParamKind::ParamSpec {
                    name,
                    default_value,
                } => {
                    self.load_str(loc, name);
                    self.op(loc, Op::CALL_INTRINSIC_1, Intrinsic1::ParamSpec as u32);
                    (name, default_value)
                }
            };
            if let Some(default) = default {
                defaulted = true;
                self.lazy_value(param, Part::Default, name, default)?;
                self.op(
                    loc,
                    Op::CALL_INTRINSIC_2,
                    Intrinsic2::SetTypeParamDefault as u32,
                );
            } else if defaulted {
                let msg =
                    format!("non-default type parameter '{name}' follows default type parameter");
                return Err(syntax_error(param.span, msg));
            }
            self.op(loc, Op::COPY, 1);
            self.store(loc, name)?;
        }
        self.op(at(first.span), Op::BUILD_TUPLE, params.len() as u32);
        Ok(())
    }

    /// A function that evaluates `value` when asked, with the default format.
    fn lazy_value(
        &mut self,
        param: &'a TypeParam,
        part: Part,
        name: &Name,
        value: &'a Expr,
    ) -> Result<()> {
        let loc = at(value.span);
        self.load(loc, Const::Tuple(vec![Const::Int(1)]));
        let Some(block) = self.table.lookup(address(param), part) else {
            return Ok(());
        };
        self.enter_annotations(loc, UnitKind::TypeParams, block, name.clone());
        match &value.kind {
            // `*Ts = *tuple[int]`
            ExprKind::Starred { value: inner, .. } if part == Part::Default => {
                self.expr(inner)?;
                self.op(loc, Op::UNPACK_SEQUENCE, 1);
            }
            _ => self.expr(value)?,
        }
        self.op0(loc, Op::RETURN_VALUE);
        self.leave_annotations(loc, attribute::DEFAULTS, false)
    }

    pub fn type_alias(&mut self, stmt: &'a Stmt) -> Result<()> {
        let StmtKind::TypeAlias {
            name,
            type_params,
            value,
        } = &stmt.kind
        else {
            return Ok(());
        };
        let ExprKind::Name { id, .. } = &name.kind else {
            return Ok(());
        };
        let loc: Location = at(stmt.span);
        let generic = !type_params.is_empty();
        if generic {
            let Some(block) = self.table.lookup(address(stmt), Part::TypeParams) else {
                return Ok(());
            };
            let name = Name::from(format!("<generic parameters of {id}>"));
            self.enter(UnitKind::TypeParams, block, name, stmt.span.line);
            self.load_str(loc, id);
            self.type_params(type_params)?;
        } else {
            self.load_str(loc, id);
            self.load_none(loc);
        }
        self.load(loc, Const::Tuple(vec![Const::Int(1)]));
        let Some(block) = self.table.lookup(address(stmt), Part::Body) else {
            return Ok(());
        };
        self.enter_annotations(loc, UnitKind::TypeParams, block, id.clone());
        self.expr(value)?;
        self.op0(loc, Op::RETURN_VALUE);
        self.leave_annotations(loc, attribute::DEFAULTS, false)?;
        self.op(loc, Op::BUILD_TUPLE, 3);
        self.op(loc, Op::CALL_INTRINSIC_1, Intrinsic1::TypeAlias as u32);
        if generic {
            self.op0(NOWHERE, Op::RETURN_VALUE);
            let code = self.finish()?;
            self.closure(loc, code, 0)?;
            self.op0(loc, Op::PUSH_NULL);
            self.op(loc, Op::CALL, 0);
        }
        self.store(loc, id)
    }
}
