//! `float.hex` and `float.fromhex`.

use viv_heap::Object;

use super::{arith, construct};
use crate::native::{MethodDef, NativeCall};
use crate::object::{Float, Str, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::int::arith::scale;
use crate::types::int::parse::trim;
use crate::types::sequence::receiver;
use crate::vm::Vm;

/// The methods.
pub const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "hex",
        "($self, /)",
        NativeCall::NoArgs(hex),
        "Return a hexadecimal representation of a floating-point number.\n\n>>> (-0.1).hex()\n'-0x1.999999999999ap-4'\n>>> 3.14159.hex()\n'0x1.921f9f01b866ep+1'",
    ),
    MethodDef::class(
        "fromhex",
        "($type, string, /)",
        NativeCall::One(from_hex),
        "Create a floating-point number from a hexadecimal string.\n\n>>> float.fromhex('0x1.ffffp10')\n2047.984375\n>>> float.fromhex('-0x1p-1074')\n-5e-324",
    ),
];

fn hex(vm: &Vm, this: &Object) -> PyResult {
    let value = receiver::<Float>(vm, this)?.value();
    if !value.is_finite() {
        return Ok(vm
            .new_str(&crate::types::format::double::repr(value))?
            .upcast());
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value == 0.0 {
        return Ok(vm.new_str(&format!("{sign}0x0.0p+0"))?.upcast());
    }
    let (mantissa, exponent) = arith::decompose(value);
    let lead = mantissa >> 52;
    Ok(vm
        .new_str(&format!(
            "{sign}0x{lead}.{:013x}p{:+}",
            mantissa & ((1 << 52) - 1),
            exponent + 52
        ))?
        .upcast())
}

fn from_hex(vm: &Vm, this: &Object, text: &Object) -> PyResult {
    let Some(text) = text.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "fromhex() argument must be str, not {}",
            protocol::type_name(text)
        )));
    };
    let invalid = || vm.value_error("invalid hexadecimal floating-point string");
    let bytes = text.as_ascii().ok_or_else(invalid)?.as_bytes();
    let value = match parse(trim(bytes)) {
        Hex::Value(value) => value,
        Hex::Invalid => return Err(invalid()),
        Hex::TooLarge => {
            return Err(vm.overflow_error("hexadecimal value too large to represent as a float"));
        }
    };
    let made = vm.new_float(value)?;
    match this.downcast::<Type>() {
        Some(ty) if !ty.is(&vm.types.float) => protocol::call_one(vm, &ty.head, &made),
        _ => Ok(made),
    }
}

enum Hex {
    Value(f64),
    Invalid,
    TooLarge,
}

fn parse(text: &[u8]) -> Hex {
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let signed = |x: f64| Hex::Value(if negative { -x } else { x });
    if rest
        .first()
        .is_some_and(|c| matches!(c, b'i' | b'I' | b'n' | b'N'))
    {
        return construct::parse_plain(rest).map_or(Hex::Invalid, signed);
    }
    let rest = match rest {
        [b'0', b'x' | b'X', digits @ ..] => digits,
        digits => digits,
    };
    let end = rest
        .iter()
        .position(|c| matches!(c, b'p' | b'P'))
        .unwrap_or(rest.len());
    let (digits, exponent) = rest.split_at(end);
    let mut power: i64 = 0;
    if let [_, number @ ..] = exponent {
        let (sign, number) = match number {
            [b'-', n @ ..] => (-1, n),
            [b'+', n @ ..] => (1, n),
            n => (1, n),
        };
        if number.is_empty() || !number.iter().all(u8::is_ascii_digit) {
            return Hex::Invalid;
        }
        power = sign
            * number
                .iter()
                .fold(0i64, |n, c| (n * 10 + i64::from(c - b'0')).min(1 << 40));
    }
    // The first 120 bits that matter, then a sticky bit for whatever follows.
    let (mut bits, mut dropped, mut any, mut point, mut sticky) =
        (0u128, 0i64, false, false, false);
    for &c in digits {
        if c == b'.' && !point {
            point = true;
            continue;
        }
        let Some(digit) = (c as char).to_digit(16) else {
            return Hex::Invalid;
        };
        any = true;
        if bits >> 116 == 0 {
            bits = bits << 4 | u128::from(digit);
            dropped -= i64::from(point) * 4;
        } else {
            sticky |= digit != 0;
            dropped += i64::from(!point) * 4;
        }
    }
    if !any {
        return Hex::Invalid;
    }
    match scale(bits << 1 | u128::from(sticky), power + dropped - 1) {
        Some(value) => signed(value),
        None => Hex::TooLarge,
    }
}
