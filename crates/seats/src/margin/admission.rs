//! Margins of single tests, in closed form.
//!
//! With v votes, base b and the share n/d, a list passes if v d >= b n (or > b n, if strict).
//! A vote gained new raises both sides: (v + k) d >= (b + k) n, so k >= (b n - v d) / (d - n).

use super::argument::only_own;
use crate::Share;
use crate::outcome::{Exactness, Margin, Move, Outcome, Test, Turning};
use crate::rulebook::{Rulebook, StageKind};
use crate::run::view::View;

/// Which tests are asked for their margins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// All.
    All,
    /// Not those about the unit whose seats are given: there are as many as units and lists.
    NotOwn,
}

/// The margins of the share tests of an outcome.
pub(crate) fn of_admission(rulebook: &Rulebook, view: &View<'_>, outcome: &Outcome, asked: Asked) -> Vec<Margin> {
    let mut margins = Vec::new();
    for admission in &outcome.admission {
        let stage = rulebook.stage(&admission.stage).and_then(|stage| match &stage.kind {
            StageKind::Admit { contest, when } => Some((contest.as_str(), when.own_level(), only_own(when))),
            _ => None,
        });
        let contest = stage.map(|(contest, ..)| contest);
        let left_out = stage.and_then(|(_, level, _)| level).filter(|_| asked == Asked::NotOwn);
        let level = |unit: &str| view.units.get(unit).map(|unit| unit.level.as_str());
        if left_out.is_some() && stage.is_some_and(|(_, _, own)| own) {
            continue;
        }
        for test in admission.tests.iter().filter(|test| left_out.is_none() || level(&test.unit) != left_out) {
            let Some(share) = share_of(rulebook, test) else {
                continue;
            };
            let grows = contest.is_some_and(|contest| view.grows(&test.base, contest));
            let turning = Turning::Test {
                stage: admission.stage.to_string(),
                base: test.base.to_string(),
                unit: test.unit.to_string(),
                meets: !test.passed,
            };
            margins.extend(moves(test, share, grows).into_iter().map(|(by, votes)| Margin {
                list: admission.list.to_string(),
                turning: turning.clone(),
                by,
                unit: (test.unit != view.national_unit).then(|| test.unit.to_string()),
                votes,
                exactness: Exactness::Exact,
            }));
        }
    }
    margins
}

/// The share of a test that is one; attributes, quotas and numbers of votes are not.
pub(crate) fn share_of(rulebook: &Rulebook, test: &Test) -> Option<Share> {
    let named = rulebook.quantities.contains_key(test.base.as_str());
    Share::parse(&test.share).ok().filter(|_| named)
}

fn moves(test: &Test, share: Share, grows: bool) -> Vec<(Move, Option<u64>)> {
    if test.passed {
        let spare = test.votes.saturating_sub(test.needed);
        // With nothing needed, no loss makes it fail.
        let fixed = (test.needed > 0).then(|| spare.saturating_add(1));
        let mut moves = vec![(Move::LostBaseFixed, fixed)];
        if grows {
            moves.push((Move::LostBaseFalls, turn_by_absence(test, share)));
            moves.push((Move::OthersGainNew, turn_by_others(test, share)));
        }
        moves
    } else {
        let lacking = test.needed.saturating_sub(test.votes);
        // No list can have more votes than the base.
        let fixed = (test.needed <= test.base_value).then_some(lacking);
        let mut moves = vec![(Move::GainedBaseFixed, fixed)];
        if grows {
            moves.push((Move::GainedNew, turn_by_new(test, share)));
        }
        moves
    }
}

/// b n and v d.
fn sides(test: &Test, share: Share) -> (u128, u128) {
    let ratio = share.ratio();
    (u128::from(test.base_value) * u128::from(ratio.num()), u128::from(test.votes) * u128::from(ratio.den()))
}

/// The fewest new votes for the list that make it pass.
pub(crate) fn turn_by_new(test: &Test, share: Share) -> Option<u64> {
    let (asked, has) = sides(test, share);
    let rise = u128::from(share.ratio().den() - share.ratio().num());
    if rise == 0 {
        return None;
    }
    let lack = asked.saturating_sub(has);
    let votes = if test.strict { lack / rise + 1 } else { lack.div_ceil(rise) };
    u64::try_from(votes).ok()
}

/// The fewest of its voters that must stay away for it to fail.
fn turn_by_absence(test: &Test, share: Share) -> Option<u64> {
    let (asked, has) = sides(test, share);
    let fall = u128::from(share.ratio().den() - share.ratio().num());
    if fall == 0 {
        return None;
    }
    let spare = has.saturating_sub(asked);
    let votes = if test.strict { spare.div_ceil(fall) } else { spare / fall + 1 };
    u64::try_from(votes).ok().filter(|votes| *votes <= test.votes)
}

/// The fewest new votes for others that make it fail.
pub(crate) fn turn_by_others(test: &Test, share: Share) -> Option<u64> {
    let (asked, has) = sides(test, share);
    let rise = u128::from(share.ratio().num());
    if rise == 0 {
        return None;
    }
    let spare = has.saturating_sub(asked);
    let votes = if test.strict { spare.div_ceil(rise) } else { spare / rise + 1 };
    u64::try_from(votes).ok()
}
