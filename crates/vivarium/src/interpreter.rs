//! Building and running an interpreter.

use std::ffi::OsString;
use std::time::Duration;

use viv_runtime::eval::current::Entered;
use viv_runtime::vm::interp::{Config, Explain, Flags, Settings, Stdio};
use viv_runtime::vm::{LIBRARY_FOLDER, create};
use viv_runtime::{Heap, Vm, modules, protocol};

use viv_runtime::vm::signals::set_disposition;
use viv_system::signals::{self, Disposition};

use crate::compiler::SourceCompiler;
use crate::diagnostics::{self, Diagnostics};
use crate::limits::{Deadline, TIME_IS_UP};
use crate::program::{Program, execute};

/// The interrupt from the keyboard.
const SIGINT: i32 = 2;

/// The exit code where output could not be written at the end.
const UNFLUSHED: i32 = 120;

/// How an interpreter is set up.
pub struct Builder {
    config: Config,
    explain: Option<Explain>,
    max_heap: Option<usize>,
    max_time: Option<Duration>,
    audit: bool,
    allocator: Allocator,
    tracing: Option<usize>,
}

/// Where the blocks of a heap come from.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Allocator {
    /// Arenas, pools and blocks.
    #[default]
    Pools,
    /// The same with guard bytes behind blocks and poison in freed ones: a write where none may be is reported with the
    /// block, its type and the line that allocated it, and ends the process. Slow.
    Guarded,
    /// Each block from the system's allocator, for tools that watch that one. Slow, and a page of addresses for each block.
    System,
}

impl Allocator {
    /// A new heap of this kind.
    fn heap(self) -> Box<Heap> {
        match self {
            Allocator::Pools => Heap::new(),
            Allocator::Guarded => Heap::new_guarded(),
            Allocator::System => Heap::new_single(),
        }
    }

    /// What the environment asks for: `VIVMALLOC=debug`, `VIVMALLOC=malloc` or `VIVMALLOC=pymalloc`.
    fn from_environment() -> Result<Option<Allocator>, String> {
        match std::env::var("VIVMALLOC").as_deref() {
            Err(_) | Ok("") => Ok(None),
            Ok("default" | "pymalloc") => Ok(Some(Allocator::Pools)),
            Ok("debug" | "pymalloc_debug") => Ok(Some(Allocator::Guarded)),
            Ok("malloc") => Ok(Some(Allocator::System)),
            Ok(other) => Err(format!("VIVMALLOC: unknown allocator '{other}'")),
        }
    }
}

impl Default for Builder {
    fn default() -> Self {
        Builder {
            config: Config {
                argv: vec![OsString::new()],
                path: Vec::new(),
                optimize: 0,
                hash_seed: None,
                flags: Flags::default(),
                warn_options: Vec::new(),
                x_options: Vec::new(),
                executable: String::new(),
                settings: Settings::default(),
                stdio: Stdio::default(),
            },
            explain: None,
            max_heap: None,
            max_time: None,
            audit: false,
            allocator: Allocator::default(),
            tracing: None,
        }
    }
}

impl Builder {
    /// An interpreter that is set up as another one.
    pub(crate) fn like(config: Config) -> Builder {
        Builder {
            config,
            ..Builder::default()
        }
    }

    /// `sys.argv`
    pub fn argv<T: Into<OsString>>(mut self, argv: impl IntoIterator<Item = T>) -> Builder {
        self.config.argv = argv.into_iter().map(Into::into).collect();
        self
    }

    /// `sys.path`
    pub fn path(mut self, path: Vec<String>) -> Builder {
        self.config.path = path;
        self
    }

    /// `sys.executable`
    pub fn executable(mut self, executable: String) -> Builder {
        self.config.executable = executable;
        self
    }

    /// The switches that `sys.flags` shows.
    pub fn flags(mut self, flags: Flags) -> Builder {
        self.config.flags = flags;
        self
    }

    /// 1 leaves out assertions, 2 docstrings, too.
    pub fn optimize(mut self, optimize: u8) -> Builder {
        self.config.optimize = optimize;
        self
    }

    /// Makes strings hash the same in each run; 0 turns the variation off.
    pub fn hash_seed(mut self, seed: Option<u32>) -> Builder {
        self.config.hash_seed = seed;
        self
    }

    /// `sys.warnoptions`
    pub fn warn_options(mut self, options: Vec<String>) -> Builder {
        self.config.warn_options = options;
        self
    }

    /// `-X` options, each `name` or `name=value`: `sys._xoptions`
    pub fn x_options(mut self, options: Vec<String>) -> Builder {
        self.config.x_options = options;
        self
    }

    /// What `-X` options and their variables set.
    pub fn settings(mut self, settings: Settings) -> Builder {
        self.config.settings = settings;
        self
    }

    /// The encoding of the standard streams, and whether output goes out unbuffered.
    pub fn stdio(mut self, stdio: Stdio) -> Builder {
        self.config.stdio = stdio;
        self
    }

    /// What shows syntax errors instead of their plain text.
    pub fn explain(mut self, explain: Option<Explain>) -> Builder {
        self.explain = explain;
        self
    }

    /// The bytes that the program may hold; more is a MemoryError.
    pub fn max_heap(mut self, bytes: Option<usize>) -> Builder {
        self.max_heap = bytes;
        self
    }

    /// The time after which the program is stopped, with the exit code [`TIME_IS_UP`](crate::limits::TIME_IS_UP).
    pub fn max_time(mut self, time: Option<Duration>) -> Builder {
        self.max_time = time;
        self
    }

    /// Checks every count of the heap at the end of the program, and that nothing is left after it.
    pub fn audit(mut self, audit: bool) -> Builder {
        self.audit = audit;
        self
    }

    /// Where blocks come from, unless the environment says something else (`VIVMALLOC`).
    pub fn allocator(mut self, allocator: Allocator) -> Builder {
        self.allocator = allocator;
        self
    }

    /// Traces allocations from the start, with at most this many frames a block: what `tracemalloc.start` does.
    pub fn tracing(mut self, frames: Option<usize>) -> Builder {
        self.tracing = frames;
        self
    }

    /// Makes the interpreter.
    ///
    /// # Errors
    /// A sentence that says why, where there is not enough memory.
    pub fn build(mut self) -> Result<Interpreter, String> {
        self.config.path.push(LIBRARY_FOLDER.to_owned());
        let allocator = Allocator::from_environment()?.unwrap_or(self.allocator);
        let vm = create::create(allocator.heap(), self.config, Box::new(SourceCompiler))
            .ok_or("not enough memory for an interpreter")?;
        if allocator == Allocator::Guarded {
            vm.trace_for_reports();
        }
        if let Some(frames) = self.tracing {
            vm.start_tracing(frames);
        }
        vm.native_modules.borrow_mut().extend_from_slice(&[
            ("itertools", |vm| {
                viv_runtime::modules::itertools::MODULE.make(vm)
            }),
            ("_io", |vm| viv_runtime::modules::io::MODULE.make(vm)),
            ("math", |vm| viv_runtime::modules::math::MODULE.make(vm)),
            ("_vivarium_interpreters", |vm| {
                crate::nested::MODULE.make(vm)
            }),
        ]);
        vm.native_modules
            .borrow_mut()
            .extend_from_slice(viv_stdlib::modules());
        vm.library.set(Some(&viv_stdlib::library::EMBEDDED));
        vm.explain.replace(self.explain);
        vm.run_isolated.set(Some(crate::isolated::run));
        let mut diagnostics = Diagnostics::from_environment();
        diagnostics.check_counts |= self.audit;
        diagnostics.check_shutdown |= self.audit;
        Ok(Interpreter {
            vm,
            diagnostics,
            max_heap: self.max_heap,
            max_time: self.max_time,
        })
    }
}

/// An interpreter with a heap of its own.
pub struct Interpreter {
    vm: Box<Vm>,
    diagnostics: Diagnostics,
    max_heap: Option<usize>,
    max_time: Option<Duration>,
}

impl Interpreter {
    /// The way to set one up.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The interpreter's thread state; it is entered for as long as the guard lives.
    pub fn enter(&self) -> (&Vm, Entered) {
        (&self.vm, self.vm.enter())
    }

    /// The same without entering it.
    pub(crate) fn state(&self) -> &Vm {
        &self.vm
    }

    /// Runs source text as the module `__main__`; gives the exit code. What goes wrong is printed to standard error, as
    /// the command line does.
    pub fn run_source(&self, source: &[u8], filename: &str) -> i32 {
        self.run(|vm| execute(vm, &Program::File { source, filename }))
    }

    /// Runs what `body` does as the life of the interpreter: modules are ready before it, and are taken down after it.
    /// Gives the exit code that `body` gives, unless the diagnostics have found something.
    pub fn run(&self, body: impl FnOnce(&Vm) -> i32) -> i32 {
        let (vm, _entered) = self.enter();
        vm.watch_interrupt();
        vm.listen_for_scripts();
        self.diagnostics.start(vm);
        let deadline = self.max_time.map(|time| Deadline::start(vm, time));
        let mut code = match modules::main::prepare(vm) {
            Ok(()) => {
                if let Some(bytes) = self.max_heap {
                    vm.heap.set_limit(bytes);
                }
                body(vm)
            }
            Err(raised) => {
                let exception = vm.take_raised(raised);
                modules::main::report(vm, &exception)
            }
        };
        // What ends the interpreter needs memory and time of its own.
        vm.heap.set_limit(usize::MAX);
        if deadline.is_some_and(|d| d.end(vm)) {
            code = TIME_IS_UP;
        }
        if vm.config.settings.malloc_stats {
            let told = (vm.sys.get_text(vm, "_debugmallocstats")).and_then(|tell| {
                tell.map_or(Ok(()), |tell| protocol::call_no_args(vm, &tell).map(drop))
            });
            if let Err(raised) = told {
                drop(vm.take_raised(raised));
            }
        }
        self.diagnostics.end(vm);
        // What native code owns on the stack of another thread is unknown until that has ended.
        let alone = vm.is_only_thread();
        let mut found = if alone {
            self.diagnostics.check(vm)
        } else {
            Vec::new()
        };
        let flushed = vm.shutdown();
        if !alone && self.diagnostics.check_counts {
            vm.end_other_threads();
            found = self.diagnostics.check(vm);
        }
        for line in &found {
            eprintln!("viv: audit: {line}");
        }
        if found.is_empty() && !flushed {
            UNFLUSHED
        } else if found.is_empty() {
            code
        } else {
            diagnostics::FOUND
        }
    }

    /// Ends an interpreter of a process that goes on.
    pub(crate) fn end(self) {
        {
            let (vm, _entered) = self.enter();
            vm.shutdown();
        }
        for line in self.vm.take_down() {
            eprintln!("viv: left in the heap: {line}");
        }
    }

    /// Ends the interpreter of a process that is about to end; gives the exit code, which is another one where the diagnostics asked for in the environment
    /// have found something. See [`crate::diagnostics`].
    pub fn finish(self, code: i32) -> i32 {
        if code == modules::main::INTERRUPTED {
            // A parent that waits sees the signal. Where it does not end the process, the exit code speaks of it.
            let default = set_disposition(&self.vm, SIGINT, Disposition::Default);
            if default.is_ok() {
                let _ = signals::raise(SIGINT);
            }
        }
        if !self.diagnostics.check_shutdown {
            // The process ends now, and the system takes all of its memory at once.
            std::mem::forget(self);
            return code;
        }
        let left = self.vm.take_down();
        if left.is_empty() {
            return code;
        }
        for line in left {
            eprintln!("viv: left in the heap: {line}");
        }
        diagnostics::FOUND
    }
}
