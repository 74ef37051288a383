//! Margins of run-offs: who is elected in the first round, who may stand in the second, and who is elected there.
//!
//! The first round asks shares of bases besides the order of votes. A new vote raises a base that counts it, so a
//! share is met, or missed, from a number of votes on that has a closed form; these are points to look at as well.

use std::collections::BTreeSet;

use super::People;
use super::people::{SecondRound, against, id, meets, standing, with_votes};
use super::race::{self, Budget, Moved, Race, Shift};
use crate::Share;
use crate::formula::plurality::{Stander, elect};
use crate::lots::Lots;
use crate::outcome::{Move, Turning};
use crate::refusal::Refusal;
use crate::rulebook::{Condition, Quantity, Rulebook, Runoff, Stage, StageKind, Strictness};
use crate::run::RunOptions;
use crate::run::machine::Work;
use crate::run::plurality::{polls, standers, unit_of};
use crate::run::runoff::{base_of, second_poll};
use crate::run::view::{Poll, View};

/// The work that the margins of all run-offs may cost.
const MOST_WORK: u64 = 4_000_000;

/// The margins of everybody who stands in a stage `runoff`.
pub(super) fn of_runoffs(
    rulebook: &Rulebook,
    view: &View<'_>,
    options: &RunOptions,
    told: &mut People,
) -> Result<(), Refusal> {
    let lots = Lots::none();
    let work = Work { rulebook, view, options, settled: &[], lots: &lots, trace: false };
    let mut budget = Budget::new(MOST_WORK);
    for stage in &rulebook.stages {
        let StageKind::Runoff(rule) = &stage.kind else { continue };
        for poll in polls(&work, stage, &rule.contest, rule.per.as_deref())? {
            let asked = asked(&work, rule, poll)?;
            let first = FirstRound {
                stage,
                rule,
                poll,
                standers: standers(poll, None),
                against: against(rulebook, &rule.contest, poll),
                asked,
            };
            race::margins(&first, &mut budget, told);
            let through = first.through(&Moved { votes: first.votes(), more: 0 });
            let elected = first.met(&Moved { votes: first.votes(), more: 0 }).iter().any(|one| one.votes > 0);
            race::margins(&Again { first: &first }, &mut budget, told);
            let (Some(through), false, Some(poll)) = (through, elected, second_poll(&work, rule, poll)) else {
                continue;
            };
            let ids: BTreeSet<String> = through.iter().map(|who| id(first.poll, *who)).collect();
            let allowed = standing(poll).into_iter().filter(|who| ids.contains(&id(poll, *who))).collect();
            let second = SecondRound { stage, poll, standers: standers(poll, None), allowed };
            race::margins(&second, &mut budget, told);
        }
    }
    Ok(())
}

/// A base that the first round asks.
struct Base {
    name: String,
    value: u64,
    /// How much a new vote raises it.
    rise: i128,
}

impl Base {
    /// Its value after votes were added or taken away.
    fn after(&self, moved: &Moved) -> u64 {
        let value = i128::from(self.value).saturating_add(self.rise.saturating_mul(moved.more));
        u64::try_from(value.max(0)).unwrap_or(u64::MAX)
    }
}

/// The bases that the first round asks, each once.
fn asked(work: &Work<'_>, rule: &Runoff, poll: &Poll<'_>) -> Result<Vec<Base>, Refusal> {
    let mut names = BTreeSet::new();
    bases(&rule.when, &mut names);
    names.extend(rule.also.iter().map(|(base, _)| base.as_str()));
    let base = |name: &str| {
        let value = base_of(work, &rule.contest, name, poll)?;
        Ok(Base { name: name.to_owned(), value, rise: rise(work.rulebook, name, &rule.contest) })
    };
    names.into_iter().map(base).collect()
}

fn bases<'a>(when: &'a Condition, names: &mut BTreeSet<&'a str>) {
    match when {
        Condition::All(branches) | Condition::Any(branches) => branches.iter().for_each(|branch| bases(branch, names)),
        Condition::Not(inner) => bases(inner, names),
        Condition::Share { base, .. } => {
            names.insert(base);
        }
        _ => {}
    }
}

/// By how much a new vote in the contest raises a base.
fn rise(rulebook: &Rulebook, base: &str, contest: &str) -> i128 {
    match rulebook.quantities.get(base) {
        None => 0,
        Some(Quantity::Line { grows, .. }) => i128::from(*grows),
        Some(Quantity::Sum(parts)) => {
            parts.iter().map(|part| if part == contest { 1 } else { rise(rulebook, part, contest) }).sum()
        }
    }
}

/// The first round of one poll: who is elected in it.
struct FirstRound<'a> {
    stage: &'a Stage,
    rule: &'a Runoff,
    poll: &'a Poll<'a>,
    standers: Vec<Stander>,
    against: Option<u64>,
    asked: Vec<Base>,
}

impl FirstRound<'_> {
    fn base(&self, name: &str, moved: &Moved) -> u64 {
        self.asked.iter().find(|base| base.name == name).map_or(0, |base| base.after(moved))
    }

    fn meets_all(&self, when: &Condition, votes: u64, moved: &Moved) -> bool {
        match when {
            Condition::All(branches) => branches.iter().all(|branch| self.meets_all(branch, votes, moved)),
            Condition::Any(branches) => branches.iter().any(|branch| self.meets_all(branch, votes, moved)),
            Condition::Not(inner) => !self.meets_all(inner, votes, moved),
            Condition::Share { base, strictness, share, .. } => {
                share.reached(votes, self.base(base, moved), *strictness == Strictness::MoreThan)
            }
            Condition::Votes { at_least, .. } => votes >= *at_least,
            // Refused when the rulebook is read.
            _ => false,
        }
    }

    /// Whether votes against all repeat the poll.
    fn repeated(&self, moved: &Moved) -> bool {
        self.against.is_some_and(|against| against > moved.votes.iter().copied().max().unwrap_or(0))
    }

    /// Those who meet the condition; the others without votes.
    fn met(&self, moved: &Moved) -> Vec<Stander> {
        let mut all = with_votes(&self.standers, &moved.votes);
        for one in &mut all {
            if one.votes > 0 && !self.meets_all(&self.rule.when, one.votes, moved) {
                one.votes = 0;
            }
        }
        all
    }

    /// Those who are certain to stand in the second round, if it is held; none: the poll is repeated.
    fn through(&self, moved: &Moved) -> Option<Vec<usize>> {
        if self.repeated(moved) {
            return None;
        }
        let all = with_votes(&self.standers, &moved.votes);
        // Those tied for the last places are not certain.
        let mut through = elect(&all, self.rule.top, None, &mut |_, _| Some(Vec::new())).ok()?.elected;
        if let Some((base, share)) = &self.rule.also {
            let base = self.base(base, moved);
            let also = all.iter().enumerate().filter(|(_, one)| one.votes > 0 && share.reached(one.votes, base, false));
            through.extend(also.map(|(who, _)| who));
        }
        Some(through)
    }

    /// Where somebody meets or misses a share or a number of the law.
    fn points(&self, shift: Shift) -> Vec<u64> {
        let mut points: Vec<u64> =
            self.against.map(|against| meets(against, &self.standers, shift)).unwrap_or_default();
        self.of_condition(&self.rule.when, shift, &mut points);
        if let Some((base, share)) = &self.rule.also {
            self.of_share(base, *share, shift, &mut points);
        }
        points
    }

    fn of_condition(&self, when: &Condition, shift: Shift, points: &mut Vec<u64>) {
        match when {
            Condition::All(branches) | Condition::Any(branches) => {
                branches.iter().for_each(|branch| self.of_condition(branch, shift, points));
            }
            Condition::Not(inner) => self.of_condition(inner, shift, points),
            Condition::Share { base, share, .. } => self.of_share(base, *share, shift, points),
            Condition::Votes { at_least, .. } => points.extend(meets(*at_least, &self.standers, shift)),
            _ => {}
        }
    }

    /// v d and b n meet where (v + k c) d = (b + k e) n: at k = (b n - v d) / (c d - e n).
    fn of_share(&self, base: &str, share: Share, shift: Shift, points: &mut Vec<u64>) {
        let Some(base) = self.asked.iter().find(|asked| asked.name == base) else { return };
        let (num, den) = (i128::from(share.ratio().num()), i128::from(share.ratio().den()));
        let turnout = match (shift.up, shift.down) {
            (Some(_), None) => base.rise,
            (None, Some(_)) => -base.rise,
            _ => 0,
        };
        for (who, one) in self.standers.iter().enumerate() {
            let own = i128::from(shift.up == Some(who)) - i128::from(shift.down == Some(who));
            let gap = (i128::from(base.value) * num).checked_sub(i128::from(one.votes) * den);
            let slope = (own * den).checked_sub(turnout.saturating_mul(num));
            let met = gap.zip(slope).and_then(|(gap, slope)| gap.checked_div(slope));
            points.extend(met.and_then(|met| u64::try_from(met).ok()));
        }
    }
}

impl Race for FirstRound<'_> {
    fn votes(&self) -> Vec<u64> {
        self.standers.iter().map(|one| one.votes).collect()
    }

    fn standing(&self) -> Vec<usize> {
        standing(self.poll)
    }

    fn id(&self, who: usize) -> String {
        id(self.poll, who)
    }

    fn unit(&self) -> Option<String> {
        unit_of(self.poll)
    }

    fn turning(&self, _: usize, now: bool) -> Turning {
        Turning::FirstRound { stage: self.stage.id.clone(), elected: !now }
    }

    fn alone(&self) -> Option<(Move, Move)> {
        Some((Move::GainedNew, Move::LostBaseFalls))
    }

    fn meets(&self, shift: Shift) -> Vec<u64> {
        self.points(shift)
    }

    fn plain(&self) -> bool {
        false
    }

    fn certain(&self, who: usize, moved: &Moved, budget: &mut Budget) -> bool {
        budget.spend(moved.votes.len(), 1);
        let elected = elect(&self.met(moved), 1, None, &mut |_, _| None);
        !self.repeated(moved) && elected.is_ok_and(|elected| elected.elected.contains(&who))
    }
}

/// The same first round: who may stand in the second one.
struct Again<'a> {
    first: &'a FirstRound<'a>,
}

impl Race for Again<'_> {
    fn votes(&self) -> Vec<u64> {
        self.first.votes()
    }

    fn standing(&self) -> Vec<usize> {
        self.first.standing()
    }

    /// Those who are not elected already.
    fn about(&self) -> Vec<usize> {
        let now = Moved { votes: self.first.votes(), more: 0 };
        let mut budget = Budget::new(u64::MAX);
        self.first.standing().into_iter().filter(|who| !self.first.certain(*who, &now, &mut budget)).collect()
    }

    fn id(&self, who: usize) -> String {
        self.first.id(who)
    }

    fn unit(&self) -> Option<String> {
        self.first.unit()
    }

    fn turning(&self, _: usize, now: bool) -> Turning {
        Turning::StandsAgain { stage: self.first.stage.id.clone(), stands: !now }
    }

    fn alone(&self) -> Option<(Move, Move)> {
        self.first.alone()
    }

    fn meets(&self, shift: Shift) -> Vec<u64> {
        self.first.points(shift)
    }

    fn plain(&self) -> bool {
        false
    }

    fn certain(&self, who: usize, moved: &Moved, budget: &mut Budget) -> bool {
        budget.spend(moved.votes.len(), 1);
        let held = self.first.met(moved).iter().all(|one| one.votes == 0);
        held && self.first.through(moved).is_some_and(|through| through.contains(&who))
    }
}
