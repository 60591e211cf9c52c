//! The module `_json`: the quick halves of `json`.

pub mod encoder;
pub mod scanner;
pub mod text;

use viv_runtime::modules::make::ModuleSpec;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_json",
    doc: "json speedups\n",
    functions: &[text::FUNCTIONS],
    fill: |vm, module| {
        module
            .dict
            .set_text(vm, "make_scanner", scanner::own_type(vm)?.as_object())?;
        module
            .dict
            .set_text(vm, "make_encoder", encoder::own_type(vm)?.as_object())
    },
};
