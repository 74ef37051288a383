//! Lengths of bars.

/// `part / whole` in thousandths, rounded down, at most 1000: the length of a bar.
pub(crate) fn per_mille(part: u64, whole: u64) -> u64 {
    let share = (u128::from(part) * 1000).checked_div(u128::from(whole)).unwrap_or(0);
    u64::try_from(share.min(1000)).unwrap_or(1000)
}

#[cfg(test)]
mod tests {
    use super::per_mille;

    #[test]
    fn bars_stay_within_their_length() {
        assert_eq!([per_mille(1, 3), per_mille(5, 0), per_mille(5, 1)], [333, 0, 1000]);
        assert_eq!(per_mille(u64::MAX, u64::MAX), 1000);
    }
}
