//! The end of a unit: prologue, peephole pass, assembly.

use std::sync::Arc;

use viv_bytecode::asm::{self, Ins, Item, Label, NO_HANDLER};
use viv_bytecode::op::Form;
use viv_bytecode::{Code, CodeFlags, Location, Op};
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
            self.op(
                NOWHERE,
                Op::CALL_INTRINSIC_1,
                viv_bytecode::Intrinsic1::StopIterationError as u32,
            );
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
            let span = Span {
                line,
                col: 0,
                end_line: line,
                end_col: 0,
            };
            match e {
                asm::AsmError::OperandTooLarge(..) => {
                    syntax_error(span, "too many constants, names or instructions")
                }
                e => syntax_error(span, format!("internal compiler error: {e}")),
            }
        })
    }
}

fn plain(op: Op, arg: u32, loc: Location) -> Item {
    Item::Ins(Ins {
        op,
        arg,
        target: Label::NONE,
        handler: NO_HANDLER,
        loc,
    })
}

fn build(
    mut unit: Unit,
    generator: bool,
    filename: Arc<str>,
) -> std::result::Result<Arc<Code>, asm::AsmError> {
    let first = unit.firstlineno;
    let start = match unit.kind {
        UnitKind::Module => Location {
            line: 0,
            end_line: 1,
            col: 0,
            end_col: 0,
        },
        _ => Location {
            line: first,
            end_line: first,
            col: 0,
            end_col: 0,
        },
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
            let restore = ins.arg & peephole::RESTORE;
            ins.arg &= !peephole::RESTORE;
            if ins.arg & CELL != 0 {
                ins.arg = slots.get((ins.arg & !CELL) as usize).copied().unwrap_or(0);
            } else if ins.arg & FREE != 0 {
                ins.arg = first_free + (ins.arg & !FREE);
            }
            ins.arg |= restore;
        }
    }
    // Cell variables are told in the order of their slots.
    let mut cells: Vec<(u32, Name)> = slots.into_iter().zip(unit.cellvars).collect();
    cells.sort();
    let (cell_locals, cellvars): (Vec<u32>, Vec<Name>) = cells.into_iter().unzip();
    let mut items = Vec::with_capacity(unit.items.len() + 4 + cell_locals.len());
    if !unit.freevars.is_empty() {
        items.push(plain(
            Op::COPY_FREE_VARS,
            unit.freevars.len() as u32,
            NOWHERE,
        ));
    }
    items.extend(
        cell_locals
            .iter()
            .map(|&slot| plain(Op::MAKE_CELL, slot, NOWHERE)),
    );
    let mut body = unit.items.iter().copied();
    if generator {
        let here = Location {
            line: first,
            end_line: first,
            col: 0,
            end_col: 0,
        };
        items.push(plain(Op::RETURN_GENERATOR, 0, here));
        items.push(plain(Op::POP_TOP, 0, here));
        items.extend(body.next());
        let handler = if unit.handlers.is_empty() {
            NO_HANDLER
        } else {
            0
        };
        items.push(Item::Ins(Ins {
            op: Op::RESUME,
            arg: 0,
            target: Label::NONE,
            handler,
            loc: start,
        }));
    } else {
        items.push(plain(Op::RESUME, 0, start));
    }
    items.extend(body);
    let parameters = unit.argcount
        + unit.kwonlyargcount
        + u32::from(unit.flags & CodeFlags::VARARGS != 0)
        + u32::from(unit.flags & CodeFlags::VARKEYWORDS != 0);
    let peephole::Output {
        items,
        labels,
        consts,
    } = peephole::run(peephole::Input {
        items,
        handlers: &unit.handlers,
        labels: unit.labels,
        consts: unit.consts.list,
        parameters,
        cells: &cell_locals,
    })?;
    let code = asm::assemble(&items, &unit.handlers, labels as usize)?;
    let flags = CodeFlags(
        unit.flags
            | if unit.docstring {
                CodeFlags::HAS_DOCSTRING
            } else {
                0
            },
    );
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
        locations: Code::pack_locations(&code.locations).into(),
    }))
}
