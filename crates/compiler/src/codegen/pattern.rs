//! `match`: patterns become a decision chain over the stack.
//!
//! While a pattern is matched, captured values lie on the stack below what is still needed; only when the whole pattern
//! has matched are the names bound. `fail_pop[n]` is where control goes to fail with `n` values to be dropped.

use viv_bytecode::asm::Label;
use viv_bytecode::op::CompareOp;
use viv_bytecode::{BinaryOp, Const, Location, Op};
use viv_syntax::ast::*;

use super::Codegen;
use super::emit::{NOWHERE, at};
use super::expr::constant;
use crate::error::{Result, syntax_error};

#[derive(Default)]
struct Context<'a> {
    stores: Vec<&'a Name>,
    irrefutable: bool,
    fail_pop: Vec<Label>,
    /// How many values above the captured ones are still needed.
    on_top: usize,
}

fn is_wildcard(pattern: &Pattern) -> bool {
    matches!(
        &pattern.kind,
        PatternKind::MatchAs {
            pattern: None,
            name: None
        }
    )
}

impl<'a> Codegen<'a> {
    pub fn match_stmt(&mut self, subject: &'a Expr, cases: &'a [MatchCase]) -> Result<()> {
        self.expr(subject)?;
        let end = self.label();
        let Some(last) = cases.last() else {
            return Ok(());
        };
        let default = cases.len() > 1 && is_wildcard(&last.pattern);
        let count = cases.len() - usize::from(default);
        for (index, case) in cases[..count].iter().enumerate() {
            let loc = at(case.pattern.span);
            let is_last = index + 1 == count;
            if !is_last {
                self.op(loc, Op::COPY, 1);
            }
            let irrefutable = case.guard.is_some() || index + 1 == cases.len();
            let mut pc = Context {
                irrefutable,
                ..Context::default()
            };
            self.pattern(&case.pattern, &mut pc)?;
            for name in std::mem::take(&mut pc.stores) {
                self.store(loc, name)?;
            }
            if let Some(guard) = &case.guard {
                let fail = self.fail_label(&mut pc, 0);
                self.branch(guard, fail, false)?;
            }
            if !is_last {
                self.op0(loc, Op::POP_TOP);
            }
            self.conditional(|cg| cg.stmts(&case.body))?;
            self.jump(NOWHERE, Op::JUMP, end);
            self.reset_fail_pop(loc, &mut pc);
        }
        if default {
            let loc = at(last.pattern.span);
            self.op0(loc, Op::NOP);
            if let Some(guard) = &last.guard {
                self.branch(guard, end, false)?;
            }
            self.conditional(|cg| cg.stmts(&last.body))?;
        }
        self.place(end);
        Ok(())
    }

    fn fail_label(&mut self, pc: &mut Context<'a>, pops: usize) -> Label {
        while pc.fail_pop.len() <= pops {
            let label = self.label();
            pc.fail_pop.push(label);
        }
        pc.fail_pop[pops]
    }

    /// Fails where the top of the stack is false (or always, for a plain jump), dropping what the pattern left.
    fn fail(&mut self, loc: Location, pc: &mut Context<'a>, op: Op) {
        let target = self.fail_label(pc, pc.on_top + pc.stores.len());
        if op == Op::POP_JUMP_IF_FALSE {
            self.jump_if(loc, false, target);
        } else {
            self.jump(loc, op, target);
        }
    }

    fn reset_fail_pop(&mut self, loc: Location, pc: &mut Context<'a>) {
        let labels = std::mem::take(&mut pc.fail_pop);
        for (index, label) in labels.iter().enumerate().rev() {
            self.place(*label);
            if index > 0 {
                self.op0(loc, Op::POP_TOP);
            }
        }
    }

    /// Moves the top of the stack below the `count - 1` values under it.
    fn rotate(&mut self, loc: Location, count: usize) {
        for n in (2..=count).rev() {
            self.op(loc, Op::SWAP, n as u32);
        }
    }

    fn capture(
        &mut self,
        loc: Location,
        name: Option<&'a Name>,
        span: Span,
        pc: &mut Context<'a>,
    ) -> Result<()> {
        let Some(name) = name else {
            self.op0(loc, Op::POP_TOP);
            return Ok(());
        };
        if pc.stores.contains(&name) {
            return Err(multiple(name, span));
        }
        self.rotate(loc, pc.on_top + pc.stores.len() + 1);
        pc.stores.push(name);
        Ok(())
    }

    fn pattern(&mut self, pattern: &'a Pattern, pc: &mut Context<'a>) -> Result<()> {
        crate::stack::deeper(|| self.pattern_inner(pattern, pc))
    }

    fn subpattern(&mut self, pattern: &'a Pattern, pc: &mut Context<'a>) -> Result<()> {
        let before = std::mem::replace(&mut pc.irrefutable, true);
        self.pattern(pattern, pc)?;
        pc.irrefutable = before;
        Ok(())
    }

    fn pattern_inner(&mut self, pattern: &'a Pattern, pc: &mut Context<'a>) -> Result<()> {
        use PatternKind as K;
        let loc = at(pattern.span);
        match &pattern.kind {
            K::MatchValue { value } => {
                if matches!(
                    value.kind,
                    ExprKind::JoinedStr { .. } | ExprKind::TemplateStr { .. }
                ) {
                    let msg = "patterns may only match literals and attribute lookups";
                    return Err(syntax_error(pattern.span, msg));
                }
                self.expr(value)?;
                self.op(loc, Op::COMPARE_OP, CompareOp::Eq as u32);
                self.fail(loc, pc, Op::POP_JUMP_IF_FALSE);
                Ok(())
            }
            K::MatchSingleton { value } => {
                self.load(loc, constant(value));
                self.op(loc, Op::IS_OP, 0);
                self.fail(loc, pc, Op::POP_JUMP_IF_FALSE);
                Ok(())
            }
            K::MatchSequence { patterns } => self.sequence(pattern, patterns, pc),
            K::MatchMapping {
                keys,
                patterns,
                rest,
            } => self.mapping(pattern, keys, patterns, rest.as_ref(), pc),
            K::MatchClass {
                cls,
                patterns,
                kwd_attrs,
                kwd_patterns,
            } => self.class_pattern(pattern, cls, patterns, kwd_attrs, kwd_patterns, pc),
            K::MatchStar { name } => self.capture(loc, name.as_ref(), pattern.span, pc),
            K::MatchAs {
                pattern: None,
                name,
            } => {
                if !pc.irrefutable {
                    let msg = match name {
                        Some(name) => {
                            format!("name capture '{name}' makes remaining patterns unreachable")
                        }
                        None => "wildcard makes remaining patterns unreachable".to_owned(),
                    };
                    return Err(syntax_error(pattern.span, msg));
                }
                self.capture(loc, name.as_ref(), pattern.span, pc)
            }
            K::MatchAs {
                pattern: Some(inner),
                name,
            } => {
                pc.on_top += 1;
                self.op(loc, Op::COPY, 1);
                self.pattern(inner, pc)?;
                pc.on_top -= 1;
                self.capture(loc, name.as_ref(), pattern.span, pc)
            }
            K::MatchOr { patterns } => self.or_pattern(pattern, patterns, pc),
        }
    }

    fn sequence(
        &mut self,
        pattern: &'a Pattern,
        patterns: &'a [Pattern],
        pc: &mut Context<'a>,
    ) -> Result<()> {
        let loc = at(pattern.span);
        let size = patterns.len();
        let mut star = None;
        let mut star_wildcard = false;
        let mut only_wildcard = true;
        for (index, one) in patterns.iter().enumerate() {
            if let PatternKind::MatchStar { name } = &one.kind {
                if star.is_some() {
                    let msg = "multiple starred names in sequence pattern";
                    return Err(syntax_error(pattern.span, msg));
                }
                star = Some(index);
                star_wildcard = name.is_none();
                only_wildcard &= star_wildcard;
            } else {
                only_wildcard &= is_wildcard(one);
            }
        }
        pc.on_top += 1;
        self.op0(loc, Op::MATCH_SEQUENCE);
        self.fail(loc, pc, Op::POP_JUMP_IF_FALSE);
        let length = match star {
            None => Some((size, CompareOp::Eq)),
            Some(_) if size > 1 => Some((size - 1, CompareOp::Ge)),
            Some(_) => None,
        };
        if let Some((length, op)) = length {
            self.op0(loc, Op::GET_LEN);
            self.load(loc, Const::Int(length as i64));
            self.op(loc, Op::COMPARE_OP, op as u32);
            self.fail(loc, pc, Op::POP_JUMP_IF_FALSE);
        }
        pc.on_top -= 1;
        if only_wildcard {
            self.op0(loc, Op::POP_TOP);
            return Ok(());
        }
        match star {
            Some(star) if star_wildcard => self.sequence_by_index(loc, patterns, star, pc),
            _ => self.sequence_unpack(loc, pattern.span, patterns, star, pc),
        }
    }

    fn sequence_unpack(
        &mut self,
        loc: Location,
        span: Span,
        patterns: &'a [Pattern],
        star: Option<usize>,
        pc: &mut Context<'a>,
    ) -> Result<()> {
        match star {
            Some(star) => {
                let after = patterns.len() - star - 1;
                if star > 0xff || after > 0xff {
                    let msg = "too many expressions in star-unpacking sequence pattern";
                    return Err(syntax_error(span, msg));
                }
                self.op(loc, Op::UNPACK_EX, star as u32 | (after as u32) << 8);
            }
            None => self.op(loc, Op::UNPACK_SEQUENCE, patterns.len() as u32),
        }
        pc.on_top += patterns.len();
        for one in patterns {
            pc.on_top -= 1;
            self.subpattern(one, pc)?;
        }
        Ok(())
    }

    /// `[first, *_, last]`: takes elements by index.
    fn sequence_by_index(
        &mut self,
        loc: Location,
        patterns: &'a [Pattern],
        star: usize,
        pc: &mut Context<'a>,
    ) -> Result<()> {
        pc.on_top += 1;
        for (index, one) in patterns.iter().enumerate() {
            if is_wildcard(one) || index == star {
                continue;
            }
            self.op(loc, Op::COPY, 1);
            if index < star {
                self.load(loc, Const::Int(index as i64));
            } else {
                // The subject need not support negative indices.
                self.op0(loc, Op::GET_LEN);
                self.load(loc, Const::Int((patterns.len() - index) as i64));
                self.op(loc, Op::BINARY_OP, BinaryOp::Sub as u32);
            }
            self.op0(loc, Op::BINARY_SUBSCR);
            self.subpattern(one, pc)?;
        }
        pc.on_top -= 1;
        self.op0(loc, Op::POP_TOP);
        Ok(())
    }

    fn not_none(&mut self, loc: Location, pc: &mut Context<'a>) {
        self.op(loc, Op::COPY, 1);
        self.fail(loc, pc, Op::POP_JUMP_IF_NONE);
    }

    fn class_pattern(
        &mut self,
        pattern: &'a Pattern,
        cls: &'a Expr,
        patterns: &'a [Pattern],
        attrs: &'a [Name],
        attr_patterns: &'a [Pattern],
        pc: &mut Context<'a>,
    ) -> Result<()> {
        let loc = at(pattern.span);
        for (index, name) in attrs.iter().enumerate() {
            if attrs[index + 1..].contains(name) {
                let later = attrs[index + 1..]
                    .iter()
                    .position(|n| n == name)
                    .unwrap_or(0)
                    + index
                    + 1;
                let span = attr_patterns.get(later).map_or(pattern.span, |p| p.span);
                return Err(syntax_error(
                    span,
                    format!("attribute name repeated in class pattern: {name}"),
                ));
            }
        }
        self.expr(cls)?;
        let names = attrs
            .iter()
            .map(|n| Const::Str(n.as_bytes().into()))
            .collect();
        self.load(loc, Const::Tuple(names));
        self.op(loc, Op::MATCH_CLASS, patterns.len() as u32);
        pc.on_top += 1;
        self.not_none(loc, pc);
        let count = patterns.len() + attr_patterns.len();
        self.op(loc, Op::UNPACK_SEQUENCE, count as u32);
        pc.on_top += count;
        pc.on_top -= 1;
        for one in patterns.iter().chain(attr_patterns) {
            pc.on_top -= 1;
            if is_wildcard(one) {
                self.op0(loc, Op::POP_TOP);
            } else {
                self.subpattern(one, pc)?;
            }
        }
        Ok(())
    }

    fn mapping(
        &mut self,
        pattern: &'a Pattern,
        keys: &'a [Expr],
        patterns: &'a [Pattern],
        rest: Option<&'a Name>,
        pc: &mut Context<'a>,
    ) -> Result<()> {
        let loc = at(pattern.span);
        let size = keys.len();
        pc.on_top += 1;
        self.op0(loc, Op::MATCH_MAPPING);
        self.fail(loc, pc, Op::POP_JUMP_IF_FALSE);
        if size == 0 && rest.is_none() {
            pc.on_top -= 1;
            self.op0(loc, Op::POP_TOP);
            return Ok(());
        }
        if size > 0 {
            self.op0(loc, Op::GET_LEN);
            self.load(loc, Const::Int(size as i64));
            self.op(loc, Op::COMPARE_OP, CompareOp::Ge as u32);
            self.fail(loc, pc, Op::POP_JUMP_IF_FALSE);
        }
        let mut seen: Vec<Const> = Vec::new();
        for key in keys {
            if matches!(
                key.kind,
                ExprKind::JoinedStr { .. } | ExprKind::TemplateStr { .. }
            ) {
                let msg = "mapping pattern keys may only match literals and attribute lookups";
                return Err(syntax_error(pattern.span, msg));
            }
            self.expr(key)?;
            let Some(value) = self.last_const().cloned() else {
                continue;
            };
            if seen.iter().any(|other| same_key(other, &value)) {
                let shown = crate::unparse::constant(&value);
                let msg = format!("mapping pattern checks duplicate key ({shown})");
                return Err(syntax_error(pattern.span, msg));
            }
            seen.push(value);
        }
        self.tuple(loc, size);
        self.op0(loc, Op::MATCH_KEYS);
        pc.on_top += 2;
        self.not_none(loc, pc);
        self.op(loc, Op::UNPACK_SEQUENCE, size as u32);
        pc.on_top += size;
        pc.on_top -= 1;
        for one in patterns {
            pc.on_top -= 1;
            self.subpattern(one, pc)?;
        }
        pc.on_top -= 2;
        let Some(rest) = rest else {
            self.op0(loc, Op::POP_TOP);
            self.op0(loc, Op::POP_TOP);
            return Ok(());
        };
        // subject, keys → a copy of the subject without the keys
        self.op(loc, Op::BUILD_MAP, 0);
        self.op(loc, Op::SWAP, 3);
        self.op(loc, Op::DICT_UPDATE, 2);
        self.op(loc, Op::UNPACK_SEQUENCE, size as u32);
        for left in (1..=size).rev() {
            self.op(loc, Op::COPY, 1 + left as u32);
            self.op(loc, Op::SWAP, 2);
            self.op0(loc, Op::DELETE_SUBSCR);
        }
        self.capture(loc, Some(rest), pattern.span, pc)
    }

    fn or_pattern(
        &mut self,
        pattern: &'a Pattern,
        patterns: &'a [Pattern],
        pc: &mut Context<'a>,
    ) -> Result<()> {
        let loc = at(pattern.span);
        let end = self.label();
        let mut control: Vec<&'a Name> = Vec::new();
        let outer = std::mem::take(pc);
        for (index, one) in patterns.iter().enumerate() {
            let here = at(one.span);
            *pc = Context {
                irrefutable: index + 1 == patterns.len() && outer.irrefutable,
                ..Context::default()
            };
            self.op(here, Op::COPY, 1);
            self.pattern(one, pc)?;
            if index == 0 {
                control.clone_from(&pc.stores);
            } else if pc.stores.len() != control.len() {
                return Err(syntax_error(
                    pattern.span,
                    "alternative patterns bind different names",
                ));
            } else {
                self.reorder(here, &control, pc, pattern.span)?;
            }
            self.jump(here, Op::JUMP, end);
            self.reset_fail_pop(here, pc);
        }
        *pc = outer;
        self.op0(loc, Op::POP_TOP);
        self.fail(loc, pc, Op::JUMP);
        self.place(end);
        let rotations = control.len() + 1 + pc.on_top + pc.stores.len();
        for name in control {
            self.rotate(loc, rotations);
            if pc.stores.contains(&name) {
                return Err(multiple(name, pattern.span));
            }
            pc.stores.push(name);
        }
        self.op0(loc, Op::POP_TOP);
        Ok(())
    }

    /// Brings the captures of an alternative into the order of the first alternative's.
    fn reorder(
        &mut self,
        loc: Location,
        control: &[&'a Name],
        pc: &mut Context<'a>,
        span: Span,
    ) -> Result<()> {
        for wanted in (0..control.len()).rev() {
            let Some(found) = pc.stores.iter().position(|n| *n == control[wanted]) else {
                return Err(syntax_error(
                    span,
                    "alternative patterns bind different names",
                ));
            };
            if found == wanted {
                continue;
            }
            let rotations = found + 1;
            let moved: Vec<&'a Name> = pc.stores.drain(..rotations).collect();
            let to = wanted - found;
            pc.stores.splice(to..to, moved);
            for _ in 0..rotations {
                self.rotate(loc, wanted + 1);
            }
        }
        Ok(())
    }
}

fn multiple(name: &Name, span: Span) -> Box<viv_syntax::SyntaxError> {
    syntax_error(
        span,
        format!("multiple assignments to name '{name}' in pattern"),
    )
}

/// Whether two literal keys are equal as dict keys are: `1`, `1.0` and `True` are one.
fn same_key(a: &Const, b: &Const) -> bool {
    let number = |c: &Const| match c {
        Const::True => Some((1.0, 0.0)),
        Const::False => Some((0.0, 0.0)),
        Const::Int(n) => Some((*n as f64, 0.0)),
        Const::Float(x) => Some((*x, 0.0)),
        Const::Complex(re, im) => Some((*re, *im)),
        _ => None,
    };
    match (a, b) {
        (Const::Int(a), Const::Int(b)) => a == b,
        (Const::BigInt(a), Const::BigInt(b)) => a == b,
        (Const::Str(a), Const::Str(b)) | (Const::Bytes(a), Const::Bytes(b)) => a == b,
        (Const::None, Const::None) | (Const::Ellipsis, Const::Ellipsis) => true,
        _ => matches!((number(a), number(b)), (Some(a), Some(b)) if a == b),
    }
}
