//! The text of an exception as CPython's `traceback` module gives it: frames with source lines and carets, chains,
//! notes, groups, suggestions.
//!
//! **Invariant.** Nothing here raises: what goes wrong on the way (a failing `__str__`) becomes a phrase in the text.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::rc::Rc;

use viv_heap::{Object, Ref};

use super::display_width::width;
use super::hints::hint;
use crate::object::{Exception, Int, List, Str, Traceback, Tuple, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::exception::fields::syntax;
use crate::types::exception::{extra, group};
use crate::vm::interp::{Anchors, BrokenSource, KeywordTypo, Mistake};
use crate::vm::{LIBRARY_FOLDER, Vm};

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";
/// Equal frames that are shown before "[Previous line repeated …]".
const REPEATS: usize = 3;
/// Members of a group that are shown.
const GROUP_WIDTH: usize = 15;
/// Groups within groups that are shown.
const GROUP_DEPTH: usize = 10;

/// The whole text of an exception, its causes and contexts first.
pub fn format_exception(vm: &Vm, exception: &Object, paint: Paint) -> String {
    let mut writer = Writer {
        vm,
        paint,
        out: String::new(),
        depth: 0,
    };
    let plan = Plan::new(vm, exception);
    writer.exception(&plan, 0);
    writer.out
}

/// The text of an exception that cannot go on: its own frames without carets, its class and its message.
pub fn format_unraisable(vm: &Vm, exception: &Object) -> String {
    let mut out = String::new();
    if let Some(traceback) = shown_traceback(vm, exception) {
        out.push_str("Traceback (most recent call last):\n");
        out.push_str(&stack(vm, &traceback, Carets::Left, Paint::Plain));
    }
    out.push_str(&class_name(vm, exception));
    match protocol::str(vm, exception) {
        Ok(text) if text.to_text().is_empty() => {}
        Ok(text) => {
            let _ = write!(out, ": {}", text.to_text());
        }
        Err(raised) => {
            drop(vm.take_raised(raised));
            out.push_str(": <exception str() failed>");
        }
    }
    out.push('\n');
    out
}

/// Whether the place in a line is underlined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Carets {
    Shown,
    Left,
}

/// The colours of a terminal, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Text alone.
    Plain,
    /// CPython's colours.
    Colors,
}

impl Paint {
    fn with(self, color: &str, text: &str) -> String {
        match self {
            Paint::Plain => text.to_owned(),
            Paint::Colors => format!("{color}{text}\x1b[0m"),
        }
    }

    /// The class of an exception.
    fn exception(self, text: &str) -> String {
        self.with("\x1b[1;35m", text)
    }

    /// A file, a line, a function or a message.
    fn place(self, text: &str) -> String {
        self.with("\x1b[35m", text)
    }

    /// What is wrong.
    fn error(self, text: &str) -> String {
        self.with("\x1b[1;31m", text)
    }

    /// A line whose characters from `first` to before `last` are wrong.
    fn part(self, text: &str, first: usize, last: usize) -> String {
        if self == Paint::Plain {
            return text.to_owned();
        }
        let chars =
            |from: usize, count: usize| -> String { text.chars().skip(from).take(count).collect() };
        let wrong = self.error(&chars(first, last.saturating_sub(first)));
        format!(
            "{}{wrong}{}",
            chars(0, first),
            chars(last.max(first), usize::MAX)
        )
    }

    /// A line and the marks below it.
    fn marked(self, text: &str, marks: &str) -> (String, String) {
        if self == Paint::Plain {
            return (text.to_owned(), marks.to_owned());
        }
        // As in CPython, characters and marks are paired one by one, however wide the characters are, and the line's end with
        // them: its colour is then given up in the next line.
        let mut left = marks.chars();
        let mut above = text.chars().chain(['\n']);
        let mut parts: Vec<(Option<char>, String, String)> = Vec::new();
        loop {
            let (c, mark) = (above.next(), left.next());
            if c.is_none() && mark.is_none() {
                break;
            }
            match parts.last_mut() {
                Some((last, above, below)) if *last == mark => {
                    above.extend(c);
                    below.extend(mark);
                }
                _ => parts.push((
                    mark,
                    c.map_or_else(String::new, String::from),
                    mark.map_or_else(String::new, String::from),
                )),
            }
        }
        let paint = |mark: &Option<char>, text: &str| match mark {
            Some('^') => self.error(text),
            Some('~') => self.with("\x1b[31m", text),
            _ => text.to_owned(),
        };
        let above: String = parts.iter().map(|(m, above, _)| paint(m, above)).collect();
        let below: String = parts.iter().map(|(m, _, below)| paint(m, below)).collect();
        let (above, rest) = above.split_once('\n').unwrap_or((&above, ""));
        (above.to_owned(), format!("{rest}{below}"))
    }
}

struct Writer<'a> {
    vm: &'a Vm,
    paint: Paint,
    out: String,
    /// Nesting of exception groups.
    depth: usize,
}

/// Which exceptions are shown where. An exception is the cause or the context of one other only, so that cycles end; CPython
/// gives it to the one that it comes to first, the members of a group before the group's own context.
struct Plan {
    nodes: Vec<Node>,
}

/// An exception that is shown.
struct Node {
    exception: Ref,
    /// What led to it, and what is said between the two.
    before: Option<(&'static str, usize)>,
    /// The exceptions of a group.
    members: Vec<usize>,
}

impl Plan {
    fn new(vm: &Vm, exception: &Object) -> Plan {
        let mut plan = Plan { nodes: Vec::new() };
        let mut seen: HashSet<*const Object> = HashSet::new();
        let mut open = vec![plan.add(&mut seen, exception.to_ref())];
        while let Some(at) = open.pop() {
            let Some(exception) = plan.nodes.get(at).map(|n| n.exception.clone()) else {
                continue;
            };
            let Some(fields) = exception.downcast::<Exception>() else {
                continue;
            };
            let fresh = |e: &Ref| !seen.contains(&(&raw const **e));
            let cause = fields.cause.get();
            let led = match cause {
                Some(cause) => Some((CAUSE, cause)).filter(|(_, e)| fresh(e)),
                None if fields.suppress_context.get() => None,
                None => (fields.context.get())
                    .map(|e| (CONTEXT, e))
                    .filter(|(_, e)| fresh(e)),
            };
            if let Some((message, before)) = led {
                let before = plan.add(&mut seen, before);
                open.push(before);
                if let Some(node) = plan.nodes.get_mut(at) {
                    node.before = Some((message, before));
                }
            }
            if Type::of(&exception).is_subtype(&vm.exceptions.BaseExceptionGroup) {
                let members: Vec<usize> = (group::members(&exception).iter())
                    .map(|member| plan.add(&mut seen, member.clone()))
                    .collect();
                open.extend(&members);
                if let Some(node) = plan.nodes.get_mut(at) {
                    node.members = members;
                }
            }
        }
        plan
    }

    fn add(&mut self, seen: &mut HashSet<*const Object>, exception: Ref) -> usize {
        seen.insert(&raw const *exception);
        self.nodes.push(Node {
            exception,
            before: None,
            members: Vec::new(),
        });
        self.nodes.len() - 1
    }
}

impl Writer<'_> {
    /// Writes lines at the depth of the groups around them.
    fn emit(&mut self, text: &str, margin: char) {
        let indent = " ".repeat(2 * self.depth);
        for line in text.split_inclusive('\n') {
            self.out.push_str(&indent);
            if self.depth > 0 {
                self.out.push(margin);
                self.out.push(' ');
            }
            self.out.push_str(line);
        }
    }

    fn exception(&mut self, plan: &Plan, node: usize) {
        let mut chain: Vec<(Option<&'static str>, usize)> = Vec::new();
        let mut next = Some((None, node));
        while let Some((message, at)) = next {
            chain.push((message, at));
            next = (plan.nodes.get(at))
                .and_then(|n| n.before)
                .map(|(message, at)| (Some(message), at));
        }
        // Each message stands between an exception and the one that it led to.
        for (place, (_, node)) in chain.iter().enumerate().rev() {
            let Some(here) = plan.nodes.get(*node) else {
                continue;
            };
            if let Some((Some(message), _)) = chain.get(place + 1) {
                self.emit(message, '|');
            }
            let at = &here.exception;
            if Type::of(at).is_subtype(&self.vm.exceptions.BaseExceptionGroup) {
                self.group(plan, *node);
            } else {
                if let Some(traceback) = shown_traceback(self.vm, at) {
                    self.emit("Traceback (most recent call last):\n", '|');
                    let text = stack(self.vm, &traceback, Carets::Shown, self.paint);
                    self.emit(&text, '|');
                }
                let text = only(self.vm, at, self.paint);
                let text = match self.depth {
                    0 => explained(self.vm, at, &text).unwrap_or(text),
                    _ => text,
                };
                self.emit(&text, '|');
            }
        }
    }

    fn group(&mut self, plan: &Plan, node: usize) {
        let Some(here) = plan.nodes.get(node) else {
            return;
        };
        let exception = &here.exception;
        if self.depth > GROUP_DEPTH {
            self.emit(&format!("... (max_group_depth is {GROUP_DEPTH})\n"), '|');
            return;
        }
        let top = self.depth == 0;
        if top {
            self.depth = 1;
        }
        if let Some(traceback) = shown_traceback(self.vm, exception) {
            self.emit(
                "Exception Group Traceback (most recent call last):\n",
                if top { '+' } else { '|' },
            );
            let text = stack(self.vm, &traceback, Carets::Shown, self.paint);
            self.emit(&text, '|');
        }
        let text = only(self.vm, exception, self.paint);
        self.emit(&text, '|');
        let members = &here.members;
        let shown = members.len().min(GROUP_WIDTH + 1);
        for (i, member) in members.iter().take(shown).enumerate() {
            let title = if i < GROUP_WIDTH {
                (i + 1).to_string()
            } else {
                "...".to_owned()
            };
            let joint = if i == 0 { "+-" } else { "  " };
            let indent = " ".repeat(2 * self.depth);
            let _ = writeln!(
                self.out,
                "{indent}{joint}+---------------- {title} ----------------"
            );
            self.depth += 1;
            if i < GROUP_WIDTH {
                self.exception(plan, *member);
            } else {
                let left = members.len() - GROUP_WIDTH;
                self.emit(
                    &format!(
                        "and {left} more exception{}\n",
                        if left > 1 { "s" } else { "" }
                    ),
                    '|',
                );
            }
            // A nested group that came last has closed the box already.
            let closed = self
                .out
                .ends_with("+------------------------------------\n");
            if i + 1 == shown && !closed {
                let indent = " ".repeat(2 * self.depth);
                let _ = writeln!(self.out, "{indent}+------------------------------------");
            }
            self.depth -= 1;
        }
        if top {
            self.depth = 0;
        }
    }
}

/// A text, or a phrase where making it raised.
fn text_or(vm: &Vm, text: PyResult<Ref<Str>>, phrase: &str) -> String {
    match text {
        Ok(text) => text.to_text().into_owned(),
        Err(raised) => {
            drop(vm.take_raised(raised));
            phrase.to_owned()
        }
    }
}

fn attribute(vm: &Vm, object: &Object, name: &str) -> Option<Ref> {
    let found = vm
        .intern(name)
        .and_then(|name| protocol::get_attr_opt(vm, object, &name));
    match found {
        Ok(value) => value.filter(|v| !vm.is_none(v)),
        Err(raised) => {
            drop(vm.take_raised(raised));
            None
        }
    }
}

/// The name of the class, with its module where that is no builtin.
fn class_name(vm: &Vm, exception: &Object) -> String {
    let class = Type::of(exception);
    let name = class
        .qualname
        .get()
        .map_or_else(String::new, |n| n.to_text().into_owned());
    let Some(module) = attribute(vm, &class.head, "__module__") else {
        return name;
    };
    let module = module.downcast::<Str>().map(Str::to_text);
    match module.as_deref() {
        Some("__main__" | "builtins") => name,
        Some(module) => format!("{module}.{name}"),
        None => format!("<unknown>.{name}"),
    }
}

fn only(vm: &Vm, exception: &Object, paint: Paint) -> String {
    let name = class_name(vm, exception);
    let mut out = String::new();
    if Type::of(exception).is_subtype(&vm.exceptions.SyntaxError)
        && let Some(fields) = exception.downcast::<Exception>()
    {
        syntax_error(vm, fields, &name, paint, &mut out);
    } else {
        let text = text_or(vm, protocol::str(vm, exception), "<exception str() failed>");
        let hint = hint(vm, exception).unwrap_or_default();
        if text.is_empty() && hint.is_empty() {
            let _ = writeln!(out, "{}", paint.exception(&name));
        } else {
            let _ = writeln!(
                out,
                "{}: {}",
                paint.exception(&name),
                paint.place(&format!("{text}{hint}"))
            );
        }
    }
    let notes = match vm
        .intern("__notes__")
        .and_then(|name| protocol::get_attr_opt(vm, exception, &name))
    {
        Ok(notes) => notes.filter(|notes| !vm.is_none(notes)),
        Err(raised) => {
            let error = vm.take_raised(raised);
            let text = text_or(vm, protocol::repr(vm, &error), "<__notes__ repr() failed>");
            let _ = writeln!(out, "Ignored error getting __notes__: {text}");
            None
        }
    };
    if let Some(notes) = notes {
        let list = notes.downcast::<List>().map(List::snapshot);
        let items = list.or_else(|| notes.downcast::<Tuple>().map(|t| t.as_slice().to_vec()));
        let texts = match items {
            Some(items) => (items.iter())
                .map(|note| text_or(vm, protocol::str(vm, note), "<note str() failed>"))
                .collect(),
            None => vec![text_or(
                vm,
                protocol::repr(vm, &notes),
                "<__notes__ repr() failed>",
            )],
        };
        for line in texts.iter().flat_map(|text| text.split('\n')) {
            let _ = writeln!(out, "{line}");
        }
    }
    out
}

/// The place of a SyntaxError in its source, and its message.
fn syntax_error(vm: &Vm, error: &Exception, name: &str, paint: Paint, out: &mut String) {
    let text = |index: usize| extra(error, index).filter(|v| !vm.is_none(v));
    let number = |index: usize| text(index).and_then(|v| v.downcast::<Int>().and_then(Int::as_i64));
    let string = |index: usize| {
        text(index).and_then(|v| v.downcast::<Str>().map(|s| s.to_text().into_owned()))
    };
    let filename = text(syntax::FILENAME).map(|f| text_or(vm, protocol::str(vm, &f), ""));
    let line = number(syntax::LINENO);
    if let Some(line) = line {
        let _ = writeln!(
            out,
            "  File {}, line {}",
            paint.place(&format!(
                "\"{}\"",
                filename.as_deref().unwrap_or("<string>")
            )),
            paint.place(&line.to_string())
        );
    }
    let typo = keyword_typo(vm, error, filename.as_deref(), line);
    let (typo_text, typo_columns) = match &typo {
        Some(typo) => (typo.text.clone(), Some(typo.columns)),
        None => (None, None),
    };
    let source = typo_text.or_else(|| string(syntax::TEXT)).or_else(|| {
        let line = usize::try_from(line?).ok()?;
        source_lines(vm, filename.as_deref()?)?
            .get(line.checked_sub(1)?)
            .cloned()
    });
    if let (Some(source), Some(_)) = (source, line) {
        let right = source.trim_end_matches('\n');
        let shown = right.trim_start_matches([' ', '\n', '\x0c']);
        let spaces = (right.chars().count() - shown.chars().count()) as i64;
        let mut marked: Option<(usize, usize)> = None;
        let mut carets = String::new();
        let columns = typo_columns.map(|(start, end)| (i64::from(start), i64::from(end)));
        if let Some(offset) = columns.map(|c| c.0).or_else(|| number(syntax::OFFSET)) {
            let length = right.chars().count() as i64;
            let whole = source.chars().count() as i64;
            let same_line = typo_columns.is_some() || number(syntax::END_LINENO) == line;
            let mut end = match columns.map(|c| c.1).or_else(|| number(syntax::END_OFFSET)) {
                _ if !same_line => length + 1,
                None | Some(0) => offset,
                Some(end) => end,
            };
            let within = |at: i64| {
                if whole > 0 && at > whole {
                    length + 1
                } else {
                    at
                }
            };
            let offset = within(offset);
            end = within(end);
            if offset >= end || end < 0 {
                end = offset + 1;
            }
            let (first, last) = (offset - 1 - spaces, end - 1 - spaces);
            if first >= 0 {
                let lead: String = shown
                    .chars()
                    .chain(std::iter::repeat(' '))
                    .take(first as usize)
                    .map(|c| if c.is_whitespace() { c } else { ' ' })
                    .collect();
                let count = (last - first).max(0) as usize;
                marked = Some((first as usize, first as usize + count));
                let _ = writeln!(carets, "    {lead}{}", paint.error(&"^".repeat(count)));
            }
        }
        let shown = match marked {
            Some((first, last)) => paint.part(shown, first, last),
            None => shown.to_owned(),
        };
        let _ = write!(out, "    {shown}\n{carets}");
    }
    let message = match typo {
        Some(typo) => typo.message,
        None => text(syntax::MSG).map_or_else(
            || "<no detail available>".to_owned(),
            |m| text_or(vm, protocol::str(vm, &m), ""),
        ),
    };
    match (&filename, line) {
        (Some(filename), None) => {
            let (name, message) = (paint.exception(name), paint.place(&message));
            let _ = writeln!(out, "{name}: {message} ({filename})");
        }
        _ => {
            let _ = writeln!(out, "{}: {}", paint.exception(name), paint.place(&message));
        }
    }
}

/// What the program has to say about a mistake, if it wants to.
fn explained(vm: &Vm, exception: &Object, plain: &str) -> Option<String> {
    let explain = vm.explain.borrow().clone()?;
    let is_syntax = Type::of(exception).is_subtype(&vm.exceptions.SyntaxError);
    if !is_syntax && !Type::of(exception).is_subtype(&vm.exceptions.NameError) {
        return None;
    }
    let mut mistake = Mistake {
        class: class_name(vm, exception),
        message: String::new(),
        filename: String::new(),
        source: String::new(),
        line: 0,
        column: 0,
        end_line: 0,
        end_column: 0,
        is_line: false,
        plain: plain.to_owned(),
    };
    if !is_syntax {
        mistake.message = text_or(vm, protocol::str(vm, exception), "");
        return Some(explain(&mistake));
    }
    let error = exception.downcast::<Exception>()?;
    let value = |index: usize| extra(error, index).filter(|v| !vm.is_none(v));
    let number = |index: usize| value(index)?.downcast::<Int>()?.as_i64();
    let string = |index: usize| Some(value(index)?.downcast::<Str>()?.to_text().into_owned());
    mistake.message = string(syntax::MSG)?;
    mistake.filename = string(syntax::FILENAME)?;
    mistake.line = number(syntax::LINENO)?;
    mistake.column = number(syntax::OFFSET).unwrap_or(0);
    mistake.end_line = number(syntax::END_LINENO).unwrap_or(mistake.line);
    mistake.end_column = number(syntax::END_OFFSET).unwrap_or(0);
    if let Some(typo) = keyword_typo(vm, error, Some(&mistake.filename), Some(mistake.line)) {
        mistake.message = typo.message;
        (mistake.column, mistake.end_column) =
            (i64::from(typo.columns.0), i64::from(typo.columns.1));
    }
    let whole = source_lines(vm, &mistake.filename);
    mistake.is_line = whole.is_none();
    mistake.source = match whole {
        Some(lines) => lines.join("\n"),
        None => string(syntax::TEXT).unwrap_or_default(),
    };
    Some(explain(&mistake))
}

/// The misspelt keyword that a SyntaxError may come from.
fn keyword_typo(
    vm: &Vm,
    error: &Exception,
    filename: Option<&str>,
    line: Option<i64>,
) -> Option<KeywordTypo> {
    let metadata = extra(error, syntax::METADATA)?;
    let [statement_line, _, source] = metadata.downcast::<Tuple>()?.as_slice() else {
        return None;
    };
    let message = extra(error, syntax::MSG)?;
    let message = message.downcast::<Str>()?.to_text();
    let statement_line = statement_line.downcast::<Int>()?.as_i64()?;
    let (source, from_file) = match source.downcast::<Str>() {
        Some(source) => (source.to_text().into_owned(), false),
        None => (source_lines(vm, filename?)?.join("\n"), true),
    };
    vm.compiler.keyword_typo(&BrokenSource {
        source: &source,
        from_file,
        statement_line: u32::try_from(statement_line).ok()?,
        line: u32::try_from(line?).ok()?,
        message: &message,
    })
}

/// The lines of a source file that tracebacks have shown, with what tells whether the file has changed since.
pub struct ShownSource {
    stamp: Option<(std::time::SystemTime, u64)>,
    /// Whether the lines were registered: then they are those of the name, whatever any file says.
    kept: bool,
    lines: Rc<[String]>,
}

impl FromIterator<String> for ShownSource {
    /// Lines to be registered under a name that need not be a file's.
    fn from_iter<T: IntoIterator<Item = String>>(lines: T) -> ShownSource {
        ShownSource {
            stamp: None,
            kept: true,
            lines: lines.into_iter().collect(),
        }
    }
}

/// The lines of a source file.
fn source_lines(vm: &Vm, filename: &str) -> Option<Rc<[String]>> {
    if let Some(shown) = (vm.sources.borrow().get(filename)).filter(|shown| shown.kept) {
        return Some(shown.lines.clone());
    }
    let in_library = filename.starts_with(LIBRARY_FOLDER);
    if filename.starts_with('<') && !in_library {
        return None;
    }
    let path = std::path::Path::new(filename);
    let stamp = match in_library {
        true => None,
        false => (std::fs::metadata(path).ok()).and_then(|m| Some((m.modified().ok()?, m.len()))),
    };
    if let Some(shown) = (vm.sources.borrow().get(filename)).filter(|shown| shown.stamp == stamp) {
        return Some(shown.lines.clone());
    }
    let bytes = super::import::read_source(vm, path).ok()?;
    let text = match super::codecs::decode_source(vm, &bytes) {
        Some(text) => text,
        None => String::from_utf8_lossy(&bytes).into_owned(),
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines: Rc<[String]> = (text.replace("\r\n", "\n").split('\n'))
        .map(str::to_owned)
        .collect();
    let shown = ShownSource {
        stamp,
        kept: false,
        lines: lines.clone(),
    };
    vm.sources.borrow_mut().insert(filename.to_owned(), shown);
    Some(lines)
}

/// A line of a source file, from 1.
pub fn source_line(vm: &Vm, filename: &str, line: i64) -> Option<String> {
    let index = usize::try_from(line - 1).ok()?;
    source_lines(vm, filename)?.get(index).cloned()
}

/// The traceback of an exception; of a long one the last entries, where `sys.tracebacklimit` says how many.
fn shown_traceback(vm: &Vm, exception: &Object) -> Option<Ref> {
    let first = exception.downcast::<Exception>()?.traceback.get()?;
    let limit = match vm.sys.get_str(vm, &vm.names.tracebacklimit) {
        Some(limit) => limit,
        None => return Some(first),
    };
    let Some(limit) = limit.downcast::<Int>() else {
        return Some(first);
    };
    let limit = match limit.as_i64() {
        Some(limit) => usize::try_from(limit).unwrap_or(0),
        None if limit.signum() > 0 => usize::MAX,
        None => 0,
    };
    let next = |at: &Ref| {
        let next = at.downcast::<Traceback>()?.next.get()?;
        Some(next.upcast())
    };
    let all: Vec<Ref> = std::iter::successors(Some(first), next).collect();
    all.get(all.len().saturating_sub(limit)).cloned()
}

/// One frame of a traceback.
struct Entry {
    filename: String,
    name: String,
    at: viv_bytecode::Location,
    /// The lines of text that has no file.
    typed: Option<Rc<[String]>>,
}

fn stack(vm: &Vm, traceback: &Object, carets: Carets, paint: Paint) -> String {
    let mut out = String::new();
    let mut at = Some(traceback.to_ref());
    let (mut last, mut count): (Option<(String, u32, String)>, usize) = (None, 0);
    while let Some(this) = at.take() {
        let Some(traceback) = this.downcast::<Traceback>() else {
            break;
        };
        let code = &traceback.frame.code;
        let mut place = code.source.location(traceback.word as usize);
        if let Some(line) = traceback.line {
            place = viv_bytecode::Location {
                line,
                ..Default::default()
            };
        }
        let filename = code.filename.to_text().into_owned();
        let typed =
            (vm.typed.borrow()).lines(&filename, &code.qualname.to_text(), code.source.firstlineno);
        let entry = Entry {
            filename,
            typed,
            name: code.name.to_text().into_owned(),
            at: place,
        };
        let key = (entry.filename.clone(), place.line, entry.name.clone());
        if last.as_ref() != Some(&key) {
            repeated(&mut out, count);
            last = Some(key);
            count = 0;
        }
        count += 1;
        if count <= REPEATS {
            frame(vm, &entry, carets, paint, &mut out);
        }
        at = traceback.next.get().map(Ref::upcast);
    }
    repeated(&mut out, count);
    out
}

fn repeated(out: &mut String, count: usize) {
    if count > REPEATS {
        let more = count - REPEATS;
        let _ = writeln!(
            out,
            "  [Previous line repeated {more} more time{}]",
            if more > 1 { "s" } else { "" }
        );
    }
}

fn frame(vm: &Vm, entry: &Entry, carets: Carets, paint: Paint, out: &mut String) {
    let at = entry.at;
    let _ = writeln!(
        out,
        "  File {}, line {}, in {}",
        paint.place(&format!("\"{}\"", entry.filename)),
        paint.place(&at.line.to_string()),
        paint.place(&entry.name)
    );
    if at.line == 0 {
        return;
    }
    if carets == Carets::Left && entry.filename.starts_with('<') {
        // Only what stands in files is shown here, as CPython's own printer has it.
        return;
    }
    let Some(lines) = (entry.typed.clone()).or_else(|| source_lines(vm, &entry.filename)) else {
        return;
    };
    let first = at.line as usize - 1;
    let last = (at.end_line.max(at.line) as usize).min(lines.len());
    let Some(original) = lines.get(first..last).filter(|l| !l.is_empty()) else {
        return;
    };
    let has_columns = carets == Carets::Shown
        && vm.config.settings.debug_ranges
        && (at.end_line, at.end_col) > (at.line, at.col);
    if !has_columns {
        if !original[0].trim().is_empty() {
            let _ = writeln!(out, "    {}", original[0].trim());
        }
        return;
    }
    for line in segment(vm, original, at.col as usize, at.end_col as usize, paint) {
        let _ = writeln!(out, "    {line}");
    }
}

/// Characters before a byte column.
fn chars_before(line: &str, byte: usize) -> usize {
    line.char_indices().take_while(|(i, _)| *i < byte).count()
}

/// The lines of an instruction without their common indentation, and carets below them.
fn segment(vm: &Vm, original: &[String], col: usize, end_col: usize, paint: Paint) -> Vec<String> {
    let indent = original
        .iter()
        .filter(|l| !l.trim().is_empty())
        .map(|l| l.len() - l.trim_start().len())
        .min()
        .unwrap_or(0);
    let lines: Vec<&str> = original
        .iter()
        .map(|l| l.get(indent..).unwrap_or(""))
        .map(|l| {
            if l.trim().is_empty() {
                ""
            } else {
                l.trim_end_matches(['\n', '\r'])
            }
        })
        .collect();
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
        return Vec::new();
    };
    let start = col.saturating_sub(indent).min(first.len());
    let end = end_col.saturating_sub(indent).min(last.len());
    let whole = lines.join("\n");
    let anchors = whole
        .get(start..whole.len() - (last.len() - end))
        .and_then(|text| vm.compiler.anchors(text));
    let anchors = anchors.map(|a| {
        let shift = |(line, column): (usize, usize)| {
            (line, if line == 0 { column + start } else { column })
        };
        Anchors {
            left: shift(a.left),
            right: shift(a.right),
        }
    });
    let before = first.get(..start).unwrap_or("").trim_start();
    let after = last.get(end..).unwrap_or("").trim_end();
    let carets = !vm.compiler.is_plain_call(&whole, start, end)
        && (anchors.is_some() || !before.is_empty() || !after.is_empty());
    let count = lines.len();
    let mut significant = vec![0, count - 1];
    if let Some(a) = anchors {
        for line in [a.left.0, a.right.0] {
            significant.extend(line.saturating_sub(1)..=line + 1);
        }
    }
    significant.retain(|line| *line < count);
    significant.sort_unstable();
    significant.dedup();
    let mut result = Vec::new();
    let show = |line: usize, result: &mut Vec<String>| {
        let text = lines[line];
        if !carets {
            result.push(text.to_owned());
            return;
        }
        let end = if line + 1 == count { end } else { text.len() };
        let marks = underline(text, line, start, end, anchors);
        let (text, marks) = paint.marked(text, &marks);
        result.push(text);
        result.push(marks);
    };
    let mut previous: Option<usize> = None;
    for line in significant {
        match previous.map(|p| line - p) {
            Some(2) => show(line - 1, &mut result),
            Some(gap) if gap > 2 => result.push(format!("...<{} lines>...", gap - 1)),
            _ => {}
        }
        show(line, &mut result);
        previous = Some(line);
    }
    result
}

/// The carets below one line.
fn underline(
    text: &str,
    line: usize,
    start: usize,
    end: usize,
    anchors: Option<Anchors>,
) -> String {
    let spaces = text.len() - text.trim_start().len();
    let mut out = String::new();
    for (byte, c) in text.char_indices().take(chars_before(text, end)) {
        let here = (line, byte);
        let mark = if byte < spaces || (line == 0 && byte < start) {
            ' '
        } else {
            match anchors {
                Some(a) if here >= a.left && here < a.right => '^',
                Some(_) => '~',
                None => '^',
            }
        };
        for _ in 0..width(c) {
            out.push(mark);
        }
    }
    out
}
