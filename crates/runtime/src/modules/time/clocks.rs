//! The system's clocks by their numbers.

use std::time::Duration;

use viv_heap::Object;

use super::nanoseconds;
use crate::modules::io::system::os_error;
use crate::native::{MethodDef, NativeCall};
use crate::object::Int;
use crate::protocol;
use crate::result::PyResult;
use crate::timestamp::{Rounding, Timestamp};
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
            let number = c_int(vm, args[0])?;
            let time = Timestamp::parse(vm, args[1], Rounding::Floor)?;
            set_clock(vm, number, time.0)
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
        "pthread_getcpuclockid",
        "",
        NativeCall::One(|vm, _, thread| {
            if thread.downcast::<Int>().is_none() {
                return Err(vm.type_error(format!(
                    "pthread_getcpuclockid() argument 1 must be int, not {}",
                    protocol::type_name(thread)
                )));
            }
            // Identifiers are addresses: no int that is negative or too large is one.
            let ident = u64::try_from(protocol::to_i64(vm, thread)?).unwrap_or(0);
            match vm.thread_clock(ident) {
                Ok(clock) => vm.new_int(i64::from(clock)),
                Err(error) => Err(os_error(vm, &error, None)),
            }
        }),
        "pthread_getcpuclockid(thread_id) -> int\n\nReturn the clk_id of a thread's CPU time clock.",
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
