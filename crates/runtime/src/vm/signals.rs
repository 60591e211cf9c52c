//! Handlers of signals in Python, which run between two instructions after a signal has been noted down
//! (`viv_system::signals`).

use std::cell::RefCell;
use std::sync::atomic::Ordering;

use viv_heap::{Ref, Visitor};
use viv_system::signals::{self, COUNT, Disposition, Listener};

use super::Vm;
use super::interp::breaker;
use crate::result::PyResult;

/// The handlers in Python, by signal.
#[derive(Default)]
pub struct Handlers(RefCell<Vec<Option<Ref>>>);

impl Handlers {
    /// The handler of a signal.
    pub fn get(&self, signal: i32) -> Option<Ref> {
        let place = usize::try_from(signal).ok()?;
        self.0.borrow().get(place)?.clone()
    }

    /// Sets the handler of a signal; the former one.
    pub fn replace(&self, signal: i32, handler: Option<Ref>) -> Option<Ref> {
        let place = usize::try_from(signal).ok().filter(|n| *n < COUNT)?;
        let mut table = self.0.borrow_mut();
        if table.len() < COUNT {
            table.resize_with(COUNT, || None);
        }
        std::mem::replace(table.get_mut(place)?, handler)
    }

    /// Takes all handlers out.
    pub(crate) fn clear(&self) {
        let table = std::mem::take(&mut *self.0.borrow_mut());
        drop(table);
    }

    pub(crate) fn visit(&self, visitor: &mut Visitor<'_>) {
        for handler in self.0.borrow().iter() {
            visitor.visit_opt(handler.as_ref());
        }
    }
}

/// Does as if a signal had come.
pub fn simulate(vm: &Vm, signal: i32) {
    signals::simulate(vm.signal_listener(), signal);
}

/// Says what happens when a signal comes.
///
/// # Errors
/// The system's, for a number that is no signal or one that cannot be handled.
pub fn set_disposition(vm: &Vm, signal: i32, disposition: Disposition) -> std::io::Result<()> {
    signals::set_disposition(vm.signal_listener(), signal, disposition)
}

impl Vm {
    /// Lets an interrupt from the keyboard raise KeyboardInterrupt, unless it is ignored.
    pub fn watch_interrupt(&self) {
        if signals::disposition(libc::SIGINT) == Some(Disposition::Default) {
            // That a signal that exists cannot be handled does not happen; without it, an interrupt just ends the process.
            let _ = set_disposition(self, libc::SIGINT, Disposition::Note);
        }
    }

    /// Runs the handlers of the signals that have come, in the main thread: after calls that a signal may have interrupted.
    ///
    /// # Errors
    /// What a handler raises.
    pub fn check_signals(&self) -> PyResult<()> {
        if !signals::arrived_any() || !self.is_main_thread() || !self.signal_listener().is_told() {
            return Ok(());
        }
        self.breaker.fetch_and(!breaker::SIGNAL, Ordering::Relaxed);
        self.run_signal_handlers()
    }

    /// Who is told when a signal comes to this interpreter.
    fn signal_listener(&self) -> Listener {
        Listener {
            word: self.breaker,
            bit: breaker::SIGNAL,
        }
    }

    /// What else has come while a handler raised is not forgotten.
    fn leave_other_signals(&self) {
        if signals::leave_rest() {
            self.breaker.fetch_or(breaker::SIGNAL, Ordering::Relaxed);
        }
    }

    fn run_signal_handlers(&self) -> PyResult<()> {
        signals::begin_taking();
        if let Some(error) = signals::take_wakeup_failure() {
            let raised = crate::modules::io::system::os_error(self, &error, None);
            self.unraisable(
                raised,
                "while trying to write to the signal wakeup fd",
                None,
            );
        }
        let ending = self.threads.ending();
        for signal in 0..COUNT as i32 {
            if !signals::take(signal) {
                continue;
            }
            match self.signal_handlers.get(signal) {
                Some(handler) if !ending && crate::protocol::is_callable(&handler) => {
                    let frame = match crate::eval::frame::current_frame(self, 0)? {
                        Some(frame) => frame.upcast(),
                        None => self.none_ref(),
                    };
                    let number = self.new_int(i64::from(signal))?;
                    if let Err(raised) =
                        crate::protocol::call_args(self, &handler, &[&number, &frame])
                    {
                        self.leave_other_signals();
                        return Err(raised);
                    }
                }
                None if !ending && signal == libc::SIGINT => {
                    self.leave_other_signals();
                    return Err(self.raise_with(&self.exceptions.KeyboardInterrupt, &[]));
                }
                // It has come before its handler was taken away.
                _ => {
                    let message = format!("Signal {signal} ignored due to race condition");
                    let raised = self.raise(&self.exceptions.OSError, &message);
                    self.unraisable(raised, "while calling signal handler", None);
                }
            }
        }
        Ok(())
    }
}
