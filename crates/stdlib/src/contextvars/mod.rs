//! The module `_contextvars`: variables whose value belongs to a context; each thread has a current one.

pub mod context;
pub mod hamt;
pub mod token;
pub mod var;

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::{MethodDef, NativeCall};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_contextvars",
    doc: "Context Variables",
    functions: &[&[MethodDef::new(
        "copy_context",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| {
            let values = context::current(vm)?.values(vm)?;
            Ok(context::new(vm, Some(values))?.upcast())
        }),
        "",
    )]],
    fill: |vm, module| {
        for (name, value) in [
            ("Context", context::context_type(vm)?),
            ("ContextVar", var::var_type(vm)?),
            ("Token", token::token_type(vm)?),
        ] {
            module.dict.set_text(vm, name, value.as_object())?;
        }
        token::missing(vm).map(drop)
    },
};
