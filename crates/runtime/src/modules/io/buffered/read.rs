//! Reading through a buffer.

use viv_heap::{HVec, HeapAlloc, Object, Ref};
use viv_host::fd;

use super::super::{
    buffer_size, fill_buffer, no_args, one, size_argument, system, to_size, up_to_one,
};
use super::{Buffered, direct, forward, open};
use crate::native::MethodDef;
use crate::object::{ByteArray, Bytes};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::vm::Vm;

pub(super) const METHODS: &[MethodDef] = &[
    no_args(
        "readable",
        |vm, this| forward(vm, this, &vm.names.readable),
        "",
    ),
    up_to_one("read", "($self, size=-1, /)", read, ""),
    up_to_one("peek", "($self, size=0, /)", peek, ""),
    up_to_one("read1", "($self, size=-1, /)", read1, ""),
    one(
        "readinto",
        "($self, buffer, /)",
        |vm, this, into| read_into(vm, this, into, "readinto"),
        "",
    ),
    one(
        "readinto1",
        "($self, buffer, /)",
        |vm, this, into| read_into(vm, this, into, "readinto1"),
        "",
    ),
    up_to_one("readline", "($self, size=-1, /)", read_line, ""),
];

/// The number that `readinto` of a raw file has given; nothing for None.
fn read_count(vm: &Vm, result: &Object, most: usize) -> PyResult<Option<usize>> {
    if vm.is_none(result) {
        return Ok(None);
    }
    let count = match to_size(vm, result) {
        Ok(count) => count,
        Err(raised) => {
            let cause = vm.take_raised(raised);
            let raised = vm.os_error("raw readinto() failed");
            let error = vm.take_raised(raised);
            if let Some(error) = error.downcast::<crate::object::Exception>() {
                error.cause.set(Some(cause.clone()));
                error.context.set(Some(cause));
                error.suppress_context.set(true);
            }
            return Err(vm.restore(error));
        }
    };
    match usize::try_from(count) {
        Ok(count) if count <= most => Ok(Some(count)),
        _ => Err(vm.os_error(format!(
            "raw readinto() returned invalid length {count} (should have been between 0 and {most})"
        ))),
    }
}

impl Buffered {
    /// Reads some bytes from the raw file behind those that are there; nothing where it is not ready.
    fn raw_read(&self, vm: &Vm, into: &mut Vec<u8>, most: usize) -> PyResult<Option<usize>> {
        let raw = self.raw(vm)?;
        let have = into.len();
        if into.try_reserve_exact(most).is_err() {
            return Err(vm.no_memory());
        }
        if let Some(raw) = direct(vm, &raw) {
            let fd = raw.readable(vm)?;
            into.resize(have + most, 0);
            let got = system::transfer(vm, || {
                fd::read(fd, into.get_mut(have..).unwrap_or_default())
            });
            into.truncate(have + got.as_ref().ok().copied().flatten().unwrap_or(0));
            return got;
        }
        let buffer = ByteArray::zeroed(vm, most)?;
        let got = self.raw_read_into(vm, &raw, &buffer)?;
        if let Some(count) = got {
            buffer
                .data
                .read(|data| into.extend_from_slice(data.get(..count).unwrap_or_default()));
        }
        Ok(got)
    }

    fn raw_read_into(&self, vm: &Vm, raw: &Object, buffer: &ByteArray) -> PyResult<Option<usize>> {
        let view = crate::types::memoryview::view_of(vm, &buffer.head)?;
        let result = protocol::call_method(vm, raw, &vm.names.readinto, &[&view])?;
        read_count(vm, &result, buffer.len())
    }

    /// Fills the empty buffer with one read of the raw file; nothing where it is not ready.
    fn fill(&self, vm: &Vm) -> PyResult<Option<usize>> {
        self.at.set(0);
        self.end.set(0);
        let size = self.size.get();
        let room = self.input.write(|input| {
            if input.len() != size {
                let missing = size.saturating_sub(input.len());
                if input.try_reserve_exact(missing).is_err() {
                    return false;
                }
                input.resize(size, 0);
            }
            true
        });
        if !room {
            return Err(vm.no_memory());
        }
        let raw = self.raw(vm)?;
        let got = if let Some(raw) = direct(vm, &raw) {
            let fd = raw.readable(vm)?;
            // The operation keeps others away from the buffer while it is lent out.
            let mut lent = self
                .input
                .write(|input| std::mem::replace(input, HVec::new_in(HeapAlloc)));
            let into: &mut [u8] = &mut lent;
            let got = system::transfer(vm, || fd::read(fd, into));
            self.input.write(|input| *input = lent);
            got?
        } else {
            let buffer = ByteArray::zeroed(vm, size)?;
            let got = self.raw_read_into(vm, &raw, &buffer)?;
            if let Some(count) = got {
                buffer.data.read(|data| {
                    self.input.write(|input| {
                        if let (Some(to), Some(from)) = (input.get_mut(..count), data.get(..count))
                        {
                            to.copy_from_slice(from);
                        }
                    });
                });
            }
            got
        };
        self.end.set(got.unwrap_or(0));
        Ok(got)
    }

    /// Runs `f` on what has been read ahead.
    fn with_ahead<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
        let (at, end) = (self.at.get(), self.end.get());
        self.input
            .read(|input| f(input.get(at..end).unwrap_or_default()))
    }

    /// Takes up to so many of the bytes that have been read ahead.
    fn take(&self, vm: &Vm, most: usize) -> PyResult<Ref<Bytes>> {
        let count = most.min(self.ahead());
        // Making the object runs no Python code.
        let bytes =
            self.with_ahead(|ahead| vm.new_bytes(ahead.get(..count).unwrap_or_default()))?;
        self.at.set(self.at.get() + count);
        Ok(bytes)
    }

    /// Moves what has been read ahead into `into`.
    fn drain(&self, into: &mut Vec<u8>, most: usize) {
        let count = most.min(self.ahead());
        self.with_ahead(|ahead| into.extend_from_slice(ahead.get(..count).unwrap_or_default()));
        self.at.set(self.at.get() + count);
    }

    /// Reads what there is, for a text file: at most `most` bytes, after at most one read of the raw file.
    ///
    /// # Errors
    /// As reading: ValueError, OSError. BlockingIOError is not raised: a file that is not ready gives nothing.
    pub fn read_some<R>(&self, vm: &Vm, most: usize, f: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
        self.raw(vm)?;
        self.check_open(vm, "read of closed file")?;
        let _operation = self.enter(vm)?;
        self.pass_on(vm)?;
        if self.ahead() == 0 {
            self.fill(vm)?;
        }
        let count = most.min(self.ahead());
        let result = self.with_ahead(|ahead| f(ahead.get(..count).unwrap_or_default()));
        self.at.set(self.at.get() + count);
        Ok(result)
    }

    fn read_all(&self, vm: &Vm) -> PyResult {
        let mut all = Vec::new();
        self.drain(&mut all, usize::MAX);
        self.flush_and_rewind(vm)?;
        let raw = self.raw(vm)?;
        if let Some(raw) = direct(vm, &raw) {
            return match raw.read_all(vm)? {
                Some(rest) if all.is_empty() => Ok(vm.new_bytes(&rest)?.upcast()),
                Some(rest) => {
                    all.extend(rest);
                    Ok(vm.new_bytes(&all)?.upcast())
                }
                None if all.is_empty() => Ok(vm.none_ref()),
                None => Ok(vm.new_bytes(&all)?.upcast()),
            };
        }
        if let Some(read_all) = protocol::get_attr_opt(vm, &raw, &vm.names.readall)? {
            let rest = protocol::call_no_args(vm, &read_all)?;
            if vm.is_none(&rest) {
                if all.is_empty() {
                    return Ok(rest);
                }
            } else if let Some(bytes) = rest.downcast::<Bytes>() {
                if all.is_empty() {
                    return Ok(rest);
                }
                all.extend_from_slice(bytes.as_slice());
            } else {
                return Err(vm.type_error("readall() should return bytes"));
            }
            return Ok(vm.new_bytes(&all)?.upcast());
        }
        loop {
            let chunk = protocol::call_method(vm, &raw, &vm.names.read, &[])?;
            if vm.is_none(&chunk) && all.is_empty() {
                return Ok(chunk);
            }
            if vm.is_none(&chunk) {
                break;
            }
            let Some(bytes) = chunk.downcast::<Bytes>() else {
                return Err(vm.type_error("read() should return bytes"));
            };
            if bytes.as_slice().is_empty() {
                break;
            }
            all.extend_from_slice(bytes.as_slice());
        }
        Ok(vm.new_bytes(&all)?.upcast())
    }

    /// Reads so many bytes, fewer only at the end or where the raw file is not ready; nothing where it was not ready at all.
    fn read_exactly(&self, vm: &Vm, count: usize) -> PyResult<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        if bytes.try_reserve_exact(count).is_err() {
            return Err(vm.no_memory());
        }
        self.drain(&mut bytes, count);
        self.flush_and_rewind(vm)?;
        let size = self.size.get();
        while bytes.len() < count {
            let left = count - bytes.len();
            // Whole buffers go past the buffer.
            let got = if left >= size {
                self.raw_read(vm, &mut bytes, left - left % size)?
            } else {
                let got = self.fill(vm)?;
                self.drain(&mut bytes, left);
                got
            };
            match got {
                None if bytes.is_empty() => return Ok(None),
                None | Some(0) => break,
                Some(_) => {}
            }
        }
        Ok(Some(bytes))
    }

    fn line(&self, vm: &Vm, limit: Option<usize>) -> PyResult<Ref<Bytes>> {
        self.raw(vm)?;
        self.check_open(vm, "readline of closed file")?;
        let limit = limit.unwrap_or(usize::MAX);
        let end_of_line = || {
            self.with_ahead(|ahead| {
                let ahead = ahead.get(..limit).unwrap_or(ahead);
                memchr::memchr(b'\n', ahead)
            })
        };
        if let Some(end) = end_of_line() {
            return self.take(vm, end + 1);
        }
        if self.ahead() >= limit {
            return self.take(vm, limit);
        }
        let _operation = self.enter(vm)?;
        let mut line = Vec::new();
        self.drain(&mut line, usize::MAX);
        if self.writable.get() {
            self.pass_on(vm)?;
        }
        loop {
            match self.fill(vm)? {
                None | Some(0) => break,
                Some(_) => {}
            }
            let left = limit - line.len();
            let found = self.with_ahead(|ahead| {
                let ahead = ahead.get(..left).unwrap_or(ahead);
                memchr::memchr(b'\n', ahead)
            });
            let count = found.map_or(left, |end| end + 1);
            self.drain(&mut line, count);
            if found.is_some() || line.len() >= limit {
                break;
            }
        }
        vm.new_bytes(&line)
    }
}

fn read(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let size = size_argument(vm, args.first().copied())?;
    let file = open(vm, this)?;
    file.raw(vm)?;
    if size < -1 {
        return Err(vm.value_error("read length must be non-negative or -1"));
    }
    file.check_open(vm, "read of closed file")?;
    let Ok(size) = usize::try_from(size) else {
        let _operation = file.enter(vm)?;
        return file.read_all(vm);
    };
    if size <= file.ahead() {
        return Ok(file.take(vm, size)?.upcast());
    }
    let _operation = file.enter(vm)?;
    match file.read_exactly(vm, size)? {
        Some(bytes) => Ok(vm.new_bytes(&bytes)?.upcast()),
        None => Ok(vm.none_ref()),
    }
}

fn peek(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    if let Some(size) = args.first() {
        to_size(vm, size)?;
    }
    let file = open(vm, this)?;
    file.raw(vm)?;
    file.check_open(vm, "peek of closed file")?;
    let _operation = file.enter(vm)?;
    file.pass_on(vm)?;
    if file.ahead() == 0 {
        file.fill(vm)?;
    }
    Ok(file.with_ahead(|ahead| vm.new_bytes(ahead))?.upcast())
}

fn read1(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let size = args.first().map_or(Ok(-1), |size| to_size(vm, size))?;
    let file = open(vm, this)?;
    file.raw(vm)?;
    let size = usize::try_from(size).unwrap_or(file.size.get());
    file.check_open(vm, "read of closed file")?;
    if size == 0 {
        return Ok(vm.new_bytes(&[])?.upcast());
    }
    if file.ahead() != 0 {
        return Ok(file.take(vm, size)?.upcast());
    }
    let _operation = file.enter(vm)?;
    file.pass_on(vm)?;
    let mut bytes = Vec::new();
    file.raw_read(vm, &mut bytes, size)?;
    Ok(vm.new_bytes(&bytes)?.upcast())
}

fn read_into(vm: &Vm, this: &Object, into: &Object, function: &str) -> PyResult {
    let size = buffer_size(vm, function, into)?;
    let file = open(vm, this)?;
    file.raw(vm)?;
    file.check_open(vm, "readinto of closed file")?;
    let bytes = {
        let mut bytes = Vec::new();
        file.drain(&mut bytes, size);
        let once = function == "readinto1";
        if bytes.len() < size {
            let _operation = file.enter(vm)?;
            file.flush_and_rewind(vm)?;
            while bytes.len() < size {
                let left = size - bytes.len();
                let got = if left > file.size.get() {
                    file.raw_read(vm, &mut bytes, left)?
                } else if once && !bytes.is_empty() {
                    break;
                } else {
                    let got = file.fill(vm)?;
                    file.drain(&mut bytes, left);
                    got
                };
                match got {
                    None if bytes.is_empty() => return Ok(vm.none_ref()),
                    None | Some(0) => break,
                    Some(_) if once => break,
                    Some(_) => {}
                }
            }
        }
        bytes
    };
    fill_buffer(vm, function, into, |to| {
        if let Some(to) = to.get_mut(..bytes.len()) {
            to.copy_from_slice(&bytes);
        }
    })?;
    vm.new_usize(bytes.len())
}

fn read_line(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let size = size_argument(vm, args.first().copied())?;
    Ok(open(vm, this)?
        .line(vm, usize::try_from(size).ok())?
        .upcast())
}

pub(super) fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let file = open(vm, this)?;
    if this.is_exact::<Buffered>() {
        let line = file.line(vm, None)?;
        return Ok((!line.as_slice().is_empty()).then(|| line.upcast()));
    }
    file.raw(vm)?;
    let line = protocol::call_method(vm, this, &vm.names.readline, &[])?;
    match line.downcast::<Bytes>() {
        Some(bytes) => Ok((!bytes.as_slice().is_empty()).then(|| line.clone())),
        None => Err(vm.os_error(format!(
            "readline() should have returned a bytes object, not '{}'",
            type_name(&line)
        ))),
    }
}
