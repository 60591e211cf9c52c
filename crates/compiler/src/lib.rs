//! The compiler of Vivarium: symbol table, code generation and peephole optimisation.
//!
//! [`compile`] turns a tree of `viv_syntax` into a [`Code`] of `viv_bytecode`; [`compile_source`] parses first.
//! The code is structured as CPython 3.14's own, instruction for instruction where the two machines agree, because
//! what people see of it (tracebacks, evaluation order, `co_*` attributes, finaliser order) must be the same.
//!
//! **Invariants.** No input panics; trees as deep as the parser allows need no more than the caller's stack, which is
//! grown on demand. Every code object passes `viv_bytecode::verify`.

mod codegen;
mod error;
mod future;
mod peephole;
mod stack;
mod symtable;
mod unparse;

pub use symtable::flags as symbol_flags;
pub use symtable::{Block, BlockKind, Scope, SymbolTable};

use std::sync::Arc;

use viv_bytecode::Code;
use viv_syntax::ast::Mod;
use viv_syntax::{Mode, SyntaxError, Warning};

/// How to compile.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// 0: all; 1 (`-O`): no `assert`, `__debug__` is false; 2 (`-OO`): no docstrings either.
    pub optimize: u8,
    /// `from __future__ import annotations` is inherited from the code that calls `compile()`.
    pub future_annotations: bool,
    /// `await`, `async for` and `async with` may stand at the top level (`PyCF_ALLOW_TOP_LEVEL_AWAIT`).
    pub top_level_await: bool,
}

/// What the compiler makes.
#[derive(Clone, Debug)]
pub struct Output {
    /// The module's code.
    pub code: Arc<Code>,
    /// `SyntaxWarning`s and `DeprecationWarning`s, in the order they were found.
    pub warnings: Vec<Warning>,
}

/// Why a source was refused. Errors of this stage have no `text`: the caller knows where the source came from.
pub type CompileError = SyntaxError;

/// Compiles a tree.
pub fn compile(module: &Mod, filename: &str, options: &Options) -> Result<Output, CompileError> {
    codegen::compile(module, filename, options).map_err(|e| *e)
}

/// The symbol table of a tree: its blocks and the names of each.
pub fn symbol_table(module: &Mod, options: &Options) -> Result<SymbolTable, CompileError> {
    let build = || {
        let features = future::features(module, options.future_annotations)?;
        SymbolTable::build(module, features, options.top_level_await)
    };
    build().map_err(|e: Box<SyntaxError>| *e)
}

/// Parses and compiles a source.
pub fn compile_source(
    source: &[u8],
    filename: &str,
    mode: Mode,
    options: &Options,
) -> Result<Output, CompileError> {
    compile_parsed(
        viv_syntax::parse(source, mode).map_err(|e| *e)?,
        filename,
        options,
    )
}

/// As [`compile_source`], for text that was no file: neither a byte order mark nor an encoding line means anything in it.
pub fn compile_text(
    source: &str,
    filename: &str,
    mode: Mode,
    options: &Options,
) -> Result<Output, CompileError> {
    compile_parsed(
        viv_syntax::parse_str(source, mode).map_err(|e| *e)?,
        filename,
        options,
    )
}

fn compile_parsed(
    parsed: viv_syntax::Parsed,
    filename: &str,
    options: &Options,
) -> Result<Output, CompileError> {
    let mut output = compile(&parsed.ast, filename, options)?;
    if !parsed.warnings.is_empty() {
        let own = std::mem::replace(&mut output.warnings, parsed.warnings);
        output.warnings.extend(own);
    }
    Ok(output)
}
