//! The compiler as the runtime knows it.

use std::sync::Arc;

use viv_bytecode::Code;
use viv_compiler::Options;
use viv_runtime::vm::{CompileMode, CompileRequest, Compiler};
use viv_runtime::{PyResult, Vm};
use viv_syntax::Mode;

/// `from __future__ import annotations` in the flags of `compile()`.
const FUTURE_ANNOTATIONS: u32 = 0x0100_0000;
/// `ast.PyCF_ALLOW_TOP_LEVEL_AWAIT`
const TOP_LEVEL_AWAIT: u32 = 0x2000;

/// Parser and code generator.
pub(crate) struct SourceCompiler;

impl Compiler for SourceCompiler {
    fn compile(&self, vm: &Vm, request: &CompileRequest<'_>) -> PyResult<Arc<Code>> {
        let mode = match request.mode {
            CompileMode::Exec => Mode::Exec,
            CompileMode::Eval => Mode::Eval,
            CompileMode::Single => Mode::Single,
        };
        let options = Options {
            optimize: request.optimize,
            future_annotations: request.flags & FUTURE_ANNOTATIONS != 0,
            top_level_await: request.flags & TOP_LEVEL_AWAIT != 0,
        };
        match viv_compiler::compile_source(request.source, request.filename, mode, &options) {
            Ok(output) => Ok(output.code),
            Err(error) => {
                let class = match error.kind {
                    viv_syntax::ErrorKind::Syntax => &vm.exceptions.SyntaxError,
                    viv_syntax::ErrorKind::Indentation => &vm.exceptions.IndentationError,
                    viv_syntax::ErrorKind::Tab => &vm.exceptions.TabError,
                    viv_syntax::ErrorKind::Memory => &vm.exceptions.MemoryError,
                    viv_syntax::ErrorKind::Recursion => &vm.exceptions.RecursionError,
                };
                Err(vm.raise(class, &error.msg))
            }
        }
    }
}
