//! The same work on many pieces, on several threads, with the results handed over in order.

use std::sync::mpsc::{Receiver, sync_channel};

/// Results that a thread may be ahead of the one that takes them, where nothing else is said.
const AHEAD: usize = 16;

/// Does `work` for 0, 1, ... up to `count` on `threads` threads and gives the results to `sink`, in order, on this thread.
/// At most a few results per thread are held at once. The first error ends the run.
///
/// # Errors
/// The first error of `work` (in order) or of `sink`.
pub fn ordered<T, E>(
    count: u64,
    threads: usize,
    work: impl Fn(u64) -> Result<T, E> + Sync,
    sink: impl FnMut(u64, T) -> Result<(), E>,
) -> Result<(), E>
where
    T: Send,
    E: Send,
{
    ordered_ahead(count, threads, AHEAD, work, sink)
}

/// As [`ordered`], with up to `ahead` results per thread waiting to be taken: the threads work on while `sink` takes long.
///
/// # Errors
/// As [`ordered`].
pub fn ordered_ahead<T, E>(
    count: u64,
    threads: usize,
    ahead: usize,
    work: impl Fn(u64) -> Result<T, E> + Sync,
    mut sink: impl FnMut(u64, T) -> Result<(), E>,
) -> Result<(), E>
where
    T: Send,
    E: Send,
{
    if threads <= 1 || count <= 1 {
        return (0..count).try_for_each(|n| work(n).and_then(|result| sink(n, result)));
    }
    let stride = u64::try_from(threads).unwrap_or(1);
    std::thread::scope(|scope| {
        let work = &work;
        let lanes: Vec<Receiver<Result<T, E>>> = (0..stride)
            .map(|lane| {
                let (give, take) = sync_channel(ahead);
                scope.spawn(move || {
                    let mut n = lane;
                    while n < count {
                        let result = work(n);
                        let over = result.is_err();
                        // Nobody takes any more: the run has ended elsewhere.
                        if give.send(result).is_err() || over {
                            return;
                        }
                        n = n.saturating_add(stride);
                    }
                });
                take
            })
            .collect();
        for (n, lane) in (0..count).zip(lanes.iter().cycle()) {
            // A lane ends early only if its thread panicked; the scope passes the panic on.
            let Ok(result) = lane.recv() else { break };
            sink(n, result?)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_the_first_error_ends_the_run() {
        for threads in [1, 2, 3, 8] {
            let mut seen = Vec::new();
            ordered(
                100,
                threads,
                |n| Ok::<_, u64>(n * n),
                |n, square| {
                    assert_eq!(square, n * n);
                    seen.push(n);
                    Ok(())
                },
            )
            .unwrap();
            assert_eq!(seen, (0..100).collect::<Vec<_>>());
            let failed = ordered(100, threads, |n| if n >= 40 { Err(n) } else { Ok(n) }, |_, _| Ok(()));
            assert_eq!(failed, Err(40));
            let failed = ordered(100, threads, Ok, |n, _| if n == 7 { Err(n) } else { Ok(()) });
            assert_eq!(failed, Err(7));
        }
    }
}
