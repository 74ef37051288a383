//! The core of the comet: where half of the stations lie closest together, by the minimum covariance determinant
//! (Rousseeuw 1984; FAST-MCD, Rousseeuw and Van Driessen 1999).
//!
//! Shpilkin (2021) reads the honest turnout and share off this core. The search starts from many seeded triples of
//! stations, so the same seed gives the same core; weights replace the resampling in proportion to the voters.

use serde::{Deserialize, Serialize};

use crate::{
    Limits,
    number::{real, whole},
    random::Random,
    table::Station,
};

/// A point in percent: turnout, share.
pub type Point = (f64, f64);

/// The core of a cloud.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Core {
    /// Mean of the half with the smallest covariance determinant.
    pub raw: Point,
    /// Mean of the stations within the 97.5 % ellipse of that half, after its consistency correction.
    pub reweighted: Point,
    /// Covariance of the half: turnout, product, share.
    pub covariance: (f64, f64, f64),
}

impl Limits for Core {
    const CANNOT_SHOW: &'static str = "Half of the stations always lie somewhere: where most of them are altered, the \
         core is altered too, and nothing in the core says so.";
}

/// Whether the core may stand for the clean part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cleanness {
    /// Left of the overall turnout.
    Possible,
    /// Not left of the overall turnout: votes added can only raise it.
    Impossible {
        /// Turnout of the core in percent.
        core: f64,
        /// Turnout of all stations together in percent.
        overall: f64,
    },
}

impl Core {
    /// A clean core must have less turnout than the whole.
    pub fn cleanness(&self, stations: &[Station]) -> Cleanness {
        let sum = |of: fn(&Station) -> u32| stations.iter().map(|s| u64::from(of(s))).sum::<u64>() as f64;
        let overall = 100.0 * sum(|s| s.issued) / sum(|s| s.registered).max(1.0);
        if self.raw.0 < overall { Cleanness::Possible } else { Cleanness::Impossible { core: self.raw.0, overall } }
    }
}

#[derive(Clone, Copy)]
struct Ellipse {
    centre: Point,
    covariance: (f64, f64, f64),
}

impl Ellipse {
    fn determinant(self) -> f64 {
        let (xx, xy, yy) = self.covariance;
        xx * yy - xy * xy
    }

    /// Squared Mahalanobis distance.
    fn distance(self, point: Point) -> f64 {
        let (dx, dy) = (point.0 - self.centre.0, point.1 - self.centre.1);
        let (xx, xy, yy) = self.covariance;
        (dx * dx * yy - 2.0 * dx * dy * xy + dy * dy * xx) / self.determinant()
    }

    fn of(points: impl Iterator<Item = (Point, f64)> + Clone) -> Self {
        let (mut total, mut sx, mut sy) = (0.0, 0.0, 0.0);
        for ((x, y), w) in points.clone() {
            total += w;
            sx += w * x;
            sy += w * y;
        }
        let centre = (sx / total, sy / total);
        let mut covariance = (0.0, 0.0, 0.0);
        for ((x, y), w) in points {
            let (dx, dy) = (x - centre.0, y - centre.1);
            covariance.0 += w * dx * dx / total;
            covariance.1 += w * dx * dy / total;
            covariance.2 += w * dy * dy / total;
        }
        Self { centre, covariance }
    }
}

/// A cloud with weights.
struct Cloud {
    points: Vec<(Point, f64)>,
    half: f64,
}

impl Cloud {
    fn new(points: Vec<(Point, f64)>) -> Self {
        let half = 0.5 * points.iter().map(|(_, w)| w).sum::<f64>();
        Self { points, half }
    }

    /// The half of the weight nearest to an ellipse: the bound on the distance, by repeated narrowing.
    fn bound(&self, distances: &[f64]) -> f64 {
        const CELLS: usize = 512;
        let (mut low, mut high) = (0.0, distances.iter().copied().fold(0.0, f64::max));
        let mut below = 0.0;
        for _ in 0..3 {
            let width = (high - low) / real(CELLS);
            if !crate::number::positive(width) {
                break;
            }
            let mut cells = [0.0; CELLS];
            for (distance, (_, weight)) in distances.iter().zip(&self.points) {
                if *distance >= low && *distance <= high {
                    cells[whole((distance - low) / width).min(CELLS - 1)] += weight;
                }
            }
            let mut cell = 0;
            while cell + 1 < CELLS && below + cells[cell] < self.half {
                below += cells[cell];
                cell += 1;
            }
            (low, high) = (low + width * real(cell), low + width * real(cell + 1));
        }
        high
    }

    /// One concentration step: the ellipse of the half nearest to `ellipse`.
    fn step(&self, ellipse: Ellipse) -> Ellipse {
        let distances: Vec<f64> = self.points.iter().map(|(point, _)| ellipse.distance(*point)).collect();
        let bound = self.bound(&distances);
        let near = distances.iter().zip(&self.points).filter(|(distance, _)| **distance <= bound);
        Ellipse::of(near.map(|(_, point)| *point))
    }

    fn converge(&self, mut ellipse: Ellipse, most: usize) -> Ellipse {
        for _ in 0..most {
            let next = self.step(ellipse);
            let better = next.determinant() < ellipse.determinant() * (1.0 - 1e-9);
            if next.determinant().is_nan() || next.determinant() <= 1e-12 {
                return ellipse;
            }
            ellipse = next;
            if !better {
                break;
            }
        }
        ellipse
    }

    /// At most `count` points, evenly taken from a seeded shuffle.
    fn sample(&self, count: usize, random: &mut Random) -> Self {
        let mut points = self.points.clone();
        if points.len() > count {
            random.shuffle(&mut points);
            points.truncate(count);
        }
        Self::new(points)
    }
}

/// Triples of stations from which the search starts.
const STARTS: usize = 300;
/// Starts that are followed to the end.
const FINALISTS: usize = 8;

/// Finds the core. `None` for fewer than ten stations or a cloud without area.
pub fn core(stations: &[Station], by_registered: bool, seed: u64) -> Option<Core> {
    let read = |s: &&Station| s.registered > 0 && s.found > 0;
    let point = |s: &Station| {
        let weight = if by_registered { f64::from(s.registered) } else { 1.0 };
        ((100.0 * s.turnout(), 100.0 * s.share()), weight)
    };
    let cloud = Cloud::new(stations.iter().filter(read).map(point).collect());
    if cloud.points.len() < 10 {
        return None;
    }
    let mut random = Random::stream(seed, 0x006d_6364);
    let small = cloud.sample(1500, &mut random);
    let middle = cloud.sample(12_000, &mut random);
    let mut starts: Vec<Ellipse> = (0..STARTS).filter_map(|_| start(&small, &mut random)).collect();
    starts.sort_by(|a, b| a.determinant().total_cmp(&b.determinant()));
    starts.truncate(FINALISTS);
    let mut finalists: Vec<Ellipse> = starts.into_iter().map(|start| middle.converge(start, 100)).collect();
    finalists.sort_by(|a, b| a.determinant().total_cmp(&b.determinant()));
    finalists.truncate(3);
    let settled = finalists.into_iter().map(|ellipse| cloud.converge(middle_guard(ellipse, &cloud), 200));
    let best = settled.min_by(|a, b| a.determinant().total_cmp(&b.determinant()))?;
    Some(Core { raw: best.centre, reweighted: reweighted(&cloud, best), covariance: best.covariance })
}

/// The first step on the whole cloud always counts, whatever the sample's determinant was.
fn middle_guard(ellipse: Ellipse, cloud: &Cloud) -> Ellipse {
    let next = cloud.step(ellipse);
    if next.determinant() > 1e-12 { next } else { ellipse }
}

fn start(cloud: &Cloud, random: &mut Random) -> Option<Ellipse> {
    let three: Vec<(Point, f64)> = (0..3)
        .filter_map(|_| cloud.points.get(random.below(cloud.points.len())).map(|(point, _)| (*point, 1.0)))
        .collect();
    let ellipse = Ellipse::of(three.into_iter());
    (ellipse.determinant() > 1e-9).then(|| cloud.converge(ellipse, 3))
}

/// Upper 2.5 % and median of chi-square with two degrees of freedom: -2 ln(0.025) and -2 ln(0.5).
const OUTER: f64 = 7.377_758_908_227_871;
const MEDIAN: f64 = 1.386_294_361_119_890_6;

fn reweighted(cloud: &Cloud, raw: Ellipse) -> Point {
    let distances: Vec<f64> = cloud.points.iter().map(|(point, _)| raw.distance(*point)).collect();
    let correction = cloud.bound(&distances) / MEDIAN;
    let near = distances.iter().zip(&cloud.points).filter(|(distance, _)| **distance / correction < OUTER);
    Ellipse::of(near.map(|(_, point)| *point)).centre
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_with_a_tail_is_found_at_the_core() {
        let mut random = Random::stream(9, 0);
        let station = |place: u32| {
            let tail = place % 5 < 2;
            let (t, s) = if tail { (0.85, 0.8) } else { (0.4, 0.3) };
            let turnout = (t + 0.05 * random.normal()).clamp(0.01, 0.99);
            let share = (s + 0.05 * random.normal()).clamp(0.01, 0.99);
            let issued = crate::number::whole32(10_000.0 * turnout);
            let leader = crate::number::whole32(f64::from(issued) * share);
            Station { registered: 10_000, issued, found: issued, leader }
        };
        let stations: Vec<Station> = (0..4000).map(station).collect();
        let found = core(&stations, false, 1).unwrap();
        assert!((found.raw.0 - 40.0).abs() < 1.0 && (found.raw.1 - 30.0).abs() < 1.0, "{found:?}");
        assert_eq!(found, core(&stations, false, 1).unwrap());
        assert_eq!(found.cleanness(&stations), Cleanness::Possible);
        assert!(core(&stations[..5], false, 1).is_none());
    }
}
