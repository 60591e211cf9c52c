//! Code generation: from the tree to instructions, one [`Unit`] for each code object.
//!
//! The shape of the code is that of CPython's `codegen.c`; each file here holds one family of nodes.

mod annotations;
mod call;
mod comprehension;
mod emit;
mod expr;
mod finish;
mod flow;
mod fold;
mod function;
mod names;
mod pattern;
mod stmt;
mod strings;
mod try_stmt;
mod type_params;
mod unit;
mod unwind;
mod warn;
mod with;

use std::sync::Arc;

use viv_bytecode::{CodeFlags, Op};
use viv_syntax::Warning;
use viv_syntax::ast::*;

use crate::error::Result;
use crate::future::{self, Features};
use crate::symtable::{Block, BlockId, BlockKind, SymbolTable, maybe_mangle};
use crate::{Options, Output};
use emit::NOWHERE;
use unit::{Unit, UnitKind};

/// The state of one compilation.
struct Codegen<'a> {
    unit: Unit<'a>,
    /// The units around the current one.
    outer: Vec<Unit<'a>>,
    table: SymbolTable,
    filename: Arc<str>,
    options: Options,
    features: Features,
    interactive: bool,
    warnings: Vec<Warning>,
    /// Above zero while a `finally` body is compiled again: it has warned already.
    quiet: u32,
}

pub fn compile(tree: &Mod, filename: &str, options: &Options) -> Result<Output> {
    let features = future::features(tree, options.future_annotations)?;
    let table = SymbolTable::build(tree, features, options.top_level_await)?;
    let mut cg = Codegen {
        unit: Unit::new(UnitKind::Module, 0, Name::const_new("<module>"), 1),
        outer: Vec::new(),
        table,
        filename: filename.into(),
        options: *options,
        features,
        interactive: matches!(tree, Mod::Interactive { .. }),
        warnings: Vec::new(),
        quiet: 0,
    };
    cg.prepare();
    if options.top_level_await && cg.table.blocks[0].coroutine {
        cg.unit.flags |= CodeFlags::COROUTINE;
        cg.stop_iteration_guard();
    }
    match tree {
        Mod::Module { body } => {
            cg.module_body(body)?;
            cg.load_none(NOWHERE);
        }
        Mod::Interactive { body } => {
            cg.module_body(body)?;
            cg.load_none(NOWHERE);
        }
        Mod::Expression { body } => cg.expr(body)?,
    }
    cg.op0(NOWHERE, Op::RETURN_VALUE);
    let code = cg.finish()?;
    Ok(Output {
        code,
        warnings: cg.warnings,
    })
}

impl<'a> Codegen<'a> {
    /// The block of the symbol table that is compiled.
    fn block(&self) -> &Block {
        &self.table.blocks[self.unit.block]
    }

    /// The name under which `name` is known here.
    fn mangle(&self, name: &Name) -> Name {
        maybe_mangle(self.unit.private.as_deref(), self.block(), name)
    }

    /// Opens a unit; [`Codegen::finish`] gives its code and goes back to the one around.
    fn enter(&mut self, kind: UnitKind, block: BlockId, name: Name, firstlineno: u32) {
        let mut unit = Unit::new(kind, block, name, firstlineno);
        unit.private = self.unit.private.clone();
        self.outer.push(std::mem::replace(&mut self.unit, unit));
        self.prepare();
        self.set_qualname();
    }

    /// Fills in what the symbol table knows about the unit.
    fn prepare(&mut self) {
        let block = &self.table.blocks[self.unit.block];
        self.unit.varnames.extend(block.params.iter().cloned());
        let (cells, free) = names::cells(block);
        self.unit.cellvars.extend(cells);
        self.unit.freevars.extend(free);
        self.unit.flags = self.code_flags();
    }

    fn code_flags(&self) -> u32 {
        let block = self.block();
        let mut flags = 0;
        if block.is_function_like() {
            flags |= CodeFlags::NEWLOCALS | CodeFlags::OPTIMIZED;
            if block.nested {
                flags |= CodeFlags::NESTED;
            }
            flags |= match (block.generator, block.coroutine) {
                (true, false) => CodeFlags::GENERATOR,
                (true, true) => CodeFlags::ASYNC_GENERATOR,
                (false, true) => CodeFlags::COROUTINE,
                (false, false) => 0,
            };
            if block.method {
                flags |= CodeFlags::METHOD;
            }
        }
        if self.features.annotations {
            flags |= CodeFlags::FUTURE_ANNOTATIONS;
        }
        flags
    }

    /// Whether the unit is a generator, coroutine or async generator.
    fn is_generator_like(&self) -> bool {
        self.unit.flags & (CodeFlags::GENERATOR | CodeFlags::COROUTINE | CodeFlags::ASYNC_GENERATOR)
            != 0
    }

    /// Guards the whole body: StopIteration must not leave a generator.
    fn stop_iteration_guard(&mut self) {
        let target = self.label();
        self.unit.stop_iteration = Some(target);
        self.guard(target, true, 0);
    }

    /// The qualified name of a unit just opened, from the units around it.
    fn set_qualname(&mut self) {
        let Some(mut parent) = self.outer.last() else {
            return;
        };
        if self.outer.len() > 1 && parent.kind == UnitKind::TypeParams {
            let Some(above) = self.outer.get(self.outer.len() - 2) else {
                return;
            };
            if self.outer.len() == 2 {
                return;
            }
            parent = above;
        }
        if parent.kind == UnitKind::Module {
            return;
        }
        let own = matches!(
            self.unit.kind,
            UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Class
        );
        if own {
            let block = &self.table.blocks[parent.block];
            let mangled = maybe_mangle(parent.private.as_deref(), block, &self.unit.name);
            if block.get(&mangled).scope == crate::symtable::Scope::GlobalExplicit {
                return;
            }
        }
        let function = matches!(
            parent.kind,
            UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda
        );
        let locals = if function { ".<locals>" } else { "" };
        self.unit.qualname = Name::from(format!("{}{locals}.{}", parent.qualname, self.unit.name));
    }

    /// The statements of a module or class, its docstring and annotations.
    fn module_body(&mut self, body: &'a [Stmt]) -> Result<()> {
        let mark = self.unit.items.len();
        let loc = self.body_location(body);
        if self.block().has_conditional_annotations {
            self.op(loc, Op::BUILD_SET, 0);
            self.store_name_op(loc, "__conditional_annotations__")?;
        }
        self.body(body, loc)?;
        self.module_annotations(mark, loc)
    }

    fn body_location(&self, body: &[Stmt]) -> viv_bytecode::Location {
        body.first().map_or(NOWHERE, |first| emit::at(first.span))
    }

    /// The statements of a module or class body, docstring included.
    fn body(&mut self, body: &'a [Stmt], loc: viv_bytecode::Location) -> Result<()> {
        if self.features.annotations && self.block().annotations_used {
            self.op0(loc, Op::SETUP_ANNOTATIONS);
        }
        let mut rest = body;
        if (!self.interactive || self.unit.kind != UnitKind::Module)
            && let Some((expr, text)) = future::docstring(body)
        {
            rest = &body[1..];
            if self.options.optimize < 2 {
                let doc = strings::clean_doc(text.as_bytes());
                self.load(emit::at(expr.span), viv_bytecode::Const::Str(doc));
                self.store(NOWHERE, &Name::const_new("__doc__"))?;
            }
        }
        self.stmts(rest)
    }

    /// Whether the unit runs with the module's or class's namespace.
    fn at_class_or_module(&self) -> bool {
        matches!(self.block().kind, BlockKind::Module | BlockKind::Class)
    }
}
