//! `runoff`: one seat in each unit, in two rounds. Who meets the condition is elected in the first;
//! otherwise the first of them stand again, and the second contest's figures decide, if they are there.

use super::machine::{Pass, Stop, Work};
use super::plurality::{Sum, against_all_leads, declare, one, polls, standers, unit_of};
use super::view::Poll;
use crate::formula::plurality::{Elected, Stander};
use crate::outcome::Declared;
use crate::refusal::{Reason, Refusal};
use crate::rulebook::{Condition, Runoff, Stage, Strictness};
use crate::words::Remark;

pub(super) fn stage(work: &Work<'_>, stage: &Stage, rule: &Runoff, pass: &mut Pass) -> Result<(), Stop> {
    let mut sum = Sum::new(work, rule.per.as_deref());
    for poll in polls(work, stage, &rule.contest, rule.per.as_deref())? {
        sum.house = sum.house.saturating_add(1);
        let nobody = Elected { vacant: 1, ..Elected::default() };
        if against_all_leads(work, stage, &rule.contest, poll, pass)? {
            sum.add(work, stage, poll, &nobody, pass);
            continue;
        }
        let first = first_round(work, rule, poll)?;
        if first.iter().any(|one| one.votes > 0) {
            let elected = one(work, stage, poll, &first, 1, None)?;
            sum.add(work, stage, poll, &elected, pass);
            continue;
        }
        let again = again(work, stage, rule, poll)?;
        match second_poll(work, rule, poll) {
            Some(second) => {
                let allowed = allowed(second, &again)?;
                let elected = one(work, stage, second, &allowed, 1, None)?;
                sum.add(work, stage, second, &elected, pass);
            }
            None => {
                let says = Remark::NobodyInFirstRound;
                declare(stage, poll, Declared::SecondRound, again, says, pass);
                sum.add(work, stage, poll, &nobody, pass);
            }
        }
    }
    sum.record(work, stage, "runoff", pass);
    Ok(())
}

/// Those who meet the condition; the others without votes.
fn first_round(work: &Work<'_>, rule: &Runoff, poll: &Poll<'_>) -> Result<Vec<Stander>, Refusal> {
    let mut all = standers(poll, None);
    for one in &mut all {
        if one.votes > 0 && !meets(work, &rule.contest, &rule.when, poll, one.votes)? {
            one.votes = 0;
        }
    }
    Ok(all)
}

fn meets(work: &Work<'_>, contest: &str, when: &Condition, poll: &Poll<'_>, votes: u64) -> Result<bool, Refusal> {
    match when {
        Condition::All(branches) => {
            branches.iter().try_fold(true, |all, branch| Ok(all & meets(work, contest, branch, poll, votes)?))
        }
        Condition::Any(branches) => {
            branches.iter().try_fold(false, |any, branch| Ok(any | meets(work, contest, branch, poll, votes)?))
        }
        Condition::Not(inner) => Ok(!meets(work, contest, inner, poll, votes)?),
        Condition::Share { base, strictness, share, .. } => {
            let base = base_of(work, contest, base, poll)?;
            Ok(share.reached(votes, base, *strictness == Strictness::MoreThan))
        }
        Condition::Votes { at_least, .. } => Ok(votes >= *at_least),
        // Refused when the rulebook is read.
        _ => Ok(false),
    }
}

/// A base in the unit of the poll.
pub(crate) fn base_of(work: &Work<'_>, contest: &str, base: &str, poll: &Poll<'_>) -> Result<u64, Refusal> {
    match poll.unit {
        None => work.view.base(base, contest, None),
        Some(unit) => {
            let figures = work.view.figures_in(contest, unit)?;
            work.view.base(base, contest, Some((&unit.id, figures)))
        }
    }
}

/// The ids of those who may stand again.
fn again(work: &Work<'_>, stage: &Stage, rule: &Runoff, poll: &Poll<'_>) -> Result<Vec<String>, Stop> {
    let all = standers(poll, None);
    let top = one(work, stage, poll, &all, rule.top, None)?;
    let mut places = top.elected;
    if let Some((base, share)) = &rule.also {
        let base = base_of(work, &rule.contest, base, poll)?;
        let also = all.iter().enumerate().filter(|(_, one)| one.votes > 0 && share.reached(one.votes, base, false));
        places.extend(also.map(|(place, _)| place));
    }
    places.sort_unstable();
    places.dedup();
    Ok(places.iter().filter_map(|place| poll.entries.get(*place)).map(|entry| entry.id.to_owned()).collect())
}

/// The figures of the second round, if the tally has them.
pub(crate) fn second_poll<'a>(work: &Work<'a>, rule: &Runoff, poll: &Poll<'_>) -> Option<&'a Poll<'a>> {
    let unit = unit_of(poll).unwrap_or_else(|| work.view.national_unit.to_owned());
    work.view.polls.get(rule.second.as_deref()?)?.get(unit.as_str())
}

/// The second round with those who may stand; votes for others cannot be.
fn allowed(second: &Poll<'_>, again: &[String]) -> Result<Vec<Stander>, Refusal> {
    let foreign = second.entries.iter().find(|entry| entry.votes > 0 && !again.iter().any(|id| id == entry.id));
    match foreign {
        Some(entry) => Err(Refusal::BadNominee {
            nominee: entry.id.to_owned(),
            reason: Reason::NotInSecondRound(again.iter().collect()),
        }),
        None => Ok(standers(second, None)),
    }
}
