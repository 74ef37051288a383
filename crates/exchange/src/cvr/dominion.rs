//! Dominion's CSV: a line with the election's name, one with contests, one with choices, one with the names of the first columns.

use super::build::Builder;
use super::choices::{self, Choice};
use super::rows::Rows;
use super::{CastVotes, CvrError, form};

/// A contest's head: `Council (Vote For=2)`; with ranks, `Mayor (Number of positions=1, Number of ranks=3)`.
fn contest(text: &str) -> (&str, Option<u32>) {
    for open in ["(Vote For=", "(Number of positions="] {
        if let Some((name, rest)) = text.rsplit_once(open) {
            return (name.trim(), rest.split([',', ')']).next().and_then(|digits| digits.trim().parse().ok()));
        }
    }
    (text.trim(), None)
}

/// A choice's head; of ranked contests `Name(2)` is the second preference for Name.
fn choice(text: &str, ranked: bool) -> (&str, u32) {
    let split = text.trim().strip_suffix(')').and_then(|text| text.rsplit_once('('));
    match split.and_then(|(name, rank)| Some((name, rank.parse::<u32>().ok()?))) {
        Some((name, rank)) if ranked && rank > 0 => (name.trim(), rank),
        _ => (text.trim(), 1),
    }
}

pub(super) fn read(mut rows: Rows<'_>) -> Result<CastVotes, CvrError> {
    rows.head()?;
    let (contests, names, head) = (rows.head()?, rows.head()?, rows.head()?);
    let place = |name: &str| head.iter().position(|own| own.trim().trim_start_matches('=') == name);
    let first = ["CvrNumber", "TabulatorNum", "BatchId", "RecordId"].map(place);
    let [Some(number), Some(tabulator), Some(batch), Some(record)] = first else {
        return form("its fourth line should begin with CvrNumber, TabulatorNum, BatchId, RecordId");
    };
    let (imprinted, style) = (place("ImprintedId"), place("BallotType"));
    let mut build = Builder::default();
    let mut columns = Vec::new();
    for (column, text) in contests.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        let (name, allowed) = contest(text);
        let contest = build.contest(name)?;
        build.vote_for(contest, allowed);
        let (name, rank) = choice(names.get(column).unwrap_or_default(), text.contains("Number of ranks="));
        let choice = build.choice(contest, name)?;
        columns.push(Choice { column, contest, choice, rank });
    }
    if columns.is_empty() {
        return form("its second line names no contest");
    }
    while rows.next()? {
        let plain = |at: usize| rows.cell(at).trim_start_matches('=').trim_matches('"');
        let made = || format!("{}-{}-{}", plain(tabulator), plain(batch), plain(record));
        let id = imprinted.map(plain).filter(|id| !id.is_empty()).map_or_else(made, str::to_owned);
        if plain(number).is_empty() {
            return rows.wrong("a row has no CvrNumber");
        }
        let of = format!("{}-{}", plain(tabulator), plain(batch));
        build.card(&id, &of, style.map_or("", plain))?;
        choices::row(&rows, &columns, &mut build)?;
    }
    build.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads() {
        assert_eq!(contest("Council (District 2) (Vote For=3)"), ("Council (District 2)", Some(3)));
        assert_eq!(contest("Mayor (Number of positions=1, Number of ranks=4)"), ("Mayor", Some(1)));
        assert_eq!(contest("Measure A"), ("Measure A", None));
        assert_eq!(choice("Anna B. (2)", true), ("Anna B.", 2));
        assert_eq!(choice("Anna B. (2)", false), ("Anna B. (2)", 1));
    }
}
