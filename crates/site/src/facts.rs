//! What is computed once for a site: counts, conflicts, broken controls, and the size on which each page rests.

use std::collections::BTreeMap;

use recount_election::{StationIx, UnitIx};
use recount_tally::Fold;

use crate::frame::Frame;
use crate::invariants::Violation;
use crate::path::View;
use crate::sections::counts::{self, ContestCounts};
use crate::site::Site;
use crate::touched::Touched;

/// Everything that more than one page needs, or that one page could not compute in its time.
#[derive(Debug)]
pub(crate) struct Facts {
    /// Every contest with its counts, the one by law first.
    pub contests: Vec<ContestCounts>,
    /// The last statement that touches each place.
    pub touched: Touched,
    /// Statements about a station that are no protocols and no copies of it, in order.
    pub events: BTreeMap<StationIx, Vec<u64>>,
}

impl Facts {
    pub(crate) fn of(fold: &Fold, frame: &Frame) -> Facts {
        let counted = frame.before.as_deref().unwrap_or(fold);
        let (touched, events) = Touched::of(fold);
        Facts { contests: counts::of(counted), touched, events }
    }

    /// Whether everything holds that must hold before anything is published.
    pub(crate) fn check(&self, fold: &Fold) -> Result<(), Violation> {
        let counts = self.contests.iter().flat_map(|contest| &contest.counts);
        counts.into_iter().try_for_each(|count| counts::check(fold, count))
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
            View::Front | View::Single(_) => site.size(),
        }
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
