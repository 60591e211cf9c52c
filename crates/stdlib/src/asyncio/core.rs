//! What futures and tasks share: state, result, callbacks, and the changes between states.
//!
//! **Invariants.** The event loop is there from `__init__` on; a future without one answers to nothing. Callbacks wait only
//! while the state is pending: the first in places of its own, the others in a list of pairs.

use std::cell::Cell;

use viv_runtime::object::{Exception, List, Slot, Tuple, Type};
use viv_runtime::types::exception::new_exception;
use viv_runtime::{NamedArgs, Object, PyResult, Raised, Ref, Vm, protocol};

use super::future::Future;
use super::kept::{self, Kept, kept, keyword};
use super::task::Task;
use crate::contextvars::context;

/// How far a future is.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// It has no result yet.
    #[default]
    Pending,
    /// It was cancelled.
    Cancelled,
    /// It has a result or an exception.
    Finished,
}

impl State {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            State::Pending => "PENDING",
            State::Cancelled => "CANCELLED",
            State::Finished => "FINISHED",
        }
    }
}

/// The part that futures and tasks share.
#[derive(Default)]
pub struct Core {
    /// The event loop.
    pub event_loop: Slot,
    /// The first callback and its context.
    pub first: Slot,
    pub(super) first_context: Slot,
    /// The other callbacks: `(function, context)`.
    pub(super) others: Slot<List>,
    pub(super) exception: Slot,
    pub(super) traceback: Slot,
    pub(super) result: Slot,
    pub(super) source_traceback: Slot,
    pub(super) cancel_message: Slot,
    /// The CancelledError that ended a task, for whoever asks for its result first.
    pub(super) cancelled_error: Slot,
    /// The future that waits for this one, or a set of them.
    pub(super) awaited_by: Slot,
    pub(super) awaited_by_many: Cell<bool>,
    pub(super) state: Cell<State>,
    /// Whether nobody has seen the exception yet.
    pub(super) log_traceback: Cell<bool>,
    /// Whether it was yielded by its own iterator, as `await` does.
    pub(super) blocking: Cell<bool>,
}

/// What a future has come to.
pub enum Outcome {
    /// A result.
    Result(Ref),
    /// An exception, which has not been raised.
    Exception(Ref),
}

/// The shared part of a future or task, if the object is one.
#[inline]
pub fn core_of(object: &Object) -> Option<&Core> {
    match object.downcast::<Future>() {
        Some(future) => Some(&future.core),
        None => object.downcast::<Task>().map(|task| &task.core),
    }
}

/// The shared part of a receiver.
///
/// # Errors
/// TypeError
#[inline]
pub fn core<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a Core> {
    core_of(this).ok_or_else(|| {
        vm.type_error(format!(
            "descriptor requires a '_asyncio.Future' object but received a '{}'",
            protocol::type_name(this)
        ))
    })
}

/// Whether an object is exactly of one of the two types of the module.
#[inline]
pub fn is_native(object: &Object) -> bool {
    object.is_exact::<Future>() || object.is_exact::<Task>()
}

/// `event_loop.call_soon(callback, *arg, context=context)`
///
/// # Errors
/// What that raises.
pub fn call_soon(
    vm: &Vm,
    event_loop: &Object,
    callback: &Object,
    arg: Option<&Object>,
    context: Option<&Object>,
) -> PyResult<()> {
    let (method, with_self) = protocol::get_method(vm, event_loop, &vm.names.call_soon)?;
    let skip = usize::from(!with_self);
    let names = match context {
        Some(_) => Some(keyword(vm, Kept::ContextName)?),
        None => None,
    };
    let call = |values: &[&Object]| {
        let args = NamedArgs::new(&values[skip..], names.as_deref());
        protocol::call(vm, &method, args.args()).map(drop)
    };
    match (arg, context) {
        (Some(arg), Some(context)) => call(&[event_loop, callback, arg, context]),
        (Some(only), None) | (None, Some(only)) => call(&[event_loop, callback, only]),
        (None, None) => call(&[event_loop, callback]),
    }
}

/// A copy of the thread's context.
///
/// # Errors
/// MemoryError
pub fn copy_context(vm: &Vm) -> PyResult {
    let values = context::current(vm)?.values(vm)?;
    Ok(context::new(vm, Some(values))?.upcast())
}

impl Core {
    /// For traversal.
    pub fn visit(&self, visitor: &mut viv_runtime::Visitor<'_>) {
        for slot in self.slots() {
            slot.visit(visitor);
        }
        self.others.visit(visitor);
    }

    /// Gives up what it owns.
    pub fn clear(&self) {
        for slot in self.slots() {
            slot.set(None);
        }
        self.others.set(None);
    }

    fn slots(&self) -> [&Slot; 10] {
        [
            &self.event_loop,
            &self.first,
            &self.first_context,
            &self.result,
            &self.exception,
            &self.traceback,
            &self.source_traceback,
            &self.cancel_message,
            &self.cancelled_error,
            &self.awaited_by,
        ]
    }

    /// `__init__`
    ///
    /// # Errors
    /// Where no event loop was given, what `get_event_loop` raises; what the loop's `get_debug` raises.
    pub fn init(&self, vm: &Vm, event_loop: Option<&Object>) -> PyResult<()> {
        self.clear();
        self.state.set(State::Pending);
        self.log_traceback.set(false);
        self.blocking.set(false);
        self.awaited_by_many.set(false);
        let event_loop = match event_loop.filter(|l| !vm.is_none(l)) {
            Some(event_loop) => event_loop.to_ref(),
            None => super::loops::event_loop(vm)?,
        };
        self.event_loop.set(Some(event_loop.clone()));
        if vm.finalizing.get() {
            return Ok(());
        }
        let debug = protocol::call_method(vm, &event_loop, &vm.names.get_debug, &[])?;
        if protocol::is_true(vm, &debug)? {
            let stack = protocol::call_no_args(vm, &*kept(vm, Kept::ExtractStack)?)?;
            self.source_traceback.set(Some(stack));
        }
        Ok(())
    }

    /// The event loop.
    ///
    /// # Errors
    /// RuntimeError where `__init__` has not run.
    #[inline]
    pub fn alive(&self, vm: &Vm) -> PyResult {
        self.event_loop
            .get()
            .ok_or_else(|| vm.runtime_error("Future object is not initialized."))
    }

    /// Hands the waiting callbacks to the event loop.
    fn schedule(&self, vm: &Vm, this: &Object) -> PyResult<()> {
        if let Some(callback) = self.first.get() {
            let event_loop = self.alive(vm)?;
            let context = self.first_context.get();
            let done = call_soon(vm, &event_loop, &callback, Some(this), context.as_deref());
            self.first.set(None);
            self.first_context.set(None);
            if done.is_err() {
                self.others.set(None);
                return done;
            }
        }
        let Some(others) = self.others.take() else {
            return Ok(());
        };
        let mut next = 0;
        while let Some(pair) = others.get(next) {
            next += 1;
            let (Some(callback), context) = pair_of(&pair) else {
                continue;
            };
            let event_loop = self.alive(vm)?;
            call_soon(vm, &event_loop, callback, Some(this), context)?;
        }
        Ok(())
    }

    /// `set_result`
    ///
    /// # Errors
    /// InvalidStateError where there is one; what the event loop raises.
    pub fn set_result(&self, vm: &Vm, this: &Object, result: &Object) -> PyResult<()> {
        self.alive(vm)?;
        if self.state.get() != State::Pending {
            return Err(kept::invalid_state(vm, "invalid state"));
        }
        self.result.set(Some(result.to_ref()));
        self.state.set(State::Finished);
        self.schedule(vm, this)
    }

    /// `set_exception`
    ///
    /// # Errors
    /// InvalidStateError where there is a result; TypeError; what the event loop raises.
    pub fn set_exception(&self, vm: &Vm, this: &Object, given: &Object) -> PyResult<()> {
        self.alive(vm)?;
        if self.state.get() != State::Pending {
            return Err(kept::invalid_state(vm, "invalid state"));
        }
        let is_class = given
            .downcast::<Type>()
            .is_some_and(|class| class.is_subtype(&vm.types.base_exception));
        let mut exception = if is_class {
            let made = protocol::call_no_args(vm, given)?;
            if self.state.get() != State::Pending {
                return Err(kept::invalid_state(vm, "invalid state"));
            }
            made
        } else {
            given.to_ref()
        };
        if exception.downcast::<Exception>().is_none() {
            return Err(vm.type_error("invalid exception object"));
        }
        if Type::of(&exception).is_subtype(&vm.exceptions.StopIteration) {
            let text = vm.new_str(
                "StopIteration interacts badly with generators and cannot be raised into a Future",
            )?;
            let outer = new_exception(vm, &vm.exceptions.RuntimeError, &[&text])?;
            outer.cause.set(Some(exception.clone()));
            outer.context.set(Some(exception));
            outer.suppress_context.set(true);
            exception = outer.upcast();
        }
        let traceback = exception
            .downcast::<Exception>()
            .and_then(|e| e.traceback.get());
        self.exception.set(Some(exception));
        self.traceback.set(traceback);
        self.state.set(State::Finished);
        self.schedule(vm, this)?;
        self.log_traceback.set(true);
        Ok(())
    }

    /// `cancel` of a future; whether it was pending.
    ///
    /// # Errors
    /// What the event loop raises.
    pub fn cancel(&self, vm: &Vm, this: &Object, message: Option<Ref>) -> PyResult<bool> {
        self.log_traceback.set(false);
        if self.state.get() != State::Pending {
            return Ok(false);
        }
        self.state.set(State::Cancelled);
        self.cancel_message.set(message);
        self.schedule(vm, this)?;
        Ok(true)
    }

    /// The CancelledError for whoever asks: the one that ended the task where it has not been given out yet.
    ///
    /// # Errors
    /// What the class raises.
    pub fn make_cancelled_error(&self, vm: &Vm) -> PyResult {
        if let Some(error) = self.cancelled_error.take() {
            return Ok(error);
        }
        match self.cancel_message.get().filter(|m| !vm.is_none(m)) {
            Some(message) => kept::exception(vm, Kept::CancelledError, &[&message]),
            None => kept::exception(vm, Kept::CancelledError, &[]),
        }
    }

    /// Raises the CancelledError.
    pub fn raise_cancelled(&self, vm: &Vm) -> Raised {
        match self.make_cancelled_error(vm) {
            Ok(error) => vm.raise_object(error),
            Err(raised) => raised,
        }
    }

    /// What the future has come to.
    ///
    /// # Errors
    /// CancelledError, InvalidStateError.
    pub fn outcome(&self, vm: &Vm) -> PyResult<Outcome> {
        match self.state.get() {
            State::Cancelled => Err(self.raise_cancelled(vm)),
            State::Pending => Err(kept::invalid_state(vm, "Result is not set.")),
            State::Finished => {
                self.log_traceback.set(false);
                let Some(exception) = self.exception.get() else {
                    let result = self.result.get();
                    return Ok(Outcome::Result(result.unwrap_or_else(|| vm.none_ref())));
                };
                let traceback = self.traceback.take();
                if let Some(fields) = exception.downcast::<Exception>() {
                    fields.traceback.set(traceback);
                }
                Ok(Outcome::Exception(exception))
            }
        }
    }

    /// `result()`
    ///
    /// # Errors
    /// The exception, or that there is no result.
    pub fn get_result(&self, vm: &Vm) -> PyResult {
        match self.outcome(vm)? {
            Outcome::Result(result) => Ok(result),
            Outcome::Exception(exception) => Err(vm.raise_object(exception)),
        }
    }

    /// `add_done_callback`
    ///
    /// # Errors
    /// What the event loop raises; MemoryError
    pub fn add_callback(
        &self,
        vm: &Vm,
        this: &Object,
        callback: &Object,
        context: &Object,
    ) -> PyResult<()> {
        let Some(event_loop) = self.event_loop.get() else {
            return Err(vm.runtime_error("uninitialized Future object"));
        };
        if self.state.get() != State::Pending {
            return call_soon(vm, &event_loop, callback, Some(this), Some(context));
        }
        if self.first.is_none() && self.others.is_none() {
            self.first_context.set(Some(context.to_ref()));
            self.first.set(Some(callback.to_ref()));
            return Ok(());
        }
        let pair = vm.tuple_of(&[callback, context])?.upcast();
        match self.others.get() {
            Some(others) => others.push(vm, pair),
            None => {
                self.others.set(Some(vm.new_list(vec![pair])?));
                Ok(())
            }
        }
    }

    /// `remove_done_callback`: how many were removed.
    ///
    /// # Errors
    /// What comparing raises.
    pub fn remove_callback(&self, vm: &Vm, callback: &Object) -> PyResult<usize> {
        self.alive(vm)?;
        let mut removed = 0;
        if let Some(first) = self.first.get()
            && protocol::compare_is_or_eq(vm, &first, callback)?
        {
            self.first.set(None);
            self.first_context.set(None);
            removed = 1;
        }
        let mut next = 0;
        // A comparison may change the list, or do away with it.
        while let Some(pair) = self.others.get().and_then(|others| others.get(next)) {
            let equal = match pair_of(&pair).0 {
                Some(known) => protocol::compare_is_or_eq(vm, known, callback)?,
                None => false,
            };
            let others = self.others.get();
            match others.filter(|others| others.get(next).is_some_and(|now| now.is(&pair))) {
                Some(others) if equal => {
                    drop(others.remove(next));
                    removed += 1;
                }
                _ => next += 1,
            }
        }
        if self.others.get().is_some_and(|others| others.is_empty()) {
            self.others.set(None);
        }
        Ok(removed)
    }

    /// `_callbacks`
    ///
    /// # Errors
    /// RuntimeError where `__init__` has not run.
    pub fn callbacks(&self, vm: &Vm) -> PyResult {
        self.alive(vm)?;
        let mut all = Vec::new();
        if let Some(first) = self.first.get() {
            let context = self.first_context.get().unwrap_or_else(|| vm.none_ref());
            all.push(Tuple::pair(vm, first, context)?.upcast());
        }
        if let Some(others) = self.others.get() {
            all.extend(others.snapshot());
        }
        if all.is_empty() {
            return Ok(vm.none_ref());
        }
        Ok(vm.new_list(all)?.upcast())
    }

    /// Tells the event loop of something that went wrong with an object: `what` under `message`.
    pub fn tell_loop(&self, vm: &Vm, facts: &[(&str, &Object)]) {
        let Some(event_loop) = self.event_loop.get() else {
            return;
        };
        let handler = match protocol::get_attr(vm, &event_loop, &vm.names.call_exception_handler) {
            Ok(handler) => handler,
            Err(raised) => {
                return vm.unraisable(raised, "on finalizing asyncio future", None);
            }
        };
        let told = vm.new_dict().and_then(|told| {
            for (name, value) in facts {
                told.set_text(vm, name, value)?;
            }
            if let Some(stack) = self.source_traceback.get() {
                told.set_text(vm, "source_traceback", &stack)?;
            }
            protocol::call_one(vm, &handler, told.as_object())
        });
        if let Err(raised) = told {
            vm.unraisable(raised, "while calling asyncio function", Some(&handler));
        }
    }

    /// The finaliser of both types: an exception that nobody has seen is told to the event loop.
    pub fn finalize(&self, vm: &Vm, this: &Object) {
        if !self.log_traceback.replace(false) {
            return;
        }
        let Some(exception) = self.exception.get() else {
            return;
        };
        let name = Type::of(this).name.get();
        let name = name.map_or_else(String::new, |name| name.to_text().into_owned());
        let message = format!("{name} exception was never retrieved");
        match vm.new_str(&message) {
            Ok(message) => self.tell_loop(
                vm,
                &[
                    ("message", &message),
                    ("exception", &exception),
                    ("future", this),
                ],
            ),
            Err(raised) => vm.unraisable(raised, "on finalizing asyncio future", None),
        }
    }
}

/// The function and the context of a pair in the list of callbacks.
fn pair_of(pair: &Object) -> (Option<&Object>, Option<&Object>) {
    match pair.downcast::<Tuple>() {
        Some(pair) => (pair.get(0), pair.get(1)),
        None => (None, None),
    }
}
