//! The builtin types `generator` and `coroutine`; [`asynchronous`] has `async_generator` and its helpers.

pub mod anext;
pub mod asynchronous;

use viv_bytecode::{Instr, Intrinsic1, Op};
use viv_heap::{Object, ObjectLayout, Ref};

use crate::eval::generator::{self, Resumed, delegate, kind_name};
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Exception, Generator, GeneratorKind, GeneratorState, Str, Type};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

pub use asynchronous::{ASYNC_GENERATOR_SPEC, wrap_async_value};

/// The type `generator`.
pub static GENERATOR_SPEC: TypeSpec = TypeSpec {
    name: "generator",
    weaklist_offset: std::mem::offset_of!(Generator, weakrefs) as u32,
    slots: |s| {
        s.repr.set(Some(repr));
        s.iter.set(Some(|_, o| Ok(o.to_ref())));
        s.next.set(Some(next));
        s.finalize.set(Some(finalize));
    },
    methods: &[GENERATOR_METHODS],
    getset: GENERATOR_GETSET,
    ..TypeSpec::new(Generator::layout, true)
};

/// The type `coroutine`.
pub static COROUTINE_SPEC: TypeSpec = TypeSpec {
    name: "coroutine",
    weaklist_offset: std::mem::offset_of!(Generator, weakrefs) as u32,
    slots: |s| {
        s.repr.set(Some(repr));
        s.awaitable.set(Some(asynchronous::coroutine_wrapper));
        s.finalize.set(Some(finalize));
    },
    methods: &[COROUTINE_METHODS],
    getset: COROUTINE_GETSET,
    ..TypeSpec::new(Generator::layout, true)
};

/// The methods, with the documentation of `send`, `throw` and `close`.
const fn methods(
    send_doc: &'static str,
    throw_doc: &'static str,
    close_doc: &'static str,
) -> [MethodDef; 4] {
    [
        MethodDef::new(
            "send",
            "($self, object, /)",
            NativeCall::One(send),
            send_doc,
        ),
        MethodDef::new(
            "throw",
            "",
            NativeCall::Positional {
                min: 1,
                max: 3,
                call: throw_method,
            },
            throw_doc,
        ),
        MethodDef::new("close", "($self, /)", NativeCall::NoArgs(close), close_doc),
        MethodDef::class(
            "__class_getitem__",
            "",
            NativeCall::One(crate::types::generic_alias::class_getitem),
            "See PEP 585",
        ),
    ]
}

const GENERATOR_METHODS: &[MethodDef] = &methods(
    "send(value) -> send 'value' into generator,\nreturn next yielded value or raise StopIteration.",
    "throw(value)\nthrow(type[,value[,tb]])\n\nRaise exception in generator, return next yielded value or raise\nStopIteration.\nthe (type, val, tb) signature is deprecated, \nand may be removed in a future version of Python.",
    "close() -> raise GeneratorExit inside generator.",
);

const COROUTINE_METHODS: &[MethodDef] = &methods(
    "send(arg) -> send 'arg' into coroutine,\nreturn next iterated value or raise StopIteration.",
    "throw(value)\nthrow(type[,value[,traceback]])\n\nRaise exception in coroutine, return next iterated value or raise\nStopIteration.\nthe (type, val, tb) signature is deprecated, \nand may be removed in a future version of Python.",
    "close() -> raise GeneratorExit inside coroutine.",
);

const GENERATOR_GETSET: &[GetSetDef] = &[
    GetSetDef::get_set("__name__", name, set_name, "name of the generator"),
    GetSetDef::get_set(
        "__qualname__",
        qualname,
        set_qualname,
        "qualified name of the generator",
    ),
    GetSetDef::get(
        "gi_yieldfrom",
        waiting_for,
        "object being iterated by yield from, or None",
    ),
    GetSetDef::get("gi_running", running, ""),
    GetSetDef::get("gi_frame", frame, ""),
    GetSetDef::get("gi_suspended", suspended, ""),
    GetSetDef::get("gi_code", code, ""),
];

const COROUTINE_GETSET: &[GetSetDef] = &[
    GetSetDef::get_set("__name__", name, set_name, "name of the coroutine"),
    GetSetDef::get_set(
        "__qualname__",
        qualname,
        set_qualname,
        "qualified name of the coroutine",
    ),
    GetSetDef::get("cr_await", waiting_for, "object being awaited on, or None"),
    GetSetDef::get("cr_running", running, ""),
    GetSetDef::get("cr_frame", frame, ""),
    GetSetDef::get("cr_suspended", suspended, ""),
    GetSetDef::get("cr_code", code, ""),
    GetSetDef::member(
        "cr_origin",
        |vm, o| Ok(this(vm, o)?.origin.get().unwrap_or_else(|| vm.none_ref())),
        "",
    ),
];

pub(super) fn this<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a Generator> {
    object
        .downcast::<Generator>()
        .ok_or_else(|| vm.type_error("descriptor requires a generator"))
}

pub(super) fn repr(vm: &Vm, object: &Object) -> PyResult {
    let name = this(vm, object)?.qualname.get();
    let name = name
        .as_ref()
        .and_then(|n| n.downcast::<Str>())
        .map_or("?".into(), |n| n.to_text());
    let kind = kind_name(this(vm, object)?).replace(' ', "_");
    vm.new_str(&format!(
        "<{kind} object {name} at {:#x}>",
        object.address()
    ))
    .map(Ref::upcast)
}

fn next(vm: &Vm, object: &Object) -> PyResult<Option<Ref>> {
    match generator::step(vm, this(vm, object)?)? {
        Resumed::Yielded(value) => Ok(Some(value)),
        Resumed::Returned(value) if vm.is_none(&value) => Ok(None),
        Resumed::Returned(value) => Err(stop(vm, value)),
    }
}

/// StopIteration with a return value.
pub(super) fn stop(vm: &Vm, value: Ref) -> Raised {
    if vm.is_none(&value) {
        vm.stop_iteration(None)
    } else {
        vm.stop_iteration(Some(&value))
    }
}

/// What a resumption means to a caller of `send`, `throw` or `next`.
fn outcome(vm: &Vm, resumed: Resumed) -> PyResult {
    match resumed {
        Resumed::Yielded(value) => Ok(value),
        Resumed::Returned(value) => Err(stop(vm, value)),
    }
}

fn send(vm: &Vm, object: &Object, value: &Object) -> PyResult {
    outcome(vm, generator::send(vm, this(vm, object)?, value.to_ref())?)
}

/// The exception that the arguments of `throw` name: an instance, or class, value and traceback.
pub(super) fn exception_to_throw(vm: &Vm, args: &[&Object]) -> PyResult {
    let given = |i: usize| args.get(i).copied().filter(|o| !vm.is_none(o));
    let (kind, value, traceback) = (
        args.first().copied().unwrap_or(vm.none()),
        given(1),
        given(2),
    );
    if let Some(traceback) = traceback
        && traceback.downcast::<crate::object::Traceback>().is_none()
    {
        return Err(vm.type_error("throw() third argument must be a traceback object"));
    }
    let exception = if kind.downcast::<Exception>().is_some() {
        if value.is_some() {
            return Err(vm.type_error("instance exception may not have a separate value"));
        }
        kind.to_ref()
    } else if let Some(class) = kind.downcast::<Type>()
        && class.is_subtype(&vm.types.base_exception)
    {
        match value {
            Some(value) if Type::of(value).is_subtype(class) => value.to_ref(),
            Some(value) => match value.downcast::<crate::object::Tuple>() {
                Some(args) => protocol::call_args(vm, kind, &args.iter().collect::<Vec<_>>())?,
                None => protocol::call_one(vm, kind, value)?,
            },
            None => protocol::call_no_args(vm, kind)?,
        }
    } else {
        return Err(vm.type_error(format!(
            "exceptions must be classes or instances deriving from BaseException, not {}",
            protocol::type_name(kind)
        )));
    };
    if exception.downcast::<Exception>().is_none() {
        let text = format!(
            "calling {} should have returned an instance of BaseException, not {}",
            protocol::repr(vm, kind)?.to_text(),
            protocol::repr(vm, &Type::of(&exception).head)?.to_text(),
        );
        let raised = vm.type_error(text);
        return Ok(vm.take_raised(raised));
    }
    if let (Some(fields), Some(traceback)) = (exception.downcast::<Exception>(), traceback) {
        fields.traceback.set(Some(traceback.to_ref()));
    }
    Ok(exception)
}

/// Warns of more than one argument for `throw`.
pub(super) fn warn_of_signature(vm: &Vm, args: &[&Object]) -> PyResult<()> {
    if args.len() < 2 {
        return Ok(());
    }
    vm.warn(
        &vm.exceptions.DeprecationWarning,
        "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.",
        1,
    )
}

fn throw_method(vm: &Vm, object: &Object, args: &[&Object]) -> PyResult {
    warn_of_signature(vm, args)?;
    outcome(vm, throw(vm, this(vm, object)?, args)?)
}

/// `throw(…)`: first into what the generator delegates to.
pub(super) fn throw(vm: &Vm, generator: &Generator, args: &[&Object]) -> PyResult<Resumed> {
    if let Some(inner) = delegate(generator) {
        let exits = args.first().is_some_and(|kind| {
            let class = kind.downcast::<Type>().unwrap_or_else(|| Type::of(kind));
            class.is_subtype(&vm.exceptions.GeneratorExit)
        });
        let result = if exits {
            match close_inner(vm, &inner) {
                Ok(()) => None,
                Err(raised) => {
                    let exception = vm.take_raised(raised);
                    return generator::throw(vm, generator, exception);
                }
            }
        } else if let Some(inner) = inner
            .downcast::<Generator>()
            .filter(|g| g.kind != GeneratorKind::AsyncGenerator)
        {
            let result = generator::beneath(vm, generator, || {
                throw(vm, inner, args).and_then(|resumed| outcome(vm, resumed))
            });
            Some(result.flatten())
        } else {
            match protocol::get_attr_opt(vm, &inner, &vm.names.throw)? {
                Some(method) => {
                    let result = generator::beneath(vm, generator, || {
                        protocol::call_args(vm, &method, args)
                    });
                    Some(result.flatten())
                }
                None => None,
            }
        };
        match result {
            Some(Ok(value)) => return Ok(Resumed::Yielded(value)),
            // The delegating code sees what the inner one raised: a StopIteration is its result.
            Some(Err(raised)) => {
                let exception = vm.take_raised(raised);
                return generator::throw(vm, generator, exception);
            }
            None => {}
        }
    }
    let exception = exception_to_throw(vm, args)?;
    generator::throw(vm, generator, exception)
}

/// Closes what a generator delegates to.
fn close_inner(vm: &Vm, inner: &Object) -> PyResult<()> {
    if inner
        .downcast::<Generator>()
        .is_some_and(|g| g.kind != GeneratorKind::AsyncGenerator)
    {
        return close(vm, inner).map(drop);
    }
    match protocol::get_attr_opt(vm, inner, &vm.names.close)? {
        Some(method) => protocol::call_no_args(vm, &method).map(drop),
        None => Ok(()),
    }
}

/// Whether a suspended generator waits at a `yield` outside of any `try` and `with`: an exception thrown there would only
/// leave the frame.
fn nothing_to_unwind(generator: &Generator) -> bool {
    let word = generator.resume_at.get().saturating_sub(1);
    !generator.delegating.get()
        && generator.code.source.handler(word).is_none_or(|entry| {
            // All code of a generator has a handler around it that turns a StopIteration into a RuntimeError.
            let body = generator.code.body.get();
            let instr = body.and_then(|body| body.instrs.get(entry.target as usize));
            instr.is_some_and(|instr| {
                let instr = Instr(instr.get());
                instr.opcode() == Op::CALL_INTRINSIC_1 as u8
                    && instr.w() == Intrinsic1::StopIterationError as usize
            })
        })
}

/// `close()`
pub fn close(vm: &Vm, object: &Object) -> PyResult {
    let generator = this(vm, object)?;
    match generator.state.get() {
        GeneratorState::Created => {
            generator.release_frame();
            return Ok(vm.none_ref());
        }
        GeneratorState::Done => return Ok(vm.none_ref()),
        GeneratorState::Running => {
            return Err(vm.value_error(format!("{} already executing", kind_name(generator))));
        }
        GeneratorState::Suspended => {}
    }
    if nothing_to_unwind(generator) && !vm.tracing.get() && generator.frame.is_none() {
        generator.release_frame();
        return Ok(vm.none_ref());
    }
    let exception = match delegate(generator).map(|inner| close_inner(vm, &inner)) {
        Some(Err(raised)) => vm.take_raised(raised),
        _ => vm.take_raised(vm.raise_with(&vm.exceptions.GeneratorExit, &[])),
    };
    match generator::throw(vm, generator, exception) {
        Ok(Resumed::Yielded(_)) => {
            Err(vm.runtime_error(format!("{} ignored GeneratorExit", kind_name(generator))))
        }
        Ok(Resumed::Returned(value)) => Ok(value),
        Err(raised) if vm.raised_is(&raised, &vm.exceptions.GeneratorExit) => {
            drop(vm.take_raised(raised));
            Ok(vm.none_ref())
        }
        Err(raised) => Err(raised),
    }
}

/// The finaliser: a generator that waits inside a `try` is closed; a coroutine that was never awaited is reported.
pub(super) fn finalize(vm: &Vm, object: &Object) {
    let Some(generator) = object.downcast::<Generator>() else {
        return;
    };
    match generator.state.get() {
        GeneratorState::Done | GeneratorState::Running => return,
        GeneratorState::Created => {
            if generator.kind == GeneratorKind::Coroutine {
                let name = generator
                    .qualname
                    .get()
                    .and_then(|n| n.downcast::<Str>().map(|s| s.to_text().into_owned()));
                vm.warn_never_awaited(object, &name.unwrap_or_default());
            }
            return;
        }
        GeneratorState::Suspended => {}
    }
    if generator.kind == GeneratorKind::AsyncGenerator
        && asynchronous::run_finalizer_hook(vm, generator, object)
    {
        return;
    }
    let waiting = vm.pending.take();
    if let Err(raised) = close(vm, object) {
        let exception = vm.take_raised(raised);
        crate::types::exception::report_unraisable(
            vm,
            &exception,
            "while closing generator",
            object,
        );
    }
    vm.pending.set(waiting);
}

/// What happens to a generator that has not begun where its frame is cleared: it ends; a coroutine is reported.
///
/// # Errors
/// As [`close`].
pub fn frame_cleared(vm: &Vm, object: &Object) -> PyResult<()> {
    match object.downcast::<Generator>() {
        Some(generator) if generator.state.get() == GeneratorState::Created => {
            if generator.kind == GeneratorKind::Coroutine {
                finalize(vm, object);
                return Ok(());
            }
            close(vm, object).map(drop)
        }
        _ => Ok(()),
    }
}

fn name(vm: &Vm, object: &Object) -> PyResult {
    Ok(this(vm, object)?
        .name
        .get()
        .unwrap_or_else(|| vm.none_ref()))
}

fn qualname(vm: &Vm, object: &Object) -> PyResult {
    Ok(this(vm, object)?
        .qualname
        .get()
        .unwrap_or_else(|| vm.none_ref()))
}

fn set_name(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    match value.filter(|v| v.downcast::<Str>().is_some()) {
        Some(value) => {
            this(vm, object)?.name.set(Some(value.to_ref()));
            Ok(())
        }
        None => Err(vm.type_error("__name__ must be set to a string object")),
    }
}

fn set_qualname(vm: &Vm, object: &Object, value: Option<&Object>) -> PyResult<()> {
    match value.filter(|v| v.downcast::<Str>().is_some()) {
        Some(value) => {
            this(vm, object)?.qualname.set(Some(value.to_ref()));
            Ok(())
        }
        None => Err(vm.type_error("__qualname__ must be set to a string object")),
    }
}

pub(super) fn waiting_for(vm: &Vm, object: &Object) -> PyResult {
    Ok(delegate(this(vm, object)?).unwrap_or_else(|| vm.none_ref()))
}

fn running(vm: &Vm, object: &Object) -> PyResult {
    Ok(vm.bool(this(vm, object)?.state.get() == GeneratorState::Running))
}

pub(super) fn suspended(vm: &Vm, object: &Object) -> PyResult {
    Ok(vm.bool(this(vm, object)?.state.get() == GeneratorState::Suspended))
}

pub(super) fn code(vm: &Vm, object: &Object) -> PyResult {
    Ok(this(vm, object)?.code.clone().upcast())
}

pub(super) fn frame(vm: &Vm, object: &Object) -> PyResult {
    let generator = this(vm, object)?;
    if generator.state.get() == GeneratorState::Done {
        return Ok(vm.none_ref());
    }
    generator::frame_object_of(vm, generator).map(Ref::upcast)
}
