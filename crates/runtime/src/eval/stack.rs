//! The call stack of a thread: frame records and the words of their locals and evaluation stacks.

use viv_heap::Raw;

/// The call stack of a thread.
pub struct CallStack {
    /// The words: locals and evaluation stacks of all running frames, one behind the other.
    pub(crate) words: Box<[Raw]>,
}

impl CallStack {
    /// Most levels of native calls.
    pub fn native_limit(&self) -> usize {
        1000
    }
}
