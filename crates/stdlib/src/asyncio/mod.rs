//! The module `_asyncio`: futures, tasks, and which loop and task a thread runs.
//!
//! Loops, policies and everything else of `asyncio` are Python; what they call for each step of each task is here.
//!
//! **Invariant.** The loop and the task that a thread runs are in its [`Vm`](viv_runtime::Vm); the tasks of the interpreter
//! are known without being owned: each takes itself out when it goes.

pub mod core;
pub mod future;
mod iterator;
mod kept;
mod loops;
mod step;
pub mod task;

use viv_runtime::MethodDef;
use viv_runtime::modules::make::ModuleSpec;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_asyncio",
    doc: "Accelerator module for asyncio",
    functions: &[loops::FUNCTIONS, AWAITED_BY],
    fill: |vm, module| {
        kept::fetch(vm)?;
        for (name, ty) in [
            ("Future", future::future_type(vm)?),
            ("Task", task::task_type(vm)?),
        ] {
            module.dict.set_text(vm, name, ty.as_object())?;
        }
        Ok(())
    },
};

const AWAITED_BY: &[MethodDef] = &[
    MethodDef::positional(
        "future_add_to_awaited_by",
        "($module, fut, waiter, /)",
        2,
        2,
        |vm, _, args| {
            future::add_awaited_by(vm, args[0], args[1])?;
            Ok(vm.none_ref())
        },
        "Record that `fut` is awaited on by `waiter`.",
    ),
    MethodDef::positional(
        "future_discard_from_awaited_by",
        "($module, fut, waiter, /)",
        2,
        2,
        |vm, _, args| {
            future::discard_awaited_by(vm, args[0], args[1])?;
            Ok(vm.none_ref())
        },
        "",
    ),
];
