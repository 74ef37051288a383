//! A transparency log as the C2SP specifications define it: signed notes, checkpoints, the RFC 6962 tree with its proofs, tiles, cosignatures, the
//! witness's decision, receipts and trust policies.
//!
//! It is pure: no files, no network, no clock, no randomness. Seeds, times and grease come in as arguments; bytes go in and out. It knows nothing of
//! elections, does not store anything (`recount-store` does) and does not decide which keys to trust (the caller or a [`Policy`] does). It is deliberately
//! not a general library: one hash (SHA-256), one signature for logs (Ed25519, strict), sizes up to 2^48, no pruning.
//!
//! | specification | here |
//! | --- | --- |
//! | [signed-note](https://c2sp.org/signed-note) v1.0.0 | [`Note`], [`NoteRef`], [`VerifierKey`], [`SigningKey`] |
//! | [tlog-checkpoint](https://c2sp.org/tlog-checkpoint) v1.0.0 | [`Checkpoint`] |
//! | RFC 6962 section 2.1; subtrees of draft-ietf-plants-merkle-tree-certs | [`tree`] |
//! | [tlog-tiles](https://c2sp.org/tlog-tiles) | [`tile`] |
//! | [tlog-cosignature](https://c2sp.org/tlog-cosignature) v1 (0x04) and 0x06 | [`cosignature`], [`mldsa`] |
//! | [tlog-witness](https://c2sp.org/tlog-witness) add-checkpoint | [`witness`] |
//! | [tlog-proof](https://c2sp.org/tlog-proof) | [`Receipt`] |
//! | [tlog-policy](https://c2sp.org/tlog-policy) | [`Policy`] |
//!
//! A log of two entries, its checkpoint, and a receipt for the second entry:
//! ```
//! use recount_log::{Checkpoint, CompactRange, Receipt, SigningKey, leaf_hash};
//!
//! let key = SigningKey::from_seed("results.example.org/2027", [7; 32])?;
//! let leaves = [leaf_hash(b"first"), leaf_hash(b"second")];
//! let mut tree = CompactRange::new();
//! for leaf in leaves {
//!     tree.push(leaf)?;
//! }
//! let checkpoint = Checkpoint { origin: key.name().to_owned(), size: tree.size(), root: tree.root(), extensions: vec![] };
//! let note = checkpoint.sign(&key, None, &[], None)?;
//!
//! let receipt = Receipt { extra: None, index: 1, proof: vec![leaves[0]], checkpoint: note };
//! let read = Receipt::parse(&receipt.format())?;
//! assert_eq!(read.verify(&leaf_hash(b"second"), &key.verifier(), None)?, checkpoint);
//! assert!(read.verify(&leaf_hash(b"forged"), &key.verifier(), None).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod base64;
mod checkpoint;
pub mod cosignature;
mod hash;
mod key;
pub mod mldsa;
mod note;
mod policy;
mod receipt;
pub mod tile;
pub mod tree;
pub mod witness;

pub use checkpoint::{Checkpoint, CheckpointError, GREASE_LEN, GREASE_NAME};
pub use cosignature::{CosignError, CosigningKey};
pub use hash::{Hash, MAX_ENTRY, MAX_SIZE, empty_root, leaf_hash, node_hash, sha256};
pub use key::{KeyError, KeyKind, SigningKey, VerifierKey, is_valid_name, key_id};
pub use note::{LineRef, MAX_NOTE, MAX_SIGNATURES, Note, NoteError, NoteRef, SignatureLine, Verified};
pub use policy::{Policy, PolicyError, PolicyLog, PolicyWitness, Verdict, WitnessKey};
pub use receipt::{MAX_RECEIPT, RECEIPT_HEADER, Receipt, ReceiptError};
pub use tile::{
    Bundle, LevelLayout, TILE_WIDTH, Tile, TileError, TileNode, decode_bundle, decode_hashes, encode_bundle,
    encode_bundle_into, encode_hashes, layout, tile_of_node, tiles_at,
};
pub use tree::{
    CompactRange, HashReader, MAX_PROOF, ProofError, ProveError, consistency_proof, inclusion_proof, root_at,
    subtree_consistency_proof, subtree_root, verify_consistency, verify_inclusion, verify_subtree_consistency,
};
