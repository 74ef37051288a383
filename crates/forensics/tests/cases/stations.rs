//! Checks that look at single stations and their districts: controls, duplicates, digits, agreement, heaping.

use std::collections::BTreeMap;

use recount_election::{Columns, Figures, Formula};
use recount_forensics::{
    Mask, Station,
    controls::relations,
    digits::{Digits, Request, last_digit, last_pairs, second_digit},
    dispersion::{Agreement, Percentage, agreement, usual_mask},
    heaping::heaps,
    integer::{Rule, Test, Which},
    slopes::slopes,
    twins::identical,
};
use serde_json::{Value, json};

use crate::{
    Trouble,
    compare::{EXACT, Within, abs, compare, rel},
    data::{Election, Library},
};

/// Lines of the protocol that the controls read, by the names of the table.
const LINES: [&str; 14] = [
    "registered",
    "ballots_received",
    "issued_early",
    "issued_station",
    "issued_outside",
    "issued",
    "cancelled",
    "in_portable",
    "in_stationary",
    "in_boxes",
    "invalid",
    "valid",
    "lost",
    "unaccounted",
];

/// Each expected word with the relation behind it.
const RELATIONS: [(&str, &str); 8] = [
    ("C1_issued_le_voters", "issued <= registered"),
    (
        "C2_received_eq_issued_cancelled_lost_unacc",
        "ballots_received = issued + cancelled + or_zero(lost) - or_zero(unaccounted)",
    ),
    ("C2b_ignoring_lost_unacc", "ballots_received = issued + cancelled"),
    ("C3_boxes_eq_valid_invalid", "in_portable + in_stationary = valid + invalid"),
    ("C4_valid_eq_sum_candidates", "valid = votes + against_all"),
    ("C5_in_boxes_le_issued", "in_portable + in_stationary <= issued"),
    ("C6_portable_le_issued_outside_early", "in_portable <= issued_outside + issued_early"),
    ("C5_contained_le_issued", "in_boxes <= issued"),
];

fn protocols(election: &Election) -> (Columns, Vec<Figures>) {
    let sheet = &election.sheet;
    let lines: Vec<&str> = LINES.into_iter().filter(|line| sheet.place(line).is_some()).collect();
    let lists = sheet.list_columns();
    let columns = Columns::new("one", lines.iter().copied(), lists.iter().copied()).unwrap();
    let numbers: Vec<_> = lines.iter().chain(&lists).map(|column| sheet.numbers(column).unwrap()).collect();
    let figures = |row: &usize| {
        let mut figures = Figures::absent(&columns);
        for (place, name) in lines.iter().enumerate() {
            if let Some(figure) = numbers[place][*row] {
                figures.set_named(&columns, name, u64::from(figure)).unwrap();
            }
        }
        for (place, name) in lists.iter().enumerate() {
            if let Some(figure) = numbers[lines.len() + place][*row] {
                figures.set_votes(&columns, name, u64::from(figure)).unwrap();
            }
        }
        figures
    };
    let figures = election.rows.iter().map(figures).collect();
    (columns, figures)
}

pub fn controls(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let (columns, figures) = protocols(&election);
    let mut got = json!({"stations": figures.len()});
    let mut all = RELATIONS.to_vec();
    all.push(("C3_contained_eq_invalid_yes_no", "in_boxes = invalid + votes"));
    for (word, text) in all.into_iter().filter(|(word, _)| case["expected"].get(word).is_some()) {
        let against_all = election.sheet.place("against_all").is_some();
        let text = if against_all { text.to_owned() } else { text.replace(" + against_all", "") };
        let formula = Formula::parse(&text).map_err(|error| Trouble::Failed(error.to_string()))?;
        let relation = relations(&columns, &[formula], &figures).remove(0);
        if relation.not_checkable > 0 {
            return Err(Trouble::Failed(format!("{word}: {} protocols cannot be checked", relation.not_checkable)));
        }
        got[word] = json!(relation.broken.len());
    }
    let column = |name: &str| -> Vec<u32> {
        let numbers = election.sheet.numbers(name).unwrap_or_default();
        election.rows.iter().filter_map(|row| numbers.get(*row).copied().flatten()).collect()
    };
    let sum = |name: &str| column(name).into_iter().map(i64::from).sum::<i64>();
    let some = |name: &str| column(name).into_iter().filter(|figure| *figure > 0).count();
    got["stations_lost_nonzero"] = json!(some("lost"));
    got["stations_unaccounted_nonzero"] = json!(some("unaccounted"));
    got["early_total"] = json!(sum("issued_early"));
    got["outside_total"] = json!(sum("issued_outside"));
    let stations = &election.table.stations;
    got["taken_away_total"] = json!(stations.iter().map(|s| i64::from(s.issued) - i64::from(s.found)).sum::<i64>());
    compare(&case["expected"], &got, &|_| EXACT)
}

pub fn duplicates(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let found = identical(&election.table.stations, 500);
    let got = json!({"stations": found.stations, "groups": found.groups.len()});
    compare(&case["expected"], &got, &|_| EXACT)
}

fn digit(found: Digits) -> Value {
    json!({
        "n": found.figures, "counts": found.counts, "chi2": found.statistic, "p": found.p, "mean": found.mean,
        "share_0_5": found.zero_or_five,
    })
}

fn digit_within(path: &str) -> Within {
    match path.rsplit('.').next() {
        Some("chi2") => abs(1e-4),
        Some("p") => rel(1e-3),
        Some("mean" | "share_0_5" | "repeated_share" | "adjacent_share" | "z_repeated" | "z_adjacent") => abs(1e-5),
        _ => EXACT,
    }
}

pub fn digits(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let stations = &election.table.stations;
    let request = Request::knowing_that_clean_elections_fail();
    let of = |figure: fn(&Station) -> u32| stations.iter().map(figure);
    let pairs = last_pairs(of(|s| s.leader), request);
    let got = json!({
        "last_digit_leader_ge100": digit(last_digit(of(|s| s.leader), request)),
        "last_digit_given_ge100": digit(last_digit(of(|s| s.issued), request)),
        "last_digit_voters_ge100": digit(last_digit(of(|s| s.registered), request)),
        "second_digit_leader_ge10": digit(second_digit(of(|s| s.leader), request)),
        "second_digit_voters_ge10": digit(second_digit(of(|s| s.registered), request)),
        "last_two_leader_ge100": {
            "repeated_share": pairs.repeated, "adjacent_share": pairs.adjacent,
            "z_repeated": pairs.z_repeated, "z_adjacent": pairs.z_adjacent,
        },
    });
    compare(&case["expected"], &got, &digit_within)
}

pub fn clean(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let stations = &election.table.stations;
    let tested = Mask::published().apply(stations);
    let test = Test::new(&tested.stations, Rule::whole_percent());
    let request = Request::knowing_that_clean_elections_fail();
    let one = |which: Which| serde_json::to_value(test.count(which)).unwrap();
    // The source computes the digits over all stations and the correlation over the tested ones.
    let got = json!({
        "rows": stations.len(), "used": tested.stations.len(),
        "either": one(Which::Either), "result": one(Which::Share), "turnout": one(Which::Turnout),
        "last_digit_leader_ge100": digit(last_digit(stations.iter().map(|s| s.leader), request)),
        "2BL_ge10": digit(second_digit(stations.iter().map(|s| s.leader), request)),
        "corr_T_W": slopes(&tested.stations).correlation,
    });
    compare(&case["expected"], &got, &|path| match path.rsplit('.').next() {
        Some("z") => abs(2e-4),
        Some("sd" | "excess" | "corr_T_W") => abs(0.01),
        Some("mean") if !path.contains("digit") => abs(0.01),
        _ => digit_within(path),
    })
}

fn districts(found: &Agreement, election: &Election) -> Value {
    let top = found.districts.iter().take(50).map(|district| {
        json!({
            "tik": election.table.district.name(district.key), "stations": district.stations,
            "X2": district.statistic, "p": district.p, "pooled_pct": 100.0 * district.pooled,
        })
    });
    json!({
        "tiks": found.districts.len(), "flagged_q05": found.flagged, "median_dispersion": found.median_dispersion,
        "top": top.collect::<Vec<_>>(),
    })
}

pub fn under_dispersion(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let tested = usual_mask().apply(&election.table.stations);
    let keys = election.table.district.pick(&tested.rows);
    let q = case["parameters"]["q"].as_f64().unwrap_or(0.05);
    let of = |percentage| districts(&agreement(&tested.stations, &keys, percentage, 10, q), &election);
    let got = json!({"turnout": of(Percentage::Turnout), "share": of(Percentage::Share)});
    compare(&case["expected"], &got, &|path| match path.rsplit('.').next() {
        Some("X2" | "pooled_pct") => abs(1.001e-3),
        Some("median_dispersion") => rel(1e-6),
        Some("p") => rel(1e-2),
        _ => EXACT,
    })
}

pub fn heaping(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let election = library.input(case, 0)?;
    let found = heaps(&election.table.lists, &election.table.district.of, 20, 0.05);
    let one = |heap: &recount_forensics::heaping::Heap| {
        let district = election.table.district.name(heap.key).to_owned();
        let (region, tik) = district.split_once(" | ").unwrap_or(("", &district));
        let party = &election.table.lists[heap.list].name;
        let got = json!({
            "region": region, "tik": tik, "party": party, "stations": heap.stations,
            "zeros": heap.zeros, "ones": heap.ones, "twos": heap.twos,
        });
        (format!("{district} | {party}"), got)
    };
    let got: BTreeMap<String, Value> = found.heaps.iter().filter(|heap| heap.published_rule).map(one).collect();
    let expected = case["expected"].as_array().into_iter().flatten();
    let word = |one: &Value, key: &str| one[key].as_str().unwrap_or("").to_owned();
    let key = |one: &Value| format!("{} | {} | {}", word(one, "region"), word(one, "tik"), word(one, "party"));
    let expected: BTreeMap<String, Value> = expected.map(|one| (key(one), one.clone())).collect();
    if got == expected {
        return Ok(());
    }
    let missing = expected.keys().filter(|key| got.get(*key) != expected.get(*key));
    let more = got.keys().filter(|key| !expected.contains_key(*key));
    let list = |keys: Vec<&String>| keys.into_iter().cloned().collect::<Vec<_>>().join(", ");
    Err(Trouble::Failed(format!("missing or other: {}; more: {}", list(missing.collect()), list(more.collect()))))
}
