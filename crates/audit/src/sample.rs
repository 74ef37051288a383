//! Seeded samples in whole numbers: anyone derives the same stations and ballots from the seed.
//!
//! The k-th number (k = 1, 2, ...) is `SHA256(seed "," k)` read as a big-endian integer, modulo the
//! size. The remainder of a 256-bit number is uneven by less than one part in 2^192.

use sha2::{Digest, Sha256};

use crate::AuditError;

/// `SHA256(text)`.
pub(crate) fn sha256(text: &[u8]) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// A digest modulo `size`. `size` must not be 0.
pub(crate) fn modulo(digest: &[u8; 32], size: u64) -> u64 {
    let size = u128::from(size);
    let rest = digest.iter().fold(0_u128, |rest, byte| ((rest << 8) | u128::from(*byte)) % size);
    u64::try_from(rest).unwrap_or(0)
}

/// The k-th number of a seed, from `0..size`.
///
/// # Errors
/// [`AuditError::Parameter`] if `size` is 0.
pub fn number(seed: &str, k: u64, size: u64) -> Result<u64, AuditError> {
    if size == 0 {
        return Err(AuditError::Parameter { what: "size", why: "there is nothing to draw from" });
    }
    Ok(modulo(&sha256(format!("{seed},{k}").as_bytes()), size))
}

/// The ticket of an identified card or station: lowest tickets are drawn first. Tickets do not depend
/// on what else is in the list, so samples of several contests and places fit together (consistent
/// sampling, Rivest 2018, arXiv 1808.10016).
pub fn ticket(seed: &str, id: &str) -> [u8; 32] {
    sha256(format!("{seed},{id}").as_bytes())
}

/// The `take` identifiers with the lowest tickets, in order of ticket (equal tickets: in order of text).
pub fn lowest_tickets<'a>(seed: &str, ids: &[&'a str], take: usize) -> Vec<&'a str> {
    let mut order: Vec<([u8; 32], &str)> = ids.iter().map(|id| (ticket(seed, id), *id)).collect();
    order.sort_unstable();
    order.into_iter().take(take).map(|(_, id)| id).collect()
}

/// One draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw {
    /// Which k of the seed gave it.
    pub k: u64,
    /// Position of the station in the list.
    pub place: usize,
    /// Position of the ballot within the station, from 0. Means something only with replacement or
    /// where every weight is 1.
    pub ballot: u64,
}

/// Stations in a fixed order, drawn with chances in proportion to whole weights (ballots).
#[derive(Debug, Clone)]
pub struct Weighted {
    weights: Vec<u64>,
    ends: Vec<u64>,
    total: u64,
}

impl Weighted {
    /// From weights. A weight of 0 is never drawn.
    ///
    /// # Errors
    /// [`AuditError::Overflow`]; [`AuditError::Parameter`] if nothing has weight.
    pub fn new(weights: &[u64]) -> Result<Self, AuditError> {
        let ends = cumulative(weights)?;
        let total = ends.last().copied().unwrap_or(0);
        if total == 0 {
            return Err(AuditError::Parameter { what: "weights", why: "nothing can be drawn" });
        }
        Ok(Self { weights: weights.to_vec(), ends, total })
    }

    /// The sum of the weights.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many places can be drawn at all.
    pub fn drawable(&self) -> usize {
        self.weights.iter().filter(|w| **w > 0).count()
    }

    /// `count` independent draws: a place may come again.
    pub fn with_replacement(&self, seed: &str, count: u64) -> Vec<Draw> {
        (1..=count).map(|k| locate(&self.ends, modulo(&digest(seed, k), self.total), k)).collect()
    }

    /// Up to `count` different places, each drawn in proportion to weight among those not drawn yet.
    ///
    /// A number that points to a place drawn before is passed over. As soon as the places drawn hold
    /// at least half of the ballots of the table, a new table is made of the places that are left, in
    /// the same order: so a full count ends after few numbers per place, and the chances stay exactly
    /// those of drawing in proportion to weight without replacement.
    ///
    /// # Errors
    /// [`AuditError::Overflow`].
    pub fn without_replacement(&self, seed: &str, count: usize) -> Result<Vec<Draw>, AuditError> {
        let wanted = count.min(self.drawable());
        let mut table = Table { ends: self.ends.clone(), places: (0..self.weights.len()).collect(), drawn: 0 };
        let mut seen = vec![false; self.weights.len()];
        let mut draws = Vec::with_capacity(wanted);
        let mut k = 0;
        while draws.len() < wanted {
            k += 1;
            let total = table.ends.last().copied().unwrap_or(0);
            let found = locate(&table.ends, modulo(&digest(seed, k), total), k);
            let place = table.places[found.place];
            if std::mem::replace(&mut seen[place], true) {
                continue;
            }
            draws.push(Draw { place, ..found });
            table.drawn += self.weights[place];
            if table.drawn >= total.div_ceil(2) && draws.len() < wanted {
                table = self.table_of_rest(&seen)?;
            }
        }
        Ok(draws)
    }

    fn table_of_rest(&self, seen: &[bool]) -> Result<Table, AuditError> {
        let places: Vec<usize> = (0..seen.len()).filter(|place| !seen[*place]).collect();
        let weights: Vec<u64> = places.iter().map(|place| self.weights[*place]).collect();
        Ok(Table { ends: cumulative(&weights)?, places, drawn: 0 })
    }
}

struct Table {
    ends: Vec<u64>,
    places: Vec<usize>,
    drawn: u64,
}

fn digest(seed: &str, k: u64) -> [u8; 32] {
    sha256(format!("{seed},{k}").as_bytes())
}

fn cumulative(weights: &[u64]) -> Result<Vec<u64>, AuditError> {
    let mut end = 0_u64;
    weights
        .iter()
        .map(|weight| {
            end = end.checked_add(*weight).ok_or(AuditError::Overflow)?;
            Ok(end)
        })
        .collect()
}

/// The place whose interval of the table holds `number`.
fn locate(ends: &[u64], number: u64, k: u64) -> Draw {
    let place = ends.partition_point(|end| *end <= number);
    let start = if place == 0 { 0 } else { ends[place - 1] };
    Draw { k, place, ballot: number - start }
}
