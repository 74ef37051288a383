//! Copies of a record: mirror, publish, compare, receipts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/cli.rs"]
mod cli;

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use cli::{Desk, files};
use serde_json::{Value, json};

/// A server that ends with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(desk: &Desk, dir: &str) -> (Served, String) {
    let mut command = desk.command(&["serve", dir, "--addr", "127.0.0.1:0", "--json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let served = Served(child);
    let told: Value = serde_json::from_str(&line).unwrap();
    (served, told["address"].as_str().unwrap().to_owned())
}

fn anchors(made: &Value) -> [String; 4] {
    ["--key".to_owned(), text(&made["key"]), "--charter".to_owned(), text(&made["charter"])]
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn a_mirror_grows_with_the_record_and_refuses_a_record_that_went_back() {
    let desk = Desk::new();
    let made = desk.small();
    let anchors = anchors(&made);
    let args = |from: &str| {
        let mut args = ["mirror", from, "copy"].map(str::to_owned).to_vec();
        args.extend(anchors.iter().cloned());
        args
    };
    let mirror = |from: &str| desk.json(&args(from).iter().map(String::as_str).collect::<Vec<_>>());
    let refused = |from: &str| desk.refused(1, &args(from).iter().map(String::as_str).collect::<Vec<_>>());
    let first = mirror("small");
    assert_eq!((&first["size_before"], &first["author_proved"]), (&json!(0), &json!(true)));
    let early = desk.path("early");
    std::fs::create_dir(&early).unwrap();
    for file in files(&desk.path("small/public")) {
        std::fs::create_dir_all(early.join(&file).parent().unwrap()).unwrap();
        std::fs::copy(desk.path("small/public").join(&file), early.join(&file)).unwrap();
    }
    desk.note("small", "seen");
    let (served, address) = serve(&desk, "small");
    let second = mirror(&address);
    drop(served);
    assert_eq!(second["size_before"], first["size"]);
    assert_eq!(second["size"].as_u64(), first["size"].as_u64().map(|n| n + 1));
    assert_eq!(second["blobs_not_there"], 0);
    // The copy reads like the record, and nothing private came along.
    let (ours, copy) = (desk.json(&["compare", "small", "copy"]), files(&desk.path("copy")));
    assert_eq!((&ours["logs"], &ours["differ"]), (&json!("same"), &json!(0)));
    assert!(copy.iter().all(|file| file.starts_with("public/")), "{copy:?}");
    assert!(copy.iter().all(|file| !file.ends_with(".incoming")));
    // A record that went back is refused, and the copy stays.
    let why = refused("early");
    assert!(why.contains("rolled back"), "{why}");
    assert_eq!(mirror("small")["size"], second["size"]);
    // Another record is refused too.
    desk.synth("other", 10);
    desk.refused(1, &["mirror", "other", "copy"]);
}

#[test]
fn another_log_under_the_same_name_is_noticed_even_without_its_key() {
    let desk = Desk::new();
    let first = desk.small();
    let verify = |dir: &str, more: &[String]| {
        let mut args = vec!["verify", dir];
        args.extend(more.iter().map(String::as_str));
        let out = desk.run(&args);
        cli::text(&out.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let warning = "That this is the log of this name that this machine saw before, at size";
    assert!(!verify("small", &[]).contains(warning));
    for file in ["small", "log.key", "commission.key"] {
        std::fs::rename(desk.path(file), desk.path(&format!("first-{file}"))).unwrap();
    }
    let second = desk.small();
    assert_ne!(first["key"], second["key"]);
    assert!(verify("small", &[]).contains(warning));
    assert!(verify("first-small", &[]).contains(warning), "nor does the first one come back unnoticed");
    // Who was given the key needs no warning.
    let told = verify("small", &anchors(&second));
    assert!(told.contains("VERIFIED") && !told.contains(warning), "{told}");
    assert!(!desk.run(&["verify", "small", "--key", &text(&first["key"])]).status.success());
}

#[test]
fn a_damaged_source_is_not_published() {
    let desk = Desk::new();
    desk.synth("s", 30);
    let bundles = desk.path("s/public/tile/entries/000.p");
    let newest = std::fs::read_dir(bundles).unwrap().map(|entry| entry.unwrap().path());
    let newest = newest.max_by_key(|path| path.file_name().unwrap().to_string_lossy().parse::<u64>().unwrap()).unwrap();
    let mut bytes = std::fs::read(&newest).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    std::fs::write(&newest, bytes).unwrap();
    let why = desk.refused(1, &["mirror", "s", "copy"]);
    assert!(!why.is_empty());
    assert!(!desk.path("copy/public/checkpoint").exists());
}

#[test]
fn what_is_published_is_the_record_and_a_page() {
    let desk = Desk::new();
    let made = desk.synth("s", 60);
    let anchors = anchors(&made);
    let mut args = vec!["publish", "s", "out"];
    args.extend(anchors.iter().map(String::as_str));
    desk.expect(0, &args);
    let page = std::fs::read_to_string(desk.path("out/index.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("A synthetic election"), "{page}");
    for file in ["assets/style.css", "en/index.html", "ky/why/index.html", "ru/place/index.html"] {
        assert!(desk.path("out").join(file).exists(), "{file}");
    }
    assert_eq!(std::fs::read_dir(desk.path("out/en/station")).unwrap().count(), 60);
    // The folder is a record.
    let compared = desk.json(&["compare", "s", "out"]);
    assert_eq!((&compared["logs"], &compared["compared"]), (&json!("same"), &json!(60)));
    desk.expect(0, &args);
    let why = desk.refused(2, &["publish", "s", "s/public/out"]);
    assert!(why.contains("cannot lie in the record"), "{why}");
}

#[test]
fn only_what_changed_is_published_again_and_the_folder_is_as_if_published_anew() {
    let desk = Desk::new();
    desk.small();
    let first = desk.json(&["publish", "small", "out"]);
    assert_eq!(files(&desk.path("out")).iter().filter(|file| file.contains(".new")).count(), 0);
    desk.protocol("1001", 200, 100);
    let second = desk.json(&["publish", "small", "out"]);
    let pages = |told: &Value| told["pages"].as_u64().unwrap();
    assert!(pages(&second) > 0 && pages(&second) < pages(&first), "{first} {second}");
    let untouched = |dir: &str| std::fs::read_to_string(desk.path(dir).join("en/station/1002/index.html")).unwrap();
    assert!(untouched("out").contains("1002"));
    // A run that broke off left no mark: then every page is looked at.
    desk.protocol("1002", 50, 60);
    std::fs::remove_file(desk.path("out/.recount-published")).unwrap();
    std::fs::write(desk.path("out/en/why/index.html"), "half").unwrap();
    desk.json(&["publish", "small", "out"]);
    assert_eq!(pages(&desk.json(&["publish", "small", "out"])), 0, "nothing has changed since");
    desk.json(&["publish", "small", "anew"]);
    let (out, anew) = (files(&desk.path("out")), files(&desk.path("anew")));
    let kept = |files: &[String]| -> Vec<String> {
        // Partial tiles and checkpoints of earlier sizes stay where they were published.
        files.iter().filter(|file| !file.starts_with("tile/") && !file.starts_with("checkpoints/")).cloned().collect()
    };
    assert_eq!(kept(&out), kept(&anew));
    for file in kept(&anew) {
        let read = |dir: &str| std::fs::read(desk.path(dir).join(&file)).unwrap();
        assert!(read("out") == read("anew"), "{file}");
    }
}

#[test]
fn a_receipt_is_checked_offline() {
    let desk = Desk::new();
    let made = desk.small();
    desk.note("small", "first");
    let index =
        desk.json(&["export", "small", "--format", "json", "--what", "statements"]).as_array().unwrap().len() - 1;
    desk.expect(0, &["prove", "small", "--statement", &index.to_string(), "-o", "receipt"]);
    let key = text(&made["key"]);
    let proved = desk.json(&["check-receipt", "receipt", "--key", &key, "--statement", "note.txt"]);
    assert_eq!((&proved["proved"], &proved["index"]), (&json!(true), &json!(index)));
    // Another statement, another key, no statement: the answer is no.
    std::fs::copy(desk.path("note.txt"), desk.path("old.txt")).unwrap();
    desk.note("small", "second");
    desk.refused(1, &["check-receipt", "receipt", "--key", &key, "--statement", "note.txt"]);
    desk.expect(0, &["check-receipt", "receipt", "--key", &key, "--statement", "old.txt"]);
    let other = desk.expect(0, &["key", "show", "commission.key"]);
    desk.refused(1, &["check-receipt", "receipt", "--key", other.trim(), "--statement", "old.txt"]);
    desk.expect(1, &["check-receipt", "receipt", "--key", &key]);
    desk.write("nonsense", "not a receipt\n");
    desk.refused(2, &["check-receipt", "nonsense", "--key", &key, "--statement", "old.txt"]);
}

#[test]
fn records_are_compared_station_by_station() {
    let desk = Desk::new();
    desk.synth("one", 50);
    desk.json(&["synth", "two", "--stations", "55", "--seed", "8", "--territories", "3", "--lists", "5"]);
    let compared = desk.json(&["compare", "one", "two"]);
    assert_eq!(compared["logs"], "apart");
    assert_eq!((&compared["compared"], &compared["only_there"]), (&json!(50), &json!(5)));
    assert!(compared["differ"].as_u64().unwrap() > 40);
}
