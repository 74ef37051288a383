//! The assessment: what the findings so far say about every assertion and every list's seats.

use std::collections::{BTreeMap, BTreeSet};

use recount_audit::AuditError;
use recount_audit::batch::Comparison;
use recount_audit::law::{LawAudit, Ranges};
use recount_audit::sample::Draw;
use recount_tally::{Fold, View};

use crate::findings::{Findings, Found, findings};
use crate::frames::{FrameData, frames};
use crate::manifest::Manifest;
use crate::plan::Plan;
use crate::running::Running;
use crate::trail::Trail;
use crate::{Refusal, record};

/// One assertion now.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemState {
    /// What it says.
    pub name: String,
    /// The unit whose stations it is about; none: all.
    pub unit: Option<String>,
    /// Whether the full result needs it.
    pub needed: bool,
    /// The reported margin, as a share of the largest possible.
    pub margin: f64,
    /// The margin that the findings suggest, on the same scale; none without findings. An estimate, no proof.
    pub estimate: Option<f64>,
    /// The risk measured, rounded up.
    pub risk: f64,
    /// Whether it is at most the limit.
    pub proved: bool,
    /// Every station was counted, and it is false.
    pub refuted: bool,
    /// Further stations of its unit that would prove it if all of them agree with their protocols; none: not even
    /// all.
    pub more: Option<usize>,
}

/// A figure that a recount found to be another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discrepancy {
    /// The station.
    pub station: String,
    /// The choice.
    pub choice: String,
    /// As reported.
    pub reported: u64,
    /// As found; none: not stated.
    pub found: Option<u64>,
}

/// An audit at a size of the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The size.
    pub size: u64,
    /// The seed.
    pub seed: String,
    /// The stations in the order of the draw, as many as are to be opened or were counted.
    pub sample: Vec<String>,
    /// How many of them, from the first on without a gap, have a finding: only these count.
    pub assessed: usize,
    /// Ballots in them, by their bounds.
    pub ballots: u64,
    /// Drawn stations that wait for a finding.
    pub waiting: Vec<String>,
    /// Formal exceptions: sentences. While one stands, nothing is proved.
    pub exceptions: Vec<String>,
    /// The assertions.
    pub items: Vec<ItemState>,
    /// Whether all needed assertions are proved: the seats are right, at the risk limit.
    pub complete: bool,
    /// The seats that are proved so far, all ranges together at the risk limit (Holm 1979 over all assertions).
    pub ranges: Ranges,
    /// Figures that differ.
    pub discrepancies: Vec<Discrepancy>,
    /// All stations were counted again.
    pub full_count: bool,
    /// The seats that the full recount gives.
    pub recounted: Option<Result<BTreeMap<String, u64>, String>>,
    /// What happened since the plan that a reader must know.
    pub remarks: Vec<String>,
}

impl Assessment {
    /// The largest risk among needed assertions.
    pub fn risk(&self) -> f64 {
        self.items.iter().filter(|item| item.needed).map(|item| item.risk).fold(0.0, f64::max)
    }

    /// How many needed assertions are proved.
    pub fn proved(&self) -> usize {
        self.items.iter().filter(|item| item.needed && item.proved).count()
    }

    /// Whether a full recount gives other seats than were audited.
    pub fn wrong(&self, plan: &Plan) -> bool {
        matches!(&self.recounted, Some(Ok(seats)) if *seats != plan.seats)
    }
}

/// The sample: the first stations of the draw.
///
/// # Errors
/// [`Refusal::Record`] before the contributions to the seed are closed.
pub fn sample(trail: &Trail, manifest: &Manifest, count: usize) -> Result<Vec<Draw>, Refusal> {
    let Some(seed) = trail.seed() else { return record("the seed is not there yet: contributions are not closed") };
    manifest.draw(&seed, count)
}

/// Which assertions are proved together: step-down over the measured risks (Holm 1979).
pub fn together(risks: &[f64], limit: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..risks.len()).collect();
    order.sort_by(|a, b| risks[*a].total_cmp(&risks[*b]));
    let mut proved = vec![false; risks.len()];
    for (done, at) in order.iter().enumerate() {
        #[allow(clippy::cast_precision_loss, reason = "a count of assertions")]
        let left = (risks.len() - done) as f64;
        if risks[*at] * left > limit {
            break;
        }
        proved[*at] = true;
    }
    proved
}

/// The seats of every list under given totals, by the law of the record.
pub type Again<'a> = dyn Fn(&Totals) -> Result<BTreeMap<String, u64>, String> + 'a;

/// Assesses an audit on the findings of a record. `again` gives the seats of recounted totals, once all
/// stations were counted.
///
/// # Errors
/// [`Refusal`]; a finding that is not possible is an exception of the assessment, not an error.
pub fn assess(
    fold: &Fold,
    trail: &Trail,
    plan: &Plan,
    manifest: &Manifest,
    audit: &LawAudit,
    again: &Again<'_>,
) -> Result<Assessment, Refusal> {
    let limit = plan.limit()?;
    let found = findings(fold, trail, plan, manifest)?;
    let seed = trail.seed().unwrap_or_default();
    let draws = if trail.closing.is_some() { sample(trail, manifest, manifest.rows.len())? } else { Vec::new() };
    let counted = without_gaps(&draws, &found, manifest);
    let assessed = counted.len();
    let asked = trail.closing.as_ref().map_or(0, |closing| usize::try_from(closing.stations).unwrap_or(usize::MAX));
    let last = draws.iter().rposition(|draw| found.rows.contains_key(&draw.place)).map_or(0, |at| at + 1);
    let open = if last > asked.saturating_mul(2) { asked.max(assessed) } else { asked.max(last) }.min(draws.len());
    let name = |draw: &Draw| manifest.rows.get(draw.place).map_or(String::new(), |row| row.station.clone());
    let counted = counted.as_slice();
    let mut exceptions = broken(&found, manifest, counted);
    let data = frames(audit, manifest)?;
    let mut items = Vec::new();
    for item in &audit.items {
        let Some(frame) = data.get(item.frame) else { continue };
        let unit = audit.frames.get(item.frame).and_then(|frame| frame.unit.clone());
        let run = Run { frame, found: &found, trail, manifest, limit, plan };
        let mut state = run.item(&item.assertion, counted, &draws, &mut exceptions)?;
        (state.unit, state.needed) = (unit, item.needed);
        items.push(state);
    }
    exceptions.sort();
    exceptions.dedup();
    if !exceptions.is_empty() {
        for item in &mut items {
            (item.risk, item.proved, item.more) = (1.0, false, None);
        }
    }
    let complete = items.iter().all(|item| !item.needed || item.proved);
    let risks: Vec<f64> = items.iter().map(|item| item.risk).collect();
    let mut joint = together(&risks, limit);
    if complete {
        joint.iter_mut().zip(&items).for_each(|(proved, item)| *proved |= item.needed);
    }
    let full_count = manifest
        .rows
        .iter()
        .enumerate()
        .all(|(at, row)| row.bound == 0 || matches!(found.rows.get(&at), Some(Found::Counted { .. })))
        && !manifest.rows.is_empty();
    let recounted = full_count.then(|| again(&totals(&found, manifest)));
    Ok(Assessment {
        size: fold.size(),
        seed,
        sample: draws.iter().take(open).map(name).collect(),
        assessed,
        ballots: counted.iter().filter_map(|d| manifest.rows.get(d.place)).map(|row| row.bound).sum(),
        waiting: draws.iter().take(open).filter(|d| !found.rows.contains_key(&d.place)).map(name).collect(),
        exceptions,
        complete,
        ranges: audit.ranges(&joint)?,
        discrepancies: discrepancies(&found, manifest),
        items,
        full_count,
        recounted,
        remarks: remarks(fold, plan, manifest),
    })
}

/// The stations of the draw that count: from the first on as long as each has a finding, in each stratum by itself.
fn without_gaps(draws: &[Draw], found: &Findings, manifest: &Manifest) -> Vec<Draw> {
    let mut waits: BTreeSet<&str> = BTreeSet::new();
    let mut counted = Vec::new();
    for draw in draws {
        let stratum = manifest.rows.get(draw.place).map_or("", |row| row.stratum.as_str());
        if waits.contains(stratum) {
            continue;
        }
        if found.rows.contains_key(&draw.place) {
            counted.push(*draw);
        } else {
            waits.insert(stratum);
        }
    }
    counted
}

/// Bounds that were broken in counted stations.
fn broken(found: &Findings, manifest: &Manifest, counted: &[Draw]) -> Vec<String> {
    let own = |at: &usize| counted.iter().any(|draw| draw.place == *at);
    let broken = found.broken.iter().filter(|(at, _)| own(at)).filter_map(|(at, ballots)| {
        let row = manifest.rows.get(*at)?;
        Some(format!(
            "{}: {ballots} ballots were found, and the bound fixed before the seed is {}. The bound is broken: nothing is \
             proved. Plan again with true bounds and a new seed, or count everything.",
            row.station, row.bound
        ))
    });
    broken.collect()
}

/// Figures of recounts per unit, and under no name of the whole.
pub type Totals = BTreeMap<Option<String>, Vec<u64>>;

fn totals(found: &Findings, manifest: &Manifest) -> Totals {
    let mut all = Totals::new();
    for (at, row) in manifest.rows.iter().enumerate() {
        let Some(Found::Counted { figures, .. }) = found.rows.get(&at) else { continue };
        for unit in std::iter::once(None).chain(row.units.iter().cloned().map(Some)) {
            let sums = all.entry(unit).or_insert_with(|| vec![0; manifest.choices.len()]);
            sums.iter_mut().zip(figures).for_each(|(sum, n)| *sum = sum.saturating_add(n.unwrap_or(0)));
        }
    }
    all
}

fn discrepancies(found: &Findings, manifest: &Manifest) -> Vec<Discrepancy> {
    let mut all = Vec::new();
    for (at, finding) in &found.rows {
        let (Some(row), Found::Counted { figures, .. }) = (manifest.rows.get(*at), finding) else { continue };
        for ((choice, reported), own) in manifest.choices.iter().zip(&row.figures).zip(figures) {
            let reported = reported.unwrap_or(0);
            if *own != Some(reported) && !(own.is_none() && reported == 0) {
                all.push(Discrepancy { station: row.station.clone(), choice: choice.key(), reported, found: *own });
            }
        }
    }
    all
}

fn remarks(fold: &Fold, plan: &Plan, manifest: &Manifest) -> Vec<String> {
    let mut all = Vec::new();
    if let Ok(outcome) = fold.outcome(View::LAW)
        && outcome.seats != plan.seats
    {
        all.push(
            "The count has changed since the plan and now gives other seats. This audit is about the seats of its plan: to \
             certify others, plan again with a new seed."
                .to_owned(),
        );
    }
    let geography = fold.ledger().register().geography();
    if let Some(contest) = fold.contest_ix(&plan.contest) {
        let annulled = manifest.rows.iter().filter_map(|row| geography.station_ix(&row.station));
        let annulled =
            annulled.filter(|station| fold.count_station(*station, contest, View::LAW).reason.is_some()).count();
        if annulled > 0 {
            all.push(format!(
                "{annulled} stations of the manifest no longer count. They stay in the audit: where drawn they are counted again, or \
                 declared unavailable."
            ));
        }
    }
    all
}

/// One assertion's run over the sample.
struct Run<'a> {
    frame: &'a FrameData,
    found: &'a Findings,
    trail: &'a Trail,
    manifest: &'a Manifest,
    limit: f64,
    plan: &'a Plan,
}

impl Run<'_> {
    fn item(
        &self,
        assertion: &recount_audit::Assertion,
        counted: &[Draw],
        all: &[Draw],
        exceptions: &mut Vec<String>,
    ) -> Result<ItemState, Refusal> {
        let comparison = Comparison::new(&self.frame.batches, assertion)?;
        let mut test = Running::new(&comparison, self.frame, self.plan)?;
        let (mut errors, mut weights, mut pushed) = (0.0, 0.0, 0_usize);
        for draw in counted {
            let Some(place) = self.place(draw) else { continue };
            let Some(finding) = self.frame.finding(self.found, self.trail, self.manifest, draw.place) else { continue };
            match comparison.relative_error(place, &finding) {
                Ok(error) => {
                    // Drawn in proportion to ballots: the mean of errors per ballot estimates the error of all.
                    errors += error;
                    weights += 1.0;
                }
                Err(why @ (AuditError::BoundBroken { .. } | AuditError::ImpossibleVotes(_))) => {
                    exceptions.push(format!("{why}. Nothing is proved while this stands."));
                    break;
                }
                Err(why) => return Err(why.into()),
            }
            test.push(place, &finding)?;
            pushed += 1;
        }
        let margin = comparison.relative_margin();
        let estimate = (weights > 0.0).then(|| margin * (1.0 - errors / weights));
        let (mut risk, mut proved, mut refuted) = (test.risk(), test.met(self.limit), false);
        // Once every box was counted, nothing is left to chance: what was found says whether it is true. Ballots of the
        // bounds that nobody found speak against it only as long as boxes are closed.
        let everything = self.frame.batches.stations().iter().filter(|s| s.cards > 0).count() == pushed;
        if let Some((votes, ballots)) = everything.then(|| self.frame.recounted(self.found)).flatten() {
            let holds = assertion.holds(&votes, ballots)?;
            (risk, proved, refuted) = (if holds { 0.0 } else { 1.0 }, holds, !holds);
        }
        let more = if proved { Some(0) } else { self.more(&mut test, all, counted)? };
        Ok(ItemState {
            name: assertion.name.clone(),
            unit: None,
            needed: true,
            margin,
            estimate,
            risk,
            proved,
            refuted,
            more,
        })
    }

    fn place(&self, draw: &Draw) -> Option<usize> {
        let place = self.frame.places.get(draw.place).copied().flatten()?;
        self.frame.batches.stations().get(place).filter(|station| station.cards > 0).map(|_| place)
    }

    /// Draws that are still needed if all that follow repeat the report.
    fn more(&self, test: &mut Running<'_>, all: &[Draw], counted: &[Draw]) -> Result<Option<usize>, Refusal> {
        let done: BTreeSet<usize> = counted.iter().map(|draw| draw.place).collect();
        let rest = all.iter().filter(|draw| !done.contains(&draw.place));
        let last = all.len().saturating_sub(counted.len());
        for (step, draw) in rest.enumerate().map(|(at, draw)| (at + 1, draw)) {
            let Some(place) = self.place(draw) else { continue };
            test.push_reported(place)?;
            let worth = step == last || test.worth(u64::try_from(step).unwrap_or(u64::MAX));
            if worth && test.met(self.limit) {
                return Ok(Some(step));
            }
        }
        Ok(None)
    }
}
