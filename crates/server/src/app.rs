//! What every request needs, and what the threads behind them share.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::time::Duration;

use axum::body::Bytes;
use recount_log::{SigningKey, VerifierKey};
use recount_tally::Fold;
use tokio::sync::{Semaphore, watch};

use crate::desk::Task;
use crate::earlier::Earlier;
use crate::edition::Edition;
use crate::events;
use crate::metrics::Metrics;
use crate::options::{MakePages, Quotas};
use crate::quota::Buckets;

/// A key of the record, as the desk's door needs it.
#[derive(Debug, Clone)]
pub(crate) struct KnownKey {
    pub(crate) verifier: VerifierKey,
    /// It speaks for more than single stations.
    pub(crate) wide: bool,
}

/// Large tables at a time.
const TABLES: usize = 2;

/// What every request needs.
pub(crate) struct App {
    pub(crate) dir: PathBuf,
    pub(crate) public: PathBuf,
    pub(crate) base_url: Option<String>,
    pub(crate) author_proved: bool,
    pub(crate) make: MakePages,
    pub(crate) cache: usize,
    pub(crate) timeout: Duration,
    pub(crate) tls: bool,
    pub(crate) metrics: Metrics,
    /// The edition that is up.
    current: RwLock<Option<Arc<Edition>>>,
    pub(crate) earlier: Earlier,
    /// The fold before a ruling that annulled the whole vote, by the ruling's index.
    pub(crate) before: Mutex<Option<(u64, Arc<Fold>)>>,
    /// Pages rendered at a time.
    pub(crate) rendering: Arc<Semaphore>,
    /// Large tables that are made or sent at a time: they bound the memory that their readers take.
    pub(crate) tables: Arc<Semaphore>,
    /// Where statements are filed; `None` where none are taken.
    pub(crate) desk: Option<SyncSender<Task>>,
    /// The log's key, for refusals.
    pub(crate) signer: Option<SigningKey>,
    pub(crate) keys: RwLock<HashMap<String, KnownKey>>,
    pub(crate) quotas: Quotas,
    pub(crate) buckets: Buckets,
    /// What readers of events are told.
    pub(crate) told: watch::Sender<Bytes>,
    pub(crate) event_places: Arc<Semaphore>,
    pub(crate) events_most: usize,
    /// Why the newest size is withheld from the pages.
    alarm: Mutex<Option<String>>,
    /// The record's size as of the last commit, and whether the service stops.
    filed: Mutex<(u64, bool)>,
    filed_changed: Condvar,
}

/// What an [`App`] starts with.
pub(crate) struct Start {
    pub(crate) options: crate::ServeOptions,
    pub(crate) author_proved: bool,
    pub(crate) desk: Option<SyncSender<Task>>,
    pub(crate) signer: Option<SigningKey>,
}

impl App {
    pub(crate) fn new(start: Start) -> App {
        let options = start.options;
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        App {
            public: options.dir.join("public"),
            dir: options.dir,
            base_url: options.base_url,
            author_proved: start.author_proved,
            make: options.pages,
            cache: options.cache,
            timeout: options.timeout,
            tls: options.tls.is_some(),
            metrics: Metrics::default(),
            current: RwLock::default(),
            earlier: Earlier::new(options.earlier),
            before: Mutex::default(),
            // Tables take turns of their own too, so that pages always find one.
            rendering: Arc::new(Semaphore::new(processors.saturating_mul(2).saturating_add(TABLES))),
            tables: Arc::new(Semaphore::new(TABLES)),
            desk: start.desk,
            signer: start.signer,
            keys: RwLock::default(),
            quotas: options.quotas,
            buckets: Buckets::default(),
            told: watch::Sender::new(events::event(0, "")),
            event_places: Arc::new(Semaphore::new(options.events.min(Semaphore::MAX_PERMITS))),
            events_most: options.events,
            alarm: Mutex::default(),
            filed: Mutex::default(),
            filed_changed: Condvar::new(),
        }
    }

    /// The edition that is up.
    pub(crate) fn current(&self) -> Option<Arc<Edition>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts an edition up, whole, and tells everybody.
    pub(crate) fn put_up(&self, edition: Edition) {
        let (size, root) = (edition.size(), edition.moment.checkpoint.root.to_hex());
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(edition));
        self.metrics.editions.add(1);
        self.metrics.edition_size.set(size);
        self.set_alarm(None);
        self.told.send_replace(events::event(size, &root));
    }

    /// Why the newest size is withheld, if it is.
    pub(crate) fn alarm(&self) -> Option<String> {
        self.alarm.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_alarm(&self, why: Option<String>) {
        self.metrics.alarm.set(u64::from(why.is_some()));
        *self.alarm.lock().unwrap_or_else(PoisonError::into_inner) = why;
    }

    /// The record has this size now.
    pub(crate) fn set_filed(&self, size: u64) {
        self.metrics.record_size.set(size);
        self.filed.lock().unwrap_or_else(PoisonError::into_inner).0 = size;
        self.filed_changed.notify_all();
    }

    pub(crate) fn filed(&self) -> u64 {
        self.filed.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Waits until the record has another size than this; `None` when the service stops.
    pub(crate) fn wait_for_other_than(&self, size: u64) -> Option<u64> {
        let mut filed = self.filed.lock().unwrap_or_else(PoisonError::into_inner);
        while filed.0 == size && !filed.1 {
            filed = self.filed_changed.wait(filed).unwrap_or_else(PoisonError::into_inner);
        }
        (!filed.1).then_some(filed.0)
    }

    /// The service stops: streams of events end, the press goes home.
    pub(crate) fn stop(&self) {
        self.filed.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
        self.filed_changed.notify_all();
        self.told.send_replace(Bytes::new());
    }

    pub(crate) fn count_event_readers(&self) {
        let free = self.event_places.available_permits();
        self.metrics.events_readers.set(self.events_most.saturating_sub(free) as u64);
    }

    /// A statement's signers are known at the door, so that wrong signatures do not reach the desk.
    pub(crate) fn learn_keys(&self, fold: &Fold) {
        let ring = fold.ledger().keys();
        let geography = fold.ledger().register().geography();
        let narrow = |key: &recount_record::ledger::Key| {
            let scope = |office| ring.office(office).is_some_and(|own| geography.station_ix(&own.scope).is_some());
            !key.offices.is_empty() && key.offices.iter().all(|office| scope(*office))
        };
        let known = ring.iter().map(|(_, key)| {
            let name = key.verifier.name().to_owned();
            (name, KnownKey { verifier: key.verifier.clone(), wide: !narrow(key) })
        });
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = known.collect();
    }
}
