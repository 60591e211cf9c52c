//! Code objects as bytes: the embedded library, `__pycache__` files and `marshal` keep them in this form.
//!
//! A *body* is a table of strings, a table of constants and one code object, in which nested ones stand among the constants:
//!
//! ```text
//! body      := strings constants code
//! strings   := count length* wtf-8
//! constants := count (kind value)*
//! code      := name qualname filename firstlineno argcount posonlyargcount kwonlyargcount flags stacksize nlocalsplus
//!              nlocals nfreevars cells docstring exceptions positions length-of-rest rest
//! rest      := varnames cellvars freevars names words consts
//! ```
//!
//! Numbers are LEB128; names are places in the table of strings; the parts of a tuple are places in the table of constants,
//! before its own. Equal constants stand there once: all code of a body shares them, as all code of a module does on CPython.
//! `filename` is 0 for that of the code around it; in `consts` 0 is a nested code object, which follows, and other numbers
//! are places of constants plus 1. `words` are the instructions without their cache words, which are zero in compiled code;
//! positions stay packed as the compiler packs them, and are looked at only when a traceback wants them. The `rest` is what
//! only running code needs: a maker may leave it ([`Maker::leaves_rest`]) and have it read when the code is first called.
//!
//! An *image* is a body behind a header that tells format, opcode table and compiler, and a checksum: what another version
//! has written, and what is damaged, is refused before it is read.
//!
//! **Invariants.** Reading is total: any bytes give a code object or an error, in memory proportional to their number.
//! What [`verified_body`] gives has passed the verifier. [`read_body`] does not verify: it is for bytes that were verified before.

mod check;
mod read;
mod write;

pub use check::verified_body;
pub use read::{Constant, Head, Maker, Names, Parts, Unit, Words, read_body, read_head, read_rest};
pub use write::{encode, encode_body, seal};

use crate::op::{ALL, BinaryOp, CompareOp, Form, Intrinsic1, Intrinsic2, Op};

/// The first bytes of an image.
pub const MARK: [u8; 4] = *b"VIVC";
/// The number of the format; one more with each change of it.
pub const FORMAT: u32 = 2;
/// How deep code objects may stand in each other in an image.
pub const DEPTH: usize = 400;

/// Bytes of the header: mark, format, fingerprint of the opcodes, the compiler's number, checksum.
const HEADER: usize = 4 + 4 + 8 + 8 + 8;

/// Why code cannot be written or read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ImageError {
    /// The bytes end too early.
    Short,
    /// Another program, another version, or a form that was never compiled code.
    Foreign,
    /// The bytes are not what was written.
    Damaged(&'static str),
    /// Code objects are nested too deeply.
    TooDeep,
}

impl std::fmt::Display for ImageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ImageError::Short => f.write_str("the code ends too early"),
            ImageError::Foreign => f.write_str("code of another version"),
            ImageError::Damaged(what) => write!(f, "damaged code: {what}"),
            ImageError::TooDeep => f.write_str("code objects are nested too deeply"),
        }
    }
}

impl std::error::Error for ImageError {}

/// The number of one opcode table: what stands for what, and with which operands.
pub const OPCODES: u64 = fingerprint();

const fn fingerprint() -> u64 {
    let mut hash = Fnv::new();
    let mut i = 0;
    while i < ALL.len() {
        hash = hash
            .bytes(ALL[i].name().as_bytes())
            .byte(ALL[i].form() as u8)
            .byte(ALL[i].extra_words() as u8);
        i += 1;
    }
    hash.byte(BinaryOp::ALL.len() as u8)
        .byte(CompareOp::ALL.len() as u8)
        .byte(Intrinsic1::ALL.len() as u8)
        .byte(Intrinsic2::ALL.len() as u8)
        .0
}

/// The FNV-1a hash, which needs no more than to tell versions and damage.
#[derive(Clone, Copy)]
pub struct Fnv(pub u64);

impl Fnv {
    /// The hash of nothing.
    pub const fn new() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }

    /// With one byte more.
    pub const fn byte(self, byte: u8) -> Fnv {
        Fnv((self.0 ^ byte as u64).wrapping_mul(0x0100_0000_01b3))
    }

    /// With some bytes more.
    pub const fn bytes(mut self, bytes: &[u8]) -> Fnv {
        let mut i = 0;
        while i < bytes.len() {
            self = self.byte(bytes[i]);
            i += 1;
        }
        self
    }
}

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv::new()
    }
}

/// A checksum that takes eight bytes at a time.
fn checksum(bytes: &[u8]) -> u64 {
    let mut sum = bytes.len() as u64 ^ 0x9e37_79b9_7f4a_7c15;
    let mut mix = |word: u64| {
        sum = (sum ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd);
        sum ^= sum >> 32;
    };
    let (words, rest) = bytes.as_chunks::<8>();
    words.iter().for_each(|w| mix(u64::from_le_bytes(*w)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(u64::from_le_bytes(last));
    sum
}

/// How many words behind an instruction are its cache: zero in compiled code, and left out of an image.
const fn cache_words(op: Op) -> usize {
    match op.form() {
        Form::CompareJump | Form::LocalJump => 0,
        _ => op.extra_words(),
    }
}

/// The kinds of constants.
mod kind {
    pub const NONE: u8 = 0;
    pub const TRUE: u8 = 1;
    pub const FALSE: u8 = 2;
    pub const ELLIPSIS: u8 = 3;
    pub const INT: u8 = 4;
    pub const BIG_INT: u8 = 5;
    pub const FLOAT: u8 = 6;
    pub const COMPLEX: u8 = 7;
    pub const STR: u8 = 8;
    pub const BYTES: u8 = 9;
    pub const TUPLE: u8 = 10;
    pub const FROZEN_SET: u8 = 11;
    pub const SLICE: u8 = 12;
}
