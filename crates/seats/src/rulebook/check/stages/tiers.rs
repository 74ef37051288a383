//! The keys of `minimum`, `grow`, `place`, `biproportional`, and of winners that must be covered.

use super::super::super::raw::{self, Spanned};
use super::super::super::{
    Biproportional, Capacity, Cover, Divisors, Expression, Formula, Grow, Ignored, Minimum, PlaceOrder, RulebookError,
    Scale, Voters, formula,
};
use super::super::quantity;
use super::{Place, allocate};

pub(super) fn minimum(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Minimum, RulebookError> {
    let text = place.needs(raw.per_party.take(), "per_party")?;
    let wrong = |why: String, help: String| RulebookError::at(text.span(), why, help);
    let per_party = Expression::parse(text.as_ref()).map_err(|(at, why)| {
        let before = text.as_ref().get(..at).unwrap_or_default().chars().count();
        wrong(format!("this expression makes no sense after {before} characters: {why}"), HELP.to_owned())
    })?;
    for (stage, _) in per_party.stages() {
        raw::known(
            &Spanned::new(text.span(), stage.to_owned()),
            &place.before.seats,
            "stage with seats before this one",
        )?;
    }
    for level in per_party.levels() {
        raw::known(&Spanned::new(text.span(), level.to_owned()), &place.known.levels, "level")?;
    }
    if per_party.has_sum_in_sum() {
        return Err(wrong("a sum stands inside another".to_owned(), "sum over one level at a time".to_owned()));
    }
    Ok(Minimum { per_party })
}

const HELP: &str = "use earlier stages, numbers, + - * /, max(), min(), ceil(), floor() and `sum over LEVEL of ...`";

/// A divisor rule whose first divisor is not zero: the others have no quotient before the first seat.
fn rule(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Divisors, RulebookError> {
    let raw = place.needs(raw.formula.take(), "formula")?;
    let span = raw.span();
    match formula::formula(raw)? {
        Formula::Divisor(rule) if !matches!(rule, Divisors::Adams | Divisors::HuntingtonHill) => Ok(rule),
        _ => Err(RulebookError::at(
            span,
            "this kind of stage needs a divisor rule with a quotient for the first seat",
            "write, for example, { family = \"divisor\", rule = \"sainte_lague\" }",
        )),
    }
}

fn contest(raw: &raw::Stage, contenders: Option<&str>, place: &Place<'_>) -> Result<String, RulebookError> {
    match (&raw.contest, contenders.and_then(|id| place.contest_of(id))) {
        (None, Some(contest)) => Ok(contest),
        (text, _) => place.contest(text.as_ref()),
    }
}

fn contenders(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Option<String>, RulebookError> {
    let Some(text) = raw.contenders.take() else { return Ok(None) };
    raw::known(&text, &place.before.admits, "admit stage before this one")?;
    Ok(Some(text.into_inner()))
}

fn with_seats(text: Option<Spanned<String>>, place: &Place<'_>) -> Result<Option<String>, RulebookError> {
    let Some(text) = text else { return Ok(None) };
    raw::known(&text, &place.before.seats, "stage with seats before this one")?;
    Ok(Some(text.into_inner()))
}

fn level(raw: &mut raw::Stage, place: &Place<'_>) -> Result<String, RulebookError> {
    let text = place.needs(raw.scope.take(), "in")?;
    raw::known(&text, &place.known.levels, "level")?;
    Ok(text.into_inner())
}

pub(super) fn grow(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Grow, RulebookError> {
    let contenders = contenders(raw, place)?;
    if let Some(scope) = &raw.scope
        && Some(scope.as_ref()) != place.known.levels.first()
        && scope.as_ref() != "national"
    {
        return Err(RulebookError::at(
            scope.span(),
            "only the whole house grows",
            "write in = \"national\" or leave it out",
        ));
    }
    let start = place.needs(raw.start.take(), "start")?;
    let span = start.span();
    let start = match start.into_inner() {
        raw::NumberOrText::Number(number) => raw::seats_at(number, span)?,
        raw::NumberOrText::Text(_) => {
            return Err(RulebookError::at(span, "a house grows from a number of seats", "write start = NUMBER"));
        }
    };
    let until = place.needs(raw.until.take(), "until")?.into_inner();
    let minima: Vec<String> = place.minima();
    raw::known(&until.every, &minima, "stage of kind `minimum` before this one")?;
    let ignored = match until.shortfall_ignored {
        None => None,
        Some(ignored) => {
            // The word alone is read; a run needs the stage that says how much of it each list has.
            if let Some(only) = ignored.only_from.as_ref().filter(|only| only.as_ref() != "overhang") {
                raw::known(only, &minima, "stage of kind `minimum` before this one")?;
            }
            let max_total = ignored.max_total;
            Some(Ignored { max_total, only_from: ignored.only_from.map(Spanned::into_inner) })
        }
    };
    Ok(Grow {
        contest: contest(raw, contenders.as_deref(), place)?,
        contenders,
        start,
        outside: with_seats(raw.outside.take(), place)?,
        rule: rule(raw, place)?,
        every: until.every.into_inner(),
        ignored,
        add_shortfall: raw::one_of_or(raw.then.as_ref(), &[("add_shortfall", true), ("nothing", false)], false)?,
    })
}

pub(super) fn place(raw: &mut raw::Stage, place: &Place<'_>) -> Result<super::super::super::Place, RulebookError> {
    let of = place.of(raw)?;
    raw::known(&of, &place.before.seats, "stage with seats before this one")?;
    let scales = [("none", Scale::None), ("votes_per_seat", Scale::VotesPerSeat), ("share", Scale::Share)];
    let orders = [("largest", PlaceOrder::Largest), ("national", PlaceOrder::National)];
    let start = match raw.start.take() {
        None => None,
        Some(start) => Some(allocate::start_of(start, place)?),
    };
    Ok(super::super::super::Place {
        contest: contest(raw, None, place)?,
        of: of.into_inner(),
        start,
        level: level(raw, place)?,
        rule: rule(raw, place)?,
        scale: raw::one_of_or(raw.scale.as_ref(), &scales, Scale::None)?,
        capacity: raw.capacity.take().map(|capacity| self::capacity(capacity, place)).transpose()?,
        order: raw::one_of_or(raw.order.as_ref(), &orders, PlaceOrder::Largest)?,
    })
}

/// A number, `{ from = "LEVEL.name" }` or `{ from = "STAGE" }` of a stage that gives seats to units.
fn capacity(text: Spanned<raw::NumberOr<raw::SeatsFrom>>, place: &Place<'_>) -> Result<Capacity, RulebookError> {
    let span = text.span();
    match text.into_inner() {
        raw::NumberOr::Number(number) => raw::seats_at(number, span).map(Capacity::Fixed),
        raw::NumberOr::Other(raw::SeatsFrom { from: Some(text), left_by: None }) => {
            if let Some((level, name)) = allocate::register(&text, place)? {
                return Ok(Capacity::Register { level, name });
            }
            raw::known(&text, &place.before.unit_seats, "earlier stage that gives seats to units")?;
            Ok(Capacity::Stage(text.into_inner()))
        }
        raw::NumberOr::Other(_) => Err(RulebookError::at(
            span,
            "it is not said where the seats of a unit come from",
            "write a number, { from = \"STAGE\" } or { from = \"LEVEL.name\" }",
        )),
    }
}

pub(super) fn biproportional(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Biproportional, RulebookError> {
    let contenders = contenders(raw, place)?;
    let voters = [("rounded", Voters::Rounded), ("votes", Voters::Votes)];
    Ok(Biproportional {
        contest: contest(raw, contenders.as_deref(), place)?,
        contenders,
        level: level(raw, place)?,
        seats: capacity(place.needs(raw.seats.take(), "seats")?, place)?,
        voters: raw::one_of(&place.needs(raw.voters.take(), "voters")?, &voters)?,
        rule: rule(raw, place)?,
    })
}

pub(super) fn cover(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Cover, RulebookError> {
    let of = place.of(raw)?;
    raw::known(&of, &place.before.seats, "stage with seats before this one")?;
    let held = with_seats(Some(place.needs(raw.held.take(), "held")?), place)?;
    Ok(Cover {
        of: of.into_inner(),
        held: held.unwrap_or_default(),
        contest: place.contest(raw.contest.as_ref())?,
        base: quantity(&place.needs(raw.base.take(), "base")?, place.known)?,
    })
}
