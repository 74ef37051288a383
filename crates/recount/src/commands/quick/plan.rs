//! What was asked for, as one line of text that stands in every row of the sheet, and the sample that follows from it.

use std::collections::BTreeMap;

use recount_forensics::quick::{
    ClusterReturn, Denominator, DrawnStation, Estimate, NotEstimable, Return, draw, draw_two_stage, estimate,
    estimate_clusters, neyman, post_stratified, proportional, size_classes,
};
use recount_log::sha256;
use serde::Serialize;

use super::frame::Frame;
use super::{LEVEL, SCHEMA};
use crate::error::{Outcome, input};

/// Parts by size of every stratum that early returns are weighted by.
const PARTS: u32 = 3;
/// Returns that such a part needs; else it is joined with the next one.
const LEAST: usize = 4;

/// How the sample is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Stations asked for.
    pub stations: usize,
    /// Units asked for, in two stages; 0 in one stage.
    pub units: usize,
    /// Level of the strata; empty for the first below the whole.
    pub strata: String,
    /// Level of the units; empty for the last above the stations.
    pub unit: String,
    /// What shares are shares of.
    pub of: Denominator,
    /// The seed as it was given.
    pub seed: String,
}

impl Plan {
    /// The line that says it all.
    pub fn text(&self) -> String {
        let Plan { stations, units, strata, unit, of, seed } = self;
        let of = word(*of);
        format!("{SCHEMA};stations={stations};units={units};strata={strata};unit={unit};of={of};seed={seed}")
    }

    /// Reads that line.
    pub fn parse(text: &str) -> Option<Plan> {
        let rest = text.strip_prefix(SCHEMA)?.strip_prefix(";stations=")?;
        let (stations, rest) = rest.split_once(";units=")?;
        let (units, rest) = rest.split_once(";strata=")?;
        let (strata, rest) = rest.split_once(";unit=")?;
        let (unit, rest) = rest.split_once(";of=")?;
        let (of, seed) = rest.split_once(";seed=")?;
        Some(Plan {
            stations: stations.parse().ok()?,
            units: units.parse().ok()?,
            strata: strata.to_owned(),
            unit: unit.to_owned(),
            of: denominator(of).ok()?,
            seed: seed.to_owned(),
        })
    }

    /// The number that the seed stands for: itself, or the first eight bytes of the SHA-256 of its text.
    pub fn number(&self) -> u64 {
        let first = |text: &str| u64::from_str_radix(text.get(..16)?, 16).ok();
        self.seed.parse().unwrap_or_else(|_| first(&sha256(self.seed.as_bytes()).to_hex()).unwrap_or(0))
    }

    /// Draws with this seed.
    ///
    /// # Errors
    /// In two stages, a stratum with a single unit: it would give no interval.
    pub fn draw<'a>(&self, frame: &'a Frame, seed: u64) -> Outcome<Sample<'a>> {
        let strata: Vec<u32> = frame.stations.iter().map(|own| own.stratum).collect();
        let sizes = frame.sizes();
        let wanted = self.stations.min(frame.stations.len());
        let mut units = BTreeMap::new();
        let drawn = if self.units == 0 {
            let counts = proportional(&sizes, wanted);
            let weight = |stratum| real(sizes.get(&stratum)) / real(counts.get(&stratum)).max(1.0);
            let one = |place: usize| {
                let own = frame.stations.get(place)?;
                Some(DrawnStation { place, unit: own.unit, stratum: own.stratum, weight: weight(own.stratum) })
            };
            draw(&strata, &counts, seed).places.into_iter().filter_map(one).collect()
        } else {
            let own = self.in_two_stages(frame, &sizes, seed)?;
            units = own.units;
            own.drawn
        };
        let registered: Vec<u32> = frame.stations.iter().map(|own| own.registered.unwrap_or(0)).collect();
        let classes = size_classes(&strata, &registered, PARTS);
        Ok(Sample { frame, drawn, sizes, units, classes, of: self.of, seed })
    }

    fn in_two_stages(
        &self,
        frame: &Frame,
        sizes: &BTreeMap<u32, usize>,
        seed: u64,
    ) -> Outcome<recount_forensics::quick::TwoStage> {
        let of: BTreeMap<u32, u32> = frame.stations.iter().map(|own| (own.unit, own.stratum)).collect();
        let mut all = BTreeMap::<u32, usize>::new();
        for stratum in of.values() {
            *all.entry(*stratum).or_default() += 1;
        }
        if let Some((stratum, _)) = all.iter().find(|(_, units)| **units < 2) {
            let name = frame.stratum(*stratum).map_or("", |own| own.name.as_str());
            return input(format!(
                "{name} is a stratum with a single unit, which gives no interval: choose larger strata (--strata LEVEL, or \
                 --strata none), smaller units (--unit LEVEL), or one stage"
            ));
        }
        // Units in proportion to stations: then each station stands for about as many.
        let spread = all.iter().map(|(stratum, units)| (*stratum, real(sizes.get(stratum)) / real(Some(units))));
        let wanted = self.units.min(of.len());
        let units = neyman(&all, &spread.collect(), wanted);
        let within = self.stations.min(frame.stations.len()).div_ceil(wanted.max(1));
        let unit: Vec<u32> = frame.stations.iter().map(|own| own.unit).collect();
        let registered: Vec<u32> = frame.stations.iter().map(|own| own.registered.unwrap_or(0)).collect();
        Ok(draw_two_stage(&unit, &registered, &of, &units, within, seed))
    }
}

fn real(count: Option<&usize>) -> f64 {
    count.map_or(0.0, |own| *own as f64)
}

/// A denominator by its word.
pub fn denominator(text: &str) -> Result<Denominator, String> {
    match text {
        "valid" => Ok(Denominator::Valid),
        "cast" => Ok(Denominator::Cast),
        "registered" => Ok(Denominator::Registered),
        _ => Err("there is valid, cast, registered".to_owned()),
    }
}

/// Its word.
pub fn word(of: Denominator) -> &'static str {
    match of {
        Denominator::Valid => "valid",
        Denominator::Cast => "cast",
        Denominator::Registered => "registered",
    }
}

/// The stations drawn.
#[derive(Debug)]
pub struct Sample<'a> {
    /// The register.
    pub frame: &'a Frame,
    /// Stations, in the order of the register.
    pub drawn: Vec<DrawnStation>,
    /// Stations of each stratum.
    pub sizes: BTreeMap<u32, usize>,
    /// Units of each stratum; empty in one stage.
    pub units: BTreeMap<u32, usize>,
    /// Stratum and part by size of every station of the register.
    classes: Vec<u32>,
    of: Denominator,
    /// The seed in numbers.
    pub seed: u64,
}

/// What a drawn station reported: its place among those drawn, votes (or a lead) and the denominator.
#[derive(Debug, Clone, Copy)]
pub struct Reported {
    /// Place among those drawn.
    pub at: usize,
    /// Votes.
    pub votes: f64,
    /// The denominator.
    pub of: f64,
}

impl Sample<'_> {
    /// The estimate from what was reported, with its design effect in two stages. If stations are missing: in one stage weighted by
    /// size within strata, in two stages within units.
    ///
    /// # Errors
    /// Too few returns for an interval.
    pub fn estimate(&self, reported: &[Reported]) -> Result<(Estimate, Option<f64>), NotEstimable> {
        let pairs = || reported.iter().filter_map(|own| Some((own, self.drawn.get(own.at)?)));
        if !self.units.is_empty() {
            return self.clustered(reported);
        }
        if reported.len() == self.drawn.len() {
            let one = |(own, drawn): (&Reported, &DrawnStation)| Return {
                stratum: drawn.stratum,
                votes: own.votes,
                of: own.of,
            };
            let returns: Vec<Return> = pairs().map(one).collect();
            return Ok((estimate(&returns, &self.sizes, self.of, LEVEL)?, None));
        }
        let mut register = BTreeMap::new();
        for class in &self.classes {
            *register.entry(*class).or_default() += 1;
        }
        let one = |(own, drawn): (&Reported, &DrawnStation)| {
            Some(Return { stratum: *self.classes.get(drawn.place)?, votes: own.votes, of: own.of })
        };
        let returns: Vec<Return> = pairs().filter_map(one).collect();
        Ok((post_stratified(&returns, &register, LEAST, self.of, LEVEL)?, None))
    }

    fn clustered(&self, reported: &[Reported]) -> Result<(Estimate, Option<f64>), NotEstimable> {
        let (mut drawn, mut returned) = (BTreeMap::<u32, usize>::new(), BTreeMap::<u32, usize>::new());
        for own in &self.drawn {
            *drawn.entry(own.unit).or_default() += 1;
        }
        let pairs = || reported.iter().filter_map(|own| Some((own, self.drawn.get(own.at)?)));
        for (_, own) in pairs() {
            *returned.entry(own.unit).or_default() += 1;
        }
        let one = |(own, station): (&Reported, &DrawnStation)| ClusterReturn {
            stratum: station.stratum,
            unit: station.unit,
            weight: station.weight * real(drawn.get(&station.unit)) / real(returned.get(&station.unit)).max(1.0),
            votes: own.votes,
            of: own.of,
        };
        let returns: Vec<ClusterReturn> = pairs().map(one).collect();
        let found = estimate_clusters(&returns, &self.units, self.of, LEVEL)?;
        Ok((found.estimate, Some(found.design_effect)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_one_line_and_back() {
        let plan = Plan {
            stations: 60,
            units: 12,
            strata: "region".to_owned(),
            unit: String::new(),
            of: Denominator::Cast,
            seed: "dice 3, 4; seed=6".to_owned(),
        };
        assert_eq!(Plan::parse(&plan.text()), Some(plan.clone()));
        assert_eq!(Plan { seed: "17".to_owned(), ..plan.clone() }.number(), 17);
        assert_ne!(plan.number(), Plan { seed: "dice 3, 5".to_owned(), ..plan }.number());
        for text in ["", "recount-quick/1", "recount-quick/1;stations=-1;units=0;strata=;unit=;of=valid;seed=1"] {
            assert_eq!(Plan::parse(text), None);
        }
    }
}
