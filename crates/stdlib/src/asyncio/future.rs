//! The type `Future`: a result that is not there yet.

use viv_runtime::native::GetSetDef;
use viv_runtime::native::bind::Parameters;
use viv_runtime::object::{Set, Type, TypeTraits};
use viv_runtime::slots::Slots;
use viv_runtime::types::extra::extra_type_with_dict;
use viv_runtime::types::sequence::place_tracked;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout, protocol,
};

use super::core::{Core, State, copy_context, core, core_of};
use super::iterator;
use super::kept::{self, Kept, kept};
use crate::kinds;

/// A future.
#[repr(C)]
pub struct Future {
    /// The header.
    pub head: Object,
    /// What it has in common with tasks.
    pub core: Core,
}
object_layout!(
    Future = kinds::FUTURE,
    traverse | this,
    visit | {
        this.core.visit(visit);
    },
    clear | this | {
        this.core.clear();
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "Future",
    module: "_asyncio",
    signature: SIGNATURE,
    doc: "This class is *almost* compatible with concurrent.futures.Future.\n\n    Differences:\n\n    - result() and exception() do not take a timeout argument and\n      raise an exception when the future isn't done yet.\n\n    - Callbacks registered with add_done_callback() are always called\n      via the event loop's call_soon_threadsafe().\n\n    - This class is not compatible with the wait() and as_completed()\n      methods in the concurrent.futures package.",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(|vm, ty, _| {
            place_tracked(
                vm,
                Future {
                    head: Object::new(ty.type_head_of()),
                    core: Core::default(),
                },
            )
        }));
        s.init.set(Some(init));
        s.repr.set(Some(|vm, this| {
            core(vm, this)?.alive(vm)?;
            protocol::call_one(vm, &*kept(vm, Kept::FutureRepr)?, this)
        }));
        s.finalize.set(Some(|vm, this| {
            if let Some(core) = core_of(this) {
                vm.set_apart(|| core.finalize(vm, this));
            }
        }));
        awaiting(s);
    },
    methods: &[
        SHARED_METHODS,
        &[
            MethodDef::new(
                "set_result",
                "($self, result, /)",
                NativeCall::One(|vm, this, result| {
                    core(vm, this)?.set_result(vm, this, result)?;
                    Ok(vm.none_ref())
                }),
                "Mark the future done and set its result.\n\nIf the future is already done when this method is called, raises\nInvalidStateError.",
            ),
            MethodDef::new(
                "set_exception",
                "($self, exception, /)",
                NativeCall::One(|vm, this, exception| {
                    core(vm, this)?.set_exception(vm, this, exception)?;
                    Ok(vm.none_ref())
                }),
                "Mark the future done and set an exception.\n\nIf the future is already done when this method is called, raises\nInvalidStateError.",
            ),
            MethodDef::new(
                "cancel",
                "($self, /, msg=None)",
                NativeCall::Bound(cancel),
                "Cancel the future and schedule callbacks.\n\nIf the future is already done or cancelled, return False.\nOtherwise, change the future's state to cancelled, schedule the\ncallbacks and return True.",
            ),
            MethodDef::new(
                "get_loop",
                "($self, /)",
                NativeCall::NoArgs(|vm, this| core(vm, this)?.alive(vm)),
                "Return the event loop the Future is bound to.",
            ),
            MethodDef::new(
                "_make_cancelled_error",
                "($self, /)",
                NativeCall::NoArgs(make_cancelled_error),
                "Create the CancelledError to raise if the Future is cancelled.\n\nThis should only be called once when handling a cancellation since\nit erases the context exception value.",
            ),
            MethodDef::class(
                "__class_getitem__",
                "($type, object, /)",
                NativeCall::One(viv_runtime::types::class_getitem),
                "Futures are generic over the type of their results",
            ),
        ],
    ],
    getset: GETSET,
    ..TypeSpec::new(Future::layout, true)
};

const SIGNATURE: &str = "(*, loop=None)";

/// The type `_asyncio.Future`.
///
/// # Errors
/// MemoryError
pub fn future_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type_with_dict(vm, &SPEC, &vm.types.object)
}

/// The slots for `await` and `yield from`.
pub fn awaiting(slots: &Slots) {
    slots.awaitable.set(Some(iterator::new));
    slots.iter.set(Some(iterator::new));
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    if !args.pos().is_empty() {
        return Err(vm.type_error("Future() takes no positional arguments"));
    }
    let parameters = Parameters::of(SIGNATURE);
    let bound = parameters.bind(vm, "Future", args)?;
    core(vm, this)?.init(vm, bound.first().copied().flatten())
}

/// The methods that tasks have too, under the same documentation.
pub const SHARED_METHODS: &[MethodDef] = &[
    MethodDef::new(
        "result",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let core = core(vm, this)?;
            uninitialized(vm, core)?;
            core.get_result(vm)
        }),
        "Return the result this future represents.\n\nIf the future has been cancelled, raises CancelledError.  If the\nfuture's result isn't yet available, raises InvalidStateError.  If\nthe future is done and has an exception set, this exception is\nraised.",
    ),
    MethodDef::new(
        "exception",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let core = core(vm, this)?;
            uninitialized(vm, core)?;
            match core.state.get() {
                State::Cancelled => Err(core.raise_cancelled(vm)),
                State::Pending => Err(kept::invalid_state(vm, "Exception is not set.")),
                State::Finished => {
                    core.log_traceback.set(false);
                    Ok(core.exception.get().unwrap_or_else(|| vm.none_ref()))
                }
            }
        }),
        "Return the exception that was set on this future.\n\nThe exception (or None if no exception was set) is returned only if\nthe future is done.  If the future has been cancelled, raises\nCancelledError.  If the future isn't done yet, raises\nInvalidStateError.",
    ),
    MethodDef::new(
        "add_done_callback",
        "($self, fn, /, *, context=<unrepresentable>)",
        NativeCall::Bound(add_done_callback),
        "Add a callback to be run when the future becomes done.\n\nThe callback is called with a single argument - the future object.\nIf the future is already done when this is called, the callback is\nscheduled with call_soon.",
    ),
    MethodDef::new(
        "remove_done_callback",
        "($self, fn, /)",
        NativeCall::One(|vm, this, callback| {
            let removed = core(vm, this)?.remove_callback(vm, callback)?;
            vm.new_usize(removed)
        }),
        "Remove all instances of a callback from the \"call when done\" list.\n\nReturns the number of callbacks removed.",
    ),
    MethodDef::new(
        "cancelled",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let core = core(vm, this)?;
            Ok(vm.bool(!core.event_loop.is_none() && core.state.get() == State::Cancelled))
        }),
        "Return True if the future was cancelled.",
    ),
    MethodDef::new(
        "done",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let core = core(vm, this)?;
            Ok(vm.bool(!core.event_loop.is_none() && core.state.get() != State::Pending))
        }),
        "Return True if the future is done.\n\nDone means either that a result / exception are available, or that\nthe future was cancelled.",
    ),
];

/// InvalidStateError where `__init__` has not run: what `result()` says then.
fn uninitialized(vm: &Vm, core: &Core) -> PyResult<()> {
    if core.event_loop.is_none() {
        return Err(kept::invalid_state(vm, "Future object is not initialized."));
    }
    Ok(())
}

fn add_done_callback(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let (Some(callback), context) = (
        args.first().copied().flatten(),
        args.get(1).copied().flatten(),
    ) else {
        return Err(vm.type_error("add_done_callback() takes exactly 1 positional argument"));
    };
    let core = core(vm, this)?;
    match context {
        Some(context) => core.add_callback(vm, this, callback, context)?,
        None => core.add_callback(vm, this, callback, &*copy_context(vm)?)?,
    }
    Ok(vm.none_ref())
}

fn cancel(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let core = core(vm, this)?;
    core.alive(vm)?;
    let message = args.first().copied().flatten().map(Object::to_ref);
    Ok(vm.bool(core.cancel(vm, this, message)?))
}

/// `_make_cancelled_error`
pub fn make_cancelled_error(vm: &Vm, this: &Object) -> PyResult {
    core(vm, this)?.make_cancelled_error(vm)
}

/// The attributes that tasks inherit.
const GETSET: &[GetSetDef] = &[
    GetSetDef::get(
        "_state",
        |vm, this| {
            let core = core(vm, this)?;
            core.alive(vm)?;
            Ok(vm.intern(core.state.get().name())?.upcast())
        },
        "",
    ),
    GetSetDef::get_set(
        "_asyncio_future_blocking",
        |vm, this| {
            let core = core(vm, this)?;
            Ok(vm.bool(!core.event_loop.is_none() && core.blocking.get()))
        },
        |vm, this, value| {
            let core = core(vm, this)?;
            core.alive(vm)?;
            let value = present(vm, "_asyncio_future_blocking", value)?;
            core.blocking.set(protocol::is_true(vm, value)?);
            Ok(())
        },
        "",
    ),
    GetSetDef::get(
        "_loop",
        |vm, this| {
            Ok(core(vm, this)?
                .event_loop
                .get()
                .unwrap_or_else(|| vm.none_ref()))
        },
        "",
    ),
    GetSetDef::get("_callbacks", |vm, this| core(vm, this)?.callbacks(vm), ""),
    GetSetDef::get(
        "_result",
        |vm, this| {
            let core = core(vm, this)?;
            core.alive(vm)?;
            Ok(core.result.get().unwrap_or_else(|| vm.none_ref()))
        },
        "",
    ),
    GetSetDef::get(
        "_exception",
        |vm, this| {
            let core = core(vm, this)?;
            core.alive(vm)?;
            Ok(core.exception.get().unwrap_or_else(|| vm.none_ref()))
        },
        "",
    ),
    GetSetDef::get_set(
        "_log_traceback",
        |vm, this| {
            let core = core(vm, this)?;
            core.alive(vm)?;
            Ok(vm.bool(core.log_traceback.get()))
        },
        |vm, this, value| {
            let value = present(vm, "_log_traceback", value)?;
            if protocol::is_true(vm, value)? {
                return Err(vm.value_error("_log_traceback can only be set to False"));
            }
            core(vm, this)?.log_traceback.set(false);
            Ok(())
        },
        "",
    ),
    GetSetDef::get(
        "_source_traceback",
        |vm, this| {
            let core = core(vm, this)?;
            Ok(core.source_traceback.get().unwrap_or_else(|| vm.none_ref()))
        },
        "",
    ),
    GetSetDef::get_set(
        "_cancel_message",
        |vm, this| {
            let core = core(vm, this)?;
            Ok(core.cancel_message.get().unwrap_or_else(|| vm.none_ref()))
        },
        |vm, this, value| {
            let value = present(vm, "_cancel_message", value)?;
            core(vm, this)?.cancel_message.set(Some(value.to_ref()));
            Ok(())
        },
        "",
    ),
    GetSetDef::get("_asyncio_awaited_by", awaited_by, ""),
];

/// The value that an attribute is set to; AttributeError where it is deleted.
///
/// # Errors
/// AttributeError
pub fn present<'a>(vm: &Vm, name: &str, value: Option<&'a Object>) -> PyResult<&'a Object> {
    value.ok_or_else(|| {
        vm.raise(
            &vm.exceptions.AttributeError,
            &format!("attribute '{name}' of '_asyncio.Future' objects cannot be deleted"),
        )
    })
}

fn awaited_by(vm: &Vm, this: &Object) -> PyResult {
    let core = core(vm, this)?;
    let Some(waiting) = core.awaited_by.get() else {
        return Ok(vm.none_ref());
    };
    let all = Set::place(vm, &vm.types.frozenset)?;
    match waiting
        .downcast::<Set>()
        .filter(|_| core.awaited_by_many.get())
    {
        Some(many) => all.merge(vm, many)?,
        None => all.add(vm, &waiting)?,
    }
    Ok(all.upcast())
}

/// Notes that a future is awaited by another; objects of other types are left alone.
///
/// # Errors
/// What hashing raises.
pub fn add_awaited_by(vm: &Vm, future: &Object, waiter: &Object) -> PyResult<()> {
    let (Some(core), Some(_)) = (core_of(future), core_of(waiter)) else {
        return Ok(());
    };
    let Some(known) = core.awaited_by.get() else {
        core.awaited_by.set(Some(waiter.to_ref()));
        return Ok(());
    };
    if core.awaited_by_many.get() {
        return match known.downcast::<Set>() {
            Some(many) => many.add(vm, waiter),
            None => Ok(()),
        };
    }
    if known.is(waiter) {
        return Ok(());
    }
    let many = Set::place(vm, &vm.types.set)?;
    many.add(vm, &known)?;
    many.add(vm, waiter)?;
    core.awaited_by.set(Some(many.upcast()));
    core.awaited_by_many.set(true);
    Ok(())
}

/// Notes that a future is not awaited by another any more.
///
/// # Errors
/// What hashing raises.
pub fn discard_awaited_by(vm: &Vm, future: &Object, waiter: &Object) -> PyResult<()> {
    let (Some(core), Some(_)) = (core_of(future), core_of(waiter)) else {
        return Ok(());
    };
    let Some(known) = core.awaited_by.get() else {
        return Ok(());
    };
    if core.awaited_by_many.get() {
        if let Some(many) = known.downcast::<Set>() {
            let hash = protocol::hash(vm, waiter)?;
            many.discard_hashed(vm, waiter, hash)?;
        }
    } else if known.is(waiter) {
        core.awaited_by.set(None);
    }
    Ok(())
}
