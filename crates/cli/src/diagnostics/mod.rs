//! Mistakes shown with their place and advice: syntax errors, names of other languages, and wrong usage of the command.
//!
//! Where standard error is no terminal the text is CPython's, unless `--diagnostics` asks for something else.

mod advice;
mod foreign;
mod json;

use std::io::IsTerminal as _;
use std::rc::Rc;

use clap::ValueEnum;
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode,
};
use vivarium::runtime::vm::interp::{Explain, Mistake};

use crate::repl::wants_color;

/// How mistakes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Style {
    /// CPython's text.
    Text,
    /// The place underlined, with advice.
    Rich,
    /// One JSON object a line.
    Json,
}

/// What shows mistakes, if not CPython's text.
pub fn explain(style: Option<Style>, ignore_environment: bool) -> Option<Explain> {
    let terminal = std::io::stderr().is_terminal();
    match style.unwrap_or(if terminal { Style::Rich } else { Style::Text }) {
        Style::Text => None,
        Style::Rich => {
            let colors = wants_color(ignore_environment, terminal);
            Some(Rc::new(move |mistake| rich(mistake, colors)))
        }
        Style::Json => Some(Rc::new(|mistake| {
            json::line(mistake, advice::of(mistake).as_ref())
        })),
    }
}

/// What is wrong with the command line.
pub fn usage(style: Option<Style>, message: &str, code: u8) -> String {
    if style != Some(Style::Json) {
        return message.to_owned();
    }
    json::usage(message.lines().next().unwrap_or_default(), code)
}

/// A mistake as miette reads it.
#[derive(Debug)]
struct Report {
    class: String,
    message: String,
    source: NamedSource<String>,
    label: Option<LabeledSpan>,
    help: Option<String>,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(&self.class))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(self.help.as_ref()?))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.label.clone().into_iter()))
    }
}

fn rich(mistake: &Mistake, colors: bool) -> String {
    let advice = advice::of(mistake);
    if mistake.filename.is_empty() {
        // There is no place of its own to show: the traceback has done that.
        return match advice {
            Some(advice) => format!("{}  help: {}\n", mistake.plain, advice.help),
            None => mistake.plain.clone(),
        };
    }
    let part = advice.as_ref().and_then(|a| a.part.clone());
    let Some((start, length)) = place(mistake, part.clone()) else {
        return mistake.plain.clone();
    };
    let label = advice.as_ref().and_then(|a| a.label.clone());
    let source = padded(mistake);
    let report = Report {
        class: mistake.class.clone(),
        // What CPython guesses from words of other languages leads astray.
        message: match part {
            Some(_) => "invalid syntax".to_owned(),
            None => mistake.message.clone(),
        },
        label: Some(LabeledSpan::new(
            Some(label.unwrap_or_else(|| default_label(mistake, source.get(start..)))),
            start,
            length,
        )),
        source: NamedSource::new(&mistake.filename, source),
        help: advice.map(|a| a.help),
    };
    let theme = if colors {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(100)
        .with_links(false);
    let mut text = String::new();
    match handler.render_report(&mut text, &report) {
        Ok(()) => text.trim_start_matches('\n').to_owned(),
        Err(_) => mistake.plain.clone(),
    }
}

/// What is said at the place where no advice says more: the word or sign that is there.
fn default_label(mistake: &Mistake, rest: Option<&str>) -> String {
    if mistake.message != "invalid syntax" {
        return "here".to_owned();
    }
    let rest = rest.unwrap_or_default();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let word: String = rest.chars().take_while(|&c| is_word(c)).collect();
    match rest.chars().next() {
        None | Some('\n' | '\r') => "the line ends too early".to_owned(),
        Some(c) if word.is_empty() => format!("`{c}` is not expected here"),
        Some(_) => format!("`{word}` is not expected here"),
    }
}

/// The source; a lone line stands behind as many line ends as there are lines before it, so that its number is right.
fn padded(mistake: &Mistake) -> String {
    if mistake.is_line {
        let before = usize::try_from(mistake.line - 1).unwrap_or(0).min(100_000);
        format!("{}{}", "\n".repeat(before), mistake.source)
    } else {
        mistake.source.clone()
    }
}

/// The bytes of the source that are wrong: where they begin and how many they are. A part of the line that the advice is about
/// goes before what the mistake itself says.
fn place(mistake: &Mistake, part: Option<std::ops::Range<usize>>) -> Option<(usize, usize)> {
    let source = padded(mistake);
    let line = usize::try_from(mistake.line).ok()?.checked_sub(1)?;
    let start: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let text = source.get(start..)?.split('\n').next().unwrap_or_default();
    if let Some(part) = part {
        return Some((start + part.start, part.len().max(1)));
    }
    let byte = |column: i64| {
        let before = usize::try_from(column - 1).unwrap_or(0);
        text.char_indices().nth(before).map_or(text.len(), |c| c.0)
    };
    let first = byte(mistake.column.max(1));
    let last = if mistake.end_line > mistake.line {
        text.len()
    } else {
        byte(mistake.end_column)
    };
    Some((start + first, last.saturating_sub(first).max(1)))
}
