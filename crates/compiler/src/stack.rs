//! Room on the native stack for trees of any depth.

use std::cell::Cell;

/// Room that must be left for what runs between two looks at the stack, in bytes.
const RED_ZONE: usize = 512 * 1024;
/// Size of an additional piece of stack, in bytes.
const SEGMENT: usize = 8 * 1024 * 1024;
/// Every how many levels the stack is looked at: the first look costs as much as compiling a small script.
const EVERY: u32 = 32;

thread_local! {
    /// How many calls of [`deeper`] are under way in this thread.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Runs a step of a recursion over a tree, on another piece of stack where this one is nearly used up.
pub(crate) fn deeper<R>(step: impl FnOnce() -> R) -> R {
    let depth = DEPTH.get();
    DEPTH.set(depth + 1);
    let result = if depth % EVERY == EVERY - 1 {
        stacker::maybe_grow(RED_ZONE, SEGMENT, step)
    } else {
        step()
    };
    DEPTH.set(depth);
    result
}
