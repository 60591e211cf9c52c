//! The formats of `format % values` that are used most: ASCII text with `%s`, `%r`, `%d`, `%i`, `%(name)s` and `%(name)r`
//! without flags, width or precision. Everything else, and whatever is wrong, is for the file `percent.rs`.

use viv_heap::{Object, Ref};

use crate::object::{Dict, Int, Str, Tuple};
use crate::protocol::{self, text::TextBuilder};
use crate::result::PyResult;
use crate::vm::Vm;

/// A piece of a format.
enum Piece<'a> {
    Text(&'a [u8]),
    /// The kind of a conversion, and the key where there is one.
    Conversion(u8, Option<&'a [u8]>),
}

/// The pieces of a format; nothing at the first that is not one of these.
struct Pieces<'a>(&'a [u8]);

impl<'a> Iterator for Pieces<'a> {
    type Item = Option<Piece<'a>>;

    #[inline]
    fn next(&mut self) -> Option<Option<Piece<'a>>> {
        let (&first, rest) = self.0.split_first()?;
        if first != b'%' {
            let end = memchr::memchr(b'%', self.0).unwrap_or(self.0.len());
            let (text, rest) = self.0.split_at(end);
            self.0 = rest;
            return Some(Some(Piece::Text(text)));
        }
        let (key, rest) = match rest.split_first() {
            Some((b'(', inner)) => match inner.iter().position(|c| matches!(c, b'(' | b')')) {
                Some(end) if inner[end] == b')' => (Some(&inner[..end]), &inner[end + 1..]),
                _ => return Some(None),
            },
            _ => (None, rest),
        };
        let piece = match (rest.first(), key) {
            (Some(b'%'), None) => Piece::Text(&rest[..1]),
            (Some(&kind @ (b's' | b'r')), _) => Piece::Conversion(kind, key),
            (Some(b'd' | b'i'), None) => Piece::Conversion(b'd', None),
            _ => return Some(None),
        };
        self.0 = &rest[1..];
        Some(Some(piece))
    }
}

/// Where the values of a format come from.
enum Values<'a> {
    Tuple(&'a [Ref]),
    Single(&'a Object),
    Named(&'a Dict),
}

/// Whether a format and its values are of the sort that [`format`] handles to the end. Runs no Python code.
fn fits(format: &[u8], values: &Values<'_>) -> bool {
    let mut count = 0;
    for piece in Pieces(format) {
        let (kind, key) = match piece {
            None => return false,
            Some(Piece::Text(_)) => continue,
            Some(Piece::Conversion(kind, key)) => (kind, key),
        };
        let value = match values {
            Values::Named(_) if key.is_some() => continue,
            Values::Tuple(items) if key.is_none() => items.get(count).map(Ref::as_object),
            Values::Single(value) if key.is_none() && count == 0 => Some(*value),
            _ => None,
        };
        let Some(value) = value else {
            return false;
        };
        // Long numbers have a limit on their digits.
        let small = || {
            value
                .downcast_exact::<Int>()
                .and_then(Int::as_i64)
                .is_some()
        };
        if kind == b'd' && !small() {
            return false;
        }
        count += 1;
    }
    match values {
        Values::Tuple(items) => count == items.len(),
        Values::Single(_) => count == 1,
        Values::Named(_) => true,
    }
}

/// `format % values` for a simple format; nothing for any other.
///
/// # Errors
/// What the conversions of the values raise.
pub fn format(vm: &Vm, format: &[u8], values: &Object) -> PyResult<Option<Ref<Str>>> {
    let values = match values.downcast_exact::<Tuple>() {
        Some(tuple) => Values::Tuple(tuple.as_slice()),
        None if values.downcast::<Tuple>().is_some() => return Ok(None),
        None => match values.downcast_exact::<Dict>() {
            Some(dict) if format.contains(&b'(') => Values::Named(dict),
            _ => Values::Single(values),
        },
    };
    if !format.contains(&b'%') || !fits(format, &values) {
        return Ok(None);
    }
    let mut out = TextBuilder::new();
    let mut next = 0;
    for piece in Pieces(format).flatten() {
        let (kind, key) = match piece {
            Piece::Text(text) => {
                out.push_ascii(text);
                continue;
            }
            Piece::Conversion(kind, key) => (kind, key),
        };
        let named;
        let value = match &values {
            Values::Tuple(items) => items.get(next).map(Ref::as_object),
            Values::Single(value) => Some(*value),
            Values::Named(dict) => {
                let key = vm.new_str(&String::from_utf8_lossy(key.unwrap_or_default()))?;
                named = protocol::get_item(vm, &dict.head, &key)?;
                Some(&*named)
            }
        };
        let Some(value) = value else {
            return Err(vm.system_error("a format without a value"));
        };
        next += 1;
        push(vm, &mut out, kind, value)?;
    }
    Ok(Some(out.finish(vm)?))
}

#[inline]
fn push(vm: &Vm, out: &mut TextBuilder, kind: u8, value: &Object) -> PyResult<()> {
    if let Some(int) = value.downcast_exact::<Int>()
        && let Some(()) =
            crate::types::int::limbs::with_decimal(int, |text| out.push_ascii(text.as_bytes()))
    {
        return Ok(());
    }
    let text = match kind {
        b'r' => protocol::repr(vm, value)?,
        _ => protocol::str(vm, value)?,
    };
    out.push_str(&text);
    Ok(())
}
