//! The class methods of `datetime`.

use viv_runtime::object::Str;
use viv_runtime::protocol;
use viv_runtime::{Args, MethodDef, NativeCall, Object, PyResult, Vm};

use super::arguments::{arguments, check_tz_info, wrong_type};
use super::calendar::Clock;
use super::date::{date_type, day_of};
use super::date_methods::strptime;
use super::date_time::Fields;
use super::time::{Time, time_type, zone_given};
use super::{local, parse};

pub const METHODS: &[MethodDef] = &[
    MethodDef::class(
        "now",
        "($type, /, tz=None)",
        NativeCall::Bound(|vm, class, args| {
            let zone = args.first().copied().flatten();
            let (seconds, micros) = local::now();
            at(vm, class, seconds, micros, zone)
        }),
        "Returns new datetime object representing current time local to tz.\n\n  tz\n    Timezone object.\n\nIf no tz is specified, uses local timezone.",
    ),
    MethodDef::class(
        "utcnow",
        "($type, /)",
        NativeCall::NoArgs(|vm, class| {
            vm.warn(
                &vm.exceptions.DeprecationWarning,
                "datetime.datetime.utcnow() is deprecated and scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.now(datetime.UTC).",
                1,
            )?;
            let (seconds, micros) = local::now();
            naive_utc(vm, class, seconds, micros)
        }),
        "Return a new datetime representing UTC day and time.",
    ),
    MethodDef::class(
        "fromtimestamp",
        "",
        NativeCall::Raw(|vm, class, args| {
            let names = "(timestamp, tz=None)";
            let [timestamp, zone] = arguments(vm, "fromtimestamp", names, 1, 2, args)?;
            let timestamp = timestamp.unwrap_or(vm.none());
            if let Some(zone) = zone {
                check_tz_info(vm, zone)?;
            }
            let (seconds, micros) = local::seconds_and_micros(vm, timestamp)?;
            at(vm, class, seconds, micros, zone)
        }),
        "timestamp[, tz] -> tz's local time from POSIX timestamp.",
    ),
    MethodDef::class(
        "utcfromtimestamp",
        "",
        NativeCall::One(|vm, class, timestamp| {
            vm.warn(
                &vm.exceptions.DeprecationWarning,
                "datetime.datetime.utcfromtimestamp() is deprecated and scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.fromtimestamp(timestamp, datetime.UTC).",
                1,
            )?;
            let (seconds, micros) = local::seconds_and_micros(vm, timestamp)?;
            naive_utc(vm, class, seconds, micros)
        }),
        "Construct a naive UTC datetime from a POSIX timestamp.",
    ),
    MethodDef::class(
        "strptime",
        "",
        NativeCall::Raw(|vm, class, args| strptime(vm, class, args, "_strptime_datetime_datetime")),
        "string, format -> new datetime parsed from a string (like time.strptime()).",
    ),
    MethodDef::class(
        "combine",
        "",
        NativeCall::Raw(combine),
        "date, time -> datetime with same date and time fields",
    ),
    MethodDef::class(
        "fromisoformat",
        "($type, object, /)",
        NativeCall::One(from_iso_format),
        "string -> datetime from a string in most ISO 8601 formats",
    ),
];

fn with_micros(clock: Clock, micros: i64) -> Clock {
    Clock {
        micro: micros as u32,
        ..clock
    }
}

/// A timestamp in UTC, without a zone.
fn naive_utc(vm: &Vm, class: &Object, seconds: i64, micros: i64) -> PyResult {
    let (day, clock) = local::utc_fields(vm, seconds)?;
    Fields::of(day, with_micros(clock, micros), false, None).make_as(vm, class)
}

/// A timestamp in a zone, or in local time without one.
fn at(vm: &Vm, class: &Object, seconds: i64, micros: i64, zone: Option<&Object>) -> PyResult {
    let zone = zone_given(vm, zone)?;
    let Some(zone) = zone else {
        let (day, clock) = local::local_fields(vm, seconds)?;
        let fold = (1..=9999).contains(&day.0) && local::is_fold(vm, seconds, day, clock)?;
        return Fields::of(day, with_micros(clock, micros), fold, None).make_as(vm, class);
    };
    let (day, clock) = local::utc_fields(vm, seconds)?;
    let fields = Fields::of(day, with_micros(clock, micros), false, Some(zone.clone()));
    let moment = fields.make_as(vm, class)?;
    protocol::call_method(vm, &zone, &*vm.intern("fromutc")?, &[&moment])
}

fn combine(vm: &Vm, class: &Object, args: Args<'_>) -> PyResult {
    let names = "(date, time, tzinfo=True)";
    let [date, time, zone] = arguments(vm, "combine", names, 2, 3, args)?;
    let (date, time) = (date.unwrap_or(vm.none()), time.unwrap_or(vm.none()));
    let Some(day) = day_of(date) else {
        let wanted = date_type(vm)?.display_name();
        return Err(wrong_type(vm, "combine", 1, &wanted, date));
    };
    let Some(time) = time.downcast::<Time>() else {
        let wanted = time_type(vm)?.display_name();
        return Err(wrong_type(vm, "combine", 2, &wanted, time));
    };
    let zone = match zone {
        Some(_) => zone_given(vm, zone)?,
        None => time.zone.clone(),
    };
    Fields::of(day.parts(), time.clock, time.fold, zone).make_as(vm, class)
}

fn from_iso_format(vm: &Vm, class: &Object, text: &Object) -> PyResult {
    let Some(text) = text.downcast::<Str>() else {
        return Err(vm.type_error("fromisoformat: argument must be str"));
    };
    let points: Vec<u32> = text.chars().collect();
    let Some((day, mut parts)) = read(&points) else {
        return Err(parse::invalid(vm, text));
    };
    let mut day = day;
    if parse::midnight(vm, &mut parts)? {
        let (year, month, of_month) = day;
        super::date::checked(vm, year, month, of_month)?;
        day = super::calendar::civil(super::calendar::ordinal(year, month, of_month) + 1);
    }
    let zone = parse::zone_of(vm, &parts)?;
    let [hour, minute, second] = parts.clock;
    let fields = Fields {
        day,
        clock: [hour, minute, second, parts.micro],
        fold: 0,
        zone,
    };
    fields.make_as(vm, class)
}

/// A date, and a time behind any one character.
fn read(text: &[u32]) -> Option<((i64, i64, i64), parse::Parts)> {
    let end = parse::separator(text)?.min(text.len());
    let ascii = |points: &[u32]| -> Option<Vec<u8>> {
        let bytes = points
            .iter()
            .map(|c| u8::try_from(*c).ok().filter(u8::is_ascii));
        bytes.collect()
    };
    let day = parse::date(&ascii(&text[..end])?)?;
    let parts = match text.get(end..) {
        None | Some([]) => parse::Parts::default(),
        Some([_, time @ ..]) => parse::time(&ascii(time)?)?,
    };
    Some((day, parts))
}
