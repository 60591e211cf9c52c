//! The methods of `date`, most of which `datetime` has as well.

use viv_runtime::modules::import::import_name;
use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Float, Int, Str, Type};
use viv_runtime::protocol;
use viv_runtime::{Args, MethodDef, NativeCall, Object, PyResult, Vm};

use super::arguments::{arguments, c_int, c_int_or, wrong_type};
use super::calendar::{self, IsoError, MAX_ORDINAL, from_iso};
use super::date::{make_as, own_day, wrong_year};
use super::strftime::wrap_strftime;
use super::write::c_time;
use super::{iso_date, local, parse};

pub const FIELDS: &[GetSetDef] = &[
    GetSetDef::get(
        "year",
        |vm, this| vm.new_int(own_day(vm, this)?.year.into()),
        "",
    ),
    GetSetDef::get(
        "month",
        |vm, this| vm.new_int(own_day(vm, this)?.month.into()),
        "",
    ),
    GetSetDef::get(
        "day",
        |vm, this| vm.new_int(own_day(vm, this)?.day.into()),
        "",
    ),
];

pub const CLASS_METHODS: &[MethodDef] = &[
    MethodDef::class(
        "fromtimestamp",
        "($type, timestamp, /)",
        NativeCall::One(from_timestamp),
        "Create a date from a POSIX timestamp.\n\nThe timestamp is a number, e.g. created via time.time(), that is\ninterpreted as local time.",
    ),
    MethodDef::class(
        "fromordinal",
        "",
        NativeCall::One(from_ordinal),
        "int -> date corresponding to a proleptic Gregorian ordinal.",
    ),
    MethodDef::class(
        "fromisoformat",
        "($type, object, /)",
        NativeCall::One(from_iso_format),
        "str -> Construct a date from a string in ISO 8601 format.",
    ),
    MethodDef::class(
        "fromisocalendar",
        "",
        NativeCall::Raw(from_iso_calendar),
        "int, int, int -> Construct a date from the ISO year, week number and weekday.\n\nThis is the inverse of the date.isocalendar() function",
    ),
    MethodDef::class(
        "strptime",
        "",
        NativeCall::Raw(|vm, class, args| strptime(vm, class, args, "_strptime_datetime_date")),
        "string, format -> new date parsed from a string (like time.strptime()).",
    ),
    MethodDef::class(
        "today",
        "($type, /)",
        NativeCall::NoArgs(today),
        "Current date or datetime:  same as self.__class__.fromtimestamp(time.time()).",
    ),
];

pub const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "ctime",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let text = c_time(own_day(vm, this)?, Default::default());
            Ok(vm.new_str(&text)?.upcast())
        }),
        "Return ctime() style string.",
    ),
    MethodDef::new(
        "strftime",
        "",
        NativeCall::Raw(strftime),
        "format -> strftime() style string.",
    ),
    MethodDef::new(
        "__format__",
        "",
        NativeCall::One(format),
        "Formats self with strftime.",
    ),
    MethodDef::new(
        "timetuple",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            local::struct_time(vm, own_day(vm, this)?, Default::default(), -1)
        }),
        "Return time tuple, compatible with time.localtime().",
    ),
    MethodDef::new(
        "isocalendar",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| iso_date::make(vm, own_day(vm, this)?)),
        "Return a named tuple containing ISO year, week number, and weekday.",
    ),
    MethodDef::new(
        "isoformat",
        "($self, /)",
        NativeCall::NoArgs(super::date::iso_format),
        "Return string in ISO 8601 format, YYYY-MM-DD.",
    ),
    MethodDef::new(
        "isoweekday",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| vm.new_int(own_day(vm, this)?.weekday() + 1)),
        "Return the day of the week represented by the date.\nMonday == 1 ... Sunday == 7",
    ),
    MethodDef::new(
        "toordinal",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| vm.new_int(own_day(vm, this)?.ordinal())),
        "Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1.",
    ),
    MethodDef::new(
        "weekday",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| vm.new_int(own_day(vm, this)?.weekday())),
        "Return the day of the week represented by the date.\nMonday == 0 ... Sunday == 6",
    ),
    MethodDef::new(
        "replace",
        "($self, /, year=unchanged, month=unchanged, day=unchanged)",
        NativeCall::Bound(replace),
        "Return date with new specified fields.",
    ),
    MethodDef::new(
        "__replace__",
        "($self, /, **changes)",
        NativeCall::Raw(|vm, this, args| {
            let given: [Option<&Object>; 3] =
                arguments(vm, "replace", "(*, year=0, month=0, day=0)", 0, 0, args)?;
            replace(vm, this, &given)
        }),
        "The same as replace().",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let state = vm.new_bytes(&own_day(vm, this)?.bytes())?.upcast();
            let args = vm.new_tuple(vec![state])?.upcast();
            Ok(vm
                .new_tuple(vec![Type::of(this).head.to_ref(), args])?
                .upcast())
        }),
        "__reduce__() -> (cls, state)",
    ),
];

fn from_timestamp(vm: &Vm, class: &Object, timestamp: &Object) -> PyResult {
    let seconds = match timestamp.downcast::<Float>() {
        Some(float) => local::whole_seconds(vm, float.value().floor())?,
        None => {
            let int = protocol::index(vm, timestamp)?;
            int.downcast::<Int>()
                .and_then(Int::as_i64)
                .ok_or_else(|| local::out_of_range(vm))?
        }
    };
    let (day, _) = local::local_fields(vm, seconds)?;
    make_as(vm, class, day)
}

fn from_ordinal(vm: &Vm, class: &Object, number: &Object) -> PyResult {
    let number = c_int(vm, number)?;
    if number < 1 {
        return Err(vm.value_error("ordinal must be >= 1"));
    }
    if number > MAX_ORDINAL {
        return Err(wrong_year(vm, calendar::civil(number).0));
    }
    make_as(vm, class, calendar::civil(number))
}

fn from_iso_format(vm: &Vm, class: &Object, text: &Object) -> PyResult {
    let Some(text) = text.downcast::<Str>() else {
        return Err(vm.type_error("fromisoformat: argument must be str"));
    };
    let parsed = text.as_ascii().and_then(|ascii| match ascii.len() {
        7 | 8 | 10 => parse::date(ascii.as_bytes()),
        _ => None,
    });
    match parsed {
        Some(parts) => make_as(vm, class, parts),
        None => Err(parse::invalid(vm, text)),
    }
}

fn from_iso_calendar(vm: &Vm, class: &Object, args: Args<'_>) -> PyResult {
    let given: [Option<&Object>; 3] =
        arguments(vm, "fromisocalendar", "(year, week, day)", 3, 3, args)?;
    let mut numbers = [0; 3];
    for (number, value) in numbers.iter_mut().zip(given) {
        *number = c_int(vm, value.unwrap_or(vm.none())).map_err(|raised| {
            match vm.swallow::<()>(raised, &vm.exceptions.OverflowError) {
                Ok(_) => vm.value_error("ISO calendar component out of range"),
                Err(other) => other,
            }
        })?;
    }
    let [year, week, day] = numbers;
    let parts = from_iso(year, week, day).map_err(|wrong| match wrong {
        IsoError::Year => wrong_year(vm, year),
        IsoError::Week => vm.value_error(format!("Invalid week: {week}")),
        IsoError::Weekday => vm.value_error(format!("Invalid weekday: {day} (range is [1, 7])")),
    })?;
    make_as(vm, class, parts)
}

/// `strptime` of the three types: a function of the module `_strptime`.
pub fn strptime(vm: &Vm, class: &Object, args: Args<'_>, function: &str) -> PyResult {
    let [text, format] = args.pos() else {
        return Err(vm.type_error(format!(
            "strptime() takes exactly 2 arguments ({} given)",
            args.pos().len()
        )));
    };
    if args.keyword_count() != 0 {
        return Err(vm.type_error(format!(
            "{}.strptime() takes no keyword arguments",
            protocol::type_name(class)
        )));
    }
    for (i, value) in [text, format].into_iter().enumerate() {
        if value.downcast::<Str>().is_none() {
            return Err(wrong_type(vm, "strptime", i + 1, "str", value));
        }
    }
    let module = import_name(vm, "_strptime")?;
    let function = protocol::get_attr_str(vm, &module, function)?;
    protocol::call_args(vm, &function, &[class, text, format])
}

fn today(vm: &Vm, class: &Object) -> PyResult {
    let clock = protocol::get_attr_str(vm, &*import_name(vm, "time")?, "time")?;
    let now = protocol::call_no_args(vm, &clock)?;
    protocol::call_method(vm, class, &*vm.intern("fromtimestamp")?, &[&now])
}

/// The format of `strftime`.
pub fn format_argument<'a>(vm: &Vm, args: Args<'a>) -> PyResult<&'a Str> {
    let [format] = arguments(vm, "strftime", "(format)", 1, 1, args)?;
    match format {
        Some(format) => format
            .downcast::<Str>()
            .ok_or_else(|| wrong_type(vm, "strftime", 1, "str", format)),
        None => Err(vm.type_error("strftime() missing required argument 'format' (pos 1)")),
    }
}

fn strftime(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let format = format_argument(vm, args)?;
    let tuple = protocol::call_method(vm, this, &*vm.intern("timetuple")?, &[])?;
    wrap_strftime(vm, this, format, &tuple, this)
}

/// `__format__` of the three types.
pub fn format(vm: &Vm, this: &Object, spec: &Object) -> PyResult {
    let Some(text) = spec.downcast::<Str>() else {
        return Err(wrong_type(vm, "__format__", 1, "str", spec));
    };
    if text.is_empty() {
        return Ok(protocol::str(vm, this)?.upcast());
    }
    protocol::call_method(vm, this, &*vm.intern("strftime")?, &[spec])
}

fn replace(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let [year, month, day] = args else {
        return Ok(vm.none_ref());
    };
    let (old_year, old_month, old_day) = own_day(vm, this)?.parts();
    let parts = (
        c_int_or(vm, *year, old_year)?,
        c_int_or(vm, *month, old_month)?,
        c_int_or(vm, *day, old_day)?,
    );
    make_as(vm, &Type::of(this).head, parts)
}
