//! Audits of single ballots from files, through the real binary: a right winner is certified, a wrong one is not, papers
//! that are lost or not on record count against the winner, and what does not fit together is refused.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "common/cli.rs"]
mod cli;

use std::fmt::Write;

use cli::{Desk, text, too_wide};
use serde_json::Value;

const CARDS: usize = 1_000;

/// Card `n` in batch 1, 2, ... of a hundred each, with what it says.
fn plain(marks: impl Fn(usize) -> Vec<&'static str>, ranked: bool) -> String {
    let mut out = "card,batch,contest,choice,rank\n".to_owned();
    for n in 0..CARDS {
        let own = marks(n);
        if own.is_empty() {
            writeln!(out, "c{n},b{},Mayor,,", n / 100).unwrap();
        }
        for (at, choice) in own.iter().enumerate() {
            let rank = if ranked { at + 1 } else { 1 };
            writeln!(out, "c{n},b{},Mayor,{choice},{rank}", n / 100).unwrap();
        }
    }
    out
}

/// 550 for Ada, 400 for Bo, the rest blank.
fn reported(n: usize) -> Vec<&'static str> {
    match n % 20 {
        0..=10 => vec!["Ada"],
        11..=18 => vec!["Bo"],
        _ => Vec::new(),
    }
}

fn manifest(desk: &Desk, each: u64) {
    let rows: String = (0..10).map(|n| format!("b{n},{each}\n")).collect();
    desk.write("manifest.csv", &format!("batch,cards\n{rows}"));
}

/// The drawn cards as papers.
fn papers(desk: &Desk, args: &[&str], cards: &str, says: &dyn Fn(usize) -> Vec<&'static str>, ranked: bool) -> String {
    let all: Vec<&str> = ["audit", "cards", "draw"]
        .into_iter()
        .chain(args.iter().copied())
        .chain(["--manifest", "manifest.csv", "--seed", "4 1 6 2 2 5", "--cards", cards])
        .collect();
    let drawn = desk.json(&all);
    let sample = drawn["sample"].as_array().unwrap();
    assert_eq!(sample.len().to_string(), cards);
    let mut out = "card,contest,choice,rank\n".to_owned();
    for own in sample {
        let id = own["card"].as_str().unwrap();
        let Ok(n) = id.trim_start_matches('c').parse() else { continue };
        let marks = says(n);
        if marks.is_empty() {
            writeln!(out, "{id},Mayor,,").unwrap();
        }
        for (at, choice) in marks.iter().enumerate() {
            writeln!(out, "{id},Mayor,{choice},{}", if ranked { at + 1 } else { 1 }).unwrap();
        }
    }
    out
}

fn risk(desk: &Desk, args: &[&str], code: i32) -> Value {
    let all: Vec<&str> = ["audit", "cards", "risk"]
        .into_iter()
        .chain(args.iter().copied())
        .chain(["--manifest", "manifest.csv", "--seed", "4 1 6 2 2 5", "--audited", "papers.csv", "--json"])
        .collect();
    serde_json::from_str(&desk.expect(code, &all)).unwrap()
}

#[test]
fn plurality_compared_card_by_card() {
    let desk = Desk::new();
    desk.write("cvr.csv", &plain(reported, false));
    manifest(&desk, 100);
    let cvr = ["--cvr", "cvr.csv"];
    let plan = desk.json(&["audit", "cards", "plan", "--cvr", "cvr.csv", "--manifest", "manifest.csv"]);
    assert_eq!((&plan["result"][0], &plan["cards"], &plan["phantoms"]), (&"Ada".into(), &1000.into(), &0.into()));
    let n90 = plan["assertions"][0]["n90"].as_u64().unwrap();
    assert!((20..120).contains(&n90), "{n90}");
    for args in [vec!["plan"], vec!["draw", "--seed", "1", "--cards", "5"]] {
        let all: Vec<&str> = ["audit", "cards"].into_iter().chain(args).chain(cvr).collect();
        let shown = desk.expect(0, &all);
        assert!(too_wide(&shown).is_empty(), "{:?}", too_wide(&shown));
    }
    // Papers as recorded: certified.
    desk.write("papers.csv", &papers(&desk, &cvr, "60", &reported, false));
    let now = risk(&desk, &cvr, 0);
    assert_eq!((&now["complete"], &now["assessed"], &now["not_drawn_yet"]), (&true.into(), &60.into(), &0.into()));
    assert!(now["risk"].as_f64().unwrap() <= 0.05);
    // On paper a fifth of Ada's votes are Bo's: not certified, and each difference is named.
    let wrong = |n: usize| if n % 20 < 3 { vec!["Bo"] } else { reported(n) };
    desk.write("papers.csv", &papers(&desk, &cvr, "200", &wrong, false));
    let now = risk(&desk, &cvr, 1);
    assert_eq!(now["complete"], false);
    assert!(now["risk"].as_f64().unwrap() >= 0.5, "{}", now["risk"]);
    let first = now["differences"][0]["what"].as_str().unwrap();
    assert_eq!(first, "the record says Ada, the paper Bo");
    // Papers that cannot be found count as votes for Bo.
    desk.write("papers.csv", &papers(&desk, &cvr, "60", &reported, false));
    let whole = std::fs::read_to_string(desk.path("papers.csv")).unwrap();
    let gone = whole.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let kept: String =
        whole.lines().filter(|line| !line.starts_with(&format!("{gone},"))).map(|l| format!("{l}\n")).collect();
    desk.write("papers.csv", &kept);
    assert_eq!(risk(&desk, &cvr, 1)["assessed"], 0, "the first card of the draw has no finding yet");
    desk.write("lost.txt", &format!("{gone}\n"));
    let lost = risk(&desk, &["--cvr", "cvr.csv", "--lost", "lost.txt"], 1);
    assert_eq!((&lost["assessed"], &lost["differences"][0]["card"]), (&60.into(), &gone.as_str().into()));
}

#[test]
fn phantoms_and_broken_bounds() {
    let desk = Desk::new();
    desk.write("cvr.csv", &plain(reported, false));
    manifest(&desk, 101);
    let plan = desk.json(&["audit", "cards", "plan", "--cvr", "cvr.csv", "--manifest", "manifest.csv"]);
    assert_eq!((&plan["cards"], &plan["phantoms"]), (&1010.into(), &10.into()));
    let at_most = ["audit", "cards", "plan", "--cvr", "cvr.csv", "--manifest", "manifest.csv", "--at-most", "1004"];
    assert_eq!(desk.json(&at_most)["phantoms"], 4);
    manifest(&desk, 99);
    let refused = desk.refused(2, &["audit", "cards", "plan", "--cvr", "cvr.csv", "--manifest", "manifest.csv"]);
    assert!(refused.contains("the bound is broken"), "{refused}");
}

#[test]
fn an_instant_runoff() {
    let desk = Desk::new();
    // Bo wins when Cy is out: 300 for Cy go to Bo.
    let ranked = |n: usize| match n % 20 {
        0..=8 => vec!["Ada", "Cy"],
        9..=13 => vec!["Bo"],
        _ => vec!["Cy", "Bo"],
    };
    let turned = |n: usize| match n % 20 {
        9..=13 => vec!["Bo", "Cy"],
        _ => ranked(n),
    };
    desk.write("cvr.csv", &plain(turned, true));
    manifest(&desk, 100);
    let cvr = ["--cvr", "cvr.csv", "--rule", "runoff"];
    let all: Vec<&str> = ["audit", "cards", "plan"].into_iter().chain(cvr).collect();
    let plan = desk.json(&all);
    assert_eq!(plan["result"], serde_json::json!(["Bo", "Ada", "Cy"]), "{plan}");
    desk.write("papers.csv", &papers(&desk, &cvr, "150", &turned, true));
    assert_eq!(risk(&desk, &cvr, 0)["complete"], true);
    // On paper Bo's voters name nobody else: Ada wins.
    desk.write("papers.csv", &papers(&desk, &cvr, "300", &ranked, true));
    let now = risk(&desk, &cvr, 1);
    assert_eq!(now["complete"], false);
    assert!(now["differences"].as_array().unwrap().len() > 40);
}

#[test]
fn polling_from_totals() {
    let desk = Desk::new();
    desk.write("totals.csv", "choice,votes\nAda,650\nBo,300\n");
    manifest(&desk, 100);
    let totals = ["--totals", "totals.csv", "--method", "polling"];
    // Places in the manifest have no record: the paper at each is asked for.
    let all: Vec<&str> = ["audit", "cards", "draw"]
        .into_iter()
        .chain(totals)
        .chain(["--manifest", "manifest.csv", "--seed", "4 1 6 2 2 5", "--cards", "300", "-o", "draw.csv"])
        .collect();
    let drawn = desk.json(&all);
    let listed = std::fs::read_to_string(desk.path("draw.csv")).unwrap();
    assert_eq!(listed.lines().count(), 301);
    let mut right = "card,contest,choice\n".to_owned();
    let mut wrong = right.clone();
    for (at, own) in drawn["sample"].as_array().unwrap().iter().enumerate() {
        let id = own["card"].as_str().unwrap();
        writeln!(right, "{id},Mayor,{}", if at % 20 < 13 { "Ada" } else { "Bo" }).unwrap();
        writeln!(wrong, "{id},Mayor,{}", if at % 2 == 0 { "Ada" } else { "Bo" }).unwrap();
    }
    desk.write("papers.csv", &right);
    assert_eq!(risk(&desk, &totals, 0)["complete"], true);
    desk.write("papers.csv", &wrong);
    assert_eq!(risk(&desk, &totals, 1)["complete"], false);
}

/// The Common Data Format of NIST SP 1500-103, and Dominion's CSV, give the same plan as plain CSV.
#[test]
fn other_formats_give_the_same() {
    let desk = Desk::new();
    desk.write("cvr.csv", &plain(reported, false));
    let mut dominion = "Town,5.1,,,,,,\n,,,,,,Mayor (Vote For=1),Mayor (Vote For=1)\n,,,,,,Ada,Bo\n\
        CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,BallotType,,\n"
        .to_owned();
    let mut snapshots = Vec::new();
    for n in 0..CARDS {
        let own = reported(n);
        let mark = |name| u8::from(own.contains(&name));
        writeln!(dominion, "{n},1,{},{n},c{n},s,{},{}", n / 100, mark("Ada"), mark("Bo")).unwrap();
        let selections: Vec<Value> = own
            .iter()
            .map(|name| {
                serde_json::json!({ "ContestSelectionId": name.to_lowercase(),
                    "SelectionPosition": [{ "HasIndication": "yes", "NumberVotes": 1 }] })
            })
            .collect();
        snapshots.push(serde_json::json!({
            "@type": "CVR.CVR", "UniqueId": format!("c{n}"), "BatchId": format!("b{}", n / 100), "CurrentSnapshotId": "1",
            "CVRSnapshot": [{ "@type": "CVR.CVRSnapshot", "@id": "1", "Type": "original",
                "CVRContest": [{ "ContestId": "mayor", "CVRContestSelection": selections }] }]
        }));
    }
    let selection = |id: &str, name: &str| serde_json::json!({ "@type": "CVR.CandidateSelection", "@id": id, "CandidateIds": [format!("c-{id}")], "Code": [{ "Type": "other", "Value": name }] });
    let candidate =
        |id: &str, name: &str| serde_json::json!({ "@type": "CVR.Candidate", "@id": format!("c-{id}"), "Name": name });
    let report = serde_json::json!({
        "@type": "CVR.CastVoteRecordReport", "Version": "1.0.0", "CVR": snapshots,
        "Election": [{ "@type": "CVR.Election", "@id": "e",
            "Candidate": [candidate("ada", "Ada"), candidate("bo", "Bo")],
            "Contest": [{ "@type": "CVR.CandidateContest", "@id": "mayor", "Name": "Mayor", "VotesAllowed": 1,
                "ContestSelection": [selection("ada", "Ada"), selection("bo", "Bo")] }] }]
    });
    desk.write("dominion.csv", &dominion);
    desk.write("nist.json", &report.to_string());
    let plan = |file: &str, format: &str| {
        let plan = desk.json(&["audit", "cards", "plan", "--cvr", file, "--format", format]);
        (plan["result"].clone(), plan["cards"].clone(), plan["assertions"].clone())
    };
    let own = plan("cvr.csv", "plain");
    assert_eq!(plan("dominion.csv", "dominion"), own);
    assert_eq!(plan("nist.json", "nist-json"), own);
}

#[test]
fn what_does_not_fit_is_refused() {
    let desk = Desk::new();
    desk.write("cvr.csv", &plain(reported, false));
    manifest(&desk, 100);
    let no = |args: &[&str]| {
        let all: Vec<&str> = ["audit", "cards"].iter().chain(args).copied().collect();
        let output = desk.run(&all);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        text(&output.stderr)
    };
    assert!(no(&["plan", "--cvr", "cvr.csv", "--contest", "Sheriff"]).contains("name one contest"));
    assert!(no(&["plan", "--cvr", "cvr.csv", "--limit", "2"]).contains("not between 0 and 1"));
    assert!(no(&["plan", "--cvr", "cvr.csv", "--method", "polling"]).contains("--manifest"));
    assert!(no(&["plan", "--cvr", "cvr.csv", "--rule", "runoff", "--winners", "2"]).contains("one winner"));
    desk.write("papers.csv", "card,contest,choice\nc9999,Mayor,Ada\n");
    let args = ["risk", "--cvr", "cvr.csv", "--seed", "1", "--audited", "papers.csv"];
    assert!(no(&args).contains("no card `c9999` can be drawn"));
    let twice = plain(reported, false).replace("c5,", "c0,");
    desk.write("twice.csv", &twice);
    assert!(no(&["plan", "--cvr", "twice.csv"]).contains("do not stand together"));
}
