//! Signed notes and keys.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_possible_truncation,
    reason = "a failure here is a failed test"
)]

use proptest::prelude::*;
use recount_log::{
    KeyError, KeyKind, MAX_NOTE, MAX_SIGNATURES, Note, NoteError, NoteRef, SignatureLine, SigningKey, VerifierKey,
    is_valid_name,
};

const EXAMPLE_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const EXAMPLE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

fn key(name: &str) -> SigningKey {
    SigningKey::from_seed(name, [7; 32]).unwrap()
}

/// Both readers must agree on everything.
fn parse(bytes: &[u8]) -> Result<Note, NoteError> {
    let note = Note::parse(bytes);
    assert_eq!(NoteRef::parse(bytes).map(|note| note.to_owned()), note);
    note
}

#[test]
fn the_example_of_the_specification() {
    let key = VerifierKey::parse(EXAMPLE_KEY).unwrap();
    assert_eq!(key.to_string(), EXAMPLE_KEY);
    let note = parse(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(note.text(), "This is an example message.\n");
    assert_eq!(note.to_bytes(), EXAMPLE.as_bytes());
    let verified = note.verify(&[key]).unwrap();
    assert_eq!((verified.verified, verified.unknown), (vec![0], vec![]));
}

#[test]
fn malformed_notes_are_refused_with_the_reason() {
    let line = "— x AAAAAAE=\n";
    let cases: [(String, NoteError); 24] = [
        (String::new(), NoteError::NoSignatures),
        ("text\n".into(), NoteError::NoSignatures),
        ("text\n\n".into(), NoteError::NoSignatures),
        (format!("text\n{line}"), NoteError::NoSignatures),
        (format!("\n{line}"), NoteError::NoSignatures),
        (format!("text\n\n{line}\n"), NoteError::NoSignatures),
        (format!("text\n\n{line}x"), NoteError::Line(2)),
        (format!("text\n\n{}", line.trim_end()), NoteError::Line(1)),
        ("text\n\n— \n".into(), NoteError::Line(1)),
        ("text\n\n— x\n".into(), NoteError::Line(1)),
        ("text\n\n— x \n".into(), NoteError::Line(1)),
        ("text\n\nx AAAAAAE=\n".into(), NoteError::Line(1)),
        ("text\n\n- x AAAAAAE=\n".into(), NoteError::Line(1)),
        ("text\n\n—  AAAAAAE=\n".into(), NoteError::Line(1)),
        ("text\n\n— x+y AAAAAAE=\n".into(), NoteError::Line(1)),
        ("text\n\n— x\u{a0}y AAAAAAE=\n".into(), NoteError::Line(1)),
        ("text\n\n— x AAAAAAE= \n".into(), NoteError::Line(1)),
        ("text\n\n— x y AAAAAAE=\n".into(), NoteError::Line(1)),
        ("text\n\n— x AAAAAA==\n".into(), NoteError::Line(1)),
        ("text\n\n— x AAAAAAF=\n".into(), NoteError::Line(1)),
        ("text\n\n— x AAAAAAE\n".into(), NoteError::Line(1)),
        (format!("text\r\n\n{line}"), NoteError::ControlCharacter(4)),
        (format!("te\tt\n\n{line}"), NoteError::ControlCharacter(2)),
        (format!("te\0t\n\n{line}"), NoteError::ControlCharacter(2)),
    ];
    for (note, want) in cases {
        assert_eq!(parse(note.as_bytes()), Err(want), "{note:?}");
    }
    assert_eq!(parse(b"te\xfft\n\n\xe2\x80\x94 x AAAAAAE=\n"), Err(NoteError::NotUtf8(2)));
}

#[test]
fn limits() {
    let line = "— x AAAAAAE=\n";
    let many = |count| format!("t\n\n{}", line.repeat(count));
    assert_eq!(parse(many(MAX_SIGNATURES).as_bytes()).unwrap().signatures().len(), MAX_SIGNATURES);
    assert_eq!(parse(many(MAX_SIGNATURES + 1).as_bytes()), Err(NoteError::TooManySignatures));
    let sized = |size: usize| format!("{}\n\n{line}", "t".repeat(size - line.len() - 2));
    assert!(parse(sized(MAX_NOTE).as_bytes()).is_ok());
    assert_eq!(parse(sized(MAX_NOTE + 1).as_bytes()), Err(NoteError::TooLarge(MAX_NOTE + 1)));
    let one = SignatureLine { name: "x".into(), id: 0, signature: vec![1] };
    assert_eq!(Note::new("t\n", vec![one.clone(); MAX_SIGNATURES + 1]), Err(NoteError::TooManySignatures));
    assert!(matches!(Note::new("t".repeat(MAX_NOTE) + "\n", vec![one.clone()]), Err(NoteError::TooLarge(_))));
    assert_eq!(Note::new("t", vec![one.clone()]), Err(NoteError::Text));
    assert_eq!(Note::new("t\n", vec![]), Err(NoteError::NoSignatures));
    assert_eq!(Note::new("t\t\n", vec![one.clone()]), Err(NoteError::ControlCharacter(1)));
    for bad in [SignatureLine { name: "a b".into(), ..one.clone() }, SignatureLine { signature: vec![], ..one.clone() }]
    {
        assert_eq!(Note::new("t\n", vec![one.clone(), bad]), Err(NoteError::Line(2)));
    }
}

#[test]
fn the_last_empty_line_separates() {
    let text = "a\n\n\nb\n\n";
    let note = Note::new(text, vec![key("x").sign(text)]).unwrap();
    let read = parse(&note.to_bytes()).unwrap();
    assert_eq!(read.text(), text);
    assert!(read.verify(&[key("x").verifier()]).is_ok());
}

#[test]
fn known_unknown_and_false_lines() {
    let text = "text\n";
    let (a, b) = (key("a"), SigningKey::from_seed("b", [8; 32]).unwrap());
    let note = Note::new(text, vec![b.sign(text), a.sign(text)]).unwrap();
    assert_eq!(note.verify(&[a.verifier()]).unwrap().verified, [1]);
    assert_eq!(note.verify(&[a.verifier()]).unwrap().unknown, [0]);
    assert_eq!(note.verify(&[a.verifier(), b.verifier()]).unwrap().verified, [0, 1]);
    assert_eq!(note.verify(&[]), Err(NoteError::NoKnownKey));
    assert_eq!(note.verify(&[key("c").verifier()]), Err(NoteError::NoKnownKey));

    // A false line by a known key refuses the whole note, even beside a good one.
    let mut bad = a.sign(text);
    bad.signature[5] ^= 1;
    let note = Note::new(text, vec![a.sign(text), bad]).unwrap();
    assert_eq!(
        note.verify(&[a.verifier()]),
        Err(NoteError::BadSignature { line: 2, name: "a".into(), id: a.verifier().id() })
    );
    // Same name, other id: unknown. Same id, other name: unknown.
    let renamed = SignatureLine { name: "z".into(), ..a.sign(text) };
    let renumbered = SignatureLine { id: 1, ..a.sign(text) };
    let note = Note::new(text, vec![renamed, renumbered, a.sign(text)]).unwrap();
    assert_eq!(note.verify(&[a.verifier()]).unwrap().unknown, [0, 1]);
    // A signature longer than any of ours.
    let long = SignatureLine { signature: vec![0; 500], ..a.sign(text) };
    let note = Note::new(text, vec![long]).unwrap();
    let bytes = note.to_bytes();
    assert!(matches!(note.verify(&[a.verifier()]), Err(NoteError::BadSignature { .. })));
    assert_eq!(NoteRef::parse(&bytes).unwrap().verify(&[a.verifier()]), note.verify(&[a.verifier()]));
}

#[test]
fn keys_are_read_strictly() {
    let text = key("log.example").encode();
    let again = SigningKey::parse(&text).unwrap();
    assert_eq!((again.encode(), again.verifier()), (text.clone(), key("log.example").verifier()));
    assert!(!format!("{again:?}").contains(text.rsplit('+').next().unwrap()), "Debug shows the secret");
    assert!(matches!(SigningKey::parse(&text.replace("log.example", "log.other")), Err(KeyError::Id { .. })));
    assert_eq!(SigningKey::parse(&text[1..]).err(), Some(KeyError::PrivateFormat));
    assert_eq!(SigningKey::from_seed("a b", [1; 32]).err(), Some(KeyError::Name("a b".into())));

    assert!(matches!(VerifierKey::parse(&EXAMPLE_KEY.replace("530d903a", "530d903b")), Err(KeyError::Id { .. })));
    for bad in ["", "a", "a+b", "a+530d903a", "a+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "a+530d903a+?"]
    {
        assert_eq!(VerifierKey::parse(bad).err(), Some(KeyError::Format), "{bad:?}");
    }
    assert!(matches!(VerifierKey::parse("+530d903a+AQ=="), Err(KeyError::Name(_))));
    assert_eq!(VerifierKey::parse("a+530d903a+AQ==").err(), Some(KeyError::Length(0)));
    assert_eq!(VerifierKey::parse("a+530d903a+AgAA").err(), Some(KeyError::Unsupported(2)));
    let kinds = [KeyKind::Ed25519, KeyKind::Cosignature]
        .map(|kind| VerifierKey::from_public("a", kind, key("a").verifier().public()).unwrap());
    assert_ne!(kinds[0].id(), kinds[1].id());
    assert!(kinds[0].is_torsion_free());
    for good in ["a", "a.b/c", "é", "日本"] {
        assert!(is_valid_name(good));
    }
    for bad in ["", "a b", "a+b", "a\u{2003}b", "a\nb", "a\u{1}", "\u{85}"] {
        assert!(!is_valid_name(bad), "{bad:?}");
    }
}

/// The eight points of small order and their non-canonical spellings (as published in "Taming the many EdDSAs").
const WEAK: [&str; 12] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

#[test]
fn weak_keys_are_refused() {
    for hex in WEAK {
        let public = recount_log::Hash::from_hex(hex).unwrap().0;
        assert_eq!(VerifierKey::from_public("a", KeyKind::Ed25519, public), Err(KeyError::Weak), "{hex}");
    }
    // y = p + 3 is a point of large order, but not its canonical spelling; y = 3 is.
    let mut spelled = [0xff; 32];
    (spelled[0], spelled[31]) = (0xf0, 0x7f);
    assert_eq!(VerifierKey::from_public("a", KeyKind::Ed25519, spelled), Err(KeyError::Weak));
    let mut canonical = [0; 32];
    canonical[0] = 3;
    assert!(VerifierKey::from_public("a", KeyKind::Ed25519, canonical).is_ok());
}

#[test]
fn malleable_signatures_are_refused() {
    let key = key("a");
    let mut line = key.sign("text\n");
    assert!(key.verifier().verify(b"text\n", &line.signature));
    // S + l verifies the same equation; only the canonical S is accepted.
    let order = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0u16;
    for (byte, add) in line.signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + add + carry;
        *byte = (sum & 0xff) as u8;
        carry = sum >> 8;
    }
    assert!(!key.verifier().verify(b"text\n", &line.signature));
    assert!(!key.verifier().verify(b"text\n", &[0; 63]));
    assert!(!key.verifier().verify(b"text\n", &[]));
}

proptest! {
    #[test]
    fn notes_round_trip(text in "[^\\x00-\\x09\\x0b-\\x1f]{0,200}", seeds in prop::collection::vec(any::<[u8; 32]>(), 1..5)) {
        let text = text + "\n";
        let keys: Vec<SigningKey> = seeds.into_iter().map(|seed| SigningKey::from_seed("k", seed).unwrap()).collect();
        let note = Note::new(text.clone(), keys.iter().map(|key| key.sign(&text)).collect()).unwrap();
        let read = parse(&note.to_bytes()).unwrap();
        prop_assert_eq!(&read, &note);
        let verifiers: Vec<VerifierKey> = keys.iter().map(SigningKey::verifier).collect();
        prop_assert_eq!(read.verify(&verifiers).unwrap().verified.len(), keys.len());
    }

    #[test]
    fn any_flipped_bit_of_a_note_is_noticed(bit in 0usize..EXAMPLE.len() * 8) {
        let mut bytes = EXAMPLE.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let key = VerifierKey::parse(EXAMPLE_KEY).unwrap();
        prop_assert!(parse(&bytes).and_then(|note| note.verify(&[key])).is_err());
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        let _ = (VerifierKey::parse(&text), SigningKey::parse(&text), SignatureLine::parse(&text));
    }

    #[test]
    fn near_notes_never_panic(note in "[ax—\\n ]{0,20}\\n\\n(— ?[ax+]{0,3} ?[A=]{0,12}\\n){0,4}") {
        if let Ok(read) = parse(note.as_bytes()) {
            prop_assert_eq!(read.to_bytes(), note.as_bytes());
        }
    }
}
