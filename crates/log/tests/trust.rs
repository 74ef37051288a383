//! Policies, and the witness's decision.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_possible_truncation,
    reason = "a failure here is a failed test"
)]

use proptest::prelude::*;
use recount_log::mldsa::MlDsaCosigner;
use recount_log::witness::{AddCheckpoint, Response, TreeHead, parse_conflict, parse_cosignatures};
use recount_log::{
    Checkpoint, CheckpointError, CompactRange, CosigningKey, Hash, HashReader, KeyKind, Note, NoteError, Policy,
    PolicyError, SignatureLine, SigningKey, VerifierKey, consistency_proof, empty_root, leaf_hash,
};

const ORIGIN: &str = "log.example";

fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, [1; 32]).unwrap()
}

fn witness(number: u8) -> CosigningKey {
    CosigningKey::from_seed(&format!("w{number}.example"), [100 + number; 32]).unwrap()
}

fn point() -> Checkpoint {
    Checkpoint { origin: ORIGIN.into(), size: 1, root: leaf_hash(b"one"), extensions: vec![] }
}

fn cosigned_by(numbers: &[u8]) -> Note {
    let body = point().to_body();
    let mut lines = vec![log_key().sign(&body)];
    lines.extend(numbers.iter().map(|number| witness(*number).cosign(&body, 1000 + u64::from(*number)).unwrap()));
    Note::new(body, lines).unwrap()
}

/// Witnesses 1 to 6, then `rest`.
fn policy(rest: &str) -> Result<Policy, PolicyError> {
    let mut text = format!("# test\n\n  log\t{}  https://log.example/  \n", log_key().verifier());
    for number in 1..=6 {
        text.push_str(&format!("witness w{number} {}\n", witness(number).verifier()));
    }
    Policy::parse((text + rest).as_bytes())
}

#[test]
fn two_levels_of_groups() {
    let policy = policy("group X 2 w1 w2 w3\ngroup Y any w4 w5 w6\ngroup both all X Y\nquorum both\n").unwrap();
    for chosen in 0u8..64 {
        let numbers: Vec<u8> = (1..=6).filter(|number| chosen >> (number - 1) & 1 == 1).collect();
        let verdict = policy.evaluate(&cosigned_by(&numbers)).unwrap();
        let want = (chosen & 7).count_ones() >= 2 && chosen >> 3 != 0;
        assert_eq!(verdict.quorum, want, "{numbers:?}");
        assert_eq!(verdict.log, Some(0));
        let times: Vec<(usize, u64)> = numbers.iter().map(|n| (usize::from(*n) - 1, 1000 + u64::from(*n))).collect();
        assert_eq!(verdict.cosigned, times);
        assert_eq!(policy.require(&cosigned_by(&numbers)).is_ok(), want);
    }
    assert_eq!(policy.logs()[0].url.as_deref(), Some("https://log.example/"));
    assert_eq!(policy.witnesses()[2].name, "w3");
}

#[test]
fn simple_quorums() {
    assert!(policy("quorum none\n").unwrap().evaluate(&cosigned_by(&[])).unwrap().quorum);
    let one = policy("quorum w2").unwrap();
    assert!(one.evaluate(&cosigned_by(&[2])).unwrap().quorum);
    assert!(!one.evaluate(&cosigned_by(&[1, 3])).unwrap().quorum);
    assert_eq!(one.require(&cosigned_by(&[1])), Err(PolicyError::NoQuorum { found: 1, known: 6 }));
}

#[test]
fn malformed_policies_name_the_line() {
    // The lines of `policy` above come first: log is line 3, the witnesses 4 to 9.
    let line = 10;
    let name = |name: &str| name.to_owned();
    let w1 = witness(1).verifier();
    let as_log = VerifierKey::from_public("x", KeyKind::Ed25519, w1.public()).unwrap();
    let cases = [
        ("".to_owned(), PolicyError::Quorum(0)),
        ("quorum none\nquorum none\n".into(), PolicyError::Quorum(2)),
        ("quorum w9\n".into(), PolicyError::UnknownName { line, name: name("w9") }),
        ("quorum\n".into(), PolicyError::Line(line)),
        ("frob\n".into(), PolicyError::Line(line)),
        ("group g\n".into(), PolicyError::Line(line)),
        ("group g any\n".into(), PolicyError::Threshold(line)),
        ("group g all\n".into(), PolicyError::Threshold(line)),
        ("group g 0 w1\n".into(), PolicyError::Threshold(line)),
        ("group g 01 w1\n".into(), PolicyError::Threshold(line)),
        ("group g 2 w1\n".into(), PolicyError::Threshold(line)),
        ("group g any w1 w1\n".into(), PolicyError::MemberTwice { line, name: name("w1") }),
        ("group g any w1\ngroup h any w1\n".into(), PolicyError::MemberTwice { line: line + 1, name: name("w1") }),
        ("group g any h\ngroup h any w1\n".into(), PolicyError::UnknownName { line, name: name("h") }),
        ("group g any none\n".into(), PolicyError::UnknownName { line, name: name("none") }),
        ("group w1 any w2\n".into(), PolicyError::DuplicateName { line, name: name("w1") }),
        ("group none any w2\n".into(), PolicyError::DuplicateName { line, name: name("none") }),
        (format!("witness w1 {}\n", witness(7).verifier()), PolicyError::DuplicateName { line, name: name("w1") }),
        (format!("witness w7 {w1}\n"), PolicyError::DuplicateKey(line)),
        (format!("log {}\n", log_key().verifier()), PolicyError::DuplicateKey(line)),
        (format!("log {w1}\n"), PolicyError::KeyKind(line)),
        (format!("witness w7 {as_log}\n"), PolicyError::KeyKind(line)),
        ("quorum\x0bnone\n".into(), PolicyError::ControlCharacter(line)),
        ("quorum none\r\n".into(), PolicyError::ControlCharacter(line)),
    ];
    for (rest, want) in cases {
        assert_eq!(policy(&rest), Err(want), "{rest}");
    }
    assert!(matches!(policy("log nokey\n"), Err(PolicyError::Key { line: 10, .. })));
    assert!(matches!(Policy::parse(&vec![b'\n'; 2_000_000]), Err(PolicyError::TooLarge)));
    // Names are octets.
    let mut text = b"witness \xff ".to_vec();
    text.extend_from_slice(format!("{w1}\nquorum ").as_bytes());
    text.extend_from_slice(b"\xff\n");
    assert!(Policy::parse(&text).unwrap().require(&cosigned_by(&[1])).is_ok());
}

#[test]
fn a_false_cosignature_refuses_the_note_and_an_unknown_log_too() {
    let policy = policy("quorum w1\n").unwrap();
    let good = cosigned_by(&[1]);
    let mut lines = good.signatures().to_vec();
    lines[1].signature[20] ^= 1;
    let bad = Note::new(good.text(), lines).unwrap();
    assert!(matches!(policy.evaluate(&bad), Err(PolicyError::Note(NoteError::BadSignature { line: 2, .. }))));
    let body = Checkpoint { origin: "other.example".into(), ..point() }.to_body();
    let other = Note::new(body.clone(), vec![log_key().sign(&body)]).unwrap();
    assert_eq!(policy.evaluate(&other), Err(PolicyError::UnknownLog("other.example".into())), "same key, other origin");
}

#[test]
fn nobody_s_signature_makes_entries_of_an_empty_tree() {
    let policy = policy("quorum w1\n").unwrap();
    let signed = |root: Hash| {
        let body = Checkpoint { size: 0, root, ..point() }.to_body();
        Note::new(body.clone(), vec![log_key().sign(&body), witness(1).cosign(&body, 5).unwrap()]).unwrap()
    };
    assert!(policy.require(&signed(empty_root())).is_ok());
    assert_eq!(policy.evaluate(&signed(leaf_hash(b"x"))), Err(CheckpointError::EmptyRoot.into()));
}

#[test]
fn post_quantum_witnesses_count() {
    let cosigner = MlDsaCosigner::from_seed("pq.example", [3; 32]).unwrap();
    let policy = policy(&format!("witness pq {}\ngroup g all w1 pq\nquorum g\n", cosigner.verifier())).unwrap();
    let good = cosigned_by(&[1]);
    let mut lines = good.signatures().to_vec();
    lines.push(cosigner.cosign(&point(), 77).unwrap());
    let note = Note::new(good.text(), lines).unwrap();
    assert_eq!(policy.require(&note).unwrap().cosigned, [(0, 1001), (6, 77)]);
    assert!(policy.require(&good).is_err());
}

struct Nodes(std::collections::BTreeMap<(u8, u64), Hash>);

impl HashReader for Nodes {
    type Error = ();

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, ()> {
        self.0.get(&(level, index)).copied().ok_or(())
    }
}

/// A log of 20 entries: heads of every size, and its nodes.
fn log() -> (Vec<TreeHead>, Nodes) {
    let mut range = CompactRange::new();
    let mut nodes = Nodes(std::collections::BTreeMap::new());
    let mut heads = vec![TreeHead { size: 0, root: empty_root() }];
    for entry in 0..20u8 {
        range
            .push_with(leaf_hash(&[entry]), |level, index, hash| {
                nodes.0.insert((level, index), hash);
            })
            .unwrap();
        heads.push(TreeHead { size: range.size(), root: range.root() });
    }
    (heads, nodes)
}

fn request(old: u64, proof: &[Hash], head: TreeHead) -> AddCheckpoint {
    let body = Checkpoint { origin: ORIGIN.into(), size: head.size, root: head.root, extensions: vec![] }.to_body();
    let note = Note::new(body.clone(), vec![log_key().sign(&body)]).unwrap();
    AddCheckpoint::parse(&AddCheckpoint::format(old, proof, &note.to_bytes())).unwrap()
}

#[test]
fn every_step_of_a_witness() {
    let (heads, mut nodes) = log();
    let keys = [log_key().verifier()];
    for old in 0..=20u64 {
        for new in old..=20 {
            let proof = consistency_proof(old, new, &mut nodes).unwrap();
            let (kept, head) = (heads[old as usize], heads[new as usize]);
            let good = request(old, &proof, head);
            assert_eq!(good.check(&keys, Some(&kept)), Ok(head), "{old} to {new}");
            if old == 0 {
                assert_eq!(good.check(&keys, None), Ok(head));
            } else {
                assert_eq!(good.check(&keys, None), Err(Response::Conflict(0)));
                let forked = TreeHead { root: leaf_hash(b"fork"), ..kept };
                assert_eq!(good.check(&keys, Some(&forked)).unwrap_err().status(), 422, "the witness saw another tree");
            }
            if old < 20 {
                let later = heads[old as usize + 1];
                assert_eq!(good.check(&keys, Some(&later)), Err(Response::Conflict(old + 1)));
            }
            let longer = [proof.as_slice(), &[empty_root()]].concat();
            assert_eq!(request(old, &longer, head).check(&keys, Some(&kept)).unwrap_err().status(), 422);
        }
    }
}

#[test]
fn refusals_have_their_status() {
    let (heads, _) = log();
    let good = request(0, &[], heads[3]);
    assert_eq!(good.check(&[], None).unwrap_err().status(), 404);
    let stranger = SigningKey::from_seed(ORIGIN, [9; 32]).unwrap().verifier();
    assert_eq!(good.check(&[stranger], None).unwrap_err().status(), 403);
    let keys = [log_key().verifier()];
    let shrinking = request(5, &[], heads[3]);
    assert_eq!(shrinking.check(&keys, Some(&heads[5])).unwrap_err().status(), 400);
    let wrong_empty = request(0, &[], TreeHead { size: 0, root: leaf_hash(b"x") });
    assert_eq!(wrong_empty.check(&keys, None).unwrap_err().status(), 422);
    let mut forged = good.clone();
    let lines = vec![SignatureLine { signature: vec![0; 64], ..good.note.signatures()[0].clone() }];
    forged.note = Note::new(good.note.text(), lines).unwrap();
    assert_eq!(forged.check(&keys, None).unwrap_err().status(), 403);
    let conflict = Response::Conflict(7);
    assert_eq!((conflict.body().as_str(), conflict.content_type()), ("7\n", "text/x.tlog.size"));
    assert_eq!(parse_conflict(conflict.body().as_bytes()), Some(7));
    for bad in ["", "7", "07\n", "7\n\n", "x\n", "281474976710657\n"] {
        assert_eq!(parse_conflict(bad.as_bytes()), None, "{bad:?}");
    }
}

#[test]
fn malformed_requests_are_refused() {
    let (heads, _) = log();
    let text = String::from_utf8(AddCheckpoint::format(0, &[empty_root()], &request(0, &[], heads[3]).note.to_bytes()))
        .unwrap();
    assert!(AddCheckpoint::parse(text.as_bytes()).is_ok());
    let hash = format!("{}\n", empty_root().to_base64());
    for (bad, status) in [
        (text.replace("old 0", "old 00"), 400),
        (text.replace("old 0", "old -1"), 400),
        (text.replace("old 0", "new 0"), 400),
        (text.replace("old 0", "old 281474976710657"), 400),
        (text.replace("old 0\n", &format!("old 0\n{}", hash.repeat(63))), 400),
        (text.replace("old 0\n", "old 0\nAAAA\n"), 400),
        (text.replace("\n3\n", "\n03\n"), 400),
        (text.split("\n\n").next().unwrap().to_owned(), 400),
        (text.trim_end().to_owned(), 400),
        (text.replace("— log.example", "- log.example"), 403),
        ("x".repeat(2_000_000), 400),
    ] {
        assert_eq!(AddCheckpoint::parse(bad.as_bytes()).unwrap_err().status(), status);
    }
}

#[test]
fn answers_are_read_back() {
    let line = witness(1).cosign(&point().to_body(), 5).unwrap();
    let answer = Response::Ok(vec![line.clone(), line.clone()]);
    assert_eq!(parse_cosignatures(answer.body().as_bytes()), Ok(vec![line.clone(), line.clone()]));
    for bad in ["", "\n", "x\n", &format!("{line}"), &format!("text\n\n{line}\n"), &format!("\n{line}\n")] {
        assert!(parse_cosignatures(bad.as_bytes()).is_err(), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn a_witness_never_goes_back_or_forks(steps in prop::collection::vec((0u64..=20, 0usize..=20, any::<bool>()), 1..40)) {
        let (heads, mut nodes) = log();
        let keys = [log_key().verifier()];
        let mut kept: Option<TreeHead> = None;
        for (old, new, fork) in steps {
            let mut head = heads[new];
            if fork {
                head.root = leaf_hash(b"fork");
            }
            let proof = consistency_proof(old, head.size, &mut nodes).unwrap_or_default();
            if let Ok(accepted) = request(old, &proof, head).check(&keys, kept.as_ref()) {
                let before = kept.map_or(0, |head| head.size);
                prop_assert!(old == before && accepted.size >= before);
                // The first tree is taken on trust; after it, only this log's own trees can follow.
                if kept.is_some_and(|head| head.size > 0 && head == heads[head.size as usize]) {
                    prop_assert_eq!(accepted, heads[accepted.size as usize]);
                }
                kept = Some(accepted);
            }
        }
    }

    #[test]
    fn arbitrary_requests_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "old [0-9]{1,3}\\n([A-Za-z0-9+/]{43}=\\n){0,3}\\no\\n1\\n.{0,60}") {
        let _ = AddCheckpoint::parse(&bytes);
        let _ = AddCheckpoint::parse(text.as_bytes());
        let _ = (parse_cosignatures(&bytes), parse_conflict(&bytes));
    }
}
