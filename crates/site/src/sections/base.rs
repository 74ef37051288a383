//! What shares are shares of: the base that the rulebook's admission names, whether or not the rulebook accepts the figures.

use recount_election::AGAINST_ALL;
use recount_seats::{Condition, Quantity, Scope, StageKind};
use recount_tally::Fold;

use super::counts::Count;
use crate::names;
use crate::words;

/// How deep quantities may be built of one another.
const DEPTH: u8 = 8;

/// The denominator of shares.
#[derive(Debug)]
pub(crate) struct Base {
    /// What it is, in words.
    pub name: String,
    /// Its value in the whole.
    pub votes: u64,
    /// Whether votes against all are part of it.
    pub against_all: bool,
    /// The threshold that the rulebook asks of it, as a ratio.
    pub line: Option<String>,
}

/// The base of the first share that the rulebook asks of the whole in this contest; where it asks none, all votes counted.
/// `None` where the base cannot be computed from what was filed: then no share is shown, least of all one of something else.
pub(crate) fn base(fold: &Fold, count: &Count) -> Option<Base> {
    let contest = fold.contest(count.contest)?;
    let law = fold.law()?;
    let asked = law.rulebook.stages.iter().find_map(|stage| match &stage.kind {
        StageKind::Admit { contest: of, when } if *of == contest.id => asked_share(when),
        _ => None,
    });
    match asked {
        Some((quantity, line)) => Some(Base {
            name: names::base(fold, &quantity),
            votes: value(fold, count, &quantity, DEPTH)?,
            against_all: names::base_holds_against_all(fold, &quantity),
            line: Some(line),
        }),
        None => Some(Base {
            name: words::ALL_VOTES.to_owned(),
            votes: all_lists(fold, count)?.checked_add(against_all(fold, count))?,
            against_all: true,
            line: None,
        }),
    }
}

/// The quantity and ratio of the first share of the whole in a condition.
fn asked_share(when: &Condition) -> Option<(String, String)> {
    match when {
        Condition::All(of) | Condition::Any(of) => of.iter().find_map(asked_share),
        Condition::Not(inner) => asked_share(inner),
        Condition::Share { base, scope: Scope::National, share, .. } => Some((base.clone(), share.to_string())),
        _ => None,
    }
}

fn value(fold: &Fold, count: &Count, quantity: &str, depth: u8) -> Option<u64> {
    let contest = fold.contest(count.contest)?;
    let law = fold.law()?;
    let depth = depth.checked_sub(1)?;
    match law.rulebook.quantities.get(quantity)? {
        Quantity::Line { line, .. } => count.whole.sums.line(&contest.columns, line),
        Quantity::Sum(of) => of.iter().try_fold(0u64, |sum, name| {
            let more = match name.as_str() {
                AGAINST_ALL => against_all(fold, count),
                name if name == contest.id => all_lists(fold, count)?,
                name => value(fold, count, name, depth)?,
            };
            sum.checked_add(more)
        }),
    }
}

fn against_all(fold: &Fold, count: &Count) -> u64 {
    fold.contest(count.contest).and_then(|own| count.whole.sums.list(&own.columns, AGAINST_ALL)).unwrap_or(0)
}

fn all_lists(fold: &Fold, count: &Count) -> Option<u64> {
    let columns = &fold.contest(count.contest)?.columns;
    let lists = columns.lists().filter(|(_, id)| *id != AGAINST_ALL);
    lists.filter_map(|(column, _)| count.whole.sums.at(column.index())).try_fold(0, u64::checked_add)
}
