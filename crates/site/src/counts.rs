//! The counts of every contest, source by source: the one that decides first.

use std::collections::BTreeMap;

use recount_election::AGAINST_ALL;
use recount_seats::Outcome;
use recount_tally::claim::ContestIx;
use recount_tally::totals::{UnitTotal, UnitTotals};
use recount_tally::{Fold, NoOutcome, Source, View};

use crate::base::base;
use crate::invariants::{self, Violation};

/// One contest with its counts.
#[derive(Debug)]
pub(crate) struct ContestCounts {
    pub contest: ContestIx,
    pub counts: Vec<Count>,
}

/// One way to count a contest.
#[derive(Debug)]
pub(crate) struct Count {
    /// Name of the source.
    pub source: String,
    /// Whether this is the count by law.
    pub decides: bool,
    pub contest: ContestIx,
    /// By unit.
    pub totals: UnitTotals,
    /// Of the whole.
    pub whole: UnitTotal,
    pub outcome: Result<Outcome, NoOutcome>,
}

impl Count {
    /// Its name among views: `law`, or the source.
    pub(crate) fn view(&self) -> &str {
        if self.decides { "law" } else { &self.source }
    }
}

/// Every contest, each by the law and then by every other source from which anything was received.
pub(crate) fn of(fold: &Fold) -> Vec<ContestCounts> {
    let mut views = vec![View::LAW];
    let deciding = fold.deciding_source();
    let others = fold.sources().iter().filter(|(ix, _)| Some(*ix) != deciding);
    views.extend(others.map(|(ix, _)| View { source: Source::Only(ix), poll: None }));
    let outcomes: BTreeMap<View, Result<Outcome, NoOutcome>> =
        views.iter().map(|view| (*view, fold.outcome(*view))).collect();
    let contests = fold.contests().map(|(contest, _)| ContestCounts {
        contest,
        counts: views.iter().filter_map(|view| count(fold, contest, *view, &outcomes)).collect(),
    });
    contests.collect()
}

fn count(
    fold: &Fold,
    contest: ContestIx,
    view: View,
    outcomes: &BTreeMap<View, Result<Outcome, NoOutcome>>,
) -> Option<Count> {
    let decides = view == View::LAW;
    let root = fold.ledger().register().geography().root()?;
    let source = match view.source {
        Source::Only(ix) => fold.sources().get(ix).to_owned(),
        _ => fold.law().map(|law| law.rulebook.standing.decides.clone()).unwrap_or_default(),
    };
    let (totals, failed) = match fold.totals(contest, view) {
        Ok(totals) => (totals, None),
        Err(why) => (UnitTotals::new(), Some(why)),
    };
    let whole = totals.get(&root).cloned().unwrap_or_default();
    let outcome = match failed {
        Some(why) => Err(NoOutcome::Totals(why)),
        None => outcomes.get(&view).cloned().unwrap_or(Err(NoOutcome::NoStages)),
    };
    let shown = decides || whole.coverage.received > 0;
    shown.then_some(Count { source, decides, contest, totals, whole, outcome })
}

/// What must hold of a count before anything of its size is published.
pub(crate) fn check(fold: &Fold, count: &Count) -> Result<(), Violation> {
    let coverage = &count.whole.coverage;
    invariants::coverage(coverage.received, coverage.countable, coverage.expected)?;
    if let Ok(outcome) = &count.outcome {
        invariants::seats(outcome.seats.values().copied(), outcome.vacant, outcome.house)?;
    }
    check_units(fold, count)?;
    let Some((base, state)) = base(fold, count).zip(fold.contest(count.contest)) else { return Ok(()) };
    let lists = state.columns.lists().filter(|(_, id)| *id != AGAINST_ALL || base.against_all);
    invariants::shares(lists.filter_map(|(column, _)| count.whole.sums.at(column.index())), base.votes)
}

/// Every unit that is divided into units alone is their sum, in every column.
fn check_units(fold: &Fold, count: &Count) -> Result<(), Violation> {
    let Some(state) = fold.contest(count.contest) else { return Ok(()) };
    let geography = fold.ledger().register().geography();
    for (unit, total) in &count.totals {
        let children = geography.children(*unit);
        if children.is_empty() || !geography.stations_of(*unit).is_empty() {
            continue;
        }
        let below: Vec<&UnitTotal> = children.iter().filter_map(|child| count.totals.get(child)).collect();
        invariants::units(below.iter().map(|own| own.coverage.countable), total.coverage.countable)?;
        for column in 0..state.columns.len() {
            let parts = below.iter().map(|own| own.sums.at(column).unwrap_or(0));
            invariants::units(parts, total.sums.at(column).unwrap_or(0))?;
        }
    }
    Ok(())
}
