//! Subtrees against the accumulated test vectors of draft-ietf-plants-merkle-tree-certs (appendix "Subtree Test Vectors", as of August 2026): one hash
//! over the answers to every question about trees of up to 130 leaves, where leaf `i` is the byte `i`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failure here is a failed test")]

use std::collections::BTreeMap;

use recount_log::{
    CompactRange, Hash, HashReader, inclusion_proof, leaf_hash, sha256, subtree_consistency_proof, tree::subtree_root,
    verify_subtree_consistency,
};

const LEAVES: u64 = 130;

/// The complete nodes of the largest tree; those of smaller trees are among them.
struct Nodes(BTreeMap<(u8, u64), Hash>);

impl HashReader for &Nodes {
    type Error = (u8, u64);

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, (u8, u64)> {
        self.0.get(&(level, index)).copied().ok_or((level, index))
    }
}

/// The same nodes, as a tree that begins at leaf `start` sees them.
struct Shifted<'a>(&'a Nodes, u64);

impl HashReader for Shifted<'_> {
    type Error = (u8, u64);

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, (u8, u64)> {
        let mut nodes = self.0;
        nodes.node(level, index + (self.1 >> level))
    }
}

/// The nodes, and the root at every size.
fn tree() -> (Nodes, Vec<Hash>) {
    let mut nodes = BTreeMap::new();
    let mut range = CompactRange::new();
    let mut roots = vec![range.root()];
    for leaf in 0..LEAVES {
        let leaf = leaf_hash(&[u8::try_from(leaf).unwrap()]);
        range.push_with(leaf, |level, index, hash| assert!(nodes.insert((level, index), hash).is_none())).unwrap();
        roots.push(range.root());
    }
    (Nodes(nodes), roots)
}

/// The definition: `start` is a multiple of the width rounded up to a power of two.
fn is_subtree(start: u64, end: u64) -> bool {
    start.is_multiple_of((end - start).next_power_of_two())
}

fn subtrees(size: u64) -> impl Iterator<Item = (u64, u64)> {
    (0..=size).flat_map(|end| (0..=end).map(move |start| (start, end))).filter(|(start, end)| is_subtree(*start, *end))
}

fn line(head: String, proof: &[Hash]) -> String {
    proof.iter().fold(head, |line, hash| line + " " + &hash.to_hex()) + "\n"
}

#[test]
fn subtree_hashes() {
    let (nodes, _) = tree();
    let text: String = subtrees(LEAVES)
        .map(|(start, end)| format!("[{start}, {end}) {}\n", subtree_root(start, end, &mut &nodes).unwrap().to_hex()))
        .collect();
    assert_eq!(sha256(text.as_bytes()).to_hex(), "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81");
}

#[test]
fn subtree_inclusion_proofs() {
    let (nodes, _) = tree();
    let mut text = String::new();
    for (start, end) in subtrees(LEAVES) {
        for index in start..end {
            let proof = inclusion_proof(index - start, end - start, &mut Shifted(&nodes, start)).unwrap();
            text += &line(format!("{index} [{start}, {end})"), &proof);
        }
    }
    assert_eq!(sha256(text.as_bytes()).to_hex(), "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f");
}

#[test]
fn subtree_consistency_proofs() {
    let (nodes, roots) = tree();
    let mut text = String::new();
    for (size, root) in (0..).zip(&roots) {
        for (start, end) in subtrees(size) {
            let proof = subtree_consistency_proof(start, end, size, &mut &nodes).unwrap();
            text += &line(format!("[{start}, {end}) {size}"), &proof);
            // Verifying costs more than making; the proofs of one size in thirteen are enough.
            if size % 13 == 0 {
                let subtree = subtree_root(start, end, &mut &nodes).unwrap();
                verify_subtree_consistency(start, end, size, &subtree, root, &proof).unwrap();
            }
        }
    }
    assert_eq!(sha256(text.as_bytes()).to_hex(), "10fa99b37bf9bf9ffa26b412fbd98bd75363256d0b75d61bc4538b9c9c5a0a74");
}
