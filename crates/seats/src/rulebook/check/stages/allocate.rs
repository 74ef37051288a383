//! The keys of `allocate` and `sum`, and which of them fit together.

use super::super::super::raw::{self, Spanned};
use super::super::super::{Allocate, Formula, Per, RulebookError, SeatCount, StageKind, Sum, Weights, formula};
use super::Place;

pub(super) fn allocate(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Allocate, RulebookError> {
    let per = raw.per.take().map(|text| per(&text, place)).transpose()?;
    let (contenders, units) = contenders(raw.contenders.take(), place)?;
    if let (Some(Per::Party), None) | (Some(Per::Unit(_)), Some(_)) = (&per, &units) {
        return Err(RulebookError::at(
            place.span.clone(),
            "`per` and `contenders` do not fit",
            "with per = \"party\" write contenders = \"units:LEVEL\"; with per = \"LEVEL\" the contenders are lists",
        ));
    }
    let weights = raw.weights.take();
    if let (Some(text), None) = (&weights, &units) {
        let help = "remove it, or give the seats to units: contenders = \"units:LEVEL\"";
        return Err(RulebookError::at(text.span(), "`weights` are of units, and lists contend here", help));
    }
    let weights = weights.map(|text| self::weights(&text, place)).transpose()?;
    let seats = seats(place.needs(raw.seats.take(), "seats")?, per.as_ref(), place)?;
    let formula = formula::formula(place.needs(raw.formula.take(), "formula")?)?;
    let allocate = Allocate {
        contest: contest(raw, contenders.as_deref(), weights.as_ref(), place)?,
        remainders_of: raw.votes.take().map(|votes| remainders(votes.into_inner(), place)).transpose()?,
        start: raw.start.take().map(|start| start_of(start, place)).transpose()?,
        at_least: earlier(raw.at_least.take(), place)?,
        outside: earlier(raw.outside.take(), place)?,
        minimum: raw.minimum.as_ref().map_or(Ok(0), raw::seats)?,
        next_when_exhausted: raw::one_of_or(
            raw.on_exhausted.as_ref(),
            &[("next_quotient", true), ("ignore", false)],
            false,
        )?,
        contenders,
        units,
        per,
        weights,
        seats,
        formula,
    };
    fits(&allocate, place)?;
    Ok(allocate)
}

/// Combinations that have no meaning.
fn fits(allocate: &Allocate, place: &Place<'_>) -> Result<(), RulebookError> {
    let wrong = |what: &str, help: &str| Err(RulebookError::at(place.span.clone(), what.to_owned(), help));
    let lists_in_whole = allocate.units.is_none() && allocate.per.is_none();
    if allocate.remainders_of.is_some() && !lists_in_whole {
        return wrong("remainders are pooled in the whole only", "remove `per` and `units:` from this stage");
    }
    if allocate.outside.is_some() && allocate.units.is_some() {
        return wrong("`outside` is about lists, and units contend here", "remove it");
    }
    if matches!((&allocate.units, &allocate.per), (Some(_), None))
        && (allocate.start.is_some() || allocate.at_least.is_some())
    {
        return wrong(
            "units have no seats at the outset here",
            "remove `start` and `at_least`, or use minimum = NUMBER",
        );
    }
    if matches!(allocate.seats, SeatCount::LeftBy(_)) && !lists_in_whole {
        return wrong("what a stage left is given in the whole only", "remove `per` and `units:` from this stage");
    }
    let national = place.known.levels.first();
    match (&allocate.seats, &allocate.per) {
        (SeatCount::Register { level, .. }, None) if Some(level) != national => {
            wrong("the register's seats are per unit, and this stage is not", "add per = \"LEVEL\", or write a number")
        }
        (SeatCount::Register { .. }, Some(Per::Party)) => {
            wrong("the register has no seats of lists", "write { from = \"STAGE\" }")
        }
        _ => Ok(()),
    }
}

fn per(text: &Spanned<String>, place: &Place<'_>) -> Result<Per, RulebookError> {
    if text.as_ref() == "party" {
        return Ok(Per::Party);
    }
    raw::known(text, &place.known.levels, "level (or `party`)")?;
    Ok(Per::Unit(text.as_ref().clone()))
}

/// Lists by their admission, or units by their level.
fn contenders(
    text: Option<Spanned<String>>,
    place: &Place<'_>,
) -> Result<(Option<String>, Option<String>), RulebookError> {
    let Some(text) = text else { return Ok((None, None)) };
    if let Some(level) = text.as_ref().strip_prefix("units:") {
        let level = level.to_owned();
        raw::known(&Spanned::new(text.span(), level.clone()), &place.known.levels, "level")?;
        return Ok((None, Some(level)));
    }
    raw::known(&text, &place.before.contenders, "admit or group stage before this one")?;
    Ok((Some(text.into_inner()), None))
}

/// `LEVEL.NAME` of the register.
pub(super) fn register(text: &Spanned<String>, place: &Place<'_>) -> Result<Option<(String, String)>, RulebookError> {
    let Some((level, name)) = text.as_ref().split_once('.') else { return Ok(None) };
    raw::known(&Spanned::new(text.span(), level.to_owned()), &place.known.levels, "level")?;
    let names: Vec<String> = place.known.register.get(level).cloned().unwrap_or_default();
    raw::known(&Spanned::new(text.span(), name.to_owned()), &names, "number in [register]")?;
    Ok(Some((level.to_owned(), name.to_owned())))
}

fn weights(text: &Spanned<String>, place: &Place<'_>) -> Result<Weights, RulebookError> {
    if let Some((level, name)) = register(text, place)? {
        return Ok(Weights::Register { level, name });
    }
    if place.known.contests.contains(text.as_ref()) {
        return Ok(Weights::Contest(text.as_ref().clone()));
    }
    let names: Vec<String> = place.known.quantities.keys().cloned().collect();
    raw::known(text, &names, "contest, base or register number (`LEVEL.name`)")?;
    Ok(Weights::Quantity(text.as_ref().clone()))
}

pub(super) fn seats(
    seats: Spanned<raw::NumberOr<raw::SeatsFrom>>,
    per: Option<&Per>,
    place: &Place<'_>,
) -> Result<SeatCount, RulebookError> {
    let span = seats.span();
    match seats.into_inner() {
        raw::NumberOr::Number(number) => raw::seats_at(number, span).map(SeatCount::Fixed),
        raw::NumberOr::Other(raw::SeatsFrom { from: Some(text), left_by: None }) => {
            if let Some((level, name)) = register(&text, place)? {
                return Ok(SeatCount::Register { level, name });
            }
            let (names, what) = match per {
                Some(Per::Unit(_)) => (&place.before.unit_seats, "earlier stage that gives seats to units"),
                _ => (&place.before.seats, "earlier stage that gives seats to lists"),
            };
            raw::known(&text, names, what)?;
            Ok(SeatCount::Stage(text.into_inner()))
        }
        raw::NumberOr::Other(raw::SeatsFrom { from: None, left_by: Some(text) }) => {
            raw::known(&text, &place.before.seats, "stage with seats before this one")?;
            Ok(SeatCount::LeftBy(text.into_inner()))
        }
        raw::NumberOr::Other(_) => Err(RulebookError::at(
            span,
            "it is not said once where the number of seats comes from",
            "write { from = \"STAGE\" }, { from = \"LEVEL.name\" } or { left_by = \"STAGE\" }",
        )),
    }
}

fn contest(
    raw: &raw::Stage,
    contenders: Option<&str>,
    weights: Option<&Weights>,
    place: &Place<'_>,
) -> Result<String, RulebookError> {
    // The contest of the admission, unless another is named.
    let admitted_in = contenders.and_then(|id| place.contest_of(id));
    match (raw.contest.as_ref(), admitted_in, weights) {
        (None, Some(contest), _) => Ok(contest),
        (None, None, Some(Weights::Contest(contest))) => Ok(contest.clone()),
        (None, None, Some(Weights::Register { .. })) => Ok(String::new()),
        (text, _, _) => place.contest(text),
    }
}

/// Only a quota in whole votes leaves remainders that can be added up over units.
fn remainders(votes: raw::VotesFrom, place: &Place<'_>) -> Result<String, RulebookError> {
    let of = votes.remainders_of;
    let whole = |stage: &&super::super::super::Stage| match &stage.kind {
        StageKind::Allocate(Allocate { formula: Formula::Quota(rule), units: None, .. }) => {
            rule.remainder.is_empty() && rule.is_whole()
        }
        _ => false,
    };
    let names: Vec<String> = place.done.iter().filter(whole).map(|stage| stage.id.clone()).collect();
    raw::known(&of, &names, "earlier quota stage with a whole quota and remainder = \"none\"")?;
    Ok(of.into_inner())
}

pub(super) fn start_of(start: Spanned<raw::NumberOrText>, place: &Place<'_>) -> Result<String, RulebookError> {
    let span = start.span();
    match start.into_inner() {
        raw::NumberOrText::Text(text) => {
            let text = Spanned::new(span, text);
            raw::known(&text, &place.before.seats, "stage with seats before this one")?;
            Ok(text.into_inner())
        }
        raw::NumberOrText::Number(_) => {
            Err(RulebookError::at(span, "an allocation starts from a stage's seats", "write start = \"STAGE\""))
        }
    }
}

fn earlier(text: Option<Spanned<String>>, place: &Place<'_>) -> Result<Option<String>, RulebookError> {
    let Some(text) = text else { return Ok(None) };
    raw::known(&text, &place.before.seats, "stage with seats before this one")?;
    Ok(Some(text.into_inner()))
}

pub(super) fn sum(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Sum, RulebookError> {
    let of = place.needs(raw.of.take(), "of")?;
    let span = of.span();
    let of = of.into_inner().0;
    for stage in &of {
        raw::known(
            &Spanned::new(span.clone(), stage.clone()),
            &place.before.seats,
            "stage with seats before this one",
        )?;
    }
    let distinct: std::collections::BTreeSet<_> = of.iter().collect();
    if of.len() < 2 || distinct.len() != of.len() {
        return Err(RulebookError::at(span, "a sum needs two different stages", "write of = [\"STAGE\", \"STAGE\"]"));
    }
    Ok(Sum { of })
}
