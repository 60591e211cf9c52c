//! Quoted-printable text (RFC 1521, 1522).

use viv_runtime::types::buffer::require_bytes;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm};

use super::hex::digit;
use super::{ascii, first, flag};

/// The functions.
pub const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "a2b_qp",
        "($module, /, data, header=False)",
        NativeCall::Bound(|vm, _, args| {
            let header = flag(vm, args, 1, false)?;
            let bytes = ascii(vm, first(vm, args)?, |text| decode(text, header))?;
            Ok(vm.new_bytes(&bytes)?.upcast())
        }),
        "Decode a string of qp-encoded data.",
    ),
    MethodDef::new(
        "b2a_qp",
        "($module, /, data, quotetabs=False, istext=True, header=False)",
        NativeCall::Bound(b2a),
        "Encode a string using quoted-printable encoding.\n\nOn encoding, when istext is set, newlines are not encoded, and white\nspace at end of lines is.  When istext is not set, \\r and \\n (CR/LF)\nare both encoded.  When quotetabs is set, space and tabs are encoded.",
    ),
];

/// No line is longer than this, its end included.
const LINE: usize = 76;

fn decode(text: &[u8], header: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&c, after)) = rest.split_first() {
        rest = after;
        match c {
            b'_' if header => out.push(b' '),
            b'=' => match *after {
                [] => {}
                [b'\n' | b'\r', ..] => {
                    // A soft line break: nothing up to the line's end counts.
                    let end = after.iter().position(|c| *c == b'\n');
                    rest = end.map_or(&[], |end| after.get(end + 1..).unwrap_or_default());
                }
                [b'=', ref after @ ..] => {
                    out.push(b'=');
                    rest = after;
                }
                [high, low, ref after @ ..] => match (digit(high), digit(low)) {
                    (Some(high), Some(low)) => {
                        out.push(high << 4 | low);
                        rest = after;
                    }
                    _ => out.push(b'='),
                },
                _ => out.push(b'='),
            },
            _ => out.push(c),
        }
    }
    out
}

fn b2a(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let style = Style {
        quote_tabs: flag(vm, args, 1, false)?,
        text: flag(vm, args, 2, true)?,
        header: flag(vm, args, 3, false)?,
    };
    let out = require_bytes(vm, first(vm, args)?, |bytes| encode(bytes, &style))?;
    Ok(vm.new_bytes(&out)?.upcast())
}

struct Style {
    quote_tabs: bool,
    text: bool,
    header: bool,
}

impl Style {
    /// Whether a byte must be written as a number; `next` is the one behind it.
    fn quotes(&self, c: u8, next: Option<u8>, line_start: bool) -> bool {
        match c {
            b'=' | 127.. => true,
            b'_' => self.header,
            // A lone dot ends a mail.
            b'.' => line_start && matches!(next, None | Some(b'\n' | b'\r' | 0)),
            b'\r' | b'\n' => !self.text,
            b' ' | b'\t' => self.quote_tabs || next.is_none(),
            _ => c < b' ',
        }
    }
}

fn push_hex(out: &mut Vec<u8>, c: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push(DIGITS[usize::from(c >> 4)]);
    out.push(DIGITS[usize::from(c & 15)]);
}

fn encode(bytes: &[u8], style: &Style) -> Vec<u8> {
    // Line ends are written as the first one of the text.
    let first_end = bytes.iter().position(|c| *c == b'\n');
    let crlf = first_end.is_some_and(|at| at > 0 && bytes.get(at - 1) == Some(&b'\r'));
    let end: &[u8] = if crlf { b"\r\n" } else { b"\n" };
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8);
    let (mut at, mut width) = (0, 0);
    while let Some(&c) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        if style.quotes(c, next, width == 0) {
            if width + 3 >= LINE {
                out.push(b'=');
                out.extend_from_slice(end);
                width = 0;
            }
            out.push(b'=');
            push_hex(&mut out, c);
            width += 3;
            at += 1;
        } else if style.text && (c == b'\n' || c == b'\r' && next == Some(b'\n')) {
            if let Some(&last @ (b' ' | b'\t')) = out.last() {
                out.pop();
                out.push(b'=');
                push_hex(&mut out, last);
            }
            out.extend_from_slice(end);
            width = 0;
            at += if c == b'\r' { 2 } else { 1 };
        } else {
            if next.is_some_and(|next| next != b'\n') && width + 1 >= LINE {
                out.push(b'=');
                out.extend_from_slice(end);
                width = 0;
            }
            width += 1;
            out.push(if style.header && c == b' ' { b'_' } else { c });
            at += 1;
        }
    }
    out
}
