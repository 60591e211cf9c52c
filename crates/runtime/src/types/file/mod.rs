//! File objects: `TextIOWrapper`, `BufferedReader`, `BufferedWriter`, `BufferedRandom`, and `open()`.
//!
//! **Invariant.** No borrow of the stream is held while Python code may run.

mod open;
pub mod stream;
mod text;

use std::cell::RefCell;
use std::io::SeekFrom;
use std::rc::Rc;

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

pub use open::{open, standard};
pub use stream::{Device, Stream};
pub use text::write_text;

use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Slot, Str, kinds};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A file object; the text file and its `buffer` share the stream.
#[repr(C)]
pub struct FileObject {
    /// The header.
    pub head: Object,
    stream: Rc<RefCell<Stream>>,
    name: Slot,
    buffer: Slot,
    settings: Box<Settings>,
}
object_layout!(
    FileObject = kinds::FILE,
    traverse | this,
    visit | {
        this.name.visit(visit);
        this.buffer.visit(visit);
    },
    clear | this | {
        this.buffer.set(None);
    }
);

/// How a file was opened.
struct Settings {
    mode: String,
    readable: bool,
    writable: bool,
    line_buffering: bool,
    encoding: String,
    errors: String,
    /// `newline=`: absent for universal newlines.
    newline: Option<String>,
}

const fn spec(
    name: &'static str,
    methods: &'static [&'static [MethodDef]],
    getset: &'static [GetSetDef],
) -> TypeSpec {
    TypeSpec {
        name,
        module: "_io",
        slots: |s| {
            s.repr.set(Some(repr));
            s.iter.set(Some(|vm, this| {
                open_file(vm, this)?;
                Ok(this.to_ref())
            }));
            s.next.set(Some(next));
        },
        methods,
        getset,
        ..TypeSpec::new(FileObject::layout, true)
    }
}

/// The type `TextIOWrapper`.
pub static TEXT_SPEC: TypeSpec = spec(
    "TextIOWrapper",
    &[COMMON, text::METHODS],
    &[
        NAME,
        MODE,
        CLOSED,
        BUFFER,
        ENCODING,
        ERRORS,
        LINE_BUFFERING,
        NEWLINES,
    ],
);
/// The type `BufferedReader`.
pub static READER_SPEC: TypeSpec = spec("BufferedReader", &[COMMON, BINARY], &[NAME, MODE, CLOSED]);
/// The type `BufferedWriter`.
pub static WRITER_SPEC: TypeSpec = spec("BufferedWriter", &[COMMON, BINARY], &[NAME, MODE, CLOSED]);
/// The type `BufferedRandom`.
pub static RANDOM_SPEC: TypeSpec = spec("BufferedRandom", &[COMMON, BINARY], &[NAME, MODE, CLOSED]);

const NAME: GetSetDef = GetSetDef::get(
    "name",
    |vm, this| Ok(file(vm, this)?.name.get().unwrap_or_else(|| vm.none_ref())),
    "",
);
const MODE: GetSetDef = GetSetDef::get(
    "mode",
    |vm, this| new_text(vm, &file(vm, this)?.settings.mode),
    "",
);
const CLOSED: GetSetDef = GetSetDef::get(
    "closed",
    |vm, this| Ok(vm.bool(file(vm, this)?.stream.borrow().is_closed())),
    "",
);
const BUFFER: GetSetDef = GetSetDef::get(
    "buffer",
    |vm, this| {
        Ok(file(vm, this)?
            .buffer
            .get()
            .unwrap_or_else(|| vm.none_ref()))
    },
    "",
);
const ENCODING: GetSetDef = GetSetDef::get(
    "encoding",
    |vm, this| new_text(vm, &file(vm, this)?.settings.encoding),
    "",
);
const ERRORS: GetSetDef = GetSetDef::get(
    "errors",
    |vm, this| new_text(vm, &file(vm, this)?.settings.errors),
    "",
);
const LINE_BUFFERING: GetSetDef = GetSetDef::get(
    "line_buffering",
    |vm, this| Ok(vm.bool(file(vm, this)?.settings.line_buffering)),
    "",
);
const NEWLINES: GetSetDef = GetSetDef::get(
    "newlines",
    |vm, this| file(vm, this).map(|_| vm.none_ref()),
    "",
);

const COMMON: &[MethodDef] = &[
    MethodDef::new(
        "close",
        "($self, /)",
        NativeCall::NoArgs(close),
        "Flush and close the IO object.",
    ),
    MethodDef::new(
        "flush",
        "($self, /)",
        NativeCall::NoArgs(flush),
        "Flush write buffers, if applicable.",
    ),
    MethodDef::new(
        "fileno",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let number = open_file(vm, this)?.stream.borrow().descriptor();
            vm.new_int(i64::from(number.unwrap_or(-1)))
        }),
        "Return underlying file descriptor if one exists.",
    ),
    MethodDef::new(
        "isatty",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            Ok(vm.bool(open_file(vm, this)?.stream.borrow().is_terminal()))
        }),
        "Return whether this is an 'interactive' stream.",
    ),
    MethodDef::new(
        "readable",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| Ok(vm.bool(open_file(vm, this)?.settings.readable))),
        "Return whether object was opened for reading.",
    ),
    MethodDef::new(
        "writable",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| Ok(vm.bool(open_file(vm, this)?.settings.writable))),
        "Return whether object was opened for writing.",
    ),
    MethodDef::new(
        "seekable",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let seekable = open_file(vm, this)?.stream.borrow_mut().tell().is_ok();
            Ok(vm.bool(seekable))
        }),
        "Return whether object supports random access.",
    ),
    MethodDef::new(
        "tell",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let at = open_file(vm, this)?.stream.borrow_mut().tell();
            vm.new_usize(io(vm, at)? as usize)
        }),
        "Return current stream position.",
    ),
    MethodDef::new(
        "seek",
        "($self, offset, whence=0, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: seek,
        },
        "Change the stream position to the given byte offset.",
    ),
    MethodDef::new(
        "truncate",
        "($self, size=None, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: truncate,
        },
        "Truncate file to size bytes.",
    ),
    MethodDef::new(
        "readlines",
        "($self, hint=-1, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: read_lines,
        },
        "Return a list of lines from the stream.",
    ),
    MethodDef::new(
        "writelines",
        "($self, lines, /)",
        NativeCall::One(write_lines),
        "Write a list of lines to stream.",
    ),
    MethodDef::new(
        "__enter__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            open_file(vm, this)?;
            Ok(this.to_ref())
        }),
        "",
    ),
    MethodDef::new(
        "__exit__",
        "($self, *args)",
        NativeCall::Positional {
            min: 0,
            max: usize::MAX,
            call: |vm, this, _| close(vm, this),
        },
        "",
    ),
];

const BINARY: &[MethodDef] = &[
    MethodDef::new(
        "read",
        "($self, size=-1, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: read_bytes,
        },
        "Read and return up to n bytes.",
    ),
    MethodDef::new(
        "read1",
        "($self, size=-1, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: read_bytes,
        },
        "Read and return up to n bytes.",
    ),
    MethodDef::new(
        "readline",
        "($self, size=-1, /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: |vm, this, _| {
                let line = readable(vm, this)?.stream.borrow_mut().read_line(false);
                Ok(vm.new_bytes(&io(vm, line)?)?.upcast())
            },
        },
        "Read and return a line from the stream.",
    ),
    MethodDef::new(
        "write",
        "($self, buffer, /)",
        NativeCall::One(write_bytes),
        "Write the given buffer to the IO stream.",
    ),
];

fn new_text(vm: &Vm, text: &str) -> PyResult {
    Ok(vm.new_str(text)?.upcast())
}

/// The result of an operation of the system, as OSError where it failed.
fn io<T>(vm: &Vm, result: std::io::Result<T>) -> PyResult<T> {
    result.map_err(|error| os_error(vm, &error, None))
}

/// OSError (or the subclass that its number stands for) of a failure of the system.
pub fn os_error(vm: &Vm, error: &std::io::Error, name: Option<&Object>) -> Raised {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or("");
    let made = vm
        .new_int(i64::from(error.raw_os_error().unwrap_or(5)))
        .and_then(|number| Ok((number, vm.new_str(text)?)));
    match made {
        Ok((number, text)) => match name {
            Some(name) => vm.raise_with(&vm.exceptions.OSError, &[&number, &text.head, name]),
            None => vm.raise_with(&vm.exceptions.OSError, &[&number, &text.head]),
        },
        Err(raised) => raised,
    }
}

fn file<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a FileObject> {
    receiver::<FileObject>(vm, this)
}

fn open_file<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a FileObject> {
    let file = file(vm, this)?;
    if file.stream.borrow().is_closed() {
        return Err(vm.value_error("I/O operation on closed file."));
    }
    Ok(file)
}

/// `io.UnsupportedOperation` is not at hand here: its base that scripts catch.
fn unsupported(vm: &Vm, what: &str) -> Raised {
    vm.raise(&vm.exceptions.OSError, what)
}

fn readable<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a FileObject> {
    let file = open_file(vm, this)?;
    if file.settings.readable {
        Ok(file)
    } else {
        Err(unsupported(vm, "not readable"))
    }
}

fn writable<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a FileObject> {
    let file = open_file(vm, this)?;
    if file.settings.writable {
        Ok(file)
    } else {
        Err(unsupported(vm, "not writable"))
    }
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let (kind, name) = (protocol::type_name(this), file(vm, this)?.name.get());
    let name = match name {
        Some(name) => format!(" name={}", protocol::repr(vm, &name)?.to_text()),
        None => String::new(),
    };
    let file = file(vm, this)?;
    let text = match kind.as_str() {
        "TextIOWrapper" => format!(
            "<_io.{kind}{name} mode='{}' encoding='{}'>",
            file.settings.mode, file.settings.encoding
        ),
        _ => format!("<_io.{kind}{name}>"),
    };
    new_text(vm, &text)
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let line = if this.type_object().is(&vm.types.text_io_wrapper.head) {
        text::read_line(vm, this)?
            .filter(|line| !line.is_empty())
            .map(Ref::upcast)
    } else {
        let line = readable(vm, this)?.stream.borrow_mut().read_line(false);
        let line = io(vm, line)?;
        if line.is_empty() {
            None
        } else {
            Some(vm.new_bytes(&line)?.upcast())
        }
    };
    Ok(line)
}

fn close(vm: &Vm, this: &Object) -> PyResult {
    let result = file(vm, this)?.stream.borrow_mut().close();
    io(vm, result)?;
    Ok(vm.none_ref())
}

fn flush(vm: &Vm, this: &Object) -> PyResult {
    let result = open_file(vm, this)?.stream.borrow_mut().flush();
    io(vm, result)?;
    Ok(vm.none_ref())
}

fn seek(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let offset = protocol::to_i64(vm, args[0])?;
    let whence = args.get(1).map_or(Ok(0), |w| protocol::to_i64(vm, w))?;
    let to = match whence {
        0 if offset < 0 => return Err(vm.value_error(format!("negative seek position {offset}"))),
        0 => SeekFrom::Start(offset as u64),
        1 => SeekFrom::Current(offset),
        2 => SeekFrom::End(offset),
        _ => return Err(vm.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
    };
    let at = open_file(vm, this)?.stream.borrow_mut().seek(to);
    vm.new_usize(io(vm, at)? as usize)
}

fn truncate(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let size = match args.first().filter(|s| !vm.is_none(s)) {
        Some(size) => protocol::to_i64(vm, size)?.max(0) as u64,
        None => {
            let at = open_file(vm, this)?.stream.borrow_mut().tell();
            io(vm, at)?
        }
    };
    let result = writable(vm, this)?.stream.borrow_mut().truncate(size);
    io(vm, result)?;
    vm.new_usize(size as usize)
}

fn read_lines(vm: &Vm, this: &Object, _hint: &[&Object]) -> PyResult {
    let mut lines = Vec::new();
    while let Some(line) = next(vm, this)? {
        lines.push(line);
    }
    Ok(vm.new_list(lines)?.upcast())
}

fn write_lines(vm: &Vm, this: &Object, lines: &Object) -> PyResult {
    protocol::for_each(vm, lines, |line| {
        protocol::call_method(vm, this, &vm.names.write, &[&line]).map(drop)
    })?;
    Ok(vm.none_ref())
}

/// The size that `read` was given; nothing for all.
fn size(vm: &Vm, args: &[&Object]) -> PyResult<Option<usize>> {
    match args.first().filter(|s| !vm.is_none(s)) {
        Some(size) => Ok(usize::try_from(protocol::to_i64(vm, size)?).ok()),
        None => Ok(None),
    }
}

fn read_bytes(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let size = size(vm, args)?;
    let bytes = readable(vm, this)?.stream.borrow_mut().read(size);
    Ok(vm.new_bytes(&io(vm, bytes)?)?.upcast())
}

fn write_bytes(vm: &Vm, this: &Object, bytes: &Object) -> PyResult {
    if bytes.downcast::<Str>().is_some() {
        return Err(vm.type_error("a bytes-like object is required, not 'str'"));
    }
    let bytes = crate::types::bytes::construct::raw_bytes(vm, bytes)?;
    let result = writable(vm, this)?.stream.borrow_mut().write(&bytes);
    io(vm, result)?;
    vm.new_usize(bytes.len())
}
