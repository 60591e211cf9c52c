//! Code objects as Python programs see them: in CPython's wordcode.
//!
//! `co_code`, `co_linetable`, `co_exceptiontable`, `f_lasti` and whatever `dis` shows speak of instructions of two bytes
//! with CPython's numbers, `EXTENDED_ARG` and cache units included. That form is derived on demand: each of our own
//! instructions is written as the short sequence of generic ones that does the same (a super-instruction becomes the loads,
//! the operation and the store it was put together from).
//!
//! **Invariants.** [`Portable::unit`] and [`Portable::acting`] have an entry for each word, and one more for the end; both
//! never decrease. Positions are told once for each unit.

mod adaptive;
mod expand;
mod lines;
mod table;

pub use adaptive::Storage;
pub use lines::{Position, decode_lines, encode_lines};

use crate::code::{ExceptionEntry, LocationRuns};
use crate::instr::Instr;
use crate::op::Op;
use crate::verify::jump_target;
use expand::{Piece, Target};
use table::Wire;

/// An opcode that no instruction has: a code object put together by a program, which cannot be run, consists of it. `w` is
/// the number of an opcode unknown to CPython as well, or 0.
pub const REFUSED: u8 = 255;

/// The first opcode in wordcode that does not exist.
pub fn unknown_opcode(code: &[u8]) -> Option<u8> {
    let mut at = 0;
    while let Some(&op) = code.get(at) {
        let Some(op) = Wire::from_u8(op) else {
            return Some(op);
        };
        at += 2 * (1 + usize::from(op.caches()));
    }
    None
}

/// The instructions of a code object as wordcode.
#[derive(Debug)]
pub struct Portable {
    /// The bytes of the instructions.
    pub code: Vec<u8>,
    /// For each word, the unit where what stands for it starts.
    pub unit: Vec<u32>,
    /// For each word, the unit of the instruction that does its work: where `f_lasti` points while the word runs.
    pub acting: Vec<u32>,
}

/// What a constant is for CPython.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Constant {
    /// An int of a byte, which stands in the instructions themselves.
    Int(u8),
    /// One with this place in `co_consts`.
    At(u32),
}

/// Loads a constant as CPython does.
fn load_constant(piece: &mut Piece, constants: &[Constant]) {
    if piece.op == Wire::LOAD_CONST {
        match constants.get(piece.arg as usize) {
            Some(Constant::Int(n)) => {
                piece.op = Wire::LOAD_SMALL_INT;
                piece.arg = (*n).into();
            }
            Some(Constant::At(place)) => piece.arg = *place,
            None => {}
        }
    }
}

/// Which END_ASYNC_FOR ends the loop of which END_SEND: CPython's points at it, and the END_SEND is followed by a NOT_TAKEN.
#[derive(Default)]
struct AsyncLoops {
    /// The loops that have begun: the word of the END_SEND, once it is known.
    open: Vec<Option<usize>>,
    /// The words of an END_ASYNC_FOR and its END_SEND.
    ends: Vec<(usize, usize)>,
}

impl AsyncLoops {
    fn instruction(&mut self, words: &[u32], at: usize, pieces: &mut Vec<Piece>) {
        match Instr(words[at]).op() {
            Some(Op::GET_ANEXT) => self.open.push(None),
            Some(Op::SEND) => {
                if let Some(last @ None) = self.open.last_mut() {
                    *last = jump_target(words, at);
                }
            }
            Some(Op::END_SEND) if self.open.last() == Some(&Some(at)) => {
                pieces.push(Piece {
                    op: Wire::NOT_TAKEN,
                    arg: 0,
                    target: Target::None,
                    acts: false,
                });
            }
            Some(Op::END_ASYNC_FOR) => {
                if let Some(Some(start)) = self.open.pop() {
                    self.ends.push((at, start));
                }
            }
            _ => {}
        }
    }

    fn link(&self, word: usize, piece: &mut Piece) {
        if piece.op == Wire::END_ASYNC_FOR
            && let Ok(n) = self.ends.binary_search_by_key(&word, |end| end.0)
        {
            piece.target = Target::Word(self.ends[n].1);
        }
    }
}

/// A piece with its place.
struct Placed {
    word: usize,
    piece: Piece,
    /// How many EXTENDED_ARG units stand before it.
    prefixes: u32,
}

impl Placed {
    fn units(&self) -> u32 {
        self.prefixes + 1 + u32::from(self.piece.op.caches())
    }
}

impl Portable {
    /// Writes instructions as wordcode; `constants` tells what the constants are.
    pub fn new(words: &[u32], constants: &[Constant]) -> Portable {
        let mut placed = Vec::with_capacity(words.len() * 2);
        let mut at = 0;
        let mut loops = AsyncLoops::default();
        while at < words.len() {
            let i = Instr(words[at]);
            let extra = i.op().map_or(0, |op| op.extra_words());
            let mut pieces = expand::expand(words, at);
            for piece in &mut pieces {
                load_constant(piece, constants);
            }
            loops.instruction(words, at, &mut pieces);
            for (n, piece) in pieces.drain(..).enumerate() {
                let prefixes = match piece.target {
                    Target::None => prefixes(piece.arg),
                    _ => 0,
                };
                debug_assert!(n < 16, "an instruction stands for a few only");
                placed.push(Placed {
                    word: at,
                    piece,
                    prefixes,
                });
            }
            at += 1 + extra;
        }
        for p in &mut placed {
            loops.link(p.word, &mut p.piece);
        }
        let mut unit = vec![0; words.len() + 1];
        // Distances decide how many prefixes a jump needs, prefixes decide distances; both only grow.
        loop {
            lay_out(&placed, &mut unit);
            if !grow(&mut placed, &unit) {
                break;
            }
        }
        let acting = acting(&placed, words.len());
        Portable {
            code: write(&placed, &unit),
            unit,
            acting,
        }
    }

    /// Number of units.
    pub fn units(&self) -> u32 {
        self.unit.last().copied().unwrap_or(0)
    }

    /// The word that a unit belongs to.
    pub fn word(&self, unit: u32) -> u32 {
        let after = self.unit.partition_point(|u| *u <= unit);
        let last = after.saturating_sub(1);
        // Operand words share the unit of the instruction behind them: the first one with this unit is meant, unless it is
        // the end.
        let start = self.unit[last];
        self.unit.partition_point(|u| *u < start) as u32
    }

    /// The exception table in CPython's form: numbers of six bits a byte, greatest first, the first byte of an entry marked.
    pub fn exceptions(&self, entries: &[ExceptionEntry]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let unit = |word: u32| {
            let word = (word as usize).min(self.unit.len() - 1);
            self.unit[word]
        };
        for entry in entries {
            let (start, end) = (unit(entry.start), unit(entry.end));
            let depth = entry.depth << 1 | u32::from(entry.lasti);
            let first = bytes.len();
            for number in [start, end - start, unit(entry.target), depth] {
                let sizes = (0..6).rev().map(|i| number >> (6 * i)).filter(|n| *n != 0);
                let mut digits: Vec<u8> = sizes.map(|n| (n & 63) as u8 | 64).collect();
                match digits.last_mut() {
                    Some(last) => *last &= 63,
                    None => digits.push(0),
                }
                bytes.extend(digits);
            }
            bytes[first] |= 128;
        }
        bytes
    }

    /// The positions of all units, as runs, from those of the words as they are packed; `module` for a module's code.
    pub fn positions(&self, module: bool, locations: &[u8]) -> Vec<(u32, Position)> {
        let mut out: Vec<(u32, Position)> = Vec::new();
        let mut word = 0;
        let mut unit = 0;
        // CPython starts a module at line 0.
        if module
            && self.code.first() == Some(&(Wire::RESUME as u8))
            && LocationRuns::new(locations).find_word(0).line == 0
        {
            let start = Position {
                lines: Some((0, 1)),
                columns: Some((0, 0)),
            };
            out.push((1, start));
            unit = 1;
        }
        for (run, location) in LocationRuns::new(locations) {
            word = (word + run).min(self.unit.len() - 1);
            let units = self.unit[word].saturating_sub(unit);
            unit = unit.max(self.unit[word]);
            if units == 0 {
                continue;
            }
            let position = Position::from(location);
            match out.last_mut() {
                Some((n, last)) if *last == position => *n += units,
                _ => out.push((units, position)),
            }
        }
        self.place_start(&mut out);
        out
    }

    /// The instruction that starts a function or class stands at the first column for CPython, not at none.
    fn place_start(&self, runs: &mut Vec<(u32, Position)>) {
        let (mut at, mut skipped) = (0, 0);
        for n in 0..runs.len() {
            let (units, position) = runs[n];
            while at < skipped + units as usize {
                let op = self.code.get(2 * at).copied().and_then(Wire::from_u8);
                if op == Some(Wire::RESUME) {
                    let before = (at - skipped) as u32;
                    if position.lines.is_some() && position.columns.is_none() {
                        let columns = Some((0, 0));
                        runs[n] = (
                            units - before,
                            Position {
                                columns,
                                ..position
                            },
                        );
                        if before != 0 {
                            runs.insert(n, (before, position));
                        }
                    }
                    return;
                }
                at += 1 + op.map_or(0, |op| usize::from(op.caches()));
            }
            skipped += units as usize;
        }
    }
}

/// How many EXTENDED_ARG units an argument needs.
fn prefixes(arg: u32) -> u32 {
    match arg {
        0..0x100 => 0,
        0x100..0x1_0000 => 1,
        0x1_0000..0x100_0000 => 2,
        _ => 3,
    }
}

/// Finds where each word starts, with the prefixes as they are.
fn lay_out(placed: &[Placed], unit: &mut [u32]) {
    let (mut here, mut word) = (0, 0);
    for p in placed {
        while word <= p.word {
            unit[word] = here;
            word += 1;
        }
        here += p.units();
    }
    unit[word..].fill(here);
}

/// The argument of a jump: the distance in units from the end of the instruction to its target.
fn distance(placed: &[Placed], n: usize, end: u32, unit: &[u32]) -> Option<u32> {
    match placed[n].piece.target {
        Target::None => None,
        Target::Word(word) => {
            let to = unit.get(word).or(unit.last()).copied().unwrap_or(0);
            Some(end.abs_diff(to))
        }
        Target::Skip(pieces) => {
            let over = placed[n + 1..].iter().take(pieces);
            Some(over.map(Placed::units).sum())
        }
    }
}

/// Gives the jumps the prefixes that they need; false where they all have them.
fn grow(placed: &mut [Placed], unit: &[u32]) -> bool {
    let mut grown = false;
    let mut end = 0;
    for n in 0..placed.len() {
        end += placed[n].units();
        if let Some(arg) = distance(placed, n, end, unit) {
            let wanted = prefixes(arg);
            if wanted > placed[n].prefixes {
                placed[n].prefixes = wanted;
                grown = true;
            }
        }
    }
    grown
}

/// The unit of the piece that does a word's work.
fn acting(placed: &[Placed], words: usize) -> Vec<u32> {
    let mut acting = vec![u32::MAX; words + 1];
    let mut here = 0;
    for p in placed {
        if p.piece.acts || acting[p.word] == u32::MAX {
            acting[p.word] = here + p.prefixes;
        }
        here += p.units();
    }
    let mut last = 0;
    for unit in &mut acting {
        match *unit {
            u32::MAX => *unit = last,
            known => last = known,
        }
    }
    acting
}

fn write(placed: &[Placed], unit: &[u32]) -> Vec<u8> {
    let mut code = Vec::with_capacity(placed.len() * 4);
    let mut end = 0;
    for (n, p) in placed.iter().enumerate() {
        end += p.units();
        let arg = distance(placed, n, end, unit).unwrap_or(p.piece.arg);
        for prefix in (1..=p.prefixes).rev() {
            code.extend([Wire::EXTENDED_ARG as u8, (arg >> (8 * prefix)) as u8]);
        }
        code.extend([p.piece.op as u8, arg as u8]);
        for _ in 0..p.piece.op.caches() {
            code.extend([Wire::CACHE as u8, 0]);
        }
    }
    code
}

/// The conditional jumps in wordcode, as byte offsets: the instruction, what follows where it does not jump (past a
/// NOT_TAKEN), and its target.
pub fn branches(code: &[u8]) -> Vec<(usize, usize, usize)> {
    let mut out = Vec::new();
    let (mut at, mut extended) = (0, 0usize);
    while let Some(&[op, arg]) = code.get(at..at + 2) {
        let arg = extended << 8 | usize::from(arg);
        extended = 0;
        let op = Wire::from_u8(op);
        let next = at + 2 * (1 + op.map_or(0, |op| usize::from(op.caches())));
        match op {
            Some(Wire::EXTENDED_ARG) => extended = arg & 0xff_ffff,
            Some(
                Wire::POP_JUMP_IF_FALSE
                | Wire::POP_JUMP_IF_TRUE
                | Wire::POP_JUMP_IF_NONE
                | Wire::POP_JUMP_IF_NOT_NONE
                | Wire::FOR_ITER,
            ) => {
                let skips = code.get(next) == Some(&(Wire::NOT_TAKEN as u8));
                let through = next + if skips { 2 } else { 0 };
                out.push((at, through, next + 2 * arg));
            }
            // The loop goes on behind the NOT_TAKEN of its END_SEND, and ends behind this.
            Some(Wire::END_ASYNC_FOR) if arg != 0 => {
                let start = next.saturating_sub(2 * arg);
                out.push((start, start + 4, next));
            }
            _ => {}
        }
        at = next;
    }
    out
}
