//! Trust policies (C2SP tlog-policy): which logs and witnesses are known, and whose cosignatures are enough.
//!
//! ```text
//! log <vkey>
//! witness p1 <vkey>
//! witness p2 <vkey>
//! witness o1 <vkey>
//! group parties any p1 p2
//! group all-of-them all parties o1
//! quorum all-of-them
//! ```

mod parse;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::cosignature;
use crate::key::{KeyError, KeyKind, VerifierKey};
use crate::mldsa::MlDsaKey;
use crate::note::{Note, NoteError, SignatureLine};

/// Why a policy was refused, or is not met.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The file is too large or names too many things.
    #[error("the policy is too large: at most 1 MB, and 1,000 each of logs, witnesses and groups")]
    TooLarge,
    /// A control character other than tab and newline, or the byte 0x7F.
    #[error("policy line {0} holds a control character")]
    ControlCharacter(usize),
    /// A line that is none of the known forms.
    #[error(
        "policy line {0} is not understood: expected \"log KEY [URL]\", \"witness NAME KEY [URL]\", \"group NAME all|any|K MEMBER...\" or \"quorum NAME\""
    )]
    Line(usize),
    /// A key that cannot be read.
    #[error("policy line {line}: {error}")]
    Key {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with the key.
        error: KeyError,
    },
    /// A key of the wrong kind: logs sign with Ed25519 (0x01), witnesses cosign (0x04 or 0x06).
    #[error("policy line {0}: this key has the wrong type: logs need type 0x01, witnesses 0x04 or 0x06")]
    KeyKind(usize),
    /// The same public key twice among the logs or among the witnesses.
    #[error("policy line {0}: this public key is already listed")]
    DuplicateKey(usize),
    /// A name defined twice, or the name `none`.
    #[error("policy line {line}: the name {name:?} is already taken")]
    DuplicateName {
        /// Which line, from 1.
        line: usize,
        /// The name.
        name: String,
    },
    /// A name that no earlier line defines.
    #[error("policy line {line}: {name:?} is not defined on an earlier line")]
    UnknownName {
        /// Which line, from 1.
        line: usize,
        /// The name.
        name: String,
    },
    /// A name that is already a member of a group: nobody may count twice.
    #[error("policy line {line}: {name:?} is already a member of a group")]
    MemberTwice {
        /// Which line, from 1.
        line: usize,
        /// The name.
        name: String,
    },
    /// A threshold that is not between 1 and the number of members.
    #[error("policy line {0}: the threshold must be all, any, or a number from 1 to the number of members")]
    Threshold(usize),
    /// No quorum line, or more than one.
    #[error("the policy must have exactly one quorum line; this one has {0}")]
    Quorum(usize),
    /// The checkpoint's text cannot be read.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A known key's line does not verify.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// No log of the policy has signed the checkpoint under its own origin.
    #[error("no log of the policy has signed this checkpoint of {0:?}")]
    UnknownLog(String),
    /// Too few cosignatures.
    #[error("the quorum is not met: valid cosignatures by {found} of {known} known witnesses")]
    NoQuorum {
        /// How many known witnesses have cosigned.
        found: usize,
        /// How many the policy knows.
        known: usize,
    },
}

/// A witness's key: Ed25519 (0x04) or ML-DSA-44 (0x06).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WitnessKey {
    /// Type 0x04.
    Ed25519(VerifierKey),
    /// Type 0x06.
    MlDsa44(MlDsaKey),
}

impl WitnessKey {
    /// Reads a verifier key of type 0x04 or 0x06.
    ///
    /// # Errors
    /// [`KeyError`]; other types give [`KeyError::Unsupported`].
    pub fn parse(text: &str) -> Result<WitnessKey, KeyError> {
        match VerifierKey::parse(text) {
            Ok(key) if key.kind() == KeyKind::Cosignature => Ok(WitnessKey::Ed25519(key)),
            Ok(key) => Err(KeyError::Unsupported(key.kind().signature_type())),
            Err(KeyError::Unsupported(crate::key::TYPE_MLDSA44)) => MlDsaKey::parse(text).map(WitnessKey::MlDsa44),
            Err(error) => Err(error),
        }
    }

    /// The key's name, as signature lines write it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            WitnessKey::Ed25519(key) => key.name(),
            WitnessKey::MlDsa44(key) => key.name(),
        }
    }

    /// The key's id.
    #[must_use]
    pub fn id(&self) -> u32 {
        match self {
            WitnessKey::Ed25519(key) => key.id(),
            WitnessKey::MlDsa44(key) => key.id(),
        }
    }

    /// The time that `line` states if it is this witness's valid cosignature of the checkpoint, whose text is `body`.
    #[must_use]
    pub fn verify_line(&self, checkpoint: &Checkpoint, body: &str, line: &SignatureLine) -> Option<u64> {
        match self {
            WitnessKey::Ed25519(key) => cosignature::verify_line(key, body, line),
            WitnessKey::MlDsa44(key) => key.verify_line(checkpoint, line),
        }
    }
}

/// A log of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyLog {
    /// Its key; the key's name is the log's origin.
    pub key: VerifierKey,
    /// Where it is, if the policy says so.
    pub url: Option<String>,
}

/// A witness of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyWitness {
    /// Its name within the policy; bytes that are not UTF-8 are shown as U+FFFD.
    pub name: String,
    /// Its key.
    pub key: WitnessKey,
    /// Where it is, if the policy says so.
    pub url: Option<String>,
}

/// A name that a quorum can be made of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Witness(usize),
    Group { threshold: usize, members: Vec<usize> },
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    /// Witnesses and groups in the order of their lines: members come before their group.
    nodes: Vec<Node>,
    /// Index into `nodes`; `None` for `quorum none`.
    quorum: Option<usize>,
}

/// What a policy says about a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What the checkpoint states.
    pub checkpoint: Checkpoint,
    /// Which log of the policy signed it; `None` if the policy lists no logs (then the caller must have verified the log's signature).
    pub log: Option<usize>,
    /// The witnesses with a valid cosignature (index into [`Policy::witnesses`]) and the latest time each states, in seconds since 1970.
    pub cosigned: Vec<(usize, u64)>,
    /// Whether the quorum is met.
    pub quorum: bool,
}

impl Policy {
    /// The logs.
    #[must_use]
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// The witnesses.
    #[must_use]
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// Judges a checkpoint. That the quorum is missed is part of the verdict, not an error.
    ///
    /// # Errors
    /// [`PolicyError::Note`] if a line by a known key does not verify, [`PolicyError::UnknownLog`] if the policy lists logs and none has signed,
    /// [`PolicyError::Checkpoint`].
    pub fn evaluate(&self, note: &Note) -> Result<Verdict, PolicyError> {
        let checkpoint = Checkpoint::parse_body(note.text())?;
        checkpoint.check_empty_root()?;
        let log = self.signing_log(note, &checkpoint)?;
        let mut cosigned = Vec::new();
        for (number, witness) in self.witnesses.iter().enumerate() {
            if let Some(time) = latest_cosignature(&witness.key, &checkpoint, note)? {
                cosigned.push((number, time));
            }
        }
        let quorum = self.is_met(&cosigned);
        Ok(Verdict { checkpoint, log, cosigned, quorum })
    }

    /// As [`Policy::evaluate`], and a missed quorum is an error.
    ///
    /// # Errors
    /// As [`Policy::evaluate`], and [`PolicyError::NoQuorum`].
    pub fn require(&self, note: &Note) -> Result<Verdict, PolicyError> {
        let verdict = self.evaluate(note)?;
        if !verdict.quorum {
            return Err(PolicyError::NoQuorum { found: verdict.cosigned.len(), known: self.witnesses.len() });
        }
        Ok(verdict)
    }

    fn signing_log(&self, note: &Note, checkpoint: &Checkpoint) -> Result<Option<usize>, PolicyError> {
        if self.logs.is_empty() {
            return Ok(None);
        }
        for (number, log) in self.logs.iter().enumerate() {
            if log.key.name() != checkpoint.origin {
                continue;
            }
            match note.verify(std::slice::from_ref(&log.key)) {
                Ok(_) => return Ok(Some(number)),
                Err(NoteError::NoKnownKey) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(PolicyError::UnknownLog(checkpoint.origin.clone()))
    }

    fn is_met(&self, cosigned: &[(usize, u64)]) -> bool {
        let Some(quorum) = self.quorum else {
            return true;
        };
        let mut met: Vec<bool> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let this = match node {
                Node::Witness(witness) => cosigned.iter().any(|(number, _)| number == witness),
                Node::Group { threshold, members } => {
                    members.iter().filter(|member| met.get(**member).copied().unwrap_or(false)).count() >= *threshold
                }
            };
            met.push(this);
        }
        met.get(quorum).copied().unwrap_or(false)
    }
}

/// The latest valid cosignature by `key`; an invalid one refuses the note.
fn latest_cosignature(key: &WitnessKey, checkpoint: &Checkpoint, note: &Note) -> Result<Option<u64>, NoteError> {
    let mut latest = None;
    for (number, line) in note.signatures().iter().enumerate() {
        if line.name != key.name() || line.id != key.id() {
            continue;
        }
        match key.verify_line(checkpoint, note.text(), line) {
            Some(time) => latest = latest.max(Some(time)),
            None => {
                let name = line.name.clone();
                return Err(NoteError::BadSignature { line: number.saturating_add(1), name, id: line.id });
            }
        }
    }
    Ok(latest)
}
