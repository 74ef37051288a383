//! Scales: from figures to places, in integers. What lies outside is drawn at the edge.

/// A figure between 0 and `most` as a place between 0 and `length`.
pub(crate) fn place(value: u64, most: u64, length: u64) -> u64 {
    let value = u128::from(value.min(most));
    let scaled = value * u128::from(length) / u128::from(most.max(1));
    u64::try_from(scaled).unwrap_or(length)
}

/// A round number at or above `most` that divides into `parts` round steps: 1, 2 or 5 times a power of ten each.
pub(crate) fn round_up(most: u64, parts: u64) -> u64 {
    let parts = parts.max(1);
    let mut step = 1u64;
    // At most 20 powers of ten fit; the last step may be too large to multiply, and then it is the edge itself.
    loop {
        for factor in [1, 2, 5] {
            match step.checked_mul(factor).and_then(|step| step.checked_mul(parts)) {
                Some(top) if top >= most.max(1) => return top,
                Some(_) => {}
                None => return most,
            }
        }
        step = match step.checked_mul(10) {
            Some(step) => step,
            None => return most,
        };
    }
}

/// The smallest step of 1, 2 or 5 times a power of ten of which at most `parts` reach `most`, and how many do.
pub(crate) fn steps(most: u64, parts: u64) -> (u64, u64) {
    let (most, parts) = (most.max(1), parts.max(1));
    let powers = std::iter::successors(Some(1u64), |step| step.checked_mul(10));
    let all = powers.flat_map(|step| [1, 2, 5].into_iter().filter_map(move |factor| step.checked_mul(factor)));
    let found = all.map(|step| (step, most.div_ceil(step))).find(|(_, needed)| *needed <= parts);
    found.filter(|(step, needed)| step.checked_mul(*needed).is_some()).unwrap_or((most, 1))
}

/// A number with thin spaces between groups of three digits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_numbers_above() {
        let tops = [0, 1, 7, 23, 99, 101, 4_999, u64::MAX].map(|most| round_up(most, 5));
        assert_eq!(tops, [5, 5, 10, 25, 100, 250, 5_000, u64::MAX]);
    }

    #[test]
    fn as_few_steps_as_reach() {
        let found = [0, 1, 7, 23, 101, 265, 425, u64::MAX].map(|most| steps(most, 6));
        assert_eq!(found, [(1, 1), (1, 1), (2, 4), (5, 5), (20, 6), (50, 6), (100, 5), (u64::MAX, 1)]);
    }

    #[test]
    fn places_keep_within_the_length_and_do_not_overflow() {
        assert_eq!([place(0, 10, 100), place(5, 10, 100), place(11, 10, 100)], [0, 50, 100]);
        assert_eq!(place(u64::MAX, u64::MAX, u64::MAX), u64::MAX);
        assert_eq!(place(3, 0, 100), 0);
    }

    #[test]
    fn groups() {
        assert_eq!([grouped(7), grouped(1_990_753)], ["7".to_owned(), "1\u{202f}990\u{202f}753".to_owned()]);
    }
}
