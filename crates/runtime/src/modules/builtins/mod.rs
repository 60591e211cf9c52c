//! The module `builtins`: its functions by subject, its types, exceptions and constants.

mod code;
mod iteration;
mod numbers;
pub mod objects;
pub(crate) mod output;

pub use code::{is_import, symbol_blocks};

use viv_heap::Ref;

use super::io::open::OPEN;
use super::make::{native_function, new_function};
use crate::native::MethodDef;
use crate::object::Module;
use crate::result::PyResult;
use crate::vm::Vm;

/// The functions, in parts.
const FUNCTIONS: &[&[MethodDef]] = &[
    objects::FUNCTIONS,
    numbers::FUNCTIONS,
    iteration::FUNCTIONS,
    code::FUNCTIONS,
    output::FUNCTIONS,
];

/// Types that have a name in `builtins`.
const TYPES: &[&str] = &[
    "object",
    "type",
    "int",
    "bool",
    "float",
    "complex",
    "str",
    "bytes",
    "bytearray",
    "memoryview",
    "tuple",
    "list",
    "dict",
    "set",
    "frozenset",
    "range",
    "slice",
    "enumerate",
    "reversed",
    "zip",
    "map",
    "filter",
    "property",
    "classmethod",
    "staticmethod",
    "super",
];

/// Fills the dict of `builtins` and makes its module.
///
/// # Errors
/// MemoryError
pub fn make(vm: &Vm) -> PyResult<Ref<Module>> {
    let head = viv_heap::Object::new(vm.types.module.type_head_of());
    let module = vm.place(Module {
        head,
        dict: vm.builtins.clone(),
        weakrefs: Default::default(),
    })?;
    vm.heap.track(&module);
    let dict = &module.dict;
    dict.set_str(vm, &vm.names.__name__, vm.intern("builtins")?.as_object())?;
    dict.set_str(vm, &vm.names.__doc__, vm.new_str("Built-in functions, types, exceptions, and other objects.\n\nThis module provides direct access to all 'built-in'\nidentifiers of Python; for example, builtins.len is\nthe full name for the built-in function len().\n\nThis module is not usually accessed explicitly by most\napplications, but can be useful in modules that provide\nobjects with the same name as a builtin but in which the\nbuilt-in of that name is also needed.")?.as_object())?;
    dict.set_str(vm, &vm.names.__package__, vm.empty_str.as_object())?;
    dict.set_str(vm, &vm.names.__loader__, vm.none())?;
    dict.set_str(vm, &vm.names.__spec__, vm.none())?;
    for def in FUNCTIONS.iter().copied().flatten() {
        let function = new_function(vm, &module, "builtins", def)?;
        dict.set_text(vm, def.name, &function)?;
    }
    let io = vm.intern("_io")?;
    let open = native_function(vm, &OPEN, Some(module.head.to_ref()), Some(io.upcast()))?;
    dict.set_text(vm, "open", &open)?;
    for (spec, ty, _) in vm.types.all() {
        if spec.module == "builtins" && TYPES.contains(&spec.name) {
            dict.set_text(vm, spec.name, &ty.head)?;
        }
    }
    dict.set_text(vm, "BaseException", &vm.types.base_exception.head)?;
    for (name, _, ty, _) in vm.exceptions.all() {
        dict.set_text(vm, name, &ty.head)?;
    }
    for alias in ["EnvironmentError", "IOError"] {
        dict.set_text(vm, alias, &vm.exceptions.OSError.head)?;
    }
    dict.set_text(vm, "None", vm.none())?;
    dict.set_text(vm, "Ellipsis", &vm.ellipsis.head)?;
    dict.set_text(vm, "NotImplemented", &vm.not_implemented.head)?;
    dict.set_text(vm, "False", &vm.false_.head)?;
    dict.set_text(vm, "True", &vm.true_.head)?;
    dict.set_str(vm, &vm.names.__debug__, &vm.bool(vm.config.optimize == 0))?;
    Ok(module)
}
