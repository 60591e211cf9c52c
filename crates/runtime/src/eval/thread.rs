//! Threads of the system: starting one in a thread state of its own, and giving up the state of one that never runs again.

use std::os::unix::thread::JoinHandleExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::thread::Builder;

use viv_heap::{Heap, Object};

use crate::args::NamedArgs;
use crate::result::PyResult;
use crate::vm::Vm;
use crate::vm::threads::Handle;
use crate::vm::threads::gil::{Gil, Turn};
use crate::vm::threads::leave::is_leaving;

/// What the system's part of a thread needs beside the stack that scripts ask for, in bytes.
const MARGIN: usize = 256 << 10;

/// The exit code after an internal error.
const INTERNAL_ERROR: i32 = 70;

/// What a thread is given by the one that starts it.
struct Moved {
    state: Box<Vm>,
    handle: Option<Rc<Handle>>,
}

// SAFETY: the starting thread keeps nothing of the state but its address, and each of the two touches what is inside
// (counts included) only while it holds the interpreter's lock: the new one takes it first of all, see `live`.
unsafe impl Send for Moved {}

/// The number by which the system knows this thread (`pthread_self`).
pub(crate) fn ident() -> u64 {
    // SAFETY: takes nothing, and never fails.
    unsafe { libc::pthread_self() as u64 }
}

/// The name and version of the system's library for threads, where it tells them.
pub(crate) fn library_version() -> Option<String> {
    let mut text = [0u8; 64];
    // SAFETY: no more is written than there is room for.
    let length = unsafe {
        libc::confstr(
            libc::_CS_GNU_LIBPTHREAD_VERSION,
            text.as_mut_ptr().cast(),
            text.len(),
        )
    };
    let text = text.get(..length.checked_sub(1)?)?;
    Some(String::from_utf8_lossy(text).into_owned())
}

/// Starts a thread in a state; gives its number.
///
/// # Errors
/// The system's.
pub(crate) fn spawn(
    state: Box<Vm>,
    handle: Option<Rc<Handle>>,
    gil: Arc<Gil>,
    native_size: usize,
) -> std::io::Result<u64> {
    let moved = Moved { state, handle };
    let thread = Builder::new()
        .stack_size(native_size + MARGIN)
        .spawn(move || live(moved, &gil, native_size))?;
    Ok(thread.as_pthread_t())
}

/// The life of a thread.
fn live(moved: Moved, gil: &Gil, native_size: usize) {
    let turn = gil.take(moved.state.thread_number());
    let Moved { state, handle } = moved;
    let left = if turn == Turn::Leave {
        true
    } else {
        state.stack.set_native_size(native_size);
        let lived = catch_unwind(AssertUnwindSafe(|| {
            let entered = state.enter();
            state.run_thread(handle);
            drop(entered);
        }));
        match lived {
            Ok(()) => false,
            Err(payload) if is_leaving(&*payload) => true,
            // The message has been printed; the objects are in an unknown state.
            Err(_) => std::process::exit(INTERNAL_ERROR),
        }
    };
    if left {
        let previous = state.heap.enter();
        // What the words own is found out when all have left: see `Vm::end_other_threads`.
        state.stack.give_up_records();
        state.release_thread();
        state.threads.remove(&*state);
        // Whatever this thread was in the midst of releasing: the next one starts at the first level.
        let _ = state.heap.put_deferring_aside();
        Heap::leave(previous);
    }
    drop(state);
    gil.release();
}

/// Copies the process: 0 in the copy, where this thread alone lives on; its number in the original.
///
/// # Errors
/// The system's.
pub(crate) fn fork() -> std::io::Result<i32> {
    // SAFETY: the system's allocator makes itself usable in the copy. No other thread can have been inside of the heap or any
    // other state of the interpreter, for this one holds its lock; what else they held (the lock's own mutex, words they sleep
    // on) is made anew or left alone by `Vm::after_fork_in_child`, which the caller runs first of all.
    match unsafe { libc::fork() } {
        ..0 => Err(std::io::Error::last_os_error()),
        number => Ok(number),
    }
}

/// Calls what the thread was started for.
///
/// Function and arguments stay in the thread state, so that nothing is lost where the thread never ends.
pub(crate) fn call_start(vm: &Vm) -> PyResult<()> {
    let this = &vm.this_thread;
    // SAFETY: nobody writes these places until the call has ended.
    let (function, args, names) = unsafe {
        let (Some(function), Some(args)) = (this.function.peek(), this.args.peek_as()) else {
            return Ok(());
        };
        (function, args, this.names.peek_as())
    };
    let values: Vec<&Object> = args.iter().collect();
    crate::protocol::call(vm, function, NamedArgs::new(&values, names).args()).map(drop)
}

/// Calls `f` with the state of each thread that has begun; `f` must not run Python code.
pub(crate) fn for_each(vm: &Vm, mut f: impl FnMut(&Vm)) {
    for state in vm.threads.states() {
        // SAFETY: a registered state lives, and its thread waits for the lock.
        f(unsafe { &*state });
    }
}

/// Sends a signal to a thread of the interpreter, given by `_thread.get_ident()`.
///
/// # Errors
/// The system's, for a number that is no signal; that there is no such thread.
pub(crate) fn send_signal(vm: &Vm, ident: u64, signal: i32) -> std::io::Result<()> {
    must_live(vm, ident)?;
    // SAFETY: the thread lives: it has a state, and waits for the lock before it gives that up.
    match unsafe { libc::pthread_kill(ident as libc::pthread_t, signal) } {
        0 => Ok(()),
        error => Err(std::io::Error::from_raw_os_error(error)),
    }
}

/// Gives up counts of an object that words of a stack have left behind, which is in use no more.
pub(crate) fn give_up_counts(object: &Object, counts: u64) {
    for _ in 0..counts {
        // SAFETY: nobody else stands for these counts; the caller has a handle of its own.
        unsafe { object.dec() };
    }
}

/// Gives up what the other threads own: they sleep for good, or are not in this process. No finaliser runs.
pub(crate) fn give_up_others(vm: &Vm) {
    let others = vm.threads.states();
    vm.heap.without_hooks(|| {
        for state in others {
            if std::ptr::eq(state, vm) {
                continue;
            }
            vm.threads.remove(state);
            // SAFETY: the state lives on the stack of a thread that never runs again; nobody else touches it.
            let other = unsafe { &*state };
            other.stack.give_up();
            other.release_thread();
            // SAFETY: each thread state has a share; this one has just been taken out of use for good, and is never dropped.
            unsafe { Rc::decrement_strong_count(Rc::as_ptr(&vm.interp)) };
        }
    });
}

/// An error where no thread of the interpreter has an identifier.
fn must_live(vm: &Vm, ident: u64) -> std::io::Result<()> {
    let mut known = false;
    for_each(vm, |other| known |= other.thread_ident() == ident);
    if known {
        return Ok(());
    }
    Err(std::io::Error::from_raw_os_error(libc::ESRCH))
}

/// The clock of a thread's time.
pub(crate) fn clock(vm: &Vm, ident: u64) -> std::io::Result<i32> {
    must_live(vm, ident)?;
    let mut clock = 0;
    // SAFETY: the thread lives, as for a signal; the number lives through the call.
    match unsafe { libc::pthread_getcpuclockid(ident as libc::pthread_t, &mut clock) } {
        0 => Ok(clock),
        error => Err(std::io::Error::from_raw_os_error(error)),
    }
}
