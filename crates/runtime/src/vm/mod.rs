//! The interpreter ([`Interp`]) and the state of one of its threads ([`Vm`]).
//!
//! Every native function gets `vm: &Vm`; through it the interpreter's types, names and caches are at hand
//! (`vm.types.list`, `vm.names.__init__`, `vm.exceptions.TypeError`).

pub mod create;
pub mod event_loops;
pub mod exceptions;
pub mod intern;
pub mod interp;
pub mod make;
pub mod memory;
pub mod names;
pub mod raise;
mod remote;
pub mod roots;
pub mod shutdown;
pub mod signals;
mod sip;
pub mod teardown;
pub mod threads;
pub mod tracer;
pub mod unraisable;

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use crate::eval::hot::Hot;
pub use interp::{
    CompileMode, CompileRequest, Compiler, Config, HashCheck, Interp, LIBRARY_FOLDER, Library,
    NativeModule,
};
use viv_heap::{Object, Ref};

use crate::eval::CallStack;
use crate::object::Slot;
use crate::result::PyResult;

/// The state of one thread of an interpreter.
pub struct Vm {
    /// The exception that has been raised and not been taken yet.
    pub(crate) pending: Slot,
    /// The exception being handled (`sys.exception()`), outside generators: the innermost.
    pub(crate) handled: Slot,
    /// The frame record that may not be used any more: the recursion limit.
    pub(crate) frame_limit: Cell<*mut crate::eval::stack::Record>,
    /// Frames and their values.
    pub(crate) stack: CallStack,
    /// Objects whose `repr` is running, for `[...]`.
    pub(crate) repr_running: RefCell<Vec<usize>>,
    /// `sys.settrace`, `sys.setprofile` functions.
    pub(crate) trace: Slot,
    /// Whether instructions are traced now, and how many tracing functions are running.
    pub(crate) tracing: Cell<bool>,
    /// As above.
    pub(crate) trace_depth: Cell<u32>,
    pub(crate) profile: Slot,
    /// `sys.set_asyncgen_hooks`
    pub(crate) asyncgen_firstiter: Slot,
    pub(crate) asyncgen_finalizer: Slot,
    /// The current context (`contextvars`), once one is wanted.
    context: Slot,
    /// The event loop that the thread runs, and the task that this executes (`asyncio`).
    running_loop: Slot,
    running_task: Slot,
    /// The thread that this is the state of.
    pub(crate) this_thread: threads::ThisThread,
    /// What the eval loop reads all the time.
    pub(crate) hot: Hot,
    /// The interpreter, with the heap that all of the above lives in: the last to go.
    pub(crate) interp: Rc<Interp>,
}

impl Deref for Vm {
    type Target = Interp;
    #[inline]
    fn deref(&self) -> &Interp {
        &self.interp
    }
}

impl Vm {
    /// Whether something waits for the eval loop to stop between two instructions.
    #[inline(always)]
    pub(crate) fn breaker_set(&self) -> bool {
        self.breaker.load(Ordering::Relaxed) != 0
    }

    /// The state of a new thread, which has its own call stack.
    pub(crate) fn for_thread(&self, thread: threads::ThisThread, stack: CallStack) -> Vm {
        Vm::new(Rc::clone(&self.interp), thread, stack)
    }

    /// A thread state in which nothing has happened yet.
    pub(crate) fn new(interp: Rc<Interp>, thread: threads::ThisThread, stack: CallStack) -> Vm {
        Vm {
            hot: Hot::of(&interp),
            interp,
            pending: Slot::default(),
            handled: Slot::default(),
            frame_limit: Cell::new(std::ptr::null_mut()),
            stack,
            repr_running: RefCell::default(),
            trace: Slot::default(),
            tracing: Cell::new(false),
            trace_depth: Cell::new(0),
            profile: Slot::default(),
            asyncgen_firstiter: Slot::default(),
            asyncgen_finalizer: Slot::default(),
            context: Slot::default(),
            running_loop: Slot::default(),
            running_task: Slot::default(),
            this_thread: thread,
        }
    }

    /// The places that own something for the thread.
    pub(crate) fn own_slots(&self) -> [&Slot; 9] {
        [
            &self.pending,
            &self.handled,
            &self.trace,
            &self.profile,
            &self.asyncgen_firstiter,
            &self.asyncgen_finalizer,
            &self.context,
            &self.running_loop,
            &self.running_task,
        ]
    }

    /// The current context of `contextvars`, where there is one.
    pub fn context(&self) -> &Slot {
        &self.context
    }

    /// Does what waits: collections, signals, the wish of another thread to run.
    ///
    /// # Errors
    /// What a signal handler raises.
    #[cold]
    pub(crate) fn handle_breaker(&self) -> PyResult<()> {
        let bits = self.breaker.swap(0, Ordering::Relaxed);
        if bits & interp::breaker::COLLECT != 0 {
            self.heap.collect_due();
            if self.heap.audit_due() {
                self.audit_between();
            }
        }
        if bits & interp::breaker::TIME != 0 {
            self.breaker
                .fetch_or(interp::breaker::TIME, Ordering::Relaxed);
            return Err(self.raise_with(&self.exceptions.SystemExit, &[]));
        }
        // In another thread a signal waits until the main one has the lock again.
        let signalled = if bits & interp::breaker::SIGNAL != 0 {
            self.check_signals()
        } else {
            Ok(())
        };
        if bits & interp::breaker::SCRIPT != 0 && signalled.is_ok() {
            self.run_waiting_script();
        }
        if bits & interp::breaker::GIL != 0 {
            self.hand_over();
        }
        if self.tracing.get() {
            self.keep_tracing();
        }
        signalled
    }

    /// Whether the time of the program is up: everything unwinds.
    #[inline]
    pub fn time_is_up(&self) -> bool {
        self.breaker.load(Ordering::Relaxed) & interp::breaker::TIME != 0
    }

    /// Lets Python code run again after the program has been stopped: its exit functions and finalisers.
    pub fn grant_time(&self) {
        self.breaker
            .fetch_and(!interp::breaker::TIME, Ordering::Relaxed);
    }

    /// `None`, borrowed.
    #[inline]
    pub fn none(&self) -> &Object {
        &self.none.head
    }

    /// A new handle of `None`.
    #[inline]
    pub fn none_ref(&self) -> Ref {
        self.none.head.to_ref()
    }

    /// Whether an object is `None`.
    #[inline]
    pub fn is_none(&self, object: &Object) -> bool {
        object.is(&self.none.head)
    }

    /// Whether an object is `NotImplemented`.
    #[inline]
    pub fn is_not_implemented(&self, object: &Object) -> bool {
        object.is(&self.not_implemented.head)
    }

    /// A new handle of `NotImplemented`.
    #[inline]
    pub fn not_implemented(&self) -> Ref {
        self.interp.not_implemented.head.to_ref()
    }

    /// A new handle of `True` or `False`.
    #[inline]
    pub fn bool(&self, value: bool) -> Ref {
        if value {
            self.true_.head.to_ref()
        } else {
            self.false_.head.to_ref()
        }
    }
}
