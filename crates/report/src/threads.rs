//! Threads for the checks: pieces are shared out, results come back in their order.

use std::sync::atomic::{AtomicUsize, Ordering};

use recount_forensics::work::Workers;

/// As many threads as asked for.
#[derive(Debug, Clone, Copy)]
pub struct Threads(usize);

impl Threads {
    /// So many threads; by default one for each processor.
    #[must_use]
    pub fn new(asked: Option<usize>) -> Threads {
        Threads(asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).clamp(1, 64))
    }
}

impl Workers for Threads {
    fn map<T: Send>(&self, count: usize, piece: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut own = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return own;
                }
                own.push((number, piece(number)));
            }
        };
        let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..self.0.min(count.max(1))).map(|_| scope.spawn(work)).collect();
            let mut all = work();
            // A thread that failed has lost its pieces; what they say is then computed again below, where it fails aloud.
            all.extend(others.into_iter().filter_map(|other| other.join().ok()).flatten());
            all
        });
        all.sort_by_key(|(number, _)| *number);
        let mut found = all.into_iter().peekable();
        let one = |number| match found.next_if(|(own, _)| *own == number) {
            Some((_, result)) => result,
            None => piece(number),
        };
        (0..count).map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_on_any_number_of_threads() {
        let square = |n: usize| n * n;
        let expected: Vec<usize> = (0..1000).map(square).collect();
        for threads in [1, 2, 8] {
            assert_eq!(Threads(threads).map(1000, &square), expected);
        }
        assert!(Threads(4).map(0, &square).is_empty());
    }
}
