//! The history: the inputs of this session and of those before it.
//!
//! The file has CPython's format: an input ends with a line break, and those within it follow a carriage return. Each input is
//! added to it at once with one write: a session that is killed loses nothing, and two at the same time keep all of theirs.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use super::Options;

/// Inputs kept.
pub const SIZE: usize = 10_000;

/// The inputs, the last one at the end; the keys look at them, too.
#[derive(Default)]
pub struct Inputs {
    entries: Mutex<Vec<String>>,
    /// The Up key goes through all inputs, and not through those with a common beginning.
    pub goes_through_all: AtomicBool,
}

impl Inputs {
    fn entries(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an input, unless it is the last one again; gives whether it was added.
    pub fn add(&self, input: &str) -> bool {
        let mut entries = self.entries();
        if input.is_empty() || entries.last().is_some_and(|last| last == input) {
            return false;
        }
        entries.push(input.to_owned());
        true
    }

    /// Whether an input is among them.
    pub fn contains(&self, input: &str) -> bool {
        self.entries().iter().any(|entry| entry == input)
    }

    /// Whether one of them begins with a text, and goes on.
    pub fn continues(&self, text: &str) -> bool {
        (self.entries().iter()).any(|entry| entry.len() > text.len() && entry.starts_with(text))
    }
}

/// Where the history is kept.
pub fn file(options: &Options) -> Option<PathBuf> {
    if let Some(file) = &options.history {
        return Some(PathBuf::from(file));
    }
    let set = |name: &str| {
        std::env::var_os(name)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    let state =
        set("XDG_STATE_HOME").or_else(|| set("HOME").map(|home| home.join(".local/state")))?;
    Some(state.join("vivarium/history"))
}

/// The inputs of a file, the last ones where there are very many; a file that grew far beyond that is written anew.
pub fn load(path: &PathBuf) -> Vec<String> {
    if let Some(folder) = path.parent() {
        // A history that cannot be kept is no reason to stop.
        let _ = std::fs::create_dir_all(folder);
    }
    let Ok(content) = std::fs::read(path) else {
        return Vec::new();
    };
    let mut inputs = split(&String::from_utf8_lossy(&content));
    let surplus = inputs.len().saturating_sub(SIZE);
    inputs.drain(..surplus);
    if surplus > SIZE {
        rewrite(path, &inputs);
    }
    inputs
}

/// The inputs that a file's text holds.
fn split(content: &str) -> Vec<String> {
    let mut inputs = Vec::new();
    let mut input = String::new();
    for line in content.split_terminator('\n') {
        match line.strip_suffix('\r') {
            Some(part) => {
                input.push_str(part);
                input.push('\n');
            }
            None => {
                input.push_str(line);
                inputs.push(std::mem::take(&mut input));
            }
        }
    }
    inputs.retain(|input| !input.trim().is_empty());
    inputs
}

/// An input as the file has it.
fn joined(input: &str) -> String {
    format!("{}\n", input.replace('\n', "\r\n"))
}

/// Writes the file anew, beside the old one first.
fn rewrite(path: &PathBuf, inputs: &[String]) {
    let text: String = inputs.iter().map(|input| joined(input)).collect();
    let beside = path.with_extension(format!("new{}", std::process::id()));
    if std::fs::write(&beside, text).is_ok() && std::fs::rename(&beside, path).is_err() {
        let _ = std::fs::remove_file(&beside);
    }
}

/// Adds an input to the file.
pub fn append(path: &PathBuf, input: &str) {
    let file = OpenOptions::new().append(true).create(true).open(path);
    if let Ok(mut file) = file {
        // One write, at the end of the file wherever that is by now.
        let _ = file.write_all(joined(input).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_come_back() {
        let inputs = ["a", "if x:\n    'a\\n'", "\\"];
        let text: String = inputs.iter().map(|input| joined(input)).collect();
        assert_eq!(split(&text), inputs);
    }

    #[test]
    fn common_beginnings() {
        let inputs = Inputs::default();
        assert!(inputs.add("alpha = 1"));
        assert!(!inputs.add("alpha = 1"));
        assert!(inputs.continues("al") && !inputs.continues("alpha = 1"));
    }
}
