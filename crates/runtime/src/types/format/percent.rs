//! `format % values` of str and bytes.

use viv_heap::{Object, Ref};

use super::double::{Style, decimal};
use super::number::digits_in;
use crate::object::{ByteArray, Bytes, Dict, Float, Int, List, Str, Tuple, Type};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::buffer;
use crate::vm::Vm;

/// `str % values`
pub fn format_str(vm: &Vm, format: &Str, values: &Object) -> PyResult<Ref<Str>> {
    if format.as_ascii() == Some("%s") {
        // A string that is the whole result is not copied.
        let value = match values.downcast::<Tuple>().map(Tuple::as_slice) {
            Some([value]) => value,
            _ => values,
        };
        if value.is_exact::<Str>()
            && let Ok(text) = value.to_ref().cast::<Str>()
        {
            return Ok(text);
        }
    }
    if let Some(ascii) = format.as_ascii()
        && let Some(text) = super::quick::format(vm, ascii.as_bytes(), values)?
    {
        return Ok(text);
    }
    let points: Vec<u32> = format.chars().collect();
    let out = Formatter::new(vm, &points, values, false).run()?;
    // A string that comes out as it went in is not copied.
    let only = match values.downcast::<Tuple>().map(Tuple::as_slice) {
        Some([value]) => Some(&**value),
        Some([]) => Some(&format.head),
        Some(_) => None,
        None => Some(values),
    };
    match only
        .filter(|o| o.is_exact::<Str>())
        .map(|o| o.to_ref().cast::<Str>())
    {
        Some(Ok(text)) if text.len() == out.len() && text.chars().eq(out.iter().copied()) => {
            Ok(text)
        }
        _ => vm.new_str_points(&out),
    }
}

/// `bytes % values`
pub fn format_bytes(vm: &Vm, format: &[u8], values: &Object) -> PyResult<Vec<u8>> {
    let points: Vec<u32> = format.iter().map(|&b| u32::from(b)).collect();
    let out = Formatter::new(vm, &points, values, true).run()?;
    // All that a bytes format adds is below 256.
    Ok(out.into_iter().map(|c| c as u8).collect())
}

/// The flags, width and precision of one conversion.
#[derive(Clone, Copy, Default)]
struct Conversion {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    kind: u32,
}

struct Formatter<'a> {
    vm: &'a Vm,
    format: &'a [u32],
    values: &'a Object,
    /// The values, where they are a tuple; else the one value, until it is used.
    tuple: Option<&'a Tuple>,
    next: usize,
    used_mapping: bool,
    is_bytes: bool,
    at: usize,
    out: Vec<u32>,
}

fn points_of(text: &str) -> Vec<u32> {
    text.chars().map(u32::from).collect()
}

impl<'a> Formatter<'a> {
    fn new(vm: &'a Vm, format: &'a [u32], values: &'a Object, is_bytes: bool) -> Formatter<'a> {
        let tuple = values.downcast::<Tuple>();
        Formatter {
            vm,
            format,
            values,
            tuple,
            next: 0,
            used_mapping: false,
            is_bytes,
            at: 0,
            out: Vec::with_capacity(format.len()),
        }
    }

    fn run(mut self) -> PyResult<Vec<u32>> {
        while let Some(&c) = self.format.get(self.at) {
            self.at += 1;
            if c == u32::from(b'%') {
                // Only "%%" stands for the sign: with anything between, it is a conversion that there is not.
                if self.format.get(self.at) == Some(&c) {
                    self.at += 1;
                    self.out.push(c);
                    continue;
                }
                self.conversion()?;
            } else {
                self.out.push(c);
            }
        }
        let left_over = match self.tuple {
            Some(tuple) => self.next < tuple.len(),
            None => self.next == 0 && !self.is_mapping(),
        };
        if left_over && !self.used_mapping {
            let what = if self.is_bytes { "bytes" } else { "string" };
            return Err(self.vm.type_error(format!(
                "not all arguments converted during {what} formatting"
            )));
        }
        Ok(self.out)
    }

    /// Whether values may be looked up by name: anything with subscripts but tuples and strings.
    fn is_mapping(&self) -> bool {
        let values = self.values;
        let text = if self.is_bytes {
            values.downcast::<Bytes>().is_some() || values.downcast::<ByteArray>().is_some()
        } else {
            values.downcast::<Str>().is_some()
        };
        self.tuple.is_none()
            && !text
            && (values.downcast::<Dict>().is_some()
                || values.downcast::<List>().is_some()
                || Type::of(values).slots.getitem.get().is_some())
    }

    fn next_value(&mut self) -> PyResult {
        let value = match self.tuple {
            Some(tuple) => tuple.get(self.next).map(Object::to_ref),
            None => (self.next == 0).then(|| self.values.to_ref()),
        };
        self.next += 1;
        value.ok_or_else(|| self.vm.type_error("not enough arguments for format string"))
    }

    fn peek(&self) -> PyResult<u32> {
        self.format
            .get(self.at)
            .copied()
            .ok_or_else(|| self.vm.value_error("incomplete format"))
    }

    fn take(&mut self, c: u8) -> bool {
        let found = self.format.get(self.at) == Some(&u32::from(c));
        self.at += usize::from(found);
        found
    }

    /// The key between parentheses.
    fn key(&mut self) -> PyResult<Option<Ref>> {
        if !self.take(b'(') {
            return Ok(None);
        }
        if !self.is_mapping() {
            return Err(self.vm.type_error("format requires a mapping"));
        }
        let start = self.at;
        let mut depth = 1;
        while depth > 0 {
            match self.format.get(self.at) {
                None => return Err(self.vm.value_error("incomplete format key")),
                Some(0x28) => depth += 1,
                Some(0x29) => depth -= 1,
                Some(_) => {}
            }
            self.at += 1;
        }
        let key = self.format.get(start..self.at - 1).unwrap_or_default();
        let key = if self.is_bytes {
            let bytes: Vec<u8> = key.iter().map(|&c| c as u8).collect();
            self.vm.new_bytes(&bytes)?.upcast()
        } else {
            self.vm.new_str_points(key)?.upcast()
        };
        self.used_mapping = true;
        protocol::get_item(self.vm, self.values, &key).map(Some)
    }

    /// A number of the format, or `*` for the next value.
    fn number(&mut self, what: &str) -> PyResult<Option<i64>> {
        let vm = self.vm;
        let too_big = || vm.value_error(format!("{what} too big"));
        if self.take(b'*') {
            let value = self.next_value()?;
            let Some(int) = value.downcast::<Int>() else {
                return Err(vm.type_error("* wants int"));
            };
            let Some(number) = int.as_i64() else {
                return Err(vm.overflow_error("Python int too large to convert to C ssize_t"));
            };
            return Ok(Some(number));
        }
        let mut number = None;
        while let Some(digit) = self
            .format
            .get(self.at)
            .and_then(|&c| (c < 0x80).then_some(c as u8 as char)?.to_digit(10))
        {
            let limit = if what == "width" {
                i64::MAX
            } else {
                i64::from(i32::MAX)
            };
            let grown = number
                .unwrap_or(0i64)
                .checked_mul(10)
                .and_then(|n| n.checked_add(i64::from(digit)));
            number = Some(grown.filter(|n| *n <= limit).ok_or_else(too_big)?);
            self.at += 1;
        }
        Ok(number)
    }

    fn conversion(&mut self) -> PyResult<()> {
        let vm = self.vm;
        let value = self.key()?;
        let mut c = Conversion::default();
        loop {
            match self.peek()? {
                0x2d => c.left = true,
                0x2b => c.plus = true,
                0x20 => c.space = true,
                0x23 => c.alternate = true,
                0x30 => c.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        if let Some(width) = self.number("width")? {
            c.left |= width < 0;
            c.width = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
        }
        if self.take(b'.') {
            let precision = self.number("precision")?.unwrap_or(0);
            if precision > i64::from(i32::MAX) {
                return Err(vm.overflow_error("Python int too large to convert to C int"));
            }
            c.precision = Some(usize::try_from(precision).unwrap_or(0));
        }
        if matches!(self.peek()?, 0x68 | 0x6c | 0x4c) {
            self.at += 1;
        }
        c.kind = self.peek()?;
        let index = self.at;
        self.at += 1;
        let value = match value {
            Some(value) => value,
            None => self.next_value()?,
        };
        let kind = u8::try_from(c.kind).unwrap_or(0);
        match kind {
            b's' | b'r' | b'a' | b'b' if self.is_bytes || kind != b'b' => {
                let mut text = self.text(&value, kind)?;
                if let Some(most) = c.precision {
                    text.truncate(most);
                }
                self.pad(&c, "", "", text, false)
            }
            b'c' => {
                let point = self.char(&value)?;
                self.pad(&c, "", "", vec![point], false)
            }
            b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => self.int(&c, &value, kind),
            b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => self.float(&c, &value, kind),
            _ => {
                let shown = char::from_u32(c.kind)
                    .filter(|s| (' '..='~').contains(s))
                    .unwrap_or('?');
                Err(vm.value_error(format!(
                    "unsupported format character '{shown}' ({:#x}) at index {index}",
                    c.kind
                )))
            }
        }
    }

    fn text(&self, value: &Object, kind: u8) -> PyResult<Vec<u32>> {
        let vm = self.vm;
        if self.is_bytes && matches!(kind, b's' | b'b') {
            let spread = |bytes: &[u8]| bytes.iter().map(|&b| u32::from(b)).collect();
            if let Some(points) = buffer::with_bytes(vm, value, spread)? {
                return Ok(points);
            }
            if let Some(result) = protocol::call_special(vm, value, &vm.names.__bytes__, &[])? {
                return match result.downcast::<Bytes>() {
                    Some(bytes) => Ok(spread(bytes.as_slice())),
                    None => Err(vm.type_error(format!(
                        "__bytes__ returned non-bytes (type {})",
                        protocol::type_name(&result)
                    ))),
                };
            }
            return Err(vm.type_error(format!(
                "%b requires a bytes-like object, or an object that implements __bytes__, not '{}'",
                protocol::type_name(value)
            )));
        }
        let text = match kind {
            b's' => protocol::str(vm, value)?,
            b'r' if !self.is_bytes => protocol::repr(vm, value)?,
            _ => protocol::ascii(vm, value)?,
        };
        Ok(text.chars().collect())
    }

    fn char(&self, value: &Object) -> PyResult<u32> {
        let vm = self.vm;
        let limit = if self.is_bytes { 256 } else { 0x11_0000 };
        let wrong = |what: String| -> Raised {
            vm.type_error(if self.is_bytes {
                format!("%c requires an integer in range(256) or a single byte, not {what}")
            } else {
                format!("%c requires an int or a unicode character, not {what}")
            })
        };
        if self.is_bytes {
            let single = |bytes: &[u8], name: &str| match bytes {
                [byte] => Ok(u32::from(*byte)),
                _ => Err(wrong(format!("a {name} object of length {}", bytes.len()))),
            };
            if let Some(bytes) = value.downcast::<Bytes>() {
                return single(bytes.as_slice(), "bytes");
            }
            if let Some(array) = value.downcast::<ByteArray>() {
                return single(&array.to_vec(), "bytearray");
            }
        } else if let Some(text) = value.downcast::<Str>() {
            return match text.char_at(0) {
                Some(c) if text.len() == 1 => Ok(c),
                _ => Err(wrong(format!("a string of length {}", text.len()))),
            };
        }
        if value.downcast::<Int>().is_none() && Type::of(value).slots.index.get().is_none() {
            return Err(wrong(Type::of(value).full_name(vm)));
        }
        let int = protocol::index(vm, value)?;
        let small = int
            .downcast::<Int>()
            .and_then(Int::as_i64)
            .and_then(|n| u32::try_from(n).ok());
        small.filter(|n| *n < limit).ok_or_else(|| {
            vm.overflow_error(if self.is_bytes {
                "%c arg not in range(256)"
            } else {
                "%c arg not in range(0x110000)"
            })
        })
    }

    fn int(&mut self, c: &Conversion, value: &Object, kind: u8) -> PyResult<()> {
        let vm = self.vm;
        let (base, prefix) = match kind {
            b'o' => (8, "0o"),
            b'x' => (16, "0x"),
            b'X' => (16, "0X"),
            _ => (10, ""),
        };
        let wrong = || {
            let wanted = if base == 10 {
                "a real number"
            } else {
                "an integer"
            };
            let given = protocol::type_name(value);
            vm.type_error(format!(
                "%{} format: {wanted} is required, not {given}",
                kind as char
            ))
        };
        let slots = &Type::of(value).slots;
        let number = if value.downcast::<Int>().is_some() {
            value.to_ref()
        } else if base == 10 && slots.int.get().is_some() {
            crate::types::int::construct::to_int(vm, value)?
        } else if slots.index.get().is_some() {
            protocol::index(vm, value)?
        } else {
            return Err(wrong());
        };
        let Some(int) = number.downcast::<Int>() else {
            return Err(wrong());
        };
        let mut digits = digits_in(vm, int, base)?;
        if kind == b'X' {
            digits.make_ascii_uppercase();
        }
        if let Some(least) = c.precision {
            if least > 1 << 30 {
                return Err(vm.overflow_error("precision too large"));
            }
            let missing = least.saturating_sub(digits.len());
            digits.insert_str(0, &"0".repeat(missing));
        }
        let sign = sign_text(c, int.signum() < 0);
        self.pad(
            c,
            sign,
            if c.alternate { prefix } else { "" },
            points_of(&digits),
            true,
        )
    }

    fn float(&mut self, c: &Conversion, value: &Object, kind: u8) -> PyResult<()> {
        let number = match value.downcast::<Float>() {
            Some(float) => float.value(),
            None if self.is_bytes
                && Type::of(value).slots.float.get().is_none()
                && Type::of(value).slots.index.get().is_none() =>
            {
                return Err(self.vm.type_error(format!(
                    "float argument required, not {}",
                    protocol::type_name(value)
                )));
            }
            None => protocol::to_f64(self.vm, value)?,
        };
        let precision = c.precision.unwrap_or(6);
        super::number::check_precision(self.vm, precision)?;
        let style = match kind.to_ascii_lowercase() {
            b'e' => Style::Exponent(precision),
            b'f' => Style::Fixed(precision),
            _ => Style::General {
                precision,
                point_zero: false,
            },
        };
        let mut text = decimal(number, style, c.alternate);
        if kind.is_ascii_uppercase() {
            text.make_ascii_uppercase();
        }
        let (negative, body) = text
            .strip_prefix('-')
            .map_or((false, text.as_str()), |body| (true, body));
        self.pad(c, sign_text(c, negative), "", points_of(body), true)
    }

    /// Adds sign, prefix and body, filled to the width.
    fn pad(
        &mut self,
        c: &Conversion,
        sign: &str,
        prefix: &str,
        body: Vec<u32>,
        numeric: bool,
    ) -> PyResult<()> {
        let missing = c
            .width
            .saturating_sub(sign.len() + prefix.len() + body.len());
        if self
            .out
            .try_reserve(missing.saturating_add(body.len() + 4))
            .is_err()
        {
            return Err(self.vm.no_memory());
        }
        let zeros = numeric && c.zero && !c.left;
        let fill = |out: &mut Vec<u32>, with: u8, count: usize| {
            out.extend(std::iter::repeat_n(u32::from(with), count))
        };
        if !c.left && !zeros {
            fill(&mut self.out, b' ', missing);
        }
        self.out
            .extend(sign.bytes().chain(prefix.bytes()).map(u32::from));
        if zeros {
            fill(&mut self.out, b'0', missing);
        }
        self.out.extend(body);
        if c.left {
            fill(&mut self.out, b' ', missing);
        }
        Ok(())
    }
}

fn sign_text(c: &Conversion, negative: bool) -> &'static str {
    match (negative, c.plus, c.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    }
}
