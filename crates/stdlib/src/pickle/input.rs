//! Where the bytes of a pickle come from: the memory or a file.

use viv_runtime::object::Bytes;
use viv_runtime::protocol;
use viv_runtime::types::buffer::copy_bytes;
use viv_runtime::{Object, PyResult, Raised, Ref, Vm};

use super::cannot_unpickle;

/// Bytes that are asked of a file beyond those that are needed, where it lets one look ahead.
const PREFETCH: usize = 128 * 1024;
/// More than this is read piece by piece: the length that a pickle announces may be wrong.
const PIECE: usize = 1 << 20;

/// A source of bytes.
pub trait Source {
    /// The next byte; nothing at the end.
    fn opcode(&mut self, vm: &Vm) -> PyResult<Option<u8>>;

    /// The next bytes, as many as are wanted.
    ///
    /// # Errors
    /// UnpicklingError where there are fewer.
    fn take(&mut self, vm: &Vm, count: usize) -> PyResult<&[u8]>;

    /// The next line with its end.
    ///
    /// # Errors
    /// UnpicklingError where it has no end.
    fn line(&mut self, vm: &Vm) -> PyResult<&[u8]>;

    /// Has this many bytes at hand, which stand in a frame.
    fn frame(&mut self, vm: &Vm, count: usize) -> PyResult<()>;
}

#[cold]
fn truncated(vm: &Vm) -> Raised {
    cannot_unpickle(vm, "pickle data was truncated")
}

/// The line at the start of some bytes, with its end.
fn first_line(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    bytes.get(..=end)
}

#[cold]
fn exhausted(vm: &Vm) -> Raised {
    cannot_unpickle(vm, "pickle exhausted before end of frame")
}

#[cold]
fn frame_in_frame(vm: &Vm) -> Raised {
    cannot_unpickle(vm, "beginning of a new frame before end of current frame")
}

/// Bytes in the memory.
pub struct Memory<'a> {
    /// What is left of the frame, or of all where there is no frame.
    rest: &'a [u8],
    /// What stands behind the frame.
    behind: Option<&'a [u8]>,
}

impl<'a> Memory<'a> {
    /// All of these bytes.
    pub fn new(bytes: &'a [u8]) -> Memory<'a> {
        Memory {
            rest: bytes,
            behind: None,
        }
    }

    /// Goes on behind a frame that has been used up.
    #[cold]
    fn leave_frame(&mut self, vm: &Vm) -> PyResult<()> {
        match (self.rest, self.behind.take()) {
            ([], Some(behind)) => self.rest = behind,
            (_, Some(_)) => return Err(exhausted(vm)),
            (_, None) => return Err(truncated(vm)),
        }
        Ok(())
    }
}

impl Source for Memory<'_> {
    #[inline]
    fn opcode(&mut self, _: &Vm) -> PyResult<Option<u8>> {
        if self.rest.is_empty()
            && let Some(behind) = self.behind.take()
        {
            self.rest = behind;
        }
        let Some((first, rest)) = self.rest.split_first() else {
            return Ok(None);
        };
        self.rest = rest;
        Ok(Some(*first))
    }

    #[inline]
    fn take(&mut self, vm: &Vm, count: usize) -> PyResult<&[u8]> {
        loop {
            if let Some((taken, rest)) = self.rest.split_at_checked(count) {
                self.rest = rest;
                return Ok(taken);
            }
            self.leave_frame(vm)?;
        }
    }

    fn line(&mut self, vm: &Vm) -> PyResult<&[u8]> {
        loop {
            if let Some(line) = first_line(self.rest) {
                self.rest = self.rest.get(line.len()..).unwrap_or_default();
                return Ok(line);
            }
            self.leave_frame(vm)?;
        }
    }

    fn frame(&mut self, vm: &Vm, count: usize) -> PyResult<()> {
        if let Some(behind) = self.behind.take() {
            if !self.rest.is_empty() {
                return Err(frame_in_frame(vm));
            }
            self.rest = behind;
        }
        let Some((frame, behind)) = self.rest.split_at_checked(count) else {
            return Err(truncated(vm));
        };
        self.rest = frame;
        self.behind = Some(behind);
        Ok(())
    }
}

impl<S: Source> Source for &mut S {
    fn opcode(&mut self, vm: &Vm) -> PyResult<Option<u8>> {
        (**self).opcode(vm)
    }

    fn take(&mut self, vm: &Vm, count: usize) -> PyResult<&[u8]> {
        (**self).take(vm, count)
    }

    fn line(&mut self, vm: &Vm) -> PyResult<&[u8]> {
        (**self).line(vm)
    }

    fn frame(&mut self, vm: &Vm, count: usize) -> PyResult<()> {
        (**self).frame(vm, count)
    }
}

/// The methods of a file.
pub struct Methods {
    /// `read`
    pub read: Ref,
    /// `readline`
    pub readline: Ref,
    /// `peek`, if it has one.
    pub peek: Option<Ref>,
}

/// What has been read from a file and not used yet.
#[derive(Default)]
pub struct Buffered {
    bytes: Option<Ref<Bytes>>,
    /// The first byte that was not used.
    at: usize,
    /// Where the file stands, if the bytes were only looked at.
    peeked: Option<usize>,
    /// Where the frame ends that is being read.
    frame_end: Option<usize>,
}

impl Buffered {
    /// The object that holds the bytes.
    pub fn object(&self) -> Option<&Ref<Bytes>> {
        self.bytes.as_ref()
    }

    fn rest(&self) -> &[u8] {
        let bytes = self.bytes.as_ref().map(|bytes| bytes.as_slice());
        let end = self.frame_end.unwrap_or(usize::MAX);
        let rest = bytes.and_then(|b| b.get(self.at..b.len().min(end)));
        rest.unwrap_or_default()
    }
}

/// Bytes of a file.
pub struct File {
    methods: Methods,
    /// What has been read.
    pub buffer: Buffered,
}

impl File {
    /// A file of which something may have been read already.
    pub fn new(methods: Methods, buffer: Buffered) -> File {
        File { methods, buffer }
    }

    /// Takes up what a method has given.
    fn refill(&mut self, vm: &Vm, data: Ref, peeked: bool) -> PyResult<usize> {
        let bytes = match data.cast::<Bytes>() {
            Ok(bytes) => bytes,
            Err(other) => match copy_bytes(vm, &other)? {
                Some(bytes) => vm.new_bytes(&bytes)?,
                None => {
                    return Err(viv_runtime::types::buffer::not_bytes_like(vm, &other));
                }
            },
        };
        let len = bytes.as_slice().len();
        self.buffer = Buffered {
            bytes: Some(bytes),
            at: 0,
            peeked: peeked.then_some(0),
            frame_end: None,
        };
        Ok(len)
    }

    /// Lets the file stand behind the bytes that have been used.
    pub fn skip_used(&mut self, vm: &Vm) -> PyResult<()> {
        let Some(from) = self.buffer.peeked else {
            return Ok(());
        };
        let used = self.buffer.at - from;
        if used > 0 {
            let count = vm.new_usize(used)?;
            protocol::call_one(vm, &self.methods.read, &count)?;
        }
        self.buffer.peeked = Some(self.buffer.at);
        Ok(())
    }

    fn read(&self, vm: &Vm, count: usize) -> PyResult {
        let count = vm.new_usize(count)?;
        protocol::call_one(vm, &self.methods.read, &count)
    }

    /// Goes on behind a frame that has been used up.
    fn leave_frame(&mut self, vm: &Vm) -> PyResult<()> {
        if self.buffer.frame_end.is_some() && !self.buffer.rest().is_empty() {
            return Err(exhausted(vm));
        }
        self.buffer.frame_end = None;
        Ok(())
    }

    /// Has this many bytes in the buffer, if the file has them; gives how many there are.
    #[cold]
    fn fill(&mut self, vm: &Vm, count: usize) -> PyResult<usize> {
        self.leave_frame(vm)?;
        let there = self.buffer.rest().len();
        if there >= count {
            return Ok(there);
        }
        self.skip_used(vm)?;
        if let Some(peek) = self.methods.peek.clone()
            && count < PREFETCH
        {
            let wanted = vm.new_usize(PREFETCH)?;
            match protocol::call_one(vm, &peek, &wanted) {
                Ok(data) => {
                    let len = self.refill(vm, data, true)?;
                    if count <= len {
                        return Ok(len);
                    }
                }
                Err(raised) => {
                    vm.swallow::<()>(raised, &vm.exceptions.NotImplementedError)?;
                    self.methods.peek = None;
                }
            }
        }
        // Bytes that were read by a frame and not used stand before those that come.
        let before = match self.buffer.peeked {
            None => self.buffer.rest().to_vec(),
            Some(_) => Vec::new(),
        };
        if before.is_empty() && count <= PIECE {
            let data = self.read(vm, count)?;
            return self.refill(vm, data, false);
        }
        let mut all = before;
        while all.len() < count {
            let data = self.read(vm, (count - all.len()).min(PIECE))?;
            match copy_bytes(vm, &data)? {
                Some(bytes) if !bytes.is_empty() => all.extend_from_slice(&bytes),
                Some(_) => break,
                None => return Err(viv_runtime::types::buffer::not_bytes_like(vm, &data)),
            }
        }
        let bytes = vm.new_bytes(&all)?.upcast();
        self.refill(vm, bytes, false)
    }
}

impl Source for File {
    #[inline]
    fn opcode(&mut self, vm: &Vm) -> PyResult<Option<u8>> {
        if self.buffer.rest().is_empty() && self.fill(vm, 1)? == 0 {
            return Ok(None);
        }
        let first = self.buffer.rest().first().copied();
        self.buffer.at += 1;
        Ok(first)
    }

    #[inline]
    fn take(&mut self, vm: &Vm, count: usize) -> PyResult<&[u8]> {
        if self.buffer.rest().len() < count && self.fill(vm, count)? < count {
            return Err(truncated(vm));
        }
        let at = self.buffer.at;
        self.buffer.at += count;
        let bytes = self.buffer.bytes.as_ref();
        let taken = bytes.and_then(|bytes| bytes.as_slice().get(at..at + count));
        Ok(taken.unwrap_or_default())
    }

    fn line(&mut self, vm: &Vm) -> PyResult<&[u8]> {
        if first_line(self.buffer.rest()).is_none() {
            self.leave_frame(vm)?;
        }
        if first_line(self.buffer.rest()).is_none() {
            self.skip_used(vm)?;
            let before = match self.buffer.peeked {
                None => self.buffer.rest().to_vec(),
                Some(_) => Vec::new(),
            };
            let data = protocol::call_no_args(vm, &self.methods.readline)?;
            self.refill(vm, data, false)?;
            if !before.is_empty() {
                let all = [&before, self.buffer.rest()].concat();
                let all = vm.new_bytes(&all)?.upcast();
                self.refill(vm, all, false)?;
            }
        }
        let at = self.buffer.at;
        let line = first_line(self.buffer.rest()).map(<[u8]>::len);
        self.buffer.at += line.ok_or_else(|| truncated(vm))?;
        let bytes = self.buffer.bytes.as_ref();
        let line = bytes.and_then(|bytes| bytes.as_slice().get(at..self.buffer.at));
        Ok(line.unwrap_or_default())
    }

    fn frame(&mut self, vm: &Vm, count: usize) -> PyResult<()> {
        if self.buffer.frame_end.is_some() && !self.buffer.rest().is_empty() {
            return Err(frame_in_frame(vm));
        }
        self.buffer.frame_end = None;
        if self.buffer.rest().len() < count && self.fill(vm, count)? < count {
            return Err(truncated(vm));
        }
        self.buffer.frame_end = Some(self.buffer.at + count);
        Ok(())
    }
}

/// The methods of a file.
///
/// # Errors
/// TypeError where it has not both `read` and `readline`.
pub fn methods_of(vm: &Vm, file: &Object) -> PyResult<Methods> {
    let peek = vm.intern("peek")?;
    let peek = protocol::get_attr_opt(vm, file, &peek)?;
    let read = protocol::get_attr_opt(vm, file, &vm.names.read)?;
    let readline = protocol::get_attr_opt(vm, file, &vm.names.readline)?;
    match (read, readline) {
        (Some(read), Some(readline)) => Ok(Methods {
            read,
            readline,
            peek,
        }),
        _ => Err(vm.type_error("file must have 'read' and 'readline' attributes")),
    }
}
