//! What an audit will cost: simulation of the very test that it will run, on samples drawn as it will draw.

use recount_audit::batch::{Comparison, Finding};
use recount_audit::law::LawAudit;
use recount_audit::plan::{Dice, Sizes, StationErrors};

use crate::Refusal;
use crate::frames::{FrameData, frames};
use crate::manifest::Manifest;
use crate::plan::Plan;
use crate::running::Running;

/// Sizes of an audit.
#[derive(Debug, Clone, PartialEq)]
pub struct Effort {
    /// Stations opened until every needed assertion is proved.
    pub stations: Sizes,
    /// Ballots in them, by their bounds.
    pub ballots: Sizes,
    /// Per needed assertion: its name and unit, its relative margin, and the stations of the whole sample until it
    /// is proved.
    pub each: Vec<(String, Option<String>, f64, Sizes)>,
}

/// What other ways would cost, if nothing is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    /// The way.
    pub name: &'static str,
    /// Stations to open; none where single ballots are drawn.
    pub stations: Option<u64>,
    /// Ballots to look at.
    pub ballots: u64,
    /// What it needs.
    pub needs: &'static str,
}

struct Runner<'a> {
    manifest: &'a Manifest,
    data: &'a [FrameData],
    comparisons: &'a [(usize, Comparison<'a>)],
    limit: f64,
    plan: &'a Plan,
    errors: StationErrors,
}

/// Stations, ballots, and per assertion stations, of one repetition; none: not even all suffice.
type Run = (Option<u64>, Option<u64>, Vec<Option<u64>>);

/// Simulates the audit of a plan.
///
/// # Errors
/// [`Refusal`].
pub fn effort(
    plan: &Plan,
    manifest: &Manifest,
    audit: &LawAudit,
    errors: StationErrors,
    repetitions: u64,
) -> Result<Effort, Refusal> {
    let data = frames(audit, manifest)?;
    let needed: Vec<&recount_audit::law::Item> = audit.items.iter().filter(|item| item.needed).collect();
    let mut comparisons = Vec::new();
    for item in &needed {
        comparisons.push((item.frame, Comparison::new(&data[item.frame].batches, &item.assertion)?));
    }
    let limit = plan.limit()?;
    let runner = Runner { manifest, data: &data, comparisons: &comparisons, limit, plan, errors };
    let runs = (0..repetitions).map(|n| runner.run(n)).collect::<Result<Vec<Run>, _>>()?;
    let all = u64::try_from(manifest.rows.iter().filter(|row| row.bound > 0).count()).unwrap_or(u64::MAX);
    let sizes = |pick: &dyn Fn(&Run) -> Option<u64>, all| Sizes::new(&runs.iter().map(pick).collect::<Vec<_>>(), all);
    let mut each = Vec::new();
    for (at, item) in needed.iter().enumerate() {
        let unit = audit.frames.get(item.frame).and_then(|frame| frame.unit.clone());
        let margin = comparisons[at].1.relative_margin();
        each.push((item.assertion.name.clone(), unit, margin, sizes(&|run| run.2[at], all)?));
    }
    Ok(Effort { stations: sizes(&|run| run.0, all)?, ballots: sizes(&|run| run.1, manifest.ballots())?, each })
}

impl<'a> Runner<'a> {
    fn run(&self, repetition: u64) -> Result<Run, Refusal> {
        let order = self.manifest.draw(&format!("plan,simulation,{repetition}"), self.manifest.rows.len())?;
        let mut dice = Dice::new("plan", repetition);
        let mut tests: Vec<Running<'a>> = Vec::new();
        for (frame, comparison) in self.comparisons {
            tests.push(Running::new(comparison, &self.data[*frame], self.plan)?);
        }
        let stations = u64::try_from(order.len()).unwrap_or(u64::MAX);
        let mut done: Vec<Option<u64>> = vec![None; tests.len()];
        let mut open: Vec<usize> = (0..tests.len()).collect();
        let (mut opened, mut ballots) = (0_u64, 0_u64);
        for draw in order {
            if open.is_empty() {
                break;
            }
            let Some(row) = self.manifest.rows.get(draw.place) else { continue };
            (opened, ballots) = (opened + 1, ballots.saturating_add(row.bound));
            let wrong = self.errors.moved > 0 && dice.happens(self.errors.rate);
            let moved = (dice.bits(), dice.bits(), 1 + dice.below(self.errors.moved.max(1)));
            for at in &open {
                let frame = &self.data[self.comparisons[*at].0];
                let Some(place) = frame.places.get(draw.place).copied().flatten() else { continue };
                let mut finding = frame.clean(row);
                if wrong {
                    move_votes(&mut finding, moved);
                }
                tests[*at].push(place, &finding)?;
                let worth = opened == stations || tests[*at].worth(opened);
                if worth && tests[*at].met(self.limit) {
                    done[*at] = Some(opened);
                }
            }
            open.retain(|at| done[*at].is_none());
        }
        let complete = open.is_empty();
        Ok((complete.then_some(opened), complete.then_some(ballots), done))
    }
}

/// Moves votes from one choice to another, the same in every frame that has the same lists.
fn move_votes(finding: &mut Finding, (from, to, many): (u64, u64, u64)) {
    let Finding::Counted { votes, found } = finding else { return };
    let Ok(choices) = u64::try_from(votes.len()) else { return };
    if choices < 2 {
        return;
    }
    let at = |bits: u64| usize::try_from(bits % choices).unwrap_or(0);
    let (from, to) = (at(from), at(to));
    let many = many.min(votes[from]).min(found.saturating_sub(votes[to]));
    votes[from] -= many;
    votes[to] += many;
}

/// Ways beside the default, for the hardest needed assertion.
///
/// # Errors
/// [`Refusal`].
pub fn methods(plan: &Plan, manifest: &Manifest, audit: &LawAudit) -> Result<Vec<Method>, Refusal> {
    let data = frames(audit, manifest)?;
    let limit = plan.limit()?;
    let (mut with, mut least): (f64, f64) = (0.0, 1.0);
    for item in audit.items.iter().filter(|item| item.needed) {
        let comparison = Comparison::new(&data[item.frame].batches, &item.assertion)?;
        with = with.max(comparison.least_draws(limit));
        least = least.min(comparison.relative_margin());
    }
    let stations = u64::try_from(manifest.rows.len()).unwrap_or(u64::MAX);
    let mean = manifest.ballots() / stations.max(1);
    let draws = whole(with);
    // Betting the most on single ballots that never differ: ln(1/alpha) / -ln(1 - gbar/(gmax - gmin)).
    let single = if least < 1.0 { whole((libm::log(limit) / libm::log1p(-least)).ceil()) } else { 1 };
    // Polling learns 2 v^2 nats or so per ballot at margin v.
    let polling = whole((-libm::log(limit) / (2.0 * least * least)).ceil());
    Ok(vec![
        Method {
            name: "stations, MACRO",
            stations: Some(draws.min(stations)),
            ballots: draws.min(stations).saturating_mul(mean),
            needs: "station totals",
        },
        Method {
            name: "ballots compared",
            stations: None,
            ballots: single.min(manifest.ballots()),
            needs: "a record of every ballot",
        },
        Method {
            name: "ballots polled",
            stations: None,
            ballots: polling.min(manifest.ballots()),
            needs: "numbered ballots",
        },
    ])
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept within range just here")]
fn whole(n: f64) -> u64 {
    if n.is_finite() && n < 9.0e15 { n.max(0.0) as u64 } else { 9_000_000_000_000_000 }
}
