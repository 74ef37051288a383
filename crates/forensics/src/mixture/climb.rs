//! Minimises a smooth function of a few numbers: BFGS with central differences and backtracking.

/// Steps until the end at the latest.
const STEPS: usize = 120;

/// Minimises over the first `free` coordinates from `x`; returns the point and its value.
pub(super) fn climb<const N: usize>(x: [f64; N], goal: impl Fn(&[f64; N]) -> f64, free: usize) -> ([f64; N], f64) {
    let free = free.min(N);
    let gradient = |x: &[f64; N]| {
        let mut slopes = [0.0; N];
        for (place, slope) in slopes.iter_mut().enumerate().take(free) {
            let step = 1e-4;
            let (mut up, mut down) = (*x, *x);
            up[place] += step;
            down[place] -= step;
            *slope = (goal(&up) - goal(&down)) / (2.0 * step);
        }
        slopes
    };
    let mut inverse = [[0.0; N]; N];
    let reset = |inverse: &mut [[f64; N]; N]| {
        for (i, row) in inverse.iter_mut().enumerate() {
            for (j, cell) in row.iter_mut().enumerate() {
                *cell = if i == j { 1.0 } else { 0.0 };
            }
        }
    };
    reset(&mut inverse);
    let (mut x, mut value) = (x, goal(&x));
    let mut slopes = gradient(&x);
    for _ in 0..STEPS {
        let mut way = [0.0; N];
        for (way, row) in way.iter_mut().zip(&inverse) {
            *way = -dot(row, &slopes);
        }
        if dot(&way, &slopes) >= 0.0 {
            reset(&mut inverse);
            way = slopes.map(|slope| -slope);
        }
        let longest = way.iter().fold(0.0, |most: f64, w| most.max(w.abs()));
        let mut pace = if longest > 1.0 { 1.0 / longest } else { 1.0 };
        let next = loop {
            let next = combined(&x, &way, pace);
            let there = goal(&next);
            if there <= value + 1e-4 * pace * dot(&way, &slopes) {
                break Some((next, there));
            }
            pace *= 0.4;
            if pace < 1e-7 {
                break None;
            }
        };
        let Some((next, there)) = next else { break };
        let steeper = gradient(&next);
        let moved: [f64; N] = std::array::from_fn(|i| next[i] - x[i]);
        let turned: [f64; N] = std::array::from_fn(|i| steeper[i] - slopes[i]);
        update(&mut inverse, &moved, &turned);
        let gained = value - there;
        (x, value, slopes) = (next, there, steeper);
        // The goal is a mean over stations: a tenth of a unit of log likelihood in half a million of them.
        if gained < 2e-7 {
            break;
        }
    }
    (x, value)
}

fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn combined<const N: usize>(x: &[f64; N], way: &[f64; N], pace: f64) -> [f64; N] {
    std::array::from_fn(|i| x[i] + pace * way[i])
}

/// The update of Broyden, Fletcher, Goldfarb and Shanno; skipped where the curvature is not positive.
fn update<const N: usize>(inverse: &mut [[f64; N]; N], moved: &[f64; N], turned: &[f64; N]) {
    let curvature = dot(moved, turned);
    if curvature <= 1e-12 {
        return;
    }
    let image: [f64; N] = std::array::from_fn(|i| dot(&inverse[i], turned));
    let scale = (1.0 + dot(turned, &image) / curvature) / curvature;
    for (i, row) in inverse.iter_mut().enumerate() {
        for (j, cell) in row.iter_mut().enumerate() {
            *cell += scale * moved[i] * moved[j] - (image[i] * moved[j] + moved[i] * image[j]) / curvature;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bent_valley() {
        let valley = |x: &[f64; 3]| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            a * a + 100.0 * b * b
        };
        let (x, _) = climb([-1.2, 1.0, 7.0], valley, 2);
        assert!((x[0] - 1.0).abs() < 1e-3 && (x[1] - 1.0).abs() < 1e-3 && x[2] == 7.0, "{x:?}");
    }
}
