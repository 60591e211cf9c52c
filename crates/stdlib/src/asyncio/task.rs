//! The type `Task`: a future that runs a coroutine. `step` has the steps.

use std::cell::Cell;

use viv_runtime::native::GetSetDef;
use viv_runtime::native::bind::Parameters;
use viv_runtime::object::live::LiveEntry;
use viv_runtime::object::{Generator, GeneratorKind, Int, Slot, Str, Tuple, Type, TypeTraits};
use viv_runtime::types::extra::extra_type_with_dict;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NamedArgs, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
    protocol,
};

use super::core::{Core, State, copy_context};
use super::future::{SHARED_METHODS, awaiting, future_type, make_cancelled_error};
use super::kept::{Kept, kept, keyword};
use super::step;
use crate::kinds;

/// A task.
#[repr(C)]
pub struct Task {
    /// The header.
    pub head: Object,
    /// The place among the scheduled tasks: the first to be given up.
    pub(super) entry: LiveEntry,
    /// What it has in common with futures.
    pub core: Core,
    pub(super) coroutine: Slot,
    pub(super) context: Slot,
    /// Its name, or the number that this will be made of.
    name: Slot,
    /// What the coroutine waits for.
    pub(super) waiter: Slot,
    /// How many wishes to cancel it have not been taken back.
    cancels: Cell<i32>,
    /// Whether the next step throws a CancelledError.
    pub(super) must_cancel: Cell<bool>,
    log_destroy_pending: Cell<bool>,
}
object_layout!(
    Task = kinds::TASK,
    traverse | this,
    visit | {
        this.core.visit(visit);
        this.coroutine.visit(visit);
        this.context.visit(visit);
        this.name.visit(visit);
        this.waiter.visit(visit);
    },
    clear | this | {
        this.core.clear();
        this.context.set(None);
        this.coroutine.set(None);
        this.name.set(None);
        this.waiter.set(None);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "Task",
    module: "_asyncio",
    signature: SIGNATURE,
    doc: "A coroutine wrapped in a Future.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.repr.set(Some(|vm, this| {
            protocol::call_one(vm, &*kept(vm, Kept::TaskRepr)?, this)
        }));
        s.finalize.set(Some(|vm, this| {
            if let Some(task) = this.downcast::<Task>() {
                vm.set_apart(|| finalize(vm, this, task));
            }
        }));
        awaiting(s);
    },
    methods: &[SHARED_METHODS, METHODS],
    getset: GETSET,
    ..TypeSpec::new(Task::layout, true)
};

const SIGNATURE: &str = "(coro, *, loop=None, name=None, context=None, eager_start=False)";

/// The type `_asyncio.Task`.
///
/// # Errors
/// MemoryError
pub fn task_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type_with_dict(vm, &SPEC, &future_type(vm)?)
}

fn new(vm: &Vm, ty: &Type, _: Args<'_>) -> PyResult {
    place_tracked(
        vm,
        Task {
            head: Object::new(ty.type_head_of()),
            entry: LiveEntry::default(),
            core: Core::default(),
            coroutine: Slot::default(),
            context: Slot::default(),
            name: Slot::default(),
            waiter: Slot::default(),
            cancels: Cell::new(0),
            must_cancel: Cell::new(false),
            log_destroy_pending: Cell::new(false),
        },
    )
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let parameters = Parameters::of(SIGNATURE);
    let bound = parameters.bind(vm, "Task", args)?;
    let given = |i: usize| bound.get(i).copied().flatten();
    let some = |i: usize| given(i).filter(|o| !vm.is_none(o));
    let task = receiver::<Task>(vm, this)?;
    let eager = given(4).map_or(Ok(false), |eager| protocol::is_true(vm, eager))?;
    task.core.init(vm, given(1))?;
    let coroutine = given(0).unwrap_or(vm.none());
    if !is_coroutine(vm, coroutine)? {
        task.log_destroy_pending.set(false);
        let shown = protocol::repr(vm, coroutine)?;
        return Err(vm.type_error(format!("a coroutine was expected, got {}", shown.to_text())));
    }
    let context = match some(3) {
        Some(context) => context.to_ref(),
        None => copy_context(vm)?,
    };
    task.context.set(Some(context));
    task.waiter.set(None);
    task.must_cancel.set(false);
    task.log_destroy_pending.set(true);
    task.cancels.set(0);
    task.coroutine.set(Some(coroutine.to_ref()));
    let name = match some(2) {
        Some(name) => name_of(vm, name)?,
        None => {
            let numbered = &vm.event_loops.numbered;
            numbered.set(numbered.get() + 1);
            vm.new_usize(numbered.get())?
        }
    };
    task.name.set(Some(name));
    if eager {
        let event_loop = task.core.alive(vm)?;
        let running = protocol::call_method(vm, &event_loop, &vm.names.is_running, &[])?;
        if protocol::is_true(vm, &running)? {
            return step::start_eagerly(vm, this, task);
        }
    }
    step::call_soon(vm, this, task, None)?;
    step::register(vm, this, task);
    Ok(())
}

fn is_coroutine(vm: &Vm, object: &Object) -> PyResult<bool> {
    if let Some(generator) = object.downcast::<Generator>()
        && generator.kind == GeneratorKind::Coroutine
    {
        return Ok(true);
    }
    let answer = protocol::call_one(vm, &*kept(vm, Kept::IsCoroutine)?, object)?;
    protocol::is_true(vm, &answer)
}

fn name_of(vm: &Vm, name: &Object) -> PyResult {
    if name.is_exact::<Str>() {
        return Ok(name.to_ref());
    }
    Ok(protocol::str(vm, name)?.upcast())
}

fn finalize(vm: &Vm, this: &Object, task: &Task) {
    if task.core.state.get() == State::Pending && task.log_destroy_pending.get() {
        match vm.new_str("Task was destroyed but it is pending!") {
            Ok(message) => task
                .core
                .tell_loop(vm, &[("message", &message), ("task", this)]),
            Err(raised) => vm.unraisable(raised, "on finalizing asyncio task", None),
        }
    }
    task.core.finalize(vm, this);
}

/// `cancel`: whether the task will hear of it.
///
/// # Errors
/// What `cancel` of the awaited future raises.
pub fn cancel(vm: &Vm, task: &Task, message: Option<Ref>) -> PyResult<bool> {
    task.core.log_traceback.set(false);
    if task.core.state.get() != State::Pending {
        return Ok(false);
    }
    task.cancels.set(task.cancels.get().saturating_add(1));
    if let Some(waiter) = task.waiter.get()
        && cancel_any(vm, &waiter, message.as_deref())?
    {
        return Ok(true);
    }
    task.must_cancel.set(true);
    task.core.cancel_message.set(message);
    Ok(true)
}

/// `future.cancel(msg=message)`: whether it was cancelled.
///
/// # Errors
/// What that raises.
pub fn cancel_any(vm: &Vm, future: &Object, message: Option<&Object>) -> PyResult<bool> {
    let (method, with_self) = protocol::get_method(vm, future, &vm.names.cancel)?;
    let names: Ref<Tuple> = keyword(vm, Kept::MessageName)?;
    let values = [future, message.unwrap_or(vm.none())];
    let skip = usize::from(!with_self);
    let answer = protocol::call(
        vm,
        &method,
        NamedArgs::new(&values[skip..], Some(&names)).args(),
    )?;
    protocol::is_true(vm, &answer)
}

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "set_result",
        "($self, result, /)",
        NativeCall::One(|vm, _, _| {
            Err(vm.runtime_error("Task does not support set_result operation"))
        }),
        "",
    ),
    MethodDef::new(
        "set_exception",
        "($self, exception, /)",
        NativeCall::One(|vm, _, _| {
            Err(vm.runtime_error("Task does not support set_exception operation"))
        }),
        "",
    ),
    MethodDef::new(
        "cancel",
        "($self, /, msg=None)",
        NativeCall::Bound(|vm, this, args| {
            let message = args.first().copied().flatten().map(Object::to_ref);
            Ok(vm.bool(cancel(vm, receiver::<Task>(vm, this)?, message)?))
        }),
        "Request that this task cancel itself.\n\nThis arranges for a CancelledError to be thrown into the\nwrapped coroutine on the next cycle through the event loop.\nThe coroutine then has a chance to clean up or even deny\nthe request using try/except/finally.\n\nUnlike Future.cancel, this does not guarantee that the\ntask will be cancelled: the exception might be caught and\nacted upon, delaying cancellation of the task or preventing\ncancellation completely.  The task may also return a value or\nraise a different exception.\n\nImmediately after this method is called, Task.cancelled() will\nnot return True (unless the task was already cancelled).  A\ntask will be marked as cancelled when the wrapped coroutine\nterminates with a CancelledError exception (even if cancel()\nwas not called).\n\nThis also increases the task's count of cancellation requests.",
    ),
    MethodDef::new(
        "cancelling",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            vm.new_int(i64::from(receiver::<Task>(vm, this)?.cancels.get()))
        }),
        "Return the count of the task's cancellation requests.\n\nThis count is incremented when .cancel() is called\nand may be decremented using .uncancel().",
    ),
    MethodDef::new(
        "uncancel",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let task = receiver::<Task>(vm, this)?;
            if task.cancels.get() > 0 {
                task.cancels.set(task.cancels.get() - 1);
                if task.cancels.get() == 0 {
                    task.must_cancel.set(false);
                }
            }
            vm.new_int(i64::from(task.cancels.get()))
        }),
        "Decrement the task's count of cancellation requests.\n\nThis should be used by tasks that catch CancelledError\nand wish to continue indefinitely until they are cancelled again.\n\nReturns the remaining number of cancellation requests.",
    ),
    MethodDef::new(
        "get_stack",
        "($self, /, *, limit=None)",
        NativeCall::Bound(|vm, this, args| {
            let limit = args.first().copied().flatten().unwrap_or(vm.none());
            protocol::call_args(vm, &*kept(vm, Kept::TaskGetStack)?, &[this, limit])
        }),
        "Return the list of stack frames for this task's coroutine.\n\nIf the coroutine is not done, this returns the stack where it is\nsuspended.  If the coroutine has completed successfully or was\ncancelled, this returns an empty list.  If the coroutine was\nterminated by an exception, this returns the list of traceback\nframes.\n\nThe frames are always ordered from oldest to newest.\n\nThe optional limit gives the maximum number of frames to\nreturn; by default all available frames are returned.  Its\nmeaning differs depending on whether a stack or a traceback is\nreturned: the newest frames of a stack are returned, but the\noldest frames of a traceback are returned.  (This matches the\nbehavior of the traceback module.)\n\nFor reasons beyond our control, only one stack frame is\nreturned for a suspended coroutine.",
    ),
    MethodDef::new(
        "print_stack",
        "($self, /, *, limit=None, file=None)",
        NativeCall::Bound(|vm, this, args| {
            let given = |i: usize| args.get(i).copied().flatten().unwrap_or(vm.none());
            let print = kept(vm, Kept::TaskPrintStack)?;
            protocol::call_args(vm, &print, &[this, given(0), given(1)])
        }),
        "Print the stack or traceback for this task's coroutine.\n\nThis produces output similar to that of the traceback module,\nfor the frames retrieved by get_stack().  The limit argument\nis passed to get_stack().  The file argument is an I/O stream\nto which the output is written; by default output is written\nto sys.stderr.",
    ),
    MethodDef::new(
        "_make_cancelled_error",
        "($self, /)",
        NativeCall::NoArgs(make_cancelled_error),
        "Create the CancelledError to raise if the Task is cancelled.\n\nThis should only be called once when handling a cancellation since\nit erases the context exception value.",
    ),
    MethodDef::new("get_name", "($self, /)", NativeCall::NoArgs(get_name), ""),
    MethodDef::new(
        "set_name",
        "($self, value, /)",
        NativeCall::One(|vm, this, name| {
            let task = receiver::<Task>(vm, this)?;
            task.name.set(Some(name_of(vm, name)?));
            Ok(vm.none_ref())
        }),
        "",
    ),
    MethodDef::new(
        "get_coro",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| shown(vm, this, |task| &task.coroutine)),
        "",
    ),
    MethodDef::new(
        "get_context",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| shown(vm, this, |task| &task.context)),
        "",
    ),
    MethodDef::class(
        "__class_getitem__",
        "($type, object, /)",
        NativeCall::One(viv_runtime::types::class_getitem),
        "Tasks are generic over the return type of their wrapped coroutines",
    ),
];

fn get_name(vm: &Vm, this: &Object) -> PyResult {
    let task = receiver::<Task>(vm, this)?;
    let Some(name) = task.name.get() else {
        return Ok(vm.none_ref());
    };
    if !name.is_exact::<Int>() {
        return Ok(name);
    }
    let number = protocol::str(vm, &name)?;
    let name = vm.new_str(&format!("Task-{}", number.to_text()))?.upcast();
    task.name.set(Some(name.clone()));
    Ok(name)
}

/// What a slot of a task holds, or None.
fn shown(vm: &Vm, this: &Object, slot: fn(&Task) -> &Slot) -> PyResult {
    let held = slot(receiver::<Task>(vm, this)?).get();
    Ok(held.unwrap_or_else(|| vm.none_ref()))
}

const GETSET: &[GetSetDef] = &[
    GetSetDef::get_set(
        "_log_destroy_pending",
        |vm, this| Ok(vm.bool(receiver::<Task>(vm, this)?.log_destroy_pending.get())),
        |vm, this, value| {
            let Some(value) = value else {
                return Err(vm.raise(
                    &vm.exceptions.AttributeError,
                    "attribute '_log_destroy_pending' of '_asyncio.Task' objects cannot be deleted",
                ));
            };
            let value = protocol::is_true(vm, value)?;
            receiver::<Task>(vm, this)?.log_destroy_pending.set(value);
            Ok(())
        },
        "",
    ),
    GetSetDef::get(
        "_must_cancel",
        |vm, this| Ok(vm.bool(receiver::<Task>(vm, this)?.must_cancel.get())),
        "",
    ),
    GetSetDef::get(
        "_coro",
        |vm, this| shown(vm, this, |task| &task.coroutine),
        "",
    ),
    GetSetDef::get(
        "_fut_waiter",
        |vm, this| shown(vm, this, |task| &task.waiter),
        "",
    ),
];
