//! The published figures, read from `figures.toml`.

mod percent;
mod tables;

use std::collections::BTreeSet;

pub use percent::{Percent, round_half_up, truncate};
pub use tables::{
    Complaints, Election, Figures, Form2, ListFigures, Lists, Night, Outside, Parliament, Reach, RulingFigures, Sample,
    Sitting, Slips, Source, Turnout, TurnoutFigures, UnitFigures, Units,
};

/// Number of lists on the ballot.
pub const LISTS: usize = 16;

/// The text of `figures.toml`, as committed.
pub const FIGURES_TOML: &str = include_str!("../figures.toml");

/// Why published figures could not be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FiguresError {
    /// The text is not the expected TOML.
    #[error("figures.toml: {0}")]
    Toml(String),
    /// A percentage is not written as digits with one point.
    #[error("percentage {0:?}: write digits with at most one point, such as \"28.11\"")]
    Percent(String),
    /// A figure names a source that is not listed.
    #[error("figures.toml: {place} names source {id:?}, which no [[source]] declares")]
    Source {
        /// Where the name stands.
        place: String,
        /// The name.
        id: String,
    },
    /// An id stands twice.
    #[error("figures.toml: {what} {id:?} is listed twice")]
    Twice {
        /// Source, list or unit.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// There are not exactly as many as the ballot or the law has.
    #[error("figures.toml: {what}: {found} listed, {expected} expected")]
    Number {
        /// Lists, units or shares.
        what: String,
        /// How many are expected.
        expected: usize,
        /// How many were found.
        found: usize,
    },
}

impl UnitFigures {
    /// The published shares in ballot order, against all last.
    ///
    /// # Errors
    /// [`FiguresError::Percent`] if a share is missing or not a percentage.
    pub fn list_shares(&self, lists: &[ListFigures]) -> Result<Option<Vec<Percent>>, FiguresError> {
        let Some(shares) = &self.shares else {
            return Ok(None);
        };
        let keys = lists.iter().map(|list| list.id.as_str());
        keys.chain(["against_all"])
            .map(|key| {
                let text = shares.get(key).map_or("", String::as_str);
                Percent::parse(text).map_err(|_| FiguresError::Percent(format!("{}: {key} = {text}", self.id)))
            })
            .collect::<Result<Vec<_>, _>>()
            .map(Some)
    }
}

impl Figures {
    /// The figures committed with this crate.
    ///
    /// # Errors
    /// As [`Figures::parse`]; tests keep the committed file readable.
    pub fn published() -> Result<Self, FiguresError> {
        Self::parse(FIGURES_TOML)
    }

    /// Reads and checks a text in the form of `figures.toml`.
    ///
    /// # Errors
    /// [`FiguresError`] with the place: bad TOML, an unknown source, an id given twice, a wrong number of lists, units or shares.
    pub fn parse(text: &str) -> Result<Self, FiguresError> {
        let figures: Self = toml::from_str(text).map_err(|error| FiguresError::Toml(error.to_string()))?;
        figures.check_ids()?;
        figures.check_sources()?;
        figures.check_shares()?;
        Ok(figures)
    }

    /// The source of that id.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.source.iter().find(|source| source.id == id)
    }

    fn check_ids(&self) -> Result<(), FiguresError> {
        unique("source", self.source.iter().map(|source| &source.id))?;
        unique("list", self.lists.list.iter().map(|list| &list.id))?;
        unique("unit", self.units.unit.iter().map(|unit| &unit.id))?;
        number("lists", LISTS, self.lists.list.len())?;
        number("units", 9, self.units.unit.len())
    }

    fn check_shares(&self) -> Result<(), FiguresError> {
        for unit in &self.units.unit {
            unit.list_shares(&self.lists.list)?;
            if let Some(shares) = &unit.shares {
                // sixteen lists, against all and the source
                number(&format!("shares of {}", unit.id), LISTS + 2, shares.len())?;
            }
        }
        Ok(())
    }

    fn check_sources(&self) -> Result<(), FiguresError> {
        let groups = [
            ("election", &self.election.sources),
            ("election.slips", &self.election.slips.sources),
            ("lists", &self.lists.sources),
            ("units", &self.units.sources),
            ("turnout", &self.turnout.sources),
            ("night", &self.night.sources),
            ("form2", &self.form2.sources),
            ("outside", &self.outside.sources),
            ("complaints", &self.complaints.sources),
            ("sample", &self.sample.sources),
            ("ruling", &self.ruling.sources),
            ("parliament", &self.parliament.sources),
        ];
        let listed = groups.into_iter().flat_map(|(place, ids)| ids.iter().map(move |id| (place, id)));
        let turnout = self.turnout.statement.iter().map(|one| ("turnout.statement", &one.source));
        let sittings = self.parliament.sitting.iter().map(|one| ("parliament.sitting", &one.source));
        let shares =
            self.units.unit.iter().filter_map(|unit| Some(("units.unit.shares", unit.shares.as_ref()?.get("source")?)));
        for (place, id) in listed.chain(turnout).chain(sittings).chain(shares) {
            if self.source(id).is_none() {
                return Err(FiguresError::Source { place: place.to_owned(), id: id.clone() });
            }
        }
        Ok(())
    }
}

fn unique<'a>(what: &'static str, ids: impl Iterator<Item = &'a String>) -> Result<(), FiguresError> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(FiguresError::Twice { what, id: id.clone() });
        }
    }
    Ok(())
}

fn number(what: &str, expected: usize, found: usize) -> Result<(), FiguresError> {
    if expected == found {
        return Ok(());
    }
    Err(FiguresError::Number { what: what.to_owned(), expected, found })
}
