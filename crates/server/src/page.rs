//! The page, made once per checkpoint and kept; readers never wait for a new one while there is an old one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use recount_log::sha256;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::MakePage;

/// How long a page that failed is not tried again.
const RETRY: Duration = Duration::from_secs(5);

/// A page that was made.
#[derive(Debug)]
pub(crate) struct Made {
    /// The checkpoint for which it was made.
    checkpoint: Vec<u8>,
    pub(crate) html: Bytes,
    /// A strong tag of its bytes, in quotes.
    pub(crate) etag: String,
}

#[derive(Debug, Default)]
struct Kept {
    made: Option<Arc<Made>>,
    /// The checkpoint whose page failed last, and when.
    failed: Option<(Vec<u8>, Instant)>,
}

/// Keeps the page.
#[derive(Clone)]
pub(crate) struct Pages {
    make: MakePage,
    kept: Arc<Mutex<Kept>>,
    /// Held by whoever makes a page.
    making: Arc<AsyncMutex<()>>,
}

impl Pages {
    pub(crate) fn new(make: MakePage) -> Pages {
        Pages { make, kept: Arc::default(), making: Arc::default() }
    }

    /// The page for this checkpoint; the last good one while it is being made or if it fails; `None` if there is none at all.
    pub(crate) async fn get(&self, checkpoint: &[u8]) -> Option<Arc<Made>> {
        let last = self.last();
        if last.as_ref().is_some_and(|made| made.checkpoint == checkpoint) || self.failed_lately(checkpoint) {
            return last;
        }
        match (last, Arc::clone(&self.making).try_lock_owned()) {
            (Some(last), Err(_)) => Some(last),
            (Some(last), Ok(turn)) => {
                // Its maker is a task of its own: no reader waits for it, and none that leaves stops it.
                drop(tokio::spawn(self.clone().make(checkpoint.to_vec(), turn)));
                Some(last)
            }
            (None, Ok(turn)) => self.wait(tokio::spawn(self.clone().make(checkpoint.to_vec(), turn))).await,
            (None, Err(_)) => {
                drop(self.making.lock().await);
                self.last()
            }
        }
    }

    async fn wait(&self, task: tokio::task::JoinHandle<()>) -> Option<Arc<Made>> {
        // A maker that panicked has made nothing; what there is, if anything, is served.
        let _ = task.await;
        self.last()
    }

    async fn make(self, checkpoint: Vec<u8>, turn: OwnedMutexGuard<()>) {
        let make = Arc::clone(&self.make);
        let made = tokio::task::spawn_blocking(move || make()).await;
        let page = made.unwrap_or_else(|why| Err(format!("making the page broke off: {why}")));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match page {
            Ok(page) => {
                let etag = format!("\"{}\"", sha256(page.html.as_bytes()).to_hex());
                kept.made = Some(Arc::new(Made { checkpoint, html: Bytes::from(page.html), etag }));
                kept.failed = None;
            }
            Err(why) => {
                tracing::error!(%why, "the page could not be made; readers keep the last good one");
                kept.failed = Some((checkpoint, Instant::now()));
            }
        }
        drop(kept);
        drop(turn);
    }

    fn last(&self) -> Option<Arc<Made>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).made.clone()
    }

    fn failed_lately(&self, checkpoint: &[u8]) -> bool {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.failed.as_ref().is_some_and(|(own, at)| own == checkpoint && at.elapsed() < RETRY)
    }
}
