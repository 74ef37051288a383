//! The lines of the hand protocols, so that their controls hold, and the few honest errors that break one.

use super::counts::parts;
use super::register::Register;
use super::{GenerateError, SEED, assumed};
use crate::figures::LISTS;
use crate::random::Random;
use crate::split::Table;
use crate::story::{HandCount, MachineCount, Minute, Slip, Totals};

/// The last minute before the briefing.
const LAST: u64 = 899;

/// The protocols as they arrived, each after the machine count of its station.
pub(crate) fn statements(
    register: &Register,
    hand: &Table,
    machine: &[MachineCount],
) -> Result<Vec<HandCount>, GenerateError> {
    let mut random = Random::stream(SEED, 8);
    let arrived: std::collections::BTreeMap<&str, Minute> =
        machine.iter().map(|count| (count.station.as_str(), count.at_minute)).collect();
    let mut counts = Vec::new();
    for (at, row) in hand.iter().enumerate().filter(|(at, _)| register.by_hand[*at]) {
        let station = &register.stations[at];
        let scanned = arrived.get(station.id.as_str()).copied().unwrap_or_default();
        let scanned = u64::try_from(scanned).map_err(|_| GenerateError::Overflow)?;
        let minute = random.between(170, LAST).max(scanned + 15).min(LAST);
        let mut count = lines(station.registered, row, &mut random)?;
        count.station.clone_from(&station.id);
        count.at_minute = Minute::try_from(minute).map_err(|_| GenerateError::Overflow)?;
        counts.push(count);
    }
    let order = random.order(counts.len());
    let kinds = [Slip::Cancelled, Slip::IssuedAtStation, Slip::StationaryBox, Slip::PortableBox];
    for (&at, kind) in order.iter().zip(kinds.into_iter().cycle()).take(assumed::SLIPS) {
        slip(&mut counts[at], kind, random.between(1, 9));
    }
    counts.sort_by(|a, b| (a.at_minute, &a.station).cmp(&(b.at_minute, &b.station)));
    Ok(counts)
}

/// Lines that satisfy every control: ballots come in fifties, about one voter in eighty votes outside the premises.
fn lines(registered: u64, row: &[u64], random: &mut Random) -> Result<HandCount, GenerateError> {
    let (votes, against_all, invalid) = parts(row)?;
    let valid = votes.iter().sum::<u64>() + against_all;
    let voters = valid + invalid;
    let outside = voters * random.between(2, 23) / 1000;
    let additional_list = random.between(0, 3);
    let ballots_received = (registered + additional_list).div_ceil(50) * 50;
    Ok(HandCount {
        station: String::new(),
        at_minute: 0,
        registered,
        additional_list,
        ballots_received,
        early: 0,
        issued_at_station: voters - outside,
        issued_outside: outside,
        cancelled: ballots_received.checked_sub(voters).ok_or(GenerateError::Infeasible("more voters than ballots"))?,
        portable_box: outside,
        stationary_box: voters - outside,
        valid,
        invalid,
        voters_took_part: voters,
        votes,
        against_all,
        slip: None,
    })
}

/// Puts an error of `size` ballots into one line (two for the portable box).
fn slip(count: &mut HandCount, kind: Slip, size: u64) {
    match kind {
        Slip::Cancelled => count.cancelled += size,
        Slip::IssuedAtStation => count.issued_at_station = count.issued_at_station.saturating_sub(size),
        Slip::StationaryBox => count.stationary_box = count.stationary_box.saturating_sub(size),
        Slip::PortableBox => {
            let moved = size.min(count.stationary_box);
            count.portable_box += moved;
            count.stationary_box -= moved;
        }
    }
    count.slip = Some(kind);
}

/// Sums of hand counts.
pub(crate) fn totals(counts: &[HandCount]) -> Totals {
    let mut votes = [0; LISTS];
    for count in counts {
        for (sum, more) in votes.iter_mut().zip(count.votes) {
            *sum += more;
        }
    }
    Totals {
        stations: counts.len() as u64,
        voters_took_part: counts.iter().map(|count| count.voters_took_part).sum(),
        invalid: counts.iter().map(|count| count.invalid).sum(),
        votes,
        against_all: counts.iter().map(|count| count.against_all).sum(),
    }
}
