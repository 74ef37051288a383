//! A whole election, copied from Python: what the report reads.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use recount_forensics::between::Matched;
use recount_forensics::pairs::Compared;
use recount_forensics::report::{Input, Subject};
use recount_forensics::{List, Table};
use serde::de::DeserializeOwned;

use crate::arrays::{Source, counts, even, texts};
use crate::border::wrong;

/// Stations, their groups, lists and names.
pub struct Whole {
    /// What the checks read.
    pub table: Table,
    leader: usize,
    stations: Vec<String>,
    early: Option<Vec<u32>>,
    outside: Option<Vec<u32>>,
    compared: Option<(Compared, Vec<String>)>,
    /// Where the figures come from.
    pub subject: Subject,
}

impl Whole {
    /// Reads every column that is there.
    pub fn read(table: &Bound<'_, PyAny>) -> PyResult<Self> {
        let source = Source::new(table);
        let stations = source.stations()?;
        let expected = stations.len();
        let region = source.labels_or_one(None, "region", expected)?.keys();
        let district = source.labels_or_one(None, "district", expected)?.keys();
        let names = match source.optional(None, "station")? {
            Some(given) => texts("station", &given, expected)?,
            None => (0..expected).map(|place| place.to_string()).collect(),
        };
        let column = |name: &str| -> PyResult<Option<Vec<u32>>> {
            let Some(given) = source.optional(None, name)? else { return Ok(None) };
            let column = counts(name, &given)?;
            even(name, column.len(), expected)?;
            Ok(Some(column))
        };
        let (early, outside) = (column("early")?, column("outside")?);
        let mut lists = match source.optional(None, "lists")? {
            Some(given) => read_lists(&given, expected)?,
            None => Vec::new(),
        };
        let votes: Vec<u32> = stations.iter().map(|own| own.leader).collect();
        let leader = leader(&source, &mut lists, votes)?;
        let subject = source.optional(None, "subject")?.map(|given| value("subject", &given)).transpose()?;
        let compared = source.optional(None, "compared")?.map(|given| value("compared", &given)).transpose()?;
        let rows = u64::try_from(expected).unwrap_or(u64::MAX);
        let subject = subject.unwrap_or_else(|| Subject { rows, ..Subject::default() });
        let table = Table { stations, region, district, lists };
        Ok(Self { table, leader, stations: names, early, outside, compared, subject })
    }

    /// As the library takes it, with the stations of an earlier election where there is one.
    pub fn input<'a>(&'a self, before: Option<&'a [Matched]>) -> Input<'a> {
        Input {
            table: &self.table,
            leader: self.leader,
            stations: &self.stations,
            early: self.early.as_deref(),
            outside: self.outside.as_deref(),
            before,
            compared: self.compared.as_ref().map(|(compared, columns)| (compared, columns.as_slice())),
        }
    }
}

impl Whole {
    /// Stations by region and name; none for a name that two stations have.
    fn by_name(&self) -> BTreeMap<(&str, &str), Option<usize>> {
        let mut names = BTreeMap::new();
        for (place, name) in self.stations.iter().enumerate() {
            let region = self.table.region.of.get(place).map_or("", |key| self.table.region.name(*key));
            names.entry((region, name.as_str())).and_modify(|own| *own = None).or_insert(Some(place));
        }
        names
    }

    /// The stations that an earlier election has too, matched by region and name as the command matches them.
    pub fn matched(&self, earlier: &Whole) -> PyResult<Vec<Matched>> {
        let there = earlier.by_name();
        let one = |(name, place): (&(&str, &str), &Option<usize>)| {
            let place = (*place)?;
            let before = *earlier.table.stations.get((*there.get(name)?)?)?;
            Some(Matched {
                place,
                key: *self.table.district.of.get(place)?,
                before,
                after: *self.table.stations.get(place)?,
            })
        };
        let mut all: Vec<Matched> = self.by_name().iter().filter_map(one).collect();
        all.sort_by_key(|own| own.place);
        if all.is_empty() {
            return Err(wrong("before: no station has the region and the name (station) of one in the table"));
        }
        Ok(all)
    }
}

/// Lists by name.
pub fn read_lists(given: &Bound<'_, PyAny>, expected: usize) -> PyResult<Vec<List>> {
    let given =
        given.cast::<PyDict>().map_err(|_| wrong("lists must be a dict: the name of each list, and its votes"))?;
    let one = |(name, votes): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        let name = name.str()?.to_string_lossy().into_owned();
        let place = format!("lists[{name:?}]");
        let votes = counts(&place, &votes)?;
        even(&place, votes.len(), expected)?;
        Ok(List { name, votes })
    };
    given.iter().map(one).collect()
}

/// The place of the list looked at: by its name, by its votes, or as a list of its own.
fn leader(source: &Source<'_>, lists: &mut Vec<List>, votes: Vec<u32>) -> PyResult<usize> {
    if let Some(given) = source.optional(None, "leader_list")? {
        let wanted = given.str()?.to_string_lossy().into_owned();
        let place = lists.iter().position(|list| list.name == wanted);
        return place.ok_or_else(|| wrong(format!("leader_list: there is no list {wanted:?} in lists")));
    }
    if let Some(place) = lists.iter().position(|list| list.votes == votes) {
        return Ok(place);
    }
    lists.push(List { name: "leader".to_owned(), votes });
    Ok(lists.len() - 1)
}

/// A dictionary as a value of the library.
fn value<T: DeserializeOwned>(name: &str, given: &Bound<'_, PyAny>) -> PyResult<T> {
    let text: String = given.py().import("json")?.call_method1("dumps", (given,))?.extract()?;
    serde_json::from_str(&text).map_err(|why| wrong(format!("{name}: {why}")))
}
