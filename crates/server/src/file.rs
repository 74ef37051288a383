//! A record's files: which paths exist, how they are labelled, and their bytes as they are read.

use std::future::poll_fn;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use recount_log::{MAX_ENTRY, MAX_NOTE, Tile};
use recount_store::layout::{CHECKPOINT, parse_blob_path, parse_checkpoint_path};
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

/// Bytes read at a time; what one slow reader holds in memory.
const CHUNK: usize = 64 * 1024;

/// A blob beyond this is no scan and no rulebook: it is not served.
const MAX_BLOB: u64 = 256 << 20;

/// What kind of file a path names, and so how it is labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The newest checkpoint: replaced with every commit.
    Checkpoint,
    /// A checkpoint that was published earlier.
    Kept,
    /// A hash tile or an entry bundle, of this width at most.
    Tile(Tile),
    /// A blob.
    Blob,
}

impl Kind {
    /// The file that a canonical path (without the slash in front) names; `None` for everything else.
    pub(crate) fn of_path(path: &str) -> Option<Kind> {
        if path == CHECKPOINT {
            return Some(Kind::Checkpoint);
        }
        if parse_checkpoint_path(path).is_some() {
            return Some(Kind::Kept);
        }
        if parse_blob_path(path).is_some() {
            return Some(Kind::Blob);
        }
        Tile::parse_path(path).ok().map(Kind::Tile)
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Kind::Checkpoint | Kind::Kept => "text/plain; charset=utf-8",
            Kind::Tile(_) | Kind::Blob => "application/octet-stream",
        }
    }

    /// Names that carry their content (a hash, or a place and width in an append-only tree) never change.
    pub(crate) fn cache_control(self) -> &'static str {
        match self {
            Kind::Checkpoint => "public, max-age=2, must-revalidate",
            Kind::Kept => "public, max-age=60",
            Kind::Tile(_) | Kind::Blob => "public, max-age=31536000, immutable",
        }
    }

    /// The most bytes that a file of this kind can have.
    pub(crate) fn cap(self) -> u64 {
        match self {
            Kind::Checkpoint | Kind::Kept => MAX_NOTE as u64,
            Kind::Tile(Tile::Hashes { width, .. }) => u64::from(width) * 32,
            Kind::Tile(Tile::Entries { width, .. }) => u64::from(width) * (MAX_ENTRY as u64 + 2),
            Kind::Blob => MAX_BLOB,
        }
    }
}

/// Opens a file and tells its length. Not a regular file, or longer than its kind can be: not found.
pub(crate) async fn open(path: &Path, cap: u64) -> io::Result<(File, u64)> {
    let file = File::open(path).await?;
    let meta = file.metadata().await?;
    if !meta.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    if meta.len() > cap {
        tracing::warn!(path = %path.display(), length = meta.len(), cap, "a file of the record is longer than it can be; it is not served");
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok((file, meta.len()))
}

/// A small file whole.
pub(crate) async fn whole(file: File, length: u64) -> io::Result<Vec<u8>> {
    let mut body = FileBody::new(file, length);
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        if let Ok(data) = frame?.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes)
}

/// Exactly so many bytes of a file, a chunk at a time, without blocking the runtime.
#[derive(Debug)]
pub(crate) struct FileBody {
    file: File,
    left: u64,
    buffer: Box<[u8]>,
}

impl FileBody {
    pub(crate) fn new(file: File, length: u64) -> FileBody {
        let size = usize::try_from(length).unwrap_or(CHUNK).min(CHUNK);
        FileBody { file, left: length, buffer: vec![0; size].into_boxed_slice() }
    }
}

impl HttpBody for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        if this.left == 0 {
            return Poll::Ready(None);
        }
        let mut buffer = ReadBuf::new(&mut this.buffer);
        ready!(Pin::new(&mut this.file).poll_read(cx, &mut buffer))?;
        let read = buffer.filled();
        // A file that grew since it was opened is cut at the length that was promised.
        let most = usize::try_from(this.left).unwrap_or(usize::MAX);
        let read = read.get(..most).unwrap_or(read);
        if read.is_empty() {
            // It shrank: the connection breaks off rather than pretend that this is all.
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        this.left = this.left.saturating_sub(read.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(Bytes::copy_from_slice(read)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_canonical_names_of_a_record_exist() {
        for (path, cap) in [
            ("checkpoint", MAX_NOTE as u64),
            ("checkpoints/7", MAX_NOTE as u64),
            ("tile/0/000", 8192),
            ("tile/0/x001/234.p/5", 160),
            ("tile/entries/000.p/2", 2 * 65_537),
        ] {
            assert_eq!(Kind::of_path(path).map(Kind::cap), Some(cap), "{path}");
        }
        let blob = format!("blob/sha256/{}", "ab".repeat(32));
        assert_eq!(Kind::of_path(&blob), Some(Kind::Blob));
        for path in [
            "",
            "/",
            "checkpoint/",
            "Checkpoint",
            "checkpoints/07",
            "checkpoints/../checkpoint",
            "tile/0/../0/000",
            "tile/0/000.p/256",
            "tile/0/000.p/0",
            "tile/0/0",
            "../private/head.sqlite",
            "..%2fprivate/head.sqlite",
            "blob/sha256/AB",
            "private/head.sqlite",
            "tile",
            "tile/entries",
            "tile/0/000\0",
            "./checkpoint",
            "//checkpoint",
        ] {
            assert_eq!(Kind::of_path(path), None, "{path}");
        }
    }
}
