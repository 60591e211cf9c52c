//! The bases of all files, `_IOBase`, `_RawIOBase`, `_BufferedIOBase` and `_TextIOBase`: what a class gets that defines only
//! the least.

use viv_heap::{Object, ObjectLayout, Ref};

use super::{
    DEFAULT_BUFFER_SIZE, DICT, buffer_size, closed_error, file_type, fill_buffer, no_args, one,
    one_or_two, size_argument, to_size, unsupported, up_to_one,
};
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{ByteArray, Bytes, Instance, Type, TypeTraits};
use crate::protocol::{self, type_name};
use crate::result::{PyResult, Raised};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `_io._IOBase`.
pub static IO_BASE: TypeSpec = TypeSpec {
    name: "_IOBase",
    module: "_io",
    doc: "The abstract base class for all I/O classes.\n\nThis class provides dummy implementations for many methods that\nderived classes can override selectively; the default implementations\nrepresent a file that cannot be read, written or seeked.\n\nEven though IOBase does not declare read, readinto, or write because\ntheir signatures will vary, implementations and clients should\nconsider those methods part of the interface. Also, implementations\nmay raise UnsupportedOperation when operations they do not support are\ncalled.\n\nThe basic type used for binary data read from or written to a file is\nbytes. Other bytes-like objects are accepted as method arguments too.\nIn some cases (such as readinto), a writable object is required. Text\nI/O classes work with str data.\n\nNote that calling any method (except additional calls to close(),\nwhich are ignored) on a closed stream should raise a ValueError.\n\nIOBase (and its subclasses) support the iterator protocol, meaning\nthat an IOBase object can be iterated over yielding the lines in a\nstream.\n\nIOBase also supports the :keyword:`with` statement. In this example,\nfp is closed after the suite of the with statement is complete:\n\nwith open('spam.txt', 'r') as fp:\n    fp.write('Spam and eggs!')\n",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(crate::types::object::new));
        s.iter.set(Some(iter));
        s.next.set(Some(next));
        s.finalize.set(Some(finalize));
    },
    methods: &[IO_METHODS],
    getset: &[
        DICT,
        GetSetDef::get(
            "closed",
            |vm, this| Ok(vm.bool(marked_closed(vm, this)?)),
            "",
        ),
    ],
    ..TypeSpec::new(Instance::layout, true)
};

/// The type `_io._RawIOBase`.
pub static RAW_BASE: TypeSpec = TypeSpec {
    name: "_RawIOBase",
    module: "_io",
    doc: "Base class for raw binary I/O.",
    traits: TypeTraits::BASE,
    methods: &[RAW_METHODS],
    ..TypeSpec::new(Instance::layout, true)
};

/// The type `_io._BufferedIOBase`.
pub static BUFFERED_BASE: TypeSpec = TypeSpec {
    name: "_BufferedIOBase",
    module: "_io",
    doc: "Base class for buffered IO objects.\n\nThe main difference with RawIOBase is that the read() method\nsupports omitting the size argument, and does not have a default\nimplementation that defers to readinto().\n\nIn addition, read(), readinto() and write() may raise\nBlockingIOError if the underlying raw stream is in non-blocking\nmode and not ready; unlike their raw counterparts, they will never\nreturn None.\n\nA typical implementation should not inherit from a RawIOBase\nimplementation, but wrap one.\n",
    traits: TypeTraits::BASE,
    methods: &[BUFFERED_METHODS],
    ..TypeSpec::new(Instance::layout, true)
};

/// The type `_io._TextIOBase`.
pub static TEXT_BASE: TypeSpec = TypeSpec {
    name: "_TextIOBase",
    module: "_io",
    doc: "Base class for text I/O.\n\nThis class provides a character and line based interface to stream\nI/O. There is no readinto method because Python's character strings\nare immutable.\n",
    traits: TypeTraits::BASE,
    methods: &[TEXT_METHODS],
    getset: &[
        GetSetDef::get(
            "encoding",
            |vm, _| Ok(vm.none_ref()),
            "Encoding of the text stream.\n\nSubclasses should override.\n",
        ),
        GetSetDef::get(
            "newlines",
            |vm, _| Ok(vm.none_ref()),
            "Line endings translated so far.\n\nOnly line endings translated during reading are considered.\n\nSubclasses should override.\n",
        ),
        GetSetDef::get(
            "errors",
            |vm, _| Ok(vm.none_ref()),
            "The error setting of the decoder or encoder.\n\nSubclasses should override.\n",
        ),
    ],
    ..TypeSpec::new(Instance::layout, true)
};

/// `_io._IOBase`
///
/// # Errors
/// MemoryError
pub fn io_base(vm: &Vm) -> PyResult<Ref<Type>> {
    file_type(vm, &IO_BASE, &vm.types.object)
}

/// `_io._RawIOBase`
///
/// # Errors
/// MemoryError
pub fn raw_base(vm: &Vm) -> PyResult<Ref<Type>> {
    file_type(vm, &RAW_BASE, &io_base(vm)?)
}

/// `_io._BufferedIOBase`
///
/// # Errors
/// MemoryError
pub fn buffered_base(vm: &Vm) -> PyResult<Ref<Type>> {
    file_type(vm, &BUFFERED_BASE, &io_base(vm)?)
}

/// `_io._TextIOBase`
///
/// # Errors
/// MemoryError
pub fn text_base(vm: &Vm) -> PyResult<Ref<Type>> {
    file_type(vm, &TEXT_BASE, &io_base(vm)?)
}

const IO_METHODS: &[MethodDef] = &[
    one_or_two(
        "seek",
        "($self, offset, whence=os.SEEK_SET, /)",
        |vm, _, _| Err(unsupported(vm, "seek")),
        "Change the stream position to the given byte offset.\n\n  offset\n    The stream position, relative to 'whence'.\n  whence\n    The relative position to seek from.\n\nThe offset is interpreted relative to the position indicated by\nwhence.  Values for whence are:\n\n* os.SEEK_SET or 0 -- start of stream (the default); offset should\n  be zero or positive\n* os.SEEK_CUR or 1 -- current stream position; offset may be\n  negative\n* os.SEEK_END or 2 -- end of stream; offset is usually negative\n\nReturn the new absolute position.",
    ),
    no_args(
        "tell",
        |vm, this| {
            let (zero, one) = (vm.new_int(0)?, vm.new_int(1)?);
            protocol::call_method(vm, this, &vm.names.seek, &[&zero, &one])
        },
        "Return current stream position.",
    ),
    up_to_one(
        "truncate",
        "($self, size=None, /)",
        |vm, _, _| Err(unsupported(vm, "truncate")),
        "Truncate file to size bytes.\n\nFile pointer is left unchanged.  Size defaults to the current IO\nposition as reported by tell().  Return the new size.",
    ),
    no_args(
        "flush",
        |vm, this| {
            if marked_closed(vm, this)? {
                Err(closed_error(vm))
            } else {
                Ok(vm.none_ref())
            }
        },
        "Flush write buffers, if applicable.\n\nThis is not implemented for read-only and non-blocking streams.",
    ),
    no_args(
        "close",
        close,
        "Flush and close the IO object.\n\nThis method has no effect if the file is already closed.",
    ),
    no_args(
        "seekable",
        answer_no,
        "Return whether object supports random access.\n\nIf False, seek(), tell() and truncate() will raise OSError.\nThis method may need to do a test seek().",
    ),
    no_args(
        "readable",
        answer_no,
        "Return whether object was opened for reading.\n\nIf False, read() will raise OSError.",
    ),
    no_args(
        "writable",
        answer_no,
        "Return whether object was opened for writing.\n\nIf False, write() will raise OSError.",
    ),
    no_args(
        "_checkClosed",
        |vm, this| {
            check_closed(vm, this)?;
            Ok(vm.none_ref())
        },
        "",
    ),
    no_args(
        "_checkSeekable",
        |vm, this| {
            check(vm, this, Ability::Seek)?;
            Ok(vm.bool(true))
        },
        "",
    ),
    no_args(
        "_checkReadable",
        |vm, this| {
            check(vm, this, Ability::Read)?;
            Ok(vm.bool(true))
        },
        "",
    ),
    no_args(
        "_checkWritable",
        |vm, this| {
            check(vm, this, Ability::Write)?;
            Ok(vm.bool(true))
        },
        "",
    ),
    no_args(
        "fileno",
        |vm, _| Err(unsupported(vm, "fileno")),
        "Return underlying file descriptor if one exists.\n\nRaise OSError if the IO object does not use a file descriptor.",
    ),
    no_args(
        "isatty",
        |vm, this| {
            check_closed(vm, this)?;
            Ok(vm.bool(false))
        },
        "Return whether this is an 'interactive' stream.\n\nReturn False if it can't be determined.",
    ),
    no_args(
        "__enter__",
        |vm, this| {
            check_closed(vm, this)?;
            Ok(this.to_ref())
        },
        "",
    ),
    MethodDef::new(
        "__exit__",
        "",
        NativeCall::Raw(|vm, this, _| protocol::call_method(vm, this, &vm.names.close, &[])),
        "",
    ),
    up_to_one(
        "readline",
        "($self, size=-1, /)",
        read_line,
        "Read and return a line from the stream.\n\nIf size is specified, at most size bytes will be read.\n\nThe line terminator is always b'\\n' for binary files; for text\nfiles, the newlines argument to open can be used to select the line\nterminator(s) recognized.",
    ),
    up_to_one(
        "readlines",
        "($self, hint=-1, /)",
        read_lines,
        "Return a list of lines from the stream.\n\nhint can be specified to control the number of lines read: no more\nlines will be read if the total size (in bytes/characters) of all\nlines so far exceeds hint.",
    ),
    one(
        "writelines",
        "($self, lines, /)",
        write_lines,
        "Write a list of lines to stream.\n\nLine separators are not added, so it is usual for each of the\nlines provided to have a line separator at the end.",
    ),
];

const RAW_METHODS: &[MethodDef] = &[
    up_to_one("read", "($self, size=-1, /)", raw_read, ""),
    no_args(
        "readall",
        raw_read_all,
        "Read until EOF, using multiple read() call.",
    ),
    MethodDef::new(
        "readinto",
        "",
        NativeCall::One(|vm, _, _| Err(vm.not_implemented_error(""))),
        "",
    ),
    MethodDef::new(
        "write",
        "",
        NativeCall::One(|vm, _, _| Err(vm.not_implemented_error(""))),
        "",
    ),
];

const BUFFERED_METHODS: &[MethodDef] = &[
    no_args(
        "detach",
        |vm, _| Err(unsupported(vm, "detach")),
        "Disconnect this buffer from its underlying raw stream and return it.\n\nAfter the raw stream has been detached, the buffer is in an unusable\nstate.",
    ),
    up_to_one(
        "read",
        "($self, size=-1, /)",
        |vm, _, _| Err(unsupported(vm, "read")),
        "Read and return up to n bytes.\n\nIf the size argument is omitted, None, or negative, read and\nreturn all data until EOF.\n\nIf the size argument is positive, and the underlying raw stream is\nnot 'interactive', multiple raw reads may be issued to satisfy\nthe byte count (unless EOF is reached first).\nHowever, for interactive raw streams (as well as sockets and pipes),\nat most one raw read will be issued, and a short result does not\nimply that EOF is imminent.\n\nReturn an empty bytes object on EOF.\n\nReturn None if the underlying raw stream was open in non-blocking\nmode and no data is available at the moment.",
    ),
    up_to_one(
        "read1",
        "($self, size=-1, /)",
        |vm, _, _| Err(unsupported(vm, "read1")),
        "Read and return up to size bytes, with at most one read() call to the underlying raw stream.\n\nReturn an empty bytes object on EOF.\nA short result does not imply that EOF is imminent.",
    ),
    one(
        "readinto",
        "($self, buffer, /)",
        |vm, this, into| read_into(vm, this, into, "readinto", &vm.names.read),
        "",
    ),
    one(
        "readinto1",
        "($self, buffer, /)",
        |vm, this, into| read_into(vm, this, into, "readinto1", &vm.names.read1),
        "",
    ),
    one(
        "write",
        "($self, b, /)",
        |vm, _, _| Err(unsupported(vm, "write")),
        "Write buffer b to the IO stream.\n\nReturn the number of bytes written, which is always\nthe length of b in bytes.\n\nRaise BlockingIOError if the buffer is full and the\nunderlying raw stream cannot accept more data at the moment.",
    ),
];

const TEXT_METHODS: &[MethodDef] = &[
    no_args(
        "detach",
        |vm, _| Err(unsupported(vm, "detach")),
        "Separate the underlying buffer from the TextIOBase and return it.\n\nAfter the underlying buffer has been detached, the TextIO is in\nan unusable state.",
    ),
    up_to_one(
        "read",
        "($self, size=-1, /)",
        |vm, _, _| Err(unsupported(vm, "read")),
        "Read at most size characters from stream.\n\nRead from underlying buffer until we have size characters or we hit\nEOF.  If size is negative or omitted, read until EOF.",
    ),
    up_to_one(
        "readline",
        "($self, size=-1, /)",
        |vm, _, _| Err(unsupported(vm, "readline")),
        "Read until newline or EOF.\n\nReturn an empty string if EOF is hit immediately.\nIf size is specified, at most size characters will be read.",
    ),
    one(
        "write",
        "($self, s, /)",
        |vm, _, _| Err(unsupported(vm, "write")),
        "Write string s to stream.\n\nReturn the number of characters written\n(which is always equal to the length of the string).",
    ),
];

fn answer_no(vm: &Vm, _: &Object) -> PyResult {
    Ok(vm.bool(false))
}

/// Whether `_IOBase.close` has closed it.
fn marked_closed(vm: &Vm, this: &Object) -> PyResult<bool> {
    let name = vm.intern("__IOBase_closed")?;
    Ok(protocol::get_attr_opt(vm, this, &name)?.is_some())
}

/// Asks `closed`.
///
/// # Errors
/// ValueError for a closed file; whatever asking raises.
pub fn check_closed(vm: &Vm, this: &Object) -> PyResult<()> {
    match protocol::get_attr_opt(vm, this, &vm.names.closed)? {
        Some(closed) if protocol::is_true(vm, &closed)? => Err(closed_error(vm)),
        _ => Ok(()),
    }
}

/// What a stream may be able to do.
#[derive(Clone, Copy)]
pub enum Ability {
    /// `readable()`
    Read,
    /// `writable()`
    Write,
    /// `seekable()`
    Seek,
}

/// Asks whether a stream can do something.
///
/// # Errors
/// UnsupportedOperation: "File or stream is not readable."
pub fn check(vm: &Vm, stream: &Object, ability: Ability) -> PyResult<()> {
    let (name, text) = match ability {
        Ability::Read => (&vm.names.readable, "File or stream is not readable."),
        Ability::Write => (&vm.names.writable, "File or stream is not writable."),
        Ability::Seek => (&vm.names.seekable, "File or stream is not seekable."),
    };
    let answer = protocol::call_method(vm, stream, name, &[])?;
    if answer.is(&vm.true_.head) {
        Ok(())
    } else {
        Err(unsupported(vm, text))
    }
}

fn close(vm: &Vm, this: &Object) -> PyResult {
    if marked_closed(vm, this)? {
        return Ok(vm.none_ref());
    }
    let flushed = protocol::call_method(vm, this, &vm.names.flush, &[]);
    and_then_close(vm, flushed.map(drop), || mark_closed(vm, this))?;
    Ok(vm.none_ref())
}

/// Leaves the mark that `_IOBase.close` leaves.
///
/// # Errors
/// MemoryError
pub fn mark_closed(vm: &Vm, this: &Object) -> PyResult<()> {
    let name = vm.intern("__IOBase_closed")?;
    protocol::set_attr(vm, this, &name, &vm.true_.head)
}

/// Does the second step even where the first has failed; the first failure becomes the context of the second.
///
/// # Errors
/// That of either step.
pub fn and_then_close(
    vm: &Vm,
    first: PyResult<()>,
    second: impl FnOnce() -> PyResult<()>,
) -> PyResult<()> {
    let Err(raised) = first else {
        return second();
    };
    let earlier = vm.take_raised(raised);
    match second() {
        Ok(()) => Err(vm.restore(earlier)),
        Err(raised) => {
            let later = vm.take_raised(raised);
            if let Some(later) = later.downcast::<crate::object::Exception>()
                && !later.head.is(&earlier)
                && later.context.is_none()
            {
                later.context.set(Some(earlier));
            }
            Err(vm.restore(later))
        }
    }
}

/// Closes a file that nobody owns any more; what that raises is reported.
pub fn finalize(vm: &Vm, this: &Object) {
    let waiting = vm.pending.take();
    let quiet = |raised: Raised| drop(vm.take_raised(raised));
    let closed = match protocol::get_attr_opt(vm, this, &vm.names.closed) {
        Ok(Some(closed)) => protocol::is_true(vm, &closed).unwrap_or_else(|raised| {
            quiet(raised);
            true
        }),
        // Without the attribute the object cannot be used anyway.
        Ok(None) => true,
        Err(raised) => {
            quiet(raised);
            true
        }
    };
    if !closed {
        if let Err(raised) = protocol::set_attr(vm, this, &vm.names._finalizing, &vm.true_.head) {
            quiet(raised);
        }
        if let Err(raised) = protocol::call_method(vm, this, &vm.names.close, &[]) {
            vm.unraisable(raised, "while finalizing file", Some(this));
        }
    }
    vm.pending.set(waiting);
}

fn iter(vm: &Vm, this: &Object) -> PyResult {
    check_closed(vm, this)?;
    Ok(this.to_ref())
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let line = protocol::call_method(vm, this, &vm.names.readline, &[])?;
    Ok((protocol::len(vm, &line)? != 0).then_some(line))
}

/// How many bytes to read so that the line is not passed: what `peek` shows up to the line's end.
fn ahead(vm: &Vm, peek: &Object, room: usize) -> PyResult<usize> {
    let one = vm.new_int(1)?;
    let shown = protocol::call_one(vm, peek, &one)?;
    let Some(bytes) = shown.downcast::<Bytes>() else {
        return Err(vm.os_error(format!(
            "peek() should have returned a bytes object, not '{}'",
            type_name(&shown)
        )));
    };
    let bytes = bytes.as_slice();
    let bytes = bytes.get(..room).unwrap_or(bytes);
    Ok(match memchr::memchr(b'\n', bytes) {
        Some(end) => end + 1,
        None => bytes.len().max(1),
    })
}

fn read_line(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let size = size_argument(vm, args.first().copied())?;
    let peek = protocol::get_attr_opt(vm, this, &*vm.intern("peek")?)?;
    let mut line: Vec<u8> = Vec::new();
    loop {
        let room = match usize::try_from(size) {
            Ok(size) if line.len() >= size => break,
            Ok(size) => size - line.len(),
            Err(_) => usize::MAX,
        };
        let count = match &peek {
            Some(peek) => ahead(vm, peek, room)?,
            None => 1,
        };
        let count = vm.new_usize(count)?;
        let bytes = protocol::call_method(vm, this, &vm.names.read, &[&count])?;
        let Some(bytes) = bytes.downcast::<Bytes>() else {
            return Err(vm.os_error(format!(
                "read() should have returned a bytes object, not '{}'",
                type_name(&bytes)
            )));
        };
        let bytes = bytes.as_slice();
        line.extend_from_slice(bytes);
        if bytes.is_empty() || line.last() == Some(&b'\n') {
            break;
        }
    }
    Ok(vm.new_bytes(&line)?.upcast())
}

fn read_lines(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let hint = size_argument(vm, args.first().copied())?;
    let mut lines = Vec::new();
    let mut total = 0_i64;
    let iterator = protocol::iter(vm, this)?;
    while let Some(line) = protocol::next(vm, &iterator)? {
        let length = protocol::len(vm, &line)? as i64;
        lines.push(line);
        total += length;
        if hint > 0 && total >= hint {
            break;
        }
    }
    Ok(vm.new_list(lines)?.upcast())
}

fn write_lines(vm: &Vm, this: &Object, lines: &Object) -> PyResult {
    check_closed(vm, this)?;
    protocol::for_each(vm, lines, |line| {
        protocol::call_method(vm, this, &vm.names.write, &[&line]).map(drop)
    })?;
    Ok(vm.none_ref())
}

fn raw_read(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let size = match args.first() {
        Some(size) if !vm.is_none(size) => to_size(vm, size)?,
        _ => -1,
    };
    let Ok(size) = usize::try_from(size) else {
        return protocol::call_method(vm, this, &vm.names.readall, &[]);
    };
    let buffer = ByteArray::zeroed(vm, size)?;
    let filled = protocol::call_method(vm, this, &vm.names.readinto, &[buffer.as_object()])?;
    if vm.is_none(&filled) {
        return Ok(filled);
    }
    let filled = to_size(vm, &filled)?;
    let Some(filled) = usize::try_from(filled).ok().filter(|n| *n <= size) else {
        return Err(vm.value_error(format!(
            "readinto returned {filled} outside buffer size {size}"
        )));
    };
    let bytes = buffer
        .data
        .read(|data| data.get(..filled).unwrap_or(data).to_vec());
    Ok(vm.new_bytes(&bytes)?.upcast())
}

fn raw_read_all(vm: &Vm, this: &Object) -> PyResult {
    let mut all: Vec<u8> = Vec::new();
    let mut any = false;
    loop {
        let size = vm.new_usize(DEFAULT_BUFFER_SIZE)?;
        let chunk = protocol::call_method(vm, this, &vm.names.read, &[&size])?;
        if vm.is_none(&chunk) {
            if any {
                break;
            }
            return Ok(chunk);
        }
        let Some(bytes) = chunk.downcast::<Bytes>() else {
            return Err(vm.type_error("read() should return bytes"));
        };
        if bytes.as_slice().is_empty() {
            break;
        }
        any = true;
        all.extend_from_slice(bytes.as_slice());
    }
    Ok(vm.new_bytes(&all)?.upcast())
}

fn read_into(
    vm: &Vm,
    this: &Object,
    into: &Object,
    function: &str,
    read: &crate::object::Str,
) -> PyResult {
    let size = buffer_size(vm, function, into)?;
    let wanted = vm.new_usize(size)?;
    let data = protocol::call_method(vm, this, read, &[&wanted])?;
    let Some(bytes) = data.downcast::<Bytes>() else {
        return Err(vm.type_error("read() should return bytes"));
    };
    let bytes = bytes.as_slice();
    if bytes.len() > size {
        return Err(vm.value_error(format!(
            "read() returned too much data: {size} bytes requested, {} returned",
            bytes.len()
        )));
    }
    fill_buffer(vm, function, into, |to| {
        if let Some(to) = to.get_mut(..bytes.len()) {
            to.copy_from_slice(bytes);
        }
    })?;
    vm.new_usize(bytes.len())
}
