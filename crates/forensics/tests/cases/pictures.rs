//! Fingerprints, the Shpilkin accounts, the Klimek model and the slopes.

use recount_forensics::{
    Mask,
    fingerprint::fingerprint,
    klimek,
    shpilkin::{Account, Profile, WINDOW, cedar},
    slopes::{Line, slopes},
};
use serde_json::{Value, json};

use crate::{
    Trouble,
    compare::{EXACT, Within, abs, compare, rel},
    data::{Election, Library},
};

pub fn grid(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let mask = Mask { found_some: true, at_least: 100, ..Mask::default() };
    let print = fingerprint(&mask.apply(&election.table.stations).stations, 100, false);
    let (max, turnout, share) = print.peak();
    let got = json!({
        "n": print.stations, "nonzero_cells": print.occupied(), "max": max,
        "argmax_turnout_share": [turnout, share], "corner_ge90_ge90": print.corner(90),
        "sum_squares": print.cells.iter().map(|c| c * c).sum::<u64>(),
    });
    compare(&case["expected"], &got, &|_| EXACT)
}

/// Votes of the other lists at each station, or all ballots not for the leader.
fn others(election: &Election, all: bool) -> Vec<u32> {
    let stations = &election.table.stations;
    let listed = |place: usize| election.table.lists.iter().map(|l| l.votes[place]).sum::<u32>();
    let one = |(place, s): (usize, &recount_forensics::Station)| {
        if all { s.found - s.leader } else { listed(place) - s.leader }
    };
    stations.iter().enumerate().map(one).collect()
}

fn profile(election: &Election, all: bool, bins: usize) -> Profile {
    let mask = Mask { found_some: true, at_least: 1, below: Some(10_000), ..Mask::default() };
    let tested = mask.apply(&election.table.stations);
    let votes = others(election, all);
    let votes: Vec<u32> = tested.rows.iter().map(|row| votes[*row]).collect();
    Profile::new(&tested.stations, &votes, bins)
}

fn account(account: Account) -> Value {
    json!({
        "t0": account.t0, "k": account.k, "anomalous": account.anomalous,
        "clean_share": account.clean_share, "clean_turnout": account.clean_turnout,
    })
}

fn near(path: &str) -> Within {
    if path == "t0" {
        return EXACT;
    }
    // Shares are printed with six decimals.
    Within { abs: 1e-6, rel: if path == "k" { 1e-6 } else { 1e-5 } }
}

pub fn window(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let clean = profile(&election, false, 100);
    let missing = || Trouble::Failed("no peak".into());
    let t0 = clean.mode().ok_or_else(missing)?;
    let mut got = account(clean.account(t0 - WINDOW, t0).ok_or_else(missing)?);
    let mut sensitivity = serde_json::Map::new();
    for key in case["expected"]["sensitivity"].as_object().into_iter().flat_map(|o| o.keys()) {
        let bad = || Trouble::Failed(format!("sensitivity `{key}` is not understood"));
        let mut words = key.split('/');
        let all = words.next() == Some("all");
        let width: f64 = words.next().and_then(|w| w.strip_prefix('w')).and_then(|w| w.parse().ok()).ok_or_else(bad)?;
        let shift = words.next().and_then(|w| w.strip_prefix("mode")).ok_or_else(bad)?;
        let shift: f64 = if shift.is_empty() { 0.0 } else { shift.parse().map_err(|_| bad())? };
        let profile = profile(&election, all, if width < 0.75 { 200 } else { 100 });
        let t0 = profile.mode().ok_or_else(missing)? + shift;
        let account = profile.account(t0 - WINDOW, t0).ok_or_else(missing)?;
        sensitivity.insert(key.clone(), json!(account.anomalous));
    }
    got["sensitivity"] = Value::Object(sensitivity);
    compare(&case["expected"], &got, &near)
}

pub fn fixed(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let t0 = case["parameters"]["t0"].as_f64().ok_or_else(|| Trouble::Failed("no t0".into()))?;
    let found = profile(&election, false, 100).account(0.0, t0);
    compare(&case["expected"], &account(found.ok_or_else(|| Trouble::Failed("no account".into()))?), &near)
}

pub fn peak_bin(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let peak = case["parameters"]["peak_bin_index"].as_u64().and_then(|peak| usize::try_from(peak).ok());
    let found = cedar(&election.table.stations, peak).ok_or_else(|| Trouble::Failed("no peak".into()))?;
    let got = json!({
        "n": found.stations, "voters": found.registered, "peak_bin_index": found.peak, "k": found.k,
        "anomalous": found.anomalous, "share_of_leader_pct": found.percent_of_leader,
    });
    compare(&case["expected"], &got, &|path| match path {
        "n" | "voters" | "peak_bin_index" => EXACT,
        "k" => Within { abs: 5.1e-7, rel: 1e-6 },
        _ => rel(1e-6),
    })
}

pub fn first(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let mask = Mask { found_some: true, ..Mask::default() };
    let first = klimek::first_stage(&mask.apply(&election.table.stations).stations);
    let first = first.map_err(|refusal| Trouble::Failed(refusal.to_string()))?;
    let got = serde_json::to_value(first).unwrap();
    let within = |path: &str| abs(if path == "tau" || path == "nu" { 0.001_000_1 } else { 1e-4 });
    compare(&case["expected"], &got, &within)
}

pub fn fit(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let failed = |reason: &str| Trouble::Failed(reason.to_owned());
    let parameters = &case["parameters"];
    let number = |value: &Value| value.as_f64().ok_or_else(|| failed("a parameter is not a number"));
    let alpha = number(&parameters["alpha"])?;
    let extreme = parameters["f_e"].as_array().ok_or_else(|| failed("no f_e"))?;
    let extreme = extreme.iter().map(number).collect::<Result<Vec<_>, _>>()?;
    let incremental = (0..=10).map(|step| f64::from(step) / 10.0).collect();
    let grid = klimek::Grid { incremental, extreme, alpha: vec![alpha] };
    let all = Mask { found_some: true, ..Mask::default() }.apply(&election.table.stations).stations;
    let mask = Mask { found_some: true, at_least: 100, not_everyone: true, ..Mask::default() };
    let stations = mask.apply(&election.table.stations).stations;
    let fitted = klimek::fit(&stations, &grid, 200_000, 0, 1).map_err(|refusal| failed(&refusal.to_string()))?;
    let first = klimek::first_stage(&all).map_err(|refusal| failed(&refusal.to_string()))?;
    let parts = klimek::Components::new(first, alpha, 200_000, 1);
    let observed = klimek::share_histogram(&stations);
    let distance = |i: f64, e: f64| klimek::distance(&parts.mixed(i, e, observed.iter().sum()), &observed);
    let published = (number(&parameters["published"]["f_i"])?, number(&parameters["published"]["f_e"])?);
    let got = json!({
        "f_i": fitted.incremental, "f_e": fitted.extreme,
        "L1_hist_at_published": distance(published.0, published.1), "L1_hist_no_fraud": distance(0.0, 0.0),
    });
    let within = |path: &str| abs(if path == "f_i" { 0.300_001 } else { 0.020_001 });
    compare(&case["expected"], &got, &within)
}

pub fn sobyanin(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let mask = Mask { found_some: true, at_least: 100, ..Mask::default() };
    let found = slopes(&mask.apply(&election.table.stations).stations);
    let of = |line: Line| (line.slope, line.intercept);
    let ((slope_leader, intercept_leader), (slope_others, intercept_others)) = (of(found.leader), of(found.others));
    let got = json!({
        "n": found.stations, "slope_leader": slope_leader, "intercept_leader": intercept_leader,
        "slope_others": slope_others, "intercept_others": intercept_others,
        "slope_leader_wvoters": found.leader_weighted.slope, "slope_others_wvoters": found.others_weighted.slope,
        "turnout_mean": found.turnout.mean, "turnout_sd": found.turnout.sd, "turnout_skew": found.turnout.skew,
        "turnout_exkurt": found.turnout.excess_kurtosis, "share_mean": found.share.mean, "share_sd": found.share.sd,
        "share_skew": found.share.skew, "share_exkurt": found.share.excess_kurtosis,
        "pearson_T_W": found.correlation,
    });
    compare(&case["expected"], &got, &|path| if path == "n" { EXACT } else { abs(1e-5) })
}
