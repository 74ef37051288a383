//! Divisors of highest averages.

use crate::{AuditError, Ratio};

/// The sequence that votes are divided by: `d(1), d(2), ...`, positive and increasing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Divisors {
    /// 1, 2, 3, ...
    DHondt,
    /// 1, 3, 5, ...
    SainteLague,
    /// The first given, then 3, 5, 7, ...
    ModifiedSainteLague(Ratio),
    /// 1, 4, 7, ...
    Danish,
    /// 1, 3/2, 2, ...
    Imperiali,
    /// As listed; seats beyond the list cannot be computed.
    Table(Vec<Ratio>),
}

impl Divisors {
    /// `d(i)`, from `i = 1`.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] beyond a table's end or for a table that does not increase,
    /// [`AuditError::Overflow`].
    pub fn nth(&self, i: u64) -> Result<Ratio, AuditError> {
        let linear = |step: u64, off: i64, den: i128| -> Result<Ratio, AuditError> {
            let whole = i128::from(step) * i128::from(i) + i128::from(off);
            Ratio::new(whole, den)
        };
        let bad = AuditError::Parameter { what: "divisors", why: "must be positive, increasing, enough for the seats" };
        let found = match self {
            Self::DHondt => linear(1, 0, 1)?,
            Self::ModifiedSainteLague(first) if i == 1 => *first,
            Self::SainteLague | Self::ModifiedSainteLague(_) => linear(2, -1, 1)?,
            Self::Danish => linear(3, -2, 1)?,
            Self::Imperiali => linear(1, 1, 2)?,
            Self::Table(list) => {
                let at = usize::try_from(i).ok().and_then(|i| i.checked_sub(1)).ok_or(bad.clone())?;
                let found = *list.get(at).ok_or(bad.clone())?;
                if at > 0 && !found.minus(list[at - 1])?.is_positive() {
                    return Err(bad);
                }
                found
            }
        };
        if found.is_positive() { Ok(found) } else { Err(bad) }
    }
}
