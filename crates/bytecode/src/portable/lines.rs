//! The table of positions in CPython's form (`co_linetable`; Objects/locations.md of CPython describes it).

use crate::code::Location;

/// Where a unit comes from, as `co_positions` tells it. Without a line nothing is known, without columns they are not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Position {
    /// First line and last line.
    pub lines: Option<(i64, i64)>,
    /// First column and the column after the last, in UTF-8 bytes.
    pub columns: Option<(u32, u32)>,
}

impl From<Location> for Position {
    fn from(at: Location) -> Position {
        if at.line == 0 {
            return Position::default();
        }
        let spans = (at.end_line, at.end_col) > (at.line, at.col);
        Position {
            lines: Some((i64::from(at.line), i64::from(at.end_line))),
            columns: spans.then_some((at.col, at.end_col)),
        }
    }
}

impl From<Position> for Location {
    fn from(at: Position) -> Location {
        let line = |n: i64| u32::try_from(n).unwrap_or(0);
        let Some((first, last)) = at.lines else {
            return Location::default();
        };
        let (col, end_col) = at.columns.unwrap_or_default();
        Location {
            line: line(first),
            end_line: line(last.max(first)),
            col,
            end_col,
        }
    }
}

/// The bytes of a table of runs of units, the lines counted from `first`.
pub fn encode_lines(runs: &[(u32, Position)], first: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut line = i64::from(first);
    for &(units, position) in runs {
        let mut left = units;
        while left > 0 {
            let length = left.min(8);
            entry(&mut out, length, position, &mut line);
            left -= length;
        }
    }
    out
}

fn entry(out: &mut Vec<u8>, length: u32, position: Position, line: &mut i64) {
    let mut head = |kind: u32| out.push((0x80 | kind << 3 | (length - 1)) as u8);
    let Some((start, end)) = position.lines else {
        head(15);
        return;
    };
    let delta = start - *line;
    *line = start;
    let Some((col, end_col)) = position.columns else {
        if start == end {
            head(13);
            signed(out, delta);
        } else {
            head(14);
            signed(out, delta);
            varint(out, (end - start) as u64);
            varint(out, 0);
            varint(out, 0);
        }
        return;
    };
    let narrow = start == end && end_col >= col;
    if narrow && delta == 0 && col < 80 && end_col - col < 16 {
        head(col >> 3);
        out.push(((col & 7) << 4 | (end_col - col)) as u8);
    } else if narrow && (0..3).contains(&delta) && col < 128 && end_col < 128 {
        head(10 + delta as u32);
        out.extend([col as u8, end_col as u8]);
    } else {
        head(14);
        signed(out, delta);
        varint(out, (end - start).max(0) as u64);
        varint(out, u64::from(col) + 1);
        varint(out, u64::from(end_col) + 1);
    }
}

fn varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 64 {
        out.push((n & 63) as u8 | 64);
        n >>= 6;
    }
    out.push(n as u8);
}

fn signed(out: &mut Vec<u8>, n: i64) {
    varint(out, n.unsigned_abs() << 1 | u64::from(n < 0));
}

/// The runs of units that a table tells, any bytes whatever: what cannot be read ends it.
pub fn decode_lines(table: &[u8], first: u32) -> Vec<(u32, Position)> {
    let mut reader = Reader(table);
    let mut line = i64::from(first);
    let mut out = Vec::new();
    while let Some(run) = reader.entry(&mut line) {
        out.push(run);
    }
    out
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Option<u32> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(u32::from(*first))
    }

    fn varint(&mut self) -> Option<u64> {
        let mut n = 0u64;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            if shift < 36 {
                n |= u64::from(byte & 63) << shift;
            }
            shift += 6;
            if byte & 64 == 0 {
                return Some(n);
            }
        }
    }

    fn signed(&mut self) -> Option<i64> {
        let n = self.varint()?;
        let size = (n >> 1) as i64;
        Some(if n & 1 == 1 { -size } else { size })
    }

    fn entry(&mut self, line: &mut i64) -> Option<(u32, Position)> {
        let head = self.byte()?;
        let length = (head & 7) + 1;
        let kind = head >> 3 & 15;
        let columns = |col: u64, end: u64| {
            let number = |n: u64| u32::try_from(n.checked_sub(1)?).ok();
            Some((number(col)?, number(end)?))
        };
        let position = match kind {
            15 => Position::default(),
            14 => {
                *line += self.signed()?;
                let end = *line + self.varint()? as i64;
                Position {
                    lines: Some((*line, end)),
                    columns: columns(self.varint()?, self.varint()?),
                }
            }
            13 => {
                *line += self.signed()?;
                Position {
                    lines: Some((*line, *line)),
                    columns: None,
                }
            }
            10..=12 => {
                *line += i64::from(kind - 10);
                Position {
                    lines: Some((*line, *line)),
                    columns: Some((self.byte()?, self.byte()?)),
                }
            }
            _ => {
                let second = self.byte()?;
                let col = kind << 3 | second >> 4;
                Position {
                    lines: Some((*line, *line)),
                    columns: Some((col, col + (second & 15))),
                }
            }
        };
        Some((length, position))
    }
}
