//! The report of a made-up election: the same bytes on any number of threads, every section there, nothing said that may not be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use std::collections::BTreeSet;

use recount_forensics::mixture::{self, Fit, Parameters, Width};
use recount_forensics::random::Random;
use recount_forensics::report::{Input, Reason, Report, Settings, Subject, Topic, Verdict, report};
use recount_forensics::simulate::Recipe;
use recount_forensics::special::LogFactorial;
use recount_forensics::work::{Alone, Workers};
use recount_forensics::{Keys, List, Station, Table};
use recount_report::lang::Lang;
use recount_report::{Threads, page};

/// 3,000 stations of 60 districts in three regions; a tenth of the second region has a turnout of exactly 70 %.
fn table() -> Table {
    let sizes: Vec<u32> = (0..3000).map(|place| 520 + (place * 37) % 1400).collect();
    let facts = LogFactorial::up_to(2000);
    let mut stations = Recipe::default().election(&sizes, &mut Random::stream(21, 0), &facts);
    for station in stations.iter_mut().skip(1000).take(1000).step_by(5) {
        station.registered = station.registered / 10 * 10;
        station.issued = station.registered * 7 / 10;
        station.found = station.issued;
        station.leader = station.leader.min(station.found);
    }
    // One district whose stations all have the same share, and one protocol that cannot be.
    for station in &mut stations[40..80] {
        station.leader = station.found * 3 / 5;
    }
    stations[7].found = stations[7].issued + 3;
    let others: Vec<u32> = stations.iter().map(|s| s.found - s.leader).collect();
    let leader: Vec<u32> = stations.iter().map(|s| s.leader).collect();
    let region = Keys::from_names((0..3000).map(|place| ["North", "Middle", "South <&>"][place / 1000]));
    let names: Vec<String> = (0..3000).map(|place| format!("District {}", place / 40)).collect();
    Table {
        stations,
        region,
        district: Keys::from_names(names.iter().map(String::as_str)),
        lists: vec![
            List { name: "Orange \"list\"".into(), votes: leader },
            List { name: "All others".into(), votes: others },
        ],
    }
}

fn made(table: &Table, workers: &impl Workers, digits: bool) -> Report {
    let ids: Vec<String> = (0..table.stations.len()).map(|place| format!("S{place}")).collect();
    let outside: Vec<u32> = table.stations.iter().map(|s| s.issued / 20).collect();
    let input =
        Input { table, leader: 0, stations: &ids, early: None, outside: Some(&outside), before: None, compared: None };
    let subject = Subject { title: "A made-up vote".into(), hash: "ab".repeat(32), ..Subject::default() };
    let settings = Settings { elections: 20, draws: 20, digits, ..Settings::default() };
    report(&input, subject, &settings, workers)
}

fn verdict(report: &Report, topic: Topic) -> &Verdict {
    &report.findings.iter().find(|own| own.topic == topic).unwrap().verdict
}

#[test]
fn what_was_planted_is_found_and_ranked() {
    let table = table();
    let report = made(&table, &Threads::new(Some(2)), false);
    assert_eq!(verdict(&report, Topic::Rounding), &Verdict::Found, "{:?}", report.findings);
    assert_eq!(verdict(&report, Topic::SpikesTurnout), &Verdict::Found);
    assert_eq!(verdict(&report, Topic::SpikesShare), &Verdict::Found);
    assert_eq!(verdict(&report, Topic::AgreementShare), &Verdict::Found);
    assert_eq!(verdict(&report, Topic::AgreementTurnout), &Verdict::Nothing);
    assert_eq!(verdict(&report, Topic::Impossible), &Verdict::Found);
    assert!(report.spikes[0].spikes.iter().any(|spike| spike.tenths == 700));
    let flagged: Vec<&str> =
        report.rounding.regions.groups.iter().filter(|g| g.flagged).map(|g| report.region(g.key)).collect();
    assert_eq!(flagged, ["Middle"]);
    let reasons = |place| report.ranking.iter().find(|own| own.place == place).map(|own| own.reasons.clone());
    assert!(reasons(7).unwrap().contains(&Reason::Impossible { ways: 1 }));
    assert!((40..80).all(|place| reasons(place).is_some_and(|own| own.contains(&Reason::DistrictShare))));
    assert!(report.digits.is_none());
}

#[test]
fn one_thread_or_many_the_same_bytes() {
    let table = table();
    let (one, many) = (made(&table, &Alone, true), made(&table, &Threads::new(Some(5)), true));
    let json = |own: &Report| serde_json::to_string(own).unwrap();
    assert_eq!(json(&one), json(&many));
    assert_eq!(page::page(Lang::english(), &one), page::page(Lang::english(), &many));
    let back: Report = serde_json::from_str(&json(&one)).unwrap();
    assert_eq!((back.schema, back.findings.len()), (one.schema, one.findings.len()));
}

#[test]
fn the_page_keeps_the_standard() {
    let table = table();
    let report = made(&table, &Threads::new(Some(2)), true);
    let html = page::page(Lang::english(), &report);
    let ids = ["data", "calibration", "found", "ranking", "rounding", "spikes", "agreement", "copies", "small"];
    let more = ["extremes", "shape", "account", "model", "effects", "outside", "digits", "regions", "methods"];
    for id in ids.into_iter().chain(more) {
        assert!(html.contains(&format!("<section id=\"{id}\"")), "no section {id}");
    }
    // Calibration stands before any finding.
    assert!(html.find("id=\"calibration\"").unwrap() < html.find("id=\"found\"").unwrap());
    for text in ["What this cannot show", "Innocent explanations", "Documents to ask for", "does not mean clean"] {
        assert!(html.contains(text), "{text}");
    }
    let lower = html.to_lowercase();
    for word in ["fraud", "falsif", "<script", "http://", "https://"] {
        assert!(!lower.contains(word), "{word}");
    }
    assert!(html.contains("South &lt;&amp;&gt;") && !html.contains("South <&>"));
    // Every picture has a title and a description, and its figures as a table below it.
    assert_eq!(
        html.matches("<svg class=\"chart").count(),
        html.matches("<summary>The figures of this picture").count()
    );
    assert_eq!(html.matches("<svg class=\"chart").count(), html.matches("<desc id=").count());
    let mut seen = BTreeSet::new();
    for part in html.split(" id=\"").skip(1) {
        let id = part.split('"').next().unwrap();
        assert!(seen.insert(id.to_owned()), "the id {id} is there twice");
    }
    for part in html.split("href=\"#").skip(1) {
        let id = part.split('"').next().unwrap();
        assert!(seen.contains(id), "a link to #{id}, which is not there");
    }
    assert!(!page::fragment(Lang::english(), &report, &page::Outlines::new()).contains("<style"));
    let sentences = page::summary(Lang::english(), &report);
    assert_eq!(sentences.len(), report.findings.len());
    assert!(sentences.iter().all(|(_, _, sentence)| sentence.ends_with('.')), "{sentences:?}");
}

#[test]
fn tables_without_anything_in_them() {
    let empty = made(&Table::default(), &Alone, true);
    assert_eq!(empty.overview.stations, 0);
    assert!(page::page(Lang::english(), &empty).contains("</html>"));
    let one = Table {
        stations: vec![Station { registered: 10, issued: 20, found: 30, leader: 40 }],
        region: Keys::from_names(["r"]),
        district: Keys::from_names(["d"]),
        lists: vec![List { name: "a".into(), votes: vec![40] }],
    };
    let one = made(&one, &Alone, true);
    assert_eq!(verdict(&one, Topic::Impossible), &Verdict::Found);
    assert!(matches!(verdict(&one, Topic::Account), Verdict::Refused { .. }));
    assert!(matches!(verdict(&one, Topic::Model), Verdict::Refused { .. }));
    assert!(page::page(Lang::english(), &one).contains("Refused"));
}

/// The text of a page without its marks and styles.
fn text_of(html: &str) -> String {
    let body = html.split("<body>").nth(1).unwrap();
    body.split('<').map(|piece| piece.split_once('>').map_or("", |(_, text)| text)).collect::<Vec<_>>().join("\n")
}

/// A square for every region but the last.
fn outlines(report: &Report) -> page::Outlines {
    let square = |x: i32| vec![vec![(x, 0), (x + 900_000, 0), (x + 900_000, 900_000), (x, 900_000)]];
    let places = report.regions.iter().zip(0..).skip(1);
    places.map(|(own, place)| (report.region(own.key).to_owned(), square(1_000_000 * place))).collect()
}

#[test]
fn maps_say_in_figures_what_they_show_in_shades() {
    let report = made(&table(), &Threads::new(Some(2)), false);
    let html = page::page_with_maps(Lang::english(), &report, &outlines(&report));
    let map = html.split("id=\"maps\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(map.contains("Regions without an outline, in the tables only: 1."), "{map}");
    assert!(map.contains("map-rounding-t") && map.contains("standard deviations,"));
    // Every region stands in the table, every region with an outline in the picture.
    let first = map.split("</table>").next().unwrap();
    for own in &report.regions {
        let name = report.region(own.key).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        assert!(first.contains(&format!("<th scope=\"row\">{name}</th>")), "{first}");
    }
    assert_eq!(first.matches("class=\"area").count(), report.regions.len() - 1);
    assert!(!page::page(Lang::english(), &report).contains("id=\"maps\""));
}

#[test]
fn every_language_says_everything() {
    let table = table();
    let mut report = made(&table, &Threads::new(Some(2)), true);
    // Every verdict with its reason, and what only some elections have.
    report.findings[0].verdict =
        Verdict::Greyed { reason: "rejects 12.5 % of clean elections with these station sizes at nominal 5 %".into() };
    report.subject.left_out = vec![("ballots found not stated".into(), 3)];
    report.mixture = Some((12, None));
    let mut with = report.clone();
    let mixture = Parameters {
        parts: [0.88, 0.1, 0.02],
        turnout: (0.3, 0.2),
        share: (-0.2, 0.2),
        slope: 0.0,
        incremental: (0.25, 0.2),
        extreme: (0.85, 0.85),
    };
    let fit = mixture::fit(&mixture.draw(&[900; 200], 1), Some(1)).unwrap();
    assert!(matches!(fit.width, Width::Known(own) if own.parts[0].is_some()), "{fit:?}");
    with.mixture = Some((200, Some(fit)));
    let mut uneven = with.clone();
    uneven.mixture = Some((200, Some(Fit { width: Width::Uneven { effective: 3.0 }, ..fit })));
    let mut singular = with.clone();
    singular.mixture = Some((200, Some(Fit { width: Width::Singular, ..fit })));
    for (tag, report) in
        ["ru", "ky"].into_iter().flat_map(|tag| [(tag, &report), (tag, &with), (tag, &uneven), (tag, &singular)])
    {
        let lang = Lang::of(tag).unwrap();
        let html = page::page_with_maps(lang, report, &outlines(report));
        assert!(html.contains("choropleth"));
        assert!(html.contains(&format!("<html lang=\"{tag}\"")));
        assert!(html.contains("12,5"), "a reason made by the checks");
        // Names of the table, of people and of journals stay as they are; no sentence stays English.
        let text = text_of(&html).replace("Orange", "").replace("All others", "");
        for word in [" the ", " of ", "stations", "turnout", "chance", "votes", "ballots", " is ", "Found"] {
            let at =
                text.find(word).filter(|at| !text[..*at].ends_with("Annals") && !text[..*at].ends_with("Statist."));
            let at = at.map(|at| text[at.saturating_sub(60)..].chars().take(160).collect::<String>());
            assert!(at.is_none() || at.as_ref().unwrap().contains("Annals"), "{tag}: {word:?} in {}", at.unwrap());
        }
        let summary = page::summary(lang, report);
        assert!(summary.iter().all(|(name, word, _)| !name.is_ascii() && !word.is_ascii()), "{summary:?}");
    }
    assert!(Lang::of("xx").is_none());
}
