//! `-X importtime` and `-v`: what is imported, and how long that takes.
//!
//! The time of an import is its own without that of the imports in it. Lines go to the process's standard error, as in
//! CPython, for `sys.stderr` may be what is being imported.

use std::cell::Cell;
use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::object::{Module, Str};
use crate::result::PyResult;
use crate::vm::Vm;
use viv_heap::Ref;

/// What the imports that are on their way have taken.
#[derive(Default)]
pub struct ImportClock {
    /// The header has been written.
    started: Cell<bool>,
    /// How many imports are on their way.
    depth: Cell<usize>,
    /// What the imports within the innermost one have taken.
    inner: Cell<Duration>,
}

/// Whether imports are told of.
pub fn is_on(vm: &Vm) -> bool {
    vm.config.settings.import_time > 0 || vm.config.flags.verbose > 0
}

/// Writes a line to standard error; where it is gone nobody reads it.
fn line(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

fn header(vm: &Vm) {
    if !vm.import_clock.started.replace(true) {
        line("import time: self [us] | cumulative | imported package");
    }
}

/// Tells of an import of a module that is there, if that is wanted.
pub fn cached(vm: &Vm, name: &str) {
    if vm.config.settings.import_time >= 2 {
        header(vm);
        let blanks = vm.import_clock.depth.get() * 2;
        line(&format!(
            "import time: cached    | cached     | {:blanks$}{name}",
            ""
        ));
    }
}

/// Imports a module, and tells of it.
///
/// # Errors
/// What the import raises.
pub fn timed(vm: &Vm, name: &str, import: impl FnOnce() -> PyResult) -> PyResult {
    let clock = &vm.import_clock;
    let timed = vm.config.settings.import_time > 0;
    if timed {
        header(vm);
    }
    let before = clock.inner.replace(Duration::ZERO);
    let depth = clock.depth.get();
    clock.depth.set(depth + 1);
    let start = Instant::now();
    let imported = import();
    let whole = start.elapsed();
    clock.depth.set(depth);
    let inner = clock.inner.replace(before + whole);
    if timed {
        line(&format!(
            "import time: {:9} | {:10} | {:blanks$}{name}",
            whole.saturating_sub(inner).as_micros(),
            whole.as_micros(),
            "",
            blanks = depth * 2
        ));
    }
    if vm.config.flags.verbose > 0
        && let Ok(module) = &imported
    {
        line(&format!("import {name:?} # {}", origin(vm, module)).replace('"', "'"));
    }
    imported
}

/// Where a module comes from.
fn origin(vm: &Vm, module: &Ref) -> String {
    let file = (module.downcast::<Module>())
        .and_then(|module| module.dict.get_str(vm, &vm.names.__file__))
        .and_then(|file| file.cast::<Str>().ok());
    match file {
        Some(file) => file.to_text().into_owned(),
        None => "built-in".to_owned(),
    }
}
