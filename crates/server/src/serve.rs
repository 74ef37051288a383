//! Start, serve, stop.

use std::future::{Future, IntoFuture, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use axum::Router;
use recount_store::layout::CHECKPOINT;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use crate::answer::{Site, answer};
use crate::file::{self, Kind};
use crate::listen::Limited;
use crate::page::Pages;
use crate::{ServeError, ServeOptions};

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

/// Serves until `stop` is ready; then lets open requests finish.
///
/// # Errors
/// See [`ServeError`].
pub async fn serve_until(options: ServeOptions, stop: impl Future<Output = ()> + Send) -> Result<(), ServeError> {
    let addr = options.addr;
    let checkpoint = file::read(&options.public_dir.join(CHECKPOINT), Kind::Checkpoint.cap()).await;
    let checkpoint =
        checkpoint.map_err(|source| ServeError::NotARecord { path: options.public_dir.clone(), source })?;
    let listener = TcpListener::bind(addr).await.map_err(|source| ServeError::Bind { addr, source })?;
    let bound = listener.local_addr().map_err(|source| ServeError::Bind { addr, source })?;
    // Longer than a request may take: else the connection would go before the answer that says so.
    let idle = options.timeout.saturating_mul(2);
    let listener = Limited::new(listener, options.max_connections, idle, options.lifetime);
    let pages = Pages::new(options.page);
    // The first reader shall not wait for the first page.
    let first = pages.clone();
    drop(tokio::spawn(async move { first.get(&checkpoint).await }));
    let site = Site { public: options.public_dir, pages, timeout: options.timeout };
    let router = Router::new().fallback(answer).with_state(Arc::new(site));

    let (stopping, stopped) = oneshot::channel::<()>();
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        // A sender that is gone means the same as one that speaks.
        let _ = stopped.await;
    });
    let mut serving = tokio::spawn(serving.into_future());
    if let Some(told) = options.on_listening {
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
    drop(stopping);
    // Who is still reading after the grace is cut off.
    if tokio::time::timeout(options.grace, &mut serving).await.is_err() {
        serving.abort();
    }
    Ok(())
}
