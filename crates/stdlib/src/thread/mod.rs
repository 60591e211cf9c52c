//! The module `_thread`: threads, locks, and values of one thread. `_queue` stands beside it.

pub mod excepthook;
pub mod handle;
pub mod local;
pub mod lock;
pub mod queue;
pub mod rlock;
pub mod timeout;

use std::rc::Rc;

use viv_runtime::modules::make::{ModuleSpec, add_float, add_int};
use viv_runtime::object::{Dict, Str, Tuple};
use viv_runtime::protocol;
use viv_runtime::vm::signals::simulate;
use viv_runtime::vm::threads::{self, Handle, Start};
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm};
use viv_system::signals::{self, Disposition};

use handle::ThreadHandle;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_thread",
    doc: "This module provides primitive operations to write multi-threaded programs.\nThe 'threading' module provides a more convenient interface.",
    functions: &[STARTS, ABOUT, SETTINGS],
    fill: |vm, module| {
        let lock = lock::lock_type(vm)?;
        for (name, value) in [
            ("lock", &lock),
            ("LockType", &lock),
            ("RLock", &rlock::rlock_type(vm)?),
            ("_local", &local::local_type(vm)?),
            ("_ThreadHandle", &handle::handle_type(vm)?),
            ("_ExceptHookArgs", &excepthook::args_type(vm)?),
            ("error", &vm.exceptions.RuntimeError),
        ] {
            module.dict.set_text(vm, name, value.as_object())?;
        }
        add_int(vm, module, "_NAME_MAXLEN", NAME_MOST as i64)?;
        add_float(vm, module, "TIMEOUT_MAX", TIMEOUT_MAX)
    },
};

/// Seconds that a lock can be waited for.
const TIMEOUT_MAX: f64 = 9_223_372_036.0;
/// Bytes of a thread's name that the system keeps.
const NAME_MOST: usize = 15;
/// The smallest native stack that may be asked for.
const STACK_LEAST: i64 = 53_248;

const fn call(
    name: &'static str,
    signature: &'static str,
    (min, max): (usize, usize),
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(
        name,
        signature,
        NativeCall::Positional { min, max, call },
        doc,
    )
}

const STARTS: &[MethodDef] = &[
    call(
        "start_new_thread",
        "($module, function, args, kwargs={}, /)",
        (2, 3),
        start_new_thread,
        "Start a new thread and return its identifier.\n\nThe thread will call the function with positional arguments from the\ntuple args and keyword arguments taken from the optional dictionary\nkwargs.  The thread exits when the function returns; the return value\nis ignored.  The thread will also exit when the function raises an\nunhandled exception; a stack trace will be printed unless the exception\nis SystemExit.",
    ),
    call(
        "start_new",
        "($module, function, args, kwargs={}, /)",
        (2, 3),
        start_new_thread,
        "An obsolete synonym of start_new_thread().",
    ),
    MethodDef::new(
        "start_joinable_thread",
        "($module, /, function, handle=None, daemon=True)",
        NativeCall::Bound(start_joinable_thread),
        "*For internal use only*: start a new thread.\n\nLike start_new_thread(), this starts a new thread calling the given function.\nUnlike start_new_thread(), this returns a handle object with methods to join\nor detach the given thread.\nThis function is not for third-party code, please use the\n`threading` module instead. During finalization the runtime will not wait for\nthe thread to exit if daemon is True. If handle is provided it must be a\nnewly created thread._ThreadHandle instance.",
    ),
    MethodDef::new(
        "daemon_threads_allowed",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.bool(true))),
        "Return True if daemon threads are allowed in the current interpreter,\nand False otherwise.\n",
    ),
    MethodDef::new(
        "exit_thread",
        "($module, /)",
        NativeCall::NoArgs(exit),
        "An obsolete synonym of exit().",
    ),
    MethodDef::new(
        "exit",
        "($module, /)",
        NativeCall::NoArgs(exit),
        "This is synonymous to ``raise SystemExit''.  It will cause the current\nthread to exit silently unless the exception is caught.",
    ),
    MethodDef::new(
        "allocate_lock",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| lock::new(vm)),
        "Create a new lock object. See help(type(threading.Lock())) for\ninformation about locks.",
    ),
    MethodDef::new(
        "allocate",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| lock::new(vm)),
        "An obsolete synonym of allocate_lock().",
    ),
    call(
        "interrupt_main",
        "($module, signum=signal.SIGINT, /)",
        (0, 1),
        interrupt_main,
        "Simulate the arrival of the given signal in the main thread,\nwhere the corresponding signal handler will be executed.\nIf *signum* is omitted, SIGINT is assumed.\nA subthread can use this function to interrupt the main thread.\n\nNote: the default signal handler for SIGINT raises ``KeyboardInterrupt``.",
    ),
    MethodDef::new(
        "_shutdown",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            vm.join_threads()?;
            Ok(vm.none_ref())
        }),
        "Wait for all non-daemon threads (other than the calling thread) to stop.",
    ),
    MethodDef::new(
        "_make_thread_handle",
        "($module, ident, /)",
        NativeCall::One(|vm, _, ident| {
            if ident.downcast::<viv_runtime::object::Int>().is_none() {
                return Err(vm.type_error("ident must be an integer"));
            }
            let ident = protocol::to_i64(vm, ident)? as u64;
            let known = Rc::new(Handle::of_running(ident));
            vm.watch_handle(&known);
            handle::new(vm, known)
        }),
        "Internal only. Make a thread handle for threads not spawned\nby the _thread or threading module.",
    ),
];

const ABOUT: &[MethodDef] = &[
    MethodDef::new(
        "get_ident",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| vm.new_usize(vm.thread_ident() as usize)),
        "Return a non-zero integer that uniquely identifies the current thread\namongst other threads that exist simultaneously.\nThis may be used to identify per-thread resources.\nEven though on some platforms threads identities may appear to be\nallocated consecutive numbers starting at 1, this behavior should not\nbe relied upon, and the number should be seen purely as a magic cookie.\nA thread's identity may be reused for another thread after it exits.",
    ),
    MethodDef::new(
        "get_native_id",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| vm.new_usize(threads::native_id())),
        "Return a non-negative integer identifying the thread as reported\nby the OS (kernel). This may be used to uniquely identify a\nparticular thread within a system.",
    ),
    MethodDef::new(
        "_count",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| vm.new_usize(vm.threads.count())),
        "Return the number of currently running Python threads, excluding\nthe main thread. The returned number comprises all threads created\nthrough `start_new_thread()` as well as `threading.Thread`, and not\nyet finished.\n\nThis function is meant for internal and specialized purposes only.\nIn most applications `threading.enumerate()` should be used instead.",
    ),
    MethodDef::new(
        "_get_main_thread_ident",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| vm.new_usize(vm.threads.main_ident() as usize)),
        "Internal only. Return a non-zero integer that uniquely identifies the main thread\nof the main interpreter.",
    ),
    MethodDef::new(
        "_is_main_interpreter",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.bool(true))),
        "Return True if the current interpreter is the main Python interpreter.",
    ),
    MethodDef::new(
        "_excepthook",
        "($module, args, /)",
        NativeCall::One(excepthook::excepthook),
        "Handle uncaught Thread.run() exception.",
    ),
];

const SETTINGS: &[MethodDef] = &[
    call(
        "stack_size",
        "($module, size=0, /)",
        (0, 1),
        stack_size,
        "Return the thread stack size used when creating new threads.  The\noptional size argument specifies the stack size (in bytes) to be used\nfor subsequently created threads, and must be 0 (use platform or\nconfigured default) or a positive integer value of at least 32,768 (32k).\nIf changing the thread stack size is unsupported, a ThreadError\nexception is raised.  If the specified size is invalid, a ValueError\nexception is raised, and the stack size is unmodified.  32k bytes\n currently the minimum supported stack size value to guarantee\nsufficient stack space for the interpreter itself.\n\nNote that some platforms may have particular restrictions on values for\nthe stack size, such as requiring a minimum stack size larger than 32 KiB or\nrequiring allocation in multiples of the system memory page size\n- platform documentation should be referred to for more information\n(4 KiB pages are common; using multiples of 4096 for the stack size is\nthe suggested approach in the absence of more specific information).",
    ),
    MethodDef::new(
        "set_name",
        "($module, /, name)",
        NativeCall::Bound(set_name),
        "Set the name of the current thread.",
    ),
    MethodDef::new(
        "_get_name",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            let name = threads::os_name();
            crate::posix::text(vm, std::os::unix::ffi::OsStrExt::from_bytes(&name[..]))
        }),
        "Get the name of the current thread.",
    ),
];

fn start_new_thread(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let function = args[0];
    if !protocol::is_callable(function) {
        return Err(vm.type_error("first arg must be callable"));
    }
    let Some(positional) = args[1].downcast::<Tuple>() else {
        return Err(vm.type_error("2nd arg must be a tuple"));
    };
    let keywords = match args.get(2) {
        None => None,
        Some(keywords) => match keywords.to_ref().cast::<Dict>() {
            Ok(keywords) => Some(keywords),
            Err(_) => return Err(vm.type_error("optional 3rd arg must be a dictionary")),
        },
    };
    let ident = vm.start_thread(Start {
        function,
        args: positional.as_slice().to_vec(),
        keywords,
        handle: None,
        daemon: true,
    })?;
    vm.new_usize(ident as usize)
}

fn start_joinable_thread(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let arg = |i: usize| args.get(i).copied().flatten();
    let Some(function) = arg(0).filter(|f| protocol::is_callable(f)) else {
        return Err(vm.type_error("thread function must be callable"));
    };
    let handle = match arg(1).filter(|h| !vm.is_none(h)) {
        None => handle::new(vm, Rc::new(Handle::default()))?,
        Some(handle) => handle.to_ref(),
    };
    let Some(shared) = handle
        .downcast::<ThreadHandle>()
        .map(|h| Rc::clone(&h.handle))
    else {
        return Err(vm.type_error("'handle' must be a _ThreadHandle"));
    };
    let daemon = arg(2).map_or(Ok(true), |d| protocol::is_true(vm, d))?;
    if !shared.is_new() {
        return Err(vm.runtime_error("thread already started"));
    }
    vm.start_thread(Start {
        function,
        args: Vec::new(),
        keywords: None,
        handle: Some(shared),
        daemon,
    })?;
    Ok(handle)
}

fn exit(vm: &Vm, _module: &Object) -> PyResult {
    Err(vm.raise_with(&vm.exceptions.SystemExit, &[]))
}

fn interrupt_main(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let signal = match args.first() {
        None => 2,
        Some(number) => match protocol::to_i64(vm, number)? {
            number @ 1..65 => number as i32,
            _ => return Err(vm.value_error("signal number out of range")),
        },
    };
    // A signal that no script handles does nothing.
    if signals::disposition(signal) == Some(Disposition::Note) {
        simulate(vm, signal);
        vm.check_signals()?;
    }
    Ok(vm.none_ref())
}

fn stack_size(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let old = vm.threads.stack_size();
    let size = args
        .first()
        .map_or(Ok(0), |s| protocol::to_isize_clamped(vm, s))?;
    if size != 0 && size < STACK_LEAST {
        return Err(vm.value_error(format!("size must be at least {STACK_LEAST} bytes")));
    }
    vm.threads.set_stack_size(size as usize);
    vm.new_usize(old)
}

fn set_name(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let given = args.first().copied().flatten();
    let Some(name) = given.and_then(|n| n.downcast::<Str>()) else {
        let found = given.map_or_else(String::new, protocol::type_name);
        return Err(vm.type_error(format!(
            "set_name() argument 'name' must be str, not {found}"
        )));
    };
    let bytes = viv_runtime::types::codec::utf8::encode(vm, name, "replace")?;
    let bytes = bytes.as_slice();
    threads::set_os_name(&bytes[..bytes.len().min(NAME_MOST)]);
    Ok(vm.none_ref())
}
