//! What people who have read nothing but the help do to the program, and what it must not let happen.

use std::fs::File;
use std::process::Stdio;

use crate::cli::{Desk, text};
use crate::island::{counted, desk, opened};

const COMMISSION: &str = "commission.island.example.key";
const INIT: [&str; 8] =
    ["init", "rec", "--charter", "charter.toml", "--key", COMMISSION, "--log-key", "log.island.example.key"];

fn import(desk: &Desk, code: i32, more: &[&str]) -> (String, String) {
    let args = [&["import", "rec", "table.csv", "--map", "map.toml", "--key", COMMISSION], more].concat();
    let output = desk.run(&args);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{out}\n{err}");
    (out, err)
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_none() {
    let desk = counted();
    let full = || Stdio::from(File::options().write(true).open("/dev/full").unwrap());
    for args in
        [&["count", "rec"][..], &["verify", "rec"], &["count", "rec", "--json"], &["export", "rec", "--format", "csv"]]
    {
        let output = desk.command(args).stdout(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{args:?}");
        assert!(text(&output.stderr).contains("standard output"), "{}", text(&output.stderr));
    }
    // Nowhere to complain to is no reason to fall over.
    let output = desk.command(&["count", "nowhere"]).stderr(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    // A reader that goes away after one line does not turn "unproved" into "fine".
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = desk.command(&["verify", "rec"]).stdout(writer).status().unwrap();
    assert_eq!(status.code(), Some(1));
}

#[test]
fn a_signing_key_is_neither_overwritten_nor_quoted() {
    let desk = counted();
    let key = std::fs::read_to_string(desk.path(COMMISSION)).unwrap();
    desk.expect(0, &["draft", "note", "--dir", "rec", "--set", "code=seen", "-o", "note.txt"]);
    for args in [
        &["draft", "note", "--dir", "rec", "--set", "code=seen", "-o", COMMISSION][..],
        &["sign", "note.txt", "--key", COMMISSION, "-o", COMMISSION],
        &["prove", "rec", "--statement", "1", "-o", COMMISSION],
        &["export", "rec", "--format", "csv", "-o", COMMISSION],
        &["key", "new", "again.example", "-o", COMMISSION],
        &["forensics", "rec", "--elections", "20", "--draws", "10", "--html", COMMISSION],
        &["seats", COMMISSION, "tally.json"],
        &["draft", "note", "--dir", "rec", "--from", COMMISSION],
        &["import", "rec", "results.csv", "--map", COMMISSION, "--key", COMMISSION],
        &["what-if", "rec", "--correct", COMMISSION],
    ] {
        let err = desk.refused(2, args);
        let secret = key.trim().rsplit('+').next().unwrap();
        assert!(!err.contains(secret), "{args:?} quotes the key");
        assert_eq!(std::fs::read_to_string(desk.path(COMMISSION)).unwrap(), key, "{args:?}");
    }
    let err = desk.refused(2, &["count", "rec", "--key", key.trim()]);
    assert!(err.contains("this is the secret half"), "{err}");
    assert!(desk.refused(2, &["count", "rec", "--key", COMMISSION]).contains("recount key show FILE"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_without_end_and_a_full_disk_are_refused() {
    let desk = counted();
    for args in [
        &["key", "show", "/dev/zero"][..],
        &["seats", "/dev/zero", "tally.json"],
        &["import", "rec", "results.csv", "--map", "/dev/zero", "--key", COMMISSION],
        &["quick", "estimate", "/dev/zero", "--of", "rec"],
    ] {
        desk.refused(2, args);
    }
    let err = desk.refused(3, &["prove", "rec", "--statement", "1", "-o", "/dev/full"]);
    assert!(err.contains("/dev/full: the disk is full"), "{err}");
    desk.refused(3, &["export", "rec", "--format", "csv", "-o", "/dev/full"]);
    // The name of the file says the format.
    desk.expect(0, &["export", "rec", "-o", "stations.json"]);
    assert!(std::fs::read_to_string(desk.path("stations.json")).unwrap().starts_with('['));
    assert!(desk.refused(2, &["export", "rec"]).contains("say in which format"));
}

#[test]
fn a_sealed_register_grows_only_when_asked() {
    let desk = opened();
    let table = std::fs::read_to_string(desk.path("results.csv")).unwrap();
    desk.write("table.csv", &table.replace("n2,north", "n99,north"));
    let (out, err) = import(&desk, 2, &[]);
    assert!(out.contains("line 3, station n99") && err.contains("1 row was refused"), "{out}{err}");
    let status = desk.json(&["count", "rec"]);
    let coverage = &status["contests"][0]["coverage"];
    assert_eq!((&coverage["expected"], &coverage["received"]), (&12.into(), &10.into()), "{coverage}");
    let (out, _) = import(&desk, 0, &["--extend-register"]);
    assert!(out.contains("Register: 2 rows filed and sealed"), "{out}");
    assert_eq!(desk.json(&["count", "rec"])["contests"][0]["coverage"]["expected"], 13);
}

#[test]
fn other_figures_for_the_same_place_are_said_to_contradict() {
    let desk = opened();
    let table = std::fs::read_to_string(desk.path("results.csv")).unwrap();
    desk.write("table.csv", &table);
    assert!(!import(&desk, 0, &[]).0.contains("CONFLICTS"));
    desk.write("table.csv", &table.replacen(",210,150,", ",205,155,", 1));
    let (out, _) = import(&desk, 0, &[]);
    assert!(out.contains("CONFLICTS: 1 of them contradicts"), "{out}");
}

#[test]
fn what_no_form_foresees_is_not_filed() {
    let desk = opened();
    let (table, map) = ("results.csv", std::fs::read_to_string(desk.path("map.toml")).unwrap());
    std::fs::copy(desk.path(table), desk.path("table.csv")).unwrap();
    for (from, to, says) in [
        ("source = \"hand\"", "source = \"gut\"", "no form for source \"gut\""),
        ("valid = \"valid\"", "total = \"valid\"", "has no line \"total\""),
        ("id = \"lists\"", "id = \"mayor\"", "no contest \"mayor\""),
    ] {
        assert!(map.contains(from), "{from}");
        desk.write("map.toml", &map.replacen(from, to, 1));
        let (_, err) = import(&desk, 2, &[]);
        assert!(err.contains(says) && err.contains("nothing was filed"), "{err}");
    }
    // A table that does not fit is told with what it has.
    desk.write("map.toml", &map);
    let rows = std::fs::read_to_string(desk.path(table)).unwrap();
    desk.write("table.csv", &rows.replace(',', ";"));
    assert!(import(&desk, 2, &[]).1.contains("delimiter = \";\" in the map"));
    desk.write("table.csv", &rows.replacen("valid", "valide", 1));
    assert!(import(&desk, 2, &[]).1.contains("its columns are: station, region, registered, took_part, valide"));
    assert_eq!(desk.json(&["status", "rec"])["size"], 3);
}

#[test]
fn a_statement_in_vain_and_a_refused_one_are_named() {
    let desk = opened();
    let draft = |name: &str, station: &str| {
        let station = format!("station={station}");
        let sets = ["--set", "poll=1", "--set", "contest=lists", "--set", &station, "--set", "source=hand"];
        desk.expect(0, &[&["draft", "protocol", "--dir", "rec", "-o", name][..], &sets].concat());
        desk.expect(0, &["sign", name, "--key", COMMISSION]);
    };
    draft("one.txt", "n1");
    draft("typo.txt", "n111");
    let err = desk.refused(2, &["file", "rec", "typo.txt"]);
    assert!(err.contains("VOID and without effect: statement 3"), "{err}");
    assert!(desk.refused(2, &["sign", "one.txt", "--key", COMMISSION]).contains("has signed it already"));
    // What came before a refused note is filed, with its receipt; the note is named.
    desk.expect(0, &["key", "new", "stranger.example", "-o", "stranger.key"]);
    desk.expect(0, &["draft", "note", "--dir", "rec", "--set", "code=seen", "-o", "theirs.txt"]);
    desk.expect(0, &["sign", "theirs.txt", "--key", "stranger.key"]);
    let output = desk.run(&["file", "rec", "one.txt", "theirs.txt", "typo.txt"]);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(2));
    assert!(out.contains("one.txt: statement 4") && out.contains("c2sp.org/tlog-proof@v1"), "{out}");
    assert!(
        err.contains("theirs.txt: refused: signed by \"stranger.example\"") && err.contains("the 2 notes"),
        "{err}"
    );
    // A text that is no statement is told so when it is signed.
    desk.write("bad.txt", "recount/statement/v1\n{\"kind\":\"note\"}\n");
    assert!(desk.refused(2, &["sign", "bad.txt", "--key", COMMISSION]).contains("this is no statement"));
}

#[test]
fn an_opening_that_cannot_be_leaves_no_record_behind() {
    let desk = desk();
    let (lists, stations) = ("lists.csv", "stations.csv");
    let good = std::fs::read_to_string(desk.path(lists)).unwrap();
    for (name, bad, says) in [
        (lists, good.replace("Alliance", "\"Alli\u{1b}[31mance\""), "control character"),
        (lists, good.replace("Alliance", "\u{202e}ecnaillA"), "bidirectional control"),
        (stations, "id,in,voters,name\nn1,nowhere,5,\n".to_owned(), "nowhere"),
    ] {
        let before = std::fs::read_to_string(desk.path(name)).unwrap();
        desk.write(name, &bad);
        let err = desk.refused(2, &INIT);
        assert!(err.contains("the register: ") && err.contains(says) && !err.contains('\u{1b}'), "{err}");
        assert!(!desk.path("rec").exists(), "{says}");
        desk.write(name, &before);
    }
    let charter = std::fs::read_to_string(desk.path("charter.toml")).unwrap();
    desk.write("charter.toml", &charter.replace("2024-06-02", "2024-06-31"));
    assert!(desk.refused(2, &INIT).contains("is no day"));
    desk.write("charter.toml", &charter);
    desk.write("rec", "a file");
    assert!(desk.refused(2, &INIT).contains("this is a file; name a new folder"));
    std::fs::remove_file(desk.path("rec")).unwrap();
    desk.expect(0, &INIT);
}

#[test]
fn words_and_numbers_that_mean_nothing_here_are_refused() {
    let desk = counted();
    desk.write("file", "a file");
    let polls = "there is no poll 7 in this record; there are: 1";
    for (args, says) in [
        (&["count", "rec", "--at", "0"][..], "size 0 holds no statement"),
        (&["diff", "rec", "--from", "0", "--to", "0"], "size 0 holds no statement"),
        (&["count", "rec", "--poll", "7"], polls),
        (&["missing", "rec", "--poll", "7"], polls),
        (&["explain", "rec", "--list", "a", "--poll", "7"], polls),
        (&["export", "rec", "--json", "--poll", "7"], polls),
        (&["what-if", "rec", "--annul", "poll", "--poll", "7"], polls),
        (&["forensics", "rec", "--poll", "7"], polls),
        (&["forensics", "rec", "--region", "parish"], "there are: national, region"),
        (&["forensics", "rec", "--without", "remote"], "no station of the register has this attribute"),
        (&["missing", "rec", "--by", "parish"], "there are: national, region"),
        (&["list", "rec", "--kind", "protokoll"], "is not a kind of statement"),
        (&["compare", "rec", "--sources", "hand,hand"], "two different sources"),
        (&["compare", "rec", "--sources", "a,b,c"], "two different sources"),
        (&["count", ""], "no record is named"),
        (&["count", "http://"], "http://HOST/PATH"),
        (&["mirror", "rec", "file"], "this is a file; name a folder"),
        (&["publish", "rec", "file"], "this is a file; name a folder"),
        (&["publish", "rec", "out", "--base-url", "javascript:alert(1)"], "https://HOST/PATH"),
        (&["publish", "rec", "/dev/null"], "this is a file; name a folder"),
        (&["serve", "rec", "--max-connections", "0"], "--max-connections"),
        (&["audit", "plan", "rec", "--repetitions", "99999999"], "--repetitions"),
    ] {
        let err = desk.refused(2, args);
        assert!(err.contains(says), "{args:?}: {err}");
    }
    desk.synth("other", 10);
    assert!(desk.refused(2, &["compare", "rec", "other"]).contains("no station in common"));
}

#[test]
fn what_a_law_is_called_commands_no_terminal() {
    let desk = desk();
    for name in ["forms.toml", "rulebook.toml"] {
        let own = std::fs::read_to_string(desk.path(name)).unwrap();
        desk.write(name, &own.replace("title = \"", "title = \"\\u001b]0;mine\\u0007\\u202e"));
    }
    let charter = std::fs::read_to_string(desk.path("charter.toml")).unwrap();
    desk.write("charter.toml", &charter);
    let opened = desk.run(&INIT);
    if opened.status.success() {
        let out = desk.expect(0, &["count", "rec"]) + &desk.expect(0, &["status", "rec"]);
        assert!(!out.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{out:?}");
    }
    let check = desk.run(&["seats", "rulebook.toml", "--check"]);
    let said = text(&check.stdout) + &text(&check.stderr);
    assert!(!said.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{said:?}");
}

#[test]
fn names_of_units_are_not_cut_for_a_further_list() {
    let desk = counted();
    let out = desk.expect(0, &["count", "rec", "--by", "region"]);
    for name in ["North", "South"] {
        assert!(out.contains(name), "{out}");
    }
    assert!(!out.contains('…'), "{out}");
}
