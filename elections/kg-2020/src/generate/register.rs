//! Units, territories, stations and voters: who was expected, who came, who is counted by hand.

use super::{GenerateError, SEED, assumed};
use crate::figures::{Figures, Percent};
use crate::random::Random;
use crate::split::{apportion, apportion_capped};
use crate::story::{RegisterChange, RemovedStation, Station, Territory, Unit};

/// Position of the unit `abroad`, after the nine.
pub(crate) const ABROAD: usize = 9;

/// The register with what the counts are built on.
#[derive(Debug)]
pub(crate) struct Register {
    pub(crate) units: Vec<Unit>,
    pub(crate) territories: Vec<Territory>,
    pub(crate) stations: Vec<Station>,
    pub(crate) change: RegisterChange,
    /// Index of the station of Zardaly.
    pub(crate) zardaly: usize,
    /// Unit of each station.
    pub(crate) unit_of: Vec<usize>,
    /// Voters who took part, per station; 0 where no machine counted.
    pub(crate) voters: Vec<u64>,
    /// Whether the station is among those counted by hand at 11:00.
    pub(crate) by_hand: Vec<bool>,
}

impl Register {
    /// Indices of the stations of a unit that a machine counted; those counted by hand, or the others.
    pub(crate) fn counted(&self, unit: usize, by_hand: bool) -> Vec<usize> {
        (0..self.stations.len())
            .filter(|&at| self.unit_of[at] == unit && self.voters[at] > 0 && self.by_hand[at] == by_hand)
            .collect()
    }

    /// Voters per unit (nine rows) at stations counted by hand, or at the others.
    pub(crate) fn voters_by_unit(&self, by_hand: bool) -> Vec<u64> {
        (0..ABROAD).map(|unit| self.counted(unit, by_hand).iter().map(|&at| self.voters[at]).sum()).collect()
    }
}

/// Builds the register, the turnout and the choice of stations counted by hand.
pub(crate) fn build(figures: &Figures) -> Result<Register, GenerateError> {
    let registered = registered_per_unit(figures)?;
    let numbers = stations_per_unit(figures, &registered)?;
    let (territories, mut stations, unit_of) = place(figures, &numbers)?;
    let zardaly = unit_of
        .iter()
        .rposition(|&unit| figures.units.unit.get(unit).is_some_and(|one| one.id == "batken"))
        .ok_or(GenerateError::Infeasible("a station for Zardaly"))?;
    let change = fill_register(figures, &registered, &mut stations, &unit_of, zardaly, &territories)?;
    let voters = turn_out(figures, &registered, &stations, &unit_of, zardaly)?;
    let by_hand = choose(figures, &unit_of, &voters)?;
    Ok(Register { units: units(figures), territories, stations, change, zardaly, unit_of, voters, by_hand })
}

fn units(figures: &Figures) -> Vec<Unit> {
    let home = figures.units.unit.iter().map(|unit| Unit {
        id: unit.id.clone(),
        kyrgyz: unit.kyrgyz.clone(),
        russian: unit.russian.clone(),
        english: unit.english.clone(),
        threshold: true,
    });
    let abroad = Unit {
        id: "abroad".to_owned(),
        kyrgyz: "Чет өлкө".to_owned(),
        russian: "За рубежом".to_owned(),
        english: "Abroad".to_owned(),
        threshold: false,
    };
    home.chain([abroad]).collect()
}

/// The register that the 14:00 turnout implies for each unit; what is left of the country's is abroad.
fn registered_per_unit(figures: &Figures) -> Result<Vec<u64>, GenerateError> {
    let mut parts = Vec::with_capacity(ABROAD + 1);
    for unit in &figures.units.unit {
        let (numerator, denominator) = unit.turnout_14h.ratio();
        let doubled = 2 * unit.voted_14h * denominator + numerator;
        parts.push(doubled.checked_div(2 * numerator).ok_or(GenerateError::Infeasible("a 14:00 turnout of zero"))?);
    }
    let home: u64 = parts.iter().sum();
    let abroad = figures.election.registered.checked_sub(home);
    parts.push(abroad.ok_or(GenerateError::Infeasible("units hold more voters than the country"))?);
    Ok(parts)
}

/// Published numbers of precincts where there are any; the rest in proportion to the register.
fn stations_per_unit(figures: &Figures, registered: &[u64]) -> Result<Vec<u64>, GenerateError> {
    let known: u64 = figures.units.unit.iter().filter_map(|unit| unit.precincts).sum();
    let open: Vec<u64> = figures
        .units
        .unit
        .iter()
        .zip(registered)
        .map(|(unit, &voters)| if unit.precincts.is_some() { 0 } else { voters })
        .collect();
    let left = figures.election.stations_home.checked_sub(known);
    let mut numbers = apportion("stations per unit", left.ok_or(GenerateError::Overflow)?, &open)?;
    for (number, unit) in numbers.iter_mut().zip(&figures.units.unit) {
        *number = unit.precincts.unwrap_or(*number);
    }
    numbers.push(figures.election.stations_abroad);
    Ok(numbers)
}

type Placed = (Vec<Territory>, Vec<Station>, Vec<usize>);

/// Territories with a hundred codes each: the first has 1001, 1002 ..., the next 1101 ...
fn place(figures: &Figures, numbers: &[u64]) -> Result<Placed, GenerateError> {
    let mut random = Random::stream(SEED, 1);
    let (mut territories, mut stations, mut unit_of) = (Vec::new(), Vec::new(), Vec::new());
    let ids = figures.units.unit.iter().map(|unit| unit.id.as_str()).chain(["abroad"]);
    let shapes = assumed::TERRITORIES.into_iter().chain([1]);
    for (unit, ((id, number), shape)) in ids.zip(numbers).zip(shapes).enumerate() {
        let weights: Vec<u64> = (0..shape).map(|_| random.between(80, 125)).collect();
        for (part, size) in apportion("stations per territory", *number, &weights)?.into_iter().enumerate() {
            let territory = Territory {
                id: if shape == 1 { id.to_owned() + "-1" } else { format!("{id}-{}", part + 1) },
                unit: id.to_owned(),
            };
            let first = 1000 + 100 * territories.len() as u64;
            if size > 90 {
                return Err(GenerateError::Infeasible("stations per territory, at most 90"));
            }
            for station in 1..=size {
                stations.push(Station {
                    id: (first + station).to_string(),
                    unit: id.to_owned(),
                    territory: territory.id.clone(),
                    registered: 0,
                    registered_before: 0,
                });
                unit_of.push(unit);
            }
            territories.push(territory);
        }
    }
    Ok((territories, stations, unit_of))
}

/// Puts voters on the register of each station, for 28 September and for the vote, and lists what changed between.
fn fill_register(
    figures: &Figures,
    registered: &[u64],
    stations: &mut [Station],
    unit_of: &[usize],
    zardaly: usize,
    territories: &[Territory],
) -> Result<RegisterChange, GenerateError> {
    let mut random = Random::stream(SEED, 2);
    let mut change = removals(figures, stations, territories, &mut random)?;
    for (unit, &total) in registered.iter().enumerate() {
        let here: Vec<usize> = (0..stations.len()).filter(|&at| unit_of[at] == unit).collect();
        // Stations in cities are near the legal size; elsewhere villages differ.
        let large = total > 1_800 * here.len() as u64;
        let weights: Vec<u64> = here
            .iter()
            .map(|&at| match (at == zardaly, large) {
                (true, _) => 18,
                (false, true) => random.between(85, 112),
                (false, false) => random.between(40, 170),
            })
            .collect();
        for (&at, voters) in here.iter().zip(apportion("register of stations", total, &weights)?) {
            stations[at].registered = voters;
        }
        before(figures, unit, &here, stations, &mut change, &mut random)?;
    }
    Ok(change)
}

/// The least change that explains the published numbers of stations: some gone at home, one new abroad.
fn removals(
    figures: &Figures,
    stations: &[Station],
    territories: &[Territory],
    random: &mut Random,
) -> Result<RegisterChange, GenerateError> {
    let (units, election) = (&figures.units, &figures.election);
    let gone = units.before_stations_home.saturating_sub(election.stations_home);
    let new = election.stations_abroad.saturating_sub(units.before_stations_abroad);
    let known: Vec<&str> =
        units.unit.iter().filter(|unit| unit.precincts.is_some()).map(|unit| unit.id.as_str()).collect();
    let open: Vec<(usize, &Territory)> = territories
        .iter()
        .enumerate()
        .filter(|(_, territory)| territory.unit != "abroad" && !known.contains(&territory.unit.as_str()))
        .collect();
    let order = random.order(open.len());
    let mut removed = Vec::new();
    for &pick in order.iter().take(usize::try_from(gone).map_err(|_| GenerateError::Overflow)?) {
        let (at, territory) = open[pick];
        removed.push(RemovedStation {
            id: (1000 + 100 * at + 99).to_string(),
            unit: territory.unit.clone(),
            territory: territory.id.clone(),
            registered_before: 0,
        });
    }
    if removed.len() as u64 != gone {
        return Err(GenerateError::Infeasible("stations removed, one per territory"));
    }
    removed.sort_by(|a, b| a.id.cmp(&b.id));
    let abroad = stations.iter().filter(|station| station.unit == "abroad").map(|station| station.id.clone());
    let mut added: Vec<String> = abroad.collect();
    added.drain(..added.len().saturating_sub(usize::try_from(new).map_err(|_| GenerateError::Overflow)?));
    Ok(RegisterChange {
        before_home: units.before_stations_home,
        before_abroad: units.before_stations_abroad,
        after_home: election.stations_home,
        after_abroad: election.stations_abroad,
        added,
        removed,
    })
}

/// The register of 28 September: the unit's published share of it, spread like the later one with some noise.
fn before(
    figures: &Figures,
    unit: usize,
    here: &[usize],
    stations: &mut [Station],
    change: &mut RegisterChange,
    random: &mut Random,
) -> Result<(), GenerateError> {
    let share = |percent: Percent| percent.of(figures.election.registered);
    let home: u64 = figures.units.unit.iter().map(|one| share(one.before_share)).sum();
    let total = match figures.units.unit.get(unit) {
        Some(one) => share(one.before_share),
        None => figures.election.registered.checked_sub(home).ok_or(GenerateError::Overflow)?,
    };
    let Some(&first) = here.first() else {
        return Err(GenerateError::Infeasible("a unit without stations"));
    };
    let id = stations[first].unit.clone();
    let gone: Vec<usize> = (0..change.removed.len()).filter(|&at| change.removed[at].unit == id).collect();
    let mut weights: Vec<u64> = here
        .iter()
        .map(|&at| {
            if change.added.contains(&stations[at].id) { 0 } else { stations[at].registered * random.between(90, 110) }
        })
        .collect();
    weights.extend(gone.iter().map(|_| 100 * random.between(300, 700)));
    let parts = apportion("register of 28 September", total, &weights)?;
    for (&at, &voters) in here.iter().zip(&parts) {
        stations[at].registered_before = voters;
    }
    for (&at, &voters) in gone.iter().zip(&parts[here.len()..]) {
        change.removed[at].registered_before = voters;
    }
    Ok(())
}

/// Voters who took part by the machine counts: published turnouts where there are any, assumed ones elsewhere,
/// and what remains of the country's total in the one unit without either.
fn turn_out(
    figures: &Figures,
    registered: &[u64],
    stations: &[Station],
    unit_of: &[usize],
    zardaly: usize,
) -> Result<Vec<u64>, GenerateError> {
    let mut totals = Vec::with_capacity(ABROAD);
    for (unit, &voters) in figures.units.unit.iter().zip(registered) {
        let assumed = assumed::TURNOUT.iter().find(|(id, _)| *id == unit.id);
        let assumed = assumed.map(|&(_, digits)| Percent { digits, decimals: 2 });
        totals.push(unit.turnout_final.or(assumed).map_or(0, |percent| percent.of(voters)));
    }
    let left = figures.election.took_part.checked_sub(totals.iter().sum());
    for total in totals.iter_mut().filter(|total| **total == 0) {
        *total = left.ok_or(GenerateError::Infeasible("turnout of the last unit"))?;
    }
    let mut random = Random::stream(SEED, 3);
    let mut voters = vec![0; stations.len()];
    for (unit, &total) in totals.iter().enumerate() {
        let here: Vec<usize> = (0..stations.len()).filter(|&at| unit_of[at] == unit && at != zardaly).collect();
        // In steps far finer than a voter: few different turnouts would pile stations up on each of them.
        let weights: Vec<u64> =
            here.iter().map(|&at| stations[at].registered * random.between(80_000, 120_000)).collect();
        let caps: Vec<u64> = here.iter().map(|&at| stations[at].registered * 94 / 100).collect();
        let parts = apportion_capped("voters of stations", total, &weights, &caps)?;
        for (&at, part) in here.iter().zip(parts) {
            voters[at] = part;
        }
    }
    Ok(voters)
}

/// Chooses the stations that are counted by hand by 11:00, some in every unit.
fn choose(figures: &Figures, unit_of: &[usize], voters: &[u64]) -> Result<Vec<bool>, GenerateError> {
    let mut random = Random::stream(SEED, 4);
    let units: Vec<Vec<usize>> = (0..ABROAD)
        .map(|unit| (0..voters.len()).filter(|&at| unit_of[at] == unit && voters[at] > 0).collect())
        .collect();
    let weights: Vec<u64> =
        units.iter().zip(assumed::HAND_SPEED).map(|(here, (_, speed))| here.len() as u64 * speed).collect();
    let caps: Vec<u64> = units.iter().map(|here| here.len() as u64 * 9 / 10).collect();
    let numbers = apportion_capped("stations counted by hand", figures.lists.hand_stations, &weights, &caps)?;
    let mut by_hand = vec![false; voters.len()];
    for (here, number) in units.iter().zip(numbers) {
        let number = usize::try_from(number).map_err(|_| GenerateError::Overflow)?;
        for &pick in random.order(here.len()).iter().take(number) {
            by_hand[here[pick]] = true;
        }
    }
    Ok(by_hand)
}
