//! What recounts found: protocols of the plan's source, and boxes that cannot be counted or told apart.

use std::collections::{BTreeMap, BTreeSet};

use recount_tally::{Fold, Source, View};

use crate::formula::Sum;
use crate::manifest::Manifest;
use crate::plan::Plan;
use crate::propose::figure_of;
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
/// station that was annulled since and not counted again counts as one that cannot be.
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
        let claims = fold.station(station).map_or(&[][..], |state| &state.claims);
        let fresh = |claim: &&recount_tally::claim::Claim| {
            claim.slot.source == source && claim.slot.contest == contest && claim.index >= plan.size
        };
        if !claims.iter().any(|claim| fresh(&claim)) {
            continue;
        }
        let view = View { source: Source::Only(source), poll: None };
        let count = fold.count_station(station, contest, view);
        let (None, Some(figures)) = (count.reason, count.figures) else { continue };
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
