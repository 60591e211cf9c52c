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
    /// The column (`.offset`) in characters, from 1; 0 if there is none.
    pub col: u32,
    /// `.end_lineno`; 0 if there is none.
    pub end_line: u32,
    /// `.end_offset` in characters, from 1.
    pub end_col: u32,
    /// The line of source the error stands in (`.text`), with its newline where it has one.
    pub text: Option<String>,
    /// More input could complete the source: an interactive prompt should ask for the next line.
    pub incomplete: bool,
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
}
