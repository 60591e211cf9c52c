//! Exceptions that cannot go on: those of finalisers, callbacks and the collector, given to `sys.unraisablehook`.

use viv_heap::{Object, Ref};

use super::Vm;
use crate::modules::main::complain;
use crate::modules::sys::hooks;
use crate::modules::traceback_text::format_unraisable;
use crate::object::{Exception, Slot, Traceback, Type};
use crate::protocol;
use crate::result::{PyResult, Raised};

impl Vm {
    /// Reports an exception that has nobody to go to: "Exception ignored `what` `object`:", and drops it.
    pub fn unraisable(&self, raised: Raised, what: &str, object: Option<&Object>) {
        let exception = self.take_raised(raised);
        self.place_unraisable(&exception);
        let mut message = format!("Exception ignored {what}");
        if let Some(object) = object {
            match protocol::repr(self, object) {
                Ok(text) => {
                    message.push(' ');
                    message.push_str(&text.to_text());
                }
                Err(raised) => drop(self.take_raised(raised)),
            }
        }
        self.tell_unraisable(&exception, &message);
    }

    /// The same, in other words than that the exception is ignored.
    pub(crate) fn unraisable_saying(&self, raised: Raised, message: &str) {
        let exception = self.take_raised(raised);
        self.place_unraisable(&exception);
        self.tell_unraisable(&exception, message);
    }

    fn tell_unraisable(&self, exception: &Object, message: &str) {
        match self.unraisable_hook() {
            Some(hook) => {
                if let Err(raised) = self.call_unraisable_hook(&hook, exception, message) {
                    let second = self.take_raised(raised);
                    hooks::print_unraisable(
                        self,
                        Some("Exception ignored in sys.unraisablehook"),
                        Some(&hook),
                    );
                    complain(self, &format_unraisable(self, &second));
                }
            }
            // Nobody is told any more once `sys` has let go of the stream.
            None if self.finalizing.get() && !self.has_stderr() => {}
            None => {
                hooks::print_unraisable(self, Some(message), None);
                complain(self, &format_unraisable(self, exception));
            }
        }
    }

    /// An exception that came from no Python code gets the running frame as its traceback.
    fn place_unraisable(&self, exception: &Object) {
        let Some(fields) = exception.downcast::<Exception>() else {
            return;
        };
        if !fields.traceback.is_none() {
            return;
        }
        let Ok(Some(frame)) = crate::eval::frame::current_frame(self, 0) else {
            return;
        };
        let line = frame.line();
        let made = self.place(Traceback {
            head: Object::new(self.types.traceback.type_head_of()),
            next: Slot::empty(),
            frame,
            word: 0,
            lasti: None,
            line: Some(line),
        });
        if let Ok(traceback) = made {
            self.heap.track(&traceback.head);
            fields.traceback.set(Some(traceback.upcast()));
        }
    }

    fn has_stderr(&self) -> bool {
        let stream = self.sys.get_str(self, &self.names.stderr);
        stream.is_some_and(|stream| !self.is_none(&stream))
    }

    /// The hook, while `sys` still has one.
    fn unraisable_hook(&self) -> Option<Ref> {
        self.sys
            .get_str(self, &self.names.unraisablehook)
            .filter(|hook| !self.is_none(hook))
    }

    fn call_unraisable_hook(
        &self,
        hook: &Object,
        exception: &Object,
        message: &str,
    ) -> PyResult<()> {
        let traceback = protocol::get_attr_opt(self, exception, &self.names.__traceback__)?;
        let fields = vec![
            Type::of(exception).head.to_ref(),
            exception.to_ref(),
            traceback.unwrap_or_else(|| self.none_ref()),
            self.new_str(message)?.upcast(),
            self.none_ref(),
        ];
        let class = &self.types.sys_unraisable_hook_args;
        let args = crate::modules::struct_sequence::make(self, class, fields)?;
        protocol::call_one(self, hook, &args)?;
        Ok(())
    }
}
