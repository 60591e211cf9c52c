//! The system's clocks by their numbers, and lengths of time.

use std::time::Duration;

use viv_heap::Object;

use super::nanoseconds;
use crate::modules::io::system::os_error;
use crate::native::{MethodDef, NativeCall};
use crate::object::{Float, Int, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;
use viv_system::calendar;

/// The clocks' names.
pub(super) const NAMES: &[(&str, i32)] = &[
    ("CLOCK_REALTIME", libc::CLOCK_REALTIME),
    ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC),
    ("CLOCK_MONOTONIC_RAW", libc::CLOCK_MONOTONIC_RAW),
    ("CLOCK_PROCESS_CPUTIME_ID", libc::CLOCK_PROCESS_CPUTIME_ID),
    ("CLOCK_THREAD_CPUTIME_ID", libc::CLOCK_THREAD_CPUTIME_ID),
    ("CLOCK_BOOTTIME", libc::CLOCK_BOOTTIME),
    ("CLOCK_TAI", libc::CLOCK_TAI),
];

const fn set(
    name: &'static str,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    let call = NativeCall::Positional {
        min: 2,
        max: 2,
        call,
    };
    MethodDef::new(name, "", call, doc)
}

/// The functions.
pub(super) const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "clock_gettime",
        "($module, clk_id, /)",
        NativeCall::One(|vm, _, clock| vm.new_float(read(vm, clock)?.as_secs_f64())),
        "Return the time of the specified clock clk_id as a float.",
    ),
    MethodDef::new(
        "clock_gettime_ns",
        "($module, clk_id, /)",
        NativeCall::One(|vm, _, clock| nanoseconds(vm, read(vm, clock)?)),
        "Return the time of the specified clock clk_id as nanoseconds (int).",
    ),
    MethodDef::new(
        "clock_getres",
        "",
        NativeCall::One(|vm, _, clock| {
            let number = c_int(vm, clock)?;
            match calendar::clock_resolution(number) {
                Ok(time) => vm.new_float(time.as_secs_f64()),
                Err(error) => Err(os_error(vm, &error, None)),
            }
        }),
        "clock_getres(clk_id) -> floating-point number\n\nReturn the resolution (precision) of the specified clock clk_id.",
    ),
    set(
        "clock_settime",
        |vm, _, args| {
            let (number, time) = (c_int(vm, args[0])?, from_seconds(vm, args[1])?);
            set_clock(vm, number, time)
        },
        "clock_settime(clk_id, time)\n\nSet the time of the specified clock clk_id.",
    ),
    set(
        "clock_settime_ns",
        |vm, _, args| {
            let number = c_int(vm, args[0])?;
            let Some(time) = args[1].downcast::<Int>() else {
                return Err(vm.type_error(format!(
                    "clock_settime_ns() argument 2 must be int, not {}",
                    protocol::type_name(args[1])
                )));
            };
            let time = protocol::to_i64(vm, time)?;
            set_clock(vm, number, time)
        },
        "clock_settime_ns(clk_id, time)\n\nSet the time of the specified clock clk_id with nanoseconds.",
    ),
    MethodDef::new(
        "strptime",
        "",
        NativeCall::Raw(|vm, _, args| {
            let module = crate::modules::import::import_name(vm, "_strptime")?;
            let function = protocol::attribute::get_attr_str(vm, &module, "_strptime_time")?;
            protocol::call(vm, &function, args)
        }),
        "strptime(string[, format]) -> struct_time\n\nParse a string to a time tuple according to a format specification.\nSee the library reference manual for formatting codes (same as\nstrftime()).\n\nCommonly used format codes:\n\n%Y  Year with century as a decimal number.\n%m  Month as a decimal number [01,12].\n%d  Day of the month as a decimal number [01,31].\n%H  Hour (24-hour clock) as a decimal number [00,23].\n%M  Minute as a decimal number [00,59].\n%S  Second as a decimal number [00,61].\n%z  Time zone offset from UTC.\n%a  Locale's abbreviated weekday name.\n%A  Locale's full weekday name.\n%b  Locale's abbreviated month name.\n%B  Locale's full month name.\n%c  Locale's appropriate date and time representation.\n%I  Hour (12-hour clock) as a decimal number [01,12].\n%p  Locale's equivalent of either AM or PM.\n\nOther codes may be available on your platform.  See documentation for\nthe C library strftime function.\n",
    ),
];

/// A length of time in nanoseconds, of a number of seconds: a float is rounded up.
///
/// # Errors
/// TypeError for what is no number, ValueError for NaN, OverflowError for what does not fit.
pub(super) fn from_seconds(vm: &Vm, seconds: &Object) -> PyResult<i64> {
    let too_far = || vm.overflow_error("timestamp out of range for C PyTime_t");
    if let Some(float) = seconds.downcast::<Float>() {
        if float.value.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        let exact = float.value * 1e9;
        // A sleep is never shorter than asked for.
        let rounded = if exact >= 0.0 {
            exact.ceil()
        } else {
            exact.floor()
        };
        if !(-9.223_372_036_854_775e18..9.223_372_036_854_775e18).contains(&rounded) {
            return Err(too_far());
        }
        return Ok(rounded as i64);
    }
    if Type::of(seconds).slots.index.get().is_none() {
        return Err(vm.type_error(format!(
            "'{}' object cannot be interpreted as an integer or float",
            protocol::type_name(seconds)
        )));
    }
    let whole = match protocol::to_i64(vm, seconds) {
        Ok(whole) => whole,
        Err(raised) => {
            vm.swallow::<i64>(raised, &vm.exceptions.OverflowError)?;
            return Err(too_far());
        }
    };
    whole.checked_mul(1_000_000_000).ok_or_else(too_far)
}

fn c_int(vm: &Vm, number: &Object) -> PyResult<i32> {
    let wide = protocol::to_i64(vm, number)?;
    i32::try_from(wide).map_err(|_| vm.overflow_error("signed integer is greater than maximum"))
}

fn read(vm: &Vm, clock: &Object) -> PyResult<Duration> {
    if clock.downcast::<Int>().is_none() {
        return Err(vm.type_error(format!(
            "clk_id should be integer, not {}",
            protocol::type_name(clock)
        )));
    }
    let number = c_int(vm, clock)?;
    calendar::clock(number).map_err(|error| os_error(vm, &error, None))
}

fn set_clock(vm: &Vm, number: i32, nanoseconds: i64) -> PyResult {
    match calendar::set_clock(number, nanoseconds) {
        Ok(()) => Ok(vm.none_ref()),
        Err(error) => Err(os_error(vm, &error, None)),
    }
}
