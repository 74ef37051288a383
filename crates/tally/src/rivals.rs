//! Conflicts: places where authorised statements differ, and the result under each alternative.

use std::collections::BTreeSet;

use recount_election::{Figures, StationIx};
use recount_seats::Outcome;

use crate::claim::{ContestIx, Slot};
use crate::count::View;
use crate::fold::Fold;
use crate::outcome::NoOutcome;
use crate::standing::Fate;
use crate::totals::UnitTotals;

/// One claim that conflicts with what stands.
#[derive(Debug, Clone, Copy)]
pub struct Rival<'a> {
    /// The station.
    pub station: StationIx,
    /// The slot.
    pub slot: Slot,
    /// Index of the statement or ruling that stands.
    pub stands: u64,
    /// Its figures.
    pub standing: &'a Figures,
    /// Index of the statement that conflicts.
    pub index: u64,
    /// Its figures.
    pub figures: &'a Figures,
}

impl Fold {
    /// Every conflict, by station and index.
    pub fn rivals(&self) -> Vec<Rival<'_>> {
        let mut rivals = Vec::new();
        for (_, n) in self.ledger().register().geography().stations().iter().zip(0u32..) {
            let station = StationIx(n);
            let claims = self.station(station).map_or(0, |state| state.claims.len());
            if claims == 0 || (claims == 1 && !self.effects().has_corrections(station)) {
                continue;
            }
            for slot in self.slots(station) {
                let Some(stand) = self.stand(station, slot) else { continue };
                for (claim, fate) in self.fates(station, slot) {
                    if let Fate::Conflicts(stands) = fate {
                        let standing = stand.figures;
                        rivals.push(Rival {
                            station,
                            slot,
                            stands,
                            standing,
                            index: claim.index,
                            figures: &claim.figures,
                        });
                    }
                }
            }
        }
        rivals
    }

    /// The result of the count by law if these rivals stood instead.
    ///
    /// # Errors
    /// See [`NoOutcome`]; also where a rival cannot take the place of what stands.
    pub fn outcome_under(&self, rivals: &[Rival<'_>]) -> Result<Outcome, NoOutcome> {
        let mut all: Vec<(ContestIx, UnitTotals)> = Vec::new();
        for contest in self.rulebook_contests() {
            let mut totals = self.totals(contest, View::LAW)?;
            // A station is taken out and put back as a whole: its parts are one contribution.
            let of_contest = rivals.iter().filter(|rival| rival.slot.contest == contest);
            let stations: BTreeSet<StationIx> = of_contest.map(|rival| rival.station).collect();
            for station in stations {
                let Some(standing) = self.contribution(station, contest, &[]) else { continue };
                let Some(other) = self.contribution(station, contest, rivals) else { continue };
                for unit in self.units_above(station) {
                    if let Some(total) = totals.get_mut(&unit) {
                        let swapped = total.sums.take(&standing).and_then(|()| total.sums.add(&other));
                        swapped.ok_or_else(|| crate::totals::TotalsError::Overflow {
                            contest: self.contest(contest).map_or(String::new(), |state| state.id.clone()),
                        })?;
                    }
                }
            }
            all.push((contest, totals));
        }
        let borrowed: Vec<(ContestIx, &UnitTotals)> = all.iter().map(|(ix, totals)| (*ix, totals)).collect();
        self.outcome_of(&self.tally_of(&borrowed)?)
    }

    /// What a station adds to the count by law if these rivals stood; `None` if nothing.
    fn contribution(&self, station: StationIx, contest: ContestIx, rivals: &[Rival<'_>]) -> Option<Figures> {
        let count = self.count_under(station, contest, View::LAW, rivals);
        count.figures.filter(|_| count.reason.is_none() && self.is_expected(station, contest))
    }

    /// Whether what stands in the rival's slot enters the count by law.
    pub fn decides(&self, rival: &Rival<'_>) -> bool {
        let count = self.count_station(rival.station, rival.slot.contest, View::LAW);
        count.reason.is_none()
            && self.is_expected(rival.station, rival.slot.contest)
            && count.poll == rival.slot.poll
            && self.counted_source(rival.station, rival.slot.contest, rival.slot.part) == Some(rival.slot.source)
    }
}
