//! Figures for people who do not read statistics, in the language of the page.

use recount_forensics::poisson_binomial::{Tail, TailKind};
use recount_forensics::report::Figure;

use crate::lang::{Lang, fill};

/// A whole number in groups: 1,990,753.
pub(super) fn n(t: &Lang, number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push_str(t.group());
        }
        out.push(digit);
    }
    out
}

/// A count.
pub(super) fn count(t: &Lang, number: usize) -> String {
    n(t, u64::try_from(number).unwrap_or(u64::MAX))
}

/// A float with so many decimals.
pub(super) fn fixed(t: &Lang, x: f64, decimals: usize) -> String {
    t.decimal(&format!("{x:.decimals$}")).replace('-', "−")
}

/// The same with its sign in front, always.
pub(super) fn signed(t: &Lang, x: f64, decimals: usize) -> String {
    t.decimal(&format!("{x:+.decimals$}")).replace('-', "−")
}

/// A float as a whole number with its sign kept: −1,234.
pub(super) fn whole(t: &Lang, x: f64) -> String {
    if !x.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{:.0}", x.abs());
    let grouped = text.parse::<u64>().map_or(text, |own| n(t, own));
    if x <= -0.5 { format!("−{grouped}") } else { grouped }
}

/// A large float in words that fit the line: 14.6 million, 1,234.
pub(super) fn large(t: &Lang, x: f64) -> String {
    if x.abs() >= 999_950.0 {
        let sign = if x < 0.0 { "−" } else { "" };
        return format!("{sign}{}", fill!(t, "{} million", fixed(t, x.abs() / 1e6, 2)));
    }
    whole(t, x)
}

/// A figure with its interval: 1,312 (1,082 to 1,542).
pub(super) fn interval(t: &Lang, figure: Figure) -> String {
    fill!(t, "{} ({} to {})", large(t, figure.value), large(t, figure.low), large(t, figure.high))
}

/// A share in percent with so many decimals.
pub(super) fn percent(t: &Lang, part: f64, of: f64, decimals: usize) -> String {
    if of > 0.0 { percents(t, 100.0 * part / of, decimals) } else { "–".to_owned() }
}

/// A figure that is a percentage already. The space does not break.
pub(super) fn percents(t: &Lang, x: f64, decimals: usize) -> String {
    format!("{}\u{a0}%", fixed(t, x, decimals))
}

/// A rate from 0 to 1 in percent.
pub(super) fn rate(t: &Lang, x: f64) -> String {
    let percent = 100.0 * x;
    let broken = percent > 0.0 && percent < 1.0 || (percent - libm_round(percent)).abs() > 0.05;
    percents(t, percent, usize::from(broken))
}

fn libm_round(x: f64) -> f64 {
    // Percentages are small: a cast through a text keeps this free of casts between floats and integers.
    format!("{x:.0}").parse().unwrap_or(x)
}

/// Of what a chance is told.
#[derive(Clone, Copy)]
pub(super) enum Among {
    /// Clean elections.
    Elections,
    /// Districts whose stations count separately.
    Districts,
}

/// How often chance alone gives as much, in words.
pub(super) fn chance(t: &Lang, p: f64, among: Among) -> String {
    let of = t.say(match among {
        Among::Elections => "clean elections",
        Among::Districts => "such districts",
    });
    if p < 1e-12 {
        return fill!(t, "less than once in a million million {}", of);
    }
    if p < 1e-6 {
        return fill!(t, "less than once in a million {}", of);
    }
    if p < 0.1 {
        let one_in = 1.0 / p;
        let scale = [(100.0, 1.0), (1_000.0, 10.0), (10_000.0, 100.0), (100_000.0, 1_000.0)];
        let scale = scale.iter().find(|(below, _)| one_in < *below).map_or(10_000.0, |(_, scale)| *scale);
        return fill!(t, "about once in {} {}", whole(t, libm_round(one_in / scale) * scale), of);
    }
    fill!(t, "in {} of {}", rate(t, p), of)
}

/// A p-value for tables.
pub(super) fn p(t: &Lang, value: f64) -> String {
    if value <= Tail::SMALLEST {
        return "< 10⁻¹⁵".to_owned();
    }
    if value >= 0.001 {
        return fixed(t, value, 3);
    }
    // 4.5 · 10⁻⁸ rather than 4.5e-8: a reader of tables need not know how programs write it.
    let text = format!("{value:.1e}");
    let (head, power) = text.split_once('e').unwrap_or((&text, "0"));
    let raised = |digit: char| match digit {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        other => other.to_digit(10).and_then(|own| char::from_u32(0x2070 + own)).unwrap_or(other),
    };
    format!("{}\u{a0}·\u{a0}10{}", t.decimal(head), power.chars().map(raised).collect::<String>())
}

/// A tail with how it was obtained.
pub(super) fn tail(t: &Lang, tail: Tail) -> String {
    match tail.kind {
        TailKind::Exact | TailKind::Bound => p(t, tail.p),
        TailKind::Saddlepoint => fill!(t, "{} (approximate)", p(t, tail.p)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "test support")]
mod tests {
    use super::*;

    #[test]
    fn figures_in_words() {
        let t = Lang::english();
        assert_eq!([whole(t, -1_234.4), whole(t, 0.2), whole(t, -0.2)], ["−1,234", "0", "0"]);
        assert_eq!(
            [large(t, 14_620_000.0), large(t, -2_500_000.0), large(t, 999.0)],
            ["14.62 million", "−2.50 million", "999"]
        );
        let rates = [0.05, 0.0725, 0.0, 0.005].map(|x| rate(t, x).replace('\u{a0}', " "));
        assert_eq!(rates, ["5 %", "7.2 %", "0 %", "0.5 %"]);
        assert_eq!(chance(t, 0.004, Among::Elections), "about once in 250 clean elections");
        assert_eq!(chance(t, 0.5, Among::Districts), "in 50\u{a0}% of such districts");
        assert_eq!([p(t, 1e-15), p(t, 0.0123), p(t, 3.2e-8)], ["< 10⁻¹⁵", "0.012", "3.2\u{a0}·\u{a0}10⁻⁸"]);
        let ru = Lang::of("ru").unwrap();
        assert_eq!([n(ru, 1_990_753), fixed(ru, -1.25, 2)], ["1\u{a0}990\u{a0}753", "−1,25"]);
    }
}
