//! What was found, test by test: one verdict each, with its effect and interval.

use serde::{Deserialize, Serialize};

use super::{Model, Report};
use crate::{
    calibrate::{Check, Standing},
    dispersion::Percentage,
    integer::Excess,
    shpilkin,
    table::Station,
};

/// A test or estimate of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Integer and round percentages.
    Rounding,
    /// Spikes of turnout.
    SpikesTurnout,
    /// Spikes of share.
    SpikesShare,
    /// Districts that agree too well in turnout.
    AgreementTurnout,
    /// Districts that agree too well in share.
    AgreementShare,
    /// Stations with the same figures.
    Twins,
    /// Results that differ by one digit.
    Edits,
    /// Small lists without zeros.
    Heaps,
    /// Figures that contradict each other.
    Impossible,
    /// Votes by turnout.
    Account,
    /// The model of Klimek and others.
    Model,
    /// Two counts of the same ballots.
    Compared,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// More than chance explains, and it stands under the checks made.
    Found,
    /// More than chance explains over all stations, but not among large ones: no finding.
    NotRobust,
    /// No more than chance explains.
    Nothing,
    /// A figure that rests on an assumption; no test.
    Estimate,
    /// The test rejects clean elections with these stations: whatever it says is not shown as a finding.
    Greyed {
        /// The reason with the rate.
        reason: String,
    },
    /// No figure is given.
    Refused {
        /// Why.
        reason: String,
    },
}

/// A figure with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The figure.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One line of the summary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The test.
    pub topic: Topic,
    /// What came out.
    pub verdict: Verdict,
    /// How many stations, districts, pairs or bins.
    pub count: u64,
    /// Among how many tested together.
    pub of: u64,
    /// How many chance alone would give, where that is known.
    pub expected: Option<f64>,
    /// The effect in stations.
    pub stations: Option<Figure>,
    /// The effect in votes (for rounding: the leader's votes at such stations beyond chance).
    pub votes: Option<Figure>,
    /// The test's p, where it has one.
    pub p: Option<f64>,
}

impl Finding {
    fn new(topic: Topic, verdict: Verdict) -> Self {
        Self { topic, verdict, count: 0, of: 0, expected: None, stations: None, votes: None, p: None }
    }
}

/// 1.64: the upper 5 % point of the normal distribution.
const ONE_SIDED: f64 = 1.644_853_626_951_473;
/// 1.96: the 95 % points of the normal distribution.
const TWO_SIDED: f64 = 1.959_963_984_540_054;

fn figure(excess: Excess) -> Figure {
    let reach = TWO_SIDED * excess.sd;
    Figure { value: excess.excess, low: excess.excess - reach, high: excess.excess + reach }
}

/// One finding for each topic; `stations` are all of the table.
pub(super) fn findings(report: &Report, stations: &[Station]) -> Vec<Finding> {
    let mut all = vec![rounding(report)];
    all.extend(spikes(report));
    all.extend(agreement(report));
    all.extend([twins(report), edits(report), heaps(report), impossible(stations), account(report), model(report)]);
    all.extend(compared(report));
    all
}

/// The verdict, unless the calibration greys the test.
fn judged(report: &Report, check: Check, verdict: Verdict) -> Verdict {
    match report.calibrated(check).map(|own| &own.standing) {
        Some(Standing::Greyed { reason }) => Verdict::Greyed { reason: reason.clone() },
        _ => verdict,
    }
}

fn plain(found: bool) -> Verdict {
    if found { Verdict::Found } else { Verdict::Nothing }
}

fn rounding(report: &Report) -> Finding {
    let rounding = &report.rounding;
    let Some(whole) = rounding.whole.first() else {
        return Finding::new(Topic::Rounding, Verdict::Refused { reason: "no station could be tested".to_owned() });
    };
    let verdict = match (whole.tail.p < report.settings.alpha, rounding.robustness.robust) {
        (true, true) => Verdict::Found,
        (true, false) => Verdict::NotRobust,
        (false, _) => Verdict::Nothing,
    };
    Finding {
        count: whole.stations.observed,
        of: rounding.tested as u64,
        expected: Some(whole.stations.mean),
        stations: Some(figure(whole.stations)),
        votes: Some(figure(whole.leader)),
        p: Some(whole.tail.p),
        ..Finding::new(Topic::Rounding, judged(report, Check::IntegerEither, verdict))
    }
}

fn spikes(report: &Report) -> Vec<Finding> {
    let one = |(spectrum, large): (&crate::spectrum::Spectrum, &(f64, f64))| {
        let verdict = match (spectrum.spikes.is_empty(), large.1 > ONE_SIDED) {
            (true, _) => Verdict::Nothing,
            (false, true) => Verdict::Found,
            (false, false) => Verdict::NotRobust,
        };
        let (topic, check) = match spectrum.percentage {
            Percentage::Turnout => (Topic::SpikesTurnout, Check::SpikesTurnout),
            Percentage::Share => (Topic::SpikesShare, Check::SpikesShare),
        };
        let variance: f64 = spectrum.spikes.iter().map(|spike| spike.sd * spike.sd).sum();
        let (value, reach) = (spectrum.excess(), TWO_SIDED * libm::sqrt(variance));
        Finding {
            count: spectrum.spikes.len() as u64,
            of: spectrum.judged as u64,
            stations: Some(Figure { value, low: value - reach, high: value + reach }),
            p: spectrum.spikes.iter().map(|spike| spike.p).reduce(f64::min),
            ..Finding::new(topic, judged(report, check, verdict))
        }
    };
    report.spikes.iter().zip(&report.spikes_large).map(one).collect()
}

fn agreement(report: &Report) -> Vec<Finding> {
    let one = |agreement: &crate::dispersion::Agreement| {
        let (topic, check) = match agreement.percentage {
            Percentage::Turnout => (Topic::AgreementTurnout, Check::AgreementTurnout),
            Percentage::Share => (Topic::AgreementShare, Check::AgreementShare),
        };
        let flagged = agreement.districts.iter().filter(|district| district.flagged);
        let stations = flagged.map(|district| district.stations).sum::<usize>() as f64;
        Finding {
            count: agreement.flagged as u64,
            of: agreement.districts.len() as u64,
            stations: Some(Figure { value: stations, low: stations, high: stations }),
            p: agreement.districts.first().map(|district| district.p),
            ..Finding::new(topic, judged(report, check, plain(agreement.flagged > 0)))
        }
    };
    report.agreement.iter().map(one).collect()
}

fn twins(report: &Report) -> Finding {
    let twins = &report.twins;
    Finding {
        count: twins.pairs,
        of: report.overview.stations as u64,
        expected: Some(twins.expected_pairs),
        p: Some(twins.p),
        ..Finding::new(Topic::Twins, judged(report, Check::Twins, plain(twins.p < report.settings.alpha)))
    }
}

fn edits(report: &Report) -> Finding {
    let edits = &report.edits;
    Finding {
        count: edits.edits.len() as u64,
        of: report.overview.stations as u64,
        expected: Some(edits.expected),
        p: Some(edits.p),
        ..Finding::new(Topic::Edits, plain(edits.p < report.settings.alpha && !edits.edits.is_empty()))
    }
}

fn heaps(report: &Report) -> Finding {
    let flagged = report.heaps.heaps.iter().filter(|heap| heap.flagged);
    let count = flagged.clone().count();
    Finding {
        count: count as u64,
        of: report.heaps.tested as u64,
        p: flagged.map(|heap| heap.p).reduce(f64::min),
        ..Finding::new(Topic::Heaps, plain(count > 0))
    }
}

/// Protocols are counted, each once, however many contradictions it holds.
fn impossible(stations: &[Station]) -> Finding {
    let count = stations.iter().filter(|own| own.contradictions() > 0).count();
    Finding { count: count as u64, of: stations.len() as u64, ..Finding::new(Topic::Impossible, plain(count > 0)) }
}

fn account(report: &Report) -> Finding {
    match &report.accounts.whole.verdict {
        shpilkin::Verdict::Refused { reason } => {
            Finding::new(Topic::Account, Verdict::Refused { reason: reason.clone() })
        }
        shpilkin::Verdict::Estimate { account, range } => {
            let (low, high) = report.accounts.interval.unwrap_or(*range);
            // The interval of districts drawn again, and what another reference point would give: the wider of both.
            let votes = Figure { value: account.anomalous, low: low.min(range.0), high: high.max(range.1) };
            Finding { votes: Some(votes), ..Finding::new(Topic::Account, Verdict::Estimate) }
        }
    }
}

fn model(report: &Report) -> Finding {
    match &report.model {
        Model::Refused { reason } => Finding::new(Topic::Model, Verdict::Refused { reason: reason.clone() }),
        Model::Fitted { .. } => Finding::new(Topic::Model, Verdict::Estimate),
    }
}

fn compared(report: &Report) -> Option<Finding> {
    let (compared, _) = report.compared.as_ref()?;
    Some(Finding {
        count: compared.differences.len() as u64,
        of: compared.stations as u64,
        ..Finding::new(Topic::Compared, plain(!compared.differences.is_empty()))
    })
}
