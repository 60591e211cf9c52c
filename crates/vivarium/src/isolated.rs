//! Interpreters beside the one that runs, in the same process: each has a heap, a lock and a thread of its own, and shares no
//! object with others.

use viv_runtime::{Vm, modules};

use crate::interpreter::Builder;
use crate::program::{Program, execute};

/// The exit code where an interpreter could not be made or has left something in its heap.
const BROKEN: i32 = 70;

/// Runs source text to its end as the program of another interpreter, set up as this one is; gives its exit code. Other threads
/// of this interpreter run meanwhile.
pub(crate) fn run(vm: &Vm, source: &str) -> i32 {
    let mut config = vm.config.clone();
    // The library's folder, which each interpreter gets anew.
    config.path.pop();
    let source = source.to_owned();
    vm.allow_threads(move || {
        let life = move || live(Builder::like(config), &source);
        let thread = std::thread::Builder::new()
            .name("interpreter".to_owned())
            .spawn(life);
        match thread {
            Ok(thread) => thread.join().unwrap_or(BROKEN),
            Err(_) => BROKEN,
        }
    })
}

/// The life of an interpreter. Signals and the process's standard streams stay with the one that began.
fn live(builder: Builder, source: &str) -> i32 {
    let interpreter = match builder.build() {
        Ok(interpreter) => interpreter,
        Err(message) => {
            eprintln!("viv: {message}");
            return BROKEN;
        }
    };
    let program = Program::Text {
        source: source.as_bytes(),
        filename: "<string>",
        keep_lines: false,
    };
    let (vm, entered) = interpreter.enter();
    let code = match modules::main::prepare(vm) {
        Ok(()) => execute(vm, &program),
        Err(raised) => {
            let exception = vm.take_raised(raised);
            modules::main::report(vm, &exception)
        }
    };
    vm.shutdown();
    drop(entered);
    interpreter.finish(code)
}
