//! Reading code objects: the form alone. What is made of names, constants and code is a [`Maker`]'s affair, so that the
//! runtime makes objects of its heap without anything in between.

use std::cell::RefCell;
use std::ops::Range;
use std::slice::Iter;

use super::{ImageError, cache_words, kind};
use crate::code::{CodeFlags, ExceptionEntry};
use crate::instr::Instr;
use crate::op::{ALL, Form};

/// What the reader asks for each thing it finds.
pub trait Maker<'a> {
    /// A name.
    type Name: Clone;
    /// A constant, or a code object.
    type Value: Clone;
    /// Why something cannot be made.
    type Error: From<ImageError>;

    /// A name; asked once for each in a body.
    ///
    /// # Errors
    /// Whatever the maker says.
    fn name(&mut self, text: &'a str) -> Result<Self::Name, Self::Error>;

    /// A constant; asked once for each in a body.
    ///
    /// # Errors
    /// Whatever the maker says.
    fn constant(&mut self, constant: Constant<'a, Self::Value>)
    -> Result<Self::Value, Self::Error>;

    /// A code object, after all that stand in it.
    ///
    /// # Errors
    /// Whatever the maker says.
    fn code(
        &mut self,
        head: Head<'a, Self::Name>,
        parts: Parts<'a, Self::Name, Self::Value>,
    ) -> Result<Self::Value, Self::Error>;

    /// Whether the rest of each code object is left where it is: then [`Maker::late_code`] is asked instead.
    fn leaves_rest(&self) -> bool {
        false
    }

    /// A code object whose rest [`read_rest`] will read.
    ///
    /// # Errors
    /// Whatever the maker says.
    fn late_code(
        &mut self,
        _head: Head<'a, Self::Name>,
        _rest: &'a [u8],
    ) -> Result<Self::Value, Self::Error> {
        Err(ImageError::Damaged("a rest that nobody reads").into())
    }
}

/// A constant as it stands in a body.
pub enum Constant<'a, V> {
    /// `None`
    None,
    /// `True`
    True,
    /// `False`
    False,
    /// `...`
    Ellipsis,
    /// An integer of 64 bits.
    Int(i64),
    /// A larger one, in digits; see [`Const::BigInt`](crate::Const::BigInt).
    BigInt(&'a str),
    /// A float.
    Float(f64),
    /// A complex number.
    Complex(f64, f64),
    /// A string.
    Str(&'a str),
    /// A string with lone surrogates, in WTF-8.
    Surrogates(&'a [u8]),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A tuple.
    Tuple(Vec<V>),
    /// A frozen set.
    FrozenSet(Vec<V>),
    /// A slice.
    Slice([V; 3]),
}

/// What is known of a code object before its rest has been read; see [`Code`](crate::Code).
#[allow(missing_docs, reason = "the fields are those of Code")]
pub struct Head<'a, N> {
    pub name: N,
    pub qualname: N,
    pub filename: N,
    pub firstlineno: u32,
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    pub flags: CodeFlags,
    pub stacksize: u32,
    pub nlocalsplus: u32,
    pub nlocals: u32,
    pub nfreevars: u32,
    pub cell_locals: Vec<u32>,
    /// The place of the docstring among the constants plus 1, or 0.
    pub docstring: u32,
    pub exceptions: Vec<ExceptionEntry>,
    pub locations: &'a [u8],
}

/// The rest of a code object; see [`Code`](crate::Code).
#[allow(missing_docs, reason = "the fields are those of Code")]
pub struct Parts<'a, N, V> {
    pub varnames: Vec<N>,
    pub cellvars: Vec<N>,
    pub freevars: Vec<N>,
    pub names: Vec<N>,
    pub instrs: Words<'a>,
    pub consts: Vec<V>,
}

/// The strings of a body, and the names that were made of them.
pub struct Names<'a, N> {
    /// One after the other.
    bytes: &'a [u8],
    /// The same, unless there are lone surrogates.
    text: Option<&'a str>,
    ends: Vec<u32>,
    made: RefCell<Vec<Option<N>>>,
}

impl<'a, N: Clone> Names<'a, N> {
    fn range(&self, place: u64) -> Result<Range<usize>, ImageError> {
        let place = usize::try_from(place).ok();
        let found = place.and_then(|place| {
            let end = *self.ends.get(place)? as usize;
            let before = place.checked_sub(1).and_then(|p| self.ends.get(p));
            Some(before.map_or(0, |start| *start as usize)..end)
        });
        found.ok_or(ImageError::Damaged("string"))
    }

    fn bytes(&self, place: u64) -> Result<&'a [u8], ImageError> {
        let bytes = self.bytes.get(self.range(place)?);
        bytes.ok_or(ImageError::Damaged("string"))
    }

    /// A string without lone surrogates.
    fn text(&self, place: u64) -> Option<&'a str> {
        let range = self.range(place).ok()?;
        match self.text {
            Some(text) => text.get(range),
            None => std::str::from_utf8(self.bytes.get(range)?).ok(),
        }
    }

    fn known(&self, place: u64) -> Option<N> {
        let made = self.made.borrow();
        made.get(usize::try_from(place).ok()?)?.clone()
    }

    fn remember(&self, place: u64, name: &N) {
        let place = usize::try_from(place).ok();
        let mut made = self.made.borrow_mut();
        if let Some(slot) = place.and_then(|place| made.get_mut(place)) {
            *slot = Some(name.clone());
        }
    }
}

/// What all code objects of a body share.
pub struct Unit<'a, N, V> {
    /// The strings.
    pub names: Names<'a, N>,
    /// The constants.
    pub constants: Vec<V>,
    /// The bytes of the outermost code object.
    pub code: &'a [u8],
}

/// Reads what the code objects of a body share.
///
/// # Errors
/// What is wrong with the bytes, or what the maker says.
pub fn read_head<'a, M: Maker<'a>>(
    bytes: &'a [u8],
    maker: &mut M,
) -> Result<Unit<'a, M::Name, M::Value>, M::Error> {
    let nothing = Names {
        bytes: &[],
        text: None,
        ends: Vec::new(),
        made: RefCell::default(),
    };
    let mut reader = Reader::new(bytes, &nothing, maker);
    let count = reader.count(1)?;
    let mut ends = Vec::with_capacity(count);
    let mut end = 0u32;
    for _ in 0..count {
        end = end.checked_add(reader.small()?).ok_or(ImageError::Short)?;
        ends.push(end);
    }
    let strings = reader.take(end as usize)?;
    let names = Names {
        bytes: strings,
        text: std::str::from_utf8(strings).ok(),
        ends,
        made: RefCell::new(vec![None; count]),
    };
    let mut reader = Reader::new(reader.rest, &names, maker);
    let count = reader.count(1)?;
    let mut constants = Vec::with_capacity(count);
    for _ in 0..count {
        let constant = reader.constant(&constants)?;
        constants.push(reader.maker.constant(constant)?);
    }
    let code = reader.rest;
    Ok(Unit {
        names,
        constants,
        code,
    })
}

/// Reads the code object of a body, whose shared part [`read_head`] has read. A filename that is given takes the place of the
/// one that stands there; `deepest` limits how deep code objects stand in each other.
///
/// # Errors
/// What is wrong with the bytes, or what the maker says.
pub fn read_body<'a, M: Maker<'a>>(
    names: &Names<'a, M::Name>,
    constants: &[M::Value],
    code: &'a [u8],
    filename: Option<M::Name>,
    deepest: usize,
    maker: &mut M,
) -> Result<M::Value, M::Error> {
    let around = match &filename {
        Some(name) => name.clone(),
        None => maker.name("")?,
    };
    let mut reader = Reader::new(code, names, maker);
    reader.constants = constants;
    reader.deepest = deepest;
    let code = reader.code(&around, filename.as_ref(), 0)?;
    if reader.rest.is_empty() {
        Ok(code)
    } else {
        Err(ImageError::Damaged("bytes behind the code").into())
    }
}

/// Reads a rest that was left, with what the body's code objects share and the name of the file.
///
/// # Errors
/// What is wrong with the bytes, or what the maker says.
pub fn read_rest<'a, M: Maker<'a>>(
    names: &Names<'a, M::Name>,
    constants: &[M::Value],
    rest: &'a [u8],
    filename: &M::Name,
    maker: &mut M,
) -> Result<Parts<'a, M::Name, M::Value>, M::Error> {
    let mut reader = Reader::new(rest, names, maker);
    reader.constants = constants;
    reader.deepest = super::DEPTH;
    reader.parts(filename, 0)
}

struct Reader<'a, 'm, M: Maker<'a>> {
    rest: &'a [u8],
    names: &'m Names<'a, M::Name>,
    constants: &'m [M::Value],
    deepest: usize,
    maker: &'m mut M,
}

impl<'a, 'm, M: Maker<'a>> Reader<'a, 'm, M> {
    fn new(rest: &'a [u8], names: &'m Names<'a, M::Name>, maker: &'m mut M) -> Reader<'a, 'm, M> {
        Reader {
            rest,
            names,
            constants: &[],
            deepest: 0,
            maker,
        }
    }

    #[inline]
    fn byte(&mut self) -> Result<u8, ImageError> {
        let (&byte, rest) = self.rest.split_first().ok_or(ImageError::Short)?;
        self.rest = rest;
        Ok(byte)
    }

    #[inline]
    fn number(&mut self) -> Result<u64, ImageError> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(u64::from(first));
        }
        self.long_number(first)
    }

    fn long_number(&mut self, first: u8) -> Result<u64, ImageError> {
        let mut n = u64::from(first & 0x7f);
        for shift in (7..64).step_by(7) {
            let byte = self.byte()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(ImageError::Damaged("number"))
    }

    #[inline]
    fn small(&mut self) -> Result<u32, ImageError> {
        u32::try_from(self.number()?).map_err(|_| ImageError::Damaged("number"))
    }

    /// A number of things that take at least `size` bytes each.
    fn count(&mut self, size: usize) -> Result<usize, ImageError> {
        let count = usize::try_from(self.number()?).map_err(|_| ImageError::Short)?;
        if count > self.rest.len() / size {
            return Err(ImageError::Short);
        }
        Ok(count)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], ImageError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(ImageError::Short)?;
        self.rest = rest;
        Ok(taken)
    }

    fn bytes(&mut self) -> Result<&'a [u8], ImageError> {
        let count = self.count(1)?;
        self.take(count)
    }

    fn float(&mut self) -> Result<f64, ImageError> {
        let (bits, rest) = self.rest.split_first_chunk().ok_or(ImageError::Short)?;
        self.rest = rest;
        Ok(f64::from_bits(u64::from_le_bytes(*bits)))
    }

    fn name_at(&mut self, place: u64) -> Result<M::Name, M::Error> {
        if let Some(name) = self.names.known(place) {
            return Ok(name);
        }
        let text = self.names.text(place).ok_or(ImageError::Damaged("name"))?;
        let name = self.maker.name(text)?;
        self.names.remember(place, &name);
        Ok(name)
    }

    #[inline]
    fn name(&mut self) -> Result<M::Name, M::Error> {
        let place = self.number()?;
        self.name_at(place)
    }

    fn names(&mut self) -> Result<Vec<M::Name>, M::Error> {
        let count = self.count(1)?;
        (0..count).map(|_| self.name()).collect()
    }

    fn code(
        &mut self,
        around: &M::Name,
        given: Option<&M::Name>,
        depth: usize,
    ) -> Result<M::Value, M::Error> {
        if depth > self.deepest {
            return Err(ImageError::TooDeep.into());
        }
        let name = self.name()?;
        let qualname = self.name()?;
        let filename = match (given, self.number()?) {
            (Some(given), _) => given.clone(),
            (None, 0) => around.clone(),
            (None, place) => self.name_at(place - 1)?,
        };
        let firstlineno = self.small()?;
        let argcount = self.small()?;
        let posonlyargcount = self.small()?;
        let kwonlyargcount = self.small()?;
        let flags = CodeFlags(self.small()?);
        let stacksize = self.small()?;
        let nlocalsplus = self.small()?;
        let nlocals = self.small()?;
        let nfreevars = self.small()?;
        let cells = self.count(1)?;
        let cell_locals = (0..cells).map(|_| self.small()).collect::<Result<_, _>>()?;
        let docstring = self.small()?;
        let exceptions = self.exceptions()?;
        let locations = self.bytes()?;
        let rest = self.bytes()?;
        let head = Head {
            name,
            qualname,
            filename,
            firstlineno,
            argcount,
            posonlyargcount,
            kwonlyargcount,
            flags,
            stacksize,
            nlocalsplus,
            nlocals,
            nfreevars,
            cell_locals,
            docstring,
            exceptions,
            locations,
        };
        if self.maker.leaves_rest() {
            return self.maker.late_code(head, rest);
        }
        let behind = std::mem::replace(&mut self.rest, rest);
        let parts = self.parts(&head.filename, depth)?;
        self.rest = behind;
        let counts = [
            parts.varnames.len(),
            parts.freevars.len(),
            parts.cellvars.len(),
        ];
        if counts != [nlocals as usize, nfreevars as usize, cells] {
            return Err(ImageError::Damaged("number of names").into());
        }
        self.maker.code(head, parts)
    }

    /// The rest of a code object.
    fn parts(
        &mut self,
        filename: &M::Name,
        depth: usize,
    ) -> Result<Parts<'a, M::Name, M::Value>, M::Error> {
        let varnames = self.names()?;
        let cellvars = self.names()?;
        let freevars = self.names()?;
        let names = self.names()?;
        let instrs = self.words()?;
        let count = self.count(1)?;
        let mut consts = Vec::with_capacity(count);
        for _ in 0..count {
            consts.push(match self.number()? {
                0 => self.code(filename, None, depth + 1)?,
                place => constant_at(self.constants, place - 1)?,
            });
        }
        if !self.rest.is_empty() {
            return Err(ImageError::Damaged("bytes behind the code").into());
        }
        Ok(Parts {
            varnames,
            cellvars,
            freevars,
            names,
            instrs,
            consts,
        })
    }

    fn words(&mut self) -> Result<Words<'a>, ImageError> {
        let total = usize::try_from(self.number()?).map_err(|_| ImageError::Short)?;
        let kept = self.count(4)?;
        let (words, _) = self.take(kept * 4)?.as_chunks::<4>();
        // So that a number cannot ask for more memory than a few times that of the bytes.
        if total > kept * (1 + usize::from(LONGEST)) {
            return Err(ImageError::Damaged("number of words"));
        }
        Ok(Words {
            words: words.iter(),
            zeros: 0,
            left: total,
        })
    }

    fn exceptions(&mut self) -> Result<Vec<ExceptionEntry>, ImageError> {
        let count = self.count(4)?;
        let mut entries = Vec::with_capacity(count);
        for _ in 0..count {
            let (start, length) = (self.small()?, self.small()?);
            let (target, depth) = (self.small()?, self.small()?);
            entries.push(ExceptionEntry {
                start,
                end: start
                    .checked_add(length)
                    .ok_or(ImageError::Damaged("exception table"))?,
                target,
                depth: depth >> 1,
                lasti: depth & 1 != 0,
            });
        }
        Ok(entries)
    }

    /// The parts of a constant, which stand before it.
    fn parts_of(&mut self, before: &[M::Value]) -> Result<Vec<M::Value>, ImageError> {
        let count = self.count(1)?;
        let mut parts = Vec::with_capacity(count);
        for _ in 0..count {
            parts.push(constant_at(before, self.number()?)?);
        }
        Ok(parts)
    }

    fn constant(&mut self, before: &[M::Value]) -> Result<Constant<'a, M::Value>, ImageError> {
        Ok(match self.byte()? {
            kind::NONE => Constant::None,
            kind::TRUE => Constant::True,
            kind::FALSE => Constant::False,
            kind::ELLIPSIS => Constant::Ellipsis,
            kind::INT => {
                let zigzag = self.number()?;
                Constant::Int((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64))
            }
            kind::BIG_INT => {
                let place = self.number()?;
                let digits = self.names.text(place);
                Constant::BigInt(digits.ok_or(ImageError::Damaged("number"))?)
            }
            kind::FLOAT => Constant::Float(self.float()?),
            kind::COMPLEX => Constant::Complex(self.float()?, self.float()?),
            kind::STR => {
                let place = self.number()?;
                match self.names.text(place) {
                    Some(text) => Constant::Str(text),
                    None => {
                        let bytes = self.names.bytes(place)?;
                        if !is_wtf8(bytes) {
                            return Err(ImageError::Damaged("string"));
                        }
                        Constant::Surrogates(bytes)
                    }
                }
            }
            kind::BYTES => Constant::Bytes(self.bytes()?),
            kind::TUPLE => Constant::Tuple(self.parts_of(before)?),
            kind::FROZEN_SET => Constant::FrozenSet(self.parts_of(before)?),
            kind::SLICE => {
                let parts = self.parts_of(before)?.try_into();
                Constant::Slice(parts.map_err(|_| ImageError::Damaged("slice"))?)
            }
            _ => return Err(ImageError::Damaged("constant")),
        })
    }
}

fn constant_at<V: Clone>(constants: &[V], place: u64) -> Result<V, ImageError> {
    let place = usize::try_from(place).ok();
    let value = place.and_then(|place| constants.get(place));
    value.cloned().ok_or(ImageError::Damaged("constant"))
}

/// Whether bytes are UTF-8 but for lone surrogates.
fn is_wtf8(mut bytes: &[u8]) -> bool {
    loop {
        let Err(error) = std::str::from_utf8(bytes) else {
            return true;
        };
        match bytes.get(error.valid_up_to()..) {
            Some([0xed, 0xa0..=0xbf, 0x80..=0xbf, rest @ ..]) => bytes = rest,
            _ => return false,
        }
    }
}

/// What [`CACHES`] has for an opcode that is none.
const UNKNOWN: u8 = u8::MAX;
/// The most words of cache.
const LONGEST: u8 = 7;

/// For each opcode byte the number of cache words; jumps' targets are kept, and read as instructions of no opcode.
const CACHES: [u8; 256] = {
    let mut table = [UNKNOWN; 256];
    let mut i = 0;
    while i < ALL.len() {
        table[i] = cache_words(ALL[i]) as u8;
        assert!(table[i] <= LONGEST);
        i += 1;
    }
    table
};

/// For each opcode byte whether the next word is the target of a jump.
const TARGETS: [bool; 256] = {
    let mut table = [false; 256];
    let mut i = 0;
    while i < ALL.len() {
        table[i] = matches!(ALL[i].form(), Form::CompareJump | Form::LocalJump);
        i += 1;
    }
    table
};

/// The words of a code object, with a zero word for each word of cache; as many as were announced, or an error among them.
pub struct Words<'a> {
    words: Iter<'a, [u8; 4]>,
    /// Words of cache that are still to come; [`TARGET`] before a target.
    zeros: u8,
    left: usize,
}

/// In [`Words::zeros`]: the next word is a target.
const TARGET: u8 = u8::MAX;

impl Words<'_> {
    /// The number of words.
    #[allow(clippy::len_without_is_empty, reason = "code is never empty")]
    pub fn len(&self) -> usize {
        self.left
    }

    /// Gives the words one by one.
    ///
    /// # Errors
    /// Where they are not what was announced.
    pub fn try_each(mut self, mut word: impl FnMut(u32)) -> Result<(), ImageError> {
        while self.left != 0 {
            self.left -= 1;
            if self.zeros != 0 && self.zeros != TARGET {
                self.zeros -= 1;
                word(0);
                continue;
            }
            let next = u32::from_le_bytes(*self.words.next().ok_or(ImageError::Short)?);
            word(next);
            if self.zeros == TARGET {
                self.zeros = 0;
                continue;
            }
            let opcode = usize::from(Instr(next).opcode());
            self.zeros = match CACHES[opcode] {
                UNKNOWN => return Err(ImageError::Foreign),
                _ if TARGETS[opcode] => TARGET,
                caches => caches,
            };
        }
        if self.words.next().is_some() || self.zeros != 0 {
            return Err(ImageError::Damaged("number of words"));
        }
        Ok(())
    }
}
