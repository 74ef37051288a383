//! The register that a table brings along: all of it into an open register, nothing into a sealed one unless that is asked for.

use std::collections::BTreeSet;

use recount_election::{AGAINST_ALL, ListDef};
use recount_exchange::plan::Import;
use recount_record::statement::Row;

use super::{CORRECT, Filer, SHOWN};
use crate::charter::file_register;
use crate::error::{Outcome, input};

impl Filer<'_> {
    /// Files units, stations and lists that the record does not know yet, and seals the register (again). What a sealed register does
    /// not list is refused, as it would move the number of stations that are expected: row by row for stations, at once for lists.
    /// A poll that a ruling opens has a register of its own, which is open until it is sealed.
    pub(super) fn register(&mut self, extend: bool) -> Outcome {
        let (import, register) = (self.import, self.recorder.fold().ledger().register());
        let sealed = |poll: u32| !extend && register.sealed(u64::from(poll)).is_some();
        let known = |at: &usize| {
            import.stations.get(*at).is_none_or(|station| register.geography().station_ix(&station.id).is_some())
        };
        let refused = import.protocols.iter().filter(|row| sealed(row.poll) && !known(&row.station));
        let unlisted: BTreeSet<usize> = refused.map(|row| row.station).collect();
        let new: BTreeSet<usize> =
            (0..import.stations.len()).filter(|at| !known(at) && !unlisted.contains(at)).collect();
        let open = polls(import).into_iter().any(|poll| !sealed(poll));
        let listed = |own: &&ListDef| register.all_lists(&own.contest).iter().any(|list| list.id == own.id);
        // "Against all" is a line of the ballot, which the forms know: a sealed register need not list it.
        let lists: Vec<&ListDef> =
            import.lists.iter().filter(|own| !listed(own) && (open || own.id != AGAINST_ALL)).collect();
        if !open && !lists.is_empty() {
            let unknown: Vec<&str> = lists.iter().map(|own| own.id.as_str()).take(SHOWN).collect();
            return input(format!(
                "the sealed register does not know these lists of the table: {}; nothing was filed. {CORRECT}",
                unknown.join(", ")
            ));
        }
        let all = register.sealed(1).is_none() || extend;
        let units = units(import, if all { None } else { Some(&new) });
        let units = units
            .into_iter()
            .filter(|at| import.units.get(*at).is_some_and(|unit| register.geography().unit_ix(&unit.id).is_none()));
        let rows = rows(import, units, &new, &lists);
        let rest = import.protocols.iter().filter(|row| unlisted.contains(&row.station));
        let mut lines: Vec<(u64, String)> =
            rest.filter_map(|row| Some((row.line, import.stations.get(row.station)?.id.clone()))).collect();
        lines.sort();
        self.report.unlisted = lines;
        self.unlisted = unlisted;
        self.report.register_rows = rows.len() as u64;
        if rows.is_empty() { Ok(()) } else { file_register(self.recorder, 1, &rows, &[self.key]) }
    }
}

/// The units of a table, parents first; or those alone in which these stations are.
fn units(import: &Import, of: Option<&BTreeSet<usize>>) -> BTreeSet<usize> {
    let Some(stations) = of else { return (0..import.units.len()).collect() };
    let mut needed = BTreeSet::new();
    for station in stations.iter().filter_map(|at| import.stations.get(*at)) {
        let mut next = Some(station.unit);
        while let Some(unit) = next.filter(|unit| needed.insert(*unit)) {
            next = import.units.get(unit).and_then(|unit| unit.parent);
        }
    }
    needed
}

/// The rows that list them.
fn rows(
    import: &Import,
    units: impl Iterator<Item = usize>,
    stations: &BTreeSet<usize>,
    lists: &[&ListDef],
) -> Vec<Row> {
    let unit_id = |at: usize| import.units.get(at).map_or(String::new(), |unit| unit.id.clone());
    let mut rows: Vec<Row> = Vec::new();
    rows.extend(units.filter_map(|at| import.units.get(at)).map(|unit| Row::Unit {
        id: unit.id.clone(),
        level: unit.level.clone(),
        parent: unit.parent.map(unit_id),
        name: unit.name.clone(),
        attributes: Vec::new(),
    }));
    let parts = station_parts(import);
    rows.extend(stations.iter().filter_map(|at| Some((at, import.stations.get(*at)?))).map(|(at, station)| {
        Row::Station {
            id: station.id.clone(),
            unit: unit_id(station.unit),
            voters: station.expected,
            parts: parts.get(*at).cloned().unwrap_or_default(),
            name: station.name.clone(),
            attributes: station.attributes.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
        }
    }));
    let root = import.units.iter().find(|unit| unit.parent.is_none()).map(|unit| unit.id.as_str());
    rows.extend(lists.iter().map(|list| {
        let contest = import.contests.iter().find(|contest| contest.id == list.contest);
        let unit = list.unit.clone().or_else(|| contest.map(|contest| contest.unit.clone()));
        Row::List {
            id: list.id.clone(),
            contest: list.contest.clone(),
            name: list.name.clone(),
            unit: unit.filter(|unit| Some(unit.as_str()) != root),
            attributes: list.attributes.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
        }
    }));
    rows
}

/// The polls that a table has figures or rulings of.
pub(super) fn polls(import: &Import) -> BTreeSet<u32> {
    let figures = import.protocols.iter().map(|row| row.poll);
    figures.chain(import.rulings.iter().map(|ruling| ruling.poll)).collect()
}

/// The parts of each station: those that any of its rows fills.
fn station_parts(import: &Import) -> Vec<Vec<String>> {
    let mut parts: Vec<Vec<String>> = vec![Vec::new(); import.stations.len()];
    for row in &import.protocols {
        let Some(part) = import.passes.get(row.pass).map(|pass| &pass.part).filter(|part| !part.is_empty()) else {
            continue;
        };
        if let Some(own) = parts.get_mut(row.station)
            && !own.contains(part)
        {
            own.push(part.clone());
        }
    }
    parts
}
