//! The native part of the module `faulthandler`: reports of where threads are, when asked and when the process is killed.

use nix::sys::signal::{Signal, raise};
use viv_runtime::eval::fault;
use viv_runtime::modules::io::system::os_error;
use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::Type;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm, protocol};
use viv_system::fault as system;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_faulthandler",
    doc: "Reports of where threads are.",
    functions: &[REPORTS, FAULTS],
    fill: |_, _| Ok(()),
};

const REPORTS: &[MethodDef] = &[
    MethodDef::new(
        "enable",
        "($module, /, file=sys.stderr, all_threads=True, c_stack=True)",
        NativeCall::Bound(|vm, _, args| {
            let fd = descriptor(vm, args[0])?;
            let (all, native) = (flag(vm, args[1])?, flag(vm, args[2])?);
            fault::enable(fd, all, native).map_err(|e| os_error(vm, &e, None))?;
            Ok(vm.none_ref())
        }),
        "Enable the fault handler.",
    ),
    MethodDef::new(
        "disable",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.bool(system::disable()))),
        "Disable the fault handler.",
    ),
    MethodDef::new(
        "is_enabled",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.bool(system::is_enabled()))),
        "Check if the handler is enabled.",
    ),
    MethodDef::new(
        "dump_traceback",
        "($module, /, file=sys.stderr, all_threads=True)",
        NativeCall::Bound(|vm, _, args| {
            let fd = descriptor(vm, args[0])?;
            fault::write_threads(fd, flag(vm, args[1])?, true);
            Ok(vm.none_ref())
        }),
        "Dump the traceback of the current thread into file.",
    ),
    MethodDef::new(
        "dump_c_stack",
        "($module, /, file=sys.stderr)",
        NativeCall::Bound(|vm, _, args| {
            system::write_native_calls(descriptor(vm, args[0])?);
            Ok(vm.none_ref())
        }),
        "Dump the C stack of the current thread.",
    ),
    MethodDef::new(
        "dump_others",
        "($module, fd, /)",
        NativeCall::One(|vm, _, fd| {
            fault::write_threads(number(vm, fd)?, true, false);
            Ok(vm.none_ref())
        }),
        "Dump the tracebacks of all threads but this one.",
    ),
    MethodDef::new(
        "descriptor",
        "($module, file, /)",
        NativeCall::One(|vm, _, file| vm.new_int(descriptor(vm, Some(file))?.into())),
        "The number of a file that is about to be written: its buffer is flushed.",
    ),
    MethodDef::new(
        "register",
        "($module, /, signum, file=sys.stderr, all_threads=True, chain=False)",
        NativeCall::Bound(|vm, _, args| {
            let signal = signal(vm, args[0])?;
            let fd = descriptor(vm, args[1])?;
            let all = flag(vm, args[2])?;
            let chain = args[3].map_or(Ok(false), |chain| protocol::is_true(vm, chain))?;
            fault::register(signal, fd, all, chain).map_err(|e| os_error(vm, &e, None))?;
            Ok(vm.none_ref())
        }),
        "Register a handler for the signal 'signum'.\n\nDump the traceback of the current thread, or of all threads if\nall_threads is True, into file.",
    ),
    MethodDef::new(
        "unregister",
        "($module, signum, /)",
        NativeCall::One(|vm, _, signum| {
            let signal = signal(vm, Some(signum))?;
            Ok(vm.bool(system::unregister(signal)))
        }),
        "Unregister the handler of the signal 'signum' registered by register().",
    ),
];

/// Functions that end the process, for tests.
const FAULTS: &[MethodDef] = &[
    MethodDef::positional(
        "_sigsegv",
        "",
        0,
        1,
        |vm, _, _| die(vm, Signal::SIGSEGV),
        "Raise a SIGSEGV signal.",
    ),
    MethodDef::positional(
        "_read_null",
        "",
        0,
        0,
        |vm, _, _| die(vm, Signal::SIGSEGV),
        "Raise a SIGSEGV signal.",
    ),
    MethodDef::positional(
        "_sigabrt",
        "",
        0,
        0,
        |vm, _, _| die(vm, Signal::SIGABRT),
        "Raise a SIGABRT signal.",
    ),
    MethodDef::positional(
        "_sigfpe",
        "",
        0,
        0,
        |vm, _, _| die(vm, Signal::SIGFPE),
        "Raise a SIGFPE signal.",
    ),
];

fn die(vm: &Vm, signal: Signal) -> PyResult {
    // Where no report is written, the first one may be taken for a fault that will come again.
    match raise(signal).and_then(|()| raise(signal)) {
        Ok(()) => Ok(vm.none_ref()),
        Err(e) => Err(os_error(vm, &e.into(), None)),
    }
}

fn flag(vm: &Vm, given: Option<&Object>) -> PyResult<bool> {
    given.map_or(Ok(true), |flag| protocol::is_true(vm, flag))
}

fn number(vm: &Vm, object: &Object) -> PyResult<i32> {
    let wide = protocol::to_i64(vm, object)?;
    i32::try_from(wide).map_err(|_| vm.overflow_error("Python int too large to convert to C int"))
}

/// The number of a signal that a report may be registered for.
fn signal(vm: &Vm, object: Option<&Object>) -> PyResult<i32> {
    let signal = match object {
        Some(object) => number(vm, object)?,
        None => 0,
    };
    if system::is_fatal(signal) {
        return Err(vm.runtime_error(format!(
            "signal {signal} cannot be registered, use enable() instead"
        )));
    }
    if !(1..viv_system::signals::COUNT as i32).contains(&signal) {
        return Err(vm.value_error("signal number out of range"));
    }
    Ok(signal)
}

/// The number of a file, `sys.stderr` where none is given; what it has in its buffer is written.
fn descriptor(vm: &Vm, file: Option<&Object>) -> PyResult<i32> {
    let stderr;
    let file = match file.filter(|file| !vm.is_none(file)) {
        Some(file) => file,
        None => {
            stderr = vm.sys.get_str(vm, &vm.names.stderr);
            match &stderr {
                Some(stderr) if !vm.is_none(stderr) => stderr,
                Some(_) => return Err(vm.runtime_error("sys.stderr is None")),
                None => return Err(vm.runtime_error("unable to get sys.stderr")),
            }
        }
    };
    if Type::of(file).is_subtype(&vm.types.int) {
        let fd = number(vm, file)?;
        if fd < 0 {
            return Err(vm.value_error("file is not a valid file descriptor"));
        }
        return Ok(fd);
    }
    let name = vm.intern("fileno")?;
    let fd = protocol::call_method(vm, file, &name, &[])?;
    let fd = if Type::of(&fd).is_subtype(&vm.types.int) {
        number(vm, &fd)?
    } else {
        -1
    };
    if fd < 0 {
        return Err(vm.runtime_error("file.fileno() is not a valid file descriptor"));
    }
    // A file that cannot be flushed is written all the same.
    let name = vm.intern("flush")?;
    drop(protocol::call_method(vm, file, &name, &[]));
    Ok(fd)
}
