//! The builtin type `int`.

use crate::object::{Int, TypeTraits};
use crate::types::spec::TypeSpec;
use viv_heap::ObjectLayout;
use crate::result::PyResult;
use crate::vm::Vm;

/// The type `int`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "int",
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF,
    ..TypeSpec::new(Int::layout, false)
};

/// The nearest float.
///
/// # Errors
/// OverflowError: "int too large to convert to float"
pub fn to_f64(vm: &Vm, int: &Int) -> PyResult<f64> {
    if let Some(small) = int.as_i64() {
        return Ok(small as f64);
    }
    let float = int.to_big().to_f64().value();
    if float.is_finite() { Ok(float) } else { Err(vm.overflow_error("int too large to convert to float")) }
}
