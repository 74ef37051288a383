//! A record at a size, and what is asked of it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use recount_election::StationIx;
use recount_log::{Checkpoint, Hash};
use recount_seats::Outcome;
use recount_tally::claim::ContestIx;
use recount_tally::findings::Broken;
use recount_tally::fold::ContestState;
use recount_tally::{Fold, View};

/// A licence, as the operator says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// A short name: `CC0-1.0`, `ODC-BY-1.0` ...
    pub name: String,
    /// Where its text is.
    pub path: Option<String>,
}

/// What stands around the figures.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Where the record is published, without a slash at the end.
    pub base_url: Option<String>,
    /// The checkpoint that covers the size.
    pub checkpoint: Option<Checkpoint>,
    /// The charter's hash.
    pub charter: Option<Hash>,
    /// Under which licence the data are given; none: nothing is said.
    pub licence: Option<Licence>,
    /// A sentence that says that figures are synthetic, where they are.
    pub synthetic: Option<String>,
}

/// A record at a size, and which of its figures are asked for.
pub struct Source<'a> {
    /// The record at its size.
    pub fold: &'a Fold,
    /// The result of the view under the law; none where there is none.
    pub outcome: Option<&'a Outcome>,
    /// Which figures are counted.
    pub view: View,
    /// Which contests, in their order.
    pub contests: Vec<ContestIx>,
    broken: Arc<OnceLock<Found<'a>>>,
}

/// Controls that are broken, and how many at each station; looked for once for all tables.
type Found<'a> = (Vec<Broken<'a>>, BTreeMap<(ContestIx, StationIx), u64>);

impl<'a> Source<'a> {
    /// Everything that the law counts.
    #[must_use]
    pub fn new(fold: &'a Fold, outcome: Option<&'a Outcome>) -> Source<'a> {
        let contests = fold.contests().map(|(ix, _)| ix).collect();
        Source { fold, outcome, view: View::LAW, contests, broken: Arc::default() }
    }

    /// The same, of one contest alone.
    #[must_use]
    pub fn of_contest(&self, contest: ContestIx) -> Source<'a> {
        Source { contests: vec![contest], ..self.again() }
    }

    /// The same, of other figures.
    #[must_use]
    pub fn with_view(self, view: View) -> Source<'a> {
        Source { view, ..self }
    }

    pub(super) fn again(&self) -> Source<'a> {
        Source {
            fold: self.fold,
            outcome: self.outcome,
            view: self.view,
            contests: self.contests.clone(),
            broken: Arc::clone(&self.broken),
        }
    }

    pub(super) fn each_contest(&self) -> impl Iterator<Item = (ContestIx, &'a ContestState)> {
        self.contests.iter().filter_map(|ix| Some((*ix, self.fold.contest(*ix)?)))
    }

    /// Controls that are broken, and how many at each station.
    pub(super) fn broken(&self) -> &Found<'a> {
        self.broken.get_or_init(|| {
            let found = self.fold.broken_controls();
            let mut stations = BTreeMap::new();
            for own in &found {
                *stations.entry((own.slot.contest, own.station)).or_default() += 1;
            }
            (found, stations)
        })
    }

    /// A station's identifier.
    pub(super) fn station_id(&self, station: StationIx) -> &'a str {
        self.fold.ledger().register().geography().station(station).map_or("", |own| &own.id)
    }

    /// The identifier of the unit of a station.
    pub(super) fn unit_of(&self, station: StationIx) -> &'a str {
        let geography = self.fold.ledger().register().geography();
        let unit = geography.station(station).and_then(|own| geography.unit(own.unit));
        unit.map_or("", |unit| &unit.id)
    }

    /// A contest's identifier.
    pub(super) fn contest_id(&self, contest: ContestIx) -> &'a str {
        self.fold.contest(contest).map_or("", |state| &state.id)
    }
}
