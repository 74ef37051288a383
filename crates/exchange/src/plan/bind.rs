//! Looking up the columns of a map in the header of a table, once for all rows.

use std::collections::BTreeMap;

use recount_election::{ColumnIx, Columns};

use super::PlanError;
use crate::map::{Condition, Map, OneOrMany, PassMap};

/// A map with the positions of its columns.
pub(super) struct BoundMap<'m> {
    /// Names of all columns, for errors.
    pub header: Vec<String>,
    /// Positions by name.
    pub positions: BTreeMap<String, usize>,
    pub status: Option<usize>,
    pub expected: Option<usize>,
    /// The condition of each flag of the stations.
    pub flags: Vec<BoundCondition<'m>>,
    pub passes: Vec<BoundPass<'m>>,
}

/// A condition: positions and the values that they must have.
pub(super) type BoundCondition<'m> = Vec<(usize, &'m OneOrMany)>;

/// A pass with the positions of what it reads.
pub(super) struct BoundPass<'m> {
    pub map: &'m PassMap,
    pub when: BoundCondition<'m>,
    pub unless: BoundCondition<'m>,
    /// Position in the row, column of the figures, and code.
    pub lines: Vec<(usize, ColumnIx, &'m str)>,
    pub lists: Vec<(usize, ColumnIx)>,
}

pub(super) fn bind<'m>(map: &'m Map, header: &[String]) -> Result<(BoundMap<'m>, Columns), PlanError> {
    let positions: BTreeMap<String, usize> =
        header.iter().enumerate().map(|(position, name)| (name.clone(), position)).collect();
    let find = |column: &str| {
        let position = positions.get(column).copied();
        position.ok_or_else(|| PlanError::NoColumn { column: column.to_owned() })
    };
    check_templates(map, &find)?;
    let columns = columns(map, header)?;
    let passes =
        map.passes.iter().map(|pass| bind_pass(map, pass, header, &columns, &find)).collect::<Result<_, _>>()?;
    let flags = map.station.flags.iter().map(|flag| bind_condition(&flag.when, &find));
    let bound = BoundMap {
        header: header.to_vec(),
        status: map.status.as_ref().map(|status| find(&status.column)).transpose()?,
        expected: map.station.expected.as_deref().map(find).transpose()?,
        flags: flags.collect::<Result<_, _>>()?,
        passes,
        positions: positions.clone(),
    };
    Ok((bound, columns))
}

/// Every column that a template names exists.
fn check_templates(map: &Map, find: &impl Fn(&str) -> Result<usize, PlanError>) -> Result<(), PlanError> {
    let station = &map.station;
    let optional = [&map.by, &map.poll, &map.contest.title, &station.name];
    let polls = map.passes.iter().filter_map(|pass| pass.poll.as_ref());
    let units = map.units.iter().flat_map(|unit| [&unit.id, &unit.name]);
    [&map.contest.id, &map.contest.unit, &station.id]
        .into_iter()
        .chain(optional.into_iter().flatten())
        .chain(polls)
        .chain(units)
        .chain(station.attributes.values())
        .flat_map(|template| template.columns())
        .try_for_each(|column| find(column).map(|_| ()))
}

/// The lines of all passes by code, then the lists in the order of the map or the table.
fn columns(map: &Map, header: &[String]) -> Result<Columns, PlanError> {
    let mut codes: Vec<&str> = Vec::new();
    let mut lists: Vec<&str> = map.lists.iter().map(|list| list.id.as_str()).collect();
    for pass in &map.passes {
        for code in map.lines_of(pass).keys() {
            if !codes.contains(&code.as_str()) {
                codes.push(code);
            }
        }
        if map.lists.is_empty() {
            for (_, list) in prefixed(header, map.prefix_of(pass)) {
                if !lists.contains(&list) {
                    lists.push(list);
                }
            }
        }
    }
    Ok(Columns::new(&map.set, codes, lists)?)
}

/// The columns that begin with a prefix: position and the rest of the name.
fn prefixed<'a>(header: &'a [String], prefix: &str) -> impl Iterator<Item = (usize, &'a str)> {
    let prefix = prefix.to_owned();
    header.iter().enumerate().filter_map(move |(position, name)| Some((position, name.strip_prefix(&prefix)?)))
}

fn bind_condition<'m>(
    condition: &'m Condition,
    find: &impl Fn(&str) -> Result<usize, PlanError>,
) -> Result<BoundCondition<'m>, PlanError> {
    condition.iter().map(|(column, values)| Ok((find(column)?, values))).collect()
}

fn bind_pass<'m>(
    map: &'m Map,
    pass: &'m PassMap,
    header: &[String],
    columns: &Columns,
    find: &impl Fn(&str) -> Result<usize, PlanError>,
) -> Result<BoundPass<'m>, PlanError> {
    let mut lines = Vec::new();
    for (code, column) in map.lines_of(pass) {
        if let Some(line) = columns.line(code) {
            lines.push((find(column)?, line, code.as_str()));
        }
    }
    Ok(BoundPass {
        map: pass,
        when: bind_condition(&pass.when, find)?,
        unless: bind_condition(&pass.unless, find)?,
        lines,
        lists: bind_lists(map, map.prefix_of(pass), header, columns)?,
    })
}

fn bind_lists(
    map: &Map,
    prefix: &str,
    header: &[String],
    columns: &Columns,
) -> Result<Vec<(usize, ColumnIx)>, PlanError> {
    let mut lists = Vec::new();
    for (position, suffix) in prefixed(header, prefix) {
        let id = if map.lists.is_empty() {
            Some(suffix)
        } else {
            let declared = map.lists.iter().find(|list| list.suffix() == suffix);
            declared.map(|list| list.id.as_str())
        };
        let column = id
            .and_then(|id| columns.list(id))
            .ok_or_else(|| PlanError::NoList { column: header.get(position).cloned().unwrap_or_default() })?;
        lists.push((position, column));
    }
    if lists.is_empty() {
        return Err(PlanError::NoVotes { prefix: prefix.to_owned() });
    }
    let missing = map.lists.iter().find(|list| {
        let column = columns.list(&list.id);
        !lists.iter().any(|&(_, bound)| Some(bound) == column)
    });
    match missing {
        None => Ok(lists),
        Some(list) => Err(PlanError::NoColumn { column: format!("{prefix}{}", list.suffix()) }),
    }
}
