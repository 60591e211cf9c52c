//! The bytes under a file object: a descriptor with a buffer for each direction. Knows no Python.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// Bytes that are collected before they are written, or read at once.
const BUFFER: usize = 8192;

/// What the bytes come from or go to.
pub enum Device {
    /// Standard input.
    Stdin,
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// A file.
    File(File),
    /// Nothing any more.
    Closed,
}

/// A device with its buffers.
pub struct Stream {
    device: Device,
    out: Vec<u8>,
    input: Vec<u8>,
    at: usize,
}

impl Stream {
    /// A stream with empty buffers.
    pub fn new(device: Device) -> Stream {
        Stream {
            device,
            out: Vec::new(),
            input: Vec::new(),
            at: 0,
        }
    }

    /// Whether it has been closed.
    pub fn is_closed(&self) -> bool {
        matches!(self.device, Device::Closed)
    }

    /// The number of the descriptor.
    pub fn descriptor(&self) -> Option<i32> {
        match &self.device {
            Device::Stdin => Some(0),
            Device::Stdout => Some(1),
            Device::Stderr => Some(2),
            Device::File(file) => Some(std::os::fd::AsRawFd::as_raw_fd(file)),
            Device::Closed => None,
        }
    }

    /// Whether a person sits at the other end.
    pub fn is_terminal(&self) -> bool {
        use std::io::IsTerminal;
        match &self.device {
            Device::Stdin => io::stdin().is_terminal(),
            Device::Stdout => io::stdout().is_terminal(),
            Device::Stderr => io::stderr().is_terminal(),
            Device::File(file) => file.is_terminal(),
            Device::Closed => false,
        }
    }

    /// Writes into the buffer; passes a full one on.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.forget_input()?;
        self.out.extend_from_slice(bytes);
        if self.out.len() >= BUFFER {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Passes on what has been written.
    pub fn flush(&mut self) -> io::Result<()> {
        if self.out.is_empty() {
            return Ok(());
        }
        // What cannot be written now is given up: a second attempt at the end would report it twice.
        let out = std::mem::take(&mut self.out);
        match &mut self.device {
            Device::Stdout => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(&out)?;
                stdout.flush()
            }
            Device::Stderr => io::stderr().lock().write_all(&out),
            Device::File(file) => file.write_all(&out),
            Device::Stdin | Device::Closed => Ok(()),
        }
    }

    fn fill(&mut self) -> io::Result<bool> {
        if self.at == self.input.len() {
            self.input.clear();
            self.at = 0;
        }
        let mut chunk = [0; BUFFER];
        let got = loop {
            let result = match &mut self.device {
                Device::Stdin => io::stdin().lock().read(&mut chunk),
                Device::File(file) => file.read(&mut chunk),
                _ => Ok(0),
            };
            match result {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.input.extend_from_slice(&chunk[..got]);
        Ok(got != 0)
    }

    /// Reads so many bytes, or all that are left.
    pub fn read(&mut self, count: Option<usize>) -> io::Result<Vec<u8>> {
        self.flush()?;
        while count.is_none_or(|n| self.input.len() - self.at < n) && self.fill()? {}
        let have = self.input.len() - self.at;
        let end = self.at + count.map_or(have, |n| n.min(have));
        let bytes = self.input[self.at..end].to_vec();
        self.at = end;
        Ok(bytes)
    }

    /// Reads a line with its end; `universal` takes `\r` and `\r\n` for line ends too.
    pub fn read_line(&mut self, universal: bool) -> io::Result<Vec<u8>> {
        self.flush()?;
        let mut seen = 0;
        loop {
            let pending = &self.input[self.at..];
            let found = pending[seen..]
                .iter()
                .position(|b| *b == b'\n' || universal && *b == b'\r')
                .map(|i| i + seen);
            match found {
                Some(i) if pending[i] == b'\r' && i + 1 == pending.len() => {
                    // Whether a newline follows shows only in what comes next.
                    seen = i;
                    if !self.fill()? {
                        return Ok(self.take(i + 1));
                    }
                }
                Some(i) => {
                    let pair = pending[i] == b'\r' && pending.get(i + 1) == Some(&b'\n');
                    return Ok(self.take(if pair { i + 2 } else { i + 1 }));
                }
                None => {
                    seen = pending.len();
                    if !self.fill()? {
                        return Ok(self.take(seen));
                    }
                }
            }
        }
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        let bytes = self.input[self.at..self.at + count].to_vec();
        self.at += count;
        bytes
    }

    fn forget_input(&mut self) -> io::Result<()> {
        let ahead = self.input.len() - self.at;
        self.input.clear();
        self.at = 0;
        if ahead != 0
            && let Device::File(file) = &mut self.device
        {
            file.seek(SeekFrom::Current(-(ahead as i64)))?;
        }
        Ok(())
    }

    /// Moves to a position; gives it.
    pub fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.flush()?;
        self.forget_input()?;
        match &mut self.device {
            Device::File(file) => file.seek(to),
            _ => Err(io::Error::from_raw_os_error(29)),
        }
    }

    /// The position.
    pub fn tell(&mut self) -> io::Result<u64> {
        self.flush()?;
        let ahead = (self.input.len() - self.at) as u64;
        match &mut self.device {
            Device::File(file) => Ok(file.stream_position()?.saturating_sub(ahead)),
            _ => Err(io::Error::from_raw_os_error(29)),
        }
    }

    /// Cuts the file off.
    pub fn truncate(&mut self, size: u64) -> io::Result<()> {
        self.flush()?;
        match &mut self.device {
            Device::File(file) => file.set_len(size),
            _ => Err(io::Error::from_raw_os_error(29)),
        }
    }

    /// Passes on what has been written and closes.
    pub fn close(&mut self) -> io::Result<()> {
        let flushed = self.flush();
        self.device = Device::Closed;
        flushed
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // Nobody is left to be told of a failure.
        let _ = self.flush();
    }
}
