//! The steps of a task: the coroutine runs until it waits for a future; that wakes the task when it is done.

use viv_runtime::eval::control::send_to;
use viv_runtime::eval::generator::{self, Resumed};
use viv_runtime::modules::make::native_function;
use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Generator, GeneratorKind, Slot, Type};
use viv_runtime::types::exception::{chain, new_exception, stop_iteration_value};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NamedArgs, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
    protocol,
};

use super::core::{self, Outcome, State, core_of, is_native};
use super::future::{add_awaited_by, discard_awaited_by};
use super::kept::{self, Kept, kept};
use super::loops::{enter_task, leave_task, swap_task};
use super::task::{self, Task};
use crate::contextvars::context;
use crate::kinds;

/// What the event loop calls for a step of a task.
#[repr(C)]
pub struct TaskStep {
    /// The header.
    pub head: Object,
    task: Slot<Task>,
    /// What the step throws into the coroutine.
    thrown: Slot,
}
object_layout!(
    TaskStep = kinds::TASK_STEP,
    traverse | this,
    visit | {
        this.task.visit(visit);
        this.thrown.visit(visit);
    },
    clear | this | {
        this.task.set(None);
        this.thrown.set(None);
    }
);

static STEP: TypeSpec = TypeSpec {
    name: "TaskStepMethWrapper",
    module: "_asyncio",
    slots: |s| {
        s.call.set(Some(|vm, this, args: Args<'_>| {
            if args.keyword_count() != 0 {
                return Err(vm.type_error("function takes no keyword arguments"));
            }
            if !args.pos().is_empty() {
                return Err(vm.type_error("function takes no positional arguments"));
            }
            let this = receiver::<TaskStep>(vm, this)?;
            if let Some(task) = this.task.get() {
                step(vm, &task, this.thrown.get())?;
            }
            Ok(vm.none_ref())
        }));
    },
    getset: &[GetSetDef::get(
        "__self__",
        |vm, this| {
            let task = receiver::<TaskStep>(vm, this)?.task.get();
            Ok(task.map_or_else(|| vm.none_ref(), Ref::upcast))
        },
        "",
    )],
    ..TypeSpec::new(TaskStep::layout, true)
};

static WAKEUP: MethodDef = MethodDef::new("task_wakeup", "", NativeCall::One(wake_up), "");

/// Puts a task among those that `all_tasks` tells.
pub fn register(vm: &Vm, this: &Object, task: &Task) {
    task.entry.enter(&vm.event_loops.tasks, this);
}

/// Has the event loop call for the next step.
///
/// # Errors
/// What `call_soon` raises; MemoryError
pub fn call_soon(vm: &Vm, this: &Object, task: &Task, thrown: Option<Ref>) -> PyResult<()> {
    let ty = extra_type(vm, &STEP, &vm.types.object)?;
    let made = place_tracked(
        vm,
        TaskStep {
            head: Object::new(ty.type_head_of()),
            task: Slot::new(this.to_ref().cast::<Task>().ok()),
            thrown: Slot::new(thrown),
        },
    )?;
    let event_loop = task.core.alive(vm)?;
    let context = task.context.get();
    core::call_soon(vm, &event_loop, &made, None, context.as_deref())
}

/// Takes the first step at once, in the task's context.
///
/// # Errors
/// What the loop or the step raises.
pub fn start_eagerly(vm: &Vm, this: &Object, task: &Task) -> PyResult<()> {
    let event_loop = task.core.alive(vm)?;
    let before = swap_task(vm, &event_loop, Some(this.to_ref()))?;
    change_eager(vm, "add", this)?;
    let context = task.context.get().unwrap_or_else(|| vm.none_ref());
    let outer = context::enter(vm, &context)?;
    let stepped = advance(vm, this, task, None);
    context::leave(vm, &context, outer);
    let stepped = then(vm, stepped, || change_eager(vm, "discard", this));
    let stepped = then(vm, stepped, || swap_task(vm, &event_loop, before).map(drop));
    if task.core.state.get() == State::Pending {
        register(vm, this, task);
    } else {
        task.coroutine.set(None);
    }
    stepped
}

fn change_eager(vm: &Vm, method: &str, task: &Object) -> PyResult<()> {
    let set = kept(vm, Kept::EagerTasks)?;
    protocol::call_method(vm, &set, &*vm.intern(method)?, &[task]).map(drop)
}

/// Does something after what may have failed: the first failure becomes the context of a second one.
fn then(vm: &Vm, before: PyResult<()>, more: impl FnOnce() -> PyResult<()>) -> PyResult<()> {
    let Err(raised) = before else {
        return more();
    };
    let first = vm.take_raised(raised);
    match more() {
        Ok(()) => Err(vm.restore(first)),
        Err(raised) => {
            let second = vm.take_raised(raised);
            chain(&second, first);
            Err(vm.restore(second))
        }
    }
}

/// A step that the event loop executes.
///
/// # Errors
/// What the loop raises; KeyboardInterrupt and SystemExit from the coroutine.
fn step(vm: &Vm, this: &Task, thrown: Option<Ref>) -> PyResult<()> {
    let event_loop = this.core.alive(vm)?;
    enter_task(vm, &event_loop, &this.head)?;
    let stepped = advance(vm, &this.head, this, thrown);
    then(vm, stepped, || leave_task(vm, &event_loop, &this.head))
}

/// Runs the coroutine until it waits or ends.
fn advance(vm: &Vm, this: &Object, task: &Task, mut thrown: Option<Ref>) -> PyResult<()> {
    let core = &task.core;
    if core.state.get() != State::Pending {
        let shown = protocol::repr(vm, this)?;
        let thrown = protocol::repr(vm, thrown.as_deref().unwrap_or(vm.none()))?;
        return Err(kept::invalid_state(
            vm,
            &format!(
                "__step(): already done: {} {}",
                shown.to_text(),
                thrown.to_text()
            ),
        ));
    }
    if task.must_cancel.get() {
        let already = match &thrown {
            Some(thrown) => kept::is_cancelled_error(vm, thrown)?,
            None => false,
        };
        if !already {
            thrown = Some(core.make_cancelled_error(vm)?);
        }
        task.must_cancel.set(false);
    }
    task.waiter.set(None);
    let Some(coroutine) = task.coroutine.get() else {
        return Err(vm.runtime_error("uninitialized Task object"));
    };
    let resumed = match thrown {
        None => send_none(vm, &coroutine),
        Some(thrown) => throw(vm, &coroutine, &thrown),
    };
    match resumed {
        Ok(Resumed::Yielded(value)) => wait_for(vm, this, task, &value),
        Ok(Resumed::Returned(value)) => {
            if task.must_cancel.replace(false) {
                // Cancelled right before the end.
                core.cancel(vm, this, core.cancel_message.get()).map(drop)
            } else {
                core.set_result(vm, this, &value)
            }
        }
        Err(raised) => {
            let exception = vm.take_raised(raised);
            if kept::is_cancelled_error(vm, &exception)? {
                core.cancelled_error.set(Some(exception));
                return core.cancel(vm, this, None).map(drop);
            }
            core.set_exception(vm, this, &exception)?;
            let class = Type::of(&exception);
            if class.is_subtype(&vm.exceptions.KeyboardInterrupt)
                || class.is_subtype(&vm.exceptions.SystemExit)
            {
                return Err(vm.restore(exception));
            }
            Ok(())
        }
    }
}

fn send_none(vm: &Vm, coroutine: &Object) -> PyResult<Resumed> {
    match coroutine.downcast::<Generator>() {
        Some(generator) if generator.kind != GeneratorKind::AsyncGenerator => {
            generator::step(vm, generator)
        }
        _ => send_to(vm, coroutine, vm.none_ref()),
    }
}

fn throw(vm: &Vm, coroutine: &Object, thrown: &Object) -> PyResult<Resumed> {
    match protocol::call_method(vm, coroutine, &vm.names.throw, &[thrown]) {
        Ok(value) => Ok(Resumed::Yielded(value)),
        Err(raised) if vm.raised_is(&raised, &vm.exceptions.StopIteration) => {
            let stop = vm.take_raised(raised);
            Ok(Resumed::Returned(stop_iteration_value(vm, &stop)))
        }
        Err(raised) => Err(raised),
    }
}

/// Waits for what the coroutine has yielded.
fn wait_for(vm: &Vm, this: &Object, task: &Task, yielded: &Object) -> PyResult<()> {
    if yielded.is(this) {
        return fail_soon(vm, this, task, |shown| {
            Ok(format!("Task cannot await on itself: {}", shown(this)?))
        });
    }
    if is_native(yielded)
        && let Some(future) = core_of(yielded)
    {
        let Some(event_loop) = future
            .event_loop
            .get()
            .filter(|l| task.core.event_loop.holds(l))
        else {
            return other_loop(vm, this, task, yielded);
        };
        drop(event_loop);
        if !future.blocking.replace(false) {
            return not_awaited(vm, this, task, yielded);
        }
        add_awaited_by(vm, yielded, this)?;
        let wakeup = native_function(vm, &WAKEUP, Some(this.to_ref()), None)?;
        let context = task.context.get().unwrap_or_else(|| vm.none_ref());
        future.add_callback(vm, yielded, &wakeup, &context)?;
        task.waiter.set(Some(yielded.to_ref()));
        if task.must_cancel.get() {
            let message = task.core.cancel_message.get();
            let cancelled = match yielded.downcast::<Task>() {
                Some(awaited) => task::cancel(vm, awaited, message)?,
                None => future.cancel(vm, yielded, message)?,
            };
            if cancelled {
                task.must_cancel.set(false);
            }
        }
        return Ok(());
    }
    if vm.is_none(yielded) {
        return call_soon(vm, this, task, None);
    }
    let blocking = protocol::get_attr_opt(vm, yielded, &vm.names._asyncio_future_blocking)?;
    if let Some(blocking) = blocking.filter(|b| !vm.is_none(b)) {
        let blocking = protocol::is_true(vm, &blocking)?;
        return wait_for_other(vm, this, task, yielded, blocking);
    }
    let is_generator = yielded
        .downcast::<Generator>()
        .is_some_and(|g| g.kind == GeneratorKind::Generator);
    fail_soon(vm, this, task, |shown| {
        Ok(if is_generator {
            format!(
                "yield was used instead of yield from for generator in task {} with {}",
                shown(this)?,
                shown(yielded)?
            )
        } else {
            format!("Task got bad yield: {}", shown(yielded)?)
        })
    })
}

/// Waits for a future of another type.
fn wait_for_other(
    vm: &Vm,
    this: &Object,
    task: &Task,
    future: &Object,
    blocking: bool,
) -> PyResult<()> {
    if !task.core.event_loop.holds(&*loop_of(vm, future)?) {
        return other_loop(vm, this, task, future);
    }
    if !blocking {
        return not_awaited(vm, this, task, future);
    }
    protocol::set_attr(
        vm,
        future,
        &vm.names._asyncio_future_blocking,
        &vm.bool(false),
    )?;
    add_awaited_by(vm, future, this)?;
    let wakeup = native_function(vm, &WAKEUP, Some(this.to_ref()), None)?;
    let add = protocol::get_attr(vm, future, &vm.names.add_done_callback)?;
    let context = task.context.get().unwrap_or_else(|| vm.none_ref());
    let names = kept::keyword(vm, Kept::ContextName)?;
    protocol::call(
        vm,
        &add,
        NamedArgs::new(&[&wakeup, &context], Some(&names)).args(),
    )?;
    task.waiter.set(Some(future.to_ref()));
    if task.must_cancel.get()
        && task::cancel_any(vm, future, task.core.cancel_message.get().as_deref())?
    {
        task.must_cancel.set(false);
    }
    Ok(())
}

fn other_loop(vm: &Vm, this: &Object, task: &Task, future: &Object) -> PyResult<()> {
    fail_soon(vm, this, task, |shown| {
        Ok(format!(
            "Task {} got Future {} attached to a different loop",
            shown(this)?,
            shown(future)?
        ))
    })
}

fn not_awaited(vm: &Vm, this: &Object, task: &Task, future: &Object) -> PyResult<()> {
    fail_soon(vm, this, task, |shown| {
        Ok(format!(
            "yield was used instead of yield from in task {} with {}",
            shown(this)?,
            shown(future)?
        ))
    })
}

/// Has the next step throw a RuntimeError.
fn fail_soon(
    vm: &Vm,
    this: &Object,
    task: &Task,
    text: impl FnOnce(&dyn Fn(&Object) -> PyResult<String>) -> PyResult<String>,
) -> PyResult<()> {
    let text = text(&|object| Ok(protocol::repr(vm, object)?.to_text().into_owned()))?;
    let error = new_exception(vm, &vm.exceptions.RuntimeError, &[&*vm.new_str(&text)?])?;
    call_soon(vm, this, task, Some(error.upcast()))
}

/// The event loop of any future.
///
/// # Errors
/// What `get_loop` raises; AttributeError
pub fn loop_of(vm: &Vm, future: &Object) -> PyResult {
    if is_native(future)
        && let Some(core) = core_of(future)
    {
        return core.alive(vm);
    }
    match protocol::get_attr_opt(vm, future, &vm.names.get_loop)? {
        Some(get_loop) => protocol::call_no_args(vm, &get_loop),
        None => protocol::get_attr(vm, future, &vm.names._loop),
    }
}

/// The callback of a future that a task waits for.
fn wake_up(vm: &Vm, this: &Object, future: &Object) -> PyResult {
    let task = receiver::<Task>(vm, this)?;
    discard_awaited_by(vm, future, this)?;
    let thrown = match core_of(future).filter(|_| is_native(future)) {
        Some(core) => match core.outcome(vm) {
            Ok(Outcome::Result(_)) => None,
            Ok(Outcome::Exception(exception)) => Some(exception),
            Err(raised) => Some(vm.take_raised(raised)),
        },
        None => match protocol::call_method(vm, future, &vm.names.result, &[]) {
            Ok(_) => None,
            Err(raised) => Some(vm.take_raised(raised)),
        },
    };
    step(vm, task, thrown)?;
    Ok(vm.none_ref())
}
