//! The order in which a report is made.

use std::collections::BTreeMap;

use super::{Input, Named, Report, SCHEMA, Settings, Subject, Way, findings::findings, parts, ranking::ranking};
use crate::{
    Mask,
    between::changes,
    calibrate::{Check, calibrate_with, sizes},
    comet::core,
    dispersion::{Percentage, agreement, usual_mask},
    fingerprint::fingerprint,
    heaping::heaps,
    mixture,
    neighbours::{outliers, small_against_large},
    outside::outside,
    random::Random,
    slopes::slopes,
    spectrum::{excess_in, spectrum},
    standard::standardised,
    table::Station,
    twins::{digit_edits, identical},
    work::Workers,
};

/// Stations drawn for the mixture.
const MIXTURE_STATIONS: usize = 1_000;
/// Permutations of the search for edited digits.
const PERMUTATIONS: usize = 39;
/// Stations of a district from which it is looked through for small lists.
const HEAPS_FROM: usize = 20;
/// Votes of a station from which its lists are compared with its neighbours'.
const EDITS_FROM: u64 = 100;
/// Districts listed of each percentage, flagged or not.
const DISTRICTS_LISTED: usize = 30;
/// Stations of a district or region from which stations are compared within it.
const NEIGHBOURS_FROM: usize = 10;

/// Makes the report. The same input, settings and seed give the same report with any workers.
pub fn report(input: &Input<'_>, subject: Subject, settings: &Settings, workers: &impl Workers) -> Report {
    let table = input.table;
    let stations = &table.stations;
    let mut checks = Check::DEFAULT.to_vec();
    if settings.digits {
        checks.extend(Check::DIGITS);
    }
    // Calibration first: how the tests behave on clean elections with these very stations.
    let districts = &table.district.of;
    let calibration = calibrate_with(&sizes(stations), districts, &checks, settings.elections, settings.seed, workers);
    let (rounding, test, rows) = parts::rounding(input, settings, workers);
    let both = [Percentage::Turnout, Percentage::Share];
    let usual = usual_mask().apply(stations);
    let usual_districts = table.district.pick(&usual.rows);
    let agree = |percentage| agreement(&usual.stations, &usual_districts, percentage, NEIGHBOURS_FROM, settings.q);
    let differ = |percentage| {
        let mut found = outliers(&usual.stations, &usual_districts, percentage, NEIGHBOURS_FROM, settings.q);
        for outlier in &mut found.outliers {
            outlier.place = usual.rows.get(outlier.place).copied().unwrap_or(outlier.place);
        }
        found
    };
    let size = |percentage| small_against_large(&usual.stations, &usual_districts, percentage);
    let large = Mask { found_some: true, at_least: 100, ..Mask::default() }.apply(stations).stations;
    // Two percentages: half of the rate each.
    let spikes = both.map(|percentage| spectrum(test.stations(), percentage, 0.5 * settings.q, workers)).to_vec();
    let large_tested = Mask::published_from(500).apply(stations).stations;
    let spikes_large = spikes.iter().map(|own| excess_in(&large_tested, own.percentage, &own.spikes)).collect();
    let ways = [(Way::Early, input.early), (Way::Outside, input.outside)];
    let mut made = Report {
        schema: SCHEMA.to_owned(),
        subject,
        settings: *settings,
        overview: parts::overview(input),
        regions_named: table.region.names.clone(),
        districts_named: table.district.names.clone(),
        lists_named: table.lists.iter().map(|list| list.name.clone()).collect(),
        stations_named: BTreeMap::new(),
        calibration,
        findings: Vec::new(),
        rounding,
        spikes,
        spikes_large,
        agreement: both.map(agree).to_vec(),
        twins: identical(stations, 500),
        edits: digit_edits(&table.lists, districts, EDITS_FROM, PERMUTATIONS, settings.seed ^ 6, workers),
        heaps: heaps(&table.lists, districts, HEAPS_FROM, settings.q),
        extremes: parts::edges(stations, settings.listed),
        fingerprint: fingerprint(&large, 100, false),
        standardised: standardised(&usual.stations, &usual_districts, NEIGHBOURS_FROM),
        regions: parts::regions(input),
        accounts: parts::accounts(input, settings),
        core: core(&large, true, settings.seed ^ 7).map(|core| (core, core.cleanness(&large))),
        model: parts::model(input, settings, workers),
        slopes: slopes(&large),
        sizes: (size(Percentage::Turnout), size(Percentage::Share)),
        outliers: (differ(Percentage::Turnout), differ(Percentage::Share)),
        outside: ways
            .into_iter()
            .filter_map(|(way, own)| Some((way, outside(stations, own?, &table.region.of))))
            .filter(|(_, own)| own.ballots > 0)
            .collect(),
        between: input.before.map_or_else(Vec::new, |before| {
            both.map(|percentage| changes(before, percentage, NEIGHBOURS_FROM, settings.q)).to_vec()
        }),
        compared: input.compared.map(|(compared, columns)| (compared.clone(), columns.to_vec())),
        digits: settings.digits.then(|| parts::digit_tests(stations)),
        mixture: settings.mixture.then(|| drawn_mixture(stations, settings.seed ^ 8)),
        ranking: Vec::new(),
    };
    made.findings = findings(&made, stations);
    made.ranking = ranking(&made, table, &test, &rows);
    shorten(&mut made, settings.listed);
    made.stations_named = named(&made, input);
    made
}

/// The mixture on stations drawn from all that can be read.
fn drawn_mixture(stations: &[Station], seed: u64) -> (usize, Option<mixture::Fit>) {
    let mask = Mask { found_some: true, at_least: 100, below: Some(10_000), ..Mask::default() };
    let mut drawn = mask.apply(stations).stations;
    Random::stream(seed, 0).shuffle(&mut drawn);
    drawn.truncate(MIXTURE_STATIONS);
    (drawn.len(), mixture::fit(&drawn, Some(seed)))
}

/// Keeps the head of every list; counts were taken before.
fn shorten(made: &mut Report, listed: usize) {
    for agreement in &mut made.agreement {
        let flagged = agreement.flagged;
        agreement.districts.truncate(flagged.max(DISTRICTS_LISTED));
    }
    for outliers in [&mut made.outliers.0, &mut made.outliers.1] {
        outliers.outliers.truncate(listed);
    }
    for changes in &mut made.between {
        changes.jumps.truncate(listed);
    }
    for (_, outside) in &mut made.outside {
        outside.mostly.truncate(listed);
    }
    made.twins.groups.truncate(listed);
    made.edits.edits.truncate(listed);
    made.heaps.heaps.truncate(listed);
    if let Some((compared, _)) = &mut made.compared {
        compared.differences.truncate(10 * listed);
    }
}

/// Names and figures of the stations that any list names.
fn named(made: &Report, input: &Input<'_>) -> BTreeMap<usize, Named> {
    let mut places: Vec<usize> = made.ranking.iter().map(|ranked| ranked.place).collect();
    for reason in made.ranking.iter().flat_map(|ranked| &ranked.reasons) {
        if let super::Reason::Twin { with } | super::Reason::Edit { with, .. } = reason {
            places.push(*with);
        }
    }
    places.extend(made.twins.groups.iter().flatten());
    places.extend(made.edits.edits.iter().flat_map(|edit| [edit.pair.0, edit.pair.1]));
    places.extend(made.extremes.iter().filter(|kind| kind.kind.is_impossible()).flat_map(|kind| &kind.places));
    places.extend(made.outliers.0.outliers.iter().chain(&made.outliers.1.outliers).map(|outlier| outlier.place));
    places.extend(made.outside.iter().flat_map(|(_, outside)| &outside.mostly));
    places.extend(made.between.iter().flat_map(|changes| &changes.jumps).map(|jump| jump.place));
    let compared = made.compared.iter().flat_map(|(compared, _)| &compared.differences);
    places.extend(compared.map(|difference| difference.place));
    let table = input.table;
    let one = |place: usize| {
        let figures = table.stations.get(place).copied()?;
        let key = |keys: &crate::Keys| keys.of.get(place).copied().unwrap_or(u32::MAX);
        let name = input.stations.get(place).cloned().unwrap_or_default();
        Some((place, Named { name, region: key(&table.region), district: key(&table.district), figures }))
    };
    places.into_iter().filter_map(one).collect()
}
