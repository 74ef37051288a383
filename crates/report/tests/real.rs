//! Reports on two real elections, through their maps: figures that are known, and pages to look at.
//!
//! `RECOUNT_REPORT_OUT` names a folder into which the pages are written; `RECOUNT_REPORT_ELECTIONS` the number of simulated ones, of
//! which few are enough here: the figures that are known do not depend on them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use std::path::{Path, PathBuf};

use recount_exchange::map::read_map;
use recount_exchange::table::{Options, Table};
use recount_forensics::report::{Input, Report, Settings, Subject, Topic, Verdict, report};
use recount_report::input::{Choice, choose, of_import};
use recount_report::lang::Lang;
use recount_report::{Threads, page};

fn made(set: &str, file: &str, digits: bool) -> Option<Report> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = home.join("../shared/data").join(file);
    if !data.exists() {
        eprintln!("SKIPPED: {file} is not beside the repository");
        return None;
    }
    let map = std::fs::read_to_string(home.join("elections").join(set).join("map.toml")).unwrap();
    let map = read_map(&map).unwrap();
    let options = Options::default();
    let mut rows = Table::open(&data, map.delimiter(), &options).unwrap();
    let import = recount_exchange::plan(&mut rows, &map, &options).unwrap();
    let sheet = of_import(&import, &Choice::default()).unwrap();
    drop(import);
    let chosen = choose(&sheet, &Choice::default()).unwrap();
    let elections = std::env::var("RECOUNT_REPORT_ELECTIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(4);
    let settings = Settings { elections, draws: 10, digits, ..Settings::default() };
    let subject = Subject {
        title: map.title.clone(),
        source: file.to_owned(),
        hash: "0".repeat(64),
        rows: sheet.rows,
        figures: chosen.lines.clone(),
        left_out: chosen.left_out.clone(),
    };
    let input = Input {
        table: &chosen.table,
        leader: chosen.leader,
        stations: &chosen.ids,
        early: chosen.early.as_deref(),
        outside: chosen.outside.as_deref(),
        before: None,
        compared: chosen.compared.as_ref().map(|(compared, columns)| (compared, columns.as_slice())),
    };
    let since = std::time::Instant::now();
    let made = report(&input, subject, &settings, &Threads::new(None));
    println!("{set}: {} elections in {:.1} s", elections, since.elapsed().as_secs_f64());
    for (topic, word, sentence) in page::summary(Lang::english(), &made) {
        println!("{topic}: {word}. {sentence}");
    }
    if let Ok(folder) = std::env::var("RECOUNT_REPORT_OUT") {
        std::fs::write(PathBuf::from(folder).join(format!("{set}.html")), page::page(Lang::english(), &made)).unwrap();
    }
    Some(made)
}

fn verdict(report: &Report, topic: Topic) -> &Verdict {
    &report.findings.iter().find(|own| own.topic == topic).unwrap().verdict
}

#[test]
fn russia_2021() {
    let Some(report) = made("russia-2021", "russia_2021.csv.zst", true) else { return };
    // The figures of the published test with its exact null.
    assert_eq!(report.rounding.tested, 90_821);
    assert!((report.rounding.whole[0].stations.excess - 1312.40).abs() < 0.01, "{:?}", report.rounding.whole[0]);
    assert_eq!(verdict(&report, Topic::Rounding), &Verdict::Found);
    assert_eq!((report.agreement[0].flagged, report.agreement[1].flagged), (1, 1));
    assert!(report.district(report.agreement[0].districts[0].key).contains("Нурлат"), "{:?}", report.agreement[0]);
    assert!(report.spikes.iter().all(|spectrum| !spectrum.spikes.is_empty()));
    assert_eq!(report.outside.len(), 2);
    assert_eq!(report.regions.len(), 85);
}

#[test]
fn bulgaria_2021() {
    let Some(report) = made("bulgaria-20210711", "bulgaria_20210711.csv.zst", false) else { return };
    let (compared, _) = report.compared.as_ref().unwrap();
    assert_eq!((compared.stations, compared.differences.len()), (9_580, 6));
    assert_eq!(report.overview.leader_votes, 657_829);
    assert_ne!(verdict(&report, Topic::Rounding), &Verdict::Found);
}
