//! What a page costs does not grow with the record: no page of a place looks at every station.

use std::sync::Arc;
use std::time::{Duration, Instant};

use recount_site::{Frame, Site};
use recount_tally::Fold;
use serde_json::json;

use crate::record::{self, Record};

/// A record of so many stations in ten units, each with one protocol.
fn of(stations: usize) -> Fold {
    let mut record = Record::open(record::RULEBOOK, &[]);
    let commission = record.commission.clone();
    let units: [&str; 10] =
        ["bishkek", "osh-city", "chuy", "ysyk-kol", "naryn", "talas", "jalal-abad", "osh", "batken", "abroad"];
    let unit = |n: usize| if n % 10 == 5 { format!("d{}", n / 10 % 250) } else { units[n % 10].to_owned() };
    // One region has many districts.
    let districts: Vec<_> = (0..250)
        .map(|n| json!({"unit_id": format!("d{n}"), "level": "region", "in": "talas", "name": format!("District {n}")}))
        .collect();
    record.file(json!({"kind": "register", "poll": 1, "rows": districts}), &[&commission]);
    for chunk in (0..stations).collect::<Vec<_>>().chunks(400) {
        let rows: Vec<_> =
            chunk.iter().map(|n| json!({"station_id": format!("s{n}"), "in": unit(*n), "voters": 900})).collect();
        record.file(json!({"kind": "register", "poll": 1, "rows": rows}), &[&commission]);
    }
    for n in 0..stations {
        let votes = json!({"birimdik": 200, "mekenim": 150 + n % 7, "against_all": 5});
        record.protocol(&format!("s{n}"), "hand", json!({"registered": 900, "voters_took_part": 500}), votes);
    }
    record.fold
}

/// The quickest of several goes at some pages.
fn time(site: &Site, paths: &[&str]) -> Duration {
    let go = |_| {
        let start = Instant::now();
        for path in paths {
            assert!(site.page(path).is_some(), "{path}");
        }
        start.elapsed()
    };
    (0..9).map(go).min().unwrap()
}

#[test]
fn a_page_of_a_large_record_costs_what_it_costs_in_a_small_one() {
    let [small, large] = [200, 4_000].map(|n| Site::new(Arc::new(of(n)), Frame::default()).unwrap());
    for paths in [
        &["en/station/s7/", "ru/station/s19/"][..],
        &["ky/", "en/print/"],
        &["en/place/"],
        &["en/why/"],
        &["en/controls/"],
    ] {
        let (small, large) = (time(&small, paths), time(&large, paths));
        println!("{paths:?}: {small:?} of 200 stations, {large:?} of 4,000");
        assert!(
            large < small * 4 + Duration::from_millis(2),
            "{paths:?}: {small:?} of 200 stations, {large:?} of 4,000"
        );
    }
}

#[test]
fn no_page_is_heavier_than_a_slow_line_carries() {
    let site = Site::new(Arc::new(of(4_000)), Frame::default()).unwrap();
    assert!(site.page("en/place/talas/page-3/").is_some() && site.page("en/place/talas/page-4/").is_none());
    let mut seen = 0;
    for path in site.paths().filter(|path| path.starts_with("ky/")) {
        let html = String::from_utf8(site.page(&path).unwrap().body).unwrap();
        // Charts are not counted: they are drawn once and say what the table beside them says.
        let charts: usize = html
            .split("<svg class=\"chart")
            .skip(1)
            .chain(html.split("<svg class=\"hemicycle").skip(1))
            .map(|rest| rest.find("</svg>").unwrap_or(0))
            .sum();
        assert!(html.len() - charts <= 60_000, "{path} has {} bytes", html.len() - charts);
        seen += 1;
    }
    assert!(seen > 4_000);
}
