//! Reading a policy file. Names are octets, as the specification wants: no Unicode rules decide whether two names are equal.

use std::collections::{BTreeMap, BTreeSet};

use super::{Node, Policy, PolicyError, PolicyLog, PolicyWitness, WitnessKey};
use crate::checkpoint::parse_decimal;
use crate::key::{KeyError, KeyKind, VerifierKey};

/// The largest policy that is read, in bytes.
const MAX_BYTES: usize = 1_000_000;
/// The most logs, witnesses and groups (the specification asks for 32 each).
const MAX_ITEMS: usize = 1_000;

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// [`PolicyError`], with the line where something is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Policy, PolicyError> {
        if bytes.len() > MAX_BYTES {
            return Err(PolicyError::TooLarge);
        }
        let mut reader = Reader::default();
        for (number, line) in bytes.split(|b| *b == b'\n').enumerate() {
            reader.line(number.saturating_add(1), line)?;
        }
        let &[quorum] = reader.quorums.as_slice() else {
            return Err(PolicyError::Quorum(reader.quorums.len()));
        };
        Ok(Policy { logs: reader.logs, witnesses: reader.witnesses, nodes: reader.nodes, quorum })
    }
}

#[derive(Default)]
struct Reader<'a> {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    nodes: Vec<Node>,
    quorums: Vec<Option<usize>>,
    names: BTreeMap<&'a [u8], usize>,
    members: BTreeSet<usize>,
    log_keys: BTreeSet<[u8; 32]>,
    witness_keys: BTreeSet<Vec<u8>>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, number: usize, line: &'a [u8]) -> Result<(), PolicyError> {
        if line.iter().any(|b| (*b < b' ' && *b != b'\t') || *b == 0x7f) {
            return Err(PolicyError::ControlCharacter(number));
        }
        let words: Vec<&[u8]> = line.split(|b| *b == b' ' || *b == b'\t').filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with(b"#") => Ok(()),
            [b"log", key] => self.log(number, key, None),
            [b"log", key, url] => self.log(number, key, Some(url)),
            [b"witness", name, key] => self.witness(number, name, key, None),
            [b"witness", name, key, url] => self.witness(number, name, key, Some(url)),
            [b"group", name, threshold, members @ ..] => self.group(number, name, threshold, members),
            [b"quorum", b"none"] => {
                self.quorums.push(None);
                Ok(())
            }
            [b"quorum", name] => {
                let node = self.lookup(number, name)?;
                self.quorums.push(Some(node));
                Ok(())
            }
            _ => Err(PolicyError::Line(number)),
        }
    }

    fn log(&mut self, number: usize, key: &[u8], url: Option<&[u8]>) -> Result<(), PolicyError> {
        let key = VerifierKey::parse(utf8(number, key)?).map_err(|error| PolicyError::Key { line: number, error })?;
        if key.kind() != KeyKind::Ed25519 {
            return Err(PolicyError::KeyKind(number));
        }
        if !self.log_keys.insert(key.public()) {
            return Err(PolicyError::DuplicateKey(number));
        }
        if self.logs.len() >= MAX_ITEMS {
            return Err(PolicyError::TooLarge);
        }
        self.logs.push(PolicyLog { key, url: url.map(lossy) });
        Ok(())
    }

    fn witness(&mut self, number: usize, name: &'a [u8], key: &[u8], url: Option<&[u8]>) -> Result<(), PolicyError> {
        let key = WitnessKey::parse(utf8(number, key)?).map_err(|error| match error {
            KeyError::Unsupported(_) => PolicyError::KeyKind(number),
            error => PolicyError::Key { line: number, error },
        })?;
        let public = match &key {
            WitnessKey::Ed25519(key) => key.public().to_vec(),
            WitnessKey::MlDsa44(key) => key.public().to_vec(),
        };
        if !self.witness_keys.insert(public) {
            return Err(PolicyError::DuplicateKey(number));
        }
        self.define(number, name, Node::Witness(self.witnesses.len()))?;
        self.witnesses.push(PolicyWitness { name: lossy(name), key, url: url.map(lossy) });
        Ok(())
    }

    fn group(&mut self, number: usize, name: &'a [u8], threshold: &[u8], names: &[&[u8]]) -> Result<(), PolicyError> {
        let mut members = Vec::with_capacity(names.len());
        for member in names {
            let node = self.lookup(number, member)?;
            if !self.members.insert(node) {
                return Err(PolicyError::MemberTwice { line: number, name: lossy(member) });
            }
            members.push(node);
        }
        let threshold = match threshold {
            b"all" => members.len(),
            b"any" => 1,
            digits => decimal(digits).ok_or(PolicyError::Threshold(number))?,
        };
        if threshold == 0 || threshold > members.len() {
            return Err(PolicyError::Threshold(number));
        }
        self.define(number, name, Node::Group { threshold, members })
    }

    fn define(&mut self, number: usize, name: &'a [u8], node: Node) -> Result<(), PolicyError> {
        if name == b"none" || self.names.insert(name, self.nodes.len()).is_some() {
            return Err(PolicyError::DuplicateName { line: number, name: lossy(name) });
        }
        if self.nodes.len() >= MAX_ITEMS.saturating_mul(2) {
            return Err(PolicyError::TooLarge);
        }
        self.nodes.push(node);
        Ok(())
    }

    fn lookup(&self, number: usize, name: &[u8]) -> Result<usize, PolicyError> {
        self.names.get(name).copied().ok_or_else(|| PolicyError::UnknownName { line: number, name: lossy(name) })
    }
}

fn utf8(number: usize, key: &[u8]) -> Result<&str, PolicyError> {
    std::str::from_utf8(key).map_err(|_| PolicyError::Key { line: number, error: KeyError::Format })
}

fn decimal(digits: &[u8]) -> Option<usize> {
    parse_decimal(std::str::from_utf8(digits).ok()?).and_then(|value| usize::try_from(value).ok())
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
