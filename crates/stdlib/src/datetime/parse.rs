//! Reading ISO 8601.
//!
//! Dates are `YYYY-MM-DD`, `YYYYMMDD`, `YYYY-Www`, `YYYYWww`, `YYYY-Www-D` and `YYYYWwwD`; times `HH[:MM[:SS[.f+]]]` or the same
//! without colons, an offset or `Z` behind them.

use viv_runtime::object::Str;
use viv_runtime::{PyResult, Raised, Vm, protocol};

use super::calendar::from_iso;
use super::zone;

/// "Invalid isoformat string"
#[cold]
pub fn invalid(vm: &Vm, text: &Str) -> Raised {
    match protocol::repr(vm, &text.head) {
        Ok(shown) => vm.value_error(format!("Invalid isoformat string: {}", shown.to_text())),
        Err(raised) => raised,
    }
}

/// The number that some digits are.
fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0, |number, c| {
        c.is_ascii_digit()
            .then(|| number * 10 + i64::from(c - b'0'))
    })
}

/// Year, month and day; only weeks are checked.
pub fn date(text: &[u8]) -> Option<(i64, i64, i64)> {
    let year = digits(text.get(..4)?)?;
    let dashes = text.get(4) == Some(&b'-');
    let rest = &text[4 + usize::from(dashes)..];
    if rest.first() == Some(&b'W') {
        let week = digits(rest.get(1..3)?)?;
        let weekday = match (rest.get(3..)?, dashes) {
            ([], _) => 1,
            ([b'-', day], true) | ([day], false) => digits(&[*day])?,
            _ => return None,
        };
        return from_iso(year, week, weekday).ok();
    }
    let month = digits(rest.get(..2)?)?;
    let day = match (rest.get(2..)?, dashes) {
        ([b'-', day @ ..], true) | (day, false) if day.len() == 2 => digits(day)?,
        _ => return None,
    };
    Some((year, month, day))
}

/// A time, as it is written.
#[derive(Clone, Copy, Default)]
pub struct Parts {
    /// Hour, minute, second.
    pub clock: [i64; 3],
    /// Microseconds.
    pub micro: i64,
    /// The offset from UTC in microseconds.
    pub offset: Option<i64>,
}

/// `HH[:MM[:SS[.f+]]]`, into numbers and microseconds.
fn clock(text: &[u8]) -> Option<([i64; 3], i64)> {
    let mut numbers = [0; 3];
    let mut rest = text;
    let mut colons = false;
    for (i, number) in numbers.iter_mut().enumerate() {
        *number = digits(rest.get(..2)?)?;
        rest = &rest[2..];
        let Some(next) = rest.first() else {
            return Some((numbers, 0));
        };
        if i == 0 {
            colons = *next == b':';
        }
        if i == 2 {
            break;
        }
        match (next, colons) {
            (b':', true) => rest = &rest[1..],
            (_, false) => {}
            _ => return None,
        }
    }
    let [b'.' | b',', fraction @ ..] = rest else {
        return None;
    };
    if fraction.is_empty() {
        return None;
    }
    digits(&fraction[..fraction.len().min(18)])?;
    if !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let shown = &fraction[..fraction.len().min(6)];
    let scale = 10_i64.pow(6 - shown.len() as u32);
    Some((numbers, digits(shown)? * scale))
}

/// A time with or without an offset.
pub fn time(text: &[u8]) -> Option<Parts> {
    let sign = text.iter().position(|c| matches!(c, b'+' | b'-' | b'Z'));
    let (own, zone) = text.split_at(sign.unwrap_or(text.len()));
    let (numbers, micro) = clock(own)?;
    let offset = match zone {
        [] => None,
        [b'Z'] => Some(0),
        [b'Z', ..] => return None,
        [sign, offset @ ..] => {
            let ([hours, minutes, seconds], micro) = clock(offset)?;
            let micros = (hours * 3600 + minutes * 60 + seconds) * 1_000_000 + micro;
            Some(if *sign == b'-' { -micros } else { micros })
        }
    };
    Some(Parts {
        clock: numbers,
        micro,
        offset,
    })
}

/// Makes the time 24:00 that of the next day's beginning: whether it was one.
///
/// # Errors
/// ValueError
pub fn midnight(vm: &Vm, parts: &mut Parts) -> PyResult<bool> {
    if parts.clock[0] != 24 {
        return Ok(false);
    }
    if parts.clock[1..] != [0, 0] || parts.micro != 0 {
        return Err(vm.value_error("minute, second, and microsecond must be 0 when hour is 24"));
    }
    parts.clock[0] = 0;
    Ok(true)
}

/// The `timezone` of an offset.
pub fn zone_of(vm: &Vm, parts: &Parts) -> PyResult<Option<viv_runtime::Ref>> {
    parts
        .offset
        .map(|offset| zone::of_offset(vm, offset))
        .transpose()
}

/// Where the time begins in a text that begins with a date: behind the character that parts them.
pub fn separator(text: &[u32]) -> Option<usize> {
    let is = |i: usize, c: char| text.get(i) == Some(&u32::from(c));
    let digit = |i: usize| {
        text.get(i)
            .is_some_and(|c| (u32::from('0')..=u32::from('9')).contains(c))
    };
    let len = text.len();
    if len == 7 {
        return Some(7);
    }
    if len < 7 {
        return None;
    }
    if is(4, '-') {
        if !is(5, 'W') {
            return Some(10);
        }
        if len > 8 && is(8, '-') {
            if len == 9 {
                return None;
            }
            // A week without a day, parted by a hyphen; or one with a day behind its own hyphen.
            return Some(if len > 10 && digit(10) { 8 } else { 10 });
        }
        return Some(8);
    }
    if is(4, 'W') {
        let end = (7..len).find(|i| !digit(*i)).unwrap_or(len);
        if end < 9 {
            return Some(end);
        }
        return Some(if end % 2 == 0 { 7 } else { 8 });
    }
    Some(8)
}
