//! The native module `_codecs`: the registry of codecs and error handlers, and the built-in codecs as functions.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use viv_heap::{Object, Ref};

use super::make::ModuleSpec;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Bytes, Exception, Int, Str, Tuple};
use crate::protocol;
use crate::result::PyResult;
use crate::types::buffer;
use crate::types::codec::errors::{Replacement, on_encode};
use crate::types::codec::{Codec, Order};
use crate::types::str::text::argument_text;
use crate::vm::Vm;

/// What an interpreter knows of codecs.
#[derive(Default)]
pub struct Registry {
    /// The search functions, in the order in which they were registered.
    pub search: RefCell<Vec<Ref>>,
    /// The codecs found so far, by normalized name.
    pub found: RefCell<HashMap<String, Ref>>,
    /// The registered error handlers.
    pub handlers: RefCell<HashMap<String, Ref>>,
}

impl Registry {
    /// All objects that the registry holds.
    pub fn objects(&self) -> Vec<Ref> {
        let mut all = self.search.borrow().clone();
        all.extend(self.found.borrow().values().cloned());
        all.extend(self.handlers.borrow().values().cloned());
        all
    }

    /// Shows every reference that the registry owns.
    pub fn visit(&self, visitor: &mut viv_heap::Visitor<'_>) {
        self.search
            .borrow()
            .iter()
            .for_each(|function| visitor.visit(function));
        self.found
            .borrow()
            .values()
            .for_each(|codec| visitor.visit(codec));
        self.handlers
            .borrow()
            .values()
            .for_each(|handler| visitor.visit(handler));
    }

    /// Empties the registry: for the teardown.
    pub fn take(&self) -> Vec<Ref> {
        let all = self.objects();
        self.search.take();
        self.found.take();
        self.handlers.take();
        all
    }
}

/// The module.
pub static SPEC: ModuleSpec = ModuleSpec {
    name: "_codecs",
    doc: "",
    functions: &[REGISTRY, CODECS],
    fill: |_, _| Ok(()),
};

const fn function(
    name: &'static str,
    signature: &'static str,
    min: usize,
    max: usize,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
) -> MethodDef {
    MethodDef::new(
        name,
        signature,
        NativeCall::Positional { min, max, call },
        "",
    )
}

const REGISTRY: &[MethodDef] = &[
    MethodDef::new(
        "register",
        "($module, search_function, /)",
        NativeCall::One(register),
        "Register a codec search function.\n\nSearch functions are expected to take one argument, the encoding name in\nall lower case letters, and either return None, or a tuple of functions\n(encoder, decoder, stream_reader, stream_writer) (or a CodecInfo object).",
    ),
    MethodDef::new(
        "unregister",
        "($module, search_function, /)",
        NativeCall::One(unregister),
        "Unregister a codec search function and clear the registry's cache.\n\nIf the search function is not registered, do nothing.",
    ),
    MethodDef::new(
        "lookup",
        "($module, encoding, /)",
        NativeCall::One(|vm, _, name| lookup(vm, &text(vm, name, "lookup")?)),
        "Looks up a codec tuple in the Python codec registry and returns a CodecInfo object.",
    ),
    MethodDef::new(
        "register_error",
        "($module, errors, handler, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: register_error,
        },
        "Register the specified error handler under the name errors.\n\nhandler must be a callable object, that\nwill be called with an exception instance containing\ninformation about the location of the encoding/decoding\nerror and must return a (replacement, new position) tuple.",
    ),
    MethodDef::new(
        "_unregister_error",
        "($module, errors, /)",
        NativeCall::One(unregister_error),
        "Un-register the specified error handler for the error handling `errors'.\n\nOnly custom error handlers can be un-registered. An exception is raised\nif the error handling is a built-in one (e.g., 'strict'), or if an error\noccurs.\n\nOtherwise, this returns True if a custom handler has been successfully\nun-registered, and False if no custom handler for the specified error\nhandling exists.",
    ),
    MethodDef::new(
        "lookup_error",
        "($module, name, /)",
        NativeCall::One(|vm, _, name| lookup_error(vm, &text(vm, name, "lookup_error")?)),
        "lookup_error(errors) -> handler\n\nReturn the error handler for the specified error handling name or raise a\nLookupError, if no handler exists under this name.",
    ),
    MethodDef::new(
        "encode",
        "($module, /, obj, encoding='utf-8', errors='strict')",
        NativeCall::Bound(|vm, _, args| recode(vm, args, 0)),
        "Encodes obj using the codec registered for encoding.\n\nThe default encoding is 'utf-8'.  errors may be given to set a\ndifferent error handling scheme.  Default is 'strict' meaning that encoding\nerrors raise a ValueError.  Other possible values are 'ignore', 'replace'\nand 'backslashreplace' as well as any other name registered with\ncodecs.register_error that can handle ValueErrors.",
    ),
    MethodDef::new(
        "decode",
        "($module, /, obj, encoding='utf-8', errors='strict')",
        NativeCall::Bound(|vm, _, args| recode(vm, args, 1)),
        "Decodes obj using the codec registered for encoding.\n\nDefault encoding is 'utf-8'.  errors may be given to set a\ndifferent error handling scheme.  Default is 'strict' meaning that encoding\nerrors raise a ValueError.  Other possible values are 'ignore', 'replace'\nand 'backslashreplace' as well as any other name registered with\ncodecs.register_error that can handle ValueErrors.",
    ),
];

macro_rules! codec_functions {
    ($($encode:literal $decode:literal $codec:expr, $final:literal;)+) => {
        const CODECS: &[MethodDef] = &[
            $(
                function($encode, "($module, str, errors=None, /)", 1, 2, |vm, _, args| encode(vm, args, $codec, $encode)),
                function($decode, "($module, data, errors=None, final=False, /)", 1, 3, |vm, _, args| decode(vm, args, $codec, $decode, $final)),
            )+
            function("utf_16_ex_decode", "($module, data, errors=None, byteorder=0, final=False, /)", 1, 4, |vm, _, args| ex_decode(vm, args, 2)),
            function("utf_32_ex_decode", "($module, data, errors=None, byteorder=0, final=False, /)", 1, 4, |vm, _, args| ex_decode(vm, args, 4)),
            function("readbuffer_encode", "($module, data, errors=None, /)", 1, 2, readbuffer_encode),
            function("charmap_build", "($module, map, /)", 1, 1, charmap_build),
            function("charmap_encode", "($module, str, errors=None, mapping=None, /)", 1, 3, charmap_encode),
            function("charmap_decode", "($module, data, errors=None, mapping=None, /)", 1, 3, charmap_decode),
            function("escape_encode", "($module, data, errors=None, /)", 1, 2, escape_encode),
            function("escape_decode", "($module, data, errors=None, /)", 1, 2, escape_decode),
        ];
    };
}

codec_functions! {
    "utf_8_encode" "utf_8_decode" Codec::Utf8, false;
    "ascii_encode" "ascii_decode" Codec::Ascii, true;
    "latin_1_encode" "latin_1_decode" Codec::Latin1, true;
    "utf_7_encode" "utf_7_decode" Codec::Utf7, false;
    "utf_16_encode" "utf_16_decode" Codec::Utf16(Order::Marked), false;
    "utf_16_le_encode" "utf_16_le_decode" Codec::Utf16(Order::Little), false;
    "utf_16_be_encode" "utf_16_be_decode" Codec::Utf16(Order::Big), false;
    "utf_32_encode" "utf_32_decode" Codec::Utf32(Order::Marked), false;
    "utf_32_le_encode" "utf_32_le_decode" Codec::Utf32(Order::Little), false;
    "utf_32_be_encode" "utf_32_be_decode" Codec::Utf32(Order::Big), false;
    "unicode_escape_encode" "unicode_escape_decode" Codec::UnicodeEscape, true;
    "raw_unicode_escape_encode" "raw_unicode_escape_decode" Codec::RawUnicodeEscape, true;
}

fn text(vm: &Vm, value: &Object, function: &str) -> PyResult<String> {
    match value.downcast::<Str>() {
        Some(text) => Ok(text.to_text().into_owned()),
        None => Err(vm.type_error(format!(
            "{function}() argument must be str, not {}",
            protocol::type_name(value)
        ))),
    }
}

fn register(vm: &Vm, _: &Object, search: &Object) -> PyResult {
    if !protocol::is_callable(search) {
        return Err(vm.type_error("argument must be callable"));
    }
    vm.codecs.search.borrow_mut().push(search.to_ref());
    Ok(vm.none_ref())
}

fn unregister(vm: &Vm, _: &Object, search: &Object) -> PyResult {
    let mut gone = Vec::new();
    vm.codecs.search.borrow_mut().retain(|known| {
        let same = known.is(search);
        if same {
            gone.push(known.clone());
        }
        !same
    });
    if !gone.is_empty() {
        let cache = vm.codecs.found.take();
        drop(cache);
    }
    drop(gone);
    Ok(vm.none_ref())
}

/// `codecs.lookup(name)`
///
/// # Errors
/// LookupError: "unknown encoding: x"
pub fn lookup(vm: &Vm, name: &str) -> PyResult {
    let normal: String = name
        .chars()
        .map(|c| {
            if c == ' ' {
                '-'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    if let Some(known) = vm.codecs.found.borrow().get(&normal) {
        return Ok(known.clone());
    }
    if vm.codecs.search.borrow().is_empty()
        && let Some(import) = vm.builtins.get_text(vm, "__import__")?
    {
        // The package registers its search function.
        protocol::call_one(vm, &import, vm.new_str("encodings")?.as_object())?;
    }
    let search: Vec<Ref> = vm.codecs.search.borrow().clone();
    let argument = vm.new_str(&normal)?;
    for function in search {
        let result = protocol::call_one(vm, &function, &argument)?;
        if vm.is_none(&result) {
            continue;
        }
        if result.downcast::<Tuple>().is_none_or(|t| t.len() != 4) {
            return Err(vm.type_error("codec search functions must return 4-tuples"));
        }
        let old = vm.codecs.found.borrow_mut().insert(normal, result.clone());
        drop(old);
        return Ok(result);
    }
    Err(crate::types::codec::unknown_encoding(vm, name))
}

const BUILTIN_HANDLERS: [&str; 8] = [
    "strict",
    "ignore",
    "replace",
    "xmlcharrefreplace",
    "backslashreplace",
    "namereplace",
    "surrogateescape",
    "surrogatepass",
];

/// The native handlers as functions, for `codecs.lookup_error`.
static HANDLERS: &[MethodDef] = &[
    MethodDef::new(
        "strict_errors",
        "($module, exc, /)",
        NativeCall::One(|vm, _, e| handle(vm, e, "strict")),
        "Implements the 'strict' error handling, which raises a UnicodeError on coding errors.",
    ),
    MethodDef::new(
        "ignore_errors",
        "($module, exc, /)",
        NativeCall::One(|vm, _, e| handle(vm, e, "ignore")),
        "Implements the 'ignore' error handling, which ignores malformed data and continues.",
    ),
    MethodDef::new(
        "replace_errors",
        "($module, exc, /)",
        NativeCall::One(|vm, _, e| handle(vm, e, "replace")),
        "Implements the 'replace' error handling, which replaces malformed data with a replacement marker.",
    ),
    MethodDef::new(
        "xmlcharrefreplace_errors",
        "($module, exc, /)",
        NativeCall::One(|vm, _, e| handle(vm, e, "xmlcharrefreplace")),
        "Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character with the appropriate XML character reference.",
    ),
    MethodDef::new(
        "backslashreplace_errors",
        "($module, exc, /)",
        NativeCall::One(|vm, _, e| handle(vm, e, "backslashreplace")),
        "Implements the 'backslashreplace' error handling, which replaces malformed data with a backslashed escape sequence.",
    ),
    MethodDef::new(
        "namereplace_errors",
        "($module, exc, /)",
        NativeCall::One(|vm, _, e| handle(vm, e, "namereplace")),
        "Implements the 'namereplace' error handling, which replaces an unencodable character with a \\N{...} escape sequence.",
    ),
    MethodDef::new(
        "surrogateescape",
        "($module, exc, /)",
        NativeCall::One(|vm, _, e| handle(vm, e, "surrogateescape")),
        "",
    ),
    MethodDef::new(
        "surrogatepass",
        "($module, exc, /)",
        NativeCall::One(|vm, _, e| handle(vm, e, "surrogatepass")),
        "",
    ),
];

/// The error handler of a name.
///
/// # Errors
/// LookupError: "unknown error handler name 'x'"
pub fn lookup_error(vm: &Vm, name: &str) -> PyResult {
    if let Some(known) = vm.codecs.handlers.borrow().get(name) {
        return Ok(known.clone());
    }
    let Some(def) = BUILTIN_HANDLERS
        .iter()
        .position(|n| *n == name)
        .and_then(|i| HANDLERS.get(i))
    else {
        return Err(vm.lookup_error(format!("unknown error handler name '{name}'")));
    };
    let module = super::make::new_module(vm, "_codecs", "")?;
    let made = super::make::new_function(vm, &module, "_codecs", def)?;
    vm.codecs
        .handlers
        .borrow_mut()
        .insert(name.to_owned(), made.clone());
    Ok(made)
}

fn register_error(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [name, handler] = args else {
        return Err(vm.system_error("register_error: bad arguments"));
    };
    let name = text(vm, name, "register_error")?;
    if !protocol::is_callable(handler) {
        return Err(vm.type_error("handler must be callable"));
    }
    let old = vm
        .codecs
        .handlers
        .borrow_mut()
        .insert(name, handler.to_ref());
    drop(old);
    Ok(vm.none_ref())
}

fn unregister_error(vm: &Vm, _: &Object, name: &Object) -> PyResult {
    let name = text(vm, name, "_unregister_error")?;
    if BUILTIN_HANDLERS.contains(&name.as_str()) {
        return Err(vm.value_error(format!(
            "cannot un-register built-in error handler '{name}'"
        )));
    }
    let old = vm.codecs.handlers.borrow_mut().remove(&name);
    Ok(vm.bool(old.is_some()))
}

/// A built-in handler called as a function with an exception.
fn handle(vm: &Vm, exception: &Object, name: &str) -> PyResult {
    let Some(_) = exception.downcast::<Exception>() else {
        return Err(vm.type_error("codec must pass exception instance"));
    };
    let is = |class: &crate::object::Type| crate::object::Type::of(exception).is_subtype(class);
    if name == "strict" {
        return Err(vm.restore(exception.to_ref()));
    }
    let number = |attribute: &str| -> PyResult<usize> {
        Ok(usize::try_from(protocol::to_i64(
            vm,
            &*protocol::get_attr_str(vm, exception, attribute)?,
        )?)
        .unwrap_or(0))
    };
    let word = |attribute: &str| -> PyResult<String> {
        let value = protocol::get_attr_str(vm, exception, attribute)?;
        Ok(protocol::str(vm, &value)?.to_text().into_owned())
    };
    let wrong = || {
        vm.type_error(format!(
            "don't know how to handle {} in error callback",
            protocol::type_name(exception)
        ))
    };
    let (replacement, next) = if is(&vm.exceptions.UnicodeEncodeError) {
        let object = protocol::get_attr_str(vm, exception, "object")?;
        let Some(string) = object.downcast::<Str>() else {
            return Err(wrong());
        };
        let (start, end) = (
            number("start")?.min(string.len()),
            number("end")?.min(string.len()),
        );
        match on_encode(
            vm,
            name,
            &word("encoding")?,
            string,
            start,
            end,
            &word("reason")?,
        )? {
            (Replacement::Text(text), next) => (vm.new_str_points(&text)?.upcast(), next),
            (Replacement::Bytes(bytes), next) => (vm.new_bytes(&bytes)?.upcast(), next),
        }
    } else if is(&vm.exceptions.UnicodeDecodeError) {
        let object = protocol::get_attr_str(vm, exception, "object")?;
        let Some(bytes) = object.downcast::<Bytes>() else {
            return Err(wrong());
        };
        if matches!(name, "xmlcharrefreplace" | "namereplace") {
            return Err(wrong());
        }
        let all = bytes.as_slice();
        let (start, end) = (
            number("start")?.min(all.len()),
            number("end")?.min(all.len()),
        );
        let (text, next) = crate::types::codec::errors::on_decode(
            vm,
            name,
            &word("encoding")?,
            all,
            start,
            end,
            &word("reason")?,
        )?;
        (vm.new_str_points(&text)?.upcast(), next)
    } else if is(&vm.exceptions.UnicodeTranslateError) && matches!(name, "ignore" | "replace") {
        let (start, end) = (number("start")?, number("end")?);
        let text = if name == "replace" {
            vec![0xfffd; end.saturating_sub(start)]
        } else {
            Vec::new()
        };
        (vm.new_str_points(&text)?.upcast(), end)
    } else {
        return Err(wrong());
    };
    Ok(vm
        .new_tuple(vec![replacement, vm.new_usize(next)?])?
        .upcast())
}

fn recode(vm: &Vm, args: &[Option<&Object>], which: usize) -> PyResult {
    let [Some(object), encoding, errors] = args else {
        return Err(vm.system_error("codecs: bad arguments"));
    };
    let name = if which == 0 { "encode" } else { "decode" };
    let encoding =
        argument_text(vm, *encoding, name, "encoding")?.unwrap_or(Cow::Borrowed("utf-8"));
    let found = lookup(vm, &encoding)?;
    let function = protocol::get_item(vm, &found, &*vm.new_usize(which)?)?;
    let result = match errors {
        Some(errors) => protocol::call_args(vm, &function, &[object, errors])?,
        None => protocol::call_one(vm, &function, object)?,
    };
    match result
        .downcast::<Tuple>()
        .filter(|t| t.len() == 2)
        .and_then(|t| t.get(0))
    {
        Some(first) => Ok(first.to_ref()),
        None if which == 0 => Err(vm.type_error("encoder must return a tuple (object, integer)")),
        None => Err(vm.type_error("decoder must return a tuple (object,integer)")),
    }
}

fn errors_of(vm: &Vm, args: &[&Object], function: &str) -> PyResult<String> {
    let given = args.get(1).copied().filter(|e| !vm.is_none(e));
    match given {
        None => Ok("strict".to_owned()),
        Some(errors) => match errors.downcast::<Str>() {
            Some(text) => Ok(text.to_text().into_owned()),
            None => Err(vm.type_error(format!(
                "{function}() argument 2 must be str or None, not {}",
                protocol::type_name(errors)
            ))),
        },
    }
}

fn pair(vm: &Vm, first: Ref, length: usize) -> PyResult {
    Ok(vm.new_tuple(vec![first, vm.new_usize(length)?])?.upcast())
}

fn string_argument<'a>(vm: &Vm, args: &[&'a Object], function: &str) -> PyResult<&'a Str> {
    let [first, ..] = args else {
        return Err(vm.system_error("codec function without argument"));
    };
    first.downcast::<Str>().ok_or_else(|| {
        vm.type_error(format!(
            "{function}() argument 1 must be str, not {}",
            protocol::type_name(first)
        ))
    })
}

fn encode(vm: &Vm, args: &[&Object], codec: Codec, name: &str) -> PyResult {
    let string = string_argument(vm, args, name)?;
    let errors = errors_of(vm, args, name)?;
    pair(
        vm,
        codec.encode(vm, string, &errors)?.upcast(),
        string.len(),
    )
}

/// The bytes to decode; some codecs take ASCII text as well.
fn data(vm: &Vm, value: &Object) -> PyResult<Vec<u8>> {
    match value.downcast::<Str>().and_then(|s| s.to_utf8()) {
        Some(text) => Ok(text.as_bytes().to_vec()),
        None => buffer::require_bytes(vm, value, <[u8]>::to_vec),
    }
}

fn decode(vm: &Vm, args: &[&Object], codec: Codec, name: &str, final_default: bool) -> PyResult {
    let [first, ..] = args else {
        return Err(vm.system_error("codec function without argument"));
    };
    let escapes = matches!(codec, Codec::UnicodeEscape | Codec::RawUnicodeEscape);
    let bytes = if escapes {
        data(vm, first)?
    } else {
        buffer::require_bytes(vm, first, <[u8]>::to_vec)?
    };
    let errors = errors_of(vm, args, name)?;
    let last = match args.get(2) {
        Some(last) => protocol::is_true(vm, last)?,
        None => final_default,
    };
    let (text, used) = codec.decode(vm, &bytes, &errors, last)?;
    pair(vm, text.upcast(), used)
}

/// `utf_16_ex_decode`, `utf_32_ex_decode`: the third value is the order of bytes, as found.
fn ex_decode(vm: &Vm, args: &[&Object], size: usize) -> PyResult {
    let [first, ..] = args else {
        return Err(vm.system_error("codec function without argument"));
    };
    let bytes = buffer::require_bytes(vm, first, <[u8]>::to_vec)?;
    let errors = errors_of(vm, args, "ex_decode")?;
    let given = args.get(2).map_or(Ok(0), |o| protocol::to_i64(vm, o))?;
    let last = args
        .get(3)
        .map_or(Ok(false), |l| protocol::is_true(vm, l))?;
    let mark: &[u8] = bytes.get(..size).unwrap_or_default();
    let (order, found) = match (given, mark) {
        (0, [0xff, 0xfe] | [0xff, 0xfe, 0, 0]) => (Order::Marked, -1),
        (0, [0xfe, 0xff] | [0, 0, 0xfe, 0xff]) => (Order::Marked, 1),
        (0, _) => (Order::Marked, 0),
        (1.., _) => (Order::Big, 1),
        _ => (Order::Little, -1),
    };
    let codec = if size == 2 {
        Codec::Utf16(order)
    } else {
        Codec::Utf32(order)
    };
    let (text, used) = codec.decode(vm, &bytes, &errors, last)?;
    Ok(vm
        .new_tuple(vec![text.upcast(), vm.new_usize(used)?, vm.new_int(found)?])?
        .upcast())
}

fn readbuffer_encode(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [first, ..] = args else {
        return Err(vm.system_error("codec function without argument"));
    };
    let bytes = data(vm, first)?;
    pair(vm, vm.new_bytes(&bytes)?.upcast(), bytes.len())
}

fn charmap_build(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let string = string_argument(vm, args, "charmap_build")?;
    let table = vm.new_dict()?;
    for (i, c) in string.chars().enumerate() {
        protocol::set_item(vm, &table, &*vm.new_int(i64::from(c))?, &*vm.new_usize(i)?)?;
    }
    Ok(table.upcast())
}

/// `mapping[key]`; nothing for LookupError and None.
fn mapped(vm: &Vm, mapping: &Object, key: usize) -> PyResult<Option<Ref>> {
    match protocol::get_item(vm, mapping, &*vm.new_usize(key)?) {
        Ok(value) if vm.is_none(&value) => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(raised) => vm.swallow(raised, &vm.exceptions.LookupError),
    }
}

fn charmap_encode(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let string = string_argument(vm, args, "charmap_encode")?;
    let errors = errors_of(vm, args, "charmap_encode")?;
    let Some(mapping) = args.get(2).copied().filter(|m| !vm.is_none(m)) else {
        return pair(
            vm,
            Codec::Latin1.encode(vm, string, &errors)?.upcast(),
            string.len(),
        );
    };
    let one = |c: u32, out: &mut Vec<u8>| -> PyResult<bool> {
        let Some(value) = mapped(vm, mapping, c as usize)? else {
            return Ok(false);
        };
        if let Some(int) = value.downcast::<Int>() {
            let Some(byte) = int.as_i64().and_then(|n| u8::try_from(n).ok()) else {
                return Err(vm.type_error("character mapping must be in range(256)"));
            };
            out.push(byte);
        } else if let Some(bytes) = value.downcast::<Bytes>() {
            out.extend_from_slice(bytes.as_slice());
        } else {
            return Err(vm.type_error(format!(
                "character mapping must return integer, bytes or None, not {}",
                protocol::type_name(&value)
            )));
        }
        Ok(true)
    };
    const REASON: &str = "character maps to <undefined>";
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(c) = string.char_at(at) {
        if one(c, &mut out)? {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        let mut scratch = Vec::new();
        while let Some(c) = string.char_at(end)
            && !one(c, &mut scratch)?
        {
            end += 1;
        }
        match on_encode(vm, &errors, "charmap", string, at, end, REASON)? {
            (Replacement::Bytes(bytes), next) => {
                out.extend(bytes);
                at = next;
            }
            (Replacement::Text(text), next) => {
                for c in text {
                    if !one(c, &mut out)? {
                        return Err(crate::types::codec::errors::encode_error(
                            vm, "charmap", string, at, end, REASON,
                        ));
                    }
                }
                at = next;
            }
        }
    }
    pair(vm, vm.new_bytes(&out)?.upcast(), string.len())
}

fn charmap_decode(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [first, ..] = args else {
        return Err(vm.system_error("codec function without argument"));
    };
    let bytes = buffer::require_bytes(vm, first, <[u8]>::to_vec)?;
    let errors = errors_of(vm, args, "charmap_decode")?;
    let Some(mapping) = args.get(2).copied().filter(|m| !vm.is_none(m)) else {
        return pair(
            vm,
            Codec::Latin1.decode(vm, &bytes, &errors, true)?.0.upcast(),
            bytes.len(),
        );
    };
    let table = mapping.downcast::<Str>();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        let found: Option<Vec<u32>> = if let Some(table) = table {
            table
                .char_at(usize::from(byte))
                .filter(|c| *c != 0xfffe)
                .map(|c| vec![c])
        } else {
            match mapped(vm, mapping, usize::from(byte))? {
                None => None,
                Some(value) => {
                    if let Some(int) = value.downcast::<Int>() {
                        let point = int
                            .as_i64()
                            .and_then(|n| u32::try_from(n).ok())
                            .filter(|n| *n < 0x11_0000);
                        let Some(point) = point else {
                            return Err(
                                vm.type_error("character mapping must be in range(0x110000)")
                            );
                        };
                        Some(point).filter(|c| *c != 0xfffe).map(|c| vec![c])
                    } else if let Some(text) = value.downcast::<Str>() {
                        Some(text.chars().collect()).filter(|t: &Vec<u32>| *t != [0xfffe])
                    } else {
                        return Err(
                            vm.type_error("character mapping must return integer, None or str")
                        );
                    }
                }
            }
        };
        match found {
            Some(text) => {
                out.extend(text);
                at += 1;
            }
            None => {
                let reason = "character maps to <undefined>";
                let (text, next) = crate::types::codec::errors::on_decode(
                    vm,
                    &errors,
                    "charmap",
                    &bytes,
                    at,
                    at + 1,
                    reason,
                )?;
                out.extend(text);
                at = next;
            }
        }
    }
    pair(vm, vm.new_str_points(&out)?.upcast(), bytes.len())
}

fn escape_encode(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [first, ..] = args else {
        return Err(vm.system_error("codec function without argument"));
    };
    let Some(bytes) = first.downcast::<Bytes>() else {
        return Err(vm.type_error(format!(
            "escape_encode() argument 1 must be bytes, not {}",
            protocol::type_name(first)
        )));
    };
    let mut out = Vec::new();
    for &byte in bytes.as_slice() {
        match byte {
            b'\\' => out.extend(b"\\\\"),
            b'\'' => out.extend(b"\\'"),
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            0x20..0x7f => out.push(byte),
            _ => out.extend(format!("\\x{byte:02x}").bytes()),
        }
    }
    pair(vm, vm.new_bytes(&out)?.upcast(), bytes.as_slice().len())
}

fn escape_decode(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let [first, ..] = args else {
        return Err(vm.system_error("codec function without argument"));
    };
    let bytes = data(vm, first)?;
    let errors = errors_of(vm, args, "escape_decode")?;
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some(&kind) = bytes.get(at) else {
            return Err(vm.value_error("Trailing \\ in string"));
        };
        at += 1;
        match kind {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(kind),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b't' => out.push(9),
            b'n' => out.push(10),
            b'v' => out.push(11),
            b'f' => out.push(12),
            b'r' => out.push(13),
            b'0'..=b'7' => {
                let mut value = u32::from(kind - b'0');
                for _ in 0..2 {
                    let Some(&digit @ b'0'..=b'7') = bytes.get(at) else {
                        break;
                    };
                    value = value * 8 + u32::from(digit - b'0');
                    at += 1;
                }
                out.push(value as u8);
            }
            b'x' => {
                let digit = |i: usize| bytes.get(i).and_then(|&b| (b as char).to_digit(16));
                match (digit(at), digit(at + 1)) {
                    (Some(high), Some(low)) => {
                        out.push((high * 16 + low) as u8);
                        at += 2;
                    }
                    (high, _) => {
                        match errors.as_str() {
                            "strict" => {
                                return Err(vm.value_error(format!(
                                    "invalid \\x escape at position {}",
                                    at - 2
                                )));
                            }
                            "replace" => out.push(b'?'),
                            "ignore" => {}
                            other => {
                                return Err(vm.value_error(format!(
                                    "decoding error; unknown error handling code: {other}"
                                )));
                            }
                        }
                        at += usize::from(high.is_some());
                    }
                }
            }
            _ => out.extend([b'\\', kind]),
        }
    }
    pair(vm, vm.new_bytes(&out)?.upcast(), bytes.len())
}

/// A source's text, where it declares an encoding that a codec is there for.
pub fn decode_source(vm: &Vm, source: &[u8]) -> Option<String> {
    let encoding = vm.compiler.declared_encoding(source)?;
    let decoded = vm.new_bytes(source).and_then(|bytes| {
        let encoding = vm.new_str(&encoding)?;
        protocol::call_method(vm, &bytes.head, &*vm.intern("decode")?, &[&encoding.head])
    });
    match decoded {
        Ok(text) => Some(text.cast::<Str>().ok()?.to_text().into_owned()),
        Err(raised) => {
            drop(vm.take_raised(raised));
            None
        }
    }
}
