//! The tree against the definition: RFC 6962 section 2.1, written down recursively and slowly.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_possible_truncation,
    reason = "a failure here is a failed test"
)]

use proptest::prelude::*;
use recount_log::{
    CompactRange, Hash, HashReader, MAX_SIZE, ProofError, consistency_proof, empty_root, inclusion_proof, leaf_hash,
    node_hash, root_at, subtree_consistency_proof, tile_of_node, tiles_at, tree::subtree_root, verify_consistency,
    verify_inclusion, verify_subtree_consistency,
};

/// Every size up to this one is tried.
const SIZES: usize = 130;

fn leaves(size: usize) -> Vec<Hash> {
    (0..size).map(|i| leaf_hash(format!("entry {i}").as_bytes())).collect()
}

/// RFC 6962: k, the largest power of two below n.
fn split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// MTH.
fn naive_root(d: &[Hash]) -> Hash {
    match d {
        [] => empty_root(),
        [one] => *one,
        _ => {
            let (left, right) = d.split_at(split(d.len()));
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

/// PATH.
fn naive_path(m: usize, d: &[Hash]) -> Vec<Hash> {
    if d.len() <= 1 {
        return Vec::new();
    }
    let k = split(d.len());
    let (left, right) = d.split_at(k);
    let (mut path, sibling) = if m < k { (naive_path(m, left), right) } else { (naive_path(m - k, right), left) };
    path.push(naive_root(sibling));
    path
}

/// SUBPROOF.
fn naive_subproof(m: usize, d: &[Hash], whole: bool) -> Vec<Hash> {
    if m == d.len() {
        return if whole { Vec::new() } else { vec![naive_root(d)] };
    }
    let k = split(d.len());
    let (left, right) = d.split_at(k);
    let (mut proof, sibling) =
        if m <= k { (naive_subproof(m, left, whole), right) } else { (naive_subproof(m - k, right, false), left) };
    proof.push(naive_root(sibling));
    proof
}

/// Complete nodes, computed from the leaves each time.
struct Naive(Vec<Hash>);

impl HashReader for Naive {
    type Error = ();

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, ()> {
        let width = 1usize << level;
        let from = usize::try_from(index).map_err(|_| ())? * width;
        self.0.get(from..from + width).map(naive_root).ok_or(())
    }
}

#[test]
fn roots_and_edges_equal_the_definition() {
    let all = leaves(SIZES);
    let mut range = CompactRange::new();
    for size in 0..=SIZES {
        let want = naive_root(&all[..size]);
        assert_eq!(range.root(), want, "size {size}");
        assert_eq!(root_at(size as u64, &mut Naive(all.clone())), Ok(want));
        let again = CompactRange::from_parts(size as u64, range.hashes().to_vec()).unwrap();
        assert_eq!(again, range);
        if size < SIZES {
            range.push(all[size]).unwrap();
        }
    }
}

#[test]
fn every_inclusion_proof_up_to_130() {
    let all = leaves(SIZES);
    for size in 1..=SIZES {
        let root = naive_root(&all[..size]);
        for index in 0..size {
            let want = naive_path(index, &all[..size]);
            let (i, n) = (index as u64, size as u64);
            if size % 13 == 0 || size < 20 {
                let proof = inclusion_proof(i, n, &mut Naive(all[..size].to_vec()));
                assert_eq!(proof, Ok(want.clone()), "{index} of {size}");
            }
            assert_eq!(verify_inclusion(i, n, &all[index], &want, &root), Ok(()));
            let other = &all[(index + 1) % SIZES];
            assert_eq!(verify_inclusion(i, n, other, &want, &root), Err(ProofError::RootMismatch));
        }
    }
}

#[test]
fn every_consistency_proof_up_to_130() {
    let all = leaves(SIZES);
    let roots: Vec<Hash> = (0..=SIZES).map(|size| naive_root(&all[..size])).collect();
    for new in 0..=SIZES {
        for old in 0..=new {
            let want = if old == 0 { Vec::new() } else { naive_subproof(old, &all[..new], true) };
            let (m, n) = (old as u64, new as u64);
            if new % 13 == 0 || new < 20 {
                let proof = consistency_proof(m, n, &mut Naive(all[..new].to_vec()));
                assert_eq!(proof, Ok(want.clone()), "{old} to {new}");
            }
            assert_eq!(verify_consistency(m, n, &roots[old], &roots[new], &want), Ok(()), "{old} to {new}");
            if 0 < old && old < new {
                let wrong = &roots[old - 1];
                assert!(verify_consistency(m, n, wrong, &roots[new], &want).is_err());
                assert!(verify_consistency(m, n, &roots[old], wrong, &want).is_err());
            }
        }
    }
}

#[test]
fn every_subtree_proof_up_to_40() {
    let all = leaves(40);
    for size in 1..=40u64 {
        let root = naive_root(&all[..size as usize]);
        for start in 0..size {
            for end in start..=size + 1 {
                let aligned = end <= size && start % (end - start).next_power_of_two() == 0;
                let proof = subtree_consistency_proof(start, end, size, &mut Naive(all.clone()));
                if !aligned {
                    assert!(proof.is_err(), "[{start}, {end}) of {size}");
                    continue;
                }
                let proof = proof.unwrap();
                let subtree = naive_root(&all[start as usize..end as usize]);
                assert_eq!(subtree_root(start, end, &mut Naive(all.clone())), Ok(subtree));
                assert_eq!(verify_subtree_consistency(start, end, size, &subtree, &root, &proof), Ok(()));
                assert!(verify_subtree_consistency(start, end, size, &leaf_hash(b"?"), &root, &proof).is_err());
                let other = verify_subtree_consistency(start, end, size, &subtree, &leaf_hash(b"?"), &proof);
                assert_eq!(other.is_ok(), start == end, "the root of the tree says nothing about an empty subtree");
                let longer = [proof, vec![root]].concat();
                assert!(verify_subtree_consistency(start, end, size, &subtree, &root, &longer).is_err());
            }
        }
    }
}

#[test]
fn completed_nodes_are_reported_once_and_right() {
    let all = leaves(SIZES);
    let mut range = CompactRange::new();
    let mut seen = std::collections::BTreeMap::new();
    for leaf in &all {
        range.push_with(*leaf, |level, index, hash| assert!(seen.insert((level, index), hash).is_none())).unwrap();
    }
    let want: usize = (0..8).map(|level| SIZES >> level).sum();
    assert_eq!(seen.len(), want);
    let mut naive = Naive(all);
    for ((level, index), hash) in seen {
        assert_eq!(naive.node(level, index), Ok(hash));
    }
}

#[test]
fn nodes_are_found_in_tiles() {
    let size = 700u64;
    let all = leaves(700);
    let mut naive = Naive(all.clone());
    for level in 0..10u8 {
        for index in 0..size >> level {
            let place = tile_of_node(level, index).unwrap();
            let tile = place.tile(size).expect("a complete node is in a tile of the tree");
            assert!(tiles_at(size).unwrap().any(|other| other == tile));
            let from = tile.index() * 256;
            let hashes: Vec<Hash> =
                (from..from + u64::from(tile.width())).map(|i| naive.node(place.level * 8, i).unwrap()).collect();
            assert_eq!(place.hash(&hashes), Some(naive.node(level, index).unwrap()));
            let end = usize::from(place.first + place.count);
            assert_eq!(place.hash(&hashes[..end - 1]), None, "too narrow a tile");
        }
        assert_eq!(tile_of_node(level, size >> level).unwrap().tile(size), None, "not complete");
    }
}

#[test]
fn limits_are_errors() {
    let h = empty_root();
    let over = MAX_SIZE + 1;
    assert_eq!(verify_inclusion(0, over, &h, &[], &h), Err(ProofError::SizeTooLarge(over)));
    assert_eq!(
        verify_inclusion(u64::MAX, 1, &h, &[], &h),
        Err(ProofError::IndexOutOfRange { index: u64::MAX, size: 1 })
    );
    assert_eq!(verify_inclusion(0, 0, &h, &[], &h), Err(ProofError::IndexOutOfRange { index: 0, size: 0 }));
    assert_eq!(verify_consistency(1, u64::MAX, &h, &h, &[]), Err(ProofError::SizeTooLarge(u64::MAX)));
    assert_eq!(verify_consistency(2, 1, &h, &h, &[]), Err(ProofError::Shrunk { old: 2, new: 1 }));
    assert_eq!(verify_consistency(0, 5, &h, &leaf_hash(b""), &[]), Ok(()));
    assert_eq!(verify_consistency(0, 0, &h, &leaf_hash(b""), &[]), Err(ProofError::RootMismatch));
    assert_eq!(verify_consistency(0, 5, &leaf_hash(b""), &h, &[]), Err(ProofError::OldRootMismatch));
    assert!(matches!(
        verify_subtree_consistency(u64::MAX, u64::MAX, MAX_SIZE, &h, &h, &[]),
        Err(ProofError::NotASubtree { .. })
    ));
    let largest = inclusion_proof(MAX_SIZE - 1, MAX_SIZE, &mut Constant).unwrap();
    assert_eq!(largest.len(), 48);
    assert_eq!(consistency_proof(MAX_SIZE - 1, MAX_SIZE, &mut Constant).unwrap().len(), 49);
    assert_eq!(CompactRange::from_parts(over, vec![h, h]), Err(ProofError::SizeTooLarge(over)));
    assert_eq!(CompactRange::from_parts(5, vec![h]), Err(ProofError::Edge { found: 1, size: 5 }));
    let mut full = CompactRange::from_parts(MAX_SIZE, vec![h]).unwrap();
    assert_eq!(full.push(h), Err(ProofError::SizeTooLarge(over)));
    assert_eq!(full.size(), MAX_SIZE);
}

struct Constant;

impl HashReader for Constant {
    type Error = ();

    fn node(&mut self, _: u8, _: u64) -> Result<Hash, ()> {
        Ok(Hash([7; 32]))
    }
}

proptest! {
    #[test]
    fn any_flipped_bit_breaks_a_proof(size in 2usize..300, at in any::<usize>(), old in any::<usize>(), bit in any::<usize>()) {
        let all = leaves(size);
        let root = naive_root(&all);
        let index = at % size;
        let mut proof = naive_path(index, &all);
        let bit_at = bit % (proof.len() * 256);
        proof[bit_at / 256].0[bit_at % 256 / 8] ^= 1 << (bit_at % 8);
        prop_assert!(verify_inclusion(index as u64, size as u64, &all[index], &proof, &root).is_err());

        let old = old % (size - 1) + 1;
        let old_root = naive_root(&all[..old]);
        let mut proof = naive_subproof(old, &all, true);
        let bit_at = bit % (proof.len() * 256);
        proof[bit_at / 256].0[bit_at % 256 / 8] ^= 1 << (bit_at % 8);
        prop_assert!(verify_consistency(old as u64, size as u64, &old_root, &root, &proof).is_err());
    }

    #[test]
    fn a_proof_holds_for_its_index_and_size_only(size in 1usize..200, other in 0u64..260, at in any::<usize>()) {
        let all = leaves(size);
        let root = naive_root(&all);
        let index = at % size;
        let proof = naive_path(index, &all);
        let by_index = verify_inclusion(other, size as u64, &all[index], &proof, &root).is_ok();
        prop_assert_eq!(by_index, other == index as u64);
        let mut longer = proof.clone();
        longer.push(root);
        prop_assert!(verify_inclusion(index as u64, size as u64, &all[index], &longer, &root).is_err());
    }

    #[test]
    fn arbitrary_questions_never_panic(start in any::<u64>(), end in any::<u64>(), size in any::<u64>(), hashes in prop::collection::vec(any::<[u8; 32]>(), 0..70)) {
        let proof: Vec<Hash> = hashes.into_iter().map(Hash).collect();
        let h = empty_root();
        for size in [size, size % (MAX_SIZE + 2), size % 100] {
            let (start, end) = (start % size.max(1), end % size.saturating_add(2).max(1));
            prop_assert!(verify_inclusion(start, size, &h, &proof, &h).is_err() || size == 1);
            let _ = verify_consistency(start, size, &h, &h, &proof);
            let _ = verify_subtree_consistency(start, end, size, &h, &h, &proof);
            let _ = subtree_consistency_proof(start, end, size, &mut Constant);
            let _ = root_at(size, &mut Constant);
        }
    }

    #[test]
    fn appending_equals_the_definition(size in 0usize..1500) {
        let all = leaves(size);
        let mut range = CompactRange::new();
        for leaf in &all {
            range.push(*leaf).unwrap();
        }
        prop_assert_eq!(range.root(), naive_root(&all));
    }
}
