//! Drafting statements: what is written can be signed and filed; what is missing or misspelt is named, all of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/cli.rs"]
mod cli;

use cli::Desk;
use serde_json::json;

const HASH: &str = "00000000000000000000000000000000000000000000000000000000000000aa";

#[test]
fn from_draft_to_count() {
    let desk = Desk::new();
    desk.small();
    let filed = desk.protocol("1001", 300, 112);
    assert_eq!(filed["filed"][0]["void"], json!(null));
    let rows = desk.expect(0, &["export", "small", "--format", "csv"]);
    assert!(rows.contains("lists,1001,country,900,1,countable,412,300,112"), "{rows}");
    assert!(rows.contains("lists,1002,country,700,1,missing,,,"), "{rows}");
    // The same text again is there already.
    assert_eq!(desk.protocol("1001", 300, 112)["filed"][0]["duplicate"], true);
}

#[test]
fn every_kind_can_be_drafted_from_a_description() {
    let desk = Desk::new();
    let key = desk.json(&["key", "new", "office.example", "-o", "office.key"])["key"].clone();
    let described = [
        (
            "charter",
            json!({ "origin": "office.example", "semantics": 1, "election": { "id": "e", "title": "E", "polling_day": "2027-01-03" }, "rulebook": HASH, "forms": HASH, "log": key, "keys": [{ "key": key, "role": "commission", "scope": "*" }] }),
        ),
        (
            "body",
            json!({ "id": "cec", "title": "C", "rank": 1, "quorum": 1, "majority": 1, "scope": "*", "seats": [key] }),
        ),
        ("register", json!({ "poll": 1, "rows": [{ "unit_id": "c", "level": "national", "name": "C" }] })),
        ("seal", json!({ "poll": 1, "chunks": 1, "units": 1, "stations": 0, "lists": 0, "root": HASH })),
        ("appointment", json!({ "grants": [{ "key": key, "role": "precinct", "scope": "1001" }] })),
        ("revocation", json!({ "keys": ["office.example"], "reason": "lost" })),
        ("phase", json!({ "poll": 1, "phase": "polling_opened" })),
        ("clock", json!({ "time": 1_601_820_000 })),
        (
            "protocol",
            json!({ "poll": 1, "contest": "lists", "station": "1001", "source": "hand", "votes": { "b": 1, "a": 2 } }),
        ),
        ("copy", json!({ "poll": 1, "contest": "lists", "station": "1001", "source": "hand", "votes": { "a": 2 } })),
        ("turnout", json!({ "poll": 1, "of": "*", "voted": 5, "time": 1 })),
        ("complaint", json!({ "poll": 1, "code": "figures", "station": "1001" })),
        (
            "ruling",
            json!({ "by": "cec", "reason": "figures", "effects": [{ "do": "annul", "poll": 1, "station": "1001" }] }),
        ),
        (
            "declaration",
            json!({ "by": "cec", "poll": 1, "contest": "lists", "unit": "c", "source": "hand", "size": 9 }),
        ),
        ("lot", json!({ "poll": 1, "contest": "lists", "stage": "seats", "between": ["a", "b"], "drawn": ["a"] })),
        ("note", json!({ "code": "seen", "figures": { "n": 3 } })),
    ];
    for (kind, description) in described {
        desk.write("description.json", &description.to_string());
        let drafted = desk.json(&["draft", kind, "--charter", HASH, "--from", "description.json"]);
        assert!(drafted["text"].as_str().unwrap().starts_with("recount/statement/v1\n{"), "{drafted}");
        // Without any one of the keys that it needs, that key is named; with one more, that one is.
        let mut more = description.clone();
        more["wrong_key"] = json!(1);
        desk.write("description.json", &more.to_string());
        let why = desk.refused(2, &["draft", kind, "--charter", HASH, "--from", "description.json"]);
        assert!(why.contains("not known here: wrong_key"), "{why}");
        desk.write("description.json", "{}");
        let why = desk.refused(2, &["draft", kind, "--charter", HASH, "--from", "description.json"]);
        assert!(why.contains("missing: "), "{kind}: {why}");
    }
}

#[test]
fn toml_and_single_keys_describe_too() {
    let desk = Desk::new();
    desk.write("p.toml", "poll = 1\ncontest = \"lists\"\nsource = \"hand\"\n[votes]\nb = 2\na = 1\n");
    let args =
        ["draft", "protocol", "--charter", HASH, "--from", "p.toml", "--set", "station=1001", "--set", "votes.a=7"];
    let text = desk.expect(0, &args);
    assert!(text.contains(r#""station":"1001","votes":{"a":7,"b":2}"#), "{text}");
    let text = desk.expect(
        0,
        &["draft", "revocation", "--charter", HASH, "--set", "reason=lost", "--set", r#"keys:=["k.example"]"#],
    );
    assert!(text.contains(r#""keys":["k.example"]"#), "{text}");
}

#[test]
fn bad_descriptions_say_what_and_where() {
    let desk = Desk::new();
    let refused = |description: &str| {
        desk.write("d.json", description);
        desk.refused(2, &["draft", "protocol", "--charter", HASH, "--from", "d.json"])
    };
    let whole =
        |votes: &str| format!(r#"{{"poll":1,"contest":"lists","station":"1","source":"hand","votes":{votes}}}"#);
    assert!(refused(&whole(r#"{"a":1.5}"#)).contains("votes.a: 1.5 is not a whole number"));
    assert!(refused(&whole(r#"{"a":-1}"#)).contains("\"a\" is negative"));
    assert!(refused(&whole(r#"{"a":9007199254740992}"#)).contains("votes.a: 9007199254740992 is beyond 2^53 - 1"));
    assert!(refused(&whole(r#"{"a":null}"#)).contains("votes.a: null has no place in a statement"));
    assert!(refused(&whole("[]")).contains("\"votes\" must be an object of counts"));
    assert!(refused("[1]").contains("must be one object"));
    assert!(refused("{").contains("d.json"));
    let why = refused(r#"{"poll":1,"sourc":"hand","stattion":"1"}"#);
    assert!(
        why.contains("missing: contest, station, source") && why.contains("not known here: sourc, stattion"),
        "{why}"
    );
    assert!(desk.refused(2, &["draft", "protocoll"]).contains("is not a kind of statement"));
    assert!(desk.refused(2, &["draft", "note"]).contains("--charter HASH, or --dir DIR"));
    let why = desk.refused(2, &["draft", "note", "--charter", HASH, "--set", "code=a b"]);
    assert!(why.contains("\"code\" is not an identifier"), "{why}");
    let why = desk.refused(2, &["draft", "protocol", "--charter", HASH, "--set", "votes.a=many"]);
    assert!(why.contains("a whole number is asked"), "{why}");
}
