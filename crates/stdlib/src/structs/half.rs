//! Floats of 16 bits (IEEE 754 binary16).

/// The value of a half-precision float; of a NaN the sign and the payload are kept.
pub fn to_f64(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), bits & 0x3ff);
    let magnitude = match exponent {
        0 => f64::from(fraction) * 2f64.powi(-24),
        31 => f64::from_bits(0x7ff << 52 | u64::from(fraction) << 42),
        _ => (1.0 + f64::from(fraction) / 1024.0) * 2f64.powi(exponent - 15),
    };
    if bits >> 15 == 1 {
        -magnitude
    } else {
        magnitude
    }
}

/// The half-precision bits nearest to a value, ties to even; nothing where it is too large.
pub fn of_f64(value: f64) -> Option<u16> {
    let sign = if value.is_sign_negative() { 0x8000 } else { 0 };
    let magnitude = value.abs();
    if magnitude.is_nan() {
        let payload = (magnitude.to_bits() >> 42) as u16 & 0x3ff;
        return Some(sign | 0x7c00 | if payload == 0 { 0x200 } else { payload });
    }
    if magnitude.is_infinite() {
        return Some(sign | 0x7c00);
    }
    if magnitude < 2f64.powi(-14) {
        return Some(sign | (magnitude * 2f64.powi(24)).round_ties_even() as u16);
    }
    let exponent = (magnitude.to_bits() >> 52) as i32 - 1023;
    if exponent > 15 {
        return None;
    }
    let fraction = (magnitude / 2f64.powi(exponent) * 1024.0).round_ties_even() as i32;
    let bits = ((exponent + 15) << 10) + fraction - 1024;
    (bits < 0x7c00).then_some(sign | bits as u16)
}
