//! The sheet of drawn stations: written with empty columns for figures, read again as far as they are filled in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use recount_exchange::table::{Options, Row, Table};
use recount_forensics::quick::Denominator;

use super::plan::{Plan, Sample};
use crate::error::{CliError, Outcome, file_error, input, read_bytes};

/// The largest sheet that is read.
const MAX_BYTES: u64 = 64 << 20;
/// What stands before the identifier of a list.
const VOTES: &str = "votes.";

/// Writes the sheet. A file that is there already is not overwritten: it may hold figures.
pub fn write(path: &Path, plan: &Plan, sample: &Sample<'_>, lists: &[String]) -> Outcome {
    let mut text = "sample,stratum,unit,station,place,registered,valid,invalid".to_owned();
    for list in lists {
        text.push(',');
        text.push_str(&quoted(&format!("{VOTES}{list}")));
    }
    text.push('\n');
    let line = plan.text();
    for drawn in &sample.drawn {
        let Some(station) = sample.frame.stations.get(drawn.place) else { continue };
        let (stratum, unit) = (sample.frame.stratum(drawn.stratum), sample.frame.unit(drawn.unit));
        let registered = station.registered.map_or_else(String::new, |own| own.to_string());
        let cells = [
            line.as_str(),
            stratum.map_or("", |own| &own.id),
            unit.map_or("", |own| &own.id),
            &station.id,
            unit.map_or("", |own| &own.name),
            &registered,
        ];
        text.push_str(&cells.map(quoted).join(","));
        text.push_str(&",".repeat(2 + lists.len()));
        text.push('\n');
    }
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = file.map_err(|why| match why.kind() {
        std::io::ErrorKind::AlreadyExists => {
            CliError::Input(format!("{}: there is such a file already, perhaps with figures", path.display()))
        }
        _ => file_error(path, &why),
    })?;
    file.write_all(text.as_bytes()).map_err(|why| file_error(path, &why))
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r', ';']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell.to_owned()
}

/// Stratum, unit and station, as the sheet names them.
pub type Key = (String, String, String);

/// One row that was filled in.
#[derive(Debug, Clone)]
pub struct Filled {
    /// Its line in the file.
    pub line: u64,
    /// The denominator; `None` if it is the registered voters of the register.
    pub of: Option<u32>,
    /// Votes in the order of the lists.
    pub votes: Vec<u32>,
}

/// The sheet as it was filled in.
#[derive(Debug)]
pub struct Read {
    /// How the sample was drawn.
    pub plan: Plan,
    /// The lists.
    pub lists: Vec<String>,
    /// Rows with figures.
    pub filled: BTreeMap<Key, Filled>,
    /// All rows, with their lines.
    pub rows: BTreeMap<Key, u64>,
}

/// Reads it.
///
/// # Errors
/// What cannot be right, with file, line and column.
pub fn read(path: &Path) -> Outcome<Read> {
    let bytes = read_bytes(path)?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    // Spreadsheets of half the world separate columns by semicolons.
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = if first.contains(&b';') && !first.contains(&b',') { b';' } else { b',' };
    let options = Options { max_bytes: MAX_BYTES, max_row: 1 << 16, max_columns: 1_024, ..Options::default() };
    let wrong = |why: &dyn std::fmt::Display| CliError::Input(format!("{}: {why}", path.display()));
    let mut table = Table::from_reader(bytes, delimiter, &options).map_err(|why| wrong(&why))?;
    let columns = Columns::of(table.header()).map_err(|why| wrong(&why))?;
    let (mut plan, mut filled, mut rows) = (None::<(String, Plan)>, BTreeMap::new(), BTreeMap::new());
    while let Some(row) = table.next_row().map_err(|why| wrong(&why))? {
        let at = |why: String| CliError::Input(format!("{}:{}: {why}", path.display(), row.line));
        if row.len() != columns.width {
            return Err(at(format!("{} cells where the header has {}", row.len(), columns.width)));
        }
        let own = text(row, columns.sample).map_err(at)?;
        let of = match &plan {
            Some((line, plan)) if line == own => plan.of,
            Some(_) => return Err(at("sample: not the sample of the rows before it".to_owned())),
            None => {
                let read =
                    Plan::parse(own).ok_or_else(|| at("sample: not as `recount quick draw` wrote it".to_owned()))?;
                plan.insert((own.to_owned(), read)).1.of
            }
        };
        let key = columns.key(row).map_err(at)?;
        if let Some(before) = rows.insert(key.clone(), row.line) {
            return Err(at(format!("station {} stands in line {before} already", key.2)));
        }
        if let Some(own) = columns.figures(row, of).map_err(at)? {
            filled.insert(key, own);
        }
    }
    let Some((_, plan)) = plan else {
        return input(format!("{}: the sheet holds no station", path.display()));
    };
    Ok(Read { plan, lists: columns.lists.into_iter().map(|(_, id)| id).collect(), filled, rows })
}

fn text(row: Row<'_>, column: usize) -> Result<&str, String> {
    row.text(column).map(str::trim).ok_or_else(|| format!("column {} is not UTF-8", column + 1))
}

/// Where the columns of the sheet stand.
struct Columns {
    width: usize,
    sample: usize,
    key: [usize; 3],
    valid: Option<usize>,
    invalid: Option<usize>,
    lists: Vec<(usize, String)>,
}

impl Columns {
    fn of(header: &[String]) -> Result<Columns, String> {
        let find = |name: &str| header.iter().position(|own| own.trim() == name);
        let need = |name: &str| find(name).ok_or_else(|| format!("1: there is no column \"{name}\""));
        let list = |(at, own): (usize, &String)| Some((at, own.trim().strip_prefix(VOTES)?.to_owned()));
        let lists: Vec<(usize, String)> = header.iter().enumerate().filter_map(list).collect();
        let names: BTreeSet<&String> = lists.iter().map(|(_, id)| id).collect();
        if lists.is_empty() || names.len() < lists.len() {
            return Err("1: each list needs one column, such as \"votes.a\"".to_owned());
        }
        Ok(Columns {
            width: header.len(),
            sample: need("sample")?,
            key: [need("stratum")?, need("unit")?, need("station")?],
            valid: find("valid"),
            invalid: find("invalid"),
            lists,
        })
    }

    fn key(&self, row: Row<'_>) -> Result<Key, String> {
        let [stratum, unit, station] = self.key;
        Ok((text(row, stratum)?.to_owned(), text(row, unit)?.to_owned(), text(row, station)?.to_owned()))
    }

    /// The figures of a row; `None` if no cell is filled in.
    fn figures(&self, row: Row<'_>, of: Denominator) -> Result<Option<Filled>, String> {
        let mut needed: Vec<(usize, String)> = Vec::new();
        if of != Denominator::Registered {
            needed.push((self.valid.ok_or("there is no column \"valid\"")?, "valid".to_owned()));
        }
        if of == Denominator::Cast {
            needed.push((self.invalid.ok_or("there is no column \"invalid\"")?, "invalid".to_owned()));
        }
        let parts = needed.len();
        needed.extend(self.lists.iter().map(|(at, id)| (*at, format!("{VOTES}{id}"))));
        let mut figures = Vec::new();
        for (at, name) in &needed {
            figures.push(figure(text(row, *at)?).map_err(|why| format!("{name}: {why}"))?);
        }
        if figures.iter().all(Option::is_none) {
            return Ok(None);
        }
        let empty = figures.iter().zip(&needed).find(|(own, _)| own.is_none());
        if let Some((_, (_, name))) = empty {
            return Err(format!("{name} is empty and other figures are not; write 0 where there are none"));
        }
        let figures: Vec<u32> = figures.into_iter().flatten().collect();
        let (denominators, votes) = figures.split_at(parts);
        let sum = denominators.iter().try_fold(0_u32, |sum, own| sum.checked_add(*own));
        let sum = sum.ok_or("valid and invalid: more than can be added up")?;
        let of = (parts > 0).then_some(sum);
        for (votes, (_, id)) in votes.iter().zip(&self.lists) {
            if of.is_some_and(|of| *votes > of) {
                return Err(format!("{VOTES}{id}: {votes} votes of {sum} ballots"));
            }
        }
        Ok(Some(Filled { line: row.line, of, votes: votes.to_vec() }))
    }
}

fn figure(cell: &str) -> Result<Option<u32>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    let plain = cell.bytes().all(|byte| byte.is_ascii_digit());
    let figure = cell.parse().ok().filter(|_| plain);
    figure.map(Some).ok_or_else(|| format!("\"{}\" is no whole number of votes", crate::show::shorten(cell, 20)))
}
