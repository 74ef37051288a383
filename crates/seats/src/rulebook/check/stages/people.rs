//! The kinds of stages that elect people, from their keys.

use super::super::super::condition::{self, Names};
use super::super::super::people::{Declare, Limit, PassOn, Plurality, Reserve, Runoff, SeatsEach, ValidIf};
use super::super::super::raw::{self, Spanned};
use super::super::super::{ContestKind, RulebookError, StageKind};
use super::super::quantity;
use super::Place;

pub(super) fn plurality(raw: &mut raw::Stage, place: &Place<'_>) -> Result<StageKind, RulebookError> {
    let contest = of_candidates(raw.contest.as_ref(), place)?;
    Ok(StageKind::Plurality(Plurality {
        per: per(raw.per.as_ref(), &contest, place)?,
        seats: seats_each(raw.seats.take(), &contest, place)?,
        limit: raw.limit.take().map(limit).transpose()?,
        contest,
    }))
}

pub(super) fn runoff(raw: &mut raw::Stage, place: &Place<'_>) -> Result<StageKind, RulebookError> {
    let contest = of_candidates(raw.contest.as_ref(), place)?;
    let second = raw.second.take().map(|text| of_candidates(Some(&text), place)).transpose()?;
    let when = place.needs(raw.when.take(), "when")?;
    let names = Names {
        levels: &place.known.levels,
        quantities: &|name| place.known.quantities.contains_key(name),
        earlier: &[],
    };
    let span = when.span();
    let when = condition::condition(when, &names)?;
    if !when.only_shares_and_votes() {
        return Err(RulebookError::at(
            span,
            "a first round is decided by shares and votes",
            "use share and votes, joined by all, any and not",
        ));
    }
    let (top, also) = match raw.second_round.take() {
        None => (2, None),
        Some(rule) => {
            let rule = rule.into_inner();
            let also = match (rule.base, rule.at_least) {
                (Some(base), Some(share)) => Some((quantity(&base, place.known)?, raw::share(&share)?)),
                (None, None) => None,
                (Some(text), None) | (None, Some(text)) => {
                    return Err(RulebookError::at(
                        text.span(),
                        "a share needs a base, and a base a share",
                        "write second_round = { top = 2, base = \"registered\", at_least = \"1/8\" }",
                    ));
                }
            };
            (rule.top.unwrap_or(2).max(2), also)
        }
    };
    Ok(StageKind::Runoff(Runoff { per: per(raw.per.as_ref(), &contest, place)?, contest, second, when, top, also }))
}

pub(super) fn declare(raw: &mut raw::Stage, place: &Place<'_>) -> Result<StageKind, RulebookError> {
    let of = place.of(raw)?;
    raw::known(&of, &place.before.people, "plurality or runoff stage before this one")?;
    let rule = place.needs(raw.valid_if.take(), "valid_if")?;
    let span = rule.span();
    let rule = rule.into_inner();
    let valid_if = match (rule.attribute, rule.each_value_at_least, rule.some_value_at_least, rule.filled) {
        (Some(attribute), Some(at_least), None, None) => ValidIf::EachValue { attribute, at_least },
        (Some(attribute), None, Some(at_least), None) => ValidIf::SomeValue { attribute, at_least },
        (None, None, None, Some(share)) => ValidIf::Filled(raw::share(&share)?),
        _ => {
            return Err(RulebookError::at(
                span,
                "this does not say what makes the election valid",
                "write { attribute, each_value_at_least }, { attribute, some_value_at_least } or { filled }",
            ));
        }
    };
    Ok(StageKind::Declare(Declare { of: of.into_inner(), valid_if }))
}

pub(super) fn pass_on(raw: &mut raw::Stage, place: &Place<'_>) -> Result<StageKind, RulebookError> {
    let of = place.of(raw)?;
    raw::known(&of, &place.before.seats, "stage with seats before this one")?;
    place.by_quota(&of)?;
    Ok(StageKind::PassOn(PassOn { of: of.into_inner() }))
}

pub(super) fn reserve(raw: Spanned<raw::Reserve>) -> Result<Reserve, RulebookError> {
    let span = raw.span();
    let raw = raw.into_inner();
    let at_least = raw::ratio(&raw.at_least)?;
    if at_least.num() > at_least.den() {
        return Err(RulebookError::at(span, "more seats are reserved than there are", "write a ratio from 0 to 1"));
    }
    Ok(Reserve {
        attribute: raw.attribute,
        is: raw.is,
        at_least,
        round_up: raw::one_of_or(raw.rounding.as_ref(), &[("up", true), ("down", false)], true)?,
    })
}

/// A contest of candidates: the one named, or the only one.
fn of_candidates(text: Option<&Spanned<String>>, place: &Place<'_>) -> Result<String, RulebookError> {
    let polls = &place.known.polls;
    let of_people = || polls.iter().filter(|(_, contest)| contest.kind == ContestKind::Candidate);
    let names: Vec<String> = of_people().map(|(name, _)| name.clone()).collect();
    match (text, names.as_slice()) {
        (Some(text), _) => {
            raw::known(text, &names, "contest of kind `candidate`")?;
            Ok(text.as_ref().clone())
        }
        (None, [only]) => Ok(only.clone()),
        (None, _) => place.needs(None, "contest"),
    }
}

/// The level named, or that of the contest; the level of the whole is none.
fn per(text: Option<&Spanned<String>>, contest: &str, place: &Place<'_>) -> Result<Option<String>, RulebookError> {
    if let Some(text) = text {
        raw::known(text, &place.known.levels, "level")?;
    }
    let of_contest = place.known.polls.get(contest).and_then(|contest| contest.unit.clone());
    let level = text.map(|text| text.as_ref().clone()).or(of_contest);
    Ok(level.filter(|level| Some(level) != place.known.levels.first()))
}

/// Seats of the stage, or of the contest, or one.
fn seats_each(
    seats: Option<Spanned<raw::NumberOr<raw::SeatsFrom>>>,
    contest: &str,
    place: &Place<'_>,
) -> Result<SeatsEach, RulebookError> {
    let Some(seats) = seats else {
        let contest = place.known.polls.get(contest);
        return Ok(SeatsEach::Fixed(contest.and_then(|contest| contest.seats_each.or(contest.seats)).unwrap_or(1)));
    };
    let span = seats.span();
    let unknown =
        || RulebookError::at(span.clone(), "these seats are not known", "write NUMBER or { from = \"LEVEL.NAME\" }");
    match seats.into_inner() {
        raw::NumberOr::Number(number) => Ok(SeatsEach::Fixed(raw::seats_at(number, span.clone())?)),
        raw::NumberOr::Other(from) => {
            let text = from.from.ok_or_else(unknown)?;
            let (level, name) = text.as_ref().split_once('.').ok_or_else(unknown)?;
            let names = place.known.register.get(level).cloned().unwrap_or_default();
            raw::known(&Spanned::new(text.span(), name.to_owned()), &names, "number in the register")?;
            Ok(SeatsEach::Register(name.to_owned()))
        }
    }
}

fn limit(raw: Spanned<raw::Limit>) -> Result<Limit, RulebookError> {
    let span = raw.span();
    let raw = raw.into_inner();
    if raw.max_per_value == 0 {
        return Err(RulebookError::at(span, "a limit of 0 lets nobody be elected", "write max_per_value = NUMBER"));
    }
    let words = [("not_held", true), ("vacant", false)];
    Ok(Limit {
        attribute: raw.attribute,
        max_per_value: raw.max_per_value,
        not_held_if_impossible: raw::one_of_or(raw.if_impossible.as_ref(), &words, false)?,
    })
}
