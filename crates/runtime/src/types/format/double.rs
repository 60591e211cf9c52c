//! Floats as decimal text.

use std::fmt::Write;

/// The shortest text that reads back as the same float, as `repr` shows it.
pub fn repr(value: f64) -> String {
    decimal(value, Style::Shortest { point_zero: true }, false)
}

/// The shortest text, `.0` left out: for the parts of complex numbers.
pub fn repr_short(value: f64) -> String {
    decimal(value, Style::Shortest { point_zero: false }, false)
}

/// How a float is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// `e`: a number of digits after the point, with an exponent.
    Exponent(usize),
    /// `f`: a number of digits after the point.
    Fixed(usize),
    /// `g`: a number of significant digits.
    General {
        /// The number of digits.
        precision: usize,
        /// Whether whole numbers get `.0`, and the exponent comes a digit sooner.
        point_zero: bool,
    },
    /// `r`: as many digits as are needed.
    Shortest {
        /// Whether whole numbers get `.0`.
        point_zero: bool,
    },
}

/// More digits than any float has; what follows are zeros.
const MOST_DIGITS: usize = 1100;

/// The text of a float with its sign. `alternate` keeps the point and, in the general style, the zeros at the end.
pub fn decimal(value: f64, style: Style, alternate: bool) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let magnitude = value.abs();
    let body = match style {
        Style::Fixed(precision) => {
            let mut text = fixed(magnitude, precision.min(MOST_DIGITS));
            pad_zeros(&mut text, precision.saturating_sub(MOST_DIGITS));
            if alternate && precision == 0 {
                text.push('.');
            }
            text
        }
        Style::Exponent(precision) => {
            let (digits, point) = digits(magnitude, precision + 1);
            scientific(&digits, point, alternate)
        }
        Style::General {
            precision,
            point_zero,
        } => {
            let precision = precision.max(1);
            let (mut digits, point) = digits(magnitude, precision);
            if !alternate {
                strip_zeros(&mut digits);
            }
            let limit = precision as i64 - i64::from(point_zero);
            if point <= -4 || point > limit {
                scientific(&digits, point, alternate)
            } else {
                positional(&digits, point, point_zero, alternate)
            }
        }
        Style::Shortest { point_zero } => {
            let (digits, point) = shortest(magnitude);
            if point <= -4 || point > 16 {
                scientific(&digits, point, alternate)
            } else {
                positional(&digits, point, point_zero, alternate)
            }
        }
    };
    if sign.is_empty() {
        body
    } else {
        format!("-{body}")
    }
}

fn pad_zeros(text: &mut String, count: usize) {
    text.extend(std::iter::repeat_n('0', count));
}

fn strip_zeros(digits: &mut String) {
    while digits.len() > 1 && digits.ends_with('0') {
        digits.pop();
    }
}

/// Splits Rust's `d.ddde±x` into the digits and the place of the point: the value is `0.digits * 10**point`.
fn split(text: &str) -> (String, i64) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    (digits, exponent.parse::<i64>().unwrap_or(0) + 1)
}

fn shortest(magnitude: f64) -> (String, i64) {
    let text = format!("{magnitude:e}");
    let (digits, point) = split(&text);
    // Two texts may be equally short and equally near, which takes a large number with few bits of fraction: Python then
    // wants the even digit, Rust gives the greater one.
    if digits.len() >= 15 && magnitude > 1e9 && magnitude < 1e24 {
        let even = format!("{magnitude:.*e}", digits.len() - 1);
        if even != text && even.parse() == Ok(magnitude) {
            return split(&even);
        }
    }
    (digits, point)
}

/// A number of significant digits, rounded to even, and the place of the point.
fn digits(magnitude: f64, count: usize) -> (String, i64) {
    let (mut digits, point) = split(&format!("{magnitude:.*e}", count.min(MOST_DIGITS) - 1));
    pad_zeros(&mut digits, count.saturating_sub(MOST_DIGITS));
    (digits, point)
}

fn scientific(digits: &str, point: i64, alternate: bool) -> String {
    let (first, rest) = digits.split_at(1);
    let dot = if rest.is_empty() && !alternate {
        ""
    } else {
        "."
    };
    let exponent = point - 1;
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{dot}{rest}e{sign}{:02}", exponent.abs())
}

fn positional(digits: &str, point: i64, point_zero: bool, alternate: bool) -> String {
    let length = digits.len() as i64;
    if point <= 0 {
        return format!("0.{}{digits}", "0".repeat(-point as usize));
    }
    if point >= length {
        let end = if point_zero {
            ".0"
        } else if alternate {
            "."
        } else {
            ""
        };
        return format!("{digits}{}{end}", "0".repeat((point - length) as usize));
    }
    let (whole, rest) = digits.split_at(point as usize);
    format!("{whole}.{rest}")
}

/// A number that is not negative with so many digits behind the point, rounded to the nearest, ties to even.
///
/// Most fit into 128 bits as a whole number of units of their last binary digit, and are rounded exactly there.
pub fn fixed(magnitude: f64, digits: usize) -> String {
    const MOST: usize = 19;
    let bits = magnitude.to_bits();
    let exponent = (bits >> 52) as i32 & 0x7ff;
    let fraction = bits & ((1 << 52) - 1);
    // The value is `mantissa` over two to the power of `shift`.
    let (mantissa, shift) = (fraction | 1 << 52, 1075 - exponent);
    if digits > MOST || exponent == 0 || !(1..=120).contains(&shift) {
        return format!("{magnitude:.digits$}");
    }
    let power = 10u64.pow(digits as u32);
    let scaled = u128::from(mantissa) * u128::from(power);
    let (mut units, rest) = (scaled >> shift, scaled & ((1 << shift) - 1));
    let half = 1u128 << (shift - 1);
    if rest > half || (rest == half && units & 1 == 1) {
        units += 1;
    }
    let (whole, behind) = (
        units / u128::from(power),
        (units % u128::from(power)) as u64,
    );
    // The whole part is below two to the power of 53.
    let mut text = (whole as u64).to_string();
    if digits > 0 {
        let _ = write!(text, ".{behind:0digits$}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::fixed;

    #[test]
    fn fixed_is_what_the_long_way_gives() {
        let values = [
            0.5,
            1.5,
            2.5,
            0.125,
            2.675,
            1e-5,
            123456.789,
            9.995,
            0.05,
            999.9999,
            1e15,
            4503599627370497.5,
            f64::MIN_POSITIVE,
            1e-30,
            1e22,
            0.1,
            3.0,
            0.0,
        ];
        for value in values {
            for digits in 0..22 {
                assert_eq!(
                    fixed(value, digits),
                    format!("{value:.digits$}"),
                    "{value} {digits}"
                );
            }
        }
    }
}
