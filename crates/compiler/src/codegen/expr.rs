//! Expressions.

use viv_bytecode::asm::Label;
use viv_bytecode::op::{CompareOp, Intrinsic1};
use viv_bytecode::{BinaryOp, CodeFlags, Const, Location, Op};
use viv_syntax::ast::*;

use super::Codegen;
use super::emit::{NOWHERE, at};
use crate::error::{Result, syntax_error};

/// Displays with more elements than this are built one by one, to spare the stack.
pub const STACK_GUIDELINE: usize = 30;

/// The constant of a literal.
pub fn constant(value: &Constant) -> Const {
    match value {
        Constant::None => Const::None,
        Constant::True => Const::True,
        Constant::False => Const::False,
        Constant::Ellipsis => Const::Ellipsis,
        Constant::Int(n) => Const::Int(*n),
        Constant::BigInt(text) => Const::BigInt(text.clone()),
        Constant::Float(x) => Const::Float(*x),
        Constant::Imaginary(x) => Const::Complex(0.0, *x),
        Constant::Str { value, .. } => Const::Str(value.as_bytes().into()),
        Constant::Bytes(bytes) => Const::Bytes(bytes.as_slice().into()),
    }
}

/// The binary operator.
pub fn binary_op(op: Operator, in_place: bool) -> BinaryOp {
    use BinaryOp as B;
    let (plain, own) = match op {
        Operator::Add => (B::Add, B::IAdd),
        Operator::Sub => (B::Sub, B::ISub),
        Operator::Mult => (B::Mul, B::IMul),
        Operator::MatMult => (B::MatMul, B::IMatMul),
        Operator::Div => (B::TrueDiv, B::ITrueDiv),
        Operator::Mod => (B::Mod, B::IMod),
        Operator::Pow => (B::Pow, B::IPow),
        Operator::LShift => (B::LShift, B::ILShift),
        Operator::RShift => (B::RShift, B::IRShift),
        Operator::BitOr => (B::Or, B::IOr),
        Operator::BitXor => (B::Xor, B::IXor),
        Operator::BitAnd => (B::And, B::IAnd),
        Operator::FloorDiv => (B::FloorDiv, B::IFloorDiv),
    };
    if in_place { own } else { plain }
}

/// The location of an operation on an attribute: where the name stands, if that is on another line than `loc` starts.
pub fn attribute_location(loc: Location, attr: &Expr, name: &str) -> Location {
    let end = attr.span.end_line;
    if loc.line == end {
        return loc;
    }
    let width = name.chars().count() as u32;
    let col = attr.span.end_col.saturating_sub(width);
    Location {
        line: end,
        end_line: loc.end_line,
        col,
        end_col: loc.end_col,
    }
}

impl<'a> Codegen<'a> {
    /// The value of an expression, or the assignment to or deletion of a target.
    pub fn expr(&mut self, expr: &'a Expr) -> Result<()> {
        crate::stack::deeper(|| self.expr_inner(expr))
    }

    /// The values of several expressions.
    pub fn exprs(&mut self, list: &'a [Expr]) -> Result<()> {
        list.iter().try_for_each(|e| self.expr(e))
    }

    fn expr_inner(&mut self, expr: &'a Expr) -> Result<()> {
        use ExprKind as K;
        let loc = at(expr.span);
        match &expr.kind {
            K::Constant(value) => self.load(loc, constant(value)),
            K::Name { id, ctx } => return self.name_expr(loc, id, *ctx),
            K::NamedExpr { target, value } => {
                self.expr(value)?;
                self.op(loc, Op::COPY, 1);
                self.expr(target)?;
            }
            K::BoolOp { op, values } => return self.bool_op(loc, *op, values),
            K::BinOp { left, op, right } => {
                if self.percent_format(expr, left, *op, right)? {
                    return Ok(());
                }
                self.expr(left)?;
                self.expr(right)?;
                self.binary(loc, binary_op(*op, false));
            }
            K::UnaryOp { op, operand } => {
                self.expr(operand)?;
                let op = match op {
                    UnaryOp::Invert => Op::UNARY_INVERT,
                    UnaryOp::Not => Op::UNARY_NOT,
                    UnaryOp::UAdd => Op::UNARY_POSITIVE,
                    UnaryOp::USub => Op::UNARY_NEGATIVE,
                };
                self.unary(loc, op);
            }
            K::Lambda { args, body } => return self.lambda(expr, args, body),
            K::IfExp { test, body, orelse } => {
                let (end, next) = (self.label(), self.label());
                self.branch(test, next, false)?;
                self.expr(body)?;
                self.jump(NOWHERE, Op::JUMP, end);
                self.place(next);
                self.expr(orelse)?;
                self.place(end);
            }
            K::Dict { keys, values } => return self.dict(loc, keys, values),
            K::Set { elts } => return self.display(loc, elts, None, 0, Display::Set),
            K::ListComp { .. }
            | K::SetComp { .. }
            | K::DictComp { .. }
            | K::GeneratorExp { .. } => {
                return self.comprehension(expr);
            }
            K::Await { value } => {
                self.expr(value)?;
                self.op(loc, Op::GET_AWAITABLE, 0);
                self.load_none(loc);
                self.yield_from(loc, true);
            }
            K::Yield { value } => return self.yield_expr(loc, value.as_deref(), expr.span),
            K::YieldFrom { value } => {
                self.check_yield(expr.span, "yield from")?;
                if self.block().coroutine {
                    return Err(syntax_error(
                        expr.span,
                        "'yield from' inside async function",
                    ));
                }
                self.expr(value)?;
                self.op0(loc, Op::GET_YIELD_FROM_ITER);
                self.load_none(loc);
                self.yield_from(loc, false);
            }
            K::Compare {
                left,
                ops,
                comparators,
            } => return self.compare(expr, left, ops, comparators),
            K::Call {
                func,
                args,
                keywords,
            } => return self.call(expr, func, args, keywords),
            K::JoinedStr { values } => return self.joined_str(loc, values),
            K::TemplateStr { values } => return self.template_str(loc, values),
            K::FormattedValue {
                value,
                conversion,
                format_spec,
            } => {
                return self.formatted_value(loc, value, *conversion, format_spec.as_deref());
            }
            K::Interpolation {
                value,
                str,
                conversion,
                format_spec,
            } => {
                return self.interpolation(loc, value, str, *conversion, format_spec.as_deref());
            }
            K::Attribute { value, attr, ctx } => return self.attribute(expr, value, attr, *ctx),
            K::Subscript { value, slice, ctx } => {
                return self.subscript_expr(expr, value, slice, *ctx);
            }
            K::Starred {
                ctx: ExprContext::Store,
                ..
            } => {
                let msg = "starred assignment target must be in a list or tuple";
                return Err(syntax_error(expr.span, msg));
            }
            K::Starred { .. } => {
                return Err(syntax_error(expr.span, "can't use starred expression here"));
            }
            K::List { elts, ctx } => match ctx {
                ExprContext::Store => return self.unpack(loc, elts, expr.span),
                ExprContext::Del => return self.exprs(elts),
                ExprContext::Load => return self.display(loc, elts, None, 0, Display::List),
            },
            K::Tuple { elts, ctx } => match ctx {
                ExprContext::Store => return self.unpack(loc, elts, expr.span),
                ExprContext::Del => return self.exprs(elts),
                ExprContext::Load => return self.display(loc, elts, None, 0, Display::Tuple),
            },
            K::Slice { .. } => self.slice(expr)?,
        }
        Ok(())
    }

    fn name_expr(&mut self, loc: Location, id: &Name, ctx: ExprContext) -> Result<()> {
        if id == "__debug__" && ctx == ExprContext::Load {
            let value = if self.options.optimize == 0 {
                Const::True
            } else {
                Const::False
            };
            self.load(loc, value);
            return Ok(());
        }
        self.name(loc, id, ctx)
    }

    fn bool_op(&mut self, loc: Location, op: BoolOp, values: &'a [Expr]) -> Result<()> {
        let end = self.label();
        let Some((last, first)) = values.split_last() else {
            return Ok(());
        };
        for value in first {
            self.expr(value)?;
            self.jump_or_pop(loc, op == BoolOp::Or, end);
        }
        self.expr(last)?;
        self.place(end);
        Ok(())
    }

    /// Emits the comparison operator.
    fn cmp(&mut self, loc: Location, op: CmpOp) {
        let (op, arg) = match op {
            CmpOp::Eq => (Op::COMPARE_OP, CompareOp::Eq as u32),
            CmpOp::NotEq => (Op::COMPARE_OP, CompareOp::Ne as u32),
            CmpOp::Lt => (Op::COMPARE_OP, CompareOp::Lt as u32),
            CmpOp::LtE => (Op::COMPARE_OP, CompareOp::Le as u32),
            CmpOp::Gt => (Op::COMPARE_OP, CompareOp::Gt as u32),
            CmpOp::GtE => (Op::COMPARE_OP, CompareOp::Ge as u32),
            CmpOp::Is => (Op::IS_OP, 0),
            CmpOp::IsNot => (Op::IS_OP, 1),
            CmpOp::In => (Op::CONTAINS_OP, 0),
            CmpOp::NotIn => (Op::CONTAINS_OP, 1),
        };
        self.op(loc, op, arg);
    }

    /// The right side of a comparison; a display after `in` becomes a constant where it can.
    fn comparator(&mut self, op: CmpOp, right: &'a Expr) -> Result<()> {
        self.expr(right)?;
        if matches!(op, CmpOp::In | CmpOp::NotIn) && is_display(right) {
            self.freeze_display(at(right.span));
        }
        Ok(())
    }

    fn compare(
        &mut self,
        expr: &'a Expr,
        left: &'a Expr,
        ops: &'a [CmpOp],
        comparators: &'a [Expr],
    ) -> Result<()> {
        let loc = at(expr.span);
        self.warn_compare(expr, left, ops, comparators);
        self.expr(left)?;
        let (Some(last), Some(&last_op)) = (comparators.last(), ops.last()) else {
            return Ok(());
        };
        if comparators.len() == 1 {
            self.comparator(last_op, last)?;
            self.cmp(loc, last_op);
            return Ok(());
        }
        let (cleanup, end) = (self.label(), self.label());
        let kept = self.all_but_last(loc, ops, comparators, |codegen, kept| {
            let target = if kept { cleanup } else { end };
            codegen.jump(loc, Op::JUMP_IF_FALSE_OR_POP, target);
        })?;
        self.comparator(last_op, last)?;
        self.cmp(loc, last_op);
        if kept {
            self.jump(NOWHERE, Op::JUMP, end);
            self.place(cleanup);
            self.op(loc, Op::SWAP, 2);
            self.op0(loc, Op::POP_TOP);
        }
        self.place(end);
        Ok(())
    }

    /// The comparisons of a chain but for the last one, whose left side is on the stack then, as that of the first one is now.
    /// `unless` jumps where one is false; whether the right side of that lies on the stack is handed to it. Gives whether any does.
    fn all_but_last(
        &mut self,
        loc: Location,
        ops: &[CmpOp],
        comparators: &'a [Expr],
        unless: impl Fn(&mut Self, bool),
    ) -> Result<bool> {
        let mut any_kept = false;
        for (&op, pair) in ops.iter().zip(comparators.windows(2)) {
            let [right, next] = pair else { continue };
            // Needed again as a left side: it stays on the stack, unless it is there to be loaded a second time.
            let kept = !self.is_settled_local(right, next);
            self.expr(right)?;
            if kept {
                self.op(loc, Op::SWAP, 2);
                self.op(loc, Op::COPY, 2);
            }
            self.cmp(loc, op);
            unless(self, kept);
            if !kept {
                self.expr(right)?;
            }
            any_kept |= kept;
        }
        Ok(any_kept)
    }

    /// Whether an expression is a local variable to which `next`, evaluated behind it, assigns nothing.
    fn is_settled_local(&self, expr: &Expr, next: &Expr) -> bool {
        fn assigns_nothing(expr: &Expr) -> bool {
            match &expr.kind {
                ExprKind::Name { .. } | ExprKind::Constant(_) => true,
                ExprKind::Attribute { value, .. } => assigns_nothing(value),
                _ => false,
            }
        }
        matches!(&expr.kind, ExprKind::Name { id, .. } if self.is_fast(id)) && assigns_nothing(next)
    }

    /// Jumps to `target` where the truth of `expr` is `when`.
    pub fn branch(&mut self, expr: &'a Expr, target: Label, when: bool) -> Result<()> {
        crate::stack::deeper(|| self.branch_inner(expr, target, when))
    }

    fn branch_inner(&mut self, expr: &'a Expr, target: Label, when: bool) -> Result<()> {
        let loc = at(expr.span);
        match &expr.kind {
            ExprKind::UnaryOp {
                op: UnaryOp::Not,
                operand,
            } => return self.branch(operand, target, !when),
            ExprKind::BoolOp { op, values } => {
                let Some((last, first)) = values.split_last() else {
                    return Ok(());
                };
                let stop = *op == BoolOp::Or;
                let other = if stop == when { target } else { self.label() };
                for value in first {
                    self.branch(value, other, stop)?;
                }
                self.branch(last, target, when)?;
                if other != target {
                    self.place(other);
                }
                return Ok(());
            }
            ExprKind::IfExp { test, body, orelse } => {
                let (end, next) = (self.label(), self.label());
                self.branch(test, next, false)?;
                self.branch(body, target, when)?;
                self.jump(NOWHERE, Op::JUMP, end);
                self.place(next);
                self.branch(orelse, target, when)?;
                self.place(end);
                return Ok(());
            }
            ExprKind::Compare {
                left,
                ops,
                comparators,
            } if comparators.len() > 1 => {
                return self.branch_chain(expr, left, ops, comparators, target, when);
            }
            _ => {}
        }
        self.expr(expr)?;
        self.jump_if(loc, when, target);
        Ok(())
    }

    fn branch_chain(
        &mut self,
        expr: &'a Expr,
        left: &'a Expr,
        ops: &'a [CmpOp],
        comparators: &'a [Expr],
        target: Label,
        when: bool,
    ) -> Result<()> {
        let loc = at(expr.span);
        self.warn_compare(expr, left, ops, comparators);
        let (Some(last), Some(&last_op)) = (comparators.last(), ops.last()) else {
            return Ok(());
        };
        let (cleanup, end) = (self.label(), self.label());
        let elsewhere = if when { end } else { target };
        self.expr(left)?;
        let kept = self.all_but_last(loc, ops, comparators, |codegen, kept| {
            codegen.jump_if(loc, false, if kept { cleanup } else { elsewhere });
        })?;
        self.comparator(last_op, last)?;
        self.cmp(loc, last_op);
        self.jump_if(loc, when, target);
        if kept {
            self.jump(NOWHERE, Op::JUMP, end);
            self.place(cleanup);
            self.op0(loc, Op::POP_TOP);
            if !when {
                self.jump(NOWHERE, Op::JUMP, target);
            }
        }
        self.place(end);
        Ok(())
    }

    fn check_yield(&mut self, span: Span, what: &str) -> Result<()> {
        if self.block().is_function_like() {
            return Ok(());
        }
        Err(syntax_error(span, format!("'{what}' outside function")))
    }

    fn yield_expr(&mut self, loc: Location, value: Option<&'a Expr>, span: Span) -> Result<()> {
        self.check_yield(span, "yield")?;
        match value {
            Some(value) => self.expr(value)?,
            None => self.load_none(loc),
        }
        self.yield_value(loc);
        Ok(())
    }

    /// Yields the top of the stack to the caller.
    pub fn yield_value(&mut self, loc: Location) {
        if self.unit.flags & CodeFlags::ASYNC_GENERATOR != 0 {
            self.op(loc, Op::CALL_INTRINSIC_1, Intrinsic1::AsyncGenWrap as u32);
        }
        self.op(loc, Op::YIELD_VALUE, 0);
        self.op(loc, Op::RESUME, 1);
    }

    /// Delegates to the iterator below the top, whose first sent value is the top.
    pub fn yield_from(&mut self, loc: Location, is_await: bool) {
        let (send, fail, exit) = (self.label(), self.label(), self.label());
        self.place(send);
        self.jump(loc, Op::SEND, exit);
        // Exceptions thrown in while suspended: a StopIteration gives the result.
        let outer = self.guard(fail, false, 0);
        self.op(loc, Op::YIELD_VALUE, 1);
        self.unguard(outer);
        self.op(loc, Op::RESUME, if is_await { 3 } else { 2 });
        self.jump(loc, Op::JUMP, send);
        self.place(fail);
        self.op0(loc, Op::CLEANUP_THROW);
        self.place(exit);
        self.op0(loc, Op::END_SEND);
    }

    fn attribute(
        &mut self,
        expr: &'a Expr,
        value: &'a Expr,
        attr: &'a Name,
        ctx: ExprContext,
    ) -> Result<()> {
        if ctx == ExprContext::Load && self.super_attribute(expr, value, attr)? {
            return Ok(());
        }
        self.expr(value)?;
        let loc = attribute_location(at(expr.span), expr, attr);
        match ctx {
            ExprContext::Load => self.op_name(loc, Op::LOAD_ATTR, attr),
            ExprContext::Store => {
                if matches!(&value.kind, ExprKind::Name { id, .. } if id == "self") {
                    self.note_static_attribute(attr);
                }
                self.op_name(loc, Op::STORE_ATTR, attr);
            }
            ExprContext::Del => self.op_name(loc, Op::DELETE_ATTR, attr),
        }
        Ok(())
    }

    fn subscript_expr(
        &mut self,
        expr: &'a Expr,
        value: &'a Expr,
        slice: &'a Expr,
        ctx: ExprContext,
    ) -> Result<()> {
        let loc = at(expr.span);
        if ctx == ExprContext::Load {
            self.warn_subscript(expr, value, slice);
        }
        self.expr(value)?;
        if ctx != ExprContext::Del && self.two_part_slice(slice)? {
            self.op0(
                loc,
                if ctx == ExprContext::Load {
                    Op::BINARY_SLICE
                } else {
                    Op::STORE_SLICE
                },
            );
            return Ok(());
        }
        self.expr(slice)?;
        match ctx {
            ExprContext::Load => self.subscript(loc),
            ExprContext::Store => self.op0(loc, Op::STORE_SUBSCR),
            ExprContext::Del => self.op0(loc, Op::DELETE_SUBSCR),
        }
        Ok(())
    }

    /// Loads the two ends of a slice that has no step and is not constant.
    pub fn two_part_slice(&mut self, slice: &'a Expr) -> Result<bool> {
        let ExprKind::Slice {
            lower,
            upper,
            step: None,
        } = &slice.kind
        else {
            return Ok(false);
        };
        if constant_slice(slice).is_some() {
            return Ok(false);
        }
        let loc = at(slice.span);
        for part in [lower, upper] {
            match part {
                Some(part) => self.expr(part)?,
                None => self.load_none(loc),
            }
        }
        Ok(true)
    }

    fn slice(&mut self, expr: &'a Expr) -> Result<()> {
        let ExprKind::Slice { lower, upper, step } = &expr.kind else {
            return Ok(());
        };
        let loc = at(expr.span);
        if let Some(slice) = constant_slice(expr) {
            self.load(loc, slice);
            return Ok(());
        }
        for part in [lower, upper] {
            match part {
                Some(part) => self.expr(part)?,
                None => self.load_none(loc),
            }
        }
        if let Some(step) = step {
            self.expr(step)?;
        }
        self.op(loc, Op::BUILD_SLICE, if step.is_some() { 3 } else { 2 });
        Ok(())
    }

    fn dict(&mut self, loc: Location, keys: &'a [Option<Expr>], values: &'a [Expr]) -> Result<()> {
        let mut have = false;
        let mut pending = 0;
        for (index, (key, value)) in keys.iter().zip(values).enumerate() {
            if key.is_none() {
                if pending > 0 {
                    self.sub_dict(
                        loc,
                        &keys[index - pending..index],
                        &values[index - pending..index],
                    )?;
                    if have {
                        self.op(loc, Op::DICT_UPDATE, 1);
                    }
                    have = true;
                    pending = 0;
                }
                if !have {
                    self.op(loc, Op::BUILD_MAP, 0);
                    have = true;
                }
                self.expr(value)?;
                self.op(loc, Op::DICT_UPDATE, 1);
            } else if pending * 2 > STACK_GUIDELINE {
                self.sub_dict(
                    loc,
                    &keys[index - pending..=index],
                    &values[index - pending..=index],
                )?;
                if have {
                    self.op(loc, Op::DICT_UPDATE, 1);
                }
                have = true;
                pending = 0;
            } else {
                pending += 1;
            }
        }
        let len = keys.len().min(values.len());
        if pending > 0 {
            self.sub_dict(loc, &keys[len - pending..len], &values[len - pending..len])?;
            if have {
                self.op(loc, Op::DICT_UPDATE, 1);
            }
            have = true;
        }
        if !have {
            self.op(loc, Op::BUILD_MAP, 0);
        }
        Ok(())
    }

    fn sub_dict(
        &mut self,
        loc: Location,
        keys: &'a [Option<Expr>],
        values: &'a [Expr],
    ) -> Result<()> {
        let big = keys.len() * 2 > STACK_GUIDELINE;
        if big {
            self.op(loc, Op::BUILD_MAP, 0);
        }
        for (key, value) in keys.iter().zip(values) {
            if let Some(key) = key {
                self.expr(key)?;
            }
            self.expr(value)?;
            if big {
                self.op(loc, Op::MAP_ADD, 1);
            }
        }
        if !big {
            self.op(loc, Op::BUILD_MAP, keys.len() as u32);
        }
        Ok(())
    }

    /// Builds a tuple, list or set of expressions, some of them perhaps starred. `pushed` values are on the stack
    /// already; `injected` is the name of one more that comes last.
    pub fn display(
        &mut self,
        loc: Location,
        elts: &'a [Expr],
        injected: Option<&Name>,
        pushed: usize,
        kind: Display,
    ) -> Result<()> {
        let (build, add, extend) = match kind {
            Display::Set => (Op::BUILD_SET, Op::SET_ADD, Op::SET_UPDATE),
            _ => (Op::BUILD_LIST, Op::LIST_APPEND, Op::LIST_EXTEND),
        };
        let extra = usize::from(injected.is_some());
        let big = elts.len() + pushed + extra > STACK_GUIDELINE;
        let starred = |e: &Expr| matches!(e.kind, ExprKind::Starred { .. });
        let constants = elts.iter().all(|e| matches!(e.kind, ExprKind::Constant(_)));
        if !elts.iter().any(starred) && (!big || constants && pushed == 0 && injected.is_none()) {
            self.exprs(elts)?;
            if let Some(name) = injected {
                self.load_name(loc, name)?;
            }
            let count = elts.len() + pushed + extra;
            match kind {
                Display::Tuple => self.tuple(loc, count),
                _ => self.collection(loc, build, extend, count),
            }
            return Ok(());
        }
        let mut built = big;
        if big {
            self.op(loc, build, pushed as u32);
        }
        for (index, elt) in elts.iter().enumerate() {
            if let ExprKind::Starred { value, .. } = &elt.kind {
                if !built {
                    self.op(loc, build, (index + pushed) as u32);
                    built = true;
                }
                self.expr(value)?;
                self.op(loc, extend, 1);
            } else {
                self.expr(elt)?;
                if built {
                    self.op(loc, add, 1);
                }
            }
        }
        if let Some(name) = injected {
            self.load_name(loc, name)?;
            self.op(loc, add, 1);
        }
        if kind == Display::Tuple {
            self.op(loc, Op::CALL_INTRINSIC_1, Intrinsic1::ListToTuple as u32);
        }
        Ok(())
    }

    fn unpack(&mut self, loc: Location, elts: &'a [Expr], span: Span) -> Result<()> {
        let mut starred = false;
        for (index, elt) in elts.iter().enumerate() {
            if !matches!(elt.kind, ExprKind::Starred { .. }) {
                continue;
            }
            if starred {
                return Err(syntax_error(
                    span,
                    "multiple starred expressions in assignment",
                ));
            }
            let after = elts.len() - index - 1;
            if index > 0xff || after > 0xff {
                return Err(syntax_error(
                    span,
                    "too many expressions in star-unpacking assignment",
                ));
            }
            self.op(loc, Op::UNPACK_EX, index as u32 | (after as u32) << 8);
            starred = true;
        }
        if !starred && !self.swap_instead_of_unpack(loc, elts.len()) {
            self.op(loc, Op::UNPACK_SEQUENCE, elts.len() as u32);
        }
        for elt in elts {
            match &elt.kind {
                ExprKind::Starred { value, .. } => self.expr(value)?,
                _ => self.expr(elt)?,
            }
        }
        Ok(())
    }
}

/// What a display builds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Display {
    Tuple,
    List,
    Set,
}

/// Whether the expression is a list or set display.
pub fn is_display(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::List { .. } | ExprKind::Set { .. })
}

fn constant_slice(expr: &Expr) -> Option<Const> {
    let ExprKind::Slice { lower, upper, step } = &expr.kind else {
        return None;
    };
    let part = |part: &Option<Box<Expr>>| match part {
        None => Some(Const::None),
        Some(e) => match &e.kind {
            ExprKind::Constant(value) => Some(constant(value)),
            _ => None,
        },
    };
    Some(Const::Slice(Box::new([
        part(lower)?,
        part(upper)?,
        part(step)?,
    ])))
}
