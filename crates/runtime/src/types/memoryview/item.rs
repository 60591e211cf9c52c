//! The items of views: native formats of one character.

use dashu_int::IBig;
use viv_heap::Object;

use crate::object::{Bytes, Int, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// The format character, after an optional `@`; nothing for other formats.
pub fn code(format: &str) -> Option<char> {
    let mut chars = format.strip_prefix('@').unwrap_or(format).chars();
    let code = chars.next()?;
    (chars.next().is_none() && size_of_code(code).is_some()).then_some(code)
}

/// Bytes of an item of a format character.
pub fn size_of_code(code: char) -> Option<usize> {
    Some(match code {
        'c' | 'b' | 'B' | '?' => 1,
        'h' | 'H' | 'e' => 2,
        'i' | 'I' | 'f' => 4,
        'l' | 'L' | 'q' | 'Q' | 'n' | 'N' | 'd' | 'P' => 8,
        _ => return None,
    })
}

fn is_signed(code: char) -> bool {
    matches!(code, 'b' | 'h' | 'i' | 'l' | 'q' | 'n')
}

/// The object of the bytes of an item.
pub fn unpack(vm: &Vm, format: &str, raw: &[u8]) -> PyResult {
    let Some(code) = code(format) else {
        return Err(vm.not_implemented_error(format!("memoryview: unsupported format {format}")));
    };
    let mut wide = [0u8; 8];
    for (to, from) in wide.iter_mut().zip(raw) {
        *to = *from;
    }
    let value = u64::from_le_bytes(wide);
    match code {
        'c' => Ok(vm.new_bytes(raw)?.upcast()),
        '?' => Ok(vm.bool(value != 0)),
        'f' => vm.new_float(f64::from(f32::from_bits(value as u32))),
        'd' => vm.new_float(f64::from_bits(value)),
        'e' => vm.new_float(half_to_f64(value as u16)),
        _ if is_signed(code) => {
            let unused = 64 - 8 * raw.len().min(8) as u32;
            vm.new_int(if unused == 64 {
                0
            } else {
                (value as i64) << unused >> unused
            })
        }
        _ => vm.new_big_int(&IBig::from(value)),
    }
}

/// The value of a half-precision float.
fn half_to_f64(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 0x3ff));
    let magnitude = match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    };
    if bits >> 15 == 1 {
        -magnitude
    } else {
        magnitude
    }
}

/// The half-precision bits nearest to a value, ties to even; nothing where it is too large.
fn f64_to_half(value: f64) -> Option<u16> {
    let sign = if value.is_sign_negative() { 0x8000 } else { 0 };
    let magnitude = value.abs();
    if magnitude.is_nan() {
        return Some(sign | 0x7e00);
    }
    if magnitude.is_infinite() {
        return Some(sign | 0x7c00);
    }
    if magnitude < 2f64.powi(-14) {
        return Some(sign | (magnitude * 2f64.powi(24)).round_ties_even() as u16);
    }
    let exponent = (magnitude.to_bits() >> 52) as i32 - 1023;
    let fraction = (magnitude / 2f64.powi(exponent) * 1024.0).round_ties_even() as i32;
    let bits = ((exponent + 15) << 10) + fraction - 1024;
    if bits >= 0x7c00 {
        None
    } else {
        Some(sign | bits as u16)
    }
}

/// The bytes of an item that holds a value.
///
/// # Errors
/// TypeError, ValueError with the format in the message.
pub fn pack(vm: &Vm, format: &str, value: &Object) -> PyResult<Vec<u8>> {
    let Some(code) = code(format) else {
        return Err(vm.not_implemented_error(format!("memoryview: unsupported format {format}")));
    };
    let shown = format.trim_start_matches('@');
    let bad_type = || vm.type_error(format!("memoryview: invalid type for format '{shown}'"));
    let bad_value = || vm.value_error(format!("memoryview: invalid value for format '{shown}'"));
    let size = size_of_code(code).unwrap_or(1);
    match code {
        'c' => {
            let bytes = value.downcast::<Bytes>().ok_or_else(bad_type)?;
            if bytes.as_slice().len() != 1 {
                return Err(bad_value());
            }
            Ok(bytes.as_slice().to_vec())
        }
        '?' => Ok(vec![u8::from(protocol::is_true(vm, value)?)]),
        'f' | 'd' | 'e' => {
            let number = match protocol::to_f64(vm, value) {
                Ok(number) => number,
                Err(raised) => {
                    vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
                    return Err(bad_type());
                }
            };
            match code {
                'd' => Ok(number.to_le_bytes().to_vec()),
                'f' if (number as f32).is_infinite() && number.is_finite() => Err(bad_value()),
                'f' => Ok((number as f32).to_le_bytes().to_vec()),
                _ => f64_to_half(number)
                    .map(|bits| bits.to_le_bytes().to_vec())
                    .ok_or_else(bad_value),
            }
        }
        _ => {
            if value.downcast::<Int>().is_none() && Type::of(value).slots.index.get().is_none() {
                return Err(bad_type());
            }
            let index = protocol::index(vm, value)?;
            let Some(int) = index.downcast::<Int>() else {
                return Err(bad_type());
            };
            let bits = size as u32 * 8;
            let raw = if is_signed(code) {
                let fits =
                    |n: &i64| bits == 64 || (-(1i64 << (bits - 1))..1i64 << (bits - 1)).contains(n);
                int.as_i64().filter(fits).ok_or_else(bad_value)? as u64
            } else {
                let fits = |n: &u64| bits == 64 || *n >> bits == 0;
                u64::try_from(&int.to_big())
                    .ok()
                    .filter(fits)
                    .ok_or_else(bad_value)?
            };
            Ok(raw.to_le_bytes().get(..size).unwrap_or_default().to_vec())
        }
    }
}
