//! Case, and the questions about what a string is made of.

use viv_heap::{Object, Ref};

use crate::native::{MethodDef, NativeCall};
use crate::object::{Str, StrData};
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::types::unicode;
use crate::vm::Vm;

/// The methods.
pub const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "lower",
        "($self, /)",
        NativeCall::NoArgs(lower),
        "Return a copy of the string converted to lowercase.",
    ),
    MethodDef::new(
        "upper",
        "($self, /)",
        NativeCall::NoArgs(upper),
        "Return a copy of the string converted to uppercase.",
    ),
    MethodDef::new(
        "title",
        "($self, /)",
        NativeCall::NoArgs(title),
        "Return a version of the string where each word is titlecased.\n\nMore specifically, words start with uppercased characters and all remaining\ncased characters have lower case.",
    ),
    MethodDef::new(
        "capitalize",
        "($self, /)",
        NativeCall::NoArgs(capitalize),
        "Return a capitalized version of the string.\n\nMore specifically, make the first character have upper case and the rest lower\ncase.",
    ),
    MethodDef::new(
        "swapcase",
        "($self, /)",
        NativeCall::NoArgs(swapcase),
        "Convert uppercase characters to lowercase and lowercase characters to uppercase.",
    ),
    MethodDef::new(
        "casefold",
        "($self, /)",
        NativeCall::NoArgs(casefold),
        "Return a version of the string suitable for caseless comparisons.",
    ),
    MethodDef::new(
        "isascii",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| Ok(vm.bool(receiver::<Str>(vm, this)?.is_ascii()))),
        "Return True if all characters in the string are ASCII, False otherwise.\n\nASCII characters have code points in the range U+0000-U+007F.\nEmpty string is ASCII too.",
    ),
    MethodDef::new(
        "isalpha",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| all(vm, this, unicode::is_alpha)),
        "Return True if the string is an alphabetic string, False otherwise.\n\nA string is alphabetic if all characters in the string are alphabetic and there\nis at least one character in the string.",
    ),
    MethodDef::new(
        "isalnum",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| all(vm, this, unicode::is_alnum)),
        "Return True if the string is an alpha-numeric string, False otherwise.\n\nA string is alpha-numeric if all characters in the string are alpha-numeric and\nthere is at least one character in the string.",
    ),
    MethodDef::new(
        "isdecimal",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| all(vm, this, unicode::is_decimal)),
        "Return True if the string is a decimal string, False otherwise.\n\nA string is a decimal string if all characters in the string are decimal and\nthere is at least one character in the string.",
    ),
    MethodDef::new(
        "isdigit",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| all(vm, this, unicode::is_digit)),
        "Return True if the string is a digit string, False otherwise.\n\nA string is a digit string if all characters in the string are digits and there\nis at least one character in the string.",
    ),
    MethodDef::new(
        "isnumeric",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| all(vm, this, unicode::is_numeric)),
        "Return True if the string is a numeric string, False otherwise.\n\nA string is numeric if all characters in the string are numeric and there is at\nleast one character in the string.",
    ),
    MethodDef::new(
        "isspace",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| all(vm, this, unicode::is_space)),
        "Return True if the string is a whitespace string, False otherwise.\n\nA string is whitespace if all characters in the string are whitespace and there\nis at least one character in the string.",
    ),
    MethodDef::new(
        "isprintable",
        "($self, /)",
        NativeCall::NoArgs(isprintable),
        "Return True if all characters in the string are printable, False otherwise.\n\nA character is printable if repr() may use it in its output.",
    ),
    MethodDef::new(
        "isidentifier",
        "($self, /)",
        NativeCall::NoArgs(isidentifier),
        "Return True if the string is a valid Python identifier, False otherwise.\n\nCall keyword.iskeyword(s) to test whether string s is a reserved identifier,\nsuch as \"def\" or \"class\".",
    ),
    MethodDef::new(
        "islower",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| one_case(vm, this, unicode::is_lower, unicode::is_upper)),
        "Return True if the string is a lowercase string, False otherwise.\n\nA string is lowercase if all cased characters in the string are lowercase and\nthere is at least one cased character in the string.",
    ),
    MethodDef::new(
        "isupper",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| one_case(vm, this, unicode::is_upper, unicode::is_lower)),
        "Return True if the string is an uppercase string, False otherwise.\n\nA string is uppercase if all cased characters in the string are uppercase and\nthere is at least one cased character in the string.",
    ),
    MethodDef::new(
        "istitle",
        "($self, /)",
        NativeCall::NoArgs(istitle),
        "Return True if the string is a title-cased string, False otherwise.\n\nIn a title-cased string, upper- and title-case characters may only\nfollow uncased characters and lowercase characters only cased ones.",
    ),
];

/// A string of the bytes of an ASCII string, each changed.
fn map_ascii(vm: &Vm, string: &Str, f: impl Fn(u8) -> u8) -> PyResult<Option<Ref<Str>>> {
    let StrData::One(bytes) = string.data() else {
        return Ok(None);
    };
    if !string.is_ascii() {
        return Ok(None);
    }
    match bytes {
        [] => Ok(Some(vm.empty_str.clone())),
        [one] => vm.new_char(u32::from(f(*one))).map(Some),
        _ => Str::build(vm, bytes.len(), 1, true, |out| {
            out.iter_mut().zip(bytes).for_each(|(to, &c)| *to = f(c));
        })
        .map(Some),
    }
}

/// A string of what `push` adds for each place.
fn map_points(
    vm: &Vm,
    string: &Str,
    mut push: impl FnMut(&[u32], usize, &mut Vec<u32>),
) -> PyResult {
    let points: Vec<u32> = string.chars().collect();
    let mut out = Vec::with_capacity(points.len());
    for i in 0..points.len() {
        push(&points, i, &mut out);
    }
    Ok(vm.new_str_points(&out)?.upcast())
}

fn lower(vm: &Vm, this: &Object) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    if let Some(done) = map_ascii(vm, string, |c| c.to_ascii_lowercase())? {
        return Ok(done.upcast());
    }
    map_points(vm, string, unicode::push_lower_at)
}

fn upper(vm: &Vm, this: &Object) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    if let Some(done) = map_ascii(vm, string, |c| c.to_ascii_uppercase())? {
        return Ok(done.upcast());
    }
    map_points(vm, string, |points, i, out| {
        unicode::push_upper(points[i], out)
    })
}

fn casefold(vm: &Vm, this: &Object) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    if let Some(done) = map_ascii(vm, string, |c| c.to_ascii_lowercase())? {
        return Ok(done.upcast());
    }
    map_points(vm, string, |points, i, out| {
        unicode::push_fold(points[i], out)
    })
}

fn swapcase(vm: &Vm, this: &Object) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    let swap = |c: u8| {
        if c.is_ascii_lowercase() {
            c.to_ascii_uppercase()
        } else {
            c.to_ascii_lowercase()
        }
    };
    if let Some(done) = map_ascii(vm, string, swap)? {
        return Ok(done.upcast());
    }
    map_points(vm, string, |points, i, out| {
        let c = points[i];
        if unicode::is_upper(c) {
            unicode::push_lower_at(points, i, out);
        } else if unicode::is_lower(c) {
            unicode::push_upper(c, out);
        } else {
            out.push(c);
        }
    })
}

fn title(vm: &Vm, this: &Object) -> PyResult {
    let mut in_word = false;
    map_points(vm, receiver(vm, this)?, |points, i, out| {
        if in_word {
            unicode::push_lower_at(points, i, out);
        } else {
            unicode::push_title(points[i], out);
        }
        in_word = unicode::is_cased(points[i]);
    })
}

fn capitalize(vm: &Vm, this: &Object) -> PyResult {
    map_points(vm, receiver(vm, this)?, |points, i, out| {
        if i == 0 {
            unicode::push_title(points[i], out);
        } else {
            unicode::push_lower_at(points, i, out);
        }
    })
}

fn all(vm: &Vm, this: &Object, test: fn(u32) -> bool) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    Ok(vm.bool(!string.is_empty() && string.chars().all(test)))
}

fn isprintable(vm: &Vm, this: &Object) -> PyResult {
    Ok(vm.bool(
        receiver::<Str>(vm, this)?
            .chars()
            .all(unicode::is_printable),
    ))
}

/// Whether a string is an identifier (keywords included).
pub fn is_identifier(string: &Str) -> bool {
    let mut chars = string.chars();
    chars.next().is_some_and(unicode::is_identifier_start)
        && chars.all(unicode::is_identifier_continue)
}

fn isidentifier(vm: &Vm, this: &Object) -> PyResult {
    Ok(vm.bool(is_identifier(receiver(vm, this)?)))
}

fn one_case(vm: &Vm, this: &Object, wanted: fn(u32) -> bool, other: fn(u32) -> bool) -> PyResult {
    let mut any = false;
    for c in receiver::<Str>(vm, this)?.chars() {
        if other(c) || unicode::is_title(c) {
            return Ok(vm.bool(false));
        }
        any |= wanted(c);
    }
    Ok(vm.bool(any))
}

fn istitle(vm: &Vm, this: &Object) -> PyResult {
    let (mut in_word, mut any) = (false, false);
    for c in receiver::<Str>(vm, this)?.chars() {
        if unicode::is_upper(c) || unicode::is_title(c) {
            if in_word {
                return Ok(vm.bool(false));
            }
            (in_word, any) = (true, true);
        } else if unicode::is_lower(c) {
            if !in_word {
                return Ok(vm.bool(false));
            }
        } else {
            in_word = false;
        }
    }
    Ok(vm.bool(any))
}
