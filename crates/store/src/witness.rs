//! Asking witnesses for cosignatures (C2SP tlog-witness, `add-checkpoint`), as the log.
//!
//! A witness that does not answer does not stop publication: a party must not be able to hold up an election's record.
//! Readers see how many cosigned. But a witness that has seen *more* than the log has does stop the writer: the log was rolled back.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use recount_log::witness::{AddCheckpoint, MAX_REQUEST, parse_conflict, parse_cosignatures};
use recount_log::{Checkpoint, Hash, SignatureLine, VerifierKey, cosignature};

use crate::error::{Head, StoreError};
use crate::options::WriterOptions;
use crate::prover::Prover;
use crate::source::agent;
use crate::writer::Files;

/// A witness that the writer asks.
#[derive(Debug, Clone)]
pub struct Witness {
    /// Its submission prefix: `<url>/add-checkpoint` is called.
    pub url: String,
    /// Its cosignature key (type 0x04). A line that this key does not verify is not published.
    pub key: VerifierKey,
}

/// What a witness answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WitnessAnswer {
    /// It cosigned. The lines are *not* verified.
    Cosigned(Vec<SignatureLine>),
    /// It holds another size than the request said: ask again with a proof from this one.
    Conflict(u64),
    /// It refused.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The start of what it said.
        why: String,
    },
}

/// Sends one `add-checkpoint` request.
///
/// `old` is the size that the witness is believed to hold, `proof` the consistency proof from there.
///
/// # Errors
/// [`StoreError::Http`] if it cannot be reached within `time`, or answers nonsense.
pub fn submit_to_witness(
    url: &str,
    old: u64,
    proof: &[Hash],
    checkpoint: &[u8],
    time: Duration,
) -> Result<WitnessAnswer, StoreError> {
    let address = format!("{}/add-checkpoint", url.trim_end_matches('/'));
    let fail = |why: String| StoreError::Http { url: address.clone(), why };
    let body = AddCheckpoint::format(old, proof, checkpoint);
    let mut response = agent(&address, time, 0)
        .post(&address)
        .content_type("text/plain; charset=utf-8")
        .send(&body[..])
        .map_err(|error| fail(error.to_string()))?;
    let status = response.status().as_u16();
    let most = u64::try_from(MAX_REQUEST).unwrap_or(u64::MAX);
    let answer =
        response.body_mut().with_config().limit(most).read_to_vec().map_err(|error| fail(error.to_string()))?;
    match status {
        200 => parse_cosignatures(&answer).map(WitnessAnswer::Cosigned).map_err(|error| fail(error.to_string())),
        409 => parse_conflict(&answer)
            .map(WitnessAnswer::Conflict)
            .ok_or_else(|| fail("status 409 without a size".to_owned())),
        _ => {
            let why = String::from_utf8_lossy(&answer).chars().filter(|c| !c.is_control()).take(200).collect();
            Ok(WitnessAnswer::Refused { status, why })
        }
    }
}

/// The witnesses of a writer, and what each is known to hold.
#[derive(Debug)]
pub struct Cosigners {
    witnesses: Vec<Witness>,
    deadline: Duration,
    known: Vec<u64>,
}

impl Cosigners {
    /// Takes the witnesses out of the options.
    pub fn new(options: &mut WriterOptions) -> Cosigners {
        let witnesses = std::mem::take(&mut options.witnesses);
        let known = vec![0; witnesses.len()];
        Cosigners { witnesses, deadline: options.witness_deadline, known }
    }

    /// Refuses if a witness has cosigned a larger tree than this head, or another one of its size.
    pub fn check_not_ahead(&mut self, head: &Checkpoint, note: &[u8]) -> Result<(), StoreError> {
        if head.size == 0 || self.witnesses.is_empty() {
            return Ok(());
        }
        let requests = vec![(head.size, Vec::new()); self.witnesses.len()];
        for (place, answer) in self.send(&requests, note, self.deadline).into_iter().enumerate() {
            match answer {
                Ok(WitnessAnswer::Cosigned(_)) => self.set_known(place, head.size),
                Ok(WitnessAnswer::Conflict(size)) if size > head.size => return Err(self.ahead(place, size, head)),
                Ok(WitnessAnswer::Conflict(size)) => self.set_known(place, size),
                Ok(WitnessAnswer::Refused { status: 422, .. }) => {
                    let now = Head { size: head.size, root: head.root };
                    let why = format!(
                        "witness {} refuses {now}: it has cosigned another root at this size",
                        self.name(place)
                    );
                    return Err(StoreError::Invalid(why));
                }
                other => self.warn(place, &other),
            }
        }
        Ok(())
    }

    /// Asks all witnesses at once and returns the lines that verify, at the latest after the deadline.
    pub fn ask(&mut self, files: &mut Files, new: &Checkpoint, note: &[u8]) -> Result<Vec<SignatureLine>, StoreError> {
        let mut lines = Vec::new();
        if self.witnesses.is_empty() || new.size == 0 {
            return Ok(lines);
        }
        let started = Instant::now();
        let mut open: Vec<usize> = (0..self.witnesses.len()).collect();
        // Twice: the second round is for those whose size we did not know.
        for _ in 0..2 {
            let left = self.deadline.saturating_sub(started.elapsed());
            if open.is_empty() || left.is_zero() {
                break;
            }
            let requests = self.requests(files, new)?;
            let answers = self.send(&requests, note, left);
            let mut again = Vec::new();
            for (place, answer) in answers.into_iter().enumerate().filter(|(place, _)| open.contains(place)) {
                match answer {
                    Ok(WitnessAnswer::Cosigned(found)) => {
                        self.set_known(place, new.size);
                        lines.extend(self.verified(place, new, found));
                    }
                    Ok(WitnessAnswer::Conflict(size)) if size > new.size => return Err(self.ahead(place, size, new)),
                    Ok(WitnessAnswer::Conflict(size)) => {
                        self.set_known(place, size);
                        again.push(place);
                    }
                    other => self.warn(place, &other),
                }
            }
            open = again;
        }
        Ok(lines)
    }

    fn requests(&self, files: &mut Files, new: &Checkpoint) -> Result<Vec<(u64, Vec<Hash>)>, StoreError> {
        let head = Head { size: new.size, root: new.root };
        let mut prover = Prover::new(head, files)?;
        let mut proofs: BTreeMap<u64, Vec<Hash>> = BTreeMap::new();
        for old in &self.known {
            let proof = prover.consistency(*old)?;
            proofs.insert(*old, proof);
        }
        Ok(self.known.iter().map(|old| (*old, proofs.get(old).cloned().unwrap_or_default())).collect())
    }

    fn send(
        &self,
        requests: &[(u64, Vec<Hash>)],
        note: &[u8],
        time: Duration,
    ) -> Vec<Result<WitnessAnswer, StoreError>> {
        std::thread::scope(|scope| {
            let threads: Vec<_> = self
                .witnesses
                .iter()
                .zip(requests)
                .map(|(witness, (old, proof))| {
                    scope.spawn(move || submit_to_witness(&witness.url, *old, proof, note, time))
                })
                .collect();
            let lost = || StoreError::Http { url: "witness".to_owned(), why: "the request failed".to_owned() };
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(lost()))).collect()
        })
    }

    fn verified(&self, place: usize, new: &Checkpoint, lines: Vec<SignatureLine>) -> Vec<SignatureLine> {
        let Some(witness) = self.witnesses.get(place) else { return Vec::new() };
        let body = new.to_body();
        let good = |line: &SignatureLine| cosignature::verify_line(&witness.key, &body, line).is_some();
        lines.into_iter().filter(good).take(1).collect()
    }

    fn set_known(&mut self, place: usize, size: u64) {
        if let Some(known) = self.known.get_mut(place) {
            *known = size;
        }
    }

    fn name(&self, place: usize) -> &str {
        self.witnesses.get(place).map_or("?", |witness| &witness.url)
    }

    fn ahead(&self, place: usize, size: u64, now: &Checkpoint) -> StoreError {
        let who = format!("witness {}", self.name(place));
        let now = Head { size: now.size, root: now.root };
        StoreError::WitnessAhead { who, size, now }
    }

    fn warn(&self, place: usize, answer: &Result<WitnessAnswer, StoreError>) {
        tracing::warn!(witness = self.name(place), ?answer, "not cosigned");
    }
}
