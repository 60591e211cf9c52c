//! Threads of the system that run one interpreter's Python code.
//!
//! Each has a thread state ([`Vm`]) of its own, which never leaves it; nothing is switched when the lock (`gil`) changes
//! hands. A `&Vm` is the proof that the lock is held: it cannot be sent to another thread, and [`Vm::allow_threads`], the
//! only way to let go of the lock, takes no closure that has one.
//!
//! **Invariants.** What is in [`Threads`] is touched by the holder of the lock only. A program that starts no thread never
//! lets go of the lock.

pub(crate) mod gil;
mod handle;
pub(crate) mod leave;
pub mod local;
pub mod wait;

use std::cell::{Cell, RefCell};
use std::ffi::CString;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use viv_heap::{Deferring, Object, Ref};

use gil::{Gil, Turn};
pub use handle::Handle;

use super::Vm;
use crate::eval::CallStack;
use crate::object::{Dict, Slot, Tuple};
use crate::result::PyResult;
use crate::vm::interp::breaker;

/// The number of the thread that made the interpreter.
const MAIN: u64 = 1;

/// Native stack of a thread where the program asks for no other size, in bytes.
const NATIVE_STACK: usize = 8 << 20;

/// What a thread state knows of its thread.
pub struct ThisThread {
    /// The thread's number in the interpreter; none is given twice.
    number: u64,
    /// `_thread.get_ident()`, 0 until the thread runs.
    ident: Cell<u64>,
    /// What the thread calls, its arguments and the names of the last of them: here, so that the end of the interpreter can give them up for a thread
    /// that never ends.
    pub(crate) function: Slot,
    pub(crate) args: Slot<Tuple>,
    pub(crate) names: Slot<Tuple>,
    /// The values that `threading.local` objects keep for this thread.
    locals: local::Registered,
}

impl ThisThread {
    /// The thread that makes an interpreter.
    pub(crate) fn main() -> ThisThread {
        let this = ThisThread::new(MAIN);
        this.ident.set(crate::eval::thread::ident());
        this
    }

    fn new(number: u64) -> ThisThread {
        ThisThread {
            number,
            ident: Cell::new(0),
            function: Slot::default(),
            args: Slot::default(),
            names: Slot::default(),
            locals: Default::default(),
        }
    }

    pub(crate) fn visit(&self, visitor: &mut viv_heap::Visitor<'_>) {
        self.function.visit(visitor);
        self.args.visit(visitor);
        self.names.visit(visitor);
    }

    /// Gives up everything that belongs to the thread.
    pub(crate) fn clear(&self) {
        self.locals.clear(self.number);
        self.function.set(None);
        self.args.set(None);
        self.names.set(None);
    }
}

/// The threads of an interpreter.
pub struct Threads {
    gil: RefCell<Arc<Gil>>,
    breaker: &'static AtomicU32,
    /// Whether a thread has ever been started: before that nobody can want the lock.
    active: Cell<bool>,
    /// All thread states, in the order in which they began.
    states: RefCell<Vec<*const Vm>>,
    last_number: Cell<u64>,
    main_ident: Cell<u64>,
    /// `_thread._count()`
    count: Cell<usize>,
    /// `_thread.stack_size()`; 0 for the default.
    stack_size: Cell<usize>,
    /// Whether the interpreter ends: no thread starts any more.
    ending: Cell<bool>,
    /// The threads that the end of the interpreter waits for.
    joined_at_end: RefCell<Vec<Rc<Handle>>>,
    /// The handles of threads that have begun, and those that nobody owns any more now and then.
    handles: RefCell<Vec<Weak<Handle>>>,
}

impl Threads {
    /// The threads of an interpreter that is being made by this one.
    pub(crate) fn new(breaker: &'static AtomicU32) -> Threads {
        Threads {
            gil: RefCell::new(Arc::new(Gil::held_by(MAIN, breaker))),
            breaker,
            active: Cell::new(false),
            states: RefCell::default(),
            last_number: Cell::new(MAIN),
            main_ident: Cell::new(crate::eval::thread::ident()),
            count: Cell::new(0),
            stack_size: Cell::new(0),
            ending: Cell::new(false),
            joined_at_end: RefCell::default(),
            handles: RefCell::default(),
        }
    }

    fn gil(&self) -> Arc<Gil> {
        Arc::clone(&self.gil.borrow())
    }

    /// Adds a thread state.
    pub(crate) fn add(&self, state: *const Vm) {
        self.states.borrow_mut().push(state);
    }

    /// Removes a thread state.
    pub(crate) fn remove(&self, state: *const Vm) {
        self.states
            .borrow_mut()
            .retain(|known| !std::ptr::eq(*known, state));
    }

    /// The thread states, which live while the lock is held and no thread ends.
    pub(crate) fn states(&self) -> Vec<*const Vm> {
        self.states.borrow().clone()
    }

    /// Shows the thread states, the newest first, at any moment: none where the list is just being changed.
    pub(crate) fn peek_states(&self, f: impl FnMut(*const Vm)) {
        if let Ok(states) = self.states.try_borrow() {
            states.iter().rev().copied().for_each(f);
        }
    }

    /// `_thread.get_ident()` of the main thread.
    pub fn main_ident(&self) -> u64 {
        self.main_ident.get()
    }

    /// The switch interval.
    pub fn switch_interval(&self) -> Duration {
        self.gil.borrow().interval()
    }

    /// Sets the switch interval.
    pub fn set_switch_interval(&self, interval: Duration) {
        self.gil.borrow().set_interval(interval);
    }

    /// `_thread._count()`: how many threads run that scripts have started.
    pub fn count(&self) -> usize {
        self.count.get()
    }

    /// The native stack size of new threads in bytes, 0 for the default.
    pub fn stack_size(&self) -> usize {
        self.stack_size.get()
    }

    /// Sets the native stack size of new threads in bytes, 0 for the default.
    pub fn set_stack_size(&self, size: usize) {
        self.stack_size.set(size);
    }

    /// Whether a thread has ever been started.
    pub fn active(&self) -> bool {
        self.active.get()
    }

    /// Whether the interpreter ends.
    pub fn ending(&self) -> bool {
        self.ending.get()
    }
}

/// The lock, let go of: taken again when this is dropped.
struct Released<'a> {
    vm: &'a Vm,
    gil: Arc<Gil>,
    deferred: Deferring,
}

impl Drop for Released<'_> {
    fn drop(&mut self) {
        match self.gil.take(self.vm.this_thread.number) {
            Turn::Run => self.vm.taken(&self.deferred),
            Turn::Leave => leave::unwind(),
        }
    }
}

/// What a new thread is to do.
pub struct Start<'a> {
    /// What it calls.
    pub function: &'a Object,
    /// The arguments by position.
    pub args: Vec<Ref>,
    /// The keyword arguments.
    pub keywords: Option<Ref<Dict>>,
    /// Who is told when it has ended.
    pub handle: Option<Rc<Handle>>,
    /// Whether the end of the interpreter does not wait for it.
    pub daemon: bool,
}

impl Vm {
    /// The thread's number in the interpreter; none is given twice.
    pub fn thread_number(&self) -> u64 {
        self.this_thread.number
    }

    /// Whether a thread of this number runs in this process.
    pub fn has_thread(&self, number: u64) -> bool {
        let mut found = false;
        crate::eval::thread::for_each(self, |other| found |= other.thread_number() == number);
        found
    }

    /// `_thread.get_ident()`
    pub fn thread_ident(&self) -> u64 {
        self.this_thread.ident.get()
    }

    /// Sends a signal to a thread of the interpreter, given by [`Vm::thread_ident`].
    ///
    /// # Errors
    /// The system's, for a number that is no signal; that there is no such thread.
    pub fn signal_thread(&self, ident: u64, signal: i32) -> std::io::Result<()> {
        crate::eval::thread::send_signal(self, ident, signal)
    }

    /// The number of the clock that shows how long a thread of the interpreter has been running, for the functions of `time`.
    ///
    /// # Errors
    /// No such process, where no thread has that identifier.
    pub fn thread_clock(&self, ident: u64) -> std::io::Result<i32> {
        crate::eval::thread::clock(self, ident)
    }

    /// Whether this is the thread that runs the handlers of signals.
    pub fn is_main_thread(&self) -> bool {
        self.this_thread.ident.get() == self.threads.main_ident.get()
    }

    /// Runs `f` without the lock: for calls that may block. What `f` takes and gives may go to other threads; so it
    /// cannot reach any object.
    pub fn allow_threads<T: Send>(&self, f: impl FnOnce() -> T + Send) -> T {
        // A thread that leaves keeps the lock until it has given up everything.
        if !self.threads.active.get() || std::thread::panicking() {
            return f();
        }
        let released = Released {
            vm: self,
            gil: self.threads.gil(),
            deferred: self.heap.put_deferring_aside(),
        };
        released.gil.release();
        let result = f();
        drop(released);
        result
    }

    /// Lets another thread run, if one waits.
    pub(crate) fn hand_over(&self) {
        let deferred = self.heap.put_deferring_aside();
        match self.threads.gil().hand_over(self.this_thread.number) {
            Turn::Run => self.taken(&deferred),
            Turn::Leave => leave::unwind(),
        }
    }

    /// The lock has come back.
    fn taken(&self, deferred: &Deferring) {
        self.heap.resume_deferring(deferred);
        if self.tracing.get() {
            self.keep_tracing();
        }
        if self.is_main_thread() && viv_system::signals::arrived_any() {
            self.breaker.fetch_or(breaker::SIGNAL, Ordering::Relaxed);
        }
        if self.is_main_thread() {
            self.remember_script();
        }
    }

    /// Starts a thread; gives its `_thread.get_ident()`.
    ///
    /// # Errors
    /// PythonFinalizationError at the end of the interpreter; RuntimeError where the system has no thread to give.
    pub fn start_thread(&self, start: Start<'_>) -> PyResult<u64> {
        if self.threads.ending.get() {
            return Err(self.raise(
                &self.exceptions.PythonFinalizationError,
                "can't create new thread at interpreter shutdown",
            ));
        }
        let size = match self.threads.stack_size.get() {
            0 => NATIVE_STACK,
            size => size,
        };
        let number = self.threads.last_number.get() + 1;
        self.threads.last_number.set(number);
        let mut values = start.args;
        let mut names: Vec<Ref> = Vec::new();
        for (name, value) in start.keywords.iter().flat_map(|k| k.snapshot()) {
            names.push(name);
            values.push(value);
        }
        let this = ThisThread::new(number);
        this.function.set(Some(start.function.to_ref()));
        this.args.set(Some(self.new_tuple(values)?));
        this.names.set(Some(self.new_tuple(names)?));
        let state = Box::new(self.for_thread(this, CallStack::for_native_size(size)));
        state.apply_recursion_limit(self.recursion_limit.get());
        self.threads.active.set(true);
        let handle = start.handle;
        if let Some(handle) = &handle {
            handle.starting();
            self.watch_handle(handle);
            if !start.daemon {
                self.threads
                    .joined_at_end
                    .borrow_mut()
                    .push(Rc::clone(handle));
            }
        }
        let address: *const Vm = &*state;
        self.threads.add(address);
        match crate::eval::thread::spawn(state, handle.clone(), self.threads.gil(), size) {
            Ok(ident) => {
                if let Some(handle) = &handle {
                    handle.started(ident);
                }
                Ok(ident)
            }
            Err(_) => {
                self.threads.remove(address);
                if let Some(handle) = &handle {
                    handle.failed();
                    self.forget_joined(handle);
                }
                Err(self.runtime_error("can't start new thread"))
            }
        }
    }

    /// Adds the handle of a thread to those that learn of a fork in which the thread is lost.
    pub fn watch_handle(&self, handle: &Rc<Handle>) {
        let mut known = self.threads.handles.borrow_mut();
        // Where there is no room left: so looking costs no more than growing.
        if known.len() == known.capacity() {
            known.retain(|handle| handle.strong_count() != 0);
        }
        known.push(Rc::downgrade(handle));
    }

    fn forget_joined(&self, handle: &Rc<Handle>) {
        self.threads
            .joined_at_end
            .borrow_mut()
            .retain(|other| !Rc::ptr_eq(other, handle));
    }

    /// The life of a thread that holds the lock: what it was started for, and its end.
    pub(crate) fn run_thread(&self, handle: Option<Rc<Handle>>) {
        let this = &self.this_thread;
        this.ident.set(crate::eval::thread::ident());
        self.threads.count.set(self.threads.count.get() + 1);
        if let Err(raised) = crate::eval::thread::call_start(self) {
            if self.raised_is(&raised, &self.exceptions.SystemExit) {
                drop(self.take_raised(raised));
            } else {
                let function = this.function.get();
                self.unraisable(raised, "in thread started by", function.as_deref());
            }
        }
        this.function.set(None);
        self.release_thread();
        self.threads
            .count
            .set(self.threads.count.get().saturating_sub(1));
        if let Some(handle) = handle {
            self.forget_joined(&handle);
            handle.ended();
        }
        self.threads.remove(self);
    }

    /// Gives up what the thread owns, after its last Python code.
    pub(crate) fn release_thread(&self) {
        for slot in self.own_slots() {
            slot.set(None);
        }
        self.this_thread.clear();
    }

    /// `_thread._shutdown()`: waits for the threads that are no daemons.
    ///
    /// # Errors
    /// What a handler of a signal raises.
    pub fn join_threads(&self) -> PyResult<()> {
        loop {
            let next = self.threads.joined_at_end.borrow().last().cloned();
            let Some(handle) = next else {
                return Ok(());
            };
            if handle.ident() == self.thread_ident() {
                self.forget_joined(&handle);
                continue;
            }
            handle.join(self, None)?;
            self.forget_joined(&handle);
        }
    }

    /// Copies the process (`os.fork`): 0 in the copy, where this thread alone lives on, as the main one.
    ///
    /// # Errors
    /// The system's.
    pub fn fork(&self) -> std::io::Result<i32> {
        let number = crate::eval::thread::fork()?;
        if number == 0 {
            self.after_fork_in_child();
        }
        Ok(number)
    }

    /// In the child of a fork, where only this thread is left: makes it the main one, forgets the others.
    fn after_fork_in_child(&self) {
        wait::forget_waiters();
        viv_system::signals::forget_arrived();
        self.forget_event_loops();
        let interval = self.threads.switch_interval();
        let gil = Gil::held_by(self.this_thread.number, self.threads.breaker);
        gil.set_interval(interval);
        drop(self.threads.gil.replace(Arc::new(gil)));
        self.this_thread.ident.set(crate::eval::thread::ident());
        self.threads.main_ident.set(self.this_thread.ident.get());
        self.threads.active.set(false);
        self.threads.count.set(0);
        self.threads.joined_at_end.borrow_mut().clear();
        let handles = self.threads.handles.borrow().clone();
        for handle in handles.iter().filter_map(Weak::upgrade) {
            if handle.ident() != self.thread_ident() {
                handle.ended();
            }
        }
        crate::eval::thread::give_up_others(self);
    }
}

/// The number by which the system knows this thread.
pub fn native_id() -> usize {
    rustix::thread::gettid().as_raw_nonzero().get() as usize
}

/// Shows the name of this thread to the system, which cuts it after 15 bytes.
pub fn set_os_name(name: &[u8]) {
    let end = name.iter().position(|b| *b == 0).unwrap_or(name.len());
    if let Ok(name) = CString::new(&name[..end]) {
        // A name is a help for people: without it everything works.
        let _ = rustix::thread::set_name(&name);
    }
}

/// The name that the system has for this thread.
pub fn os_name() -> Vec<u8> {
    rustix::thread::name().map_or_else(|_| Vec::new(), CString::into_bytes)
}
