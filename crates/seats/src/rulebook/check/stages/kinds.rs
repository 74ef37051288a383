//! Each kind of stage from its keys.

use super::super::super::condition::{self, Names};
use super::super::super::raw::{self, Spanned};
use super::super::super::{
    Bonus, BonusTo, CandidateOrder, Candidates, Cap, CapLimit, Compensate, Group, Held, Jump, JumpBase, Overhang,
    RulebookError, StageKind,
};
use super::super::quantity;
use super::{Place, people};

pub(super) fn admit(raw: &mut raw::Stage, place: &Place<'_>) -> Result<StageKind, RulebookError> {
    let when = place.needs(raw.when.take(), "when")?;
    let names = Names {
        levels: &place.known.levels,
        quantities: &|name| place.known.quantities.contains_key(name),
        earlier: &place.before.seats,
    };
    let span = when.span();
    let when = condition::condition(when, &names)?;
    if when.own_level().is_some_and(|level| !when.only_own_level(level)) {
        return Err(RulebookError::at(span, "a condition asks about the own unit of two levels", "name one level"));
    }
    Ok(StageKind::Admit { contest: place.contest(raw.contest.as_ref())?, when })
}

pub(super) fn cap(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Cap, RulebookError> {
    let of = place.of(raw)?;
    raw::known(&of, &place.allocations(), "allocate stage before this one")?;
    let limit = match (raw.max_seats.take(), raw.share_multiple.take()) {
        (Some(number), None) => CapLimit::Seats(raw::seats(&number)?),
        (None, Some(multiple)) => {
            let multiple = multiple.into_inner();
            CapLimit::ShareMultiple {
                multiple: raw::ratio(&multiple.multiple)?,
                base: quantity(&multiple.base, place.known)?,
                house: raw::seats(&multiple.house)?,
                also_counts: multiple.also_counts,
            }
        }
        _ => {
            return Err(RulebookError::at(
                place.span.clone(),
                "a cap needs one limit",
                "write max_seats = NUMBER or share_multiple = { multiple, base, house }",
            ));
        }
    };
    if let Some(redistribute) = &raw.redistribute {
        let redistribute = redistribute.as_ref();
        raw::one_of(&redistribute.without, &[("capped", ())])?;
        if redistribute.stage.as_ref() != of.as_ref() {
            return Err(RulebookError::at(
                redistribute.stage.span(),
                "the stage that runs again must be the one that is capped",
                format!("write stage = \"{}\"", of.as_ref()),
            ));
        }
    }
    Ok(Cap { of: of.into_inner(), limit, redistribute: raw.redistribute.is_some() })
}

pub(super) fn group(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Group, RulebookError> {
    let contenders = place.needs(raw.contenders.take(), "contenders")?;
    raw::known(&contenders, &place.before.admits, "admit stage before this one")?;
    Ok(Group {
        contenders: contenders.into_inner(),
        only_if_all_admitted: raw.only_if_all_admitted.as_ref().is_none_or(|flag| *flag.as_ref()),
    })
}

pub(super) fn bonus(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Bonus, RulebookError> {
    let of = place.of(raw)?;
    raw::known(&of, &place.before.seats, "stage with seats before this one")?;
    let majority = raw::one_of(&place.needs(raw.to.take(), "to")?, &[("largest_list", false), ("majority", true)])?;
    if majority {
        if let Some(seats) = &raw.seats {
            return Err(RulebookError::at(
                seats.span(),
                "an absolute majority of votes takes one seat from another list",
                "remove seats",
            ));
        }
        place.by_quota(&of)?;
        return Ok(Bonus { of: of.into_inner(), to: BonusTo::Majority });
    }
    let seats = place.needs(raw.seats.take(), "seats")?;
    let span = seats.span();
    match seats.into_inner() {
        raw::NumberOr::Number(number) => {
            Ok(Bonus { of: of.into_inner(), to: BonusTo::LargestList(raw::seats_at(number, span)?) })
        }
        raw::NumberOr::Other(_) => Err(RulebookError::at(span, "a bonus is a number of seats", "write seats = NUMBER")),
    }
}

pub(super) fn compensate(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Compensate, RulebookError> {
    let of = place.of(raw)?;
    raw::known(&of, &place.allocations(), "allocate stage before this one")?;
    for (text, name) in [(&raw.contest, "contest"), (&raw.base, "base")] {
        if let Some(text) = text {
            let what = format!("`{name}` is about the shares of winners, who all keep their seats here");
            return Err(RulebookError::at(text.span(), what, "remove it, or write overhang = \"forfeit\""));
        }
    }
    let words = [("exclude_rerun", Overhang::ExcludeRerun), ("keep_enlarge", Overhang::KeepEnlarge)];
    let held = place.needs(raw.held.take(), "held")?.into_inner();
    Ok(Compensate {
        of: of.into_inner(),
        held: if place.before.seats.contains(&held) { Held::Stage(held) } else { Held::Attribute(held) },
        overhang: raw::one_of(&place.needs(raw.overhang.take(), "overhang")?, &words)?,
    })
}

pub(super) fn candidates(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Candidates, RulebookError> {
    let of = place.of(raw)?;
    raw::known(&of, &place.before.seats, "stage with seats before this one")?;
    let order = place.needs(raw.order.take(), "order")?;
    raw::one_of_or(raw.on_exhausted.as_ref(), &[("vacant", ())], ())?;
    if let Some(first) = &raw.first {
        raw::known(first, &place.before.people, "plurality or runoff stage before this one")?;
    }
    Ok(Candidates {
        of: of.into_inner(),
        order: raw::one_of(&order, &[("list", CandidateOrder::List), ("votes", CandidateOrder::Votes)])?,
        jump: raw.jump.take().map(jump).transpose()?,
        skip_withdrawn: raw::one_of_or(raw.withdrawn.as_ref(), &[("skip", true), ("keep", false)], true)?,
        first: raw.first.take().map(Spanned::into_inner),
        without: raw.without.take().map(|without| without_stages(without, place)).transpose()?.unwrap_or_default(),
        reserve: raw.reserve.take().map(people::reserve).transpose()?,
    })
}

/// Stages that put people on seats before this one.
fn without_stages(raw: Spanned<raw::OneOrMore>, place: &Place<'_>) -> Result<Vec<String>, RulebookError> {
    let span = raw.span();
    let seating = place.done.iter().filter(|stage| {
        matches!(stage.kind, StageKind::Plurality(_) | StageKind::Runoff(_) | StageKind::Candidates(_))
    });
    let names: Vec<String> = seating.map(|stage| stage.id.clone()).collect();
    let stages = raw.into_inner().0;
    for stage in &stages {
        raw::known(&Spanned::new(span.clone(), stage.clone()), &names, "stage that seats people before this one")?;
    }
    Ok(stages)
}

fn jump(raw: Spanned<raw::Jump>) -> Result<Jump, RulebookError> {
    let span = raw.span();
    let raw = raw.into_inner();
    let (strictness, text) = condition::strictness(raw.at_least, raw.more_than, &span)?;
    let words =
        [("list_mean", JumpBase::ListMean), ("list_votes", JumpBase::ListVotes), ("hare_quota", JumpBase::HareQuota)];
    Ok(Jump { multiple: raw::ratio(&text)?, strictness, of: raw::one_of(&raw.of, &words)? })
}
