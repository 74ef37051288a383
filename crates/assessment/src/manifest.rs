//! The manifest: every station that can be drawn, with its bound and what was reported, as a table.
//!
//! CSV, one line per station in order of the register: identifier, units, bound on ballots, ballots reported,
//! then one column per choice. The order is the order in which the sample is drawn. Where stations are drawn apart in strata,
//! the stratum stands behind the identifier.

use std::collections::{BTreeMap, BTreeSet};

use recount_audit::BallotRule;
use recount_audit::law::{Choice, Reported, Totals};
use recount_audit::sample::{Draw, Weighted};

use crate::Refusal;

/// One station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its identifier.
    pub station: String,
    /// The stratum that it is drawn in; empty where all are drawn together.
    pub stratum: String,
    /// Units of the levels that the rulebook uses, without the whole.
    pub units: Vec<String>,
    /// Upper bound on the ballots in its box.
    pub bound: u64,
    /// Ballots reported in it.
    pub found: u64,
    /// Figures per choice; none: not stated.
    pub figures: Vec<Option<u64>>,
}

/// Every station that can be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// What is counted apart.
    pub choices: Vec<Choice>,
    /// The stations.
    pub rows: Vec<Row>,
}

fn unreadable(line: usize, why: &str) -> Refusal {
    Refusal::Unreadable(format!("manifest, line {line}: {why}"))
}

impl Manifest {
    /// The table. Identifiers hold no comma, quote or line break (they are checked by the register).
    pub fn to_csv(&self) -> String {
        let strata = !self.strata().is_empty();
        let mut out =
            String::from(if strata { "station,stratum,units,bound,found" } else { "station,units,bound,found" });
        for choice in &self.choices {
            out.push(',');
            out.push_str(&choice.key());
        }
        out.push('\n');
        for row in &self.rows {
            let stratum = if strata { format!(",{}", row.stratum) } else { String::new() };
            out.push_str(&format!("{}{stratum},{},{},{}", row.station, row.units.join("|"), row.bound, row.found));
            for figure in &row.figures {
                out.push(',');
                out.push_str(&figure.map_or(String::new(), |n| n.to_string()));
            }
            out.push('\n');
        }
        out
    }

    /// Reads the table.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`] with the line.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut lines = text.lines().enumerate();
        let head = lines.next().map_or("", |(_, line)| line);
        let strata = head.starts_with("station,stratum,");
        let columns =
            head.strip_prefix(if strata { "station,stratum,units,bound,found" } else { "station,units,bound,found" });
        let Some(columns) = columns.filter(|rest| rest.is_empty() || rest.starts_with(',')) else {
            return Err(unreadable(1, "not the head of a manifest"));
        };
        let names = columns.split(',').skip(1);
        let choices: Option<Vec<Choice>> = names.map(Choice::parse).collect();
        let choices = choices.ok_or_else(|| unreadable(1, "a column that is no choice"))?;
        let mut rows = Vec::new();
        for (at, line) in lines {
            let mut cells: Vec<&str> = line.split(',').collect();
            let stratum = if strata && cells.len() > 1 { cells.remove(1).to_owned() } else { String::new() };
            if strata && stratum.is_empty() {
                return Err(unreadable(at + 1, "a station without a stratum"));
            }
            if cells.len() != choices.len() + 4 {
                return Err(unreadable(at + 1, "another number of columns than the head"));
            }
            let number = |cell: &str| cell.parse::<u64>().map_err(|_| unreadable(at + 1, "not a whole number"));
            let figure = |cell: &&str| if cell.is_empty() { Ok(None) } else { number(cell).map(Some) };
            rows.push(Row {
                station: cells[0].to_owned(),
                stratum,
                units: cells[1].split('|').filter(|unit| !unit.is_empty()).map(str::to_owned).collect(),
                bound: number(cells[2])?,
                found: number(cells[3])?,
                figures: cells[4..].iter().map(figure).collect::<Result<_, _>>()?,
            });
        }
        Ok(Self { choices, rows })
    }

    /// Bounds of all stations together.
    pub fn ballots(&self) -> u64 {
        self.rows.iter().fold(0, |sum, row| sum.saturating_add(row.bound))
    }

    /// The strata by name, in order; none where all stations are drawn together.
    pub fn strata(&self) -> Vec<&str> {
        let names: BTreeSet<&str> = self.rows.iter().map(|row| row.stratum.as_str()).collect();
        names.into_iter().filter(|name| !name.is_empty()).collect()
    }

    /// The first stations of the draw: in proportion to bounds, without replacement. Strata are drawn each from numbers of its
    /// own, `SHA-256(seed,stratum,k)`; they come in turn, so that of each about the same part is drawn at any time.
    ///
    /// # Errors
    /// [`Refusal::Audit`] if nothing can be drawn.
    pub fn draw(&self, seed: &str, count: usize) -> Result<Vec<Draw>, Refusal> {
        let strata = self.strata();
        if strata.is_empty() {
            let bounds: Vec<u64> = self.rows.iter().map(|row| row.bound).collect();
            return Ok(Weighted::new(&bounds)?.without_replacement(seed, count)?);
        }
        let mut all: Vec<(usize, usize, usize, Draw)> = Vec::new();
        for (number, name) in strata.iter().enumerate() {
            let own = |row: &Row| if row.stratum == *name { row.bound } else { 0 };
            let bounds: Vec<u64> = self.rows.iter().map(own).collect();
            if bounds.iter().all(|bound| *bound == 0) {
                continue;
            }
            let draws = Weighted::new(&bounds)?.without_replacement(&format!("{seed},{name}"), self.rows.len())?;
            let of = draws.len();
            all.extend(draws.into_iter().zip(1..).map(|(draw, place)| (place, of, number, draw)));
        }
        // The n-th of m comes before the k-th of l if n/m is smaller.
        all.sort_by(|a, b| (a.0 * b.1).cmp(&(b.0 * a.1)).then(a.2.cmp(&b.2)));
        all.truncate(count);
        Ok(all.into_iter().map(|own| own.3).collect())
    }

    /// What was reported, by unit.
    ///
    /// # Errors
    /// [`Refusal::Record`] for sums beyond 64 bits.
    pub fn reported(&self, contest: &str, rule: BallotRule) -> Result<Reported, Refusal> {
        let empty = Totals { votes: vec![0; self.choices.len()], found: 0, cards: 0 };
        let (mut whole, mut units) = (empty.clone(), BTreeMap::new());
        for row in &self.rows {
            add(&mut whole, row)?;
            for unit in &row.units {
                add(units.entry(unit.clone()).or_insert_with(|| empty.clone()), row)?;
            }
        }
        Ok(Reported { contest: contest.to_owned(), choices: self.choices.clone(), rule, whole, units })
    }
}

fn add(to: &mut Totals, row: &Row) -> Result<(), Refusal> {
    let too_large = || Refusal::Record("a total of the manifest is too large".to_owned());
    to.found = to.found.checked_add(row.found).ok_or_else(too_large)?;
    to.cards = to.cards.checked_add(row.bound).ok_or_else(too_large)?;
    for (sum, figure) in to.votes.iter_mut().zip(&row.figures) {
        *sum = sum.checked_add(figure.unwrap_or(0)).ok_or_else(too_large)?;
    }
    Ok(())
}
