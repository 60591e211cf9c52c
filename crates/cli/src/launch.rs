//! Sets an interpreter up for a program, and runs it: `sys.argv`, `sys.path`, `sys.flags`, and the `PYTHON*` variables.

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use vivarium::program::{Program as Run, execute};
use vivarium::runtime::vm::tracer::FRAMES_MAX;
use vivarium::{Flags, Interpreter, Stdio};

use crate::args::{Arguments, Program, Switches};
use crate::{diagnostics, repl};

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
    argv0: String,
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
    let flags = flags(&switches, &environment);
    let mut path = Vec::new();
    if !flags.safe_path || ready.path0_stays {
        path.push(ready.path0);
    }
    if let Some(more) = environment.get("PYTHONPATH") {
        path.extend(more.split(':').filter(|p| !p.is_empty()).map(str::to_owned));
    }
    let hash_seed = match hash_seed(&environment) {
        Ok(seed) => seed,
        Err(message) => {
            eprintln!("{message}");
            return 1;
        }
    };
    let tracing = match tracing(&switches.x_options, &environment) {
        Ok(tracing) => tracing,
        Err(message) => {
            eprintln!("viv: {message}");
            return 1;
        }
    };
    let mut warnings: Vec<String> = environment
        .get("PYTHONWARNINGS")
        .map(|w| {
            w.split(',')
                .filter(|w| !w.is_empty())
                .map(str::to_owned)
                .collect()
        })
        .unwrap_or_default();
    warnings.extend(switches.warnings.iter().cloned());
    if flags.dev_mode {
        warnings.insert(0, "default".to_owned());
    }
    let built = Interpreter::builder()
        .argv(std::iter::once(ready.argv0).chain(rest).collect())
        .path(path)
        .executable(executable)
        .flags(flags)
        .optimize(
            switches
                .optimize
                .max(environment.level("PYTHONOPTIMIZE"))
                .min(2),
        )
        .hash_seed(hash_seed)
        .warn_options(warnings)
        .x_options(switches.x_options.clone())
        .stdio(stdio(&switches, &environment))
        .explain(diagnostics::explain(
            switches.diagnostics,
            environment.ignored,
        ))
        .max_heap(switches.max_heap)
        .max_time(switches.max_time)
        .audit(switches.audit)
        .tracing(tracing)
        .build();
    let interpreter = match built {
        Ok(interpreter) => interpreter,
        Err(message) => {
            eprintln!("viv: {message}");
            return 70;
        }
    };
    let prompts = matches!(ready.found, Found::Prompt);
    let prompt = repl::Options {
        banner: prompts && !switches.quiet,
        startup: environment.get("PYTHONSTARTUP").filter(|_| prompts),
        history: environment.get("PYTHON_HISTORY"),
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

/// The `PYTHON*` variables, unless they are ignored.
pub struct Environment {
    ignored: bool,
}

/// How many frames are traced for each allocation: `-X tracemalloc`, `-X tracemalloc=N`, `PYTHONTRACEMALLOC=N`.
fn tracing(x_options: &[String], environment: &Environment) -> Result<Option<usize>, String> {
    let frames = |text: &str, name: &str| match text.parse::<usize>() {
        Ok(0) => Ok(None),
        Ok(frames) if frames <= FRAMES_MAX => Ok(Some(frames)),
        _ => Err(format!("{name}: invalid number of frames")),
    };
    for option in x_options.iter().rev() {
        match option.split_once('=') {
            None if option == "tracemalloc" => return Ok(Some(1)),
            Some(("tracemalloc", text)) => return frames(text, "-X tracemalloc=NFRAME"),
            _ => {}
        }
    }
    match environment.get("PYTHONTRACEMALLOC") {
        Some(text) => frames(&text, "PYTHONTRACEMALLOC"),
        None => Ok(None),
    }
}

impl Environment {
    /// A variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<String> {
        if self.ignored {
            return None;
        }
        std::env::var(name).ok().filter(|v| !v.is_empty())
    }

    /// A variable that counts as a switch: its number, and 1 for other text.
    fn level(&self, name: &str) -> u8 {
        self.get(name)
            .map_or(0, |v| v.parse::<u8>().map_or(1, |n| n.max(1)))
    }

    fn on(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

fn flags(switches: &Switches, environment: &Environment) -> Flags {
    let inspect = switches.inspect || environment.on("PYTHONINSPECT");
    Flags {
        inspect,
        interactive: switches.inspect,
        dont_write_bytecode: switches.no_bytecode || environment.on("PYTHONDONTWRITEBYTECODE"),
        no_user_site: switches.no_user_site
            || switches.isolated
            || environment.on("PYTHONNOUSERSITE"),
        no_site: switches.no_site,
        ignore_environment: environment.ignored,
        verbose: switches.verbose.max(environment.level("PYTHONVERBOSE")),
        bytes_warning: 0,
        quiet: switches.quiet,
        isolated: switches.isolated,
        dev_mode: switches.x_options.iter().any(|x| x == "dev") || environment.on("PYTHONDEVMODE"),
        safe_path: switches.safe_path || switches.isolated || environment.on("PYTHONSAFEPATH"),
        utf8_mode: utf8_mode(switches, environment),
    }
}

/// The locale for characters: the first of the variables that says something.
fn locale() -> String {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_else(|| "C".to_owned())
}

/// Whether files are UTF-8 whatever the locale says: asked for, or in the plain locale that may not be exchanged.
fn utf8_mode(switches: &Switches, environment: &Environment) -> bool {
    let option = |x: &String| match x.as_str() {
        "utf8" | "utf8=1" => Some(true),
        "utf8=0" => Some(false),
        _ => None,
    };
    let asked = switches.x_options.iter().rev().find_map(option);
    asked.unwrap_or_else(|| match environment.get("PYTHONUTF8").as_deref() {
        Some("1") => true,
        Some("0") => false,
        _ => {
            let fixed = std::env::var("LC_ALL").is_ok_and(|v| !v.is_empty());
            fixed && matches!(locale().as_str(), "C" | "POSIX")
        }
    })
}

fn stdio(switches: &Switches, environment: &Environment) -> Stdio {
    let plain = matches!(
        locale().as_str(),
        "C" | "POSIX" | "C.UTF-8" | "C.utf8" | "UTF-8"
    );
    let lenient = plain || utf8_mode(switches, environment);
    let mut stdio = Stdio {
        errors: if lenient { "surrogateescape" } else { "strict" }.to_owned(),
        unbuffered: switches.unbuffered || environment.on("PYTHONUNBUFFERED"),
        ..Stdio::default()
    };
    if let Some(asked) = environment.get("PYTHONIOENCODING") {
        let (encoding, errors) = asked.split_once(':').unwrap_or((&asked, ""));
        if !encoding.is_empty() {
            stdio.encoding = encoding.to_owned();
            stdio.errors = "strict".to_owned();
        }
        if !errors.is_empty() {
            stdio.errors = errors.to_owned();
        }
    }
    stdio
}

fn hash_seed(environment: &Environment) -> Result<Option<u32>, String> {
    match environment.get("PYTHONHASHSEED").as_deref() {
        None | Some("random") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| {
            "Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]"
                .to_owned()
        }),
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
            let mut source = dedent(&text).into_bytes();
            source.push(b'\n');
            Ready {
                found: Found::Text {
                    source,
                    keep_lines: true,
                },
                filename: "<string>",
                argv0: "-c".to_owned(),
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
            argv0: "-m".to_owned(),
            path0: std::env::current_dir()
                .map(|p| p.to_string_lossy().into_owned())
                .unwrap_or_default(),
            path0_stays: false,
        },
        Program::Stdin { dash } if prompts(switches) => Ready {
            found: Found::Prompt,
            filename: "<stdin>",
            argv0: if dash { "-".to_owned() } else { String::new() },
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
                argv0: if dash { "-".to_owned() } else { String::new() },
                path0: String::new(),
                path0_stays: false,
            }
        }
        Program::File(name) => return script(name, switches.skip_first_line, executable),
    })
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
    let Some(common) = common.filter(|c| !c.is_empty()) else {
        return text.to_owned();
    };
    let cut = |line: &str| match line.strip_prefix(common) {
        Some(rest) => rest.to_owned(),
        None => String::new(),
    };
    text.split('\n').map(cut).collect::<Vec<_>>().join("\n")
}

/// A script, or a folder that holds a `__main__` module.
///
/// The program's file is named by its whole path, which is not resolved.
fn script(name: String, skip_first_line: bool, executable: &str) -> Result<Ready, (String, u8)> {
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
        if !absolute.join("__main__.py").is_file() {
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
    let mut source = std::fs::read(&absolute).map_err(cannot_open)?;
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
fn absolute(name: &str) -> PathBuf {
    let folder = std::env::current_dir().unwrap_or_default();
    if name == "." {
        return folder;
    }
    folder.join(name.strip_prefix("./").unwrap_or(name))
}
