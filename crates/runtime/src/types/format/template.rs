//! `str.format` and `str.format_map`: text with `{field!conversion:spec}` in it.

use viv_heap::{Object, Ref};

use crate::args::Args;
use crate::object::Str;
use crate::protocol::{self, TextBuilder};
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::types::unicode::decimal_value;
use crate::vm::Vm;

/// Where fields get their values from.
enum Source<'a> {
    /// The arguments of `format`.
    Args(Args<'a>),
    /// The mapping of `format_map`.
    Mapping(&'a Object),
}

/// How the positional fields of a text are numbered; one text may not mix both ways.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbering {
    Unknown,
    Automatic(usize),
    Manual,
}

/// `str.format`
pub fn format(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let made = run(vm, receiver(vm, this)?, Source::Args(args))?;
    // A string that comes out as it went in is not copied.
    let only = match args.pos() {
        [] => this,
        [only] => only,
        _ => return Ok(made),
    };
    if only.is_exact::<Str>()
        && (only.downcast::<Str>().zip(made.downcast::<Str>())).is_some_and(|(a, b)| a.eq_str(b))
    {
        return Ok(only.to_ref());
    }
    Ok(made)
}

/// `str.format_map`
pub fn format_map(vm: &Vm, this: &Object, mapping: &Object) -> PyResult {
    run(vm, receiver(vm, this)?, Source::Mapping(mapping))
}

fn run(vm: &Vm, text: &Str, source: Source<'_>) -> PyResult {
    let points: Vec<u32> = text.chars().collect();
    let mut expander = Expander {
        vm,
        source,
        numbering: Numbering::Unknown,
    };
    Ok(expander.expand(&points, 2)?.finish(vm)?.upcast())
}

const OPEN: u32 = b'{' as u32;
const CLOSE: u32 = b'}' as u32;

/// The parts of a field between the braces.
pub struct Field<'t> {
    /// What names the value: `0`, `name`, `name.attr[key]`.
    pub name: &'t [u32],
    /// The character after `!`.
    pub conversion: Option<u32>,
    /// What follows the colon.
    pub spec: &'t [u32],
    /// Whether the spec holds fields itself.
    pub nested: bool,
}

/// The next piece of a template.
pub struct Piece<'t> {
    /// The text before the field, doubled braces already single.
    pub literal: Vec<u32>,
    /// The field, where there is one.
    pub field: Option<Field<'t>>,
    /// Where the next piece begins.
    pub next: usize,
}

/// Reads one piece of a template, from `at` on.
///
/// # Errors
/// ValueError
pub fn piece<'t>(vm: &Vm, points: &'t [u32], mut at: usize) -> PyResult<Piece<'t>> {
    let mut literal = Vec::new();
    while let Some(&c) = points.get(at) {
        at += 1;
        if c != OPEN && c != CLOSE {
            literal.push(c);
            continue;
        }
        if points.get(at) == Some(&c) {
            literal.push(c);
            at += 1;
            continue;
        }
        if c == CLOSE {
            return Err(vm.value_error("Single '}' encountered in format string"));
        }
        if at >= points.len() {
            return Err(vm.value_error("Single '{' encountered in format string"));
        }
        let (field, next) = field(vm, points, at)?;
        return Ok(Piece {
            literal,
            field: Some(field),
            next,
        });
    }
    Ok(Piece {
        literal,
        field: None,
        next: at,
    })
}

/// Reads a field after its opening brace.
fn field<'t>(vm: &Vm, points: &'t [u32], start: usize) -> PyResult<(Field<'t>, usize)> {
    // The name ends at `:`, `!` or the brace; brackets hold those characters as they are.
    let mut at = start;
    let mut bracket = false;
    let stop = loop {
        let Some(&c) = points.get(at) else {
            return Err(vm.value_error("expected '}' before end of string"));
        };
        match char::from_u32(c).unwrap_or(' ') {
            '{' if !bracket => return Err(vm.value_error("unexpected '{' in field name")),
            '[' => bracket = true,
            ']' => bracket = false,
            '}' | ':' | '!' if !bracket => break c,
            _ => {}
        }
        at += 1;
    };
    let name = points.get(start..at).unwrap_or_default();
    at += 1;
    let mut conversion = None;
    if stop == u32::from(b'!') {
        let Some(&c) = points.get(at) else {
            return Err(vm.value_error("end of string while looking for conversion specifier"));
        };
        conversion = Some(c);
        at += 1;
        match points.get(at) {
            Some(&0x3a) => at += 1,
            Some(&CLOSE) => {
                return Ok((
                    Field {
                        name,
                        conversion,
                        spec: &[],
                        nested: false,
                    },
                    at + 1,
                ));
            }
            None => return Err(vm.value_error("unmatched '{' in format spec")),
            Some(_) => return Err(vm.value_error("expected ':' after conversion specifier")),
        }
    }
    if stop == CLOSE {
        return Ok((
            Field {
                name,
                conversion,
                spec: &[],
                nested: false,
            },
            at,
        ));
    }
    let spec_start = at;
    let (mut depth, mut nested) = (1, false);
    while let Some(&c) = points.get(at) {
        match c {
            OPEN => {
                depth += 1;
                nested = true;
            }
            CLOSE => {
                depth -= 1;
                if depth == 0 {
                    let spec = points.get(spec_start..at).unwrap_or_default();
                    return Ok((
                        Field {
                            name,
                            conversion,
                            spec,
                            nested,
                        },
                        at + 1,
                    ));
                }
            }
            _ => {}
        }
        at += 1;
    }
    Err(vm.value_error("unmatched '{' in format spec"))
}

/// A step from a value to a part of it.
pub enum Step {
    /// `.name`
    Attribute(Vec<u32>),
    /// `[7]`
    Index(usize),
    /// `[key]`
    Key(Vec<u32>),
    /// What is no step: an error once the value before it is there.
    Broken(&'static str),
}

/// A number where all characters are digits.
///
/// # Errors
/// ValueError: "Too many decimal digits in format string"
fn number(vm: &Vm, points: &[u32]) -> PyResult<Option<usize>> {
    let mut value = 0usize;
    for &c in points {
        let Some(digit) = decimal_value(c) else {
            return Ok(None);
        };
        let grown = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(digit as usize))
            .filter(|v| *v <= isize::MAX as usize);
        value = grown.ok_or_else(|| vm.value_error("Too many decimal digits in format string"))?;
    }
    Ok((!points.is_empty()).then_some(value))
}

/// The first part of a field's name.
pub enum First<'t> {
    /// A number.
    Index(usize),
    /// A name, perhaps empty.
    Name(&'t [u32]),
}

/// Takes the name of a field apart.
pub fn split_name<'t>(vm: &Vm, name: &'t [u32]) -> PyResult<(First<'t>, Vec<Step>)> {
    let is = |c: u32, byte: u8| c == u32::from(byte);
    let end = name
        .iter()
        .position(|&c| is(c, b'.') || is(c, b'['))
        .unwrap_or(name.len());
    let (head, rest) = name.split_at(end);
    let first = match number(vm, head)? {
        Some(index) => First::Index(index),
        None => First::Name(head),
    };
    let mut steps = Vec::new();
    let mut at = 0;
    const EMPTY: &str = "Empty attribute in format string";
    while let Some(&c) = rest.get(at) {
        let from = at + 1;
        let tail = rest.get(from..).unwrap_or_default();
        if is(c, b'.') {
            let length = tail
                .iter()
                .position(|&c| is(c, b'.') || is(c, b'['))
                .unwrap_or(tail.len());
            if length == 0 {
                steps.push(Step::Broken(EMPTY));
                break;
            }
            steps.push(Step::Attribute(
                tail.get(..length).unwrap_or_default().to_vec(),
            ));
            at = from + length;
        } else if is(c, b'[') {
            let Some(length) = tail.iter().position(|&c| is(c, b']')) else {
                steps.push(Step::Broken("Missing ']' in format string"));
                break;
            };
            let key = tail.get(..length).unwrap_or_default();
            if key.is_empty() {
                steps.push(Step::Broken(EMPTY));
                break;
            }
            steps.push(match number(vm, key)? {
                Some(index) => Step::Index(index),
                None => Step::Key(key.to_vec()),
            });
            at = from + length + 1;
        } else {
            steps.push(Step::Broken(
                "Only '.' or '[' may follow ']' in format field specifier",
            ));
            break;
        }
    }
    Ok((first, steps))
}

struct Expander<'a> {
    vm: &'a Vm,
    source: Source<'a>,
    numbering: Numbering,
}

impl Expander<'_> {
    fn expand(&mut self, points: &[u32], depth: usize) -> PyResult<TextBuilder> {
        let vm = self.vm;
        if depth == 0 {
            return Err(vm.value_error("Max string recursion exceeded"));
        }
        let mut out = TextBuilder::new();
        let mut at = 0;
        while at < points.len() {
            let piece = piece(vm, points, at)?;
            at = piece.next;
            out.push_points(piece.literal);
            let Some(field) = piece.field else { continue };
            let value = self.value(field.name)?;
            let value = match field.conversion {
                None => value,
                Some(kind) => convert(vm, &value, kind)?,
            };
            let spec = if field.nested {
                self.expand(field.spec, depth - 1)?.finish(vm)?
            } else {
                vm.new_str_points(field.spec)?
            };
            out.push_str(&*protocol::format(vm, &value, &spec)?);
        }
        Ok(out)
    }

    /// The value that a field names.
    fn value(&mut self, name: &[u32]) -> PyResult {
        let vm = self.vm;
        let (first, steps) = split_name(vm, name)?;
        let mut value = match first {
            First::Name([]) => {
                let index = match self.numbering {
                    Numbering::Manual => {
                        return Err(vm.value_error("cannot switch from manual field specification to automatic field numbering"));
                    }
                    Numbering::Automatic(n) => n,
                    Numbering::Unknown => 0,
                };
                self.numbering = Numbering::Automatic(index + 1);
                self.positional(index)?
            }
            First::Index(index) => {
                if let Numbering::Automatic(_) = self.numbering {
                    return Err(vm.value_error("cannot switch from automatic field numbering to manual field specification"));
                }
                self.numbering = Numbering::Manual;
                self.positional(index)?
            }
            First::Name(name) => self.named(name)?,
        };
        for step in steps {
            value = match step {
                Step::Attribute(name) => {
                    let name = vm.new_str_points(&name)?;
                    protocol::get_attr(vm, &value, &*vm.intern_str(&name)?)?
                }
                Step::Index(index) => protocol::get_item(vm, &value, &*vm.new_usize(index)?)?,
                Step::Key(key) => {
                    protocol::get_item(vm, &value, vm.new_str_points(&key)?.as_object())?
                }
                Step::Broken(what) => return Err(vm.value_error(what)),
            };
        }
        Ok(value)
    }

    fn positional(&self, index: usize) -> PyResult {
        let vm = self.vm;
        match &self.source {
            Source::Mapping(_) => Err(vm.value_error("Format string contains positional fields")),
            Source::Args(args) => match args.pos().get(index) {
                Some(value) => Ok(value.to_ref()),
                None => Err(vm.index_error(format!(
                    "Replacement index {index} out of range for positional args tuple"
                ))),
            },
        }
    }

    fn named(&self, name: &[u32]) -> PyResult {
        let key = self.vm.new_str_points(name)?;
        match &self.source {
            Source::Mapping(mapping) => protocol::get_item(self.vm, mapping, &key),
            Source::Args(args) => match args.keywords().find(|(n, _)| n.eq_str(&key)) {
                Some((_, value)) => Ok(value.to_ref()),
                None => Err(self.vm.key_error(&key)),
            },
        }
    }
}

/// Applies `!s`, `!r` or `!a`.
fn convert(vm: &Vm, value: &Object, kind: u32) -> PyResult<Ref> {
    match kind {
        0x73 => Ok(protocol::str(vm, value)?.upcast()),
        0x72 => Ok(protocol::repr(vm, value)?.upcast()),
        0x61 => Ok(protocol::ascii(vm, value)?.upcast()),
        _ => Err(match char::from_u32(kind) {
            Some(c) if (' '..='~').contains(&c) => {
                vm.value_error(format!("Unknown conversion specifier {c}"))
            }
            _ => vm.value_error(format!("Unknown conversion specifier \\x{kind:x}")),
        }),
    }
}
