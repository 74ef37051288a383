//! The value of an expression, exactly.

use super::{Expression, Operator};

impl Expression {
    /// Its value, as an exact fraction in lowest terms; `seats` knows a list's seats by stage, in a unit
    /// of a level or in the whole, and `units` how many units a level has.
    ///
    /// # Errors
    /// What cannot be computed: a difference below zero, a division by zero, a figure too large, or
    /// whatever `seats` reports.
    pub(crate) fn value<E: From<Uncomputable>>(
        &self,
        seats: &impl Fn(&str, Option<(&str, usize)>) -> Result<u64, E>,
        units: &impl Fn(&str) -> usize,
        at: Option<(&str, usize)>,
    ) -> Result<(u128, u128), E> {
        let inner = |part: &Self| part.value(seats, units, at);
        match self {
            Self::Number(number) => Ok((u128::from(*number), 1)),
            Self::Seats(stage) => Ok((u128::from(seats(stage, at)?), 1)),
            Self::SumOver { level, of } => {
                let mut total = (0, 1);
                for unit in 0..units(level) {
                    total = join(Operator::Plus, total, of.value(seats, units, Some((level.as_str(), unit)))?)?;
                }
                Ok(total)
            }
            Self::Joined(operator, left, right) => Ok(join(*operator, inner(left)?, inner(right)?)?),
            Self::Max(parts) => pick(parts, inner, false),
            Self::Min(parts) => pick(parts, inner, true),
            Self::Ceil(part) => inner(part).map(|(num, den)| (num.div_ceil(den), 1)),
            Self::Floor(part) => inner(part).map(|(num, den)| (num / den, 1)),
        }
    }
}

/// Why an expression has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Uncomputable {
    BelowZero,
    DivisionByZero,
    TooLarge,
}

fn pick<E: From<Uncomputable>>(
    parts: &[Expression],
    value: impl Fn(&Expression) -> Result<(u128, u128), E>,
    smallest: bool,
) -> Result<(u128, u128), E> {
    let mut best: Option<(u128, u128)> = None;
    for part in parts {
        let next = value(part)?;
        let better = best.is_none_or(|best| {
            let order = crate::Fraction::new(next.0, next.1).compare(&crate::Fraction::new(best.0, best.1));
            if smallest { order.is_lt() } else { order.is_gt() }
        });
        if better {
            best = Some(next);
        }
    }
    Ok(best.unwrap_or((0, 1)))
}

fn join(operator: Operator, (a, b): (u128, u128), (c, d): (u128, u128)) -> Result<(u128, u128), Uncomputable> {
    let times = |left: u128, right: u128| left.checked_mul(right).ok_or(Uncomputable::TooLarge);
    let (num, den) = match operator {
        Operator::Plus => (times(a, d)?.checked_add(times(c, b)?).ok_or(Uncomputable::TooLarge)?, times(b, d)?),
        Operator::Minus => (times(a, d)?.checked_sub(times(c, b)?).ok_or(Uncomputable::BelowZero)?, times(b, d)?),
        Operator::Times => (times(a, c)?, times(b, d)?),
        Operator::Over if c == 0 => return Err(Uncomputable::DivisionByZero),
        Operator::Over => (times(a, d)?, times(b, c)?),
    };
    let (mut large, mut small) = (num, den);
    while small != 0 {
        (large, small) = (small, large % small);
    }
    Ok((num / large, den / large))
}
