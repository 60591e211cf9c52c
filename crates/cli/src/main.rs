//! The `viv` command: what to run, where it comes from, and `sys.argv` and `sys.path` for it.
//!
//! The arguments after the script, `-c` or `-m` belong to the script, so parsing ends there.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// Where the program comes from.
enum Program {
    Command(String),
    Module(String),
    Stdin,
    File(String),
}

fn main() -> ExitCode {
    let mut args = std::env::args_os()
        .skip(1)
        .map(|a| a.to_string_lossy().into_owned());
    let program = match args.next() {
        None => Program::Stdin,
        Some(option) => match option.as_str() {
            "-" => Program::Stdin,
            "-V" | "--version" => {
                println!("Python 3.14.0 (Vivarium {})", env!("CARGO_PKG_VERSION"));
                return ExitCode::SUCCESS;
            }
            "-c" | "-m" => match args.next() {
                None => return usage(&format!("Argument expected for the {option} option")),
                Some(value) if option == "-c" => Program::Command(value),
                Some(value) => Program::Module(value),
            },
            other if other.starts_with('-') => return usage(&format!("Unknown option: {other}")),
            _ => Program::File(option),
        },
    };
    let rest: Vec<String> = args.collect();
    run(&program, rest)
}

fn usage(message: &str) -> ExitCode {
    eprintln!("{message}\nusage: viv [-c cmd | -m mod | file | -] [arg] ...");
    ExitCode::from(2)
}

fn run(program: &Program, rest: Vec<String>) -> ExitCode {
    let (first, path, filename, source) = match program {
        Program::Command(text) => (
            "-c".to_owned(),
            String::new(),
            "<string>".to_owned(),
            text.clone().into_bytes(),
        ),
        Program::Module(name) => {
            let base = std::env::current_dir().unwrap_or_default();
            let relative = name.replace('.', "/");
            let candidates = [
                base.join(&relative).join("__main__.py"),
                base.join(format!("{relative}.py")),
            ];
            let Some((file, source)) = candidates
                .into_iter()
                .find_map(|f| std::fs::read(&f).ok().map(|source| (f, source)))
            else {
                eprintln!("viv: No module named {name}");
                return ExitCode::from(1);
            };
            let file = file.to_string_lossy().into_owned();
            (
                file.clone(),
                base.to_string_lossy().into_owned(),
                file,
                source,
            )
        }
        Program::Stdin => {
            let mut source = Vec::new();
            if let Err(error) = std::io::stdin().lock().read_to_end(&mut source) {
                eprintln!("viv: can't read standard input: {error}");
                return ExitCode::from(1);
            }
            (String::new(), String::new(), "<stdin>".to_owned(), source)
        }
        Program::File(name) => {
            // A folder runs the `__main__.py` in it.
            let inner = Path::new(name).join("__main__.py");
            let folder = Path::new(name).is_dir();
            if folder && !inner.is_file() {
                eprintln!("viv: can't find '__main__' module in '{name}'");
                return ExitCode::from(1);
            }
            let file = if folder { inner } else { name.into() };
            let source = match std::fs::read(&file) {
                Ok(source) => source,
                Err(error) => {
                    let text = error.to_string();
                    let text = text.split(" (os error").next().unwrap_or_default();
                    eprintln!(
                        "viv: can't open file '{name}': [Errno {}] {text}",
                        error.raw_os_error().unwrap_or_default()
                    );
                    return ExitCode::from(2);
                }
            };
            let resolved = std::fs::canonicalize(&file).unwrap_or_else(|_| file.clone());
            let path = resolved
                .parent()
                .map(|p| p.to_string_lossy().into_owned())
                .unwrap_or_default();
            (
                name.clone(),
                path,
                file.to_string_lossy().into_owned(),
                source,
            )
        }
    };
    let argv = std::iter::once(first).chain(rest).collect();
    let mut places = vec![path];
    if let Ok(more) = std::env::var("PYTHONPATH") {
        places.extend(more.split(':').filter(|p| !p.is_empty()).map(str::to_owned));
    }
    let executable = std::env::current_exe()
        .map(|p| p.to_string_lossy().into_owned())
        .unwrap_or_default();
    match vivarium::Interpreter::builder()
        .argv(argv)
        .path(places)
        .executable(executable)
        .build()
    {
        Ok(interpreter) => {
            let code = interpreter.run_source(&source, &filename);
            ExitCode::from(interpreter.finish(code) as u8)
        }
        Err(message) => {
            eprintln!("viv: {message}");
            ExitCode::from(70)
        }
    }
}
