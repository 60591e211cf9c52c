//! Scripts that other processes ask for: `sys.remote_exec`. They run in the main thread, between two instructions.

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use super::Vm;
use super::interp::{CompileMode, CompileRequest, breaker};
use crate::eval;
use crate::modules::io::system;
use crate::protocol;
use crate::result::PyResult;

impl Vm {
    /// Lets other processes ask this interpreter to run scripts, unless it is told not to.
    pub fn listen_for_scripts(&self) {
        if self.config.settings.remote_debug {
            viv_system::remote::listen(self.breaker, breaker::SCRIPT);
        }
    }

    /// The main thread has the lock again: what came meanwhile is looked at.
    pub(super) fn remember_script(&self) {
        if viv_system::remote::waits() && viv_system::remote::is_told(self.breaker) {
            self.breaker.fetch_or(breaker::SCRIPT, Ordering::Relaxed);
        }
    }

    /// Runs the script that waits, if this is the main thread; what goes wrong is told like what nobody can raise.
    pub(crate) fn run_waiting_script(&self) {
        if !self.is_main_thread() || !viv_system::remote::is_told(self.breaker) {
            return;
        }
        let Some(path) = viv_system::remote::take() else {
            return;
        };
        let name = path.to_string_lossy();
        let told = system::text(self, path.as_os_str())
            .and_then(|text| self.tell_audit("cpython.remote_debugger_script", &[&text.head]));
        if let Err(raised) = told {
            let message = format!("Audit hook failed for remote debugger script {name}");
            self.unraisable_saying(raised, &message);
            return;
        }
        let source = match self.script(&path) {
            Ok(source) => source,
            Err(raised) => {
                self.unraisable_saying(raised, &format!("Can't open debugger script {name}"));
                return;
            }
        };
        if let Err(raised) = self.run_script(&source) {
            self.unraisable_saying(raised, &format!("Error executing debugger script {name}"));
        }
    }

    fn script(&self, path: &Path) -> PyResult<Vec<u8>> {
        match fs::read(path) {
            Ok(source) => Ok(source),
            Err(error) => {
                let name = system::text(self, path.as_os_str())?;
                Err(system::os_error(self, &error, Some(&name.head)))
            }
        }
    }

    /// Runs source text in a namespace of its own.
    fn run_script(&self, source: &[u8]) -> PyResult<()> {
        let request = CompileRequest {
            source,
            filename: "<string>",
            mode: CompileMode::Exec,
            flags: 0,
            optimize: self.config.optimize,
        };
        let code = self.compiler.compile(self, &request)?;
        let code = eval::make_code(self, &code)?;
        let globals = self.new_dict()?;
        globals.set_str(self, &self.names.__builtins__, &self.builtins.head)?;
        eval::run_code(self, &code, &globals, Some(globals.as_object()))?;
        Ok(())
    }

    /// Tells the hooks of `sys.addaudithook` of an event.
    ///
    /// # Errors
    /// What a hook raises: the event is not to happen then.
    pub fn tell_audit(&self, event: &str, args: &[&viv_heap::Object]) -> PyResult<()> {
        if self.audit_hooks.borrow().is_empty() {
            return Ok(());
        }
        let event = self.new_str(event)?;
        let args = self.tuple_of(args)?;
        // A hook may add others: these hear of the next event.
        let hooks = self.audit_hooks.borrow().clone();
        for hook in hooks {
            protocol::call_args(self, &hook, &[&event.head, &args.head])?;
        }
        Ok(())
    }
}
