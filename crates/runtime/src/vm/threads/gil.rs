//! The lock that a thread holds while it runs Python code or touches an object: one for each interpreter.
//!
//! A thread that wants the lock sleeps on a condition variable. When it has waited for the switch interval and the lock has
//! not changed hands meanwhile, it sets a bit of the eval breaker; the holder sees the bit between two instructions, lets
//! go, and waits until another thread has taken the lock before it asks for it again.
//!
//! **Invariants.** The state is written under its mutex only. Once one thread alone may hold the lock (the end of the
//! interpreter), every other one that asks for it sleeps, for good or until it is given the lock in order to leave.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::vm::interp::breaker;

/// `sys.getswitchinterval()` at the start, in microseconds.
const SWITCH_INTERVAL: u64 = 5000;

/// The number of nobody.
const NOBODY: u64 = 0;

/// The lock.
pub(crate) struct Gil {
    state: Mutex<State>,
    /// The lock is free.
    free: Condvar,
    /// The lock has changed hands, or a waiter has given up.
    switched: Condvar,
    /// Sleeping threads may leave, and the lock is free.
    leave: Condvar,
    /// In microseconds.
    interval: AtomicU64,
    breaker: &'static AtomicU32,
}

struct State {
    /// The number of the thread that holds the lock.
    holder: u64,
    /// The number of the thread that held it last.
    last: u64,
    /// How often it has changed hands.
    turn: u64,
    /// How many threads wait for it.
    waiting: u32,
    /// The one thread that may take it, or nobody: all may.
    only: u64,
    /// Whether the others may take it in order to leave.
    leaving: bool,
}

/// What a thread that has got the lock is to do.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Turn {
    /// Go on.
    Run,
    /// Give up what it owns, let go of the lock and end, without running any more Python code.
    Leave,
}

impl Gil {
    /// A lock held by a thread.
    pub fn held_by(thread: u64, breaker: &'static AtomicU32) -> Gil {
        Gil {
            state: Mutex::new(State {
                holder: thread,
                last: thread,
                turn: 0,
                waiting: 0,
                only: NOBODY,
                leaving: false,
            }),
            free: Condvar::new(),
            switched: Condvar::new(),
            leave: Condvar::new(),
            interval: AtomicU64::new(SWITCH_INTERVAL),
            breaker,
        }
    }

    /// The switch interval.
    pub fn interval(&self) -> Duration {
        Duration::from_micros(self.interval.load(Ordering::Relaxed))
    }

    /// Sets the switch interval; it is at least one microsecond.
    pub fn set_interval(&self, interval: Duration) {
        let micros = u64::try_from(interval.as_micros()).unwrap_or(u64::MAX);
        self.interval.store(micros.max(1), Ordering::Relaxed);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the mutex.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the lock for a thread that does not hold it. Where another thread alone may have it, this comes back only when
    /// that one asks the others to leave.
    pub fn take(&self, thread: u64) -> Turn {
        let mut state = self.state();
        state.waiting += 1;
        loop {
            if state.only != NOBODY && state.only != thread {
                state.waiting -= 1;
                drop(state);
                self.freeze(thread);
                return Turn::Leave;
            }
            if state.holder == NOBODY {
                break;
            }
            let turn = state.turn;
            let (next, waited) = self
                .free
                .wait_timeout(state, self.interval())
                .unwrap_or_else(PoisonError::into_inner);
            state = next;
            if waited.timed_out() && state.holder != NOBODY && state.turn == turn {
                self.breaker.fetch_or(breaker::GIL, Ordering::Relaxed);
            }
        }
        state.waiting -= 1;
        state.holder = thread;
        self.breaker.fetch_and(!breaker::GIL, Ordering::Relaxed);
        if state.last != thread {
            state.last = thread;
            state.turn = state.turn.wrapping_add(1);
            drop(state);
            self.switched.notify_all();
        }
        Turn::Run
    }

    /// Lets go of the lock.
    pub fn release(&self) {
        let mut state = self.state();
        state.holder = NOBODY;
        if state.leaving {
            self.leave.notify_one();
        }
        drop(state);
        self.free.notify_one();
    }

    /// Lets another thread have the lock, if one waits, and takes it again.
    pub fn hand_over(&self, thread: u64) -> Turn {
        let mut state = self.state();
        if state.waiting == 0 {
            return Turn::Run;
        }
        state.holder = NOBODY;
        self.free.notify_one();
        let turn = state.turn;
        while state.waiting != 0 && state.turn == turn {
            state = self
                .switched
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        drop(state);
        self.take(thread)
    }

    /// From now on only this thread may take the lock.
    pub fn keep_for(&self, thread: u64) {
        self.state().only = thread;
    }

    /// Whether the threads that may not have the lock get it, one after the other, in order to leave.
    pub fn let_leave(&self, leaving: bool) {
        self.state().leaving = leaving;
    }

    /// Stops the thread until it may leave; then it has the lock.
    fn freeze(&self, thread: u64) {
        // The wake-up that came here is meant for one that may have the lock.
        self.free.notify_one();
        self.switched.notify_all();
        let mut state = self.state();
        while !state.leaving || state.holder != NOBODY {
            state = self
                .leave
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.holder = thread;
        state.last = thread;
    }
}
