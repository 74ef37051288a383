//! Countback: the papers that elected the one who left are counted again.

use std::collections::BTreeSet;

use super::{Because, Considered, Follows, Seat, Succession, VacatedSeat, out, superfluous};
use crate::outcome::Outcome;
use crate::ranked::{self, RankedOutcome};
use crate::refusal::{Reason, Refusal};
use crate::rulebook::{Rank, Rulebook, StageKind};
use crate::run::view::View;
use crate::tally::Tally;

/// Counts again, if the tally holds the papers.
pub(super) fn count(
    rulebook: &Rulebook,
    tally: &Tally,
    outcome: &Outcome,
    seat: &Seat,
    vacated: &VacatedSeat,
    succession: &mut Succession,
) -> Result<(), Refusal> {
    let view = View::new(rulebook, tally)?;
    let (Some(rank), Some(first)) = (stage(rulebook, seat), sheet(outcome, seat)) else {
        succession.follows = Follows::Countback;
        return Ok(());
    };
    let unit = seat.unit.as_deref().filter(|unit| *unit != view.national_unit);
    let Some(ballots) = view.papers.get(&(rank.contest.as_str(), unit)) else {
        succession.follows = Follows::Countback;
        return Ok(());
    };
    let mut may_follow = BTreeSet::new();
    for one in ballots.candidates() {
        match out(&one.id, one.withdrawn, seat, vacated) {
            None => {
                may_follow.insert(one.id.clone());
            }
            Some(because) => succession.considered.push(Considered { candidate: one.id.clone(), because }),
        }
    }
    if may_follow.is_empty() {
        return superfluous(&vacated.lots);
    }
    let again = ranked::countback(ballots, first, &rank.rules, &vacated.candidate, &may_follow, &vacated.lots)
        .map_err(|refusal| Refusal::RankedCount {
            stage: seat.stage.clone().unwrap_or_default(),
            unit: unit.unwrap_or(view.national_unit).to_owned(),
            reason: Reason::Count(refusal),
        })?;
    let winner = again.elected.first().map(|elected| elected.candidate.clone());
    for id in may_follow {
        let because = if winner.as_ref() == Some(&id) { Because::WonCountback } else { Because::LostCountback };
        if winner.is_some() {
            succession.considered.push(Considered { candidate: id, because });
        }
    }
    if let Some(tie) = &again.tie {
        succession.follows = Follows::Tied(tie.between.clone());
    } else if let Some(id) = winner {
        let one = ballots.place(&id).and_then(|place| ballots.candidates().get(place));
        let name = one.map_or_else(|| id.clone(), |one| one.name.clone());
        succession.follows = Follows::Candidate { id, name };
    }
    succession.count = Some(again);
    Ok(())
}

/// The count that elected the one who left.
fn stage<'a>(rulebook: &'a Rulebook, seat: &Seat) -> Option<&'a Rank> {
    match &rulebook.stage(seat.stage.as_deref()?)?.kind {
        StageKind::Rank(rank) => Some(rank),
        _ => None,
    }
}

/// Its sheet.
fn sheet<'a>(outcome: &'a Outcome, seat: &Seat) -> Option<&'a RankedOutcome> {
    let stage = outcome.stages.iter().find(|stage| Some(&stage.id) == seat.stage.as_ref())?;
    stage.counts.iter().find(|count| count.unit == seat.unit).map(|count| &count.sheet)
}
