//! The prompt on a terminal: whole blocks are edited at once, with history, completion and colours.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{ColorMode, CompletionType, Config, Context, Editor, Helper};
use vivarium::runtime::Vm;
use vivarium::session::{Memory, Outcome, Session, wants_more};

use super::history::Inputs;
use super::keys::{Keys, is_command};
use super::memory::{Meter, difference};
use super::{Options, color, gutter, history, keys, say};

/// Longer inputs are shown without colours, for typing to stay fast.
const LONGEST_COLORED: usize = 20_000;

/// What the editor asks for while a line is typed.
struct Assistant<'s, 'v> {
    session: &'s Session<'v>,
    files: FilenameCompleter,
    builtins: Vec<String>,
    colors: bool,
    /// `sys.ps2`
    second_prompt: RefCell<String>,
}

impl Helper for Assistant<'_, '_> {}

impl Hinter for Assistant<'_, '_> {
    type Hint = String;
}

impl Validator for Assistant<'_, '_> {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = gutter::typed(context.input());
        Ok(if !is_command(&text) && wants_more(&text) {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}

impl Completer for Assistant<'_, '_> {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let typed = line.get(..position).unwrap_or_default();
        if in_string(typed) {
            return self.files.complete(line, position, context);
        }
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let start = typed.rfind(|c| !is_part(c)).map_or(0, |at| {
            at + typed[at..].chars().next().map_or(1, char::len_utf8)
        });
        let word = &typed[start..];
        let before = typed[..start].trim_end();
        let statement = gutter::typed(before.rsplit('\n').next().unwrap_or_default());
        let statement = statement.trim_start();
        let last_part = word.rfind('.').map_or(start, |at| start + at + 1);
        let (last, names) = if is_import(statement) {
            (last_part, self.session.modules(word))
        } else if let Some(module) = imported_from(statement) {
            (start, self.session.importable(module, word))
        } else {
            (last_part, self.session.completions(word))
        };
        let pairs = names
            .into_iter()
            .map(|name| Pair {
                display: name.clone(),
                replacement: name,
            })
            .collect();
        Ok((last, pairs))
    }
}

/// Whether the name of a module follows: after `from`, and in the list of an `import`.
fn is_import(statement: &str) -> bool {
    statement == "from"
        || statement == "import"
        || (statement.starts_with("import ") && statement.ends_with(','))
}

/// The module whose names follow: after `from module import`, and in its list.
fn imported_from(statement: &str) -> Option<&str> {
    let (module, rest) = statement.strip_prefix("from ")?.split_once(" import")?;
    let lists = rest.is_empty() || rest.ends_with([',', '(']);
    lists.then(|| module.trim())
}

/// Whether the text ends within a string of its last line.
fn in_string(text: &str) -> bool {
    let mut quote = None;
    let mut escaped = false;
    for c in text.rsplit('\n').next().unwrap_or_default().chars() {
        match quote {
            _ if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(q) if c == q => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c == '#' => return false,
            _ => {}
        }
    }
    quote.is_some()
}

impl Highlighter for Assistant<'_, '_> {
    fn highlight<'l>(&self, line: &'l str, position: usize) -> Cow<'l, str> {
        let colors = self.colors && line.len() <= LONGEST_COLORED;
        let has_room = line.contains(gutter::is_special);
        if !colors && !has_room {
            return Cow::Borrowed(line);
        }
        let typed = gutter::typed(line);
        let shown = if colors {
            let marks = line
                .get(..position)
                .map_or(0, |before| before.len() - gutter::typed(before).len());
            let is_builtin = |name: &str| {
                self.builtins
                    .binary_search_by(|b| b.as_str().cmp(name))
                    .is_ok()
            };
            color::highlight(&typed, Some(position - marks), is_builtin)
        } else {
            typed
        };
        if !has_room {
            return Cow::Owned(shown);
        }
        let prompt = self.second_prompt.borrow();
        Cow::Owned(gutter::paint(line, &shown, &prompt, self.colors))
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if self.colors {
            Cow::Owned(color::prompt(prompt))
        } else {
            Cow::Borrowed(prompt)
        }
    }

    fn highlight_char(&self, line: &str, _: usize, _: CmdKind) -> bool {
        // Without colours, too: the editor's shortcuts do not know the room before a line.
        line.len() <= LONGEST_COLORED
    }
}

type Prompt<'s, 'v> = Editor<Assistant<'s, 'v>, DefaultHistory>;

fn editor<'s, 'v>(
    vm: &Vm,
    session: &'s Session<'v>,
    options: &Options,
    keys: &Arc<Keys>,
) -> rustyline::Result<Prompt<'s, 'v>> {
    let colors = color::wanted(options.ignore_environment, true);
    let config = Config::builder()
        .max_history_size(history::SIZE)?
        .history_ignore_dups(true)?
        .completion_type(CompletionType::List)
        // The second prompt is painted as the colours are; without colours nothing else is.
        .color_mode(ColorMode::Forced)
        .bracketed_paste(true)
        .tab_stop(4)
        .indent_size(4)
        .build();
    let mut editor = Editor::with_config(config)?;
    let mut builtins: Vec<String> = vm
        .builtins
        .snapshot()
        .into_iter()
        .filter_map(|(name, _)| {
            Some(
                name.downcast::<vivarium::runtime::object::Str>()?
                    .to_text()
                    .into_owned(),
            )
        })
        .collect();
    builtins.sort();
    editor.set_helper(Some(Assistant {
        session,
        files: FilenameCompleter::new(),
        builtins,
        colors,
        second_prompt: RefCell::default(),
    }));
    for (key, handler) in keys::bindings(keys) {
        editor.bind_sequence(key, handler);
    }
    Ok(editor)
}

/// Runs the prompt; gives the exit code.
pub fn run(vm: &Vm, session: &Session<'_>, options: &Options) -> i32 {
    let keys = Arc::new(Keys {
        room: AtomicUsize::new(0),
        inputs: Inputs::default(),
    });
    let mut editor = match editor(vm, session, options, &keys) {
        Ok(editor) => editor,
        Err(error) => {
            say(&format!("viv: the terminal cannot be used: {error}\n"));
            return super::plain::run(session);
        }
    };
    let file = history::file(options);
    let room = |session: &Session<'_>| gutter::width(&session.prompt("ps2"));
    if let Some(file) = &file {
        let room = room(session);
        for input in history::load(file) {
            keys.inputs.add(&input);
            let _ = editor.add_history_entry(gutter::with_room(&input, room));
        }
    }
    let shows_counts = vm.config.x_options.iter().any(|x| x == "showrefcount");
    let mut meter = Meter::new(shows_counts);
    let mut count = 0;
    loop {
        keys.room.store(room(session), Relaxed);
        keys.inputs.goes_through_all.store(false, Relaxed);
        if let Some(assistant) = editor.helper() {
            assistant.second_prompt.replace(session.prompt("ps2"));
        }
        let line = match editor.readline(&session.prompt("ps1")) {
            Ok(line) => gutter::typed(&line),
            Err(ReadlineError::Interrupted) => {
                say("KeyboardInterrupt\n");
                continue;
            }
            Err(ReadlineError::Signal(_)) => continue,
            Err(_) => return 0,
        };
        if line.trim().is_empty() {
            continue;
        }
        if keys.inputs.add(line.trim_end()) {
            let entry = gutter::with_room(line.trim_end(), keys.room.load(Relaxed));
            let _ = editor.add_history_entry(entry);
            if let Some(file) = &file {
                history::append(file, line.trim_end());
            }
        }
        if let Some(answer) = meter.command(vm, &line) {
            print(&answer);
            continue;
        }
        let name = line.trim();
        let source = match name {
            "exit" | "quit" if !session.defines(name) => return 0,
            "clear" if !session.defines(name) => {
                let _ = editor.clear_screen();
                continue;
            }
            "help" | "copyright" | "credits" | "license" if !session.defines(name) => {
                format!("{name}()\n")
            }
            _ => format!("{}\n", line.trim_end()),
        };
        let before = meter.before(vm);
        let outcome = session.run(&source, &format!("<python-input-{count}>"));
        count += 1;
        if let Some(before) = before {
            print(&difference(&before, &Memory::now(vm)));
        }
        if let Outcome::Exit(code) = outcome {
            return code;
        }
    }
}

/// Writes to standard output; where it is gone nobody reads it.
fn print(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes());
    let _ = stdout.flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports() {
        assert!(is_import("import") && is_import("import a,") && !is_import("import a as"));
        assert_eq!(imported_from("from a.b import"), Some("a.b"));
        assert_eq!(imported_from("from a import (b,"), Some("a"));
        assert_eq!(imported_from("from a import b"), None);
    }

    #[test]
    fn strings_complete_paths() {
        assert!(in_string("open('/et"));
        assert!(!in_string("open('/etc') + x"));
        assert!(!in_string("x # it's"));
    }
}
