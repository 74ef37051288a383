//! The desk: the one thread that holds the record. Where the record is kept, it files what comes, many statements in one commit; where
//! somebody else writes it, it follows. When nothing has come for a while it gives the writer's lock back, so that `recount file` and
//! `recount import` work beside a running service, and follows what they file.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use recount_keeper::{AnySource, Filed, Follower, KeeperError, OnRefusal, Recorder, Refusal, Submission};
use recount_log::{Checkpoint, Note, Receipt};
use recount_store::{Prover, Reader, StoreError};
use recount_tally::Fold;
use recount_tally::history::Status;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::api;
use crate::app::App;

/// Statements in one commit.
const BATCH: usize = 4096;
/// How long a writer that failed is left alone.
const RETRY: Duration = Duration::from_millis(500);
/// After so long without a statement the writer's lock is given back.
const REST: Duration = Duration::from_secs(2);
/// How long statements wait for a lock that another process holds, and how often it is tried.
const LOCK_WAIT: Duration = Duration::from_secs(5);
const LOCK_TRY: Duration = Duration::from_millis(25);
/// Kinds of statements after which keys speak for something else.
const CHANGES_KEYS: &[&str] = &["charter", "body", "appointment", "revocation", "ruling", "register"];

/// Work for the desk.
pub(crate) enum Task {
    /// File this.
    File(Submission, oneshot::Sender<Verdict>),
    /// Hand out the fold as it is.
    Snapshot(SyncSender<Snapshot>),
    /// Go home, after what came before.
    Stop,
}

/// What became of a statement.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It is in the record, durable and published.
    Accepted(Box<Accepted>),
    /// It is not appended.
    Refused(Refusal),
    /// Nobody knows: it may be filed again without harm.
    Unknown,
}

/// A statement that is in the record.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) filed: Filed,
    pub(crate) kind: &'static str,
    pub(crate) status: Option<Status>,
    /// Controls that its figures break: recorded and shown, never a reason to refuse.
    pub(crate) broken: Vec<Value>,
    /// The proof that it is in the record; `None` if it could not be made just now (it can be fetched later).
    pub(crate) receipt: Option<String>,
    /// The size of the record with it.
    pub(crate) size: u64,
}

/// The record at one size.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) fold: Arc<Fold>,
    pub(crate) checkpoint: Checkpoint,
}

/// How the record is held.
pub(crate) enum Held {
    /// It is written here.
    Kept(Box<Recorder>),
    /// It is written by somebody else.
    Followed(Box<Follower>),
}

impl Held {
    pub(crate) fn fold(&self) -> &Fold {
        match self {
            Held::Kept(recorder) => recorder.fold(),
            Held::Followed(follower) => follower.fold(),
        }
    }

    /// The checkpoint that covers the fold; `None` while nobody knows what was committed.
    fn checkpoint(&self) -> Option<Checkpoint> {
        match self {
            Held::Followed(follower) => Some(follower.reader().checkpoint().clone()),
            Held::Kept(recorder) => {
                let note = Note::parse(recorder.checkpoint_bytes()?).ok()?;
                Checkpoint::parse_body(note.text()).ok()
            }
        }
    }

    pub(crate) fn snapshot(&self) -> Option<Snapshot> {
        let checkpoint = self.checkpoint().filter(|checkpoint| checkpoint.size == self.fold().size())?;
        Some(Snapshot { fold: Arc::new(self.fold().clone()), checkpoint })
    }
}

/// The thread's own.
pub(crate) struct Desk {
    pub(crate) app: Arc<App>,
    pub(crate) held: Held,
    pub(crate) tasks: Receiver<Task>,
    pub(crate) gather: Duration,
    pub(crate) poll: Duration,
    /// When the disk failed, or was last tried in vain.
    pub(crate) failed: Option<Instant>,
    /// When the record was last appended to here.
    pub(crate) appended: Instant,
}

type Batch = Vec<(Submission, oneshot::Sender<Verdict>)>;

impl Desk {
    /// Works until it is told to stop.
    pub(crate) fn run(mut self) {
        loop {
            let next = self.tasks.recv_timeout(self.patience());
            let mut batch = Vec::new();
            let mut stop = false;
            match next {
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => self.idle(),
                Ok(task) => stop = self.take(task, &mut batch),
            }
            if !batch.is_empty() {
                stop |= self.gather(&mut batch);
                // Those who keep asking must not keep it from recovering.
                if self.failed.is_some_and(|since| since.elapsed() >= RETRY) {
                    self.recover();
                }
                self.file(batch);
            }
            if stop {
                return;
            }
            self.rest();
        }
    }

    /// A writer that has appended nothing for a while gives its lock back, however many are refused meanwhile.
    fn rest(&mut self) {
        if let Held::Kept(recorder) = &mut self.held
            && recorder.is_writable()
            && self.appended.elapsed() >= REST
        {
            recorder.rest();
        }
    }

    /// How long to wait for a task before looking after the record itself.
    fn patience(&self) -> Duration {
        match &self.held {
            Held::Kept(_) if self.failed.is_some() => RETRY,
            Held::Kept(recorder) if recorder.is_writable() => REST,
            _ => self.poll,
        }
    }

    /// Nothing came: a writer that failed is opened again, one that rests looks what others file.
    fn idle(&mut self) {
        let grown = match &mut self.held {
            Held::Kept(_) if self.failed.is_some() => return self.recover(),
            Held::Kept(recorder) if recorder.is_writable() => return,
            Held::Kept(recorder) => recorder.follow(),
            Held::Followed(follower) => follower.poll(),
        };
        match grown {
            Ok(true) => self.grown(),
            Ok(false) => {}
            Err(why) => {
                tracing::error!(why = %why, "the record could not be followed; readers keep the last good edition");
            }
        }
    }

    /// The fold has grown by what somebody else filed.
    fn grown(&self) {
        let fold = self.held.fold();
        self.app.learn_keys(fold);
        self.app.set_filed(fold.size());
    }

    /// Takes a task in hand; says whether it is time to stop.
    fn take(&self, task: Task, batch: &mut Batch) -> bool {
        match task {
            Task::Stop => return true,
            Task::File(submission, reply) => batch.push((submission, reply)),
            Task::Snapshot(reply) => {
                if let Some(snapshot) = self.held.snapshot() {
                    // Who asked may have gone; then nobody needs it.
                    let _ = reply.send(snapshot);
                }
            }
        }
        false
    }

    /// Waits a moment for more, so that one flush of the disk serves many.
    fn gather(&self, batch: &mut Batch) -> bool {
        std::thread::sleep(self.gather);
        while batch.len() < BATCH {
            match self.tasks.try_recv() {
                Ok(task) => {
                    if self.take(task, batch) {
                        return true;
                    }
                }
                Err(_) => return false,
            }
        }
        false
    }

    /// Opens the record again after a failure of the disk.
    fn recover(&mut self) {
        let Held::Kept(recorder) = &mut self.held else { return };
        match recorder.reopen() {
            Ok(()) => {
                tracing::info!(size = recorder.size(), "the record can be written again");
                self.failed = None;
                self.app.metrics.writable.set(1);
                self.grown();
            }
            Err(why) => {
                self.failed = Some(Instant::now());
                tracing::error!(why = %why, "the record still cannot be written");
            }
        }
    }

    /// Whether any of these would be appended, by all that is known now.
    fn appends(&mut self, submissions: &[Submission]) -> bool {
        let Held::Kept(recorder) = &mut self.held else { return false };
        if recorder.is_writable() {
            return true;
        }
        // Somebody else may have appointed the signer a moment ago. What cannot be looked at now is decided with the lock.
        match recorder.follow() {
            Ok(true) => self.grown(),
            Ok(false) => {}
            Err(_) => return true,
        }
        let Held::Kept(recorder) = &self.held else { return false };
        submissions.iter().any(|submission| recorder.would_append(submission))
    }

    /// Takes the writer's lock, where it is not held; says whether it is now.
    fn wake(&mut self) -> bool {
        let Held::Kept(recorder) = &mut self.held else { return false };
        if recorder.is_writable() {
            return true;
        }
        let started = Instant::now();
        let woken = loop {
            match recorder.reopen() {
                Err(KeeperError::Store(StoreError::Locked(_))) if started.elapsed() < LOCK_WAIT => {
                    std::thread::sleep(LOCK_TRY);
                }
                woken => break woken,
            }
        };
        match woken {
            Ok(()) => {
                self.appended = Instant::now();
                self.grown();
            }
            Err(why) => self.fail(&why, 0),
        }
        self.held_writer()
    }

    fn held_writer(&self) -> bool {
        matches!(&self.held, Held::Kept(recorder) if recorder.is_writable())
    }

    fn fail(&mut self, why: &KeeperError, statements: usize) {
        self.failed = Some(Instant::now());
        self.app.metrics.commit_failures.add(1);
        self.app.metrics.writable.set(0);
        tracing::error!(why = %why, statements, "the record cannot be written; nothing of this was acknowledged");
    }

    fn file(&mut self, batch: Batch) {
        let (submissions, replies): (Vec<Submission>, Vec<_>) = batch.into_iter().unzip();
        let able = self.failed.is_none() && (!self.appends(&submissions) || self.wake());
        let filed = if able { self.commit(&submissions) } else { None };
        let Some((verdicts, before)) = filed else {
            replies.into_iter().for_each(|reply| drop(reply.send(Verdict::Unknown)));
            return;
        };
        let Held::Kept(recorder) = &mut self.held else { return };
        answer(recorder, verdicts, replies);
        settle(recorder);
        if recorder.size() > before {
            self.app.set_filed(recorder.size());
        }
    }

    /// Commits statements; their verdicts and the size before, or `None` if the disk failed.
    fn commit(&mut self, submissions: &[Submission]) -> Option<(Vec<Result<Filed, Refusal>>, u64)> {
        let Held::Kept(recorder) = &mut self.held else { return None };
        let (before, started) = (recorder.size(), Instant::now());
        let verdicts = match recorder.file(submissions, OnRefusal::GoOn) {
            Ok(verdicts) => verdicts,
            Err(why) => {
                self.fail(&why, submissions.len());
                return None;
            }
        };
        let size = recorder.size();
        if size > before {
            self.appended = Instant::now();
            self.app.metrics.commits.add(1);
            self.app.metrics.commit_time.note(started.elapsed());
            let new = usize::try_from(before).ok().and_then(|at| recorder.fold().noted().get(at..)).unwrap_or_default();
            if new.iter().any(|noted| CHANGES_KEYS.contains(&noted.kind)) {
                self.app.learn_keys(recorder.fold());
            }
            tracing::debug!(statements = size - before, size, duration_ms = millis(started.elapsed()), "committed");
        }
        Some((verdicts, before))
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Declarations about earlier sizes are computed again before any page speaks of them.
fn settle(recorder: &mut Recorder) {
    if let Err(why) = recorder.settle() {
        tracing::error!(why = %why, "a declaration could not be computed again");
    }
}

fn answer(recorder: &Recorder, verdicts: Vec<Result<Filed, Refusal>>, replies: Vec<oneshot::Sender<Verdict>>) {
    let reader = recorder.reader();
    let mut receipts = reader.as_ref().map_err(ToString::to_string).and_then(Receipts::new);
    if let Err(why) = &receipts {
        tracing::error!(why, "receipts could not be made; they can be fetched later");
    }
    for (verdict, reply) in verdicts.into_iter().zip(replies) {
        let verdict = match verdict {
            Err(why) => Verdict::Refused(why),
            Ok(filed) => {
                let receipt = receipts.as_mut().ok().and_then(|receipts| receipts.of(filed.index));
                Verdict::Accepted(Box::new(accepted(recorder.fold(), filed, receipt)))
            }
        };
        // Who filed may have hung up; the statement is in the record all the same.
        let _ = reply.send(verdict);
    }
}

fn accepted(fold: &Fold, filed: Filed, receipt: Option<String>) -> Accepted {
    let noted = usize::try_from(filed.index).ok().and_then(|index| fold.noted().get(index));
    Accepted {
        kind: noted.map_or("", |noted| noted.kind),
        status: fold.status(filed.index),
        broken: api::broken_by(fold, filed.index),
        receipt,
        size: fold.size(),
        filed,
    }
}

/// Receipts out of one published checkpoint.
struct Receipts<'a> {
    prover: Prover<&'a AnySource>,
    checkpoint: &'a [u8],
}

impl<'a> Receipts<'a> {
    fn new(reader: &'a Reader<AnySource>) -> Result<Receipts<'a>, String> {
        let prover = reader.prover().map_err(|why| why.to_string())?;
        Ok(Receipts { prover, checkpoint: reader.checkpoint_bytes() })
    }

    fn of(&mut self, index: u64) -> Option<String> {
        let proof = self.prover.inclusion(index).ok()?;
        let receipt = Receipt { extra: None, index, proof, checkpoint: self.checkpoint.to_vec() };
        String::from_utf8(receipt.format()).ok()
    }
}

/// Opens the record as the options say: for writing, or to follow it.
pub(crate) fn hold(options: &crate::ServeOptions) -> Result<(Held, bool), KeeperError> {
    let quiet: recount_keeper::Told<'_> = &|_, _| {};
    if options.accept {
        let started = Instant::now();
        let (mut recorder, opened) = loop {
            match Recorder::open_as(&options.dir, &options.how, quiet) {
                Err(KeeperError::Store(StoreError::Locked(_))) if started.elapsed() < LOCK_WAIT => {
                    std::thread::sleep(LOCK_TRY);
                }
                held => break held?,
            }
        };
        settle(&mut recorder);
        return Ok((Held::Kept(Box::new(recorder)), opened.is_some_and(|opened| opened.author_proved)));
    }
    let place = options.dir.to_str();
    let place = place.ok_or_else(|| KeeperError::Input(format!("{}: not a UTF-8 path", options.dir.display())))?;
    let opened = recount_keeper::read::open(place, &options.how, quiet)?;
    let proved = opened.author_proved;
    Ok((Held::Followed(Box::new(Follower::new(place, opened))), proved))
}
