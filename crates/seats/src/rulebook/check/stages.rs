//! Stages: each kind with the keys that have a meaning for it, and no others.

use super::super::condition::{self, Names, scope_of};
use super::super::raw::{self, Spanned};
use super::super::{
    Allocate, Bonus, CandidateOrder, Candidates, Cap, CapLimit, Compensate, Doubt, DoubtField, Group, Jump, JumpBase,
    Overhang, RulebookError, SeatCount, Stage, StageKind, TieRule, formula,
};
use super::{Known, law, quantity, status};

/// The kinds that are read, checked for their references, and computed by a later version.
const LATER: [&str; 8] = ["minimum", "grow", "place", "biproportional", "plurality", "runoff", "rank", "declare"];

/// What has been read so far: stages may refer to what stands before them.
#[derive(Default)]
struct Before {
    all: Vec<String>,
    admits: Vec<String>,
    contenders: Vec<String>,
    seats: Vec<String>,
}

pub(super) fn stages(raw: Vec<Spanned<raw::Stage>>, known: &Known) -> Result<Vec<Stage>, RulebookError> {
    let mut before = Before::default();
    let mut stages: Vec<Stage> = Vec::new();
    for stage in raw {
        let span = stage.span();
        let stage = stage.into_inner();
        if before.all.contains(stage.id.as_ref()) || stage.id.as_ref().is_empty() {
            return Err(RulebookError::at(
                stage.id.span(),
                format!("the stage id `{}` is empty or taken", stage.id.as_ref()),
                "give each stage its own id",
            ));
        }
        let stage = one(stage, &Place { span, before: &before, done: &stages, known })?;
        before.all.push(stage.id.clone());
        match &stage.kind {
            StageKind::Admit { .. } => {
                before.admits.push(stage.id.clone());
                before.contenders.push(stage.id.clone());
            }
            StageKind::Group(_) => before.contenders.push(stage.id.clone()),
            StageKind::Candidates(_) => {}
            _ => before.seats.push(stage.id.clone()),
        }
        stages.push(stage);
    }
    Ok(stages)
}

struct Place<'a> {
    span: std::ops::Range<usize>,
    before: &'a Before,
    done: &'a [Stage],
    known: &'a Known,
}

impl Place<'_> {
    fn needs<T>(&self, field: Option<T>, name: &str) -> Result<T, RulebookError> {
        field.ok_or_else(|| {
            RulebookError::at(
                self.span.clone(),
                format!("this stage does not say `{name}`"),
                format!("add {name} = ..."),
            )
        })
    }

    /// The allocate stages before this one.
    fn allocations(&self) -> Vec<String> {
        let allocations = self.done.iter().filter(|stage| matches!(stage.kind, StageKind::Allocate(_)));
        allocations.map(|stage| stage.id.clone()).collect()
    }

    /// The contest of the admission that contenders come from.
    fn contest_of(&self, contenders: &str) -> Option<String> {
        let stage = self.done.iter().find(|stage| stage.id == contenders)?;
        match &stage.kind {
            StageKind::Admit { contest, .. } => Some(contest.clone()),
            StageKind::Group(group) => self.contest_of(&group.contenders),
            _ => None,
        }
    }

    /// The contest named, or the only one.
    fn contest(&self, text: Option<&Spanned<String>>) -> Result<String, RulebookError> {
        if let Some(text) = text {
            raw::known(text, &self.known.contests, "contest")?;
            return Ok(text.as_ref().clone());
        }
        match self.known.contests.as_slice() {
            [only] => Ok(only.clone()),
            _ => self.needs(None, "contest"),
        }
    }
}

fn one(mut raw: raw::Stage, place: &Place<'_>) -> Result<Stage, RulebookError> {
    law(raw.law.as_ref(), place.known)?;
    let kind_name = raw.kind.as_ref().clone();
    let allowed: &[&str] = match kind_name.as_str() {
        "admit" => &["contest", "when", "doubt"],
        "allocate" => &[
            "contest",
            "contenders",
            "seats",
            "formula",
            "minimum",
            "ties",
            "on_exhausted",
            "per",
            "weights",
            "at_least",
            "start",
            "doubt",
        ],
        "cap" => &["of", "max_seats", "share_multiple", "redistribute", "ties", "doubt"],
        "group" => &["contenders", "only_if_all_admitted"],
        "bonus" => &["of", "seats", "to", "ties"],
        "compensate" => &["of", "held", "overhang", "ties"],
        "candidates" => &["of", "order", "withdrawn", "on_exhausted", "first", "jump"],
        other if LATER.contains(&other) => &[],
        other => {
            return Err(RulebookError::at(
                raw.kind.span(),
                format!("there is no stage kind `{other}`"),
                format!("use admit, group, allocate, cap, bonus, compensate, candidates, {}", LATER.join(", ")),
            ));
        }
    };
    if !allowed.is_empty() {
        refuse_others(&raw, allowed)?;
    }
    let ties = ties(raw.ties.take())?;
    let kind = match kind_name.as_str() {
        "admit" => admit(&mut raw, place)?,
        "allocate" => StageKind::Allocate(allocate(&mut raw, place)?),
        "cap" => StageKind::Cap(cap(&mut raw, place)?),
        "group" => StageKind::Group(group(&mut raw, place)?),
        "bonus" => StageKind::Bonus(bonus(&mut raw, place)?),
        "compensate" => StageKind::Compensate(compensate(&mut raw, place)?),
        "candidates" => StageKind::Candidates(candidates(&mut raw, place)?),
        _ => later(&raw, place)?,
    };
    Ok(Stage {
        doubt: raw.doubt.map(|doubt| self::doubt(doubt, &kind, place.known)).transpose()?,
        id: raw.id.into_inner(),
        law: raw.law.map(Spanned::into_inner),
        is_reading: status(raw.status.as_ref())?,
        kind,
        ties,
    })
}

/// Refuses a key that is known to the schema but has no meaning for this kind.
fn refuse_others(raw: &raw::Stage, allowed: &[&str]) -> Result<(), RulebookError> {
    let span = |text: &Option<Spanned<String>>| text.as_ref().map(Spanned::span);
    let value = |value: &Option<Spanned<toml::Value>>| value.as_ref().map(Spanned::span);
    let given = [
        ("contest", span(&raw.contest)),
        ("when", raw.when.as_ref().map(Spanned::span)),
        ("doubt", raw.doubt.as_ref().map(|doubt| doubt.field.span())),
        ("contenders", span(&raw.contenders)),
        ("seats", raw.seats.as_ref().map(Spanned::span)),
        ("formula", raw.formula.as_ref().map(Spanned::span)),
        ("minimum", raw.minimum.as_ref().map(Spanned::span)),
        ("ties", raw.ties.as_ref().and_then(|ties| ties.first()).map(Spanned::span)),
        ("of", span(&raw.of)),
        ("max_seats", raw.max_seats.as_ref().map(Spanned::span)),
        ("share_multiple", raw.share_multiple.as_ref().map(Spanned::span)),
        ("redistribute", raw.redistribute.as_ref().map(Spanned::span)),
        ("order", span(&raw.order)),
        ("withdrawn", span(&raw.withdrawn)),
        ("on_exhausted", span(&raw.on_exhausted)),
        ("per", span(&raw.per)),
        ("weights", span(&raw.weights)),
        ("jump", raw.jump.as_ref().map(Spanned::span)),
        ("only_if_all_admitted", raw.only_if_all_admitted.as_ref().map(Spanned::span)),
        ("to", span(&raw.to)),
        ("held", span(&raw.held)),
        ("overhang", span(&raw.overhang)),
        ("at_least", span(&raw.at_least)),
        ("first", span(&raw.first)),
        ("start", value(&raw.start)),
        ("until", value(&raw.until)),
        ("then", span(&raw.then)),
        ("in", span(&raw.scope)),
        ("per_party", span(&raw.per_party)),
        ("method", span(&raw.method)),
        ("quota", span(&raw.quota)),
        ("surplus", value(&raw.surplus)),
        ("surplus_order", span(&raw.surplus_order)),
        ("exclude", value(&raw.exclude)),
        ("replayable", span(&raw.replayable)),
    ];
    for (name, span) in given {
        if let Some(span) = span.filter(|_| !allowed.contains(&name)) {
            return Err(RulebookError::at(
                span,
                format!("`{name}` has no meaning in a stage of kind `{}`", raw.kind.as_ref()),
                format!("this kind knows: {}", allowed.join(", ")),
            ));
        }
    }
    Ok(())
}

fn ties(raw: Option<Vec<Spanned<String>>>) -> Result<Vec<TieRule>, RulebookError> {
    let words = [
        ("more_votes", TieRule::MoreVotes),
        ("lot", TieRule::Lot),
        ("unresolved", TieRule::Unresolved),
        // Of ranked counts, which a later version computes.
        ("earlier_counts", TieRule::Unresolved),
    ];
    raw.unwrap_or_default().iter().map(|text| raw::one_of(text, &words)).collect()
}

fn admit(raw: &mut raw::Stage, place: &Place<'_>) -> Result<StageKind, RulebookError> {
    let when = place.needs(raw.when.take(), "when")?;
    let names = Names {
        levels: &place.known.levels,
        quantities: &|name| place.known.quantities.contains_key(name),
        earlier: &place.before.seats,
    };
    Ok(StageKind::Admit { contest: place.contest(raw.contest.as_ref())?, when: condition::condition(when, &names)? })
}

fn allocate(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Allocate, RulebookError> {
    let mut not_yet = None;
    for (field, name) in [(&raw.per, "per"), (&raw.weights, "weights"), (&raw.at_least, "at_least")] {
        if field.is_some() {
            not_yet = Some(format!("`{name}`"));
        }
    }
    if raw.start.is_some() {
        not_yet = Some("`start`".to_owned());
    }
    let contenders = match raw.contenders.take() {
        Some(units) if units.as_ref().starts_with("units:") => {
            let level = units.as_ref().trim_start_matches("units:").to_owned();
            raw::known(&Spanned::new(units.span(), level), &place.known.levels, "level")?;
            not_yet = Some("seats given to units".to_owned());
            None
        }
        Some(text) => {
            raw::known(&text, &place.before.contenders, "admit or group stage before this one")?;
            Some(text.into_inner())
        }
        None => None,
    };
    let seats = place.needs(raw.seats.take(), "seats")?;
    let span = seats.span();
    let seats = match seats.into_inner() {
        raw::NumberOr::Number(number) => SeatCount::Fixed(raw::seats_at(number, span)?),
        raw::NumberOr::Other(from) => {
            not_yet = not_yet.or_else(|| Some("seats from another stage or register".to_owned()));
            SeatCount::From(from.from.into_inner())
        }
    };
    // The contest of the admission, unless another is named.
    let admitted_in = contenders.as_ref().and_then(|id| place.contest_of(id));
    let contest = match (raw.contest.as_ref(), admitted_in, &not_yet) {
        (None, Some(contest), _) => contest,
        (None, None, Some(_)) => String::new(),
        (text, _, _) => place.contest(text)?,
    };
    Ok(Allocate {
        contest,
        contenders,
        seats,
        formula: formula::formula(place.needs(raw.formula.take(), "formula")?)?,
        minimum: raw.minimum.as_ref().map_or(Ok(0), raw::seats)?,
        next_when_exhausted: raw::one_of_or(
            raw.on_exhausted.as_ref(),
            &[("next_quotient", true), ("ignore", false)],
            false,
        )?,
        not_yet,
    })
}

fn cap(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Cap, RulebookError> {
    let of = place.needs(raw.of.take(), "of")?;
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

fn group(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Group, RulebookError> {
    let contenders = place.needs(raw.contenders.take(), "contenders")?;
    raw::known(&contenders, &place.before.admits, "admit stage before this one")?;
    Ok(Group {
        contenders: contenders.into_inner(),
        only_if_all_admitted: raw.only_if_all_admitted.as_ref().is_none_or(|flag| *flag.as_ref()),
    })
}

fn bonus(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Bonus, RulebookError> {
    let of = place.needs(raw.of.take(), "of")?;
    raw::known(&of, &place.before.seats, "stage with seats before this one")?;
    raw::one_of(&place.needs(raw.to.take(), "to")?, &[("largest_list", ())])?;
    let seats = place.needs(raw.seats.take(), "seats")?;
    let span = seats.span();
    match seats.into_inner() {
        raw::NumberOr::Number(number) => Ok(Bonus { of: of.into_inner(), seats: raw::seats_at(number, span)? }),
        raw::NumberOr::Other(_) => Err(RulebookError::at(span, "a bonus is a number of seats", "write seats = NUMBER")),
    }
}

fn compensate(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Compensate, RulebookError> {
    let of = place.needs(raw.of.take(), "of")?;
    raw::known(&of, &place.allocations(), "allocate stage before this one")?;
    let words = [("exclude_rerun", Overhang::ExcludeRerun), ("keep_enlarge", Overhang::KeepEnlarge)];
    Ok(Compensate {
        of: of.into_inner(),
        held: place.needs(raw.held.take(), "held")?.into_inner(),
        overhang: raw::one_of(&place.needs(raw.overhang.take(), "overhang")?, &words)?,
    })
}

fn candidates(raw: &mut raw::Stage, place: &Place<'_>) -> Result<Candidates, RulebookError> {
    let of = place.needs(raw.of.take(), "of")?;
    raw::known(&of, &place.before.seats, "stage with seats before this one")?;
    let order = place.needs(raw.order.take(), "order")?;
    raw::one_of_or(raw.on_exhausted.as_ref(), &[("vacant", ())], ())?;
    if let Some(first) = &raw.first {
        raw::known(first, &place.before.seats, "stage with seats before this one")?;
    }
    Ok(Candidates {
        of: of.into_inner(),
        order: raw::one_of(&order, &[("list", CandidateOrder::List), ("votes", CandidateOrder::Votes)])?,
        jump: raw.jump.take().map(jump).transpose()?,
        skip_withdrawn: raw::one_of_or(raw.withdrawn.as_ref(), &[("skip", true), ("keep", false)], true)?,
        not_yet: raw.first.as_ref().map(|_| "candidates seated by another stage first".to_owned()),
    })
}

fn jump(raw: Spanned<raw::Jump>) -> Result<Jump, RulebookError> {
    let span = raw.span();
    let raw = raw.into_inner();
    let (strictness, text) = condition::strictness(raw.at_least, raw.more_than, &span)?;
    let words = [("list_mean", JumpBase::ListMean), ("hare_quota", JumpBase::HareQuota)];
    Ok(Jump { multiple: raw::ratio(&text)?, strictness, of: raw::one_of(&raw.of, &words)? })
}

/// Checks what such a stage refers to; what it means is a later version's business.
fn later(raw: &raw::Stage, place: &Place<'_>) -> Result<StageKind, RulebookError> {
    if let Some(contest) = &raw.contest {
        raw::known(contest, &place.known.contests, "contest")?;
    }
    if let Some(contenders) = &raw.contenders {
        raw::known(contenders, &place.before.admits, "admit stage before this one")?;
    }
    if let Some(of) = &raw.of {
        raw::known(of, &place.before.all, "stage before this one")?;
    }
    if let Some(number) = &raw.seats
        && let raw::NumberOr::Number(seats) = number.as_ref()
    {
        raw::seats_at(*seats, number.span())?;
    }
    Ok(StageKind::Later(raw.kind.as_ref().clone()))
}

fn doubt(raw: raw::Doubt, kind: &StageKind, known: &Known) -> Result<Doubt, RulebookError> {
    let field = doubt_field(&raw.field, kind)?;
    for value in &raw.other_readings {
        reading_value(field, value, known)?;
    }
    Ok(Doubt {
        field,
        chosen_because: raw.chosen_because,
        other_readings: raw.other_readings.into_iter().map(Spanned::into_inner).collect(),
    })
}

/// The field of a doubt, if this kind of stage has it.
pub(super) fn doubt_field(text: &Spanned<String>, kind: &StageKind) -> Result<DoubtField, RulebookError> {
    let words: &[(&str, DoubtField)] = match kind {
        StageKind::Admit { .. } => &[("base", DoubtField::Base), ("in", DoubtField::In)],
        StageKind::Cap(_) => &[("max_seats", DoubtField::MaxSeats), ("redistribute", DoubtField::Redistribute)],
        _ => &[],
    };
    raw::one_of(text, words)
}

/// A value that the field can have.
pub(super) fn reading_value(field: DoubtField, value: &Spanned<String>, known: &Known) -> Result<(), RulebookError> {
    match field {
        DoubtField::Base => quantity(value, known).map(drop),
        DoubtField::In => scope_of(value.as_ref(), &known.levels).map(drop).ok_or_else(|| {
            RulebookError::at(
                value.span(),
                format!("`{}` is not a place", value.as_ref()),
                "write \"national\", \"every LEVEL\" or \"any LEVEL\"",
            )
        }),
        DoubtField::MaxSeats => value
            .as_ref()
            .parse()
            .map_err(|_| RulebookError::at(value.span(), "not a number of seats", "write \"65\""))
            .and_then(|number| raw::seats_at(number, value.span()).map(drop)),
        DoubtField::Redistribute => raw::one_of(value, &[("rerun", ()), ("vacant", ())]),
    }
}
