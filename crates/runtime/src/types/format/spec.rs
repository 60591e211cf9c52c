//! The format-spec mini-language: `[[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type]`.

use viv_heap::Ref;

use crate::object::Str;
use crate::protocol::TextBuilder;
use crate::result::{PyResult, Raised};
use crate::vm::Vm;

/// A format specification, taken apart.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The padding character.
    pub fill: u32,
    /// `<`, `>`, `^` or `=`, where given (or implied by a leading zero).
    pub align: Option<u8>,
    /// `+`, `-` or space, where given.
    pub sign: Option<u8>,
    /// `z`: no negative zero.
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    /// The least width.
    pub width: usize,
    /// `,` or `_` in the whole part.
    pub grouping: Option<u8>,
    /// The digits after the point.
    pub precision: Option<usize>,
    /// `,` or `_` in the fraction.
    pub fraction_grouping: Option<u8>,
    /// The type character.
    pub kind: Option<u32>,
}

fn is_align(c: Option<&u32>) -> Option<u8> {
    c.and_then(|&c| u8::try_from(c).ok())
        .filter(|c| b"<>=^".contains(c))
}

/// Reads decimal digits; nothing where there are too many.
fn number(points: &[u32], at: &mut usize) -> Option<Option<usize>> {
    let start = *at;
    let mut value = 0usize;
    while let Some(digit) = points
        .get(*at)
        .and_then(|&c| crate::types::unicode::decimal_value(c))
    {
        value = value
            .checked_mul(10)?
            .checked_add(digit as usize)
            .filter(|v| *v <= isize::MAX as usize)?;
        *at += 1;
    }
    Some((*at > start).then_some(value))
}

fn kind_text(kind: u32) -> String {
    match char::from_u32(kind) {
        Some(c) if kind > 32 && kind < 128 => c.to_string(),
        _ => format!("\\x{kind:x}"),
    }
}

impl Spec {
    /// Takes a specification apart. `default_align` is that of the type, `type_name` stands in messages.
    ///
    /// # Errors
    /// ValueError
    pub fn parse(vm: &Vm, text: &Str, default_align: u8, type_name: &str) -> PyResult<Spec> {
        let points: Vec<u32> = text.chars().collect();
        let mut spec = Spec {
            fill: u32::from(b' '),
            align: None,
            sign: None,
            no_negative_zero: false,
            alternate: false,
            width: 0,
            grouping: None,
            precision: None,
            fraction_grouping: None,
            kind: None,
        };
        let mut at = 0;
        let mut fill_given = false;
        if let Some(align) = is_align(points.get(1)) {
            spec.fill = points[0];
            spec.align = Some(align);
            fill_given = true;
            at = 2;
        } else if let Some(align) = is_align(points.first()) {
            spec.align = Some(align);
            at = 1;
        }
        let next_is = |at: usize, c: u8| points.get(at) == Some(&u32::from(c));
        for sign in [b'+', b'-', b' '] {
            if spec.sign.is_none() && next_is(at, sign) {
                spec.sign = Some(sign);
                at += 1;
            }
        }
        if next_is(at, b'z') {
            spec.no_negative_zero = true;
            at += 1;
        }
        if next_is(at, b'#') {
            spec.alternate = true;
            at += 1;
        }
        if !fill_given && next_is(at, b'0') {
            spec.fill = u32::from(b'0');
            if spec.align.is_none() && default_align == b'>' {
                spec.align = Some(b'=');
            }
            at += 1;
        }
        let too_many = || vm.value_error("Too many decimal digits in format string");
        spec.width = number(&points, &mut at).ok_or_else(too_many)?.unwrap_or(0);
        spec.grouping = grouping(vm, &points, &mut at)?;
        if next_is(at, b'.') {
            at += 1;
            spec.precision = number(&points, &mut at).ok_or_else(too_many)?;
            spec.fraction_grouping = grouping(vm, &points, &mut at)?;
            if spec.precision.is_none() && spec.fraction_grouping.is_none() {
                return Err(vm.value_error("Format specifier missing precision"));
            }
        }
        if points.len() > at + 1 {
            let shown = text.to_text();
            return Err(vm.value_error(format!(
                "Invalid format specifier '{shown}' for object of type '{type_name}'"
            )));
        }
        spec.kind = points.get(at).copied();
        spec.check_grouping(vm, type_name)?;
        Ok(spec)
    }

    fn check_grouping(&self, vm: &Vm, type_name: &str) -> PyResult<()> {
        let Some(separator) = self.grouping.or(self.fraction_grouping) else {
            return Ok(());
        };
        let kind = self.kind.unwrap_or(if type_name == "str" {
            u32::from(b's')
        } else {
            0
        });
        let fits = match u8::try_from(kind) {
            Ok(b'd' | b'e' | b'f' | b'g' | b'E' | b'G' | b'F' | b'%' | 0) => true,
            Ok(b'b' | b'o' | b'x' | b'X') => separator == b'_',
            _ => false,
        };
        if fits {
            return Ok(());
        }
        Err(vm.value_error(format!(
            "Cannot specify '{}' with '{}'.",
            separator as char,
            kind_text(kind)
        )))
    }

    /// ValueError: "Unknown format code 'x' for object of type 'int'".
    #[cold]
    pub fn unknown_kind(&self, vm: &Vm, type_name: &str) -> Raised {
        let kind = kind_text(self.kind.unwrap_or(0));
        vm.value_error(format!(
            "Unknown format code '{kind}' for object of type '{type_name}'"
        ))
    }

    /// Number of fill characters left and right of `length` characters.
    pub fn padding(&self, length: usize, default_align: u8) -> (usize, usize) {
        let total = self.width.saturating_sub(length);
        match self.align.unwrap_or(default_align) {
            b'<' => (0, total),
            b'^' => (total / 2, total - total / 2),
            _ => (total, 0),
        }
    }
}

fn grouping(vm: &Vm, points: &[u32], at: &mut usize) -> PyResult<Option<u8>> {
    let separator = |at: usize| {
        points
            .get(at)
            .and_then(|&c| u8::try_from(c).ok())
            .filter(|c| matches!(c, b',' | b'_'))
    };
    let Some(first) = separator(*at) else {
        return Ok(None);
    };
    *at += 1;
    match separator(*at) {
        None => Ok(Some(first)),
        Some(second) if second == first => {
            let c = first as char;
            Err(vm.value_error(format!("Cannot specify '{c}' with '{c}'.")))
        }
        Some(_) => Err(vm.value_error("Cannot specify both ',' and '_'.")),
    }
}

/// Adds a character a number of times.
///
/// # Errors
/// MemoryError
pub fn push_fill(vm: &Vm, out: &mut TextBuilder, fill: u32, count: usize) -> PyResult<()> {
    if count > 1 << 40 {
        return Err(vm.no_memory());
    }
    out.push_points(std::iter::repeat_n(fill, count));
    Ok(())
}

/// `format(str, spec)`
pub fn format_str(vm: &Vm, text: &Str, spec: &Str) -> PyResult<Ref<Str>> {
    let spec = Spec::parse(vm, spec, b'<', "str")?;
    if !matches!(spec.kind, None | Some(0x73)) {
        return Err(spec.unknown_kind(vm, "str"));
    }
    let refused = match spec.sign {
        Some(b' ') => Some("Space not allowed in string format specifier"),
        Some(_) => Some("Sign not allowed in string format specifier"),
        None if spec.no_negative_zero => {
            Some("Negative zero coercion (z) not allowed in string format specifier")
        }
        None if spec.alternate => Some("Alternate form (#) not allowed in string format specifier"),
        None if spec.align == Some(b'=') => {
            Some("'=' alignment not allowed in string format specifier")
        }
        None => None,
    };
    if let Some(refused) = refused {
        return Err(vm.value_error(refused));
    }
    let shown = spec
        .precision
        .map_or(text.len(), |most| most.min(text.len()));
    let (left, right) = spec.padding(shown, b'<');
    let mut out = TextBuilder::new();
    push_fill(vm, &mut out, spec.fill, left)?;
    if shown == text.len() {
        out.push_str(text);
    } else {
        out.push_points(text.chars().take(shown));
    }
    push_fill(vm, &mut out, spec.fill, right)?;
    out.finish(vm)
}
