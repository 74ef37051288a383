//! Start, serve, stop.

use std::future::{Future, IntoFuture, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::task::Poll;
use std::thread;
use std::time::Instant;

use axum::Router;
use recount_keeper::{LOG_KEY, read_key};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use crate::app::{App, Start};
use crate::desk::{self, Desk, Held, Task};
use crate::listen::Limited;
use crate::route::answer;
use crate::{ServeError, ServeOptions, press, tls};

/// Serves until SIGINT or SIGTERM, on a runtime of its own.
///
/// # Errors
/// See [`ServeError`].
pub fn run(options: ServeOptions) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(ServeError::Start)?;
    runtime.block_on(serve(options))
}

/// Serves until SIGINT or SIGTERM; then lets open requests finish.
///
/// # Errors
/// See [`ServeError`].
pub async fn serve(options: ServeOptions) -> Result<(), ServeError> {
    let mut interrupt = signal(SignalKind::interrupt()).map_err(ServeError::Start)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(ServeError::Start)?;
    let stop = poll_fn(move |cx| match (interrupt.poll_recv(cx), terminate.poll_recv(cx)) {
        (Poll::Pending, Poll::Pending) => Poll::Pending,
        _ => Poll::Ready(()),
    });
    serve_until(options, stop).await
}

/// Serves until `stop` is ready; then lets open requests finish and what waits at the desk be filed.
///
/// # Errors
/// See [`ServeError`].
pub async fn serve_until(mut options: ServeOptions, stop: impl Future<Output = ()> + Send) -> Result<(), ServeError> {
    let addr = options.addr;
    let tls = options.tls.as_ref().map(tls::acceptor).transpose()?;
    let listener = TcpListener::bind(addr).await.map_err(|source| ServeError::Bind { addr, source })?;
    let bound = listener.local_addr().map_err(|source| ServeError::Bind { addr, source })?;
    // Longer than a request may take: else the connection would go before the answer that says so.
    let times = (options.timeout.saturating_mul(2), options.lifetime);
    let listener = Limited::new(listener, options.max_connections, times, tls);
    let (told, grace) = (options.on_listening.take(), options.grace);
    let threads = tokio::task::spawn_blocking(move || open(options)).await;
    let threads = threads.map_err(|why| ServeError::Stopped(why.to_string()))??;
    let router = Router::new().fallback(answer).with_state(Arc::clone(&threads.app));

    let (stopping, stopped) = oneshot::channel::<()>();
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        // A sender that is gone means the same as one that speaks.
        let _ = stopped.await;
    });
    let mut serving = tokio::spawn(serving.into_future());
    tracing::info!(address = %bound, size = threads.app.filed(), takes_statements = threads.app.desk.is_some(), "serving");
    if let Some(told) = told {
        told(bound);
    }
    let ended = {
        let mut stop = pin!(stop);
        poll_fn(|cx| match std::pin::Pin::new(&mut serving).poll(cx) {
            Poll::Ready(ended) => Poll::Ready(Some(ended)),
            Poll::Pending => stop.as_mut().poll(cx).map(|()| None),
        })
        .await
    };
    if let Some(ended) = ended {
        return Err(ServeError::Stopped(format!("{ended:?}")));
    }
    tracing::info!("stopping: open requests may finish");
    drop(stopping);
    threads.app.stop();
    // Who is still reading after the grace is cut off.
    if tokio::time::timeout(grace, &mut serving).await.is_err() {
        serving.abort();
    }
    let closed = tokio::task::spawn_blocking(move || threads.close()).await;
    tracing::info!("stopped");
    closed.map_err(|why| ServeError::Stopped(why.to_string()))
}

/// The threads behind the requests.
struct Threads {
    app: Arc<App>,
    tasks: std::sync::mpsc::SyncSender<Task>,
    desk: thread::JoinHandle<()>,
    press: thread::JoinHandle<()>,
}

impl Threads {
    /// Lets them finish what they have in hand.
    fn close(self) {
        // A thread that has ended already has nothing left to finish.
        let _ = self.tasks.send(Task::Stop);
        for thread in [self.desk, self.press] {
            if thread.join().is_err() {
                tracing::error!("a thread of the service broke off");
            }
        }
    }
}

/// Opens the record, makes the first edition and starts the threads.
fn open(options: ServeOptions) -> Result<Threads, ServeError> {
    let (gather, poll, pace) = (options.gather, options.poll, options.pace);
    let (held, author_proved) = desk::hold(&options)?;
    let writes = matches!(held, Held::Kept(_));
    let signer = if writes { Some(read_key(&options.dir.join(LOG_KEY))?) } else { None };
    let (sender, tasks) = sync_channel(options.queue.max(1));
    let desk = writes.then(|| sender.clone());
    let app = Arc::new(App::new(Start { options, author_proved, desk, signer }));
    app.metrics.writable.set(u64::from(writes));
    app.learn_keys(held.fold());
    app.set_filed(held.fold().size());
    if let Some(snapshot) = held.snapshot() {
        press::print(&app, snapshot);
    }
    let start = |name: &str| thread::Builder::new().name(name.to_owned());
    let own = Desk { app: Arc::clone(&app), held, tasks, gather, poll, failed: None, appended: Instant::now() };
    let desk = start("desk").spawn(move || own.run()).map_err(ServeError::Start)?;
    let (own, tasks) = (Arc::clone(&app), sender.clone());
    let press = start("press").spawn(move || press::run(&own, &tasks, pace)).map_err(ServeError::Start)?;
    Ok(Threads { app, tasks: sender, desk, press })
}
