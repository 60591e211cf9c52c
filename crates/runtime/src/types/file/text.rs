//! Text files: decoding, encoding, line ends.

use viv_heap::{Object, Ref};

use super::{FileObject, file, io, readable, size, writable};
use crate::native::{MethodDef, NativeCall};
use crate::object::Str;
use crate::protocol::type_name;
use crate::result::PyResult;
use crate::vm::Vm;

pub(super) const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "read",
        "($self, size=-1, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: read,
        },
        "Read at most size characters from stream.",
    ),
    MethodDef::new(
        "readline",
        "($self, size=-1, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: |vm, this, _| {
                Ok(read_line(vm, this)?.map_or_else(|| vm.empty_str.clone().upcast(), Ref::upcast))
            },
        },
        "Read until newline or EOF.",
    ),
    MethodDef::new(
        "write",
        "($self, s, /)",
        NativeCall::One(write),
        "Write string s to stream.",
    ),
    MethodDef::new(
        "reconfigure",
        "($self, /, **settings)",
        NativeCall::Raw(|vm, this, _| {
            file(vm, this)?;
            Err(vm.not_implemented_error("TextIOWrapper.reconfigure()"))
        }),
        "Reconfigure the text stream with new parameters.",
    ),
];

fn write(vm: &Vm, this: &Object, text: &Object) -> PyResult {
    let Some(text) = text.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "write() argument must be str, not {}",
            type_name(text)
        )));
    };
    write_text(vm, this, text)?;
    vm.new_usize(text.len())
}

/// Writes a string to a text file.
pub fn write_text(vm: &Vm, this: &Object, text: &Str) -> PyResult<()> {
    let file = writable(vm, this)?;
    let settings = &file.settings;
    let encoded;
    let bytes = match text.as_ascii() {
        Some(ascii) => ascii.as_bytes(),
        None => {
            encoded = encode(vm, file, text)?;
            &encoded
        }
    };
    let mut stream = file.stream.borrow_mut();
    let mut result = match settings.newline.as_deref() {
        Some(newline @ ("\r" | "\r\n")) => {
            let mut changed = Vec::with_capacity(bytes.len() + 8);
            bytes.iter().for_each(|b| {
                if *b == b'\n' {
                    changed.extend_from_slice(newline.as_bytes())
                } else {
                    changed.push(*b)
                }
            });
            stream.write(&changed)
        }
        _ => stream.write(bytes),
    };
    if result.is_ok() && settings.line_buffering && bytes.iter().any(|b| matches!(b, b'\n' | b'\r'))
    {
        result = stream.flush();
    }
    drop(stream);
    io(vm, result)
}

fn encode(vm: &Vm, file: &FileObject, text: &Str) -> PyResult<Vec<u8>> {
    let (encoding, errors) = (
        file.settings.encoding.as_str(),
        file.settings.errors.as_str(),
    );
    let limit = match encoding {
        "ascii" => 0x80,
        "latin-1" => 0x100,
        _ => 0x11_0000,
    };
    let mut out = Vec::with_capacity(text.len() + 8);
    for (i, point) in text.chars().enumerate() {
        let c = char::from_u32(point).filter(|_| point < limit);
        match c {
            Some(_) if limit == 0x100 => out.push(point as u8),
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => match errors {
                "ignore" => {}
                "replace" => out.push(b'?'),
                "backslashreplace" => {
                    out.extend_from_slice(crate::types::str::text::escape(point).as_bytes())
                }
                "surrogateescape" if (0xdc80..0xdd00).contains(&point) => {
                    out.push((point - 0xdc00) as u8)
                }
                "surrogatepass" if limit > 0x1_0000 => {
                    out.extend_from_slice(&[
                        0xe0 | (point >> 12) as u8,
                        0x80 | (point >> 6 & 0x3f) as u8,
                        0x80 | (point & 0x3f) as u8,
                    ]);
                }
                _ => {
                    let reason = match limit {
                        0x80 => "ordinal not in range(128)",
                        0x100 => "ordinal not in range(256)",
                        _ => "surrogates not allowed",
                    };
                    let (encoding, reason) = (vm.new_str(encoding)?, vm.new_str(reason)?);
                    let (start, end) = (vm.new_usize(i)?, vm.new_usize(i + 1)?);
                    return Err(vm.raise_with(
                        &vm.exceptions.UnicodeEncodeError,
                        &[&encoding.head, &text.head, &start, &end, &reason.head],
                    ));
                }
            },
        }
    }
    Ok(out)
}

fn decode(vm: &Vm, file: &FileObject, mut bytes: Vec<u8>) -> PyResult<Ref<Str>> {
    let settings = &file.settings;
    if settings.newline.is_none() && bytes.contains(&b'\r') {
        let mut changed = Vec::with_capacity(bytes.len());
        for (i, b) in bytes.iter().enumerate() {
            match b {
                b'\r' => changed.push(b'\n'),
                b'\n' if i > 0 && bytes[i - 1] == b'\r' => {}
                b => changed.push(*b),
            }
        }
        bytes = changed;
    }
    if settings.encoding == "latin-1" {
        let points: Vec<u32> = bytes.iter().map(|b| u32::from(*b)).collect();
        return vm.new_str_points(&points);
    }
    if settings.encoding == "ascii"
        && let Some(at) = bytes.iter().position(|b| *b >= 0x80)
        && settings.errors == "strict"
    {
        return Err(decode_error(
            vm,
            file,
            &bytes,
            at,
            at + 1,
            "ordinal not in range(128)",
        ));
    }
    if let Ok(text) = std::str::from_utf8(&bytes) {
        return vm.new_str(text);
    }
    let (mut points, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (good, bad) = match std::str::from_utf8(rest) {
            Ok(text) => (text, 0),
            Err(error) => {
                let good = std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or("");
                (
                    good,
                    error
                        .error_len()
                        .unwrap_or(rest.len() - error.valid_up_to()),
                )
            }
        };
        points.extend(good.chars().map(u32::from));
        at += good.len();
        if bad == 0 {
            continue;
        }
        match settings.errors.as_str() {
            "ignore" => {}
            "replace" => points.push(0xfffd),
            "surrogateescape" => {
                points.extend(bytes[at..at + bad].iter().map(|b| 0xdc00 + u32::from(*b)))
            }
            "backslashreplace" => {
                points.extend(
                    bytes[at..at + bad]
                        .iter()
                        .flat_map(|b| format!("\\x{b:02x}").into_bytes())
                        .map(u32::from),
                );
            }
            _ => {
                let reason = match (bytes[at], at + bad == bytes.len()) {
                    (0xc2..=0xf4, true) => "unexpected end of data",
                    (0xc2..=0xf4, false) => "invalid continuation byte",
                    _ => "invalid start byte",
                };
                return Err(decode_error(vm, file, &bytes, at, at + bad, reason));
            }
        }
        at += bad;
    }
    vm.new_str_points(&points)
}

fn decode_error(
    vm: &Vm,
    file: &FileObject,
    bytes: &[u8],
    start: usize,
    end: usize,
    reason: &str,
) -> crate::result::Raised {
    let parts = (|| {
        Ok([
            vm.new_str(&file.settings.encoding)?.upcast(),
            vm.new_bytes(bytes)?.upcast(),
            vm.new_usize(start)?,
            vm.new_usize(end)?,
            vm.new_str(reason)?.upcast(),
        ])
    })();
    match parts {
        Ok(parts) => vm.raise_with(
            &vm.exceptions.UnicodeDecodeError,
            &parts.each_ref().map(Ref::as_object),
        ),
        Err(raised) => raised,
    }
}

fn read(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let size = size(vm, args)?;
    let file = readable(vm, this)?;
    let Some(size) = size else {
        let bytes = file.stream.borrow_mut().read(None);
        return Ok(decode(vm, file, io(vm, bytes)?)?.upcast());
    };
    // Characters are counted, so the bytes are taken one character at a time.
    let mut bytes = Vec::new();
    for _ in 0..size {
        let lead = file.stream.borrow_mut().read(Some(1));
        let lead = io(vm, lead)?;
        let more = match lead.first() {
            None => break,
            Some(0xc0..=0xdf) if file.settings.encoding == "utf-8" => 1,
            Some(0xe0..=0xef) if file.settings.encoding == "utf-8" => 2,
            Some(0xf0..) if file.settings.encoding == "utf-8" => 3,
            Some(_) => 0,
        };
        bytes.extend(lead);
        if more > 0 {
            let rest = file.stream.borrow_mut().read(Some(more));
            bytes.extend(io(vm, rest)?);
        }
    }
    Ok(decode(vm, file, bytes)?.upcast())
}

/// The next line, empty or nothing at the end.
pub(super) fn read_line(vm: &Vm, this: &Object) -> PyResult<Option<Ref<Str>>> {
    let file = readable(vm, this)?;
    let universal = matches!(file.settings.newline.as_deref(), None | Some(""));
    let line = file.stream.borrow_mut().read_line(universal);
    decode(vm, file, io(vm, line)?).map(Some)
}
