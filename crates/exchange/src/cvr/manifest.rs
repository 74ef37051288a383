//! Ballot manifests: how many cards lie in each batch.

use std::io::Read;

use recount_election::MAX_FIGURE;

use super::rows::Rows;
use super::{CvrError, form};
use crate::table::Options;

/// A batch of cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Where it lies: the cells that name it, with hyphens between them (container, tabulator, batch).
    pub name: String,
    /// How many cards it holds.
    pub cards: u64,
}

/// Columns that name a batch, in the order in which they make up its name.
const NAMES: [&[&str]; 3] = [
    &["container", "tray #", "vbmcart.cart number"],
    &["tabulator", "tabulator number", "tabulator #"],
    &["batch", "batch name", "batch number", "batch id", "batch #"],
];

/// Columns that hold the number of cards.
const CARDS: [&str; 6] =
    ["cards", "number of ballots", "total ballots", "ballots", "number of ballot sheets", "# of ballots"];

/// Reads a manifest, CSV, plain or compressed: columns are found by the names that Arlo, Dominion's and plain manifests give them.
/// No batch may be named twice.
///
/// # Errors
/// The columns are not there, a number is none, or a batch is named twice.
pub fn read_manifest(source: impl Read + Send, options: &Options) -> Result<Vec<Batch>, CvrError> {
    let mut rows = Rows::open(source, options)?;
    let head = rows.head()?;
    let place = |known: &[&str]| head.iter().position(|own| known.contains(&own.trim().to_lowercase().as_str()));
    let names: Vec<usize> = NAMES.iter().filter_map(|known| place(known)).collect();
    let (Some(cards), false) = (place(&CARDS), names.is_empty()) else {
        return form("there should be a column for the batch and one for its number of ballots");
    };
    let mut batches = Vec::new();
    let mut seen = std::collections::HashSet::new();
    while rows.next()? {
        let name = names.iter().map(|at| rows.cell(*at)).collect::<Vec<_>>().join("-");
        let text = rows.cell(cards);
        // A last line with the sum names no batch.
        if names.iter().all(|at| rows.cell(*at).is_empty() || rows.cell(*at).eq_ignore_ascii_case("total")) {
            continue;
        }
        let Ok(cards) = text.parse::<u64>() else {
            return rows.wrong(format!("{text:?} is not a number of ballots"));
        };
        if cards > MAX_FIGURE || !seen.insert(name.clone()) {
            return rows.wrong(format!("batch {name:?} is named twice, or holds too many ballots"));
        }
        batches.push(Batch { name, cards });
    }
    Ok(batches)
}
