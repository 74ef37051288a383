//! Stages: each kind with the keys that have a meaning for it, and no others.

mod allocate;
mod kinds;
mod people;
mod rank;
mod tiers;

use super::super::condition::scope_of;
use super::super::raw::{self, Spanned};
use super::super::{Allocate, Doubt, DoubtField, Formula, RulebookError, Stage, StageKind, TieRule};
use super::{Known, law, quantity, status};

/// What has been read so far: stages may refer to what stands before them.
#[derive(Default)]
struct Before {
    all: Vec<String>,
    admits: Vec<String>,
    contenders: Vec<String>,
    /// Stages that give seats to lists.
    seats: Vec<String>,
    /// Stages that give seats to units.
    unit_seats: Vec<String>,
    /// Stages that elect people by name.
    people: Vec<String>,
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
            StageKind::Candidates(_) | StageKind::Declare(_) => {}
            StageKind::Plurality(_) | StageKind::Runoff(_) | StageKind::Rank(_) => {
                before.people.push(stage.id.clone());
                before.seats.push(stage.id.clone());
            }
            StageKind::Allocate(Allocate { units: Some(_), per: None, .. }) => {
                before.unit_seats.push(stage.id.clone());
            }
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

    /// The one stage of `of`.
    fn of(&self, raw: &mut raw::Stage) -> Result<Spanned<String>, RulebookError> {
        let of = self.needs(raw.of.take(), "of")?;
        let span = of.span();
        match of.into_inner().0.as_slice() {
            [one] => Ok(Spanned::new(span, one.clone())),
            _ => Err(RulebookError::at(span, "this kind of stage is of one stage", "write of = \"STAGE\"")),
        }
    }

    /// The stages before this one that say what lists must have at least.
    fn minima(&self) -> Vec<String> {
        let minima = self.done.iter().filter(|stage| matches!(stage.kind, StageKind::Minimum(_)));
        minima.map(|stage| stage.id.clone()).collect()
    }

    /// The allocate stages before this one that give seats to lists in the whole.
    fn allocations(&self) -> Vec<String> {
        let allocations = self.done.iter().filter(|stage| matches!(&stage.kind, StageKind::Allocate(a) if a.per.is_none() && a.units.is_none() && a.start.is_none()));
        allocations.map(|stage| stage.id.clone()).collect()
    }

    /// The stage must come from an allocation of the whole by quotas, which says what is beyond them.
    fn by_quota(&self, of: &Spanned<String>) -> Result<(), RulebookError> {
        let mut stage = self.done.iter().find(|stage| stage.id == *of.as_ref());
        while let Some(now) = stage {
            let before = match &now.kind {
                StageKind::Allocate(Allocate { formula: Formula::Quota(_), per: None, units: None, .. }) => {
                    return Ok(());
                }
                StageKind::Bonus(bonus) => &bonus.of,
                _ => break,
            };
            stage = self.done.iter().find(|stage| stage.id == *before);
        }
        Err(RulebookError::at(
            of.span(),
            format!("`{}` does not come from an allocation by quotas in the whole", of.as_ref()),
            "name an allocate stage with family = \"quota\", or a bonus on it",
        ))
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

/// The keys that a kind of stage knows beside those of every stage (none listed: any); none: there is
/// no such kind.
pub(in super::super) fn allowed(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
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
            "outside",
            "votes",
            "doubt",
        ],
        "sum" => &["of"],
        "cap" => &["of", "max_seats", "share_multiple", "redistribute", "ties", "doubt"],
        "group" => &["contenders", "only_if_all_admitted"],
        "bonus" => &["of", "seats", "to", "ties"],
        "compensate" => &["of", "held", "overhang", "contest", "base", "ties"],
        "minimum" => &["per_party"],
        "grow" => &["contest", "in", "contenders", "start", "outside", "formula", "until", "then", "ties"],
        "place" => &["contest", "of", "start", "in", "formula", "scale", "capacity", "order", "ties"],
        "biproportional" => &["contest", "contenders", "in", "seats", "voters", "formula", "ties"],
        "candidates" => &["of", "order", "withdrawn", "on_exhausted", "first", "without", "jump", "reserve", "ties"],
        "plurality" => &["contest", "per", "seats", "limit", "ties"],
        "runoff" => &["contest", "second", "per", "when", "second_round", "ties"],
        "declare" => &["of", "valid_if"],
        "pass_on" => &["of", "ties"],
        "rank" => {
            &["contest", "per", "seats", "method", "quota", "surplus", "surplus_order", "exclude", "ties", "replayable"]
        }
        _ => return None,
    })
}

fn unknown_kind(text: &Spanned<String>, kind: &str) -> RulebookError {
    RulebookError::at(
        text.span(),
        format!("there is no stage kind `{kind}`"),
        "use admit, group, allocate, sum, cap, bonus, compensate, pass_on, minimum, grow, place, biproportional, \
         candidates, plurality, runoff, declare, rank",
    )
}

fn one(mut raw: raw::Stage, place: &Place<'_>) -> Result<Stage, RulebookError> {
    law(raw.law.as_ref(), place.known)?;
    let kind_name = raw.kind.as_ref().clone();
    let allowed = allowed(&kind_name).ok_or_else(|| unknown_kind(&raw.kind, &kind_name))?;
    refuse_others(&raw, allowed)?;
    let ties = if kind_name == "rank" { Vec::new() } else { ties(raw.ties.take())? };
    let kind = match kind_name.as_str() {
        "admit" => kinds::admit(&mut raw, place)?,
        "allocate" => StageKind::Allocate(allocate::allocate(&mut raw, place)?),
        "sum" => StageKind::Sum(allocate::sum(&mut raw, place)?),
        "cap" => StageKind::Cap(kinds::cap(&mut raw, place)?),
        "group" => StageKind::Group(kinds::group(&mut raw, place)?),
        "bonus" => StageKind::Bonus(kinds::bonus(&mut raw, place)?),
        "compensate" if raw.overhang.as_ref().is_some_and(|word| word.as_ref() == "forfeit") => {
            StageKind::Cover(tiers::cover(&mut raw, place)?)
        }
        "compensate" => StageKind::Compensate(kinds::compensate(&mut raw, place)?),
        "minimum" => StageKind::Minimum(tiers::minimum(&mut raw, place)?),
        "grow" => StageKind::Grow(tiers::grow(&mut raw, place)?),
        "place" => StageKind::Place(tiers::place(&mut raw, place)?),
        "biproportional" => StageKind::Biproportional(tiers::biproportional(&mut raw, place)?),
        "candidates" => StageKind::Candidates(kinds::candidates(&mut raw, place)?),
        "plurality" => people::plurality(&mut raw, place)?,
        "runoff" => people::runoff(&mut raw, place)?,
        "declare" => people::declare(&mut raw, place)?,
        "pass_on" => people::pass_on(&mut raw, place)?,
        "rank" => StageKind::Rank(rank::rank(&mut raw, place)?),
        other => return Err(unknown_kind(&raw.kind, other)),
    };
    Ok(Stage {
        doubt: raw.doubt.map(|doubt| self::doubt(doubt, &kind, place.known)).transpose()?,
        id: raw.id.into_inner(),
        law: raw.law.map(Spanned::into_inner),
        is_reading: status(raw.status.as_ref())?,
        // A ranked count has tie rules of its own.
        ties: if let StageKind::Rank(rule) = &kind { rank::machine_ties(&rule.rules) } else { ties },
        kind,
    })
}

/// Refuses a key that is known to the schema but has no meaning for this kind.
fn refuse_others(raw: &raw::Stage, allowed: &[&str]) -> Result<(), RulebookError> {
    let span = |text: &Option<Spanned<String>>| text.as_ref().map(Spanned::span);
    let given = [
        ("contest", span(&raw.contest)),
        ("when", raw.when.as_ref().map(Spanned::span)),
        ("doubt", raw.doubt.as_ref().map(|doubt| doubt.field.span())),
        ("contenders", span(&raw.contenders)),
        ("seats", raw.seats.as_ref().map(Spanned::span)),
        ("formula", raw.formula.as_ref().map(Spanned::span)),
        ("minimum", raw.minimum.as_ref().map(Spanned::span)),
        ("ties", raw.ties.as_ref().and_then(|ties| ties.first()).map(Spanned::span)),
        ("of", raw.of.as_ref().map(Spanned::span)),
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
        ("limit", raw.limit.as_ref().map(Spanned::span)),
        ("second", span(&raw.second)),
        ("second_round", raw.second_round.as_ref().map(Spanned::span)),
        ("valid_if", raw.valid_if.as_ref().map(Spanned::span)),
        ("without", raw.without.as_ref().map(Spanned::span)),
        ("reserve", raw.reserve.as_ref().map(Spanned::span)),
        ("to", span(&raw.to)),
        ("held", span(&raw.held)),
        ("overhang", span(&raw.overhang)),
        ("at_least", span(&raw.at_least)),
        ("first", span(&raw.first)),
        ("start", raw.start.as_ref().map(Spanned::span)),
        ("outside", span(&raw.outside)),
        ("votes", raw.votes.as_ref().map(Spanned::span)),
        ("until", raw.until.as_ref().map(Spanned::span)),
        ("base", span(&raw.base)),
        ("capacity", raw.capacity.as_ref().map(Spanned::span)),
        ("scale", span(&raw.scale)),
        ("voters", span(&raw.voters)),
        ("then", span(&raw.then)),
        ("in", span(&raw.scope)),
        ("per_party", span(&raw.per_party)),
        ("method", span(&raw.method)),
        ("quota", span(&raw.quota)),
        ("surplus", raw.surplus.as_ref().map(Spanned::span)),
        ("surplus_order", span(&raw.surplus_order)),
        ("exclude", raw.exclude.as_ref().map(Spanned::span)),
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
        ("fewer_votes", TieRule::FewerVotes),
        ("list_order", TieRule::ListOrder),
        ("lot", TieRule::Lot),
        ("unresolved", TieRule::Unresolved),
        // Ranked counts read this word for themselves.
        ("earlier_counts", TieRule::Unresolved),
    ];
    raw.unwrap_or_default().iter().map(|text| raw::one_of(text, &words)).collect()
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
        // Read as a whole rulebook of its own.
        DoubtField::Keys => Ok(()),
    }
}
