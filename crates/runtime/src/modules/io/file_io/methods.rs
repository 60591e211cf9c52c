//! The methods of raw files.

use viv_heap::Object;
use viv_host::fd;

use super::super::base::{self, and_then_close, raw_base};
use super::super::bytes_io::whence_argument;
use super::super::{
    buffer_size, fill_buffer, no_args, one, one_or_two, size_argument, system, up_to_one,
};
use super::{FileIo, plain};
use crate::native::MethodDef;
use crate::object::{Bytes, Int};
use crate::protocol;
use crate::result::PyResult;
use crate::types::buffer::require_bytes;
use crate::types::sequence::receiver;
use crate::vm::Vm;

pub(super) const METHODS: &[MethodDef] = &[
    up_to_one(
        "read",
        "($self, size=-1, /)",
        read,
        "Read at most size bytes, returned as bytes.\n\nIf size is less than 0, read all bytes in the file making multiple\nread calls.  See ``FileIO.readall``.\n\nAttempts to make only one system call, retrying only per PEP 475\n(EINTR).  This means less data may be returned than requested.\n\nIn non-blocking mode, returns None if no data is available.  Return\nan empty bytes object at EOF.",
    ),
    no_args(
        "readall",
        read_all,
        "Read all data from the file, returned as bytes.\n\nReads until either there is an error or read() returns size 0\n(indicates EOF).  If the file is already at EOF, returns an empty\nbytes object.\n\nIn non-blocking mode, returns as much data as could be read before\nEAGAIN.  If no data is available (EAGAIN is returned before bytes\nare read) returns None.",
    ),
    one(
        "readinto",
        "($self, buffer, /)",
        read_into,
        "Same as RawIOBase.readinto().",
    ),
    one(
        "write",
        "($self, b, /)",
        write,
        "Write buffer b to file, return number of bytes written.\n\nOnly makes one system call, so not all of the data may be written.\nThe number of bytes actually written is returned.  In non-blocking\nmode, returns None if the write would block.",
    ),
    one_or_two(
        "seek",
        "($self, pos, whence=0, /)",
        seek,
        "Move to new file position and return the file position.\n\nArgument offset is a byte count.  Optional argument whence defaults\nto SEEK_SET or 0 (offset from start of file, offset should be >= 0);\nother values are SEEK_CUR or 1 (move relative to current position,\npositive or negative), and SEEK_END or 2 (move relative to end of\nfile, usually negative, although many platforms allow seeking beyond\nthe end of a file).\n\nNote that not all file objects are seekable.",
    ),
    no_args(
        "tell",
        |vm, this| vm.new_int(receiver::<FileIo>(vm, this)?.seek(vm, 0, 1)?),
        "Current file position.\n\nCan raise OSError for non seekable files.",
    ),
    up_to_one(
        "truncate",
        "($self, size=None, /)",
        truncate,
        "Truncate the file to at most size bytes and return the truncated size.\n\nSize defaults to the current file position, as returned by tell().\nThe current file position is changed to the value of size.",
    ),
    no_args(
        "close",
        close,
        "Close the file.\n\nA closed file cannot be used for further I/O operations.  close()\nmay be called more than once without error.",
    ),
    no_args(
        "seekable",
        |vm, this| Ok(vm.bool(receiver::<FileIo>(vm, this)?.is_seekable(vm)?)),
        "True if file supports random-access.",
    ),
    no_args(
        "readable",
        |vm, this| {
            let file = receiver::<FileIo>(vm, this)?;
            file.descriptor(vm)?;
            Ok(vm.bool(file.mode.get().readable))
        },
        "True if file was opened in a read mode.",
    ),
    no_args(
        "writable",
        |vm, this| {
            let file = receiver::<FileIo>(vm, this)?;
            file.descriptor(vm)?;
            Ok(vm.bool(file.mode.get().writable))
        },
        "True if file was opened in a write mode.",
    ),
    no_args(
        "fileno",
        |vm, this| vm.new_int(i64::from(receiver::<FileIo>(vm, this)?.descriptor(vm)?)),
        "Return the underlying file descriptor (an integer).",
    ),
    no_args(
        "isatty",
        |vm, this| {
            let fd = receiver::<FileIo>(vm, this)?.descriptor(vm)?;
            Ok(vm.bool(fd::is_terminal(fd).unwrap_or(false)))
        },
        "True if the file is connected to a TTY device.",
    ),
    no_args(
        "_isatty_open_only",
        |vm, this| {
            let fd = receiver::<FileIo>(vm, this)?.descriptor(vm)?;
            Ok(vm.bool(
                fd::status(fd).is_ok_and(|s| s.is_character_device)
                    && fd::is_terminal(fd).unwrap_or(false),
            ))
        },
        "",
    ),
    one(
        "_dealloc_warn",
        "($self, object, /)",
        |vm, this, source| {
            receiver::<FileIo>(vm, this)?.warn_lost(vm, source);
            Ok(vm.none_ref())
        },
        "",
    ),
];

fn count_or_none(vm: &Vm, count: Option<usize>) -> PyResult {
    match count {
        Some(count) => vm.new_usize(count),
        None => Ok(vm.none_ref()),
    }
}

fn read_all(vm: &Vm, this: &Object) -> PyResult {
    match receiver::<FileIo>(vm, this)?.read_all(vm)? {
        Some(bytes) => Ok(vm.new_bytes(&bytes)?.upcast()),
        None => Ok(vm.none_ref()),
    }
}

fn read(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let size = size_argument(vm, args.first().copied())?;
    let file = receiver::<FileIo>(vm, this)?;
    let fd = file.readable(vm)?;
    let Ok(size) = usize::try_from(size) else {
        return protocol::call_method(vm, this, &vm.names.readall, &[]);
    };
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(size).is_err() {
        return Err(vm.no_memory());
    }
    bytes.resize(size, 0);
    match system::transfer(vm, || fd::read(fd, &mut bytes))? {
        Some(count) => Ok(vm
            .new_bytes(bytes.get(..count).unwrap_or_default())?
            .upcast()),
        None => Ok(vm.none_ref()),
    }
}

fn read_into(vm: &Vm, this: &Object, into: &Object) -> PyResult {
    let file = receiver::<FileIo>(vm, this)?;
    let size = buffer_size(vm, "readinto", into)?;
    let fd = file.readable(vm)?;
    // Other threads may run meanwhile, so that the target's own memory cannot be lent out.
    let mut bytes = Vec::new();
    let size = size.min(LARGEST_READ);
    if bytes.try_reserve_exact(size).is_err() {
        return Err(vm.no_memory());
    }
    bytes.resize(size, 0);
    let got = system::transfer(vm, || fd::read(fd, &mut bytes))?;
    if let Some(bytes) = got.and_then(|count| bytes.get(..count)) {
        fill_buffer(vm, "readinto", into, |to| {
            let count = bytes.len().min(to.len());
            if let (Some(to), Some(bytes)) = (to.get_mut(..count), bytes.get(..count)) {
                to.copy_from_slice(bytes);
            }
        })?;
    }
    count_or_none(vm, got)
}

/// Bytes that one `readinto` asks the system for at most.
const LARGEST_READ: usize = 1 << 26;

fn write(vm: &Vm, this: &Object, bytes: &Object) -> PyResult {
    let file = receiver::<FileIo>(vm, this)?;
    let copy;
    let bytes = match bytes.downcast::<Bytes>() {
        Some(bytes) => bytes.as_slice(),
        None => {
            copy = require_bytes(vm, bytes, <[u8]>::to_vec)?;
            &copy
        }
    };
    let fd = file.writable(vm)?;
    count_or_none(vm, system::transfer(vm, || fd::write(fd, bytes))?)
}

/// An offset in a file.
///
/// # Errors
/// TypeError; OverflowError
pub fn offset(vm: &Vm, value: &Object) -> PyResult<i64> {
    let int = protocol::index(vm, value)?;
    match int.downcast::<Int>().and_then(Int::as_i64) {
        Some(offset) => Ok(offset),
        None => Err(vm.overflow_error("Python int too large to convert to C long")),
    }
}

fn seek(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let file = receiver::<FileIo>(vm, this)?;
    let whence = whence_argument(vm, args)?;
    file.descriptor(vm)?;
    let offset = offset(vm, args[0])?;
    vm.new_int(file.seek(vm, offset, whence as i32)?)
}

fn truncate(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let file = receiver::<FileIo>(vm, this)?;
    let fd = file.writable(vm)?;
    let size = match args.first().filter(|size| !vm.is_none(size)) {
        Some(size) => size.to_ref(),
        None => vm.new_int(file.seek(vm, 0, 1)?)?,
    };
    let length = offset(vm, &size)?;
    let result = system::call(vm, || fd::truncate(fd, length))?;
    system::check(vm, result)?;
    Ok(size)
}

fn close(vm: &Vm, this: &Object) -> PyResult {
    let file = receiver::<FileIo>(vm, this)?;
    let close_base = || -> PyResult<()> {
        if plain(vm, this).is_some() {
            // All that it does is call `flush`, which does nothing, and leave a mark.
            return base::mark_closed(vm, this);
        }
        let base = protocol::get_attr(vm, &raw_base(vm)?.head, &vm.names.close)?;
        protocol::call_one(vm, &base, this).map(drop)
    };
    let closed = close_base();
    if !file.close_fd.get() {
        file.fd.set(-1);
        closed?;
        return Ok(vm.none_ref());
    }
    if file.finalizing.get() {
        file.warn_lost(vm, this);
    }
    and_then_close(vm, closed, || file.close_descriptor(vm))?;
    Ok(vm.none_ref())
}
