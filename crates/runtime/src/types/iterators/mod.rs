//! Iterators that belong to no single type.

use viv_heap::Object;

use crate::result::PyResult;
use crate::vm::Vm;

/// An iterator over `object[0]`, `object[1]` … until IndexError.
pub fn sequence_iterator(vm: &Vm, _object: &Object) -> PyResult {
    Err(vm.not_implemented_error("iteration by __getitem__"))
}
