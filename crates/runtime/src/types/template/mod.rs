//! Template strings: the objects are made by the library's module `_templatelib`, which is written in Python.

use viv_heap::Object;

use crate::modules::import;
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// Calls a function of `_templatelib`.
fn make(vm: &Vm, function: &str, args: &[&Object]) -> PyResult {
    let module = import::import_name(vm, "_templatelib")?;
    let function = protocol::get_attr_str(vm, &module, function)?;
    protocol::call_args(vm, &function, args)
}

/// An `Interpolation` of a value, the text of its expression, a conversion and a format specification.
///
/// # Errors
/// What importing the module raises.
pub fn new_interpolation(
    vm: &Vm,
    value: &Object,
    text: &Object,
    conversion: Option<char>,
    spec: Option<&Object>,
) -> PyResult {
    let conversion = match conversion {
        Some(c) => vm.new_char(c as u32)?.upcast(),
        None => vm.none_ref(),
    };
    let empty = vm.empty_str.clone().upcast();
    let args = [value, text, &*conversion, spec.unwrap_or(&empty)];
    make(vm, "_interpolation", &args)
}

/// A `Template` of its strings and interpolations.
///
/// # Errors
/// As above.
pub fn new_template(vm: &Vm, strings: &Object, interpolations: &Object) -> PyResult {
    make(vm, "_template", &[strings, interpolations])
}
