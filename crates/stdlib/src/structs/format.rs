//! Struct formats: from the text to a list of fields with their places.

use smallvec::SmallVec;
use viv_runtime::{PyResult, Raised, Vm};

use super::error;

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `x`: zero bytes, no item.
    Pad,
    /// `c`
    Char,
    /// `?`
    Bool,
    /// `b h i l q n`
    Signed,
    /// `B H I L Q N`
    Unsigned,
    /// `P`
    Pointer,
    /// `e`
    Half,
    /// `f`
    Single,
    /// `d`
    Double,
    /// `F`
    ComplexSingle,
    /// `D`
    ComplexDouble,
    /// `s`: one item of as many bytes as the count says.
    Bytes,
    /// `p`: the same, the first byte its length.
    Pascal,
}

/// One letter of a format with its count.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The letter, for messages.
    pub letter: u8,
    /// What it holds.
    pub kind: Kind,
    /// Bytes of an item.
    pub size: usize,
    /// Number of items.
    pub count: usize,
    /// Where the first begins.
    pub offset: usize,
}

/// A format that was read.
#[derive(Debug, Default)]
pub struct Layout {
    /// The fields, without empty ones and padding.
    pub fields: SmallVec<[Field; 2]>,
    /// Number of bytes.
    pub size: usize,
    /// Number of items.
    pub items: usize,
    /// Whether numbers begin with their most significant byte.
    pub big: bool,
}

/// What a letter stands for: its kind, its size and its alignment.
fn letter(letter: u8, native: bool) -> Option<(Kind, usize, usize)> {
    let sized = |kind, size| Some((kind, size, size));
    match letter {
        b'x' => sized(Kind::Pad, 1),
        b'c' => sized(Kind::Char, 1),
        b'?' => sized(Kind::Bool, 1),
        b's' => sized(Kind::Bytes, 1),
        b'p' => sized(Kind::Pascal, 1),
        b'b' => sized(Kind::Signed, 1),
        b'B' => sized(Kind::Unsigned, 1),
        b'h' => sized(Kind::Signed, 2),
        b'H' => sized(Kind::Unsigned, 2),
        b'i' => sized(Kind::Signed, 4),
        b'I' => sized(Kind::Unsigned, 4),
        b'l' if native => sized(Kind::Signed, 8),
        b'L' if native => sized(Kind::Unsigned, 8),
        b'l' => sized(Kind::Signed, 4),
        b'L' => sized(Kind::Unsigned, 4),
        b'q' => sized(Kind::Signed, 8),
        b'Q' => sized(Kind::Unsigned, 8),
        b'n' if native => sized(Kind::Signed, 8),
        b'N' if native => sized(Kind::Unsigned, 8),
        b'P' if native => sized(Kind::Pointer, 8),
        b'e' => sized(Kind::Half, 2),
        b'f' => sized(Kind::Single, 4),
        b'd' => sized(Kind::Double, 8),
        b'F' => Some((Kind::ComplexSingle, 8, 4)),
        b'D' => Some((Kind::ComplexDouble, 16, 8)),
        _ => None,
    }
}

#[cold]
fn too_long(vm: &Vm) -> Raised {
    error(vm, "total struct size too long")
}

impl Layout {
    /// Reads a format.
    ///
    /// # Errors
    /// `struct.error`
    pub fn parse(vm: &Vm, format: &[u8]) -> PyResult<Layout> {
        if format.contains(&0) {
            return Err(error(vm, "embedded null character"));
        }
        let (big, native, rest) = match format {
            [b'>' | b'!', rest @ ..] => (true, false, rest),
            [b'<' | b'=', rest @ ..] => (false, false, rest),
            [b'@', rest @ ..] => (false, true, rest),
            _ => (false, true, format),
        };
        let mut layout = Layout {
            big,
            ..Layout::default()
        };
        let mut bytes = rest.iter().copied().peekable();
        while let Some(mut c) = bytes.next() {
            if matches!(c, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c) {
                continue;
            }
            let mut count = 1usize;
            if c.is_ascii_digit() {
                count = 0;
                loop {
                    count = count
                        .checked_mul(10)
                        .and_then(|n| n.checked_add(usize::from(c - b'0')))
                        .filter(|n| *n <= isize::MAX as usize)
                        .ok_or_else(|| too_long(vm))?;
                    c = bytes
                        .next()
                        .ok_or_else(|| error(vm, "repeat count given without format specifier"))?;
                    if !c.is_ascii_digit() {
                        break;
                    }
                }
            }
            let Some((kind, size, align)) = letter(c, native) else {
                return Err(error(vm, "bad char in struct format"));
            };
            layout.add(vm, c, kind, size, if native { align } else { 1 }, count)?;
        }
        Ok(layout)
    }

    fn add(
        &mut self,
        vm: &Vm,
        letter: u8,
        kind: Kind,
        size: usize,
        align: usize,
        count: usize,
    ) -> PyResult<()> {
        let offset = self
            .size
            .checked_next_multiple_of(align)
            .ok_or_else(|| too_long(vm))?;
        self.size = size
            .checked_mul(count)
            .and_then(|n| n.checked_add(offset))
            .filter(|n| *n <= isize::MAX as usize)
            .ok_or_else(|| too_long(vm))?;
        let (size, count) = match kind {
            Kind::Pad => return Ok(()),
            // One item even where it is empty.
            Kind::Bytes | Kind::Pascal => (count, 1),
            _ if count == 0 => return Ok(()),
            _ => (size, count),
        };
        self.items += count;
        self.fields.push(Field {
            letter,
            kind,
            size,
            count,
            offset,
        });
        Ok(())
    }
}
