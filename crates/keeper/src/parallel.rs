//! Work on all processors, with results in order.

use recount_log::Hash;
use recount_tally::Fold;

/// Threads that check signatures. More than the processors only cost memory.
const THREADS_MAX: usize = 64;
/// Fewer items are done here: starting threads would cost more.
const WORTH_IT: usize = 32;

/// Processors to be used.
#[must_use]
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX)
}

/// The hash of every station's leaf ([`Fold::station_hash`]), in order of first appearance in the register.
#[must_use]
pub fn station_hashes(fold: &Fold) -> Vec<Hash> {
    let stations: Vec<_> = fold.station_numbers().collect();
    in_parallel(&stations, |station| fold.station_hash(*station))
}

/// The same work on every item, on all processors, with the results in order.
pub fn in_parallel<A: Sync, B: Send>(items: &[A], work: impl Fn(&A) -> B + Sync) -> Vec<B> {
    let threads = threads();
    let size = items.len().div_ceil(threads).max(1);
    if items.len() < WORTH_IT || threads == 1 {
        return items.iter().map(work).collect();
    }
    std::thread::scope(|scope| {
        let work = &work;
        let lanes: Vec<_> =
            items.chunks(size).map(|chunk| scope.spawn(move || chunk.iter().map(work).collect::<Vec<B>>())).collect();
        lanes
            .into_iter()
            .flat_map(|lane| lane.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
