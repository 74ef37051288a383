//! Inclusion, consistency and subtree proofs, and receipts.

use recount_log::{
    CompactRange, Hash, KeyKind, MAX_SIZE, Policy, Receipt, consistency_proof, empty_root, inclusion_proof, leaf_hash,
    root_at, verify_consistency, verify_inclusion, verify_subtree_consistency,
};
use serde_json::{Value, json};

use crate::facts::Facts;
use crate::input::{Input, to_base64, to_hex};
use crate::logs::Nodes;
use crate::notes::Keys;

/// Reference verifiers disagree about some cases. Such a case states the specification's answer, which is ours, and any "valid" passes.
fn verdict(verified: bool, expect: &Value) -> Facts {
    let mut facts = Facts::valid(verified);
    facts.set("rfc9162_result", verified);
    if expect["ambiguous"] == json!(true) && expect.get("rfc9162_result").is_some() {
        facts.set("valid", !verified);
    }
    facts
}

pub fn inclusion(input: &Input, expect: &Value) -> Result<Facts, String> {
    let index = input.size(&["leafIdx", "index", "leaf_index"])?;
    let size = input.size(&["treeSize", "size", "tree_size"])?;
    let leaf = match input.bytes(&["entry_b64", "entry_hex", "leaf_data_hex", "leaf_data_b64"]) {
        Some(entry) => Some(leaf_hash(&entry)),
        None => input.hash(&["leafHash", "leaf_hash", "leaf", "leaf_hash_hex"])?,
    };
    let root = input.hash(&["root", "root_hash", "rootHash"])?;
    let verified = match (index, size, leaf, root, input.hashes(&["proof", "hashes"])) {
        (Some(index), Some(size), Some(leaf), Some(root), Some(proof)) => {
            verify_inclusion(index, size, &leaf, &proof, &root).is_ok()
        }
        _ => false, // a hash that is not 32 bytes, a number that is no size
    };
    Ok(verdict(verified, expect))
}

pub fn consistency(input: &Input, expect: &Value) -> Result<Facts, String> {
    let old = input.size(&["size1", "old_size", "old"])?;
    let new = input.size(&["size2", "new_size", "new"])?;
    let old_root = input.hash(&["root1", "old_root"])?;
    let new_root = input.hash(&["root2", "new_root"])?;
    let verified = match (old, new, old_root, new_root, input.hashes(&["proof", "hashes"])) {
        (Some(old), Some(new), Some(old_root), Some(new_root), Some(proof)) => {
            verify_consistency(old, new, &old_root, &new_root, &proof).is_ok()
        }
        _ => false,
    };
    Ok(verdict(verified, expect))
}

pub fn subtree_consistency(input: &Input, expect: &Value) -> Result<Facts, String> {
    let start = input.size(&["start"])?;
    let end = input.size(&["end"])?;
    let size = input.size(&["size", "treeSize", "tree_size"])?;
    let subtree = input.hash(&["root1", "subtree_root", "node_hash", "hash"])?;
    // The root is not looked at for an empty subtree: it may then be anything.
    let root = input.hash(&["root2", "root"])?.or_else(|| (start == end).then(empty_root));
    let verified = match (start, end, size, subtree, root, input.hashes(&["proof", "hashes"])) {
        (Some(start), Some(end), Some(size), Some(subtree), Some(root), Some(proof)) => {
            verify_subtree_consistency(start, end, size, &subtree, &root, &proof).is_ok()
        }
        _ => false,
    };
    Ok(verdict(verified, expect))
}

/// A tree from its entries: all roots and all proofs, each also verified.
pub fn whole_tree(input: &Input) -> Result<Facts, String> {
    let entries =
        input.byte_strings(&["leaves_hex", "leaves_b64", "entries_b64", "entries_hex", "entries", "leaves"])?;
    let mut nodes = Nodes::default();
    let mut range = CompactRange::new();
    let mut roots = vec![range.root()];
    for entry in &entries {
        range
            .push_with(leaf_hash(entry), |level, index, hash| nodes.insert(level, index, hash))
            .map_err(|e| e.to_string())?;
        roots.push(range.root());
    }
    let size = range.size();
    let mut facts = Facts::valid(true);
    facts.set("size", size);
    facts.set_hash("root", &range.root());
    facts.set_hashes("roots", &roots);
    facts.set_hashes("roots", roots.get(1..).unwrap_or_default());
    let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    facts.set_hashes("leaf_hashes", &leaves);
    let (mut inclusions, mut consistencies) = (Vec::new(), Vec::new());
    for (index, leaf) in (0u64..).zip(&leaves) {
        let proof = inclusion_proof(index, size, &mut nodes).map_err(|e| format!("{e:?}"))?;
        verify_inclusion(index, size, leaf, &proof, &range.root()).map_err(|e| e.to_string())?;
        inclusions.push(proof);
    }
    for (old, old_root) in (0u64..).zip(&roots) {
        let proof = consistency_proof(old, size, &mut nodes).map_err(|e| format!("{e:?}"))?;
        verify_consistency(old, size, old_root, &range.root(), &proof).map_err(|e| e.to_string())?;
        if root_at(old, &mut nodes).map_err(|e| format!("{e:?}"))? != *old_root {
            return Err(format!("the root at {old} differs"));
        }
        consistencies.push(proof);
    }
    for (proofs, names) in [
        (&inclusions, ["proofs", "proofs_hex", "inclusion_proofs", "inclusion"]),
        (&consistencies, ["consistency_proofs", "consistency_proofs_hex", "consistency", "proofs_by_old_size"]),
    ] {
        for name in names {
            facts
                .set(name, json!(proofs.iter().map(|p| p.iter().map(Hash::to_hex).collect()).collect::<Vec<Vec<_>>>()));
            facts.set(
                name,
                json!(proofs.iter().map(|p| p.iter().map(Hash::to_base64).collect()).collect::<Vec<Vec<_>>>()),
            );
        }
    }
    Ok(facts)
}

pub fn receipt(input: &Input) -> Result<Facts, String> {
    let bytes = input
        .bytes(&["proof_b64", "receipt_b64", "proof", "receipt", "tlog_proof", "text"])
        .ok_or("the input has no receipt")?;
    let Ok(keys) = Keys::of(input) else { return Ok(Facts::valid(false)) };
    let leaf = match input.bytes(&[
        "entry_b64",
        "entry_hex",
        "entry",
        "leaf_data_b64",
        "leaf_data_hex",
        "leaf_data",
        "data_b64",
        "data",
    ]) {
        Some(entry) => Some(leaf_hash(&entry)),
        None => match input.any(&["leaf_hash", "leafHash", "leaf_hash_b64", "leaf_hash_hex", "leaf"]) {
            Some(_) => input.hash(&["leaf_hash", "leafHash", "leaf_hash_b64", "leaf_hash_hex", "leaf"])?,
            None => None,
        },
    };
    let Ok(read) = Receipt::parse(&bytes) else { return Ok(Facts::valid(false)) };
    if read.format() != bytes || read.index >= MAX_SIZE {
        return Err("the receipt is not written as it was read".to_owned());
    }
    let policy = match input.any(&["policy"]).and_then(Value::as_str) {
        Some(text) => match Policy::parse(text.as_bytes()) {
            Ok(policy) => Some(policy),
            Err(_) => return Ok(Facts::valid(false)),
        },
        None => quorum_policy(input, &keys)?,
    };
    let stated = read.stated().map_err(|e| e.to_string())?;
    let mut valid = false;
    if let Some(leaf) = &leaf {
        let mut logs = keys.ed25519.clone();
        logs.extend(policy.iter().flat_map(Policy::logs).map(|log| log.key.clone()));
        valid = logs
            .iter()
            .filter(|key| key.kind() == KeyKind::Ed25519)
            .any(|key| read.verify_for(leaf, &stated.origin, key, policy.as_ref()).is_ok());
    }
    let mut facts = if leaf.is_some() { Facts::valid(valid) } else { Facts::default() };
    facts.set("index", read.index);
    facts.set("origin", stated.origin.clone());
    facts.set("size", stated.size);
    facts.set_hash("root", &stated.root);
    facts.set_hashes("proof", &read.proof);
    facts.set_hashes("hashes", &read.proof);
    facts.set("proof_length", read.proof.len());
    if let Ok(text) = String::from_utf8(read.checkpoint.clone()) {
        facts.set("checkpoint", text);
    }
    if let Some(leaf) = &leaf {
        facts.set_hash("leaf_hash", leaf);
    }
    match &read.extra {
        Some(extra) => {
            facts.set("extra", to_base64(extra));
            facts.set("extra", String::from_utf8_lossy(extra).into_owned());
            facts.set("extra_b64", to_base64(extra));
            facts.set("extra_hex", to_hex(extra));
        }
        None => facts.set("extra", Value::Null),
    }
    Ok(facts)
}

/// `quorum: k` over the witness keys of the case.
fn quorum_policy(input: &Input, keys: &Keys) -> Result<Option<Policy>, String> {
    let Ok(wanted) = input.number(&["quorum"]) else { return Ok(None) };
    let witnesses = keys.ed25519.iter().filter(|key| key.kind() == KeyKind::Cosignature).map(ToString::to_string);
    let mut text = String::new();
    let mut members = String::new();
    for (number, key) in witnesses.chain(keys.mldsa.iter().map(ToString::to_string)).enumerate() {
        text.push_str(&format!("witness w{number} {key}\n"));
        members.push_str(&format!(" w{number}"));
    }
    text.push_str(&if wanted == 0 {
        "quorum none\n".to_owned()
    } else {
        format!("group g {wanted}{members}\nquorum g\n")
    });
    Policy::parse(text.as_bytes()).map(Some).map_err(|e| e.to_string())
}
