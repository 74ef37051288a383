//! Checkpoints, cosignatures, receipts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_possible_truncation,
    reason = "a failure here is a failed test"
)]

use proptest::prelude::*;
use recount_log::cosignature::{self, MAX_TIME};
use recount_log::mldsa::{MlDsaCosigner, MlDsaKey};
use recount_log::{
    Checkpoint, CheckpointError, CosignError, CosigningKey, GREASE_LEN, GREASE_NAME, Hash, KeyError, MAX_SIZE, Note,
    NoteError, Policy, PolicyError, Receipt, ReceiptError, SigningKey, VerifierKey, empty_root, leaf_hash, node_hash,
};

const ORIGIN: &str = "results.example.org/2027";

fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, [1; 32]).unwrap()
}

fn witness_key() -> CosigningKey {
    CosigningKey::from_seed("witness.example", [2; 32]).unwrap()
}

fn checkpoint(size: u64, root: Hash) -> Checkpoint {
    Checkpoint { origin: ORIGIN.into(), size, root, extensions: vec![] }
}

#[test]
fn bodies_are_read_strictly() {
    let root = empty_root().to_base64();
    let good = format!("o\n0\n{root}\nmore\n");
    let read = Checkpoint::parse_body(&good).unwrap();
    assert_eq!((read.size, read.extensions.as_slice(), read.to_body()), (0, &["more".to_owned()][..], good));
    let cases = [
        (format!("o\n0\n{root}"), CheckpointError::Lines),
        ("o\n0\n".to_owned(), CheckpointError::Lines),
        (String::new(), CheckpointError::Lines),
        (format!("\n0\n{root}\n"), CheckpointError::Origin),
        (format!("o\t\n0\n{root}\n"), CheckpointError::Origin),
        (format!("o\n00\n{root}\n"), CheckpointError::Size("00".into())),
        (format!("o\n+1\n{root}\n"), CheckpointError::Size("+1".into())),
        (format!("o\n\n{root}\n"), CheckpointError::Size(String::new())),
        (format!("o\n281474976710657\n{root}\n"), CheckpointError::Size("281474976710657".into())),
        (format!("o\n99999999999999999999\n{root}\n"), CheckpointError::Size("99999999999999999999".into())),
        (format!("o\n0\n{}\n", &root[..43]), CheckpointError::Root),
        (format!("o\n0\n{root} \n"), CheckpointError::Root),
        (format!("o\n0\n{root}\nx\n\n"), CheckpointError::Extension(2)),
        (format!("o\n0\n{root}\nx\r\n"), CheckpointError::Extension(1)),
    ];
    for (body, want) in cases {
        assert_eq!(Checkpoint::parse_body(&body), Err(want), "{body:?}");
    }
    assert!(Checkpoint::parse_body(&format!("o\n{MAX_SIZE}\n{root}\n")).is_ok());
    assert!(Checkpoint::parse_body(&format!("go.sum database tree\n1\n{root}\n")).is_ok());
}

#[test]
fn signing_adds_grease_and_shuffles() {
    let point = checkpoint(1, leaf_hash(b"one"));
    let cosigned = witness_key().cosign(&point.to_body(), 1_700_000_000).unwrap();
    let mut orders = std::collections::BTreeSet::new();
    for seed in 0..40u8 {
        let signed = point
            .sign(&log_key(), Some([seed; GREASE_LEN]), std::slice::from_ref(&cosigned), Some([seed; 32]))
            .unwrap();
        assert_eq!(
            signed,
            point
                .sign(&log_key(), Some([seed; GREASE_LEN]), std::slice::from_ref(&cosigned), Some([seed; 32]))
                .unwrap()
        );
        let (opened, note) = Checkpoint::open_for(&signed, ORIGIN, &log_key().verifier()).unwrap();
        assert_eq!(opened, point);
        assert_eq!(note.signatures().iter().filter(|line| line.name == GREASE_NAME).count(), 1);
        let verified = note.verify(&[log_key().verifier(), witness_key().verifier()]).unwrap();
        assert_eq!((verified.verified.len(), verified.unknown.len()), (2, 1));
        orders.insert(note.signatures().iter().map(|line| line.name.clone()).collect::<Vec<_>>());
    }
    assert_eq!(orders.len(), 6, "all orders of three lines occur");
    let plain = point.sign(&log_key(), None, &[cosigned], None).unwrap();
    assert_eq!(Note::parse(&plain).unwrap().signatures()[0].name, ORIGIN);
}

#[test]
fn what_could_not_be_read_back_is_not_signed() {
    let sign = |point: Checkpoint| point.sign(&log_key(), None, &[], None);
    let good = checkpoint(1, leaf_hash(b"one"));
    assert_eq!(sign(Checkpoint { origin: "a\n5".into(), ..good.clone() }), Err(CheckpointError::Root));
    assert!(sign(Checkpoint { origin: String::new(), ..good.clone() }).is_err());
    assert!(sign(Checkpoint { size: MAX_SIZE + 1, ..good.clone() }).is_err());
    assert_eq!(sign(Checkpoint { extensions: vec!["a\nb".into()], ..good.clone() }), Err(CheckpointError::Lines));
    assert_eq!(sign(Checkpoint { size: 0, ..good }), Err(CheckpointError::EmptyRoot));
}

#[test]
fn opening_needs_the_right_key_and_origin() {
    let signed = checkpoint(1, leaf_hash(b"one")).sign(&log_key(), None, &[], None).unwrap();
    let other = SigningKey::from_seed(ORIGIN, [9; 32]).unwrap().verifier();
    assert_eq!(Checkpoint::open(&signed, &other).err(), Some(CheckpointError::Note(NoteError::NoKnownKey)));
    assert!(matches!(
        Checkpoint::open_for(&signed, "another", &log_key().verifier()),
        Err(CheckpointError::OtherOrigin { .. })
    ));
    let body = checkpoint(0, leaf_hash(b"wrong")).to_body();
    let wrong = Note::new(body.clone(), vec![log_key().sign(&body)]).unwrap().to_bytes();
    assert_eq!(Checkpoint::open(&wrong, &log_key().verifier()).err(), Some(CheckpointError::EmptyRoot));
}

#[test]
fn cosignatures_cover_time_and_body() {
    let key = witness_key();
    let body = Checkpoint { extensions: vec!["more".into()], ..checkpoint(1, leaf_hash(b"one")) }.to_body();
    let line = key.cosign(&body, 1_700_000_000).unwrap();
    assert_eq!(line.signature.len(), 72);
    assert_eq!(cosignature::verify_line(&key.verifier(), &body, &line), Some(1_700_000_000));
    assert_eq!(cosignature::verify(&key.verifier(), &body.replace("more", "less"), &line.signature), None);
    for at in [0, 7, 8, 71] {
        let mut changed = line.clone();
        changed.signature[at] ^= 1;
        assert_eq!(cosignature::verify_line(&key.verifier(), &body, &changed), None, "byte {at}");
    }
    assert_eq!(cosignature::verify(&log_key().verifier(), &body, &line.signature), None, "not a cosigner's key");
    assert_eq!(key.cosign(&body, 0), Err(CosignError::Time(0)));
    assert_eq!(key.cosign(&body, MAX_TIME + 1), Err(CosignError::Time(MAX_TIME + 1)));
    assert!(key.cosign(&body, MAX_TIME).is_ok());
    assert!(matches!(key.cosign("not a checkpoint\n", 1), Err(CosignError::Body(_))));
    assert_eq!(CosigningKey::parse(&key.encode()).unwrap().verifier(), key.verifier());
    assert_eq!(SigningKey::parse(&key.encode()).err(), Some(KeyError::Unsupported(4)));
    assert!(!format!("{key:?}").contains(key.encode().rsplit('+').next().unwrap()));
}

#[test]
fn post_quantum_cosignatures() {
    let point = checkpoint(1, leaf_hash(b"one"));
    let cosigner = MlDsaCosigner::from_seed("pq.example", [3; 32]).unwrap();
    let key = MlDsaKey::parse(&cosigner.verifier().to_string()).unwrap();
    let line = cosigner.cosign(&point, 5).unwrap();
    assert_eq!((line.signature.len(), key.verify_line(&point, &line)), (2428, Some(5)));
    assert_eq!(key.verify_line(&Checkpoint { size: 2, ..point.clone() }, &line), None);
    assert_eq!(key.verify_line(&Checkpoint { origin: "x".into(), ..point.clone() }, &line), None);
    let mut changed = line.clone();
    changed.signature[7] ^= 1;
    assert_eq!(key.verify_line(&point, &changed), None, "the time is covered");
    assert_eq!(key.verify(&point, &line.signature[..100]), None);
    let long = Checkpoint { origin: "x".repeat(256), ..point };
    assert!(matches!(cosigner.cosign(&long, 5), Err(CosignError::Name(_))));
    assert_eq!(VerifierKey::parse(&key.to_string()).err(), Some(KeyError::Unsupported(6)));
    assert_eq!(MlDsaKey::parse(&log_key().verifier().to_string()).err(), Some(KeyError::Unsupported(1)));
    assert_eq!(MlDsaKey::from_public("x", &[0; 5]).err(), Some(KeyError::Length(5)));
}

fn receipt() -> Receipt {
    let leaves = [leaf_hash(b"one"), leaf_hash(b"two")];
    let point = checkpoint(2, node_hash(&leaves[0], &leaves[1]));
    let cosigned = witness_key().cosign(&point.to_body(), 9).unwrap();
    let checkpoint = point.sign(&log_key(), Some([4; GREASE_LEN]), &[cosigned], None).unwrap();
    Receipt { extra: None, index: 1, proof: vec![leaves[0]], checkpoint }
}

#[test]
fn receipts_prove_one_entry_under_a_policy() {
    let receipt = receipt();
    let read = Receipt::parse(&receipt.format()).unwrap();
    assert_eq!(read, receipt);
    let key = log_key().verifier();
    let leaf = leaf_hash(b"two");
    assert_eq!(read.verify(&leaf, &key, None).unwrap().size, 2);
    assert!(matches!(read.verify(&leaf_hash(b"one"), &key, None), Err(ReceiptError::Inclusion(_))));
    assert!(matches!(read.verify_for(&leaf, "other", &key, None), Err(ReceiptError::Checkpoint(_))));
    let policy = |text: String| Policy::parse(text.as_bytes()).unwrap();
    let met = policy(format!("log {key}\nwitness w {}\nquorum w\n", witness_key().verifier()));
    assert!(read.verify(&leaf, &key, Some(&met)).is_ok());
    let stranger = CosigningKey::from_seed("stranger.example", [5; 32]).unwrap().verifier();
    let missed = policy(format!("witness w {stranger}\nquorum w\n"));
    let refused = Err(ReceiptError::Policy(PolicyError::NoQuorum { found: 0, known: 1 }));
    assert_eq!(read.verify(&leaf, &key, Some(&missed)), refused);
    let other_log =
        policy(format!("log {}\nquorum none\n", SigningKey::from_seed(ORIGIN, [6; 32]).unwrap().verifier()));
    assert!(matches!(
        read.verify(&leaf, &key, Some(&other_log)),
        Err(ReceiptError::Policy(PolicyError::UnknownLog(_)))
    ));
}

#[test]
fn receipts_are_read_strictly() {
    let text = String::from_utf8(Receipt { extra: Some(b"more".to_vec()), ..receipt() }.format()).unwrap();
    assert_eq!(Receipt::parse(text.as_bytes()).unwrap().extra.as_deref(), Some(&b"more"[..]));
    let cases = [
        (text.replace("@v1", "@v2"), ReceiptError::Header),
        (text.replace("extra bW9yZQ==", "extra bW9yZQ"), ReceiptError::Extra),
        (text.replace("extra bW9yZQ==", "Extra bW9yZQ=="), ReceiptError::Index),
        (text.replace("index 1", "index 01"), ReceiptError::Index),
        (text.replace("index 1", "index -1"), ReceiptError::Index),
        (text.replace("index 1", "index 281474976710656"), ReceiptError::Index),
        (text.replace("index 1\n", ""), ReceiptError::Index),
        (text.replace("index 1\n", "index 1\nAAAA\n"), ReceiptError::Proof),
        (
            text.replace("index 1\n", &format!("index 1\n{}", format!("{}\n", empty_root().to_base64()).repeat(63))),
            ReceiptError::Proof,
        ),
        (text.split("\n\n").next().unwrap().to_owned(), ReceiptError::NoCheckpoint),
        (text.split("\n\n").next().unwrap().to_owned() + "\n", ReceiptError::Proof),
    ];
    for (bad, want) in cases {
        assert_eq!(Receipt::parse(bad.as_bytes()), Err(want), "{bad}");
    }
    assert!(matches!(Receipt::parse(text.replace("\n2\n", "\n02\n").as_bytes()), Err(ReceiptError::Checkpoint(_))));
    assert!(matches!(Receipt::parse(&vec![b'a'; 3_000_000]), Err(ReceiptError::TooLarge(_))));
}

proptest! {
    #[test]
    fn bodies_round_trip(origin in "[^\\x00-\\x1f]{1,40}", size in 0..=MAX_SIZE, root in any::<[u8; 32]>(), extensions in prop::collection::vec("[^\\x00-\\x1f]{1,20}", 0..4)) {
        let point = Checkpoint { origin, size, root: Hash(root), extensions };
        prop_assert_eq!(Checkpoint::parse_body(&point.to_body()), Ok(point));
    }

    #[test]
    fn any_flipped_bit_of_a_receipt_is_noticed(bit in any::<prop::sample::Index>()) {
        let receipt = receipt();
        let bytes = receipt.format();
        let mut changed = bytes.clone();
        let bit = bit.index(bytes.len() * 8);
        changed[bit / 8] ^= 1 << (bit % 8);
        let policy = format!("witness w {}\nquorum w\n", witness_key().verifier());
        let policy = Policy::parse(policy.as_bytes()).unwrap();
        let verified = Receipt::parse(&changed).and_then(|read| read.verify(&leaf_hash(b"two"), &log_key().verifier(), Some(&policy)));
        // Nobody vouches for the grease line: only there may a change pass.
        let grease = bytes.windows(GREASE_NAME.len()).position(|part| part == GREASE_NAME.as_bytes()).unwrap();
        prop_assert!(verified.is_err() || bit / 8 >= grease - 1);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = (Receipt::parse(&bytes), Policy::parse(&bytes), Checkpoint::parse_body(&String::from_utf8_lossy(&bytes)));
    }
}
