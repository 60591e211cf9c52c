//! The compiler as the runtime knows it.

use std::sync::Arc;

use viv_bytecode::Code;
use viv_compiler::Options;
use viv_runtime::vm::interp::{BrokenSource, KeywordTypo, SymbolBlock};
use viv_runtime::vm::{CompileMode, CompileRequest, Compiler};
use viv_runtime::{Object, PyResult, Vm};
use viv_syntax::Mode;

/// `from __future__ import annotations` in the flags of `compile()`.
const FUTURE_ANNOTATIONS: u32 = 0x0100_0000;
/// `ast.PyCF_ALLOW_TOP_LEVEL_AWAIT`
const TOP_LEVEL_AWAIT: u32 = 0x2000;
/// `PyCF_IGNORE_COOKIE`
pub(crate) const SOURCE_IS_TEXT: u32 = 0x0800;
/// `PyCF_ALLOW_INCOMPLETE_INPUT`
const ALLOW_INCOMPLETE: u32 = 0x4000;

/// `PyCF_DONT_IMPLY_DEDENT`
const DONT_IMPLY_DEDENT: u32 = 0x0200;

/// Parser and code generator.
pub(crate) struct SourceCompiler;

impl Compiler for SourceCompiler {
    fn compile(&self, vm: &Vm, request: &CompileRequest<'_>) -> PyResult<Arc<Code>> {
        compile(vm, request)?.map_err(|error| raise(vm, request, &error))
    }

    fn parse(&self, vm: &Vm, request: &CompileRequest<'_>) -> PyResult {
        let mode = mode_of(request);
        let parsed = match std::str::from_utf8(request.source) {
            Ok(text) if request.flags & SOURCE_IS_TEXT != 0 => viv_syntax::parse_str(text, mode),
            _ => viv_syntax::parse(request.source, mode),
        };
        match parsed {
            Ok(parsed) => {
                for warning in &parsed.warnings {
                    warn(vm, request, warning)?;
                }
                crate::tree::to_python(vm, &parsed.ast)
            }
            Err(error) => Err(raise(vm, request, &error)),
        }
    }

    fn symbols(&self, vm: &Vm, request: &CompileRequest<'_>) -> PyResult<Vec<SymbolBlock>> {
        let mode = mode_of(request);
        let parsed = match std::str::from_utf8(request.source) {
            Ok(text) if request.flags & SOURCE_IS_TEXT != 0 => viv_syntax::parse_str(text, mode),
            _ => viv_syntax::parse(request.source, mode),
        };
        let parsed = parsed.map_err(|error| raise(vm, request, &error))?;
        let table = viv_compiler::symbol_table(&parsed.ast, &options(request))
            .map_err(|error| raise(vm, request, &error))?;
        Ok(table.blocks.iter().map(symbol_block).collect())
    }

    fn compile_tree(
        &self,
        vm: &Vm,
        node: &Object,
        request: &CompileRequest<'_>,
    ) -> PyResult<Option<Arc<Code>>> {
        if !crate::tree::is_node(vm, node)? {
            return Ok(None);
        }
        let tree = crate::tree::from_python(vm, node, request.mode)?;
        let output = viv_compiler::compile(&tree, request.filename, &options(request))
            .map_err(|error| raise(vm, request, &error))?;
        for warning in &output.warnings {
            warn(vm, request, warning)?;
        }
        Ok(Some(output.code))
    }

    fn anchors(&self, expression: &str) -> Option<viv_runtime::vm::interp::Anchors> {
        crate::anchors::anchors(expression)
    }

    fn declared_encoding(&self, source: &[u8]) -> Option<String> {
        viv_syntax::source::cookie(source)
    }

    fn keyword_typo(&self, broken: &BrokenSource<'_>) -> Option<KeywordTypo> {
        let error = viv_syntax::SyntaxError {
            kind: viv_syntax::ErrorKind::Syntax,
            msg: broken.message.to_owned(),
            line: broken.line,
            col: 0,
            end_line: broken.line,
            end_col: 0,
            text: None,
            statement_line: broken.statement_line,
            incomplete: false,
            warnings: Vec::new(),
        };
        let compiles = |text: &str| {
            viv_compiler::compile_text(text, "<stdin>", Mode::Exec, &Options::default()).is_ok()
        };
        let found = viv_syntax::keyword_typo(&error, broken.source, broken.from_file, compiles)?;
        Some(KeywordTypo {
            message: found.msg,
            text: found.text,
            columns: (found.col, found.end_col),
        })
    }

    fn is_plain_call(&self, lines: &str, start: usize, end: usize) -> bool {
        crate::anchors::is_plain_call(lines, start, end)
    }
}

/// A block of the compiler's as scripts see it.
fn symbol_block(block: &viv_compiler::Block) -> SymbolBlock {
    use viv_compiler::{BlockKind, Scope};
    let scope = |scope| match scope {
        Scope::Unknown => 0,
        Scope::Local => 1,
        Scope::GlobalExplicit => 2,
        Scope::GlobalImplicit => 3,
        Scope::Free => 4,
        Scope::Cell => 5,
    };
    SymbolBlock {
        name: block.name.to_string(),
        kind: match block.kind {
            BlockKind::Function => 0,
            BlockKind::Class => 1,
            BlockKind::Module => 2,
            BlockKind::Annotation => 3,
            BlockKind::TypeAlias => 4,
            BlockKind::TypeParameters => 5,
            BlockKind::TypeVariable => 6,
        },
        line: block.line,
        nested: block.nested,
        parameters: block.params.iter().map(ToString::to_string).collect(),
        symbols: block
            .symbols
            .iter()
            .map(|(name, symbol)| (name.to_string(), symbol.flags | scope(symbol.scope) << 12))
            .collect(),
        children: block.children.clone(),
    }
}

/// Issues a warning of the compiler; one that a filter makes an error becomes a SyntaxError.
fn warn(vm: &Vm, request: &CompileRequest<'_>, warning: &viv_syntax::Warning) -> PyResult<()> {
    let class: &viv_runtime::object::Type = if warning.deprecation {
        &vm.exceptions.DeprecationWarning
    } else {
        &vm.exceptions.SyntaxWarning
    };
    let line = i64::from(warning.line);
    let warned = vm.warn_about_source(class, &warning.msg, request.filename, line);
    match warned {
        Err(raised) if vm.raised_is(&raised, class) => {
            drop(vm.take_raised(raised));
            let error = viv_syntax::SyntaxError {
                kind: viv_syntax::ErrorKind::Syntax,
                msg: warning
                    .msg
                    .replace(" Such sequences will not work in the future.", ""),
                line: warning.line,
                col: warning.col as i32 + 1,
                end_line: warning.line,
                end_col: (warning.col + warning.width) as i32 + 1,
                text: None,
                statement_line: 0,
                incomplete: false,
                warnings: Vec::new(),
            };
            Err(syntax_error(
                vm,
                &vm.exceptions.SyntaxError,
                request,
                &error,
            ))
        }
        other => other,
    }
}

fn mode_of(request: &CompileRequest<'_>) -> Mode {
    match request.mode {
        CompileMode::Exec => Mode::Exec,
        CompileMode::Eval => Mode::Eval,
        CompileMode::Single => Mode::Single,
    }
}

fn options(request: &CompileRequest<'_>) -> Options {
    Options {
        optimize: request.optimize,
        future_annotations: request.flags & FUTURE_ANNOTATIONS != 0,
        top_level_await: request.flags & TOP_LEVEL_AWAIT != 0,
    }
}

/// Compiles, and issues the compiler's warnings; the inner error is a refusal that is still to be raised.
fn compile(
    vm: &Vm,
    request: &CompileRequest<'_>,
) -> PyResult<Result<Arc<Code>, viv_syntax::SyntaxError>> {
    let mode = mode_of(request);
    let options = options(request);
    let (source, filename) = (request.source, request.filename);
    if mode == Mode::Single && request.flags & DONT_IMPLY_DEDENT != 0 && is_open(source) {
        let line = source.iter().filter(|&&b| b == b'\n').count() as u32 + 1;
        let mut error = viv_syntax::SyntaxError::new(
            viv_syntax::ErrorKind::Syntax,
            "invalid syntax",
            (line, 1),
            (line, -1),
        );
        error.incomplete = true;
        return Ok(Err(error));
    }
    let compiled = match std::str::from_utf8(source) {
        Ok(text) if request.flags & SOURCE_IS_TEXT != 0 => {
            viv_compiler::compile_text(text, filename, mode, &options)
        }
        _ => match viv_compiler::compile_source(source, filename, mode, &options) {
            // The lexer does not know it; a codec of the library may.
            Err(error) if error.msg.starts_with("unknown encoding: ") => {
                match viv_runtime::modules::codecs::decode_source(vm, source) {
                    Some(text) => viv_compiler::compile_text(&text, filename, mode, &options),
                    None => Err(error),
                }
            }
            compiled => compiled,
        },
    };
    match compiled {
        Ok(output) => {
            for warning in &output.warnings {
                warn(vm, request, warning)?;
            }
            Ok(Ok(output.code))
        }
        Err(error) => {
            for warning in &error.warnings {
                warn(vm, request, warning)?;
            }
            Ok(Err(error))
        }
    }
}

/// Whether a source ends within a compound statement, whose end only another line would show.
fn is_open(source: &[u8]) -> bool {
    if source.ends_with(b"\n") {
        return false;
    }
    match viv_syntax::parse(source, Mode::Exec) {
        Ok(parsed) => crate::session::ends_in_block(&parsed.ast),
        Err(_) => false,
    }
}

/// Compiles a script. CPython reads one line by line, and says some things differently from `compile()`.
pub(crate) fn compile_file(vm: &Vm, request: &CompileRequest<'_>) -> PyResult<Arc<Code>> {
    compile(vm, request)?.map_err(|mut error| {
        let source = request.source;
        if error.msg.starts_with("Non-UTF-8 code starting with") {
            // A first line of code rules out a declaration in the second, which is then judged before it is counted.
            let first = source.split(|&b| b == b'\n').next().unwrap_or_default();
            let first = first.trim_ascii_start();
            if error.line == 2 && !first.is_empty() && !first.starts_with(b"#") {
                error.line = 1;
                error.end_line = 1;
            }
            if let (Some(head), Some(tail)) =
                (error.msg.find(" on line "), error.msg.find(", but no"))
            {
                error.msg = format!(
                    "{} in file {} on line {}{}",
                    &error.msg[..head],
                    request.filename,
                    error.line,
                    &error.msg[tail..]
                );
            }
        } else if error.msg == "unexpected EOF while parsing"
            && error.text.as_ref().is_some_and(|text| text.trim() == "\\")
        {
            // In a line of a file that is nothing but a backslash CPython has no place to point at.
            error.col = 0;
        } else if error.msg == "source code string cannot contain null bytes"
            && let Some(at) = source.iter().position(|&b| b == 0)
        {
            let before = &source[..at];
            let start = before
                .iter()
                .rposition(|&b| b == b'\n')
                .map_or(0, |i| i + 1);
            error.msg = "source code cannot contain null bytes".to_owned();
            error.line = before.iter().filter(|&&b| b == b'\n').count() as u32 + 1;
            error.end_line = error.line;
            error.text = Some(String::from_utf8_lossy(&before[start..]).into_owned());
        }
        raise(vm, request, &error)
    })
}

/// Raises the exception for a refusal.
fn raise(
    vm: &Vm,
    request: &CompileRequest<'_>,
    error: &viv_syntax::SyntaxError,
) -> viv_runtime::Raised {
    if error.incomplete && request.flags & ALLOW_INCOMPLETE != 0 {
        let mut error = error.clone();
        error.msg = "incomplete input".to_owned();
        error.end_col = -1;
        return syntax_error(vm, &vm.exceptions._IncompleteInputError, request, &error);
    }
    use viv_syntax::ErrorKind;
    let class = match error.kind {
        ErrorKind::Syntax => &vm.exceptions.SyntaxError,
        ErrorKind::Indentation => &vm.exceptions.IndentationError,
        ErrorKind::Tab => &vm.exceptions.TabError,
        // These are no syntax errors: they have a message and no place.
        ErrorKind::Memory => return vm.raise(&vm.exceptions.MemoryError, &error.msg),
        ErrorKind::Recursion => return vm.raise(&vm.exceptions.RecursionError, &error.msg),
    };
    syntax_error(vm, class, request, error)
}

/// A SyntaxError with its place and the line of source.
fn syntax_error(
    vm: &Vm,
    class: &viv_runtime::object::Type,
    request: &CompileRequest<'_>,
    error: &viv_syntax::SyntaxError,
) -> viv_runtime::Raised {
    let make = || -> PyResult {
        // What is found after parsing is shown as the file has it, whatever was compiled.
        let text = error.text.clone().or_else(|| {
            let line = i64::from(error.line);
            viv_runtime::modules::traceback_text::source_line(vm, request.filename, line)
                .map(|line| line + "\n")
        });
        let nowhere = error.line == 0;
        let place = vm.new_tuple(vec![
            vm.new_str(request.filename)?.upcast(),
            vm.new_int(i64::from(error.line))?,
            vm.new_int(i64::from(error.col))?,
            match text {
                Some(text) => vm.new_str(&text)?.upcast(),
                // There is no line 0.
                None if nowhere => vm.new_str("")?.upcast(),
                None => vm.none_ref(),
            },
            vm.new_int(i64::from(error.end_line))?,
            vm.new_int(i64::from(error.end_col))?,
        ])?;
        let message = vm.new_str(&error.msg)?;
        let made =
            viv_runtime::types::exception::new_exception(vm, class, &[&message.head, &place.head])?;
        let may_be_typo =
            error.msg == "invalid syntax" || error.msg.contains("Perhaps you forgot a comma");
        if may_be_typo {
            let is_file = std::path::Path::new(request.filename).is_file();
            let source = match std::str::from_utf8(request.source) {
                Ok(source) if !is_file => vm.new_str(source)?.upcast(),
                _ => vm.none_ref(),
            };
            let metadata = vm.new_tuple(vec![
                vm.new_int(i64::from(error.statement_line))?,
                vm.new_int(0)?,
                source,
            ])?;
            viv_runtime::types::exception::set_extra(
                vm,
                &made,
                viv_runtime::types::exception::fields::syntax::METADATA,
                Some(metadata.upcast()),
            )?;
        }
        Ok(made.upcast())
    };
    match make() {
        Ok(exception) => vm.raise_object(exception),
        Err(raised) => raised,
    }
}
