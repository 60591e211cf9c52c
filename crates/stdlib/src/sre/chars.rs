//! Characters as patterns see them: categories, sets, upper and lower case.

use rustpython_sre_engine::SreCatCode as Cat;
use rustpython_sre_engine::SreOpcode as Op;
use rustpython_sre_engine::string::{lower_unicode, upper_unicode};
use viv_runtime::types::unicode;

/// A character of a subject, one, two or four bytes wide.
pub trait Unit: Copy {
    /// The code point.
    fn point(self) -> u32;
    /// The bytes of a text of this width, where a character is a byte.
    fn bytes(text: &[Self]) -> Option<&[u8]>;
}

impl Unit for u8 {
    #[inline(always)]
    fn point(self) -> u32 {
        u32::from(self)
    }
    #[inline(always)]
    fn bytes(text: &[u8]) -> Option<&[u8]> {
        Some(text)
    }
}

impl Unit for u16 {
    #[inline(always)]
    fn point(self) -> u32 {
        u32::from(self)
    }
    fn bytes(_: &[u16]) -> Option<&[u8]> {
        None
    }
}

impl Unit for u32 {
    #[inline(always)]
    fn point(self) -> u32 {
        self
    }
    fn bytes(_: &[u32]) -> Option<&[u8]> {
        None
    }
}

const DIGIT: u8 = 1;
const SPACE: u8 = 2;
const WORD: u8 = 4;

/// What the ASCII characters are. The separators from U+001C on are spaces in Unicode alone.
const ASCII: [u8; 128] = {
    let mut table = [0; 128];
    let mut c = 0u8;
    while c < 128 {
        if c.is_ascii_digit() {
            table[c as usize] |= DIGIT;
        }
        if matches!(c, b' ' | 9..=13) {
            table[c as usize] |= SPACE;
        }
        if c.is_ascii_alphanumeric() || c == b'_' {
            table[c as usize] |= WORD;
        }
        c += 1;
    }
    table
};

#[inline(always)]
fn ascii(c: u32, kind: u8) -> bool {
    ASCII.get(c as usize).is_some_and(|bits| bits & kind != 0)
}

/// Whether a character belongs to words, as ASCII knows them.
#[inline(always)]
pub fn is_word(c: u32) -> bool {
    ascii(c, WORD)
}

/// The same for Unicode.
#[inline(always)]
pub fn is_unicode_word(c: u32) -> bool {
    if c < 128 {
        ascii(c, WORD)
    } else {
        unicode::is_alnum(c)
    }
}

#[inline(always)]
fn is_unicode_space(c: u32) -> bool {
    if c < 128 {
        ascii(c, SPACE) || matches!(c, 0x1c..=0x1f)
    } else {
        unicode::is_space(c)
    }
}

#[inline(always)]
fn is_unicode_digit(c: u32) -> bool {
    if c < 128 {
        ascii(c, DIGIT)
    } else {
        unicode::is_decimal(c)
    }
}

/// The end of a line, for `$`, `^` and the dot.
pub const NEWLINE: u32 = 10;

/// Whether a character is of a category.
#[inline(always)]
pub fn category(code: u32, c: u32) -> bool {
    const fn of(cat: Cat) -> u32 {
        cat as u32
    }
    const DIGIT_CODE: u32 = of(Cat::DIGIT);
    const NOT_DIGIT: u32 = of(Cat::NOT_DIGIT);
    const SPACE_CODE: u32 = of(Cat::SPACE);
    const NOT_SPACE: u32 = of(Cat::NOT_SPACE);
    const WORD_CODE: u32 = of(Cat::WORD);
    const NOT_WORD: u32 = of(Cat::NOT_WORD);
    const LINEBREAK: u32 = of(Cat::LINEBREAK);
    const NOT_LINEBREAK: u32 = of(Cat::NOT_LINEBREAK);
    const LOC_WORD: u32 = of(Cat::LOC_WORD);
    const LOC_NOT_WORD: u32 = of(Cat::LOC_NOT_WORD);
    const UNI_DIGIT: u32 = of(Cat::UNI_DIGIT);
    const UNI_NOT_DIGIT: u32 = of(Cat::UNI_NOT_DIGIT);
    const UNI_SPACE: u32 = of(Cat::UNI_SPACE);
    const UNI_NOT_SPACE: u32 = of(Cat::UNI_NOT_SPACE);
    const UNI_WORD: u32 = of(Cat::UNI_WORD);
    const UNI_NOT_WORD: u32 = of(Cat::UNI_NOT_WORD);
    const UNI_LINEBREAK: u32 = of(Cat::UNI_LINEBREAK);
    match code {
        DIGIT_CODE => ascii(c, DIGIT),
        NOT_DIGIT => !ascii(c, DIGIT),
        SPACE_CODE => ascii(c, SPACE),
        NOT_SPACE => !ascii(c, SPACE),
        WORD_CODE | LOC_WORD => is_word(c),
        NOT_WORD | LOC_NOT_WORD => !is_word(c),
        LINEBREAK => c == NEWLINE,
        NOT_LINEBREAK => c != NEWLINE,
        UNI_DIGIT => is_unicode_digit(c),
        UNI_NOT_DIGIT => !is_unicode_digit(c),
        UNI_SPACE => is_unicode_space(c),
        UNI_NOT_SPACE => !is_unicode_space(c),
        UNI_WORD => is_unicode_word(c),
        UNI_NOT_WORD => !is_unicode_word(c),
        UNI_LINEBREAK => unicode::is_line_break(c),
        _ => !unicode::is_line_break(c),
    }
}

const FAILURE: u32 = Op::FAILURE as u32;
const LITERAL: u32 = Op::LITERAL as u32;
const CATEGORY: u32 = Op::CATEGORY as u32;
const CHARSET: u32 = Op::CHARSET as u32;
const BIGCHARSET: u32 = Op::BIGCHARSET as u32;
const RANGE: u32 = Op::RANGE as u32;
const RANGE_UNI_IGNORE: u32 = Op::RANGE_UNI_IGNORE as u32;
const NEGATE: u32 = Op::NEGATE as u32;

/// Whether a bit map of 32-bit words has a bit.
#[inline(always)]
fn bit(map: &[u32], n: u32) -> bool {
    map.get(n as usize / 32)
        .is_some_and(|word| word >> (n % 32) & 1 != 0)
}

/// Whether a character is in a set: the code behind an IN and its skip.
#[inline]
pub fn in_set(set: &[u32], c: u32) -> bool {
    let (mut at, mut sense) = (0, true);
    loop {
        let rest = set.get(at + 1..).unwrap_or(&[]);
        let (hit, len) = match set.get(at).copied().unwrap_or(FAILURE) {
            LITERAL => (rest.first() == Some(&c), 2),
            CATEGORY => (rest.first().is_some_and(|code| category(*code, c)), 2),
            CHARSET => (c < 256 && bit(rest, c), 9),
            RANGE => (
                matches!(rest, [low, high, ..] if (*low..=*high).contains(&c)),
                3,
            ),
            RANGE_UNI_IGNORE => {
                let within = |low: u32, high: u32| {
                    (low..=high).contains(&c) || (low..=high).contains(&upper_unicode(c))
                };
                (matches!(rest, [low, high, ..] if within(*low, *high)), 3)
            }
            NEGATE => {
                sense = !sense;
                (false, 1)
            }
            BIGCHARSET => {
                let blocks = rest.first().map_or(0, |n| *n as usize);
                (big(rest, c), 2 + 64 + blocks * 8)
            }
            _ => return !sense,
        };
        if hit {
            return sense;
        }
        at += len;
    }
}

/// A set of the basic plane: a block's number for each 256 characters, and the blocks' bit maps.
fn big(rest: &[u32], c: u32) -> bool {
    if c >= 0x10000 {
        return false;
    }
    let number = rest.get(1 + c as usize / 256 / 4).copied().unwrap_or(0);
    let block = number.to_ne_bytes()[c as usize / 256 % 4];
    rest.get(65 + usize::from(block) * 8..)
        .is_some_and(|map| bit(map, c % 256))
}

/// The lower case of an ASCII letter.
#[inline(always)]
pub fn lower_ascii(c: u32) -> u32 {
    if c.wrapping_sub(u32::from(b'A')) < 26 {
        c + 32
    } else {
        c
    }
}

fn upper_ascii(c: u32) -> u32 {
    if c.wrapping_sub(u32::from(b'a')) < 26 {
        c - 32
    } else {
        c
    }
}

/// How an operation sees the case of letters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// ASCII letters.
    Ascii,
    /// Those of the locale, which is the one of the system's start: ASCII.
    Locale,
    /// All.
    Unicode,
}

impl Case {
    /// The lower case.
    #[inline(always)]
    pub fn lower(self, c: u32) -> u32 {
        if self == Case::Unicode && c >= 128 {
            lower_unicode(c)
        } else {
            lower_ascii(c)
        }
    }

    /// Whether a character is the one of the pattern, which is in lower case unless the locale decides.
    #[inline(always)]
    pub fn same(self, pattern: u32, c: u32) -> bool {
        self.lower(c) == pattern
            || self == Case::Locale && (c == pattern || upper_ascii(c) == pattern)
    }

    /// Whether a character is in a set.
    pub fn in_set(self, set: &[u32], c: u32) -> bool {
        let low = in_set(set, self.lower(c));
        if self != Case::Locale {
            return low;
        }
        let high = in_set(set, upper_ascii(c));
        if set.first() == Some(&NEGATE) {
            low && high
        } else {
            low || high
        }
    }
}
