//! Conversions between floats and whole numbers, in one place: Rust's `as` saturates and maps NaN to 0.

/// The whole part of a non-negative number; 0 for anything below one or not a number.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturation is what is wanted")]
pub(crate) fn whole(x: f64) -> usize {
    x as usize
}

/// The whole part of a non-negative number as a 32-bit count.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturation is what is wanted")]
pub(crate) fn whole32(x: f64) -> u32 {
    x as u32
}

/// A float from a count; exact below 2^53.
pub(crate) fn real(count: usize) -> f64 {
    count as f64
}

/// `part / whole` as a float, 0 where the whole is 0.
pub(crate) fn ratio(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

/// Above zero; not-a-number is not.
pub(crate) fn positive(x: f64) -> bool {
    x > 0.0
}
