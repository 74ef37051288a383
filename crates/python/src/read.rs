//! Tables from files, read as the command reads them: CSV and Parquet through a map, published Russian tables without one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use recount_exchange::map::{Map, read_map};
use recount_forensics::Keys;
use recount_forensics::report::Subject;
use recount_report::input::{Choice, Chosen, InputError, choose, of_import, read_table};

use crate::border::{compute, wrong};
use crate::results::{plain, whole};

/// Reads station results from a CSV or Parquet file, as ``recount forensics`` does.
///
/// ``map`` is the path of a map (TOML) that says what the columns mean; the ten Russian tables as published need none. The other
/// arguments choose among what the file holds, as the command's options of the same names do; ``list`` is the one looked at, by
/// default the one with most votes. Rows that lack a figure are left out and counted.
///
/// Returns the columns that every function here takes (``registered``, ``issued``, ``found``, ``leader``, ``region``, ``district``,
/// ``station``; ``region_names`` and ``district_names`` have every name, those without a station too), every list's votes in ``lists``, the name of the one looked at in ``leader_list``, and in ``subject`` where the
/// figures come from and what was left out. Where the file holds two counts of the same ballots, ``compared`` has their differences.
///
/// Raises ``OSError`` for a file that cannot be read, ``ValueError`` for one that says nothing.
#[pyfunction]
#[pyo3(signature = (path, map=None, *, contest=None, source=None, poll=None, list=None, registered=None, issued=None, found=None,
                    region=None, district=None, without=None))]
#[allow(clippy::too_many_arguments, reason = "the options of the command")]
pub fn read<'py>(
    py: Python<'py>,
    path: PathBuf,
    map: Option<PathBuf>,
    contest: Option<String>,
    source: Option<String>,
    poll: Option<u16>,
    list: Option<String>,
    registered: Option<String>,
    issued: Option<String>,
    found: Option<String>,
    region: Option<String>,
    district: Option<String>,
    without: Option<Vec<String>>,
) -> PyResult<Bound<'py, PyDict>> {
    let choice = Choice {
        contest,
        source,
        poll,
        list,
        registered,
        issued,
        found,
        region,
        district,
        without: without.unwrap_or_default(),
    };
    let (chosen, subject) = compute(py, || chosen(&path, map.as_deref(), &choice))??;
    columns(py, &chosen, &subject)
}

fn bytes_of(path: &Path) -> PyResult<Vec<u8>> {
    std::fs::read(path).map_err(|why| PyOSError::new_err(format!("{}: {why}", path.display())))
}

fn chosen(path: &Path, map: Option<&Path>, choice: &Choice) -> PyResult<(Chosen, Subject)> {
    let map = map.map(map_of).transpose()?;
    let refuse = |why: &dyn std::fmt::Display| wrong(format!("{}: {why}", path.display()));
    let bytes = bytes_of(path)?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let sheet = read_table(&bytes, &name, map.as_ref(), choice, of_import).map_err(|why| match why {
        InputError::NoMap => refuse(&"a table needs map=..., which says what its columns mean"),
        why => refuse(&why),
    })?;
    let chosen = choose(&sheet, choice).map_err(|why| refuse(&why))?;
    let subject = Subject {
        title: sheet.title,
        source: sheet.source,
        hash: recount_log::sha256(&bytes).to_hex(),
        rows: sheet.rows,
        figures: chosen.lines.clone(),
        left_out: chosen.left_out.clone(),
    };
    Ok((chosen, subject))
}

fn map_of(path: &Path) -> PyResult<Map> {
    let text = String::from_utf8(bytes_of(path)?).map_err(|_| wrong(format!("{}: no UTF-8", path.display())))?;
    read_map(&text).map_err(|why| wrong(format!("{}: {why}", path.display())))
}

fn columns<'py>(py: Python<'py>, chosen: &Chosen, subject: &Subject) -> PyResult<Bound<'py, PyDict>> {
    let table = PyDict::new(py);
    let stations = &chosen.table.stations;
    table.set_item("registered", whole(py, stations.iter().map(|own| own.registered))?)?;
    table.set_item("issued", whole(py, stations.iter().map(|own| own.issued))?)?;
    table.set_item("found", whole(py, stations.iter().map(|own| own.found))?)?;
    table.set_item("leader", whole(py, stations.iter().map(|own| own.leader))?)?;
    for (name, keys) in [("region", &chosen.table.region), ("district", &chosen.table.district)] {
        let names = distinct(keys);
        let of = keys.of.iter().map(|key| names.get(*key as usize).map_or("", String::as_str));
        table.set_item(name, of.collect::<Vec<_>>())?;
        table.set_item(format!("{name}_names"), names)?;
    }
    table.set_item("station", &chosen.ids)?;
    let lists = PyDict::new(py);
    for (place, list) in chosen.table.lists.iter().enumerate() {
        // Two lists may bear one name; each keeps its votes.
        let own =
            if lists.contains(&list.name)? { format!("{} ({})", list.name, place + 1) } else { list.name.clone() };
        lists.set_item(&own, whole(py, list.votes.iter().copied())?)?;
        if place == chosen.leader {
            table.set_item("leader_list", own)?;
        }
    }
    table.set_item("lists", lists)?;
    for (name, column) in [("early", &chosen.early), ("outside", &chosen.outside)] {
        if let Some(column) = column {
            table.set_item(name, whole(py, column.iter().copied())?)?;
        }
    }
    if let Some(compared) = &chosen.compared {
        table.set_item("compared", plain(py, compared)?)?;
    }
    table.set_item("subject", plain(py, subject)?)?;
    Ok(table)
}

/// The names of all groups, those without a station too; of two groups with one name the second gets its number.
fn distinct(keys: &Keys) -> Vec<String> {
    let (mut seen, mut names) = (BTreeSet::new(), Vec::with_capacity(keys.names.len()));
    for (place, name) in keys.names.iter().enumerate() {
        let is_new = seen.insert(name.as_str());
        names.push(if is_new { name.clone() } else { format!("{name} ({})", place + 1) });
    }
    names
}
