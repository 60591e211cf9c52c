//! The bytes of a pickle that is being written, with the frames of protocol 4.

use super::opcodes::{FRAME, FRAME_HEAD, FRAME_MINIMUM, FRAME_TARGET};

const NO_FRAME: usize = usize::MAX;

/// Bytes on their way.
pub struct Output {
    bytes: Vec<u8>,
    /// Whether what is written goes into frames.
    pub framing: bool,
    /// Where the frame begins that is being written.
    frame: usize,
}

impl Output {
    /// Nothing yet.
    pub fn new() -> Output {
        Output {
            bytes: Vec::with_capacity(512),
            framing: false,
            frame: NO_FRAME,
        }
    }

    /// Writes bytes.
    #[inline]
    pub fn push(&mut self, bytes: &[u8]) {
        self.open_frame();
        self.bytes.extend_from_slice(bytes);
    }

    /// Writes an opcode with its argument, which belong together.
    #[inline]
    pub fn push_with(&mut self, head: &[u8], rest: &[u8]) {
        self.open_frame();
        self.bytes.extend_from_slice(head);
        self.bytes.extend_from_slice(rest);
    }

    #[inline]
    fn open_frame(&mut self) {
        if self.framing && self.frame == NO_FRAME {
            self.frame = self.bytes.len();
            self.bytes.extend_from_slice(&[0xfe; FRAME_HEAD]);
        }
    }

    /// Whether the frame is long enough to be ended.
    #[inline]
    pub fn frame_is_full(&self) -> bool {
        self.framing
            && self.frame != NO_FRAME
            && self.bytes.len() - self.frame >= FRAME_TARGET + FRAME_HEAD
    }

    /// Ends the frame: a short one loses its head.
    pub fn close_frame(&mut self) {
        if !self.framing || self.frame == NO_FRAME {
            return;
        }
        let (start, body) = (self.frame, self.frame + FRAME_HEAD);
        let length = self.bytes.len() - body;
        if length >= FRAME_MINIMUM {
            if let Some(head) = self.bytes.get_mut(start..body) {
                head[0] = FRAME;
                head[1..].copy_from_slice(&(length as u64).to_le_bytes());
            }
        } else {
            self.bytes.drain(start..body);
        }
        self.frame = NO_FRAME;
    }

    /// Takes the bytes away, for the file.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// Gives room back that [`take`](Self::take) has taken.
    pub fn reuse(&mut self, mut room: Vec<u8>) {
        room.clear();
        self.bytes = room;
    }

    /// All bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes
    }
}
