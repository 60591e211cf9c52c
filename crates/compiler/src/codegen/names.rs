//! Names: how each is loaded, stored and deleted, from the scope the symbol table gave it.

use viv_bytecode::{Location, Op};
use viv_syntax::ast::{ExprContext, Name};

use super::Codegen;
use super::unit::UnitKind;
use crate::error::Result;
use crate::symtable::{Block, BlockKind, Scope, flags};

/// The cell and free variables of a block, sorted by name.
pub fn cells(block: &Block) -> (Vec<Name>, Vec<Name>) {
    let (mut cells, mut free) = (Vec::new(), Vec::new());
    for (name, symbol) in &block.symbols {
        let special = symbol.flags & flags::COMP_CELL != 0 && symbol.scope != Scope::Free;
        if symbol.scope == Scope::Cell || special {
            cells.push(name.clone());
        }
        if symbol.scope == Scope::Free || symbol.flags & flags::FREE_CLASS != 0 {
            free.push(name.clone());
        }
    }
    cells.sort();
    free.sort();
    let mut implicit = |wanted: bool, name: &'static str| {
        let name = Name::const_new(name);
        if wanted && !cells.contains(&name) {
            cells.push(name);
        }
    };
    let class = block.kind == BlockKind::Class;
    implicit(class && block.needs_class_closure, "__class__");
    implicit(class && block.needs_classdict, "__classdict__");
    implicit(
        block.has_conditional_annotations,
        "__conditional_annotations__",
    );
    (cells, free)
}

enum Access {
    Fast,
    Deref,
    Global,
    Name,
}

impl<'a> Codegen<'a> {
    /// Loads a name.
    pub fn load_name(&mut self, loc: Location, name: &Name) -> Result<()> {
        self.name(loc, name, ExprContext::Load)
    }

    /// Stores a name.
    pub fn store(&mut self, loc: Location, name: &Name) -> Result<()> {
        self.name(loc, name, ExprContext::Store)
    }

    /// Deletes a name.
    pub fn delete(&mut self, loc: Location, name: &Name) -> Result<()> {
        self.name(loc, name, ExprContext::Del)
    }

    /// Stores a name that only the compiler uses.
    pub fn store_name_op(&mut self, loc: Location, name: &'static str) -> Result<()> {
        let name = Name::const_new(name);
        match self.unit.deref(&name, false) {
            Some(slot) if self.block().kind == BlockKind::Class => {
                self.op(loc, Op::STORE_DEREF, slot)
            }
            _ => self.op_name(loc, Op::STORE_NAME, &name),
        }
        Ok(())
    }

    fn access(&self, mangled: &Name) -> (Access, Scope) {
        let block = self.block();
        let scope = block.get(mangled).scope;
        let access = match scope {
            Scope::Free | Scope::Cell => Access::Deref,
            Scope::Local if block.is_function_like() || self.unit.fast_hidden.contains(mangled) => {
                Access::Fast
            }
            Scope::GlobalImplicit if block.is_function_like() => Access::Global,
            Scope::GlobalExplicit => Access::Global,
            _ => Access::Name,
        };
        (access, scope)
    }

    /// Whether a name is a local variable that nothing but the frame's own code assigns to.
    pub fn is_fast(&self, name: &Name) -> bool {
        matches!(self.access(&self.mangle(name)).0, Access::Fast)
    }

    /// Emits the access to a name.
    pub fn name(&mut self, loc: Location, name: &Name, ctx: ExprContext) -> Result<()> {
        let mangled = self.mangle(name);
        let (mut access, scope) = self.access(&mangled);
        let class = self.block().kind == BlockKind::Class;
        // The class's own cell is not there for a comprehension inlined into its body.
        if class
            && self.unit.inlined_comp
            && scope == Scope::Free
            && ["__class__", "__classdict__"].contains(&mangled.as_str())
        {
            access = Access::Global;
        }
        let sees_class = self.block().can_see_class_scope && mangled != "__classdict__";
        let classdict = Name::const_new("__classdict__");
        if let Access::Deref = access {
            match self.unit.deref(&mangled, scope == Scope::Free) {
                Some(slot) => {
                    match ctx {
                        ExprContext::Load if class && !self.unit.inlined_comp => {
                            self.op0(loc, Op::LOAD_LOCALS);
                            self.op(loc, Op::LOAD_FROM_DICT_OR_DEREF, slot);
                        }
                        ExprContext::Load if sees_class => {
                            self.name(loc, &classdict, ExprContext::Load)?;
                            self.op(loc, Op::LOAD_FROM_DICT_OR_DEREF, slot);
                        }
                        ExprContext::Load => self.op(loc, Op::LOAD_DEREF, slot),
                        ExprContext::Store => self.op(loc, Op::STORE_DEREF, slot),
                        ExprContext::Del => self.op(loc, Op::DELETE_DEREF, slot),
                    }
                    return Ok(());
                }
                None => {
                    access = if self.block().is_function_like() {
                        Access::Global
                    } else {
                        Access::Name
                    }
                }
            }
        }
        match access {
            Access::Fast => {
                let slot = self.unit.var(&mangled);
                let op = match ctx {
                    ExprContext::Load => Op::LOAD_FAST,
                    ExprContext::Store => Op::STORE_FAST,
                    ExprContext::Del => Op::DELETE_FAST,
                };
                self.op(loc, op, slot);
            }
            Access::Global => {
                if ctx == ExprContext::Load && sees_class && scope == Scope::GlobalImplicit {
                    self.name(loc, &classdict, ExprContext::Load)?;
                    let at = self.unit.name(&mangled);
                    self.op(loc, Op::LOAD_FROM_DICT_OR_GLOBALS, at);
                    return Ok(());
                }
                let op = match ctx {
                    ExprContext::Load => Op::LOAD_GLOBAL,
                    ExprContext::Store => Op::STORE_GLOBAL,
                    ExprContext::Del => Op::DELETE_GLOBAL,
                };
                let at = self.unit.name(&mangled);
                self.op(loc, op, at);
            }
            _ => {
                let op = match ctx {
                    ExprContext::Load if class && self.unit.inlined_comp => Op::LOAD_GLOBAL,
                    ExprContext::Load => Op::LOAD_NAME,
                    ExprContext::Store => Op::STORE_NAME,
                    ExprContext::Del => Op::DELETE_NAME,
                };
                let at = self.unit.name(&mangled);
                self.op(loc, op, at);
            }
        }
        Ok(())
    }

    /// The slot of the cell that an inner function shares under a name.
    pub fn closure_slot(&self, name: &str) -> Option<u32> {
        let block = self.block();
        let implicit = ["__class__", "__classdict__", "__conditional_annotations__"];
        let own = block.kind == BlockKind::Class && implicit.contains(&name);
        self.unit
            .deref(name, !own && block.get(name).scope != Scope::Cell)
    }

    /// Notes that a method assigns `self.name`, for `__static_attributes__` of the class around.
    pub fn note_static_attribute(&mut self, name: &Name) {
        if let Some(class) = self
            .outer
            .iter_mut()
            .rev()
            .find(|u| u.kind == UnitKind::Class)
        {
            class.static_attributes.insert(name.clone());
        }
    }
}
