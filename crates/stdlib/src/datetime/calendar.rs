//! The proleptic Gregorian calendar. Days are counted from 0001-01-01, which is day 1.
//!
//! Both directions of the conversion count years from March, so that the leap day is the last of its year.

/// The first year.
pub const MIN_YEAR: i64 = 1;
/// The last year.
pub const MAX_YEAR: i64 = 9999;
/// The number of 9999-12-31.
pub const MAX_ORDINAL: i64 = 3_652_059;
/// The number of 1970-01-01.
pub const EPOCH_ORDINAL: i64 = 719_163;
/// Microseconds of a day.
pub const DAY_MICROS: i64 = 86_400 * 1_000_000;

/// Days of 400 years.
const ERA: i64 = 146_097;
/// Days from 0000-03-01 to 0001-01-01, less one.
const SHIFT: i64 = 305;

/// A date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(C)]
pub struct Day {
    /// 1 to 9999
    pub year: u16,
    /// 1 to 12
    pub month: u8,
    /// 1 to 31
    pub day: u8,
}

/// A time of day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
#[repr(C)]
pub struct Clock {
    /// 0 to 23
    pub hour: u8,
    /// 0 to 59
    pub minute: u8,
    /// 0 to 59
    pub second: u8,
    /// 0 to 999999
    pub micro: u32,
}

/// Whether a year has a leap day.
pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Number of days of a month from 1 to 12.
pub fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The number of a day, of any year.
pub fn ordinal(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - SHIFT
}

/// Year, month and day of a number.
pub fn civil(ordinal: i64) -> (i64, i64, i64) {
    let days = ordinal + SHIFT;
    let era = days.div_euclid(ERA);
    let of_era = days.rem_euclid(ERA);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let early = month >= 10;
    (
        era * 400 + year + i64::from(early),
        if early { month - 9 } else { month + 3 },
        day,
    )
}

impl Day {
    /// The date with this number, if it has one.
    pub fn from_ordinal(ordinal: i64) -> Option<Day> {
        if !(1..=MAX_ORDINAL).contains(&ordinal) {
            return None;
        }
        let (year, month, day) = civil(ordinal);
        Some(Day {
            year: year as u16,
            month: month as u8,
            day: day as u8,
        })
    }

    /// Year, month and day.
    pub fn parts(self) -> (i64, i64, i64) {
        (self.year.into(), self.month.into(), self.day.into())
    }

    /// The number of the day.
    pub fn ordinal(self) -> i64 {
        let (year, month, day) = self.parts();
        ordinal(year, month, day)
    }

    /// 0 for a Monday to 6 for a Sunday.
    pub fn weekday(self) -> i64 {
        (self.ordinal() + 6) % 7
    }

    /// Number of the day in its year, from 1.
    pub fn of_year(self) -> i64 {
        self.ordinal() - ordinal(self.year.into(), 1, 1) + 1
    }

    /// Year, week and weekday (from 1) of ISO 8601.
    pub fn iso(self) -> (i64, i64, i64) {
        let today = self.ordinal();
        let mut year = i64::from(self.year);
        let mut first = first_monday(year);
        if today < first {
            year -= 1;
            first = first_monday(year);
        } else if today >= first_monday(year + 1) {
            year += 1;
            first = first_monday(year);
        }
        let days = today - first;
        (year, days / 7 + 1, days % 7 + 1)
    }

    /// The bytes that pickles have: year (two bytes), month, day.
    pub fn bytes(self) -> [u8; 4] {
        let [high, low] = self.year.to_be_bytes();
        [high, low, self.month, self.day]
    }

    /// The date of the bytes of a pickle, as they are.
    pub fn from_bytes(bytes: [u8; 4]) -> Day {
        let [high, low, month, day] = bytes;
        Day {
            year: u16::from_be_bytes([high, low]),
            month,
            day,
        }
    }
}

impl Clock {
    /// Seconds since midnight.
    pub fn seconds(self) -> i64 {
        i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second)
    }

    /// Microseconds since midnight.
    pub fn micros(self) -> i64 {
        self.seconds() * 1_000_000 + i64::from(self.micro)
    }

    /// The time so many microseconds after midnight, fewer than a day.
    pub fn from_micros(micros: i64) -> Clock {
        let seconds = micros / 1_000_000;
        Clock {
            hour: (seconds / 3600) as u8,
            minute: (seconds / 60 % 60) as u8,
            second: (seconds % 60) as u8,
            micro: (micros % 1_000_000) as u32,
        }
    }

    /// The bytes that pickles have: hour, minute, second, microseconds (three bytes).
    pub fn bytes(self) -> [u8; 6] {
        let [_, a, b, c] = self.micro.to_be_bytes();
        [self.hour, self.minute, self.second, a, b, c]
    }

    /// The time of the bytes of a pickle, as they are.
    pub fn from_bytes(bytes: [u8; 6]) -> Clock {
        let [hour, minute, second, a, b, c] = bytes;
        Clock {
            hour,
            minute,
            second,
            micro: u32::from_be_bytes([0, a, b, c]),
        }
    }
}

/// The number of the Monday of the first week of a year: the week that has its first Thursday.
pub fn first_monday(year: i64) -> i64 {
    let first = ordinal(year, 1, 1);
    let weekday = (first + 6).rem_euclid(7);
    first - weekday + if weekday > 3 { 7 } else { 0 }
}

/// What is wrong with a date of the ISO calendar.
pub enum IsoError {
    /// The year.
    Year,
    /// The week.
    Week,
    /// The weekday.
    Weekday,
}

/// The date of a year, week and weekday (from 1) of ISO 8601; it may lie behind the last year.
pub fn from_iso(year: i64, week: i64, weekday: i64) -> Result<(i64, i64, i64), IsoError> {
    if !(MIN_YEAR..=MAX_YEAR).contains(&year) {
        return Err(IsoError::Year);
    }
    let monday = first_monday(year);
    let weeks = (first_monday(year + 1) - monday) / 7;
    if !(1..=weeks).contains(&week) {
        return Err(IsoError::Week);
    }
    if !(1..=7).contains(&weekday) {
        return Err(IsoError::Weekday);
    }
    Ok(civil(monday + (week - 1) * 7 + weekday - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_agree() {
        assert_eq!(ordinal(1, 1, 1), 1);
        assert_eq!(ordinal(1970, 1, 1), EPOCH_ORDINAL);
        assert_eq!(ordinal(9999, 12, 31), MAX_ORDINAL);
        let mut expected = (1, 1, 1);
        for number in 1..=MAX_ORDINAL {
            assert_eq!(civil(number), expected);
            assert_eq!(ordinal(expected.0, expected.1, expected.2), number);
            expected.2 += 1;
            if expected.2 > days_in_month(expected.0, expected.1) {
                expected = if expected.1 == 12 {
                    (expected.0 + 1, 1, 1)
                } else {
                    (expected.0, expected.1 + 1, 1)
                };
            }
        }
    }

    #[test]
    fn weeks_and_dates_agree() {
        for number in (1..MAX_ORDINAL - 7).step_by(5) {
            let Some(day) = Day::from_ordinal(number) else {
                continue;
            };
            let (year, week, weekday) = day.iso();
            if year >= MIN_YEAR {
                assert!(matches!(from_iso(year, week, weekday), Ok(d) if d == day.parts()));
            }
        }
    }
}
