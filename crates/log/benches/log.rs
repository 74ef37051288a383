//! What admission and verification of a record consist of. `cargo bench -p recount-log`

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_possible_truncation,
    reason = "a failure here is a failed bench"
)]

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use recount_log::{
    Checkpoint, CompactRange, CosigningKey, Hash, NoteRef, SigningKey, VerifierKey, decode_bundle, encode_bundle,
    leaf_hash, node_hash, verify_inclusion,
};

fn main() {
    divan::main();
}

/// A note of about 1 KiB with three signatures, and the keys.
fn note() -> (Vec<u8>, Vec<VerifierKey>) {
    let text = format!("recount/statement/v1\n{}\n", "x".repeat(1000));
    let keys: Vec<SigningKey> = (1..=3u8)
        .map(|i| SigningKey::from_seed(&format!("seat-{i}.example"), [i; 32]).expect("a valid name"))
        .collect();
    let lines = keys.iter().map(|key| key.sign(&text)).collect();
    let note = recount_log::Note::new(text, lines).expect("a valid note");
    (note.to_bytes(), keys.iter().map(SigningKey::verifier).collect())
}

#[divan::bench]
fn leaf_of_1_kib(bencher: Bencher) {
    let entry = vec![7u8; 1024];
    bencher.counter(BytesCount::new(1024usize)).bench(|| leaf_hash(black_box(&entry)));
}

#[divan::bench]
fn node(bencher: Bencher) {
    let hash = leaf_hash(b"x");
    bencher.counter(ItemsCount::new(1usize)).bench(|| node_hash(black_box(&hash), black_box(&hash)));
}

#[divan::bench]
fn sign_1_kib(bencher: Bencher) {
    let key = SigningKey::from_seed("a", [1; 32]).expect("a valid name");
    let text = "x".repeat(1024);
    bencher.counter(ItemsCount::new(1usize)).bench(|| key.sign(black_box(&text)));
}

#[divan::bench]
fn verify_strict_1_kib(bencher: Bencher) {
    let key = SigningKey::from_seed("a", [1; 32]).expect("a valid name");
    let text = "x".repeat(1024);
    let (line, verifier) = (key.sign(&text), key.verifier());
    bencher
        .counter(ItemsCount::new(1usize))
        .bench(|| assert!(verifier.verify(black_box(text.as_bytes()), black_box(&line.signature))));
}

#[divan::bench]
fn read_verifier_key(bencher: Bencher) {
    let text = SigningKey::from_seed("a", [1; 32]).expect("a valid name").verifier().to_string();
    bencher.counter(ItemsCount::new(1usize)).bench(|| VerifierKey::parse(black_box(&text)));
}

#[divan::bench]
fn parse_note_of_three_signatures(bencher: Bencher) {
    let (bytes, _) = note();
    bencher.counter(ItemsCount::new(1usize)).bench(|| NoteRef::parse(black_box(&bytes)).map(|note| note.text().len()));
}

#[divan::bench]
fn parse_and_verify_note_of_three_signatures(bencher: Bencher) {
    let (bytes, keys) = note();
    bencher
        .counter(ItemsCount::new(1usize))
        .bench(|| NoteRef::parse(black_box(&bytes)).and_then(|note| note.verify(&keys)));
}

#[divan::bench]
fn cosign_and_verify(bencher: Bencher) {
    let key = CosigningKey::from_seed("w", [1; 32]).expect("a valid name");
    let body = Checkpoint { origin: "o".into(), size: 1, root: leaf_hash(b"x"), extensions: vec![] }.to_body();
    let verifier = key.verifier();
    bencher.counter(ItemsCount::new(1usize)).bench(|| {
        let line = key.cosign(black_box(&body), 5).expect("a checkpoint");
        assert!(verifier.verify(body.as_bytes(), &line.signature));
    });
}

#[divan::bench]
fn compact_range_push(bencher: Bencher) {
    let leaf = leaf_hash(b"x");
    let mut range = CompactRange::new();
    bencher.counter(ItemsCount::new(1usize)).bench_local(|| range.push(black_box(leaf)));
}

#[divan::bench]
fn decode_full_bundle(bencher: Bencher) {
    let bytes = encode_bundle(vec![vec![7u8; 1024]; 256]).expect("a valid bundle");
    bencher
        .counter(ItemsCount::new(256usize))
        .bench(|| decode_bundle(black_box(&bytes), 256).map(|bundle| bundle.iter().map(<[u8]>::len).sum::<usize>()));
}

#[divan::bench]
fn verify_inclusion_in_a_million(bencher: Bencher) {
    let proof: Vec<Hash> = (0..20u8).map(|i| leaf_hash(&[i])).collect();
    let (leaf, mut root) = (leaf_hash(b"leaf"), leaf_hash(b"leaf"));
    for sibling in &proof {
        root = node_hash(&root, sibling);
    }
    bencher
        .counter(ItemsCount::new(1usize))
        .bench(|| assert!(verify_inclusion(0, 1 << 20, black_box(&leaf), &proof, &root).is_ok()));
}
