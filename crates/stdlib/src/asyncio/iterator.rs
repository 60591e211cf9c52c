//! What `await` makes of a future: it gives the future once, and then its result.

use viv_runtime::object::{Exception, Slot, Traceback, Type};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout, protocol,
};

use super::core::{State, core};
use crate::kinds;

/// The iterator of a future.
#[repr(C)]
pub struct FutureIterator {
    /// The header.
    pub head: Object,
    /// The future, until its result has been given.
    future: Slot,
}
object_layout!(
    FutureIterator = kinds::FUTURE_ITERATOR,
    traverse | this,
    visit | {
        this.future.visit(visit);
    },
    clear | this | {
        this.future.set(None);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "FutureIter",
    module: "_asyncio",
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[&[
        MethodDef::new(
            "send",
            "($self, object, /)",
            NativeCall::One(|vm, this, _| match next(vm, this)? {
                Some(value) => Ok(value),
                None => Err(vm.stop_iteration(None)),
            }),
            "",
        ),
        MethodDef::positional("throw", "", 1, 3, throw, ""),
        MethodDef::new(
            "close",
            "($self, /)",
            NativeCall::NoArgs(|vm, this| {
                receiver::<FutureIterator>(vm, this)?.future.set(None);
                Ok(vm.none_ref())
            }),
            "",
        ),
    ]],
    ..TypeSpec::new(FutureIterator::layout, true)
};

/// `iter(future)`
///
/// # Errors
/// RuntimeError where `__init__` has not run; MemoryError
pub fn new(vm: &Vm, future: &Object) -> PyResult {
    if core(vm, future)?.event_loop.is_none() {
        return Err(vm.runtime_error("Future object is not initialized."));
    }
    let ty = extra_type(vm, &SPEC, &vm.types.object)?;
    place_tracked(
        vm,
        FutureIterator {
            head: Object::new(ty.type_head_of()),
            future: Slot::full(future.to_ref()),
        },
    )
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<FutureIterator>(vm, this)?;
    let Some(future) = this.future.get() else {
        return Ok(None);
    };
    let core = core(vm, &future)?;
    if core.state.get() == State::Pending {
        if core.blocking.replace(true) {
            return Err(vm.runtime_error("await wasn't used with future"));
        }
        return Ok(Some(future));
    }
    let result = core.get_result(vm)?;
    this.future.set(None);
    if vm.is_none(&result) {
        return Ok(None);
    }
    Err(vm.stop_iteration(Some(&result)))
}

fn throw(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let iterator = receiver::<FutureIterator>(vm, this)?;
    if args.len() > 1 {
        vm.warn(
            &vm.exceptions.DeprecationWarning,
            "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.",
            1,
        )?;
    }
    let kind = args.first().copied().unwrap_or(vm.none());
    let given = |i: usize| args.get(i).copied().filter(|o| !vm.is_none(o));
    let (value, traceback) = (given(1), given(2));
    if traceback.is_some_and(|t| t.downcast::<Traceback>().is_none()) {
        return Err(vm.type_error("throw() third argument must be a traceback"));
    }
    let exception = if let Some(class) = kind.downcast::<Type>()
        && class.is_subtype(&vm.types.base_exception)
    {
        match value {
            Some(value) if Type::of(value).is_subtype(class) => value.to_ref(),
            Some(value) => protocol::call_one(vm, kind, value)?,
            None => protocol::call_no_args(vm, kind)?,
        }
    } else if kind.downcast::<Exception>().is_some() {
        if value.is_some() {
            return Err(vm.type_error("instance exception may not have a separate value"));
        }
        kind.to_ref()
    } else {
        return Err(vm.type_error(
            "exceptions must be classes deriving BaseException or instances of such a class",
        ));
    };
    iterator.future.set(None);
    let Some(fields) = exception.downcast::<Exception>() else {
        return Err(vm.type_error("exceptions must derive from BaseException"));
    };
    if let Some(traceback) = traceback {
        fields.traceback.set(Some(traceback.to_ref()));
    }
    Err(vm.raise_object(exception))
}
