//! Raising: `Err(vm.type_error("…"))`.

use viv_heap::{Object, Ref};

use super::Vm;
use crate::object::Type;
use crate::result::Raised;

macro_rules! raisers {
    ($($function:ident $class:ident;)+) => {
        impl Vm {
            $(
                #[doc = concat!("Raises ", stringify!($class), " with a message.")]
                #[cold]
                pub fn $function(&self, message: impl AsRef<str>) -> Raised {
                    self.raise(&self.exceptions.$class, message.as_ref())
                }
            )+
        }
    };
}

raisers! {
    type_error TypeError;
    value_error ValueError;
    runtime_error RuntimeError;
    index_error IndexError;
    overflow_error OverflowError;
    zero_division_error ZeroDivisionError;
    system_error SystemError;
    not_implemented_error NotImplementedError;
    recursion_error RecursionError;
    buffer_error BufferError;
    reference_error ReferenceError;
    lookup_error LookupError;
    eof_error EOFError;
    os_error OSError;
    assertion_error AssertionError;
    unicode_error UnicodeError;
}

impl Vm {
    /// Raises an exception of the given class with a message as its only argument.
    #[cold]
    pub fn raise(&self, class: &Type, message: &str) -> Raised {
        match self.new_str(message) {
            Ok(message) => self.raise_with(class, &[&message]),
            Err(raised) => raised,
        }
    }

    /// Raises an exception of the given class with these arguments.
    #[cold]
    pub fn raise_with(&self, class: &Type, args: &[&Object]) -> Raised {
        match crate::types::exception::new_exception(self, class, args) {
            Ok(exception) => self.raise_object(exception.upcast()),
            Err(raised) => raised,
        }
    }

    /// Raises an exception object; the exception being handled becomes its context, as a `raise` statement does.
    #[cold]
    pub fn raise_object(&self, exception: Ref) -> Raised {
        crate::types::exception::set_context(self, &exception);
        self.restore(exception)
    }

    /// Raises an exception object as it is, its context left alone.
    pub fn restore(&self, exception: Ref) -> Raised {
        self.pending.set(Some(exception));
        Raised(())
    }

    /// Takes the exception that was raised. There always is one where a [`Raised`] is at hand.
    pub fn take_raised(&self, raised: Raised) -> Ref {
        let Raised(()) = raised;
        match self.pending.take() {
            Some(exception) => exception,
            // A lost exception is a defect of a native function; the script sees it as one instead of a crash.
            None => {
                let Raised(()) = self.system_error("error return without exception set");
                self.pending
                    .take()
                    .unwrap_or_else(|| self.memory_error.clone())
            }
        }
    }

    /// Whether the raised exception is of this class; it goes on waiting.
    pub fn raised_is(&self, _raised: &Raised, class: &Type) -> bool {
        self.pending
            .get()
            .is_some_and(|e| Type::of(&e).is_subtype(class))
    }

    /// `Ok(None)` where the exception is of this class, which is then dropped; else the exception goes on.
    pub fn swallow<T>(&self, raised: Raised, class: &Type) -> Result<Option<T>, Raised> {
        if self.raised_is(&raised, class) {
            drop(self.take_raised(raised));
            Ok(None)
        } else {
            Err(raised)
        }
    }

    /// Runs what finalises an object, which may happen while an exception is under way: that goes on waiting.
    pub fn set_apart<T>(&self, finalise: impl FnOnce() -> T) -> T {
        let waiting = self.pending.take();
        let result = finalise();
        self.pending.set(waiting);
        result
    }

    /// Raises MemoryError, without allocating.
    #[cold]
    pub fn no_memory(&self) -> Raised {
        // One exception serves all: it looks like a new one, unless it is being handled.
        let handled = self.handled.get();
        if !handled.is_some_and(|e| e.is(&self.memory_error))
            && let Some(fields) = self.memory_error.downcast::<crate::object::Exception>()
        {
            fields.traceback.set(None);
            fields.context.set(None);
            fields.cause.set(None);
        }
        self.restore(self.memory_error.clone())
    }

    /// Raises KeyError with the key itself as argument.
    #[cold]
    pub fn key_error(&self, key: &Object) -> Raised {
        self.raise_with(&self.exceptions.KeyError, &[key])
    }

    /// Raises StopIteration with a value.
    #[cold]
    pub fn stop_iteration(&self, value: Option<&Object>) -> Raised {
        match value {
            Some(value) => self.raise_with(&self.exceptions.StopIteration, &[value]),
            None => self.raise_with(&self.exceptions.StopIteration, &[]),
        }
    }
}
