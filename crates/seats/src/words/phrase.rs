//! The table of phrases: the macro that keeps its languages complete, and numbers by language.

use super::Language;
use crate::Fraction;

/// Declares phrases: a function each, with the sentence in every language. A language that is
/// missing, or a figure in braces that is not an argument, does not compile.
macro_rules! phrases {
    ($( $(#[$meta:meta])* $name:ident ($($argument:ident),* $(,)?) {
        en: $en:literal,
        ru: $ru:literal,
        ky: $ky:literal $(,)?
    })*) => { $(
        $(#[$meta])*
        #[allow(unused_variables, clippy::too_many_arguments, reason = "a sentence names what its language needs")]
        pub(super) fn $name(
            language: $crate::words::Language, $($argument: &dyn std::fmt::Display),*
        ) -> String {
            match language {
                $crate::words::Language::English => format!($en),
                $crate::words::Language::Russian => format!($ru),
                $crate::words::Language::Kyrgyz => format!($ky),
            }
        }
    )* };
}
pub(super) use phrases;

/// A whole number in groups of three: 1,990,753 in English, with no-break spaces elsewhere.
pub(super) fn number(language: Language, number: u128) -> String {
    let mark = match language {
        Language::English => ',',
        Language::Russian | Language::Kyrgyz => '\u{a0}',
    };
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * mark.len_utf8());
    for (place, digit) in digits.chars().enumerate() {
        // Four digits stay together in Russian and Kyrgyz only in prose; figures are all grouped.
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

/// A fraction as a decimal of two places, with `=` if that is all of it and `≈` if it is rounded
/// (half up): for orientation only, the fraction decides.
pub(super) fn decimal(language: Language, value: Fraction) -> String {
    let (mut whole, rest) = (value.num / value.den, value.num % value.den);
    if rest == 0 {
        return format!("= {}", number(language, whole));
    }
    // Beyond this size hundredths do not matter, and do not fit.
    let Some(scaled) = rest.checked_mul(100) else {
        return format!("≈ {}", number(language, whole));
    };
    let (mut hundredths, left) = (scaled / value.den, scaled % value.den);
    if left >= value.den - left {
        hundredths += 1;
    }
    if hundredths == 100 {
        (whole, hundredths) = (whole.saturating_add(1), 0);
    }
    let point = match language {
        Language::English => '.',
        Language::Russian | Language::Kyrgyz => ',',
    };
    let sign = if left == 0 { '=' } else { '≈' };
    format!("{sign} {}{point}{hundredths:02}", number(language, whole))
}

/// A fraction as figures: `1,279,314/120`, or a whole number.
pub(super) fn fraction(language: Language, value: Fraction) -> String {
    match value.den {
        1 => number(language, value.num),
        den => format!("{}/{}", number(language, value.num), number(language, den)),
    }
}

/// A fraction with its decimal: `1,279,314/120 ≈ 10,660.95`; whole numbers stand alone.
pub(super) fn valued(language: Language, value: Fraction) -> String {
    match value.den {
        1 => number(language, value.num),
        _ if value.num == 0 => number(language, 0),
        _ => format!("{} {}", fraction(language, value), decimal(language, value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_their_language_does() {
        assert_eq!(number(Language::English, 0), "0");
        assert_eq!(number(Language::English, 999), "999");
        assert_eq!(number(Language::English, 1_990_753), "1,990,753");
        assert_eq!(number(Language::Russian, 1_990_753), "1\u{a0}990\u{a0}753");
    }

    #[test]
    fn decimals_say_whether_they_are_all() {
        let of = |num: u128, den: u128| decimal(Language::English, Fraction::new(num, den));
        assert_eq!(of(1_279_314, 120), "= 10,660.95");
        assert_eq!(of(1, 3), "≈ 0.33");
        assert_eq!(of(2, 3), "≈ 0.67");
        assert_eq!(of(999, 1000), "≈ 1.00");
        assert_eq!(of(6, 3), "= 2");
        assert_eq!(of(u128::MAX, u128::MAX - 1), "≈ 1.00");
        assert_eq!(of(u128::MAX - 2, u128::MAX), "≈ 0");
        assert_eq!(decimal(Language::Kyrgyz, Fraction::new(1u8, 2u8)), "= 0,50");
    }
}
