//! Exceptions that cannot go on: those of finalisers, callbacks and the collector, given to `sys.unraisablehook`.

use viv_heap::{Object, Ref};

use super::Vm;
use crate::modules::main::complain;
use crate::modules::traceback_text;
use crate::object::Type;
use crate::protocol;
use crate::result::{PyResult, Raised};

impl Vm {
    /// Reports an exception that has nobody to go to: "Exception ignored `what` `object`:", and drops it.
    pub fn unraisable(&self, raised: Raised, what: &str, object: Option<&Object>) {
        let exception = self.take_raised(raised);
        let result = self.call_unraisable_hook(&exception, what, object);
        if !matches!(result, Ok(true)) {
            if let Err(raised) = result {
                drop(self.take_raised(raised));
            }
            self.print_unraisable(&exception, what, object);
        }
    }

    /// Calls the hook, if there is one; whether there was.
    fn call_unraisable_hook(
        &self,
        exception: &Object,
        what: &str,
        object: Option<&Object>,
    ) -> PyResult<bool> {
        let hook = self.sys.get_text(self, "unraisablehook")?;
        let args_type = self.sys.get_text(self, "UnraisableHookArgs")?;
        let (Some(hook), Some(args_type)) = (hook, args_type) else {
            return Ok(false);
        };
        let message = self.new_str(&format!("Exception ignored {what}"))?;
        let traceback = protocol::get_attr_opt(self, exception, &self.names.__traceback__)?;
        let fields: [Ref; 5] = [
            Type::of(exception).head.to_ref(),
            exception.to_ref(),
            traceback.unwrap_or_else(|| self.none_ref()),
            message.upcast(),
            object.map_or_else(|| self.none_ref(), Object::to_ref),
        ];
        let fields = self.new_tuple(fields.into())?;
        let args = protocol::call_one(self, &args_type, &fields)?;
        protocol::call_one(self, &hook, &args)?;
        Ok(true)
    }

    /// What is left to do where the hook fails, or `sys` is gone already.
    fn print_unraisable(&self, exception: &Object, what: &str, object: Option<&Object>) {
        let object = object
            .map(|o| match protocol::repr(self, o) {
                Ok(text) => format!(" {}", text.to_text()),
                Err(raised) => {
                    drop(self.take_raised(raised));
                    " <object repr() failed>".to_owned()
                }
            })
            .unwrap_or_default();
        let traceback = match protocol::get_attr_opt(self, exception, &self.names.__traceback__) {
            Ok(Some(traceback)) if !self.is_none(&traceback) => {
                let frames = traceback_text::format_traceback(self, &traceback);
                format!("Traceback (most recent call last):\n{frames}")
            }
            Ok(_) => String::new(),
            Err(raised) => {
                drop(self.take_raised(raised));
                String::new()
            }
        };
        let last = traceback_text::format_exception_only(self, exception);
        complain(
            self,
            &format!("Exception ignored {what}{object}:\n{traceback}{last}"),
        );
    }
}
