//! What `sys` tells of threads: the switch interval, and what each of them does.

use std::time::Duration;

use viv_heap::{Object, Ref};

use crate::eval::frame::frames_of_threads;
use crate::eval::thread::for_each;
use crate::native::{MethodDef, NativeCall};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// The functions.
pub(super) const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "getswitchinterval",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| vm.new_float(vm.threads.switch_interval().as_secs_f64())),
        "Return the current thread switch interval; see sys.setswitchinterval().",
    ),
    MethodDef::new(
        "setswitchinterval",
        "($module, interval, /)",
        NativeCall::One(set_switch_interval),
        "Set the ideal thread switching delay inside the Python interpreter.\n\nThe actual frequency of switching threads can be lower if the\ninterpreter executes long sequences of uninterruptible code\n(this is implementation-specific and workload-dependent).\n\nThe parameter must represent the desired switching delay in seconds\nA typical value is 0.005 (5 milliseconds).",
    ),
    MethodDef::new(
        "_current_frames",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            let frames = frames_of_threads(vm)?;
            by_thread(vm, frames.into_iter().map(|(id, f)| (id, f.upcast())))
        }),
        "Return a dict mapping each thread's thread id to its current stack frame.\n\nThis function should be used for specialized purposes only.",
    ),
    MethodDef::new(
        "_current_exceptions",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            let mut found = Vec::new();
            for_each(vm, |state| {
                let handled = state.handled.get().unwrap_or_else(|| vm.none_ref());
                found.push((state.thread_ident(), handled));
            });
            by_thread(vm, found.into_iter())
        }),
        "Return a dict mapping each thread's identifier to its current raised exception.\n\nThis function should be used for specialized purposes only.",
    ),
    MethodDef::new(
        "_settraceallthreads",
        "($module, function, /)",
        NativeCall::One(|vm, _, f| {
            for_each(vm, |state| {
                state.set_trace((!vm.is_none(f)).then(|| f.to_ref()));
            });
            Ok(vm.none_ref())
        }),
        "Set the global debug tracing function in all running threads belonging to the current interpreter.\n\nIt will be called on each function call. See the debugger chapter\nin the library manual.",
    ),
    MethodDef::new(
        "_setprofileallthreads",
        "($module, function, /)",
        NativeCall::One(|vm, _, f| {
            for_each(vm, |state| {
                state.set_profile((!vm.is_none(f)).then(|| f.to_ref()));
            });
            Ok(vm.none_ref())
        }),
        "Set the profiling function in all running threads belonging to the current interpreter.\n\nIt will be called on each function call and return.  See the profiler\nchapter in the library manual.",
    ),
];

fn set_switch_interval(vm: &Vm, _module: &Object, seconds: &Object) -> PyResult {
    let seconds = protocol::to_f64(vm, seconds)?;
    if seconds.is_nan() || seconds <= 0.0 {
        return Err(vm.value_error("switch interval must be strictly positive"));
    }
    let interval = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
    vm.threads.set_switch_interval(interval);
    Ok(vm.none_ref())
}

fn by_thread(vm: &Vm, found: impl Iterator<Item = (u64, Ref)>) -> PyResult {
    let dict = vm.new_dict()?;
    for (thread, value) in found {
        let key = vm.new_usize(thread as usize)?;
        dict.set(vm, &key, &value)?;
    }
    Ok(dict.upcast())
}
