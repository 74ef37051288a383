//! From the text as it stands to a checked rulebook.

mod readings;
mod stages;

pub(super) use stages::allowed;

use std::collections::{BTreeMap, BTreeSet};

use super::nomination;
use super::raw::{self, Spanned};
use super::{
    AgainstAll, Annulment, Contest, ContestKind, Effect, Law, MOST_READINGS, MOST_SEATS, MOST_STAGES, Quantity,
    Rulebook, RulebookError, Standing, TurnoutFloor, Units, Validity, VoidIf,
};

/// The keys that the rest of the text may refer to.
struct Known {
    laws: Vec<String>,
    levels: Vec<String>,
    contests: Vec<String>,
    kinds: BTreeMap<String, ContestKind>,
    polls: BTreeMap<String, Contest>,
    quantities: BTreeMap<String, Quantity>,
    /// Names of the register's numbers, by level.
    register: BTreeMap<String, Vec<String>>,
}

pub(super) fn rulebook(raw: raw::Rulebook, text: &str) -> Result<Rulebook, RulebookError> {
    head(&raw)?;
    let (cited_laws, unstated) = (cited(&raw), unstated(&raw));
    let units = units(raw.units)?;
    let contests = contests(raw.contest, &units)?;
    let mut known = Known {
        laws: raw.law.keys().cloned().collect(),
        levels: units.levels.clone(),
        contests: contests.keys().cloned().collect(),
        kinds: contests.iter().map(|(key, contest)| (key.clone(), contest.kind)).collect(),
        polls: contests.clone(),
        quantities: BTreeMap::new(),
        register: raw.register.iter().map(|(level, names)| (level.clone(), names.keys().cloned().collect())).collect(),
    };
    known.quantities = quantities(raw.quantity, &known.contests)?;
    // A rulebook without stages gives totals and no seats: it still says which source decides.
    if raw.stage.len() > MOST_STAGES {
        return Err(RulebookError::whole("too many stages", format!("use at most {MOST_STAGES}")));
    }
    let stages = stages::stages(raw.stage, &known)?;
    let readings = readings::readings(raw.reading, &stages, &known, text)?;
    let doubts = stages.iter().filter_map(|stage| stage.doubt.as_ref());
    let others: usize = doubts.map(|doubt| doubt.other_readings.len()).sum();
    if others + readings.len() > MOST_READINGS {
        return Err(RulebookError::whole("too many readings", format!("declare at most {MOST_READINGS}")));
    }
    law(raw.nomination.as_ref().and_then(|nomination| nomination.law.as_ref()), &known)?;
    for vacancy in &raw.vacancy.0 {
        law(vacancy.law.as_ref(), &known)?;
    }
    let vacancies = nomination::vacancies(raw.vacancy.0, &stages)?;
    let rulebook = Rulebook {
        id: raw.id.into_inner(),
        title: raw.title,
        jurisdiction: raw.jurisdiction,
        polling_day: raw.polling_day.map(|day| day.to_string()),
        laws: raw.law.into_iter().map(|(key, law)| (key, Law { cite: law.cite, text: law.text })).collect(),
        register: raw.register,
        contests,
        stages,
        standing: standing(raw.standing),
        annulment: annulment(raw.annulment, &known)?,
        validity: validity(raw.validity, &known)?,
        readings,
        nomination: raw.nomination.map(nomination::nomination).transpose()?.unwrap_or_default(),
        vacancies,
        quantities: known.quantities,
        units,
        cited_laws,
        unstated,
    };
    if rulebook.all_seats() > MOST_SEATS {
        let help = format!("all stages together give at most {MOST_SEATS}");
        return Err(RulebookError::whole(format!("{} seats", rulebook.all_seats()), help));
    }
    Ok(rulebook)
}

/// Every key that stands under `law = ...` somewhere.
fn cited(raw: &raw::Rulebook) -> BTreeSet<String> {
    let stages = raw.stage.iter().map(|stage| &stage.as_ref().law);
    let readings = raw.reading.iter().map(|reading| &reading.law);
    let tables = [
        raw.nomination.as_ref().map(|own| &own.law),
        raw.annulment.as_ref().map(|own| &own.law),
        raw.validity.as_ref().map(|own| &own.law),
    ];
    let vacancies = raw.vacancy.0.iter().map(|own| &own.law);
    let all = stages.chain(readings).chain(vacancies).chain(tables.into_iter().flatten()).flatten();
    all.map(|law| law.as_ref().clone()).collect()
}

/// Tables with a default that are not written.
fn unstated(raw: &raw::Rulebook) -> Vec<&'static str> {
    let tables = [
        ("standing", raw.standing.is_none()),
        ("annulment", raw.annulment.is_none()),
        ("validity", raw.validity.is_none()),
    ];
    tables.into_iter().filter(|(_, absent)| *absent).map(|(table, _)| table).collect()
}

fn head(raw: &raw::Rulebook) -> Result<(), RulebookError> {
    if raw.schema.as_ref() != Rulebook::SCHEMA {
        return Err(RulebookError::at(
            raw.schema.span(),
            format!("this version does not read schema `{}`", raw.schema.as_ref()),
            format!("use schema = \"{}\"", Rulebook::SCHEMA),
        ));
    }
    if raw.id.as_ref().is_empty() {
        return Err(RulebookError::at(raw.id.span(), "the id is empty", "give it a key"));
    }
    raw::one_of_or(raw.arithmetic.as_ref(), &[("exact", ())], ())
}

fn units(raw: raw::Units) -> Result<Units, RulebookError> {
    let levels = raw.levels.as_ref();
    let distinct: BTreeSet<_> = levels.iter().collect();
    if levels.is_empty() || distinct.len() != levels.len() || levels.iter().any(String::is_empty) {
        return Err(RulebookError::at(
            raw.levels.span(),
            "units.levels must name each level once, from the whole downwards",
            "write, for example, levels = [\"national\", \"region\", \"station\"]",
        ));
    }
    let mut required = BTreeMap::new();
    for (level, number) in raw.required {
        raw::known(&level, levels, "level")?;
        required.insert(level.into_inner(), number);
    }
    if let Some(number) = raw.required_regions {
        if !levels.iter().any(|level| level == "region") {
            return Err(RulebookError::at(
                number.span(),
                "required_regions needs a level `region`",
                "name the level in units.levels, or use required = { LEVEL = NUMBER }",
            ));
        }
        required.insert("region".to_owned(), *number.as_ref());
    }
    Ok(Units { levels: raw.levels.into_inner(), required })
}

fn contests(raw: BTreeMap<String, raw::Contest>, units: &Units) -> Result<BTreeMap<String, Contest>, RulebookError> {
    let mut contests = BTreeMap::new();
    for (key, contest) in raw {
        if let Some(unit) = &contest.unit {
            raw::known(unit, &units.levels, "level")?;
        }
        let kinds =
            [("list", ContestKind::List), ("candidate", ContestKind::Candidate), ("ranked", ContestKind::Ranked)];
        let against_all = [
            ("none", AgainstAll::None),
            ("counted_not_contending", AgainstAll::CountedNotContending),
            ("repeat_if_most", AgainstAll::RepeatIfMost),
        ];
        let contest = Contest {
            kind: raw::one_of(&contest.kind, &kinds)?,
            seats: contest.seats.as_ref().map(raw::seats).transpose()?,
            seats_each: contest.seats_each.as_ref().map(raw::seats).transpose()?,
            unit: contest.unit.map(Spanned::into_inner),
            against_all: raw::one_of_or(contest.against_all.as_ref(), &against_all, AgainstAll::None)?,
        };
        contests.insert(key, contest);
    }
    Ok(contests)
}

/// Sums may use contests, `against_all` and quantities that do not lead back to themselves.
fn quantities(
    raw: BTreeMap<String, Spanned<raw::Quantity>>,
    contests: &[String],
) -> Result<BTreeMap<String, Quantity>, RulebookError> {
    let names: Vec<String> = raw.keys().cloned().collect();
    let mut spans = BTreeMap::new();
    let mut quantities = BTreeMap::new();
    for (key, quantity) in raw {
        let span = quantity.span();
        let quantity = match (quantity.as_ref().line.clone(), &quantity.as_ref().sum) {
            (Some(line), None) => {
                let grows = quantity.as_ref().grows_with_votes.unwrap_or(line != "registered");
                Quantity::Line { line, grows }
            }
            (None, Some(parts)) if !parts.is_empty() && quantity.as_ref().grows_with_votes.is_none() => {
                for part in parts {
                    if part.as_ref() != "against_all" && !contests.contains(part.as_ref()) {
                        raw::known(part, &names, "contest or quantity")?;
                    }
                }
                Quantity::Sum(parts.iter().map(|part| part.as_ref().clone()).collect())
            }
            _ => {
                return Err(RulebookError::at(
                    span,
                    format!("the base `{key}` must be one line or one sum"),
                    "write line = \"...\" (with grows_with_votes if need be) or sum = [\"...\"]",
                ));
            }
        };
        spans.insert(key.clone(), span);
        quantities.insert(key, quantity);
    }
    for (key, span) in spans {
        if leads_back(&key, &key, &quantities, contests, &mut BTreeSet::new()) {
            return Err(RulebookError::at(
                span,
                format!("the base `{key}` is a sum that contains itself"),
                "take it out of its own sum",
            ));
        }
    }
    Ok(quantities)
}

fn leads_back(
    target: &str,
    from: &str,
    quantities: &BTreeMap<String, Quantity>,
    contests: &[String],
    seen: &mut BTreeSet<String>,
) -> bool {
    let Some(Quantity::Sum(parts)) = quantities.get(from) else {
        return false;
    };
    parts.iter().filter(|part| !contests.contains(part)).any(|part| {
        part == target || (seen.insert(part.clone()) && leads_back(target, part, quantities, contests, seen))
    })
}

fn law(text: Option<&Spanned<String>>, known: &Known) -> Result<(), RulebookError> {
    text.map_or(Ok(()), |text| raw::known(text, &known.laws, "law"))
}

fn quantity(text: &Spanned<String>, known: &Known) -> Result<String, RulebookError> {
    let names: Vec<String> = known.quantities.keys().cloned().collect();
    raw::known(text, &names, "base")?;
    Ok(text.as_ref().clone())
}

fn standing(raw: Option<raw::Standing>) -> Standing {
    raw.map_or_else(
        || Standing { decides: "hand".to_owned(), after_ruling: None, preliminary: Vec::new(), mix_sources: false },
        |raw| Standing {
            decides: raw.decides,
            after_ruling: raw.after_ruling,
            preliminary: raw.preliminary,
            mix_sources: raw.mix_sources,
        },
    )
}

fn status(text: Option<&Spanned<String>>) -> Result<bool, RulebookError> {
    raw::one_of_or(text, &[("law", false), ("reading", true)], false)
}

fn annulment(raw: Option<raw::Annulment>, known: &Known) -> Result<Annulment, RulebookError> {
    let Some(raw) = raw else {
        return Ok(Annulment { turnout: Effect::Drop, registered: Effect::Drop });
    };
    law(raw.law.as_ref(), known)?;
    status(raw.status.as_ref())?;
    let words = [("keep", Effect::Keep), ("drop", Effect::Drop)];
    let turnout = raw::one_of(&raw.turnout, &words)?;
    Ok(Annulment { turnout, registered: raw::one_of_or(raw.registered.as_ref(), &words, turnout)? })
}

fn validity(raw: Option<raw::Validity>, known: &Known) -> Result<Validity, RulebookError> {
    let Some(raw) = raw else {
        return Ok(Validity::default());
    };
    law(raw.law.as_ref(), known)?;
    let words = [("against_all_leads", VoidIf::AgainstAllLeads), ("no_list_admitted", VoidIf::NoListAdmitted)];
    Ok(Validity {
        law: raw.law.map(Spanned::into_inner),
        void_if: raw.void_if.iter().map(|text| raw::one_of(text, &words)).collect::<Result<_, _>>()?,
        turnout_min: raw.turnout_min.map(|floor| turnout_floor(floor, known)).transpose()?.flatten(),
    })
}

fn turnout_floor(
    raw: Spanned<raw::TextOr<raw::TurnoutFloor>>,
    known: &Known,
) -> Result<Option<TurnoutFloor>, RulebookError> {
    let span = raw.span();
    match raw.into_inner() {
        raw::TextOr::Text(text) if text == "none" => Ok(None),
        raw::TextOr::Text(text) => Err(RulebookError::at(
            span,
            format!("the floor `{text}` does not say what it is a share of"),
            "write \"none\" or { of = \"...\", base = \"...\", at_least = \"1/2\" }",
        )),
        raw::TextOr::Other(floor) => Ok(Some(TurnoutFloor {
            of: quantity(&floor.of, known)?,
            base: quantity(&floor.base, known)?,
            at_least: raw::share(&floor.at_least)?,
        })),
    }
}
