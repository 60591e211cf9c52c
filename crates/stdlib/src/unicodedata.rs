//! The module `unicodedata`: the properties of characters in Unicode 16.0, and normal forms.
//!
//! The tables are those of `rustpython-unicode`, which may be of a later Unicode: a character that 16.0 does not assign
//! has here none of its properties, so that `name`, `category` and the rest agree.

use rustpython_unicode::data::{self, LookupResult, Ucd};
use rustpython_unicode::normalize::{self, NormalizeForm};
use rustpython_wtf8::{CodePoint, Wtf8Buf};
use viv_runtime::modules::make::{ModuleSpec, add_str};
use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Str, TypeTraits};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::types::unicode;
use viv_runtime::{
    MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout, protocol,
};

use crate::kinds;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "unicodedata",
    doc: "This module provides access to the Unicode Character Database which\ndefines character properties for all Unicode characters. The data in\nthis database is based on the UnicodeData.txt file version\n16.0.0 which is publicly available from the Unicode Consortium\nat https://www.unicode.org/Public/16.0.0/ucd/UnicodeData.txt.\n\nThe module uses the same names and symbols as defined by the\nUnicodeData File Format 16.0.0.",
    functions: &[PROPERTIES, VALUES, TEXTS],
    fill: |vm, module| {
        add_str(vm, module, "unidata_version", "16.0.0")?;
        let ty = extra_type(vm, &OLD, &vm.types.object)?;
        module.dict.set_text(vm, "UCD", ty.as_object())?;
        let head = Object::new(ty.type_head_of());
        let old = vm.place(Database { head })?;
        module.dict.set_text(vm, "ucd_3_2_0", old.as_object())
    },
};

/// `unicodedata.ucd_3_2_0`: the same functions as methods, by Unicode 3.2.
#[repr(C)]
pub struct Database {
    /// The header.
    pub head: Object,
}
object_layout!(Database = kinds::UNICODE_DATABASE);

static OLD: TypeSpec = TypeSpec {
    name: "UCD",
    module: "unicodedata",
    traits: TypeTraits::NO_NEW,
    methods: &[PROPERTIES, VALUES, TEXTS],
    getset: &[GetSetDef::member(
        "unidata_version",
        |vm, _| Ok(vm.new_str("3.2.0")?.upcast()),
        "",
    )],
    ..TypeSpec::new(Database::layout, false)
};

/// The tables of a version of Unicode.
#[derive(Clone, Copy)]
struct Tables {
    data: Ucd,
    old: bool,
}

/// The tables that a receiver stands for: the module for 16.0, the object for 3.2.
fn tables(this: &Object) -> Tables {
    let old = this.downcast::<Database>().is_some();
    Tables {
        data: Ucd::new(!old),
        old,
    }
}

impl Tables {
    /// Whether the version assigns the character.
    fn assigned(self, c: CodePoint) -> bool {
        assigned(c) && (!self.old || data::membership_3_2(c.to_u32()))
    }
}

const fn one(
    name: &'static str,
    call: fn(&Vm, &Object, &Object) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, "($self, chr, /)", NativeCall::One(call), doc)
}

const fn value(
    name: &'static str,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(
        name,
        "($self, chr, default=<unrepresentable>, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call,
        },
        doc,
    )
}

const PROPERTIES: &[MethodDef] = &[
    one(
        "category",
        |vm, this, chr| {
            let tables = tables(this);
            let c = character(vm, "category", None, chr)?;
            Ok(vm.new_str(category(tables, c))?.upcast())
        },
        "Returns the general category assigned to the character chr as string.",
    ),
    one(
        "bidirectional",
        |vm, this, chr| {
            let tables = tables(this);
            let c = character(vm, "bidirectional", None, chr)?;
            if c.to_char().is_none() {
                return Ok(vm.new_str("L")?.upcast());
            }
            text(vm, tables, tables.data.bidirectional(c), c, "")
        },
        "Returns the bidirectional class assigned to the character chr as string.\n\nIf no such value is defined, an empty string is returned.",
    ),
    one(
        "combining",
        |vm, this, chr| {
            let tables = tables(this);
            let c = character(vm, "combining", None, chr)?;
            vm.new_int(if tables.assigned(c) {
                i64::from(tables.data.combining(c))
            } else {
                0
            })
        },
        "Returns the canonical combining class assigned to the character chr as integer.\n\nReturns 0 if no combining class is defined.",
    ),
    one(
        "mirrored",
        |vm, this, chr| {
            let tables = tables(this);
            let c = character(vm, "mirrored", None, chr)?;
            vm.new_int(if tables.assigned(c) {
                i64::from(tables.data.mirrored(c))
            } else {
                0
            })
        },
        "Returns the mirrored property assigned to the character chr as integer.\n\nReturns 1 if the character has been identified as a \"mirrored\"\ncharacter in bidirectional text, 0 otherwise.",
    ),
    one(
        "east_asian_width",
        |vm, this, chr| {
            let tables = tables(this);
            let c = character(vm, "east_asian_width", None, chr)?;
            // Ideographs to come are wide.
            let otherwise = match c.to_u32() {
                0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff => "W",
                0x20000..=0x2fffd | 0x30000..=0x3fffd => "W",
                _ => "N",
            };
            text(vm, tables, tables.data.east_asian_width(c), c, otherwise)
        },
        "Returns the east asian width assigned to the character chr as string.",
    ),
    one(
        "decomposition",
        |vm, this, chr| {
            let tables = tables(this);
            let c = character(vm, "decomposition", None, chr)?;
            // The database does not list Hangul's syllables, and the crate's entries of five ideographs are the first
            // ones: both are what the canonical form says.
            let canonical = matches!(c.to_u32(), 0xac00..=0xd7a3 | 0x2f800..=0x2fa1d);
            let found = if canonical {
                canonical_parts(c)
            } else {
                tables.data.decomposition(c)
            };
            text(vm, tables, &found, c, "")
        },
        "Returns the character decomposition mapping assigned to the character chr as string.\n\nAn empty string is returned in case no such mapping is defined.",
    ),
];

const VALUES: &[MethodDef] = &[
    value(
        "decimal",
        |vm, this, args| {
            let tables = tables(this);
            let c = character(vm, "decimal", Some(1), args[0])?;
            let found = unicode::decimal_value(c.to_u32()).filter(|_| tables.assigned(c));
            integer(vm, found.map(u64::from), args, "not a decimal")
        },
        "Converts a Unicode character into its equivalent decimal value.\n\nReturns the decimal value assigned to the character chr as integer.\nIf no such value is defined, default is returned, or, if not given,\nValueError is raised.",
    ),
    value(
        "digit",
        |vm, this, args| {
            let tables = tables(this);
            let c = character(vm, "digit", Some(1), args[0])?;
            let found = tables.data.digit(c).filter(|_| tables.assigned(c));
            integer(vm, found, args, "not a digit")
        },
        "Converts a Unicode character into its equivalent digit value.\n\nReturns the digit value assigned to the character chr as integer.\nIf no such value is defined, default is returned, or, if not given,\nValueError is raised.",
    ),
    value(
        "numeric",
        |vm, this, args| {
            let tables = tables(this);
            let c = character(vm, "numeric", Some(1), args[0])?;
            match tables
                .data
                .numeric(c)
                .filter(|_| unicode::is_numeric(c.to_u32()) && tables.assigned(c))
            {
                Some(number) => vm.new_float(number),
                None => default(vm, args, "not a numeric character"),
            }
        },
        "Converts a Unicode character into its equivalent numeric value.\n\nReturns the numeric value assigned to the character chr as float.\nIf no such value is defined, default is returned, or, if not given,\nValueError is raised.",
    ),
    value(
        "name",
        |vm, this, args| {
            let tables = tables(this);
            let c = character(vm, "name", Some(1), args[0])?;
            let name = c
                .to_char()
                .filter(|ch| named(u32::from(*ch)) && tables.assigned(c))
                .and_then(data::character_name);
            match name {
                Some(name) => Ok(vm.new_str(&name)?.upcast()),
                None => default(vm, args, "no such name"),
            }
        },
        "Returns the name assigned to the character chr as a string.\n\nIf no name is defined, default is returned, or, if not given,\nValueError is raised.",
    ),
];

const TEXTS: &[MethodDef] = &[
    MethodDef::new(
        "lookup",
        "($self, name, /)",
        NativeCall::One(lookup),
        "Look up character by name.\n\nIf a character with the given name is found, return the\ncorresponding character.  If not found, KeyError is raised.",
    ),
    MethodDef::new(
        "normalize",
        "($self, form, unistr, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: normalize,
        },
        "Return the normal form 'form' for the Unicode string unistr.\n\nValid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'.",
    ),
    MethodDef::new(
        "is_normalized",
        "($self, form, unistr, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: is_normalized,
        },
        "Return whether the Unicode string unistr is in the normal form 'form'.\n\nValid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'.",
    ),
];

/// The character of a string of length one; `place` is the argument's number where there are several.
fn character(vm: &Vm, function: &str, place: Option<u32>, object: &Object) -> PyResult<CodePoint> {
    let place = place.map_or(String::new(), |n| format!(" {n}"));
    let Some(string) = object.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "{function}() argument{place} must be a unicode character, not {}",
            protocol::type_name(object)
        )));
    };
    match (
        string.len(),
        string.char_at(0).and_then(CodePoint::from_u32),
    ) {
        (1, Some(c)) => Ok(c),
        (n, _) => Err(vm.type_error(format!(
            "{function}(): argument{place} must be a unicode character, not a string of length {n}"
        ))),
    }
}

/// The two letters of the general category.
fn category(tables: Tables, c: CodePoint) -> &'static str {
    match c.to_u32() {
        // A letter whose category later versions change.
        0x295 => "Ll",
        _ if tables.assigned(c) => tables.data.category(c),
        _ => "Cn",
    }
}

/// The code points of the canonical decomposition, in hexadecimal digits.
fn canonical_parts(c: CodePoint) -> String {
    let text: Wtf8Buf = std::iter::once(c).collect();
    let parts: Vec<String> = normalize::normalize(NormalizeForm::Nfd, &text)
        .code_points()
        .map(|part| format!("{:04X}", part.to_u32()))
        .collect();
    parts.join(" ")
}

/// Whether Unicode 16.0 assigns the character.
fn assigned(c: CodePoint) -> bool {
    unicode::category(c.to_u32()) != unicode::UNASSIGNED
}

/// Whether CPython knows the character's name: it leaves out those of Tangut ideographs.
fn named(c: u32) -> bool {
    let tangut = matches!(c, 0x17000..=0x187f7 | 0x18d00..=0x18d08);
    !tangut && unicode::category(c) != unicode::UNASSIGNED
}

/// A property, or what stands for it with characters that are not assigned.
fn text(vm: &Vm, tables: Tables, found: &str, c: CodePoint, otherwise: &str) -> PyResult {
    Ok(vm
        .new_str(if tables.assigned(c) { found } else { otherwise })?
        .upcast())
}

fn default(vm: &Vm, args: &[&Object], message: &str) -> PyResult {
    match args.get(1) {
        Some(default) => Ok(default.to_ref()),
        None => Err(vm.value_error(message)),
    }
}

fn integer(vm: &Vm, found: Option<u64>, args: &[&Object], message: &str) -> PyResult {
    match found.and_then(|n| i64::try_from(n).ok()) {
        Some(n) => vm.new_int(n),
        None => default(vm, args, message),
    }
}

fn lookup(vm: &Vm, this: &Object, name: &Object) -> PyResult {
    let Some(name) = name.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "lookup() argument must be str, not {}",
            protocol::type_name(name)
        )));
    };
    let spelt = name.to_text();
    let tables = tables(this);
    match tables.data.lookup(&spelt) {
        Some(LookupResult::Character(c))
            if named(u32::from(c)) && tables.assigned(CodePoint::from(c)) =>
        {
            Ok(vm.new_char(u32::from(c))?.upcast())
        }
        Some(LookupResult::Sequence(sequence)) => Ok(vm.new_str(sequence)?.upcast()),
        _ => {
            let message = vm.new_str(&format!("undefined character name '{spelt}'"))?;
            Err(vm.key_error(&message))
        }
    }
}

/// The form and the text of a call.
fn form_and_text<'a>(
    vm: &Vm,
    function: &str,
    args: &[&'a Object],
) -> PyResult<(NormalizeForm, &'a Str)> {
    let string = |i: usize| {
        args[i].downcast::<Str>().ok_or_else(|| {
            vm.type_error(format!(
                "{function}() argument {} must be str, not {}",
                i + 1,
                protocol::type_name(args[i])
            ))
        })
    };
    let (form, text) = (string(0)?, string(1)?);
    let Ok(form) = form.to_text().parse() else {
        return Err(vm.value_error("invalid normalization form"));
    };
    Ok((form, text))
}

/// The runs of a text to normalize one by one: characters that 16.0 does not assign stand alone and stay as they are.
fn runs(tables: Tables, text: &Str) -> Vec<Wtf8Buf> {
    let mut runs = vec![Wtf8Buf::new()];
    for c in text.chars().filter_map(CodePoint::from_u32) {
        let apart = c.to_u32() >= 0x80 && !tables.assigned(c);
        if apart {
            runs.push(Wtf8Buf::new());
        }
        if let Some(run) = runs.last_mut() {
            run.push(c);
        }
        if apart {
            runs.push(Wtf8Buf::new());
        }
    }
    runs
}

/// Whether a run stays as it is in a form.
fn is_normal(tables: Tables, form: NormalizeForm, run: &Wtf8Buf) -> bool {
    let mut points = run.code_points();
    match (points.next(), points.next()) {
        (Some(c), None) if !tables.assigned(c) => true,
        _ => normalize::is_normalized(form, run),
    }
}

fn normalize(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let tables = tables(this);
    let (form, text) = form_and_text(vm, "normalize", args)?;
    if text.is_ascii() {
        return exact(vm, text);
    }
    let parts = runs(tables, text);
    if parts.iter().all(|run| is_normal(tables, form, run)) {
        return exact(vm, text);
    }
    let mut points = Vec::new();
    for run in &parts {
        if is_normal(tables, form, run) {
            points.extend(run.code_points().map(CodePoint::to_u32));
        } else {
            let normal = normalize::normalize(form, run);
            points.extend(normal.code_points().map(CodePoint::to_u32));
        }
    }
    Ok(vm.new_str_points(&points)?.upcast())
}

/// A string itself, or a copy where it is of a subclass.
fn exact(vm: &Vm, text: &Str) -> PyResult {
    let object = &text.head;
    if object.is_exact::<Str>() {
        return Ok(object.to_ref());
    }
    let copy: Ref<Str> = Str::place_copy(vm, &vm.types.str, text)?;
    Ok(copy.upcast())
}

fn is_normalized(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let tables = tables(this);
    let (form, text) = form_and_text(vm, "is_normalized", args)?;
    let normal = text.is_ascii()
        || runs(tables, text)
            .iter()
            .all(|run| is_normal(tables, form, run));
    Ok(vm.bool(normal))
}
