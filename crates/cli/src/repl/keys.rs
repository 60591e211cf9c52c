//! What keys do beyond the editor's own ways: whole blocks, their indentation, and the history.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rustyline::{
    CharSearch, Cmd, ConditionalEventHandler, Event, EventContext, EventHandler, KeyCode, KeyEvent,
    Modifiers, Movement, RepeatCount,
};
use vivarium::session::wants_more;

use super::gutter;
use super::history::Inputs;

/// Columns of an indentation.
const INDENT: usize = 4;

/// What the keys know beside the text.
pub struct Keys {
    /// The columns before each line but the first.
    pub room: AtomicUsize,
    /// The history.
    pub inputs: Inputs,
}

type Handle = fn(&Keys, &EventContext<'_>) -> Option<Cmd>;

/// A key and what it does; nothing where the editor's own way holds.
struct Key {
    keys: Arc<Keys>,
    handle: Handle,
}

impl ConditionalEventHandler for Key {
    fn handle(
        &self,
        _: &Event,
        _: RepeatCount,
        _: bool,
        context: &EventContext<'_>,
    ) -> Option<Cmd> {
        (self.handle)(&self.keys, context)
    }
}

/// The keys and their handlers.
pub fn bindings(keys: &Arc<Keys>) -> Vec<(KeyEvent, EventHandler)> {
    let plain = |code| KeyEvent(code, Modifiers::NONE);
    let ctrl = |c| KeyEvent(KeyCode::Char(c), Modifiers::CTRL);
    let all: [(KeyEvent, Handle); 19] = [
        (plain(KeyCode::Enter), enter),
        // What was typed while something ran.
        (ctrl('J'), enter),
        (KeyEvent(KeyCode::Enter, Modifiers::ALT), new_line),
        (plain(KeyCode::Tab), tab),
        (plain(KeyCode::BackTab), back_tab),
        (plain(KeyCode::Backspace), backspace),
        (ctrl('H'), backspace),
        (plain(KeyCode::Delete), delete),
        (ctrl('D'), delete),
        (plain(KeyCode::Left), left),
        (ctrl('B'), left),
        (plain(KeyCode::Right), right),
        (ctrl('F'), right),
        (plain(KeyCode::Home), home),
        (ctrl('A'), home),
        (plain(KeyCode::Up), up),
        (plain(KeyCode::Down), down),
        (plain(KeyCode::PageUp), search_backward),
        (plain(KeyCode::PageDown), search_forward),
    ];
    all.into_iter()
        .map(|(event, handle)| {
            let key = Key {
                keys: Arc::clone(keys),
                handle,
            };
            (event, EventHandler::Conditional(Box::new(key)))
        })
        .collect()
}

fn before<'a>(context: &'a EventContext<'_>) -> &'a str {
    context.line().get(..context.pos()).unwrap_or_default()
}

fn after<'a>(context: &'a EventContext<'_>) -> &'a str {
    context.line().get(context.pos()..).unwrap_or_default()
}

// The editor puts its own repeat counts into commands: movements must be such that mean once, as the search for a character.

/// The way to the first character of the line that `after_break` begins with.
fn to_line(after_break: &str, search: fn(char) -> CharSearch) -> Movement {
    match after_break.chars().next() {
        Some(first) => Movement::ViCharSearch(1, search(first)),
        None => Movement::EndOfBuffer,
    }
}

/// Enter: a finished input is accepted; in an unfinished one the next line gets the indentation that follows.
fn enter(keys: &Keys, context: &EventContext<'_>) -> Option<Cmd> {
    keys.inputs.goes_through_all.store(false, Relaxed);
    let text = context.line();
    // A search through the history leaves the cursor within the line.
    let at_end = !text.contains('\n')
        || after(context)
            .trim_matches(|c: char| gutter::is_special(c) || c.is_whitespace())
            .is_empty();
    if is_command(text) || (at_end && !wants_more(&gutter::typed(text))) {
        return Some(Cmd::AcceptLine);
    }
    new_line(keys, context)
}

/// A line break with the indentation that follows, finished or not.
fn new_line(keys: &Keys, context: &EventContext<'_>) -> Option<Cmd> {
    let typed = gutter::typed(before(context));
    let mut text = gutter::line_break(keys.room.load(Relaxed));
    let blanks = next_indentation(&typed);
    if blanks.bytes().all(|b| b == b' ') {
        for _ in 0..blanks.len() / INDENT {
            text.push_str(&gutter::indentation(INDENT));
        }
        text.push_str(&gutter::indentation(blanks.len() % INDENT));
    } else {
        text.push_str(&blanks);
    }
    Some(Cmd::Insert(1, text))
}

/// Tab: indents at the start of a line, and completes elsewhere.
fn tab(_: &Keys, context: &EventContext<'_>) -> Option<Cmd> {
    let (_, line) = gutter::last_line(before(context));
    let line = gutter::typed(line);
    (line.trim().is_empty()).then(|| {
        let columns = INDENT - line.len() % INDENT;
        Cmd::Insert(1, gutter::indentation(columns))
    })
}

/// Takes back the last indentation before the cursor, if there is nothing else before it in the line.
fn dedent(context: &EventContext<'_>) -> Option<Cmd> {
    let (_, line) = gutter::last_line(before(context));
    let made = line.contains(gutter::INDENT) && gutter::typed(line).trim().is_empty();
    let to = Movement::ViCharSearch(1, CharSearch::Backward(gutter::INDENT));
    made.then_some(Cmd::Kill(to))
}

/// Shift-Tab: one indentation less.
fn back_tab(_: &Keys, context: &EventContext<'_>) -> Option<Cmd> {
    dedent(context).or(Some(Cmd::Noop))
}

/// Backspace: takes an indentation at once, and a line break with the room after it.
fn backspace(_: &Keys, context: &EventContext<'_>) -> Option<Cmd> {
    let (marks, line) = gutter::last_line(before(context));
    if line.is_empty() && marks > 0 {
        let to = Movement::ViCharSearch(1, CharSearch::Backward('\n'));
        return Some(Cmd::Kill(to));
    }
    dedent(context)
}

/// Delete: a line break goes with the room after it.
fn delete(_: &Keys, context: &EventContext<'_>) -> Option<Cmd> {
    let line = gutter::after_break(after(context))?;
    Some(Cmd::Kill(to_line(line, CharSearch::ForwardBefore)))
}

fn left(_: &Keys, context: &EventContext<'_>) -> Option<Cmd> {
    let (marks, line) = gutter::last_line(before(context));
    let at_start = line.is_empty() && marks > 0;
    at_start.then_some(Cmd::Move(Movement::ViCharSearch(
        1,
        CharSearch::Backward('\n'),
    )))
}

fn right(_: &Keys, context: &EventContext<'_>) -> Option<Cmd> {
    let line = gutter::after_break(after(context))?;
    Some(Cmd::Move(to_line(line, CharSearch::Forward)))
}

fn home(_: &Keys, context: &EventContext<'_>) -> Option<Cmd> {
    let (marks, _) = gutter::last_line(before(context));
    let search = CharSearch::BackwardAfter(gutter::LAST);
    (marks > 0).then_some(Cmd::Move(Movement::ViCharSearch(1, search)))
}

/// Up: within the block; at its edge to inputs that begin like what is typed, and to all where there are none.
fn up(keys: &Keys, context: &EventContext<'_>) -> Option<Cmd> {
    let (text, typed) = (context.line(), before(context));
    if typed.contains('\n') {
        return None;
    }
    let all = &keys.inputs.goes_through_all;
    let whole = gutter::typed(text);
    let typed = gutter::typed(typed);
    if all.load(Relaxed) && keys.inputs.contains(&whole)
        || typed.is_empty()
        || !keys.inputs.continues(&typed)
    {
        all.store(true, Relaxed);
        return None;
    }
    all.store(false, Relaxed);
    Some(Cmd::HistorySearchBackward)
}

/// Down: the other way.
fn down(keys: &Keys, context: &EventContext<'_>) -> Option<Cmd> {
    let (text, typed) = (context.line(), before(context));
    let searches = !keys.inputs.goes_through_all.load(Relaxed)
        && !typed.is_empty()
        && typed.len() < text.len()
        && !typed.contains('\n');
    (searches && keys.inputs.contains(&gutter::typed(text))).then_some(Cmd::HistorySearchForward)
}

fn search_backward(keys: &Keys, _: &EventContext<'_>) -> Option<Cmd> {
    keys.inputs.goes_through_all.store(false, Relaxed);
    Some(Cmd::HistorySearchBackward)
}

fn search_forward(keys: &Keys, _: &EventContext<'_>) -> Option<Cmd> {
    keys.inputs.goes_through_all.store(false, Relaxed);
    Some(Cmd::HistorySearchForward)
}

/// The blanks that the line after `text` begins with: those of its last line, more after a colon, fewer after what ends a
/// block.
pub fn next_indentation(text: &str) -> String {
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
        blanks.truncate(blanks.len().saturating_sub(INDENT));
    }
    blanks
}

/// Whether a line is for the prompt itself.
pub fn is_command(text: &str) -> bool {
    text.starts_with('%') && !text.contains('\n')
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
}
