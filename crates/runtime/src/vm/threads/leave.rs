//! The end of threads that are in the midst of something when the interpreter ends: daemons.
//!
//! They sleep where they are, as on CPython, and a process that ends leaves them so. Where the interpreter is taken down to
//! the last block, they have to give up what native code on their stacks owns. Each is woken (a signal ends the call in
//! which it sleeps), gets the lock, and unwinds its stack: destructors run, Python code does not.
//!
//! What is not given up: the items that a builtin container was about to release when the finaliser of one before them fell
//! asleep.
//!
//! **Invariant.** A thread that unwinds holds the lock until it has ended.

use std::any::Any;
use std::collections::HashMap;
use std::panic::resume_unwind;
use std::time::Duration;

use viv_heap::{Disagreement, Ref};

use crate::vm::Vm;

/// The signal that ends a call in which a thread sleeps. By default the system ignores it.
const WAKE: i32 = libc::SIGURG;

/// How often threads are asked to leave, and how long each time the lock is free for them.
const ROUNDS: u32 = 100;
const ROUND: Duration = Duration::from_millis(1);

/// What a thread unwinds with that leaves.
struct Leaving;

/// Unwinds the stack of a thread that is to leave and has the lock.
pub(super) fn unwind() {
    if !std::thread::panicking() {
        resume_unwind(Box::new(Leaving));
    }
}

/// Whether a thread has ended because it was asked to leave.
pub(crate) fn is_leaving(payload: &(dyn Any + Send)) -> bool {
    payload.is::<Leaving>()
}

impl Vm {
    /// The interpreter ends: from now on this thread alone runs.
    pub(crate) fn stop_other_threads(&self) {
        self.threads.ending.set(true);
        self.threads.gil().keep_for(self.this_thread.number);
    }

    /// Whether there is no other thread in the interpreter.
    pub fn is_only_thread(&self) -> bool {
        self.threads.states.borrow().len() <= 1
    }

    /// Has the other threads give up what they own, and end, after [`Vm::shutdown`]. One that sleeps in a call of the system
    /// that no signal ends stays where it is.
    pub fn end_other_threads(&self) {
        if self.is_only_thread() {
            return;
        }
        // Without a handler the signal would end no call; then those that sleep in one stay.
        let _ = viv_system::signals::interrupt_calls(WAKE);
        let gil = self.threads.gil();
        gil.let_leave(true);
        self.heap.without_hooks(|| {
            let words = self.words_of_other_threads();
            for _ in 0..ROUNDS {
                crate::eval::thread::for_each(self, |other| {
                    let ident = other.thread_ident();
                    // One that has not begun has no number yet, and waits for the lock.
                    if !std::ptr::eq(other, self) && ident != 0 {
                        let _ = crate::eval::thread::send_signal(self, ident, WAKE);
                    }
                });
                let deferred = self.heap.put_deferring_aside();
                gil.release();
                std::thread::sleep(ROUND);
                // The thread that alone may have the lock is not asked to leave.
                let _ = gil.take(self.this_thread.number);
                self.heap.resume_deferring(&deferred);
                if self.is_only_thread() {
                    break;
                }
            }
            self.give_up_words(words);
        });
        gil.let_leave(false);
    }

    /// What stands on the stacks of the other threads, kept alive.
    fn words_of_other_threads(&self) -> Vec<Ref> {
        let mut words = Vec::new();
        crate::eval::thread::for_each(self, |other| {
            if !std::ptr::eq(other, self) {
                other
                    .stack
                    .visit(&mut |_, object| words.push(object.to_ref()));
            }
        });
        words
    }

    /// Gives up what the words owned that stood on the stacks of threads that have left. Native code that is in the midst of an
    /// instruction may have taken over the count of a word that still stands; so it is not known of a word whether it owns
    /// anything. But after the unwinding nobody else owns any of these objects in secret: an audit finds what is left.
    fn give_up_words(&self, words: Vec<Ref>) {
        let surplus: HashMap<usize, u64> = (self.audit().iter())
            .filter_map(|found| match found {
                Disagreement::Count {
                    address,
                    counted,
                    found,
                    ..
                } => Some((
                    *address,
                    u64::from(*counted).saturating_sub(u64::from(*found)),
                )),
                _ => None,
            })
            .collect();
        let mut kept: HashMap<usize, u64> = HashMap::new();
        for word in &words {
            *kept.entry(word.address()).or_default() += 1;
        }
        for word in &words {
            let address = word.address();
            let mine = kept.remove(&address).unwrap_or(0);
            let owned = surplus.get(&address).map_or(0, |n| n.saturating_sub(mine));
            crate::eval::thread::give_up_counts(word, owned.min(mine));
        }
        drop(words);
    }
}
