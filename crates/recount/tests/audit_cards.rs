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

/// Half of the batches have only totals: their papers are compared with the mean of their batch (ONEAudit).
#[test]
fn batches_with_totals_alone() {
    let desk = Desk::new();
    let all = plain(reported, false);
    let recorded: String = all
        .lines()
        .filter(|line| !(5..10).any(|n| line.contains(&format!(",b{n},"))))
        .map(|l| format!("{l}\n"))
        .collect();
    desk.write("cvr.csv", &recorded);
    manifest(&desk, 100);
    let totals: String = (5..10).map(|n| format!("b{n},Ada,55\nb{n},Bo,40\n")).collect();
    desk.write("pools.csv", &format!("batch,choice,votes\n{totals}"));
    let own = ["--cvr", "cvr.csv", "--pools", "pools.csv"];
    let plan_args: Vec<&str> =
        ["audit", "cards", "plan", "--manifest", "manifest.csv"].into_iter().chain(own).collect();
    let plan = desk.json(&plan_args);
    assert_eq!((&plan["cards"], &plan["pooled"], &plan["phantoms"]), (&1000.into(), &500.into(), &0.into()));
    assert_eq!(plan["votes"][0]["votes"], 550);
    let n90 = plan["assertions"][0]["n90"].as_u64().unwrap();
    assert!((100..700).contains(&n90), "{n90}");
    assert!(too_wide(&desk.expect(0, &plan_args)).is_empty());
    // Place m of batch n holds the card of that number.
    let says = |wrong: bool, id: &str| {
        let n = match id.split_once(':') {
            Some((batch, place)) => {
                batch.trim_start_matches('b').parse::<usize>().unwrap() * 100 + place.parse::<usize>().unwrap() - 1
            }
            None => id.trim_start_matches('c').parse().unwrap(),
        };
        // On paper a fifth of Ada's votes in the batches without records are Bo's.
        if wrong && n >= 500 && n % 20 < 4 { vec!["Bo"] } else { reported(n) }
    };
    let found = |wrong: bool| {
        let args: Vec<&str> =
            ["audit", "cards", "draw", "--manifest", "manifest.csv", "--seed", "4 1 6 2 2 5", "--cards", "700"]
                .into_iter()
                .chain(own)
                .collect();
        let mut out = "card,contest,choice\n".to_owned();
        for card in desk.json(&args)["sample"].as_array().unwrap() {
            let id = card["card"].as_str().unwrap();
            writeln!(out, "{id},Mayor,{}", says(wrong, id).first().unwrap_or(&"")).unwrap();
        }
        out
    };
    desk.write("papers.csv", &found(false));
    let now = risk(&desk, &own, 0);
    assert_eq!(
        (&now["complete"], &now["assessed"], now["differences"].as_array().unwrap().len()),
        (&true.into(), &700.into(), 0)
    );
    desk.write("papers.csv", &found(true));
    let now = risk(&desk, &own, 1);
    assert!(now["complete"] == false && now["risk"].as_f64().unwrap() > 0.2, "{}", now["risk"]);
    // Totals alone, without any record.
    let totals: String = (0..10).map(|n| format!("b{n},Ada,70\nb{n},Bo,25\n")).collect();
    desk.write("all.csv", &format!("batch,choice,votes\n{totals}"));
    let plan = desk.json(&[
        "audit",
        "cards",
        "plan",
        "--pools",
        "all.csv",
        "--manifest",
        "manifest.csv",
        "--contest",
        "Mayor",
    ]);
    assert_eq!((&plan["pooled"], &plan["result"][0]), (&1000.into(), &"Ada".into()));
    // What does not fit.
    let no =
        |args: &[&str]| desk.refused(2, &["audit", "cards", "plan"].iter().chain(args).copied().collect::<Vec<_>>());
    desk.write("whole.csv", &all);
    assert!(
        no(&["--cvr", "whole.csv", "--pools", "pools.csv", "--manifest", "manifest.csv"])
            .contains("both records and totals")
    );
    assert!(no(&["--cvr", "cvr.csv", "--pools", "pools.csv"]).contains("--manifest"));
    assert!(no(&["--pools", "all.csv", "--manifest", "manifest.csv", "--rule", "runoff"]).contains("instant-runoff"));
    desk.write("over.csv", "batch,choice,votes\nb1,Ada,90\nb1,Bo,50\n");
    assert!(no(&["--pools", "over.csv", "--manifest", "manifest.csv"]).contains("more votes than they can hold"));
    desk.write("alone.csv", "batch,choice,votes\nb1,Ada,90\n");
    assert!(no(&["--pools", "alone.csv", "--manifest", "manifest.csv"]).contains("nobody loses"));
    desk.write("wrong.csv", "batch,choice,votes\nb77,Ada,5\n");
    assert!(no(&["--pools", "wrong.csv", "--manifest", "manifest.csv"]).contains("not in the manifest"));
}

/// The Common Data Format of NIST SP 1500-103 in JSON and XML, and Dominion's CSV and JSON, give the same plan as plain CSV.
#[test]
fn other_formats_give_the_same() {
    let desk = Desk::new();
    desk.write("cvr.csv", &plain(reported, false));
    let mut dominion = "Town,5.1,,,,,,\n,,,,,,Mayor (Vote For=1),Mayor (Vote For=1)\n,,,,,,Ada,Bo\n\
        CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,BallotType,,\n"
        .to_owned();
    let mut snapshots = Vec::new();
    let mut xml = String::new();
    let mut sessions = Vec::new();
    for n in 0..CARDS {
        let own = reported(n);
        let mark = |name| u8::from(own.contains(&name));
        writeln!(dominion, "{n},1,{},{n},c{n},s,{},{}", n / 100, mark("Ada"), mark("Bo")).unwrap();
        let marks: Vec<Value> = own.iter().map(|name| serde_json::json!({ "CandidateId": if *name == "Ada" { 1 } else { 2 }, "Rank": 1, "IsVote": true })).collect();
        sessions.push(serde_json::json!({ "TabulatorId": 1, "BatchId": n / 100, "RecordId": n,
            "Original": { "Cards": [{ "Contests": [{ "Id": 5, "Overvotes": 0, "Marks": marks }] }] } }));
        let selected: String = own
            .iter()
            .map(|name| {
                let id = name.to_lowercase();
                format!(
                    "<CVRContestSelection><ContestSelectionId>{id}</ContestSelectionId><SelectionPosition>\
                     <HasIndication>yes</HasIndication><NumberVotes>1</NumberVotes></SelectionPosition></CVRContestSelection>"
                )
            })
            .collect();
        write!(
            xml,
            "<CVR><CurrentSnapshotId>s{n}</CurrentSnapshotId><CVRSnapshot ObjectId=\"s{n}\"><CVRContest>\
             <ContestId>mayor</ContestId>{selected}</CVRContest></CVRSnapshot><UniqueId>c{n}</UniqueId></CVR>"
        )
        .unwrap();
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
    desk.write("dominion.json", &serde_json::json!({ "Version": "5.10", "Sessions": sessions }).to_string());
    let named = |id: &str, name: &str| format!("<Candidate ObjectId=\"c-{id}\"><Name>{name}</Name></Candidate>");
    let choice = |id: &str| {
        format!(
            "<ContestSelection xsi:type=\"CandidateSelection\" ObjectId=\"{id}\"><CandidateIds>c-{id}</CandidateIds></ContestSelection>"
        )
    };
    desk.write(
        "nist.xml",
        &format!(
            "<?xml version=\"1.0\"?><CastVoteRecordReport xmlns=\"http://itl.nist.gov/ns/voting/1500-103/v1\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">{xml}<Election ObjectId=\"e\">{}{}\
             <Contest xsi:type=\"CandidateContest\" ObjectId=\"mayor\">{}{}<Name>Mayor</Name><VotesAllowed>1</VotesAllowed>\
             </Contest></Election></CastVoteRecordReport>",
            named("ada", "Ada"),
            named("bo", "Bo"),
            choice("ada"),
            choice("bo")
        ),
    );
    desk.write("nist.json", &report.to_string());
    let plan = |file: &str, format: &str| {
        let plan = desk.json(&["audit", "cards", "plan", "--cvr", file, "--format", format]);
        (plan["result"].clone(), plan["cards"].clone(), plan["assertions"].clone())
    };
    let own = plan("cvr.csv", "plain");
    assert_eq!(plan("dominion.csv", "dominion"), own);
    assert_eq!(plan("nist.json", "nist-json"), own);
    assert_eq!(plan("nist.xml", "nist-xml"), own);
    // Without its manifests Dominion's JSON has numbers for names.
    let (result, cards, assertions) = plan("dominion.json", "dominion-json");
    assert_eq!((&result[0], &cards), (&"1".into(), &own.1));
    assert_eq!(assertions[0]["margin"], own.2[0]["margin"]);
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
