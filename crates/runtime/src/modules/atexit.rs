//! The native module `atexit`: functions to call when the interpreter ends.

use viv_heap::{Object, Ref};

use super::make::ModuleSpec;
use crate::args::Args;
use crate::native::{MethodDef, NativeCall};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// The module's declaration.
pub static SPEC: ModuleSpec = ModuleSpec {
    name: "atexit",
    doc: "allow programmer to define multiple exit functions to be executed\nupon normal program termination.\n\nTwo public functions, register and unregister, are defined.\n",
    functions: &[FUNCTIONS],
    fill: |_, _| Ok(()),
};

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "register",
        "",
        NativeCall::Raw(register),
        "register(func, /, *args, **kwargs)\n--\n\nRegister a function to be executed upon normal program termination\n\n    func - function to be called at exit\n    args - optional arguments to pass to func\n    kwargs - optional keyword arguments to pass to func\n\n    func is returned to facilitate usage as a decorator.",
    ),
    MethodDef::new(
        "unregister",
        "",
        NativeCall::One(unregister),
        "unregister(func, /)\n--\n\nUnregister an exit function which was previously registered using\natexit.register\n\n    func - function to be unregistered",
    ),
    MethodDef::new(
        "_clear",
        "",
        NativeCall::NoArgs(|vm, _| {
            // The functions are given up after the list is free again: that may run code which registers more.
            drop(vm.exit_functions.take());
            Ok(vm.none_ref())
        }),
        "_clear() -> None\n\nClear the list of previously registered exit functions.",
    ),
    MethodDef::new(
        "_run_exitfuncs",
        "",
        NativeCall::NoArgs(|vm, _| {
            vm.run_exit_functions();
            Ok(vm.none_ref())
        }),
        "_run_exitfuncs() -> None\n\nRun all registered exit functions.\n\nIf a callback raises an exception, it is logged with sys.unraisablehook.",
    ),
    MethodDef::new(
        "_ncallbacks",
        "",
        NativeCall::NoArgs(|vm, _| {
            let count = vm.exit_functions.borrow().len();
            vm.new_usize(count)
        }),
        "_ncallbacks() -> int\n\nReturn the number of registered exit functions.",
    ),
];

fn register(vm: &Vm, _module: &Object, args: Args<'_>) -> PyResult {
    let Some((function, rest)) = args.pos().split_first() else {
        return Err(vm.type_error("register() takes at least 1 argument (0 given)"));
    };
    if !protocol::is_callable(function) {
        return Err(vm.type_error("the first argument must be callable"));
    }
    let rest = vm.tuple_of(rest)?;
    let keywords = if args.keyword_count() == 0 {
        None
    } else {
        let dict = vm.new_dict()?;
        for (name, value) in args.keywords() {
            dict.set_str(vm, name, value)?;
        }
        Some(dict)
    };
    vm.exit_functions
        .borrow_mut()
        .push((function.to_ref(), rest, keywords));
    Ok(function.to_ref())
}

fn unregister(vm: &Vm, _module: &Object, function: &Object) -> PyResult {
    let mut at = 0;
    loop {
        // Comparing may run code that changes the list, so each step looks anew.
        let known: Option<Ref> = vm.exit_functions.borrow().get(at).map(|e| e.0.clone());
        let Some(known) = known else { break };
        if !protocol::compare_eq(vm, &known, function)? {
            at += 1;
            continue;
        }
        let removed = {
            let mut list = vm.exit_functions.borrow_mut();
            if list.get(at).is_some_and(|e| std::ptr::eq(&*e.0, &*known)) {
                Some(list.remove(at))
            } else {
                at += 1;
                None
            }
        };
        drop(removed);
    }
    Ok(vm.none_ref())
}
