//! Single items of structs: between objects and bytes.

use viv_runtime::object::{ByteArray, Bytes, Complex, Int, Type};
use viv_runtime::{Object, PyResult, Raised, Vm, protocol};

use super::error;
use super::format::{Field, Kind};
use super::half;

/// The bytes of a number, least significant first, as a word.
#[inline]
fn word(raw: &[u8], big: bool) -> u64 {
    let wide = match *raw {
        [a] => return u64::from(a),
        [a, b] => [a, b, 0, 0, 0, 0, 0, 0],
        [a, b, c, d] => [a, b, c, d, 0, 0, 0, 0],
        [a, b, c, d, e, f, g, h] => [a, b, c, d, e, f, g, h],
        _ => return 0,
    };
    let word = u64::from_le_bytes(wide);
    if big {
        word.swap_bytes() >> (64 - 8 * raw.len())
    } else {
        word
    }
}

/// Writes the low bytes of a word.
#[inline]
fn put(to: &mut [u8], value: u64, big: bool) {
    let value = if big {
        value << (64 - 8 * to.len().clamp(1, 8))
    } else {
        value
    };
    let bytes = if big {
        value.to_be_bytes()
    } else {
        value.to_le_bytes()
    };
    match (to, bytes) {
        ([a], [b, ..]) => *a = b,
        ([a, b], [c, d, ..]) => (*a, *b) = (c, d),
        (to @ [_, _, _, _], [a, b, c, d, ..]) => to.copy_from_slice(&[a, b, c, d]),
        (to @ [_, _, _, _, _, _, _, _], bytes) => to.copy_from_slice(&bytes),
        _ => {}
    }
}

fn float(kind: Kind, raw: &[u8], big: bool) -> f64 {
    let bits = word(raw, big);
    match kind {
        Kind::Half => half::to_f64(bits as u16),
        Kind::Single | Kind::ComplexSingle => f64::from(f32::from_bits(bits as u32)),
        _ => f64::from_bits(bits),
    }
}

/// The object of an item's bytes.
#[inline]
pub fn load(vm: &Vm, field: &Field, raw: &[u8], big: bool) -> PyResult {
    match field.kind {
        Kind::Signed => {
            let unused = 64u32.saturating_sub(8 * raw.len() as u32).min(63);
            vm.new_int((word(raw, big) as i64) << unused >> unused)
        }
        Kind::Unsigned | Kind::Pointer => {
            let value = word(raw, big);
            match i64::try_from(value) {
                Ok(small) => vm.new_int(small),
                Err(_) => vm.new_int_from_le_bytes(&value.to_le_bytes()),
            }
        }
        Kind::Half | Kind::Single | Kind::Double => vm.new_float(float(field.kind, raw, big)),
        Kind::Bool => Ok(vm.bool(raw.first().is_some_and(|byte| *byte != 0))),
        Kind::Char | Kind::Bytes | Kind::Pad => Ok(vm.new_bytes(raw)?.upcast()),
        Kind::Pascal => {
            let text = raw.get(1..).unwrap_or_default();
            let len = raw.first().map_or(0, |n| usize::from(*n)).min(text.len());
            Ok(vm.new_bytes(text.get(..len).unwrap_or_default())?.upcast())
        }
        Kind::ComplexSingle | Kind::ComplexDouble => {
            let (re, im) = raw.split_at(raw.len() / 2);
            vm.new_complex(float(field.kind, re, big), float(field.kind, im, big))
        }
    }
}

#[cold]
fn out_of_range(vm: &Vm, field: &Field) -> Raised {
    let bits = 8 * field.size as u32;
    let (least, most) = if field.kind == Kind::Signed {
        (i64::MIN >> (64 - bits), (i64::MAX >> (64 - bits)) as u64)
    } else {
        (0, u64::MAX >> (64 - bits))
    };
    error(
        vm,
        &format!(
            "'{}' format requires {least} <= number <= {most}",
            char::from(field.letter)
        ),
    )
}

/// The low 64 bits of an integer that fits a field.
fn integer(vm: &Vm, field: &Field, value: &Object) -> PyResult<u64> {
    let holder;
    let int = match value.downcast::<Int>() {
        Some(int) => int,
        None => {
            if Type::of(value).slots.index.get().is_none() {
                return Err(error(vm, "required argument is not an integer"));
            }
            holder = protocol::index(vm, value)?;
            let Some(int) = holder.downcast::<Int>() else {
                return Err(error(vm, "required argument is not an integer"));
            };
            int
        }
    };
    let bits = 8 * field.size as u32;
    let small = int.as_i64();
    let word = match (small, int.limbs()) {
        (Some(small), _) => Some(small as u64),
        (None, &[limb]) if int.signum() > 0 => Some(limb),
        _ => None,
    };
    let fits = match (field.kind, word) {
        (_, None) => false,
        (Kind::Pointer, _) => true,
        (Kind::Signed, _) => small.is_some_and(|n| n >> (bits - 1) == n >> 63),
        (_, Some(word)) => small.is_none_or(|n| n >= 0) && (bits == 64 || word >> bits == 0),
    };
    match word {
        Some(word) if fits => Ok(word),
        _ if field.kind == Kind::Pointer => Err(error(vm, "int too large to convert")),
        _ => Err(out_of_range(vm, field)),
    }
}

fn real(vm: &Vm, value: &Object) -> PyResult<f64> {
    protocol::to_f64(vm, value).map_err(|raised| {
        drop(vm.take_raised(raised));
        error(vm, "required argument is not a float")
    })
}

fn complex(vm: &Vm, value: &Object) -> PyResult<(f64, f64)> {
    if let Some(complex) = value.downcast::<Complex>() {
        return Ok((complex.re, complex.im));
    }
    let parts = match protocol::call_special(vm, value, &*vm.intern("__complex__")?, &[]) {
        Ok(Some(made)) => made
            .downcast::<Complex>()
            .map(|complex| Ok((complex.re, complex.im))),
        Ok(None) => Some(protocol::to_f64(vm, value).map(|re| (re, 0.0))),
        Err(raised) => Some(Err(raised)),
    };
    match parts {
        Some(Ok(parts)) => return Ok(parts),
        Some(Err(raised)) => drop(vm.take_raised(raised)),
        None => {}
    }
    Err(error(vm, "required argument is not a complex"))
}

fn too_large(vm: &Vm, letter: u8) -> Raised {
    vm.overflow_error(format!(
        "float too large to pack with {} format",
        char::from(letter)
    ))
}

/// Writes an object's item; `to` has exactly the field's size.
#[inline]
pub fn store(vm: &Vm, field: &Field, value: &Object, to: &mut [u8], big: bool) -> PyResult<()> {
    match field.kind {
        Kind::Signed | Kind::Unsigned | Kind::Pointer => {
            put(to, integer(vm, field, value)?, big);
        }
        Kind::Double => put(to, real(vm, value)?.to_bits(), big),
        Kind::Single => {
            let value = real(vm, value)?;
            let narrow = value as f32;
            if narrow.is_infinite() && value.is_finite() {
                return Err(too_large(vm, field.letter));
            }
            put(to, u64::from(narrow.to_bits()), big);
        }
        Kind::Half => {
            let bits = half::of_f64(real(vm, value)?).ok_or_else(|| too_large(vm, field.letter))?;
            put(to, u64::from(bits), big);
        }
        Kind::Bool => put(to, u64::from(protocol::is_true(vm, value)?), big),
        Kind::ComplexSingle | Kind::ComplexDouble => {
            let (re, im) = complex(vm, value)?;
            // As on CPython only numbers in foreign order are checked.
            let infinite = |part: f64| (part as f32).is_infinite() && part.is_finite();
            if big && field.kind == Kind::ComplexSingle && (infinite(re) || infinite(im)) {
                return Err(too_large(vm, b'f'));
            }
            let bits = |part: f64| match field.kind {
                Kind::ComplexSingle => u64::from((part as f32).to_bits()),
                _ => part.to_bits(),
            };
            let (first, second) = to.split_at_mut(field.size / 2);
            put(first, bits(re), big);
            put(second, bits(im), big);
        }
        Kind::Char => match value.downcast::<Bytes>().map(Bytes::as_slice) {
            Some(one @ [_]) => to.copy_from_slice(one),
            _ => {
                return Err(error(vm, "char format requires a bytes object of length 1"));
            }
        },
        Kind::Bytes | Kind::Pascal | Kind::Pad => bytes(vm, field, value, to)?,
    }
    Ok(())
}

fn bytes(vm: &Vm, field: &Field, value: &Object, to: &mut [u8]) -> PyResult<()> {
    let mut fill = |from: &[u8]| {
        let (length, to) = match (field.kind, &mut *to) {
            (Kind::Pascal, [length, rest @ ..]) => (Some(length), rest),
            (_, to) => (None, to),
        };
        let len = from.len().min(to.len());
        if let (Some(to), Some(from)) = (to.get_mut(..len), from.get(..len)) {
            to.copy_from_slice(from);
        }
        if let Some(length) = length {
            *length = len.min(255) as u8;
        }
    };
    if let Some(bytes) = value.downcast::<Bytes>() {
        fill(bytes.as_slice());
    } else if let Some(array) = value.downcast::<ByteArray>() {
        fill(&array.to_vec());
    } else {
        return Err(error(
            vm,
            &format!(
                "argument for '{}' must be a bytes object",
                char::from(field.letter)
            ),
        ));
    }
    Ok(())
}
