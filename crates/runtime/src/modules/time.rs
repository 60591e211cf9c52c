//! The native module `time`: clocks and sleeping, calendar time in UTC.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use viv_heap::{Object, Ref};

use super::make::{ModuleSpec, add_int};
use super::struct_sequence::make;
use crate::native::{MethodDef, NativeCall};
use crate::protocol;
use crate::result::PyResult;
use crate::struct_sequence;
use crate::vm::Vm;

struct_sequence!(
    /// `time.struct_time`
    STRUCT_TIME, "time", "struct_time", 0 "tm_year", 1 "tm_mon", 2 "tm_mday", 3 "tm_hour", 4 "tm_min", 5 "tm_sec", 6 "tm_wday", 7 "tm_yday", 8 "tm_isdst"
);

/// The module.
pub static SPEC: ModuleSpec = ModuleSpec {
    name: "time",
    doc: "This module provides various functions to manipulate time values.",
    functions: &[FUNCTIONS],
    fill: |vm, module| {
        module
            .dict
            .set_text(vm, "struct_time", &vm.types.struct_time.head)?;
        ["timezone", "altzone", "daylight"]
            .iter()
            .try_for_each(|name| add_int(vm, module, name, 0))?;
        let utc = vm.new_str("UTC")?.upcast();
        module
            .dict
            .set_text(vm, "tzname", &vm.new_tuple(vec![utc.clone(), utc])?.head)
    },
};

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "time",
        "",
        NativeCall::NoArgs(|vm, _| vm.new_float(wall().as_secs_f64())),
        "time() -> floating-point number\n\nReturn the current time in seconds since the Epoch.",
    ),
    MethodDef::new(
        "time_ns",
        "",
        NativeCall::NoArgs(|vm, _| nanoseconds(vm, wall())),
        "time_ns() -> int",
    ),
    MethodDef::new(
        "monotonic",
        "",
        NativeCall::NoArgs(|vm, _| vm.new_float(steady().as_secs_f64())),
        "monotonic() -> float",
    ),
    MethodDef::new(
        "monotonic_ns",
        "",
        NativeCall::NoArgs(|vm, _| nanoseconds(vm, steady())),
        "monotonic_ns() -> int",
    ),
    MethodDef::new(
        "perf_counter",
        "",
        NativeCall::NoArgs(|vm, _| vm.new_float(steady().as_secs_f64())),
        "perf_counter() -> float",
    ),
    MethodDef::new(
        "perf_counter_ns",
        "",
        NativeCall::NoArgs(|vm, _| nanoseconds(vm, steady())),
        "perf_counter_ns() -> int",
    ),
    MethodDef::new(
        "process_time",
        "",
        NativeCall::NoArgs(|vm, _| vm.new_float(processor().as_secs_f64())),
        "process_time() -> float",
    ),
    MethodDef::new(
        "process_time_ns",
        "",
        NativeCall::NoArgs(|vm, _| nanoseconds(vm, processor())),
        "process_time_ns() -> int",
    ),
    MethodDef::new(
        "sleep",
        "($module, seconds, /)",
        NativeCall::One(sleep),
        "sleep(seconds)\n\nDelay execution for a given number of seconds.",
    ),
    MethodDef::new(
        "gmtime",
        "",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: gmtime,
        },
        "gmtime([seconds]) -> (tm_year, tm_mon, tm_mday, tm_hour, tm_min,\n                       tm_sec, tm_wday, tm_yday, tm_isdst)",
    ),
];

fn wall() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}

fn steady() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    // The zero point is arbitrary; some time before the first question keeps differences positive.
    START.get_or_init(Instant::now).elapsed() + Duration::from_secs(1)
}

/// Processor time of the process, from the system's accounting; elapsed time where there is none.
fn processor() -> Duration {
    let ticks = std::fs::read_to_string("/proc/self/stat")
        .ok()
        .and_then(|stat| {
            let rest = stat.rsplit_once(')')?.1.to_owned();
            let mut fields = rest.split_whitespace().skip(11);
            let user: u64 = fields.next()?.parse().ok()?;
            let system: u64 = fields.next()?.parse().ok()?;
            Some(user + system)
        });
    ticks.map_or_else(steady, |ticks| Duration::from_millis(ticks * 10))
}

fn nanoseconds(vm: &Vm, time: Duration) -> PyResult {
    vm.new_int(i64::try_from(time.as_nanos()).unwrap_or(i64::MAX))
}

fn sleep(vm: &Vm, _module: &Object, seconds: &Object) -> PyResult {
    let seconds = protocol::to_f64(vm, seconds)?;
    if seconds.is_nan() {
        return Err(vm.value_error("Invalid value NaN (not a number)"));
    }
    if seconds < 0.0 {
        return Err(vm.value_error("sleep length must be non-negative"));
    }
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) => std::thread::sleep(time),
        Err(_) => return Err(vm.overflow_error("timestamp out of range for platform time_t")),
    }
    Ok(vm.none_ref())
}

fn gmtime(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let seconds = match args.first().filter(|s| !vm.is_none(s)) {
        Some(seconds) => protocol::to_f64(vm, seconds)?.floor() as i64,
        None => wall().as_secs() as i64,
    };
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let year_start = days_from_civil(year, 1, 1);
    let fields = [
        year,
        month,
        day,
        second / 3600,
        second / 60 % 60,
        second % 60,
        (days + 3).rem_euclid(7),
        days - year_start + 1,
        0,
    ];
    let fields = fields
        .iter()
        .map(|n| vm.new_int(*n))
        .collect::<PyResult<Vec<Ref>>>()?;
    make(vm, &vm.types.struct_time, fields)
}

/// The date of a day counted from 1970-01-01 (Howard Hinnant's algorithm).
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}
