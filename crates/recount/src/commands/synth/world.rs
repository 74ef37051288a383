//! The synthetic election: its law, its offices, its register, its protocols.

use recount_log::{SigningKey, sha256};
use recount_record::statement::{Charter, Election, Grant, Kind, Protocol, Role, Row};

use super::chance::Chance;
use crate::charter::Opening;
use crate::error::{CliError, Outcome};
use crate::write::in_parallel;

const RULEBOOK: &str = include_str!("rulebook.toml");
const FORMS: &str = include_str!("forms.toml");
/// Rows in one chunk of the register: about 55 kB.
const CHUNK: usize = 700;
/// Grants in one appointment.
const GRANTS: usize = 200;
/// Territories in one region.
const REGION: u32 = 32;

/// Everything that follows from the arguments.
pub struct World {
    seed: u64,
    stations: u32,
    territories: u32,
    lists: Vec<String>,
    log: SigningKey,
    commission: SigningKey,
    /// Per territory, as many keys as each protocol has signatures.
    keys: Vec<Vec<SigningKey>>,
}

impl World {
    /// Makes the keys.
    pub fn new(seed: u64, stations: u32, territories: u32, lists: u8, signatures: u8) -> Outcome<World> {
        let origin = format!("synth-{seed}.example");
        let key = |name: &str| {
            let material = sha256(format!("recount synth {seed} {name}").as_bytes());
            SigningKey::from_seed(name, material.0)
                .map_err(|why| CliError::Input(format!("the key name \"{name}\": {why}")))
        };
        let offices: Vec<u32> = (0..territories).collect();
        let keys = in_parallel(&offices, |territory| {
            let name = |n: u8| format!("territory-{territory:05}-{n}.{origin}");
            (1..=signatures).map(|n| key(&name(n))).collect::<Outcome<Vec<SigningKey>>>()
        });
        Ok(World {
            seed,
            stations,
            territories,
            lists: (1..=lists).map(|n| format!("list-{n:03}")).collect(),
            log: key(&origin)?,
            commission: key(&format!("commission.{origin}"))?,
            keys: keys.into_iter().collect::<Outcome<_>>()?,
        })
    }

    /// The log's key.
    pub fn log(&self) -> &SigningKey {
        &self.log
    }

    /// The commission's key.
    pub fn commission(&self) -> &SigningKey {
        &self.commission
    }

    /// How many stations there are.
    pub fn stations(&self) -> u32 {
        self.stations
    }

    /// The charter with its law.
    pub fn opening(&self) -> Opening {
        let required = self.keys.first().map_or(1, Vec::len) as u64;
        let charter = Charter {
            origin: self.log.name().to_owned(),
            nonce: sha256(format!("nonce {}", self.seed).as_bytes()).to_hex().chars().take(32).collect(),
            semantics: 1,
            election: Election {
                id: "synthetic".to_owned(),
                title: "A synthetic election, for load and scale".to_owned(),
                polling_day: "2027-01-03".to_owned(),
            },
            rulebook: sha256(RULEBOOK.as_bytes()),
            forms: sha256(FORMS.as_bytes()),
            log: self.log.verifier(),
            keys: vec![Grant { key: self.commission.verifier(), role: Role::Commission, scope: "*".to_owned() }],
            bodies: Vec::new(),
            required: if required > 1 { vec![(Role::Precinct, required)] } else { Vec::new() },
            repeats: None,
        };
        Opening { charter, rulebook: RULEBOOK.to_owned(), forms: FORMS.to_owned(), rows: Vec::new() }
    }

    /// The territory of a station: territories are as equal as they can be, and hold neighbours.
    fn territory(&self, station: u32) -> u32 {
        let at = u64::from(station) * u64::from(self.territories) / u64::from(self.stations.max(1));
        u32::try_from(at).unwrap_or(0)
    }

    /// Rows of the register, chunk by chunk.
    pub fn register(&self) -> impl Iterator<Item = Vec<Row>> + '_ {
        let unit = |id: String, level: &str, parent: Option<String>| Row::Unit {
            name: id.clone(),
            id,
            level: level.to_owned(),
            parent,
            attributes: Vec::new(),
        };
        let mut head = vec![unit("country".to_owned(), "national", None)];
        head.extend(
            (0..self.territories.div_ceil(REGION))
                .map(|region| unit(format!("r{region:03}"), "region", Some("country".to_owned()))),
        );
        head.extend((0..self.territories).map(|territory| {
            unit(format!("t{territory:05}"), "territory", Some(format!("r{:03}", territory / REGION)))
        }));
        head.extend(self.lists.iter().map(|id| Row::List {
            id: id.clone(),
            contest: "lists".to_owned(),
            name: id.replace("list-", "List "),
            unit: None,
            attributes: Vec::new(),
        }));
        let head: Vec<Vec<Row>> = head.chunks(CHUNK / 2).map(<[Row]>::to_vec).collect();
        let size = u32::try_from(CHUNK).unwrap_or(u32::MAX);
        let stations = (0..self.stations.div_ceil(size)).map(move |chunk| {
            let from = chunk * size;
            (from..self.stations.min(from.saturating_add(size))).map(|station| self.row(station)).collect()
        });
        head.into_iter().chain(stations)
    }

    fn row(&self, station: u32) -> Row {
        Row::Station {
            id: station_id(station),
            unit: format!("t{:05}", self.territory(station)),
            voters: Some(self.voters(station)),
            parts: Vec::new(),
            name: None,
            attributes: Vec::new(),
        }
    }

    fn voters(&self, station: u32) -> u64 {
        Chance::of(self.seed, u64::from(station)).between(120, 2_400)
    }

    /// The appointments of the territories' keys.
    pub fn grants(&self) -> impl Iterator<Item = Vec<Grant>> + '_ {
        let all: Vec<(usize, &SigningKey)> = self
            .keys
            .iter()
            .enumerate()
            .flat_map(|(territory, keys)| keys.iter().map(move |key| (territory, key)))
            .collect();
        let chunks: Vec<Vec<Grant>> = all
            .chunks(GRANTS)
            .map(|chunk| {
                let grant = |(territory, key): &(usize, &SigningKey)| Grant {
                    key: key.verifier(),
                    role: Role::Precinct,
                    scope: format!("t{territory:05}"),
                };
                chunk.iter().map(grant).collect()
            })
            .collect();
        chunks.into_iter()
    }

    /// The keys that sign a station's protocol.
    pub fn signers(&self, station: u32) -> &[SigningKey] {
        self.keys.get(self.territory(station) as usize).map_or(&[], Vec::as_slice)
    }

    /// A station's protocol: its controls hold.
    pub fn protocol(&self, station: u32) -> Kind<'_> {
        let mut chance = Chance::of(self.seed, u64::from(station));
        let registered = chance.between(120, 2_400);
        let took_part = registered * chance.between(30, 85) / 100;
        let invalid = took_part * chance.between(0, 30) / 1_000;
        let valid = took_part - invalid;
        let weights: Vec<u64> = (1u64..).zip(&self.lists).map(|(rank, _)| chance.between(500, 1_500) / rank).collect();
        let whole: u64 = weights.iter().sum::<u64>().max(1);
        let mut votes: Vec<u64> = weights.iter().map(|weight| valid * weight / whole).collect();
        let given: u64 = votes.iter().sum();
        if let Some(first) = votes.first_mut() {
            // What rounding left over.
            *first += valid - given;
        }
        Kind::Protocol(Protocol {
            poll: 1,
            contest: "lists".into(),
            station: station_id(station).into(),
            part: None,
            source: "hand".into(),
            lines: [
                ("invalid", invalid),
                ("registered", registered),
                ("valid", valid),
                ("voters_took_part", took_part),
            ]
            .map(|(code, n)| (code.into(), n))
            .to_vec(),
            votes: self.lists.iter().map(|id| id.as_str().into()).zip(votes).collect(),
            supersedes: None,
            time: None,
            row: None,
            blobs: Vec::new(),
        })
    }
}

fn station_id(station: u32) -> String {
    format!("s{station:07}")
}
