//! Who speaks in the demo: offices with keys of their own, all derived from one seed.

use std::collections::BTreeMap;

use recount_kg2020::Story;
use recount_log::{SigningKey, VerifierKey, sha256};

use crate::error::{CliError, Outcome};
use crate::write::in_parallel;

/// The log's origin.
pub const ORIGIN: &str = "kg-2020.example";
/// The log's own key, under the origin's name: it signs checkpoints and the clock.
pub const LOG: &str = ORIGIN;
/// The central commission's secretariat: it opens the record, files the register and announces turnout.
pub const COMMISSION: &str = "commission.kg-2020.example";
/// Files what was published, with its sources.
pub const CHRONICLE: &str = "chronicle.kg-2020.example";
/// Seats of the central commission: from general knowledge, in none of the sources.
pub const SEATS: usize = 12;
/// Seats that must be present, and that must sign: assumed, more than half.
pub const MAJORITY: usize = 7;
/// Judges of the court: assumed.
pub const JUDGES: usize = 3;

/// A seat of the central commission, from 1.
pub fn seat(n: usize) -> String {
    format!("seat-{n:02}.{COMMISSION}")
}

/// A judge of the court, from 1.
pub fn judge(n: usize) -> String {
    format!("judge-{n}.court.kg-2020.example")
}

/// A territorial commission.
pub fn territorial(territory: &str) -> String {
    format!("tec-{territory}.kg-2020.example")
}

/// The boxes that scan, of one territory.
pub fn machine(territory: &str) -> String {
    format!("boxes-{territory}.kg-2020.example")
}

/// The commission of one station.
pub fn precinct(station: &str) -> String {
    format!("precinct-{station}.kg-2020.example")
}

/// An observers' organisation, or whoever complains.
pub fn observer(name: &str) -> String {
    format!("{name}.kg-2020.example")
}

/// All keys by name.
pub struct Cast(BTreeMap<String, SigningKey>);

impl Cast {
    /// Makes every key of the story from a seed.
    pub fn of(story: &Story, seed: &[u8; 32]) -> Outcome<Cast> {
        let mut names = vec![LOG.to_owned(), COMMISSION.to_owned(), CHRONICLE.to_owned()];
        names.extend((1..=SEATS).map(seat));
        names.extend((1..=JUDGES).map(judge));
        names.extend(observers(story).iter().map(|name| observer(name)));
        for territory in &story.territories {
            names.extend([territorial(&territory.id), machine(&territory.id)]);
        }
        names.extend(story.stations.iter().map(|station| precinct(&station.id)));
        let keys = in_parallel(&names, |name| {
            let mut material = b"recount demo key\n".to_vec();
            material.extend_from_slice(seed);
            material.extend_from_slice(name.as_bytes());
            SigningKey::from_seed(name, sha256(&material).0)
        });
        let keys = keys.into_iter().collect::<Result<Vec<_>, _>>();
        let keys = keys.map_err(|why| CliError::Input(format!("a key of the demo: {why}")))?;
        Ok(Cast(names.into_iter().zip(keys).collect()))
    }

    /// The key of an office.
    pub fn key(&self, name: &str) -> Outcome<&SigningKey> {
        self.0.get(name).ok_or_else(|| CliError::Input(format!("the demo has no key \"{name}\"")))
    }

    /// Its verifier key.
    pub fn verifier(&self, name: &str) -> Outcome<VerifierKey> {
        Ok(self.key(name)?.verifier())
    }
}

/// Everybody who observes or complains, each once.
pub fn observers(story: &Story) -> Vec<String> {
    let copies = story.copies.iter().map(|copy| copy.by.clone());
    let mut names: Vec<String> =
        copies.chain(story.complaints.iter().map(|complaint| complaint.by.to_owned())).collect();
    names.sort();
    names.dedup();
    names
}
