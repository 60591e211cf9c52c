//! Reading text.

use viv_heap::{Object, Ref};

use super::super::newline::LineEnd;
use super::super::{buffered, size_argument, unsupported, up_to_one};
use super::codec::read_result;
use super::{TextIo, open};
use crate::native::MethodDef;
use crate::object::{Bytes, Str};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::types::str::ops;
use crate::vm::Vm;

pub(super) const METHODS: &[MethodDef] = &[
    up_to_one("read", "($self, size=-1, /)", read, ""),
    up_to_one("readline", "($self, size=-1, /)", read_line, ""),
];

impl TextIo {
    /// Reads and decodes the next chunk, for which nothing must be left; false at the end.
    fn read_chunk(&self, vm: &Vm, wanted: usize) -> PyResult<bool> {
        if !self.reads.get() {
            return Err(unsupported(vm, "not readable"));
        }
        let before = if self.telling.get() {
            Some(self.decoder_state(vm)?)
        } else {
            None
        };
        let scaled = (self.ratio.get().max(1.0) * wanted as f64) as usize;
        let size = scaled.max(self.chunk_size.get());
        let buffer = self.buffer(vm)?;
        let bytes: Ref<Bytes> = match buffered::plain(&buffer).filter(|b| b.is_reader()) {
            Some(buffer) => buffer.read_some(vm, size, |bytes| vm.new_bytes(bytes))??,
            None => {
                let (name, text) = if self.has_read1.get() {
                    (&vm.names.read1, "read1")
                } else {
                    (&vm.names.read, "read")
                };
                let size = vm.new_usize(size)?;
                read_result(
                    vm,
                    text,
                    protocol::call_method(vm, &buffer, name, &[&size])?,
                )?
            }
        };
        let ended = bytes.as_slice().is_empty();
        let text = self.decode(vm, &bytes, ended)?;
        let count = text.len();
        self.ratio.set(if count == 0 {
            0.0
        } else {
            bytes.as_slice().len() as f64 / count as f64
        });
        self.decoded.set(Some(text));
        self.used.set(0);
        if let Some(before) = before {
            let input = if before.bytes.is_empty() {
                bytes
            } else {
                let mut all = before.bytes;
                all.extend_from_slice(bytes.as_slice());
                vm.new_bytes(&all)?
            };
            self.snapshot.set(Some(input));
            self.snapshot_flags.set(before.flags);
        }
        Ok(!ended || count != 0)
    }

    /// Takes up to so many of the characters that have been decoded.
    fn take(&self, vm: &Vm, most: usize) -> PyResult<Ref<Str>> {
        let Some(decoded) = self.decoded.get() else {
            return Ok(vm.empty_str.clone());
        };
        let used = self.used.get();
        let end = used.saturating_add(most).min(decoded.len());
        self.used.set(end);
        ops::slice(vm, &decoded, used, end)
    }

    /// Reads to the end.
    fn read_all(&self, vm: &Vm) -> PyResult<Ref<Str>> {
        let buffer = self.buffer(vm)?;
        let bytes = protocol::call_method(vm, &buffer, &vm.names.read, &[])?;
        let bytes = read_result(vm, "read", bytes)?;
        let rest = self.decode(vm, &bytes, true)?;
        let mut all = rest;
        if self.left() != 0 {
            let first = self.take(vm, usize::MAX)?;
            all = ops::concat_all(vm, &[&first, &all])?;
        }
        self.forget();
        Ok(all)
    }

    fn read(&self, vm: &Vm, count: usize) -> PyResult<Ref<Str>> {
        let first = self.take(vm, count)?;
        if first.len() == count {
            return Ok(first);
        }
        let mut left = count - first.len();
        let mut parts = vec![first];
        while left > 0 {
            if !self.read_chunk(vm, left)? {
                break;
            }
            let part = self.take(vm, left)?;
            left -= part.len();
            parts.push(part);
        }
        join(vm, &parts)
    }

    /// The next line with its end, or its first `limit` characters.
    fn line(&self, vm: &Vm, limit: usize) -> PyResult<Ref<Str>> {
        let ends = self.line_end.get();
        // Most lines stand whole in what has been decoded.
        if let Some(decoded) = self.decoded.get() {
            let used = self.used.get();
            if let Some(end) = ends.find(decoded.data(), used) {
                let end = end.min(used.saturating_add(limit));
                self.used.set(end);
                return ops::slice(vm, &decoded, used, end);
            }
        }
        let mut parts: Vec<Ref<Str>> = Vec::new();
        let (mut length, mut after_cr) = (0, false);
        loop {
            if self.left() == 0 && !self.read_chunk(vm, 0)? {
                self.forget();
                break;
            }
            let Some(decoded) = self.decoded.get().filter(|d| d.len() > self.used.get()) else {
                continue;
            };
            let used = self.used.get();
            let split_pair = after_cr && decoded.char_at(used) == Some(0x0a);
            let found = if split_pair {
                Some(used + 1)
            } else {
                ends.find(decoded.data(), used)
            };
            let end = found.unwrap_or(decoded.len());
            let end = end.min(used.saturating_add(limit - length));
            after_cr =
                ends == LineEnd::CrLf && end > used && decoded.char_at(end - 1) == Some(0x0d);
            parts.push(ops::slice(vm, &decoded, used, end)?);
            self.used.set(end);
            length += end - used;
            if found.is_some() || length >= limit {
                break;
            }
        }
        join(vm, &parts)
    }
}

fn join(vm: &Vm, parts: &[Ref<Str>]) -> PyResult<Ref<Str>> {
    match parts {
        [] => Ok(vm.empty_str.clone()),
        [only] => Ok(only.clone()),
        [first, rest] if first.is_empty() => Ok(rest.clone()),
        _ => {
            let parts: Vec<&Str> = parts.iter().map(|part| &**part).collect();
            ops::concat_all(vm, &parts)
        }
    }
}

fn readable<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a TextIo> {
    let file = open(vm, this)?;
    if !file.reads.get() {
        return Err(unsupported(vm, "not readable"));
    }
    file.pass_on(vm)?;
    Ok(file)
}

fn read(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let size = size_argument(vm, args.first().copied())?;
    let file = readable(vm, this)?;
    Ok(match usize::try_from(size) {
        Ok(size) => file.read(vm, size)?,
        Err(_) => file.read_all(vm)?,
    }
    .upcast())
}

fn read_line(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let size = match args.first() {
        Some(size) => super::super::to_size(vm, size)?,
        None => -1,
    };
    let file = open(vm, this)?;
    file.pass_on(vm)?;
    let limit = usize::try_from(size).unwrap_or(usize::MAX);
    Ok(file.line(vm, limit)?.upcast())
}

pub(super) fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let file = super::receive(vm, this)?;
    file.buffer(vm)?;
    file.telling.set(false);
    let line: Ref = if this.is_exact::<TextIo>() {
        let file = open(vm, this)?;
        file.pass_on(vm)?;
        file.line(vm, usize::MAX)?.upcast()
    } else {
        protocol::call_method(vm, this, &vm.names.readline, &[])?
    };
    let Some(text) = line.downcast::<Str>() else {
        return Err(vm.os_error(format!(
            "readline() should have returned a str object, not '{}'",
            type_name(&line)
        )));
    };
    if text.is_empty() {
        file.snapshot.set(None);
        file.telling.set(file.seekable.get());
        return Ok(None);
    }
    Ok(Some(line))
}
