//! The native module `atexit`: functions to call when the interpreter ends.

use viv_heap::Object;

use super::make::ModuleSpec;
use crate::args::Args;
use crate::native::{MethodDef, NativeCall};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;
use crate::vm::interp::ExitFunction;

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

/// Asks the functions from the newest to the oldest. Comparing may run code that changes the list: each step looks anew, and
/// what is to go is searched for again.
fn unregister(vm: &Vm, _module: &Object, function: &Object) -> PyResult {
    let mut end = vm.exit_functions.borrow().len();
    loop {
        let known = {
            let list = vm.exit_functions.borrow();
            end = end.min(list.len());
            match end.checked_sub(1) {
                Some(at) => list[at].0.clone(),
                None => break,
            }
        };
        let asked = end;
        end -= 1;
        if !protocol::compare_eq(vm, &known, function)? {
            continue;
        }
        let removed = {
            let mut list = vm.exit_functions.borrow_mut();
            let same = |e: &ExitFunction| std::ptr::eq(&*e.0, &*known);
            let until = asked.min(list.len());
            let found = list[..until].iter().rposition(same);
            found.map(|at| {
                end = at;
                list.remove(at)
            })
        };
        drop(removed);
    }
    Ok(vm.none_ref())
}
