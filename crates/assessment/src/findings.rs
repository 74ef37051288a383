//! What recounts found: protocols of the plan's source, and boxes that cannot be counted or told apart.

use std::collections::{BTreeMap, BTreeSet};

use recount_election::{Figures, StationIx};
use recount_tally::Fold;
use recount_tally::claim::{ContestIx, Slot, WordIx};

use crate::counted::figure_of;
use crate::formula::Sum;
use crate::manifest::Manifest;
use crate::plan::Plan;
use crate::trail::Trail;
use crate::{Refusal, record};

/// What is known about a station of the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Counted again: ballots in the box, and figures per choice.
    Counted {
        /// Ballots.
        ballots: u64,
        /// Figures.
        figures: Vec<Option<u64>>,
    },
    /// It cannot be counted again.
    Unavailable,
}

/// Findings by row of the manifest.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// What is known.
    pub rows: BTreeMap<usize, Found>,
    /// Rows where more ballots were found than the bound, with the number: a formal exception, never clipped.
    pub broken: Vec<(usize, u64)>,
}

/// Reads the findings of an audit from a record.
///
/// A recount counts from the size that the plan speaks of on: older ones are part of what was reported. A
/// station that was annulled since stays in the audit, and what was found in it counts.
///
/// # Errors
/// [`Refusal::Record`] if the contest is gone.
pub fn findings(fold: &Fold, trail: &Trail, plan: &Plan, manifest: &Manifest) -> Result<Findings, Refusal> {
    let Some(contest) = fold.contest_ix(&plan.contest) else { return record("the plan's contest is not listed") };
    let Some(state) = fold.contest(contest) else { return record("the plan's contest is not listed") };
    let content = Sum::parse(&plan.found)?;
    let geography = fold.ledger().register().geography();
    let mut found = Findings::default();
    let source = fold.sources().find(&plan.source);
    let unavailable: BTreeSet<&str> = trail.unavailable.iter().map(|(_, station)| station.as_str()).collect();
    for (at, row) in manifest.rows.iter().enumerate() {
        if unavailable.contains(row.station.as_str()) {
            found.rows.insert(at, Found::Unavailable);
            continue;
        }
        let (Some(source), Some(station)) = (source, geography.station_ix(&row.station)) else { continue };
        let Some(figures) = recounted(fold, station, contest, source, plan.size) else { continue };
        let figures_by = |choice| figure_of(&state.columns, &figures, choice);
        let own: Vec<Option<u64>> = manifest.choices.iter().map(figures_by).collect();
        let ballots = content.value(&state.columns, &figures).unwrap_or(0);
        if ballots > row.bound {
            found.broken.push((at, ballots));
        }
        found.rows.insert(at, Found::Counted { ballots, figures: own });
    }
    mixed(&mut found, trail, manifest);
    Ok(found)
}

/// What stands in all parts of a station as counted again; none until each part is there.
fn recounted(fold: &Fold, station: StationIx, contest: ContestIx, source: WordIx, since: u64) -> Option<Figures> {
    let claims = fold.station(station).map_or(&[][..], |state| &state.claims);
    let fresh = claims.iter().filter(|c| c.slot.source == source && c.slot.contest == contest && c.index >= since);
    let poll = fresh.map(|claim| claim.slot.poll).min()?;
    let parts = fold.ledger().register().parts(station);
    let mut words = Vec::new();
    if parts.is_empty() {
        words.push(None);
    }
    for part in parts {
        words.push(Some(fold.parts().find(part)?));
    }
    let mut all: Option<Figures> = None;
    for part in words {
        let stand = fold.stand(station, Slot { poll, contest, part, source })?;
        match &mut all {
            None => all = Some(stand.figures.clone()),
            Some(sum) => sum.add_assign(stand.figures).ok()?,
        }
    }
    all
}

/// Boxes that were mixed are known once each of them was counted: whatever was written for each, only the sum
/// says something.
fn mixed(found: &mut Findings, trail: &Trail, manifest: &Manifest) {
    for (_, stations) in &trail.mixed {
        let rows: Option<Vec<usize>> =
            stations.iter().map(|id| manifest.rows.iter().position(|row| row.station == *id)).collect();
        let Some(rows) = rows.filter(|rows| rows.len() > 1) else { continue };
        let bound: u64 = rows.iter().filter_map(|at| manifest.rows.get(*at)).map(|row| row.bound).sum();
        let mut ballots = 0_u64;
        let counted = rows.iter().all(|at| match found.rows.get(at) {
            Some(Found::Counted { ballots: own, .. }) => {
                ballots = ballots.saturating_add(*own);
                true
            }
            _ => false,
        });
        if !counted {
            continue;
        }
        found.broken.retain(|(at, _)| !rows.contains(at));
        if ballots > bound {
            found.broken.extend(rows.first().map(|at| (*at, ballots)));
        }
    }
}

/// The group of mixed boxes that a row belongs to, if all of them were counted.
pub fn mixed_with(found: &Findings, trail: &Trail, manifest: &Manifest, at: usize) -> Option<Vec<usize>> {
    let own = manifest.rows.get(at)?;
    let (_, stations) = trail.mixed.iter().find(|(_, stations)| stations.contains(&own.station))?;
    let rows: Option<Vec<usize>> =
        stations.iter().map(|id| manifest.rows.iter().position(|row| row.station == *id)).collect();
    rows.filter(|rows| {
        rows.len() > 1 && rows.iter().all(|at| matches!(found.rows.get(at), Some(Found::Counted { .. })))
    })
}
