//! Calendar time: broken-down times, local and in UTC, and their texts.

use viv_heap::{Object, Ref};

use super::{struct_time_type, wall};
use crate::modules::io::system::os_error;
use crate::modules::make::add_int;
use crate::modules::struct_sequence::make_whole;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Module, Str, Tuple};
use crate::protocol;
use crate::result::PyResult;
use crate::timestamp::{Rounding, to_time};
use crate::vm::Vm;
use viv_system::calendar::{self, Moment};

const fn call(
    name: &'static str,
    max: usize,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::new(name, "", NativeCall::Positional { min: 0, max, call }, doc)
}

/// The functions.
pub(super) const FUNCTIONS: &[MethodDef] = &[
    call(
        "gmtime",
        1,
        |vm, _, args| {
            moment_at(vm, args, calendar::utc).and_then(|moment| struct_time(vm, &moment))
        },
        "gmtime([seconds]) -> (tm_year, tm_mon, tm_mday, tm_hour, tm_min,\n                       tm_sec, tm_wday, tm_yday, tm_isdst)\n\nConvert seconds since the Epoch to a time tuple expressing UTC (a.k.a.\nGMT).  When 'seconds' is not passed in, convert the current time instead.",
    ),
    call(
        "localtime",
        1,
        |vm, _, args| {
            moment_at(vm, args, calendar::local).and_then(|moment| struct_time(vm, &moment))
        },
        "localtime([seconds]) -> (tm_year,tm_mon,tm_mday,tm_hour,tm_min,\n                          tm_sec,tm_wday,tm_yday,tm_isdst)\n\nConvert seconds since the Epoch to a time tuple expressing local time.\nWhen 'seconds' is not passed in, convert the current time instead.",
    ),
    call(
        "asctime",
        1,
        |vm, _, args| {
            let moment = match args.first() {
                Some(tuple) => checked(vm, moment_of(vm, tuple, "asctime")?)?,
                None => moment_at(vm, &[], calendar::local)?,
            };
            Ok(vm.new_str(&ascii_time(&moment))?.upcast())
        },
        "asctime([tuple]) -> string\n\nConvert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'.\nWhen the time tuple is not present, current time as returned by localtime()\nis used.",
    ),
    call(
        "ctime",
        1,
        |vm, _, args| {
            let moment = moment_at(vm, args, calendar::local)?;
            Ok(vm.new_str(&ascii_time(&moment))?.upcast())
        },
        "ctime(seconds) -> string\n\nConvert a time in seconds since the Epoch to a string in local time.\nThis is equivalent to asctime(localtime(seconds)). When the time tuple is\nnot present, current time as returned by localtime() is used.",
    ),
    MethodDef::new(
        "mktime",
        "($module, time_tuple, /)",
        NativeCall::One(|vm, _, tuple| {
            let moment = moment_of(vm, tuple, "mktime")?;
            match calendar::seconds(&moment) {
                Some(seconds) => vm.new_float(seconds as f64),
                None => Err(vm.overflow_error("mktime argument out of range")),
            }
        }),
        "mktime(tuple) -> floating-point number\n\nConvert a time tuple in local time to seconds since the Epoch.\nNote that mktime(gmtime(0)) will not generally return zero for most\ntime zones; instead the returned value will either be equal to that\nof the timezone or altzone attributes on the time module.",
    ),
    MethodDef::new(
        "strftime",
        "",
        NativeCall::Positional {
            min: 1,
            max: 2,
            call: |vm, _, args| {
                let Some(format) = args.first().and_then(|format| format.downcast::<Str>()) else {
                    return Err(vm.type_error(format!(
                        "strftime() argument 1 must be str, not {}",
                        args.first()
                            .map_or_else(String::new, |a| crate::object::Type::of(a)
                                .display_name())
                    )));
                };
                let moment = match args.get(1) {
                    Some(tuple) => checked(vm, moment_of(vm, tuple, "strftime")?)?,
                    None => moment_at(vm, &[], calendar::local)?,
                };
                // The C library stops at a null character; what is not ASCII is no format, and may be a surrogate.
                let (mut points, mut plain) = (Vec::new(), Vec::new());
                let written = |plain: &mut Vec<u8>, points: &mut Vec<u32>| {
                    let text = calendar::format(plain, &moment);
                    plain.clear();
                    points.extend(String::from_utf8_lossy(&text).chars().map(u32::from));
                };
                for point in format.chars() {
                    match u8::try_from(point) {
                        Ok(byte @ 1..=127) => plain.push(byte),
                        _ => {
                            written(&mut plain, &mut points);
                            points.push(point);
                        }
                    }
                }
                written(&mut plain, &mut points);
                Ok(vm.new_str_points(&points)?.upcast())
            },
        },
        "strftime(format[, tuple]) -> string\n\nConvert a time tuple to a string according to a format specification.\nSee the library reference manual for formatting codes. When the time tuple\nis not present, current time as returned by localtime() is used.",
    ),
    MethodDef::new(
        "tzset",
        "($module, /)",
        NativeCall::NoArgs(|vm, module| {
            calendar::set_zone();
            if let Some(module) = module.downcast::<Module>() {
                zone_names(vm, module)?;
            }
            Ok(vm.none_ref())
        }),
        "tzset()\n\nInitialize, or reinitialize, the local timezone to the value stored in\nos.environ['TZ'].",
    ),
];

/// Sets `timezone`, `altzone`, `daylight` and `tzname`: as the zone is in winter and in summer of this year.
pub(super) fn zone_names(vm: &Vm, module: &Module) -> PyResult<()> {
    let year = wall().as_secs() as i64 / 31_556_952 * 31_556_952;
    let winter = calendar::local(year).unwrap_or_default();
    let summer = calendar::local(year + 15_778_476).unwrap_or_default();
    let (standard, other) = if winter.offset > summer.offset {
        (&summer, &winter)
    } else {
        (&winter, &summer)
    };
    add_int(vm, module, "timezone", -standard.offset)?;
    add_int(vm, module, "altzone", -other.offset)?;
    add_int(
        vm,
        module,
        "daylight",
        i64::from(standard.offset != other.offset),
    )?;
    let names = vec![
        vm.new_str(&standard.zone)?.upcast(),
        vm.new_str(&other.zone)?.upcast(),
    ];
    module
        .dict
        .set_text(vm, "tzname", &vm.new_tuple(names)?.head)
}

/// The moment of an optional argument in seconds.
fn moment_at(vm: &Vm, args: &[&Object], convert: fn(i64) -> Option<Moment>) -> PyResult<Moment> {
    let seconds = match args.first().filter(|s| !vm.is_none(s)) {
        None => wall().as_secs() as i64,
        Some(seconds) => to_time(vm, seconds, Rounding::Floor)?,
    };
    convert(seconds).ok_or_else(|| {
        os_error(
            vm,
            &std::io::Error::from_raw_os_error(libc::EOVERFLOW),
            None,
        )
    })
}

fn struct_time(vm: &Vm, moment: &Moment) -> PyResult {
    let [sec, min, hour, mday, mon, year, wday, yday, dst] = moment.fields.map(i64::from);
    let mut values = [
        year + 1900,
        mon + 1,
        mday,
        hour,
        min,
        sec,
        (wday + 6) % 7,
        yday + 1,
        dst,
    ]
    .iter()
    .map(|n| vm.new_int(*n))
    .collect::<PyResult<Vec<Ref>>>()?;
    values.push(vm.new_str(&moment.zone)?.upcast());
    values.push(vm.new_int(moment.offset)?);
    make_whole(vm, &*struct_time_type(vm)?, values, 2)
}

/// The moment that a tuple of nine tells.
fn moment_of(vm: &Vm, tuple: &Object, function: &str) -> PyResult<Moment> {
    let Some(tuple) = tuple.downcast::<Tuple>() else {
        return Err(vm.type_error("Tuple or struct_time argument required"));
    };
    let items = tuple.as_slice().to_vec();
    if items.len() != 9 {
        return Err(vm.type_error(format!("{function}(): illegal time tuple argument")));
    }
    let mut numbers = [0i32; 9];
    for (place, item) in numbers.iter_mut().zip(&items) {
        let number = protocol::to_i64(vm, item)?;
        *place = i32::try_from(number)
            .map_err(|_| vm.overflow_error("signed integer is greater than maximum"))?;
    }
    let [year, mon, mday, hour, min, sec, wday, yday, dst] = numbers;
    let Some(year) = year.checked_sub(1900) else {
        return Err(vm.overflow_error("year out of range"));
    };
    let wday = (i64::from(wday) + 1) % 7;
    let mut moment = Moment {
        fields: [
            sec,
            min,
            hour,
            mday,
            mon.saturating_sub(1),
            year,
            wday as i32,
            yday.saturating_sub(1),
            dst,
        ],
        ..Moment::default()
    };
    if function == "strftime" {
        // The zone of the moment, for %Z and %z.
        if let Some(local) = calendar::seconds(&moment).and_then(calendar::local) {
            moment.offset = local.offset;
            moment.zone = local.zone;
        }
    }
    Ok(moment)
}

/// A moment whose parts are in their ranges; a zero stands for the first month, day and day of the year.
fn checked(vm: &Vm, mut moment: Moment) -> PyResult<Moment> {
    let [sec, min, hour, mday, mon, _, wday, yday, _] = &mut moment.fields;
    if *mon == -1 {
        *mon = 0;
    }
    if *mday == 0 {
        *mday = 1;
    }
    if *yday == -1 {
        *yday = 0;
    }
    let problem = if !(0..12).contains(mon) {
        "month"
    } else if !(1..32).contains(mday) {
        "day of month"
    } else if !(0..24).contains(hour) {
        "hour"
    } else if !(0..60).contains(min) {
        "minute"
    } else if !(0..62).contains(sec) {
        "seconds"
    } else if *wday < 0 {
        "day of week"
    } else if !(0..366).contains(yday) {
        "day of year"
    } else {
        return Ok(moment);
    };
    Err(vm.value_error(format!("{problem} out of range")))
}

fn ascii_time(moment: &Moment) -> String {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let [sec, min, hour, mday, mon, year, wday, ..] = moment.fields;
    let name = |names: &[&'static str], at: i32| {
        usize::try_from(at)
            .ok()
            .and_then(|at| names.get(at).copied())
            .unwrap_or("???")
    };
    let (day, month) = (name(&DAYS, wday), name(&MONTHS, mon));
    format!(
        "{day} {month} {mday:2} {hour:02}:{min:02}:{sec:02} {}",
        i64::from(year) + 1900
    )
}
