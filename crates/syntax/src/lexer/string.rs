//! String literals without fields, and the check of prefixes that do not go together.

use super::{ErrorKind, Kind, LexError, Lexer, Step, SyntaxError, Token};
use crate::ast::Span;

impl Lexer<'_> {
    /// Scans the rest of a string whose prefix and first quote have been read.
    pub(super) fn string(&mut self) -> Step<()> {
        let start = self.lex.span().start;
        let open = self.pos();
        let quote = self.bytes[open - 1];
        let (line, line_start) = (self.line, self.line_start);
        let rest = &self.bytes[open..];
        if rest.starts_with(&[quote, quote]) {
            let mut pos = open + 2;
            loop {
                let Some(i) = memchr::memchr3(quote, b'\\', b'\n', &self.bytes[pos..]) else {
                    return Err(self.unterminated_triple(start, quote, line, line_start));
                };
                pos += i;
                match self.bytes[pos] {
                    b'\\' => {
                        if self.bytes.get(pos + 1) == Some(&b'\n') {
                            self.next_joined_line(pos + 2);
                        }
                        pos = (pos + 2).min(self.bytes.len());
                        // Stay on a character boundary: only ASCII is looked for, so any byte may be skipped.
                    }
                    b'\n' => {
                        pos += 1;
                        self.next_joined_line(pos);
                    }
                    _ if self.bytes[pos..].starts_with(&[quote; 3]) => {
                        self.finish_string(start, open, pos + 3, line, line_start);
                        return Ok(());
                    }
                    _ => pos += 1,
                }
            }
        }
        let mut pos = open;
        let mut escaped_quote = false;
        loop {
            match memchr::memchr3(quote, b'\\', b'\n', &self.bytes[pos..]) {
                Some(i) if self.bytes[pos + i] == quote => {
                    self.finish_string(start, open, pos + i + 1, line, line_start);
                    return Ok(());
                }
                Some(i) if self.bytes[pos + i] == b'\\' => {
                    let next = self.bytes.get(pos + i + 1);
                    if next == Some(&b'\n') {
                        self.next_joined_line(pos + i + 2);
                    }
                    escaped_quote |= next == Some(&quote);
                    pos = (pos + i + 2).min(self.bytes.len());
                }
                found => {
                    let mut error =
                        self.unterminated(start, quote, escaped_quote, line, line_start);
                    // A file's last line ends with a newline, written or not; only an escape reaches past it.
                    let past = pos > open && pos >= self.bytes.len();
                    error.error.incomplete |= found.is_none() && (past || !self.file);
                    return Err(error);
                }
            }
        }
    }

    fn finish_string(
        &mut self,
        start: usize,
        open: usize,
        end: usize,
        line: u32,
        line_start: usize,
    ) {
        self.lex.bump(end - open);
        let span = Span {
            line,
            col: (start - line_start) as u32,
            end_line: self.line,
            end_col: (end - self.line_start) as u32,
        };
        self.tokens.push(Token {
            kind: Kind::String,
            start: start as u32,
            end: end as u32,
            span,
        });
    }

    fn unterminated_triple(
        &mut self,
        start: usize,
        quote: u8,
        line: u32,
        line_start: usize,
    ) -> Box<LexError> {
        if let Some(error) = self.unclosed_field(start, quote, true, line, line_start) {
            return error;
        }
        let last = self.source.last_line();
        let msg = format!("unterminated triple-quoted string literal (detected at line {last})");
        let mut error = self.error_from_start(msg, start, line, line_start);
        error.error.incomplete = true;
        error
    }

    fn unterminated(
        &mut self,
        start: usize,
        quote: u8,
        escaped_quote: bool,
        line: u32,
        line_start: usize,
    ) -> Box<LexError> {
        if let Some(error) = self.unclosed_field(start, quote, false, line, line_start) {
            return error;
        }
        let mut msg = format!(
            "unterminated string literal (detected at line {})",
            self.line.min(self.source.last_line())
        );
        if escaped_quote {
            msg.push_str("; perhaps you escaped the end quote?");
        }
        self.error_from_start(msg, start, line, line_start)
    }

    /// Quotes equal to the enclosing f-string's own are rather the end of that f-string: its field is not closed.
    fn unclosed_field(
        &mut self,
        start: usize,
        quote: u8,
        triple: bool,
        line: u32,
        line_start: usize,
    ) -> Option<Box<LexError>> {
        let ft = self.ftstrings.last()?;
        if ft.quote != quote || ft.triple != triple {
            return None;
        }
        let msg = format!("{}: expecting '}}'", ft.word());
        Some(self.error_from_start(msg, start, line, line_start))
    }

    /// An error at the first character of a token that began at `start`.
    pub(super) fn error_from_start(
        &mut self,
        msg: String,
        start: usize,
        line: u32,
        line_start: usize,
    ) -> Box<LexError> {
        let col = self.source.char_col(line_start, start) + 1;
        let mut error = SyntaxError::new(ErrorKind::Syntax, msg, (line, col), (line, col));
        error.text = self.source.line_text(line);
        error.finish_text(false, self.file);
        Box::new(LexError {
            error,
            unclosed_line: None,
            in_ftstring: false,
            quiet: false,
            open: None,
        })
    }

    /// Called after a name: letters that stand directly before a quote and are prefixes, but not of one string.
    pub(super) fn check_prefixes(&mut self) -> Step<()> {
        let span = self.lex.span();
        if span.len() > 5 || !matches!(self.peek(0), b'"' | b'\'') {
            return Ok(());
        }
        let mut seen = Vec::new();
        for b in self.bytes[span.clone()].iter().map(u8::to_ascii_lowercase) {
            if !b"burft".contains(&b) || seen.contains(&b) {
                return Ok(());
            }
            seen.push(b);
        }
        for (a, b) in [
            (b'u', b'b'),
            (b'u', b'r'),
            (b'u', b'f'),
            (b'u', b't'),
            (b'b', b'f'),
            (b'b', b't'),
            (b'f', b't'),
        ] {
            if seen.contains(&a) && seen.contains(&b) {
                let msg = format!(
                    "'{}' and '{}' prefixes are incompatible",
                    char::from(a),
                    char::from(b)
                );
                let col = self.source.char_col(self.line_start, span.start) + 1;
                let end = self.source.char_col(self.line_start, span.end) + 1;
                return Err(self.error_columns(&msg, col, end));
            }
        }
        Ok(())
    }
}
