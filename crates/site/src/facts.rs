//! What is computed once for a site: counts, conflicts, broken controls, what is missing, and the size on which each page rests.

pub(crate) mod broken;
pub(crate) mod conflicts;
pub(crate) mod missing;

use std::collections::BTreeMap;

use recount_election::{StationIx, UnitIx};
use recount_log::Hash;
use recount_seats::Outcome;
use recount_tally::Fold;
use recount_tally::claim::ContestIx;

use crate::counts::{self, ContestCounts, Count};
use crate::frame::Frame;
use crate::invariants::Violation;
use crate::names::{self, Called, ListName};
use crate::pages::{self, SYNTHETIC};
use crate::path::View;
use crate::site::Site;
use crate::standing::{self, State};
use crate::touched::Touched;
use broken::BrokenControl;
use conflicts::Conflicts;
use missing::MissingStations;

/// Everything that more than one page needs, or that one page could not compute in its time.
#[derive(Debug)]
pub(crate) struct Facts {
    /// Every contest with its counts, the one by law first.
    pub contests: Vec<ContestCounts>,
    /// Lists by contest and id.
    names: Vec<BTreeMap<String, ListName>>,
    called: Called,
    /// Places where statements differ.
    pub conflicts: Conflicts,
    /// Broken controls by form and code.
    pub broken: Vec<BrokenControl>,
    /// Stations that are not countable.
    pub missing: MissingStations,
    /// The ruling that annulled the whole vote, and whether it orders the vote to be repeated.
    annulled: Option<(u64, bool)>,
    /// Some station has coordinates.
    pub located: bool,
    /// A note says that figures are synthetic.
    pub synthetic: bool,
    /// The last statement that touches each place.
    touched: Touched,
    /// Blobs by the first statement that names them.
    blobs: BTreeMap<u64, Vec<Hash>>,
    /// Statements about a station that are no protocols and no copies of it, in order.
    events: BTreeMap<StationIx, Vec<u64>>,
}

impl Facts {
    pub(crate) fn of(fold: &Fold, frame: &Frame) -> Facts {
        let counted = frame.before.as_deref().unwrap_or(fold);
        let annulled = standing::annulled(fold);
        let (touched, events) = Touched::of(fold, annulled);
        let contests = counts::of(counted);
        let mut blobs: BTreeMap<u64, Vec<Hash>> = BTreeMap::new();
        for (blob, index) in fold.named_blobs() {
            blobs.entry(*index).or_default().push(*blob);
        }
        Facts {
            names: counted.contests().map(|(contest, _)| names::lists(counted, contest)).collect(),
            called: names::called(counted),
            conflicts: Conflicts::of(counted, &contests),
            broken: broken::of(counted),
            missing: MissingStations::of(counted, &contests),
            contests,
            annulled,
            located: fold.ledger().register().geography().stations().iter().any(|own| pages::place_of(own).is_some()),
            synthetic: fold.events().notes.iter().any(|note| note.what.code == SYNTHETIC),
            blobs,
            touched,
            events,
        }
    }

    /// Whether everything holds that must hold before anything is published.
    pub(crate) fn check(&self, fold: &Fold) -> Result<(), Violation> {
        let mut counts = self.contests.iter().flat_map(|contest| &contest.counts);
        counts.try_for_each(|count| counts::check(fold, count))
    }

    /// The lists of a contest by id.
    pub(crate) fn names(&self, contest: ContestIx) -> &BTreeMap<String, ListName> {
        static NONE: BTreeMap<String, ListName> = BTreeMap::new();
        self.names.get(usize::from(contest.0)).unwrap_or(&NONE)
    }

    /// Names of lists and units in a language, by id, where there are any beside their first.
    pub(crate) fn called(&self, tag: &str) -> Option<&BTreeMap<String, String>> {
        self.called.get(tag)
    }

    /// The state of the election.
    pub(crate) fn state<'a>(&self, fold: &'a Fold) -> State<'a> {
        standing::state_with(fold, self.annulled)
    }

    /// The counts of a contest.
    pub(crate) fn contest(&self, contest: ContestIx) -> Option<&ContestCounts> {
        self.contests.iter().find(|own| own.contest == contest)
    }

    /// The first count by law: all contests share its outcome.
    pub(crate) fn by_law(&self) -> Option<&Count> {
        self.contests.iter().flat_map(|contest| &contest.counts).find(|count| count.decides)
    }

    /// The outcome by law, where seats are given.
    pub(crate) fn outcome(&self) -> Option<&Outcome> {
        self.by_law().and_then(|count| count.outcome.as_ref().ok())
    }

    /// The size of the record on which a page rests: after it no statement changes the page.
    pub(crate) fn since(&self, view: &View, site: &Site) -> u64 {
        match view {
            View::Station(station) => self.touched.station(*station),
            View::Place(unit, _) => self.touched.unit(*unit),
            View::Annex(address) => {
                let own = site.frame.annexes.iter().filter(|own| own.address == *address);
                own.map(|own| own.since).max().unwrap_or_else(|| site.size())
            }
            View::Front | View::More(..) | View::Since(_) | View::Single(_) => site.size(),
        }
    }

    /// Blobs that a statement is the first to name.
    pub(crate) fn blobs_of(&self, index: u64) -> &[Hash] {
        self.blobs.get(&index).map_or(&[], Vec::as_slice)
    }

    /// Statements about a station that are no protocols and no copies.
    pub(crate) fn events_at(&self, station: StationIx) -> &[u64] {
        self.events.get(&station).map_or(&[], Vec::as_slice)
    }
}

/// The unit that is the whole.
pub(crate) fn root(fold: &Fold) -> Option<UnitIx> {
    fold.ledger().register().geography().root()
}

/// Every station, in the order of the register.
pub(crate) fn stations(fold: &Fold) -> impl Iterator<Item = StationIx> + use<> {
    let n = fold.ledger().register().geography().stations().len();
    (0..u32::try_from(n).unwrap_or(u32::MAX)).map(StationIx)
}
