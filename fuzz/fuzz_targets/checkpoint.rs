#![no_main]
//! A checkpoint is read strictly and written back byte for byte; requests to a witness and policies are read without a panic.

use libfuzzer_sys::fuzz_target;
use recount_log::witness::{AddCheckpoint, parse_conflict, parse_cosignatures};
use recount_log::{Checkpoint, MAX_SIZE, Note, Policy, SigningKey};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(checkpoint) = Checkpoint::parse_body(text)
    {
        assert!(checkpoint.size <= MAX_SIZE);
        assert_eq!(checkpoint.to_body(), text);
        let key = SigningKey::from_seed("log.example", [1; 32]).expect("a valid name");
        if let Ok(note) = checkpoint.sign(&key, Some([2; 68]), &[], Some([3; 32])) {
            let (opened, _) = Checkpoint::open(&note, &key.verifier()).expect("our own checkpoint");
            assert_eq!(opened, checkpoint);
        }
    }
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert_eq!(AddCheckpoint::format(request.old, &request.proof, &request.note.to_bytes()), bytes);
        assert!(request.check(&[], None).is_err());
    }
    let _ = parse_cosignatures(bytes);
    let _ = parse_conflict(bytes);
    if let (Ok(policy), Ok(note)) = (
        Policy::parse(bytes),
        Note::parse(b"o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\xe2\x80\x94 x AAAAAAA=\n"),
    ) {
        let _ = policy.evaluate(&note);
    }
});
