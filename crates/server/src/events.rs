//! Server-sent events: "a new size is up". A slow reader skips sizes, it never queues them up.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use http_body::Frame;
use tokio::sync::{OwnedSemaphorePermit, watch};

use crate::app::App;
use crate::problem::Problem;
use crate::reply::{self, Label, NEVER};

/// How long a quiet stream waits before it shows that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);
const ALIVE: Bytes = Bytes::from_static(b": still here\n\n");

/// What is told of an edition: empty bytes end every stream.
pub(crate) fn event(size: u64, root: &str) -> Bytes {
    Bytes::from(format!("event: size\nid: {size}\ndata: {{\"size\":{size},\"root\":\"{root}\"}}\n\n"))
}

/// Opens a stream of events.
pub(crate) fn open(app: &Arc<App>) -> Result<Response, Problem> {
    let place = Arc::clone(&app.event_places).try_acquire_owned().map_err(|_| {
        let says = "no more readers of events just now: look at /checkpoint every few seconds instead";
        Problem::new("busy", says).after(10)
    })?;
    let mut told = app.told.subscribe();
    let first = told.borrow_and_update().clone();
    let body = Events { wait: Box::pin(start(told, first)), app: Arc::clone(app), place: Some(place) };
    app.count_event_readers();
    Ok(reply::stream(Label::document("text/event-stream", NEVER), Body::new(body)))
}

type Told = watch::Receiver<Bytes>;
/// The next piece, or `None` at the end.
type Wait = Pin<Box<dyn Future<Output = (Told, Option<Bytes>)> + Send>>;

async fn start(told: Told, first: Bytes) -> (Told, Option<Bytes>) {
    // Browsers that lose the stream come back after three seconds.
    let head = [b"retry: 3000\n\n", first.as_ref()].concat();
    (told, Some(Bytes::from(head)))
}

async fn next(mut told: Told) -> (Told, Option<Bytes>) {
    match tokio::time::timeout(HEARTBEAT, told.changed()).await {
        Err(_) => (told, Some(ALIVE)),
        Ok(Err(_)) => (told, None),
        Ok(Ok(())) => {
            let now = told.borrow_and_update().clone();
            (told, Some(now).filter(|now| !now.is_empty()))
        }
    }
}

struct Events {
    wait: Wait,
    app: Arc<App>,
    place: Option<OwnedSemaphorePermit>,
}

impl Drop for Events {
    fn drop(&mut self) {
        drop(self.place.take());
        self.app.count_event_readers();
    }
}

impl HttpBody for Events {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.get_mut();
        let (told, piece) = ready!(this.wait.as_mut().poll(cx));
        match piece {
            None => {
                // Asked again after the end, it stays at the end.
                this.wait = Box::pin(async move { (told, None) });
                Poll::Ready(None)
            }
            Some(piece) => {
                this.wait = Box::pin(next(told));
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
        }
    }
}
