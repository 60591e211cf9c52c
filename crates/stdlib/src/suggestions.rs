//! The module `_suggestions`: the name that was meant.

use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::{List, Str};
use viv_runtime::types::exception::suggest::closest_name;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_suggestions",
    doc: "",
    functions: &[&[MethodDef::new(
        "_generate_suggestions",
        "($module, candidates, item, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: generate,
        },
        "Returns the candidate in candidates that's closest to item",
    )]],
    fill: |_, _| Ok(()),
};

fn generate(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let &[candidates, item] = args else {
        return Ok(vm.none_ref());
    };
    let Some(list) = candidates.downcast_exact::<List>() else {
        return Err(vm.type_error("candidates must be a list"));
    };
    let Some(item) = item.downcast::<Str>() else {
        return Err(vm.type_error("_generate_suggestions() argument 2 must be str"));
    };
    let mut names = Vec::new();
    for candidate in list.snapshot() {
        let Some(name) = candidate.downcast::<Str>() else {
            return Err(vm.type_error("all elements in 'candidates' must be strings"));
        };
        names.push(name.to_text().into_owned());
    }
    match closest_name(&item.to_text(), &names) {
        Some(name) => Ok(vm.new_str(&name)?.upcast()),
        None => Ok(vm.none_ref()),
    }
}
