//! Type parameters and type aliases: the objects are made by the library's module `_typing`, which is written in Python.

use viv_heap::Object;

use crate::modules::import;
use crate::object::{Str, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// Calls a function of `_typing`.
fn make(vm: &Vm, function: &str, args: &[&Object]) -> PyResult {
    let module = import::import_name(vm, "_typing")?;
    let function = protocol::get_attr_str(vm, &module, function)?;
    protocol::call_args(vm, &function, args)
}

/// A `TypeVar`, with the function that evaluates its bound, or that of its constraints.
///
/// # Errors
/// What importing the module raises; the same for all of these.
pub fn new_type_var(
    vm: &Vm,
    name: &Object,
    bound: Option<&Object>,
    constraints: Option<&Object>,
) -> PyResult {
    let none = vm.none();
    let args = [name, bound.unwrap_or(none), constraints.unwrap_or(none)];
    make(vm, "_make_typevar", &args)
}

/// A `ParamSpec`.
pub fn new_param_spec(vm: &Vm, name: &Object) -> PyResult {
    make(vm, "_make_paramspec", &[name])
}

/// A `TypeVarTuple`.
pub fn new_type_var_tuple(vm: &Vm, name: &Object) -> PyResult {
    make(vm, "_make_typevartuple", &[name])
}

/// `Generic[params]`, the base of a class with type parameters.
pub fn subscript_generic(vm: &Vm, params: &Object) -> PyResult {
    make(vm, "_subscript_generic", &[params])
}

/// A `TypeAliasType` of a tuple of name, type parameters and the function that evaluates it.
pub fn new_type_alias(vm: &Vm, parts: &Object) -> PyResult {
    make(vm, "_make_typealias", &[parts])
}

/// Gives a type parameter the function that evaluates its default.
pub fn set_default(vm: &Vm, parameter: &Object, evaluator: &Object) -> PyResult {
    make(vm, "_set_default", &[parameter, evaluator])
}

/// Whether an object is a `TypeAliasType`, which may stand beside `|`.
pub fn is_type_alias(vm: &Vm, object: &Object) -> bool {
    let class = Type::of(object);
    let named = |name: Option<viv_heap::Ref<Str>>| name.is_some_and(|n| n.eq_text("TypeAliasType"));
    if !named(class.name.get()) {
        return false;
    }
    // There can be one only once the module has been imported.
    let module = match vm.modules.get_text(vm, "_typing") {
        Ok(Some(module)) => module,
        Ok(None) => return false,
        Err(raised) => {
            drop(vm.take_raised(raised));
            return false;
        }
    };
    match protocol::get_attr_str(vm, &module, "TypeAliasType") {
        Ok(alias) => alias.is(&class.head),
        Err(raised) => {
            drop(vm.take_raised(raised));
            false
        }
    }
}
