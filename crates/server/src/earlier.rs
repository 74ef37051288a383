//! Editions of earlier sizes: made when they are asked for, one at a time, a few kept.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use recount_keeper::advance;
use recount_tally::Fold;
use tokio::sync::Semaphore;

use crate::app::App;
use crate::desk::Snapshot;
use crate::edition::Edition;
use crate::press;
use crate::problem::Problem;

/// Requests that wait for an edition; further ones are sent away.
const WAITING: usize = 64;
/// Statements in all editions that are kept, so that large records do not fill the memory.
const STATEMENTS: u64 = 400_000;

/// Editions of earlier sizes, the one asked for last at the end.
pub(crate) struct Earlier {
    kept: Mutex<Vec<Arc<Edition>>>,
    most: usize,
    making: Semaphore,
    waiting: AtomicUsize,
}

/// One that waits; it stops being counted when it is answered or gives up.
struct Waits<'a>(&'a AtomicUsize);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Earlier {
    pub(crate) fn new(most: usize) -> Earlier {
        Earlier { kept: Mutex::default(), most: most.max(1), making: Semaphore::new(1), waiting: AtomicUsize::new(0) }
    }

    fn find(&self, size: u64) -> Option<Arc<Edition>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|edition| edition.size() == size)?;
        let edition = kept.remove(at);
        kept.push(Arc::clone(&edition));
        Some(edition)
    }

    /// The largest edition below a size, to go on from.
    fn below(&self, size: u64) -> Option<Arc<Edition>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().filter(|edition| edition.size() <= size).max_by_key(|edition| edition.size()).cloned()
    }

    fn keep(&self, edition: &Arc<Edition>) -> usize {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(Arc::clone(edition));
        let heavy = |kept: &[Arc<Edition>]| kept.iter().map(|own| own.size()).sum::<u64>() > STATEMENTS;
        while kept.len() > self.most || (kept.len() > 1 && heavy(&kept)) {
            kept.remove(0);
        }
        kept.len()
    }
}

/// The edition of an earlier size.
pub(crate) async fn get(app: &Arc<App>, size: u64) -> Result<Arc<Edition>, Problem> {
    let newest = app.current().map_or(0, |edition| edition.size());
    if size > newest {
        return Err(Problem::not_found(format!("the pages rest on size {newest}; there is no size {size} yet")));
    }
    if let Some(edition) = app.earlier.find(size) {
        return Ok(edition);
    }
    if app.earlier.waiting.fetch_add(1, Ordering::Relaxed) >= WAITING {
        drop(Waits(&app.earlier.waiting));
        return Err(Problem::busy("many earlier sizes are being made just now").after(5));
    }
    let _waits = Waits(&app.earlier.waiting);
    let app = Arc::clone(app);
    // A task of its own: a reader that leaves does not stop what the next one will ask for.
    let made = tokio::spawn(async move {
        let _turn = app.earlier.making.acquire().await;
        if let Some(edition) = app.earlier.find(size) {
            return Ok(edition);
        }
        let work = Arc::clone(&app);
        let made = tokio::task::spawn_blocking(move || make(&work, size)).await;
        let edition = Arc::new(made.map_err(|why| why.to_string())??);
        app.metrics.earlier_editions.set(app.earlier.keep(&edition) as u64);
        Ok::<_, String>(edition)
    });
    let failed = |why: String| {
        tracing::error!(size, why, "an earlier edition could not be made");
        Problem::new("failed", "this earlier size could not be made")
    };
    made.await.map_err(|why| failed(why.to_string()))?.map_err(failed)
}

fn make(app: &App, size: u64) -> Result<Edition, String> {
    let reader = press::reader(app, Some(size))?;
    let current = app.current().filter(|edition| edition.size() == size);
    let fold = match current {
        Some(edition) => Arc::clone(edition.fold()),
        None => {
            let start = app.earlier.below(size);
            let mut fold = start
                .map_or_else(|| Fold::new(&reader.checkpoint().origin).keep_chronicle(), |own| Fold::clone(own.fold()));
            // Every signature below was checked on the way to the newest size.
            advance(&mut fold, &reader, size, size, &|_, _| {}).map_err(|why| why.to_string())?;
            Arc::new(fold)
        }
    };
    press::make(app, Snapshot { fold, checkpoint: reader.checkpoint().clone() }, true)
}
