//! Places where authorised statements differ, with the seats under each alternative.

use std::collections::BTreeMap;

use recount_election::StationIx;
use recount_seats::Outcome;
use recount_tally::claim::{ContestIx, Slot};
use recount_tally::rivals::Rival;
use recount_tally::totals::UnitTotals;
use recount_tally::{Fold, NoOutcome};

use crate::counts::{ContestCounts, Count};

/// How many alternatives are computed; each costs an allocation of the seats.
const COMPUTED: usize = 20;

/// What the other figures would do.
#[derive(Debug)]
pub(crate) enum Alternative {
    /// The place does not enter the count by law.
    NotCounted,
    /// The seats stay.
    Same,
    /// The seats would be these.
    Seats(BTreeMap<String, u64>),
    /// There would be no seats, in words of the engine.
    None(NoOutcome),
    /// Nothing is given by seats, or there are too many conflicts to try each.
    NotTried,
}

/// One statement that says something else than the one that stands.
#[derive(Debug)]
pub(crate) struct Conflict {
    pub station: StationIx,
    pub slot: Slot,
    /// Index of what stands.
    pub stands: u64,
    /// Index of what says otherwise.
    pub index: u64,
    pub alternative: Alternative,
}

/// All conflicts, by station.
#[derive(Debug, Default)]
pub(crate) struct Conflicts(pub Vec<Conflict>);

impl Conflicts {
    pub(crate) fn of(fold: &Fold, contests: &[ContestCounts]) -> Conflicts {
        let by_law: Vec<&Count> =
            contests.iter().filter_map(|contest| contest.counts.iter().find(|count| count.decides)).collect();
        let outcome = by_law.first().and_then(|count| count.outcome.as_ref().ok());
        let rivals = fold.rivals();
        let conflicts = rivals.iter().zip(0usize..).map(|(rival, n)| Conflict {
            station: rival.station,
            slot: rival.slot,
            stands: rival.stands,
            index: rival.index,
            alternative: match outcome {
                _ if !fold.decides(rival) => Alternative::NotCounted,
                Some(outcome) if n < COMPUTED => alternative(fold, &by_law, rival, outcome),
                _ => Alternative::NotTried,
            },
        });
        Conflicts(conflicts.collect())
    }
}

fn alternative(fold: &Fold, by_law: &[&Count], rival: &Rival<'_>, now: &Outcome) -> Alternative {
    let Some(totals) = swapped(fold, by_law, rival) else { return Alternative::NotTried };
    let borrowed: Vec<(ContestIx, &UnitTotals)> = totals.iter().map(|(contest, totals)| (*contest, totals)).collect();
    match fold.tally_of(&borrowed).and_then(|tally| fold.outcome_of(&tally)) {
        Ok(other) if other.seats == now.seats => Alternative::Same,
        Ok(other) => Alternative::Seats(other.seats),
        Err(why) => Alternative::None(why),
    }
}

/// The totals by law with the figures of the rival in the place of those that stand.
fn swapped(fold: &Fold, by_law: &[&Count], rival: &Rival<'_>) -> Option<Vec<(ContestIx, UnitTotals)>> {
    let geography = fold.ledger().register().geography();
    let unit = geography.station(rival.station)?.unit;
    let rulebook = fold.rulebook_contests();
    let mut all = Vec::new();
    for count in by_law.iter().filter(|count| rulebook.contains(&count.contest)) {
        let mut totals = count.totals.clone();
        if count.contest == rival.slot.contest {
            for above in geography.ancestors(unit) {
                if let Some(total) = totals.get_mut(&above) {
                    total.sums.take(rival.standing)?;
                    total.sums.add(rival.figures)?;
                }
            }
        }
        all.push((count.contest, totals));
    }
    Some(all)
}
