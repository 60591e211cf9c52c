//! Making an interpreter.

use viv_heap::Heap;

/// The heap of a new interpreter.
pub(crate) fn new_heap() -> Box<Heap> {
    Heap::new()
}
