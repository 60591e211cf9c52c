//! The encodings that `str.encode` and `bytes.decode` know by themselves; any other one is looked up through `codecs`.

pub mod errors;
pub mod escape;
pub mod single;
pub mod utf16;
pub mod utf7;
pub mod utf8;

use viv_heap::{Object, Ref};

use crate::object::{Bytes, Str, Tuple};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::vm::Vm;

/// An encoding that is built in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Codec {
    /// UTF-8.
    Utf8,
    /// ASCII.
    Ascii,
    /// Latin-1.
    Latin1,
    /// UTF-7.
    Utf7,
    /// UTF-16 in an order of bytes.
    Utf16(Order),
    /// UTF-32 in an order of bytes.
    Utf32(Order),
    /// `unicode_escape`
    UnicodeEscape,
    /// `raw_unicode_escape`
    RawUnicodeEscape,
}

/// The order of the bytes of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// Least first.
    Little,
    /// Greatest first.
    Big,
    /// As the mark at the beginning says; written least first with a mark.
    Marked,
}

impl Codec {
    /// The built-in codec of a name.
    pub fn named(name: &str) -> Option<Codec> {
        if matches!(name, "utf-8" | "utf8") {
            return Some(Codec::Utf8);
        }
        let name: String = name
            .chars()
            .map(|c| {
                if matches!(c, '-' | ' ') {
                    '_'
                } else {
                    c.to_ascii_lowercase()
                }
            })
            .collect();
        Some(match name.as_str() {
            "utf_8" | "utf8" | "u8" | "utf" | "cp65001" => Codec::Utf8,
            "ascii" | "us_ascii" | "646" | "ansi_x3.4_1968" => Codec::Ascii,
            "latin_1" | "latin1" | "latin" | "iso_8859_1" | "iso8859_1" | "iso_8859_1_1987"
            | "iso8859" | "8859" | "cp819" | "l1" => Codec::Latin1,
            "utf_7" | "utf7" | "u7" => Codec::Utf7,
            "utf_16" | "utf16" | "u16" => Codec::Utf16(Order::Marked),
            "utf_16_le" | "utf_16le" | "utf16le" | "utf16_le" | "unicodelittleunmarked" => {
                Codec::Utf16(Order::Little)
            }
            "utf_16_be" | "utf_16be" | "utf16be" | "utf16_be" | "unicodebigunmarked" => {
                Codec::Utf16(Order::Big)
            }
            "utf_32" | "utf32" | "u32" => Codec::Utf32(Order::Marked),
            "utf_32_le" | "utf_32le" | "utf32le" | "utf32_le" => Codec::Utf32(Order::Little),
            "utf_32_be" | "utf_32be" | "utf32be" | "utf32_be" => Codec::Utf32(Order::Big),
            "unicode_escape" | "unicodeescape" => Codec::UnicodeEscape,
            "raw_unicode_escape" | "rawunicodeescape" => Codec::RawUnicodeEscape,
            _ => return None,
        })
    }

    /// Decodes bytes. The number tells how many of them were used: fewer than all only where `last` is false.
    pub fn decode(
        self,
        vm: &Vm,
        bytes: &[u8],
        errors: &str,
        last: bool,
    ) -> PyResult<(Ref<Str>, usize)> {
        match self {
            Codec::Utf8 => utf8::decode(vm, bytes, errors, last),
            Codec::Ascii => Ok((single::decode_ascii(vm, bytes, errors)?, bytes.len())),
            Codec::Latin1 => Ok((single::decode_latin1(vm, bytes)?, bytes.len())),
            Codec::Utf7 => utf7::decode(vm, bytes, errors, last),
            Codec::Utf16(order) => utf16::decode(vm, bytes, errors, 2, order, last),
            Codec::Utf32(order) => utf16::decode(vm, bytes, errors, 4, order, last),
            Codec::UnicodeEscape => escape::decode(vm, bytes, errors, last),
            Codec::RawUnicodeEscape => escape::decode_raw(vm, bytes, errors, last),
        }
    }

    /// Encodes a string.
    pub fn encode(self, vm: &Vm, string: &Str, errors: &str) -> PyResult<Ref<Bytes>> {
        match self {
            Codec::Utf8 => utf8::encode(vm, string, errors),
            Codec::Ascii => single::encode(
                vm,
                string,
                errors,
                0x80,
                "ascii",
                "ordinal not in range(128)",
            ),
            Codec::Latin1 => single::encode(
                vm,
                string,
                errors,
                0x100,
                "latin-1",
                "ordinal not in range(256)",
            ),
            Codec::Utf7 => utf7::encode(vm, string),
            Codec::Utf16(order) => utf16::encode(vm, string, errors, 2, order),
            Codec::Utf32(order) => utf16::encode(vm, string, errors, 4, order),
            Codec::UnicodeEscape => escape::encode(vm, string),
            Codec::RawUnicodeEscape => escape::encode_raw(vm, string),
        }
    }
}

/// In development mode names are looked up even where nothing asks for them.
fn check_names(vm: &Vm, encoding: Option<&str>, errors: Option<&str>) -> PyResult<()> {
    if vm.config.flags.dev_mode {
        if let Some(name) = encoding.filter(|name| Codec::named(name).is_none()) {
            crate::modules::codecs::lookup(vm, name)?;
        }
        if let Some(name) = errors {
            crate::modules::codecs::lookup_error(vm, name)?;
        }
    }
    Ok(())
}

/// `string.encode(encoding, errors)`
pub fn encode(vm: &Vm, string: &Str, encoding: Option<&str>, errors: Option<&str>) -> PyResult {
    check_names(vm, encoding, errors)?;
    let name = encoding.unwrap_or("utf-8");
    if let Some(codec) = Codec::named(name) {
        return Ok(codec
            .encode(vm, string, errors.unwrap_or("strict"))?
            .upcast());
    }
    let result = through_codecs(vm, name, 0, &string.head, errors)?;
    if result.downcast::<Bytes>().is_some() {
        return Ok(result);
    }
    let given = protocol::type_name(&result);
    Err(vm.type_error(format!(
        "'{name}' encoder returned '{given}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types"
    )))
}

/// `object.decode(encoding, errors)`; `bytes` are those of the object.
pub fn decode(
    vm: &Vm,
    object: &Object,
    bytes: &[u8],
    encoding: Option<&str>,
    errors: Option<&str>,
) -> PyResult<Ref<Str>> {
    check_names(vm, encoding, errors)?;
    let name = encoding.unwrap_or("utf-8");
    if let Some(codec) = Codec::named(name) {
        return Ok(codec.decode(vm, bytes, errors.unwrap_or("strict"), true)?.0);
    }
    let result = through_codecs(vm, name, 1, object, errors)?;
    result.cast::<Str>().map_err(|other| {
        let given = protocol::type_name(&other);
        vm.type_error(format!(
            "'{name}' decoder returned '{given}' instead of 'str'; use codecs.decode() to decode to arbitrary types"
        ))
    })
}

/// LookupError: "unknown encoding: x"
#[cold]
pub fn unknown_encoding(vm: &Vm, name: &str) -> Raised {
    vm.lookup_error(format!("unknown encoding: {name}"))
}

/// Calls the encoder (0) or decoder (1) that `codecs.lookup` finds.
fn through_codecs(
    vm: &Vm,
    name: &str,
    which: usize,
    object: &Object,
    errors: Option<&str>,
) -> PyResult {
    let found = crate::modules::codecs::lookup(vm, name)?;
    let is_text = protocol::get_attr_opt(vm, &found, &*vm.intern("_is_text_encoding")?)?;
    if let Some(flag) = is_text
        && !protocol::is_true(vm, &flag)?
    {
        let what = if which == 0 {
            "codecs.encode()"
        } else {
            "codecs.decode()"
        };
        return Err(vm.lookup_error(format!(
            "'{name}' is not a text encoding; use {what} to handle arbitrary codecs"
        )));
    }
    let function = protocol::get_item(vm, &found, &*vm.new_usize(which)?)?;
    let result = match errors {
        Some(errors) => {
            protocol::call_args(vm, &function, &[object, vm.new_str(errors)?.as_object()])?
        }
        None => protocol::call_one(vm, &function, object)?,
    };
    match result
        .downcast::<Tuple>()
        .filter(|t| t.len() == 2)
        .and_then(|t| t.get(0))
    {
        Some(first) => Ok(first.to_ref()),
        None => Err(vm.type_error(if which == 0 {
            "encoder must return a tuple (object, integer)"
        } else {
            "decoder must return a tuple (object,integer)"
        })),
    }
}
