//! The end of a unit: prologue, peephole pass, assembly.

use std::sync::Arc;

use viv_bytecode::asm::{self, Ins, Item, Label, NO_HANDLER};
use viv_bytecode::op::Form;
use viv_bytecode::{Code, CodeFlags, Const, Location, Op};
use viv_syntax::ast::{Name, Span};

use super::emit::NOWHERE;
use super::unit::{CELL, FREE, Unit};
use super::{Codegen, UnitKind};
use crate::error::{Result, syntax_error};
use crate::peephole;

impl<'a> Codegen<'a> {
    /// Makes the unit's code object, and goes back to the unit around it.
    pub fn finish(&mut self) -> Result<Arc<Code>> {
        if let Some(target) = self.unit.stop_iteration {
            self.unguard(NO_HANDLER);
            self.place(target);
            self.op(NOWHERE, Op::CALL_INTRINSIC_1, viv_bytecode::Intrinsic1::StopIterationError as u32);
            self.op(NOWHERE, Op::RERAISE, 1);
        }
        let generator = self.is_generator_like();
        let outer = self.outer.pop();
        let unit = match outer {
            Some(outer) => std::mem::replace(&mut self.unit, outer),
            None => std::mem::replace(&mut self.unit, Unit::new(UnitKind::Module, 0, "".into(), 1)),
        };
        let line = unit.firstlineno;
        build(unit, generator, Arc::clone(&self.filename)).map_err(|e| {
            let span = Span { line, col: 0, end_line: line, end_col: 0 };
            match e {
                asm::AsmError::OperandTooLarge(..) => syntax_error(span, "too many constants, names or instructions"),
                e => syntax_error(span, format!("internal compiler error: {e}")),
            }
        })
    }
}

fn plain(op: Op, arg: u32, loc: Location) -> Item {
    Item::Ins(Ins { op, arg, target: Label::NONE, handler: NO_HANDLER, loc })
}

fn build(mut unit: Unit, generator: bool, filename: Arc<str>) -> std::result::Result<Arc<Code>, asm::AsmError> {
    let first = unit.firstlineno;
    let start = match unit.kind {
        UnitKind::Module => Location { line: 0, end_line: 1, col: 0, end_col: 0 },
        _ => Location { line: first, end_line: first, col: 0, end_col: 0 },
    };
    // Slots: locals first, then cells without a local's number, then free variables.
    let mut next = unit.varnames.len() as u32;
    let slots: Vec<u32> = unit
        .cellvars
        .iter()
        .map(|name| match unit.varnames.get_index_of(name) {
            Some(at) => at as u32,
            None => {
                next += 1;
                next - 1
            }
        })
        .collect();
    let first_free = next;
    let nlocalsplus = next + unit.freevars.len() as u32;
    for item in &mut unit.items {
        if let Item::Ins(ins) = item
            && ins.op.form() == Form::Local
        {
            if ins.arg & CELL != 0 {
                ins.arg = slots.get((ins.arg & !CELL) as usize).copied().unwrap_or(0);
            } else if ins.arg & FREE != 0 {
                ins.arg = first_free + (ins.arg & !FREE);
            }
        }
    }
    // Cell variables are told in the order of their slots.
    let mut cells: Vec<(u32, Name)> = slots.into_iter().zip(unit.cellvars).collect();
    cells.sort();
    let (cell_locals, cellvars): (Vec<u32>, Vec<Name>) = cells.into_iter().unzip();
    let mut items = Vec::with_capacity(unit.items.len() + 4 + cell_locals.len());
    if !unit.freevars.is_empty() {
        items.push(plain(Op::COPY_FREE_VARS, unit.freevars.len() as u32, NOWHERE));
    }
    items.extend(cell_locals.iter().map(|&slot| plain(Op::MAKE_CELL, slot, NOWHERE)));
    let mut body = unit.items.iter().copied();
    if generator {
        let here = Location { line: first, end_line: first, col: 0, end_col: 0 };
        items.push(plain(Op::RETURN_GENERATOR, 0, here));
        items.push(plain(Op::POP_TOP, 0, here));
        items.extend(body.next());
        let handler = if unit.handlers.is_empty() { NO_HANDLER } else { 0 };
        items.push(Item::Ins(Ins { op: Op::RESUME, arg: 0, target: Label::NONE, handler, loc: start }));
    } else {
        items.push(plain(Op::RESUME, 0, start));
    }
    items.extend(body);
    locate(&mut items);
    let parameters = unit.argcount
        + unit.kwonlyargcount
        + u32::from(unit.flags & CodeFlags::VARARGS != 0)
        + u32::from(unit.flags & CodeFlags::VARKEYWORDS != 0);
    let input = peephole::Input {
        handlers: &unit.handlers,
        labels: unit.labels as usize,
        consts: &unit.consts.list,
        parameters,
        locals: unit.varnames.len() as u32,
        cells: &cell_locals,
    };
    let items = peephole::run(items, &input)?;
    let (items, consts) = renumber(items, unit.consts.list, unit.docstring);
    let code = asm::assemble(&items, &unit.handlers, unit.labels as usize)?;
    let flags = CodeFlags(unit.flags | if unit.docstring { CodeFlags::HAS_DOCSTRING } else { 0 });
    Ok(Arc::new(Code {
        name: unit.name,
        qualname: unit.qualname,
        filename,
        firstlineno: first,
        argcount: unit.argcount,
        posonlyargcount: unit.posonlyargcount,
        kwonlyargcount: unit.kwonlyargcount,
        flags,
        stacksize: code.stacksize,
        varnames: unit.varnames.into_iter().collect(),
        cellvars,
        freevars: unit.freevars.into_iter().collect(),
        cell_locals,
        nlocalsplus,
        names: unit.names.into_iter().collect(),
        consts,
        instrs: code.instrs,
        exceptions: code.exceptions,
        locations: Code::pack_locations(&code.locations),
    }))
}

/// Gives instructions without a location that of the instruction from which control comes.
fn locate(items: &mut [Item]) {
    let mut last = NOWHERE;
    for item in items {
        match item {
            Item::Ins(ins) => {
                if ins.loc == NOWHERE {
                    ins.loc = last;
                } else {
                    last = ins.loc;
                }
                if asm::is_terminal(ins.op) {
                    last = NOWHERE;
                }
            }
            Item::Label(_) | Item::Setup(_) => {}
        }
    }
}

/// Keeps only the constants in use, in the order of their first use; a docstring stays the first.
fn renumber(mut items: Vec<Item>, mut list: Vec<Const>, docstring: bool) -> (Vec<Item>, Vec<Const>) {
    const UNUSED: u32 = u32::MAX;
    let mut number = vec![UNUSED; list.len()];
    let mut order = Vec::with_capacity(list.len());
    let mut used = |old: u32| -> u32 {
        let Some(slot) = number.get_mut(old as usize) else { return 0 };
        if *slot == UNUSED {
            *slot = order.len() as u32;
            order.push(old);
        }
        *slot
    };
    if docstring && !list.is_empty() {
        used(0);
    }
    for item in &mut items {
        let Item::Ins(ins) = item else { continue };
        match peephole::const_operand(ins.op) {
            peephole::ConstOperand::None => {}
            peephole::ConstOperand::Wide => ins.arg = used(ins.arg),
            peephole::ConstOperand::B => {
                let b = used(ins.arg >> 8 & 0xff);
                ins.arg = ins.arg & !0xff00 | b << 8;
            }
        }
    }
    let consts = order.into_iter().map(|old| std::mem::replace(&mut list[old as usize], Const::None)).collect();
    (items, consts)
}
