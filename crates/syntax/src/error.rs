//! Why a source was refused: what becomes `SyntaxError`, `IndentationError` or `TabError`.

/// The exception class an error becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// `SyntaxError`
    Syntax,
    /// `IndentationError`
    Indentation,
    /// `TabError`
    Tab,
    /// `MemoryError`: the parser's stack is exhausted.
    Memory,
    /// `RecursionError`: the tree is too deep.
    Recursion,
}

/// A refusal, with CPython's message and position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The exception class.
    pub kind: ErrorKind,
    /// The message (`.msg`).
    pub msg: String,
    /// The line (`.lineno`), from 1; 0 if there is none.
    pub line: u32,
    /// The column (`.offset`) in characters, from 1; 0 or -1 if there is none.
    pub col: i32,
    /// `.end_lineno`; 0 if there is none.
    pub end_line: u32,
    /// `.end_offset` in characters, from 1; 0 or -1 if there is none.
    pub end_col: i32,
    /// The line of source the error stands in (`.text`), with its newline where it has one.
    pub text: Option<String>,
    /// The line of the last compound statement that was whole before the error, from which on a misspelt keyword is looked for
    /// ([`keyword_typo`](crate::keyword_typo)); 0 if there was none.
    pub statement_line: u32,
    /// More input could complete the source: an interactive prompt should ask for the next line.
    pub incomplete: bool,
    /// Warnings found before the error.
    pub warnings: Vec<Warning>,
}

/// A warning found while reading the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// `DeprecationWarning` instead of `SyntaxWarning`.
    pub deprecation: bool,
    /// The message.
    pub msg: String,
    /// The line, from 1.
    pub line: u32,
    /// The first column, a utf-8 byte offset from 0.
    pub col: u32,
    /// The characters from there that it is about; 0 where only the place is known.
    pub width: u32,
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.msg)
    }
}

impl std::error::Error for SyntaxError {}

impl SyntaxError {
    /// Gives the text its newline, or takes it away, as CPython does: a line that its tokenizer has left behind has none. At
    /// the end of a file one is understood.
    pub(crate) fn finish_text(&mut self, current: bool, file: bool) {
        let Some(text) = &mut self.text else { return };
        if !current && text.ends_with('\n') {
            text.pop();
        } else if current && file && !text.ends_with('\n') {
            text.push('\n');
        }
    }

    /// An error without its line of text.
    #[must_use]
    pub fn new(
        kind: ErrorKind,
        msg: impl Into<String>,
        at: (u32, i32),
        end: (u32, i32),
    ) -> SyntaxError {
        SyntaxError {
            kind,
            msg: msg.into(),
            line: at.0,
            col: at.1,
            end_line: end.0,
            end_col: end.1,
            text: None,
            statement_line: 0,
            incomplete: false,
            warnings: Vec::new(),
        }
    }
}

/// An error that covers a place in the source.
pub(crate) fn at_span(
    source: &crate::source::Source<'_>,
    kind: ErrorKind,
    msg: impl Into<String>,
    span: crate::ast::Span,
) -> SyntaxError {
    let col = |line: u32, col: u32| {
        let start = source.line_start(line);
        source.char_col(start, start + col as usize) + 1
    };
    let at = (span.line, col(span.line, span.col));
    let end = if span.end_line == span.line {
        col(span.end_line, span.end_col)
    } else {
        // CPython counts the characters of the last column in the text of the first line.
        let text = source.line_text(span.line).unwrap_or_default();
        let text = text.trim_end_matches('\n');
        crate::source::chars_of_bytes(text, span.end_col as usize + 1)
    };
    let end = (span.end_line, end);
    let mut error = SyntaxError::new(kind, msg, at, end);
    error.text = source.line_text(span.line);
    error
}

/// An error at the last token that was read. Where the source ends, CPython's tokens have no column: it points behind the
/// last line.
pub(crate) fn at_last_read(
    source: &crate::source::Source<'_>,
    msg: &str,
    token: crate::lexer::Token,
) -> SyntaxError {
    if !token.has_no_column() {
        return at_span(source, ErrorKind::Syntax, msg, token.span);
    }
    let line = token.span.line;
    let start = source.line_start(line);
    let col = source.char_col(start, start + token.span.end_col as usize);
    let mut error = SyntaxError::new(ErrorKind::Syntax, msg, (line, col), (line, -1));
    error.text = source.line_text(line);
    error
}
