//! Code objects as the compiler makes them: plain Rust data, no heap objects.
//!
//! The runtime turns a [`Code`] into a code object of its own heap, constants included.

use std::borrow::Cow;
use std::sync::Arc;

use compact_str::CompactString;

/// A constant of a code object.
#[derive(Clone, Debug)]
pub enum Const {
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
    /// A larger integer, in decimal or `0x` hexadecimal digits, with an optional minus sign.
    BigInt(Box<str>),
    /// A float; constants are told apart by their bits (`0.0` and `-0.0` differ).
    Float(f64),
    /// A complex number: real and imaginary part.
    Complex(f64, f64),
    /// A string in WTF-8 (UTF-8 that may hold lone surrogates).
    Str(Box<[u8]>),
    /// A bytes literal.
    Bytes(Box<[u8]>),
    /// A tuple of constants.
    Tuple(Vec<Const>),
    /// A frozen set, made from `x in {…}`.
    FrozenSet(Vec<Const>),
    /// A slice of constants.
    Slice(Box<[Const; 3]>),
    /// The code of a nested function, class body or comprehension.
    Code(Arc<Code>),
}

/// The flags of a code object, with CPython's numbers (`inspect.CO_*`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CodeFlags(pub u32);

impl CodeFlags {
    /// Locals live in fast slots.
    pub const OPTIMIZED: u32 = 0x1;
    /// Each call makes a new local namespace.
    pub const NEWLOCALS: u32 = 0x2;
    /// There is a `*args` parameter.
    pub const VARARGS: u32 = 0x4;
    /// There is a `**kwargs` parameter.
    pub const VARKEYWORDS: u32 = 0x8;
    /// A function inside another one.
    pub const NESTED: u32 = 0x10;
    /// A generator.
    pub const GENERATOR: u32 = 0x20;
    /// An `async def` coroutine.
    pub const COROUTINE: u32 = 0x80;
    /// A generator usable in `await` (`types.coroutine`).
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    /// An async generator.
    pub const ASYNC_GENERATOR: u32 = 0x200;
    /// `from __future__ import annotations`
    pub const FUTURE_ANNOTATIONS: u32 = 0x0100_0000;
    /// The first constant is a docstring.
    pub const HAS_DOCSTRING: u32 = 0x0400_0000;
    /// A function defined in a class body.
    pub const METHOD: u32 = 0x0800_0000;

    /// Whether all bits of `mask` are set.
    pub const fn has(self, mask: u32) -> bool {
        self.0 & mask == mask
    }
}

/// A place in the source: lines from 1, columns in UTF-8 bytes from 0. A line of 0 means "no position".
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Location {
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// First column.
    pub col: u32,
    /// Column after the last.
    pub end_col: u32,
}

/// One row of the exception table: words `start..end` are guarded by the handler at word `target`, which starts with
/// `depth` values left on the stack, then the word index of the raising instruction as an int if `lasti`, then the exception.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExceptionEntry {
    /// First word guarded.
    pub start: u32,
    /// Word after the last guarded one.
    pub end: u32,
    /// The handler.
    pub target: u32,
    /// Stack depth to unwind to.
    pub depth: u32,
    /// Whether the raising instruction's index is pushed below the exception.
    pub lasti: bool,
}

/// A code object.
///
/// Fast locals are numbered: `varnames` first (parameters in the order positional-only and positional, keyword-only,
/// `*args`, `**kwargs`, then other locals), then `cellvars` that are no parameters or locals of the same name, then
/// `freevars`. A parameter that is also a cell variable keeps its number; [`Op::MAKE_CELL`](crate::Op) turns it into a cell.
#[derive(Clone, Debug)]
pub struct Code {
    /// The function's name, `<module>`, `<lambda>` …
    pub name: CompactString,
    /// The dotted path from the module to it.
    pub qualname: CompactString,
    /// The file's name as given to the compiler.
    pub filename: Arc<str>,
    /// First line of the definition (of the first decorator, if any).
    pub firstlineno: u32,
    /// Number of positional parameters, the positional-only ones included.
    pub argcount: u32,
    /// Number of positional-only parameters.
    pub posonlyargcount: u32,
    /// Number of keyword-only parameters.
    pub kwonlyargcount: u32,
    /// The flags.
    pub flags: CodeFlags,
    /// Most values that the evaluation stack ever holds.
    pub stacksize: u32,
    /// Names of the fast locals.
    pub varnames: Vec<CompactString>,
    /// Names of the cell variables (those that are parameters too included).
    pub cellvars: Vec<CompactString>,
    /// Names of the free variables.
    pub freevars: Vec<CompactString>,
    /// For each cell variable, the number of its fast local.
    pub cell_locals: Vec<u32>,
    /// Number of fast locals: all of the above that have a number of their own.
    pub nlocalsplus: u32,
    /// Names used for globals, attributes and imports.
    pub names: Vec<CompactString>,
    /// The constants.
    pub consts: Vec<Const>,
    /// The instructions with their operand and cache words.
    pub instrs: Vec<u32>,
    /// The exception table, inner entries before outer ones: the first that covers a word is its handler.
    pub exceptions: Vec<ExceptionEntry>,
    /// For each word of `instrs`, its source location, packed by [`Code::pack_locations`].
    pub locations: Cow<'static, [u8]>,
}

impl Code {
    /// Packs the locations of all words: runs of equal locations, each as LEB128 numbers (run length, zigzag line
    /// delta from the run before, end line minus line, column, end column).
    pub fn pack_locations(locations: &[Location]) -> Vec<u8> {
        let mut out = Vec::with_capacity(locations.len() * 2);
        let mut last_line = 0i64;
        let mut at = 0;
        while at < locations.len() {
            let here = locations[at];
            let run = locations[at..].iter().take_while(|l| **l == here).count();
            put(&mut out, run as u64);
            let delta = here.line as i64 - last_line;
            put(&mut out, ((delta << 1) ^ (delta >> 63)) as u64);
            put(&mut out, here.end_line.saturating_sub(here.line) as u64);
            put(&mut out, here.col as u64);
            put(&mut out, here.end_col as u64);
            last_line = here.line as i64;
            at += run;
        }
        out
    }

    /// The runs of equal locations: (words, location).
    pub fn location_runs(&self) -> LocationRuns<'_> {
        LocationRuns::new(&self.locations)
    }

    /// The location of a word.
    pub fn location(&self, word: usize) -> Location {
        self.location_runs().find_word(word)
    }

    /// The handler that guards a word.
    pub fn handler(&self, word: u32) -> Option<&ExceptionEntry> {
        self.exceptions
            .iter()
            .find(|e| e.start <= word && word < e.end)
    }
}

/// What an interpreter keeps of a code object as it was compiled, beside the objects that it makes of instructions, names and
/// constants.
#[derive(Clone, Debug)]
pub struct CodeInfo {
    /// See [`Code::filename`].
    pub filename: Arc<str>,
    /// See [`Code::firstlineno`].
    pub firstlineno: u32,
    /// See [`Code::argcount`].
    pub argcount: u32,
    /// See [`Code::posonlyargcount`].
    pub posonlyargcount: u32,
    /// See [`Code::kwonlyargcount`].
    pub kwonlyargcount: u32,
    /// See [`Code::flags`].
    pub flags: CodeFlags,
    /// See [`Code::stacksize`].
    pub stacksize: u32,
    /// See [`Code::nlocalsplus`].
    pub nlocalsplus: u32,
    /// How many [`Code::varnames`] there are.
    pub nlocals: u32,
    /// How many [`Code::freevars`] there are.
    pub nfreevars: u32,
    /// See [`Code::cell_locals`].
    pub cell_locals: Box<[u32]>,
    /// See [`Code::exceptions`].
    pub exceptions: Box<[ExceptionEntry]>,
    /// See [`Code::locations`].
    pub locations: Cow<'static, [u8]>,
}

impl CodeInfo {
    /// See [`Code::location`].
    pub fn location(&self, word: usize) -> Location {
        LocationRuns::new(&self.locations).find_word(word)
    }

    /// See [`Code::handler`].
    pub fn handler(&self, word: u32) -> Option<&ExceptionEntry> {
        self.exceptions
            .iter()
            .find(|e| e.start <= word && word < e.end)
    }
}

fn put(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Iterator over runs of words with one location; see [`Code::location_runs`].
pub struct LocationRuns<'a> {
    bytes: &'a [u8],
    line: i64,
}

impl<'a> LocationRuns<'a> {
    /// The runs that [`Code::pack_locations`] has packed.
    pub fn new(bytes: &'a [u8]) -> LocationRuns<'a> {
        LocationRuns { bytes, line: 0 }
    }

    /// The location of a word.
    pub fn find_word(self, word: usize) -> Location {
        let mut left = word;
        for (run, location) in self {
            if left < run {
                return location;
            }
            left -= run;
        }
        Location::default()
    }

    #[inline]
    fn take(&mut self) -> Option<u64> {
        match self.bytes.split_first() {
            // Nearly all numbers have one byte.
            Some((&byte, rest)) if byte < 0x80 => {
                self.bytes = rest;
                Some(u64::from(byte))
            }
            _ => self.take_long(),
        }
    }

    fn take_long(&mut self) -> Option<u64> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(n);
            }
        }
        None
    }
}

impl Iterator for LocationRuns<'_> {
    type Item = (usize, Location);

    fn next(&mut self) -> Option<Self::Item> {
        let run = self.take()? as usize;
        let zigzag = self.take()? as i64;
        self.line += (zigzag >> 1) ^ -(zigzag & 1);
        let lines = self.take()? as u32;
        let (col, end_col) = (self.take()? as u32, self.take()? as u32);
        let line = self.line as u32;
        Some((
            run,
            Location {
                line,
                end_line: line + lines,
                col,
                end_col,
            },
        ))
    }
}
