//! Connections: at most so many, each with a limit on idling and on its whole life.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

/// How long to wait when the system cannot accept (too many open files).
const PAUSE: Duration = Duration::from_millis(200);

/// Accepts no more connections than there are places.
pub(crate) struct Limited {
    inner: TcpListener,
    places: Arc<Semaphore>,
    idle: Duration,
    lifetime: Duration,
}

impl Limited {
    pub(crate) fn new(inner: TcpListener, places: usize, idle: Duration, lifetime: Duration) -> Limited {
        let places = places.clamp(1, Semaphore::MAX_PERMITS);
        Limited { inner, places: Arc::new(Semaphore::new(places)), idle, lifetime }
    }
}

impl axum::serve::Listener for Limited {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // The semaphore is never closed; were it, connections would go without a place rather than stop the service.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        loop {
            match self.inner.accept().await {
                Ok((stream, addr)) => return (Connection::new(stream, place, self.idle, self.lifetime), addr),
                Err(why) => {
                    tracing::warn!(%why, "a connection could not be accepted");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

/// A connection that ends when nothing moves on it for too long.
pub(crate) struct Connection {
    stream: TcpStream,
    idle: Duration,
    end: Instant,
    alarm: Pin<Box<Sleep>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn new(stream: TcpStream, place: Option<OwnedSemaphorePermit>, idle: Duration, lifetime: Duration) -> Connection {
        let end = Instant::now() + lifetime;
        Connection { stream, idle, end, alarm: Box::pin(sleep(idle.min(lifetime))), _place: place }
    }

    /// Passes on what the stream answers. Bytes that moved set the alarm anew; an alarm that rings ends the connection.
    fn watch<T>(&mut self, cx: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            let next = (Instant::now() + self.idle).min(self.end);
            self.alarm.as_mut().reset(next);
            return polled;
        }
        match self.alarm.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buf);
        this.watch(cx, polled)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write(cx, buf);
        this.watch(cx, polled)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write_vectored(cx, bufs);
        this.watch(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
