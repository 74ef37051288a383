//! What stands on pages: figures with their denominators, states, withheld shares, well-formed HTML.

use std::collections::BTreeMap;
use std::sync::Arc;

use recount_site::{CONTENT_SECURITY_POLICY, Frame, STYLESHEET, Site, State, annulled_whole_by, state};
use recount_tally::Fold;
use serde_json::json;

use crate::record::{self, Record, annul, hand, machine, night};

/// Text as a reader sees it: without tags, spaces collapsed, narrow spaces as plain ones.
fn text(page: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in page.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            _ if inside => {}
            '\u{202f}' | '\u{a0}' => out.push(' '),
            c => out.push(c),
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(page: &str, what: &str) {
    let text = text(page);
    assert!(text.contains(what), "the page does not say {what:?}:\n{text}");
}

fn site(record: &Record) -> Site {
    Site::new(Arc::new(record.at(record.fold.size())), record.frame()).unwrap()
}

fn page(site: &Site, path: &str) -> String {
    String::from_utf8(site.page(path).unwrap_or_else(|| panic!("no page at {path}")).body).unwrap()
}

#[test]
fn names_are_in_the_language_of_the_page_where_the_record_has_them() {
    let site = site(&night());
    for (path, foreign) in [("en/", "Ata Meken"), ("ru/", "Ata Meken"), ("ky/", "Ата Мекен")] {
        says(&page(&site, path), foreign);
    }
    let front = page(&site, "ky/");
    for what in ["Жогорку Кеңештин шайлоосу", "Жогорку Кеңеш", "добуш бергендер"]
    {
        says(&front, what);
    }
    assert!(!text(&front).contains("Ata Meken"), "one name in one language");
    says(&page(&site, "ky/why/"), "Ата Мекен");
    assert!(!text(&page(&site, "ky/why/")).contains("Ata Meken"));
    says(&page(&site, "ky/place/talas/"), "Талас");
    says(&page(&site, "ky/controls/"), "Эч ким эки жолу добуш бербейт.");
    says(&page(&site, "ru/place/talas/"), "Talas");
}

#[test]
fn the_published_morning_is_on_the_page_with_its_denominators() {
    let site = site(&night());
    let front = page(&site, "en/");
    // The machine count beside the hand count, which decides.
    let (decides, machine) = (front.find("decides by law").unwrap(), front.find("Machine count").unwrap());
    assert!(decides < machine, "the deciding source stands first");
    for what in [
        "received 20",
        "countable 20",
        "expected 30",
        "Not countable: 10 not received",
        "Shares are of 1,332,996: voters who took part.",
        "1,080 votes above the 7% line",
        "11,310 votes below the 7% line (12,161 if the votes are new)",
        "The 7% line: 93,310 votes (7% of voters who took part)",
        "487,685 24.50%",
        "Birimdik 46, Mekenim Kyrgyzstan 45, Kyrgyzstan 16, Butun Kyrgyzstan 13",
        "Preliminary. Nobody has declared",
        "The register is incomplete",
        "Synthetic figures.",
        "5 October 2020, 05:00 UTC",
        "Shares taken of votes for all lists and votes against all",
        "This page rests on the first 56 statements",
    ] {
        says(&front, what);
    }
    let station = page(&site, "en/station/6001/");
    for what in [
        "One statement says otherwise",
        "statement 52 : conflicts with 42",
        "20,992 fewer",
        "7,555 more",
        "Complaint: figures",
    ] {
        says(&station, what);
    }
    says(&page(&site, "ru/station/6001/"), "противоречит 42");
    says(&page(&site, "ky/why/"), "Эмне үчүн мындай мандаттар");
    says(&page(&site, "en/check/"), "recount verify https://results.example.org/2020");
}

#[test]
fn pages_are_a_function_of_their_record() {
    let (a, b) = (site(&night()), site(&night()));
    for path in a.paths() {
        assert_eq!(a.page(&path), b.page(&path), "{path}");
    }
}

#[test]
fn they_need_nobody_elses_servers_and_no_inline_script() {
    let site = site(&night());
    for path in site.paths().filter(|path| path.is_empty() || path.ends_with('/')) {
        let html = page(&site, &path);
        for banned in ["javascript:", "onclick", " style=", "<style", "http-equiv", "@import", "url("] {
            assert!(!html.contains(banned), "{banned} on {path}");
        }
        for script in html.split("<script").skip(1) {
            assert!(script.starts_with(" type=\"module\" src=\"../"), "{path}: {script:.60}");
        }
    }
    assert!(
        CONTENT_SECURITY_POLICY.starts_with("default-src 'none'") && !CONTENT_SECURITY_POLICY.contains("unsafe-inline")
    );
    assert!(STYLESHEET.contains("prefers-color-scheme: dark") && STYLESHEET.contains("@media print"));
}

#[test]
fn every_page_is_well_formed_and_its_identifiers_are_its_own() {
    let mut record = night();
    annul(&mut record);
    let site = site(&record);
    for path in site.paths().filter(|path| path.ends_with('/')) {
        let html = page(&site, &path);
        let mut open: Vec<&str> = Vec::new();
        for tag in html.split('<').skip(2).filter_map(|rest| rest.split('>').next()) {
            let name = tag.split([' ', '/']).find(|word| !word.is_empty()).unwrap();
            match tag.strip_prefix('/') {
                Some(closing) => assert_eq!(open.pop(), Some(closing), "{path}"),
                // Void elements, and parts of pictures that close themselves.
                None if matches!(name, "meta" | "link" | "br" | "input") || tag.ends_with('/') => {}
                None => open.push(name),
            }
        }
        assert!(open.is_empty(), "{path}: {open:?}");
        let after =
            |mark: &str| -> Vec<&str> { html.split(mark).skip(1).filter_map(|rest| rest.split('"').next()).collect() };
        let mut ids = after(" id=\"");
        let found = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), found, "an id stands twice on {path}");
        for reference in after("aria-labelledby=\"").iter().flat_map(|own| own.split(' ')).chain(after(" href=\"#")) {
            assert!(ids.contains(&reference), "{reference} leads nowhere on {path}");
        }
        assert_eq!(html.matches("<h1").count(), 1, "{path}");
        assert!(html.contains("<main id=\"main\">") && html.contains("<title>"), "{path}");
    }
}

#[test]
fn hostile_frames_are_text() {
    let record = night();
    let frame = Frame {
        base_url: Some("\"><img src=x>".to_owned()),
        synthetic: Some("<b>bold</b>".to_owned()),
        data_files: vec!["\"><img src=x>".to_owned()],
        ..record.frame()
    };
    let site = Site::new(Arc::new(record.at(record.fold.size())), frame).unwrap();
    for path in ["en/", "en/data/", "en/check/", "en/station/6001/", "en/changes.atom"] {
        let html = page(&site, path);
        assert!(!html.contains("<img") && !html.contains("<b>"), "{path}");
    }
}

#[test]
fn a_unit_with_more_votes_than_voters_shows_no_shares() {
    let mut record = Record::open(record::RULEBOOK, &[]);
    machine(&mut record);
    hand(&mut record);
    // Wrong in one place, and yet within the whole: the site is published, the unit's shares are not.
    let mut votes: BTreeMap<&str, u64> = record::LISTS.iter().map(|(id, ..)| (*id, 0)).collect();
    votes.extend([("birimdik", 60_000), ("against_all", 0)]);
    record.protocol("6003", "hand", json!({"registered": 10, "voters_took_part": 10}), json!(votes));
    let site = site(&record);
    let unit = page(&site, "en/place/talas/");
    says(&unit, "Shares are withheld");
    assert!(!text(&unit).contains('%'), "{}", text(&unit));
    says(&page(&site, "en/controls/"), "votes-within-voters");
    says(&page(&site, "en/"), "Shares are of");
}

#[test]
fn an_annulled_vote_says_so() {
    let mut record = night();
    assert!(matches!(state(&record.fold), State::Preliminary));
    let before = record.fold.size();
    annul(&mut record);
    assert_eq!(annulled_whole_by(&record.fold), Some(before));
    let now = site(&record);
    let front = page(&now, "en/");
    says(&front, "Annulled. The whole vote was annulled and ordered to be repeated by ruling");
    says(&front, "No station’s figures count yet.");
    let (now_text, changes) = (text(&front), "326,000 → – (−326,000)");
    assert!(!now_text.replace(changes, "").contains("326,000"), "an annulled figure is not shown as a count");
    assert!(now_text.contains(changes), "what the ruling did is told");
    let rulings = page(&now, "en/rulings/");
    says(&rulings, "3 of 5 members (quorum 4, majority 3)");
    says(&rulings, "Claimed, not proved 4 present, 4 for");
    let frame = Frame { before: Some(Arc::new(record.at(before))), ..record.frame() };
    let both = Site::new(Arc::new(record.at(record.fold.size())), frame).unwrap();
    says(&page(&both, "en/"), "They count for nothing now.");
    says(&page(&both, "en/"), "326,000 24.46%");
}

#[test]
fn a_declaration_that_does_not_hold_stands_beside_what_was_computed() {
    let mut record = night();
    let size = record.fold.size();
    let seats = record.seats.clone();
    let mut declare = |birimdik: u64, seats_of: u64| {
        let said = json!({"kind": "declaration", "by": "cec", "poll": 1, "contest": "lists", "unit": "kg", "source": "hand", "size": size,
            "lines": {"voters_took_part": 1_332_996}, "votes": {"birimdik": birimdik, "mekenim": 326_000},
            "seats": {"birimdik": seats_of}});
        record.file(said, &[&seats[0], &seats[1], &seats[2], &seats[3]]);
        let mut fold = record.at(record.fold.size());
        let (index, own) = fold.declarations().last().map(|own| (own.index, own.declaration.clone())).unwrap();
        fold.settle_declaration(index, record.at(size).check_declaration(&own));
        Site::new(Arc::new(fold), record.frame()).unwrap()
    };
    let wrong = declare(270_000, 1);
    for path in ["en/", "en/place/"] {
        let page = page(&wrong, path);
        says(&page, "Computed again, 2 of the declared figures differ.");
        says(&page, "Birimdik 270,000 260,000 +10,000");
        says(&page, "Seats: Birimdik 1 34 −33");
        assert!(!text(&page).contains("Mekenim Kyrgyzstan 326,000 326,000"), "what holds is not in the table");
    }
    says(&page(&wrong, "ky/"), "Birimdik 270 000 260 000 +10 000");
    says(&page(&wrong, "en/changes/"), "2 of the declared figures differ");
    let place = |site: &Site, what: &str| text(&page(site, "en/")).find(what).unwrap();
    assert!(page(&wrong, "en/").contains("state contradicted"), "and not in the colour of what is settled");
    assert!(place(&wrong, "Declared, and computed again") < place(&wrong, "countable"), "it is told first");
    let right = declare(260_000, 34);
    assert!(place(&right, "Declared, and computed again") > place(&right, "countable"));
    says(&page(&right, "en/"), "Computed again, every declared figure holds.");
    says(&page(&right, "en/"), "Birimdik 270,000 260,000 +10,000");
}

#[test]
fn without_a_threshold_shares_are_of_all_votes() {
    let rulebook = r#"
schema = "recount-rulebook/1"
id = "x"
title = "X"
[units]
levels = ["national", "region"]
[contest.lists]
kind = "list"
[[stage]]
id = "seats"
kind = "allocate"
contest = "lists"
seats = 5
formula = { family = "divisor", rule = "dhondt" }
[standing]
decides = "machine"
"#;
    let mut record = Record::open(rulebook, &[]);
    machine(&mut record);
    let site = Site::new(Arc::new(record.at(record.fold.size())), Frame::default()).unwrap();
    says(&page(&site, "en/"), "Shares are of 1,646,871: all votes counted.");
    says(&page(&site, "en/"), "A house of 5 seats");
    says(&page(&site, "en/check/"), "recount verify RECORD-URL");
}

#[test]
fn without_the_base_that_the_law_names_no_share_is_shown() {
    let mut record = Record::open(record::RULEBOOK, &[]);
    record.protocol("1001", "hand", json!({"registered": 200}), json!({"birimdik": 70, "mekenim": 30}));
    let front = page(&site(&record), "en/");
    says(&front, "No shares: the base that the law names is not in what was filed.");
    assert!(!text(&front).contains("70.00%"));
}

#[test]
fn nothing_filed_and_no_charter_are_pages_too() {
    let empty = Site::new(Arc::new(Fold::new("x.example")), Frame::default()).unwrap();
    for path in empty.paths() {
        assert!(empty.page(&path).is_some(), "{path}");
    }
    says(&page(&empty, "en/"), "The record has no charter yet");
    let front = page(&site(&Record::open(record::RULEBOOK, &[])), "en/");
    says(&front, "No station’s figures count yet.");
    says(&front, "countable 0");
}
