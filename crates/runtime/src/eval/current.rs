//! The thread state that runs on a thread of the system: what the heap calls back has no other way to it.

use std::cell::Cell;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::vm::Vm;
use crate::vm::memory::INTERPRETER;

thread_local! {
    /// The thread state that runs on this thread.
    static CURRENT: Cell<*const Vm> = const { Cell::new(ptr::null()) };
}

/// The first state that was entered, while it is: that of the main thread.
static MAIN: AtomicPtr<Vm> = AtomicPtr::new(ptr::null_mut());

/// The state of this thread, or null; it lives while the thread is inside of it.
pub(super) fn current_state() -> *const Vm {
    CURRENT.get()
}

/// The state of the main thread, or null.
pub(super) fn main_state() -> *const Vm {
    MAIN.load(Ordering::Acquire)
}

/// Makes a thread state the current one of its thread, and its heap the current heap, while it lives.
pub struct Entered {
    vm: *const Vm,
    heap: *const viv_heap::Heap,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let this = CURRENT.get().cast_mut();
        let _ = MAIN.compare_exchange(this, ptr::null_mut(), Ordering::AcqRel, Ordering::Relaxed);
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
        let this = ptr::from_ref(self).cast_mut();
        let _ = MAIN.compare_exchange(ptr::null_mut(), this, Ordering::AcqRel, Ordering::Relaxed);
        Entered {
            vm: CURRENT.replace(self),
            heap: self.heap.enter(),
        }
    }
}

/// What stays on the thread that it is on.
struct OnThisThread<T>(T);

// SAFETY: `nested` gives it to a function that is run on the same thread.
unsafe impl<T> Send for OnThisThread<T> {}

impl<T: Copy> OnThisThread<T> {
    fn get(&self) -> T {
        self.0
    }
}

impl Vm {
    /// Runs `f` in the main state of another interpreter, which belongs to this thread; other threads of this one run meanwhile.
    pub fn nested<T: Send>(&self, other: &Vm, f: impl FnOnce(&Vm) -> T + Send) -> T {
        let other = OnThisThread(other);
        self.allow_threads(move || {
            let other: &Vm = other.get();
            let _entered = other.enter();
            f(other)
        })
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
