//! Filing: what is taken, what is refused, and what is said about it.

use recount_log::{Note, Receipt, SigningKey, VerifierKey, leaf_hash, sha256};
use serde_json::{Value, json};

use crate::support::{Answer, Record, ask, serve};

#[test]
fn a_statement_is_durable_published_and_explained() {
    let record = Record::new();
    let service = record.serve(&[]);
    let key = record.key("precinct.key");
    let entry = record.protocol(&key, "1001", 300, 210, 90);
    let answer = service.post(&entry);
    assert_eq!(answer.status, 201, "{}", answer.text());
    let told = answer.json();
    let index = told["index"].as_u64().unwrap();
    assert_eq!((&told["duplicate"], &told["kind"]), (&json!(false), &json!("protocol")));
    assert_eq!((&told["now"]["status"], &told["broken_controls"]), (&json!("effective"), &json!([])));
    assert_eq!(answer.header("location"), Some(format!("/api/v1/statements/{index}").as_str()));
    // The receipt proves it, offline, against the log's key.
    let receipt = Receipt::parse(told["receipt"].as_str().unwrap().as_bytes()).unwrap();
    let log = VerifierKey::parse(&record.log).unwrap();
    let checkpoint = receipt.verify(&leaf_hash(&entry), &log, None).unwrap();
    assert_eq!((receipt.index, checkpoint.size), (index, told["size"].as_u64().unwrap()));

    // The same bytes again: the same index, and nothing grows.
    let again = service.post(&entry);
    assert_eq!((again.status, again.json()["index"].as_u64()), (200, Some(index)));
    assert_eq!(again.json()["duplicate"], true);
    assert!(again.json()["receipt"].is_string());

    // Readers see it, in the API and on the page of the station.
    service.wait_for_pages(index + 1);
    let station = service.json("/api/v1/station/1001");
    assert_eq!(station["contests"][0]["figures"]["votes"], json!({ "a": 210, "b": 90 }));
    assert_eq!(station["protocols"][0]["statement"], json!(index));
    assert_eq!(service.json("/api/v1/result")["outcome"]["seats"], json!({ "a": 4, "b": 1 }));
    let page = service.get("/en/station/1001/");
    assert!(page.status == 200 && page.text().contains("1001") && page.text().contains(">210<"), "{}", page.text());
    assert!(service.get("/en/").text().contains("210"));
    let statement = service.json(&format!("/api/v1/statements/{index}"));
    assert_eq!(statement["entry"].as_str().unwrap().as_bytes(), entry);
    let receipt = service.get(&format!("/api/v1/statements/{index}/receipt"));
    Receipt::parse(&receipt.body).unwrap().verify(&leaf_hash(&entry), &log, None).unwrap();
    drop(service);
    record.desk.expect(0, &["verify", "small", "--key", &record.log, "--charter", &record.charter.to_hex()]);
}

#[test]
fn what_a_statement_has_become_is_said_at_once() {
    let record = Record::new();
    let service = record.serve(&[]);
    let (precinct, commission) = (record.key("precinct.key"), record.key("commission.key"));
    // A broken control never keeps a protocol out: it is named, with its figures.
    let broken = service.post(&record.protocol(&precinct, "1001", 300, 200, 99)).json();
    assert_eq!(
        (&broken["now"]["status"], &broken["broken_controls"][0]["control"]),
        (&json!("effective"), &json!("votes-add-up"))
    );
    assert!(broken["broken_controls"][0]["figures"].as_str().unwrap().contains("300"), "{broken}");
    // Other figures for the same place conflict; a station's key elsewhere has no effect.
    let other = service.post(&record.protocol(&commission, "1001", 300, 150, 150)).json();
    assert_eq!((&other["now"]["status"], &other["now"]["by"]), (&json!("contested"), &broken["index"]));
    let elsewhere = service.post(&record.protocol(&precinct, "1002", 10, 5, 5));
    assert_eq!((elsewhere.status, &elsewhere.json()["now"]["status"]), (201, &json!("void")));
    assert!(elsewhere.json()["now"]["reason"].as_str().unwrap().contains("no signer may say this here"));
    let size = elsewhere.json()["size"].as_u64().unwrap();
    service.wait_for_pages(size);
    assert_eq!(service.json("/api/v1/controls")["broken"], 1);
    let missing = service.json("/api/v1/missing")["missing"].clone();
    assert_eq!((missing.as_array().unwrap().len(), &missing[0]["station"]), (1, &json!("1002")));
    let changes = service.json(&format!("/api/v1/changes?from={}", broken["index"]));
    assert_eq!(changes["stations"][0]["cause"], "new");
}

/// The signed part of a refusal, checked against the log's key.
fn signed(record: &Record, answer: &Answer) -> Value {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.text());
    let problem = answer.json();
    assert_eq!(problem["status"], json!(answer.status));
    assert!(problem["type"].as_str().is_some_and(|kind| kind.ends_with(problem["code"].as_str().unwrap())));
    let note = Note::parse(problem["refusal"].as_str().unwrap().as_bytes()).unwrap();
    note.verify(&[VerifierKey::parse(&record.log).unwrap()]).unwrap();
    let text = note.text().strip_prefix("recount/refusal/v1\n").unwrap();
    let said: Value = serde_json::from_str(text).unwrap();
    assert_eq!((&said["code"], &said["status"]), (&problem["code"], &problem["status"]));
    said
}

#[test]
fn refusals_are_typed_and_signed() {
    let record = Record::new();
    let service = record.serve(&[]);
    let commission = record.key("commission.key");
    let good = record.note(&commission, 1);
    let stranger = SigningKey::from_seed("stranger.example", [9; 32]).unwrap();
    let imposter = SigningKey::from_seed("commission.small.example", [9; 32]).unwrap();
    let other = Record::new();
    let mut forged = good.clone();
    let at = forged.len() - 10;
    forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
    let mut reordered = good.clone();
    reordered.extend_from_slice(b"x");
    let cases: [(&str, u16, Vec<u8>); 8] = [
        ("malformed", 400, b"hello".to_vec()),
        ("malformed", 400, reordered),
        ("malformed", 400, vec![0xff; 500]),
        ("unknown-signer", 403, record.note(&stranger, 1)),
        ("bad-signature", 403, record.note(&imposter, 1)),
        ("bad-signature", 403, forged),
        ("other-record", 422, other.note(&commission, 1)),
        ("too-large", 413, vec![b'a'; 70_000]),
    ];
    let size = service.json("/readyz")["record_size"].clone();
    for (code, status, bytes) in cases {
        let answer = service.post(&bytes);
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{}", answer.text());
        let said = signed(&record, &answer);
        let hash = (code != "too-large").then(|| sha256(&bytes).to_hex());
        assert_eq!((said["entry"].as_str(), &said["size"]), (hash.as_deref(), &size), "{code}");
    }
    assert_eq!(service.json("/readyz")["record_size"], size, "nothing refused was appended");
    assert_eq!(service.post(&good).status, 201);
    assert!(service.get("/metrics").text().contains("recount_statements_total{verdict=\"bad-signature\"} 2"));
    assert_eq!(ask(service.addr, "GET", "/statements", "", b"").status, 405);
}

#[test]
fn a_key_has_its_quota_and_what_stands_already_costs_nothing() {
    let record = Record::new();
    let service = record.serve(&["--station-quota", "3", "--quota", "5"]);
    let (precinct, commission) = (record.key("precinct.key"), record.key("commission.key"));
    let first = record.note(&precinct, 0);
    let index = service.file(&first);
    service.wait_for_pages(index + 1);
    for _ in 0..10 {
        assert_eq!(service.file(&first), index, "anybody can file again what is public");
    }
    service.file(&record.note(&precinct, 1));
    service.file(&record.note(&precinct, 2));
    let answer = service.post(&record.note(&precinct, 3));
    assert_eq!(answer.status, 429, "{}", answer.text());
    assert!(
        answer.header("retry-after").is_some_and(|seconds| seconds.parse::<u64>().is_ok_and(|n| (1..=21).contains(&n)))
    );
    assert_eq!(signed(&record, &answer)["code"], "over-quota");
    // Wrong signatures under its name take nothing from its bucket, and others have their own.
    let imposter = SigningKey::from_seed("commission.small.example", [9; 32]).unwrap();
    for n in 0..20 {
        assert_eq!(service.post(&record.note(&imposter, 1_000 + n)).status, 403);
    }
    for n in 10..15 {
        service.file(&record.note(&commission, n));
    }
    assert_eq!(service.post(&record.note(&commission, 99)).status, 429);
}

#[test]
fn a_record_without_its_key_is_shown_and_takes_nothing() {
    let record = Record::new();
    let entry = record.note(&record.key("commission.key"), 1);
    let readonly = record.serve(&["--read-only"]);
    record.desk.expect(0, &["mirror", "small", "copy"]);
    let copy = serve(&record.desk, "copy", &[]);
    for service in [&readonly, &copy] {
        let answer = service.post(&entry);
        assert_eq!((answer.status, &answer.json()["code"]), (403, &json!("not-a-writer")));
        assert!(answer.json().get("refusal").is_none(), "nobody can sign it");
        assert_eq!(service.json("/readyz")["takes_statements"], false);
        assert_eq!(service.get("/en/").status, 200);
    }
    // What is filed elsewhere is followed.
    let size = readonly.json("/readyz")["record_size"].as_u64().unwrap();
    record.desk.note("small", "seen");
    readonly.wait_for_pages(size + 1);
}

#[test]
fn the_command_line_files_beside_a_running_service() {
    let record = Record::new();
    let service = record.serve(&[]);
    let commission = record.key("commission.key");
    let mut last = service.file(&record.note(&commission, 1));
    for code in ["one", "two"] {
        // The service gives the lock back when nothing comes for two seconds.
        std::thread::sleep(std::time::Duration::from_millis(2_500));
        record.desk.note("small", code);
        service.wait_for_pages(last + 2);
        last = service.file(&record.note(&commission, 2 + last));
    }
    service.wait_for_pages(last + 1);
    drop(service);
    record.desk.expect(0, &["verify", "small", "--key", &record.log, "--charter", &record.charter.to_hex()]);
}

#[test]
fn an_appointed_key_may_speak_at_once() {
    let record = Record::new();
    let service = record.serve(&[]);
    let observer = SigningKey::from_seed("observer.example", [3; 32]).unwrap();
    let early = record.note(&observer, 1);
    assert_eq!(service.post(&early).json()["code"], "unknown-signer");
    let grant = recount_record::statement::Grant {
        key: observer.verifier(),
        role: recount_record::statement::Role::Observer,
        scope: "*".to_owned(),
    };
    let appointment = recount_record::statement::Appointment { grants: vec![grant] };
    let kind = recount_record::statement::Kind::Appointment(appointment);
    service.file(&record.sign(kind, &record.key("commission.key")));
    assert_eq!(service.post(&early).json()["now"]["status"], "effective", "what was refused before may come again");
}
