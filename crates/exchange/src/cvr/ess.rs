//! ES&S's CSV: one column per contest, the choice by name. Contests with more choices have a column for each, under one name.

use std::collections::BTreeMap;

use super::build::{Builder, mark};
use super::rows::Rows;
use super::{CastVotes, CvrError, Mark, form};

/// Columns that are not contests.
const KNOWN: [&str; 8] = [
    "Cast Vote Record",
    "Batch",
    "Ballot Status",
    "Original Ballot Exception",
    "Remade Ballot Exception",
    "Precinct",
    "Ballot Style",
    "Tabulator CVR",
];

pub(super) fn read(mut rows: Rows<'_>) -> Result<CastVotes, CvrError> {
    let head = rows.head()?;
    let place = |name: &str| head.iter().position(|own| own.trim() == name);
    let (Some(record), batch, style) = (place("Cast Vote Record"), place("Batch"), place("Ballot Style")) else {
        return form("there is no column \"Cast Vote Record\"");
    };
    let mut build = Builder::default();
    let mut columns = Vec::new();
    for (column, name) in head.iter().enumerate() {
        let name = name.trim();
        if !name.is_empty() && !KNOWN.contains(&name) {
            columns.push((column, build.contest(name)?));
        }
    }
    let mut widths: BTreeMap<u32, u32> = BTreeMap::new();
    for (_, contest) in &columns {
        *widths.entry(*contest).or_default() += 1;
    }
    for (contest, width) in widths {
        build.vote_for(contest, Some(width));
    }
    while rows.next()? {
        if rows.cell(record).is_empty() {
            return rows.wrong("a row has no number of its cast-vote record");
        }
        let named = |at: Option<usize>| at.map_or("", |at| rows.cell(at));
        build.card(rows.cell(record), named(batch), named(style))?;
        let mut votes: BTreeMap<u32, (Vec<Mark>, bool)> = BTreeMap::new();
        for (column, contest) in &columns {
            let cell = rows.cell(*column);
            if cell.is_empty() {
                continue;
            }
            let (marks, overvoted) = votes.entry(*contest).or_default();
            match cell {
                "undervote" => {}
                "overvote" => *overvoted = true,
                name => {
                    let name = name.strip_prefix("write-in:").map_or(name, |_| "write-in");
                    marks.push(mark(build.choice(*contest, name)?));
                }
            }
        }
        for (contest, (marks, overvoted)) in votes {
            build.vote(contest, marks, overvoted);
        }
    }
    build.finish()
}
