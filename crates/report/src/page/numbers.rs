//! Figures for people who do not read statistics.

use recount_forensics::poisson_binomial::{Tail, TailKind};
use recount_forensics::report::Figure;

/// A whole number in groups: 1,990,753.
pub(super) fn n(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count.
pub(super) fn count(number: usize) -> String {
    n(u64::try_from(number).unwrap_or(u64::MAX))
}

/// A float as a whole number with its sign kept: -1,234.
pub(super) fn whole(x: f64) -> String {
    if !x.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{:.0}", x.abs());
    let grouped = text.parse::<u64>().map_or(text, n);
    if x <= -0.5 { format!("−{grouped}") } else { grouped }
}

/// A large float in words that fit the line: 14.6 million, 1,234.
pub(super) fn large(x: f64) -> String {
    if x.abs() >= 999_950.0 {
        let sign = if x < 0.0 { "−" } else { "" };
        return format!("{sign}{:.2} million", x.abs() / 1e6);
    }
    whole(x)
}

/// A figure with its interval: 1,312 (1,082 to 1,542).
pub(super) fn interval(figure: Figure) -> String {
    format!("{} ({} to {})", large(figure.value), large(figure.low), large(figure.high))
}

/// A share in percent with so many decimals.
pub(super) fn percent(part: f64, of: f64, decimals: usize) -> String {
    if of > 0.0 { format!("{:.decimals$} %", 100.0 * part / of).replace('-', "−") } else { "–".to_owned() }
}

/// A rate from 0 to 1 in percent.
pub(super) fn rate(x: f64) -> String {
    let percent = 100.0 * x;
    if percent > 0.0 && percent < 1.0 || (percent - libm_round(percent)).abs() > 0.05 {
        return format!("{percent:.1} %");
    }
    format!("{percent:.0} %")
}

fn libm_round(x: f64) -> f64 {
    // Percentages are small: a cast through a text keeps this free of casts between floats and integers.
    format!("{x:.0}").parse().unwrap_or(x)
}

/// How often chance alone gives as much, in words.
pub(super) fn chance(p: f64) -> String {
    if p < 1e-12 {
        return "less than once in a million million clean elections".to_owned();
    }
    if p < 1e-6 {
        return "less than once in a million clean elections".to_owned();
    }
    if p < 0.1 {
        let one_in = 1.0 / p;
        let scale = if one_in < 100.0 {
            1.0
        } else if one_in < 1_000.0 {
            10.0
        } else if one_in < 10_000.0 {
            100.0
        } else if one_in < 100_000.0 {
            1_000.0
        } else {
            10_000.0
        };
        return format!("about once in {} clean elections", whole(libm_round(one_in / scale) * scale));
    }
    format!("in {} of clean elections", rate(p))
}

/// A p-value for tables.
pub(super) fn p(value: f64) -> String {
    if value <= Tail::SMALLEST {
        return "< 10⁻¹⁵".to_owned();
    }
    if value >= 0.001 { format!("{value:.3}") } else { format!("{value:.1e}") }
}

/// A tail with how it was obtained.
pub(super) fn tail(tail: Tail) -> String {
    let kind = match tail.kind {
        TailKind::Exact | TailKind::Bound => "",
        TailKind::Saddlepoint => " (approximate)",
    };
    format!("{}{kind}", p(tail.p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_in_words() {
        assert_eq!([whole(-1_234.4), whole(0.2), whole(-0.2)], ["−1,234", "0", "0"]);
        assert_eq!([large(14_620_000.0), large(-2_500_000.0), large(999.0)], ["14.62 million", "−2.50 million", "999"]);
        assert_eq!([rate(0.05), rate(0.0725), rate(0.0), rate(0.005)], ["5 %", "7.2 %", "0 %", "0.5 %"]);
        assert_eq!(chance(0.004), "about once in 250 clean elections");
        assert_eq!(chance(0.5), "in 50 % of clean elections");
        assert_eq!([p(1e-15), p(0.0123), p(3.2e-8)], ["< 10⁻¹⁵", "0.012", "3.2e-8"]);
    }
}
