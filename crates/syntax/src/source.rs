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
        if memchr::memchr(0, bytes).is_some() {
            let msg = "source code string cannot contain null bytes";
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
                let name = if n == "iso-8859-1" {
                    n
                } else {
                    cookie.as_deref().unwrap_or_default()
                };
                let msg = format!("encoding problem: {name} with BOM");
                let mut lines = bytes.split(|&b| b == b'\n').take(2).zip(1..);
                let declares = |l: &[u8]| cookie_in(l.trim_ascii_start()).is_some();
                let (end, line) = lines
                    .find(|(l, _)| declares(l))
                    .map_or((0, 1), |(l, n)| (l.len(), n));
                let mut error =
                    SyntaxError::new(ErrorKind::Syntax, msg, (line, 0), (line, end as i32));
                error.text = bytes
                    .split(|&b| b == b'\n')
                    .nth(line as usize - 1)
                    .map(lossy);
                Err(error)
            }
            Some("utf-8") => utf8(bytes, cookie.as_deref() == Some("utf-8")),
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
        // Behind the end of the text an understood newline may stand.
        let end = pos.min(self.text.len());
        let chars = self
            .text
            .get(line_start..end)
            .map_or(0, |s| s.chars().count());
        (chars + (pos - end)) as i32
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

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn cannot_decode(codec: &str, byte: u8, at: usize, why: &str) -> SyntaxError {
    let msg = format!("'{codec}' codec can't decode byte 0x{byte:02x} in position {at}: {why}");
    SyntaxError::new(ErrorKind::Syntax, msg, (0, -1), (0, 0))
}

fn unknown_encoding(name: &str) -> SyntaxError {
    SyntaxError::new(
        ErrorKind::Syntax,
        format!("unknown encoding: {name}"),
        (0, -1),
        (0, 0),
    )
}

/// The number of characters in the first `bytes` bytes of a text, a part of one counting; a position behind the end counts as
/// one more.
pub(crate) fn chars_of_bytes(text: &str, bytes: usize) -> i32 {
    let bytes = bytes.min(text.len() + 1);
    let whole = text.char_indices().take_while(|(i, _)| *i < bytes).count();
    (whole + usize::from(bytes > text.len())) as i32
}

/// The encoding that a comment in the first two lines names (PEP 263).
#[must_use]
pub fn cookie(bytes: &[u8]) -> Option<String> {
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
    let lower = lower.replace("iso8859", "iso-8859");
    let is = |prefix: &str| lower == prefix || lower.starts_with(&format!("{prefix}-"));
    if is("utf-8") || ["utf8", "u8", "utf"].contains(&&*lower) {
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
        // Python's names for what the web calls otherwise.
        match &*lower {
            "cp932" | "ms932" | "mskanji" => "shift_jis",
            "cp949" | "ms949" | "uhc" => "euc-kr",
            "cp936" | "ms936" => "gbk",
            "cp950" | "ms950" => "big5",
            "latin9" | "latin-9" | "l9" => "iso-8859-15",
            "latin10" | "l10" => "iso-8859-16",
            "mac-roman" => "macintosh",
            "1252" => "cp1252",
            other => other,
        }
        .to_owned()
    }
}

fn utf8(bytes: &[u8], undeclared: bool) -> Result<Source<'_>, SyntaxError> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Source::from_text(text),
        Err(error) => error,
    };
    let at = error.valid_up_to();
    // A lone carriage return ends a line, too.
    let ends =
        |i: usize| bytes[i] == b'\n' || (bytes[i] == b'\r' && bytes.get(i + 1) != Some(&b'\n'));
    let line = (0..at).filter(|&i| ends(i)).count() + 1;
    let start = (0..at).rev().find(|&i| ends(i)).map_or(0, |i| i + 1);
    let col = String::from_utf8_lossy(&bytes[start..at]).chars().count() as i32 + 1;
    let byte = bytes.get(at).copied().unwrap_or(0);
    let msg = if undeclared {
        format!(
            "Non-UTF-8 code starting with '\\x{byte:02x}' on line {line}, but no encoding declared; see https://peps.python.org/pep-0263/ for details"
        )
    } else {
        let reason = match (error.error_len(), byte) {
            (None, _) => "unexpected end of data",
            (_, 0xc2..=0xf4) => "invalid continuation byte",
            _ => "invalid start byte",
        };
        return Err(cannot_decode("utf-8", byte, at, reason));
    };
    let line = line as u32;
    let mut error = SyntaxError::new(ErrorKind::Syntax, msg, (line, col), (line, col));
    let end = (at..bytes.len()).find(|&i| ends(i)).unwrap_or(bytes.len());
    error.text = Some(lossy(&bytes[start..end]));
    Err(error)
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
                return Err(cannot_decode(
                    "ascii",
                    byte,
                    at,
                    "ordinal not in range(128)",
                ));
            }
        }
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Ok(Source {
        text: Cow::Owned(text),
    })
}
