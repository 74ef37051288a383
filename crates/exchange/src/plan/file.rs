//! Filing what was gathered: which lists stand where, and what is new, changed or unchanged.

use std::collections::BTreeMap;

use recount_election::{ColumnIx, Columns, ListDef};

use super::import::{ContestRow, PassReport, ProtocolRow, Refusal, RefusedRow};
use super::register::Register;
use crate::map::{Map, Stand};

/// What filing came to.
pub(super) struct Filed {
    pub passes: Vec<PassReport>,
    pub protocols: Vec<ProtocolRow>,
    pub refused: Vec<RefusedRow>,
    pub unchanged: u64,
}

/// Decides which lists stand in which contest, and takes the others out of the protocols.
pub(super) fn standing(
    map: &Map,
    columns: &Columns,
    contests: &[ContestRow],
    gathered: &mut [Vec<ProtocolRow>],
) -> Vec<ListDef> {
    let all: Vec<(ColumnIx, &str)> = columns.lists().collect();
    let mut stands = vec![vec![false; all.len()]; contests.len()];
    for row in gathered.iter().flatten() {
        let Some(stands) = stands.get_mut(row.contest) else { continue };
        for (stands, (column, _)) in stands.iter_mut().zip(&all) {
            *stands |= row.figures.get(*column).is_some_and(|votes| votes > 0);
        }
    }
    for (contest, stands) in contests.iter().zip(&mut stands) {
        for (stands, (_, id)) in stands.iter_mut().zip(&all) {
            let named = map.lists.iter().find(|list| list.id == *id);
            let named = named.map_or(&[][..], |list| &list.contests);
            if !named.is_empty() {
                *stands = named.contains(&contest.id);
            } else if map.votes.stand == Stand::All {
                *stands = true;
            }
        }
    }
    for row in gathered.iter_mut().flatten() {
        let Some(stands) = stands.get(row.contest) else { continue };
        for (_, (column, _)) in stands.iter().zip(&all).filter(|(stands, _)| !**stands) {
            row.figures.clear(*column);
        }
    }
    let pairs = contests.iter().zip(&stands);
    pairs.flat_map(|(contest, stands)| lists_of(map, contest, stands, &all)).collect()
}

fn lists_of(map: &Map, contest: &ContestRow, stands: &[bool], all: &[(ColumnIx, &str)]) -> Vec<ListDef> {
    // Where each unit has a contest of its own, its lists stand in that unit alone.
    let unit = (!map.contest.id.is_constant()).then(|| contest.unit.clone());
    let standing = stands.iter().zip(all).filter(|(stands, _)| **stands);
    standing
        .map(|(_, (_, id))| {
            let declared = map.lists.iter().find(|list| list.id == *id);
            ListDef {
                id: (*id).to_owned(),
                contest: contest.id.clone(),
                name: declared.map_or_else(|| (*id).to_owned(), |list| list.name.clone()),
                unit: unit.clone(),
                attributes: declared.map(|list| list.attributes.clone()).unwrap_or_default(),
                candidates: Vec::new(),
            }
        })
        .collect()
}

/// The place of a protocol: poll, contest, station, source and part, and whose copy it is.
type Place<'a> = (u32, usize, usize, &'a str, &'a str, Option<String>);

/// Files the protocols pass by pass.
pub(super) fn file(map: &Map, register: &Register, gathered: Vec<Vec<ProtocolRow>>) -> Filed {
    let mut filed = Filed { passes: Vec::new(), protocols: Vec::new(), refused: Vec::new(), unchanged: 0 };
    let mut places: BTreeMap<Place<'_>, usize> = BTreeMap::new();
    for (pass, rows) in map.passes.iter().zip(gathered) {
        let mut report = PassReport {
            id: pass.id.clone(),
            source: pass.source.clone(),
            part: pass.part.clone(),
            rows: 0,
            filed: 0,
            replacing: 0,
            unchanged: 0,
        };
        for mut row in rows {
            report.rows = report.rows.saturating_add(1);
            let source = (pass.source.as_str(), pass.part.as_str());
            let place = (row.poll, row.contest, row.station, source.0, source.1, row.by.clone());
            let before = places.get(&place).copied();
            let known = before.and_then(|before| filed.protocols.get(before));
            match known {
                Some(known) if known.figures == row.figures => {
                    report.unchanged = report.unchanged.saturating_add(1);
                    continue;
                }
                Some(known) if known.pass == row.pass => {
                    filed.refused.push(duplicate(register, &row, known.line));
                    continue;
                }
                Some(_) => report.replacing = report.replacing.saturating_add(1),
                None => {}
            }
            report.filed = report.filed.saturating_add(1);
            row.supersedes = before;
            places.insert(place, filed.protocols.len());
            filed.protocols.push(row);
        }
        filed.unchanged = filed.unchanged.saturating_add(report.unchanged);
        filed.passes.push(report);
    }
    filed
}

fn duplicate(register: &Register, row: &ProtocolRow, line: u64) -> RefusedRow {
    RefusedRow {
        line: row.line,
        station: register.stations.get(row.station).map(|station| station.id.clone()),
        column: None,
        value: String::new(),
        reason: Refusal::Duplicate { line },
    }
}
