//! The native module `time`: clocks and sleeping, calendar time.

mod calendar;
mod clocks;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use viv_heap::{Object, Ref};

use super::make::ModuleSpec;
use super::struct_sequence::{Shape, describe};
use crate::native::{MethodDef, NativeCall};
use crate::object::{Str, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::timestamp::{Rounding, Timestamp};
use crate::types::extra::extra_type;
use crate::vm::Vm;
use crate::{struct_sequence, struct_sequence_shape};

struct_sequence!(
    /// `time.struct_time`
    STRUCT_TIME, "time", "struct_time", 0 "tm_year", 1 "tm_mon", 2 "tm_mday", 3 "tm_hour", 4 "tm_min", 5 "tm_sec", 6 "tm_wday", 7 "tm_yday", 8 "tm_isdst" => 0 "tm_zone" 1 "tm_gmtoff"
);

const SHAPE: Shape = struct_sequence_shape!("time", "struct_time", ["tm_year" "tm_mon" "tm_mday" "tm_hour" "tm_min" "tm_sec" "tm_wday" "tm_yday" "tm_isdst"], ["tm_zone" "tm_gmtoff"]);

/// The type `time.struct_time`.
fn struct_time_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &STRUCT_TIME, &vm.types.tuple)
}

/// The module.
pub static SPEC: ModuleSpec = ModuleSpec {
    name: "time",
    doc: "This module provides various functions to manipulate time values.",
    functions: &[FUNCTIONS, clocks::FUNCTIONS, calendar::FUNCTIONS],
    fill: |vm, module| {
        let struct_time = struct_time_type(vm)?;
        describe(vm, &struct_time, &SHAPE)?;
        module.dict.set_text(vm, "struct_time", &struct_time.head)?;
        for (name, number) in clocks::NAMES {
            super::make::add_int(vm, module, name, i64::from(*number))?;
        }
        super::make::add_int(vm, module, "_STRUCT_TM_ITEMS", 11)?;
        calendar::zone_names(vm, module)
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
        NativeCall::NoArgs(|vm, _| vm.new_float(viv_host::clock::steady().as_secs_f64())),
        "monotonic() -> float",
    ),
    MethodDef::new(
        "monotonic_ns",
        "",
        NativeCall::NoArgs(|vm, _| nanoseconds(vm, viv_host::clock::steady())),
        "monotonic_ns() -> int",
    ),
    MethodDef::new(
        "get_clock_info",
        "",
        NativeCall::One(get_clock_info),
        "get_clock_info(name: str) -> dict\n\nGet information of the specified clock.",
    ),
    MethodDef::new(
        "perf_counter",
        "",
        NativeCall::NoArgs(|vm, _| vm.new_float(viv_host::clock::steady().as_secs_f64())),
        "perf_counter() -> float",
    ),
    MethodDef::new(
        "perf_counter_ns",
        "",
        NativeCall::NoArgs(|vm, _| nanoseconds(vm, viv_host::clock::steady())),
        "perf_counter_ns() -> int",
    ),
    MethodDef::new(
        "process_time",
        "",
        NativeCall::NoArgs(|vm, _| vm.new_float(viv_host::clock::process().as_secs_f64())),
        "process_time() -> float",
    ),
    MethodDef::new(
        "process_time_ns",
        "",
        NativeCall::NoArgs(|vm, _| nanoseconds(vm, viv_host::clock::process())),
        "process_time_ns() -> int",
    ),
    MethodDef::new(
        "thread_time",
        "",
        NativeCall::NoArgs(|vm, _| vm.new_float(viv_host::clock::thread().as_secs_f64())),
        "thread_time() -> float",
    ),
    MethodDef::new(
        "thread_time_ns",
        "",
        NativeCall::NoArgs(|vm, _| nanoseconds(vm, viv_host::clock::thread())),
        "thread_time_ns() -> int",
    ),
    MethodDef::new(
        "sleep",
        "($module, seconds, /)",
        NativeCall::One(sleep),
        "sleep(seconds)\n\nDelay execution for a given number of seconds.",
    ),
];

fn wall() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}

fn nanoseconds(vm: &Vm, time: Duration) -> PyResult {
    vm.new_int(i64::try_from(time.as_nanos()).unwrap_or(i64::MAX))
}

fn sleep(vm: &Vm, _module: &Object, seconds: &Object) -> PyResult {
    let time = Timestamp::parse(vm, seconds, Rounding::TIMEOUT)?;
    let Some(mut left) = time.as_duration() else {
        return Err(vm.value_error("sleep length must be non-negative"));
    };
    while !left.is_zero() {
        left = vm.allow_threads(move || viv_system::signals::sleep(left));
        vm.check_signals()?;
    }
    Ok(vm.none_ref())
}

/// `time.get_clock_info(name)`: a namespace that describes a clock.
fn get_clock_info(vm: &Vm, _: &Object, name: &Object) -> PyResult {
    let Some(text) = name.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "get_clock_info() argument 1 must be str, not {}",
            protocol::type_name(name)
        )));
    };
    let (implementation, monotonic, adjustable) = match &*text.to_text() {
        "monotonic" | "perf_counter" => ("clock_gettime(CLOCK_MONOTONIC)", true, false),
        "process_time" => ("clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true, false),
        "thread_time" => ("clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true, false),
        "time" => ("clock_gettime(CLOCK_REALTIME)", false, true),
        _ => return Err(vm.value_error("unknown clock")),
    };
    let attributes = [
        ("implementation", vm.new_str(implementation)?.upcast()),
        ("monotonic", vm.bool(monotonic)),
        ("adjustable", vm.bool(adjustable)),
        ("resolution", vm.new_float(1e-9)?),
    ];
    crate::types::simple_namespace::new(vm, &attributes)
}
