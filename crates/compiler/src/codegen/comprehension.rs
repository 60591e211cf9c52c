//! Comprehensions: inlined into their function (PEP 709), or as functions of their own.

use viv_bytecode::asm::{HandlerId, Label};
use viv_bytecode::{Location, Op};
use viv_syntax::ast::*;

use super::Codegen;
use super::emit::{NOWHERE, at};
use super::expr::is_display;
use super::unit::UnitKind;
use crate::error::Result;
use crate::peephole::RESTORE;
use crate::symtable::{BlockId, BlockKind, CompKind, Part, Scope, Symbol, address, flags};

/// What a comprehension computes for each element.
#[derive(Clone, Copy)]
struct Body<'a> {
    kind: CompKind,
    elt: &'a Expr,
    value: Option<&'a Expr>,
}

/// What must be put back after an inlined comprehension.
struct Inlined {
    overridden: Vec<(Name, Symbol)>,
    hidden: Vec<Name>,
    /// Slots whose values wait on the stack.
    saved: Vec<u32>,
    outer_inlined: bool,
    guard: Option<(Label, HandlerId)>,
}

fn parts(expr: &Expr) -> Option<(Body<'_>, &[Comprehension])> {
    Some(match &expr.kind {
        ExprKind::ListComp { elt, generators } => (
            Body {
                kind: CompKind::List,
                elt,
                value: None,
            },
            generators,
        ),
        ExprKind::SetComp { elt, generators } => (
            Body {
                kind: CompKind::Set,
                elt,
                value: None,
            },
            generators,
        ),
        ExprKind::GeneratorExp { elt, generators } => (
            Body {
                kind: CompKind::Generator,
                elt,
                value: None,
            },
            generators,
        ),
        ExprKind::DictComp {
            key,
            value,
            generators,
        } => (
            Body {
                kind: CompKind::Dict,
                elt: key,
                value: Some(value),
            },
            generators,
        ),
        _ => return None,
    })
}

impl<'a> Codegen<'a> {
    /// Whether the block of a comprehension is async.
    pub fn comprehension_is_async(&self, expr: &Expr) -> bool {
        let block = self.table.lookup(address(expr), Part::Body);
        block.is_some_and(|id| self.table.blocks[id].coroutine)
    }

    pub fn comprehension(&mut self, expr: &'a Expr) -> Result<()> {
        let loc = at(expr.span);
        let Some((body, clauses)) = parts(expr) else {
            return Ok(());
        };
        let Some(first) = clauses.first() else {
            return Ok(());
        };
        let Some(block) = self.table.lookup(address(expr), Part::Body) else {
            return Ok(());
        };
        let inlined = self.table.blocks[block].inlined;
        let is_async = self.table.blocks[block].coroutine;
        if inlined {
            self.first_iterable(first)?;
            let state = self.enter_inlined(loc, block);
            self.op(loc, build_op(body.kind), 0);
            self.op(loc, Op::SWAP, 2);
            self.clauses(loc, clauses, 0, 0, body)?;
            self.leave_inlined(loc, block, state);
            return Ok(());
        }
        let name = match body.kind {
            CompKind::Generator => "<genexpr>",
            CompKind::List => "<listcomp>",
            CompKind::Set => "<setcomp>",
            CompKind::Dict => "<dictcomp>",
        };
        self.enter(
            UnitKind::Comprehension,
            block,
            Name::const_new(name),
            expr.span.line,
        );
        self.unit.argcount = 1;
        if self.is_generator_like() {
            self.stop_iteration_guard();
        }
        let generator = body.kind == CompKind::Generator;
        if !generator {
            self.op(loc, build_op(body.kind), 0);
        }
        self.op(loc, Op::LOAD_FAST, 0);
        self.clauses(loc, clauses, 0, 0, body)?;
        if generator {
            self.load_none(NOWHERE);
        }
        self.op0(if generator { NOWHERE } else { loc }, Op::RETURN_VALUE);
        let code = self.finish()?;
        self.closure(loc, code, 0)?;
        self.first_iterable(first)?;
        // The iterator is the only argument; it stands in the place of self.
        self.op(loc, Op::CALL, 0);
        if is_async && !generator {
            self.op(loc, Op::GET_AWAITABLE, 0);
            self.load_none(loc);
            self.yield_from(loc, true);
        }
        Ok(())
    }

    fn first_iterable(&mut self, first: &'a Comprehension) -> Result<()> {
        self.iterable(&first.iter)?;
        let loc = at(first.iter.span);
        self.op0(
            loc,
            if first.is_async {
                Op::GET_AITER
            } else {
                Op::GET_ITER
            },
        );
        Ok(())
    }

    /// The value of an expression that is iterated over once: a list display may be a constant.
    pub fn iterable(&mut self, iter: &'a Expr) -> Result<()> {
        self.expr(iter)?;
        if is_display(iter) {
            self.freeze_display(at(iter.span));
        }
        Ok(())
    }

    fn clauses(
        &mut self,
        loc: Location,
        clauses: &'a [Comprehension],
        index: usize,
        depth: u32,
        body: Body<'a>,
    ) -> Result<()> {
        let Some(clause) = clauses.get(index) else {
            return self.element(loc, depth, body);
        };
        crate::stack::deeper(|| {
            if clause.is_async {
                self.async_clause(loc, clauses, index, depth, body)
            } else {
                self.sync_clause(loc, clauses, index, depth, body)
            }
        })
    }

    fn sync_clause(
        &mut self,
        loc: Location,
        clauses: &'a [Comprehension],
        index: usize,
        mut depth: u32,
        body: Body<'a>,
    ) -> Result<()> {
        let clause = &clauses[index];
        let (start, skip, end) = (self.label(), self.label(), self.label());
        let mut looping = true;
        if index > 0 {
            // `for y in [f(x)]` assigns without a loop.
            let single = match &clause.iter.kind {
                ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => match elts.as_slice()
                {
                    [one] if !matches!(one.kind, ExprKind::Starred { .. }) => Some(one),
                    _ => None,
                },
                _ => None,
            };
            if let Some(one) = single {
                self.expr(one)?;
                looping = false;
            } else {
                self.iterable(&clause.iter)?;
                self.op0(at(clause.iter.span), Op::GET_ITER);
            }
        }
        if looping {
            depth += 1;
            self.place(start);
            self.jump(at(clause.iter.span), Op::FOR_ITER, end);
        }
        self.expr(&clause.target)?;
        for test in &clause.ifs {
            self.branch(test, skip, false)?;
        }
        self.clauses(loc, clauses, index + 1, depth, body)?;
        self.place(skip);
        if looping {
            self.jump(self.element_location(clauses, index, body), Op::JUMP, start);
        }
        self.place(end);
        Ok(())
    }

    fn element_location(&self, clauses: &[Comprehension], index: usize, body: Body) -> Location {
        if index + 1 == clauses.len() {
            let last = body.value.unwrap_or(body.elt);
            at(body.elt.span.to(last.span))
        } else {
            NOWHERE
        }
    }

    fn async_clause(
        &mut self,
        loc: Location,
        clauses: &'a [Comprehension],
        index: usize,
        depth: u32,
        body: Body<'a>,
    ) -> Result<()> {
        let clause = &clauses[index];
        let (start, skip, except) = (self.label(), self.label(), self.label());
        if index > 0 {
            self.expr(&clause.iter)?;
            self.op0(at(clause.iter.span), Op::GET_AITER);
        }
        self.place(start);
        let outer = self.guard(except, false, 0);
        self.op0(loc, Op::GET_ANEXT);
        self.load_none(loc);
        self.yield_from(loc, true);
        self.unguard(outer);
        self.expr(&clause.target)?;
        for test in &clause.ifs {
            self.branch(test, skip, false)?;
        }
        self.clauses(loc, clauses, index + 1, depth + 1, body)?;
        self.place(skip);
        self.jump(self.element_location(clauses, index, body), Op::JUMP, start);
        self.place(except);
        self.op0(loc, Op::END_ASYNC_FOR);
        Ok(())
    }

    fn element(&mut self, loc: Location, depth: u32, body: Body<'a>) -> Result<()> {
        let _ = loc;
        let place = at(body.elt.span);
        self.expr(body.elt)?;
        match body.kind {
            CompKind::Generator => {
                self.yield_value(place);
                self.op0(place, Op::POP_TOP);
            }
            CompKind::List => self.op(place, Op::LIST_APPEND, depth + 1),
            CompKind::Set => self.op(place, Op::SET_ADD, depth + 1),
            CompKind::Dict => {
                let mut place = place;
                if let Some(value) = body.value {
                    self.expr(value)?;
                    place = at(body.elt.span.to(value.span));
                }
                self.op(place, Op::MAP_ADD, depth + 1);
            }
        }
        Ok(())
    }

    fn enter_inlined(&mut self, loc: Location, comp: BlockId) -> Inlined {
        let outer_id = self.unit.block;
        let in_class = self.block().kind == BlockKind::Class && !self.unit.inlined_comp;
        let function = self.block().is_function_like();
        let mut state = Inlined {
            overridden: Vec::new(),
            hidden: Vec::new(),
            saved: Vec::new(),
            outer_inlined: std::mem::replace(&mut self.unit.inlined_comp, true),
            guard: None,
        };
        let symbols: Vec<(Name, Symbol)> = self.table.blocks[comp]
            .symbols
            .iter()
            .map(|(n, s)| (n.clone(), *s))
            .collect();
        for (name, symbol) in symbols {
            let own = symbol.flags & flags::LOCAL != 0 && symbol.flags & flags::NONLOCAL == 0;
            if symbol.flags & flags::PARAM != 0 {
                continue;
            }
            let outside = self.table.blocks[outer_id].get(&name);
            // A name that is global here, and local around only because another comprehension binds it.
            let foreign = function
                && symbol.scope == Scope::GlobalImplicit
                && matches!(outside.scope, Scope::Local | Scope::Cell);
            if !own && !in_class && !foreign {
                continue;
            }
            let differs = symbol.scope != outside.scope
                && symbol.scope != Scope::Free
                && !(symbol.scope == Scope::Cell && outside.scope == Scope::Free);
            if (differs || in_class)
                && let Some(slot) = self.table.blocks[outer_id].symbols.get_mut(&name)
            {
                let before = std::mem::replace(slot, symbol);
                state.overridden.push((name.clone(), before));
            }
            if !own {
                continue;
            }
            if !function && self.unit.fast_hidden.insert(name.clone()) {
                state.hidden.push(name.clone());
            }
            // A cell of its own under a name that is received from outside takes that one's place for a while.
            let cell = symbol.scope == Scope::Cell;
            let shadows = cell && outside.scope == Scope::Free && !in_class;
            let slot = match self.unit.deref(&name, true) {
                Some(slot) if shadows => slot,
                _ => self.unit.var(&name),
            };
            self.op(loc, Op::LOAD_FAST_AND_CLEAR, slot);
            if cell {
                let cell = self.unit.deref(&name, shadows).unwrap_or(slot);
                self.op(loc, Op::MAKE_CELL, cell);
            }
            state.saved.push(slot);
        }
        if !state.saved.is_empty() {
            self.op(loc, Op::SWAP, state.saved.len() as u32 + 1);
            let cleanup = self.label();
            let outer = self.guard(cleanup, false, 0);
            state.guard = Some((cleanup, outer));
        }
        state
    }

    fn leave_inlined(&mut self, loc: Location, comp: BlockId, state: Inlined) {
        let _ = comp;
        self.unit.inlined_comp = state.outer_inlined;
        if let Some((cleanup, outer)) = state.guard {
            self.unguard(outer);
            let end = self.label();
            self.jump(NOWHERE, Op::JUMP, end);
            self.place(cleanup);
            // Below the exception lies the unfinished result.
            self.op(NOWHERE, Op::SWAP, 2);
            self.op0(NOWHERE, Op::POP_TOP);
            self.restore(loc, &state.saved);
            self.op(loc, Op::RERAISE, 0);
            self.place(end);
            self.restore(loc, &state.saved);
        }
        let block = self.unit.block;
        for (name, symbol) in state.overridden {
            self.table.blocks[block].symbols.insert(name, symbol);
        }
        for name in state.hidden {
            self.unit.fast_hidden.remove(&name);
        }
    }

    fn restore(&mut self, loc: Location, saved: &[u32]) {
        self.op(loc, Op::SWAP, saved.len() as u32 + 1);
        for &slot in saved.iter().rev() {
            self.op(loc, Op::STORE_FAST, slot | RESTORE);
        }
    }
}

fn build_op(kind: CompKind) -> Op {
    match kind {
        CompKind::Set => Op::BUILD_SET,
        CompKind::Dict => Op::BUILD_MAP,
        _ => Op::BUILD_LIST,
    }
}
