//! Plain CSV: one row per mark.

use std::collections::BTreeMap;

use super::build::Builder;
use super::rows::Rows;
use super::{CastVotes, CvrError, Mark, form};

/// Rows of one card stand together. A row without a choice says that the contest is on the card.
pub(super) fn read(mut rows: Rows<'_>) -> Result<CastVotes, CvrError> {
    let head = rows.head()?;
    let place = |name: &str| head.iter().position(|own| own.trim() == name);
    let (Some(card), Some(contest), Some(choice)) = (place("card"), place("contest"), place("choice")) else {
        return form("there should be columns card, contest and choice");
    };
    let (batch, style, rank, overvote) = (place("batch"), place("style"), place("rank"), place("overvote"));
    let mut build = Builder::default();
    let mut seen = std::collections::HashSet::new();
    let mut votes: BTreeMap<u32, (Vec<Mark>, bool)> = BTreeMap::new();
    while rows.next()? {
        let named = |at: Option<usize>| at.map_or("", |at| rows.cell(at));
        let id = rows.cell(card);
        if id.is_empty() || rows.cell(contest).is_empty() {
            return rows.wrong("a row names no card or no contest");
        }
        if build.last().is_none_or(|last| last.id != id) {
            close(&mut build, &mut votes);
            if !seen.insert(id.to_owned()) {
                return rows.wrong(format!("the rows of card {id:?} do not stand together"));
            }
            build.card(id, named(batch), named(style))?;
        }
        let at = build.contest(rows.cell(contest))?;
        let spoilt = match named(overvote) {
            "" | "0" | "false" => false,
            "1" | "true" => true,
            other => return rows.wrong(format!("overvote should be true or false, and is {other:?}")),
        };
        let rank = match named(rank) {
            "" => 1,
            text => match text.parse::<u32>() {
                Ok(rank) if rank > 0 => rank,
                _ => return rows.wrong(format!("a rank is a whole number from 1, not {text:?}")),
            },
        };
        let chosen = rows.cell(choice);
        let mark = if chosen.is_empty() { None } else { Some(Mark { choice: build.choice(at, chosen)?, rank }) };
        let (marks, overvoted) = votes.entry(at).or_default();
        marks.extend(mark);
        *overvoted |= spoilt;
    }
    close(&mut build, &mut votes);
    build.finish()
}

fn close(build: &mut Builder, votes: &mut BTreeMap<u32, (Vec<Mark>, bool)>) {
    for (contest, (marks, overvoted)) in std::mem::take(votes) {
        build.vote(contest, marks, overvoted);
    }
}
