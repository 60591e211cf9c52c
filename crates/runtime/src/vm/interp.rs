//! The state of one interpreter: everything that its threads share.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::atomic::AtomicU32;

use viv_heap::{Heap, Object, Ref};

use super::exceptions::Exceptions;
use super::names::Names;
use crate::object::{Bytes, Code, Dict, Int, Module, Singleton, Slot, Str, Tuple, Type};
use crate::result::PyResult;
use crate::types::registry::Types;
use crate::vm::Vm;

/// What the compiler is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompileMode {
    /// A module.
    Exec,
    /// One expression.
    Eval,
    /// One interactive statement, whose expressions are shown.
    Single,
}

/// How to compile.
#[derive(Clone, Copy, Debug)]
pub struct CompileRequest<'a> {
    /// The source text as bytes.
    pub source: &'a [u8],
    /// The name of the file for positions.
    pub filename: &'a str,
    /// What the source is.
    pub mode: CompileMode,
    /// `__future__` and other flags (`ast.PyCF_*`).
    pub flags: u32,
    /// 0, 1 (`-O`) or 2 (`-OO`).
    pub optimize: u8,
}

/// A block of a source text and what it does with names: what `_symtable` shows.
#[derive(Clone, Debug)]
pub struct SymbolBlock {
    /// What it is called.
    pub name: String,
    /// CPython's number of the kind: 0 for a function, 1 for a class, 2 for a module and so on.
    pub kind: u8,
    /// The line where it begins.
    pub line: u32,
    /// Whether it is inside of a function.
    pub nested: bool,
    /// The parameters.
    pub parameters: Vec<String>,
    /// The names with CPython's bits: the uses, and the scope from bit 12 on.
    pub symbols: Vec<(String, u32)>,
    /// Places of the blocks inside, all of them behind this one.
    pub children: Vec<usize>,
}

/// The compiler, which the façade plugs in: the runtime does not depend on it.
pub trait Compiler {
    /// Compiles source text; raises the SyntaxError and issues the warnings itself.
    ///
    /// # Errors
    /// SyntaxError and its subclasses; ValueError, MemoryError, RecursionError.
    fn compile(
        &self,
        vm: &Vm,
        request: &CompileRequest<'_>,
    ) -> PyResult<std::sync::Arc<viv_bytecode::Code>>;

    /// The syntax tree of a source text, as a node of the module `ast`.
    ///
    /// # Errors
    /// As [`Compiler::compile`].
    fn parse(&self, vm: &Vm, _request: &CompileRequest<'_>) -> PyResult {
        Err(vm.not_implemented_error("this compiler gives no syntax trees"))
    }

    /// The blocks of a source text with their names; the first is the module's.
    ///
    /// # Errors
    /// As [`Compiler::compile`].
    fn symbols(&self, vm: &Vm, _request: &CompileRequest<'_>) -> PyResult<Vec<SymbolBlock>> {
        Err(vm.not_implemented_error("this compiler gives no symbol tables"))
    }

    /// Compiles a tree that a script has made: a node of the module `ast`. Nothing where the object is none. The request has
    /// no source.
    ///
    /// # Errors
    /// As [`Compiler::compile`], TypeError and ValueError for what is no good tree.
    fn compile_tree(
        &self,
        _vm: &Vm,
        _node: &Object,
        _request: &CompileRequest<'_>,
    ) -> PyResult<Option<std::sync::Arc<viv_bytecode::Code>>> {
        Ok(None)
    }

    /// Where the operator of a binary operation, the brackets of a subscript or the parentheses of a call stand in the
    /// text of one expression: what a traceback underlines with `^`. Positions are (line, byte column), both from 0.
    fn anchors(&self, _expression: &str) -> Option<Anchors> {
        None
    }

    /// The encoding that a source declares, if it does.
    fn declared_encoding(&self, _source: &[u8]) -> Option<String> {
        None
    }

    /// What a SyntaxError becomes if a keyword in its source was misspelt.
    fn keyword_typo(&self, _broken: &BrokenSource<'_>) -> Option<KeywordTypo> {
        None
    }

    /// Whether these lines are one statement `return name(…)`, `target = call(…)` whose call covers exactly the bytes
    /// from `start` in the first line to `end` in the last: such a call is not underlined.
    fn is_plain_call(&self, _lines: &str, _start: usize, _end: usize) -> bool {
        false
    }
}

/// An exception that a program may have more to say about than its text: one of the syntax, or a name that is not there.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// The name of the class.
    pub class: String,
    /// The message.
    pub message: String,
    /// The file.
    pub filename: String,
    /// The whole source, or the line alone; empty where there is none.
    pub source: String,
    /// The place: lines, and columns in characters, from 1; 0 or less where unknown.
    pub line: i64,
    /// See `line`.
    pub column: i64,
    /// See `line`.
    pub end_line: i64,
    /// See `line`.
    pub end_column: i64,
    /// Whether `source` is only the line of the error.
    pub is_line: bool,
    /// The text that is shown otherwise.
    pub plain: String,
}

/// Methods and getters that a class has beside the wrappers of its slots.
pub(crate) type Members = (
    viv_heap::Ref<crate::object::Type>,
    &'static [crate::native::MethodDef],
    &'static [crate::native::GetSetDef],
);

/// Gives the text that is shown for a [`Mistake`].
pub type Explain = std::rc::Rc<dyn Fn(&Mistake) -> String>;

/// See [`Compiler::anchors`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchors {
    /// The first position that is underlined with `^`.
    pub left: (usize, usize),
    /// The position after the last.
    pub right: (usize, usize),
}

/// See [`Compiler::keyword_typo`].
#[derive(Clone, Copy, Debug)]
pub struct BrokenSource<'a> {
    /// The whole source.
    pub source: &'a str,
    /// Whether it was run from a file.
    pub from_file: bool,
    /// The line of the last compound statement that was whole, 0 if there was none.
    pub statement_line: u32,
    /// The line of the error.
    pub line: u32,
    /// The error's message.
    pub message: &'a str,
}

/// See [`Compiler::keyword_typo`].
#[derive(Clone, Debug)]
pub struct KeywordTypo {
    /// The message.
    pub message: String,
    /// The line that is shown.
    pub text: Option<String>,
    /// The columns in characters, from 1.
    pub columns: (i32, i32),
}

/// A library of Python sources that the program carries: modules import from it as from a folder.
pub trait Library {
    /// The source text of a file, given by its path inside the library (`json/decoder.py`).
    fn read(&self, path: &str) -> Option<Vec<u8>>;

    /// Whether there is a file of this path.
    fn has(&self, path: &str) -> bool;

    /// The code of a file, as [`viv_bytecode::image::read_body`] reads it: compiled with docstrings and assertions.
    fn code(&self, _path: &str) -> Option<&'static [u8]> {
        None
    }

    /// Whether the code of a file asks for its own `__spec__` or `__loader__` by name.
    fn names_spec(&self, _path: &str) -> bool {
        false
    }

    /// Nobody is reading code: what of it lies in memory for that need not stay there.
    fn rest(&self) {}

    /// The number of the compiler that made the code, which cached code carries.
    fn compiler(&self) -> u64 {
        0
    }

    /// The modules that stand for what other Pythons have built in.
    fn builtin_names(&self) -> &'static [&'static str];

    /// The paths of all files, sorted.
    fn paths(&self) -> Vec<&'static str>;

    /// Why there is no such module, where that is known.
    fn why_absent(&self, _name: &str) -> Option<&'static str> {
        None
    }
}

/// The folder that stands for the [`Library`] in `sys.path`, `__file__` and tracebacks.
pub const LIBRARY_FOLDER: &str = "<vivarium>";

/// A native module: its name and the function that makes it.
pub type NativeModule = (&'static str, fn(&Vm) -> PyResult<Ref<Module>>);

/// A function to call at exit with its positional and keyword arguments.
pub type ExitFunction = (Ref, Ref<Tuple>, Option<Ref<Dict>>);

/// Runs source text as a program in an interpreter with a heap and a lock of its own, set up as this one is; the exit code.
pub type RunIsolated = fn(&Vm, &str) -> i32;

/// How an interpreter is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sys.argv`
    pub argv: Vec<std::ffi::OsString>,
    /// The first entries of `sys.path`.
    pub path: Vec<String>,
    /// 0, 1 or 2.
    pub optimize: u8,
    /// `PYTHONHASHSEED`, where given: strings hash the same in each run.
    pub hash_seed: Option<u32>,
    /// `-v`, `-q`, `-i`, `-B`, `-I`, `-E`, `-s`, `-S`, `-b`, `-P`, `-X dev`, `-X utf8` as `sys.flags` shows them.
    pub flags: Flags,
    /// `-W` options.
    pub warn_options: Vec<String>,
    /// `-X` options.
    pub x_options: Vec<String>,
    /// `sys.executable`
    pub executable: String,
    /// What `-X` options and their variables set.
    pub settings: Settings,
    /// The standard streams.
    pub stdio: Stdio,
}

/// What `-X` options and the variables that mean the same set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sys.get_int_max_str_digits()` at the start.
    pub int_max_str_digits: usize,
    /// `-X importtime`: 1 shows the time of each import, 2 also the imports of modules that are there.
    pub import_time: u8,
    /// What `os.cpu_count()` says, if it does not ask the system.
    pub cpu_count: Option<i32>,
    /// Code objects keep columns, for the carets of tracebacks.
    pub debug_ranges: bool,
    /// `open()` without an encoding warns.
    pub warn_default_encoding: bool,
    /// Threads start with their parent's context.
    pub thread_inherit_context: bool,
    /// `warnings.catch_warnings` uses a context variable.
    pub context_aware_warnings: bool,
    /// `sys.pycache_prefix`
    pub pycache_prefix: Option<String>,
    /// When files in `__pycache__` that have a hash of their source are checked.
    pub hash_check: HashCheck,
    /// The allocator's statistics are printed at the end.
    pub malloc_stats: bool,
    /// Other processes may ask for scripts to be run: `sys.remote_exec`.
    pub remote_debug: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            int_max_str_digits: 4300,
            import_time: 0,
            cpu_count: None,
            debug_ranges: true,
            warn_default_encoding: false,
            thread_inherit_context: false,
            context_aware_warnings: false,
            pycache_prefix: None,
            hash_check: HashCheck::Default,
            malloc_stats: false,
            remote_debug: false,
        }
    }
}

/// When files in `__pycache__` that have a hash of their source are checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum HashCheck {
    /// In any case.
    Always,
    /// Where the file says so.
    #[default]
    Default,
    /// In no case.
    Never,
}

/// How the standard streams are set up.
#[derive(Clone, Debug)]
pub struct Stdio {
    /// The encoding of all three.
    pub encoding: String,
    /// What standard input and output do with what cannot be decoded or encoded.
    pub errors: String,
    /// Output is not buffered.
    pub unbuffered: bool,
}

impl Default for Stdio {
    fn default() -> Stdio {
        Stdio {
            encoding: "utf-8".to_owned(),
            errors: "strict".to_owned(),
            unbuffered: false,
        }
    }
}

/// The switches that `sys.flags` shows.
#[derive(Clone, Copy, Default, Debug)]
#[allow(missing_docs)]
pub struct Flags {
    pub debug: u8,
    pub inspect: bool,
    pub interactive: bool,
    pub dont_write_bytecode: bool,
    pub no_user_site: bool,
    pub no_site: bool,
    pub ignore_environment: bool,
    pub verbose: u8,
    pub bytes_warning: u8,
    pub quiet: bool,
    pub isolated: bool,
    pub dev_mode: bool,
    pub safe_path: bool,
    pub utf8_mode: bool,
}

/// The heap of an interpreter; a second owner exists only while the interpreter is taken down.
pub type SharedHeap = std::rc::Rc<Box<Heap>>;

/// Hashes an address by itself: a multiplication spreads its bits.
#[derive(Clone, Copy, Default, Debug)]
pub struct AddressHasher(u64);

impl std::hash::Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_usize(usize::from(byte));
        }
    }

    fn write_usize(&mut self, n: usize) {
        self.0 = (self.0.rotate_left(5) ^ n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 32;
    }
}

/// A map from addresses.
pub type AddressMap<T> = HashMap<usize, T, std::hash::BuildHasherDefault<AddressHasher>>;

/// A type made on demand, with what it was made from where its slots are not in the registry.
pub type ExtraType = (Ref<Type>, Option<&'static crate::types::spec::TypeSpec>);

/// One interpreter: its heap, types, modules and shared caches. It shares nothing with another one but immutable data.
pub struct Interp {
    /// Whether the quick tier and all caches are off: every instruction is done by its general handler.
    pub plain: Cell<bool>,
    /// Methods and getters of exception classes, for their namespaces.
    pub(crate) exception_members: RefCell<Vec<Members>>,
    /// How much of the library's code has been read since it was last left to [rest](Library::rest).
    pub(crate) library_read: Cell<u32>,
    /// Whether all builtin types have their namespaces, see [`Vm::complete_types`].
    pub(crate) types_complete: Cell<bool>,
    /// The builtin types.
    pub types: Types,
    /// The builtin exception types.
    pub exceptions: Exceptions,
    /// Interned names.
    pub names: Names,
    /// `None`
    pub none: Ref<Singleton>,
    /// `NotImplemented`
    pub not_implemented: Ref<Singleton>,
    /// `...`
    pub ellipsis: Ref<Singleton>,
    /// `True`
    pub true_: Ref<Int>,
    /// `False`
    pub false_: Ref<Int>,
    /// The ints from -5 to 256.
    pub small_ints: Vec<Ref<Int>>,
    /// `()`
    pub empty_tuple: Ref<Tuple>,
    /// `""`
    pub empty_str: Ref<Str>,
    /// Strings of one character below U+0100, made when first wanted.
    pub latin1: [Slot<Str>; 256],
    /// The bytes objects of one byte, made when first wanted, and the empty one behind them.
    pub small_bytes: [Slot<Bytes>; 257],
    /// The MemoryError that is raised when there is no room for one.
    pub memory_error: Ref,
    /// The dict of `builtins`.
    pub builtins: Ref<Dict>,
    /// The dict of `sys`.
    pub sys: Ref<Dict>,
    /// `sys.modules`
    pub modules: Ref<Dict>,
    /// How it was set up.
    pub config: Config,
    /// The native modules that can be imported.
    pub native_modules: RefCell<Vec<NativeModule>>,
    /// The library that the program carries, if any.
    pub library: Cell<Option<&'static dyn Library>>,
    /// The compiler.
    pub compiler: Box<dyn Compiler>,
    /// Types that native modules have added, by the number of their spec.
    pub extra_types: RefCell<Vec<Option<ExtraType>>>,
    /// The interned strings.
    pub(crate) interned: RefCell<super::intern::InternTable>,
    /// Cache of attribute lookups through the MRO.
    pub(crate) lookup_cache: crate::object::lookup::LookupCache,
    /// The last version given to a type or a dict.
    pub(crate) last_version: Cell<u32>,
    /// Key of the string hash.
    pub(crate) hash_key: (u64, u64),
    /// Bits that the eval loop tests between instructions: see [`breaker`].
    pub breaker: &'static AtomicU32,
    /// `sys.getrecursionlimit()`
    pub recursion_limit: Cell<usize>,
    /// Whether the interpreter is being taken down.
    pub finalizing: Cell<bool>,
    /// `sys.set_int_max_str_digits`
    pub int_max_str_digits: Cell<usize>,
    /// Lines of source files that tracebacks have shown, by file name.
    pub sources: RefCell<HashMap<String, crate::modules::traceback_text::ShownSource>>,
    /// What shows syntax errors instead of their plain text.
    pub explain: RefCell<Option<Explain>>,
    /// What runs source text in another interpreter of this process.
    pub run_isolated: Cell<Option<RunIsolated>>,
    /// Source text that has no file (`-c`, the prompt).
    pub typed: RefCell<crate::modules::typed_source::TypedSources>,
    /// The names of the special methods in the order of their slots.
    pub(crate) slot_names: std::cell::OnceCell<Box<[Ref<Str>]>>,
    /// Codecs and error handlers.
    pub codecs: crate::modules::codecs::Registry,
    /// Functions to call at exit: `atexit`.
    pub exit_functions: RefCell<Vec<ExitFunction>>,
    /// `sys.set_coroutine_origin_tracking_depth`
    pub coroutine_origin_depth: Cell<i64>,
    /// The threads that run its Python code.
    pub threads: super::threads::Threads,
    /// The handlers of signals: `signal.signal`.
    pub signal_handlers: super::signals::Handlers,
    /// The hooks of `sys.addaudithook`.
    pub audit_hooks: RefCell<Vec<Ref>>,
    /// `sys.setdlopenflags`
    pub dlopen_flags: Cell<i32>,
    /// The names of the modules whose code runs for the first time.
    pub importing: RefCell<Vec<String>>,
    /// `-X importtime`
    pub import_clock: crate::modules::import_time::ImportClock,
    /// What event loops keep.
    pub event_loops: super::event_loops::EventLoops,
    /// What files need.
    pub io: crate::modules::io::State,
    /// Filters of warnings.
    pub warnings: crate::modules::warnings::Warnings,
    /// What the collector keeps for scripts.
    pub memory: super::memory::Memory,
    /// Traces of allocations, while they are traced.
    pub(crate) tracer: RefCell<Option<Box<super::tracer::Tracer>>>,
    /// Code of the running main script, for `-i`.
    pub main_code: Slot<Code>,
    /// The heap; everything above lives in it, so it is the last to go.
    pub heap: SharedHeap,
}

/// Bits of [`Interp::breaker`].
pub mod breaker {
    /// A collection is due.
    pub const COLLECT: u32 = 1;
    /// A signal has arrived.
    pub const SIGNAL: u32 = 1 << 1;
    /// Another thread wants to run.
    pub const GIL: u32 = 1 << 2;
    /// Instructions are traced: set as long as they are.
    pub const TRACE: u32 = 1 << 3;
    /// The time of the program is up (`--max-time`). The bit stays, and no handler catches anything while it is there.
    pub const TIME: u32 = 1 << 4;
    /// Another process asks for a script to be run.
    pub const SCRIPT: u32 = 1 << 5;
}
