//! `candidates`: people on seats. Those with enough votes of their own come first, if the rulebook
//! says so; then list order or votes. Who withdrew is passed over; a list used up leaves empty chairs.

use super::machine::{Pass, Stop, Work, allocation_of, not_yet, outcome_of};
use crate::outcome::{Member, StepKind, Tie};
use crate::refusal::Refusal;
use crate::rulebook::{CandidateOrder, Candidates, JumpBase, Stage, Strictness};
use crate::tally::{Candidate, List};
use crate::words::Remark;

pub(super) fn stage(work: &Work<'_>, stage: &Stage, rule: &Candidates, pass: &mut Pass) -> Result<(), Stop> {
    if let Some(what) = &rule.not_yet {
        return Err(not_yet(stage, what.clone()).into());
    }
    if !work.trace {
        return Ok(());
    }
    let seats = pass.of(&rule.of).seats;
    let mut unknown = Vec::new();
    for (who, (list, seats)) in work.view.lists.iter().zip(seats).enumerate() {
        if seats == 0 {
            continue;
        }
        if list.candidates.is_empty() {
            unknown.push(list.id.as_str());
            continue;
        }
        let standing = standing(work, rule, who, list, pass)?;
        seat(stage, list, &standing, seats, pass);
    }
    if !unknown.is_empty() {
        pass.note(Remark::CandidatesUnknown(unknown.into_iter().map(str::to_owned).collect()));
    }
    pass.stages.push(outcome_of(stage, "candidates"));
    Ok(())
}

/// One candidate in the order of seating.
struct Standing<'a> {
    candidate: &'a Candidate,
    /// From 1, as nominated.
    place: u64,
    /// Their own votes, where those order them; none: list order does.
    by_votes: Option<u64>,
    jumped: bool,
}

/// The candidates who can be seated, first to last.
fn standing<'a>(
    work: &Work<'_>,
    rule: &Candidates,
    who: usize,
    list: &'a List,
    pass: &Pass,
) -> Result<Vec<Standing<'a>>, Refusal> {
    let ordered = rule.order == CandidateOrder::Votes;
    let mut standing = Vec::new();
    for (candidate, place) in list.candidates.iter().zip(1u64..) {
        if rule.skip_withdrawn && candidate.withdrawn {
            continue;
        }
        let votes = match (ordered, &rule.jump) {
            (false, None) => None,
            _ => Some(votes_of(list, candidate)?),
        };
        let jumped = match votes {
            Some(votes) => jumps(work, rule, who, list, votes, pass)?,
            None => false,
        };
        let by_votes = votes.filter(|_| ordered || jumped);
        standing.push(Standing { candidate, place, by_votes, jumped });
    }
    // Those who jump first, by votes; then by votes or place. Equal votes stay in list order here:
    // `seat` stops where that would decide.
    standing.sort_by_key(|one| (!one.jumped, std::cmp::Reverse(one.by_votes.unwrap_or(0)), one.place));
    Ok(standing)
}

fn votes_of(list: &List, candidate: &Candidate) -> Result<u64, Refusal> {
    let votes = candidate.attributes.get("votes").and_then(|votes| votes.parse().ok());
    votes.ok_or_else(|| Refusal::CandidateVotesMissing { list: list.id.clone(), candidate: candidate.id.clone() })
}

/// Whether so many votes of their own lift a candidate before others.
fn jumps(
    work: &Work<'_>,
    rule: &Candidates,
    who: usize,
    list: &List,
    votes: u64,
    pass: &Pass,
) -> Result<bool, Refusal> {
    let (Some(jump), Some((_, allocation))) = (&rule.jump, allocation_of(work.rulebook, &rule.of)) else {
        return Ok(false);
    };
    let all = &work.view.of(&allocation.contest)?.whole.votes;
    // votes / (whole / parts) against the multiple.
    let (whole, parts) = match jump.of {
        JumpBase::ListMean => {
            (all.get(who).copied().map_or(0, u128::from), u128::try_from(list.candidates.len()).unwrap_or(u128::MAX))
        }
        JumpBase::HareQuota => (all.iter().map(|votes| u128::from(*votes)).sum(), u128::from(pass.house)),
    };
    let too_large = || Refusal::TooLarge { what: "a multiple of votes".to_owned(), unit: list.id.clone() };
    let left = u128::from(votes).checked_mul(parts).and_then(|v| v.checked_mul(u128::from(jump.multiple.den())));
    let right = whole.checked_mul(u128::from(jump.multiple.num())).ok_or_else(too_large)?;
    let left = left.ok_or_else(too_large)?;
    Ok(match jump.strictness {
        Strictness::AtLeast => left >= right,
        Strictness::MoreThan => left > right,
    })
}

/// Seats the first of a list. Equal votes across the last seat are a tie: those seats stay open.
fn seat(stage: &Stage, list: &List, standing: &[Standing<'_>], seats: u64, pass: &mut Pass) {
    let count = usize::try_from(seats).unwrap_or(usize::MAX);
    let mut sure = count;
    if let (Some(last), Some(next)) = (count.checked_sub(1).and_then(|last| standing.get(last)), standing.get(count)) {
        let equal = |one: &&Standing<'_>| one.jumped == last.jumped && one.by_votes == last.by_votes;
        if last.by_votes.is_some() && equal(&next) {
            let tied: Vec<&Standing<'_>> = standing.iter().filter(equal).collect();
            sure = standing.iter().take_while(|one| !equal(one)).count();
            pass.candidate_ties.push(Tie {
                stage: stage.id.clone(),
                unit: None,
                between: tied.iter().map(|one| one.candidate.id.clone()).collect(),
                seats: u64::try_from(count - sure).unwrap_or(u64::MAX),
                held: std::collections::BTreeMap::new(),
                what: StepKind::CandidateVotes,
                by_lot: false,
            });
        }
    }
    for (seat, place) in (1..=seats).zip(0usize..).take(sure) {
        let one = standing.get(place);
        pass.members.push(Member {
            list: Some(list.id.clone()),
            unit: None,
            seat,
            candidate: one.map(|one| one.candidate.id.clone()),
            name: one.map(|one| one.candidate.name.clone()),
            place: one.map(|one| one.place),
            by_preference: one.is_some_and(|one| one.jumped),
        });
    }
}
