//! UTF-7 (RFC 2152): ASCII, with everything else as UTF-16 in base 64 between `+` and `-`.

use viv_heap::Ref;

use super::errors::on_decode;
use crate::object::{Bytes, Str};
use crate::result::PyResult;
use crate::vm::Vm;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Whether a character stands for itself: all of printable ASCII but `+`, `\` and `~`, and white space.
fn is_direct(c: u32) -> bool {
    u8::try_from(c).is_ok_and(|c| {
        matches!(c, b'\t' | b'\n' | b'\r' | b' '..=b'}') && !matches!(c, b'+' | b'\\')
    })
}

/// The value of a digit of base 64.
fn digit(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'a'..=b'z' => u32::from(byte - b'a') + 26,
        b'0'..=b'9' => u32::from(byte - b'0') + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// Bits on their way between units of 16 and digits of 6.
#[derive(Default)]
struct Bits {
    value: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        self.value = (self.value << count) | value;
        self.count += count;
    }

    /// The first `count` bits, where there are so many.
    fn take(&mut self, count: u32) -> Option<u32> {
        self.count = self.count.checked_sub(count)?;
        let taken = self.value >> self.count;
        self.value &= (1 << self.count) - 1;
        Some(taken)
    }
}

/// Encodes a string; everything can be encoded, lone surrogates included.
pub fn encode(vm: &Vm, string: &Str) -> PyResult<Ref<Bytes>> {
    let mut out: Vec<u8> = Vec::with_capacity(string.len());
    // The bits of the shifted part that is open.
    let mut shifted: Option<Bits> = None;
    let digits = |bits: &mut Bits, out: &mut Vec<u8>| {
        while let Some(value) = bits.take(6) {
            out.extend(DIGITS.get(value as usize));
        }
    };
    let rest = |mut bits: Bits, out: &mut Vec<u8>| {
        if bits.count > 0 {
            bits.push(0, 6 - bits.count);
            out.extend(DIGITS.get(bits.value as usize));
        }
    };
    let data = string.data();
    for c in (0..string.len()).map(|at| data.at(at)) {
        if is_direct(c) {
            let byte = c as u8;
            if let Some(bits) = shifted.take() {
                rest(bits, &mut out);
                if digit(byte).is_some() || byte == b'-' {
                    out.push(b'-');
                }
            }
            out.push(byte);
            continue;
        }
        if c == u32::from(b'+') && shifted.is_none() {
            out.extend(b"+-");
            continue;
        }
        let bits = shifted.get_or_insert_with(|| {
            out.push(b'+');
            Bits::default()
        });
        let mut unit = c;
        if c >= 0x1_0000 {
            bits.push(0xd800 + ((c - 0x1_0000) >> 10), 16);
            digits(bits, &mut out);
            unit = 0xdc00 + ((c - 0x1_0000) & 0x3ff);
        }
        bits.push(unit, 16);
        digits(bits, &mut out);
    }
    if let Some(bits) = shifted {
        rest(bits, &mut out);
        out.push(b'-');
    }
    vm.new_bytes(&out)
}

/// A shifted part while it is read.
struct Shift {
    /// Where its `+` stands.
    start: usize,
    /// What had been read before it.
    before: usize,
    bits: Bits,
    high: Option<u32>,
}

/// Decodes bytes. Where more may come, a shifted part that is not closed is left over.
pub fn decode(vm: &Vm, bytes: &[u8], errors: &str, last: bool) -> PyResult<(Ref<Str>, usize)> {
    let mut out: Vec<u32> = Vec::with_capacity(bytes.len());
    let mut at = 0;
    let mut shift: Option<Shift> = None;
    loop {
        let Some(&byte) = bytes.get(at) else {
            let Some(open) = shift.take() else { break };
            if !last {
                out.truncate(open.before);
                return Ok((vm.new_str_points(&out)?, open.start));
            }
            let unfinished = open.high.is_some()
                || open.bits.count >= 6
                || (open.bits.count > 0 && open.bits.value != 0);
            if !unfinished {
                break;
            }
            let reason = "unterminated shift sequence";
            let (text, next) =
                on_decode(vm, errors, "utf7", bytes, open.start, bytes.len(), reason)?;
            out.extend(text);
            at = next;
            if at >= bytes.len() {
                break;
            }
            continue;
        };
        let (start, reason) = match shift.take() {
            Some(mut open) => match digit(byte) {
                Some(value) => {
                    at += 1;
                    open.bits.push(value, 6);
                    if open.bits.count >= 16
                        && let Some(unit) = open.bits.take(16)
                    {
                        unit_read(&mut open, unit, &mut out);
                    }
                    shift = Some(open);
                    continue;
                }
                None if open.bits.count >= 6 => {
                    at += 1;
                    (open.start, "partial character in shift sequence")
                }
                None if open.bits.value != 0 => {
                    at += 1;
                    (open.start, "non-zero padding bits in shift sequence")
                }
                None => {
                    if byte < 0x80 && byte != b'+' {
                        out.extend(open.high);
                    }
                    at += usize::from(byte == b'-');
                    continue;
                }
            },
            None if byte == b'+' => {
                let start = at;
                at += 1;
                match bytes.get(at) {
                    Some(b'-') => {
                        at += 1;
                        out.push(u32::from(b'+'));
                        continue;
                    }
                    Some(next) if digit(*next).is_none() => {
                        at += 1;
                        (start, "ill-formed sequence")
                    }
                    _ => {
                        shift = Some(Shift {
                            start,
                            before: out.len(),
                            bits: Bits::default(),
                            high: None,
                        });
                        continue;
                    }
                }
            }
            None if byte < 0x80 => {
                at += 1;
                out.push(u32::from(byte));
                continue;
            }
            None => {
                at += 1;
                (at - 1, "unexpected special character")
            }
        };
        let (text, next) = on_decode(vm, errors, "utf7", bytes, start, at, reason)?;
        out.extend(text);
        at = next;
    }
    Ok((vm.new_str_points(&out)?, at))
}

/// A unit of UTF-16: two surrogates make one character, others are kept.
fn unit_read(open: &mut Shift, unit: u32, out: &mut Vec<u32>) {
    if let Some(high) = open.high.take() {
        if (0xdc00..0xe000).contains(&unit) {
            out.push(0x1_0000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
            return;
        }
        out.push(high);
    }
    if (0xd800..0xdc00).contains(&unit) {
        open.high = Some(unit);
    } else {
        out.push(unit);
    }
}
