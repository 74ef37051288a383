//! Minimises a smooth function of a few numbers: BFGS with backtracking.

/// Steps until the end at the latest.
const STEPS: usize = 150;

/// Minimises over the `free` coordinates from `x`; `goal` gives a value and its slopes. Returns the point and its value.
pub(super) fn climb<const N: usize>(
    x: [f64; N],
    goal: impl Fn(&[f64; N]) -> (f64, [f64; N]),
    free: &[bool; N],
) -> ([f64; N], f64) {
    let sloped = |x: &[f64; N]| {
        let (value, mut slopes) = goal(x);
        slopes.iter_mut().zip(free).filter(|(_, free)| !**free).for_each(|(slope, _)| *slope = 0.0);
        (value, slopes)
    };
    let mut inverse = [[0.0; N]; N];
    reset(&mut inverse);
    let mut x = x;
    let (mut value, mut slopes) = sloped(&x);
    for step in 0..STEPS {
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
            let (there, steeper) = sloped(&next);
            if there <= value + 1e-4 * pace * dot(&way, &slopes) {
                break Some((next, there, steeper));
            }
            pace *= 0.4;
            if pace < 1e-7 {
                break None;
            }
        };
        let Some((next, there, steeper)) = next else { break };
        let moved: [f64; N] = std::array::from_fn(|i| next[i] - x[i]);
        let turned: [f64; N] = std::array::from_fn(|i| steeper[i] - slopes[i]);
        if step == 0 {
            scale(&mut inverse, dot(&moved, &turned), dot(&turned, &turned));
        }
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

fn reset<const N: usize>(inverse: &mut [[f64; N]; N]) {
    for (i, row) in inverse.iter_mut().enumerate() {
        for (j, cell) in row.iter_mut().enumerate() {
            *cell = if i == j { 1.0 } else { 0.0 };
        }
    }
}

/// The first step tells how curved the function is (Nocedal and Wright 6.20).
fn scale<const N: usize>(inverse: &mut [[f64; N]; N], curvature: f64, turned: f64) {
    if curvature > 1e-12 && turned > 0.0 {
        inverse.iter_mut().flatten().for_each(|cell| *cell *= curvature / turned);
    }
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
            (a * a + 100.0 * b * b, [-2.0 * a - 400.0 * b * x[0], 200.0 * b, 5.0])
        };
        let (x, _) = climb([-1.2, 1.0, 7.0], valley, &[true, true, false]);
        assert!((x[0] - 1.0).abs() < 1e-3 && (x[1] - 1.0).abs() < 1e-3 && x[2] == 7.0, "{x:?}");
    }
}
