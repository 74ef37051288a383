//! The press: makes the next edition off the request path. An edition of which an invariant fails is never put up.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use recount_keeper::{AnySource, fold_record};
use recount_log::{Hash, VerifierKey};
use recount_store::{DirSource, Reader};
use recount_tally::Fold;

use crate::app::App;
use crate::desk::{Snapshot, Task};
use crate::edition::Edition;
use crate::options::Moment;

/// Pages that are rendered before an edition is put up: those that everybody asks for first.
const FIRST_ASKED: &[&str] = &["", "en/", "ru/", "ky/"];
/// How long a desk that cannot tell the state is left alone.
const RETRY: Duration = Duration::from_millis(200);

/// Makes editions until the service stops.
pub(crate) fn run(app: &App, tasks: &SyncSender<Task>, pace: Duration) {
    let mut tried = app.filed();
    while app.wait_for_other_than(tried).is_some() {
        let started = Instant::now();
        let (reply, snapshot) = sync_channel(1);
        if tasks.send(Task::Snapshot(reply)).is_err() {
            return;
        }
        let Ok(snapshot) = snapshot.recv() else {
            std::thread::sleep(RETRY);
            continue;
        };
        tried = snapshot.fold.size();
        print(app, snapshot);
        // The faster editions are made the more often they are; making them takes at most two thirds of one processor.
        std::thread::sleep(pace.max(started.elapsed() / 2));
    }
}

/// Makes one edition and puts it up, or raises the alarm.
pub(crate) fn print(app: &App, snapshot: Snapshot) {
    let (size, started) = (snapshot.fold.size(), Instant::now());
    match make(app, snapshot, false) {
        Ok(edition) => {
            for path in FIRST_ASKED {
                edition.render(path);
            }
            app.metrics.edition_time.note(started.elapsed());
            app.put_up(edition);
            let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::debug!(size, duration_ms, "edition put up");
        }
        Err(why) => {
            app.metrics.violations.add(1);
            tracing::error!(size, why, "ALARM: nothing of this size is put up; readers keep the last good edition");
            app.set_alarm(Some(format!("size {size}: {why}")));
        }
    }
}

/// Makes an edition.
pub(crate) fn make(app: &App, snapshot: Snapshot, earlier: bool) -> Result<Edition, String> {
    let fold = snapshot.fold;
    let charter = fold.ledger().charter().map(|(hash, charter)| (*hash, charter.log.clone()));
    let (charter, log_key): (Option<Hash>, Option<VerifierKey>) = charter.unzip();
    let moment = Moment {
        before: before(app, &fold)?,
        fold,
        checkpoint: snapshot.checkpoint,
        charter,
        log_key,
        author_proved: app.author_proved,
        earlier,
        base_url: app.base_url.clone(),
    };
    // Of earlier sizes there are several, and few readers of each.
    let most = if earlier { app.cache / 8 } else { app.cache };
    Edition::make(moment, &app.make, most)
}

/// Of a vote that was annulled as a whole, the fold before.
fn before(app: &App, fold: &Fold) -> Result<Option<Arc<Fold>>, String> {
    let Some(index) = recount_site::annulled_whole_by(fold) else { return Ok(None) };
    let mut kept = app.before.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((own, before)) = &*kept
        && *own == index
    {
        return Ok(Some(Arc::clone(before)));
    }
    let reader = reader(app, None)?;
    // Every signature up to here was checked on the way here.
    let before = Arc::new(fold_record(&reader, index, index, &|_, _| {}).map_err(|why| why.to_string())?);
    *kept = Some((index, Arc::clone(&before)));
    Ok(Some(before))
}

/// A reader of the record as it is published, or of the signed checkpoint that covers a size.
pub(crate) fn reader(app: &App, at: Option<u64>) -> Result<Reader<AnySource>, String> {
    let source: AnySource = Box::new(DirSource::open(&app.dir).map_err(|why| why.to_string())?);
    let key = app.current().and_then(|edition| edition.moment.log_key.clone());
    Reader::open(source, key.as_ref(), at).map_err(|why| why.to_string())
}
