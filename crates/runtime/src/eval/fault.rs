//! What `faulthandler` writes: the calls of threads, at any moment, also from the handler of a signal.
//!
//! **Invariants.** Nothing here allocates, locks or runs Python: it reads the records of call stacks and the code objects that
//! they name. A thread that does not hold the interpreter's lock changes nothing of its stack.

use viv_system::fault::{self, Out, this_thread, thread_name};

use super::current::{current_state, main_state};
use crate::object::{Code, Str};
use crate::vm::Vm;

/// Frames shown of a thread.
const MOST_FRAMES: usize = 100;
/// Threads shown.
const MOST_THREADS: usize = 100;
/// Characters shown of a name.
const MOST_CHARACTERS: usize = 500;

/// Lets fatal signals write a report before they end the process.
///
/// # Errors
/// The system's.
pub fn enable(fd: i32, all_threads: bool, native: bool) -> std::io::Result<()> {
    fault::enable(report, fd, all_threads, native)
}

/// Lets a signal write a report; `chain` calls the handler from before too.
///
/// # Errors
/// The system's, for a number that is no signal or one that cannot be handled.
pub fn register(signal: i32, fd: i32, all_threads: bool, chain: bool) -> std::io::Result<()> {
    fault::register(report, signal, fd, all_threads, chain)
}

fn report(out: &Out, all: bool) {
    threads(out, all, true);
}

/// Writes the calls of the threads to a file: of all, or of this one alone. `own` is whether this thread counts.
pub fn write_threads(fd: i32, all: bool, own: bool) {
    threads(&Out(fd), all, own);
}

fn threads(out: &Out, all: bool, own: bool) {
    let current = current_state();
    if !all {
        out.text("Stack (most recent call first):\n");
        // SAFETY: the state of this thread lives while it runs.
        calls(out, unsafe { current.as_ref() });
        return;
    }
    // SAFETY: the main thread's state lives until the interpreter has ended, and takes itself out then.
    let Some(vm) = (unsafe { current.as_ref().or(main_state().as_ref()) }) else {
        out.text("Current thread 0x");
        out.hex(this_thread(), 16);
        out.text(" (most recent call first):\n  <no Python frame>\n");
        return;
    };
    let mut shown = 0;
    vm.threads.peek_states(|state| {
        let is_current = std::ptr::eq(state, current);
        if is_current && !own {
            return;
        }
        if shown != 0 {
            out.text("\n");
        }
        shown += 1;
        if shown > MOST_THREADS {
            if shown == MOST_THREADS + 1 {
                out.text("...\n");
            }
            return;
        }
        // SAFETY: a registered state lives as long as its thread.
        let state = unsafe { &*state };
        out.text(if is_current {
            "Current thread 0x"
        } else {
            "Thread 0x"
        });
        let ident = state.thread_ident();
        out.hex(ident, 16);
        thread_name(out, ident, is_current);
        out.text(" (most recent call first):\n");
        if is_current && state.heap.is_collecting() {
            out.text("  Garbage-collecting\n");
        }
        calls(out, Some(state));
    });
}

/// The calls of a thread, the innermost first.
fn calls(out: &Out, vm: Option<&Vm>) {
    let depth = vm.map_or(0, |vm| vm.stack.depth());
    let Some(vm) = vm.filter(|_| depth != 0) else {
        out.text("  <no Python frame>\n");
        return;
    };
    for (shown, index) in (0..depth).rev().enumerate() {
        if shown == MOST_FRAMES {
            out.text("  ...\n");
            return;
        }
        // SAFETY: a record in use; the function keeps its code alive.
        let (code, word) = unsafe {
            let record = &*vm.stack.at(index);
            let next = record.pc.offset_from(record.start);
            (&*record.code, usize::try_from(next - 1).unwrap_or(0))
        };
        out.text("  File ");
        call(out, code, word);
    }
}

fn call(out: &Out, code: &Code, word: usize) {
    out.text("\"");
    name(out, &code.filename);
    out.text("\", line ");
    out.number(code.source.location(word).line);
    out.text(" in ");
    name(out, &code.name);
    out.text("\n");
}

/// A name in ASCII, cut off where it is long.
fn name(out: &Out, text: &Str) {
    text.chars()
        .take(MOST_CHARACTERS)
        .for_each(|c| out.character(c));
    if text.chars().len() > MOST_CHARACTERS {
        out.text("...");
    }
}
