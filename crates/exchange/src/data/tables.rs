//! The tables, one file each: their columns and their rows.

mod admission;
mod changes;
mod complaints;
mod controls;
mod declarations;
mod members;
mod missing;
mod protocols;
mod result;
mod rulings;
mod seats;
mod statements;
mod stations;
mod units;

use std::collections::BTreeSet;

use super::{Column, DataError, Rows, Schema, Source};

/// What fills a table.
type Fill<'a> = Box<dyn Fn(&mut dyn Rows) -> Result<(), DataError> + 'a>;

/// A table of the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Lists with votes, share, admission and seats.
    Result,
    /// Every test of admission.
    Admission,
    /// How each seat came about.
    Seats,
    /// The people on the seats.
    Members,
    /// Totals and coverage of every unit.
    Units,
    /// What each station contributes, and why some contribute nothing.
    Stations,
    /// Every authorised protocol and copy with its figures.
    Protocols,
    /// Every statement, and what has become of it.
    Statements,
    /// What each statement did to totals and seats, where the fold kept it.
    Changes,
    /// Stations that are not countable.
    Missing,
    /// Controls that are broken.
    Controls,
    /// Rulings, one row per effect.
    Rulings,
    /// Complaints.
    Complaints,
    /// Declared results, computed again.
    Declarations,
}

impl Table {
    /// All tables, in the order of a package.
    pub const ALL: [Table; 14] = [
        Table::Result,
        Table::Admission,
        Table::Seats,
        Table::Members,
        Table::Units,
        Table::Stations,
        Table::Protocols,
        Table::Statements,
        Table::Changes,
        Table::Missing,
        Table::Controls,
        Table::Rulings,
        Table::Complaints,
        Table::Declarations,
    ];

    /// Its name: that of its file, and of its resource in the package.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Table::Result => "result",
            Table::Admission => "admission",
            Table::Seats => "seats",
            Table::Members => "members",
            Table::Units => "units",
            Table::Stations => "stations",
            Table::Protocols => "protocols",
            Table::Statements => "statements",
            Table::Changes => "changes",
            Table::Missing => "missing",
            Table::Controls => "controls",
            Table::Rulings => "rulings",
            Table::Complaints => "complaints",
            Table::Declarations => "declarations",
        }
    }

    /// What it holds, in a sentence.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Table::Result => {
                "Every list of every contest: its votes in the whole, their share with its denominator, whether it is admitted, by how \
                 many votes, and its seats."
            }
            Table::Admission => {
                "Every test of every list at every stage of admission, with the figures on both sides and the law."
            }
            Table::Seats => {
                "How each seat came about: the figure that decided, the nearest rival with its own, and the law."
            }
            Table::Members => "The people on the seats, where the law names them and no tie stands.",
            Table::Units => {
                "Totals of every unit, each with the stations that they rest on. Units contain one another: do not add up levels."
            }
            Table::Stations => {
                "What each station contributes to the count, from which statements, and, where it contributes nothing, why."
            }
            Table::Protocols => {
                "Every authorised protocol and observers' copy with its figures, whether or not it stands, and what has become of it."
            }
            Table::Statements => "Every statement of the record in its order, and what has become of it.",
            Table::Changes => {
                "Every statement that changed a total or was said in vain, in the order of the record: its cause, and its effect on \
                 votes and seats. Adding up a column gives the total of the whole."
            }
            Table::Missing => "Every station that is not countable, with the reason.",
            Table::Controls => "Every control that the figures of a standing protocol break, with formula and figures.",
            Table::Rulings => "Every ruling, one row per effect, and whether it is in force.",
            Table::Complaints => "Every complaint, and the rulings that answer it.",
            Table::Declarations => {
                "Every declared result, and whether it is what the record gives at the size that it names."
            }
        }
    }

    /// Whether its columns are those of one contest, so that a package holds one file for each.
    const fn is_by_contest(self) -> bool {
        matches!(self, Table::Units | Table::Stations | Table::Protocols | Table::Changes)
    }

    /// The table of a source, with the figures of all its contests side by side.
    #[must_use]
    pub fn of<'a>(self, source: Source<'a>) -> Sheet<'a> {
        let (columns, fill) = match self {
            Table::Result => result::table(source),
            Table::Admission => admission::table(source),
            Table::Seats => seats::table(source),
            Table::Members => members::table(source),
            Table::Units => units::table(source),
            Table::Stations => stations::table(source),
            Table::Protocols => protocols::table(source),
            Table::Statements => statements::table(source),
            Table::Changes => changes::table(source),
            Table::Missing => missing::table(source),
            Table::Controls => controls::table(source),
            Table::Rulings => rulings::table(source),
            Table::Complaints => complaints::table(source),
            Table::Declarations => declarations::table(source),
        };
        Sheet {
            name: self.name().to_owned(),
            description: self.description().to_owned(),
            schema: Schema { columns },
            fill,
        }
    }
}

/// A table that can be written: its name, its columns, and rows that are made while they are written.
pub struct Sheet<'a> {
    /// The name of its file, without ending: lower-case letters, digits and hyphens.
    pub name: String,
    /// What it holds.
    pub description: String,
    /// Its columns.
    pub schema: Schema,
    fill: Fill<'a>,
}

impl<'a> Sheet<'a> {
    /// A table of one's own.
    pub fn made(
        name: impl Into<String>,
        schema: Schema,
        fill: impl Fn(&mut dyn Rows) -> Result<(), DataError> + 'a,
    ) -> Sheet<'a> {
        Sheet { name: name.into(), description: String::new(), schema, fill: Box::new(fill) }
    }

    /// Gives every row, in order.
    ///
    /// # Errors
    /// A row cannot be made or taken.
    pub fn rows(&self, to: &mut dyn Rows) -> Result<(), DataError> {
        (self.fill)(to)
    }
}

impl std::fmt::Debug for Sheet<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").field("name", &self.name).field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// The tables of a package. With more than one contest, those with figures come once for each: `stations-CONTEST`.
#[must_use]
pub fn tables<'a>(source: &Source<'a>) -> Vec<Sheet<'a>> {
    let mut names = BTreeSet::new();
    let named: Vec<_> =
        source.each_contest().map(|(ix, state)| (ix, state.title.as_str(), file_name(&state.id, &mut names))).collect();
    let mut sheets = Vec::new();
    for table in Table::ALL {
        if !table.is_by_contest() || named.len() < 2 {
            sheets.push(table.of(source.again()));
            continue;
        }
        for (contest, title, name) in &named {
            let sheet = table.of(source.of_contest(*contest));
            let description = format!("{title}. {}", sheet.description);
            sheets.push(Sheet { name: format!("{}-{name}", table.name()), description, ..sheet });
        }
    }
    sheets
}

/// A part of a file name from an identifier, which may hold capitals, points, colons and slashes; different for different ones.
fn file_name(id: &str, taken: &mut BTreeSet<String>) -> String {
    let plain: String =
        id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let mut name = plain.clone();
    let mut n = 1;
    while !taken.insert(name.clone()) {
        n += 1;
        name = format!("{plain}-{n}");
    }
    name
}

/// The word of something that serialises as one.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn contest_column() -> Column {
    Column::text("contest", "Identifier of the contest.").always()
}

fn station_column() -> Column {
    Column::text("station", "Identifier of the station.").always()
}

fn unit_of_station_column() -> Column {
    Column::text("unit", "Identifier of the unit in which the station lies.").always()
}

/// Indices in rising order, with spaces between them.
fn indices(indices: impl IntoIterator<Item = u64>) -> String {
    let mut all: Vec<u64> = indices.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    all.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_plain_and_different() {
        let mut taken = BTreeSet::new();
        let names: Vec<String> = ["a/../b", "A:..-b", "lists", "a-....b"].map(|id| file_name(id, &mut taken)).into();
        assert_eq!(names, ["a----b", "a----b-2", "lists", "a-----b"]);
        assert_eq!(indices([5, 3, 5]), "3 5");
    }
}
