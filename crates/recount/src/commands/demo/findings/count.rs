//! Counts, parliaments, margins, and what the missing stations could still change.

use recount_election::AGAINST_ALL;
use recount_seats::{
    Assumption, Lots, Margin, Move, Outcome as Result_, ReadingResult, RunOptions, Tally, Total, Turning, Unit,
};
use recount_tally::totals::UnitTotals;
use recount_tally::{Fold, View};
use serde::Serialize;

use super::super::opening::{CONTEST, COUNTRY};
use super::{Briefing, Notes, contest, only};
use crate::error::{CliError, Outcome};

/// Lists with seats, most first.
pub type Seats = Vec<(String, u64)>;

/// One source's count of the country.
#[derive(Debug, Serialize)]
pub struct Count {
    /// Stations that are countable.
    pub stations: u64,
    /// Stations on the register.
    pub expected: u64,
    /// Voters who took part.
    pub took_part: u64,
    /// Votes for lists.
    pub list_votes: u64,
    /// Votes against all.
    pub against_all: u64,
    /// Ballots invalid or unread.
    pub invalid: u64,
    /// Lists, most votes first.
    pub parties: Vec<Party>,
    /// The parliament that follows.
    pub seats: Seats,
}

/// One list.
#[derive(Debug, Serialize)]
pub struct Party {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Votes.
    pub votes: u64,
    /// Whether its share in the country is enough.
    pub over_the_line: bool,
    /// Whether it is admitted.
    pub admitted: bool,
    /// Seats.
    pub seats: u64,
}

/// A list at the line.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Name.
    pub name: String,
    /// Votes.
    pub votes: u64,
    /// Votes that the share asks for, with the base as it is.
    pub needed: u64,
    /// Votes to spare, or lacking.
    pub margin: i64,
    /// If it lacks votes: how many new ones it would take, turnout rising with them.
    pub lacking_if_new: Option<u64>,
    /// If it has enough: how many new votes for others would push it under.
    pub pushed_out_by: Option<u64>,
}

/// What stations without a count could still change.
#[derive(Debug, Serialize)]
pub struct Missing {
    /// Stations.
    pub stations: u64,
    /// Voters on their registers.
    pub voters: u64,
    /// Turnout of the region with the highest, as (name, took part, on the register).
    pub highest_turnout: (String, u64, u64),
    /// Voters there who would take part at that turnout.
    pub at_highest_turnout: u64,
    /// Lists that could still turn, or come closest to it.
    pub lists: Vec<Turn>,
}

/// A list that could still turn.
#[derive(Debug, Serialize)]
pub struct Turn {
    /// Name.
    pub name: String,
    /// Whether it is in now.
    pub in_now: bool,
    /// Votes that would turn it: all for it if it is out, none for it if it is in.
    pub needed: u64,
    /// Possible if everyone on those registers takes part.
    pub if_everyone: bool,
    /// Possible at the highest turnout of any region.
    pub at_highest_turnout: bool,
}

/// The outcome of a view, or why there is none.
fn outcome(fold: &Fold, view: View) -> Outcome<Result_> {
    fold.outcome(view).map_err(|why| CliError::No(why.to_string()))
}

/// Lists with seats, most first.
fn seats(fold: &Fold, outcome: &Result_) -> Seats {
    let mut seats: Vec<(&String, u64)> =
        outcome.seats.iter().filter(|(_, n)| **n > 0).map(|(id, n)| (id, *n)).collect();
    seats.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    seats.into_iter().map(|(id, n)| (name(fold, id), n)).collect()
}

/// A list's name.
pub fn name(fold: &Fold, id: &str) -> String {
    let lists = fold.ledger().register().all_lists(CONTEST);
    lists.into_iter().find(|list| list.id == id).map_or_else(|| id.to_owned(), |list| list.name.clone())
}

/// Totals of the whole country in a view.
pub fn totals(fold: &Fold, view: View) -> Outcome<UnitTotals> {
    fold.totals(contest(fold)?, view).map_err(|why| CliError::No(why.to_string()))
}

/// The share test in the country: the first test of each list.
fn national(test: &recount_seats::Test) -> bool {
    test.unit == COUNTRY || test.unit == "national"
}

/// One source's count and the parliament that follows.
pub fn count(fold: &Fold, view: View) -> Outcome<Count> {
    let totals = totals(fold, view)?;
    let ix = contest(fold)?;
    let state = fold.contest(ix).ok_or_else(|| CliError::No("no contest".to_owned()))?;
    let root = fold.ledger().register().geography().unit_ix(COUNTRY);
    let total = root.and_then(|root| totals.get(&root));
    let total = total.ok_or_else(|| CliError::No("the country has no totals".to_owned()))?;
    let line = |code: &str| total.sums.line(&state.columns, code).unwrap_or(0);
    let outcome = outcome(fold, view)?;
    let mut parties: Vec<Party> = outcome
        .admission
        .iter()
        .map(|admission| Party {
            id: admission.list.to_string(),
            name: admission.name.to_string(),
            votes: admission.votes,
            over_the_line: admission.tests.iter().filter(|test| national(test)).all(|test| test.passed),
            admitted: admission.admitted,
            seats: outcome.seats.get(admission.list.as_str()).copied().unwrap_or(0),
        })
        .collect();
    parties.sort_by(|a, b| b.votes.cmp(&a.votes).then(a.id.cmp(&b.id)));
    Ok(Count {
        stations: total.coverage.countable,
        expected: total.coverage.expected,
        took_part: line("voters_took_part"),
        list_votes: parties.iter().map(|party| party.votes).sum(),
        against_all: total.sums.list(&state.columns, AGAINST_ALL).unwrap_or(0),
        invalid: line("invalid"),
        parties,
        seats: seats(fold, &outcome),
    })
}

/// The two results of 11:00, and what they hang on.
pub fn briefing(fold: &Fold, notes: &Notes<'_>) -> Outcome<Briefing> {
    let (machine, hand) = (only(fold, "machine")?, only(fold, "hand")?);
    let by_machine = outcome(fold, machine)?;
    Ok(Briefing {
        size: fold.size(),
        machine: count(fold, machine)?,
        machine_by_list_votes: other_base(fold, &by_machine, "list_votes")?,
        machine_by_valid: other_base(fold, &by_machine, "valid")?,
        hand: count(fold, hand)?,
        hand_within_rounding: within_rounding(fold, notes)?,
        line: line(&by_machine),
        missing: missing(fold, machine)?,
    })
}

/// The parliament if the share were one of another base.
fn other_base(fold: &Fold, outcome: &Result_, base: &str) -> Outcome<Seats> {
    let reading = outcome.readings.iter().find(|reading| reading.field == "base" && reading.value == base);
    match reading.map(|reading| &reading.result) {
        Some(ReadingResult::Outcome(outcome)) => Ok(seats(fold, outcome)),
        Some(ReadingResult::Refused(why)) => Err(CliError::No(why.to_string())),
        None => Err(CliError::No(format!("the rulebook has no reading by \"{base}\""))),
    }
}

/// The parliament of the other totals that the record's remark gives.
fn within_rounding(fold: &Fold, notes: &Notes<'_>) -> Outcome<Seats> {
    let law = fold.law().ok_or_else(|| CliError::No("the record has no charter".to_owned()))?;
    let figures = notes.figures("within-rounding");
    let votes = figures.iter().filter_map(|(key, n)| Some((key.strip_prefix("votes.")?.to_owned(), *n))).collect();
    let figure = |name: &str| figures.get(name).copied().unwrap_or_default();
    let lists = fold.ledger().register().all_lists(CONTEST).into_iter();
    let tally = Tally {
        schema: Tally::SCHEMA.to_owned(),
        units: vec![Unit { id: COUNTRY.to_owned(), level: "national".to_owned(), ..Unit::default() }],
        lists: lists
            .map(|list| recount_seats::List { id: list.id.clone(), name: list.name.clone(), ..Default::default() })
            .collect(),
        totals: vec![Total {
            contest: CONTEST.to_owned(),
            unit: COUNTRY.to_owned(),
            votes,
            against_all: Some(figure(AGAINST_ALL)),
            lines: [("voters_took_part".to_owned(), figure("voters_took_part"))].into(),
        }],
        register: Default::default(),
        nominees: Vec::new(),
        ballots: Vec::new(),
        missing: Vec::new(),
    };
    let options = RunOptions { assume_units_pass: true, readings: false, seat_margins: false };
    let outcome = recount_seats::run_with(&law.rulebook, &tally, &Lots::none(), &options);
    Ok(seats(fold, &outcome.map_err(|why| CliError::No(why.to_string()))?))
}

/// The two lists nearest to the line on each side.
fn line(outcome: &Result_) -> Vec<Line> {
    let margin = |list: &str, by: &Move| {
        let of_test = |margin: &&Margin| {
            margin.list == list
                && margin.by == *by
                && matches!(&margin.turning, Turning::Test { unit, .. } if unit == COUNTRY || unit == "national")
        };
        outcome.margins.iter().find(of_test).and_then(|margin| margin.votes)
    };
    let mut lines: Vec<(bool, Line)> = Vec::new();
    for admission in &outcome.admission {
        let Some(test) = admission.tests.iter().find(|test| national(test)) else { continue };
        let line = Line {
            name: admission.name.to_string(),
            votes: admission.votes,
            needed: test.needed,
            margin: test.margin,
            lacking_if_new: margin(&admission.list, &Move::GainedNew),
            pushed_out_by: margin(&admission.list, &Move::OthersGainNew),
        };
        lines.push((test.passed, line));
    }
    lines.sort_by_key(|(_, line)| std::cmp::Reverse(line.votes));
    let inside = lines.iter().filter(|(passed, _)| *passed).count();
    let from = inside.saturating_sub(2);
    lines.into_iter().map(|(_, line)| line).skip(from).take(4).collect()
}

/// What the stations without a count in this view could still change.
fn missing(fold: &Fold, view: View) -> Outcome<Missing> {
    let ix = contest(fold)?;
    let totals = totals(fold, view)?;
    let law = fold.law().ok_or_else(|| CliError::No("the record has no charter".to_owned()))?;
    let tally = fold.tally_of(&[(ix, &totals)]).map_err(|why| CliError::No(why.to_string()))?;
    let possible = recount_seats::what_missing_can_change(&law.rulebook, &tally);
    let mut possible = possible.map_err(|why| CliError::No(why.to_string()))?;
    let voters = possible.first().map_or(0, |possible| possible.available);
    let stations = tally.missing.iter().map(|missing| missing.stations).sum();
    let highest = highest_turnout(fold, &totals)?;
    let then = u128::from(voters) * u128::from(highest.1) / u128::from(highest.2.max(1));
    let then = u64::try_from(then).unwrap_or(u64::MAX);
    possible.sort_by_key(|possible| (possible.assumption == Assumption::NoneForIt, possible.needed));
    // Of those outside, whoever could enter; of those inside, the nearest to falling.
    let outside = possible.iter().filter(|one| !one.passes_now && one.needed.is_some_and(|n| n <= voters));
    let inside = possible.iter().filter(|one| one.passes_now && one.needed.is_some()).take(1);
    let lists = outside
        .chain(inside)
        .map(|one| {
            let needed = one.needed.unwrap_or_default();
            Turn {
                name: one.name.clone(),
                in_now: one.passes_now,
                needed,
                if_everyone: needed <= voters,
                at_highest_turnout: needed <= then,
            }
        })
        .collect();
    Ok(Missing { stations, voters, highest_turnout: highest, at_highest_turnout: then, lists })
}

/// The region with the highest turnout of a view, among its countable stations.
fn highest_turnout(fold: &Fold, totals: &UnitTotals) -> Outcome<(String, u64, u64)> {
    let geography = fold.ledger().register().geography();
    let state = fold.contest(contest(fold)?).ok_or_else(|| CliError::No("no contest".to_owned()))?;
    let mut highest = (String::new(), 0u64, 1u64);
    for (ix, total) in totals {
        let Some(unit) = geography.unit(*ix).filter(|unit| unit.level == "region") else { continue };
        let took_part = total.sums.line(&state.columns, "voters_took_part").unwrap_or(0);
        let voters = total.coverage.voters.saturating_sub(total.coverage.voters_uncounted);
        if u128::from(took_part) * u128::from(highest.2) > u128::from(highest.1) * u128::from(voters) {
            highest = (unit.name.clone(), took_part, voters);
        }
    }
    Ok(highest)
}

/// The parliament by law, in words that end a sentence.
pub fn outcome_in_words(fold: &Fold) -> Outcome<String> {
    if count_of_countable(fold)? == 0 {
        return Ok("there are no votes left from which any parliament could follow".to_owned());
    }
    let outcome = outcome(fold, View::LAW)?;
    let words: Vec<String> = seats(fold, &outcome).iter().map(|(name, n)| format!("{name} {n}")).collect();
    Ok(format!("the parliament is {}", words.join(", ")))
}

fn count_of_countable(fold: &Fold) -> Outcome<u64> {
    let root = fold.ledger().register().geography().unit_ix(COUNTRY);
    let totals = totals(fold, View::LAW)?;
    Ok(root.and_then(|root| totals.get(&root)).map_or(0, |total| total.coverage.countable))
}
