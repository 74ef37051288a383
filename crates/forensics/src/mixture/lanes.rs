//! Exponential and logarithm of several numbers at once, in plain arithmetic that compilers turn into vector instructions
//! and that gives the same bytes on every machine. Good to twelve digits, which is more than a likelihood needs.

/// Adding it rounds to a whole number, which then stands in the lowest bits.
const ROUNDING: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts; the first has few enough bits that its multiples are exact.
const LN_2: (f64, f64) = (0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10);

/// e to the power of each, which is taken to lie in -700..700.
#[inline]
pub(super) fn exps<const N: usize>(x: [f64; N]) -> [f64; N] {
    let mut out = [0.0; N];
    for (own, x) in out.iter_mut().zip(x) {
        let x = x.clamp(-700.0, 700.0);
        let turns = x * std::f64::consts::LOG2_E + ROUNDING;
        let whole = turns - ROUNDING;
        let r = (x - whole * LN_2.0) - whole * LN_2.1;
        // Taylor's series to the 9th power: |r| is at most 0.35, the rest below 1e-11.
        let mut sum = 1.0 / 362_880.0;
        for factor in [1.0 / 40_320.0, 1.0 / 5_040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
            sum = sum * r + factor;
        }
        *own = f64::from_bits(sum.to_bits().wrapping_add(turns.to_bits() << 52));
    }
    out
}

/// Natural logarithm of each, which is taken to be positive and not smaller than 1e-300.
#[inline]
pub(super) fn lns<const N: usize>(x: [f64; N]) -> [f64; N] {
    /// Bits of the root of one half.
    const LOW: u64 = 0x3fe6_a09e_667f_3bcd;
    const ONE: u64 = 1023 << 52;
    /// 2 to the 52nd, whose lowest bits count units.
    const UNITS: u64 = 0x4330_0000_0000_0000;
    let mut out = [0.0; N];
    for (own, x) in out.iter_mut().zip(x) {
        let bits = x.max(1e-300).to_bits();
        let power = bits.wrapping_sub(LOW).wrapping_add(ONE) >> 52;
        let exponent = f64::from_bits(power | UNITS) - (4_503_599_627_370_496.0 + 1_023.0);
        // Between the root of one half and the root of two.
        let m = f64::from_bits(bits.wrapping_sub(power.wrapping_sub(1023) << 52));
        let s = (m - 1.0) / (m + 1.0);
        let square = s * s;
        // ln m = 2 artanh s; the rest of the series is below 1e-12.
        let mut sum = 1.0 / 13.0;
        for factor in [1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 0.2, 1.0 / 3.0, 1.0] {
            sum = sum * square + factor;
        }
        *own = exponent * std::f64::consts::LN_2 + 2.0 * s * sum;
    }
    out
}

/// 1 / (1 + e^-x) of each.
#[inline]
pub(super) fn logistics<const N: usize>(x: [f64; N]) -> [f64; N] {
    let mut out = exps(x.map(|x| -x));
    for own in &mut out {
        *own = 1.0 / (1.0 + *own);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_agree_with_the_library() {
        for i in -700..=700_i32 {
            let x = f64::from(i) * 0.997 + 0.1;
            let ours = exps([x; 4])[3];
            assert!((ours / libm::exp(x) - 1.0).abs() < 1e-11, "{x}: {ours}");
            let y = libm::exp(x * 0.98);
            assert!((lns([y; 4])[3] - libm::log(y)).abs() < 1e-12 * x.abs().max(1.0), "{y}");
        }
        let near: [f64; 8] = [0.5, 0.707, 0.7072, 1.0, 1.0 - 1e-9, 1.414, 1.4143, 2.0];
        for (ours, x) in lns(near).into_iter().zip(near) {
            assert!((ours - libm::log(x)).abs() < 2e-16 + 2e-12 * libm::log(x).abs(), "{x}: {ours}");
        }
        assert!((logistics([-2.0; 4])[0] - 1.0 / (1.0 + libm::exp(2.0))).abs() < 1e-11);
    }
}
