//! Number literals: from their text to their value.

use crate::ast::Constant;

/// The most decimal digits of an integer literal (CPython's default limit).
const MAX_DECIMAL_DIGITS: usize = 4300;

/// The value of a literal that the lexer has found well-formed; or the message of an error.
pub fn parse(text: &str) -> Result<Constant, String> {
    let owned;
    let text = if text.contains('_') {
        owned = text.replace('_', "");
        &owned
    } else {
        text
    };
    let bytes = text.as_bytes();
    if bytes.first() == Some(&b'0') && bytes.len() > 2 {
        let digits = &text[2..];
        match bytes[1] | 0x20 {
            b'x' => return Ok(integer(digits, 4)),
            b'o' => return Ok(integer(digits, 3)),
            b'b' => return Ok(integer(digits, 1)),
            _ => {}
        }
    }
    if let Some(body) = text.strip_suffix(['j', 'J']) {
        return Ok(Constant::Imaginary(float(body)));
    }
    if bytes.iter().all(u8::is_ascii_digit) {
        return decimal(text);
    }
    Ok(Constant::Float(float(text)))
}

fn float(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

fn decimal(text: &str) -> Result<Constant, String> {
    if let Ok(value) = text.parse() {
        return Ok(Constant::Int(value));
    }
    let digits = text.trim_start_matches('0');
    if digits.len() > MAX_DECIMAL_DIGITS {
        return Err(format!(
            "Exceeds the limit ({MAX_DECIMAL_DIGITS} digits) for integer string conversion: value has {} digits; \
             use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer \
             literals to avoid decimal conversion limits.",
            digits.len()
        ));
    }
    let mut limbs: Vec<u32> = Vec::new();
    for chunk in digits.as_bytes().chunks(9) {
        let value = chunk.iter().fold(0u64, |v, b| v * 10 + u64::from(b - b'0'));
        let mut carry = value;
        for limb in &mut limbs {
            carry += u64::from(*limb) * 10u64.pow(chunk.len() as u32);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            limbs.push(carry as u32);
        }
    }
    let mut hex = String::from("0x");
    for (i, limb) in limbs.iter().rev().enumerate() {
        hex.push_str(&if i == 0 {
            format!("{limb:x}")
        } else {
            format!("{limb:08x}")
        });
    }
    Ok(Constant::BigInt(hex.into_boxed_str()))
}

/// An integer of `bits` bits a digit.
fn integer(digits: &str, bits: u32) -> Constant {
    let digits = digits.trim_start_matches('0');
    if let Ok(value) = i64::from_str_radix(if digits.is_empty() { "0" } else { digits }, 1 << bits)
    {
        return Constant::Int(value);
    }
    // Gather bits from the right, a hexadecimal digit at a time.
    let mut hex = Vec::new();
    let (mut pending, mut held) = (0u32, 0u32);
    for digit in digits.bytes().rev() {
        pending |= char::from(digit).to_digit(16).unwrap_or(0) << held;
        held += bits;
        while held >= 4 {
            hex.push(char::from_digit(pending & 15, 16).unwrap_or('0'));
            pending >>= 4;
            held -= 4;
        }
    }
    if pending > 0 {
        hex.push(char::from_digit(pending, 16).unwrap_or('0'));
    }
    while hex.last() == Some(&'0') {
        hex.pop();
    }
    let text: String = "0x".chars().chain(hex.into_iter().rev()).collect();
    Constant::BigInt(text.into_boxed_str())
}

/// The decimal digits of a [`Constant::BigInt`].
#[must_use]
pub fn to_decimal(hex: &str) -> String {
    let mut limbs: Vec<u32> = Vec::new(); // Base 10^9, least first.
    for digit in hex.trim_start_matches("0x").chars() {
        let mut carry = u64::from(digit.to_digit(16).unwrap_or(0));
        for limb in &mut limbs {
            carry += u64::from(*limb) * 16;
            *limb = (carry % 1_000_000_000) as u32;
            carry /= 1_000_000_000;
        }
        if carry > 0 {
            limbs.push(carry as u32);
        }
    }
    let mut text = String::new();
    for (i, limb) in limbs.iter().rev().enumerate() {
        text.push_str(&if i == 0 {
            limb.to_string()
        } else {
            format!("{limb:09}")
        });
    }
    if text.is_empty() {
        "0".to_owned()
    } else {
        text
    }
}
