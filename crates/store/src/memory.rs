//! A reader's own memory: which checkpoint of a record it saw last, and how far it had checked it.
//!
//! It lies in the user's cache folder, never in the record: a record that was received could bring a forged memory along.
//! One small text file per log (origin and key):
//!
//! ```text
//! recount-seen/1
//! seen 70000 7f3c...           (size and root, hexadecimal)
//! verified 1 60000 90ab...     (which checks passed, and where; this line may be missing)
//!
//! example.org/2027             (the checkpoint seen, as it was)
//! ...
//! ```

use std::path::{Path, PathBuf};

use recount_log::{Hash, VerifierKey, sha256};

use crate::disk::read_capped;
use crate::error::{Head, StoreError};
use crate::source::note_cap;

const HEADER: &str = "recount-seen/1";

/// What is remembered of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The size and root seen last.
    pub head: Head,
    /// The largest size up to which the record passed all checks, if any: the tree of `head` begins with it.
    pub verified: Option<Verified>,
    /// The checkpoint itself: with a later one that contradicts it, the proof of a fork.
    pub checkpoint: Vec<u8>,
}

/// What passed which checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// A number that the caller raises whenever it checks more: an older program's "verified" is then not enough.
    pub checks: u32,
    /// The size and root that passed.
    pub head: Head,
}

/// The memory of one log.
#[derive(Debug, Clone)]
pub struct Memory {
    file: PathBuf,
}

impl Memory {
    /// The folder for memories: `$XDG_CACHE_HOME/recount`, else `~/.cache/recount`; `None` without a home.
    #[must_use]
    pub fn default_folder() -> Option<PathBuf> {
        let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let base = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))?;
        Some(base.join("recount"))
    }

    /// The memory of the log of this origin and key in `folder`.
    #[must_use]
    pub fn new(folder: &Path, origin: &str, key: &VerifierKey) -> Memory {
        let name = sha256(format!("{origin}\n{key}").as_bytes()).to_hex();
        Memory { file: folder.join(name) }
    }

    /// The memory of the log's writer, apart from that of readers on the same machine.
    #[must_use]
    pub fn of_writer(folder: &Path, origin: &str, key: &VerifierKey) -> Memory {
        let file = Memory::new(folder, origin, key).file;
        Memory { file: file.with_extension("writer") }
    }

    /// What to call this memory in messages.
    #[must_use]
    pub fn who(&self) -> String {
        format!("this machine ({})", self.file.display())
    }

    /// What is remembered; `None` if nothing is.
    ///
    /// # Errors
    /// [`StoreError::Io`]; [`StoreError::Invalid`] if the file is not one of ours: remove it to forget.
    pub fn seen(&self) -> Result<Option<Seen>, StoreError> {
        let read = read_capped(&self.file, memory_cap()).map_err(|error| StoreError::io("read", &self.file, error))?;
        let Some(bytes) = read else { return Ok(None) };
        let seen = parse(&bytes).ok_or_else(|| {
            StoreError::Invalid(format!("{}: not a memory of a record; remove it to forget", self.file.display()))
        })?;
        Ok(Some(seen))
    }

    /// The trees seen last of *other* logs that go by the same origin: logs of another key, in the same folder; the largest first.
    ///
    /// Whoever controls an address can put another log there, under the same name and with a key of his own. A reader who was given
    /// the key refuses it; one who takes the key that the record names can learn here that this name had another key before.
    /// Files that cannot be read are passed over: this is a warning, not a proof.
    #[must_use]
    pub fn namesakes(&self, origin: &str) -> Vec<Head> {
        let files =
            self.file.parent().and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten().flatten();
        let others = files.map(|entry| entry.path()).filter(|path| *path != self.file);
        let readers =
            others.filter(|path| path.file_name().and_then(|n| n.to_str()).and_then(Hash::from_hex).is_some());
        let mut heads: Vec<Head> = readers
            .filter_map(|path| parse(&read_capped(&path, memory_cap()).ok()??))
            .filter(|seen| seen.checkpoint.strip_prefix(origin.as_bytes()).is_some_and(|rest| rest.starts_with(b"\n")))
            .map(|seen| seen.head)
            .collect();
        heads.sort_by_key(|head| (std::cmp::Reverse(head.size), head.root));
        heads
    }

    /// Remembers a checkpoint. A memory that cannot be written is reported in the log only: it must not stop a count.
    pub fn remember(&self, seen: &Seen) {
        if let Err(error) = self.write(seen) {
            tracing::warn!(file = %self.file.display(), %error, "cannot remember this checkpoint");
        }
    }

    fn write(&self, seen: &Seen) -> std::io::Result<()> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut temp = self.file.clone().into_os_string();
        temp.push(format!(".{}", std::process::id()));
        std::fs::write(&temp, format(seen))?;
        std::fs::rename(&temp, &self.file)
    }
}

/// The largest file of a memory: a note, and lines of numbers and hashes.
fn memory_cap() -> u64 {
    note_cap().saturating_add(300)
}

fn format(seen: &Seen) -> Vec<u8> {
    let mut top = format!("{HEADER}\nseen {} {}\n", seen.head.size, seen.head.root.to_hex());
    if let Some(Verified { checks, head }) = &seen.verified {
        top.push_str(&format!("verified {checks} {} {}\n", head.size, head.root.to_hex()));
    }
    top.push('\n');
    [top.as_bytes(), &seen.checkpoint].concat()
}

fn parse(bytes: &[u8]) -> Option<Seen> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (top, checkpoint) = text.split_once("\n\n")?;
    let mut lines = top.split('\n');
    if lines.next() != Some(HEADER) {
        return None;
    }
    let head = parse_head(lines.next()?.strip_prefix("seen ")?)?;
    let verified = match lines.next() {
        None => None,
        Some(line) => {
            let (checks, head) = line.strip_prefix("verified ")?.split_once(' ')?;
            Some(Verified { checks: checks.parse().ok()?, head: parse_head(head)? })
        }
    };
    if lines.next().is_some() {
        return None;
    }
    Some(Seen { head, verified, checkpoint: checkpoint.as_bytes().to_vec() })
}

fn parse_head(text: &str) -> Option<Head> {
    let (size, root) = text.split_once(' ')?;
    Some(Head { size: size.parse().ok()?, root: Hash::from_hex(root)? })
}

#[cfg(test)]
mod tests {
    use recount_log::SigningKey;

    use super::*;

    #[test]
    fn what_is_remembered_is_what_was_seen() {
        let folder = tempfile::tempdir().unwrap();
        let key = SigningKey::from_seed("a.example", [1; 32]).unwrap().verifier();
        let memory = Memory::new(&folder.path().join("new"), "a.example", &key);
        assert_eq!(memory.seen().unwrap(), None);
        let head = Head { size: 7, root: Hash([9; 32]) };
        let checkpoint = b"a.example\n7\n\n\xe2\x80\x94 x y\n".to_vec();
        for verified in [None, Some(Verified { checks: 2, head: Head { size: 5, ..head } })] {
            let seen = Seen { head, verified, checkpoint: checkpoint.clone() };
            memory.remember(&seen);
            assert_eq!(memory.seen().unwrap(), Some(seen));
        }
        assert_eq!(Memory::of_writer(&folder.path().join("new"), "a.example", &key).seen().unwrap(), None);
        assert_eq!(Memory::new(&folder.path().join("new"), "b.example", &key).seen().unwrap(), None);

        // Another log of the same origin; one of another origin that begins alike; a file that is none of ours.
        let stranger = SigningKey::from_seed("a.example", [2; 32]).unwrap().verifier();
        let other = Memory::new(&folder.path().join("new"), "a.example", &stranger);
        assert_eq!((other.namesakes("a.example"), memory.namesakes("a.example")), (vec![head], vec![]));
        assert_eq!(other.namesakes("a.example/2"), []);
        assert_eq!(other.namesakes("a.exam"), []);
        other.remember(&Seen { head: Head { size: 9, ..head }, verified: None, checkpoint: checkpoint.clone() });
        assert_eq!(memory.namesakes("a.example"), [Head { size: 9, ..head }]);
        let third = Memory::new(&folder.path().join("new"), "b.example", &key);
        assert_eq!(third.namesakes("a.example").iter().map(|head| head.size).collect::<Vec<_>>(), [9, 7]);
        assert_eq!(Memory::new(&folder.path().join("none"), "a.example", &key).namesakes("a.example"), []);

        std::fs::write(&memory.file, "something else").unwrap();
        assert_eq!(other.namesakes("a.example"), []);
        assert!(matches!(memory.seen(), Err(StoreError::Invalid(_))));
    }
}
