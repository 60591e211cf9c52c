//! What the command line asks for.
//!
//! The program (a script, `-c`, `-m` or `-`) ends the switches: all after it belongs to the program and is passed on
//! untouched, whatever it looks like. So the line is cut in two first, and only the switches before the program go through
//! clap; `viv FILE`, `viv -c CMD` and `viv -` have none and do not build its command at all.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Parser, ValueEnum};

use crate::complete::Shell;
use crate::diagnostics::Style;
use crate::help::{Topic, USAGE};

/// Where the program comes from.
#[derive(Debug, PartialEq, Eq)]
pub enum Program {
    /// `-c`
    Command(OsString),
    /// `-m`
    Module(String),
    /// `-`, or nothing: standard input, or the prompt on a terminal.
    Stdin {
        /// There was a `-`.
        dash: bool,
    },
    /// A script, or a folder or zip file with a `__main__.py`.
    File(OsString),
}

/// What `--dump` prints instead of running the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Dump {
    /// What the lexer makes of the file.
    Tokens,
    /// The tree, as `ast.dump(tree, include_attributes=True, indent=1)` prints it.
    Ast,
    /// The compiler's code.
    Bytecode,
}

/// The switches before the program.
#[derive(Parser, Debug, Default, PartialEq, Eq)]
#[command(
    name = "viv",
    disable_version_flag = true,
    disable_help_flag = true,
    args_override_self = true
)]
pub struct Switches {
    /// Show the prompt after the program has run
    #[arg(short = 'i')]
    pub inspect: bool,
    /// Do not greet at the prompt
    #[arg(short = 'q')]
    pub quiet: bool,
    /// Flush what is printed at once
    #[arg(short = 'u')]
    pub unbuffered: bool,
    /// Tell more (sys.flags.verbose); may be repeated
    #[arg(short = 'v', action = ArgAction::Count)]
    pub verbose: u8,
    /// Print the version and end
    #[arg(short = 'V', long = "version", action = ArgAction::Count)]
    pub version: u8,
    /// Leave out assert statements and __debug__ blocks; -OO leaves out docstrings, too
    #[arg(short = 'O', action = ArgAction::Count)]
    pub optimize: u8,
    /// Write no .pyc files
    #[arg(short = 'B')]
    pub no_bytecode: bool,
    /// Warn of bytes compared with or turned into str; -bb refuses it
    #[arg(short = 'b', action = ArgAction::Count)]
    pub bytes_warning: u8,
    /// Debug the parser (nothing to do)
    #[arg(short = 'd', action = ArgAction::Count, hide = true)]
    pub debug: u8,
    /// Ignore PYTHON* variables
    #[arg(short = 'E')]
    pub ignore_environment: bool,
    /// Isolated: as -E -P -s
    #[arg(short = 'I')]
    pub isolated: bool,
    /// Do not put the script's folder on sys.path
    #[arg(short = 'P')]
    pub safe_path: bool,
    /// Hash strings differently in each run (as is the default)
    #[arg(short = 'R', hide = true)]
    pub random_hash: bool,
    /// Ignore the user's site-packages
    #[arg(short = 's')]
    pub no_user_site: bool,
    /// Do not import site
    #[arg(short = 'S')]
    pub no_site: bool,
    /// A filter of warnings: action:message:category:module:line
    #[arg(short = 'W', value_name = "FILTER", allow_hyphen_values = true)]
    pub warnings: Vec<String>,
    /// Skip the first line of the script
    #[arg(short = 'x')]
    pub skip_first_line: bool,
    /// An option of the implementation: see --help-xoptions
    #[arg(short = 'X', value_name = "OPTION")]
    pub x_options: Vec<String>,
    /// Look for the library in DIR before the one inside
    #[arg(long, value_name = "DIR")]
    pub stdlib: Option<String>,
    /// Print the tokens, the tree or the code of FILE instead of running it
    #[arg(long, value_name = "WHAT")]
    pub dump: Option<Dump>,
    /// Check every count of the heap at the end; what is wrong is told, and the exit code is 97
    #[arg(long)]
    pub audit: bool,
    /// Memory the program may hold (K, M, G); more is a MemoryError
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub max_heap: Option<usize>,
    /// Time the program may take; then it is stopped, with exit code 124
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub max_time: Option<Duration>,
    /// How mistakes are shown: rich on a terminal, else text
    #[arg(long, value_name = "STYLE")]
    pub diagnostics: Option<Style>,
    /// Print completions for a shell: bash, zsh or fish
    #[arg(long, value_name = "SHELL", hide_possible_values = true)]
    pub completions: Option<Shell>,
    /// When .pyc files with the hash of their source are checked
    #[arg(long, value_name = "WHEN")]
    pub check_hash_based_pycs: Option<HashCheck>,
    /// Print help and end
    #[arg(short = 'h', long = "help")]
    pub help: bool,
    /// Print help about -X options and end
    #[arg(long)]
    pub help_xoptions: bool,
    /// Print help about the variables of the environment and end
    #[arg(long)]
    pub help_env: bool,
    /// Print all help and end
    #[arg(long)]
    pub help_all: bool,
}

/// When `.pyc` files that hold the hash of their source are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HashCheck {
    /// In any case.
    Always,
    /// Where the file says so.
    Default,
    /// In no case.
    Never,
}

/// A number of bytes, with K, M or G for its powers of 1024.
fn bytes(text: &str) -> Result<usize, String> {
    let (digits, power) = match text.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&text[..at], 1),
        Some((at, 'm' | 'M')) => (&text[..at], 2),
        Some((at, 'g' | 'G')) => (&text[..at], 3),
        _ => (text, 0),
    };
    (digits.parse::<usize>().ok())
        .and_then(|n| n.checked_mul(1024_usize.pow(power)))
        .ok_or_else(|| "a number of bytes is needed, such as 500000 or 64M".to_owned())
}

/// A number of seconds, with a fraction.
fn seconds(text: &str) -> Result<Duration, String> {
    (text.parse::<f64>().ok())
        .filter(|s| *s > 0.0)
        .and_then(|s| Duration::try_from_secs_f64(s).ok())
        .ok_or_else(|| "a number of seconds is needed, such as 2 or 0.5".to_owned())
}

/// The whole command line.
#[derive(Debug, PartialEq, Eq)]
pub struct Arguments {
    /// What stands before the program.
    pub switches: Switches,
    /// What to run.
    pub program: Program,
    /// The program's own arguments.
    pub rest: Vec<OsString>,
}

/// Why there is nothing to run: text for standard output or error, and the exit code.
#[derive(Debug, PartialEq, Eq)]
pub struct Stop {
    /// What to print.
    pub text: String,
    /// 0 for help on standard output; 2 for wrong usage.
    pub code: u8,
}

impl Stop {
    fn usage(message: &str) -> Stop {
        Stop {
            text: format!("{message}\n{USAGE}\nTry `viv -h' for more information."),
            code: 2,
        }
    }

    fn help(topic: Topic) -> Stop {
        Stop {
            text: topic.text(),
            code: 0,
        }
    }
}

/// Reads the command line, without the command's own name.
///
/// # Errors
/// Help was asked for, or the usage is wrong.
pub fn parse(mut line: Vec<OsString>) -> Result<Arguments, Stop> {
    let (switches, program, used) = cut(&line)?;
    let rest = line.split_off(used.min(line.len()));
    let switches = if switches.is_empty() {
        Switches::default()
    } else {
        let command = std::iter::once("viv".to_owned()).chain(switches);
        Switches::try_parse_from(command).map_err(|error| {
            if error.kind() == ErrorKind::UnknownArgument
                && let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg)
            {
                return Stop::usage(&format!("Unknown option: {word}"));
            }
            let text = error.render().to_string();
            let first = text.lines().next().unwrap_or_default();
            Stop::usage(first.strip_prefix("error: ").unwrap_or(first))
        })?
    };
    Ok(Arguments {
        switches,
        program,
        rest,
    })
}

/// Long switches that are followed by a value.
const WITH_VALUE: [&str; 7] = [
    "check-hash-based-pycs",
    "completions",
    "diagnostics",
    "dump",
    "max-heap",
    "max-time",
    "stdlib",
];

/// Splits a line into its switches, the program, and how many words both take. Switches with values are understood as
/// getopt does: `-Wd`, `-W d` and `-BW d` are the same, and a `-c` or `-m` may end a cluster. The first switch that asks for
/// help is obeyed at once.
fn cut(line: &[OsString]) -> Result<(Vec<String>, Program, usize), Stop> {
    let mut switches = Vec::new();
    let mut at = 0;
    while let Some(word) = line.get(at) {
        at += 1;
        let text = word.to_string_lossy();
        if text == "-" {
            return Ok((switches, Program::Stdin { dash: true }, at));
        }
        if text == "--" {
            break;
        }
        let Some(cluster) = text.strip_prefix('-') else {
            return Ok((switches, Program::File(word.clone()), at));
        };
        if let Some(long) = cluster.strip_prefix('-') {
            if let Some(topic) = Topic::of(&text) {
                return Err(Stop::help(topic));
            }
            switches.push(text.clone().into_owned());
            if WITH_VALUE.contains(&long) {
                let value = line.get(at).map(|v| v.to_string_lossy().into_owned());
                switches.extend(value);
                at += 1;
            }
            continue;
        }
        let mut plain = String::from("-");
        for (i, letter) in cluster.char_indices() {
            match letter {
                'c' | 'm' | 'W' | 'X' => {
                    // All before is ASCII or has been refused: the place in the text is that in the word.
                    let value = word.as_bytes().get(i + 2..).unwrap_or_default();
                    let value = if value.is_empty() {
                        let next = line.get(at).cloned();
                        at += 1;
                        next.ok_or_else(|| {
                            Stop::usage(&format!("Argument expected for the -{letter} option"))
                        })?
                    } else {
                        OsStr::from_bytes(value).to_owned()
                    };
                    if plain.len() > 1 {
                        switches.push(plain);
                    }
                    let lossy = |value: OsString| value.to_string_lossy().into_owned();
                    match letter {
                        'c' => return Ok((switches, Program::Command(value), at)),
                        'm' => return Ok((switches, Program::Module(lossy(value)), at)),
                        _ => switches.push(format!("-{letter}{}", lossy(value))),
                    }
                    plain = String::new();
                    break;
                }
                'h' | '?' => return Err(Stop::help(Topic::Options)),
                'J' => return Err(Stop::usage("-J is reserved for Jython")),
                _ if letter.is_ascii() => plain.push(letter),
                _ => return Err(Stop::usage(&format!("Unknown option: -{letter}"))),
            }
        }
        if plain.len() > 1 {
            switches.push(plain);
        }
    }
    let program = match line.get(at) {
        Some(file) => Program::File(file.clone()),
        None => Program::Stdin { dash: false },
    };
    Ok((switches, program, at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Result<Arguments, Stop> {
        parse(text.split_whitespace().map(OsString::from).collect())
    }

    #[test]
    fn the_program_ends_the_switches() {
        let parsed = line("-BWd -OOc pass -i --help").ok();
        let Some(parsed) = parsed else {
            panic!("refused");
        };
        assert_eq!(parsed.program, Program::Command("pass".into()));
        assert_eq!(parsed.rest, ["-i", "--help"]);
        assert_eq!(parsed.switches.optimize, 2);
        assert_eq!(parsed.switches.warnings, ["d"]);
        assert!(parsed.switches.no_bytecode && !parsed.switches.inspect);
    }

    #[test]
    fn values_in_the_next_word() {
        let parsed = line("-X dev -W error::X file.py -x");
        let Ok(parsed) = parsed else {
            panic!("refused");
        };
        assert_eq!(parsed.program, Program::File("file.py".into()));
        assert_eq!(parsed.switches.x_options, ["dev"]);
        assert_eq!(parsed.rest, ["-x"]);
    }

    #[test]
    fn wrong_usage_is_two() {
        for text in [
            "-c",
            "-Z",
            "--nonsense",
            "-W",
            "--dump",
            "--dump x f",
            "--check-hash-based-pycs x",
        ] {
            assert_eq!(
                line(text).map_err(|stop| stop.code).err(),
                Some(2),
                "{text}"
            );
        }
        assert_eq!(line("--help").map_err(|stop| stop.code).err(), Some(0));
    }
}
