//! Reading proved assertions as constraints between two groups, and what follows from chains of them.

use crate::generate::{Condition, Contest, Group};
use crate::{Assertion, AuditError, Ratio};

/// What is proved about a group's part in the allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It takes part.
    In,
    /// It does not.
    Out,
    /// Not proved yet.
    Open,
}

/// A group's status is known if the proof of its condition is among what is proved.
pub(super) fn admission(
    contest: &Contest,
    groups: &[Group],
    conditions: &[Condition],
    proved: &[Assertion],
) -> Result<Vec<Admission>, AuditError> {
    let mut found = Vec::new();
    for (group, condition) in groups.iter().zip(conditions) {
        let met = condition.met(contest, group)?;
        let proof = condition.proof(contest, group)?;
        found.push(match (proof.iter().all(|p| proved.contains(p)), met) {
            (true, true) => Admission::In,
            (true, false) => Admission::Out,
            (false, _) => Admission::Open,
        });
    }
    Ok(found)
}

/// The strongest constraint of each group on each other: `T_a > factor T_b`, or `q_a - q_b > lead`.
#[derive(Debug, Clone)]
pub(super) struct Closure {
    between: Vec<Vec<Option<Ratio>>>,
    /// False if a chain was left out because its figures do not fit: the constraints are then weaker.
    pub exact: bool,
}

/// Squares up to here can be multiplied by a divisor of any house.
const LONGEST: i128 = 1_000_000_000_000_000_000_000_000;

/// Joins the figures of two links of a chain.
type Join = fn(Ratio, Ratio) -> Result<Ratio, AuditError>;

impl Closure {
    /// The figure between two groups, if anything follows.
    pub fn between(&self, a: usize, b: usize) -> Option<Ratio> {
        self.between[a][b]
    }

    /// Constraints of the form `T_A > c T_B`, `c > 0`.
    pub fn factors(groups: &[Group], proved: &[Assertion]) -> Result<Self, AuditError> {
        let mut links = vec![vec![None; groups.len()]; groups.len()];
        for assertion in proved {
            let Some(by) = per_group(assertion, groups) else { continue };
            let named: Vec<usize> = (0..by.len()).filter(|at| !by[*at].is_zero()).collect();
            let [x, y] = named[..] else { continue };
            let (a, b) = if by[x].is_positive() { (x, y) } else { (y, x) };
            if by[a].is_positive() && by[b].is_negative() {
                stronger(&mut links[a][b], by[b].negative()?.over(by[a])?)?;
            }
        }
        Self::close(links, Ratio::times)
    }

    /// The same for squares of votes; a figure whose square is too long to be worked with is left out.
    pub fn squared(mut self) -> Self {
        for slot in self.between.iter_mut().flatten() {
            let square = slot.and_then(|factor| factor.times(factor).ok());
            let square = square.filter(|own| own.num() <= LONGEST && own.den() <= LONGEST);
            self.exact &= square.is_some() == slot.is_some();
            *slot = square;
        }
        self
    }

    /// Constraints of the form `q_A - q_B > e` with `q = T (S + k)/E`, and per group the whole quotas that
    /// it is proved to exceed.
    pub fn leads(groups: &[Group], seats: u64, k: u64, proved: &[Assertion]) -> Result<(Self, Vec<u64>), AuditError> {
        let parts = Ratio::count(seats).plus(Ratio::count(k))?;
        let mut links = vec![vec![None; groups.len()]; groups.len()];
        let mut floors = vec![0_u64; groups.len()];
        for assertion in proved {
            let Some(by) = per_group(assertion, groups) else { continue };
            if let Some((a, b, share)) = lead(&by)? {
                stronger(&mut links[a][b], share.times(parts)?)?;
            }
            if let Some((a, share)) = quota(&by)? {
                let quotas = share.times(parts)?;
                let whole = u64::try_from(quotas.num().div_euclid(quotas.den())).unwrap_or(0);
                floors[a] = floors[a].max(whole);
            }
        }
        Ok((Self::close(links, Ratio::plus)?, floors))
    }

    fn close(mut between: Vec<Vec<Option<Ratio>>>, join: Join) -> Result<Self, AuditError> {
        let size = between.len();
        let mut exact = true;
        for middle in 0..size {
            for a in 0..size {
                for b in 0..size {
                    let (Some(first), Some(second)) = (between[a][middle], between[middle][b]) else { continue };
                    if a == b || a == middle || b == middle {
                        continue;
                    }
                    match join(first, second).and_then(|chain| stronger(&mut between[a][b], chain)) {
                        Err(AuditError::Overflow) => exact = false,
                        other => other?,
                    }
                }
            }
        }
        Ok(Self { between, exact })
    }
}

fn stronger(slot: &mut Option<Ratio>, figure: Ratio) -> Result<(), AuditError> {
    let replace = match slot {
        None => true,
        Some(old) => figure.compare(*old)?.is_gt(),
    };
    if replace {
        *slot = Some(figure);
    }
    Ok(())
}

/// The coefficient of each group, if all cells of a group have the same and nothing else is in it.
fn per_group(assertion: &Assertion, groups: &[Group]) -> Option<Vec<Ratio>> {
    if !assertion.each_card().is_zero() || !assertion.outside().is_zero() {
        return None;
    }
    let known = |cell: usize| groups.iter().any(|g| g.cells.contains(&cell));
    if assertion.terms().iter().any(|t| !known(t.0)) {
        return None;
    }
    groups
        .iter()
        .map(|group| {
            let first = assertion.coefficient(*group.cells.first()?);
            group.cells.iter().all(|cell| assertion.coefficient(*cell) == first).then_some(first)
        })
        .collect()
}

/// `T_A - T_B > share E`: one coefficient `x` above, one `x` below what all others have.
fn lead(by: &[Ratio]) -> Result<Option<(usize, usize, Ratio)>, AuditError> {
    let (Some(a), Some(b)) = (extreme(by, true)?, extreme(by, false)?) else { return Ok(None) };
    if a == b {
        return Ok(None);
    }
    let middle = by[a].plus(by[b])?.over(Ratio::whole(2))?;
    let x = by[a].minus(middle)?;
    let plain = (0..by.len()).all(|at| at == a || at == b || by[at] == middle);
    if !plain || !x.is_positive() {
        return Ok(None);
    }
    Ok(Some((a, b, middle.negative()?.over(x)?)))
}

/// `T_A > share E`: one coefficient above, all others the same and below zero.
fn quota(by: &[Ratio]) -> Result<Option<(usize, Ratio)>, AuditError> {
    let Some(a) = extreme(by, true)? else { return Ok(None) };
    let Some(rest) = (0..by.len()).find(|at| *at != a).map(|at| by[at]) else { return Ok(None) };
    let plain = (0..by.len()).all(|at| at == a || by[at] == rest);
    let x = by[a].minus(rest)?;
    if !plain || !rest.is_negative() || !x.is_positive() {
        return Ok(None);
    }
    Ok(Some((a, rest.negative()?.over(x)?)))
}

fn extreme(by: &[Ratio], most: bool) -> Result<Option<usize>, AuditError> {
    let mut found: Option<usize> = None;
    for at in 0..by.len() {
        let better = match found {
            None => true,
            Some(old) => {
                let order = by[at].compare(by[old])?;
                if most { order.is_gt() } else { order.is_lt() }
            }
        };
        if better {
            found = Some(at);
        }
    }
    Ok(found)
}
