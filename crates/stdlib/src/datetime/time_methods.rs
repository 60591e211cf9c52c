//! The methods of `time`.

use viv_runtime::modules::import::import_name;
use viv_runtime::object::{Str, Type};
use viv_runtime::protocol;
use viv_runtime::{Args, MethodDef, NativeCall, Object, PyResult, Ref, Vm};

use super::arguments::{arguments, c_int_or, wrong_type};
use super::calendar::Clock;
use super::date_methods::{format, format_argument, strptime};
use super::parse;
use super::strftime::wrap_strftime;
use super::time::{checked_fold, make_as, offset_of, own, zone_given};
use super::write::{Precision, offset_text, push_clock};
use super::zone::ask;

pub const METHODS: &[MethodDef] = &[
    MethodDef::class(
        "strptime",
        "",
        NativeCall::Raw(|vm, class, args| strptime(vm, class, args, "_strptime_datetime_time")),
        "string, format -> new time parsed from a string (like time.strptime()).",
    ),
    MethodDef::new(
        "isoformat",
        "",
        NativeCall::Raw(iso_format),
        "Return string in ISO 8601 format, [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\n\nThe optional argument timespec specifies the number of additional terms\nof the time to include. Valid options are 'auto', 'hours', 'minutes',\n'seconds', 'milliseconds' and 'microseconds'.\n",
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
        "utcoffset",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            ask(vm, own(vm, this)?.zone.as_deref(), "utcoffset", vm.none())
        }),
        "Return self.tzinfo.utcoffset(self).",
    ),
    MethodDef::new(
        "tzname",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| ask(vm, own(vm, this)?.zone.as_deref(), "tzname", vm.none())),
        "Return self.tzinfo.tzname(self).",
    ),
    MethodDef::new(
        "dst",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| ask(vm, own(vm, this)?.zone.as_deref(), "dst", vm.none())),
        "Return self.tzinfo.dst(self).",
    ),
    MethodDef::new(
        "replace",
        "($self, /, hour=unchanged, minute=unchanged, second=unchanged,\n        microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)",
        NativeCall::Bound(replace),
        "Return time with new specified fields.",
    ),
    MethodDef::new(
        "__replace__",
        "($self, /, **changes)",
        NativeCall::Raw(|vm, this, args| {
            let names = "(*, hour=0, minute=0, second=0, microsecond=0, tzinfo=0, fold=0)";
            let given: [Option<&Object>; 6] = arguments(vm, "replace", names, 0, 0, args)?;
            replace(vm, this, &given)
        }),
        "The same as replace().",
    ),
    MethodDef::class(
        "fromisoformat",
        "($type, object, /)",
        NativeCall::One(from_iso_format),
        "string -> time from a string in ISO 8601 format",
    ),
    MethodDef::new(
        "__reduce_ex__",
        "",
        NativeCall::One(|vm, this, protocol| {
            let protocol = protocol::to_i64(vm, protocol)?;
            reduce(vm, this, protocol)
        }),
        "__reduce_ex__(proto) -> (cls, state)",
    ),
    MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| reduce(vm, this, 2)),
        "__reduce__() -> (cls, state)",
    ),
];

fn iso_format(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let [spec] = arguments(vm, "isoformat", "(timespec='auto')", 0, 1, args)?;
    let time = own(vm, this)?;
    let spec = precision_argument(vm, spec, 1)?;
    let precision = Precision::of(vm, spec, time.clock)?;
    let mut text = String::with_capacity(16);
    push_clock(&mut text, time.clock, precision);
    if let Some(offset) = offset_of(vm, time)? {
        text += &offset_text(offset, ":");
    }
    Ok(vm.new_str(&text)?.upcast())
}

/// The argument `timespec`.
pub fn precision_argument<'a>(
    vm: &Vm,
    spec: Option<&'a Object>,
    number: usize,
) -> PyResult<Option<&'a Str>> {
    spec.map(|spec| {
        spec.downcast::<Str>()
            .ok_or_else(|| wrong_type(vm, "isoformat", number, "str", spec))
    })
    .transpose()
}

fn strftime(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let format = format_argument(vm, args)?;
    let Clock {
        hour,
        minute,
        second,
        ..
    } = own(vm, this)?.clock;
    let fields = [
        1900,
        1,
        1,
        i64::from(hour),
        i64::from(minute),
        i64::from(second),
        0,
        1,
        -1,
    ];
    let fields = fields.map(|n| vm.new_int(n));
    let tuple = vm.new_tuple(fields.into_iter().collect::<PyResult<Vec<Ref>>>()?)?;
    wrap_strftime(vm, this, format, tuple.as_object(), vm.none())
}

fn replace(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let [hour, minute, second, micro, zone, fold] = args else {
        return Ok(vm.none_ref());
    };
    let time = own(vm, this)?;
    let parts = [
        c_int_or(vm, *hour, time.clock.hour.into())?,
        c_int_or(vm, *minute, time.clock.minute.into())?,
        c_int_or(vm, *second, time.clock.second.into())?,
        c_int_or(vm, *micro, time.clock.micro.into())?,
    ];
    let fold = c_int_or(vm, *fold, time.fold.into())?;
    checked_fold(vm, fold)?;
    let zone = match zone {
        Some(_) => zone_given(vm, *zone)?,
        None => time.zone.clone(),
    };
    make_as(vm, &Type::of(this).head, parts, fold, zone)
}

fn from_iso_format(vm: &Vm, class: &Object, text: &Object) -> PyResult {
    let Some(text) = text.downcast::<Str>() else {
        return Err(vm.type_error("fromisoformat: argument must be str"));
    };
    let ascii = text
        .as_ascii()
        .map(|ascii| ascii.strip_prefix('T').unwrap_or(ascii));
    let Some(mut parts) = ascii.and_then(|ascii| parse::time(ascii.as_bytes())) else {
        return Err(parse::invalid(vm, text));
    };
    parse::midnight(vm, &mut parts)?;
    let zone = parse::zone_of(vm, &parts)?;
    let [hour, minute, second] = parts.clock;
    make_as(vm, class, [hour, minute, second, parts.micro], 0, zone)
}

fn reduce(vm: &Vm, this: &Object, protocol: i64) -> PyResult {
    let time = own(vm, this)?;
    let mut bytes = time.clock.bytes();
    if protocol > 3 && time.fold {
        bytes[0] |= 0x80;
    }
    let mut state = vec![vm.new_bytes(&bytes)?.upcast()];
    state.extend(time.zone.clone());
    let state = vm.new_tuple(state)?.upcast();
    Ok(vm
        .new_tuple(vec![Type::of(this).head.to_ref(), state])?
        .upcast())
}

/// A function of the module `time`.
pub fn time_function(vm: &Vm, name: &str) -> PyResult {
    protocol::get_attr_str(vm, &*import_name(vm, "time")?, name)
}
