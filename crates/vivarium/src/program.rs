//! Running a program as the command line does: source text, a file, a folder, or a module of `sys.path`, as `__main__`.
//!
//! Everything here runs inside [`Interpreter::run`](crate::Interpreter::run), and gives the exit code after it has said what
//! went wrong on standard error.

use std::sync::Arc;

use viv_bytecode::Code;
use viv_runtime::modules::import::{self, MainModule};
use viv_runtime::modules::typed_source;
use viv_runtime::object::{Code as CodeObject, Module};
use viv_runtime::vm::{CompileMode, CompileRequest};
use viv_runtime::{PyResult, Ref, Vm, eval, modules, protocol};

use crate::compiler::{self, SOURCE_IS_TEXT};

/// What to run.
#[derive(Clone, Copy, Debug)]
pub enum Program<'a> {
    /// Text that comes from no file: `-c` and standard input.
    Text {
        /// The text.
        source: &'a [u8],
        /// What tracebacks call it.
        filename: &'a str,
        /// Whether tracebacks show its lines.
        keep_lines: bool,
    },
    /// The text of a script.
    File {
        /// The text.
        source: &'a [u8],
        /// The script.
        filename: &'a str,
    },
    /// A module by its name, or the `__main__` module of a folder that is the first of `sys.path`.
    Module {
        /// The full name.
        name: &'a str,
        /// Whether `sys.argv[0]` becomes the module's file.
        set_argv: bool,
    },
}

/// Runs a program as `__main__`; gives the exit code.
pub fn execute(vm: &Vm, program: &Program<'_>) -> i32 {
    match start(vm, program) {
        Ok(()) => {
            modules::main::flush_streams(vm);
            0
        }
        Err(raised) => {
            let exception = vm.take_raised(raised);
            modules::main::report(vm, &exception)
        }
    }
}

fn start(vm: &Vm, program: &Program<'_>) -> PyResult<()> {
    // Before `__main__`, whose namespace the collector must be able to free.
    vm.heap.gc_settle();
    match *program {
        Program::Text {
            source,
            filename,
            keep_lines,
        } => {
            let main = modules::main::main_module(vm, filename)?;
            let kept = keep_lines.then(|| String::from_utf8_lossy(source));
            let mut request = request(vm, source, filename);
            if keep_lines {
                // The text of `-c` was decoded with the command line.
                request.flags = SOURCE_IS_TEXT;
            }
            describe_if_wanted(vm, &main, source)?;
            let code = vm.compiler.compile(vm, &request).inspect_err(|_| {
                if vm.explain.borrow().is_some() {
                    // Mistakes are shown within the text, which is in no file.
                    let lines = String::from_utf8_lossy(source);
                    let lines = lines.lines().map(str::to_owned).collect();
                    vm.sources.borrow_mut().insert(filename.to_owned(), lines);
                }
            })?;
            if let Some(text) = kept {
                typed_source::remember(vm, &code, &text)?;
            }
            run_in(vm, &main, &code)
        }
        Program::File { source, filename } => {
            let main = modules::main::main_module(vm, filename)?;
            describe_if_wanted(vm, &main, source)?;
            if import::cache::is_code_file(vm, filename, source) {
                let code = import::cache::read_code_file(vm, source)?;
                return run_code(vm, &main, &code);
            }
            let code = compiler::compile_file(vm, &request(vm, source, filename))?;
            run_in(vm, &main, &code)
        }
        Program::Module { name, set_argv } => {
            // What the parents of the module import may ask for `__main__`.
            let main = modules::main::main_module(vm, "")?;
            let Some(found) = import::find_main(vm, name)? else {
                let runpy = import::import_name(vm, "runpy")?;
                let run = protocol::get_attr_str(vm, &runpy, "_run_module_as_main")?;
                let name = vm.new_str(name)?;
                return protocol::call_args(vm, &run, &[&name.head, &vm.bool(set_argv)]).map(drop);
            };
            let filename = found.file.to_string_lossy().into_owned();
            describe(vm, &main, &found, &filename)?;
            if found.wants_spec() {
                import::describe(vm, &main)?;
            }
            if set_argv && let Some(argv) = vm.sys.get_text(vm, "argv")? {
                let first = vm.new_str(&filename)?;
                let zero = vm.new_int(0)?;
                protocol::set_item(vm, &argv, &zero, first.as_object())?;
            }
            let code = found.into_code(vm)?;
            run_code(vm, &main, &code)
        }
    }
}

/// Gives `__main__` its `__loader__` where the source speaks of it.
fn describe_if_wanted(vm: &Vm, main: &Ref<Module>, source: &[u8]) -> PyResult<()> {
    if import::wants_spec(source) {
        import::describe(vm, main)?;
    }
    Ok(())
}

/// The names that a module has beside those of a script.
fn describe(vm: &Vm, main: &Ref<Module>, found: &MainModule, filename: &str) -> PyResult<()> {
    let file = vm.new_str(filename)?;
    main.dict.set_str(vm, &vm.names.__file__, &file.head)?;
    let cached = match &found.cached {
        Some(path) => vm.new_str(&path.to_string_lossy())?.upcast(),
        None => vm.none_ref(),
    };
    main.dict.set_str(vm, &vm.names.__cached__, &cached)?;
    let package = vm.new_str(&found.package)?;
    main.dict
        .set_str(vm, &vm.names.__package__, &package.head)?;
    let spec = viv_runtime::types::simple_namespace::new(
        vm,
        &[
            ("name", vm.new_str(&found.name)?.upcast()),
            ("loader", vm.none_ref()),
            ("origin", file.clone().upcast()),
            ("submodule_search_locations", vm.none_ref()),
            ("cached", cached),
            ("parent", package.clone().upcast()),
            ("has_location", vm.bool(true)),
        ],
    )?;
    main.dict.set_str(vm, &vm.names.__spec__, &spec)
}

fn request<'a>(vm: &Vm, source: &'a [u8], filename: &'a str) -> CompileRequest<'a> {
    CompileRequest {
        source,
        filename,
        mode: CompileMode::Exec,
        flags: 0,
        optimize: vm.config.optimize,
    }
}

fn run_in(vm: &Vm, main: &Ref<Module>, code: &Arc<Code>) -> PyResult<()> {
    let code = eval::make_code(vm, code)?;
    run_code(vm, main, &code)
}

fn run_code(vm: &Vm, main: &Ref<Module>, code: &CodeObject) -> PyResult<()> {
    let globals = main.dict.clone();
    eval::run_code(vm, code, &globals, Some(&globals.head)).map(drop)
}
