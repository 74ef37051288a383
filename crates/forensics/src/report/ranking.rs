//! Where to look first: stations by how much of the report points at them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Report;
use crate::{
    dispersion::Percentage,
    integer::{Test, Which},
    table::{Station, Table},
};

/// Why a station is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Reason {
    /// Its figures contradict each other.
    Impossible {
        /// In so many ways: more issued than registered, more found than issued, more for the leader than found.
        ways: u32,
    },
    /// Its district agrees too well in turnout.
    DistrictTurnout,
    /// Its district agrees too well in share.
    DistrictShare,
    /// Its turnout is a whole percent, in a district with too many such stations.
    RoundTurnout,
    /// Its share is a whole percent, in a district with too many such stations.
    RoundShare,
    /// Another station has the same four figures.
    Twin {
        /// Place of the other.
        with: usize,
    },
    /// Another station's result differs by one digit of one list.
    Edit {
        /// Place of the other.
        with: usize,
        /// Place of the list.
        list: usize,
    },
    /// Its turnout is far from its district's.
    OutlierTurnout,
    /// Its share is far from its district's.
    OutlierShare,
    /// Most of its ballots were issued early or outside.
    MostlyOutside,
    /// Its turnout changed unlike its neighbours' since the earlier election.
    JumpTurnout,
    /// Its share changed unlike its neighbours' since the earlier election.
    JumpShare,
    /// Two counts of its ballots differ in three figures or more.
    Rewritten,
    /// Two counts of its ballots differ in one or two figures.
    Differs,
}

/// A station with its reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// Place of the station.
    pub place: usize,
    /// Sum of the strengths: a sorting aid, not a probability.
    pub score: f64,
    /// The reasons, the strongest first.
    pub reasons: Vec<Reason>,
}

/// Most reasons kept for one station.
const MOST: usize = 6;

#[derive(Default)]
struct Points(BTreeMap<usize, Vec<(f64, Reason)>>);

impl Points {
    fn add(&mut self, place: usize, strength: f64, reason: Reason) {
        self.0.entry(place).or_default().push((strength, reason));
    }
}

/// Ranks the stations. `rows` are the places of the stations of the integer test.
pub(super) fn ranking(report: &Report, table: &Table, test: &Test, rows: &[usize]) -> Vec<Ranked> {
    let mut points = Points::default();
    impossible(report, table, &mut points);
    districts(report, table, &mut points);
    rounded(report, table, test, rows, &mut points);
    let surprising = report.twins.p < report.settings.alpha;
    for group in &report.twins.groups {
        for place in group {
            if let Some(with) = group.iter().find(|other| *other != place) {
                points.add(*place, if surprising { 3.0 } else { 1.0 }, Reason::Twin { with: *with });
            }
        }
    }
    if report.edits.p < report.settings.alpha {
        for edit in &report.edits.edits {
            points.add(edit.pair.0, 2.0, Reason::Edit { with: edit.pair.1, list: edit.list });
            points.add(edit.pair.1, 2.0, Reason::Edit { with: edit.pair.0, list: edit.list });
        }
    }
    differing(report, &mut points);
    // A difference may speak of a station that is not among those looked at.
    points.0.retain(|place, _| *place < table.stations.len());
    let rank = |(place, mut own): (usize, Vec<(f64, Reason)>)| {
        own.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let score = own.iter().map(|(strength, _)| strength).sum();
        Ranked { place, score, reasons: own.into_iter().take(MOST).map(|(_, reason)| reason).collect() }
    };
    let mut ranked: Vec<Ranked> = points.0.into_iter().map(rank).collect();
    let size = |place: usize| table.stations.get(place).map_or(0, |s| s.registered);
    ranked.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then(size(b.place).cmp(&size(a.place))).then(a.place.cmp(&b.place))
    });
    ranked.truncate(report.settings.listed);
    ranked
}

/// Stations whose figures contradict each other: one reason each, the stronger the more contradictions there are.
fn impossible(report: &Report, table: &Table, points: &mut Points) {
    let kinds = report.extremes.iter().filter(|kind| kind.kind.is_impossible());
    let places: BTreeSet<usize> = kinds.flat_map(|kind| &kind.places).copied().collect();
    for place in places {
        let ways = table.stations.get(place).map_or(1, Station::contradictions);
        points.add(place, 5.0 * f64::from(ways), Reason::Impossible { ways });
    }
}

/// Stations of districts that agree too well.
fn districts(report: &Report, table: &Table, points: &mut Points) {
    for agreement in &report.agreement {
        let flagged: BTreeMap<u32, f64> =
            agreement.districts.iter().filter(|d| d.flagged).map(|d| (d.key, d.p)).collect();
        let reason = match agreement.percentage {
            Percentage::Turnout => Reason::DistrictTurnout,
            Percentage::Share => Reason::DistrictShare,
        };
        for (place, key) in table.district.of.iter().enumerate() {
            let usual = table.stations.get(place).is_some_and(|s| crate::dispersion::usual_mask().keeps(*s));
            if let Some(p) = flagged.get(key).filter(|_| usual) {
                points.add(place, (-libm::log10(p.max(1e-20)) / 4.0).clamp(1.0, 5.0), reason);
            }
        }
    }
}

/// Stations with a whole percent in flagged districts.
fn rounded(report: &Report, table: &Table, test: &Test, rows: &[usize], points: &mut Points) {
    let flagged: BTreeSet<u32> = report.rounding.districts.groups.iter().map(|g| g.key).collect();
    for (tested, place) in rows.iter().enumerate() {
        if !table.district.of.get(*place).is_some_and(|key| flagged.contains(key)) {
            continue;
        }
        for (which, reason) in [(Which::Turnout, Reason::RoundTurnout), (Which::Share, Reason::RoundShare)] {
            if test.hits(which, tested) {
                points.add(*place, 1.5, reason);
            }
        }
    }
}

/// Stations unlike their district, unlike themselves earlier, or with two different counts.
fn differing(report: &Report, points: &mut Points) {
    let strength = |z: f64| (z.abs() / 4.0).min(3.0);
    let (turnout, share) = &report.outliers;
    // Below its district a station has lost what others may have gained: it is told in its section, and not ranked.
    let above = |own: &&crate::neighbours::Outlier| own.z > 0.0;
    turnout.outliers.iter().filter(above).for_each(|o| points.add(o.place, strength(o.z), Reason::OutlierTurnout));
    share.outliers.iter().filter(above).for_each(|o| points.add(o.place, strength(o.z), Reason::OutlierShare));
    for changes in &report.between {
        let reason = match changes.percentage {
            Percentage::Turnout => Reason::JumpTurnout,
            Percentage::Share => Reason::JumpShare,
        };
        changes.jumps.iter().for_each(|jump| points.add(jump.place, strength(jump.z), reason));
    }
    for (_, outside) in &report.outside {
        outside.mostly.iter().for_each(|place| points.add(*place, 0.5, Reason::MostlyOutside));
    }
    for difference in report.compared.iter().flat_map(|(compared, _)| &compared.differences) {
        let rewritten = difference.class == crate::pairs::Class::Rewrite;
        let (strength, reason) = if rewritten { (4.0, Reason::Rewritten) } else { (1.0, Reason::Differs) };
        points.add(difference.place, strength, reason);
    }
}
