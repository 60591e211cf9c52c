//! Waiting for another thread: what locks, thread handles and queues are made of.
//!
//! **Invariant.** A queue is touched only by the holder of the GIL; a thread sleeps on a word of its own without it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::thread::futex;

use crate::result::PyResult;
use crate::vm::Vm;

/// A waiter that has waited for so long gets what it waits for handed over, so that nobody starves.
const FAIR_AFTER: Duration = Duration::from_millis(1);

const ASLEEP: u32 = 0;
const WOKEN: u32 = 1;
const GRANTED: u32 = 2;

/// How many copies lie between the first process and this one: who began to wait in another one is not here.
static GENERATION: AtomicU32 = AtomicU32::new(0);

/// In the child of a fork: nobody waits for anything, for the threads that did are not here.
pub(crate) fn forget_waiters() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
}

/// How a wait ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wake {
    /// Somebody has woken the thread; it looks again.
    Woken,
    /// Somebody has woken the thread and given it what it waits for.
    Granted,
    /// The time is over.
    TimedOut,
    /// A signal has come.
    Interrupted,
}

/// One thread that waits.
struct Waiter {
    word: AtomicU32,
    since: Instant,
    generation: u32,
}

impl Waiter {
    /// Sleeps until somebody wakes this waiter, the time is over, or a signal comes.
    fn sleep(&self, deadline: Option<Instant>) -> Wake {
        loop {
            match self.word.load(Ordering::Acquire) {
                ASLEEP => {}
                WOKEN => return Wake::Woken,
                _ => return Wake::Granted,
            }
            let timeout = match deadline {
                None => None,
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Wake::TimedOut;
                    }
                    Some(futex::Timespec {
                        tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
                        tv_nsec: i64::from(left.subsec_nanos()),
                    })
                }
            };
            let waited = futex::wait(&self.word, futex::Flags::PRIVATE, ASLEEP, timeout.as_ref());
            if waited == Err(Errno::INTR) {
                return Wake::Interrupted;
            }
        }
    }

    fn wake(&self, how: u32) {
        self.word.store(how, Ordering::Release);
        // Nobody sleeps there yet or any more: that is no error.
        let _ = futex::wake(&self.word, futex::Flags::PRIVATE, 1);
    }
}

/// The threads that wait for one thing, first come, first served.
#[derive(Default)]
pub struct WaitQueue(RefCell<VecDeque<Arc<Waiter>>>);

impl WaitQueue {
    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.present().is_empty()
    }

    /// Those that wait in this process.
    fn present(&self) -> std::cell::RefMut<'_, VecDeque<Arc<Waiter>>> {
        let mut queue = self.0.borrow_mut();
        let now = GENERATION.load(Ordering::Relaxed);
        // All of another generation stand before those of this one.
        if queue.front().is_some_and(|first| first.generation != now) {
            queue.retain(|waiter| waiter.generation == now);
        }
        queue
    }

    /// Forgets who waits: in the child of a fork, where these threads are not.
    pub fn forget(&self) {
        self.0.borrow_mut().clear();
    }

    /// Waits without the GIL until somebody wakes this thread, the deadline has come, or a signal. `again` says that the
    /// thread was woken in vain: it keeps its place in front.
    fn wait(&self, vm: &Vm, deadline: Option<Instant>, since: Instant, again: bool) -> Wake {
        let waiter = Arc::new(Waiter {
            word: AtomicU32::new(ASLEEP),
            since,
            generation: GENERATION.load(Ordering::Relaxed),
        });
        {
            let mut queue = self.0.borrow_mut();
            if again {
                queue.push_front(Arc::clone(&waiter));
            } else {
                queue.push_back(Arc::clone(&waiter));
            }
        }
        let woken = vm.allow_threads(|| waiter.sleep(deadline));
        if matches!(woken, Wake::Woken | Wake::Granted) {
            return woken;
        }
        match waiter.word.load(Ordering::Acquire) {
            ASLEEP => {
                self.0
                    .borrow_mut()
                    .retain(|other| !Arc::ptr_eq(other, &waiter));
                woken
            }
            WOKEN => Wake::Woken,
            _ => Wake::Granted,
        }
    }

    /// Wakes the first that waits. Where `grant` allows it, and the waiter has waited for long, it is given what it waits for,
    /// and the result is true.
    pub fn wake_one(&self, grant: bool) -> bool {
        let Some(waiter) = self.present().pop_front() else {
            return false;
        };
        let grant = grant && waiter.since.elapsed() > FAIR_AFTER;
        waiter.wake(if grant { GRANTED } else { WOKEN });
        grant
    }

    /// Wakes all that wait.
    pub fn wake_all(&self) {
        while !self.is_empty() {
            self.wake_one(false);
        }
    }

    /// Waits until `take` gives something, which it may at once; nothing where the deadline comes first. In the main thread
    /// the handlers of signals run meanwhile.
    ///
    /// # Errors
    /// What a handler of a signal raises.
    pub fn until<T>(
        &self,
        vm: &Vm,
        deadline: Option<Instant>,
        mut take: impl FnMut(bool) -> Option<T>,
    ) -> PyResult<Option<T>> {
        if let Some(taken) = take(false) {
            return Ok(Some(taken));
        }
        let since = Instant::now();
        let mut again = false;
        loop {
            let woken = self.wait(vm, deadline, since, again);
            if let Some(taken) = take(woken == Wake::Granted) {
                // As after every call that blocks: what a handler raises comes out of the call, which has been done.
                vm.check_signals()?;
                return Ok(Some(taken));
            }
            match woken {
                Wake::Woken | Wake::Granted => again = true,
                Wake::TimedOut => return Ok(None),
                Wake::Interrupted => {
                    again = false;
                    vm.check_signals()?;
                }
            }
            if deadline.is_some_and(|d| Instant::now() >= d) {
                return Ok(None);
            }
        }
    }
}
