//! The encoding of one instruction word.

use crate::op::{Form, Op};

/// One 32-bit instruction word: opcode in bits 0–7, `a` in 8–15, `b` in 16–23, `c` in 24–31.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Instr(pub u32);

impl Instr {
    /// The largest value of the wide operand.
    pub const MAX_WIDE: u32 = 0x00ff_ffff;

    /// An instruction with three byte operands.
    #[inline]
    pub const fn abc(op: Op, a: u8, b: u8, c: u8) -> Instr {
        Instr(op as u32 | (a as u32) << 8 | (b as u32) << 16 | (c as u32) << 24)
    }

    /// An instruction with one 24-bit operand; higher bits of `w` are cut off.
    #[inline]
    pub const fn wide(op: Op, w: u32) -> Instr {
        Instr(op as u32 | w << 8)
    }

    /// An instruction with a byte operand `a` and a 16-bit operand in the place of `b` and `c`.
    #[inline]
    pub const fn a_bx(op: Op, a: u8, bx: u16) -> Instr {
        Instr(op as u32 | (a as u32) << 8 | (bx as u32) << 16)
    }

    /// The opcode byte.
    #[inline]
    pub const fn opcode(self) -> u8 {
        self.0 as u8
    }

    /// The opcode, if the byte names one.
    pub fn op(self) -> Option<Op> {
        Op::from_u8(self.opcode())
    }

    /// The first byte operand.
    #[inline]
    pub const fn a(self) -> usize {
        (self.0 >> 8 & 0xff) as usize
    }

    /// The second byte operand.
    #[inline]
    pub const fn b(self) -> usize {
        (self.0 >> 16 & 0xff) as usize
    }

    /// The third byte operand.
    #[inline]
    pub const fn c(self) -> usize {
        (self.0 >> 24) as usize
    }

    /// The 16-bit operand that stands in the place of `b` and `c`.
    #[inline]
    pub const fn bx(self) -> usize {
        (self.0 >> 16) as usize
    }

    /// The 24-bit operand that stands in the place of `a`, `b` and `c`.
    #[inline]
    pub const fn w(self) -> usize {
        (self.0 >> 8) as usize
    }

    /// The same operands under another opcode: what specialisation writes back into the stream.
    #[inline]
    pub const fn with_op(self, op: Op) -> Instr {
        Instr(self.0 & !0xff | op as u32)
    }
}

/// The words of a code object as they were compiled, where the runtime has specialised opcodes and filled caches.
pub fn pristine(words: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut words = words;
    let mut out = Vec::with_capacity(words.size_hint().0);
    while let Some(word) = words.next() {
        let Some(op) = Instr(word).op() else {
            out.push(word);
            continue;
        };
        out.push(Instr(word).with_op(op.generic()).0);
        let has_target = matches!(op.form(), Form::CompareJump | Form::LocalJump);
        let extra = words.by_ref().take(op.extra_words());
        out.extend(extra.map(|word| if has_target { word } else { 0 }));
    }
    out
}
