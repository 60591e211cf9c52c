//! The prompt on a terminal: whole blocks are edited at once, with history, completion and colours.

use std::borrow::Cow;
use std::io::Write as _;
use std::path::PathBuf;

use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::{FileHistory, History as _};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{
    Cmd, ColorMode, CompletionType, ConditionalEventHandler, Config, Context, Editor, Event,
    EventContext, EventHandler, Helper, KeyCode, KeyEvent, Modifiers, RepeatCount,
};
use vivarium::runtime::Vm;
use vivarium::session::{Memory, Outcome, Session, wants_more};

use super::memory::{Meter, difference};
use super::{Options, color, say};

/// Inputs kept in the history.
const HISTORY_SIZE: usize = 10_000;
/// Longer inputs are shown without colours, for typing to stay fast.
const LONGEST_COLORED: usize = 20_000;

/// What the editor asks for while a line is typed.
struct Assistant<'s, 'v> {
    session: &'s Session<'v>,
    files: FilenameCompleter,
    builtins: Vec<String>,
    colors: bool,
}

impl Helper for Assistant<'_, '_> {}

impl Hinter for Assistant<'_, '_> {
    type Hint = String;
}

impl Validator for Assistant<'_, '_> {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = context.input();
        Ok(if !is_command(text) && wants_more(text) {
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
        let statement = before.rsplit('\n').next().unwrap_or_default().trim_start();
        let is_module = statement == "import" || statement == "from";
        let (last, names) = if is_module {
            (start, self.session.modules(word))
        } else {
            let last = word.rfind('.').map_or(start, |at| start + at + 1);
            (last, self.session.completions(word))
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
        if !self.colors || line.len() > LONGEST_COLORED {
            return Cow::Borrowed(line);
        }
        let is_builtin = |name: &str| {
            self.builtins
                .binary_search_by(|b| b.as_str().cmp(name))
                .is_ok()
        };
        Cow::Owned(color::highlight(line, Some(position), is_builtin))
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if self.colors {
            Cow::Owned(color::prompt(prompt))
        } else {
            Cow::Borrowed(prompt)
        }
    }

    fn highlight_char(&self, line: &str, _: usize, _: CmdKind) -> bool {
        self.colors && line.len() <= LONGEST_COLORED
    }
}

/// Enter: a finished input is accepted; in an unfinished one the next line gets the indentation that follows.
struct Enter;

impl ConditionalEventHandler for Enter {
    fn handle(
        &self,
        _: &Event,
        _: RepeatCount,
        _: bool,
        context: &EventContext<'_>,
    ) -> Option<Cmd> {
        let text = context.line();
        // A search through the history leaves the cursor within the line.
        let at_end = !text.contains('\n')
            || (text.get(context.pos()..)).is_some_and(|rest| rest.trim().is_empty());
        if is_command(text) || (at_end && !wants_more(text)) {
            return Some(Cmd::AcceptLine);
        }
        let typed = text.get(..context.pos()).unwrap_or_default();
        Some(Cmd::Insert(1, format!("\n{}", next_indentation(typed))))
    }
}

/// Tab: indents at the start of a line, and completes elsewhere.
struct Tab;

impl ConditionalEventHandler for Tab {
    fn handle(
        &self,
        _: &Event,
        _: RepeatCount,
        _: bool,
        context: &EventContext<'_>,
    ) -> Option<Cmd> {
        let typed = context.line().get(..context.pos())?;
        let line = typed.rsplit('\n').next().unwrap_or_default();
        line.trim()
            .is_empty()
            .then(|| Cmd::Insert(1, " ".repeat(4 - line.len() % 4)))
    }
}

/// The blanks that the line after `text` begins with: those of its last line, more after a colon, fewer after what ends a
/// block.
fn next_indentation(text: &str) -> String {
    let line = text.rsplit('\n').next().unwrap_or_default();
    let body = line.trim_start();
    let mut blanks = line[..line.len() - body.len()].to_owned();
    let code = body.split(" #").next().unwrap_or_default().trim_end();
    let word = code.split(|c: char| !c.is_alphanumeric()).next();
    if code.ends_with(':') {
        blanks.push_str("    ");
    } else if matches!(
        word,
        Some("return" | "raise" | "pass" | "break" | "continue")
    ) && !code.ends_with([',', '(', '[', '{', '\\'])
    {
        blanks.truncate(blanks.len().saturating_sub(4));
    }
    blanks
}

/// Whether a line is for the prompt itself.
fn is_command(text: &str) -> bool {
    text.starts_with('%') && !text.contains('\n')
}

/// Where the history is kept.
fn history_file(options: &Options) -> Option<PathBuf> {
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

type Prompt<'s, 'v> = Editor<Assistant<'s, 'v>, FileHistory>;

fn editor<'s, 'v>(
    vm: &Vm,
    session: &'s Session<'v>,
    options: &Options,
) -> rustyline::Result<Prompt<'s, 'v>> {
    let colors = color::wanted(options.ignore_environment, true);
    let config = Config::builder()
        .max_history_size(HISTORY_SIZE)?
        .history_ignore_dups(true)?
        .completion_type(CompletionType::List)
        .color_mode(if colors {
            ColorMode::Forced
        } else {
            ColorMode::Disabled
        })
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
    }));
    let handler = |handler: Box<dyn ConditionalEventHandler>| EventHandler::Conditional(handler);
    editor.bind_sequence(
        KeyEvent(KeyCode::Enter, Modifiers::NONE),
        handler(Box::new(Enter)),
    );
    editor.bind_sequence(
        KeyEvent(KeyCode::Tab, Modifiers::NONE),
        handler(Box::new(Tab)),
    );
    Ok(editor)
}

/// Runs the prompt; gives the exit code.
pub fn run(vm: &Vm, session: &Session<'_>, options: &Options) -> i32 {
    let mut editor = match editor(vm, session, options) {
        Ok(editor) => editor,
        Err(error) => {
            say(&format!("viv: the terminal cannot be used: {error}\n"));
            return super::plain::run(session);
        }
    };
    let file = history_file(options);
    if let Some(file) = &file {
        if let Some(folder) = file.parent() {
            // Without the folder nothing is kept, and nothing else is wrong.
            let _ = std::fs::create_dir_all(folder);
        }
        let _ = editor.load_history(file);
    }
    let shows_counts = vm.config.x_options.iter().any(|x| x == "showrefcount");
    let mut meter = Meter::new(shows_counts);
    let mut count = 0;
    loop {
        let line = match editor.readline(&session.prompt("ps1")) {
            Ok(line) => line,
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
        keep(&mut editor, &line, file.as_ref());
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

/// Adds an input to the history, and to its file at once: a session that is killed loses nothing, and two at a time keep
/// both their inputs.
fn keep(editor: &mut Prompt<'_, '_>, line: &str, file: Option<&PathBuf>) {
    let added = editor.add_history_entry(line.trim_end()).unwrap_or(false);
    if added && let Some(file) = file {
        // A history that cannot be written is no reason to stop.
        let _ = editor.history_mut().append(file);
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
    fn indentation_follows() {
        assert_eq!(next_indentation("def f():"), "    ");
        assert_eq!(next_indentation("if x:  # why"), "    ");
        assert_eq!(next_indentation("def f():\n    x = 1"), "    ");
        assert_eq!(
            next_indentation("if x:\n    for y in z:\n        break"),
            "    "
        );
        assert_eq!(next_indentation("    return (1,"), "    ");
        assert_eq!(next_indentation("passport = ("), "");
    }

    #[test]
    fn strings_complete_paths() {
        assert!(in_string("open('/et"));
        assert!(!in_string("open('/etc') + x"));
        assert!(!in_string("x # it's"));
    }
}
