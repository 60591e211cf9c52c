//! What outlives a thread of it: whether it runs, and who waits for its end.

use std::cell::Cell;
use std::time::Instant;

use super::wait::WaitQueue;
use crate::result::PyResult;
use crate::vm::Vm;

/// How far a thread is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    NotStarted,
    Starting,
    Running,
    Done,
}

/// The handle of a thread: `_thread._ThreadHandle`.
pub struct Handle {
    state: Cell<State>,
    ident: Cell<u64>,
    waiting: WaitQueue,
}

impl Default for Handle {
    fn default() -> Self {
        Handle {
            state: Cell::new(State::NotStarted),
            ident: Cell::new(0),
            waiting: WaitQueue::default(),
        }
    }
}

impl Handle {
    /// The handle of a thread that runs.
    pub fn of_running(ident: u64) -> Handle {
        let handle = Handle::default();
        handle.started(ident);
        handle
    }

    /// `_thread.get_ident()` of the thread; 0 until it has started.
    pub fn ident(&self) -> u64 {
        self.ident.get()
    }

    /// Whether the handle has never been used to start a thread.
    pub fn is_new(&self) -> bool {
        self.state.get() == State::NotStarted
    }

    /// Whether the thread is being started: nothing can be told of it yet.
    pub fn is_starting(&self) -> bool {
        self.state.get() == State::Starting
    }

    /// Whether the thread has ended.
    pub fn is_done(&self) -> bool {
        self.state.get() == State::Done
    }

    pub(super) fn starting(&self) {
        self.state.set(State::Starting);
    }

    pub(super) fn failed(&self) {
        self.state.set(State::NotStarted);
    }

    pub(super) fn started(&self, ident: u64) {
        self.ident.set(ident);
        if self.state.get() != State::Done {
            self.state.set(State::Running);
        }
    }

    /// The thread has ended: tells those that wait for it.
    pub fn ended(&self) {
        self.state.set(State::Done);
        self.waiting.wake_all();
    }

    /// Waits for the end of the thread; whether it has come before the deadline.
    ///
    /// # Errors
    /// What a handler of a signal raises.
    pub fn join(&self, vm: &Vm, deadline: Option<Instant>) -> PyResult<bool> {
        let done = |_| self.is_done().then_some(());
        Ok(self.waiting.until(vm, deadline, done)?.is_some())
    }
}
