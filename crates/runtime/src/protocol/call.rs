//! Calling.

use viv_heap::{Object, Ref};

use crate::args::Args;
use crate::object::{Module, Str, Type};
use crate::result::{PyResult, Raised};
use crate::vm::Vm;

/// Whether an object can be called.
pub fn is_callable(object: &Object) -> bool {
    Type::of(object).slots.call.get().is_some()
}

/// Calls an object.
///
/// # Errors
/// TypeError where it cannot be called; whatever the call raises.
pub fn call(vm: &Vm, callable: &Object, args: Args<'_>) -> PyResult {
    match Type::of(callable).slots.call.get() {
        Some(slot) => {
            let _depth = vm.enter_native(" while calling a Python object")?;
            slot(vm, callable, args)
        }
        None => Err(not_callable(vm, callable)),
    }
}

/// TypeError for a call of what cannot be called. For a module that has something callable of its own name, it says so.
#[cold]
fn not_callable(vm: &Vm, callable: &Object) -> Raised {
    let mut text = format!("'{}' object is not callable", super::type_name(callable));
    if let Some(module) = callable.downcast::<Module>()
        && let Some(name) = module.dict.get_str(vm, &vm.names.__name__)
        && let Some(name) = name.downcast::<Str>()
        && let Some(found) = module.dict.get_str(vm, name)
        && is_callable(&found)
    {
        let name = name.to_text();
        text.push_str(&format!(". Did you mean: '{name}.{name}(...)'?"));
    }
    vm.type_error(text)
}

/// Calls an object with positional arguments.
pub fn call_args(vm: &Vm, callable: &Object, args: &[&Object]) -> PyResult {
    call(vm, callable, Args::positional(args))
}

/// Calls an object without arguments.
pub fn call_no_args(vm: &Vm, callable: &Object) -> PyResult {
    call(vm, callable, Args::EMPTY)
}

/// Calls an object with one argument.
pub fn call_one(vm: &Vm, callable: &Object, arg: &Object) -> PyResult {
    call(vm, callable, Args::positional(&[arg]))
}

/// Says that a level of native calls has been entered.
pub struct NativeDepth(());

impl Vm {
    /// Enters a level of native calls; `what` ends the message, as in CPython's `Py_EnterRecursiveCall`.
    ///
    /// # Errors
    /// RecursionError where the native stack is nearly used up.
    #[inline]
    pub fn enter_native(&self, what: &str) -> PyResult<NativeDepth> {
        if !self.stack.native_room() {
            return Err(self.native_overflow(what));
        }
        Ok(NativeDepth(()))
    }

    #[cold]
    fn native_overflow(&self, what: &str) -> crate::result::Raised {
        self.recursion_error(format!("maximum recursion depth exceeded{what}"))
    }
}

/// The result of calling, for callers that need a handle of the argument list kept alive.
pub fn call_refs(vm: &Vm, callable: &Object, args: &[Ref]) -> PyResult {
    let borrowed: Vec<&Object> = args.iter().map(Ref::as_object).collect();
    call(vm, callable, Args::positional(&borrowed))
}
