//! The one test runner: every script under `tests/` is a test of its own.
//!
//! `tests/lang/closures.py` becomes the test `lang::closures`. It is run by the `viv` just
//! built, in a process of its own with a time limit and a bound on its address space, and its
//! standard output, standard error and exit code must equal the golden files beside it
//! (`closures.out`, `.err`, `.code`), which `scripts/goldens` records from CPython. A
//! `tests/cli/NAME.cli` file gives a command line and its standard input instead of a script.
//!
//! Each run ends with a check of the heap: all counts agree with the owners, and nothing is left when the interpreter has
//! been taken down (`VIV_CHECK_COUNTS`, `VIV_CHECK_SHUTDOWN`). What is wrong is printed to standard error.
//!
//! Invariant: the environment and working directory set here are those of `scripts/goldens`.
//!
//! `tests/expected-failures.txt` names scripts known to fail; one that passes fails the run, so
//! that the list only shrinks. `VIV` in the environment tests another binary.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};

/// Folders of `tests/` whose scripts are tests.
const FOLDERS: [&str; 10] = [
    "lang", "types", "memory", "gc", "heap", "threads", "stdlib", "errors", "syntax", "cli",
];

/// The folder of scripts that only `viv` can run: they check themselves and print nothing.
const OWN_FOLDER: &str = "heap";

/// How long one script may run.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// The address space one script may use, in KiB (`ulimit -v`): 8 GiB.
const ADDRESS_SPACE_KIB: u64 = 8 << 20;

/// Lines of a diff shown before it is cut.
const DIFF_LINES: usize = 60;

fn main() {
    let arguments = Arguments::from_args();
    let tests =
        Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("../../tests");
    let tests = match tests.canonicalize() {
        Ok(path) => path,
        Err(error) => {
            eprintln!("{}: {error}", tests.display());
            std::process::exit(2);
        }
    };
    let known = Arc::new(expected_failures(&tests));
    let mut trials: Vec<Trial> = FOLDERS
        .iter()
        .flat_map(|folder| cases(&tests, folder))
        .map(|case| {
            let known = Arc::clone(&known);
            let name = case.name.clone();
            Trial::test(name, move || judge(&case, &known))
        })
        .collect();
    trials.push(Trial::test("expected_failures_name_scripts", move || {
        let stale: Vec<&String> = known
            .keys()
            .filter(|name| script_path(&tests, name).is_none())
            .collect();
        if stale.is_empty() {
            Ok(())
        } else {
            Err(format!("tests/expected-failures.txt names no script: {stale:?}").into())
        }
    }));
    libtest_mimic::run(&arguments, trials).exit();
}

/// One script or command line, with what it is expected to print.
struct Case {
    /// `folder::stem`
    name: String,
    /// The script or `.cli` file, absolute.
    path: PathBuf,
    /// The `tests` folder: the working directory of every run.
    tests: PathBuf,
}

/// What a run produced, or must produce.
#[derive(PartialEq, Eq)]
struct Outcome {
    stdout: String,
    stderr: String,
    code: String,
}

fn cases(tests: &Path, folder: &str) -> Vec<Case> {
    let Ok(entries) = fs::read_dir(tests.join(folder)) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| matches!(extension(path), "py" | "cli"))
        .collect();
    paths.sort();
    let case = |path: PathBuf| Case {
        name: format!(
            "{folder}::{}",
            path.file_stem().unwrap_or_default().to_string_lossy()
        ),
        path,
        tests: tests.to_path_buf(),
    };
    paths.into_iter().map(case).collect()
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|e| e.to_str()).unwrap_or("")
}

fn script_path(tests: &Path, name: &str) -> Option<PathBuf> {
    let (folder, stem) = name.split_once("::")?;
    ["py", "cli"]
        .iter()
        .map(|suffix| tests.join(folder).join(format!("{stem}.{suffix}")))
        .find(|path| path.exists())
}

/// The names and reasons of `expected-failures.txt`.
fn expected_failures(tests: &Path) -> HashMap<String, String> {
    let text = fs::read_to_string(tests.join("expected-failures.txt")).unwrap_or_default();
    text.lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .map(|(name, reason)| (name.trim().to_owned(), reason.trim().to_owned()))
        .collect()
}

fn judge(case: &Case, known: &HashMap<String, String>) -> Result<(), Failed> {
    let result = compare(case);
    match (known.get(&case.name), result) {
        (None, result) => result.map_err(Failed::from),
        (Some(_), Err(_)) => Ok(()),
        (Some(reason), Ok(())) => Err(format!(
            "passes, but tests/expected-failures.txt lists it ({reason}): remove the line"
        )
        .into()),
    }
}

fn compare(case: &Case) -> Result<(), String> {
    let expected_stdout = if case.name.starts_with(OWN_FOLDER) {
        Vec::new()
    } else {
        fs::read(case.path.with_extension("out")).map_err(|_| {
            format!(
                "no golden file: run scripts/goldens {}",
                case.name.replace("::", "/")
            )
        })?
    };
    let golden = |suffix| fs::read(case.path.with_extension(suffix)).unwrap_or_default();
    let expected = Outcome {
        stdout: String::from_utf8_lossy(&expected_stdout).into_owned(),
        stderr: String::from_utf8_lossy(&golden("err")).into_owned(),
        code: match String::from_utf8_lossy(&golden("code")).trim() {
            "" => "0".to_owned(),
            code => code.to_owned(),
        },
    };
    let actual = run(case)?;
    if actual == expected {
        return Ok(());
    }
    let mut report = String::new();
    for (what, wanted, got) in [
        ("stdout", &expected.stdout, &actual.stdout),
        ("stderr", &expected.stderr, &actual.stderr),
        ("exit code", &expected.code, &actual.code),
    ] {
        if wanted != got {
            let _ = writeln!(report, "--- {what} (- expected, + viv)");
            report.push_str(&diff(wanted, got));
        }
    }
    Err(report)
}

/// The arguments and standard input of a case.
fn command_line(case: &Case) -> Result<(Vec<String>, Vec<u8>), String> {
    if extension(&case.path) == "py" {
        let script = case.path.strip_prefix(&case.tests).unwrap_or(&case.path);
        return Ok((vec![script.to_string_lossy().into_owned()], Vec::new()));
    }
    let text = fs::read_to_string(&case.path).map_err(|error| error.to_string())?;
    let (header, stdin) = text.split_once("---\n").unwrap_or((&text, ""));
    let args = header
        .lines()
        .find_map(|line| line.strip_prefix("args:"))
        .map(split_words)
        .unwrap_or_default();
    Ok((args, stdin.as_bytes().to_vec()))
}

/// Splits a line at blanks; single and double quotes group, a backslash takes the next
/// character as it is (inside double quotes only before `"` and `\`).
fn split_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (None, ' ' | '\t') => words.extend(word.take()),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (Some(q), _) if q == c => quote = None,
            (None, '\\') => word.get_or_insert_default().extend(characters.next()),
            (Some('"'), '\\') if matches!(characters.peek(), Some('"' | '\\')) => {
                word.get_or_insert_default().extend(characters.next());
            }
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

fn run(case: &Case) -> Result<Outcome, String> {
    let (args, stdin) = command_line(case)?;
    let viv = std::env::var("VIV").unwrap_or_else(|_| env!("CARGO_BIN_EXE_viv").to_owned());
    let inherited = ["PATH", "HOME"]
        .into_iter()
        .filter_map(|name| Some((name, std::env::var_os(name)?)));
    let inherited: Vec<_> = inherited.collect();
    let mut child = Command::new("sh")
        .arg("-c")
        .arg(format!(
            "ulimit -v {ADDRESS_SPACE_KIB}; ulimit -c 0; exec \"$@\""
        ))
        .arg("sh")
        .arg(&viv)
        .args(args)
        .current_dir(&case.tests)
        .env_clear()
        .envs(inherited)
        .env("LANG", "C.UTF-8")
        .env("PYTHONUTF8", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("NO_COLOR", "1")
        .env("TZ", "UTC")
        .env("VIV_CHECK_SHUTDOWN", "1")
        .env("VIV_CHECK_COUNTS", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start viv: {error}"))?;
    if let Some(mut pipe) = child.stdin.take() {
        // A script that does not read leaves a broken pipe: no concern of the test.
        thread::spawn(move || {
            let _ = pipe.write_all(&stdin);
        });
    }
    let stdout = collect(child.stdout.take());
    let stderr = collect(child.stderr.take());
    let deadline = Instant::now() + TIME_LIMIT;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Ok(status),
            Ok(None) if Instant::now() > deadline => {
                let _ = child.kill();
                let _ = child.wait();
                break Err(format!("ran longer than {} s", TIME_LIMIT.as_secs()));
            }
            Ok(None) => thread::sleep(Duration::from_millis(2)),
            Err(error) => break Err(error.to_string()),
        }
    };
    let text = |reader: thread::JoinHandle<Vec<u8>>| {
        let bytes = reader.join().unwrap_or_default();
        settle(&String::from_utf8_lossy(&bytes), &case.tests, &viv)
    };
    let (stdout, stderr) = (text(stdout), text(stderr));
    match status {
        Ok(status) => Ok(Outcome {
            stdout,
            stderr,
            code: exit_code(status),
        }),
        Err(reason) => Err(format!("{reason}; it had printed:\n{stdout}{stderr}")),
    }
}

/// Takes out of the output what changes from run to run, as `scripts/goldens` does: the path of
/// the checkout, the interpreter's own (it becomes `PYTHON`), and addresses (` at 0x7f…` becomes
/// ` at 0x...`).
fn settle(output: &str, tests: &Path, viv: &str) -> String {
    let output = output.replace(&format!("{}/", tests.display()), "");
    let output = output.replace(viv, "PYTHON");
    let mut pieces = output.split(" at 0x");
    let mut settled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(|c: char| matches!(c, '0'..='9' | 'a'..='f'));
        let address = if rest.len() < piece.len() { "..." } else { "" };
        let _ = write!(settled, " at 0x{address}{rest}");
    }
    settled
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}

/// The exit code; a process ended by signal N has the code -N, as Python's `subprocess` says.
fn exit_code(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("-{signal}");
    }
    status
        .code()
        .map_or_else(|| "none".to_owned(), |code| code.to_string())
}

/// A line diff: the longest common subsequence between equal head and tail, cut after
/// [`DIFF_LINES`] lines.
fn diff(wanted: &str, got: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (wanted.lines().collect(), got.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = (old.iter().rev().zip(new.iter().rev()))
        .take(rest)
        .take_while(|(a, b)| a == b)
        .count();
    // The table below is quadratic; what is beyond some hundred lines is of no use to a reader.
    let old_middle = &old[head..(old.len() - tail).min(head + 400)];
    let new_middle = &new[head..(new.len() - tail).min(head + 400)];
    let mut lines = Vec::new();
    if let Some(context) = head.checked_sub(1) {
        lines.push(format!("  {}: {}", head, old[context]));
    }
    let common = common_lengths(old_middle, new_middle);
    let (mut i, mut j) = (0, 0);
    while i < old_middle.len() || j < new_middle.len() {
        let take_old =
            i < old_middle.len() && (j == new_middle.len() || common[i + 1][j] >= common[i][j + 1]);
        if i < old_middle.len() && j < new_middle.len() && old_middle[i] == new_middle[j] {
            lines.push(format!("  {}", old_middle[i]));
            i += 1;
            j += 1;
        } else if take_old {
            lines.push(format!("- {}", old_middle[i]));
            i += 1;
        } else {
            lines.push(format!("+ {}", new_middle[j]));
            j += 1;
        }
    }
    if lines.len() <= 1 {
        lines.push("  (equal lines: the ends of the last lines differ)".to_owned());
    }
    if lines.len() > DIFF_LINES {
        let more = lines.len() - DIFF_LINES;
        lines.truncate(DIFF_LINES);
        lines.push(format!("  ... and {more} lines more"));
    }
    lines.join("\n") + "\n"
}

/// `table[i][j]`: the length of the longest common subsequence of `old[i..]` and `new[j..]`.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            table[i][j] = if old[i] == new[j] {
                table[i + 1][j + 1] + 1
            } else {
                table[i + 1][j].max(table[i][j + 1])
            };
        }
    }
    table
}
