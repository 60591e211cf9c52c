//! What `--help` and its relatives print.
//!
//! `--help` fits a screen, one line an option; `--help-xoptions` and `--help-env` have what it leaves out, and `--help-all` is
//! all three. A test holds the texts against the switches that clap knows.

/// The first line of the help, and what wrong usage is answered with.
pub const USAGE: &str = "usage: viv [option] ... [-c cmd | -m mod | file | -] [arg] ...";

/// `--help`
pub const OPTIONS: &str = "\
Vivarium: Python 3.14, with all of CPython's memory behaviour in sight.

The program; what follows it is its own (sys.argv):
  file           a script, or a folder or zip file with a __main__.py
  -c cmd         the text of a program
  -m mod         a module of sys.path
  -              standard input; without a program: the prompt on a terminal

How it runs:
  -i             show the prompt after the program has run
  -q             do not greet at the prompt
  -u             pass on at once what is written to stdout and stderr
  -O, -OO        leave out asserts and __debug__ blocks; -OO: docstrings, too
  -x             skip the first line of the script
  -v             tell which modules are imported, and from where
  -W filter      what happens to warnings: action:message:category:module:line
  -b, -bb        warn of bytes compared with or turned into str; -bb: refuse it
  -X option      an option of the implementation; --help-xoptions lists them

What it takes in from outside:
  -E             ignore PYTHON* variables; --help-env lists them
  -I             isolated: -E, -P and -s
  -P             keep the script's folder off sys.path
  -s             keep the user's site-packages off sys.path
  -S             do not import site
  -B             write no .pyc files
  --check-hash-based-pycs WHEN   check .pyc files: always, default or never
  --stdlib DIR   look for the library in DIR before the one inside viv

What other Pythons do not have:
  --dump WHAT          print the tokens, ast or bytecode of file, do not run it
  --audit              check each count of the heap at the end (97: some differ)
  --max-heap BYTES     64M or the like: allocating more is a MemoryError
  --max-time SECONDS   stop the program after that (exit code 124)
  --diagnostics STYLE  show mistakes as text, rich (on a terminal) or json
  --completions SHELL  print completions for bash, zsh or fish

  -V, --version        print the version (-VV: more of it)
  -h, --help           print this
  --help-all, --help-env, --help-xoptions  all; the variables; the -X options
";

/// `--help-xoptions`
pub const X_OPTIONS: &str = "\
Options of the implementation, with the variables that mean the same:
  -X context_aware_warnings=0|1  filters of warnings by context
                                 (PYTHON_CONTEXT_AWARE_WARNINGS)
  -X cpu_count=N|default         what os.cpu_count() says (PYTHON_CPU_COUNT)
  -X dev                         show what is hidden by default: warnings, tests
                                 of encodings, faulthandler (PYTHONDEVMODE)
  -X disable-remote-debug        other processes cannot run scripts in this one
                                 (PYTHON_DISABLE_REMOTE_DEBUG)
  -X faulthandler                print the traceback when the process crashes
                                 (PYTHONFAULTHANDLER)
  -X frozen_modules=on|off       accepted: the library is always inside viv
                                 (PYTHON_FROZEN_MODULES)
  -X importtime[=2]              print how long each import takes; 2: those of
                                 modules that are there, too
                                 (PYTHONPROFILEIMPORTTIME)
  -X int_max_str_digits=N        digits of an int turned into text or back; 0 is
                                 any number (PYTHONINTMAXSTRDIGITS)
  -X no_debug_ranges             keep no columns: tracebacks without carets
                                 (PYTHONNODEBUGRANGES)
  -X perf, -X perf_jit           accepted: there is no support of perf
                                 (PYTHONPERFSUPPORT, PYTHON_PERF_JIT_SUPPORT)
  -X pycache_prefix=PATH         keep .pyc files in a tree of their own
                                 (PYTHONPYCACHEPREFIX)
  -X showrefcount                print what each statement at the prompt did to
                                 the heap, as %mem on does
  -X thread_inherit_context=0|1  threads start with their parent's context
                                 (PYTHON_THREAD_INHERIT_CONTEXT)
  -X tracemalloc[=N]             trace allocations, with N frames for each
                                 (PYTHONTRACEMALLOC)
  -X utf8[=0|1]                  UTF-8 whatever the locale says (PYTHONUTF8)
  -X warn_default_encoding       warn where open() has no encoding
                                 (PYTHONWARNDEFAULTENCODING)
";

/// `--help-env`
pub const ENVIRONMENT: &str = "\
Variables of the environment that change what viv does:
PYTHONASYNCIODEBUG    debug asyncio
PYTHON_BASIC_REPL     read the prompt's lines without editing
PYTHONBREAKPOINT      what breakpoint() calls; 0: nothing
PYTHON_COLORS         1: always colours; 0: none (also NO_COLOR, FORCE_COLOR)
PYTHONHASHSEED        the seed of str hashes, or random
PYTHON_HISTORY        the file for the prompt's history
PYTHONHOME            not used: the library is inside viv
PYTHONIOENCODING      encoding[:errors] of the standard streams
PYTHONMALLOCSTATS     print the allocator's statistics at the end
PYTHONPATH            folders that go before the library on sys.path
PYTHONSTARTUP         a file that runs before the prompt
PYTHONUSERBASE        the folder of the user's site-packages

These variables have equivalent options (see --help and --help-xoptions):
PYTHON_CONTEXT_AWARE_WARNINGS   -X context_aware_warnings
PYTHON_CPU_COUNT                -X cpu_count
PYTHONDEBUG                     -d
PYTHONDEVMODE                   -X dev
PYTHONDONTWRITEBYTECODE         -B
PYTHONFAULTHANDLER              -X faulthandler
PYTHON_FROZEN_MODULES           -X frozen_modules
PYTHONINSPECT                   -i
PYTHONINTMAXSTRDIGITS           -X int_max_str_digits
PYTHONNODEBUGRANGES             -X no_debug_ranges
PYTHONNOUSERSITE                -s
PYTHONOPTIMIZE                  -O
PYTHON_PERF_JIT_SUPPORT         -X perf_jit
PYTHONPERFSUPPORT               -X perf
PYTHONPROFILEIMPORTTIME         -X importtime
PYTHONPYCACHEPREFIX             -X pycache_prefix
PYTHONSAFEPATH                  -P
PYTHON_THREAD_INHERIT_CONTEXT   -X thread_inherit_context
PYTHONTRACEMALLOC               -X tracemalloc
PYTHONUNBUFFERED                -u
PYTHONUTF8                      -X utf8
PYTHONVERBOSE                   -v
PYTHONWARNDEFAULTENCODING       -X warn_default_encoding
PYTHONWARNINGS                  -W

Variables of viv alone:
VIV_STDLIB            --stdlib
VIV_CHECK_SHUTDOWN    1: tell of blocks that are left at the end (exit code 99)
VIV_CHECK_COUNTS      1: check every count of the heap at the end
VIVMALLOC             guarded: give each block a page of its own
";

/// What a switch asks to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// `-h`, `-?`, `--help`
    Options,
    /// `--help-xoptions`
    XOptions,
    /// `--help-env`
    Environment,
    /// `--help-all`
    All,
}

impl Topic {
    /// What the switch of this spelling asks for.
    pub fn of(switch: &str) -> Option<Topic> {
        Some(match switch {
            "--help" => Topic::Options,
            "--help-xoptions" => Topic::XOptions,
            "--help-env" => Topic::Environment,
            "--help-all" => Topic::All,
            _ => return None,
        })
    }

    /// The text.
    pub fn text(self) -> String {
        match self {
            Topic::Options => format!("{USAGE}\n{OPTIONS}"),
            Topic::XOptions => X_OPTIONS.to_owned(),
            Topic::Environment => ENVIRONMENT.to_owned(),
            Topic::All => format!("{USAGE}\n{OPTIONS}\n{X_OPTIONS}\n{ENVIRONMENT}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::args::Switches;

    #[test]
    fn help_fits_a_screen() {
        let text = Topic::Options.text();
        assert!(text.lines().count() < 50, "{}", text.lines().count());
        for line in Topic::All.text().lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }

    #[test]
    fn every_switch_is_told_of() {
        let told = Topic::All.text();
        for argument in Switches::command().get_arguments() {
            if argument.is_hide_set() {
                continue;
            }
            let spelling = match (argument.get_long(), argument.get_short()) {
                (Some(long), _) => format!("--{long}"),
                (None, Some(short)) => format!("-{short}"),
                (None, None) => continue,
            };
            assert!(
                told.contains(&format!("  {spelling}")) || told.contains(&format!(", {spelling}")),
                "{spelling}"
            );
        }
    }
}
