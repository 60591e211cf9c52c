//! What the module needs from its siblings written in Python, fetched when it is made.

use viv_runtime::modules::import::import_name;
use viv_runtime::object::{Tuple, Type};
use viv_runtime::types::exception::new_exception;
use viv_runtime::{Object, PyResult, Raised, Ref, Vm, protocol};

/// The objects that the interpreter keeps for the module, in the order of their places.
#[derive(Clone, Copy)]
pub enum Kept {
    /// `asyncio.exceptions.CancelledError`
    CancelledError,
    /// `asyncio.exceptions.InvalidStateError`
    InvalidStateError,
    /// `asyncio.base_futures._future_repr`
    FutureRepr,
    /// `asyncio.base_tasks._task_repr`
    TaskRepr,
    /// `asyncio.base_tasks._task_get_stack`
    TaskGetStack,
    /// `asyncio.base_tasks._task_print_stack`
    TaskPrintStack,
    /// `asyncio.format_helpers.extract_stack`
    ExtractStack,
    /// `asyncio.coroutines.iscoroutine`
    IsCoroutine,
    /// `asyncio.events._get_event_loop_policy`
    GetPolicy,
    /// The scheduled tasks of other types, held weakly.
    ForeignTasks,
    /// The tasks of other types that take their first step at once.
    EagerTasks,
    /// `("context",)`
    ContextName,
    /// `("msg",)`
    MessageName,
}

/// Where the first of them come from.
const IMPORTED: &[(Kept, &str, &str)] = &[
    (Kept::CancelledError, "asyncio.exceptions", "CancelledError"),
    (
        Kept::InvalidStateError,
        "asyncio.exceptions",
        "InvalidStateError",
    ),
    (Kept::FutureRepr, "asyncio.base_futures", "_future_repr"),
    (Kept::TaskRepr, "asyncio.base_tasks", "_task_repr"),
    (Kept::TaskGetStack, "asyncio.base_tasks", "_task_get_stack"),
    (
        Kept::TaskPrintStack,
        "asyncio.base_tasks",
        "_task_print_stack",
    ),
    (
        Kept::ExtractStack,
        "asyncio.format_helpers",
        "extract_stack",
    ),
    (Kept::IsCoroutine, "asyncio.coroutines", "iscoroutine"),
    (Kept::GetPolicy, "asyncio.events", "_get_event_loop_policy"),
];

/// Fetches everything.
///
/// # Errors
/// ImportError, AttributeError; MemoryError
pub fn fetch(vm: &Vm) -> PyResult<()> {
    for &(kept, module, name) in IMPORTED {
        keep(
            vm,
            kept,
            protocol::get_attr_str(vm, &*import_name(vm, module)?, name)?,
        );
    }
    let weak_set = protocol::get_attr_str(vm, &*import_name(vm, "weakref")?, "WeakSet")?;
    keep(
        vm,
        Kept::ForeignTasks,
        protocol::call_no_args(vm, &weak_set)?,
    );
    keep(
        vm,
        Kept::EagerTasks,
        viv_runtime::types::set::from_items(vm, Vec::new())?,
    );
    let names = |name: &str| vm.new_tuple(vec![vm.intern(name)?.upcast()]);
    keep(vm, Kept::ContextName, names("context")?.upcast());
    keep(vm, Kept::MessageName, names("msg")?.upcast());
    Ok(())
}

fn keep(vm: &Vm, kept: Kept, object: Ref) {
    if let Some(slot) = vm.event_loops.kept.get(kept as usize) {
        slot.set(Some(object));
    }
}

/// One of the objects.
///
/// # Errors
/// RuntimeError at the end of the interpreter, when they have been given up.
pub fn kept(vm: &Vm, kept: Kept) -> PyResult {
    let slot = vm.event_loops.kept.get(kept as usize);
    slot.and_then(|slot| slot.get())
        .ok_or_else(|| vm.runtime_error("the module _asyncio has been given up"))
}

/// The names of the one keyword argument of a call.
///
/// # Errors
/// As [`kept`].
pub fn keyword(vm: &Vm, name: Kept) -> PyResult<Ref<Tuple>> {
    let names = kept(vm, name)?;
    names
        .cast::<Tuple>()
        .map_err(|_| vm.system_error("names of keywords that are no tuple"))
}

/// An exception of one of the module's classes, which is not raised.
///
/// # Errors
/// What its constructor raises.
pub fn exception(vm: &Vm, class: Kept, args: &[&Object]) -> PyResult {
    let class = kept(vm, class)?;
    match class.downcast::<Type>() {
        Some(class) => Ok(new_exception(vm, class, args)?.upcast()),
        None => Err(vm.type_error("an exception class is wanted")),
    }
}

/// Raises InvalidStateError.
pub fn invalid_state(vm: &Vm, message: &str) -> Raised {
    let made = vm
        .new_str(message)
        .and_then(|text| exception(vm, Kept::InvalidStateError, &[&text]));
    match made {
        Ok(exception) => vm.raise_object(exception),
        Err(raised) => raised,
    }
}

/// Whether an exception is a CancelledError.
///
/// # Errors
/// As [`kept`].
pub fn is_cancelled_error(vm: &Vm, exception: &Object) -> PyResult<bool> {
    let class = kept(vm, Kept::CancelledError)?;
    Ok(class
        .downcast::<Type>()
        .is_some_and(|class| Type::of(exception).is_subtype(class)))
}
