//! The `viv` command: what to run, where it comes from, and how the interpreter for it is set up.

mod args;
mod complete;
mod diagnostics;
mod dump;
mod help;
mod launch;
mod repl;
mod settings;

use std::process::ExitCode;

use args::{Arguments, Program};

fn main() -> ExitCode {
    let arguments = match args::parse(std::env::args_os().skip(1).collect()) {
        Ok(arguments) => arguments,
        Err(stop) if stop.code == 0 => {
            print!("{}", stop.text);
            return ExitCode::SUCCESS;
        }
        Err(stop) => {
            let json = std::env::args().any(|a| a == "--diagnostics=json");
            let style = json.then_some(diagnostics::Style::Json);
            eprintln!("{}", diagnostics::usage(style, &stop.text, stop.code));
            return ExitCode::from(stop.code);
        }
    };
    if arguments.switches.version > 0 {
        print!("{}", version(arguments.switches.version));
        return ExitCode::SUCCESS;
    }
    if let Some(shell) = arguments.switches.completions {
        print!("{}", complete::script(shell));
        return ExitCode::SUCCESS;
    }
    ExitCode::from(match (arguments.switches.dump, &arguments) {
        (None, _) => launch::launch(arguments),
        (
            Some(what),
            Arguments {
                program: Program::File(file),
                switches,
                ..
            },
        ) => dump::dump(what, file, switches.optimize.min(2)),
        (Some(_), _) => {
            eprintln!("viv: --dump needs a FILE");
            2
        }
    })
}

/// What `-V` prints; more when it is given twice.
fn version(times: u8) -> String {
    let version = env!("CARGO_PKG_VERSION");
    if times < 2 {
        return format!("Python 3.14.0 (Vivarium {version})\n");
    }
    let build = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    format!(
        "Python 3.14.0 (Vivarium {version}, {build} build, {} {})\n",
        std::env::consts::ARCH,
        std::env::consts::OS
    )
}
