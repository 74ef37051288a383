//! S. Shpilkin's accounting: votes not explained if the leader's share did not rise with turnout.
//!
//! Bin votes by turnout, L for the leader and O for the others. If left of a reference point t0 the count is clean
//! and to its right the others' votes are untouched, the leader should have `k O` with k = L/O of the clean part;
//! the rest, `A = sum (L - k O)`, is called anomalous by the literature. This is an accounting identity, not a test:
//! it depends on t0, and it is refused here where the data do not single one out ([`Verdict`]).

use serde::{Deserialize, Serialize};

use crate::{
    Limits,
    number::{real, whole},
    random::Random,
    table::{Station, members},
};

/// Votes by turnout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Votes of the leader in each bin.
    pub leader: Vec<u64>,
    /// Votes of the others in each bin.
    pub others: Vec<u64>,
    /// Registered voters of the stations used.
    pub registered: u64,
    /// Ballots found at the stations used.
    pub found: u64,
}

/// The account for one reference point.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Reference point in percent of turnout.
    pub t0: f64,
    /// Leader's votes for one vote of the others in the clean part.
    pub k: f64,
    /// Votes of the leader right of t0 beyond `k` times the others'.
    pub anomalous: f64,
    /// Leader's share of votes without them.
    pub clean_share: f64,
    /// Ballots found without them, per registered voter.
    pub clean_turnout: f64,
}

impl Limits for Account {
    const CANNOT_SHOW: &'static str = "Votes not explained under the assumption that support does not rise with turnout; \
         where mobilised places honestly prefer the leader they are counted too.";
}

impl Profile {
    /// Bins the stations by turnout G/N into `bins` equal bins, 100 % and more in the last. `others` has the votes of
    /// the other lists at each station.
    pub fn new(stations: &[Station], others: &[u32], bins: usize) -> Self {
        let bins = bins.clamp(1, 10_000);
        let mut profile = Self { leader: vec![0; bins], others: vec![0; bins], registered: 0, found: 0 };
        for (station, others) in stations.iter().zip(others).filter(|(s, _)| s.registered > 0 && s.found > 0) {
            profile.add(*station, *others);
        }
        profile
    }

    fn add(&mut self, station: Station, others: u32) {
        let bins = self.leader.len();
        let bin = bins as u64 * u64::from(station.issued) / u64::from(station.registered.max(1));
        let bin = usize::try_from(bin).unwrap_or(usize::MAX).min(bins - 1);
        self.leader[bin] += u64::from(station.leader);
        self.others[bin] += u64::from(others);
        self.registered += u64::from(station.registered);
        self.found += u64::from(station.found);
    }

    fn centre(&self, bin: usize) -> f64 {
        (real(bin) + 0.5) * 100.0 / real(self.leader.len())
    }

    /// Centre of the bin where the mean of five bins of the others' votes is largest, between 20 and 95 %.
    pub fn mode(&self) -> Option<f64> {
        let smooth = |bin: usize| {
            let near = bin.saturating_sub(2)..(bin + 3).min(self.others.len());
            self.others.get(near).map_or(0, |near| near.iter().sum::<u64>())
        };
        let inside = (0..self.others.len()).filter(|bin| self.centre(*bin) > 20.0 && self.centre(*bin) < 95.0);
        let mut best: Option<(u64, usize)> = None;
        for bin in inside {
            let height = smooth(bin);
            if height > best.map_or(0, |(height, _)| height) {
                best = Some((height, bin));
            }
        }
        best.map(|(_, bin)| self.centre(bin))
    }

    /// The account with the clean part from `from` to `t0` percent. `None` where the clean part has no votes of others.
    pub fn account(&self, from: f64, t0: f64) -> Option<Account> {
        let votes = |inside: &dyn Fn(f64) -> bool| {
            let bins = (0..self.leader.len()).filter(|bin| inside(self.centre(*bin)));
            bins.fold((0_u64, 0_u64), |(l, o), bin| (l + self.leader[bin], o + self.others[bin]))
        };
        let (leader, others) = votes(&|t| t >= from && t <= t0);
        if others == 0 {
            return None;
        }
        let k = leader as f64 / others as f64;
        let (leader, others) = votes(&|t| t > t0);
        let anomalous = leader as f64 - k * others as f64;
        let (leader, others) = votes(&|_| true);
        let clean = leader as f64 - anomalous;
        let clean_share = clean / (clean + others as f64);
        let clean_turnout = (self.found as f64 - anomalous) / (self.registered as f64);
        Some(Account { t0, k, anomalous, clean_share, clean_turnout })
    }

    /// Turnout of all stations together, in percent of the registered.
    fn turnout(&self) -> f64 {
        100.0 * self.found as f64 / self.registered.max(1) as f64
    }
}

/// Width of the clean part in percent of turnout.
pub const WINDOW: f64 = 15.0;

/// The answer, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A clean peak is there, and the account does not hang on its exact place.
    Estimate {
        /// The account at the peak.
        account: Account,
        /// Smallest and largest figure for reference points up to 5 points away.
        range: (f64, f64),
    },
    /// No reference point is singled out by the data; look at the curve.
    Refused {
        /// Why.
        reason: String,
    },
}

/// The account over all reference points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shpilkin {
    /// A point estimate or its refusal.
    pub verdict: Verdict,
    /// One account for each reference point from 20 to 95 %.
    pub curve: Vec<Account>,
}

impl Limits for Shpilkin {
    const CANNOT_SHOW: &'static str = Account::CANNOT_SHOW;
}

/// Largest relative change of the figure within 5 points that still counts as identified: the seven Russian
/// elections with an accepted peak move by 5 to 14 %, the one without by 33 %.
const IDENTIFIED: f64 = 0.2;

/// Judges a profile.
pub fn shpilkin(profile: &Profile) -> Shpilkin {
    let bins = (0..profile.leader.len()).map(|bin| profile.centre(bin)).filter(|t| *t > 20.0 && *t < 95.0);
    let curve: Vec<Account> = bins.filter_map(|t0| profile.account(t0 - WINDOW, t0)).collect();
    Shpilkin { verdict: verdict(profile, &curve), curve }
}

fn verdict(profile: &Profile, curve: &[Account]) -> Verdict {
    let refuse = |reason: String| Verdict::Refused { reason };
    let Some(t0) = profile.mode() else { return refuse("no votes of others between 20 and 95 % turnout".into()) };
    let Some(account) = profile.account(t0 - WINDOW, t0) else {
        return refuse(format!("no votes of others left of the peak at {t0} %"));
    };
    let turnout = profile.turnout();
    if t0 >= turnout {
        return refuse(format!(
            "the others' votes peak at {t0} %, not left of the overall turnout of {turnout:.1} %: that peak cannot be \
             the part before votes were added"
        ));
    }
    let near = curve.iter().filter(|a| (a.t0 - t0).abs() <= 5.0).map(|a| a.anomalous);
    let range = near.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), a| (low.min(a), high.max(a)));
    let moved = (range.1 - account.anomalous).max(account.anomalous - range.0) / account.anomalous.abs();
    if moved.is_nan() || moved > IDENTIFIED {
        return refuse(format!(
            "the figure moves between {:.0} and {:.0} when the reference point of {t0} % moves by 5 points",
            range.0, range.1
        ));
    }
    Verdict::Estimate { account, range }
}

/// The Cedar group's variant (2024): turnout R/N in bins (p, p + 1], k from the peak bin alone, all bins added.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cedar {
    /// Stations with more than 100 voters.
    pub stations: usize,
    /// Their registered voters.
    pub registered: u64,
    /// The peak bin used.
    pub peak: usize,
    /// Leader's votes for one of the others in the peak bin.
    pub k: f64,
    /// Leader's votes beyond `k` times the others', over all bins.
    pub anomalous: f64,
    /// The same in percent of the leader's votes.
    pub percent_of_leader: f64,
}

impl Limits for Cedar {
    const CANNOT_SHOW: &'static str = Account::CANNOT_SHOW;
}

/// Computes the variant; without a given peak bin the largest mean of five bins of the others is taken.
pub fn cedar(stations: &[Station], peak: Option<usize>) -> Option<Cedar> {
    let (mut leader, mut others) = ([0_u64; 100], [0_i64; 100]);
    let (mut count, mut registered, mut all) = (0, 0, 0_u64);
    for station in stations.iter().filter(|s| s.registered > 100) {
        count += 1;
        registered += u64::from(station.registered);
        all += u64::from(station.leader);
        let bin = (100 * u64::from(station.found)).div_ceil(u64::from(station.registered)).checked_sub(1);
        let Some(bin) = bin.and_then(|bin| usize::try_from(bin).ok()).filter(|bin| *bin < 100) else { continue };
        leader[bin] += u64::from(station.leader);
        others[bin] += i64::from(station.found) - i64::from(station.leader);
    }
    let smooth = |bin: &usize| others.iter().skip(bin.saturating_sub(2)).take(5).sum::<i64>();
    let peak = peak.or_else(|| (2..98).max_by_key(smooth))?;
    let (l, o) = (*leader.get(peak)?, *others.get(peak)?);
    if o <= 0 {
        return None;
    }
    let k = l as f64 / o as f64;
    let anomalous = leader.iter().sum::<u64>() as f64 - k * others.iter().sum::<i64>() as f64;
    let percent_of_leader = 100.0 * anomalous / all.max(1) as f64;
    Some(Cedar { stations: count, registered, peak, k, anomalous, percent_of_leader })
}

/// One region's account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Regional {
    /// Key of the region.
    pub key: u32,
    /// Stations in it.
    pub stations: usize,
    /// Its estimate or refusal.
    pub verdict: Verdict,
}

/// The account region by region, which a national figure would mix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Regions {
    /// The regions, by key; negative figures are shown as they are.
    pub regions: Vec<Regional>,
    /// Sum over the regions with an estimate.
    pub sum: f64,
    /// Regions without one.
    pub refused: usize,
}

impl Limits for Regions {
    const CANNOT_SHOW: &'static str = "The sum leaves out every region without a clean peak, which are those where most \
         may be wrong.";
}

/// Judges every region on its own.
pub fn by_region(stations: &[Station], others: &[u32], keys: &[u32], bins: usize) -> Regions {
    let region = |(key, places): (u32, Vec<usize>)| {
        let pick = |place: &usize| Some((*stations.get(*place)?, *others.get(*place)?));
        let (own, other): (Vec<Station>, Vec<u32>) = places.iter().filter_map(pick).unzip();
        Regional { key, stations: own.len(), verdict: shpilkin(&Profile::new(&own, &other, bins)).verdict }
    };
    let regions: Vec<Regional> = members(keys).into_iter().map(region).collect();
    let figure = |region: &Regional| match &region.verdict {
        Verdict::Estimate { account, .. } => Some(account.anomalous),
        Verdict::Refused { .. } => None,
    };
    let sum = regions.iter().filter_map(figure).sum();
    let refused = regions.iter().filter(|region| figure(region).is_none()).count();
    Regions { regions, sum, refused }
}

/// An interval for the figure at a fixed reference point from whole districts drawn again.
///
/// Percentiles of `draws` seeded bootstrap samples; `None` where a sample has no clean part.
pub fn interval(
    stations: &[Station],
    others: &[u32],
    keys: &[u32],
    t0: f64,
    level: f64,
    draws: usize,
    seed: u64,
) -> Option<(f64, f64)> {
    const BINS: usize = 100;
    let pick = |places: &Vec<usize>| {
        let mut own = Profile::new(&[], &[], BINS);
        for (station, others) in places.iter().filter_map(|place| Some((stations.get(*place)?, others.get(*place)?))) {
            if station.registered > 0 && station.found > 0 {
                own.add(*station, *others);
            }
        }
        own
    };
    let districts: Vec<Profile> = members(keys).values().map(pick).collect();
    let draw = |number: usize| {
        let mut random = Random::stream(seed, number as u64);
        let mut sum = Profile::new(&[], &[], BINS);
        for _ in 0..districts.len() {
            let own = districts.get(random.below(districts.len()))?;
            for (sum, own) in sum.leader.iter_mut().zip(&own.leader).chain(sum.others.iter_mut().zip(&own.others)) {
                *sum += own;
            }
        }
        sum.account(t0 - WINDOW, t0).map(|account| account.anomalous)
    };
    let mut figures = (0..draws).map(draw).collect::<Option<Vec<f64>>>()?;
    figures.sort_by(f64::total_cmp);
    let tail = 0.5 * (1.0 - level) * real(draws.saturating_sub(1));
    let low = figures.get(whole(tail))?;
    let high = figures.get(draws.saturating_sub(1) - whole(tail).min(draws.saturating_sub(1)))?;
    Some((*low, *high))
}
