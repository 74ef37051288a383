//! Where things lie in a record's directory. The one place that knows these names.
//!
//! ```text
//! public/checkpoint            the newest checkpoint; replaced by rename
//! public/checkpoints/<size>    every checkpoint that was ever published
//! public/tile/...              hash tiles and entry bundles (C2SP tlog-tiles)
//! public/blob/sha256/<hex>     blobs by the hash of their bytes
//! private/head.sqlite          the head and the last staged batches: the commit point
//! private/lock                 held by the one writer
//! private/staging/             files before they are linked into public/; never served
//! ```

use std::path::{Path, PathBuf};

use recount_log::Hash;

/// The newest checkpoint, relative to the public side.
pub const CHECKPOINT: &str = "checkpoint";

/// The folder of every published checkpoint, relative to the public side.
pub const CHECKPOINTS: &str = "checkpoints";

/// The folder of blobs, relative to the public side.
pub const BLOBS: &str = "blob/sha256";

/// The kept checkpoint of one size, relative to the public side.
#[must_use]
pub fn checkpoint_path(size: u64) -> String {
    format!("{CHECKPOINTS}/{size}")
}

/// A blob, relative to the public side.
#[must_use]
pub fn blob_path(hash: &Hash) -> String {
    format!("{BLOBS}/{}", hash.to_hex())
}

/// The size in a canonical path of a kept checkpoint.
#[must_use]
pub fn parse_checkpoint_path(path: &str) -> Option<u64> {
    let digits = path.strip_prefix(CHECKPOINTS)?.strip_prefix('/')?;
    let size: u64 = digits.parse().ok()?;
    (size.to_string() == digits).then_some(size)
}

/// The hash in a canonical path of a blob.
#[must_use]
pub fn parse_blob_path(path: &str) -> Option<Hash> {
    let hex = path.strip_prefix(BLOBS)?.strip_prefix('/')?;
    let hash = Hash::from_hex(hex)?;
    (hash.to_hex() == hex).then_some(hash)
}

/// The paths of one record's directory.
#[derive(Debug, Clone)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The layout of the record in `root`.
    #[must_use]
    pub fn new(root: &Path) -> Layout {
        Layout { root: root.to_path_buf() }
    }

    /// The record's directory itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What any web server may serve.
    #[must_use]
    pub fn public(&self) -> PathBuf {
        self.root.join("public")
    }

    /// A public file by its path relative to `public/`.
    #[must_use]
    pub fn public_file(&self, path: &str) -> PathBuf {
        self.public().join(path)
    }

    /// The writer's own side, mode 0700.
    #[must_use]
    pub fn private(&self) -> PathBuf {
        self.root.join("private")
    }

    /// The database.
    #[must_use]
    pub fn head(&self) -> PathBuf {
        self.private().join("head.sqlite")
    }

    /// The lock file.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.private().join("lock")
    }

    /// Files on their way into `public/`. They are staged here, on the same file system but outside what is served,
    /// so that neither a reader nor a copy of `public/` ever meets half a file.
    #[must_use]
    pub fn staging(&self) -> PathBuf {
        self.private().join("staging")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_canonical_paths_parse() {
        assert_eq!(parse_checkpoint_path("checkpoints/0"), Some(0));
        assert_eq!(parse_checkpoint_path("checkpoints/700"), Some(700));
        for bad in
            ["checkpoints/", "checkpoints/07", "checkpoints/+7", "checkpoints/7/", "checkpoint/7", "checkpoints7"]
        {
            assert_eq!(parse_checkpoint_path(bad), None, "{bad}");
        }
        let hash = Hash([0xab; 32]);
        assert_eq!(parse_blob_path(&blob_path(&hash)), Some(hash));
        assert_eq!(parse_blob_path(&blob_path(&hash).replace("ab", "AB")), None);
        assert_eq!(parse_blob_path("blob/sha256/ab"), None);
    }
}
