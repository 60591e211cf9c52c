//! Lines: newlines, indentation, continuation, and the end of the source.

use super::{ErrorKind, Kind, LexError, Lexer, MAX_INDENTS, Step, SyntaxError, TAB_SIZE};
use crate::ast::Span;

impl Lexer<'_> {
    pub(super) fn newline(&mut self, comment: Option<usize>) {
        // The at-line-start logic has skipped blank lines; inside brackets a newline is only white space.
        if self.brackets.is_empty() {
            // The token takes in the comment before it, as CPython's does.
            let span = self.lex.span();
            self.push_range(Kind::Newline, comment.unwrap_or(span.start), span.end);
            self.at_line_start = true;
        }
        self.next_line(self.pos());
    }

    pub(super) fn continuation(&mut self) -> Step<()> {
        let pos = self.pos();
        match self.bytes.get(pos) {
            Some(b'\n') => {
                self.lex.bump(1);
                self.next_joined_line(pos + 1);
                if pos + 1 >= self.bytes.len() {
                    return Err(self.eof_error());
                }
                Ok(())
            }
            None if self.file => Err(self.eof_error()),
            None => {
                let msg = "unexpected character after line continuation character";
                let mut error = self.error_at(msg, pos);
                (error.error.end_col, error.quiet) = (0, true);
                error.error.text = self.source.line_text(self.line);
                error.error.finish_text(true, self.file);
                Err(error)
            }
            Some(_) => {
                let end = pos + self.char_len(pos);
                let msg = "unexpected character after line continuation character";
                let col = self.joined_col(end);
                let mut error = self.error_columns(msg, col, col);
                (error.error.end_col, error.quiet) = (0, true);
                error.error.text = self.source.line_text(self.line);
                error.error.finish_text(true, self.file);
                Err(error)
            }
        }
    }

    /// The column of `end` as CPython computes it after a backslash: it counts the bytes from the first of the joined lines,
    /// and looks that many up in the last of them.
    fn joined_col(&self, end: usize) -> i32 {
        let mut text = self.source.line_text(self.line).unwrap_or_default();
        if self.file && !text.ends_with('\n') {
            text.push('\n');
        }
        crate::source::chars_of_bytes(&text, end - self.joined_start)
    }

    /// Where CPython stands at the end of the source: behind the newline, which may be understood, of the last line. Its
    /// number, its length in bytes and its length in characters.
    pub(super) fn end_of_source(&self) -> (u32, u32, i32) {
        let line = self.source.last_line();
        let text = self.text.get(self.source.line_start(line)..).unwrap_or("");
        if self.text.is_empty() {
            return (u32::from(self.file), 0, 0);
        }
        let newline = usize::from(self.file && !text.ends_with('\n'));
        (
            line,
            (text.len() + newline) as u32,
            (text.chars().count() + newline) as i32,
        )
    }

    pub(super) fn eof_error(&mut self) -> Box<LexError> {
        if let Some(error) = self.unclosed() {
            return error;
        }
        let (line, _, col) = self.end_of_source();
        let msg = "unexpected EOF while parsing";
        let mut error = SyntaxError::new(ErrorKind::Syntax, msg, (line, col), (line, -1));
        error.text = self.source.line_text(line);
        error.finish_text(true, self.file);
        error.incomplete = true;
        Box::new(LexError {
            error,
            unclosed_line: None,
            in_ftstring: false,
            quiet: true,
            open: None,
        })
    }

    /// Measures the white space at the start of a logical line and emits `Indent` and `Dedent`. Skips blank lines.
    pub(super) fn indentation(&mut self) -> Step<()> {
        let (mut col, mut alt, mut continued) = (0u32, 0u32, None);
        let mut pos = self.pos();
        loop {
            match self.bytes.get(pos) {
                Some(b' ') => (col, alt) = (col + 1, alt + 1),
                Some(b'\t') => (col, alt) = ((col / TAB_SIZE + 1) * TAB_SIZE, alt + 1),
                Some(b'\x0c') => (col, alt) = (0, 0),
                Some(b'#') => {
                    let rest = &self.bytes[pos..];
                    pos += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                    if pos >= self.bytes.len() {
                        self.lex.bump(pos - self.pos());
                        return Ok(());
                    }
                    continue;
                }
                Some(b'\n') => {
                    pos += 1;
                    self.next_line(pos);
                    (col, alt, continued) = (0, 0, None);
                    continue;
                }
                Some(b'\\') => {
                    // Only the white space before the first continuation counts.
                    continued = continued.or(Some((col, alt)));
                    self.lex.bump(pos + 1 - self.pos());
                    self.continuation()?;
                    self.joined_start = self.line_start;
                    pos = self.pos();
                    continue;
                }
                _ => break,
            }
            pos += 1;
        }
        self.lex.bump(pos - self.pos());
        if pos >= self.bytes.len() && (self.file || pos == self.line_start) {
            return Ok(()); // `finish` closes the blocks.
        }
        let (col, alt) = continued.filter(|&(col, _)| col > 0).unwrap_or((col, alt));
        self.indent_to(col, alt)
    }

    pub(super) fn indent_to(&mut self, col: u32, alt: u32) -> Step<()> {
        let (top, top_alt) = self.indents.last().copied().unwrap_or((0, 0));
        if col == top {
            if alt != top_alt {
                return Err(self.tab_error());
            }
        } else if col > top {
            if self.indents.len() >= MAX_INDENTS {
                let mut error = self.indentation_error("too many levels of indentation");
                (error.error.col, error.error.end_col) = (1, 0);
                return Err(error);
            }
            if alt <= top_alt {
                return Err(self.tab_error());
            }
            self.indents.push((col, alt));
            self.push_range(Kind::Indent, self.line_start, self.pos());
        } else {
            // Nothing is closed if no open block fits.
            match self.indents.iter().rev().find(|&&(c, _)| c <= col) {
                Some(&(c, a)) if c == col => {
                    if a != alt {
                        return Err(self.tab_error());
                    }
                }
                _ => {
                    let msg = "unindent does not match any outer indentation level";
                    return Err(self.indentation_error(msg));
                }
            }
            while self.indents.pop_if(|&mut (c, _)| c > col).is_some() {
                self.push_empty(Kind::Dedent);
            }
        }
        Ok(())
    }

    /// The end of the source: closes the logical line and the blocks.
    pub(super) fn finish(&mut self, comment: Option<usize>) -> Step<()> {
        if let Some(error) = self.unclosed() {
            return Err(error);
        }
        use Kind as K;
        let open_line = match self.tokens.last().map_or(K::End, |t| t.kind) {
            K::Newline | K::Dedent | K::StartExec | K::StartEval | K::StartSingle => false,
            // White space alone is a line only at the end of a prompt's input.
            K::Indent => !self.file,
            _ => true,
        };
        // The argument of `eval` ends without a newline.
        let open_line = open_line && self.tokens.first().is_some_and(|t| t.kind != K::StartEval);
        if open_line {
            let pos = self.pos();
            let start = comment.filter(|_| self.file).unwrap_or(pos);
            self.push_range(Kind::Newline, start, pos);
            // The newline that is understood.
            if let Some(token) = self.tokens.last_mut() {
                token.span.end_col += u32::from(self.file);
            }
        }
        let (line, col, _) = self.end_of_source();
        let dedents = std::iter::repeat_n(Kind::Dedent, self.indents.len() - 1);
        for kind in dedents.chain([Kind::End]) {
            self.push_empty(kind);
            if let Some(token) = self.tokens.last_mut() {
                token.span = Span {
                    line,
                    col,
                    end_line: line,
                    end_col: col,
                };
            }
        }
        Ok(())
    }

    pub(super) fn unclosed(&mut self) -> Option<Box<LexError>> {
        let open = self.brackets.last().copied()?;
        let msg = format!("'{}' was never closed", char::from(open.open));
        let col = self.source.char_col(open.line_start, open.pos) + 1;
        let mut error = SyntaxError::new(ErrorKind::Syntax, msg, (open.line, col), (open.line, 0));
        error.text = self.source.line_text(open.line);
        error.finish_text(open.line == self.source.last_line(), self.file);
        error.incomplete = true;
        Some(Box::new(LexError {
            error,
            unclosed_line: Some(open.line),
            in_ftstring: false,
            quiet: false,
            open: None,
        }))
    }

    pub(super) fn indentation_error(&mut self, msg: &str) -> Box<LexError> {
        let text = self.source.line_text(self.line);
        // CPython points behind the newline, which is understood at the end of a file.
        let newline = |t: &String| self.file && !t.ends_with('\n');
        let col = text
            .as_ref()
            .map_or(0, |t| (t.chars().count() + usize::from(newline(t))) as i32);
        let mut error = SyntaxError::new(
            ErrorKind::Indentation,
            msg,
            (self.line, col),
            (self.line, -1),
        );
        error.text = text;
        error.finish_text(true, self.file);
        Box::new(LexError {
            error,
            unclosed_line: None,
            in_ftstring: false,
            quiet: true,
            open: None,
        })
    }

    pub(super) fn tab_error(&mut self) -> Box<LexError> {
        let mut error =
            self.indentation_error("inconsistent use of tabs and spaces in indentation");
        error.error.kind = ErrorKind::Tab;
        (error.error.col, error.error.end_col) = (1, 0);
        error
    }
}
