//! The comet core, the flow of the vote, and spikes.

use std::collections::BTreeMap;

use recount_forensics::{
    comet::core,
    dispersion::usual_mask,
    flow::flow,
    spikes::{Mixture, spikes},
};
use serde_json::{Value, json};

use crate::{
    Trouble,
    compare::{abs, compare, rel},
    data::{Election, Library},
};

pub fn comet(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let stations = usual_mask().apply(&election.table.stations).stations;
    let none = || Trouble::Failed("no core".into());
    let plain = core(&stations, false, 0).ok_or_else(none)?;
    let weighted = core(&stations, true, 0).ok_or_else(none)?;
    let pair = |(t, s): (f64, f64)| json!([t, s]);
    let got = json!({
        "raw_location": pair(plain.raw), "location": pair(plain.reweighted), "weighted_raw": pair(weighted.raw),
    });
    // No tolerance is stated for the reweighted location, which depends on the raw one.
    compare(&case["expected"], &got, &|path| abs(if path.starts_with("location") { 2.0 } else { 0.7 }))
}

/// Lists that the source counts as liberal, by year.
const LIBERALS: [&str; 6] = [
    "votes_prokhorov",
    "votes_partiya_narodnoy_svobody_parnas",
    "votes_rossiyskaya_obedinennaya_demokraticheska",
    "votes_sobchak",
    "votes_titov",
    "votes_yavlinskiy",
];

/// Moscow's districts by name without the number in front: shares of the registered that stayed at home, voted for
/// the leader, for liberals, and the rest.
fn moscow(election: &Election) -> BTreeMap<String, Vec<f64>> {
    let columns = election.sheet.list_columns();
    let liberal: Vec<usize> =
        (0..columns.len()).filter(|place| LIBERALS.iter().any(|word| columns[*place].starts_with(word))).collect();
    let mut sums = BTreeMap::<String, [u64; 4]>::new();
    for (row, station) in election.table.stations.iter().enumerate() {
        let district = election.table.district.name(election.table.district.of[row]);
        let Some((region, tik)) = district.split_once(" | ") else { continue };
        if region.to_lowercase() != "город москва" {
            continue;
        }
        let name = tik.split_once(' ').map_or("", |(_, name)| name).to_owned();
        let liberals = liberal.iter().map(|place| u64::from(election.table.lists[*place].votes[row])).sum::<u64>();
        let sum = sums.entry(name).or_default();
        for (sum, own) in
            sum.iter_mut().zip([station.registered.into(), station.issued.into(), station.leader.into(), liberals])
        {
            *sum += own;
        }
    }
    let shares = |[registered, issued, leader, liberals]: [u64; 4]| {
        let share = |part: u64| part as f64 / registered as f64;
        vec![share(registered - issued), share(leader), share(liberals), share(issued - leader - liberals)]
    };
    sums.into_iter().map(|(name, sum)| (name, shares(sum))).collect()
}

pub fn moscow_flow(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let (from, to) = (moscow(&*library.input(case, 0)?), moscow(&*library.input(case, 1)?));
    // Units must be in all three elections, whichever two are compared.
    let mut common: Vec<String> = from.keys().filter(|name| to.contains_key(*name)).cloned().collect();
    for year in ["2012", "2016", "2018"] {
        let input = json!({"inputs": [format!("dkobak/elections data/{year}.csv.zip")]});
        let present = moscow(&*library.input(&input, 0)?);
        common.retain(|name| present.contains_key(name));
    }
    let rows = |of: &BTreeMap<String, Vec<f64>>| common.iter().map(|name| of[name].clone()).collect::<Vec<_>>();
    let found = flow(&rows(&from), &rows(&to)).map_err(|error| Trouble::Failed(error.to_string()))?;
    let got = json!({"ols": found.free, "constrained": found.constrained, "objective": found.objective});
    compare(&case["expected"], &got, &|path| match path {
        "objective" => rel(1e-5),
        path if path.starts_with("ols") => abs(1e-9),
        _ => abs(1e-5),
    })
}

pub fn rozenas(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let mixture = |word: &str| {
        let numbers = |key: &str| {
            let list = case["parameters"][word][key].as_array().into_iter().flatten();
            list.filter_map(Value::as_f64).collect::<Vec<f64>>()
        };
        Mixture { alpha: numbers("alpha"), beta: numbers("beta"), weight: numbers("w") }
    };
    let resamples = case["parameters"]["resamples"].as_u64().and_then(|r| usize::try_from(r).ok()).unwrap_or(1000);
    // A run on the side takes a fifth of the resamples, which raises the envelope less and the figure more.
    let named = std::env::var("RECOUNT_FORENSICS_CASES").is_ok();
    let (resamples, most) = if named { (resamples, 0.15) } else { (resamples / 5, 0.4) };
    let found = spikes(&election.table.stations, &mixture("turnout"), &mixture("support"), resamples, 1);
    // Stated as a range from 0 to 0.15 for 1,000 resamples.
    let got = json!({"fraud_pct": found.published});
    let expected = case["expected"]["fraud_pct"].as_f64().unwrap_or(0.0);
    compare(&case["expected"], &got, &|_| abs(if found.published < expected { expected } else { most - expected }))
}
