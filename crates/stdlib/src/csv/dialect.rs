//! `_csv.Dialect`: how a table is written.

use viv_runtime::native::GetSetDef;
use viv_runtime::native::bind::Parameters;
use viv_runtime::object::{Int, Slot, Str, Type, TypeTraits};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout, protocol,
};

use crate::kinds;

/// Quote what needs it.
pub const MINIMAL: i64 = 0;
/// Quote all.
pub const ALL: i64 = 1;
/// Quote what is no number; what is read unquoted is a float.
pub const NONNUMERIC: i64 = 2;
/// Quote nothing.
pub const NONE: i64 = 3;
/// Quote strings.
pub const STRINGS: i64 = 4;
/// Quote all but None.
pub const NOTNULL: i64 = 5;

/// A `_csv.Dialect`.
#[repr(C)]
pub struct Dialect {
    /// The header.
    pub head: Object,
    /// What stands between fields.
    pub delimiter: u32,
    /// Whether a quote within quotes is written twice.
    pub double_quote: bool,
    /// Whether blanks behind a delimiter do not count.
    pub skip_initial_space: bool,
    /// Whether bad input is an error.
    pub strict: bool,
    /// What takes the meaning from the next character.
    pub escape: Option<u32>,
    /// What stands around fields.
    pub quote: Option<u32>,
    /// What ends a row.
    pub terminator: Slot<Str>,
    /// What is quoted.
    pub quoting: i64,
}
object_layout!(
    Dialect = kinds::CSV_DIALECT,
    traverse | this,
    visit | {
        this.terminator.visit(visit);
    }
);

fn char_or_none(vm: &Vm, c: Option<u32>) -> PyResult {
    match c {
        Some(c) => Ok(vm.new_char(c)?.upcast()),
        None => Ok(vm.none_ref()),
    }
}

fn no_pickle(vm: &Vm, this: &Object) -> PyResult {
    let name = Type::of(this).name.get();
    Err(vm.type_error(format!(
        "cannot pickle '{}' instances",
        name.map_or_else(String::new, |name| name.to_text().into_owned())
    )))
}

static SPEC: TypeSpec = TypeSpec {
    name: "Dialect",
    module: "_csv",
    doc: "CSV dialect\n\nThe Dialect type records CSV parsing and generation options.\n",
    traits: TypeTraits::BASE,
    slots: |s| s.new.set(Some(new)),
    methods: &[&[
        MethodDef::new("__reduce__", "", NativeCall::NoArgs(no_pickle), ""),
        MethodDef::new(
            "__reduce_ex__",
            "",
            NativeCall::One(|vm, this, _| no_pickle(vm, this)),
            "",
        ),
    ]],
    getset: &[
        GetSetDef::member(
            "skipinitialspace",
            |vm, this| Ok(vm.bool(receiver::<Dialect>(vm, this)?.skip_initial_space)),
            "",
        ),
        GetSetDef::member(
            "doublequote",
            |vm, this| Ok(vm.bool(receiver::<Dialect>(vm, this)?.double_quote)),
            "",
        ),
        GetSetDef::member(
            "strict",
            |vm, this| Ok(vm.bool(receiver::<Dialect>(vm, this)?.strict)),
            "",
        ),
        GetSetDef::get(
            "delimiter",
            |vm, this| char_or_none(vm, Some(receiver::<Dialect>(vm, this)?.delimiter)),
            "",
        ),
        GetSetDef::get(
            "escapechar",
            |vm, this| char_or_none(vm, receiver::<Dialect>(vm, this)?.escape),
            "",
        ),
        GetSetDef::get(
            "lineterminator",
            |vm, this| {
                let terminator = receiver::<Dialect>(vm, this)?.terminator.get();
                Ok(terminator.map_or_else(|| vm.none_ref(), Ref::upcast))
            },
            "",
        ),
        GetSetDef::get(
            "quotechar",
            |vm, this| char_or_none(vm, receiver::<Dialect>(vm, this)?.quote),
            "",
        ),
        GetSetDef::get(
            "quoting",
            |vm, this| vm.new_int(receiver::<Dialect>(vm, this)?.quoting),
            "",
        ),
    ],
    ..TypeSpec::new(Dialect::layout, true)
};

/// The type `_csv.Dialect`.
pub fn own_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

/// The dialect of the arguments `dialect` and format parameters.
pub fn of_arguments(vm: &Vm, args: Args<'_>) -> PyResult<Ref<Dialect>> {
    let made = new(vm, &*own_type(vm)?, args)?;
    made.cast::<Dialect>()
        .map_err(|_| vm.type_error("a dialect was expected"))
}

/// The options in the order of the parameters behind `dialect`.
const OPTIONS: [&str; 8] = [
    "delimiter",
    "doublequote",
    "escapechar",
    "lineterminator",
    "quotechar",
    "quoting",
    "skipinitialspace",
    "strict",
];

fn character(vm: &Vm, name: &str, value: &Object, or_none: bool) -> PyResult<Option<u32>> {
    if or_none && vm.is_none(value) {
        return Ok(None);
    }
    let or_none = if or_none { " or None" } else { "" };
    let given = match value.downcast::<Str>() {
        Some(text) if text.len() == 1 => return Ok(text.char_at(0)),
        Some(text) => format!("a string of length {}", text.len()),
        None => protocol::type_name(value),
    };
    Err(vm.type_error(format!(
        "\"{name}\" must be a unicode character{or_none}, not {given}"
    )))
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    const SIGNATURE: &str = "(dialect=None, delimiter=None, doublequote=None, escapechar=None, lineterminator=None, quotechar=None, quoting=None, skipinitialspace=None, strict=None)";
    for (key, _) in args.keywords() {
        let name = key.to_text();
        if name != "dialect" && !OPTIONS.contains(&&*name) {
            return Err(vm.type_error(format!(
                "this function got an unexpected keyword argument '{name}'"
            )));
        }
    }
    let bound = Parameters::of(SIGNATURE).bind(vm, "", args)?;
    let Some((dialect, given)) = bound.split_first() else {
        return Err(vm.system_error("arguments of a dialect"));
    };
    let mut base = dialect.map(Object::to_ref).filter(|base| !vm.is_none(base));
    if let Some(name) = base
        .as_ref()
        .filter(|base| base.downcast::<Str>().is_some())
    {
        base = Some(super::find_dialect(vm, name)?);
    }
    if let Some(base) = &base
        && base.downcast::<Dialect>().is_some()
        && given.iter().all(Option::is_none)
    {
        return Ok(base.clone());
    }
    let mut options: [Option<Ref>; 8] = Default::default();
    for ((option, given), name) in options.iter_mut().zip(given).zip(OPTIONS) {
        *option = match (given, &base) {
            (Some(given), _) => Some(given.to_ref()),
            (None, Some(base)) => protocol::get_attr_opt(vm, base, &*vm.intern(name)?)?,
            (None, None) => None,
        };
    }
    let made = checked(vm, ty, &options)?;
    vm.heap.track(made.as_object());
    Ok(made.upcast())
}

/// The dialect of options, missing ones as in Excel.
fn checked(vm: &Vm, ty: &Type, options: &[Option<Ref>; 8]) -> PyResult<Ref<Dialect>> {
    let [
        delimiter,
        double_quote,
        escape,
        terminator,
        quote,
        quoting,
        skip_space,
        strict,
    ] = options;
    let flag = |option: &Option<Ref>, default: bool| match option {
        Some(value) => protocol::is_true(vm, value),
        None => Ok(default),
    };
    let delimiter = match delimiter {
        Some(value) => character(vm, "delimiter", value, false)?,
        None => None,
    };
    let delimiter = delimiter.unwrap_or(u32::from(b','));
    let double_quote = flag(double_quote, true)?;
    let escape = match escape {
        Some(value) => character(vm, "escapechar", value, true)?,
        None => None,
    };
    let terminator = match terminator {
        None => vm.new_str("\r\n")?,
        Some(value) => match value.downcast::<Str>() {
            Some(text) => Ref::of(text),
            None => {
                return Err(vm.type_error(format!(
                    "\"lineterminator\" must be a string, not {}",
                    protocol::type_name(value)
                )));
            }
        },
    };
    let no_quote = quote.as_ref().is_some_and(|quote| vm.is_none(quote));
    let quote = match quote {
        Some(value) => character(vm, "quotechar", value, true)?,
        None => Some(u32::from(b'"')),
    };
    let quoting = match quoting {
        None if no_quote => NONE,
        None => MINIMAL,
        Some(value) => match value.downcast_exact::<Int>() {
            Some(int) => int.as_i64().unwrap_or(-1),
            None => {
                return Err(vm.type_error(format!(
                    "\"quoting\" must be an integer, not {}",
                    protocol::type_name(value)
                )));
            }
        },
    };
    let skip_initial_space = flag(skip_space, false)?;
    let strict = flag(strict, false)?;
    if !(MINIMAL..=NOTNULL).contains(&quoting) {
        return Err(vm.type_error("bad \"quoting\" value"));
    }
    if quoting != NONE && quote.is_none() {
        return Err(vm.type_error("quotechar must be set if quoting enabled"));
    }
    let named = [
        ("delimiter", Some(delimiter)),
        ("escapechar", escape),
        ("quotechar", quote),
    ];
    let bad = |what: String| Err(vm.value_error(format!("bad {what} value")));
    for (name, c) in named {
        let Some(c) = c else { continue };
        let space = c == u32::from(b' ') && name != "delimiter" && skip_initial_space;
        if c == u32::from(b'\n') || c == u32::from(b'\r') || space {
            return bad(name.to_owned());
        }
        if terminator.chars().any(|end| end == c) {
            return bad(format!("{name} or lineterminator"));
        }
    }
    for (i, (name, c)) in named.iter().enumerate() {
        for (other, d) in named.iter().skip(i + 1) {
            if c.is_some() && c == d {
                return bad(format!("{name} or {other}"));
            }
        }
    }
    vm.place(Dialect {
        head: Object::new(ty.type_head_of()),
        delimiter,
        double_quote,
        skip_initial_space,
        strict,
        escape,
        quote,
        terminator: Slot::full(terminator),
        quoting,
    })
}
