//! Sets an interpreter up for a program, and runs it: finds the program, and makes `sys.argv` and `sys.path`.

use std::ffi::{OsStr, OsString};
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use vivarium::program::{Program as Run, execute};
use vivarium::{Flags, Interpreter, Settings};

use crate::args::{Arguments, Program, Switches};
use crate::settings::Environment;
use crate::{diagnostics, repl, settings};

/// A program that has been found.
enum Found {
    /// Nothing but the prompt.
    Prompt,
    Text {
        source: Vec<u8>,
        keep_lines: bool,
    },
    File {
        source: Vec<u8>,
        filename: String,
    },
    Module {
        name: String,
        set_argv: bool,
    },
}

/// The program with what the interpreter is told of it.
struct Ready {
    found: Found,
    /// What tracebacks call text without a file.
    filename: &'static str,
    /// `sys.argv[0]`
    argv0: OsString,
    /// `sys.path[0]`, unless the path shall be safe.
    path0: String,
    /// The place was named and is no danger: it stays on a safe path.
    path0_stays: bool,
}

/// Runs what the command line asks for; gives the exit code.
pub fn launch(arguments: Arguments) -> u8 {
    let Arguments {
        switches,
        program,
        rest,
    } = arguments;
    let environment = Environment {
        ignored: switches.ignore_environment || switches.isolated,
    };
    let executable = std::env::current_exe()
        .map(|p| p.to_string_lossy().into_owned())
        .unwrap_or_else(|_| "viv".to_owned());
    let ready = match find(program, &switches, &executable) {
        Ok(ready) => ready,
        Err((message, code)) => {
            eprintln!("{message}");
            return code;
        }
    };
    let options = match Options::read(&switches, &environment) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("{message}");
            return 1;
        }
    };
    let mut path = Vec::new();
    if !options.flags.safe_path || ready.path0_stays {
        path.push(ready.path0);
    }
    if let Some(more) = environment.get("PYTHONPATH") {
        path.extend(more.split(':').filter(|p| !p.is_empty()).map(str::to_owned));
    }
    path.extend(switches.stdlib.clone().or_else(|| {
        // Not a PYTHON* variable: -E and -I are about those.
        std::env::var("VIV_STDLIB")
            .ok()
            .filter(|folder| !folder.is_empty())
    }));
    let built = Interpreter::builder()
        .argv(std::iter::once(ready.argv0).chain(rest))
        .path(path)
        .executable(executable)
        .optimize(
            switches
                .optimize
                .max(environment.level("PYTHONOPTIMIZE"))
                .min(2),
        )
        .hash_seed(options.hash_seed)
        .warn_options(settings::warn_options(
            &switches,
            &environment,
            &options.flags,
        ))
        .x_options(switches.x_options.clone())
        .stdio(settings::stdio(
            &switches,
            &environment,
            options.flags.utf8_mode,
        ))
        .flags(options.flags)
        .settings(options.settings)
        .explain(diagnostics::explain(
            switches.diagnostics,
            environment.ignored,
        ))
        .max_heap(switches.max_heap)
        .max_time(switches.max_time)
        .audit(switches.audit)
        .tracing(options.tracing)
        .build();
    let interpreter = match built {
        Ok(interpreter) => interpreter,
        Err(message) => {
            eprintln!("viv: {message}");
            return 70;
        }
    };
    if options.faulthandler {
        // Where that cannot be done, faults end the process without a report.
        let _ = vivarium::runtime::eval::fault::enable(2, true, true);
    }
    let prompts = matches!(ready.found, Found::Prompt);
    let prompt = repl::Options {
        banner: prompts && !switches.quiet,
        startup: environment.get("PYTHONSTARTUP").filter(|_| prompts),
        history: environment.get("PYTHON_HISTORY"),
        basic: environment.on("PYTHON_BASIC_REPL"),
        ignore_environment: environment.ignored,
    };
    let code = interpreter.run(|vm| {
        let run = match &ready.found {
            Found::Prompt => return repl::run(vm, &prompt),
            Found::Text { source, keep_lines } => Run::Text {
                source,
                filename: ready.filename,
                keep_lines: *keep_lines,
            },
            Found::File { source, filename } => Run::File { source, filename },
            Found::Module { name, set_argv } => Run::Module {
                name,
                set_argv: *set_argv,
            },
        };
        let code = execute(vm, &run);
        if vm.config.flags.inspect {
            repl::run(vm, &prompt)
        } else {
            code
        }
    });
    interpreter.finish(code) as u8
}

/// What the switches and the variables set.
struct Options {
    flags: Flags,
    settings: Settings,
    hash_seed: Option<u32>,
    tracing: Option<usize>,
    faulthandler: bool,
}

impl Options {
    fn read(switches: &Switches, environment: &Environment) -> Result<Options, String> {
        Ok(Options {
            flags: settings::flags(switches, environment)?,
            settings: settings::settings(switches, environment)?,
            hash_seed: settings::hash_seed(switches, environment)?,
            tracing: settings::tracing(switches, environment)?,
            faulthandler: settings::faulthandler(switches, environment),
        })
    }
}

/// Whether standard input is read by the prompt, and not as a script.
fn prompts(switches: &Switches) -> bool {
    switches.inspect || std::io::stdin().is_terminal()
}

/// Finds the program; gives what is wrong and the exit code where there is none.
fn find(program: Program, switches: &Switches, executable: &str) -> Result<Ready, (String, u8)> {
    Ok(match program {
        Program::Command(text) => {
            let Some(text) = text.to_str() else {
                return Err((undecodable(&text), 1));
            };
            let mut source = dedent(text).into_bytes();
            source.push(b'\n');
            Ready {
                found: Found::Text {
                    source,
                    keep_lines: true,
                },
                filename: "<string>",
                argv0: "-c".into(),
                path0: String::new(),
                path0_stays: false,
            }
        }
        Program::Module(name) => Ready {
            found: Found::Module {
                name,
                set_argv: true,
            },
            filename: "",
            argv0: "-m".into(),
            path0: std::env::current_dir()
                .map(|p| p.to_string_lossy().into_owned())
                .unwrap_or_default(),
            path0_stays: false,
        },
        Program::Stdin { dash } if prompts(switches) => Ready {
            found: Found::Prompt,
            filename: "<stdin>",
            argv0: if dash { "-" } else { "" }.into(),
            path0: String::new(),
            path0_stays: false,
        },
        Program::Stdin { dash } => {
            let mut source = Vec::new();
            if let Err(error) = std::io::stdin().lock().read_to_end(&mut source) {
                return Err((format!("viv: can't read standard input: {error}"), 1));
            }
            Ready {
                found: Found::Text {
                    source,
                    keep_lines: false,
                },
                filename: "<stdin>",
                argv0: if dash { "-" } else { "" }.into(),
                path0: String::new(),
                path0_stays: false,
            }
        }
        Program::File(name) => return script(name, switches.skip_first_line, executable),
    })
}

/// Why the text of a program cannot be read.
fn undecodable(text: &OsStr) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    let mut at = 0;
    let mut byte = 0;
    for chunk in text.as_bytes().utf8_chunks() {
        at += chunk.valid().chars().count();
        if let Some(first) = chunk.invalid().first() {
            byte = *first;
            break;
        }
    }
    format!(
        "Unable to decode the command from the command line:\nUnicodeEncodeError: 'utf-8' codec can't encode character '\\udc{byte:02x}' in position {at}: surrogates not allowed"
    )
}

/// The text without the blanks that all of its lines begin with, as `textwrap.dedent` gives it.
fn dedent(text: &str) -> String {
    let is_blank = |line: &str| line.trim_matches([' ', '\t', '\r', '\n']).is_empty();
    let mut common: Option<&str> = None;
    for line in text.split('\n').filter(|line| !is_blank(line)) {
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        let blanks = line.get(..blanks).unwrap_or_default();
        common = Some(match common {
            None => blanks,
            Some(before) => {
                let same = (before.bytes().zip(blanks.bytes()))
                    .take_while(|(a, b)| a == b)
                    .count();
                before.get(..same).unwrap_or_default()
            }
        });
    }
    let common = common.unwrap_or_default();
    // Lines of blanks become empty, within strings, too.
    let cut = |line: &str| match line.strip_prefix(common) {
        Some(rest) if !is_blank(line) => rest.to_owned(),
        _ => String::new(),
    };
    text.split('\n').map(cut).collect::<Vec<_>>().join("\n")
}

/// A script, or a folder or zip file that holds a `__main__` module.
///
/// The program's file is named by its whole path, which is not resolved.
fn script(name: OsString, skip_first_line: bool, executable: &str) -> Result<Ready, (String, u8)> {
    let cannot_open = |error: std::io::Error| {
        let text = error.to_string();
        let text = text.split(" (os error").next().unwrap_or_default();
        let number = error.raw_os_error().unwrap_or_default();
        let shown = absolute(&name);
        let shown = shown.display();
        let message = format!("{executable}: can't open file '{shown}': [Errno {number}] {text}");
        (message, 2)
    };
    let absolute = absolute(&name);
    if Path::new(&name).is_dir() {
        let holds = |name: &str| absolute.join(name).is_file();
        if !holds("__main__.py") && !holds("__main__.pyc") {
            let message = format!(
                "{executable}: can't find '__main__' module in '{}'",
                absolute.display()
            );
            return Err((message, 1));
        }
        return Ok(Ready {
            found: Found::Module {
                name: "__main__".to_owned(),
                set_argv: false,
            },
            filename: "",
            path0: absolute.to_string_lossy().into_owned(),
            argv0: name,
            path0_stays: true,
        });
    }
    let read = std::fs::read(&absolute);
    let is_packed = match &read {
        Ok(content) => is_zip(content),
        // A folder in a zip file.
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => in_zip(&absolute),
        Err(_) => false,
    };
    if is_packed {
        return Ok(Ready {
            found: Found::Module {
                name: "__main__".to_owned(),
                set_argv: false,
            },
            filename: "",
            path0: absolute.to_string_lossy().into_owned(),
            argv0: name,
            path0_stays: true,
        });
    }
    let mut source = read.map_err(cannot_open)?;
    if skip_first_line && let Some(end) = source.iter().position(|&b| b == b'\n') {
        // The line end stays, so that the numbers of the lines do.
        source.drain(..end);
    }
    let resolved = std::fs::canonicalize(&absolute).unwrap_or_else(|_| absolute.clone());
    let folder = resolved.parent();
    Ok(Ready {
        found: Found::File {
            source,
            filename: absolute.to_string_lossy().into_owned(),
        },
        filename: "",
        path0: folder
            .map(|p| p.to_string_lossy().into_owned())
            .unwrap_or_default(),
        argv0: name,
        path0_stays: false,
    })
}

/// The path from the root: the current folder before it, unless it has one.
fn absolute(name: &OsStr) -> PathBuf {
    let folder = std::env::current_dir().unwrap_or_default();
    if name == "." {
        return folder;
    }
    folder.join(
        Path::new(name)
            .strip_prefix("./")
            .unwrap_or(Path::new(name)),
    )
}

/// Whether a path leads into a zip file.
fn in_zip(path: &Path) -> bool {
    let file = path.ancestors().find(|part| part.is_file());
    file.is_some_and(|file| std::fs::read(file).is_ok_and(|content| is_zip(&content)))
}

/// Whether a file ends as a zip file does: with the record that ends its directory, and a comment.
fn is_zip(content: &[u8]) -> bool {
    const RECORD: usize = 22;
    const COMMENT_MAX: usize = u16::MAX as usize;
    let Some(last) = content.len().checked_sub(RECORD) else {
        return false;
    };
    (last.saturating_sub(COMMENT_MAX)..=last).rev().any(|at| {
        content
            .get(at..)
            .is_some_and(|rest| rest.starts_with(b"PK\x05\x06"))
    })
}
