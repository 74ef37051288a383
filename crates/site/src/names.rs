//! Names for people: of lists, bases, lines, units, stations, bodies and sources, from the register, the forms and the rulebook.

use std::collections::BTreeMap;

use recount_election::{AGAINST_ALL, Attributes, ListDef, UnitIx, name_in, title_in};
use recount_seats::Quantity;
use recount_tally::Fold;
use recount_tally::claim::ContestIx;

/// How deep quantities may be built of one another before the name stops.
const DEPTH: u8 = 8;

/// What a list is called, and its place on the ballot (which gives its colour and shape).
#[derive(Debug, Clone)]
pub(crate) struct ListName {
    pub name: String,
    /// The same in other languages, by tag.
    pub names: BTreeMap<String, String>,
    pub mark: usize,
}

impl ListName {
    /// What it is called in a language.
    pub(crate) fn in_language(&self, tag: &str) -> &str {
        self.names.get(tag).unwrap_or(&self.name)
    }
}

/// Names by language and id of the lists and units that have any beside their first.
pub(crate) type Called = BTreeMap<String, BTreeMap<String, String>>;

/// The names in other languages among a thing's attributes: `name-ky` and so on.
fn others(attributes: &Attributes) -> impl Iterator<Item = (&str, &String)> {
    attributes.iter().filter_map(|(key, name)| Some((key.strip_prefix("name-")?, name)))
}

/// What lists and units are called in other languages.
pub(crate) fn called(fold: &Fold) -> Called {
    let register = fold.ledger().register();
    let lists = fold.contests().flat_map(|(_, state)| register.all_lists(&state.id));
    let lists = lists.map(|list| (&list.id, &list.attributes));
    let units = register.geography().units().iter().map(|unit| (&unit.id, &unit.attributes));
    let mut called = Called::new();
    for (id, attributes) in lists.chain(units) {
        for (tag, name) in others(attributes) {
            called.entry(tag.to_owned()).or_default().insert(id.clone(), name.clone());
        }
    }
    called
}

/// The lists of a contest by id.
pub(crate) fn lists(fold: &Fold, contest: ContestIx) -> BTreeMap<String, ListName> {
    let Some(state) = fold.contest(contest) else { return BTreeMap::new() };
    let listed = fold.ledger().register().all_lists(&state.id).into_iter().enumerate();
    let own = |(mark, list): (usize, &ListDef)| {
        let names = others(&list.attributes).map(|(tag, name)| (tag.to_owned(), name.clone())).collect();
        (list.id.clone(), ListName { name: list.name.clone(), names, mark })
    };
    listed.map(own).collect()
}

/// What a contest is called in a language.
pub(crate) fn contest(fold: &Fold, contest: ContestIx, tag: &str) -> String {
    let Some(state) = fold.contest(contest) else { return String::new() };
    let form = fold.law().and_then(|law| law.forms.contest(&state.id));
    form.map_or(state.title.as_str(), |form| title_in(&state.title, &form.titles, tag)).to_owned()
}

/// What a line of the form is called in a language.
pub(crate) fn line(fold: &Fold, code: &str, tag: &str) -> String {
    let forms = fold.law().map(|law| law.forms.forms.as_slice()).unwrap_or_default();
    let found = forms.iter().flat_map(|form| &form.lines).find(|line| line.code == code);
    found.map_or_else(|| code.replace('_', " "), |line| title_in(&line.title, &line.titles, tag).to_owned())
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

/// The name of a unit by number, in a language.
pub(crate) fn unit(fold: &Fold, ix: UnitIx, tag: &str) -> String {
    let found = fold.ledger().register().geography().unit(ix);
    found.map_or_else(String::new, |unit| {
        let first = if unit.name.is_empty() { &unit.id } else { &unit.name };
        name_in(first, &unit.attributes, tag).to_owned()
    })
}

/// The name of a unit by id, in a language.
pub(crate) fn unit_by_id(fold: &Fold, id: &str, tag: &str) -> String {
    let found = fold.ledger().register().geography().unit_ix(id);
    found.map_or_else(|| id.to_owned(), |ix| unit(fold, ix, tag))
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
