//! Properties of characters as Python sees them. Code points are `u32`: lone surrogates occur.

mod tables;

use unicode_general_category::{GeneralCategory, get_general_category};

use crate::object::{Str, StrData};

fn in_ranges(ranges: &[(u32, u32)], c: u32) -> bool {
    let i = ranges.partition_point(|&(_, end)| end < c);
    ranges.get(i).is_some_and(|&(start, _)| start <= c)
}

/// The category of a code point that stands for no character (yet).
pub const UNASSIGNED: GeneralCategory = GeneralCategory::Unassigned;

/// The general category; a surrogate has one too.
pub fn category(c: u32) -> GeneralCategory {
    match char::from_u32(c) {
        Some(c) => get_general_category(c),
        None => GeneralCategory::Surrogate,
    }
}

/// `str.isalpha` of a character.
pub fn is_alpha(c: u32) -> bool {
    use GeneralCategory as G;
    if c < 0x80 {
        return (c as u8).is_ascii_alphabetic();
    }
    matches!(
        category(c),
        G::LowercaseLetter
            | G::UppercaseLetter
            | G::TitlecaseLetter
            | G::ModifierLetter
            | G::OtherLetter
    )
}

/// The value of a decimal digit.
pub fn decimal_value(c: u32) -> Option<u32> {
    if c < 0x80 {
        return (c as u8).is_ascii_digit().then(|| c - 0x30);
    }
    let i = tables::DECIMAL_ZEROS
        .partition_point(|&zero| zero <= c)
        .checked_sub(1)?;
    tables::DECIMAL_ZEROS
        .get(i)
        .map(|zero| c - zero)
        .filter(|value| *value < 10)
}

/// `str.isdecimal` of a character.
pub fn is_decimal(c: u32) -> bool {
    decimal_value(c).is_some()
}

/// `str.isdigit` of a character.
pub fn is_digit(c: u32) -> bool {
    is_decimal(c) || in_ranges(tables::DIGITS, c)
}

/// `str.isnumeric` of a character.
pub fn is_numeric(c: u32) -> bool {
    is_decimal(c) || in_ranges(tables::NUMBERS, c)
}

/// `str.isalnum` of a character.
pub fn is_alnum(c: u32) -> bool {
    is_alpha(c) || is_numeric(c)
}

/// `str.isspace` of a character.
pub fn is_space(c: u32) -> bool {
    matches!(c, 9..=13 | 0x1c..=0x20 | 0x85 | 0xa0 | 0x1680 | 0x2000..=0x200a | 0x2028 | 0x2029 | 0x202f | 0x205f | 0x3000)
}

/// Whether `str.splitlines` ends a line at a character.
pub fn is_line_break(c: u32) -> bool {
    matches!(c, 10..=13 | 0x1c..=0x1e | 0x85 | 0x2028 | 0x2029)
}

/// Whether `repr` shows a character as it is.
pub fn is_printable(c: u32) -> bool {
    use GeneralCategory as G;
    if c < 0x7f {
        return c >= 0x20;
    }
    !matches!(
        category(c),
        G::Control
            | G::Format
            | G::Surrogate
            | G::PrivateUse
            | G::Unassigned
            | G::LineSeparator
            | G::ParagraphSeparator
            | G::SpaceSeparator
    )
}

/// Whether an identifier may begin with a character.
pub fn is_identifier_start(c: u32) -> bool {
    c == u32::from(b'_') || char::from_u32(c).is_some_and(unicode_ident::is_xid_start)
}

/// Whether an identifier may go on with a character.
pub fn is_identifier_continue(c: u32) -> bool {
    char::from_u32(c).is_some_and(unicode_ident::is_xid_continue)
}

/// Whether a character is an upper-case letter.
pub fn is_upper(c: u32) -> bool {
    char::from_u32(c).is_some_and(char::is_uppercase)
}

/// Whether a character is a lower-case letter.
pub fn is_lower(c: u32) -> bool {
    char::from_u32(c).is_some_and(char::is_lowercase)
}

/// Whether a character is a title-case letter.
pub fn is_title(c: u32) -> bool {
    c >= 0x1c5 && category(c) == GeneralCategory::TitlecaseLetter
}

/// Whether a character has case.
pub fn is_cased(c: u32) -> bool {
    is_lower(c) || is_upper(c) || is_title(c)
}

/// Whether the rule of the final sigma looks past a character.
fn is_case_ignorable(c: u32) -> bool {
    use GeneralCategory as G;
    match category(c) {
        G::NonspacingMark
        | G::EnclosingMark
        | G::Format
        | G::ModifierLetter
        | G::ModifierSymbol => true,
        _ => matches!(
            c,
            0x27 | 0x2e
                | 0x3a
                | 0xb7
                | 0x387
                | 0x55f
                | 0x5f4
                | 0x2018
                | 0x2019
                | 0x2024
                | 0x2027
                | 0xfe13
                | 0xfe52
                | 0xfe55
                | 0xff07
                | 0xff0e
                | 0xff1a
        ),
    }
}

/// Adds the upper case of a character.
pub fn push_upper(c: u32, out: &mut Vec<u32>) {
    match char::from_u32(c) {
        Some(c) => out.extend(c.to_uppercase().map(u32::from)),
        None => out.push(c),
    }
}

/// Adds the title case of a character.
pub fn push_title(c: u32, out: &mut Vec<u32>) {
    if c < 128 {
        return out.push(u32::from((c as u8).to_ascii_uppercase()));
    }
    match tables::TITLE.binary_search_by_key(&c, |entry| entry.0) {
        Ok(i) => out.extend(
            tables::TITLE
                .get(i)
                .into_iter()
                .flat_map(|entry| entry.1.chars())
                .map(u32::from),
        ),
        Err(_) => push_upper(c, out),
    }
}

/// Adds the lower case of a character, whatever stands around it.
pub fn push_lower(c: u32, out: &mut Vec<u32>) {
    if c < 128 {
        return out.push(u32::from((c as u8).to_ascii_lowercase()));
    }
    match char::from_u32(c) {
        Some(c) => out.extend(c.to_lowercase().map(u32::from)),
        None => out.push(c),
    }
}

/// Adds the lower case of the character at `i`: a capital sigma at the end of a word becomes the final one.
pub fn push_lower_at(points: &[u32], i: usize, out: &mut Vec<u32>) {
    let Some(&c) = points.get(i) else { return };
    if c != 0x3a3 {
        return push_lower(c, out);
    }
    let before = points
        .iter()
        .take(i)
        .rev()
        .find(|&&c| !is_case_ignorable(c))
        .is_some_and(|&c| is_cased(c));
    let after = points
        .iter()
        .skip(i + 1)
        .find(|&&c| !is_case_ignorable(c))
        .is_some_and(|&c| is_cased(c));
    out.push(if before && !after { 0x3c2 } else { 0x3c3 });
}

/// Adds the case folding of a character.
pub fn push_fold(c: u32, out: &mut Vec<u32>) {
    match tables::FOLD.binary_search_by_key(&c, |entry| entry.0) {
        Ok(i) => out.extend(
            tables::FOLD
                .get(i)
                .into_iter()
                .flat_map(|entry| entry.1.chars())
                .map(u32::from),
        ),
        Err(_) => push_lower(c, out),
    }
}

/// The text for the readers of numbers: decimal digits of any script become ASCII ones, white space becomes spaces, and any
/// other character a question mark, which is no part of a number.
pub fn to_decimal_ascii(text: &Str) -> Vec<u8> {
    match text.data() {
        StrData::One(bytes) if text.is_ascii() => bytes
            .iter()
            .map(|&c| if is_space(u32::from(c)) { b' ' } else { c })
            .collect(),
        _ => text
            .chars()
            .map(|c| match decimal_value(c) {
                Some(digit) => b'0' + digit as u8,
                None if is_space(c) => b' ',
                None if c < 0x80 => c as u8,
                None => b'?',
            })
            .collect(),
    }
}
