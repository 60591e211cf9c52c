//! Text of offsets and times.

use viv_runtime::object::Str;
use viv_runtime::{PyResult, Vm};

use super::calendar::{Clock, Day};

/// `+HH:MM`, with seconds and microseconds where there are any. The offset is in microseconds.
pub fn offset_text(micros: i64, separator: &str) -> String {
    let sign = if micros < 0 { '-' } else { '+' };
    let micros = micros.abs();
    let seconds = micros / 1_000_000;
    let mut text = format!(
        "{sign}{:02}{separator}{:02}",
        seconds / 3600,
        seconds / 60 % 60
    );
    let (second, micro) = (seconds % 60, micros % 1_000_000);
    if second != 0 || micro != 0 {
        text += &format!("{separator}{second:02}");
    }
    if micro != 0 {
        text += &format!(".{micro:06}");
    }
    text
}

/// How much of a time is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// `HH`
    Hours,
    /// `HH:MM`
    Minutes,
    /// `HH:MM:SS`
    Seconds,
    /// `HH:MM:SS.mmm`
    Millis,
    /// `HH:MM:SS.mmmmmm`
    Micros,
}

impl Precision {
    /// What the argument `timespec` says of a time.
    ///
    /// # Errors
    /// ValueError
    pub fn of(vm: &Vm, spec: Option<&Str>, clock: Clock) -> PyResult<Precision> {
        Ok(match spec.map(Str::as_ascii) {
            None | Some(Some("auto")) if clock.micro == 0 => Precision::Seconds,
            None | Some(Some("auto" | "microseconds")) => Precision::Micros,
            Some(Some("hours")) => Precision::Hours,
            Some(Some("minutes")) => Precision::Minutes,
            Some(Some("seconds")) => Precision::Seconds,
            Some(Some("milliseconds")) => Precision::Millis,
            Some(_) => return Err(vm.value_error("Unknown timespec value")),
        })
    }
}

/// Two digits.
fn two(text: &mut String, number: u8) {
    text.push((b'0' + number / 10 % 10) as char);
    text.push((b'0' + number % 10) as char);
}

/// Appends a time.
pub fn push_clock(text: &mut String, clock: Clock, precision: Precision) {
    two(text, clock.hour);
    if precision == Precision::Hours {
        return;
    }
    text.push(':');
    two(text, clock.minute);
    if precision == Precision::Minutes {
        return;
    }
    text.push(':');
    two(text, clock.second);
    match precision {
        Precision::Millis => *text += &format!(".{:03}", clock.micro / 1000),
        Precision::Micros => *text += &format!(".{:06}", clock.micro),
        _ => {}
    }
}

/// Appends `YYYY-MM-DD`.
pub fn push_day(text: &mut String, day: Day) {
    two(text, (day.year / 100) as u8);
    two(text, (day.year % 100) as u8);
    text.push('-');
    two(text, day.month);
    text.push('-');
    two(text, day.day);
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// As C's `ctime`: "Wed Jan  1 00:00:00 2020".
pub fn c_time(day: Day, clock: Clock) -> String {
    format!(
        "{} {} {:2} {:02}:{:02}:{:02} {:04}",
        WEEKDAYS[day.weekday() as usize % 7],
        MONTHS[(usize::from(day.month) + 11) % 12],
        day.day,
        clock.hour,
        clock.minute,
        clock.second,
        day.year
    )
}
