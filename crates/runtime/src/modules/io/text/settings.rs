//! How a text file is set up: the constructor, `reconfigure`, and what files of `open` and the standard streams start with.

use viv_heap::{HVec, HeapAlloc, Object, Ref};

use super::super::newline::LineEnd;
use super::super::string_io::newline_argument;
use super::super::unsupported;
use super::{Life, TextIo, open, place, receive, text_io};
use crate::args::Args;
use crate::modules::codecs;
use crate::native::bind::Parameters;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Int, Str};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::types::codec::{Codec, utf8};
use crate::vm::Vm;

pub(super) const SIGNATURE: &str = "(buffer, encoding=None, errors=None, newline=None,\n              line_buffering=False, write_through=False)";

pub(super) const METHODS: &[MethodDef] = &[MethodDef::new(
    "reconfigure",
    "($self, /, *, encoding=None, errors=None, newline=None,\n            line_buffering=None, write_through=None)",
    NativeCall::Bound(reconfigure),
    "Reconfigure the text stream with new parameters.\n\nThis also does an implicit stream flush.",
)];

/// What is known of the file below without asking it.
pub struct Facts {
    /// It can be read.
    pub readable: bool,
    /// It can be written.
    pub writable: bool,
    /// It has a position that can be set.
    pub seekable: bool,
    /// It stands at its beginning.
    pub at_start: bool,
}

/// The encoding of files that are opened without one.
fn default_encoding(vm: &Vm) -> &'static str {
    if vm.config.flags.utf8_mode {
        "utf-8"
    } else {
        LOCALE
    }
}

/// The encoding of the locale.
const LOCALE: &str = "UTF-8";

/// A text file over a buffered file of which everything is known.
///
/// # Errors
/// LookupError for an unknown encoding; MemoryError
pub fn over(
    vm: &Vm,
    buffer: &Object,
    (encoding, errors): (Option<&Str>, Option<&Str>),
    newline: Option<Ref<Str>>,
    (line_buffering, write_through): (bool, bool),
    facts: &Facts,
) -> PyResult<Ref<TextIo>> {
    let file = place(vm, &*text_io(vm)?)?;
    file.buffer.set(Some(buffer.to_ref()));
    file.line_buffering.set(line_buffering);
    file.write_through.set(write_through);
    file.set_newline(newline);
    file.set_encoding(vm, encoding, errors, facts)?;
    file.life.set(Life::Ready);
    Ok(file)
}

impl TextIo {
    fn set_newline(&self, newline: Option<Ref<Str>>) {
        let text = newline.map(|n| n.to_text().into_owned());
        let text = text.as_deref();
        self.universal.set(text.is_none_or(str::is_empty));
        self.newlines.translate.set(text.is_none());
        self.newlines.reset();
        self.line_end.set(LineEnd::of(text));
        self.write_end.set(match text {
            Some("\r") => "\r",
            Some("\r\n") => "\r\n",
            _ => "\n",
        });
    }

    /// Sets the encoding and makes the coders.
    fn set_encoding(
        &self,
        vm: &Vm,
        encoding: Option<&Str>,
        errors: Option<&Str>,
        facts: &Facts,
    ) -> PyResult<()> {
        let encoding = match encoding {
            Some(name) if !name.eq_text("locale") => Ref::of(name),
            Some(_) => vm.intern(LOCALE)?,
            None => vm.intern(default_encoding(vm))?,
        };
        let errors = match errors {
            Some(errors) => Ref::of(errors),
            None => vm.names.strict.clone(),
        };
        let name = encoding.to_text().into_owned();
        let codec = Codec::named(&name)
            .filter(|codec| matches!(codec, Codec::Utf8 | Codec::Ascii | Codec::Latin1));
        self.encoder.set(None);
        self.decoder.set(None);
        self.undecoded.write(Vec::clear);
        if codec.is_none() {
            let info = text_codec(vm, &name)?;
            if facts.readable {
                let class = protocol::get_attr_str(vm, &info, "incrementaldecoder")?;
                let decoder = protocol::call_one(vm, &class, &errors)?;
                self.decoder.set(Some(decoder));
            }
            if facts.writable {
                let class = protocol::get_attr_str(vm, &info, "incrementalencoder")?;
                let encoder = protocol::call_one(vm, &class, &errors)?;
                self.encoder.set(Some(encoder));
                if !facts.at_start {
                    self.reset_encoder(vm, false)?;
                }
            }
        }
        self.codec.set(codec);
        self.encoding.set(Some(encoding));
        self.errors.set(Some(errors));
        self.reads.set(facts.readable);
        self.writes.set(facts.writable);
        self.seekable.set(facts.seekable);
        self.telling.set(facts.seekable);
        self.has_read1.set(true);
        Ok(())
    }
}

/// The name that an encoding has itself, whichever alias it was given by.
///
/// # Errors
/// LookupError for an unknown encoding.
pub fn canonical(vm: &Vm, name: &str) -> PyResult<String> {
    Ok(match Codec::named(name) {
        Some(Codec::Utf8) => "utf-8".to_owned(),
        Some(Codec::Ascii) => "ascii".to_owned(),
        Some(Codec::Latin1) => "iso8859-1".to_owned(),
        _ => {
            let info = text_codec(vm, name)?;
            let own = protocol::get_attr(vm, &info, &vm.names.name)?;
            protocol::str(vm, &own)?.to_text().into_owned()
        }
    })
}

/// The codec of a text encoding.
fn text_codec(vm: &Vm, name: &str) -> PyResult {
    let info = codecs::lookup(vm, name)?;
    let is_text = protocol::get_attr_opt(vm, &info, &*vm.intern("_is_text_encoding")?)?;
    if let Some(flag) = is_text
        && !protocol::is_true(vm, &flag)?
    {
        return Err(vm.lookup_error(format!(
            "'{name}' is not a text encoding; use codecs.open() to handle arbitrary codecs"
        )));
    }
    Ok(info)
}

/// An argument that is a string or None.
///
/// # Errors
/// TypeError: "f() argument 'x' must be str or None, not y"; ValueError: "embedded null character"
pub fn text_argument<'a>(
    vm: &Vm,
    function: &str,
    name: &str,
    value: Option<&'a Object>,
) -> PyResult<Option<&'a Str>> {
    let text = name_argument(vm, function, name, value)?;
    if text.is_some_and(|text| text.chars().any(|c| c == 0)) {
        return Err(vm.value_error("embedded null character"));
    }
    Ok(text)
}

/// As [`text_argument`]; zeros are left to whoever looks the name up.
fn name_argument<'a>(
    vm: &Vm,
    function: &str,
    name: &str,
    value: Option<&'a Object>,
) -> PyResult<Option<&'a Str>> {
    let Some(value) = value.filter(|value| !vm.is_none(value)) else {
        return Ok(None);
    };
    let Some(text) = value.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "{function}() argument {name} must be str or None, not {}",
            type_name(value)
        )));
    };
    // Names with lone surrogates cannot be looked up.
    utf8::encode(vm, text, "strict")?;
    Ok(Some(text))
}

/// Warns, if asked to, that a file's encoding is left to the surroundings.
///
/// # Errors
/// The warning itself, where a filter says so.
pub fn warn_default(vm: &Vm, level: i64) -> PyResult<()> {
    if !vm.config.settings.warn_default_encoding {
        return Ok(());
    }
    vm.warn(
        &vm.exceptions.EncodingWarning,
        "'encoding' argument not specified",
        level,
    )
}

pub(super) fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let file = receive(vm, this)?;
    file.life.set(Life::Unborn);
    let bound = Parameters::of(SIGNATURE).bind(vm, "TextIOWrapper", args)?;
    let [
        Some(buffer),
        encoding,
        errors,
        newline,
        line_buffering,
        write_through,
    ] = bound[..]
    else {
        return Err(vm.system_error("TextIOWrapper: bad arguments"));
    };
    let encoding = text_argument(vm, "TextIOWrapper", "'encoding'", encoding)?;
    let errors = text_argument(vm, "TextIOWrapper", "'errors'", errors)?;
    let newline = newline_argument(vm, newline, false)?;
    let line_buffering = line_buffering.map_or(Ok(false), |l| protocol::is_true(vm, l))?;
    let write_through = write_through.map_or(Ok(false), |w| protocol::is_true(vm, w))?;
    if encoding.is_none() {
        warn_default(vm, 1)?;
    }
    if let Some(errors) = errors {
        check_errors(vm, errors)?;
    }
    file.forget();
    file.pending
        .write(|pending| *pending = HVec::new_in(HeapAlloc));
    file.ratio.set(0.0);
    file.set_newline(newline);
    if let Some(encoding) = encoding
        && !encoding.eq_text("locale")
        && Codec::named(&encoding.to_text()).is_none()
    {
        text_codec(vm, &encoding.to_text())?;
    }
    let ask = |name: &Str| {
        let answer = protocol::call_method(vm, buffer, name, &[])?;
        protocol::is_true(vm, &answer)
    };
    let readable = ask(&vm.names.readable)?;
    let writable = ask(&vm.names.writable)?;
    let seekable = ask(&vm.names.seekable)?;
    let mut at_start = true;
    if seekable && writable {
        let at = protocol::call_method(vm, buffer, &vm.names.tell, &[])?;
        at_start = at.downcast::<Int>().is_some_and(|at| at.signum() == 0);
    }
    let facts = Facts {
        readable,
        writable,
        seekable,
        at_start,
    };
    file.set_encoding(vm, encoding, errors, &facts)?;
    let has_read1 = protocol::get_attr_opt(vm, buffer, &vm.names.read1)?.is_some();
    file.has_read1.set(has_read1);
    file.line_buffering.set(line_buffering);
    file.write_through.set(write_through);
    file.buffer.set(Some(buffer.to_ref()));
    file.life.set(Life::Ready);
    Ok(())
}

/// In the development mode an unknown error handler is told of at once.
fn check_errors(vm: &Vm, errors: &Str) -> PyResult<()> {
    if vm.config.flags.dev_mode {
        codecs::lookup_error(vm, &errors.to_text())?;
    }
    Ok(())
}

/// A setting that None leaves as it is.
fn kept_or(vm: &Vm, value: Option<&Object>, now: bool) -> PyResult<bool> {
    match value.filter(|value| !vm.is_none(value)) {
        Some(value) => Ok(protocol::to_i64(vm, value)? != 0),
        None => Ok(now),
    }
}

fn reconfigure(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let &[encoding, errors, newline, line_buffering, write_through] = args else {
        return Err(vm.system_error("reconfigure() lost its arguments"));
    };
    let file = receive(vm, this)?;
    let given = |o: Option<&Object>| o.is_some_and(|o| !vm.is_none(o));
    if file.decoded.get().is_some() && (given(encoding) || given(errors) || newline.is_some()) {
        return Err(unsupported(
            vm,
            "It is not possible to set the encoding or newline of stream after the first read",
        ));
    }
    name_argument(vm, "reconfigure", "'encoding'", encoding)?;
    name_argument(vm, "reconfigure", "'errors'", errors)?;
    let new_newline = match newline {
        Some(value) => Some(newline_argument(vm, Some(value), false)?),
        None => None,
    };
    let line_buffering = kept_or(vm, line_buffering, file.line_buffering.get())?;
    let write_through = kept_or(vm, write_through, file.write_through.get())?;
    let file = open(vm, this)?;
    protocol::call_method(vm, this, &vm.names.flush, &[])?;
    file.ratio.set(0.0);
    if let Some(newline) = new_newline {
        file.set_newline(newline);
    }
    if given(encoding) || given(errors) {
        let own = file.encoding.get();
        let own_errors = file.errors.get();
        let new_encoding = encoding.and_then(|e| e.downcast::<Str>());
        let new_errors = match errors.and_then(|e| e.downcast::<Str>()) {
            Some(errors) => Some(errors),
            // Another encoding starts with the default of errors.
            None if new_encoding.is_some() => None,
            None => own_errors.as_deref(),
        };
        if let Some(errors) = new_errors {
            check_errors(vm, errors)?;
        }
        let at_start = if file.seekable.get() && file.writes.get() {
            let buffer = file.buffer(vm)?;
            let at = protocol::call_method(vm, &buffer, &vm.names.tell, &[])?;
            at.downcast::<Int>().is_some_and(|at| at.signum() == 0)
        } else {
            true
        };
        let has_read1 = file.has_read1.get();
        let facts = Facts {
            readable: file.reads.get(),
            writable: file.writes.get(),
            seekable: file.seekable.get(),
            at_start,
        };
        file.set_encoding(vm, new_encoding.or(own.as_deref()), new_errors, &facts)?;
        file.has_read1.set(has_read1);
    }
    file.line_buffering.set(line_buffering);
    file.write_through.set(write_through);
    Ok(vm.none_ref())
}
