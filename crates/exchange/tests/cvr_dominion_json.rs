//! Dominion's JSON, alone and in a zip archive with the files that give the names.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/votes.rs"]
mod votes;

use recount_exchange::Options;
use recount_exchange::cvr::{Format, read};
use votes::{archive, bad, good, told};

/// Sessions with one card, with two, with an adjudication, with a mark that is no vote, and with a hidden number.
#[test]
fn dominion_json() {
    let mark = |id: u64, rank: u64, vote: bool| serde_json::json!({ "CandidateId": id, "Rank": rank, "IsVote": vote });
    let contest = |id: u64, overvotes: u64, marks: Vec<serde_json::Value>| serde_json::json!({ "Id": id, "Overvotes": overvotes, "Marks": marks });
    let session = |record: &str, rest: serde_json::Value| {
        let mut own = serde_json::json!({ "TabulatorId": 10, "BatchId": 3, "RecordId": record });
        own.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        own
    };
    let mayor = |own| contest(1, 0, vec![mark(own, 1, true)]);
    let sessions = vec![
        session("1", serde_json::json!({ "Original": { "BallotTypeId": 7, "Cards": [{ "Contests": [mayor(11)] }] } })),
        session(
            "2",
            serde_json::json!({ "Original": { "BallotTypeId": 7, "Contests": [mayor(11)] },
            "Modified": { "IsCurrent": true, "BallotTypeId": 7, "Contests": [mayor(12)] } }),
        ),
        session(
            "3",
            serde_json::json!({ "Original": { "Cards": [{ "Contests": [mayor(12)] },
            { "Contests": [contest(2, 1, vec![mark(21, 1, true), mark(22, 1, true)])] }] } }),
        ),
        session("4", serde_json::json!({ "Original": { "Contests": [contest(1, 0, vec![mark(11, 1, false)])] } })),
        session(
            "X",
            serde_json::json!({ "ImageMask": "D:\\Results\\00010_00003_000417*.*",
            "Original": { "Contests": [contest(3, 0, vec![mark(32, 2, true), mark(31, 1, true)])] } }),
        ),
    ];
    let export = serde_json::json!({ "Version": "5.10", "Sessions": sessions }).to_string();
    let list = |rows: &[(u64, &str)]| {
        let rows: Vec<_> =
            rows.iter().map(|(id, name)| serde_json::json!({ "Id": id, "Description": name, "VoteFor": 1 })).collect();
        serde_json::json!({ "List": rows }).to_string()
    };
    let contests = list(&[(1, "Mayor"), (2, "Council"), (3, "Judge")]);
    let candidates = list(&[(11, "Ann"), (12, "Bob"), (21, "X"), (22, "Y"), (31, "P"), (32, "Q")]);
    let zip = archive(&[
        ("out/CvrExport_1.json", export.as_bytes()),
        ("out/ContestManifest.json", contests.as_bytes()),
        ("out/CandidateManifest.json", candidates.as_bytes()),
        ("out/ElectionEventManifest.json", b"not read"),
    ]);
    let votes = read(zip.as_slice(), Format::DominionJson, &Options::default()).unwrap();
    assert_eq!(
        told(&votes),
        [
            "10-3-1: Mayor=Ann",
            "10-3-2: Mayor=Bob",
            "10-3-3-1: Mayor=Bob",
            "10-3-3-2: Council=X+Y!",
            "10-3-4: Mayor=",
            "10-3-417: Judge=P+Q#2"
        ]
    );
    assert_eq!((votes.batches.as_slice(), votes.contests[0].vote_for), (&["10-3".to_owned()][..], Some(1)));
    // Without manifests numbers stand for names.
    assert_eq!(told(&good(&export, Format::DominionJson))[0], "10-3-1: 1=11");
    assert!(bad("{}", Format::DominionJson).contains("Sessions"));
    assert!(bad("[", Format::DominionJson).starts_with("line 1"));
    let none = archive(&[("ContestManifest.json", contests.as_bytes())]);
    assert!(read(none.as_slice(), Format::DominionJson, &Options::default()).is_err());
    for cut in (0..zip.len()).step_by(7) {
        assert!(read(&zip[..cut], Format::DominionJson, &Options::default()).is_err());
    }
}
