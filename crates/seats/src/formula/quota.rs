//! Full quotas; what they leave goes out by `residual`, what they give too many comes back here. A
//! quota is an exact fraction num/den of votes.

use std::cmp::Ordering;

use super::residual::Residual;
use super::{Award, Contender, RawStep, RawTie, Unable, residual};
use crate::Fraction;
use crate::outcome::StepKind;
use crate::rulebook::{QuotaKind, QuotaRule, Rounding};

/// The quota of `votes` for `seats`.
pub(crate) fn quota(kind: QuotaKind, rounding: Rounding, votes: u128, seats: u64) -> Fraction {
    let seats = u128::from(seats);
    let den = match kind {
        QuotaKind::Hare => seats,
        QuotaKind::Droop => return Fraction::new(votes / (seats + 1) + 1, 1u8),
        QuotaKind::HagenbachBischoff => seats + 1,
        QuotaKind::Imperiali => seats + 2,
    };
    let whole = match rounding {
        Rounding::Exact => return Fraction::new(votes, den),
        // Half or more of the divisor left over rounds up.
        Rounding::HalfUp => votes / den + u128::from(votes % den >= den.div_ceil(2)),
        Rounding::Floor => votes / den,
        Rounding::Ceil => votes.div_ceil(den),
    };
    Fraction::new(whole, 1u8)
}

/// One contender's votes in quotas.
struct Part {
    who: usize,
    /// What is left after full quotas, in units of 1/den votes: comparable among all.
    rest: u128,
}

/// Gives `seats` by `rule`, whose quota is over `total` votes.
pub(crate) fn allocate(
    rule: &QuotaRule,
    contenders: &[Contender],
    total: u128,
    seats: u64,
    minimum: u64,
    trace: bool,
) -> Result<Award, Unable> {
    let quota = quota(rule.quota, rule.rounding, total, seats);
    if quota.num == 0 || contenders.iter().all(|contender| contender.votes == 0) {
        return Err(Unable::NoVotes);
    }
    let mut award = Award { seats: vec![0; contenders.len()], quota: Some(quota), ..Award::default() };
    let mut rests = Vec::with_capacity(contenders.len());
    let mut given = 0u64;
    award.rests = vec![0; contenders.len()];
    for (who, contender) in contenders.iter().enumerate().filter(|(_, c)| c.votes > 0 || c.least > 0) {
        let asked = if contender.votes == 0 { 0 } else { minimum };
        let (full, rest) = full(contender, quota, asked.max(contender.least), who, trace, &mut award)?;
        given = given.checked_add(full).ok_or(Unable::TooLarge)?;
        rests.extend(rest.map(|rest| Part { who, rest }));
    }
    match given.cmp(&seats) {
        Ordering::Greater => take_back(rule, contenders, rests, given - seats, given, trace, &mut award)?,
        Ordering::Less => {
            let rests: Vec<(usize, u128)> = rests.iter().map(|part| (part.who, part.rest)).collect();
            residual::hand_out(rule, contenders, &rests, seats - given, trace, &mut award)?;
        }
        Ordering::Equal => {}
    }
    at_the_outset(contenders, trace, &mut award);
    Ok(award)
}

/// Adds the seats held at the outset.
fn at_the_outset(contenders: &[Contender], trace: bool, award: &mut Award) {
    for ((who, contender), held) in contenders.iter().enumerate().zip(&mut award.seats) {
        if contender.start == 0 {
            continue;
        }
        if trace {
            award.steps.push(RawStep {
                who,
                held: *held,
                seats: contender.start,
                what: StepKind::Held,
                value: Fraction::new(contender.votes, 1u8),
                over: None,
            });
        }
        *held = held.saturating_add(contender.start);
    }
}

/// The full quotas of one contender, and its rest if it competes for what is left: not if its
/// minimum lifted it above its quotas, nor if its candidates are used up.
fn full(
    contender: &Contender,
    quota: Fraction,
    minimum: u64,
    who: usize,
    trace: bool,
    award: &mut Award,
) -> Result<(u64, Option<u128>), Unable> {
    let scaled = u128::from(contender.votes).checked_mul(quota.den).ok_or(Unable::TooLarge)?;
    let quotas = u64::try_from(scaled / quota.num).map_err(|_| Unable::TooLarge)?;
    let room = contender.room.unwrap_or(u64::MAX);
    let seats = quotas.max(minimum).min(room);
    let competes = quotas >= minimum && seats < room;
    if quotas > room {
        award.exhausted.push(who);
    }
    if let Some(left) = award.rests.get_mut(who) {
        *left = u64::try_from(scaled % quota.num / quota.den).map_err(|_| Unable::TooLarge)?;
    }
    if trace && seats > 0 {
        let lifted = minimum > quotas;
        award.steps.push(RawStep {
            who,
            held: 0,
            seats,
            what: if lifted { StepKind::Minimum } else { StepKind::FullQuota },
            value: Fraction::new(scaled, quota.num),
            over: None,
        });
    }
    if let Some(held) = award.seats.get_mut(who) {
        *held = seats;
    }
    Ok((seats, competes.then_some(scaled % quota.num)))
}

/// Seats beyond the house are taken back from the smallest rests, one each.
fn take_back(
    rule: &QuotaRule,
    contenders: &[Contender],
    mut rests: Vec<Part>,
    over: u64,
    given: u64,
    trace: bool,
    award: &mut Award,
) -> Result<(), Unable> {
    rests.retain(|part| award.seats.get(part.who).is_some_and(|held| *held > 0));
    let holders = u64::try_from(rests.len()).unwrap_or(u64::MAX);
    if !rule.subtract_smallest || over > holders || contenders.is_empty() {
        return Err(Unable::OverAllocated { given });
    }
    let den = award.quota.map_or(1, |quota| quota.den);
    rests.sort_by(|a, b| a.rest.cmp(&b.rest).then(a.who.cmp(&b.who)));
    let (sure, tie) = split(&rests, over, Fraction::new(1u8, den), StepKind::TakenBack);
    for (place, part) in rests.iter().enumerate().take(sure) {
        let Some(held) = award.seats.get_mut(part.who) else {
            continue;
        };
        if trace {
            let kept = rests.iter().skip(place + 1).find(|other| other.rest > part.rest);
            award.steps.push(RawStep {
                who: part.who,
                held: *held,
                seats: 1,
                what: StepKind::TakenBack,
                value: Fraction::new(part.rest, den),
                over: kept.map(|other| (other.who, Fraction::new(other.rest, den))),
            });
        }
        *held -= 1;
    }
    award.tie = tie;
    Ok(())
}

/// How many of the sorted parts are decided, and the tie across the boundary, if there is one.
fn split(sorted: &[Part], count: u64, quota: Fraction, what: StepKind) -> (usize, Option<RawTie>) {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let (Some(last), Some(next)) = (count.checked_sub(1).and_then(|last| sorted.get(last)), sorted.get(count)) else {
        return (count, None);
    };
    if last.rest != next.rest {
        return (count, None);
    }
    let before = sorted.iter().take_while(|part| part.rest != last.rest).count();
    let between: Vec<usize> = sorted.iter().filter(|part| part.rest == last.rest).map(|part| part.who).collect();
    let seats = u64::try_from(count - before).unwrap_or(u64::MAX);
    let value = Fraction::new(last.rest, quota.den);
    (before, Some(RawTie { between, seats, what, value }))
}

/// What an allocation by quotas has given.
pub(crate) struct Before {
    pub quota: Fraction,
    pub seats: Vec<u64>,
    pub residuals: Vec<Residual>,
}

/// Takes from each the seats that it has no room for, and continues the seats beyond full quotas with
/// the others. Who had a seat in a phase that gives each one does not have another there.
pub(crate) fn pass_on(
    rule: &QuotaRule,
    contenders: &[Contender],
    before: Before,
    trace: bool,
) -> Result<Award, Unable> {
    let Before { quota, seats, residuals } = before;
    let mut award = Award { seats, residuals, quota: Some(quota), ..Award::default() };
    let mut left = 0u64;
    let mut rests = Vec::new();
    for (who, contender) in contenders.iter().enumerate() {
        let scaled = u128::from(contender.votes).checked_mul(quota.den).ok_or(Unable::TooLarge)?;
        if contender.votes > 0 && quota.num > 0 {
            rests.push((who, scaled % quota.num));
        }
        let Some(held) = award.seats.get_mut(who) else {
            continue;
        };
        let above = contender.room.map_or(0, |room| held.saturating_sub(room));
        if above == 0 {
            continue;
        }
        if trace {
            award.steps.push(RawStep {
                who,
                held: *held,
                seats: above,
                what: StepKind::PassedOn,
                value: Fraction::new(contender.room.unwrap_or(0), 1u8),
                over: None,
            });
        }
        *held -= above;
        left = left.saturating_add(above);
        award.exhausted.push(who);
    }
    residual::hand_out(rule, contenders, &rests, left, trace, &mut award)?;
    Ok(award)
}
