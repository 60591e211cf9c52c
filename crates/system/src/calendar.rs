//! Calendar time where the process is: the C library's, which knows the time zones; the system's clocks.

use std::ffi::{CStr, CString};
use std::time::Duration;

use super::checked;

/// A moment, broken down as the C library does.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    /// `tm_sec`, `tm_min`, `tm_hour`, `tm_mday`, `tm_mon` (0 to 11), `tm_year` (since 1900), `tm_wday` (0 is Sunday),
    /// `tm_yday` (0 to 365), `tm_isdst`
    pub fields: [i32; 9],
    /// Seconds east of UTC.
    pub offset: i64,
    /// The name of the time zone.
    pub zone: String,
}

impl Moment {
    fn of(tm: &libc::tm) -> Self {
        let zone = if tm.tm_zone.is_null() {
            String::new()
        } else {
            // SAFETY: the C library's own string, which it does not change until the zone is set anew.
            let name = unsafe { CStr::from_ptr(tm.tm_zone) };
            name.to_string_lossy().into_owned()
        };
        Self {
            fields: [
                tm.tm_sec,
                tm.tm_min,
                tm.tm_hour,
                tm.tm_mday,
                tm.tm_mon,
                tm.tm_year,
                tm.tm_wday,
                tm.tm_yday,
                tm.tm_isdst,
            ],
            offset: tm.tm_gmtoff,
            zone,
        }
    }

    fn tm(&self) -> libc::tm {
        // SAFETY: numbers and a pointer that may be null.
        let mut tm: libc::tm = unsafe { std::mem::zeroed() };
        [
            tm.tm_sec,
            tm.tm_min,
            tm.tm_hour,
            tm.tm_mday,
            tm.tm_mon,
            tm.tm_year,
            tm.tm_wday,
            tm.tm_yday,
            tm.tm_isdst,
        ] = self.fields;
        tm.tm_gmtoff = self.offset;
        tm
    }
}

/// The local time of a number of seconds since 1970; nothing where its year has no number.
pub fn local(seconds: i64) -> Option<Moment> {
    // SAFETY: both structures live through the call.
    unsafe {
        let mut tm: libc::tm = std::mem::zeroed();
        libc::localtime_r(&seconds, &mut tm)
            .as_ref()
            .map(Moment::of)
    }
}

/// The time in UTC.
pub fn utc(seconds: i64) -> Option<Moment> {
    // SAFETY: both structures live through the call.
    unsafe {
        let mut tm: libc::tm = std::mem::zeroed();
        libc::gmtime_r(&seconds, &mut tm).as_ref().map(Moment::of)
    }
}

/// The seconds since 1970 of a local time; nothing where they have no number.
pub fn seconds(moment: &Moment) -> Option<i64> {
    let mut tm = moment.tm();
    // No real answer leaves the day of the week like this.
    tm.tm_wday = -1;
    // SAFETY: the structure lives through the call.
    let seconds = unsafe { libc::mktime(&mut tm) };
    (seconds != -1 || tm.tm_wday != -1).then_some(seconds)
}

/// A moment as text, by a format.
pub fn format(format: &[u8], moment: &Moment) -> Vec<u8> {
    let Ok(pattern) = CString::new(format) else {
        return Vec::new();
    };
    let mut tm = moment.tm();
    let zone = CString::new(moment.zone.as_str()).unwrap_or_default();
    if !moment.zone.is_empty() {
        tm.tm_zone = zone.as_ptr();
    }
    let mut text = vec![0u8; 1024];
    loop {
        // SAFETY: the buffer has the length given, and the strings live through the call.
        let written =
            unsafe { libc::strftime(text.as_mut_ptr().cast(), text.len(), pattern.as_ptr(), &tm) };
        if written > 0 || text.len() > 256 * (format.len() + 4) {
            text.truncate(written);
            return text;
        }
        let longer = text.len() * 2;
        text.resize(longer, 0);
    }
}

/// What a clock of the system shows.
pub fn clock(number: i32) -> std::io::Result<Duration> {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the structure lives through the call.
    checked(unsafe { libc::clock_gettime(number, &mut time) })?;
    Ok(length(&time))
}

/// The least difference that a clock of the system shows.
pub fn clock_resolution(number: i32) -> std::io::Result<Duration> {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the structure lives through the call.
    checked(unsafe { libc::clock_getres(number, &mut time) })?;
    Ok(length(&time))
}

/// Sets a clock of the system.
pub fn set_clock(number: i32, nanoseconds: i64) -> std::io::Result<()> {
    let time = libc::timespec {
        tv_sec: nanoseconds.div_euclid(1_000_000_000),
        tv_nsec: nanoseconds.rem_euclid(1_000_000_000),
    };
    // SAFETY: the structure lives through the call.
    checked(unsafe { libc::clock_settime(number, &time) }).map(drop)
}

fn length(time: &libc::timespec) -> Duration {
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}

/// Reads the time zone of the environment (`TZ`) anew.
pub fn set_zone() {
    unsafe extern "C" {
        fn tzset();
    }
    // SAFETY: takes nothing.
    unsafe { tzset() };
}

/// Sets a variable of the process's environment, or takes it away.
pub fn set_variable(name: &std::ffi::OsStr, value: Option<&std::ffi::OsStr>) {
    // SAFETY: other threads read the environment under the interpreter's lock, which the caller holds.
    unsafe {
        match value {
            Some(value) => std::env::set_var(name, value),
            None => std::env::remove_var(name),
        }
    }
}
