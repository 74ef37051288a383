#![no_main]
//! A signed note is read strictly, the owned and the borrowed reader agree, and it is written back byte for byte.

use libfuzzer_sys::fuzz_target;
use recount_log::{KeyKind, Note, NoteRef, SigningKey, VerifierKey};

fuzz_target!(|bytes: &[u8]| {
    let owned = Note::parse(bytes);
    let borrowed = NoteRef::parse(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Ok(key) = VerifierKey::parse(text) {
            assert_eq!(VerifierKey::parse(&key.to_string()).as_ref(), Ok(&key));
        }
        let _ = SigningKey::parse(text);
    }
    let (note, borrowed) = match (owned, borrowed) {
        (Ok(note), Ok(borrowed)) => (note, borrowed),
        (owned, borrowed) => return assert_eq!(owned.err(), borrowed.err()),
    };
    assert_eq!(note.to_bytes(), bytes);
    assert_eq!(borrowed.to_owned(), note);
    assert_eq!(Note::new(note.text(), note.signatures().to_vec()).as_ref(), Ok(&note));
    // A key that is called as a line of the note, so that verification is reached; it never signed anything.
    for line in note.signatures() {
        for kind in [KeyKind::Ed25519, KeyKind::Cosignature] {
            let public = SigningKey::from_seed(&line.name, [1; 32]).expect("a valid name").verifier().public();
            let key = VerifierKey::from_public(&line.name, kind, public).expect("a valid key");
            assert!(!key.verify(note.text().as_bytes(), &line.signature));
            assert_eq!(note.verify(std::slice::from_ref(&key)), borrowed.verify(std::slice::from_ref(&key)));
        }
    }
});
