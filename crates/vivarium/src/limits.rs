//! A program's time: a thread stops it when that is up.
//!
//! The program unwinds as by an exception that nothing catches; what is released on the way is released as always, so that
//! the heap stays sound. Where it does not unwind, because native code blocks, the process ends after a moment of grace.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use viv_runtime::Vm;
use viv_runtime::vm::interp::breaker;

/// The exit code of a program that was stopped, as of the command `timeout`.
pub const TIME_IS_UP: i32 = 124;

/// How long the program and its end may take to obey.
const GRACE: Duration = Duration::from_secs(2);

/// A running clock.
pub(crate) struct Deadline {
    /// Ends the thread when it is dropped.
    _stop: Sender<()>,
}

impl Deadline {
    /// Starts the clock.
    pub(crate) fn start(vm: &Vm, time: Duration) -> Deadline {
        let (stop, stopped) = channel::<()>();
        let word: &'static AtomicU32 = vm.breaker;
        let waits = move || {
            if stopped.recv_timeout(time) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            word.fetch_or(breaker::TIME, Ordering::Relaxed);
            if stopped.recv_timeout(GRACE) == Err(RecvTimeoutError::Timeout) {
                say(time);
                std::process::exit(TIME_IS_UP);
            }
        };
        // Without a thread there is no limit: the program runs on.
        if let Err(error) = std::thread::Builder::new().spawn(waits) {
            eprintln!("viv: --max-time has no effect: {error}");
        }
        Deadline { _stop: stop }
    }

    /// Stops the clock; gives whether the time was up, which is said.
    pub(crate) fn end(self, vm: &Vm) -> bool {
        let up = vm.time_is_up();
        vm.grant_time();
        if up {
            eprintln!("viv: stopped: the time of --max-time is up");
        }
        up
    }
}

fn say(time: Duration) {
    eprintln!(
        "viv: stopped: the time of --max-time, {} s, is up, and native code did not return",
        time.as_secs_f64()
    );
}
