//! Reading ints from text.

use dashu_int::{IBig, Sign, UBig};

use super::limbs;
use crate::object::Int;
use crate::result::PyResult;
use crate::vm::Vm;

/// What became of a text.
pub enum Parsed {
    /// The value.
    Value(IBig),
    /// No literal.
    Invalid,
    /// Too many digits, of a base that is no power of two.
    TooLong(usize),
}

/// Reads a literal in a base of 2 to 36, or 0 for "as the prefix says". White space around it, a sign, and underscores
/// between digits are allowed. `limit` is the greatest number of digits (0 for any).
pub fn parse_int(text: &[u8], base: u32, limit: usize) -> Parsed {
    let text = text.trim_ascii();
    // Unlike `trim_ascii`, Python takes the vertical tab for white space too.
    let text = trim(text);
    let (negative, mut digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let prefix = match digits {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    let mut radix = base;
    if prefix != 0 && (base == 0 || base == prefix) {
        radix = prefix;
        digits = &digits[2..];
        // One underscore may follow the prefix.
        if let [b'_', rest @ ..] = digits {
            digits = rest;
        }
    } else if base == 0 {
        radix = 10;
        // In a literal, leading zeros are allowed for zero only.
        if digits.first() == Some(&b'0') && digits.iter().any(|c| !matches!(c, b'0' | b'_')) {
            return Parsed::Invalid;
        }
    }
    if digits.is_empty() {
        return Parsed::Invalid;
    }
    let mut after_digit = false;
    let mut clean = Vec::new();
    let has_underscore = digits.contains(&b'_');
    for &c in digits {
        match c {
            b'_' if after_digit => after_digit = false,
            _ if (c as char).is_digit(radix) => {
                after_digit = true;
                if has_underscore {
                    clean.push(c);
                }
            }
            _ => return Parsed::Invalid,
        }
    }
    if !after_digit {
        return Parsed::Invalid;
    }
    let digits = if has_underscore { &clean[..] } else { digits };
    if limit > 0 && digits.len() > limit && !radix.is_power_of_two() {
        return Parsed::TooLong(digits.len());
    }
    let Ok(digits) = std::str::from_utf8(digits) else {
        return Parsed::Invalid;
    };
    if digits.len() <= 12 {
        return match i64::from_str_radix(digits, radix) {
            Ok(small) => Parsed::Value(IBig::from(if negative { -small } else { small })),
            Err(_) => Parsed::Invalid,
        };
    }
    if radix == 10 && digits.len() <= limbs::READ {
        let mut room = [0; limbs::READ_LIMBS];
        let magnitude = UBig::from_words(limbs::read_decimal(digits.as_bytes(), &mut room));
        let sign = if negative {
            Sign::Negative
        } else {
            Sign::Positive
        };
        return Parsed::Value(IBig::from_parts(sign, magnitude));
    }
    match UBig::from_str_radix(digits, radix) {
        Ok(magnitude) => Parsed::Value(IBig::from_parts(
            if negative {
                Sign::Negative
            } else {
                Sign::Positive
            },
            magnitude,
        )),
        Err(_) => Parsed::Invalid,
    }
}

/// Whether all bytes are decimal digits, looked at by eights.
fn all_digits(text: &[u8]) -> bool {
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    const SIXES: u64 = 0x0606_0606_0606_0606;
    let (eights, rest) = text.as_chunks::<8>();
    rest.iter().all(u8::is_ascii_digit)
        && eights.iter().all(|eight| {
            let word = u64::from_ne_bytes(*eight);
            word & HIGH == ZEROS && word.wrapping_add(SIXES) & HIGH == ZEROS
        })
}

/// Reads a text that is nothing but a sign and decimal digits, and not too many; nothing for any other.
pub fn plain_decimal(vm: &Vm, text: &[u8]) -> Option<PyResult> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let limit = vm.int_max_str_digits.get();
    let most = if limit > 0 {
        limit.min(limbs::READ)
    } else {
        limbs::READ
    };
    if digits.is_empty() || !all_digits(digits) {
        return None;
    }
    if limit > 0 && digits.len() > limit {
        return Some(Err(too_long(vm, digits.len())));
    }
    if digits.len() > most {
        return None;
    }
    if digits.len() <= 18 {
        let value = (digits.iter()).fold(0i64, |sum, c| sum * 10 + i64::from(c - b'0'));
        return Some(vm.new_int(if negative { -value } else { value }));
    }
    let mut room = [0; limbs::READ_LIMBS];
    Some(Int::from_limbs(
        vm,
        negative,
        limbs::read_decimal(digits, &mut room),
    ))
}

/// White space as `bytes.isspace` sees it taken off both ends.
pub fn trim(text: &[u8]) -> &[u8] {
    let space = |c: &u8| matches!(c, b' ' | 9..=13);
    let start = text.iter().position(|c| !space(c)).unwrap_or(text.len());
    let end = text
        .iter()
        .rposition(|c| !space(c))
        .map_or(start, |i| i + 1);
    &text[start..end]
}

/// The ValueError of a literal with too many digits.
pub fn too_long(vm: &Vm, digits: usize) -> crate::result::Raised {
    let limit = vm.int_max_str_digits.get();
    vm.value_error(format!(
        "Exceeds the limit ({limit} digits) for integer string conversion: value has {digits} digits; use sys.set_int_max_str_digits() to increase the limit"
    ))
}

/// Reads a literal; `shown` gives the representation that the message of a bad one shows.
pub fn parse_or_raise(
    vm: &Vm,
    text: &[u8],
    base: u32,
    shown: impl FnOnce() -> PyResult<String>,
) -> PyResult<IBig> {
    match parse_int(text, base, vm.int_max_str_digits.get()) {
        Parsed::Value(value) => Ok(value),
        Parsed::TooLong(digits) => Err(too_long(vm, digits)),
        Parsed::Invalid => {
            let shown: String = shown()?.chars().take(200).collect();
            Err(vm.value_error(format!(
                "invalid literal for int() with base {base}: {shown}"
            )))
        }
    }
}
