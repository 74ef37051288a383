//! How much one key may file in a while: a bucket per key that refills steadily.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many minutes' worth a key that was quiet may file at once.
const BURST_MINUTES: u64 = 1;
/// Parts of a statement in which buckets are kept, so that nothing is lost to rounding.
const PARTS: u64 = 60_000;

#[derive(Debug)]
struct Bucket {
    /// What may still be filed, in parts of a statement.
    parts: u64,
    since: Instant,
}

/// Buckets of the keys that file. Only keys of the record get one, so there are never more than it names.
#[derive(Debug, Default)]
pub(crate) struct Buckets(Mutex<HashMap<String, Bucket>>);

impl Buckets {
    /// Takes one statement from a key's bucket of so many a minute.
    ///
    /// # Errors
    /// How long to wait until there is one again.
    pub(crate) fn take(&self, key: &str, per_minute: u32, now: Instant) -> Result<(), Duration> {
        let per_minute = u64::from(per_minute);
        let most = per_minute.saturating_mul(BURST_MINUTES).saturating_mul(PARTS);
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(key.to_owned()).or_insert(Bucket { parts: most, since: now });
        let elapsed = u64::try_from(now.saturating_duration_since(bucket.since).as_millis()).unwrap_or(u64::MAX);
        // A minute of 60,000 ms brings `per_minute` statements of 60,000 parts: so many parts a millisecond.
        bucket.parts = bucket.parts.saturating_add(elapsed.saturating_mul(per_minute)).min(most);
        if elapsed > 0 {
            bucket.since = now;
        }
        match bucket.parts.checked_sub(PARTS) {
            Some(left) => {
                bucket.parts = left;
                Ok(())
            }
            None => {
                let wanting = PARTS.saturating_sub(bucket.parts);
                Err(Duration::from_millis(wanting.div_ceil(per_minute.max(1))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_refills() {
        let buckets = Buckets::default();
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        for _ in 0..6 {
            assert_eq!(buckets.take("a", 6, start), Ok(()));
        }
        assert_eq!(buckets.take("a", 6, start), Err(Duration::from_secs(10)));
        assert_eq!(buckets.take("b", 6, start), Ok(()), "keys do not share");
        assert_eq!(buckets.take("a", 6, at(9_999)), Err(Duration::from_millis(1)));
        assert_eq!(buckets.take("a", 6, at(10_000)), Ok(()));
        assert!(buckets.take("a", 6, at(10_001)).is_err());
        for _ in 0..6 {
            assert_eq!(buckets.take("a", 6, at(10_000_000)), Ok(()), "never more than a minute's worth");
        }
        assert!(buckets.take("a", 6, at(10_000_000)).is_err());
        assert!(buckets.take("c", 0, start).is_err(), "a quota of nothing admits nothing");
    }
}
