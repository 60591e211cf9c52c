//! Escape sequences of string and bytes literals.

use crate::ast::StrValue;
use rustpython_wtf8::CodePoint;

/// An escape that is kept as it is, and warned of: the first of its literal.
pub struct Found {
    /// Byte offset in the literal's body.
    pub at: usize,
    text: String,
    octal: bool,
}

impl Found {
    /// A backslash before a brace of an f-string.
    pub fn brace(next: char) -> Found {
        Found {
            at: 0,
            text: next.to_string(),
            octal: false,
        }
    }

    /// The warning.
    pub fn message(&self) -> String {
        let (text, octal) = (&self.text, if self.octal { "octal " } else { "" });
        format!(
            "\"\\{text}\" is an invalid {octal}escape sequence. Such sequences will not work in the future. \
             Did you mean \"\\\\{text}\"? A raw string is also an option."
        )
    }
}

/// An escape that cannot be decoded.
pub enum EscapeError {
    /// First byte and the byte after the last, in the body as CPython hands it to its decoder; and why.
    Unicode(usize, usize, &'static str),
    /// Position of a bad `\x` in a bytes literal.
    Hex(usize),
}

impl EscapeError {
    /// The message of the `SyntaxError`.
    pub fn message(&self) -> String {
        match self {
            EscapeError::Unicode(start, end, why) if end - start > 1 => {
                let end = end - 1;
                format!(
                    "(unicode error) 'unicodeescape' codec can't decode bytes in position {start}-{end}: {why}"
                )
            }
            EscapeError::Unicode(start, _, why) => {
                format!(
                    "(unicode error) 'unicodeescape' codec can't decode byte 0x5c in position {start}: {why}"
                )
            }
            EscapeError::Hex(at) => format!("(value error) invalid \\x escape at position {at}"),
        }
    }
}

/// What a backslash sequence common to both literals means.
fn simple(b: u8) -> Option<u8> {
    Some(match b {
        b'\\' | b'\'' | b'"' => b,
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        _ => return None,
    })
}

/// Up to three octal digits from `pos`.
fn octal(bytes: &[u8], pos: usize) -> (u32, usize) {
    let digits = bytes[pos..]
        .iter()
        .take(3)
        .take_while(|b| matches!(b, b'0'..=b'7'));
    digits.fold((0, 0), |(value, len), b| {
        (value * 8 + u32::from(b - b'0'), len + 1)
    })
}

/// Decodes a string's body that holds backslashes.
pub fn decode_str(body: &str, out: &mut StrValue) -> Result<Option<Found>, EscapeError> {
    let bytes = body.as_bytes();
    let mut found = None;
    let mut pos = 0;
    while let Some(i) = memchr::memchr(b'\\', &bytes[pos..]) {
        let at = pos + i;
        out.push_str(&body[pos..at]);
        pos = at + 2;
        let Some(&b) = bytes.get(at + 1) else {
            let start = decoder_position(body, at);
            return Err(EscapeError::Unicode(
                start,
                start + 1,
                "\\ at end of string",
            ));
        };
        match b {
            b'\n' => {}
            b'0'..=b'7' => {
                let (value, len) = octal(bytes, at + 1);
                if value > 0o377 {
                    let text = body[at + 1..at + 1 + len].to_owned();
                    found = found.or(Some(Found {
                        at,
                        text,
                        octal: true,
                    }));
                }
                push(out, value);
                pos = at + 1 + len;
            }
            b'x' => pos = hex(body, at, 2, "truncated \\xXX escape", out)?,
            b'u' => pos = hex(body, at, 4, "truncated \\uXXXX escape", out)?,
            b'U' => pos = hex(body, at, 8, "truncated \\UXXXXXXXX escape", out)?,
            b'N' => pos = named(body, at, out)?,
            _ => match simple(b) {
                Some(b) => push(out, u32::from(b)),
                None => {
                    let c = body[at + 1..].chars().next().unwrap_or('\\');
                    out.push_str(&body[at..at + 1]);
                    out.push_str(&body[at + 1..at + 1 + c.len_utf8()]);
                    pos = at + 1 + c.len_utf8();
                    // CPython's decoder sees a character beyond ASCII as an escape, and does not warn.
                    let warn = c.is_ascii().then(|| Found {
                        at,
                        text: c.to_string(),
                        octal: false,
                    });
                    found = found.or(warn);
                }
            },
        }
    }
    out.push_str(&body[pos.min(body.len())..]);
    Ok(found)
}

fn push(out: &mut StrValue, code: u32) {
    match char::from_u32(code) {
        Some(c) => out.push_str(c.encode_utf8(&mut [0; 4])),
        None => {
            if let Some(c) = CodePoint::from_u32(code) {
                out.push_code_point(c);
            }
        }
    }
}

/// Where CPython's decoder would be: it sees each non-ASCII character as the ten bytes of its `\U` escape.
fn decoder_position(body: &str, at: usize) -> usize {
    body[..at]
        .chars()
        .map(|c| if c.is_ascii() { 1 } else { 10 })
        .sum()
}

fn hex(
    body: &str,
    at: usize,
    digits: usize,
    why: &'static str,
    out: &mut StrValue,
) -> Result<usize, EscapeError> {
    let rest = &body.as_bytes()[at + 2..];
    let len = rest
        .iter()
        .take(digits)
        .take_while(|b| b.is_ascii_hexdigit())
        .count();
    let start = decoder_position(body, at);
    if len < digits {
        return Err(EscapeError::Unicode(start, start + 2 + len, why));
    }
    let value = u32::from_str_radix(&body[at + 2..at + 2 + len], 16).unwrap_or(u32::MAX);
    if value > 0x10_ffff {
        return Err(EscapeError::Unicode(
            start,
            start + 2 + len,
            "illegal Unicode character",
        ));
    }
    push(out, value);
    Ok(at + 2 + len)
}

fn named(body: &str, at: usize, out: &mut StrValue) -> Result<usize, EscapeError> {
    let start = decoder_position(body, at);
    let rest = &body[at + 2..];
    let malformed =
        |len: usize| EscapeError::Unicode(start, start + len, "malformed \\N character escape");
    if !rest.starts_with('{') {
        return Err(malformed(2));
    }
    let Some(close) = rest.find('}') else {
        return Err(malformed(2 + decoder_position(rest, rest.len())));
    };
    if close == 1 {
        return Err(malformed(3));
    }
    let name = &rest[1..close];
    match crate::unicode::by_name(name) {
        Some(c) => push(out, c as u32),
        None => {
            let len = 2 + decoder_position(rest, close + 1);
            return Err(EscapeError::Unicode(
                start,
                start + len,
                "unknown Unicode character name",
            ));
        }
    }
    Ok(at + 2 + close + 1)
}

/// Decodes a bytes literal's ASCII body that holds backslashes.
pub fn decode_bytes(body: &str, out: &mut Vec<u8>) -> Result<Option<Found>, EscapeError> {
    let bytes = body.as_bytes();
    let mut found = None;
    let mut pos = 0;
    while let Some(&b) = bytes.get(pos) {
        if b != b'\\' {
            out.push(b);
            pos += 1;
            continue;
        }
        let at = pos;
        pos += 2;
        let Some(&b) = bytes.get(at + 1) else {
            out.push(b'\\');
            break;
        };
        match b {
            b'\n' => {}
            b'0'..=b'7' => {
                let (value, len) = octal(bytes, at + 1);
                if value > 0o377 {
                    let text = body[at + 1..at + 1 + len].to_owned();
                    found = found.or(Some(Found {
                        at,
                        text,
                        octal: true,
                    }));
                }
                out.push(value as u8);
                pos = at + 1 + len;
            }
            b'x' => match body.get(at + 2..at + 4).map(|s| u8::from_str_radix(s, 16)) {
                Some(Ok(value)) if !body[at + 2..].starts_with('+') => {
                    out.push(value);
                    pos = at + 4;
                }
                _ => return Err(EscapeError::Hex(at)),
            },
            _ => match simple(b) {
                Some(b) => out.push(b),
                None => {
                    out.extend([b'\\', b]);
                    let text = char::from(b).to_string();
                    found = found.or(Some(Found {
                        at,
                        text,
                        octal: false,
                    }));
                }
            },
        }
    }
    Ok(found)
}
