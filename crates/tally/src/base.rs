//! Bases: the denominators of shares, as the rulebook's admission tests name them.

use recount_election::AGAINST_ALL;
use recount_seats::{Condition, Quantity, Rulebook, StageKind};

use crate::claim::ContestIx;
use crate::fold::{ContestState, Fold};
use crate::totals::Sums;

/// A denominator.
#[derive(Debug, Clone)]
pub struct Base {
    /// The rulebook's word for it; `votes_for_lists` where the rulebook names none.
    pub key: String,
    /// What it is.
    pub words: String,
    /// Its value; `None` where a figure that it needs was not filed.
    pub value: Option<u64>,
    /// Whether votes against all are a part of it.
    pub with_against_all: bool,
}

/// The bases of a contest's shares, in the order in which the rulebook asks for them.
pub fn of(fold: &Fold, contest: ContestIx, sums: &Sums) -> Vec<Base> {
    let (Some(law), Some(state)) = (fold.law(), fold.contest(contest)) else { return Vec::new() };
    let keys = keys(&law.rulebook, &state.id);
    if keys.is_empty() {
        return vec![Base {
            key: "votes_for_lists".to_owned(),
            words: "votes for all lists".to_owned(),
            value: votes(state, sums),
            with_against_all: false,
        }];
    }
    keys.into_iter().map(|key| base(fold, state, sums, key)).collect()
}

/// The quantities that admission tests of a contest are shares of.
fn keys(rulebook: &Rulebook, contest: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for stage in &rulebook.stages {
        if let StageKind::Admit { contest: own, when } = &stage.kind
            && own == contest
        {
            note(when, &mut keys);
        }
    }
    keys
}

fn note(condition: &Condition, keys: &mut Vec<String>) {
    match condition {
        Condition::All(of) | Condition::Any(of) => of.iter().for_each(|inner| note(inner, keys)),
        Condition::Not(inner) => note(inner, keys),
        Condition::Share { base, .. } if !keys.contains(base) => keys.push(base.clone()),
        _ => {}
    }
}

fn base(fold: &Fold, state: &ContestState, sums: &Sums, key: String) -> Base {
    let rulebook = fold.law().map(|law| &law.rulebook);
    let quantity = rulebook.and_then(|rulebook| rulebook.quantities.get(&key));
    let value = rulebook.and_then(|rulebook| value(rulebook, state, sums, &key, 0));
    let with_against_all = match quantity {
        Some(Quantity::Sum(of)) => of.iter().any(|part| part == AGAINST_ALL),
        _ => true,
    };
    let words = match quantity {
        Some(Quantity::Line { line, .. }) => line_title(fold, line),
        Some(Quantity::Sum(of)) => sum_words(state, of),
        None => key.clone(),
    };
    Base { key, words, value, with_against_all }
}

fn sum_words(state: &ContestState, of: &[String]) -> String {
    let word = |part: &String| match part.as_str() {
        AGAINST_ALL => "votes against all".to_owned(),
        own if own == state.id => "votes for all lists".to_owned(),
        other => other.to_owned(),
    };
    of.iter().map(word).collect::<Vec<_>>().join(" and ")
}

/// What the form prints beside a line.
pub fn line_title(fold: &Fold, code: &str) -> String {
    let forms = fold.law().map_or(&[][..], |law| &law.forms.forms);
    let mut lines = forms.iter().flat_map(|form| &form.lines);
    lines.find(|line| line.code == code).map_or_else(|| code.to_owned(), |line| line.title.clone())
}

/// Votes for all lists, without those against all; `None` if nobody stated any.
pub fn votes(state: &ContestState, sums: &Sums) -> Option<u64> {
    let stated =
        state.columns.lists().filter(|(_, id)| *id != AGAINST_ALL).filter_map(|(column, _)| sums.at(column.index()));
    stated.fold(None, |sum: Option<u64>, n| Some(sum.unwrap_or(0).saturating_add(n)))
}

fn value(rulebook: &Rulebook, state: &ContestState, sums: &Sums, key: &str, depth: usize) -> Option<u64> {
    match rulebook.quantities.get(key)? {
        Quantity::Line { line, .. } => sums.line(&state.columns, line),
        Quantity::Sum(of) => of.iter().try_fold(0u64, |sum, part| {
            let n = match part.as_str() {
                AGAINST_ALL => sums.list(&state.columns, AGAINST_ALL)?,
                own if own == state.id => votes(state, sums)?,
                // A rulebook is checked for cycles; the depth guards this walk all the same.
                other if depth < 16 => value(rulebook, state, sums, other, depth + 1)?,
                _ => return None,
            };
            sum.checked_add(n)
        }),
    }
}
