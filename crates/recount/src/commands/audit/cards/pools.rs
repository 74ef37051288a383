//! Batches whose cards have no records of their own, only published totals (ONEAudit).

use std::collections::BTreeMap;
use std::path::Path;

use recount_audit::oneaudit::Pool;
use recount_exchange::cvr::{Batch, CastVotes};

use super::frame::Drawable;
use crate::error::{CliError, Outcome, input, read_text};

/// Pools with their cards.
#[derive(Debug, Default)]
pub struct Pools {
    /// In order of the manifest.
    pub pools: Vec<Pool>,
    /// Their batches.
    names: Vec<String>,
    /// Votes of all of them, in order of the choices.
    pub votes: Vec<u64>,
}

impl Pools {
    /// Reads the totals: CSV with the columns batch, choice, votes. Choices that no record names are added to `choices`.
    pub fn read(path: &Path, batches: &[Batch], cast: Option<&CastVotes>, choices: &mut Vec<String>) -> Outcome<Self> {
        let text = read_text(path)?;
        let wrong = |line: usize, what: &str| CliError::Input(format!("{}: line {line}: {what}", path.display()));
        let mut lines = text.lines().enumerate();
        if lines.next().is_none_or(|(_, head)| head.trim().trim_start_matches('\u{feff}') != "batch,choice,votes") {
            return Err(wrong(1, "the head should be batch,choice,votes"));
        }
        let mut totals: BTreeMap<String, BTreeMap<usize, u64>> = BTreeMap::new();
        for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
            let row = line.split_once(',').and_then(|(batch, rest)| {
                let (choice, votes) = rest.rsplit_once(',')?;
                Some((unquoted(batch), unquoted(choice), votes.trim().parse::<u64>().ok()?))
            });
            let Some((batch, choice, votes)) = row.filter(|row| !row.0.is_empty() && !row.1.is_empty()) else {
                return Err(wrong(at + 1, "a batch, a choice and a number of votes belong here"));
            };
            let place = choices.iter().position(|own| own == choice).unwrap_or_else(|| {
                choices.push(choice.to_owned());
                choices.len() - 1
            });
            if totals.entry(batch.to_owned()).or_default().insert(place, votes).is_some() {
                return Err(wrong(at + 1, "a choice comes twice in its batch"));
            }
        }
        let mut own = Self { votes: vec![0; choices.len()], ..Self::default() };
        for (name, votes) in totals {
            own.add(name, &votes, batches, cast)?;
        }
        Ok(own)
    }

    fn add(
        &mut self,
        name: String,
        votes: &BTreeMap<usize, u64>,
        batches: &[Batch],
        cast: Option<&CastVotes>,
    ) -> Outcome {
        let Some(batch) = batches.iter().find(|batch| batch.name == name) else {
            return input(format!("batch `{name}` of the totals is not in the manifest"));
        };
        if batch.cards == 0 {
            return input(format!("batch `{name}` has totals, and no cards in the manifest"));
        }
        let place = cast.and_then(|cast| cast.batches.iter().position(|own| *own == name));
        let recorded = |at: usize| cast.is_some_and(|cast| cast.cards.iter().any(|card| is_of(card.batch, at)));
        if place.is_some_and(recorded) {
            return input(format!("batch `{name}` has both records and totals: one of the two is its report"));
        }
        let all: Vec<u64> = (0..self.votes.len()).map(|at| votes.get(&at).copied().unwrap_or(0)).collect();
        for (sum, n) in self.votes.iter_mut().zip(&all) {
            *sum = sum.checked_add(*n).ok_or_else(|| CliError::Input("the votes are too many to count".to_owned()))?;
        }
        self.pools.push(Pool { ballots: batch.cards, votes: all });
        self.names.push(name);
        Ok(())
    }

    /// Whether a batch is a pool.
    pub fn holds(&self, batch: &str) -> bool {
        self.names.iter().any(|name| name == batch)
    }

    /// The cards of all pools, by their places.
    pub fn cards(&self) -> impl Iterator<Item = Drawable> {
        self.names.iter().zip(&self.pools).enumerate().flat_map(|(at, (name, pool))| {
            let card = move |n: u64| Drawable {
                id: format!("{name}:{n}"),
                batch: name.clone(),
                reported: None,
                pool: Some(at),
            };
            (1..=pool.ballots).map(card)
        })
    }
}

fn is_of(batch: Option<u32>, at: usize) -> bool {
    batch.and_then(|own| usize::try_from(own).ok()) == Some(at)
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches('"')
}
