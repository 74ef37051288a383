//! Formats with one column per choice: what a row says of each contest, and Clear Ballot's heads.

use std::collections::BTreeMap;

use super::build::Builder;
use super::rows::Rows;
use super::{CastVotes, CvrError, Mark, form};

/// A column that stands for a choice, with the preference that a mark there means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    pub column: usize,
    pub contest: u32,
    pub choice: u32,
    pub rank: u32,
}

/// Reads the choices of a row: nothing in any column of a contest means that it is not on the card. More marks of one
/// preference than the contest allows are an overvote.
pub(super) fn row(rows: &Rows<'_>, choices: &[Choice], build: &mut Builder) -> Result<(), CvrError> {
    let mut votes: BTreeMap<u32, Vec<Mark>> = BTreeMap::new();
    for own in choices {
        match rows.cell(own.column) {
            "" => {}
            "0" => {
                votes.entry(own.contest).or_default();
            }
            "1" => votes.entry(own.contest).or_default().push(Mark { choice: own.choice, rank: own.rank }),
            other => {
                return rows
                    .wrong(format!("column {} should hold 1, 0 or nothing, and holds {other:?}", own.column + 1));
            }
        }
    }
    for (contest, marks) in votes {
        let ranked = choices.iter().any(|own| own.contest == contest && own.rank > 1);
        let allowed = if ranked { Some(1) } else { build.allowed(contest) };
        let of_one_rank = marks.iter().map(|own| marks.iter().filter(|other| other.rank == own.rank).count()).max();
        let overvoted = allowed.is_some_and(|allowed| of_one_rank.unwrap_or(0) as u64 > u64::from(allowed));
        build.vote(contest, marks, overvoted);
    }
    Ok(())
}

/// Clear Ballot: `Choice_93_1:Constitutional Amendment:Vote For 1:Yes:Non-Partisan`.
pub(super) fn clear_ballot(mut rows: Rows<'_>) -> Result<CastVotes, CvrError> {
    let head = rows.head()?;
    let place = |name: &str| head.iter().position(|own| own.trim() == name);
    let (Some(ballot), batch, style) = (place("BallotID"), place("BoxID"), place("BallotStyleID")) else {
        return form("there is no column BallotID");
    };
    let mut build = Builder::default();
    let mut choices = Vec::new();
    for (column, name) in head.iter().enumerate().filter(|(_, name)| name.starts_with("Choice_")) {
        let parts: Vec<&str> = name.split(':').collect();
        // A contest's name may hold colons; what stands behind it does not.
        let at =
            parts.iter().position(|part| part.starts_with("Vote For")).filter(|at| *at >= 2 && at + 1 < parts.len());
        let Some(at) = at else { return form(format!("the column {name:?} does not say \"Vote For\"")) };
        let contest = build.contest(&parts.get(1..at).unwrap_or_default().join(":"))?;
        let allowed = parts.get(at).and_then(|part| part.trim_start_matches("Vote For").trim().parse().ok());
        build.vote_for(contest, allowed);
        let choice = build.choice(contest, parts.get(at + 1).copied().unwrap_or_default())?;
        choices.push(Choice { column, contest, choice, rank: 1 });
    }
    if choices.is_empty() {
        return form("no column is called Choice_...");
    }
    while rows.next()? {
        let named = |at: Option<usize>| at.map_or("", |at| rows.cell(at));
        build.card(rows.cell(ballot), named(batch), named(style))?;
        row(&rows, &choices, &mut build)?;
    }
    build.finish()
}
