//! The thread state that runs on a thread of the system: what the heap calls back has no other way to it.

use std::cell::Cell;
use std::ptr;

use crate::vm::Vm;
use crate::vm::memory::INTERPRETER;

thread_local! {
    /// The thread state that runs on this thread.
    static CURRENT: Cell<*const Vm> = const { Cell::new(ptr::null()) };
}

/// Makes a thread state the current one of its thread, and its heap the current heap, while it lives.
pub struct Entered {
    vm: *const Vm,
    heap: *const viv_heap::Heap,
}

impl Drop for Entered {
    fn drop(&mut self) {
        viv_heap::Heap::leave(self.heap);
        CURRENT.set(self.vm);
    }
}

impl Vm {
    /// Makes this the thread's current state: finalisers and callbacks run in it. The caller keeps the `Vm` where it is
    /// until the result is dropped.
    pub fn enter(&self) -> Entered {
        self.heap.set_hooks(&INTERPRETER);
        self.heap.set_untrackable(crate::object::kinds::TUPLE);
        Entered {
            vm: CURRENT.replace(self),
            heap: self.heap.enter(),
        }
    }
}

/// Runs `f` with the thread's state, if there is one; `f` runs no Python code.
pub(crate) fn peek_vm(f: impl FnOnce(&Vm)) {
    // SAFETY: as in `with_vm`.
    if let Some(vm) = unsafe { CURRENT.get().as_ref() } {
        f(vm);
    }
}

/// Runs `f` in the thread's state, the pending exception put aside.
pub(crate) fn with_vm(f: impl FnOnce(&Vm)) {
    // SAFETY: `Entered` takes the pointer away before the `Vm` goes.
    let Some(vm) = (unsafe { CURRENT.get().as_ref() }) else {
        return;
    };
    let pending = vm.pending.take();
    f(vm);
    vm.pending.set(pending);
}
