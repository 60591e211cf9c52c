//! Building strings of strings: concatenation, repetition, slices, joining; and their order.

use std::cmp::Ordering;

use viv_heap::Ref;

use crate::object::{Str, StrData};
use crate::result::PyResult;
use crate::vm::Vm;

/// Writes the code points of a string at `out`'s width into its first places and gives what is left of `out`.
fn put<'a>(out: &'a mut [u8], width: usize, string: &Str) -> &'a mut [u8] {
    let (place, rest) = out.split_at_mut((string.len() * width).min(out.len()));
    if string.width() == width {
        place.copy_from_slice(string.as_bytes());
    } else if width == 2 {
        for (to, c) in place.chunks_exact_mut(2).zip(string.chars()) {
            to.copy_from_slice(&(c as u16).to_ne_bytes());
        }
    } else {
        for (to, c) in place.chunks_exact_mut(4).zip(string.chars()) {
            to.copy_from_slice(&c.to_ne_bytes());
        }
    }
    rest
}

/// `a + b`
pub fn concat(vm: &Vm, a: &Str, b: &Str) -> PyResult {
    if b.is_empty() && a.head.is_exact::<Str>() {
        return Ok(a.head.to_ref());
    }
    if a.is_empty() && b.head.is_exact::<Str>() {
        return Ok(b.head.to_ref());
    }
    if a.len() + b.len() <= 1 {
        return Ok(if a.is_empty() {
            super::exact(vm, b)?
        } else {
            super::exact(vm, a)?
        }
        .upcast());
    }
    let width = a.width().max(b.width());
    let made = Str::build(
        vm,
        a.len() + b.len(),
        width,
        a.is_ascii() && b.is_ascii(),
        |out| {
            let rest = put(out, width, a);
            put(rest, width, b);
        },
    )?;
    Ok(made.upcast())
}

/// The parts one after the other.
pub fn concat_all(vm: &Vm, parts: &[&Str]) -> PyResult<Ref<Str>> {
    join(vm, &vm.empty_str, parts, |part| Some(*part))
}

/// The parts one after the other, `separator` between them. `part` gives the string that stands at a place.
pub fn join<T>(
    vm: &Vm,
    separator: &Str,
    parts: &[T],
    part: impl Fn(&T) -> Option<&Str>,
) -> PyResult<Ref<Str>> {
    match parts {
        [] => return Ok(vm.empty_str.clone()),
        [only] => {
            if let Some(only) = part(only).filter(|only| only.head.is_exact::<Str>()) {
                return Ok(Ref::of(only));
            }
        }
        _ => {}
    }
    let gaps = parts.len() - 1;
    let mut total = separator.len().checked_mul(gaps);
    let (mut width, mut ascii) = if gaps > 0 && !separator.is_empty() {
        (separator.width(), separator.is_ascii())
    } else {
        (1, true)
    };
    for part in parts.iter().filter_map(&part) {
        total = total.and_then(|t| t.checked_add(part.len()));
        width = width.max(part.width());
        ascii &= part.is_ascii();
    }
    let Some(total) = total else {
        return Err(vm.overflow_error("join() result is too long for a Python string"));
    };
    if total <= 1 {
        return match parts
            .iter()
            .filter_map(&part)
            .chain([separator])
            .find(|p| !p.is_empty())
        {
            Some(one) if total == 1 => super::exact(vm, one),
            _ => Ok(vm.empty_str.clone()),
        };
    }
    Str::build(vm, total, width, ascii, |mut out| {
        for (i, part) in parts.iter().filter_map(&part).enumerate() {
            if i > 0 && !separator.is_empty() {
                out = put(out, width, separator);
            }
            out = put(out, width, part);
        }
    })
}

/// `string * count`
pub fn repeat(vm: &Vm, string: &Str, count: i64) -> PyResult {
    if count <= 0 || string.is_empty() {
        return Ok(vm.empty_str.clone().upcast());
    }
    if count == 1 {
        return Ok(super::exact(vm, string)?.upcast());
    }
    let Some(total) = string
        .len()
        .checked_mul(count as usize)
        .filter(|n| *n <= isize::MAX as usize / 4)
    else {
        return Err(vm.overflow_error("repeated string is too long"));
    };
    let made = Str::build(vm, total, string.width(), string.is_ascii(), |out| {
        fill_repeated(out, string.as_bytes())
    })?;
    Ok(made.upcast())
}

/// Fills `out` with copies of `unit`.
pub fn fill_repeated(out: &mut [u8], unit: &[u8]) {
    if let [byte] = unit {
        return out.fill(*byte);
    }
    // The filled part doubles with each copy.
    let mut filled = unit.len().min(out.len());
    out[..filled].copy_from_slice(&unit[..filled]);
    while filled < out.len() && filled > 0 {
        let more = filled.min(out.len() - filled);
        out.copy_within(..more, filled);
        filled += more;
    }
}

/// `string[start:end]`; the bounds are in range. The whole of an exact string is the string itself.
pub fn slice(vm: &Vm, string: &Str, start: usize, end: usize) -> PyResult<Ref<Str>> {
    if start == 0 && end == string.len() && string.head.is_exact::<Str>() {
        return Ok(Ref::of(string));
    }
    if end <= start {
        return Ok(vm.empty_str.clone());
    }
    if end - start == 1 {
        return vm.new_char(string.data().at(start));
    }
    match string.data() {
        StrData::One(bytes) => {
            let part = &bytes[start..end];
            let ascii = string.is_ascii() || part.is_ascii();
            Str::build(vm, part.len(), 1, ascii, |out| out.copy_from_slice(part))
        }
        StrData::Two(points) => {
            let part = &points[start..end];
            let most = part.iter().copied().max().unwrap_or(0);
            if most < 0x100 {
                return Str::build(vm, part.len(), 1, most < 0x80, |out| {
                    out.iter_mut().zip(part).for_each(|(to, &c)| *to = c as u8);
                });
            }
            let bytes = string
                .as_bytes()
                .get(start * 2..end * 2)
                .unwrap_or_default();
            Str::build(vm, part.len(), 2, false, |out| out.copy_from_slice(bytes))
        }
        StrData::Four(points) => vm.new_str_points(&points[start..end]),
    }
}

/// The order of two strings by code points.
pub fn order(a: &Str, b: &Str) -> Ordering {
    match (a.data(), b.data()) {
        (StrData::One(x), StrData::One(y)) => x.cmp(y),
        (StrData::Two(x), StrData::Two(y)) => x.cmp(y),
        (StrData::Four(x), StrData::Four(y)) => x.cmp(y),
        _ => a.chars().cmp(b.chars()),
    }
}
