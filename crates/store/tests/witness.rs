//! A writer with witnesses: cosignatures on its checkpoints, silence tolerated, rollbacks refused.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use recount_log::witness::{AddCheckpoint, Response, TreeHead};
use recount_log::{Checkpoint, CosigningKey, cosignature};
use recount_store::{StoreError, Witness, Writer, WriterOptions};

use crate::server::{Answer, serve};
use crate::support::{ORIGIN, check, entries, key, options, verifier};

fn cosigner(seed: u8) -> CosigningKey {
    CosigningKey::from_seed(&format!("witness-{seed}.example"), [seed; 32]).unwrap()
}

/// A witness that keeps the head it has cosigned last.
fn witness(seed: u8) -> Witness {
    let kept: Arc<Mutex<Option<TreeHead>>> = Arc::default();
    let url = serve(move |request| {
        assert_eq!(request.path, "/add-checkpoint");
        let mut kept = kept.lock().unwrap();
        let response = match AddCheckpoint::parse(&request.body) {
            Err(response) => response,
            Ok(request) => match request.check(&[verifier()], kept.as_ref()) {
                Err(response) => response,
                Ok(next) => {
                    *kept = Some(next);
                    Response::Ok(vec![cosigner(seed).cosign(request.body(), 1_790_000_000).unwrap()])
                }
            },
        };
        let headers = vec![format!("Content-Type: {}", response.content_type())];
        Answer { headers, ..Answer::new(response.status(), response.body()) }
    });
    Witness { url, key: cosigner(seed).verifier() }
}

fn cosigned_by(note: &[u8], seed: u8) -> bool {
    let (checkpoint, note) = Checkpoint::open_for(note, ORIGIN, &verifier()).unwrap();
    let body = checkpoint.to_body();
    note.signatures().iter().any(|line| cosignature::verify_line(&cosigner(seed).verifier(), &body, line).is_some())
}

fn with(witnesses: &[Witness]) -> WriterOptions {
    WriterOptions { witnesses: witnesses.to_vec(), witness_deadline: Duration::from_secs(30), ..options() }
}

#[test]
fn checkpoints_carry_the_cosignatures_that_verify() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("record");
    let silent = Witness { url: "http://127.0.0.1:1".to_owned(), key: cosigner(3).verifier() };
    let forger = Witness { key: cosigner(5).verifier(), ..witness(4) };
    let witnesses = [witness(1), silent, witness(2), forger];
    let mut writer = Writer::create(&dir, ORIGIN, &key(), with(&witnesses)).unwrap();
    for to in [1, 300, 700] {
        let appended = writer.append(&entries(writer.size(), to)).unwrap();
        let cosigned: Vec<bool> = (1..=5).map(|seed| cosigned_by(&appended.checkpoint, seed)).collect();
        assert_eq!(cosigned, [true, true, false, false, false], "size {to}");
    }
    assert_eq!(check(&dir), 700);
    drop(writer);
    // A new process does not know what the witnesses hold, and learns it.
    let mut writer = Writer::open(&dir, &key(), with(&witnesses)).unwrap();
    assert!(cosigned_by(&writer.append(&entries(700, 800)).unwrap().checkpoint, 2));
    check(&dir);
}

#[test]
fn a_witness_that_has_seen_more_stops_the_writer() {
    let folder = tempfile::tempdir().unwrap();
    let witnesses = [witness(1)];
    let grow = |name: &str, to: u64| {
        let mut writer = Writer::create(&folder.path().join(name), ORIGIN, &key(), with(&witnesses)).unwrap();
        writer.append(&entries(0, to)).map(drop)
    };
    grow("first", 500).unwrap();
    let error = grow("restored", 400).unwrap_err();
    assert!(matches!(&error, StoreError::WitnessAhead { size: 500, now, .. } if now.size == 400), "{error}");
    let opened = Writer::open(&folder.path().join("restored"), &key(), with(&witnesses));
    assert!(matches!(opened, Err(StoreError::WitnessAhead { size: 500, .. })));
}
