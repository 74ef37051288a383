//! Margins of ranked papers: how many papers must be filled in otherwise, added or kept back, so that somebody is
//! elected for certain, or no longer.
//!
//! With surpluses (the single transferable vote, Meek's method) one paper can change every later transfer. One thing
//! is plain: whoever has the quota at the first count is elected there, and keeps it while fewer papers leave them
//! than they have above it. For the alternative vote see `orders`.

mod enough;
mod orders;

use crate::outcome::{CountSheet, Exactness, Margin, Move, StageOutcome, Turning};
use crate::ranked::{Amount, Ballots, RankMethod, RankQuota, RankTie, RankedOutcome};
use crate::rulebook::{Rank, Rulebook, StageKind};
use crate::run::view::View;
use enough::{Aim, enough};
use orders::{Kind, Orders};

/// The work that the margins of all counts may cost, in looks at a group of equal papers.
const MOST_WORK: u64 = 50_000_000;

/// The margins of everybody who stands in a stage `rank`, from the sheets of its counts.
pub(super) fn of_ranked(rulebook: &Rulebook, view: &View<'_>, stages: &[StageOutcome]) -> Vec<Margin> {
    let mut margins = Vec::new();
    let mut left = MOST_WORK;
    for stage in &rulebook.stages {
        let StageKind::Rank(rank) = &stage.kind else { continue };
        let Some(outcome) = stages.iter().find(|outcome| outcome.id == stage.id) else { continue };
        for CountSheet { unit, sheet } in &outcome.counts {
            let Some(ballots) = view.papers.get(&(rank.contest.as_str(), unit.as_deref())) else { continue };
            let mut count = Count {
                stage: &stage.id,
                unit: unit.as_deref(),
                rank,
                ballots,
                left: &mut left,
                margins: &mut margins,
            };
            match rank.rules.method {
                RankMethod::Irv => count.of_one_seat(sheet),
                // Whoever has the quota takes the only seat, and no surplus is passed on.
                RankMethod::Stv(_) if sheet.seats == 1 => count.of_one_seat(sheet),
                RankMethod::Stv(_) | RankMethod::Meek(_) => count.of_first_count(sheet),
            }
        }
    }
    margins
}

/// One count.
struct Count<'a> {
    stage: &'a str,
    unit: Option<&'a str>,
    rank: &'a Rank,
    ballots: &'a Ballots,
    left: &'a mut u64,
    margins: &'a mut Vec<Margin>,
}

impl Count<'_> {
    fn write(&mut self, who: &str, elected: bool, by: &Move, votes: Option<u64>, exactness: Exactness) {
        self.margins.push(Margin {
            list: who.to_owned(),
            turning: Turning::Ranked { stage: self.stage.to_owned(), elected: !elected },
            by: by.clone(),
            unit: self.unit.map(str::to_owned),
            votes,
            exactness,
        });
    }

    /// Those who had the quota at the first count: it takes one paper more than they have above it.
    fn of_first_count(&mut self, sheet: &RankedOutcome) {
        let Some(first) = sheet.rounds.first() else { return };
        let Some(quota) = &first.quota else { return };
        let more_than =
            matches!(&self.rank.rules.method, RankMethod::Stv(stv) if stv.quota == RankQuota::HagenbachBischoff);
        for (id, votes) in sheet.candidates.iter().zip(&first.votes) {
            let reached =
                sheet.elected.iter().any(|one| one.candidate == *id && one.reached && one.count == first.count);
            let Some(above) = spare(votes, quota, more_than).filter(|_| reached) else { continue };
            self.write(id, true, &Move::PapersChanged, Some(above.saturating_add(1)), Exactness::AtLeast);
        }
    }

    /// One seat, by the alternative vote or a quota: bounds by orders of exclusion, and counts with other papers.
    fn of_one_seat(&mut self, sheet: &RankedOutcome) {
        let Some(winner) = sheet.elected.first().and_then(|one| self.ballots.place(&one.candidate)) else { return };
        let grouped = self.ballots.grouped();
        let mut rules = self.rank.rules.clone();
        rules.ties = rules.tie_rules().filter(|rule| *rule != RankTie::Lot).collect();
        // Where earlier counts settle ties, equal votes can do.
        let settled = !rules.ties.is_empty();
        rules.ties.push(RankTie::Lot);
        let mut orders = Orders::new(&grouped);
        let standing = orders.standing.clone();
        for who in standing.iter().copied() {
            let elected = who == winner;
            let id = self.ballots.candidates().get(who).map_or("", |one| one.id.as_str());
            let alone = if elected { (Kind::Absent, Move::LostBaseFalls) } else { (Kind::New, Move::GainedNew) };
            for (kind, by) in [(Kind::Changed, Move::PapersChanged), alone] {
                let others: Vec<usize> = standing.iter().copied().filter(|other| *other != winner).collect();
                let ends = if elected { others } else { vec![who] };
                let strict = (!elected && !settled).then_some(who);
                let Some(bound) = orders.bound(&ends, strict, kind, self.left) else {
                    // Nobody else stands.
                    self.write(id, elected, &by, None, Exactness::Exact);
                    continue;
                };
                let aim = if elected { Aim::Falls(who, bound.last) } else { Aim::Wins(who) };
                let found = enough(&grouped, &rules, &aim, kind, bound.votes, self.left);
                if found == Some(bound.votes) {
                    self.write(id, elected, &by, found, Exactness::Exact);
                    continue;
                }
                self.write(id, elected, &by, Some(bound.votes), Exactness::AtLeast);
                if found.is_some() {
                    self.write(id, elected, &by, found, Exactness::Suffices);
                }
            }
        }
    }
}

/// How many whole votes can go and leave what elects; none: it is not reached.
fn spare(votes: &Amount, quota: &Amount, more_than: bool) -> Option<u64> {
    let above = votes.minus(quota);
    let mut spare = above.floor()?;
    if more_than && Amount::whole(spare) == above {
        spare = spare.checked_sub(1)?;
    }
    Some(spare)
}
