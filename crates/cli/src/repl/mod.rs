//! The prompt: statements typed one after the other.
//!
//! On a terminal lines are edited ([`editor`]); what is piped in is read line by line, as CPython does ([`plain`]).

mod color;
mod editor;
mod gutter;
mod history;
mod keys;
mod memory;
mod plain;

pub use color::wanted as wants_color;

use std::io::{IsTerminal as _, Write as _};

use vivarium::runtime::Vm;
use vivarium::session::{Outcome, Session};

/// How the prompt is set up.
pub struct Options {
    /// Greet.
    pub banner: bool,
    /// `PYTHONSTARTUP`
    pub startup: Option<String>,
    /// `PYTHON_HISTORY`
    pub history: Option<String>,
    /// `PYTHON_BASIC_REPL`: lines are read without editing.
    pub basic: bool,
    /// `-E`
    pub ignore_environment: bool,
}

/// Runs the prompt until its end; gives the exit code.
pub fn run(vm: &Vm, options: &Options) -> i32 {
    let session = match Session::new(vm) {
        Ok(session) => session,
        Err(raised) => {
            let exception = vm.take_raised(raised);
            return vivarium::runtime::modules::main::report(vm, &exception);
        }
    };
    if options.banner {
        eprintln!(
            "Python 3.14.0 (Vivarium {}) on {}\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS
        );
    }
    if let Some(file) = &options.startup
        && let Some(code) = startup(&session, file)
    {
        return code;
    }
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if terminal && !options.basic {
        editor::run(vm, &session, options)
    } else {
        plain::run(&session)
    }
}

/// Runs `PYTHONSTARTUP`; gives an exit code if that ends the session.
fn startup(session: &Session<'_>, file: &str) -> Option<i32> {
    match std::fs::read_to_string(file) {
        Ok(source) => match session.run_file(&source, file) {
            Outcome::Continue => None,
            Outcome::Exit(code) => Some(code),
        },
        Err(error) => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            let number = error.raw_os_error().unwrap_or_default();
            eprintln!("Could not open PYTHONSTARTUP\nOSError: [Errno {number}] {text}: '{file}'");
            None
        }
    }
}

/// Writes to standard error; where it is gone nobody reads it.
fn say(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}
