//! Distribution functions: normal, chi-square, Student's t, and the logarithm of a factorial.

use crate::number::positive;
use libm::{erfc, exp, lgamma, log, log1p, sqrt};

/// Upper tail of the standard normal distribution.
pub fn normal_upper(z: f64) -> f64 {
    0.5 * erfc(z * std::f64::consts::FRAC_1_SQRT_2)
}

/// Density of the standard normal distribution.
pub fn normal_density(z: f64) -> f64 {
    exp(-0.5 * z * z) / sqrt(2.0 * std::f64::consts::PI)
}

/// The point above which a share `p` of the standard normal distribution lies, by bisection.
pub fn normal_point(p: f64) -> f64 {
    bisect(|z| normal_upper(z) > p, -39.0, 39.0)
}

/// Where a condition that holds below turns false, to the last bit or 200 halvings.
fn bisect(holds: impl Fn(f64) -> bool, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if holds(middle) { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Lower tail P(X <= x) of the chi-square distribution with `df` degrees of freedom.
pub fn chi_square_lower(x: f64, df: f64) -> f64 {
    gamma_tails(0.5 * df, 0.5 * x).0
}

/// Upper tail P(X > x) of the chi-square distribution with `df` degrees of freedom.
pub fn chi_square_upper(x: f64, df: f64) -> f64 {
    gamma_tails(0.5 * df, 0.5 * x).1
}

/// Both regularised incomplete gamma functions (P, Q), each accurate where it is small: the series below
/// `a + 1`, Lentz's continued fraction above (Abramowitz and Stegun 6.5.29 and 6.5.31).
fn gamma_tails(a: f64, x: f64) -> (f64, f64) {
    if !(positive(x) && positive(a)) {
        return (0.0, 1.0);
    }
    let front = exp(a * log(x) - x - lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum, mut step) = (1.0 / a, 1.0 / a, a);
        for _ in 0..100_000 {
            step += 1.0;
            term *= x / step;
            sum += term;
            if term < sum * 1e-17 {
                break;
            }
        }
        let lower = (front * sum).min(1.0);
        return (lower, 1.0 - lower);
    }
    let upper = (front * gamma_fraction(a, x)).min(1.0);
    (1.0 - upper, upper)
}

fn gamma_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1e300, 1.0 / b);
    let mut h = d;
    for i in 1..100_000_u32 {
        let i = f64::from(i);
        let an = -i * (i - a);
        b += 2.0;
        d = 1.0 / guarded(an * d + b);
        c = guarded(b + an / c);
        let change = d * c;
        h *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

fn guarded(x: f64) -> f64 {
    if x.abs() < 1e-300 { 1e-300 } else { x }
}

/// Regularised incomplete beta function I_x(a, b) (continued fraction 26.5.8 of Abramowitz and Stegun).
pub fn beta_lower(x: f64, a: f64, b: f64) -> f64 {
    if !positive(x) {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(x, a, b) / a
    } else {
        1.0 - front * beta_fraction(1.0 - x, b, a) / b
    }
}

fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / guarded(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..10_000_u32 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guarded(1.0 + even * d);
        c = guarded(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guarded(1.0 + odd * d);
        c = guarded(1.0 + odd / c);
        let change = d * c;
        h *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

/// Two-sided tail P(|T| > |t|) of Student's distribution with `df` degrees of freedom.
pub fn student_two_sided(t: f64, df: f64) -> f64 {
    beta_lower(df / (df + t * t), 0.5 * df, 0.5)
}

/// The point t with P(|T| <= t) = `level`.
pub fn student_point(level: f64, df: f64) -> f64 {
    bisect(|t| student_two_sided(t, df) > 1.0 - level, 0.0, 1e6)
}

/// e^x for x between -700 and 700 to about one unit in the last place, without a table or a branch: the integer
/// test takes millions of them. Only additions and products, so every machine gets the same bits.
#[inline]
pub(crate) fn quick_exp(x: f64) -> f64 {
    /// Adding this leaves the nearest whole number in the low bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let x = x.clamp(-700.0, 700.0);
    let shifted = x * std::f64::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let r = x - whole * LN2_HIGH - whole * LN2_LOW;
    let (r2, third) = (r * r, 1.0 / 6.0);
    let r4 = r2 * r2;
    let low = (1.0 + r) + r2 * (0.5 + r * third);
    let middle = (1.0 / 24.0 + r * (1.0 / 120.0)) + r2 * (1.0 / 720.0 + r * (1.0 / 5_040.0));
    let high = (1.0 / 40_320.0 + r * (1.0 / 362_880.0)) + r2 * (1.0 / 3_628_800.0 + r * (1.0 / 39_916_800.0));
    let top = 1.0 / 479_001_600.0 + r * (1.0 / 6_227_020_800.0);
    let sum = low + r4 * (middle + r4 * (high + r4 * top));
    sum * f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52)
}

/// Logarithms of factorials: a table for stations of ordinary size, `lgamma` beyond it.
#[derive(Debug, Clone)]
pub struct LogFactorial {
    table: Vec<f64>,
}

impl LogFactorial {
    /// No table is longer than this, whatever the input says.
    const LONGEST: u32 = 1 << 18;

    /// Ready for arguments up to `largest` (correct beyond, only slower).
    pub fn up_to(largest: u32) -> Self {
        let length = largest.min(Self::LONGEST);
        let table = (0..=length).map(|n| lgamma(f64::from(n) + 1.0)).collect();
        Self { table }
    }

    /// ln n!
    #[inline]
    pub fn of(&self, n: u32) -> f64 {
        self.table.get(n as usize).copied().unwrap_or_else(|| lgamma(f64::from(n) + 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, relative: f64) -> bool {
        (a - b).abs() <= relative * b.abs()
    }

    #[test]
    fn known_points() {
        // Tables of R 4.3: pnorm, pchisq, pt, qnorm, qt.
        assert!(near(normal_upper(1.959_963_984_540_054), 0.025, 1e-12));
        assert!(near(normal_upper(10.0), 7.619_853_024_160_527e-24, 1e-10));
        assert!(near(chi_square_upper(16.918_977_604_620_45, 9.0), 0.05, 1e-10));
        assert!(near(chi_square_lower(0.297, 3.0), 0.039_27, 1e-2));
        assert!(near(student_two_sided(2.228_138_851_986_27, 10.0), 0.05, 1e-9));
        assert!(near(student_point(0.95, 10.0), 2.228_138_851_986_27, 1e-9));
        assert!(near(normal_point(0.025), 1.959_963_984_540_054, 1e-9));
        assert!(near(LogFactorial::up_to(3).of(5), log(120.0), 1e-12));
    }

    #[test]
    fn the_quick_exponential_is_the_exponential() {
        let mut x = -699.0;
        while x < 699.0 {
            assert!(near(quick_exp(x), exp(x), 4e-16), "{x}");
            x += 0.137;
        }
        assert!(quick_exp(-1e9) > 0.0 && quick_exp(-1e9) < 1e-300);
    }

    #[test]
    fn tails_add_up() {
        for df in [1.0, 4.0, 24.0, 200.0] {
            for x in [0.5, 3.0, 20.0, 190.0] {
                assert!((chi_square_lower(x, df) + chi_square_upper(x, df) - 1.0).abs() < 1e-12);
            }
        }
    }
}
