//! Every language has every message, with the same variables, and nothing is asked for that no file has.

use std::collections::BTreeMap;
use std::path::Path;

use recount_site::locale::{Locale, locales};
use recount_site::{asset, assets};

fn english() -> &'static Locale {
    locales().iter().find(|locale| locale.tag() == "en").unwrap()
}

fn messages(locale: &'static Locale) -> BTreeMap<&'static str, Vec<&'static str>> {
    locale.messages().collect()
}

#[test]
fn every_file_is_read_whole() {
    let tags: Vec<&str> = locales().iter().map(Locale::tag).collect();
    assert_eq!(tags, ["en", "ky", "ru"]);
    for locale in locales() {
        assert_eq!(locale.faults(), [""; 0], "{}", locale.tag());
    }
}

#[test]
fn no_language_lacks_a_message_or_a_variable() {
    let all = messages(english());
    for locale in locales() {
        let own = messages(locale);
        let lacks: Vec<&&str> = all.keys().filter(|key| !own.contains_key(*key)).collect();
        let more: Vec<&&str> = own.keys().filter(|key| !all.contains_key(*key)).collect();
        assert!(lacks.is_empty() && more.is_empty(), "{}: lacks {lacks:?}, has {more:?} more", locale.tag());
        for (key, names) in &own {
            assert_eq!(names, &all[key], "{}: {key}", locale.tag());
        }
    }
}

#[test]
fn what_the_pages_ask_for_is_there_and_what_is_there_is_asked_for() {
    let mut code = String::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                code.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let all = messages(english());
    // Keys that are put together at run time begin so.
    let families: Vec<&str> = code.split("format!(\"").skip(1).filter_map(|rest| rest.split('{').next()).collect();
    let families: Vec<&str> = families.into_iter().filter(|own| own.ends_with('-') && own.len() > 3).collect();
    let scripts: String = assets().filter(|own| own.ends_with(".js")).map(script).collect();
    for key in all.keys() {
        let spoken = |own: &str| scripts.contains(&format!("\"{own}\""));
        if let Some(own) = key.strip_prefix("js-") {
            assert!(spoken(own) || computed(own), "no script says {key}");
            continue;
        }
        let asked = code.contains(&format!("\"{key}\"")) || families.iter().any(|family| key.starts_with(family));
        assert!(asked, "nothing asks for {key}");
    }
    for mark in [".word(\"", ".say(\"", "say!(cx.t, \"", "say!(t, \""] {
        for key in code.split(mark).skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(all.contains_key(key), "no language has {key}");
        }
    }
}

fn script(name: &str) -> String {
    String::from_utf8(asset(name).unwrap().1.to_vec()).unwrap()
}

/// Messages that scripts name by what came out: verdicts, views of another checkpoint, what is wrong with one.
fn computed(own: &str) -> bool {
    ["earlier", "same", "checkpoint-unsigned", "checkpoint-forged", "checkpoint-broken"].contains(&own)
}

#[test]
fn what_scripts_say_is_there() {
    let all = messages(english());
    let mut said = 0;
    for name in assets().filter(|own| own.ends_with(".js")) {
        let text = script(name);
        for mark in ["say(\"", "new Wrong(\""] {
            for key in text.split(mark).skip(1).filter_map(|rest| rest.split('"').next()) {
                said += 1;
                assert!(all.contains_key(format!("js-{key}").as_str()), "{name} says {key}, which no language has");
            }
        }
    }
    assert!(said > 50, "only {said} sentences were found");
}

#[test]
fn numbers_dates_and_plurals_follow_the_language() {
    let [en, ky, ru] = ["en", "ky", "ru"].map(|tag| locales().iter().find(|locale| locale.tag() == tag).unwrap());
    assert_eq!(en.number(1_990_753), "1,990,753");
    assert_eq!(ru.number(1_990_753), "1\u{a0}990\u{a0}753");
    assert_eq!(ky.percent(487_685, 1_990_753).unwrap(), "24,50\u{a0}%");
    assert_eq!(en.percent(3, 20_000).unwrap(), "0.02%", "exactly half of a hundredth goes up");
    assert_eq!(en.percent(3, 20_001).unwrap(), "0.01%");
    assert_eq!(en.percent(1, 20_001).unwrap(), "0.005%", "little is not nothing");
    assert_eq!(en.percent(u64::MAX, u64::MAX).unwrap(), "100.00%");
    assert_eq!(en.percent(1, 0), None);
    assert_eq!(
        ["7/100", "7/1000", "1/3", "1/0", "attribute"].map(|own| en.ratio(own)),
        ["7%", "0.7%", "1/3", "1/0", "attribute"]
    );
    assert_eq!(en.date("2020-10-04"), "4 October 2020");
    assert_eq!(ru.date("2020-10-04"), "4 октября 2020 г.");
    assert_eq!(en.time(1_601_874_000), "5 October 2020, 05:00 UTC");
    assert_eq!(en.date("soon"), "soon");
    assert_eq!(en.signed(-2_587), "\u{2212}2,587");
    assert_eq!(en.signed(12), "+12");
    assert_eq!(en.word("no-such-message"), "no-such-message");
}

/// Below a threshold of five percent nothing reads as five percent.
#[test]
fn shares_that_miss_a_whole_percentage_do_not_read_as_one() {
    let shares = [(87_575_300, 1_751_506_000), (87_575_200, 1_751_506_000), (1, 3), (0, 7), (5, 0)];
    let read: Vec<Option<String>> = shares.into_iter().map(|(part, whole)| english().percent(part, whole)).collect();
    let read: Vec<Option<&str>> = read.iter().map(Option::as_deref).collect();
    assert_eq!(read, [Some("5.00%"), Some("4.99999%"), Some("33.33%"), Some("0.00%"), None]);
}
