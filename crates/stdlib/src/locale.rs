//! The module `_locale`. Texts are UTF-8 and conventions those of the locale "C", whichever of the names for these a program
//! sets: another one is an error, as on a system that has none installed.

use std::cell::RefCell;

use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::object::{Module, Str};
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Ref, Vm, protocol};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_locale",
    doc: "Support for POSIX locales.",
    functions: &[FUNCTIONS],
    fill,
};

/// The categories in the order of their numbers.
const CATEGORIES: [&str; 7] = [
    "LC_CTYPE",
    "LC_NUMERIC",
    "LC_TIME",
    "LC_COLLATE",
    "LC_MONETARY",
    "LC_MESSAGES",
    "LC_ALL",
];
const ALL: usize = 6;

thread_local! {
    /// The name of each category: like the system's, one for the thread that the interpreter runs in.
    static NAMES: RefCell<[String; ALL]> = RefCell::new(std::array::from_fn(|category| {
        // The interpreter takes the characters' encoding from the environment when it starts.
        if category == 0 { environment(category).unwrap_or_else(|| "C.UTF-8".into()) } else { "C".into() }
    }));
}

/// Strings that `nl_langinfo` gives, with the names and numbers of the items.
const ITEMS: &[(&str, i64, &str)] = &[
    ("CODESET", 14, "UTF-8"),
    ("RADIXCHAR", 0x10000, "."),
    ("THOUSEP", 0x10001, ""),
    ("CRNCYSTR", 0x4000f, "-"),
    ("D_T_FMT", 0x20028, "%a %b %e %H:%M:%S %Y"),
    ("D_FMT", 0x20029, "%m/%d/%y"),
    ("T_FMT", 0x2002a, "%H:%M:%S"),
    ("T_FMT_AMPM", 0x2002b, "%I:%M:%S %p"),
    ("AM_STR", 0x20026, "AM"),
    ("PM_STR", 0x20027, "PM"),
    ("YESEXPR", 0x50000, "^[yY]"),
    ("NOEXPR", 0x50001, "^[nN]"),
    ("ERA", 0x2002c, ""),
    ("ERA_D_FMT", 0x2002e, ""),
    ("ALT_DIGITS", 0x2002f, ""),
    ("ERA_D_T_FMT", 0x20030, ""),
    ("ERA_T_FMT", 0x20031, ""),
];

/// Series of names: the first item's name without its digit, its number, the texts.
const SERIES: &[(&str, i64, &[&str])] = &[
    (
        "ABDAY_",
        0x20000,
        &["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    ),
    (
        "DAY_",
        0x20007,
        &[
            "Sunday",
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
        ],
    ),
    (
        "ABMON_",
        0x2000e,
        &[
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ],
    ),
    (
        "MON_",
        0x2001a,
        &[
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    ),
];

fn fill(vm: &Vm, module: &Module) -> PyResult<()> {
    for (number, name) in (0..).zip(CATEGORIES) {
        add_int(vm, module, name, number)?;
    }
    add_int(vm, module, "CHAR_MAX", 127)?;
    for (name, number, _) in ITEMS {
        add_int(vm, module, name, *number)?;
    }
    for (name, first, texts) in SERIES {
        for (i, _) in (0..).zip(texts.iter()) {
            add_int(vm, module, &format!("{name}{}", i + 1), first + i)?;
        }
    }
    // `locale.Error` is a class of its own below Exception.
    let dict = vm.new_dict()?;
    dict.set_str(vm, &vm.names.__module__, vm.intern("locale")?.as_object())?;
    let bases = vm.new_tuple(vec![vm.exceptions.Exception.head.to_ref()])?;
    let name = vm.intern("Error")?;
    let args = [name.as_object(), bases.as_object(), dict.as_object()];
    let error = protocol::call_args(vm, &vm.types.type_.head, &args)?;
    module.dict.set_text(vm, "Error", &error)
}

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "setlocale",
        "($module, category, locale=None, /)",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: set_locale,
        },
        "Activates/queries locale processing.",
    ),
    MethodDef::new(
        "localeconv",
        "($module, /)",
        NativeCall::NoArgs(conventions),
        "Returns numeric and monetary locale-specific parameters.",
    ),
    MethodDef::new(
        "strcoll",
        "($module, os1, os2, /)",
        NativeCall::Positional {
            min: 2,
            max: 2,
            call: |vm, _, args| {
                let (a, b) = (
                    string(vm, "strcoll", args[0])?,
                    string(vm, "strcoll", args[1])?,
                );
                vm.new_int(viv_runtime::types::str::ops::order(a, b) as i64)
            },
        },
        "Compares two strings according to the locale.",
    ),
    MethodDef::new(
        "strxfrm",
        "($module, string, /)",
        NativeCall::One(|vm, _, text| {
            let text = string(vm, "strxfrm", text)?;
            if text.chars().any(|c| c == 0) {
                return Err(vm.value_error("embedded null character"));
            }
            Ok(viv_runtime::types::str::exact(vm, text)?.upcast())
        }),
        "Return a string that can be used as a key for locale-aware comparisons.",
    ),
    MethodDef::new(
        "nl_langinfo",
        "($module, key, /)",
        NativeCall::One(language_info),
        "Return the value for the locale information associated with key.",
    ),
    MethodDef::new(
        "getencoding",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| Ok(vm.new_str("UTF-8")?.upcast())),
        "Get the current locale encoding.",
    ),
    MethodDef::new(
        "gettext",
        "($module, msg, /)",
        NativeCall::One(|vm, _, message| {
            string(vm, "gettext", message)?;
            Ok(message.to_ref())
        }),
        "gettext(msg) -> string\n\nReturn translation of msg.",
    ),
];

fn string<'a>(vm: &Vm, function: &str, object: &'a Object) -> PyResult<&'a Str> {
    object.downcast::<Str>().ok_or_else(|| {
        vm.type_error(format!(
            "{function}() argument must be str, not {}",
            protocol::type_name(object)
        ))
    })
}

/// What the environment wants of a category, where this is among what there is.
fn environment(category: usize) -> Option<String> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let wanted = set("LC_ALL")
        .or_else(|| set(CATEGORIES[category]))
        .or_else(|| set("LANG"))
        .unwrap_or_else(|| "C".into());
    known(&wanted)
}

/// The name under which a locale is kept, where there is such a one.
fn known(name: &str) -> Option<String> {
    let (base, encoding) = name.split_once('.').unwrap_or((name, ""));
    let utf8 = matches!(&*encoding.to_ascii_lowercase(), "utf8" | "utf-8");
    (matches!(base, "C" | "POSIX") && encoding.is_empty() || base == "C" && utf8).then(|| {
        if encoding.is_empty() {
            "C".into()
        } else {
            name.to_owned()
        }
    })
}

fn set_locale(vm: &Vm, module: &Object, args: &[&Object]) -> PyResult {
    let category = args
        .first()
        .map_or(Ok(0), |category| protocol::to_index(vm, category))?;
    let wrong = |text: &str| {
        let error = protocol::get_attr_str(vm, module, "Error")?;
        match error.downcast::<viv_runtime::object::Type>() {
            Some(class) => Err(vm.raise(class, text)),
            None => Err(vm.value_error(text)),
        }
    };
    let Some(category) = usize::try_from(category).ok().filter(|n| *n <= ALL) else {
        return wrong("invalid locale category");
    };
    let places = if category == ALL {
        0..ALL
    } else {
        category..category + 1
    };
    if let Some(name) = args.get(1).filter(|name| !vm.is_none(name)) {
        let name = string(vm, "setlocale", name)?.to_text().into_owned();
        // The names that a query of all categories gives may be set again.
        let several: Vec<&str> = name.split(';').collect();
        for (i, place) in places.clone().enumerate() {
            let wanted = match several[..] {
                [_] => &*name,
                _ => several
                    .get(i)
                    .and_then(|part| part.split_once('='))
                    .map_or("", |(_, wanted)| wanted),
            };
            let found = if name.is_empty() {
                environment(place)
            } else {
                known(wanted)
            };
            let Some(found) = found else {
                return wrong("unsupported locale setting");
            };
            NAMES.with_borrow_mut(|names| names[place] = found);
        }
    }
    let shown = NAMES.with_borrow(|names| {
        let names = &names[places];
        if names.iter().all(|name| *name == names[0]) {
            return names[0].clone();
        }
        let pairs = CATEGORIES.iter().zip(names);
        let pairs: Vec<String> = pairs.map(|(c, n)| format!("{c}={n}")).collect();
        pairs.join(";")
    });
    Ok(vm.new_str(&shown)?.upcast())
}

fn conventions(vm: &Vm, _: &Object) -> PyResult {
    let result = vm.new_dict()?;
    for (name, text) in [
        ("decimal_point", "."),
        ("thousands_sep", ""),
        ("int_curr_symbol", ""),
        ("currency_symbol", ""),
        ("mon_decimal_point", ""),
        ("mon_thousands_sep", ""),
        ("positive_sign", ""),
        ("negative_sign", ""),
    ] {
        result.set_text(vm, name, vm.new_str(text)?.as_object())?;
    }
    for name in [
        "int_frac_digits",
        "frac_digits",
        "p_cs_precedes",
        "p_sep_by_space",
        "n_cs_precedes",
        "n_sep_by_space",
        "p_sign_posn",
        "n_sign_posn",
    ] {
        result.set_text(vm, name, vm.new_int(127)?.as_object())?;
    }
    for name in ["grouping", "mon_grouping"] {
        result.set_text(vm, name, vm.new_list(Vec::<Ref>::new())?.as_object())?;
    }
    Ok(result.upcast())
}

fn language_info(vm: &Vm, _: &Object, key: &Object) -> PyResult {
    let key = protocol::to_index(vm, key)?;
    let single = ITEMS.iter().find(|(_, number, _)| *number == key);
    let found = single.map(|(_, _, text)| *text).or_else(|| {
        SERIES.iter().find_map(|(_, first, texts)| {
            let place = usize::try_from(key - first).ok()?;
            texts.get(place).copied()
        })
    });
    match found {
        Some(text) => Ok(vm.new_str(text)?.upcast()),
        None => Err(vm.value_error("unsupported langinfo constant")),
    }
}
