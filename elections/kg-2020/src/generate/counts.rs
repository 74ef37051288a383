//! The machine counts: a table unit by list with the published totals, spread over the stations.

use std::collections::BTreeSet;

use super::hand::Targets;
use super::register::{ABROAD, Register};
use super::{AGAINST_ALL, COLUMNS, GenerateError, INVALID, SEED, assumed};
use crate::figures::{Figures, LISTS};
use crate::random::Random;
use crate::split::{Table, apportion, fit, fit_inside};
use crate::story::{MachineCount, Minute, Totals, World};

/// Votes, against all and invalid per station (a row for every station of the register; zeros where no machine counted).
pub(crate) fn machine(
    figures: &Figures,
    register: &Register,
    targets: &Targets,
    world: World,
) -> Result<Table, GenerateError> {
    let whole = by_unit(figures, register)?;
    let rows = register.voters_by_unit(true);
    let columns = match world {
        // The machines counted at these stations what the hands did ...
        World::Same => targets.columns.clone(),
        // ... or these stations are like the others of their unit.
        World::Differs => {
            let expected = expected_inside(&whole, &rows);
            apportion("machine totals of the stations counted by hand", targets.voters, &expected)?
        }
    };
    let inside = fit_inside("machine counts of the stations counted by hand", &whole, &rows, &columns)?;
    let mut random = Random::stream(SEED, 5);
    let mut table = vec![vec![0; COLUMNS]; register.stations.len()];
    for unit in 0..ABROAD {
        let outside: Vec<u64> = whole[unit].iter().zip(&inside[unit]).map(|(all, part)| all - part).collect();
        spread(register, &register.counted(unit, true), &inside[unit], &mut table, &mut random)?;
        spread(register, &register.counted(unit, false), &outside, &mut table, &mut random)?;
    }
    Ok(table)
}

/// What a part of each unit would hold if it were like the whole: weights, a million for one ballot.
fn expected_inside(whole: &Table, rows: &[u64]) -> Vec<u64> {
    let mut expected = vec![0; COLUMNS];
    for (row, &inside) in whole.iter().zip(rows) {
        let voters = row.iter().sum::<u64>().max(1);
        for (sum, cell) in expected.iter_mut().zip(row) {
            *sum += cell * inside * 1_000 / voters * 1_000;
        }
    }
    expected
}

/// The country's columns: the published votes, against all, and what is left of those who took part.
fn country(figures: &Figures) -> Result<Vec<u64>, GenerateError> {
    let mut columns: Vec<u64> = figures.lists.list.iter().map(|list| list.machine_votes).collect();
    columns.push(figures.lists.against_all_machine_votes);
    let invalid = figures.election.took_part.checked_sub(columns.iter().sum());
    columns.push(invalid.ok_or(GenerateError::Infeasible("more votes than voters who took part"))?);
    Ok(columns)
}

/// Nine units by columns. Units with published shares take them; the others share what is left.
fn by_unit(figures: &Figures, register: &Register) -> Result<Table, GenerateError> {
    let voters: Vec<u64> =
        register.voters_by_unit(true).into_iter().zip(register.voters_by_unit(false)).map(|(a, b)| a + b).collect();
    let country = country(figures)?;
    let (mut table, mut open, mut left): (Table, Vec<usize>, Vec<u64>) = (Vec::new(), Vec::new(), country.clone());
    for (at, unit) in figures.units.unit.iter().enumerate() {
        let mut row = vec![0; COLUMNS];
        if let Some(shares) = unit.list_shares(&figures.lists.list)? {
            for (cell, share) in row.iter_mut().zip(shares) {
                *cell = share.of(voters[at]);
            }
            let invalid = voters[at].checked_sub(row.iter().sum());
            row[INVALID] = invalid.ok_or(GenerateError::Infeasible("shares of a unit above 100 %"))?;
        } else {
            open.push(at);
        }
        for (rest, cell) in left.iter_mut().zip(&row) {
            *rest =
                rest.checked_sub(*cell).ok_or(GenerateError::Infeasible("a unit with more votes than the country"))?;
        }
        table.push(row);
    }
    let rows: Vec<u64> = open.iter().map(|&at| voters[at]).collect();
    let seed: Table = open
        .iter()
        .map(|&at| left.iter().enumerate().map(|(column, votes)| votes * leaning(figures, at, column)).collect())
        .collect();
    for (at, row) in open.iter().zip(fit("votes per unit", &rows, &left, &seed, None)?) {
        table[*at] = row;
    }
    Ok(table)
}

fn leaning(figures: &Figures, unit: usize, column: usize) -> u64 {
    let unit = figures.units.unit.get(unit).map_or("", |unit| unit.id.as_str());
    let list = match figures.lists.list.get(column) {
        Some(list) => list.id.as_str(),
        None if column == AGAINST_ALL => "against_all",
        None => "invalid",
    };
    assumed::LEANING.iter().find(|lean| (lean.0, lean.1) == (unit, list)).map_or(100, |lean| lean.2)
}

/// Spreads a unit's column totals over stations: every list is stronger here and weaker there, in territories and stations.
fn spread(
    register: &Register,
    stations: &[usize],
    columns: &[u64],
    table: &mut Table,
    random: &mut Random,
) -> Result<(), GenerateError> {
    let rows: Vec<u64> = stations.iter().map(|&at| register.voters[at]).collect();
    let mut seed = Table::with_capacity(rows.len());
    let (mut territory, mut lean) = ("", vec![100; COLUMNS]);
    for &at in stations {
        let here = register.stations[at].territory.as_str();
        if here != territory {
            territory = here;
            lean = (0..COLUMNS).map(|_| random.between(75, 130)).collect();
        }
        seed.push(
            (0..COLUMNS)
                .map(|column| columns[column] * lean[column] * random.between(55, 150) * register.voters[at])
                .collect(),
        );
    }
    for (&at, row) in stations.iter().zip(fit("votes per station", &rows, columns, &seed, None)?) {
        table[at] = row;
    }
    Ok(())
}

/// The counts as they arrived: as many before the statement of election night as it names, the others until morning.
pub(crate) fn statements(
    figures: &Figures,
    register: &Register,
    table: &Table,
) -> Result<Vec<MachineCount>, GenerateError> {
    let mut random = Random::stream(SEED, 6);
    let late = late(figures, register, table)?;
    let mut counts = Vec::new();
    for at in (0..table.len()).filter(|&at| register.voters[at] > 0) {
        let minute = if late.contains(&at) {
            random.between(142, 880)
        } else {
            u64::midpoint(random.between(8, 138), random.between(8, 138))
        };
        let (votes, against_all, invalid_or_unread) = parts(&table[at])?;
        counts.push(MachineCount {
            station: register.stations[at].id.clone(),
            at_minute: Minute::try_from(minute).map_err(|_| GenerateError::Overflow)?,
            voters_took_part: register.voters[at],
            invalid_or_unread,
            votes,
            against_all,
        });
    }
    counts.sort_by(|a, b| (a.at_minute, &a.station).cmp(&(b.at_minute, &b.station)));
    Ok(counts)
}

/// The stations that came in after the statement of election night: those with the fewest votes for one list below the
/// threshold. At night it was reported above the line with four others, in the morning only the four were.
fn late(figures: &Figures, register: &Register, table: &Table) -> Result<BTreeSet<usize>, GenerateError> {
    let list = figures.lists.list.iter().position(|list| list.id == assumed::ABOVE_AT_NIGHT);
    let list = list.ok_or(GenerateError::Infeasible("the list above the threshold at night"))?;
    let mut order: Vec<usize> = (0..table.len()).filter(|&at| register.voters[at] > 0).collect();
    let number =
        order.len().saturating_sub(usize::try_from(figures.night.stations).map_err(|_| GenerateError::Overflow)?);
    // votes short of 7 %, in hundredths, from a start high enough to stay whole
    order.sort_by_key(|&at| (100 * table[at][list] + 1_000_000 - 7 * register.voters[at], at));
    Ok(order.into_iter().take(number).collect())
}

/// A row as votes per list, against all, invalid.
pub(crate) fn parts(row: &[u64]) -> Result<([u64; LISTS], u64, u64), GenerateError> {
    let votes = row.get(..LISTS).and_then(|votes| votes.try_into().ok());
    Ok((votes.ok_or(GenerateError::Overflow)?, row[AGAINST_ALL], row[INVALID]))
}

/// Sums of machine counts.
pub(crate) fn totals(counts: &[MachineCount]) -> Totals {
    let mut votes = [0; LISTS];
    for count in counts {
        for (sum, more) in votes.iter_mut().zip(count.votes) {
            *sum += more;
        }
    }
    Totals {
        stations: counts.len() as u64,
        voters_took_part: counts.iter().map(|count| count.voters_took_part).sum(),
        invalid: counts.iter().map(|count| count.invalid_or_unread).sum(),
        votes,
        against_all: counts.iter().map(|count| count.against_all).sum(),
    }
}
