//! Writing code objects.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::{FORMAT, HEADER, ImageError, MARK, OPCODES, cache_words, checksum, kind};
use crate::code::{Code, CodeFlags, Const};
use crate::instr::Instr;

/// The image of a code object; `compiler` is the number of the compiler that made it.
///
/// # Errors
/// [`ImageError::TooDeep`]; [`ImageError::Foreign`] where the words are no compiled code.
pub fn encode(code: &Code, compiler: u64) -> Result<Vec<u8>, ImageError> {
    Ok(seal(&body(code, "", super::DEPTH)?, compiler))
}

/// The image of a body.
pub fn seal(body: &[u8], compiler: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER + body.len());
    out.extend(MARK);
    out.extend(FORMAT.to_le_bytes());
    out.extend(OPCODES.to_le_bytes());
    out.extend(compiler.to_le_bytes());
    out.extend(checksum(body).to_le_bytes());
    out.extend(body);
    out
}

/// The body alone. The file's name is left out: whoever reads it knows where it came from.
///
/// # Errors
/// As [`encode`].
pub fn encode_body(code: &Code) -> Result<Vec<u8>, ImageError> {
    body(code, &code.filename, usize::MAX)
}

/// The body of code that stands in code of the file `around`.
fn body(code: &Code, around: &str, deepest: usize) -> Result<Vec<u8>, ImageError> {
    let mut writer = Writer {
        deepest,
        ..Writer::default()
    };
    writer.code(code, around, 0)?;
    let mut out = Vec::with_capacity(writer.out.len() * 2);
    number(&mut out, writer.strings.len() as u64);
    for string in &writer.strings {
        number(&mut out, string.len() as u64);
    }
    out.extend(writer.strings.iter().copied().flatten());
    number(&mut out, writer.constants.len() as u64);
    out.extend(writer.constants_out);
    out.extend(writer.out);
    Ok(out)
}

#[derive(Default)]
struct Writer<'a> {
    out: Vec<u8>,
    strings: Vec<&'a [u8]>,
    places: HashMap<&'a [u8], usize, Hasher>,
    constants_out: Vec<u8>,
    /// The places of constants by what is written for them, which tells them apart.
    constants: HashMap<Box<[u8]>, usize, Hasher>,
    deepest: usize,
}

type Hasher = BuildHasherDefault<Quick>;

/// A hash of eight bytes at a time, for tables that are made anew for each body.
#[derive(Default)]
struct Quick(u64);

impl std::hash::Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = (self.0.rotate_left(5) ^ checksum(bytes)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_usize(&mut self, n: usize) {
        self.0 = (self.0.rotate_left(5) ^ n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A number in LEB128.
fn number(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

impl<'a> Writer<'a> {
    fn number(&mut self, n: u32) {
        number(&mut self.out, u64::from(n));
    }

    fn length(&mut self, n: usize) {
        number(&mut self.out, n as u64);
    }

    fn place(&mut self, string: &'a [u8]) -> usize {
        let next = self.strings.len();
        let place = *self.places.entry(string).or_insert(next);
        if place == next {
            self.strings.push(string);
        }
        place
    }

    fn string(&mut self, string: &'a [u8]) {
        let place = self.place(string);
        self.length(place);
    }

    fn names(&mut self, names: &'a [compact_str::CompactString]) {
        self.length(names.len());
        names.iter().for_each(|n| self.string(n.as_bytes()));
    }

    fn code(&mut self, code: &'a Code, around: &str, depth: usize) -> Result<(), ImageError> {
        if depth > self.deepest {
            return Err(ImageError::TooDeep);
        }
        self.string(code.name.as_bytes());
        self.string(code.qualname.as_bytes());
        if *code.filename == *around {
            self.number(0);
        } else {
            let place = self.place(code.filename.as_bytes());
            self.length(place + 1);
        }
        for n in [
            code.firstlineno,
            code.argcount,
            code.posonlyargcount,
            code.kwonlyargcount,
            code.flags.0,
            code.stacksize,
            code.nlocalsplus,
        ] {
            self.number(n);
        }
        self.length(code.varnames.len());
        self.length(code.freevars.len());
        self.length(code.cell_locals.len());
        code.cell_locals
            .iter()
            .for_each(|local| self.number(*local));
        let docstring = match code.consts.first() {
            Some(doc @ Const::Str(_)) if code.flags.has(CodeFlags::HAS_DOCSTRING) => {
                self.constant(doc)? + 1
            }
            _ => 0,
        };
        self.length(docstring);
        self.length(code.exceptions.len());
        for entry in &code.exceptions {
            self.number(entry.start);
            self.number(entry.end.saturating_sub(entry.start));
            self.number(entry.target);
            self.number(entry.depth << 1 | u32::from(entry.lasti));
        }
        self.bytes(&code.locations);
        let before = std::mem::take(&mut self.out);
        self.body_of(code, depth)?;
        let body = std::mem::replace(&mut self.out, before);
        self.bytes(&body);
        Ok(())
    }

    /// What is read only when the code runs.
    fn body_of(&mut self, code: &'a Code, depth: usize) -> Result<(), ImageError> {
        self.names(&code.varnames);
        self.names(&code.cellvars);
        self.names(&code.freevars);
        self.names(&code.names);
        self.words(&code.instrs)?;
        self.length(code.consts.len());
        for constant in &code.consts {
            match constant {
                Const::Code(inner) => {
                    self.number(0);
                    self.code(inner, &code.filename, depth + 1)?;
                }
                constant => {
                    let place = self.constant(constant)?;
                    self.length(place + 1);
                }
            }
        }
        Ok(())
    }

    /// The instructions: how many words there are with and without caches, then those without.
    fn words(&mut self, instrs: &[u32]) -> Result<(), ImageError> {
        let mut kept = Vec::with_capacity(instrs.len());
        let mut at = 0;
        while let Some(&word) = instrs.get(at) {
            let op = Instr(word).op().ok_or(ImageError::Foreign)?;
            let (extra, cache) = (op.extra_words(), cache_words(op));
            let rest = instrs
                .get(at + 1..at + 1 + extra)
                .ok_or(ImageError::Foreign)?;
            kept.push(word);
            if cache == 0 {
                kept.extend(rest);
            } else if rest.iter().any(|w| *w != 0) {
                return Err(ImageError::Foreign);
            }
            at += 1 + extra;
        }
        self.length(instrs.len());
        self.length(kept.len());
        self.out.extend(kept.iter().flat_map(|w| w.to_le_bytes()));
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.out.extend(bytes);
    }

    /// The place of a constant, which is written where it is new.
    fn constant(&mut self, constant: &'a Const) -> Result<usize, ImageError> {
        let mut out = Vec::new();
        match constant {
            Const::None => out.push(kind::NONE),
            Const::True => out.push(kind::TRUE),
            Const::False => out.push(kind::FALSE),
            Const::Ellipsis => out.push(kind::ELLIPSIS),
            Const::Int(n) => {
                out.push(kind::INT);
                number(&mut out, ((n << 1) ^ (n >> 63)) as u64);
            }
            Const::BigInt(digits) => {
                out.push(kind::BIG_INT);
                number(&mut out, self.place(digits.as_bytes()) as u64);
            }
            Const::Float(x) => {
                out.push(kind::FLOAT);
                out.extend(x.to_bits().to_le_bytes());
            }
            Const::Complex(re, im) => {
                out.push(kind::COMPLEX);
                out.extend(re.to_bits().to_le_bytes());
                out.extend(im.to_bits().to_le_bytes());
            }
            Const::Str(text) => {
                out.push(kind::STR);
                number(&mut out, self.place(text) as u64);
            }
            Const::Bytes(bytes) => {
                out.push(kind::BYTES);
                number(&mut out, bytes.len() as u64);
                out.extend(bytes);
            }
            Const::Tuple(items) => self.parts(&mut out, kind::TUPLE, items)?,
            Const::FrozenSet(items) => self.parts(&mut out, kind::FROZEN_SET, items)?,
            Const::Slice(parts) => self.parts(&mut out, kind::SLICE, &parts[..])?,
            Const::Code(_) => return Err(ImageError::Foreign),
        }
        let next = self.constants.len();
        if let Some(place) = self.constants.get(&out[..]) {
            return Ok(*place);
        }
        self.constants_out.extend(&out);
        self.constants.insert(out.into(), next);
        Ok(next)
    }

    fn parts(&mut self, out: &mut Vec<u8>, kind: u8, items: &'a [Const]) -> Result<(), ImageError> {
        out.push(kind);
        number(out, items.len() as u64);
        for item in items {
            let place = self.constant(item)?;
            number(out, place as u64);
        }
        Ok(())
    }
}
