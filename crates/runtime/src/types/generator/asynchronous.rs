//! The builtin type `async_generator`, the awaitables of its methods, and the awaitable of a coroutine.

use std::cell::Cell;

use viv_heap::{Flags, Object, ObjectLayout, Ref, object_layout};

use super::{
    close, code, exception_to_throw, finalize, frame, repr, stop, suspended, this, throw,
    waiting_for,
};
use crate::eval::generator::{self, Resumed};
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Generator, GeneratorState, Slot, Type, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `async_generator`.
pub static ASYNC_GENERATOR_SPEC: TypeSpec = TypeSpec {
    name: "async_generator",
    weaklist_offset: std::mem::offset_of!(Generator, weakrefs) as u32,
    slots: |s| {
        s.repr.set(Some(repr));
        s.aiter.set(Some(|_, o| Ok(o.to_ref())));
        s.anext.set(Some(|vm, o| new_step(vm, o, Step::Send(None))));
        s.finalize.set(Some(finalize));
    },
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(Generator::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "asend",
        "($self, value, /)",
        NativeCall::One(|vm, o, v| new_step(vm, o, Step::Send(Some(v)))),
        "asend(v) -> send 'v' in generator.",
    ),
    MethodDef::new(
        "athrow",
        "",
        NativeCall::Positional {
            min: 1,
            max: 3,
            call: |vm, o, a| {
                warn_of_athrow(vm, a)?;
                new_step(vm, o, Step::Throw(a))
            },
        },
        "athrow(value)\nathrow(type[,value[,tb]])\n\nraise exception in generator.\nthe (type, val, tb) signature is deprecated, \nand may be removed in a future version of Python.",
    ),
    MethodDef::new(
        "aclose",
        "($self, /)",
        NativeCall::NoArgs(|vm, o| new_step(vm, o, Step::Close)),
        "aclose() -> raise GeneratorExit inside generator.",
    ),
    MethodDef::class(
        "__class_getitem__",
        "",
        NativeCall::One(crate::types::generic_alias::class_getitem),
        "See PEP 585",
    ),
];

const GETSET: &[GetSetDef] = &[
    GetSetDef::get_set("__name__", super::name, super::set_name, ""),
    GetSetDef::get_set("__qualname__", super::qualname, super::set_qualname, ""),
    GetSetDef::get("ag_await", waiting_for, "object being awaited on, or None"),
    GetSetDef::get(
        "ag_running",
        |vm, o| Ok(vm.bool(this(vm, o)?.running_async.get())),
        "",
    ),
    GetSetDef::get("ag_frame", frame, ""),
    GetSetDef::get("ag_suspended", suspended, ""),
    GetSetDef::get("ag_code", code, ""),
];

/// A value that an async generator yielded, told apart from what it awaits.
#[repr(C)]
pub struct Wrapped {
    /// The header.
    pub head: Object,
    value: Ref,
}
object_layout!(
    Wrapped = kinds::ASYNC_GENERATOR_WRAPPED,
    traverse | this,
    visit | {
        visit.visit(&this.value);
    }
);

/// The type of [`Wrapped`]; scripts never see one.
pub static WRAPPED_SPEC: TypeSpec = TypeSpec {
    name: "async_generator_wrapped_value",
    ..TypeSpec::new(Wrapped::layout, true)
};

/// Wraps a value that an async generator yields.
pub fn wrap_async_value(vm: &Vm, value: &Object) -> PyResult {
    let wrapped = vm.place(Wrapped {
        head: Object::new(vm.types.async_generator_wrapped.type_head_of()),
        value: value.to_ref(),
    })?;
    vm.heap.track(&wrapped);
    Ok(wrapped.upcast())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Fresh,
    Iterating,
    Closed,
}

enum Step<'a> {
    Send(Option<&'a Object>),
    Throw(&'a [&'a Object]),
    Close,
}

/// What `asend`, `athrow`, `aclose` and `__anext__` give: an awaitable that does one step.
#[repr(C)]
pub struct AsyncStep {
    /// The header.
    pub head: Object,
    generator: Ref<Generator>,
    /// The value to send, or the tuple of arguments of `throw`; nothing for `aclose`.
    argument: Slot,
    throws: bool,
    progress: Cell<Progress>,
}
object_layout!(
    AsyncStep = kinds::ASYNC_GENERATOR_ASEND,
    traverse | this,
    visit | {
        visit.visit(this.generator.as_object());
        this.argument.visit(visit);
    },
    clear | this | {
        this.argument.set(None);
    }
);

impl AsyncStep {
    /// A step that nobody has awaited, of a generator whose hooks have been called. `class` says which call has made it.
    #[inline(always)]
    pub(crate) fn new(
        class: &Type,
        generator: &Generator,
        argument: Option<Ref>,
        throws: bool,
    ) -> AsyncStep {
        AsyncStep {
            head: Object::new(class.type_head_of()),
            generator: Ref::of(generator),
            argument: Slot::new(argument),
            throws,
            progress: Cell::new(Progress::Fresh),
        }
    }

    #[inline]
    fn set_progress(&self, progress: Progress) {
        self.progress.set(progress);
        if progress != Progress::Fresh {
            // The finaliser reports steps that nobody has awaited.
            self.head.set_flags(Flags::QUIET);
        }
    }

    /// The generator that is resumed with what is sent to this step, where nothing is to be looked at but the generator
    /// itself; `none` says that None is sent.
    #[inline(always)]
    pub(crate) fn resumes(&self, none: bool) -> Option<&Generator> {
        let ready = !self.throws
            && match self.progress.get() {
                Progress::Fresh => {
                    none && self.argument.is_none() && !self.generator.running_async.get()
                }
                Progress::Iterating => true,
                Progress::Closed => false,
            };
        ready.then_some(&*self.generator)
    }

    /// Says that the generator of [`resumes`](Self::resumes) has been resumed.
    #[inline(always)]
    pub(crate) fn set_resumed(&self) {
        self.set_progress(Progress::Iterating);
        self.generator.running_async.set(true);
    }

    /// Says that the step is over, and with `closed` that the generator is, too.
    #[inline(always)]
    pub(crate) fn set_over(&self, closed: bool) {
        self.set_progress(Progress::Closed);
        self.generator.running_async.set(false);
        if closed {
            self.generator.closed.set(true);
        }
    }
}

/// Ends a step whose generator an exception has left, which waits in the thread state.
pub(crate) fn set_raised(vm: &Vm, step: &AsyncStep) {
    let raised = vm.pending.take();
    let over = raised.as_ref().is_some_and(|exception| {
        let class = Type::of(exception);
        class.is_subtype(&vm.exceptions.StopAsyncIteration)
            || class.is_subtype(&vm.exceptions.GeneratorExit)
    });
    vm.pending.set(raised);
    step.set_over(over);
}

/// The type `async_generator_asend`.
pub static ASEND_SPEC: TypeSpec = TypeSpec {
    name: "async_generator_asend",
    slots: step_slots,
    methods: &[STEP_METHODS],
    ..TypeSpec::new(AsyncStep::layout, true)
};

/// The type `async_generator_athrow`.
pub static ATHROW_SPEC: TypeSpec = TypeSpec {
    name: "async_generator_athrow",
    slots: step_slots,
    methods: &[STEP_METHODS],
    ..TypeSpec::new(AsyncStep::layout, true)
};

fn step_slots(s: &crate::slots::Slots) {
    s.iter.set(Some(|_, o| Ok(o.to_ref())));
    s.awaitable.set(Some(|_, o| Ok(o.to_ref())));
    s.finalize.set(Some(finalize_step));
    s.next
        .set(Some(|vm, o| step_send(vm, o, vm.none()).map(Some)));
}

const STEP_METHODS: &[MethodDef] = &[
    MethodDef::new("send", "", NativeCall::One(step_send), ""),
    MethodDef::new(
        "throw",
        "",
        NativeCall::Positional {
            min: 1,
            max: 3,
            call: step_throw,
        },
        "",
    ),
    MethodDef::new("close", "", NativeCall::NoArgs(step_close), ""),
];

fn new_step(vm: &Vm, object: &Object, step: Step<'_>) -> PyResult {
    let generator = this(vm, object)?;
    init_hooks(vm, generator)?;
    let (ty, argument, throws) = match step {
        Step::Send(value) => (
            &vm.types.async_generator_asend,
            value.map(Object::to_ref),
            false,
        ),
        Step::Throw(args) => (
            &vm.types.async_generator_athrow,
            Some(vm.tuple_of(args)?.upcast()),
            true,
        ),
        Step::Close => (&vm.types.async_generator_athrow, None, true),
    };
    let step = vm.place(AsyncStep::new(ty, generator, argument, throws))?;
    vm.heap.track(&step);
    Ok(step.upcast())
}

/// Calls the thread's first-iteration hook once for each generator.
fn init_hooks(vm: &Vm, generator: &Generator) -> PyResult<()> {
    if generator.hooks_inited.replace(true) {
        return Ok(());
    }
    generator.finalizer.set(vm.asyncgen_finalizer.get());
    if let Some(hook) = vm.asyncgen_firstiter.get() {
        protocol::call_one(vm, &hook, &generator.head)?;
    }
    Ok(())
}

/// Hands an abandoned async generator to the event loop's hook; false where there is none.
pub(super) fn run_finalizer_hook(vm: &Vm, generator: &Generator, object: &Object) -> bool {
    let Some(hook) = generator.finalizer.get() else {
        return false;
    };
    if generator.closed.get() {
        return false;
    }
    let waiting = vm.pending.take();
    if let Err(raised) = protocol::call_one(vm, &hook, object) {
        let exception = vm.take_raised(raised);
        crate::types::exception::report_unraisable(
            vm,
            &exception,
            "while finalizing generator",
            object,
        );
    }
    vm.pending.set(waiting);
    true
}

fn step_of<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a AsyncStep> {
    object
        .downcast::<AsyncStep>()
        .ok_or_else(|| vm.type_error("descriptor requires an async generator step"))
}

/// Warns of more than one argument for `athrow`.
fn warn_of_athrow(vm: &Vm, args: &[&Object]) -> PyResult<()> {
    if args.len() < 2 {
        return Ok(());
    }
    vm.warn(
        &vm.exceptions.DeprecationWarning,
        "the (type, exc, tb) signature of athrow() is deprecated, use the single-arg signature instead.",
        1,
    )
}

/// The finaliser of a step: one that was never awaited is reported.
fn finalize_step(vm: &Vm, object: &Object) {
    let Some(step) = object.downcast::<AsyncStep>() else {
        return;
    };
    if step.progress.get() != Progress::Fresh {
        return;
    }
    let waiting = vm.pending.take();
    let method = method_name(step);
    let warned = match step.generator.qualname.get() {
        Some(name) => protocol::repr(vm, &name).and_then(|name| {
            let text = format!(
                "coroutine method '{method}' of {} was never awaited",
                name.to_text()
            );
            vm.warn(&vm.exceptions.RuntimeWarning, &text, 1)
        }),
        None => Ok(()),
    };
    if let Err(raised) = warned {
        vm.unraisable(raised, "in:", Some(&step.generator.head));
    }
    vm.pending.set(waiting);
}

fn method_name(step: &AsyncStep) -> &'static str {
    match (step.throws, step.argument.is_none()) {
        (false, _) => "asend",
        (true, false) => "athrow",
        (true, true) => "aclose",
    }
}

fn step_send(vm: &Vm, object: &Object, value: &Object) -> PyResult {
    as_call(vm, send_step(vm, step_of(vm, object)?, value))
}

/// What a step gives to one who called a method: its end is a StopIteration.
fn as_call(vm: &Vm, result: PyResult<Resumed>) -> PyResult {
    match result? {
        Resumed::Yielded(value) => Ok(value),
        Resumed::Returned(value) => Err(stop(vm, value)),
    }
}

/// Goes on with a step: what it awaits next, or its result.
pub(crate) fn send_step(vm: &Vm, step: &AsyncStep, value: &Object) -> PyResult<Resumed> {
    let generator = &step.generator;
    match step.progress.get() {
        Progress::Closed => {
            let which = if step.throws {
                "aclose()/athrow()"
            } else {
                "__anext__()/asend()"
            };
            Err(vm.runtime_error(format!("cannot reuse already awaited {which}")))
        }
        Progress::Iterating => {
            let result = generator::send(vm, generator, value.to_ref());
            finish_step(vm, step, result)
        }
        Progress::Fresh if generator.running_async.get() => {
            step.set_progress(Progress::Closed);
            let name = if method_name(step) == "asend" {
                "anext"
            } else {
                method_name(step)
            };
            Err(vm.runtime_error(format!(
                "{name}(): asynchronous generator is already running"
            )))
        }
        Progress::Fresh if !step.throws => {
            step.set_resumed();
            let first = match step.argument.get() {
                Some(argument) if vm.is_none(value) => argument,
                _ => value.to_ref(),
            };
            let result = match generator.state.get() {
                GeneratorState::Done => Ok(Resumed::Returned(vm.none_ref())),
                _ => generator::send(vm, generator, first),
            };
            finish_step(vm, step, result)
        }
        Progress::Fresh => start_throw(vm, step, value),
    }
}

fn start_throw(vm: &Vm, step: &AsyncStep, value: &Object) -> PyResult<Resumed> {
    let generator = &step.generator;
    if !vm.is_none(value) {
        return Err(vm.runtime_error("can't send non-None value to a just-started coroutine"));
    }
    if generator.closed.get() || generator.state.get() == GeneratorState::Done {
        step.set_progress(Progress::Closed);
        return match step.argument.get() {
            None => Ok(Resumed::Returned(vm.none_ref())),
            Some(_) => Err(vm.raise_with(&vm.exceptions.StopAsyncIteration, &[])),
        };
    }
    step.set_resumed();
    let result = match step
        .argument
        .get()
        .and_then(|a| a.cast::<crate::object::Tuple>().ok())
    {
        Some(args) => throw(vm, generator, &args.iter().collect::<Vec<_>>()),
        None => {
            generator.closed.set(true);
            throw(vm, generator, &[&vm.exceptions.GeneratorExit.head])
        }
    };
    finish_step(vm, step, result)
}

/// What the outcome of a step means: a wrapped value ends the await with it, another one is awaited further.
pub(crate) fn finish_step(
    vm: &Vm,
    step: &AsyncStep,
    result: PyResult<Resumed>,
) -> PyResult<Resumed> {
    let closing = method_name(step) == "aclose";
    match result {
        Ok(Resumed::Yielded(value)) => match value.downcast::<Wrapped>() {
            Some(wrapped) => {
                step.set_over(false);
                if closing {
                    return Err(vm.runtime_error("async generator ignored GeneratorExit"));
                }
                // Exactly this object, also where a StopIteration would take a tuple apart.
                Ok(Resumed::Returned(wrapped.value.clone()))
            }
            None => Ok(Resumed::Yielded(value)),
        },
        Ok(Resumed::Returned(_)) => {
            step.set_over(true);
            if closing {
                return Ok(Resumed::Returned(vm.none_ref()));
            }
            Err(vm.raise_with(&vm.exceptions.StopAsyncIteration, &[]))
        }
        Err(raised) => {
            let over = vm.raised_is(&raised, &vm.exceptions.StopAsyncIteration)
                || vm.raised_is(&raised, &vm.exceptions.GeneratorExit);
            step.set_over(over);
            if closing && over {
                drop(vm.take_raised(raised));
                return Ok(Resumed::Returned(vm.none_ref()));
            }
            Err(raised)
        }
    }
}

fn step_throw(vm: &Vm, object: &Object, args: &[&Object]) -> PyResult {
    super::warn_of_signature(vm, args)?;
    let step = step_of(vm, object)?;
    match step.progress.get() {
        Progress::Closed => {
            let which = if step.throws {
                "aclose()/athrow()"
            } else {
                "__anext__()/asend()"
            };
            Err(vm.runtime_error(format!("cannot reuse already awaited {which}")))
        }
        Progress::Fresh if step.generator.running_async.get() => {
            step.set_progress(Progress::Closed);
            let name = if method_name(step) == "asend" {
                "anext"
            } else {
                method_name(step)
            };
            Err(vm.runtime_error(format!(
                "{name}(): asynchronous generator is already running"
            )))
        }
        _ => {
            step.set_resumed();
            let result = throw(vm, &step.generator, args);
            as_call(vm, finish_step(vm, step, result))
        }
    }
}

fn step_close(vm: &Vm, object: &Object) -> PyResult {
    let step = step_of(vm, object)?;
    if step.progress.get() != Progress::Iterating {
        step.set_progress(Progress::Closed);
        return Ok(vm.none_ref());
    }
    let result = step_throw(vm, object, &[&vm.exceptions.GeneratorExit.head]);
    match result {
        Ok(_) => Err(vm.runtime_error("coroutine ignored GeneratorExit")),
        Err(raised) => {
            let over = [
                &vm.exceptions.StopIteration,
                &vm.exceptions.StopAsyncIteration,
                &vm.exceptions.GeneratorExit,
            ]
            .iter()
            .any(|class| vm.raised_is(&raised, class));
            if over {
                drop(vm.take_raised(raised));
                return Ok(vm.none_ref());
            }
            Err(raised)
        }
    }
}

/// The awaitable of a coroutine (`coroutine.__await__()`).
#[repr(C)]
pub struct CoroutineWrapper {
    /// The header.
    pub head: Object,
    coroutine: Ref,
}
object_layout!(
    CoroutineWrapper = kinds::COROUTINE_WRAPPER,
    traverse | this,
    visit | {
        visit.visit(&this.coroutine);
    }
);

/// The type `coroutine_wrapper`.
pub static COROUTINE_WRAPPER_SPEC: TypeSpec = TypeSpec {
    name: "coroutine_wrapper",
    slots: |s| {
        s.iter.set(Some(|_, o| Ok(o.to_ref())));
        s.next
            .set(Some(|vm, o| wrapper_send(vm, o, vm.none()).map(Some)));
    },
    methods: &[WRAPPER_METHODS],
    ..TypeSpec::new(CoroutineWrapper::layout, true)
};

const WRAPPER_METHODS: &[MethodDef] = &[
    MethodDef::new("send", "", NativeCall::One(wrapper_send), ""),
    MethodDef::new(
        "throw",
        "",
        NativeCall::Positional {
            min: 1,
            max: 3,
            call: wrapper_throw,
        },
        "",
    ),
    MethodDef::new(
        "close",
        "",
        NativeCall::NoArgs(|vm, o| close(vm, inner(vm, o)?.as_object())),
        "",
    ),
];

/// `coroutine.__await__()`
pub fn coroutine_wrapper(vm: &Vm, coroutine: &Object) -> PyResult {
    let head = Object::new(vm.types.coroutine_wrapper.type_head_of());
    let wrapper = vm.place(CoroutineWrapper {
        head,
        coroutine: coroutine.to_ref(),
    })?;
    vm.heap.track(&wrapper);
    Ok(wrapper.upcast())
}

fn inner(vm: &Vm, object: &Object) -> PyResult {
    match object.downcast::<CoroutineWrapper>() {
        Some(wrapper) => Ok(wrapper.coroutine.clone()),
        None => Err(vm.type_error("descriptor requires a coroutine_wrapper")),
    }
}

fn wrapper_send(vm: &Vm, object: &Object, value: &Object) -> PyResult {
    let coroutine = inner(vm, object)?;
    match generator::send(vm, this(vm, &coroutine)?, value.to_ref())? {
        Resumed::Yielded(value) => Ok(value),
        Resumed::Returned(value) => Err(stop(vm, value)),
    }
}

fn wrapper_throw(vm: &Vm, object: &Object, args: &[&Object]) -> PyResult {
    super::warn_of_signature(vm, args)?;
    let coroutine = inner(vm, object)?;
    exception_to_throw(vm, args)?;
    match throw(vm, this(vm, &coroutine)?, args)? {
        Resumed::Yielded(value) => Ok(value),
        Resumed::Returned(value) => Err(stop(vm, value)),
    }
}

/// Whether a type's instances can be awaited.
pub fn is_awaitable_type(ty: &Type) -> bool {
    ty.slots.awaitable.get().is_some()
}
