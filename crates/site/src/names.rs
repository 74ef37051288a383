//! Names for people: of lists, bases, lines, units, stations, bodies and sources, from the register, the forms and the rulebook.

use std::collections::BTreeMap;

use recount_election::{AGAINST_ALL, UnitIx};
use recount_seats::Quantity;
use recount_tally::Fold;
use recount_tally::claim::ContestIx;

/// How deep quantities may be built of one another before the name stops.
const DEPTH: u8 = 8;

/// What a list is called, and its place on the ballot (which gives its colour and shape).
#[derive(Debug, Clone)]
pub(crate) struct ListName {
    pub name: String,
    pub mark: usize,
}

/// The lists of a contest by id.
pub(crate) fn lists(fold: &Fold, contest: ContestIx) -> BTreeMap<String, ListName> {
    let Some(state) = fold.contest(contest) else { return BTreeMap::new() };
    let listed = fold.ledger().register().all_lists(&state.id).into_iter().enumerate();
    listed.map(|(mark, list)| (list.id.clone(), ListName { name: list.name.clone(), mark })).collect()
}

/// What a line of the form is called.
pub(crate) fn line(fold: &Fold, code: &str) -> String {
    let forms = fold.law().map(|law| law.forms.forms.as_slice()).unwrap_or_default();
    let found = forms.iter().flat_map(|form| &form.lines).find(|line| line.code == code);
    found.map_or_else(|| code.replace('_', " "), |line| line.title.clone())
}

/// Whether votes against all are part of a base.
pub(crate) fn base_holds_against_all(fold: &Fold, quantity: &str) -> bool {
    holds(fold, quantity, DEPTH)
}

fn holds(fold: &Fold, quantity: &str, depth: u8) -> bool {
    let found = fold.law().and_then(|law| law.rulebook.quantities.get(quantity));
    match (found, depth.checked_sub(1)) {
        // Voters, ballots and registers hold whoever voted against all.
        (Some(Quantity::Line { .. }), _) => true,
        (Some(Quantity::Sum(of)), Some(depth)) => of.iter().any(|name| name == AGAINST_ALL || holds(fold, name, depth)),
        _ => false,
    }
}

/// The name of a unit by number.
pub(crate) fn unit(fold: &Fold, ix: UnitIx) -> String {
    let found = fold.ledger().register().geography().unit(ix);
    found.map_or_else(String::new, |unit| if unit.name.is_empty() { unit.id.clone() } else { unit.name.clone() })
}

/// The name of a unit by id.
pub(crate) fn unit_by_id(fold: &Fold, id: &str) -> String {
    let found = fold.ledger().register().geography().unit_ix(id);
    found.map_or_else(|| id.to_owned(), |ix| unit(fold, ix))
}

/// The title of a body, or its id.
pub(crate) fn body(fold: &Fold, id: &str) -> String {
    fold.ledger().bodies().get(id).map_or_else(|| id.to_owned(), |body| body.title.clone())
}

/// The citation behind a law's key.
pub(crate) fn law(fold: &Fold, key: &str) -> String {
    let found = fold.law().and_then(|law| law.rulebook.laws.get(key));
    found.map_or_else(|| key.to_owned(), |law| law.cite.clone())
}
