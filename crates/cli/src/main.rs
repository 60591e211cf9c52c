//! The `viv` command.

fn main() -> std::process::ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(file) = args.next() else {
        eprintln!("usage: viv file.py");
        return std::process::ExitCode::from(2);
    };
    let argv: Vec<String> = std::iter::once(file.clone()).chain(args).collect();
    let source = match std::fs::read(&file) {
        Ok(source) => source,
        Err(error) => {
            eprintln!("viv: can't open file '{file}': {error}");
            return std::process::ExitCode::from(2);
        }
    };
    match vivarium::Interpreter::builder().argv(argv).build() {
        Ok(interpreter) => std::process::ExitCode::from(interpreter.run_source(&source, &file) as u8),
        Err(message) => {
            eprintln!("viv: {message}");
            std::process::ExitCode::from(70)
        }
    }
}
