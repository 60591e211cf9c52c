//! Decimal numbers as text.

use dashu_int::UBig;
use viv_runtime::types::unicode::decimal_value;

use super::number::{Kind, Number, digits};
use super::small::small;

/// Reads a number; `strict` takes no blanks and no underscores.
pub fn parse(text: impl Iterator<Item = u32>, strict: bool) -> Option<Number> {
    // Digits of any script count as those of ASCII.
    let mut ascii = String::new();
    for c in text {
        let digit = decimal_value(c).and_then(|value| char::from_digit(value, 10));
        let c = digit.or_else(|| char::from_u32(c))?;
        let c = if c.is_whitespace() { ' ' } else { c };
        if !c.is_ascii() {
            return None;
        }
        if c == '_' && !strict {
            continue;
        }
        ascii.push(c);
    }
    let text = if strict { &ascii } else { ascii.trim() };
    let (negative, rest) = match text.as_bytes() {
        [b'-', ..] => (true, text.get(1..)?),
        [b'+', ..] => (false, text.get(1..)?),
        _ => (false, text),
    };
    let lower = rest.to_ascii_lowercase();
    if lower == "inf" || lower == "infinity" {
        return Some(Number::infinite(negative));
    }
    for (prefix, kind) in [("snan", Kind::Signaling), ("nan", Kind::Quiet)] {
        if let Some(payload) = lower.strip_prefix(prefix) {
            if !payload.bytes().all(|c| c.is_ascii_digit()) {
                return None;
            }
            return Some(Number {
                negative,
                kind,
                coefficient: coefficient(payload)?,
                exponent: 0,
            });
        }
    }
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
        None => (lower.as_str(), 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |part: &str| part.bytes().all(|c| c.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    Some(Number::finite(
        negative,
        coefficient(&digits)?,
        exponent.saturating_sub(fraction.len() as i64),
    ))
}

fn coefficient(digits: &str) -> Option<UBig> {
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some(UBig::ZERO);
    }
    if digits.len() <= 38 {
        return digits.parse::<u128>().ok().map(UBig::from);
    }
    UBig::from_str_radix(digits, 10).ok()
}

/// An exponent; too large ones are cut, so that they stay out of every range.
fn read_exponent(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits.iter().fold(0i64, |value, digit| {
        value
            .saturating_mul(10)
            .saturating_add(i64::from(digit - b'0'))
            .min(4_000_000_000_000_000_000)
    });
    Some(if negative { -value } else { value })
}

/// The digits of a coefficient.
pub fn digit_text(coefficient: &UBig) -> String {
    match u128::try_from(coefficient) {
        Ok(small) => small.to_string(),
        Err(_) => coefficient.to_string(),
    }
}

/// A finite number of a coefficient of 64 bits that is written without an exponent.
pub fn write_plain<'a>(n: &Number, places: &'a mut [u8; 32]) -> Option<&'a str> {
    if n.kind != Kind::Finite {
        return None;
    }
    let mut rest = small(&n.coefficient)?;
    let fraction = usize::try_from(n.exponent.checked_neg()?).ok()?;
    // The digits from the last to the first, the point among them.
    let mut at = places.len();
    let mut put = |byte: u8| {
        at = at.checked_sub(1)?;
        *places.get_mut(at)? = byte;
        Some(())
    };
    let (mut count, mut digits) = (0, 0);
    while count <= fraction || rest != 0 {
        if count == fraction && fraction != 0 {
            put(b'.')?;
        }
        if rest != 0 {
            digits += 1;
        }
        put(b'0' + (rest % 10) as u8)?;
        rest /= 10;
        count += 1;
    }
    // As many zeros as this before the first digit are written with an exponent.
    if fraction as i64 - digits.max(1) >= 6 {
        return None;
    }
    if n.negative {
        put(b'-')?;
    }
    std::str::from_utf8(places.get(at..)?).ok()
}

/// `str(number)`, or in engineering style with exponents that are multiples of three.
pub fn write(n: &Number, engineering: bool, capitals: bool) -> String {
    let sign = if n.negative { "-" } else { "" };
    match n.kind {
        Kind::Infinite => return format!("{sign}Infinity"),
        Kind::Quiet | Kind::Signaling => {
            let name = if n.kind == Kind::Quiet { "NaN" } else { "sNaN" };
            let payload = if n.coefficient == UBig::ZERO {
                String::new()
            } else {
                digit_text(&n.coefficient)
            };
            return format!("{sign}{name}{payload}");
        }
        Kind::Finite => {
            if let Some(text) = write_plain(n, &mut [0; 32]) {
                return text.to_owned();
            }
        }
    }
    let text = digit_text(&n.coefficient);
    let count = digits(&n.coefficient);
    // How many digits stand before the point, if there were no exponent.
    let left = n.exponent + count;
    let point = if n.exponent <= 0 && left > -6 {
        left
    } else if !engineering {
        1
    } else if n.coefficient == UBig::ZERO {
        (left + 1).rem_euclid(3) - 1
    } else {
        (left - 1).rem_euclid(3) + 1
    };
    let body = if point <= 0 {
        format!("0.{}{text}", "0".repeat(point.unsigned_abs() as usize))
    } else if point >= count {
        format!("{text}{}", "0".repeat((point - count) as usize))
    } else {
        let (whole, fraction) = text.split_at(point as usize);
        format!("{whole}.{fraction}")
    };
    if left == point {
        format!("{sign}{body}")
    } else {
        let e = if capitals { 'E' } else { 'e' };
        format!("{sign}{body}{e}{:+}", left - point)
    }
}
