//! How many stations, and how many ballots in them, a batch comparison will open.

use super::{Dice, Sizes};
use crate::batch::{Batches, Comparison, Finding, Way};
use crate::risk::{Bet, within};
use crate::sample::{Draw, Weighted};
use crate::{AuditError, batch::Assessment};

/// Errors assumed in protocols.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StationErrors {
    /// Share of stations with an error.
    pub rate: f64,
    /// Votes that such a station moved from one choice to another, at most.
    pub moved: u64,
}

/// What to simulate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Simulation<'a> {
    /// The risk limit.
    pub limit: f64,
    /// Errors to put in.
    pub errors: StationErrors,
    /// The order really drawn, once there is one. Without it each repetition has its own.
    pub order: Option<&'a [Draw]>,
    /// Seed of the simulation; not that of the audit.
    pub seed: &'a str,
    /// How often.
    pub repetitions: u64,
}

/// What an audit costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Effort {
    /// Stations opened.
    pub stations: Sizes,
    /// Ballots in them, by their bounds.
    pub ballots: Sizes,
    /// Per assertion, stations until it is proved.
    pub each: Vec<Sizes>,
}

/// What one repetition took: stations, ballots, stations per assertion.
struct Run {
    stations: Option<u64>,
    ballots: Option<u64>,
    each: Vec<Option<u64>>,
}

/// The finding that a simulated recount would have: the protocol, or with errors put in.
fn finding(batches: &Batches, place: usize, errors: StationErrors, dice: &mut Dice) -> Finding {
    let Some(station) = batches.stations().get(place) else { return Finding::Unavailable };
    let mut votes = station.votes.clone();
    let choices = u64::try_from(votes.len()).unwrap_or(0);
    if choices > 1 && errors.moved > 0 && dice.happens(errors.rate) {
        let at = |n: u64| usize::try_from(n).unwrap_or(0);
        let (from, to) = (at(dice.below(choices)), at(dice.below(choices)));
        let most = u64::from(batches.rule().per_choice).saturating_mul(station.found);
        let moved = (1 + dice.below(errors.moved)).min(votes[from]).min(most.saturating_sub(votes[to]));
        votes[from] -= moved;
        votes[to] += moved;
    }
    Finding::Counted { found: station.found, votes }
}

/// Simulates the default audit: one sample in proportion to ballots without replacement, every assertion
/// tested on it, until all are proved.
///
/// # Errors
/// [`AuditError::Parameter`] without repetitions or for a limit outside `0..1`; as [`Comparison::test`].
pub fn stations<B: Bet + Clone>(
    comparisons: &[Comparison<'_>],
    batches: &Batches,
    bet: &B,
    simulation: Simulation<'_>,
) -> Result<Effort, AuditError> {
    within("risk limit", "must be between 0 and 1", simulation.limit > 0.0 && simulation.limit < 1.0)?;
    let sampler = batches.sampler()?;
    let mut runs = Vec::new();
    for repetition in 0..simulation.repetitions {
        let own = match simulation.order {
            Some(_) => Vec::new(),
            None => own_order(&sampler, simulation.seed, repetition)?,
        };
        let order = simulation.order.unwrap_or(&own);
        let mut dice = Dice::new(simulation.seed, repetition);
        runs.push(run(comparisons, batches, bet, &simulation, order, &mut dice)?);
    }
    let all = u64::try_from(sampler.drawable()).unwrap_or(u64::MAX);
    let sizes = |pick: &dyn Fn(&Run) -> Option<u64>, all| Sizes::new(&runs.iter().map(pick).collect::<Vec<_>>(), all);
    let each = (0..comparisons.len()).map(|a| sizes(&|run| run.each[a], all)).collect::<Result<_, _>>()?;
    Ok(Effort {
        stations: sizes(&|run| run.stations, all)?,
        ballots: sizes(&|run| run.ballots, batches.cards())?,
        each,
    })
}

fn own_order(sampler: &Weighted, seed: &str, repetition: u64) -> Result<Vec<Draw>, AuditError> {
    sampler.without_replacement(&format!("{seed},simulation,{repetition}"), sampler.drawable())
}

fn run<B: Bet + Clone>(
    comparisons: &[Comparison<'_>],
    batches: &Batches,
    bet: &B,
    simulation: &Simulation<'_>,
    order: &[Draw],
    dice: &mut Dice,
) -> Result<Run, AuditError> {
    let mut tests: Vec<Assessment<'_, B>> =
        comparisons.iter().map(|c| c.test(Way::Ballots, false, bet.clone())).collect::<Result<_, _>>()?;
    let mut run = Run { stations: None, ballots: None, each: vec![None; tests.len()] };
    let (mut opened, mut ballots) = (0_u64, 0_u64);
    for draw in order {
        if run.each.iter().all(Option::is_some) {
            break;
        }
        let found = finding(batches, draw.place, simulation.errors, dice);
        opened += 1;
        ballots = ballots.saturating_add(batches.stations().get(draw.place).map_or(0, |s| s.cards));
        for (test, done) in tests.iter_mut().zip(&mut run.each).filter(|(_, done)| done.is_none()) {
            test.push(draw.place, &found)?;
            if test.met(simulation.limit) {
                *done = Some(opened);
            }
        }
    }
    if run.each.iter().all(Option::is_some) {
        run.stations = Some(opened);
        run.ballots = Some(ballots);
    }
    Ok(run)
}
