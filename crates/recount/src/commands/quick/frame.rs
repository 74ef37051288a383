//! The register to draw from: its stations in an order that depends on identifiers alone, so that everybody draws the same ones.

use std::collections::BTreeMap;

use recount_forensics::Keys;
use recount_forensics::quick::Denominator;
use recount_report::input::Sheet;

use crate::error::{Outcome, input};

/// The word for "no strata" in place of a level.
pub const NONE: &str = "none";

/// A stratum or a unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// Its identifier in the register.
    pub id: String,
    /// Its name, with the region before it.
    pub name: String,
}

/// A station.
#[derive(Debug, Clone)]
pub struct Station {
    /// Its identifier.
    pub id: String,
    /// Place of its stratum.
    pub stratum: u32,
    /// Place of its unit.
    pub unit: u32,
    /// Registered voters.
    pub registered: Option<u32>,
    /// Votes of the leading list and the denominator, where the register holds results (of an earlier election, or of this one).
    pub earlier: Option<(u32, u32)>,
}

/// The register.
#[derive(Debug)]
pub struct Frame {
    /// By stratum, unit and identifier.
    pub stations: Vec<Station>,
    /// Strata in order of their identifiers.
    pub strata: Vec<Group>,
    /// Units in order of strata and identifiers.
    pub units: Vec<Group>,
    /// Identifiers of the lists.
    pub lists: Vec<String>,
    /// Identifier of the list that leads in the results of the register.
    pub leader: Option<String>,
}

impl Frame {
    /// From a register.
    ///
    /// # Errors
    /// A level that is not there, or two stations of one unit with the same identifier.
    pub fn of(sheet: &Sheet, strata: &str, unit: &str, of: Denominator) -> Outcome<Frame> {
        let strata = match strata {
            NONE => vec![Group { id: String::new(), name: "all stations".to_owned() }; sheet.ids.len()],
            level => groups(sheet, level, true)?,
        };
        let units = groups(sheet, unit, false)?;
        let registered = registered(sheet);
        let (leader, earlier) = earlier(sheet, of, &registered);
        let mut rows: Vec<(&Group, &Group, &String, usize)> =
            strata.iter().zip(&units).zip(&sheet.ids).zip(0..).map(|(((a, b), id), at)| (a, b, id, at)).collect();
        rows.sort();
        let mut frame = Frame {
            stations: Vec::new(),
            strata: Vec::new(),
            units: Vec::new(),
            lists: sheet.lists.iter().map(|(id, _, _)| id.clone()).collect(),
            leader,
        };
        let mut before: Option<(&Group, &Group, &String)> = None;
        for (stratum, unit, id, at) in rows {
            if before == Some((stratum, unit, id)) {
                return input(format!(
                    "two stations of {} are called {id}: a sheet could not tell them apart",
                    unit.name
                ));
            }
            if before.is_none_or(|own| own.0 != stratum) {
                frame.strata.push(stratum.clone());
            }
            if before.is_none_or(|own| (own.0, own.1) != (stratum, unit)) {
                frame.units.push(unit.clone());
            }
            frame.stations.push(Station {
                id: id.clone(),
                stratum: last(&frame.strata),
                unit: last(&frame.units),
                registered: registered.get(at).copied().flatten(),
                earlier: earlier.get(at).copied().flatten(),
            });
            before = Some((stratum, unit, id));
        }
        if frame.stations.is_empty() {
            return input("the register holds no station to draw");
        }
        Ok(frame)
    }

    /// Identifier and name of a stratum.
    pub fn stratum(&self, key: u32) -> Option<&Group> {
        self.strata.get(usize::try_from(key).ok()?)
    }

    /// Identifier and name of a unit.
    pub fn unit(&self, key: u32) -> Option<&Group> {
        self.units.get(usize::try_from(key).ok()?)
    }

    /// Stations of each stratum.
    pub fn sizes(&self) -> BTreeMap<u32, usize> {
        let mut sizes = BTreeMap::new();
        for own in &self.stations {
            *sizes.entry(own.stratum).or_default() += 1;
        }
        sizes
    }
}

/// Place of what was pushed last.
fn last(groups: &[Group]) -> u32 {
    u32::try_from(groups.len().saturating_sub(1)).unwrap_or(u32::MAX)
}

/// The group of every station at a level; by default at the first level below the whole, or at the last one.
fn groups(sheet: &Sheet, level: &str, is_strata: bool) -> Outcome<Vec<Group>> {
    if sheet.unit_of.len() != sheet.ids.len() {
        if !level.is_empty() {
            return input(format!("there is no level \"{level}\": this table names a region and a district only"));
        }
        let keys: &Keys = if is_strata { &sheet.region } else { &sheet.district };
        let named = |key: &u32| Group { id: keys.name(*key).to_owned(), name: keys.name(*key).to_owned() };
        return Ok(keys.of.iter().map(named).collect());
    }
    if !level.is_empty() && !sheet.tree.iter().any(|(own, _)| own == level) {
        let mut known: Vec<&str> = sheet.tree.iter().map(|(own, _)| own.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        return input(format!("there is no level \"{level}\"; there is {}", known.join(", ")));
    }
    let mut known = BTreeMap::<usize, Group>::new();
    let one = |unit: &usize| known.entry(*unit).or_insert_with(|| group(sheet, *unit, level, is_strata)).clone();
    Ok(sheet.unit_of.iter().map(one).collect())
}

/// The unit above (or at) a unit that is of a level; where it has none, the unit itself.
fn group(sheet: &Sheet, unit: usize, level: &str, is_strata: bool) -> Group {
    let mut path = vec![unit];
    while let Some(parent) = path.last().and_then(|own| sheet.tree.get(*own)).and_then(|own| own.1) {
        if path.contains(&parent) {
            break;
        }
        path.push(parent);
    }
    path.reverse();
    let at_level = |own: &usize| sheet.tree.get(*own).is_some_and(|(own, _)| own == level);
    let own = match level {
        "" if is_strata => path.get(1),
        "" => path.last(),
        _ => path.iter().find(|own| at_level(own)),
    };
    let own = own.or(path.last()).copied().unwrap_or(unit);
    let named = |unit: usize| sheet.units.get(unit).map(|(id, name)| (id.clone(), name.clone())).unwrap_or_default();
    let (id, name) = named(own);
    match path.get(1) {
        Some(region) if *region != own && Some(&own) != path.first() => {
            Group { id, name: format!("{} · {name}", named(*region).1) }
        }
        _ => Group { id, name },
    }
}

/// Registered voters: the line of the protocol, or what the register expects.
fn registered(sheet: &Sheet) -> Vec<Option<u32>> {
    let line = line(sheet, "registered");
    let at = |place: usize| line.and_then(|own| own.get(place).copied().flatten());
    (0..sheet.ids.len()).map(|place| at(place).or_else(|| sheet.expected.get(place).copied().flatten())).collect()
}

fn line<'a>(sheet: &'a Sheet, code: &str) -> Option<&'a Vec<Option<u32>>> {
    sheet.lines.iter().find(|(own, _)| own == code).map(|(_, column)| column)
}

/// The leading list of the results in the register, and its votes and denominator at each station.
fn earlier(sheet: &Sheet, of: Denominator, registered: &[Option<u32>]) -> (Option<String>, Vec<Option<(u32, u32)>>) {
    let sum = |votes: &[Option<u32>]| votes.iter().flatten().map(|own| u64::from(*own)).sum::<u64>();
    let most = sheet.lists.iter().map(|(id, _, votes)| (sum(votes), id, votes)).max_by_key(|(sum, _, _)| *sum);
    let Some((_, leader, votes)) = most.filter(|(sum, _, _)| *sum > 0) else {
        return (None, vec![None; sheet.ids.len()]);
    };
    let at = |column: Option<&Vec<Option<u32>>>, place: usize| column.and_then(|own| own.get(place).copied().flatten());
    let all = |place: usize| {
        let own = sheet.lists.iter().filter_map(|(_, _, votes)| votes.get(place).copied().flatten());
        own.fold(None, |sum: Option<u32>, own| sum.unwrap_or(0).checked_add(own))
    };
    // A table without a line of valid votes: those of all lists.
    let valid = |place: usize| match line(sheet, "valid") {
        None => all(place),
        own => at(own, place),
    };
    let denominator = |place: usize| match of {
        Denominator::Valid => valid(place),
        Denominator::Cast => valid(place)?.checked_add(at(line(sheet, "invalid"), place)?),
        Denominator::Registered => registered.get(place).copied().flatten(),
    };
    let one = |place: usize| Some((votes.get(place).copied().flatten()?, denominator(place)?));
    (Some(leader.clone()), (0..sheet.ids.len()).map(one).collect())
}
