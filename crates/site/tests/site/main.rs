//! The site of records that are folded here from signed statements: its paths, its pages, what changes and what does not.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod locales;
mod pages;
mod record;
mod speed;

use std::collections::BTreeMap;
use std::sync::Arc;

use record::{Record, annul, hand, machine, night};
use recount_site::{Frame, Site, invariants::Violation};
use serde_json::json;

fn site(record: &Record) -> Site {
    Site::new(Arc::new(record.at(record.fold.size())), record.frame()).unwrap()
}

/// Every page of a site by its path.
fn pages(site: &Site) -> BTreeMap<String, Vec<u8>> {
    site.paths()
        .map(|path| (path.clone(), site.page(&path).unwrap_or_else(|| panic!("no page at {path:?}")).body))
        .collect()
}

/// Targets of links and of what pages ask for.
fn links(html: &str) -> Vec<&str> {
    let after = |mark: &str| html.split(mark).skip(1).filter_map(|rest| rest.split('"').next()).collect::<Vec<_>>();
    [after(" href=\""), after(" src=\"")].concat()
}

/// Where a relative link leads from the folder of a path.
fn resolve(path: &str, link: &str) -> Option<String> {
    let link = link.split('#').next().unwrap();
    if link.is_empty() {
        return Some(path.to_owned());
    }
    let mut folder: Vec<&str> = path.rsplit_once('/').map_or(vec![], |(folder, _)| folder.split('/').collect());
    let mut parts = link.split('/').peekable();
    while parts.peek() == Some(&"..") {
        parts.next();
        folder.pop()?;
    }
    let rest: Vec<&str> = parts.collect();
    let mut all = folder;
    all.extend(rest);
    Some(all.join("/"))
}

#[test]
fn a_site_goes_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Site>();
}

/// With `RECOUNT_SITE_OUT`, the site is written there, to be looked at.
fn write(site: &Site) {
    let Ok(folder) = std::env::var("RECOUNT_SITE_OUT") else { return };
    for (path, body) in pages(site) {
        let file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path };
        let file = std::path::Path::new(&folder).join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, body).unwrap();
    }
}

#[test]
fn every_link_leads_to_a_page_or_to_a_file_of_the_record() {
    let site = site(&night());
    write(&site);
    let pages = pages(&site);
    let mut looked = 0;
    for (path, body) in &pages {
        let Ok(html) = std::str::from_utf8(body) else { continue };
        if !html.starts_with("<!DOCTYPE html>") {
            continue;
        }
        for link in links(html) {
            assert!(!link.starts_with('/') && !link.contains(':'), "{path} links to {link}");
            let to = resolve(path, link).unwrap_or_else(|| panic!("{path} links above the site: {link}"));
            let of_record = ["checkpoint", "checkpoints/", "tile/", "blob/", "at/", "data/"];
            // Made by a server that keeps earlier sizes.
            let since =
                to.split_once("/changes/since-").and_then(|(_, size)| size.trim_end_matches('/').parse::<u64>().ok());
            assert!(
                pages.contains_key(&to)
                    || of_record.iter().any(|own| to.starts_with(own))
                    || since.is_some_and(|size| size < site.size()),
                "{path} links to {link}: {to}"
            );
            looked += 1;
        }
    }
    assert!(looked > 1_000, "{looked} links");
}

#[test]
fn only_pages_that_are_named_change() {
    let end = night();
    let mut older: Option<(Site, BTreeMap<String, Vec<u8>>)> = None;
    let (mut kept, mut steps) = (0, 0);
    for size in 2..=end.fold.size() {
        let frame = Frame { checkpoint: None, ..end.frame() };
        let newer = Site::new(Arc::new(end.at(size)), frame).unwrap();
        let now = pages(&newer);
        if let Some((old, then)) = &older {
            let changed = newer.changed_since(old);
            for (path, body) in &now {
                let same = then.get(path) == Some(body);
                assert!(same || changed.contains(path), "{path} changed with statement {} and is not named", size - 1);
                kept += usize::from(same);
            }
            assert!(changed.iter().all(|path| now.contains_key(path)));
            steps += 1;
        }
        older = Some((newer, now));
    }
    assert!(steps > 50 && kept / steps > 60, "{kept} pages were kept in {steps} steps");
}

#[test]
fn a_hundred_and_fifty_percent_is_not_published() {
    let mut record = Record::open(record::RULEBOOK, &[]);
    machine(&mut record);
    hand(&mut record);
    assert!(Site::new(Arc::new(record.at(record.fold.size())), record.frame()).is_ok());
    let mut votes: BTreeMap<&str, u64> = record::LISTS.iter().map(|(id, ..)| (*id, 0)).collect();
    votes.extend([("birimdik", 2_000_000), ("against_all", 0)]);
    record.protocol("1003", "hand", json!({"registered": 10, "voters_took_part": 10}), json!(votes));
    let refused = Site::new(Arc::new(record.at(record.fold.size())), record.frame()).map(|_| ()).unwrap_err();
    assert!(matches!(refused, Violation::OverWhole { sum, base } if sum > u128::from(base)), "{refused}");
    assert!(refused.to_string().contains("more than 100 %"), "{refused}");
}

#[test]
fn hostile_identifiers_and_names_stay_text() {
    let hostile = "<script>alert(1)</script>\"'&";
    let mut record = Record::open(record::RULEBOOK, &[("birimdik", hostile)]);
    let commission = record.commission.clone();
    let rows = json!([
        {"unit_id": "../..", "level": "region", "in": "kg", "name": hostile},
        {"station_id": "../../../etc/passwd", "in": "../..", "voters": 5, "name": hostile},
        {"station_id": "..", "in": "../.."},
    ]);
    record.file(json!({"kind": "register", "poll": 1, "rows": rows}), &[&commission]);
    machine(&mut record);
    hand(&mut record);
    let site = site(&record);
    let mut there = 0;
    for path in site.paths() {
        assert!(!path.contains("..") && !path.contains("//") && path.is_ascii(), "{path}");
        let page = site.page(&path).unwrap();
        let html = String::from_utf8_lossy(&page.body);
        if page.media_type.starts_with("text/html") {
            assert!(!html.contains("<script>alert"), "{path}");
            there += usize::from(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;"));
        }
    }
    assert!(there > 5);
    for path in [
        "/",
        "en",
        "en/station/../",
        "en/station/../../",
        "en/place/kg/",
        "xx/",
        "en/place/page-2/",
        "assets/../lib.rs",
        "en//",
    ] {
        assert!(site.page(path).is_none(), "{path}");
    }
}

#[test]
fn two_sizes_are_compared() {
    let record = night();
    let frame = || Frame { checkpoint: None, ..record.frame() };
    let [older, newer] = [40, 55].map(|size| Site::new(Arc::new(record.at(size)), frame()).unwrap());
    let page = newer.difference(&older, "en").unwrap();
    let html = String::from_utf8(page.body).unwrap();
    assert!(html.contains("What changed from size 40 to size 55") && html.contains("stations differ"), "{html}");
    assert!(html.contains("en/station/6001/") && html.contains("→"), "{html}");
    assert!(older.difference(&newer, "en").is_none() && newer.difference(&older, "xx").is_none());
}

#[test]
fn changes_name_their_cause_and_what_they_did() {
    let mut record = night();
    annul(&mut record);
    let site = site(&record);
    let html = String::from_utf8(site.page("en/changes/").unwrap().body).unwrap();
    for what in [
        "2 changes",
        "change",
        "Conflict",
        "Ruling",
        "annuls and orders to be repeated: the whole vote",
        "It changed seats:",
        "20 → 0 (−20)",
        "It moved no total.",
    ] {
        assert!(html.contains(what), "{what}: {html}");
    }
    let feed = String::from_utf8(site.page("ru/changes.atom").unwrap().body).unwrap();
    assert!(
        feed.contains("<updated>2020-10-05T05:00:00Z</updated>") && feed.contains("отменяет и назначает повторение"),
        "{feed}"
    );
    assert_eq!(feed.matches("<entry>").count(), 2);
}

#[test]
fn an_annulled_vote_keeps_what_was_before_it_apart() {
    let mut record = night();
    let before = record.fold.size();
    annul(&mut record);
    let frame = Frame { before: Some(Arc::new(record.at(before))), ..record.frame() };
    let site = Site::new(Arc::new(record.at(record.fold.size())), frame).unwrap();
    let front = String::from_utf8(site.page("en/").unwrap().body).unwrap();
    assert!(front.contains("Annulled"), "{front}");
}
