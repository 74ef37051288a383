//! The same trees and proofs as an independent implementation, the crate `ct-merkle`, makes and accepts.
//! (Old size 0 is left out: C2SP accepts it, `ct-merkle` refuses it.)

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use recount_log::{CompactRange, Hash, HashReader, consistency_proof, inclusion_proof, leaf_hash};
use sha2::Sha256;

const SIZE: usize = 300;

struct Nodes(std::collections::BTreeMap<(u8, u64), Hash>);

impl HashReader for Nodes {
    type Error = String;

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, String> {
        self.0.get(&(level, index)).copied().ok_or_else(|| format!("no node {level}/{index}"))
    }
}

fn entry(number: usize) -> Vec<u8> {
    format!("entry {number} ").repeat(number % 5).into_bytes()
}

fn bytes(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

#[test]
fn roots_and_proofs_agree() {
    let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let mut ours = CompactRange::new();
    let mut nodes = Nodes(std::collections::BTreeMap::new());
    for size in 1..=SIZE {
        theirs.push(entry(size));
        ours.push_with(leaf_hash(&entry(size)), |level, index, hash| {
            assert!(nodes.0.insert((level, index), hash).is_none())
        })
        .unwrap();
        assert_eq!(theirs.root().as_bytes().as_slice(), ours.root().0, "size {size}");
        if size % 7 != 0 && size > 20 {
            continue;
        }
        for index in 0..size {
            let want = theirs.prove_inclusion(index);
            let proof = inclusion_proof(index as u64, size as u64, &mut nodes).unwrap();
            assert_eq!(bytes(&proof), want.as_bytes(), "entry {index} of {size}");
        }
        for added in 0..size {
            let old = (size - added) as u64;
            let want = theirs.prove_consistency(added);
            let proof = consistency_proof(old, size as u64, &mut nodes).unwrap();
            assert_eq!(bytes(&proof), want.as_bytes(), "{old} to {size}");
        }
    }
}
