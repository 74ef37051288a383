//! The sections of the page, one file each. A section returns nothing where the record has nothing for it.

pub(crate) mod base;
pub(crate) mod card;
pub(crate) mod check;
pub(crate) mod conflicts;
pub(crate) mod controls;
pub(crate) mod counts;
pub(crate) mod missing;
pub(crate) mod readings;
pub(crate) mod rulings;
pub(crate) mod top;
pub(crate) mod units;

use std::collections::BTreeMap;

use crate::names::{ListName, list_name};
use crate::words;

/// Seats by list in a sentence, the largest first: "A 46, B 45".
pub(crate) fn seats_in_words(names: &BTreeMap<String, ListName>, seats: &BTreeMap<String, u64>) -> String {
    let mut given: Vec<(&String, u64)> = seats.iter().filter(|(_, n)| **n > 0).map(|(id, n)| (id, *n)).collect();
    given.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    if given.is_empty() {
        return words::NO_SEATS.to_owned();
    }
    let each: Vec<String> = given.iter().map(|(id, n)| format!("{}\u{a0}{n}", list_name(names, id))).collect();
    each.join(", ")
}
