//! The page of records that are folded here from signed statements.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod record;

use std::collections::BTreeMap;

use record::{Record, annul, hand, machine, night};
use recount_site::{Frame, STYLESHEET, State, annulled_whole_by, result_page, result_page_before, state};
use recount_tally::Fold;
use serde_json::json;

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

#[test]
fn the_published_morning_is_on_the_page_with_its_denominators() {
    let record = night();
    let page = result_page(&record.fold, &record.frame());
    if let Ok(folder) = std::env::var("RECOUNT_PAGE_OUT") {
        std::fs::write(format!("{folder}/index.html"), &page).unwrap();
        std::fs::write(format!("{folder}/style.css"), STYLESHEET).unwrap();
    }
    // The machine count beside the hand count, which decides.
    let (decides, machine) = (page.find("decides by law").unwrap(), page.find("Machine count").unwrap());
    assert!(decides < machine, "the deciding source stands first");
    says(&page, "Shares are of 1 990 753: voters who took part.");
    says(&page, "487 685 24.50 %");
    says(&page, "2 587 votes above the 7 % line");
    says(&page, "3 077 votes below the 7 % line (3 309 if the votes are new)");
    says(&page, "Birimdik 46, Mekenim Kyrgyzstan 45, Kyrgyzstan 16, Butun Kyrgyzstan 13");
    // Coverage is three numbers with reasons.
    says(&page, "received 20 countable 20 expected 30");
    says(&page, "Not countable: 10 not received");
    // Everything else that the record holds.
    says(&page, "Preliminary.");
    says(&page, "The register is incomplete");
    says(&page, "Statement 42 stands, statement 52 says otherwise");
    assert!(!text(&page).contains("Cannot be computed"), "each alternative has a result");
    says(&page, "Synthetic figures.");
    says(&page, "Clock of the log 2020-10-05 05:00 UTC");
    says(&page, "recount verify https://results.example.org/2020");
    says(&page, "Verified against a log key and a charter hash given from outside.");
    says(&page, "Shares taken of votes for all lists and votes against all");
}

#[test]
fn a_page_is_a_function_of_its_record() {
    let (a, b) = (night(), night());
    assert_eq!(result_page(&a.fold, &a.frame()), result_page(&b.fold, &b.frame()));
}

#[test]
fn it_reads_without_scripts_and_without_anybody_elses_servers() {
    let record = night();
    let page = result_page(&record.fold, &record.frame());
    for banned in ["<script", "javascript:", "onclick", " style=", "<style", "src=", "http-equiv", "@import", "url("] {
        assert!(!page.contains(banned), "{banned}");
        assert!(!STYLESHEET.contains(banned), "{banned} in the stylesheet");
    }
    assert_eq!(
        page.matches("href=").count(),
        page.matches("href=\"#").count() + 2,
        "own anchors, stylesheet, checkpoint"
    );
    for needed in
        ["<html lang=\"en\">", "<main id=\"main\">", "role=\"img\"", "<title>", "scope=\"col\"", "scope=\"row\""]
    {
        assert!(page.contains(needed), "{needed}");
    }
    assert!(page.len() < 60_000, "{} bytes", page.len());
    assert!(STYLESHEET.contains("prefers-color-scheme: dark") && STYLESHEET.contains("@media print"));
}

#[test]
fn every_identifier_is_unique_and_every_reference_leads_somewhere() {
    let record = night();
    let page = result_page(&record.fold, &record.frame());
    let after = |mark: &str| -> Vec<String> {
        page.split(mark).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let mut ids = after(" id=\"");
    let found = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), found, "an id stands twice");
    let labels = after("aria-labelledby=\"");
    let labels = labels.iter().flat_map(|label| label.split(' ')).map(str::to_owned);
    for reference in labels.chain(after("href=\"#")) {
        assert!(ids.contains(&reference), "{reference} leads nowhere");
    }
}

#[test]
fn elements_are_closed_in_order() {
    let record = night();
    let page = result_page(&record.fold, &record.frame());
    let mut open: Vec<&str> = Vec::new();
    for tag in page.split('<').skip(2).filter_map(|rest| rest.split('>').next()) {
        let name = tag.split([' ', '/']).find(|word| !word.is_empty()).unwrap();
        match tag.strip_prefix('/') {
            Some(closing) => assert_eq!(open.pop(), Some(closing)),
            // Void elements, and parts of pictures that close themselves.
            None if matches!(name, "meta" | "link" | "br") || tag.ends_with('/') => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn hostile_names_are_text() {
    let hostile = "<script>alert(1)</script>\"'&";
    let mut record = Record::open(record::RULEBOOK, &[("birimdik", hostile)]);
    machine(&mut record);
    hand(&mut record);
    let frame = Frame {
        base_url: Some("\"><img src=x>".to_owned()),
        synthetic: Some("<b>bold</b>".to_owned()),
        ..record.frame()
    };
    let page = result_page(&record.fold, &frame);
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;"));
}

#[test]
fn a_share_above_the_whole_is_withheld_not_shown() {
    let mut record = Record::open(record::RULEBOOK, &[]);
    machine(&mut record);
    hand(&mut record);
    let healthy = result_page(&record.fold, &record.frame());
    assert!(!healthy.contains("Withheld"));
    // One station claims far more votes than voters: 150 % of everyone who took part.
    let mut votes: BTreeMap<&str, u64> = record::LISTS.iter().map(|(id, ..)| (*id, 0)).collect();
    votes.extend([("birimdik", 2_000_000), ("against_all", 0)]);
    record.protocol("1003", "hand", json!({"registered": 10, "voters_took_part": 10}), json!(votes));
    let page = result_page(&record.fold, &record.frame());
    says(&page, "Withheld, because an invariant failed: the votes add up to");
    says(&page, "which is more than 100 % of their base");
    let card = text(page.split("<article").nth(1).unwrap());
    assert!(!card.contains("Shares are of"), "{card}");
    let table = card.split("No seats can be computed").next().unwrap();
    let shares = table.replace("100 %", "");
    assert!(!shares.contains('%'), "no share of that base is left: {table}");
    says(&page, "votes-within-voters");
    says(&page, "at 1 station(s)");
}

#[test]
fn an_annulled_vote_says_so_and_keeps_what_was_before_it_apart() {
    let mut record = night();
    assert!(matches!(state(&record.fold), State::Preliminary));
    let before = record.fold.size();
    annul(&mut record);
    assert_eq!(annulled_whole_by(&record.fold), Some(before));
    let now = result_page(&record.fold, &record.frame());
    says(&now, "Annulled. The whole vote was annulled and ordered to be repeated by ruling");
    says(&now, "No station's figures count yet.");
    assert!(!text(&now).contains("487 685"), "an annulled figure is not shown as a count");
    says(&now, "3 of 5 seats (quorum 4, majority 3)");
    says(&now, "Claimed, not proved 4 present, 4 for");

    let both = result_page_before(&record.fold, &record.at(before), &record.frame());
    says(&both, "Annulled.");
    says(&both, "They count for nothing now.");
    says(&both, "487 685 24.50 %");
    says(&both, "Ruling");
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
    let page = result_page(&record.fold, &Frame::default());
    says(&page, "Shares are of 1 646 871: all votes counted.");
    says(&page, "A parliament of 5 seats");
    says(&page, "Not verified: at best internally consistent, the author is unproved.");
    says(&page, "recount verify RECORD-URL");
}

#[test]
fn without_the_base_that_the_law_names_no_share_is_shown() {
    let mut record = Record::open(record::RULEBOOK, &[]);
    record.protocol("1001", "hand", json!({"registered": 200}), json!({"birimdik": 70, "mekenim": 30}));
    let page = result_page(&record.fold, &record.frame());
    says(&page, "No shares: the base that the law names is not in what was filed.");
    assert!(!text(&page).contains("70.00 %"));
}

#[test]
fn nothing_filed_and_no_charter_are_pages_too() {
    let empty = result_page(&Fold::new("x.example"), &Frame::default());
    says(&empty, "The record has no charter yet");
    let record = Record::open(record::RULEBOOK, &[]);
    let page = result_page(&record.fold, &record.frame());
    says(&page, "received 0 countable 0 expected 30");
    says(&page, "No station's figures count yet.");
}
