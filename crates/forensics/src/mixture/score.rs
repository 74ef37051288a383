//! The marginal posterior and its slopes in free coordinates.

use libm::{exp, log, sqrt};

use super::{
    FREE, LEAST_SPREAD, Parameters, Point, SPLIT,
    integral::{Counts, Integrals, WIDTH, parts_of},
    lanes::lns,
    logistic, vote_line,
};
use crate::table::Station;

/// A kind that makes a station's figures so much less likely (logarithm) than another is not looked at around a point.
const NEGLIGIBLE: f64 = 30.0;
/// Stations worked on together.
const BLOCK: usize = 64;
/// Part of the range of extreme extents that can be reached.
const REACHED: f64 = 0.999;

/// What a fit reads of a station.
#[derive(Clone, Copy)]
pub(super) struct Figures {
    n: f64,
    absent: f64,
    leader: f64,
    /// Which kinds of station it may be.
    kinds: [bool; 3],
}

impl Figures {
    pub(super) fn of(station: &Station) -> Self {
        Figures {
            n: f64::from(station.registered),
            absent: f64::from(station.registered.saturating_sub(station.issued)),
            leader: f64::from(station.leader.min(station.registered)),
            kinds: [true; 3],
        }
    }
}

/// Parameters at a point of free coordinates.
pub(super) fn parameters(x: &Point) -> Parameters {
    let (w1, w2) = (weight(x[9]), weight(x[10]));
    let total = 1.0 + w1 + w2;
    let extreme = |x: f64| SPLIT + (1.0 - SPLIT) * REACHED * logistic(x);
    Parameters {
        parts: [1.0 / total, w1 / total, w2 / total],
        turnout: (x[0], spread(x[1])),
        share: (x[2], spread(x[3])),
        slope: x[4],
        incremental: (SPLIT * logistic(x[5]), SPLIT * logistic(x[6])),
        extreme: (extreme(x[7]), extreme(x[8])),
    }
}

/// Weight of an altered kind beside the honest one: at most as large.
fn weight(x: f64) -> f64 {
    1.0 / (1.0 + exp(x))
}

/// A spread from a number of either sign: smooth where there is no spread at all, so that the posterior has its usual shape there.
fn spread(x: f64) -> f64 {
    sqrt(LEAST_SPREAD * LEAST_SPREAD + x * x)
}

/// Log likelihood and its slopes by: mean and spread of turnout, of share, slope, the four extents, the three
/// logarithms of parts.
type Natural = [f64; 12];

/// Log likelihood of all stations, up to a constant, and its slopes. Of `kinds` 1 only honest stations exist.
pub(super) fn likelihood(x: &Point, stations: &[Figures], kinds: usize) -> (f64, Point) {
    let model = Model::at(x, kinds);
    let (mut sum, mut slopes) = (0.0, [0.0; 12]);
    model.each::<true>(stations, |_, own, pairs| sum += model.station(own, pairs, &mut slopes));
    (sum, chained(x, &slopes))
}

/// The same stations, with the kinds that matter around a point.
pub(super) fn narrowed(x: &Point, stations: &[Figures]) -> Vec<Figures> {
    let model = Model::at(x, 3);
    let mut narrow = stations.to_vec();
    model.each::<false>(stations, |at, _, pairs| {
        let best = pairs.iter().fold(f64::NEG_INFINITY, |most, pair| most.max(model.log(pair)));
        narrow[at].kinds = [false; 3];
        for pair in pairs {
            narrow[at].kinds[pair.kind] = model.log(pair) > best - NEGLIGIBLE;
        }
    });
    narrow
}

struct Model {
    p: Parameters,
    extents: [(f64, f64); 3],
    logs: [f64; 3],
    kinds: usize,
}

/// A station seen as one kind: its two integrals.
#[derive(Clone, Copy, Default)]
struct Pair {
    kind: usize,
    /// How far logit turnout lies from the mean without the manufactured part, and the slope of that in the extent.
    off: f64,
    off_by_m: f64,
    odds: f64,
    stayed: Integral,
    voted: Integral,
}

/// The logarithm of one integral, and its slopes.
#[derive(Clone, Copy, Default)]
struct Integral {
    log: f64,
    by_mean: f64,
    by_spread: f64,
    by_offset: f64,
    by_slope: f64,
}

impl Integral {
    fn of(all: &Integrals, lane: usize) -> Self {
        Integral {
            log: all.log[lane],
            by_mean: all.by_mean[lane],
            by_spread: all.by_spread[lane],
            by_offset: all.by_offset[lane],
            by_slope: all.by_slope[lane],
        }
    }
}

impl Model {
    fn at(x: &Point, kinds: usize) -> Self {
        let p = parameters(x);
        let logs = if kinds == 1 { [0.0; 3] } else { p.parts.map(|part| log(part.max(1e-300))) };
        Model { extents: [(0.0, 0.0), p.incremental, p.extreme], p, logs, kinds }
    }

    /// Log likelihood of a station of one kind, with the part of that kind.
    fn log(&self, pair: &Pair) -> f64 {
        self.logs[pair.kind] + pair.stayed.log + pair.voted.log
    }

    /// Shows every station with its pairs, their integrals with slopes or without.
    fn each<const SLOPES: bool>(&self, stations: &[Figures], mut show: impl FnMut(usize, &Figures, &[Pair])) {
        let mut pairs: Vec<Pair> = Vec::with_capacity(3 * BLOCK);
        let mut owners: Vec<usize> = Vec::with_capacity(3 * BLOCK);
        for (block, own) in stations.chunks(BLOCK).enumerate() {
            pairs.clear();
            owners.clear();
            for (at, station) in own.iter().enumerate() {
                for kind in (0..self.kinds).filter(|kind| station.kinds[*kind]) {
                    pairs.push(self.pair(station, kind));
                    owners.push(at);
                }
            }
            self.solve::<SLOPES>(own, &mut pairs, &owners);
            let mut rest = &pairs[..];
            for (at, station) in own.iter().enumerate() {
                let many = station.kinds[..self.kinds].iter().filter(|kind| **kind).count();
                let (here, next) = rest.split_at(many);
                show(block * BLOCK + at, station, here);
                rest = next;
            }
        }
    }

    fn pair(&self, own: &Figures, kind: usize) -> Pair {
        let a = own.absent / own.n;
        let edge = 0.5 / (own.n + 1.0);
        // What the turnout would have been without the manufactured part; its own noise is that of hundreds of voters.
        let keep = (1.0 - self.extents[kind].0).max(1e-9);
        let honest = 1.0 - a / keep;
        let within = honest.clamp(edge, 1.0 - edge);
        let odds = within / (1.0 - within);
        let off_by_m = if within == honest { -a / (keep * keep) / (within * (1.0 - within)) } else { 0.0 };
        Pair { kind, odds, off_by_m, ..Pair::default() }
    }

    /// Integrates, eight at a time: turnouts, then shares; honest pairs first, whose turnouts are plain.
    fn solve<const SLOPES: bool>(&self, stations: &[Figures], pairs: &mut [Pair], owners: &[usize]) {
        let mut order: Vec<usize> = (0..pairs.len()).collect();
        order.sort_by_key(|place| pairs[*place].kind);
        for places in order.chunks(WIDTH) {
            let (stayed, voted) = self.counts(stations, pairs, owners, places);
            let plain = places.last().is_some_and(|place| pairs[*place].kind == 0);
            let stayed = if plain { stayed.integrals::<SLOPES, true>() } else { stayed.integrals::<SLOPES, false>() };
            let voted = voted.integrals::<SLOPES, false>();
            for (lane, place) in places.iter().enumerate() {
                let pair = &mut pairs[*place];
                (pair.stayed, pair.voted) = (Integral::of(&stayed, lane), Integral::of(&voted, lane));
            }
        }
    }

    /// Those who stayed at home and the leader's voters of the pairs at these places.
    fn counts(&self, stations: &[Figures], pairs: &mut [Pair], owners: &[usize], places: &[usize]) -> (Counts, Counts) {
        let Parameters { turnout, share, slope, .. } = self.p;
        let logits = lns::<WIDTH>(std::array::from_fn(|lane| places.get(lane).map_or(1.0, |place| pairs[*place].odds)));
        let one = [1.0; WIDTH];
        // Lanes without a pair count one vote of two.
        let empty = Counts {
            k: one,
            n: [2.0; WIDTH],
            offset: [0.0; WIDTH],
            slope: one,
            // Abstention rises as turnout falls: the effect with the sign turned.
            mean: [-turnout.0; WIDTH],
            spread: [turnout.1; WIDTH],
        };
        let (mut stayed, mut voted) = (empty, Counts { mean: [share.0; WIDTH], spread: [share.1; WIDTH], ..empty });
        for (lane, place) in places.iter().enumerate() {
            let (own, pair) = (&stations[owners[*place]], &mut pairs[*place]);
            let (m, s) = self.extents[pair.kind];
            pair.off = logits[lane] - turnout.0;
            (stayed.k[lane], stayed.n[lane], stayed.slope[lane]) = (own.absent, own.n, 1.0 - m);
            (voted.k[lane], voted.n[lane]) = (own.leader, own.n);
            (voted.offset[lane], voted.slope[lane]) = vote_line(own.absent / own.n, m, s);
            voted.mean[lane] = share.0 + slope * pair.off;
        }
        (stayed, voted)
    }

    /// Adds the slopes of a station's log likelihood; returns the log likelihood.
    fn station(&self, own: &Figures, pairs: &[Pair], slopes: &mut Natural) -> f64 {
        let mut logs = [f64::NEG_INFINITY; 3];
        for pair in pairs {
            logs[pair.kind] = self.log(pair);
        }
        let (log, parts) = parts_of(logs);
        let a = own.absent / own.n;
        for pair in pairs {
            let (at, (stayed, voted)) = (pair.kind, (pair.stayed, pair.voted));
            let (part, (m, s)) = (parts[at], self.extents[at]);
            slopes[0] -= part * (stayed.by_mean + voted.by_mean * self.p.slope);
            slopes[1] += part * stayed.by_spread;
            slopes[2] += part * voted.by_mean;
            slopes[3] += part * voted.by_spread;
            slopes[4] += part * voted.by_mean * pair.off;
            slopes[9 + at] += part;
            if at > 0 {
                let keep = (1.0 - m).max(1e-9);
                let line = a * (1.0 - s) / (keep * keep);
                let by_m = (voted.by_offset - voted.by_slope) * line - stayed.by_slope
                    + voted.by_mean * self.p.slope * pair.off_by_m;
                let by_s = (voted.by_offset - voted.by_slope) * (1.0 - a / keep);
                slopes[3 + 2 * at] += part * by_m;
                slopes[4 + 2 * at] += part * by_s;
            }
        }
        log
    }
}

/// Slopes in free coordinates.
fn chained(x: &Point, natural: &Natural) -> Point {
    let bent = |x: f64| logistic(x) * (1.0 - logistic(x));
    let (w1, w2) = (weight(x[9]), weight(x[10]));
    let total = 1.0 + w1 + w2;
    let all = natural[9] + natural[10] + natural[11];
    let mut slopes = [0.0; FREE];
    slopes[0] = natural[0];
    slopes[1] = natural[1] * x[1] / spread(x[1]);
    slopes[2] = natural[2];
    slopes[3] = natural[3] * x[3] / spread(x[3]);
    slopes[4] = natural[4];
    for at in 5..9 {
        let range = if at < 7 { SPLIT } else { (1.0 - SPLIT) * REACHED };
        slopes[at] = natural[at] * range * bent(x[at]);
    }
    // ln part = ln weight - ln total, with d ln weight / dx = weight - 1.
    slopes[9] = (1.0 - w1) * (all * w1 / total - natural[10]);
    slopes[10] = (1.0 - w2) * (all * w2 / total - natural[11]);
    slopes
}

/// Weak priors on the free coordinates, as mean and spread of a normal: extents near the middle of their range, parts
/// small, spreads of at most ordinary size. The means of turnout and share have none.
pub(super) const PRIORS: [Option<(f64, f64)>; FREE] = [
    None,
    Some((0.0, 1.0)),
    None,
    Some((0.0, 1.0)),
    Some((0.0, 1.0)),
    Some((0.0, 1.5)),
    Some((0.0, 1.5)),
    Some((0.0, 1.5)),
    Some((0.0, 1.5)),
    Some((2.0, 2.0)),
    Some((3.0, 2.0)),
];

/// Logarithm of the posterior up to a constant.
pub(super) fn height(x: &Point, stations: &[Figures]) -> f64 {
    let model = Model::at(x, 3);
    let mut sum = 0.0;
    model.each::<false>(stations, |_, _, pairs| {
        let mut logs = [f64::NEG_INFINITY; 3];
        for pair in pairs {
            logs[pair.kind] = model.log(pair);
        }
        sum += parts_of(logs).0;
    });
    for (x, prior) in x.iter().zip(PRIORS) {
        if let Some((mean, spread)) = prior {
            let z = (x - mean) / spread;
            sum -= 0.5 * z * z;
        }
    }
    sum
}

/// Logarithm of the posterior up to a constant, and its slopes.
pub(super) fn posterior(x: &Point, stations: &[Figures]) -> (f64, Point) {
    let (mut value, mut slopes) = likelihood(x, stations, 3);
    for (at, prior) in PRIORS.into_iter().enumerate() {
        if let Some((mean, spread)) = prior {
            let z = (x[at] - mean) / spread;
            value -= 0.5 * z * z;
            slopes[at] -= z / spread;
        }
    }
    (value, slopes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slopes_agree_with_differences() {
        let x: Point = [0.3, 0.3, -0.2, 0.22, 0.4, -0.6, -0.9, 0.1, 0.3, 1.8, 3.0];
        let sizes: Vec<u32> = (0..60).map(|place| 150 + 29 * place).collect();
        let mut planted = parameters(&x);
        planted.parts = [0.6, 0.25, 0.15];
        let stations: Vec<Figures> = planted.draw(&sizes, 5).iter().map(Figures::of).collect();
        let (value, slopes) = posterior(&x, &stations);
        // Without slopes three nodes do where five do no better.
        assert!((value - height(&x, &stations)).abs() < 5e-3);
        // Other neighbours in the lanes move the nodes a little.
        assert!((value - height(&x, &narrowed(&x, &stations))).abs() < 1e-3);
        for (at, slope) in slopes.into_iter().enumerate() {
            let moved = |step: f64| {
                let mut x = x;
                x[at] += step;
                posterior(&x, &stations).0
            };
            let slow = (moved(1e-4) - moved(-1e-4)) / 2e-4;
            assert!((slope - slow).abs() < 0.02 * slow.abs().max(5.0), "{at}: {slope} {slow}");
        }
    }
}
