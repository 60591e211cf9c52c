//! What switches, `-X` options and the `PYTHON*` variables set, checked as CPython checks them.
//!
//! A switch goes before an `-X` option, and that before a variable; of several `-X` options of one name the last one counts.

use vivarium::runtime::vm::HashCheck;
use vivarium::runtime::vm::tracer::FRAMES_MAX;
use vivarium::{Flags, Settings, Stdio};

use crate::args::{self, Switches};

/// The `PYTHON*` variables, unless they are ignored.
pub struct Environment {
    /// `-E` or `-I`
    pub ignored: bool,
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
    pub fn level(&self, name: &str) -> u8 {
        self.get(name)
            .map_or(0, |v| v.parse::<u8>().map_or(1, |n| n.max(1)))
    }

    /// Whether a variable is set.
    pub fn on(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// The last `-X` option of a name: its value, and nothing in that where it has none.
fn option<'a>(switches: &'a Switches, name: &str) -> Option<Option<&'a str>> {
    switches
        .x_options
        .iter()
        .rev()
        .find_map(|option| match option.split_once('=') {
            Some((n, value)) if n == name => Some(Some(value)),
            None if option == name => Some(None),
            _ => None,
        })
}

/// Whether fatal signals are reported.
pub fn faulthandler(switches: &Switches, environment: &Environment) -> bool {
    option(switches, "faulthandler").is_some()
        || option(switches, "dev").is_some()
        || environment.on("PYTHONFAULTHANDLER")
        || environment.on("PYTHONDEVMODE")
}

/// The sentence with which CPython gives up while it is set up.
fn fatal(function: &str, message: &str) -> String {
    format!("Fatal Python error: {function}: {message}")
}

/// What `-X` options and their variables set.
///
/// # Errors
/// What is wrong with one of them.
pub fn settings(switches: &Switches, environment: &Environment) -> Result<Settings, String> {
    if option(switches, "gil") == Some(Some("0"))
        || environment.get("PYTHON_GIL").as_deref() == Some("0")
    {
        return Err(fatal(
            "config_read_gil",
            "Disabling the GIL is not supported by this build",
        ));
    }
    if let Some(Some(value)) = option(switches, "frozen_modules")
        && !matches!(value, "on" | "off" | "")
    {
        return Err("Fatal Python error: bad value for option -X frozen_modules (expected \"on\" or \"off\")".to_owned());
    }
    let has =
        |name: &str, variable: &str| option(switches, name).is_some() || environment.on(variable);
    Ok(Settings {
        int_max_str_digits: int_max_str_digits(switches, environment)?,
        import_time: import_time(switches, environment)?,
        cpu_count: cpu_count(switches, environment)?,
        debug_ranges: !has("no_debug_ranges", "PYTHONNODEBUGRANGES"),
        warn_default_encoding: has("warn_default_encoding", "PYTHONWARNDEFAULTENCODING"),
        thread_inherit_context: on_or_off(
            switches,
            environment,
            "thread_inherit_context",
            "PYTHON_THREAD_INHERIT_CONTEXT",
        )?,
        context_aware_warnings: on_or_off(
            switches,
            environment,
            "context_aware_warnings",
            "PYTHON_CONTEXT_AWARE_WARNINGS",
        )?,
        pycache_prefix: match option(switches, "pycache_prefix") {
            Some(value) => value.map(str::to_owned).filter(|v| !v.is_empty()),
            None => environment.get("PYTHONPYCACHEPREFIX"),
        },
        hash_check: match switches.check_hash_based_pycs {
            Some(args::HashCheck::Always) => HashCheck::Always,
            Some(args::HashCheck::Never) => HashCheck::Never,
            Some(args::HashCheck::Default) | None => HashCheck::Default,
        },
        malloc_stats: environment.on("PYTHONMALLOCSTATS"),
        remote_debug: !has("disable-remote-debug", "PYTHON_DISABLE_REMOTE_DEBUG")
            && option(switches, "disable_remote_debug").is_none(),
    })
}

fn int_max_str_digits(switches: &Switches, environment: &Environment) -> Result<usize, String> {
    let limit = |text: Option<&str>, name: &str| {
        (text.and_then(|t| t.parse::<i32>().ok()))
            .and_then(|n| usize::try_from(n).ok())
            .filter(|&n| n == 0 || n >= 640)
            .ok_or_else(|| {
                fatal(
                    "config_init_int_max_str_digits",
                    &format!("{name}: invalid limit; must be >= 640 or 0 for unlimited."),
                )
            })
    };
    // A variable that is wrong is refused even where an option goes before it.
    let variable = match environment.get("PYTHONINTMAXSTRDIGITS") {
        Some(text) => limit(Some(&text), "PYTHONINTMAXSTRDIGITS")?,
        None => Settings::default().int_max_str_digits,
    };
    match option(switches, "int_max_str_digits") {
        Some(text) => limit(text, "-X int_max_str_digits"),
        None => Ok(variable),
    }
}

fn import_time(switches: &Switches, environment: &Environment) -> Result<u8, String> {
    let function = "config_init_import_time";
    if let Some(value) = option(switches, "importtime") {
        return match value.map_or(Ok(1), str::parse::<i64>) {
            Ok(1) | Err(_) => Ok(1),
            Ok(2) => Ok(2),
            Ok(_) => Err(fatal(
                function,
                "-X importtime: values other than 1 and 2 are reserved for future use.",
            )),
        };
    }
    match environment.get("PYTHONPROFILEIMPORTTIME") {
        None => Ok(0),
        Some(text) => match text.parse::<i64>() {
            Ok(1) | Err(_) => Ok(1),
            Ok(2) => Ok(2),
            Ok(_) => Err(fatal(
                function,
                "PYTHONPROFILEIMPORTTIME: numeric values other than 1 and 2 are reserved for future use.",
            )),
        },
    }
}

fn cpu_count(switches: &Switches, environment: &Environment) -> Result<Option<i32>, String> {
    let count = |text: &str| {
        match text {
        "default" => Ok(None),
        text => (text.parse::<i32>().ok().filter(|n| *n > 0).map(Some)).ok_or_else(|| {
            fatal(
                "config_init_cpu_count",
                "-X cpu_count=n option: n is missing or an invalid number, n must be greater than 0",
            )
        }),
    }
    };
    match option(switches, "cpu_count") {
        Some(value) => count(value.unwrap_or_default()),
        None => (environment.get("PYTHON_CPU_COUNT")).map_or(Ok(None), |text| count(&text)),
    }
}

/// A setting that is 0 or 1.
fn on_or_off(
    switches: &Switches,
    environment: &Environment,
    name: &str,
    variable: &str,
) -> Result<bool, String> {
    let function = format!("config_init_{name}");
    if let Some(value) = option(switches, name) {
        return match value {
            Some("0") => Ok(false),
            Some("1") => Ok(true),
            _ => Err(fatal(
                &function,
                &format!("-X {name}=n: n is missing or invalid"),
            )),
        };
    }
    match environment.get(variable).as_deref() {
        None | Some("0") => Ok(false),
        Some("1") => Ok(true),
        Some(_) => Err(fatal(
            &function,
            &format!("{variable}=N: N is missing or invalid"),
        )),
    }
}

/// How many frames are traced for each allocation.
///
/// # Errors
/// The number is none.
pub fn tracing(switches: &Switches, environment: &Environment) -> Result<Option<usize>, String> {
    let frames = |text: &str, name: &str| match text.parse::<usize>() {
        Ok(0) => Ok(None),
        Ok(frames) if frames <= FRAMES_MAX => Ok(Some(frames)),
        _ => Err(fatal(
            "config_init_tracemalloc",
            &format!("{name}: invalid number of frames"),
        )),
    };
    match option(switches, "tracemalloc") {
        Some(None) => Ok(Some(1)),
        Some(Some(text)) => frames(text, "-X tracemalloc=NFRAME"),
        None => match environment.get("PYTHONTRACEMALLOC") {
            Some(text) => frames(&text, "PYTHONTRACEMALLOC"),
            None => Ok(None),
        },
    }
}

/// What `sys.flags` shows.
///
/// # Errors
/// What is wrong with an option.
pub fn flags(switches: &Switches, environment: &Environment) -> Result<Flags, String> {
    Ok(Flags {
        debug: switches.debug.max(u8::from(environment.on("PYTHONDEBUG"))),
        inspect: switches.inspect || environment.on("PYTHONINSPECT"),
        interactive: switches.inspect,
        dont_write_bytecode: switches.no_bytecode || environment.on("PYTHONDONTWRITEBYTECODE"),
        no_user_site: switches.no_user_site
            || switches.isolated
            || environment.on("PYTHONNOUSERSITE"),
        no_site: switches.no_site,
        ignore_environment: environment.ignored,
        verbose: switches.verbose.max(environment.level("PYTHONVERBOSE")),
        bytes_warning: switches.bytes_warning.min(2),
        quiet: switches.quiet,
        isolated: switches.isolated,
        dev_mode: option(switches, "dev").is_some() || environment.on("PYTHONDEVMODE"),
        safe_path: switches.safe_path || switches.isolated || environment.on("PYTHONSAFEPATH"),
        utf8_mode: utf8_mode(switches, environment)?,
    })
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
fn utf8_mode(switches: &Switches, environment: &Environment) -> Result<bool, String> {
    match option(switches, "utf8") {
        Some(None | Some("1")) => return Ok(true),
        Some(Some("0")) => return Ok(false),
        Some(Some(_)) => {
            return Err(fatal(
                "preconfig_init_utf8_mode",
                "invalid -X utf8 option value",
            ));
        }
        None => {}
    }
    match environment.get("PYTHONUTF8").as_deref() {
        Some("1") => Ok(true),
        Some("0") => Ok(false),
        Some(_) => Err(fatal(
            "preconfig_init_utf8_mode",
            "invalid PYTHONUTF8 environment variable value",
        )),
        None => {
            let fixed = std::env::var("LC_ALL").is_ok_and(|v| !v.is_empty());
            Ok(fixed && matches!(locale().as_str(), "C" | "POSIX"))
        }
    }
}

/// How the standard streams are set up.
pub fn stdio(switches: &Switches, environment: &Environment, utf8_mode: bool) -> Stdio {
    let plain = matches!(
        locale().as_str(),
        "C" | "POSIX" | "C.UTF-8" | "C.utf8" | "UTF-8"
    );
    let lenient = plain || utf8_mode;
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

/// The seed of string hashes; nothing for a random one.
///
/// # Errors
/// The seed is no number.
pub fn hash_seed(switches: &Switches, environment: &Environment) -> Result<Option<u32>, String> {
    if switches.random_hash {
        return Ok(None);
    }
    match environment.get("PYTHONHASHSEED").as_deref() {
        None | Some("random") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| {
            fatal(
                "config_init_hash_seed",
                "PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]",
            )
        }),
    }
}

/// The filters of warnings that the command asks for, the last first to count.
pub fn warn_options(switches: &Switches, environment: &Environment, flags: &Flags) -> Vec<String> {
    let mut options = Vec::new();
    if flags.dev_mode {
        options.push("default".to_owned());
    }
    if let Some(asked) = environment.get("PYTHONWARNINGS") {
        options.extend(
            asked
                .split(',')
                .filter(|w| !w.is_empty())
                .map(str::to_owned),
        );
    }
    options.extend(switches.warnings.iter().cloned());
    match flags.bytes_warning {
        0 => {}
        1 => options.push("default::BytesWarning".to_owned()),
        _ => options.push("error::BytesWarning".to_owned()),
    }
    options
}
