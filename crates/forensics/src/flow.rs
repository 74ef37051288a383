//! The flow of the vote between two elections (Myagkov, Ordeshook and Shakin 2009): `min |y - x beta|^2` over matched
//! units, the rows of beta nonnegative and adding up to 1.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::Limits;

/// Shares of the registered voters that went from each category (row) to each category (column).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    /// Least squares without constraints: entries below 0 or above 1 are the signal to look for.
    pub free: Vec<Vec<f64>>,
    /// Least squares with rows nonnegative and adding up to 1.
    pub constrained: Vec<Vec<f64>>,
    /// Sum of squared residuals of the constrained solution.
    pub objective: f64,
    /// Matched units.
    pub units: usize,
}

impl Limits for Flow {
    const CANNOT_SHOW: &'static str = "An ecological regression over units: no voter is followed, and units whose lists \
         changed, or that do not match, bias it without a trace.";
}

/// Why no flow is computed.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum FlowError {
    /// Rows of different length, or different numbers of units.
    #[error("the two elections have rows of different shape")]
    Shape,
    /// The categories of the first election are collinear over the units.
    #[error("the categories of the first election cannot be told apart over these units")]
    Collinear,
}

type Matrix = Vec<Vec<f64>>;

/// Fits the flow; each row of `from` and `to` is one unit's shares.
///
/// # Errors
/// [`FlowError`].
pub fn flow(from: &[Vec<f64>], to: &[Vec<f64>]) -> Result<Flow, FlowError> {
    let (inputs, outputs) = (from.first().map_or(0, Vec::len), to.first().map_or(0, Vec::len));
    let even = |rows: &[Vec<f64>], width: usize| rows.iter().all(|row| row.len() == width);
    if from.len() != to.len() || inputs == 0 || outputs == 0 || !even(from, inputs) || !even(to, outputs) {
        return Err(FlowError::Shape);
    }
    let free = least_squares(from, to)?;
    let constrained = project_down(from, to, &free);
    let objective = residual(from, to, &constrained);
    Ok(Flow { free, constrained, objective, units: from.len() })
}

/// Least squares by modified Gram-Schmidt, twice for accuracy.
fn least_squares(from: &[Vec<f64>], to: &[Vec<f64>]) -> Result<Matrix, FlowError> {
    let width = from.first().map_or(0, Vec::len);
    let column = |rows: &[Vec<f64>], place: usize| rows.iter().map(|row| row[place]).collect::<Vec<f64>>();
    let mut basis: Vec<Vec<f64>> = Vec::new();
    // Parts of each column along the basis so far, its own length last.
    let mut parts: Vec<Vec<f64>> = Vec::new();
    for place in 0..width {
        let mut own = column(from, place);
        let size = libm::sqrt(dot(&own, &own));
        let mut along = vec![0.0; place];
        for _ in 0..2 {
            for (other, along) in basis.iter().zip(&mut along) {
                let part = dot(other, &own);
                *along += part;
                own.iter_mut().zip(other).for_each(|(own, other)| *own -= part * other);
            }
        }
        let rest = libm::sqrt(dot(&own, &own));
        if rest.is_nan() || rest <= 1e-12 * size {
            return Err(FlowError::Collinear);
        }
        along.push(rest);
        parts.push(along);
        own.iter_mut().for_each(|x| *x /= rest);
        basis.push(own);
    }
    let outputs = to.first().map_or(0, Vec::len);
    let mut solution = vec![vec![0.0; outputs]; width];
    for output in 0..outputs {
        let goal = column(to, output);
        for (place, own) in basis.iter().enumerate().rev() {
            let later = parts.iter().zip(&solution).skip(place + 1).map(|(parts, row)| parts[place] * row[output]);
            let rest = dot(own, &goal) - later.sum::<f64>();
            solution[place][output] = rest / parts[place][place];
        }
    }
    Ok(solution)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn residual(from: &[Vec<f64>], to: &[Vec<f64>], beta: &Matrix) -> f64 {
    let unit = |(x, y): (&Vec<f64>, &Vec<f64>)| {
        let off = |(output, y): (usize, &f64)| y - x.iter().zip(beta).map(|(x, row)| x * row[output]).sum::<f64>();
        y.iter().enumerate().map(|pair| off(pair) * off(pair)).sum::<f64>()
    };
    from.iter().zip(to).map(unit).sum()
}

/// Accelerated projected gradient with restarts (Beck and Teboulle 2009; O'Donoghue and Candes 2015).
fn project_down(from: &[Vec<f64>], to: &[Vec<f64>], start: &Matrix) -> Matrix {
    let (width, outputs) = (start.len(), start.first().map_or(0, Vec::len));
    let product = |a: usize, b: usize| from.iter().map(|row| row[a] * row[b]).sum::<f64>();
    let gram: Matrix = (0..width).map(|a| (0..width).map(|b| product(a, b)).collect()).collect();
    let cross = |a: usize, b: usize| from.iter().zip(to).map(|(x, y)| x[a] * y[b]).sum::<f64>();
    let goal: Matrix = (0..width).map(|a| (0..outputs).map(|b| cross(a, b)).collect()).collect();
    // The trace bounds the largest eigenvalue.
    let step = 1.0 / (0..width).map(|a| gram[a][a]).sum::<f64>();
    let mut beta: Matrix = start.iter().map(|row| simplex(row)).collect();
    let (mut ahead, mut pace) = (beta.clone(), 1.0_f64);
    for _ in 0..200_000 {
        let next: Matrix = (0..width)
            .map(|a| {
                let gradient = |b: usize| (0..width).map(|c| gram[a][c] * ahead[c][b]).sum::<f64>() - goal[a][b];
                simplex(&(0..outputs).map(|b| ahead[a][b] - step * gradient(b)).collect::<Vec<_>>())
            })
            .collect();
        let (mut moved, mut against) = (0.0_f64, 0.0);
        for a in 0..width {
            for b in 0..outputs {
                moved = moved.max((next[a][b] - beta[a][b]).abs());
                against += (ahead[a][b] - next[a][b]) * (next[a][b] - beta[a][b]);
            }
        }
        let quicker = if against > 0.0 { 1.0 } else { 0.5 * (1.0 + libm::sqrt(1.0 + 4.0 * pace * pace)) };
        let push = if against > 0.0 { 0.0 } else { (pace - 1.0) / quicker };
        for a in 0..width {
            for b in 0..outputs {
                ahead[a][b] = next[a][b] + push * (next[a][b] - beta[a][b]);
            }
        }
        beta = next;
        pace = quicker;
        if moved < 1e-14 {
            break;
        }
    }
    beta
}

/// The nearest point whose entries are nonnegative and add up to 1.
fn simplex(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let (mut sum, mut shift) = (0.0, 0.0);
    for (place, value) in sorted.iter().enumerate() {
        sum += value;
        let candidate = (sum - 1.0) / (place + 1) as f64;
        if *value - candidate > 0.0 {
            shift = candidate;
        }
    }
    values.iter().map(|value| (value - shift).max(0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_flow_comes_back() {
        let truth = [[0.9, 0.1, 0.0], [0.2, 0.5, 0.3], [0.0, 0.0, 1.0]];
        let mut random = crate::random::Random::stream(4, 0);
        let unit = |_| {
            let a = 0.2 + 0.3 * random.uniform();
            let b = 0.1 + 0.3 * random.uniform();
            vec![a, b, 1.0 - a - b]
        };
        let from: Vec<Vec<f64>> = (0..60).map(unit).collect();
        let image = |x: &Vec<f64>| (0..3).map(|j| (0..3).map(|i| x[i] * truth[i][j]).sum()).collect();
        let to: Vec<Vec<f64>> = from.iter().map(image).collect();
        let found = flow(&from, &to).unwrap();
        for (i, row) in truth.iter().enumerate() {
            for (j, entry) in row.iter().enumerate() {
                assert!((found.free[i][j] - entry).abs() < 1e-10);
                assert!((found.constrained[i][j] - entry).abs() < 1e-7);
            }
        }
        assert!(found.objective < 1e-12);
        assert_eq!(flow(&from, &to[1..]), Err(FlowError::Shape));
        let same: Vec<Vec<f64>> = from.iter().map(|row| vec![row[0], row[0], 1.0]).collect();
        assert_eq!(flow(&same, &to), Err(FlowError::Collinear));
    }
}
