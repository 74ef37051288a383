//! Reads the tables that a case names, with the columns that the vocabulary gives them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use recount_forensics::{Keys, List, Station, Table};
use serde_json::Value;

use crate::Trouble;

/// A table as printed: text columns, and numbers of which some are not stated.
pub struct Sheet {
    pub header: Vec<String>,
    pub rows: Vec<csv::StringRecord>,
    /// Names of the lists as the source prints them, by column.
    pub lists: BTreeMap<String, String>,
}

impl Sheet {
    pub fn place(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|name| name == column)
    }

    pub fn numbers(&self, column: &str) -> Option<Vec<Option<u32>>> {
        let place = self.place(column)?;
        Some(self.rows.iter().map(|row| row[place].parse().ok()).collect())
    }

    pub fn texts(&self, column: &str) -> Vec<&str> {
        let place = self.place(column).unwrap_or_else(|| panic!("no column {column}"));
        self.rows.iter().map(|row| &row[place]).collect()
    }

    /// Every list or candidate, "against all" among them.
    pub fn list_columns(&self) -> Vec<&str> {
        let is = |name: &&str| name.starts_with("votes_") || *name == "against_all";
        self.header.iter().map(String::as_str).filter(is).collect()
    }
}

/// One election as the methods read it: only rows that state the leader's votes.
pub struct Election {
    pub sheet: Sheet,
    pub table: Table,
    /// Row of the sheet of each station.
    pub rows: Vec<usize>,
}

pub struct Library {
    folder: PathBuf,
    sheets: BTreeMap<String, Rc<Election>>,
}

fn failed(reason: impl Into<String>) -> Trouble {
    Trouble::Failed(reason.into())
}

impl Library {
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), sheets: BTreeMap::new() }
    }

    /// Where a file lies: beside the cases, or, for cases that came without data, with the shared ones.
    fn place(&self, file: &str) -> PathBuf {
        let beside = self.folder.join(file);
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases").join(file);
        if !beside.is_file() && shared.is_file() { shared } else { beside }
    }

    /// The election that input `number` of a case names.
    pub fn input(&mut self, case: &Value, number: usize) -> Result<Rc<Election>, Trouble> {
        let name = case["inputs"][number].as_str().ok_or_else(|| failed("the case names no input"))?;
        let issued = case["method"].as_str().unwrap_or("").contains("given=");
        let (file, kind) = if let Some(rest) = name.strip_prefix("dkobak/elections data/") {
            let year = rest.split('.').next().unwrap_or("");
            (format!("../data/russia_{year}.csv.zst"), if issued { "issued" } else { "protocol" })
        } else if let Some(rest) = name.strip_prefix("data/") {
            (format!("../data/{}", rest.split(' ').next().unwrap_or("")), "three")
        } else {
            return Err(failed(format!("cannot tell which file `{name}` is")));
        };
        let key = format!("{file} {kind}");
        if !self.sheets.contains_key(&key) {
            let sheet = read(&self.place(&file))?;
            let election = match kind {
                "three" => three_columns(sheet),
                _ => protocol(sheet, issued)?,
            };
            // Keep few elections in memory: cases come in any order, but mostly by year.
            if self.sheets.len() >= 8 {
                self.sheets.pop_first();
            }
            self.sheets.insert(key.clone(), Rc::new(election));
        }
        Ok(Rc::clone(&self.sheets[&key]))
    }
}

fn read(path: &Path) -> Result<Sheet, Trouble> {
    let bytes = std::fs::read(path).map_err(|error| failed(format!("{}: {error}", path.display())))?;
    let text = zstd::decode_all(&bytes[..]).map_err(|error| failed(format!("{}: {error}", path.display())))?;
    let mut reader = csv::Reader::from_reader(&text[..]);
    let header = reader.headers().map_err(|e| failed(e.to_string()))?.iter().map(str::to_owned).collect();
    let rows = reader.records().collect::<Result<_, _>>().map_err(|e| failed(e.to_string()))?;
    let report = path.with_extension("").with_extension("report.json");
    let report: Value =
        std::fs::read_to_string(report).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let lists = report["lists"].as_object().into_iter().flatten();
    let lists = lists.map(|(column, name)| (column.clone(), name.as_str().unwrap_or("").to_owned())).collect();
    Ok(Sheet { header, rows, lists })
}

fn is_leader(column: &str) -> bool {
    let words = ["votes_putin", "votes_medvedev", "votes_edinaya_rossiya"];
    words.iter().any(|word| column.starts_with(word)) || column == "votes_da"
}

fn protocol(sheet: Sheet, issued: bool) -> Result<Election, Trouble> {
    let leader = sheet.header.iter().find(|c| is_leader(c)).cloned().ok_or_else(|| failed("no leader column"))?;
    let numbers = |column: &str| sheet.numbers(column).ok_or_else(|| failed(format!("no column {column}")));
    let leader = numbers(&leader)?;
    let registered = numbers("registered")?;
    let boxes = sheet.numbers("in_boxes").filter(|_| sheet.place("valid").is_none());
    let found: Vec<u32> = match &boxes {
        Some(boxes) => boxes.iter().map(|found| found.unwrap_or(0)).collect(),
        None => {
            let (valid, invalid) = (numbers("valid")?, numbers("invalid")?);
            valid.iter().zip(&invalid).map(|(v, i)| v.unwrap_or(0) + i.unwrap_or(0)).collect()
        }
    };
    let given: Vec<u32> = match &boxes {
        Some(_) if !issued => found.clone(),
        _ => numbers("issued")?.iter().map(|given| given.unwrap_or(0)).collect(),
    };
    let rows: Vec<usize> = (0..leader.len()).filter(|row| leader[*row].is_some()).collect();
    let station = |row: &usize| Station {
        registered: registered[*row].unwrap_or(0),
        issued: given[*row],
        found: found[*row],
        leader: leader[*row].unwrap_or(0),
    };
    let stations = rows.iter().map(station).collect();
    let (regions, tiks) = (sheet.texts("region"), sheet.texts("tik"));
    let region = Keys::from_names(rows.iter().map(|row| regions[*row]));
    let district: Vec<String> = rows.iter().map(|row| format!("{} | {}", regions[*row], tiks[*row])).collect();
    let district = Keys::from_names(district.iter().map(String::as_str));
    let list = |column: &str| {
        let votes = sheet.numbers(column).unwrap();
        let name = sheet.lists.get(column).map_or(column, String::as_str).to_owned();
        List { name, votes: rows.iter().map(|row| votes[*row].unwrap_or(0)).collect() }
    };
    let lists = sheet.list_columns().into_iter().map(list).collect();
    let table = Table { stations, region, district, lists }.checked().map_err(|e| failed(e.to_string()))?;
    Ok(Election { table, rows, sheet })
}

/// Registered, turnout and leader's votes: ballots issued and found are the same figure.
fn three_columns(sheet: Sheet) -> Election {
    let columns: Vec<Vec<u32>> = (0..3)
        .map(|place| sheet.rows.iter().map(|row| row[place].trim_end_matches(".0").parse().unwrap_or(0)).collect())
        .collect();
    let stations = recount_forensics::table::stations(&columns[0], &columns[1], &columns[1], &columns[2]).unwrap();
    let rows = (0..stations.len()).collect();
    Election { table: Table { stations, ..Table::default() }, rows, sheet }
}
