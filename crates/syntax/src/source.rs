//! Source text: decoding (PEP 263), newlines, and lines for messages.
//!
//! Invariant: a [`Source`]'s text is utf-8 with `\n` as its only line end and no byte-order mark or NUL.

use crate::error::{ErrorKind, SyntaxError};
use std::borrow::Cow;

/// A source, decoded and normalised.
#[derive(Debug)]
pub struct Source<'s> {
    text: Cow<'s, str>,
}

impl<'s> Source<'s> {
    /// Takes text that is decoded already.
    ///
    /// # Errors
    /// If it holds a NUL, or is too long to be addressed by 32 bits.
    pub fn from_text(text: &'s str) -> Result<Source<'s>, SyntaxError> {
        if u32::try_from(text.len()).is_err() {
            return Err(SyntaxError::new(
                ErrorKind::Memory,
                "source is too long",
                (0, 0),
                (0, 0),
            ));
        }
        if memchr::memchr(0, text.as_bytes()).is_some() {
            let msg = "source code string cannot contain null bytes";
            return Err(SyntaxError::new(ErrorKind::Syntax, msg, (0, 0), (0, 0)));
        }
        let text = match memchr::memchr(b'\r', text.as_bytes()) {
            Some(_) => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
            None => Cow::Borrowed(text),
        };
        Ok(Source { text })
    }

    /// Decodes bytes: by their byte-order mark, their coding cookie, or as utf-8.
    ///
    /// # Errors
    /// An unknown encoding, or bytes that are not of the encoding.
    pub fn from_bytes(bytes: &'s [u8]) -> Result<Source<'s>, SyntaxError> {
        let (bytes, bom) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => (rest, true),
            None => (bytes, false),
        };
        if let Some(pos) = memchr::memchr(0, bytes) {
            let _ = pos;
            let msg = "source code cannot contain null bytes";
            return Err(SyntaxError::new(ErrorKind::Syntax, msg, (0, 0), (0, 0)));
        }
        let cookie = cookie(bytes);
        let name = cookie.as_deref().map(normal_name);
        match name.as_deref() {
            None => utf8(bytes, true),
            Some(n)
                if bom
                    && (n != "utf-8"
                        || cookie
                            .as_deref()
                            .is_some_and(|c| c.eq_ignore_ascii_case("utf8"))) =>
            {
                // CPython compares the cookie itself, in which only `_` and case are made equal.
                let msg = format!("encoding problem: {} with BOM", cookie.unwrap_or_default());
                Err(SyntaxError::new(ErrorKind::Syntax, msg, (1, 0), (1, 0)))
            }
            Some("utf-8") => utf8(bytes, false),
            Some("iso-8859-1") => single_byte(bytes, |b| Some(char::from(b))),
            Some("ascii") => single_byte(bytes, |b| b.is_ascii().then_some(char::from(b))),
            Some(name) => match encoding_rs::Encoding::for_label(name.as_bytes()) {
                Some(encoding) if encoding.is_ascii_compatible() => {
                    let (text, _, bad) = encoding.decode(bytes);
                    if bad {
                        let msg = format!("encoding problem: {}", cookie.unwrap_or_default());
                        return Err(SyntaxError::new(ErrorKind::Syntax, msg, (0, 0), (0, 0)));
                    }
                    let text = text.replace("\r\n", "\n").replace('\r', "\n");
                    Ok(Source {
                        text: Cow::Owned(text),
                    })
                }
                _ => Err(unknown_encoding(&cookie.unwrap_or_default())),
            },
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number of characters between two byte positions of one line.
    #[must_use]
    pub fn char_col(&self, line_start: usize, pos: usize) -> i32 {
        self.text
            .get(line_start..pos)
            .map_or(0, |s| s.chars().count() as i32)
    }

    /// The byte position where a line (from 1) starts.
    #[must_use]
    pub fn line_start(&self, line: u32) -> usize {
        match line.checked_sub(2) {
            None => 0,
            Some(n) => memchr::memchr_iter(b'\n', self.text.as_bytes())
                .nth(n as usize)
                .map_or(self.text.len(), |i| i + 1),
        }
    }

    /// A line (from 1) with its newline, if there is one.
    #[must_use]
    pub fn line_text(&self, line: u32) -> Option<String> {
        let start = self.line_start(line);
        let rest = self.text.get(start..)?;
        let end = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |i| i + 1);
        rest.get(..end).map(str::to_owned)
    }

    /// The number of the last line that has any text.
    #[must_use]
    pub fn last_line(&self) -> u32 {
        let newlines = memchr::memchr_iter(b'\n', self.text.as_bytes()).count() as u32;
        if self.text.ends_with('\n') {
            newlines.max(1)
        } else {
            newlines + 1
        }
    }
}

fn unknown_encoding(name: &str) -> SyntaxError {
    SyntaxError::new(
        ErrorKind::Syntax,
        format!("unknown encoding: {name}"),
        (0, 0),
        (0, 0),
    )
}

/// The encoding that a comment in the first two lines names (PEP 263).
fn cookie(bytes: &[u8]) -> Option<String> {
    let mut rest = bytes;
    for _ in 0..2 {
        let end = rest
            .iter()
            .position(|b| matches!(b, b'\n' | b'\r'))
            .unwrap_or(rest.len());
        let line = &rest[..end];
        let text = line.trim_ascii_start();
        match text.first() {
            Some(b'#') => {
                if let Some(name) = cookie_in(text) {
                    return Some(name);
                }
            }
            // Only blank lines and comments may come before the cookie.
            None | Some(b'\x0c') => {}
            Some(_) => return None,
        }
        rest = rest[end..]
            .strip_prefix(b"\r\n")
            .or_else(|| rest.get(end + 1..))
            .unwrap_or(&[]);
    }
    None
}

fn cookie_in(comment: &[u8]) -> Option<String> {
    let mut from = 0;
    while let Some(at) = comment[from..].windows(6).position(|w| w == b"coding") {
        let after = &comment[from + at + 6..];
        if let Some((b':' | b'=', name)) = after.split_first() {
            let name = name.trim_ascii_start();
            let ok = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
            let len = name.iter().take_while(|b| ok(b)).count();
            if len > 0 {
                return Some(String::from_utf8_lossy(&name[..len]).into_owned());
            }
        }
        from += at + 6;
    }
    None
}

/// The encoding's one name among its aliases.
fn normal_name(name: &str) -> String {
    let lower = name.to_ascii_lowercase().replace('_', "-");
    let is = |prefix: &str| lower == prefix || lower.starts_with(&format!("{prefix}-"));
    if is("utf-8") || lower == "utf8" || lower == "u8" {
        "utf-8".to_owned()
    } else if is("latin-1")
        || is("iso-8859-1")
        || is("iso-latin-1")
        || ["latin", "latin1", "l1", "iso8859-1"].contains(&&*lower)
    {
        "iso-8859-1".to_owned()
    } else if ["ascii", "us-ascii", "646", "ansi-x3.4-1968"].contains(&&*lower) {
        "ascii".to_owned()
    } else {
        lower
    }
}

fn utf8(bytes: &[u8], undeclared: bool) -> Result<Source<'_>, SyntaxError> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Source::from_text(text),
        Err(error) => error,
    };
    let at = error.valid_up_to();
    let line = memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1;
    let byte = bytes.get(at).copied().unwrap_or(0);
    let msg = if undeclared {
        format!(
            "Non-UTF-8 code starting with '\\x{byte:02x}' on line {line}, but no encoding declared; see https://peps.python.org/pep-0263/ for details"
        )
    } else {
        let reason = if error.error_len().is_none() {
            "unexpected end of data"
        } else {
            "invalid start byte"
        };
        format!(
            "(unicode error) 'utf-8' codec can't decode byte 0x{byte:02x} in position {at}: {reason}"
        )
    };
    let line = line as u32;
    Err(SyntaxError::new(
        ErrorKind::Syntax,
        msg,
        (line, 0),
        (line, 0),
    ))
}

fn single_byte(
    bytes: &[u8],
    decode: impl Fn(u8) -> Option<char>,
) -> Result<Source<'static>, SyntaxError> {
    let mut text = String::with_capacity(bytes.len());
    for (at, &byte) in bytes.iter().enumerate() {
        match decode(byte) {
            Some(c) => text.push(c),
            None => {
                let msg = format!(
                    "(unicode error) codec can't decode byte 0x{byte:02x} in position {at}: ordinal not in range"
                );
                return Err(SyntaxError::new(ErrorKind::Syntax, msg, (0, 0), (0, 0)));
            }
        }
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Ok(Source {
        text: Cow::Owned(text),
    })
}
