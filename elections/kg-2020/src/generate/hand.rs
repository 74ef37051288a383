//! The hand counts: exact totals inside the rounding of the printed shares, and the votes of each station.

use super::counts::parts;
use super::register::Register;
use super::{COLUMNS, GenerateError, SEED, assumed};
use crate::figures::{Figures, Percent};
use crate::random::Random;
use crate::split::{Table, apportion_capped, column_sum, fit};
use crate::story::{Totals, World};

/// The totals that the hand counts must have.
#[derive(Debug)]
pub(crate) struct Targets {
    /// Stations counted by hand.
    stations: u64,
    /// Voters who took part at these stations.
    pub(crate) voters: u64,
    /// Votes per list, against all, invalid.
    pub(crate) columns: Vec<u64>,
    /// The same under the other choice inside the rounding.
    other: Vec<u64>,
}

impl Targets {
    /// The other totals, as they are shown.
    pub(crate) fn alternative(&self) -> Result<Totals, GenerateError> {
        let (votes, against_all, invalid) = parts(&self.other)?;
        Ok(Totals { stations: self.stations, voters_took_part: self.voters, invalid, votes, against_all })
    }
}

/// Totals from the printed shares of those who took part.
pub(crate) fn targets(figures: &Figures, register: &Register) -> Result<Targets, GenerateError> {
    let voters = register.voters_by_unit(true).iter().sum();
    let columns = columns(figures, voters, &[])?;
    let other = assumed::ALTERNATIVE
        .iter()
        .map(|(list, text)| Ok((*list, Percent::parse(text)?)))
        .collect::<Result<Vec<_>, GenerateError>>()?;
    Ok(Targets {
        stations: figures.lists.hand_stations,
        voters,
        columns,
        other: self::columns(figures, voters, &other)?,
    })
}

fn columns(figures: &Figures, voters: u64, instead: &[(&str, Percent)]) -> Result<Vec<u64>, GenerateError> {
    let mut columns = Vec::with_capacity(COLUMNS);
    for list in &figures.lists.list {
        let replaced = instead.iter().find(|(id, _)| *id == list.id).map(|(_, share)| *share);
        let share = match replaced {
            Some(share) => share,
            None if list.hand_decimals == 2 => list.hand_printed,
            None => cut_or_rounded(list.hand_printed)?,
        };
        columns.push(share.of(voters));
    }
    columns.push(cut_or_rounded(figures.lists.against_all_hand_printed)?.of(voters));
    let invalid = voters.checked_sub(columns.iter().sum());
    columns.push(invalid.ok_or(GenerateError::Infeasible("hand shares above 100 %"))?);
    Ok(columns)
}

/// A share printed to one decimal, a hundredth higher: it is the printed one whether that was cut or rounded.
fn cut_or_rounded(printed: Percent) -> Result<Percent, GenerateError> {
    let more = 2_u32.checked_sub(printed.decimals).ok_or(GenerateError::Overflow)?;
    Ok(Percent { digits: printed.digits * 10_u64.pow(more) + 1, decimals: 2 })
}

/// Votes, against all and invalid of every station counted by hand (a row per station; zeros elsewhere).
pub(crate) fn counts(
    register: &Register,
    targets: &Targets,
    machine: &Table,
    world: World,
) -> Result<Table, GenerateError> {
    let mut hand: Table = machine
        .iter()
        .zip(&register.by_hand)
        .map(|(row, &by_hand)| if by_hand { row.clone() } else { vec![0; COLUMNS] })
        .collect();
    if world == World::Differs {
        differ(register, targets, &mut hand)?;
    }
    Ok(hand)
}

/// Moves votes at some stations, from the columns that have more by machine to those that have more by hand.
/// Voters per station stay; nothing becomes negative.
fn differ(register: &Register, targets: &Targets, hand: &mut Table) -> Result<(), GenerateError> {
    let mut random = Random::stream(SEED, 7);
    let counted: Vec<usize> = (0..hand.len()).filter(|&at| register.by_hand[at]).collect();
    let order = random.order(counted.len());
    let mut changed: Vec<usize> = order.into_iter().take(assumed::DIFFERING).map(|pick| counted[pick]).collect();
    changed.sort_unstable();

    let now: Vec<u64> = (0..COLUMNS).map(|column| column_sum(hand, column)).collect();
    let mut taken = vec![0_u64; changed.len()];
    for column in 0..COLUMNS {
        let surplus = now[column].saturating_sub(targets.columns[column]);
        if surplus == 0 {
            continue;
        }
        let weights: Vec<u64> = changed.iter().map(|&at| hand[at][column] * random.between(40, 160)).collect();
        let caps: Vec<u64> = changed.iter().map(|&at| hand[at][column] - hand[at][column] / 10).collect();
        let parts = apportion_capped("votes to move between counts", surplus, &weights, &caps)?;
        for ((&at, part), sum) in changed.iter().zip(parts).zip(&mut taken) {
            hand[at][column] -= part;
            *sum += part;
        }
    }
    let wanted: Vec<u64> = targets.columns.iter().zip(&now).map(|(want, have)| want.saturating_sub(*have)).collect();
    let seed: Table =
        taken.iter().map(|&sum| wanted.iter().map(|&want| want * sum * random.between(30, 170)).collect()).collect();
    let given = fit("votes moved between counts", &taken, &wanted, &seed, None)?;
    for (&at, row) in changed.iter().zip(given) {
        for (cell, more) in hand[at].iter_mut().zip(row) {
            *cell += more;
        }
    }
    Ok(())
}
