//! The module `_pickle`: objects as streams of opcodes, protocols 0 to 5, and back.
//!
//! `pickler` and `unpickler` hold the two types; `save` (with `batch`, `reduce` and `global`) writes, `load` (with
//! `build` and `input`) reads. The functions `dumps` and `loads` do without objects of these types.

mod batch;
mod buffer;
mod build;
mod functions;
mod global;
mod input;
mod load;
mod memo;
mod memo_proxy;
mod opcodes;
mod output;
mod pickler;
mod reduce;
mod save;
mod unpickler;

use viv_runtime::modules::import::import_name;
use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::object::{Dict, Module, Slot, Str, Type};
use viv_runtime::types::extra::{exception_spec, extra_type};
use viv_runtime::types::object::attributes::{generic_get_attr, generic_set_attr};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Object, PyResult, Raised, Ref, Vm};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_pickle",
    doc: "Optimized C implementation for the Python pickle module.",
    functions: &[functions::FUNCTIONS],
    fill,
};

fn fill(vm: &Vm, module: &Module) -> PyResult<()> {
    let types = [
        ("PickleBuffer", buffer::own_type(vm)?),
        ("PickleError", pickle_error(vm)?),
        ("PicklingError", pickling_error(vm)?),
        ("UnpicklingError", unpickling_error(vm)?),
        ("Pickler", pickler::own_type(vm)?),
        ("Unpickler", unpickler::own_type(vm)?),
    ];
    for (name, ty) in types {
        module.dict.set_text(vm, name, ty.as_object())?;
    }
    Ok(())
}

static PICKLE_ERROR: TypeSpec = exception_spec("PickleError", "_pickle", "");
static PICKLING_ERROR: TypeSpec = exception_spec("PicklingError", "_pickle", "");
static UNPICKLING_ERROR: TypeSpec = exception_spec("UnpicklingError", "_pickle", "");

fn pickle_error(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &PICKLE_ERROR, &vm.exceptions.Exception)
}

fn pickling_error(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &PICKLING_ERROR, &pickle_error(vm)?)
}

fn unpickling_error(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &UNPICKLING_ERROR, &pickle_error(vm)?)
}

/// Raises `PicklingError`.
#[cold]
fn cannot_pickle(vm: &Vm, message: impl AsRef<str>) -> Raised {
    match pickling_error(vm) {
        Ok(class) => vm.raise(&class, message.as_ref()),
        Err(raised) => raised,
    }
}

/// Raises `UnpicklingError`.
#[cold]
fn cannot_unpickle(vm: &Vm, message: impl AsRef<str>) -> Raised {
    match unpickling_error(vm) {
        Ok(class) => vm.raise(&class, message.as_ref()),
        Err(raised) => raised,
    }
}

/// A dict that a module of the library keeps.
fn module_dict(vm: &Vm, module: &str, name: &str) -> PyResult<Ref<Dict>> {
    let found = module_attr(vm, module, name)?;
    found.cast::<Dict>().map_err(|other| {
        vm.runtime_error(format!(
            "{module}.{name} should be a dict, not {}",
            viv_runtime::protocol::type_name(&other)
        ))
    })
}

/// What a module of the library has under a name.
fn module_attr(vm: &Vm, module: &str, name: &str) -> PyResult {
    let module = import_name(vm, module)?;
    viv_runtime::protocol::get_attr_str(vm, &module, name)
}

/// The name of an object's type as messages and notes show it.
fn shown_type(vm: &Vm, object: &Object) -> String {
    Type::of(object).full_name(vm)
}

/// An attribute of a pickler or unpickler: its hook, where the script has given one under that name, comes first.
fn get_attr_or_hook(vm: &Vm, this: &Object, name: &Str, hook: (&str, &Slot)) -> PyResult {
    match hook.1.get().filter(|_| name.as_ascii() == Some(hook.0)) {
        Some(own) => Ok(own),
        None => generic_get_attr(vm, this, name),
    }
}

/// Sets or deletes an attribute of a pickler or unpickler; its hook has a place of its own.
fn set_attr_or_hook(
    vm: &Vm,
    this: &Object,
    name: &Str,
    value: Option<&Object>,
    hook: (&str, &Slot),
) -> PyResult<()> {
    if name.as_ascii() == Some(hook.0) {
        hook.1.set(value.map(Object::to_ref));
        return Ok(());
    }
    generic_set_attr(vm, this, name, value)
}
