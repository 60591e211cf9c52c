//! Local time: the way from timestamps to fields and back, and the zone of this machine.

use std::time::{SystemTime, UNIX_EPOCH};

use viv_runtime::object::{Float, Int};
use viv_runtime::{Object, PyResult, Raised, Ref, Vm, protocol};
use viv_system::calendar;

use super::calendar::{Clock, Day, EPOCH_ORDINAL, MAX_YEAR, MIN_YEAR, ordinal};
use super::date::wrong_year;
use super::time_methods::time_function;
use super::{delta, zone};

/// No fold or gap is longer, in seconds.
const LONGEST_FOLD: i64 = 24 * 3600;

/// OverflowError of a timestamp.
pub fn out_of_range(vm: &Vm) -> Raised {
    vm.overflow_error("timestamp out of range for platform time_t")
}

/// A whole number of seconds.
///
/// # Errors
/// ValueError for NaN, OverflowError
pub fn whole_seconds(vm: &Vm, seconds: f64) -> PyResult<i64> {
    if seconds.is_nan() {
        return Err(vm.value_error("Invalid value NaN (not a number)"));
    }
    if !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&seconds) {
        return Err(out_of_range(vm));
    }
    Ok(seconds as i64)
}

/// Seconds and microseconds of a timestamp; a float is rounded to the nearest, half to even.
pub fn seconds_and_micros(vm: &Vm, timestamp: &Object) -> PyResult<(i64, i64)> {
    if let Some(float) = timestamp.downcast::<Float>() {
        let x = float.value();
        let whole = x.trunc();
        let mut micros = ((x - whole) * 1e6).round_ties_even();
        let mut seconds = whole;
        if micros >= 1e6 {
            (seconds, micros) = (seconds + 1.0, micros - 1e6);
        } else if micros < 0.0 {
            (seconds, micros) = (seconds - 1.0, micros + 1e6);
        }
        return Ok((whole_seconds(vm, seconds)?, micros as i64));
    }
    if timestamp.downcast::<Int>().is_none()
        && viv_runtime::object::Type::of(timestamp)
            .slots
            .index
            .get()
            .is_none()
    {
        return Err(vm.type_error(format!(
            "argument must be int or float, not {}",
            protocol::type_name(timestamp)
        )));
    }
    let int = protocol::index(vm, timestamp)?;
    match int.downcast::<Int>().and_then(Int::as_i64) {
        Some(seconds) => Ok((seconds, 0)),
        None => Err(out_of_range(vm)),
    }
}

/// The moment of local time or UTC that a timestamp is.
fn moment(vm: &Vm, seconds: i64, utc: bool) -> PyResult<calendar::Moment> {
    let found = if utc {
        calendar::utc(seconds)
    } else {
        calendar::local(seconds)
    };
    found.ok_or_else(|| {
        let (number, text) = (
            vm.new_int(75),
            vm.new_str("Value too large for defined data type"),
        );
        match (number, text) {
            (Ok(number), Ok(text)) => {
                vm.raise_with(&vm.exceptions.OSError, &[&number, text.as_object()])
            }
            (Err(raised), _) | (_, Err(raised)) => raised,
        }
    })
}

/// A date that need not be of the years that dates have.
type Civil = (i64, i64, i64);

fn fields(moment: &calendar::Moment) -> (Civil, Clock) {
    let [second, minute, hour, day, month, year, ..] = moment.fields.map(i64::from);
    let clock = Clock {
        hour: hour as u8,
        minute: minute as u8,
        // A leap second is the one before it.
        second: second.min(59) as u8,
        micro: 0,
    };
    ((year + 1900, month + 1, day), clock)
}

/// Date and time in local time.
pub fn local_fields(vm: &Vm, seconds: i64) -> PyResult<(Civil, Clock)> {
    Ok(fields(&moment(vm, seconds, false)?))
}

/// Date and time in UTC.
pub fn utc_fields(vm: &Vm, seconds: i64) -> PyResult<(Civil, Clock)> {
    Ok(fields(&moment(vm, seconds, true)?))
}

/// The seconds since 1970 of a date and time without regard of zones.
fn to_seconds(vm: &Vm, (year, month, day): Civil, clock: Clock) -> PyResult<i64> {
    if !(MIN_YEAR..=MAX_YEAR).contains(&year) {
        return Err(wrong_year(vm, year));
    }
    Ok((ordinal(year, month, day) - EPOCH_ORDINAL) * 86_400 + clock.seconds())
}

/// What a clock of local time shows at a timestamp, as seconds since 1970 of its own.
fn local(vm: &Vm, seconds: i64) -> PyResult<i64> {
    let (day, clock) = local_fields(vm, seconds)?;
    to_seconds(vm, day, clock)
}

/// Whether the local time of a timestamp is shown for the second time.
pub fn is_fold(vm: &Vm, seconds: i64, day: Civil, clock: Clock) -> PyResult<bool> {
    let shown = to_seconds(vm, day, clock)?;
    let before = local(vm, seconds - LONGEST_FOLD)?;
    let transition = shown - before - LONGEST_FOLD;
    Ok(transition < 0 && local(vm, seconds + transition)? == shown)
}

/// The timestamp of a local time; the later of two if `fold`.
pub fn timestamp(vm: &Vm, day: Day, clock: Clock, fold: bool) -> PyResult<i64> {
    let shown = to_seconds(vm, day.parts(), clock)?;
    let first = local(vm, shown)? - shown;
    let one = shown - first;
    let other_offset = if local(vm, one)? == shown {
        // A solution; there may be an earlier or a later one.
        let probe = if fold {
            one + LONGEST_FOLD
        } else {
            one - LONGEST_FOLD
        };
        let offset = local(vm, probe)? - probe;
        if offset == first {
            return Ok(one);
        }
        offset
    } else {
        local(vm, one)? - one
    };
    let two = shown - other_offset;
    if local(vm, two)? == shown {
        return Ok(two);
    }
    if local(vm, one)? == shown {
        return Ok(one);
    }
    // No clock shows this time: it is in a gap.
    Ok(if fold { one.min(two) } else { one.max(two) })
}

/// The zone of this machine at a timestamp, as a `timezone`.
pub fn zone_at(vm: &Vm, seconds: i64) -> PyResult {
    let moment = moment(vm, seconds, false)?;
    let offset = delta::of_micros(vm, i128::from(moment.offset) * 1_000_000)?;
    let name = vm.new_str(&moment.zone)?.upcast();
    zone::make(vm, offset, Some(name))
}

/// Seconds and microseconds since 1970, now.
pub fn now() -> (i64, i64) {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => (since.as_secs() as i64, i64::from(since.subsec_micros())),
        Err(before) => {
            let before = before.duration();
            let micros = -(before.as_micros() as i64);
            (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000))
        }
    }
}

/// A `time.struct_time` of a date and time.
pub fn struct_time(vm: &Vm, day: Day, clock: Clock, dst: i64) -> PyResult {
    let (year, month, of_month) = day.parts();
    let numbers = [
        year,
        month,
        of_month,
        clock.hour.into(),
        clock.minute.into(),
        clock.second.into(),
        day.weekday(),
        day.of_year(),
        dst,
    ];
    let numbers = numbers.map(|n| vm.new_int(n));
    let tuple = vm.new_tuple(numbers.into_iter().collect::<PyResult<Vec<Ref>>>()?)?;
    let class = time_function(vm, "struct_time")?;
    protocol::call_one(vm, &class, tuple.as_object())
}
