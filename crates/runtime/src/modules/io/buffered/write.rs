//! Writing through a buffer.

use viv_heap::{HVec, HeapAlloc, Object};
use viv_host::fd;

use super::super::{no_args, one, system, to_size};
use super::{Buffered, direct, forward, open};
use crate::native::MethodDef;
use crate::object::Bytes;
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::buffer::require_bytes;
use crate::vm::Vm;

pub(super) const METHODS: &[MethodDef] = &[
    no_args(
        "writable",
        |vm, this| forward(vm, this, &vm.names.writable),
        "",
    ),
    one("write", "($self, buffer, /)", write, ""),
    no_args("flush", flush, ""),
];

/// BlockingIOError that tells how many bytes of the last write were taken.
#[cold]
fn would_block(vm: &Vm, written: usize) -> Raised {
    let args = (|| {
        Ok([
            vm.new_int(i64::from(libc::EAGAIN))?,
            vm.new_str("write could not complete without blocking")?
                .upcast(),
            vm.new_usize(written)?,
        ])
    })();
    match args {
        Ok(args) => vm.raise_with(
            &vm.exceptions.BlockingIOError,
            &args.each_ref().map(|a| a.as_object()),
        ),
        Err(raised) => raised,
    }
}

/// The number that `write` of a raw file has given; nothing for None.
fn write_count(vm: &Vm, result: &Object, most: usize) -> PyResult<Option<usize>> {
    if vm.is_none(result) {
        return Ok(None);
    }
    let count = to_size(vm, result)?;
    match usize::try_from(count) {
        Ok(count) if count <= most => Ok(Some(count)),
        _ => Err(vm.os_error(format!(
            "raw write() returned invalid length {count} (should have been between 0 and {most})"
        ))),
    }
}

impl Buffered {
    /// Writes some of the bytes to the raw file; nothing where it is not ready.
    fn raw_write(&self, vm: &Vm, bytes: &[u8]) -> PyResult<Option<usize>> {
        let raw = self.raw(vm)?;
        if let Some(raw) = direct(vm, &raw) {
            let fd = raw.writable(vm)?;
            return system::transfer(vm, || fd::write(fd, bytes));
        }
        let copy = vm.new_bytes(bytes)?;
        let view = crate::types::memoryview::view_of(vm, &copy.head)?;
        let result = protocol::call_method(vm, &raw, &vm.names.write, &[&view])?;
        write_count(vm, &result, bytes.len())
    }

    /// Writes some of what waits, from `from` on.
    fn raw_write_waiting(&self, vm: &Vm, from: usize) -> PyResult<Option<usize>> {
        let raw = self.raw(vm)?;
        if let Some(raw) = direct(vm, &raw) {
            let fd = raw.writable(vm)?;
            // The operation keeps others away from the buffer while it is lent out.
            let lent = self
                .output
                .write(|output| std::mem::replace(output, HVec::new_in(HeapAlloc)));
            let bytes: &[u8] = lent.get(from..).unwrap_or_default();
            let written = system::transfer(vm, || fd::write(fd, bytes));
            self.output.write(|output| *output = lent);
            return written;
        }
        let bytes = self
            .output
            .read(|output| output.get(from..).unwrap_or_default().to_vec());
        self.raw_write(vm, &bytes)
    }

    /// Passes everything on that waits.
    pub(super) fn pass_on(&self, vm: &Vm) -> PyResult<()> {
        let mut written = 0;
        let result = loop {
            if written >= self.waiting() {
                break Ok(());
            }
            match self.raw_write_waiting(vm, written) {
                Ok(Some(count)) => written += count,
                Ok(None) => break Err(would_block(vm, 0)),
                Err(raised) => break Err(raised),
            }
            if let Err(raised) = vm.check_signals() {
                break Err(raised);
            }
        };
        if written != 0 {
            self.output.write(|output| {
                if written >= output.len() {
                    output.clear();
                } else {
                    output.drain(..written);
                }
            });
        }
        result
    }

    fn append(&self, vm: &Vm, bytes: &[u8]) -> PyResult<()> {
        let done = self.output.write(|output| {
            let room = output.try_reserve(bytes.len()).is_ok();
            if room {
                output.extend_from_slice(bytes);
            }
            room
        });
        if done { Ok(()) } else { Err(vm.no_memory()) }
    }

    /// Writes bytes, which no Python code can change meanwhile.
    ///
    /// # Errors
    /// ValueError for a closed file; OSError; BlockingIOError.
    pub fn write_bytes(&self, vm: &Vm, bytes: &[u8]) -> PyResult<()> {
        self.raw(vm)?;
        let _operation = self.enter(vm)?;
        if self.is_closed(vm)? {
            return Err(vm.value_error("write to closed file"));
        }
        self.unread(vm)?;
        let size = self.size.get();
        if self.waiting() + bytes.len() <= size {
            return self.append(vm, bytes);
        }
        if let Err(raised) = self.pass_on(vm) {
            if !vm.raised_is(&raised, &vm.exceptions.BlockingIOError) {
                return Err(raised);
            }
            drop(vm.take_raised(raised));
            // What still fits is taken.
            let room = size.saturating_sub(self.waiting());
            let fitting = bytes.get(..room).unwrap_or(bytes);
            self.append(vm, fitting)?;
            if fitting.len() < bytes.len() {
                return Err(would_block(vm, fitting.len()));
            }
            return Ok(());
        }
        let mut rest = bytes;
        while rest.len() > size {
            match self.raw_write(vm, rest)? {
                Some(count) => rest = rest.get(count..).unwrap_or_default(),
                None => {
                    let fitting = rest.get(..size).unwrap_or(rest);
                    self.append(vm, fitting)?;
                    let left = rest.len() - fitting.len();
                    return Err(would_block(vm, bytes.len() - left));
                }
            }
            vm.check_signals()?;
        }
        self.append(vm, rest)
    }

    /// Passes everything on.
    ///
    /// # Errors
    /// ValueError for a closed file; OSError; BlockingIOError.
    pub fn flush(&self, vm: &Vm) -> PyResult<()> {
        self.raw(vm)?;
        if self.is_closed(vm)? {
            return Err(vm.value_error("flush of closed file"));
        }
        let _operation = self.enter(vm)?;
        self.flush_and_rewind(vm)
    }
}

fn write(vm: &Vm, this: &Object, bytes: &Object) -> PyResult {
    let file = open(vm, this)?;
    if let Some(bytes) = bytes.downcast::<Bytes>() {
        file.write_bytes(vm, bytes.as_slice())?;
        return vm.new_usize(bytes.as_slice().len());
    }
    let bytes = require_bytes(vm, bytes, <[u8]>::to_vec)?;
    file.write_bytes(vm, &bytes)?;
    vm.new_usize(bytes.len())
}

fn flush(vm: &Vm, this: &Object) -> PyResult {
    open(vm, this)?.flush(vm)?;
    Ok(vm.none_ref())
}
