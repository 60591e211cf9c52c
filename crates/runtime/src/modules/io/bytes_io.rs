//! `BytesIO`: a binary file in memory.
//!
//! **Invariant.** Where `shared` holds a bytes object, that is the content and `data` is empty: a bytes object that was given
//! to the constructor, or that `getvalue` has made. The first change copies it.

use std::cell::Cell;

use viv_heap::{HVec, HeapAlloc, Object, ObjectLayout, Ref, object_layout};

use super::base::buffered_base;
use super::{
    closed_error, file_type, fill_buffer, no_args, one, one_or_two, plain_type, size_argument,
    to_size, up_to_one,
};
use crate::args::Args;
use crate::native::bind::Parameters;
use crate::native::{GetSetDef, MethodDef};
use crate::object::{Bytes, Dict, Inner, Int, Slot, Tuple, Type, TypeTraits, kinds};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::types::buffer::{BufferInfo, BufferProcs, require_bytes};
use crate::types::object::attributes;
use crate::types::sequence::{place_tracked, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A `BytesIO`.
#[repr(C)]
pub struct BytesIo {
    /// The header.
    pub head: Object,
    data: Inner<HVec<u8>>,
    shared: Slot<Bytes>,
    at: Cell<usize>,
    exports: Cell<usize>,
    closed: Cell<bool>,
}
object_layout!(
    BytesIo = kinds::BYTES_IO,
    traverse | this,
    visit | {
        this.shared.visit(visit);
    }
);

/// What a view of a `BytesIO` counts as an export of.
#[repr(C)]
pub struct BytesIoBuffer {
    /// The header.
    pub head: Object,
    source: Slot<BytesIo>,
}
object_layout!(
    BytesIoBuffer = kinds::BYTES_IO_BUFFER,
    traverse | this,
    visit | {
        this.source.visit(visit);
    }
);

/// The type `io.BytesIO`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "BytesIO",
    module: "_io",
    doc: "Buffered I/O implementation using an in-memory bytes buffer.",
    signature: "(initial_bytes=b'')",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.iter.set(Some(|vm, this| {
            open(vm, this)?;
            Ok(this.to_ref())
        }));
        s.next.set(Some(|vm, this| {
            let line = open(vm, this)?.line(vm, None)?;
            let empty = line
                .downcast::<Bytes>()
                .is_none_or(|l| l.as_slice().is_empty());
            Ok((!empty).then_some(line))
        }));
    },
    methods: &[METHODS],
    getset: &[
        super::DICT,
        GetSetDef::get(
            "closed",
            |vm, this| Ok(vm.bool(receiver::<BytesIo>(vm, this)?.closed.get())),
            "True if the file is closed.",
        ),
    ],
    ..TypeSpec::new(BytesIo::layout, true)
};

static BUFFER: BufferProcs = BufferProcs {
    info: |this| BufferInfo {
        format: "B".to_owned(),
        itemsize: 1,
        len: source(this).map_or(0, |s| s.data.read(|data| data.len())),
        readonly: false,
    },
    read: |this, f| match source(this) {
        Some(source) => source.data.read(|data| f(data)),
        None => f(&[]),
    },
    write: |this, f| {
        if let Some(source) = source(this) {
            source.data.write(|data| f(data));
        }
    },
    export: |this, change| {
        if let Some(source) = source(this) {
            let now = source.exports.get().saturating_add_signed(change);
            source.exports.set(now);
        }
    },
    view: None,
};

fn source(this: &Object) -> Option<Ref<BytesIo>> {
    this.downcast::<BytesIoBuffer>()
        .and_then(|buffer| buffer.source.get())
}

/// The type `_io._BytesIOBuffer`.
pub static BUFFER_SPEC: TypeSpec = TypeSpec {
    name: "_BytesIOBuffer",
    module: "_io",
    slots: |s| s.buffer.set(Some(&BUFFER)),
    ..TypeSpec::new(BytesIoBuffer::layout, true)
};

/// The type `io.BytesIO`.
///
/// # Errors
/// MemoryError
pub fn bytes_io(vm: &Vm) -> PyResult<Ref<Type>> {
    file_type(vm, &SPEC, &buffered_base(vm)?)
}

/// The type of what views of a `BytesIO` refer to.
///
/// # Errors
/// MemoryError
pub fn buffer_type(vm: &Vm) -> PyResult<Ref<Type>> {
    plain_type(vm, &BUFFER_SPEC)
}

fn new(vm: &Vm, ty: &Type, _: Args<'_>) -> PyResult {
    place_tracked(
        vm,
        BytesIo {
            head: Object::new(ty.type_head_of()),
            data: Inner::new(HVec::new_in(HeapAlloc)),
            shared: Slot::empty(),
            at: Cell::new(0),
            exports: Cell::new(0),
            closed: Cell::new(false),
        },
    )
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let this = receiver::<BytesIo>(vm, this)?;
    let bound = Parameters::of("(initial_bytes=b'')").bind(vm, "BytesIO", args)?;
    this.changeable(vm)?;
    this.drop_content();
    this.closed.set(false);
    this.at.set(0);
    if let [Some(initial)] = bound[..]
        && !vm.is_none(initial)
    {
        if initial.is_exact::<Bytes>() {
            this.shared.set(initial.to_ref().cast::<Bytes>().ok());
        } else {
            this.write(vm, initial)?;
            this.at.set(0);
        }
    }
    Ok(())
}

fn open<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a BytesIo> {
    let this = receiver::<BytesIo>(vm, this)?;
    if this.closed.get() {
        return Err(closed_error(vm));
    }
    Ok(this)
}

impl BytesIo {
    fn read<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
        match self.shared.get() {
            Some(shared) => f(shared.as_slice()),
            None => self.data.read(|data| f(data)),
        }
    }

    fn len(&self) -> usize {
        self.read(<[u8]>::len)
    }

    /// # Errors
    /// BufferError where a view holds the size fixed.
    fn changeable(&self, vm: &Vm) -> PyResult<()> {
        if self.exports.get() == 0 {
            return Ok(());
        }
        Err(vm.buffer_error("Existing exports of data: object cannot be re-sized"))
    }

    fn drop_content(&self) {
        self.shared.set(None);
        self.data.write(|data| *data = HVec::new_in(HeapAlloc));
    }

    /// Makes the content the file's own.
    fn own(&self, vm: &Vm) -> PyResult<()> {
        let Some(shared) = self.shared.get() else {
            return Ok(());
        };
        let bytes = shared.as_slice();
        let copied = self.data.write(|data| {
            data.clear();
            let room = data.try_reserve_exact(bytes.len()).is_ok();
            if room {
                data.extend_from_slice(bytes);
            }
            room
        });
        if !copied {
            return Err(vm.no_memory());
        }
        self.shared.set(None);
        Ok(())
    }

    fn write(&self, vm: &Vm, object: &Object) -> PyResult<usize> {
        // The buffer is asked for first: that may run code that closes the file or makes a view.
        let copy;
        let bytes = match object.downcast::<Bytes>() {
            Some(bytes) => bytes.as_slice(),
            None => {
                copy = require_bytes(vm, object, <[u8]>::to_vec)?;
                &copy
            }
        };
        if self.closed.get() {
            return Err(closed_error(vm));
        }
        self.changeable(vm)?;
        if bytes.is_empty() {
            return Ok(0);
        }
        self.own(vm)?;
        let at = self.at.get();
        let Some(end) = at
            .checked_add(bytes.len())
            .filter(|end| *end < isize::MAX as usize)
        else {
            return Err(vm.no_memory());
        };
        let done = self.data.write(|data| {
            if end > data.len() {
                let more = end - data.len();
                if data.try_reserve(more).is_err() {
                    return false;
                }
                if at >= data.len() {
                    data.resize(at, 0);
                    data.extend_from_slice(bytes);
                    return true;
                }
                data.resize(end, 0);
            }
            if let Some(place) = data.get_mut(at..end) {
                place.copy_from_slice(bytes);
            }
            true
        });
        if !done {
            return Err(vm.no_memory());
        }
        self.at.set(end);
        Ok(bytes.len())
    }

    /// Takes the next `count` bytes.
    fn take(&self, vm: &Vm, count: usize) -> PyResult {
        let (start, len) = (self.at.get(), self.len());
        let end = start.saturating_add(count).min(len);
        if start >= end {
            return Ok(vm.new_bytes(&[])?.upcast());
        }
        self.at.set(end);
        if start == 0 && end == len && len > 1 && self.exports.get() == 0 {
            return self.value(vm);
        }
        if let Some(shared) = self.shared.get() {
            return Ok(vm
                .new_bytes(shared.as_slice().get(start..end).unwrap_or_default())?
                .upcast());
        }
        // Making the object runs no Python code.
        self.data.read(|data| {
            Ok(vm
                .new_bytes(data.get(start..end).unwrap_or_default())?
                .upcast())
        })
    }

    /// Takes the next line, or `limit` bytes of it.
    fn line(&self, vm: &Vm, limit: Option<usize>) -> PyResult {
        let at = self.at.get();
        let count = self.read(|data| {
            let rest = data.get(at..).unwrap_or_default();
            let rest = limit.and_then(|limit| rest.get(..limit)).unwrap_or(rest);
            memchr::memchr(b'\n', rest).map_or(rest.len(), |i| i + 1)
        });
        self.take(vm, count)
    }

    /// The whole content as a bytes object, which is shared from now on.
    fn value(&self, vm: &Vm) -> PyResult {
        if let Some(shared) = self.shared.get() {
            return Ok(shared.upcast());
        }
        let bytes = self.data.read(|data| vm.new_bytes(data))?;
        if self.exports.get() == 0 {
            self.data.write(|data| *data = HVec::new_in(HeapAlloc));
            self.shared.set(Some(bytes.clone()));
        }
        Ok(bytes.upcast())
    }
}

const METHODS: &[MethodDef] = &[
    no_args(
        "readable",
        yes,
        "Returns True if the IO object can be read.",
    ),
    no_args(
        "seekable",
        yes,
        "Returns True if the IO object can be seeked.",
    ),
    no_args(
        "writable",
        yes,
        "Returns True if the IO object can be written.",
    ),
    no_args("close", close, "Disable all I/O operations."),
    no_args(
        "flush",
        |vm, this| {
            open(vm, this)?;
            Ok(vm.none_ref())
        },
        "Does nothing.",
    ),
    no_args(
        "isatty",
        |vm, this| {
            open(vm, this)?;
            Ok(vm.bool(false))
        },
        "Always returns False.\n\nBytesIO objects are not connected to a TTY-like device.",
    ),
    no_args(
        "tell",
        |vm, this| vm.new_usize(open(vm, this)?.at.get()),
        "Current file position, an integer.",
    ),
    one(
        "write",
        "($self, b, /)",
        |vm, this, bytes| vm.new_usize(open(vm, this)?.write(vm, bytes)?),
        "Write bytes to file.\n\nReturn the number of bytes written.",
    ),
    one(
        "writelines",
        "($self, lines, /)",
        write_lines,
        "Write lines to the file.\n\nNote that newlines are not added.  lines can be any iterable object\nproducing bytes-like objects.  This is equivalent to calling write()\nfor each element.",
    ),
    up_to_one(
        "read1",
        "($self, size=-1, /)",
        read,
        "Read at most size bytes, returned as a bytes object.\n\nIf the size argument is negative or omitted, read until EOF is\nreached.  Return an empty bytes object at EOF.",
    ),
    one(
        "readinto",
        "($self, buffer, /)",
        read_into,
        "Read bytes into buffer.\n\nReturns number of bytes read (0 for EOF), or None if the object\nis set not to block and has no data to read.",
    ),
    up_to_one(
        "readline",
        "($self, size=-1, /)",
        |vm, this, args| {
            let this = open(vm, this)?;
            let size = size_argument(vm, args.first().copied())?;
            this.line(vm, usize::try_from(size).ok())
        },
        "Next line from the file, as a bytes object.\n\nRetain newline.  A non-negative size argument limits the maximum\nnumber of bytes to return (an incomplete line may be returned then).\nReturn an empty bytes object at EOF.",
    ),
    up_to_one(
        "readlines",
        "($self, size=None, /)",
        read_lines,
        "List of bytes objects, each a line from the file.\n\nCall readline() repeatedly and return a list of the lines so read.\nThe optional size argument, if given, is an approximate bound on the\ntotal number of bytes in the lines returned.",
    ),
    up_to_one(
        "read",
        "($self, size=-1, /)",
        read,
        "Read at most size bytes, returned as a bytes object.\n\nIf the size argument is negative, read until EOF is reached.\nReturn an empty bytes object at EOF.",
    ),
    no_args(
        "getbuffer",
        get_buffer,
        "Get a read-write view over the contents of the BytesIO object.",
    ),
    no_args(
        "getvalue",
        |vm, this| open(vm, this)?.value(vm),
        "Retrieve the entire contents of the BytesIO object.",
    ),
    one_or_two(
        "seek",
        "($self, pos, whence=0, /)",
        seek,
        "Change stream position.\n\nSeek to byte offset pos relative to position indicated by whence:\n     0  Start of stream (the default).  pos should be >= 0;\n     1  Current position - pos may be negative;\n     2  End of stream - pos usually negative.\nReturns the new absolute position.",
    ),
    up_to_one(
        "truncate",
        "($self, size=None, /)",
        truncate,
        "Truncate the file to at most size bytes.\n\nSize defaults to the current file position, as returned by tell().\nThe current file position is unchanged.  Returns the new size.",
    ),
    no_args("__getstate__", get_state, ""),
    one("__setstate__", "($self, object, /)", set_state, ""),
    no_args(
        "__sizeof__",
        |vm, this| {
            let file = receiver::<BytesIo>(vm, this)?;
            let own = file.data.read(|data| data.capacity());
            vm.new_usize(this.own_size() + own)
        },
        "",
    ),
];

fn yes(vm: &Vm, this: &Object) -> PyResult {
    open(vm, this)?;
    Ok(vm.bool(true))
}

fn close(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<BytesIo>(vm, this)?;
    this.changeable(vm)?;
    this.drop_content();
    this.closed.set(true);
    Ok(vm.none_ref())
}

fn write_lines(vm: &Vm, this: &Object, lines: &Object) -> PyResult {
    let this = open(vm, this)?;
    protocol::for_each(vm, lines, |line| this.write(vm, &line).map(drop))?;
    Ok(vm.none_ref())
}

fn read(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let this = open(vm, this)?;
    let size = size_argument(vm, args.first().copied())?;
    this.take(vm, usize::try_from(size).unwrap_or(usize::MAX))
}

fn read_into(vm: &Vm, this: &Object, into: &Object) -> PyResult {
    let this = open(vm, this)?;
    let at = this.at.get();
    // The target may be a view of this very file.
    let size = super::buffer_size(vm, "readinto", into)?;
    let bytes = this.read(|data| {
        let rest = data.get(at..).unwrap_or_default();
        rest.get(..size).unwrap_or(rest).to_vec()
    });
    fill_buffer(vm, "readinto", into, |to| {
        if let Some(to) = to.get_mut(..bytes.len()) {
            to.copy_from_slice(&bytes);
        }
    })?;
    this.at.set(at + bytes.len());
    vm.new_usize(bytes.len())
}

fn read_lines(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let this = open(vm, this)?;
    let most = size_argument(vm, args.first().copied())?;
    let (mut lines, mut total) = (Vec::new(), 0);
    loop {
        let line = this.line(vm, None)?;
        let length = line.downcast::<Bytes>().map_or(0, |l| l.as_slice().len());
        if length == 0 {
            break;
        }
        lines.push(line);
        total += length as i64;
        if most > 0 && total >= most {
            break;
        }
    }
    Ok(vm.new_list(lines)?.upcast())
}

fn get_buffer(vm: &Vm, this: &Object) -> PyResult {
    let file = open(vm, this)?;
    file.own(vm)?;
    let buffer = place_tracked(
        vm,
        BytesIoBuffer {
            head: Object::new(buffer_type(vm)?.type_head_of()),
            source: Slot::full(Ref::of(file)),
        },
    )?;
    crate::types::memoryview::view_of(vm, &buffer)
}

/// What `whence` says.
///
/// # Errors
/// TypeError; OverflowError
pub fn whence_argument(vm: &Vm, args: &[&Object]) -> PyResult<i64> {
    match args.get(1) {
        Some(whence) => match protocol::index(vm, whence)?
            .downcast::<Int>()
            .and_then(Int::as_i64)
            .filter(|w| i32::try_from(*w).is_ok())
        {
            Some(whence) => Ok(whence),
            None => Err(vm.overflow_error("Python int too large to convert to C int")),
        },
        None => Ok(0),
    }
}

fn seek(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let offset = to_size(vm, args[0])?;
    let whence = whence_argument(vm, args)?;
    let this = open(vm, this)?;
    let base = match whence {
        0 if offset < 0 => return Err(vm.value_error(format!("negative seek value {offset}"))),
        0 => 0,
        1 => this.at.get(),
        2 => this.len(),
        _ => {
            return Err(vm.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)")));
        }
    };
    let Some(to) = (base as i64).checked_add(offset) else {
        return Err(vm.overflow_error("new position too large"));
    };
    this.at.set(to.max(0) as usize);
    vm.new_int(to.max(0))
}

fn truncate(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let size = match args.first().filter(|size| !vm.is_none(size)) {
        Some(size) => to_size(vm, size)?,
        None => open(vm, this)?.at.get() as i64,
    };
    let this = open(vm, this)?;
    this.changeable(vm)?;
    let Ok(size) = usize::try_from(size) else {
        return Err(vm.value_error(format!("negative size value {size}")));
    };
    if size < this.len() {
        this.own(vm)?;
        this.data.write(|data| {
            data.truncate(size);
            if data.capacity() / 2 > size {
                data.shrink_to_fit();
            }
        });
    }
    vm.new_usize(size)
}

/// A copy of the instance's `__dict__`, or None.
///
/// # Errors
/// MemoryError
pub fn dict_copy(vm: &Vm, this: &Object) -> PyResult {
    // One that nobody has asked for does not come into being here.
    match this.managed().and_then(|managed| managed.dict()) {
        Some(dict) => {
            let dict = dict.to_ref();
            protocol::call_method(vm, &dict, &vm.names.copy, &[])
        }
        None => Ok(vm.none_ref()),
    }
}

/// Takes over the entries of a pickled `__dict__`; `place` says where in the state it stood.
///
/// # Errors
/// TypeError where it is neither None nor a dict.
pub fn update_dict(vm: &Vm, this: &Object, state: &Object, place: &str) -> PyResult<()> {
    if vm.is_none(state) {
        return Ok(());
    }
    let Some(entries) = state.downcast::<Dict>() else {
        return Err(vm.type_error(format!(
            "{place} item of state should be a dict, got a {}",
            type_name(state)
        )));
    };
    if let Some(dict) = attributes::dict_of(vm, this)? {
        protocol::call_method(vm, dict.as_object(), &vm.names.update, &[&entries.head])?;
    }
    Ok(())
}

fn get_state(vm: &Vm, this: &Object) -> PyResult {
    let file = open(vm, this)?;
    let value = file.value(vm)?;
    let at = vm.new_usize(file.at.get())?;
    let dict = dict_copy(vm, this)?;
    Ok(vm.tuple_of(&[&value, &at, &dict])?.upcast())
}

fn set_state(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let file = open(vm, this)?;
    let parts = state.downcast::<Tuple>().map(Tuple::as_slice);
    let Some([value, at, dict]) = parts else {
        return Err(vm.type_error(format!(
            "_io.BytesIO.__setstate__ argument should be 3-tuple, got {}",
            type_name(state)
        )));
    };
    file.changeable(vm)?;
    file.drop_content();
    file.closed.set(false);
    file.at.set(0);
    file.write(vm, value)?;
    if at.downcast::<Int>().is_none() {
        return Err(vm.type_error(format!(
            "second item of state must be an integer, not {}",
            type_name(at)
        )));
    }
    let Ok(at) = usize::try_from(to_size(vm, at)?) else {
        return Err(vm.value_error("position value cannot be negative"));
    };
    file.at.set(at);
    update_dict(vm, this, dict, "third")?;
    Ok(vm.none_ref())
}
