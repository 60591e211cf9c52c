//! Writing text.

use viv_heap::{HVec, HeapAlloc, Object};

use super::super::{buffered, one, unsupported};
use super::{TextIo, flush_buffer, open};
use crate::native::MethodDef;
use crate::object::{Str, StrData};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::vm::Vm;

pub(super) const METHODS: &[MethodDef] = &[one("write", "($self, text, /)", write, "")];

fn write(vm: &Vm, this: &Object, text: &Object) -> PyResult {
    let Some(text) = text.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "write() argument must be str, not {}",
            type_name(text)
        )));
    };
    write_text(vm, this, text)?;
    vm.new_usize(text.len())
}

/// Writes a string to a text file.
///
/// # Errors
/// ValueError for a closed file; UnsupportedOperation; UnicodeEncodeError; OSError; what the file below raises.
pub fn write_text(vm: &Vm, this: &Object, text: &Str) -> PyResult<()> {
    let file = open(vm, this)?;
    if !file.writes.get() {
        return Err(unsupported(vm, "not writable"));
    }
    let has = |wanted: u8| match text.data() {
        StrData::One(bytes) => memchr::memchr(wanted, bytes).is_some(),
        _ => text.chars().any(|c| c == u32::from(wanted)),
    };
    let translate = file.write_end.get() != "\n" && has(b'\n');
    let flush = file.line_buffering.get() && (has(b'\n') || has(b'\r'));
    let translated;
    let text = if translate {
        let end = file.write_end.get();
        let mut points = Vec::with_capacity(text.len() + 8);
        for c in text.chars() {
            if c == 0x0a {
                points.extend(end.bytes().map(u32::from));
            } else {
                points.push(c);
            }
        }
        translated = vm.new_str_points(&points)?;
        &*translated
    } else {
        text
    };
    match text.as_ascii() {
        Some(ascii) if file.codec.get().is_some() => file.append(vm, ascii.as_bytes())?,
        _ => {
            let bytes = file.encode(vm, text)?;
            file.append(vm, bytes.as_slice())?;
        }
    }
    let full = file.pending.read(|pending| pending.len()) >= file.chunk_size.get();
    if full || flush || file.write_through.get() {
        file.pass_on(vm)?;
    }
    if flush {
        let buffer = file.buffer(vm)?;
        flush_buffer(vm, &buffer)?;
    }
    if file.reads.get() {
        if !file.snapshot.is_none() {
            file.forget();
        }
        file.reset_decoder(vm)?;
    }
    Ok(())
}

impl TextIo {
    /// Adds bytes to those that wait; passes those on where there would be too many.
    fn append(&self, vm: &Vm, bytes: &[u8]) -> PyResult<()> {
        let waiting = || self.pending.read(|pending| pending.len());
        // The file below may itself write here.
        while waiting() != 0 && waiting() + bytes.len() > self.chunk_size.get() {
            self.pass_on(vm)?;
        }
        let done = self.pending.write(|pending| {
            let room = pending.try_reserve(bytes.len()).is_ok();
            if room {
                pending.extend_from_slice(bytes);
            }
            room
        });
        if done { Ok(()) } else { Err(vm.no_memory()) }
    }

    /// Gives the bytes that wait to the file below.
    pub(super) fn pass_on(&self, vm: &Vm) -> PyResult<()> {
        if self.pending.read(|pending| pending.is_empty()) {
            return Ok(());
        }
        let buffer = self.buffer(vm)?;
        // What cannot be written is given up: another attempt would tell the failure twice.
        let mut bytes = self
            .pending
            .write(|pending| std::mem::replace(pending, HVec::new_in(HeapAlloc)));
        let result = match buffered::plain(&buffer).filter(|buffer| buffer.is_writer()) {
            Some(buffer) => buffer.write_bytes(vm, &bytes),
            None => {
                let object = vm.new_bytes(&bytes)?;
                protocol::call_method(vm, &buffer, &vm.names.write, &[&object.head]).map(drop)
            }
        };
        bytes.clear();
        self.pending.write(|pending| {
            if pending.is_empty() && bytes.capacity() <= 4 * super::CHUNK_SIZE {
                *pending = bytes;
            }
        });
        result
    }
}
