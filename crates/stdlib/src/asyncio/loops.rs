//! Which event loop and which task a thread runs, and which tasks there are.

use viv_runtime::object::Set;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Raised, Ref, Vm, protocol};

use super::core::State;
use super::kept::{Kept, kept};
use super::step;
use super::task::Task;

/// `get_event_loop`
///
/// # Errors
/// What the policy raises.
pub fn event_loop(vm: &Vm) -> PyResult {
    if let Some(running) = vm.running_loop().get() {
        return Ok(running);
    }
    let policy = protocol::call_no_args(vm, &*kept(vm, Kept::GetPolicy)?)?;
    let name = vm.intern("get_event_loop")?;
    protocol::call_method(vm, &policy, &name, &[])
}

/// RuntimeError unless this thread runs the loop.
fn check_running(vm: &Vm, event_loop: &Object) -> PyResult<()> {
    if vm.running_loop().holds(event_loop) {
        return Ok(());
    }
    let shown = protocol::repr(vm, event_loop)?;
    Err(vm.runtime_error(format!("loop {} is not the running loop", shown.to_text())))
}

/// Notes that a loop begins to execute a task.
///
/// # Errors
/// RuntimeError where it executes another one.
pub fn enter_task(vm: &Vm, event_loop: &Object, task: &Object) -> PyResult<()> {
    check_running(vm, event_loop)?;
    if let Some(other) = vm.running_task().get() {
        let (task, other) = (protocol::repr(vm, task)?, protocol::repr(vm, &other)?);
        return Err(vm.runtime_error(format!(
            "Cannot enter into task {} while another task {} is being executed.",
            task.to_text(),
            other.to_text()
        )));
    }
    vm.running_task().set(Some(task.to_ref()));
    Ok(())
}

/// Notes that a loop has executed a task.
///
/// # Errors
/// RuntimeError where it executes another one.
pub fn leave_task(vm: &Vm, event_loop: &Object, task: &Object) -> PyResult<()> {
    check_running(vm, event_loop)?;
    if !vm.running_task().holds(task) {
        let other = vm.running_task().get().unwrap_or_else(|| vm.none_ref());
        let (task, other) = (protocol::repr(vm, task)?, protocol::repr(vm, &other)?);
        return Err(vm.runtime_error(format!(
            "Invalid attempt to leave task {} while task {} is entered.",
            task.to_text(),
            other.to_text()
        )));
    }
    vm.running_task().set(None);
    Ok(())
}

/// Puts another task in the place of the one that a loop executes, which it gives.
///
/// # Errors
/// RuntimeError where the loop does not run.
pub fn swap_task(vm: &Vm, event_loop: &Object, task: Option<Ref>) -> PyResult<Option<Ref>> {
    check_running(vm, event_loop)?;
    Ok(vm.running_task().replace(task))
}

/// Functions of the module.
pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "get_event_loop",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| event_loop(vm)),
        "Return an asyncio event loop.\n\nWhen called from a coroutine or a callback (e.g. scheduled with\ncall_soon or similar API), this function will always return the\nrunning event loop.\n\nIf there is no running event loop set, the function will return\nthe result of `get_event_loop_policy().get_event_loop()` call.",
    ),
    MethodDef::new(
        "get_running_loop",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| running_loop(vm)),
        "Return the running event loop.  Raise a RuntimeError if there is none.\n\nThis function is thread-specific.",
    ),
    MethodDef::new(
        "_get_running_loop",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.running_loop().get().unwrap_or_else(|| vm.none_ref()))),
        "Return the running event loop or None.\n\nThis is a low-level function intended to be used by event loops.\nThis function is thread-specific.",
    ),
    MethodDef::new(
        "_set_running_loop",
        "($module, loop, /)",
        NativeCall::One(|vm, _, event_loop| {
            let running = (!vm.is_none(event_loop)).then(|| event_loop.to_ref());
            vm.running_loop().set(running);
            Ok(vm.none_ref())
        }),
        "Set the running event loop.\n\nThis is a low-level function intended to be used by event loops.\nThis function is thread-specific.",
    ),
    MethodDef::new(
        "_enter_task",
        "($module, /, loop, task)",
        NativeCall::Bound(|vm, _, args| {
            let (event_loop, task) = two(vm, args)?;
            enter_task(vm, event_loop, task)?;
            Ok(vm.none_ref())
        }),
        "Enter into task execution or resume suspended task.\n\nTask belongs to loop.\n\nReturns None.",
    ),
    MethodDef::new(
        "_leave_task",
        "($module, /, loop, task)",
        NativeCall::Bound(|vm, _, args| {
            let (event_loop, task) = two(vm, args)?;
            leave_task(vm, event_loop, task)?;
            Ok(vm.none_ref())
        }),
        "Leave task execution or suspend a task.\n\nTask belongs to loop.\n\nReturns None.",
    ),
    MethodDef::new(
        "_swap_current_task",
        "($module, /, loop, task)",
        NativeCall::Bound(|vm, _, args| {
            let (event_loop, task) = two(vm, args)?;
            let task = (!vm.is_none(task)).then(|| task.to_ref());
            let before = swap_task(vm, event_loop, task)?;
            Ok(before.unwrap_or_else(|| vm.none_ref()))
        }),
        "Temporarily swap in the supplied task and return the original one (or None).\n\nThis is intended for use during eager coroutine execution.",
    ),
    MethodDef::new(
        "current_task",
        "($module, /, loop=None)",
        NativeCall::Bound(|vm, _, args| {
            let task = match given_loop(vm, args) {
                None => {
                    running_loop(vm)?;
                    vm.running_task().get()
                }
                Some(event_loop) if vm.running_loop().holds(event_loop) => vm.running_task().get(),
                Some(event_loop) => vm.task_of_loop(event_loop),
            };
            Ok(task.unwrap_or_else(|| vm.none_ref()))
        }),
        "Return a currently executed task.",
    ),
    MethodDef::new(
        "all_tasks",
        "($module, /, loop=None)",
        NativeCall::Bound(|vm, _, args| match given_loop(vm, args) {
            None => all_tasks(vm, &*running_loop(vm)?),
            Some(event_loop) => all_tasks(vm, event_loop),
        }),
        "Return a set of all tasks for the loop.",
    ),
    MethodDef::new(
        "_register_task",
        "($module, /, task)",
        NativeCall::Bound(|vm, _, args| {
            let task = one(vm, args)?;
            match task.downcast::<Task>() {
                Some(native) => step::register(vm, task, native),
                None => change(vm, Kept::ForeignTasks, "add", task)?,
            }
            Ok(vm.none_ref())
        }),
        "Register a new task in asyncio as executed by loop.\n\nReturns None.",
    ),
    MethodDef::new(
        "_register_eager_task",
        "($module, /, task)",
        NativeCall::Bound(|vm, _, args| {
            change(vm, Kept::EagerTasks, "add", one(vm, args)?)?;
            Ok(vm.none_ref())
        }),
        "Register a new task in asyncio as executed by loop.\n\nReturns None.",
    ),
    MethodDef::new(
        "_unregister_task",
        "($module, /, task)",
        NativeCall::Bound(|vm, _, args| {
            let task = one(vm, args)?;
            match task.downcast::<Task>() {
                Some(native) => native.entry.leave(),
                None => change(vm, Kept::ForeignTasks, "discard", task)?,
            }
            Ok(vm.none_ref())
        }),
        "Unregister a task.\n\nReturns None.",
    ),
    MethodDef::new(
        "_unregister_eager_task",
        "($module, /, task)",
        NativeCall::Bound(|vm, _, args| {
            change(vm, Kept::EagerTasks, "discard", one(vm, args)?)?;
            Ok(vm.none_ref())
        }),
        "Unregister a task.\n\nReturns None.",
    ),
];

fn missing(vm: &Vm) -> Raised {
    vm.type_error("a required argument is missing")
}

fn one<'a>(vm: &Vm, args: &[Option<&'a Object>]) -> PyResult<&'a Object> {
    args.first().copied().flatten().ok_or_else(|| missing(vm))
}

fn two<'a>(vm: &Vm, args: &[Option<&'a Object>]) -> PyResult<(&'a Object, &'a Object)> {
    let second = args.get(1).copied().flatten();
    Ok((one(vm, args)?, second.ok_or_else(|| missing(vm))?))
}

fn given_loop<'a>(vm: &Vm, args: &[Option<&'a Object>]) -> Option<&'a Object> {
    args.first().copied().flatten().filter(|l| !vm.is_none(l))
}

fn running_loop(vm: &Vm) -> PyResult {
    vm.running_loop()
        .get()
        .ok_or_else(|| vm.runtime_error("no running event loop"))
}

/// `set.method(task)` of one of the sets that the module keeps.
fn change(vm: &Vm, set: Kept, method: &str, task: &Object) -> PyResult<()> {
    let set = kept(vm, set)?;
    let name = vm.intern(method)?;
    protocol::call_method(vm, &set, &name, &[task]).map(drop)
}

/// The tasks of a loop that are not done.
fn all_tasks(vm: &Vm, event_loop: &Object) -> PyResult {
    let all = Set::place(vm, &vm.types.set)?;
    // The eager ones first: one that becomes a scheduled one meanwhile, in another thread, is not missed.
    for kept_in in [Kept::EagerTasks, Kept::ForeignTasks] {
        for task in protocol::collect(vm, &*kept(vm, kept_in)?)? {
            add_if_of_loop(vm, &all, &task, event_loop)?;
        }
    }
    for task in vm.event_loops.tasks.members() {
        let of_loop = task.downcast::<Task>().is_some_and(|native| {
            native.core.event_loop.holds(event_loop) && native.core.state.get() == State::Pending
        });
        if of_loop {
            all.add(vm, &task)?;
        }
    }
    Ok(all.upcast())
}

fn add_if_of_loop(vm: &Vm, all: &Set, task: &Object, event_loop: &Object) -> PyResult<()> {
    let done = protocol::call_method(vm, task, &*vm.intern("done")?, &[])?;
    if !protocol::is_true(vm, &done)? && step::loop_of(vm, task)?.is(event_loop) {
        all.add(vm, task)?;
    }
    Ok(())
}
