//! Days since 1970 as dates of the Gregorian calendar. No clock, no zones, no locale: whoever prints a time says whose it is.

/// Seconds of a day.
pub const DAY: u64 = 86_400;

/// The last second that has a date here: the end of the year 9999.
pub const MAX_SECONDS: u64 = 253_402_300_799;

/// A moment, in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The year, 1970 to 9999.
    pub year: u64,
    /// The month, 1 to 12.
    pub month: u64,
    /// The day of the month, from 1.
    pub day: u64,
    /// The hour, 0 to 23.
    pub hour: u64,
    /// The minute.
    pub minute: u64,
    /// The second.
    pub second: u64,
}

/// The parts of a moment that is so many seconds after the beginning of 1970; `None` after the year 9999.
///
/// Years are taken to begin in March, so that the leap day is the last of them, and 400 years are always 146,097 days.
#[must_use]
pub const fn moment(seconds: u64) -> Option<Moment> {
    if seconds > MAX_SECONDS {
        return None;
    }
    let (days, rest) = (seconds / DAY, seconds % DAY);
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let (month, turned) = if from_march < 10 { (from_march + 3, 0) } else { (from_march - 9, 1) };
    let year = year_of_era + era * 400 + turned;
    Some(Moment { year, month, day, hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60 })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parts(seconds: u64) -> (u64, u64, u64, u64, u64, u64) {
        let at = moment(seconds).unwrap();
        (at.year, at.month, at.day, at.hour, at.minute, at.second)
    }

    #[test]
    fn known_moments() {
        assert_eq!(parts(0), (1970, 1, 1, 0, 0, 0));
        assert_eq!(parts(951_827_696), (2000, 2, 29, 12, 34, 56));
        assert_eq!(parts(4_107_542_399), (2100, 2, 28, 23, 59, 59));
        assert_eq!(parts(4_107_542_400), (2100, 3, 1, 0, 0, 0), "2100 is no leap year");
        assert_eq!(parts(MAX_SECONDS), (9999, 12, 31, 23, 59, 59));
        assert_eq!(moment(MAX_SECONDS + 1), None);
        assert_eq!(moment(u64::MAX), None);
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let lengths = |year: u64| {
            let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
            [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        };
        let mut days = 0;
        for year in 1970..=9999 {
            for (month, length) in (1..).zip(lengths(year)) {
                for day in 1..=length {
                    assert_eq!(parts(days * DAY), (year, month, day, 0, 0, 0));
                    days += 1;
                }
            }
        }
        assert_eq!(days * DAY, MAX_SECONDS + 1);
    }
}
