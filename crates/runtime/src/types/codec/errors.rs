//! What happens to text that cannot be encoded and bytes that cannot be decoded: the error handlers.

use viv_heap::Object;

use crate::object::{Bytes, Int, Str, Tuple};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::vm::Vm;

/// What a handler puts in the place of characters that cannot be encoded.
pub enum Replacement {
    /// Text, to be encoded.
    Text(Vec<u32>),
    /// Bytes as they are.
    Bytes(Vec<u8>),
}

/// Raises UnicodeDecodeError.
#[cold]
pub fn decode_error(
    vm: &Vm,
    encoding: &str,
    bytes: &[u8],
    start: usize,
    end: usize,
    reason: &str,
) -> Raised {
    let args = (|| {
        Ok([
            vm.new_str(encoding)?.upcast(),
            vm.new_bytes(bytes)?.upcast(),
            vm.new_usize(start)?,
            vm.new_usize(end)?,
            vm.new_str(reason)?.upcast(),
        ])
    })();
    match args {
        Ok(args) => vm.raise_with(
            &vm.exceptions.UnicodeDecodeError,
            &args.each_ref().map(|a| a.as_object()),
        ),
        Err(raised) => raised,
    }
}

/// Raises UnicodeEncodeError.
#[cold]
pub fn encode_error(
    vm: &Vm,
    encoding: &str,
    string: &Str,
    start: usize,
    end: usize,
    reason: &str,
) -> Raised {
    let args = (|| {
        Ok([
            vm.new_str(encoding)?.upcast(),
            crate::types::str::exact(vm, string)?.upcast(),
            vm.new_usize(start)?,
            vm.new_usize(end)?,
            vm.new_str(reason)?.upcast(),
        ])
    })();
    match args {
        Ok(args) => vm.raise_with(
            &vm.exceptions.UnicodeEncodeError,
            &args.each_ref().map(|a| a.as_object()),
        ),
        Err(raised) => raised,
    }
}

/// The length of the units of UTF-16 and UTF-32, and whether the greatest byte comes first.
fn unit_of(encoding: &str) -> Option<(usize, bool)> {
    let size = if encoding.starts_with("utf-16") {
        2
    } else if encoding.starts_with("utf-32") {
        4
    } else {
        return None;
    };
    Some((size, encoding.ends_with("be")))
}

/// Handles bytes `start..end` that cannot be decoded: what stands for them, and where to go on.
///
/// # Errors
/// UnicodeDecodeError; LookupError for an unknown handler; whatever a registered handler raises.
pub fn on_decode(
    vm: &Vm,
    errors: &str,
    encoding: &str,
    bytes: &[u8],
    start: usize,
    end: usize,
    reason: &str,
) -> PyResult<(Vec<u32>, usize)> {
    let bad = bytes.get(start..end).unwrap_or_default();
    match errors {
        "strict" => Err(decode_error(vm, encoding, bytes, start, end, reason)),
        "ignore" => Ok((Vec::new(), end)),
        "replace" => Ok((vec![0xfffd], end)),
        "backslashreplace" => {
            let text: String = bad.iter().map(|b| format!("\\x{b:02x}")).collect();
            Ok((text.bytes().map(u32::from).collect(), end))
        }
        "surrogateescape" => {
            let escaped: Vec<u32> = bad
                .iter()
                .take(4)
                .take_while(|b| **b >= 0x80)
                .map(|&b| 0xdc00 + u32::from(b))
                .collect();
            if escaped.is_empty() {
                return Err(decode_error(vm, encoding, bytes, start, end, reason));
            }
            let next = start + escaped.len();
            Ok((escaped, next))
        }
        "surrogatepass" => match surrogate_at(encoding, bytes.get(start..).unwrap_or_default()) {
            Some((surrogate, used)) => Ok((vec![surrogate], start + used)),
            None => Err(decode_error(vm, encoding, bytes, start, end, reason)),
        },
        _ => {
            let raised = decode_error(vm, encoding, bytes, start, end, reason);
            let exception = vm.take_raised(raised);
            let (result, next) = call_handler(vm, errors, &exception, bytes.len(), "decoding")?;
            match result.downcast::<Str>() {
                Some(text) => Ok((text.chars().collect(), next)),
                None => Err(vm.type_error("decoding error handler must return (str, int) tuple")),
            }
        }
    }
}

/// The surrogate that the bytes encode, and their number.
fn surrogate_at(encoding: &str, bytes: &[u8]) -> Option<(u32, usize)> {
    let (surrogate, used) = match (unit_of(encoding), bytes) {
        (None, [a, b, c, ..])
            if encoding == "utf-8" && a & 0xf0 == 0xe0 && b & 0xc0 == 0x80 && c & 0xc0 == 0x80 =>
        {
            (
                (u32::from(a & 15) << 12) | (u32::from(b & 63) << 6) | u32::from(c & 63),
                3,
            )
        }
        (Some((2, true)), [a, b, ..]) => (u32::from(u16::from_be_bytes([*a, *b])), 2),
        (Some((2, false)), [a, b, ..]) => (u32::from(u16::from_le_bytes([*a, *b])), 2),
        (Some((4, true)), [a, b, c, d, ..]) => (u32::from_be_bytes([*a, *b, *c, *d]), 4),
        (Some((4, false)), [a, b, c, d, ..]) => (u32::from_le_bytes([*a, *b, *c, *d]), 4),
        _ => return None,
    };
    (0xd800..0xe000)
        .contains(&surrogate)
        .then_some((surrogate, used))
}

/// Handles characters `start..end` that cannot be encoded: what stands for them, and where to go on.
///
/// # Errors
/// UnicodeEncodeError; LookupError for an unknown handler; whatever a registered handler raises.
pub fn on_encode(
    vm: &Vm,
    errors: &str,
    encoding: &str,
    string: &Str,
    start: usize,
    end: usize,
    reason: &str,
) -> PyResult<(Replacement, usize)> {
    let strict = || encode_error(vm, encoding, string, start, end, reason);
    let bad: Vec<u32> = (start..end).filter_map(|i| string.char_at(i)).collect();
    let ascii = |text: String| Replacement::Text(text.bytes().map(u32::from).collect());
    match errors {
        "strict" => Err(strict()),
        "ignore" => Ok((Replacement::Text(Vec::new()), end)),
        "replace" => Ok((Replacement::Text(vec![u32::from(b'?'); bad.len()]), end)),
        "backslashreplace" => Ok((
            ascii(
                bad.iter()
                    .map(|&c| crate::types::str::text::escape(c))
                    .collect(),
            ),
            end,
        )),
        "xmlcharrefreplace" => Ok((ascii(bad.iter().map(|c| format!("&#{c};")).collect()), end)),
        "namereplace" => Ok((
            ascii(
                bad.iter()
                    .map(
                        |&c| match char::from_u32(c).and_then(unicode_names2::name) {
                            Some(name) => format!("\\N{{{name}}}"),
                            None => crate::types::str::text::escape(c),
                        },
                    )
                    .collect(),
            ),
            end,
        )),
        "surrogateescape" => {
            let bytes: Option<Vec<u8>> = bad
                .iter()
                .map(|&c| {
                    if (0xdc80..0xdd00).contains(&c) {
                        Some((c - 0xdc00) as u8)
                    } else {
                        None
                    }
                })
                .collect();
            match bytes {
                Some(bytes) => Ok((Replacement::Bytes(bytes), end)),
                None => Err(strict()),
            }
        }
        "surrogatepass" if encoding == "utf-8" || unit_of(encoding).is_some() => {
            let mut bytes = Vec::new();
            for &c in &bad {
                if !(0xd800..0xe000).contains(&c) {
                    return Err(strict());
                }
                match unit_of(encoding) {
                    None => bytes.extend([
                        0xe0 | (c >> 12) as u8,
                        0x80 | (c >> 6 & 63) as u8,
                        0x80 | (c & 63) as u8,
                    ]),
                    Some((2, true)) => bytes.extend((c as u16).to_be_bytes()),
                    Some((2, false)) => bytes.extend((c as u16).to_le_bytes()),
                    Some((_, true)) => bytes.extend(c.to_be_bytes()),
                    Some((_, false)) => bytes.extend(c.to_le_bytes()),
                }
            }
            Ok((Replacement::Bytes(bytes), end))
        }
        "surrogatepass" => Err(strict()),
        _ => {
            let raised = strict();
            let exception = vm.take_raised(raised);
            let (result, next) = call_handler(vm, errors, &exception, string.len(), "encoding")?;
            if let Some(text) = result.downcast::<Str>() {
                Ok((Replacement::Text(text.chars().collect()), next))
            } else if let Some(bytes) = result.downcast::<Bytes>() {
                Ok((Replacement::Bytes(bytes.as_slice().to_vec()), next))
            } else {
                Err(vm.type_error("encoding error handler must return (str/bytes, int) tuple"))
            }
        }
    }
}

/// Calls a registered handler: its replacement and the place to go on.
fn call_handler(
    vm: &Vm,
    name: &str,
    exception: &Object,
    len: usize,
    what: &str,
) -> PyResult<(viv_heap::Ref, usize)> {
    let handler = crate::modules::codecs::lookup_error(vm, name)?;
    let result = protocol::call_one(vm, &handler, exception)?;
    let kind = if what == "encoding" {
        "str/bytes"
    } else {
        "str"
    };
    let wrong = || {
        vm.type_error(format!(
            "{what} error handler must return ({kind}, int) tuple"
        ))
    };
    let tuple = result
        .downcast::<Tuple>()
        .filter(|t| t.len() == 2)
        .ok_or_else(wrong)?;
    let (Some(replacement), Some(position)) =
        (tuple.get(0), tuple.get(1).and_then(|p| p.downcast::<Int>()))
    else {
        return Err(wrong());
    };
    let at = position.as_i64().unwrap_or(i64::MAX);
    let at = if at < 0 {
        at.saturating_add(len as i64)
    } else {
        at
    };
    match usize::try_from(at) {
        Ok(at) if at <= len => Ok((replacement.to_ref(), at)),
        _ => Err(vm.index_error(format!(
            "position {} from error handler out of bounds",
            position.as_i64().unwrap_or(-1)
        ))),
    }
}
