//! The runtime's conversions of times, each as a function: tests hold them against exact arithmetic.

use viv_runtime::object::{Float, Int};
use viv_runtime::timestamp::{Rounding, Timestamp, to_time, to_timespec, to_timeval};
use viv_runtime::{MethodDef, Object, PyResult, Vm, protocol};

const fn call(
    name: &'static str,
    signature: &'static str,
    count: usize,
    call: fn(&Vm, &Object, &[&Object]) -> PyResult,
    doc: &'static str,
) -> MethodDef {
    MethodDef::positional(name, signature, count, count, call, doc)
}

pub(super) const FUNCTIONS: &[MethodDef] = &[
    call(
        "time_from_int_seconds",
        "($module, seconds, /)",
        1,
        |vm, _, args| {
            if args[0].downcast::<Float>().is_some() {
                return Err(vm.type_error("an int is wanted"));
            }
            let seconds = i32::try_from(protocol::to_i64(vm, args[0])?)
                .map_err(|_| vm.overflow_error("signed integer is greater than maximum"))?;
            vm.new_int(Timestamp::from_seconds(seconds).0)
        },
        "Nanoseconds of whole seconds.",
    ),
    call(
        "time_from_seconds",
        "($module, seconds, rounding, /)",
        2,
        |vm, _, args| vm.new_int(Timestamp::parse(vm, args[0], rounding(vm, args[1])?)?.0),
        "Nanoseconds of seconds.",
    ),
    call(
        "time_as_seconds",
        "($module, nanoseconds, /)",
        1,
        |vm, _, args| vm.new_float(timestamp(vm, args[0])?.as_seconds()),
        "Seconds of nanoseconds.",
    ),
    call(
        "time_as_milliseconds",
        "($module, nanoseconds, rounding, /)",
        2,
        |vm, _, args| {
            let rounding = rounding(vm, args[1])?;
            vm.new_int(timestamp(vm, args[0])?.as_milliseconds(rounding))
        },
        "Milliseconds of nanoseconds.",
    ),
    call(
        "time_as_microseconds",
        "($module, nanoseconds, rounding, /)",
        2,
        |vm, _, args| {
            let rounding = rounding(vm, args[1])?;
            vm.new_int(timestamp(vm, args[0])?.as_microseconds(rounding))
        },
        "Microseconds of nanoseconds.",
    ),
    call(
        "time_as_timeval",
        "($module, nanoseconds, rounding, /)",
        2,
        |vm, _, args| {
            let rounding = rounding(vm, args[1])?;
            pair(vm, timestamp(vm, args[0])?.as_timeval(rounding))
        },
        "Seconds and microseconds of nanoseconds.",
    ),
    call(
        "time_as_timespec",
        "($module, nanoseconds, /)",
        1,
        |vm, _, args| pair(vm, timestamp(vm, args[0])?.as_timespec()),
        "Seconds and nanoseconds of nanoseconds.",
    ),
    call(
        "to_time",
        "($module, seconds, rounding, /)",
        2,
        |vm, _, args| vm.new_int(to_time(vm, args[0], rounding(vm, args[1])?)?),
        "Whole seconds for the calendar.",
    ),
    call(
        "to_timeval",
        "($module, seconds, rounding, /)",
        2,
        |vm, _, args| pair(vm, to_timeval(vm, args[0], rounding(vm, args[1])?)?),
        "Seconds and microseconds for a file's times.",
    ),
    call(
        "to_timespec",
        "($module, seconds, rounding, /)",
        2,
        |vm, _, args| pair(vm, to_timespec(vm, args[0], rounding(vm, args[1])?)?),
        "Seconds and nanoseconds for a file's times.",
    ),
];

/// A way of rounding by CPython's number.
fn rounding(vm: &Vm, number: &Object) -> PyResult<Rounding> {
    Ok(match protocol::to_i64(vm, number)? {
        0 => Rounding::Floor,
        1 => Rounding::Ceiling,
        2 => Rounding::HalfEven,
        3 => Rounding::Up,
        _ => return Err(vm.value_error("invalid rounding")),
    })
}

fn timestamp(vm: &Vm, nanoseconds: &Object) -> PyResult<Timestamp> {
    match nanoseconds.downcast::<Int>().map(Int::as_i64) {
        Some(Some(nanoseconds)) => Ok(Timestamp(nanoseconds)),
        Some(None) => Err(vm.overflow_error("timestamp out of range for C PyTime_t")),
        None => Err(vm.type_error("expect int")),
    }
}

fn pair(vm: &Vm, (seconds, rest): (i64, i64)) -> PyResult {
    let parts = vec![vm.new_int(seconds)?, vm.new_int(rest)?];
    Ok(vm.new_tuple(parts)?.upcast())
}
