//! Audits of one assertion by every method: each is given the same random order and gives the smallest risk on its way.

use recount_audit::batch::{Batches, Comparison, Finding, Macro, Station, Way};
use recount_audit::comparison::{Audited, Overstatement, Reported, Style, overstatement};
use recount_audit::peers::Bravo;
use recount_audit::plan::Dice;
use recount_audit::risk::{
    Agrapa, Alpha, Bet, Constant, Discrepancies, Fraction, Martingale, Null, Population, Rates, ShrinkTrunc, Stratum,
    SuperSimple, kaplan_kolmogorov, kaplan_markov, kaplan_wald, optimal_comparison_mean, two_strata,
};
use recount_audit::{BallotRule, Ratio};

use super::elections::{Card, Claimed, Election, STATIONS};

/// One assertion over cards in stations, reported and as they are.
pub struct Audit {
    /// The assorter's values of the papers, and its bound.
    papers: Vec<f64>,
    upper: f64,
    /// Overstatement values against the cards' own records and against the means of their stations; their bounds.
    cards: (Vec<f64>, f64),
    pools: (Vec<f64>, f64),
    /// One- and two-vote errors, where there are no others.
    errors: Option<Vec<i8>>,
    margin: f64,
    clean: f64,
    true_: bool,
    batches: Option<(Batches, Vec<Finding>, recount_audit::Assertion)>,
}

/// What was drawn.
pub struct Sample {
    seed: String,
    /// All cards, without replacement.
    order: Vec<usize>,
    /// As many, with replacement.
    again: Vec<usize>,
    /// Stations drawn without replacement.
    stations: usize,
}

impl Audit {
    pub fn new(election: &Election, cards: &[Card]) -> Self {
        let number = Ratio::count(cards.len() as u64);
        let reported: Vec<Ratio> = cards.iter().map(|card| election.value(&card.0)).collect();
        let found: Vec<Option<Ratio>> = cards.iter().map(|card| card.1.as_ref().map(|b| election.value(b))).collect();
        let sum = |of: &[Ratio]| of.iter().fold(Ratio::ZERO, |sum, x| sum.plus(*x).unwrap());
        let margin = sum(&reported).over(number).unwrap().times(Ratio::whole(2)).unwrap().minus(Ratio::ONE).unwrap();
        let scale = Overstatement::new(election.upper(), margin).unwrap();
        let each = cards.len() / STATIONS;
        let station = |at: usize| at / each * each..(at / each + 1) * each;
        let mean = |at: usize| sum(&reported[station(at)]).over(Ratio::count(each as u64)).unwrap();
        let omega = |claimed: Ratio, at: usize| {
            let audited = found[at].map_or(Audited::NotFound, Audited::Value);
            overstatement(Reported::Value(claimed), audited, Style::Sampled).unwrap()
        };
        let value = |claimed: Ratio, at: usize| scale.value(omega(claimed, at)).unwrap().to_f64();
        let all = 0..cards.len();
        let own: Vec<f64> = all.clone().map(|at| value(reported[at], at)).collect();
        let pooled: Vec<f64> = all.clone().map(|at| value(mean(at), at)).collect();
        let half_votes = |at: usize| {
            let twice = omega(reported[at], at).times(Ratio::whole(2)).unwrap();
            (twice.den() == 1).then(|| i8::try_from(twice.num()).ok()).flatten()
        };
        let errors: Option<Vec<i8>> = all.map(half_votes).collect();
        // A pool's mean may lie anywhere below the bound, so that an understatement may be as large as the bound.
        let most = Ratio::ONE
            .plus(Ratio::ONE)
            .unwrap()
            .over(Ratio::whole(2).minus(margin.over(election.upper()).unwrap()).unwrap());
        let half = Ratio::new(1, 2).unwrap().times(number).unwrap();
        Self {
            papers: found.iter().map(|x| x.map_or(0.0, Ratio::to_f64)).collect(),
            upper: election.upper().to_f64(),
            cards: (own, scale.bound().unwrap().to_f64()),
            pools: (pooled, most.unwrap().to_f64()),
            errors: errors.filter(|_| election.upper() == Ratio::ONE),
            margin: margin.to_f64(),
            clean: scale.no_error().unwrap().to_f64(),
            true_: election.sum(cards).compare(half).unwrap().is_gt(),
            batches: batches(election, cards, each),
        }
    }

    /// Whether the assertion is true.
    pub fn holds(&self) -> bool {
        self.true_
    }

    /// All that there is, or half of it.
    pub fn sample(&self, run: u64, whole: bool) -> Sample {
        let mut dice = Dice::new("wrong seats", run);
        let number = self.papers.len();
        let mut order: Vec<usize> = (0..number).collect();
        for at in (1..number).rev() {
            order.swap(at, dice.below(at as u64 + 1) as usize);
        }
        let parts = if whole { 1 } else { 2 };
        order.truncate(number / parts);
        let again = (0..number / parts).map(|_| dice.below(number as u64) as usize).collect();
        Sample { seed: format!("wrong seats {run}"), order, again, stations: STATIONS / parts }
    }

    fn bet(&self, of: &(Vec<f64>, f64), order: &[usize], bet: impl Bet) -> f64 {
        let null = Null::new(Population::Finite(of.0.len() as u64), 0.5, of.1).unwrap();
        let mut test = Martingale::new(null, bet);
        order.iter().for_each(|at| test.push(of.0[*at]).unwrap());
        test.risk()
    }

    fn poll(&self, sample: &Sample, bet: impl Bet) -> f64 {
        self.bet(&(self.papers.clone(), self.upper), &sample.order, bet)
    }

    fn stations(&self, sample: &Sample, way: Way, again: bool) -> Option<f64> {
        let (batches, findings, assertion) = self.batches.as_ref()?;
        let comparison = Comparison::new(batches, assertion).unwrap();
        let sampler = comparison.sampler(way).unwrap();
        let draws = if again {
            sampler.with_replacement(&sample.seed, 2 * sample.stations as u64)
        } else {
            sampler.without_replacement(&sample.seed, sample.stations).unwrap()
        };
        let mut test = comparison.test(way, again, Fraction(0.9)).unwrap();
        draws.iter().for_each(|draw| test.push(draw.place, &findings[draw.place]).unwrap());
        Some(test.risk())
    }
}

fn batches(
    election: &Election,
    cards: &[Card],
    each: usize,
) -> Option<(Batches, Vec<Finding>, recount_audit::Assertion)> {
    let Claimed::Votes(assertion, rule) = &election.claimed else { return None };
    let votes = |of: Vec<&Vec<usize>>| {
        let mut votes = vec![0; election.choices];
        of.iter().flat_map(|ballot| ballot.iter()).for_each(|choice| votes[*choice] += 1);
        (of.len() as u64, votes)
    };
    let mut stations = Vec::new();
    let mut findings = Vec::new();
    for (name, own) in cards.chunks(each).enumerate() {
        let (found, reported) = votes(own.iter().map(|card| &card.0).collect());
        stations.push(Station { name: name.to_string(), cards: found, found, votes: reported });
        let (found, audited) = votes(own.iter().filter_map(|card| card.1.as_ref()).collect());
        findings.push(Finding::Counted { found, votes: audited });
    }
    let rule: BallotRule = *rule;
    Some((Batches::new(stations, rule).unwrap(), findings, assertion.clone()))
}

type Method = fn(&Audit, &Sample) -> Option<f64>;

fn values(of: &[f64], order: &[usize]) -> Vec<f64> {
    order.iter().map(|at| of[*at]).collect()
}

fn super_simple(audit: &Audit, sample: &Sample) -> Option<f64> {
    let errors = audit.errors.as_ref()?;
    let measure = SuperSimple::new(audit.margin, 1.039_05).unwrap();
    let (mut found, mut least) = (Discrepancies::default(), 1.0_f64);
    for (at, place) in sample.again.iter().enumerate() {
        match errors[*place] {
            1 => found.over1 += 1,
            2 => found.over2 += 1,
            -1 => found.under1 += 1,
            -2 => found.under2 += 1,
            _ => {}
        }
        least = least.min(measure.risk(at as u64 + 1, found));
    }
    Some(least)
}

/// The pair's ballots among the papers drawn, with replacement.
fn bravo(audit: &Audit, sample: &Sample) -> Option<f64> {
    audit.errors.as_ref()?;
    let share =
        |x: f64| audit.papers.iter().filter(|own| (**own - x).abs() < 1e-9).count() as f64 / audit.papers.len() as f64;
    let others = share(0.5);
    let winner = (1.0 - others + audit.margin) / 2.0;
    let measure = Bravo::new(winner, 1.0 - others - winner).ok()?;
    let (mut own, mut other, mut best) = (0, 0, 1.0_f64);
    for at in &sample.again {
        own += u64::from(audit.papers[*at] > 0.75);
        other += u64::from(audit.papers[*at] < 0.25);
        best = best.max(measure.statistic(own, other));
    }
    Some(1.0 / best)
}

/// Stations of two kinds drawn apart, forty papers from each.
fn strata(audit: &Audit, sample: &Sample) -> Option<f64> {
    let half = audit.papers.len() / 2;
    let of = |first: bool| -> Vec<f64> {
        let own = sample.order.iter().filter(|at| (**at < half) == first).take(40);
        own.map(|at| audit.papers[*at]).collect()
    };
    let (first, second) = (of(true), of(false));
    let stratum = |values, size: usize| Stratum {
        values,
        population: Population::Finite(size as u64),
        upper: audit.upper,
        weight: size as f64 / audit.papers.len() as f64,
    };
    Some(two_strata([stratum(&first, half), stratum(&second, audit.papers.len() - half)], 0.3, 12).unwrap())
}

fn macro_(audit: &Audit, sample: &Sample) -> Option<f64> {
    let (batches, findings, assertion) = audit.batches.as_ref()?;
    let pairs = [Comparison::new(batches, assertion).unwrap()];
    let measure = Macro::new(&pairs).unwrap();
    let draws = pairs[0].sampler(Way::Bounds).unwrap().with_replacement(&sample.seed, 2 * sample.stations as u64);
    let drawn: Vec<(usize, Finding)> = draws.iter().map(|draw| (draw.place, findings[draw.place].clone())).collect();
    Some(measure.risk(&drawn, false).unwrap().risk)
}

pub const METHODS: [(&str, Method); 22] = [
    ("polling, ALPHA with shrinkage", |a, s| {
        let eta = f64::midpoint(1.0, a.margin).min(a.upper * 0.99);
        Some(a.poll(s, Alpha(ShrinkTrunc::new(eta, (eta - 0.5) / 2.0, 100.0, 0.0, 1e-6))))
    }),
    ("polling, aGRAPA", |a, s| Some(a.poll(s, Agrapa::new(0.3, 0.5, 0.9, 0.1)))),
    ("polling, a share of the largest bet", |a, s| Some(a.poll(s, Fraction(0.2)))),
    ("polling, BRAVO", bravo),
    ("polling, two strata", strata),
    ("cards, a share of the largest bet", |a, s| Some(a.bet(&a.cards, &s.order, Fraction(0.9)))),
    ("cards, the largest bet", |a, s| Some(a.bet(&a.cards, &s.order, Fraction(1.0)))),
    ("cards, ALPHA for expected errors", |a, s| {
        Some(a.bet(&a.cards, &s.order, Alpha(Constant(optimal_comparison_mean(a.cards.1, 0.001)))))
    }),
    ("cards, ALPHA with shrinkage", |a, s| {
        Some(a.bet(&a.cards, &s.order, Alpha(ShrinkTrunc::new(a.clean, 0.05, 50.0, 0.0, 1e-6))))
    }),
    ("cards, COBRA", |a, s| {
        let rule = Rates::new(&[a.clean, a.clean / 2.0, 0.0], &[0.0, 0.001, 0.001], 200.0, 0.9);
        Some(a.bet(&a.cards, &s.order, rule))
    }),
    ("cards, aGRAPA", |a, s| Some(a.bet(&a.cards, &s.order, Agrapa::new(1.0, 0.8, 0.99, 0.1)))),
    ("cards, Kaplan-Kolmogorov", |a, s| {
        Some(kaplan_kolmogorov(&values(&a.cards.0, &s.order), a.cards.0.len() as u64, 0.5, 0.1).unwrap().risk)
    }),
    ("cards, Kaplan-Markov", |a, s| Some(kaplan_markov(&values(&a.cards.0, &s.again), 0.5, 0.1).unwrap().risk)),
    ("cards, Kaplan-Wald", |a, s| Some(kaplan_wald(&values(&a.cards.0, &s.again), 0.5, 0.1).unwrap().risk)),
    ("cards, SuperSimple", super_simple),
    ("ONEAudit, a share of the largest bet", |a, s| Some(a.bet(&a.pools, &s.order, Fraction(0.3)))),
    ("ONEAudit, aGRAPA", |a, s| Some(a.bet(&a.pools, &s.order, Agrapa::new(0.3, 0.5, 0.9, 0.1)))),
    ("stations by ballots", |a, s| a.stations(s, Way::Ballots, false)),
    ("stations by ballots, again", |a, s| a.stations(s, Way::Ballots, true)),
    ("stations by bounds", |a, s| a.stations(s, Way::Bounds, false)),
    ("stations by bounds, again", |a, s| a.stations(s, Way::Bounds, true)),
    ("stations, MACRO", macro_),
];
