//! The module `_datetime`: `date`, `time`, `datetime`, `timedelta`, `tzinfo` and `timezone`.
//!
//! Code map: `calendar` is the arithmetic of dates without any object; `delta`, `date`, `time`, `date_time` and `zone` are the
//! types, `date_methods`, `time_methods`, `moment_methods` and `moment_class` their longer lists of methods; `parse` and `write` are ISO 8601,
//! `strftime` and `local` what the C library answers.
//!
//! **Invariant.** The objects never change, apart from the hash that they remember, so borrows of their fields are good as long as
//! the object is.

/// The computed attributes of types that have a time of day; `$own` gives the object of that type.
macro_rules! clock_fields {
    ($own:path) => {
        &[
            GetSetDef::get(
                "hour",
                |vm, this| vm.new_int($own(vm, this)?.clock.hour.into()),
                "",
            ),
            GetSetDef::get(
                "minute",
                |vm, this| vm.new_int($own(vm, this)?.clock.minute.into()),
                "",
            ),
            GetSetDef::get(
                "second",
                |vm, this| vm.new_int($own(vm, this)?.clock.second.into()),
                "",
            ),
            GetSetDef::get(
                "microsecond",
                |vm, this| vm.new_int($own(vm, this)?.clock.micro.into()),
                "",
            ),
            GetSetDef::get(
                "tzinfo",
                |vm, this| {
                    Ok($crate::datetime::time::zone_or_none(
                        vm,
                        &$own(vm, this)?.zone,
                    ))
                },
                "",
            ),
            GetSetDef::get(
                "fold",
                |vm, this| vm.new_int($own(vm, this)?.fold.into()),
                "",
            ),
        ]
    };
}

mod arguments;
mod calendar;
mod date;
mod date_methods;
mod date_time;
mod delta;
mod delta_new;
mod iso_date;
mod local;
mod moment_class;
mod moment_methods;
mod parse;
mod strftime;
mod time;
mod time_methods;
mod write;
mod zone;

use std::cmp::Ordering;

use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::object::Type;
use viv_runtime::{CompareOp, Object, PyResult, Vm};

use calendar::{Clock, DAY_MICROS, Day, MAX_ORDINAL, MAX_YEAR, MIN_YEAR};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_datetime",
    doc: "Fast implementation of the datetime module.",
    functions: &[],
    fill: |vm, module| {
        add_int(vm, module, "MINYEAR", MIN_YEAR)?;
        add_int(vm, module, "MAXYEAR", MAX_YEAR)?;
        for (name, ty) in [
            ("timedelta", delta::delta_type(vm)?),
            ("date", date::date_type(vm)?),
            ("tzinfo", zone::tz_info_type(vm)?),
            ("time", time::time_type(vm)?),
            ("datetime", date_time::date_time_type(vm)?),
            ("timezone", zone::zone_type(vm)?),
        ] {
            module.dict.set_text(vm, name, ty.as_object())?;
        }
        // The types outlive the module, which may be made anew.
        if zone::utc_if_made(vm)?.is_none() {
            add_constants(vm)?;
        }
        module.dict.set_text(vm, "UTC", &*zone::utc(vm)?)
    },
};

/// The least and greatest values and the steps, as attributes of the types.
fn add_constants(vm: &Vm) -> PyResult<()> {
    let set = |ty: &Type, name: &str, value: &Object| match ty.dict(vm) {
        Some(dict) => dict.set_text(vm, name, value),
        None => Err(vm.no_memory()),
    };
    let delta = |micros: i128| delta::of_micros(vm, micros);
    let day = i128::from(DAY_MICROS);
    let (first, last) = (Day::from_ordinal(1), Day::from_ordinal(MAX_ORDINAL));
    let (Some(first), Some(last)) = (first, last) else {
        return Err(vm.system_error("the calendar has no days"));
    };
    let latest = Clock::from_micros(DAY_MICROS - 1);

    let ty = delta::delta_type(vm)?;
    set(&ty, "resolution", &*delta(1)?)?;
    set(&ty, "min", &*delta(-999_999_999 * day)?)?;
    set(&ty, "max", &*delta(1_000_000_000 * day - 1)?)?;
    let ty = date::date_type(vm)?;
    set(&ty, "min", &*date::make(vm, first)?)?;
    set(&ty, "max", &*date::make(vm, last)?)?;
    set(&ty, "resolution", &*delta(day)?)?;
    let ty = time::time_type(vm)?;
    set(&ty, "min", &*time::make(vm, Clock::default(), false, None)?)?;
    set(&ty, "max", &*time::make(vm, latest, false, None)?)?;
    set(&ty, "resolution", &*delta(1)?)?;
    let ty = date_time::date_time_type(vm)?;
    let moment = |day, clock| date_time::make(vm, day, clock, false, None);
    set(&ty, "min", &*moment(first, Clock::default())?)?;
    set(&ty, "max", &*moment(last, latest)?)?;
    set(&ty, "resolution", &*delta(1)?)?;
    let ty = zone::zone_type(vm)?;
    let minute = 60 * 1_000_000;
    set(&ty, "utc", &*zone::make(vm, delta(0)?, None)?)?;
    set(&ty, "min", &*zone::make(vm, delta(minute - day)?, None)?)?;
    set(&ty, "max", &*zone::make(vm, delta(day - minute)?, None)?)
}

/// Whether an order is what a comparison asks for.
fn holds(order: Ordering, op: CompareOp) -> bool {
    match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    }
}
