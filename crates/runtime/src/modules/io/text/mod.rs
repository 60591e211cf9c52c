//! `TextIOWrapper`: text over a buffered file.
//!
//! UTF-8, ASCII and Latin-1 are decoded and encoded here; other encodings through the incremental coders that
//! `codecs.lookup` finds. What has been decoded and not been read is `decoded[used..]`; what has been encoded and not been
//! given to the buffered file is `pending`.
//!
//! **Invariant.** Where `snapshot` holds bytes, decoding them from the decoder state `snapshot_flags` gives `decoded`: from
//! that `tell` finds a position that a later `seek` can restore.

mod codec;
mod position;
mod read;
mod settings;
mod write;

use std::cell::Cell;

use viv_heap::{HVec, HeapAlloc, Object, ObjectLayout, Ref, object_layout};

pub use settings::{Facts, canonical, over, text_argument, warn_default};
pub use write::write_text;

use super::base::{and_then_close, text_base};
use super::buffered::{self, Buffered};
use super::newline::{LineEnd, Newlines};
use super::{attribute_is_true, closed_error, file_type, no_args, uninitialized};
use crate::native::{GetSetDef, MethodDef};
use crate::object::{Bytes, Inner, Int, Slot, Str, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::codec::Codec;
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A `TextIOWrapper`.
#[repr(C)]
pub struct TextIo {
    /// The header.
    pub head: Object,
    buffer: Slot,
    life: Cell<Life>,
    encoding: Slot<Str>,
    errors: Slot<Str>,
    /// The codec, where it is one of those that are built in here.
    codec: Cell<Option<Codec>>,
    /// The coders of other encodings.
    encoder: Slot,
    decoder: Slot,
    reads: Cell<bool>,
    writes: Cell<bool>,
    line_buffering: Cell<bool>,
    write_through: Cell<bool>,
    finalizing: Cell<bool>,
    seekable: Cell<bool>,
    /// Whether `tell` works: not while the file is iterated over.
    telling: Cell<bool>,
    has_read1: Cell<bool>,
    /// Whether all kinds of line ends are recognised when reading.
    universal: Cell<bool>,
    newlines: Newlines,
    line_end: Cell<LineEnd>,
    /// What is written for `\n`.
    write_end: Cell<&'static str>,
    chunk_size: Cell<usize>,
    /// Bytes for each character of the last chunk.
    ratio: Cell<f64>,
    pending: Inner<HVec<u8>>,
    /// The beginning of a character whose other bytes have not come yet.
    undecoded: Inner<Vec<u8>>,
    decoded: Slot<Str>,
    used: Cell<usize>,
    snapshot: Slot<Bytes>,
    snapshot_flags: Cell<i64>,
}
object_layout!(
    TextIo = kinds::TEXT_IO,
    traverse | this,
    visit | {
        this.buffer.visit(visit);
        this.encoding.visit(visit);
        this.errors.visit(visit);
        this.encoder.visit(visit);
        this.decoder.visit(visit);
        this.decoded.visit(visit);
        this.snapshot.visit(visit);
    },
    clear | this | {
        this.life.set(Life::Unborn);
        this.buffer.set(None);
        this.encoder.set(None);
        this.decoder.set(None);
    }
);

/// Whether a file can be used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    Unborn,
    Ready,
    Detached,
}

/// The type `io.TextIOWrapper`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "TextIOWrapper",
    module: "_io",
    doc: "Character and line based layer over a BufferedIOBase object, buffer.\n\nencoding gives the name of the encoding that the stream will be\ndecoded or encoded with. It defaults to locale.getencoding().\n\nerrors determines the strictness of encoding and decoding (see\nhelp(codecs.Codec) or the documentation for codecs.register) and\ndefaults to \"strict\".\n\nnewline controls how line endings are handled. It can be None, '',\n'\\n', '\\r', and '\\r\\n'.  It works as follows:\n\n* On input, if newline is None, universal newlines mode is\n  enabled. Lines in the input can end in '\\n', '\\r', or '\\r\\n', and\n  these are translated into '\\n' before being returned to the\n  caller. If it is '', universal newline mode is enabled, but line\n  endings are returned to the caller untranslated. If it has any of\n  the other legal values, input lines are only terminated by the given\n  string, and the line ending is returned to the caller untranslated.\n\n* On output, if newline is None, any '\\n' characters written are\n  translated to the system default line separator, os.linesep. If\n  newline is '' or '\\n', no translation takes place. If newline is any\n  of the other legal values, any '\\n' characters written are translated\n  to the given string.\n\nIf line_buffering is True, a call to flush is implied when a call to\nwrite contains a newline character.",
    signature: settings::SIGNATURE,
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(|vm, ty, _| Ok(place(vm, ty)?.upcast())));
        s.init.set(Some(settings::init));
        s.repr.set(Some(repr));
        s.next.set(Some(read::next));
    },
    methods: &[
        METHODS,
        read::METHODS,
        write::METHODS,
        position::METHODS,
        settings::METHODS,
        super::NO_STATE,
    ],
    getset: GETSET,
    ..TypeSpec::new(TextIo::layout, true)
};

/// The type `io.TextIOWrapper`.
///
/// # Errors
/// MemoryError
pub fn text_io(vm: &Vm) -> PyResult<Ref<Type>> {
    file_type(vm, &SPEC, &text_base(vm)?)
}

fn place(vm: &Vm, ty: &Type) -> PyResult<Ref<TextIo>> {
    let made = vm.place(TextIo {
        head: Object::new(ty.type_head_of()),
        buffer: Slot::empty(),
        life: Cell::new(Life::Unborn),
        encoding: Slot::empty(),
        errors: Slot::empty(),
        codec: Cell::new(None),
        encoder: Slot::empty(),
        decoder: Slot::empty(),
        reads: Cell::new(false),
        writes: Cell::new(false),
        line_buffering: Cell::new(false),
        write_through: Cell::new(false),
        finalizing: Cell::new(false),
        seekable: Cell::new(false),
        telling: Cell::new(false),
        has_read1: Cell::new(false),
        universal: Cell::new(false),
        newlines: Newlines::default(),
        line_end: Cell::new(LineEnd::Lf),
        write_end: Cell::new("\n"),
        chunk_size: Cell::new(CHUNK_SIZE),
        ratio: Cell::new(0.0),
        pending: Inner::new(HVec::new_in(HeapAlloc)),
        undecoded: Inner::new(Vec::new()),
        decoded: Slot::empty(),
        used: Cell::new(0),
        snapshot: Slot::empty(),
        snapshot_flags: Cell::new(0),
    })?;
    vm.heap.track(&made.head);
    Ok(made)
}

/// Bytes that are read at once, and that `pending` holds before it is passed on.
const CHUNK_SIZE: usize = 8192;

fn receive<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a TextIo> {
    receiver::<TextIo>(vm, this)
}

/// A text file that is not closed.
fn open<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a TextIo> {
    let file = receive(vm, this)?;
    file.buffer(vm)?;
    if file.is_closed(vm)? {
        return Err(closed_error(vm));
    }
    Ok(file)
}

impl TextIo {
    /// The buffered file.
    fn buffer(&self, vm: &Vm) -> PyResult {
        match self.buffer.get() {
            Some(buffer) if self.life.get() == Life::Ready => Ok(buffer),
            _ => Err(self.unusable(vm)),
        }
    }

    #[cold]
    fn unusable(&self, vm: &Vm) -> Raised {
        match self.life.get() {
            Life::Detached => vm.value_error("underlying buffer has been detached"),
            _ => uninitialized(vm),
        }
    }

    /// Whether the buffered file is closed.
    fn is_closed(&self, vm: &Vm) -> PyResult<bool> {
        let buffer = self.buffer(vm)?;
        // An entry of the `__dict__` does not hide an attribute that is computed.
        match buffer.downcast_exact::<Buffered>() {
            Some(buffer) => buffer.is_closed(vm),
            None => attribute_is_true(vm, &buffer, &vm.names.closed),
        }
    }

    /// Drops what was decoded and not read.
    fn forget(&self) {
        self.decoded.set(None);
        self.used.set(0);
        self.snapshot.set(None);
    }

    /// Number of characters that have been decoded and not been read.
    fn left(&self) -> usize {
        match self.decoded.get() {
            Some(decoded) => decoded.len() - self.used.get(),
            None => 0,
        }
    }
}

/// Gives up what was written to a text file and could not be passed on.
pub fn abandon(file: &Object) {
    let buffer = file.downcast::<TextIo>().and_then(|file| file.buffer.get());
    if let Some(buffer) = buffer.as_ref().and_then(|b| b.downcast::<Buffered>()) {
        buffer.forget();
    }
}

/// The text file that an object is, if its methods cannot have been overridden: no subclass, nothing but `mode` in its
/// `__dict__`.
#[inline]
pub fn plain<'a>(vm: &Vm, object: &'a Object) -> Option<&'a TextIo> {
    let file = object.downcast_exact::<TextIo>()?;
    match object.managed().and_then(|managed| managed.dict()) {
        None => Some(file),
        Some(dict) => super::holds_at_most(vm, dict, &vm.names.mode).then_some(file),
    }
}

const GETSET: &[GetSetDef] = &[
    super::DICT,
    GetSetDef::member(
        "encoding",
        |vm, this| {
            Ok(receive(vm, this)?
                .encoding
                .get()
                .map_or_else(|| vm.none_ref(), Ref::upcast))
        },
        "",
    ),
    GetSetDef::member(
        "buffer",
        |vm, this| {
            Ok(receive(vm, this)?
                .buffer
                .get()
                .unwrap_or_else(|| vm.none_ref()))
        },
        "",
    ),
    GetSetDef::member(
        "line_buffering",
        |vm, this| Ok(vm.bool(receive(vm, this)?.line_buffering.get())),
        "",
    ),
    GetSetDef::member(
        "write_through",
        |vm, this| Ok(vm.bool(receive(vm, this)?.write_through.get())),
        "",
    ),
    GetSetDef {
        member: true,
        ..GetSetDef::get_set(
            "_finalizing",
            |vm, this| Ok(vm.bool(receive(vm, this)?.finalizing.get())),
            |vm, this, value| {
                let on = super::flag_value(vm, value)?;
                receive(vm, this)?.finalizing.set(on);
                Ok(())
            },
            "",
        )
    },
    GetSetDef::get(
        "name",
        |vm, this| {
            let buffer = receive(vm, this)?.buffer(vm)?;
            protocol::get_attr(vm, &buffer, &vm.names.name)
        },
        "",
    ),
    GetSetDef::get(
        "closed",
        |vm, this| {
            let buffer = receive(vm, this)?.buffer(vm)?;
            protocol::get_attr(vm, &buffer, &vm.names.closed)
        },
        "",
    ),
    GetSetDef::get(
        "newlines",
        |vm, this| {
            let file = receive(vm, this)?;
            file.buffer(vm)?;
            if file.reads.get() && file.universal.get() {
                file.newlines.seen(vm)
            } else {
                Ok(vm.none_ref())
            }
        },
        "Line endings translated so far.\n\nOnly line endings translated during reading are considered.\n\nSubclasses should override.\n",
    ),
    GetSetDef::get(
        "errors",
        |vm, this| {
            let file = receive(vm, this)?;
            if file.life.get() == Life::Unborn {
                return Err(uninitialized(vm));
            }
            Ok(file.errors.get().map_or_else(|| vm.none_ref(), Ref::upcast))
        },
        "The error setting of the decoder or encoder.\n\nSubclasses should override.\n",
    ),
    GetSetDef::get_set(
        "_CHUNK_SIZE",
        |vm, this| {
            let file = receive(vm, this)?;
            file.buffer(vm)?;
            vm.new_usize(file.chunk_size.get())
        },
        |vm, this, value| {
            let file = receive(vm, this)?;
            file.buffer(vm)?;
            let Some(value) = value else {
                return Err(vm.raise(
                    &vm.exceptions.AttributeError,
                    "attribute '_CHUNK_SIZE' of '_io.TextIOWrapper' objects cannot be deleted",
                ));
            };
            let number = protocol::index(vm, value)?;
            match number.downcast::<Int>().and_then(Int::as_i64) {
                Some(size) if size > 0 => file.chunk_size.set(size as usize),
                Some(_) => return Err(vm.value_error("a strictly positive integer is required")),
                None => {
                    return Err(vm.value_error(format!(
                        "cannot fit '{}' into an index-sized integer",
                        protocol::type_name(value)
                    )));
                }
            }
            Ok(())
        },
        "",
    ),
];

const METHODS: &[MethodDef] = &[
    no_args("detach", detach, ""),
    no_args("flush", flush, ""),
    no_args("close", close, ""),
    no_args("fileno", |vm, this| forward(vm, this, &vm.names.fileno), ""),
    no_args(
        "seekable",
        |vm, this| forward(vm, this, &vm.names.seekable),
        "",
    ),
    no_args(
        "readable",
        |vm, this| forward(vm, this, &vm.names.readable),
        "",
    ),
    no_args(
        "writable",
        |vm, this| forward(vm, this, &vm.names.writable),
        "",
    ),
    no_args("isatty", |vm, this| forward(vm, this, &vm.names.isatty), ""),
];

fn forward(vm: &Vm, this: &Object, name: &Str) -> PyResult {
    let buffer = receive(vm, this)?.buffer(vm)?;
    protocol::call_method(vm, &buffer, name, &[])
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let file = receive(vm, this)?;
    if file.life.get() == Life::Unborn {
        return Err(uninitialized(vm));
    }
    let kind = protocol::type_name(this);
    let Some(_guard) = vm.enter_repr(this) else {
        return Err(vm.runtime_error(format!("reentrant call inside {kind}.__repr__")));
    };
    let mut text = format!("<{kind}");
    for (label, name) in [(" name=", &vm.names.name), (" mode=", &vm.names.mode)] {
        let value = match protocol::get_attr_opt(vm, this, name) {
            Ok(value) => value,
            Err(raised) => vm.swallow(raised, &vm.exceptions.ValueError)?,
        };
        if let Some(value) = value {
            text.push_str(label);
            text.push_str(&protocol::repr(vm, &value)?.to_text());
        }
    }
    let encoding = file
        .encoding
        .get()
        .map_or_else(|| vm.none_ref(), Ref::upcast);
    text.push_str(&format!(
        " encoding={}>",
        protocol::repr(vm, &encoding)?.to_text()
    ));
    Ok(vm.new_str(&text)?.upcast())
}

fn detach(vm: &Vm, this: &Object) -> PyResult {
    let file = receive(vm, this)?;
    file.buffer(vm)?;
    protocol::call_method(vm, this, &vm.names.flush, &[])?;
    let buffer = file.buffer(vm)?;
    file.buffer.set(None);
    file.life.set(Life::Detached);
    Ok(buffer)
}

fn flush(vm: &Vm, this: &Object) -> PyResult {
    let file = open(vm, this)?;
    file.telling.set(file.seekable.get());
    file.pass_on(vm)?;
    let buffer = file.buffer(vm)?;
    flush_buffer(vm, &buffer)?;
    Ok(vm.none_ref())
}

/// Flushes the file below.
fn flush_buffer(vm: &Vm, buffer: &Object) -> PyResult<()> {
    match buffered::plain(buffer).filter(|buffer| buffer.is_writer()) {
        Some(buffer) => buffer.flush(vm),
        None => protocol::call_method(vm, buffer, &vm.names.flush, &[]).map(drop),
    }
}

fn close(vm: &Vm, this: &Object) -> PyResult {
    let file = receive(vm, this)?;
    let buffer = file.buffer(vm)?;
    if file.is_closed(vm)? || file.life.get() != Life::Ready {
        return Ok(vm.none_ref());
    }
    if file.finalizing.get()
        && let Err(raised) = protocol::call_method(vm, &buffer, &vm.names._dealloc_warn, &[this])
    {
        // A buffered file of a script's own has no such method.
        drop(vm.take_raised(raised));
    }
    let flushed = match plain(vm, this) {
        Some(_) => flush(vm, this),
        None => protocol::call_method(vm, this, &vm.names.flush, &[]),
    };
    let mut result = vm.none_ref();
    and_then_close(vm, flushed.map(drop), || {
        result = match buffered::plain(&buffer) {
            Some(buffer) => buffered::close(vm, buffer)?,
            None => protocol::call_method(vm, &buffer, &vm.names.close, &[])?,
        };
        Ok(())
    })?;
    Ok(result)
}
