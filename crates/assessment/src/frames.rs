//! The manifest cut into the frames in which assertions live, and findings cut the same way.

use recount_audit::batch::{Batches, Finding, Station};
use recount_audit::law::{Choice, Frame, LawAudit};

use crate::Refusal;
use crate::findings::{Findings, Found, mixed_with};
use crate::manifest::{Manifest, Row};
use crate::trail::Trail;

/// One frame with its stations.
#[derive(Debug)]
pub struct FrameData {
    /// The stations, with the frame's columns.
    pub batches: Batches,
    /// For every row of the manifest its place in the frame.
    pub places: Vec<Option<usize>>,
    /// The stratum of each place, where they are drawn apart and the frame has several.
    pub strata: Option<Vec<usize>>,
    columns: Vec<usize>,
    lines: Vec<bool>,
}

/// Cuts the manifest.
///
/// # Errors
/// [`Refusal::Audit`] for figures that no box can hold.
pub fn frames(audit: &LawAudit, manifest: &Manifest) -> Result<Vec<FrameData>, Refusal> {
    audit.frames.iter().map(|frame| FrameData::new(frame, manifest)).collect()
}

impl FrameData {
    fn new(frame: &Frame, manifest: &Manifest) -> Result<Self, Refusal> {
        let lines: Vec<bool> =
            frame.columns.iter().map(|at| matches!(manifest.choices.get(*at), Some(Choice::Line(_)))).collect();
        let mut own = Self {
            batches: Batches::new(Vec::new(), frame.rule)?,
            places: Vec::with_capacity(manifest.rows.len()),
            strata: None,
            columns: frame.columns.clone(),
            lines,
        };
        let names = manifest.strata();
        let mut strata = Vec::new();
        let mut stations = Vec::new();
        for row in &manifest.rows {
            let inside = frame.unit.as_ref().is_none_or(|unit| row.units.contains(unit));
            own.places.push(inside.then_some(stations.len()));
            if inside {
                stations.push(own.station(row));
                strata.push(names.iter().position(|name| *name == row.stratum).unwrap_or(0));
            }
        }
        // Stations of one stratum are a sample of it as they come.
        own.strata = strata.iter().any(|stratum| Some(stratum) != strata.first()).then_some(strata);
        own.batches = Batches::new(stations, frame.rule)?;
        Ok(own)
    }

    fn cut(&self, figures: &[Option<u64>]) -> Vec<u64> {
        self.columns.iter().map(|at| figures.get(*at).copied().flatten().unwrap_or(0)).collect()
    }

    /// Places taken: a mark on a document takes one whether or not a ballot lies beside it.
    fn taken(&self, ballots: u64, votes: &[u64]) -> u64 {
        votes.iter().zip(&self.lines).filter(|(_, line)| **line).fold(ballots, |most, (n, _)| most.max(*n))
    }

    fn station(&self, row: &Row) -> Station {
        let votes = self.cut(&row.figures);
        Station { name: row.station.clone(), cards: row.bound, found: self.taken(row.found, &votes), votes }
    }

    /// A finding as this frame sees it. A line of the frame that the recount did not state cannot be told: the
    /// station counts as one that cannot be counted.
    pub fn finding(&self, found: &Findings, trail: &Trail, manifest: &Manifest, at: usize) -> Option<Finding> {
        let one = |at: usize| match found.rows.get(&at)? {
            Found::Unavailable => None,
            Found::Counted { ballots, figures } => {
                let stated = |(at, line): (&usize, &bool)| !line || figures.get(*at).copied().flatten().is_some();
                let votes = self.cut(figures);
                let told = self.columns.iter().zip(&self.lines).all(stated);
                told.then_some((*ballots, votes))
            }
        };
        found.rows.get(&at)?;
        if let Some(rows) = mixed_with(found, trail, manifest, at) {
            let (mut all, mut votes, mut cards) = (0_u64, vec![0_u64; self.columns.len()], 0_u64);
            for row in rows {
                let Some((ballots, own)) = one(row) else { return Some(Finding::Unavailable) };
                all = all.saturating_add(ballots);
                votes.iter_mut().zip(own).for_each(|(sum, n)| *sum = sum.saturating_add(n));
                cards = cards.saturating_add(manifest.rows.get(row).map_or(0, |row| row.bound));
            }
            return Some(Finding::Mixed { found: self.taken(all, &votes), votes, cards });
        }
        Some(match one(at) {
            None => Finding::Unavailable,
            Some((ballots, votes)) => Finding::Counted { found: self.taken(ballots, &votes), votes },
        })
    }

    /// Votes and ballots in all stations of the frame, once each of them was counted again.
    pub fn recounted(&self, found: &Findings) -> Option<(Vec<u64>, u64)> {
        let (mut votes, mut ballots) = (vec![0_u64; self.columns.len()], 0_u64);
        let inside = self.places.iter().enumerate().filter_map(|(at, place)| Some((at, (*place)?)));
        for (at, place) in inside {
            if self.batches.stations().get(place).is_none_or(|station| station.cards == 0) {
                continue;
            }
            let Found::Counted { ballots: own, figures } = found.rows.get(&at)? else { return None };
            votes.iter_mut().zip(self.cut(figures)).for_each(|(sum, n)| *sum = sum.saturating_add(n));
            ballots = ballots.saturating_add(*own);
        }
        Some((votes, ballots))
    }

    /// The finding that repeats the report.
    pub fn clean(&self, row: &Row) -> Finding {
        let own = self.station(row);
        Finding::Counted { found: own.found, votes: own.votes }
    }
}
