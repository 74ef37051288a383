//! The writer's database: the head, and the last batches staged. Committing here is the commit point of the record.
//!
//! The checkpoint in `head` is what the log has signed last, whatever the public side shows. A batch row stays until later
//! batches have pushed it out; a batch is only begun when the one before is completely published, so at most the newest is not.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use crate::disk::{DatabaseError, Disk};
use crate::error::StoreError;

/// Version of the database: its tables, and batches packed with deflate (1 had zstd).
const FORMAT: i64 = 2;

/// At most this many bytes of entries are unpacked from one staged batch.
const MOST_BYTES: u64 = 1 << 30;

const TABLES: &str = "
CREATE TABLE head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    format INTEGER NOT NULL,
    origin TEXT NOT NULL,
    log_key TEXT NOT NULL,
    checkpoint BLOB NOT NULL
) STRICT;
CREATE TABLE batch (
    first INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    length INTEGER NOT NULL,
    entries BLOB NOT NULL,
    checkpoint BLOB NOT NULL
) STRICT;";

/// The one row of `head`.
#[derive(Debug, Clone)]
pub struct HeadRow {
    /// The log's origin.
    pub origin: String,
    /// The log's verifier key.
    pub log_key: String,
    /// The checkpoint signed last.
    pub checkpoint: Vec<u8>,
}

/// A staged batch.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Index of its first entry.
    pub first: u64,
    /// The size of the log with it.
    pub size: u64,
    /// Its entries, each preceded by its length (2 bytes, big-endian).
    pub entries: Vec<u8>,
    /// The checkpoint that covers it.
    pub checkpoint: Vec<u8>,
}

/// The open database.
#[derive(Debug)]
pub struct Database {
    db: Connection,
    path: PathBuf,
}

fn failed(what: &'static str) -> impl FnOnce(DatabaseError) -> StoreError {
    move |error| match error {
        DatabaseError::Sqlite(error) => StoreError::Database { what, why: explain(&error) },
        DatabaseError::Io(source) => StoreError::Io { what, path: PathBuf::from("head.sqlite"), source },
    }
}

fn explain(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => "the disk is full: make room and open the record again".to_owned(),
        Some(rusqlite::ErrorCode::ReadOnly) => "private/ is read-only".to_owned(),
        _ => error.to_string(),
    }
}

fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Database {
    /// Opens the database; makes its file if `make`.
    ///
    /// # Errors
    /// [`StoreError::HeadMissing`], [`StoreError::HeadBroken`], [`StoreError::Database`].
    pub fn open(disk: &mut dyn Disk, path: &Path, make: bool, sync: bool) -> Result<Database, StoreError> {
        if !make && !path.exists() {
            return Err(StoreError::HeadMissing(path.to_path_buf()));
        }
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        flags.set(OpenFlags::SQLITE_OPEN_CREATE, make);
        let mut opened = None;
        disk.database("open", &mut || {
            let db = Connection::open_with_flags(path, flags)?;
            // The lock file is the lock; the database needs no shared memory beside it.
            db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
            db.pragma_update(None, "journal_mode", "WAL")?;
            db.pragma_update(None, "synchronous", if sync { "FULL" } else { "OFF" })?;
            opened = Some(db);
            Ok(())
        })
        .map_err(|error| match error {
            DatabaseError::Sqlite(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
                StoreError::HeadBroken { path: path.to_path_buf(), why: error.to_string() }
            }
            other => failed("open it")(other),
        })?;
        let db = opened.ok_or(StoreError::Database { what: "open it", why: "nothing was opened".to_owned() })?;
        Ok(Database { db, path: path.to_path_buf() })
    }

    /// Makes the tables and commits the first head.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub fn begin(&mut self, disk: &mut dyn Disk, row: &HeadRow) -> Result<(), StoreError> {
        let db = &self.db;
        disk.database("begin", &mut || db.execute_batch("BEGIN IMMEDIATE")).map_err(failed("begin"))?;
        disk.database("tables", &mut || db.execute_batch(TABLES)).map_err(failed("make the tables"))?;
        disk.database("first head", &mut || {
            db.execute(
                "INSERT INTO head VALUES (1, ?1, ?2, ?3, ?4)",
                params![FORMAT, row.origin, row.log_key, row.checkpoint],
            )
            .map(drop)
        })
        .map_err(failed("store the first head"))?;
        disk.database("commit", &mut || db.execute_batch("COMMIT")).map_err(failed("commit the first head"))
    }

    /// The head; `None` if it was never committed.
    ///
    /// # Errors
    /// [`StoreError::HeadBroken`].
    pub fn head(&self) -> Result<Option<HeadRow>, StoreError> {
        let tables: i64 = self
            .db
            .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'head'", [], |row| row.get(0))
            .map_err(|error| self.broken(&error))?;
        if tables == 0 {
            return Ok(None);
        }
        let row = self
            .db
            .query_row("SELECT format, origin, log_key, checkpoint FROM head", [], |row| {
                let head = HeadRow { origin: row.get(1)?, log_key: row.get(2)?, checkpoint: row.get(3)? };
                Ok((row.get::<_, i64>(0)?, head))
            })
            .optional()
            .map_err(|error| self.broken(&error))?;
        match row {
            Some((FORMAT, head)) => Ok(Some(head)),
            Some((format, _)) => Err(self.broken(&format!("tables of version {format}, this program knows {FORMAT}"))),
            None => Ok(None),
        }
    }

    /// The staged batches, oldest first.
    ///
    /// # Errors
    /// [`StoreError::HeadBroken`] if they cannot be read or do not join.
    pub fn batches(&self) -> Result<Vec<Batch>, StoreError> {
        let mut query = self
            .db
            .prepare("SELECT first, size, length, entries, checkpoint FROM batch ORDER BY first")
            .map_err(|error| self.broken(&error))?;
        let rows = query
            .query_map([], |row| {
                let numbers: (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok((numbers, row.get::<_, Vec<u8>>(3)?, row.get::<_, Vec<u8>>(4)?))
            })
            .map_err(|error| self.broken(&error))?;
        let mut batches: Vec<Batch> = Vec::new();
        for row in rows {
            let ((first, size, length), packed, checkpoint) = row.map_err(|error| self.broken(&error))?;
            let number = |n: i64| u64::try_from(n).map_err(|_| self.broken(&"a negative number"));
            let (first, size, length) = (number(first)?, number(size)?, number(length)?);
            if first >= size || batches.last().is_some_and(|last| last.size != first) {
                return Err(self.broken(&format!("the batch of entries {first} to {size} does not join the others")));
            }
            let capacity = usize::try_from(length.min(MOST_BYTES)).unwrap_or(0);
            let entries = unpack(&packed, capacity).map_err(|error| self.broken(&error))?;
            batches.push(Batch { first, size, entries, checkpoint });
        }
        Ok(batches)
    }

    /// Stages a batch and moves the head from the checkpoint `expected`, in one transaction: the commit point.
    /// Keeps the newest `keep` batches.
    ///
    /// # Errors
    /// [`StoreError::HeadBroken`] if the head is not `expected`; [`StoreError::Database`]. After any error the caller must not go on.
    pub fn commit(&mut self, disk: &mut dyn Disk, expected: &[u8], batch: &Batch, keep: u32) -> Result<(), StoreError> {
        let what = "stage the batch";
        let packed = pack(&batch.entries).map_err(|source| StoreError::Io {
            what: "compress the batch",
            path: self.path.clone(),
            source,
        })?;
        let length = to_sql(u64::try_from(batch.entries.len()).unwrap_or(u64::MAX));
        let db = &self.db;
        disk.database("begin", &mut || db.execute_batch("BEGIN IMMEDIATE")).map_err(failed("begin"))?;
        disk.database("stage", &mut || {
            db.execute(
                "INSERT INTO batch VALUES (?1, ?2, ?3, ?4, ?5)",
                params![to_sql(batch.first), to_sql(batch.size), length, packed, batch.checkpoint],
            )
            .map(drop)
        })
        .map_err(failed(what))?;
        let mut changed = 0;
        disk.database("swap", &mut || {
            changed = db.execute(
                "UPDATE head SET checkpoint = ?1 WHERE id = 1 AND checkpoint = ?2",
                params![batch.checkpoint, expected],
            )?;
            Ok(())
        })
        .map_err(failed("move the head"))?;
        if changed != 1 {
            return Err(self.broken(&"the head is not where this writer left it: somebody else wrote"));
        }
        disk.database("trim", &mut || {
            db.execute(
                "DELETE FROM batch WHERE first NOT IN (SELECT first FROM batch ORDER BY first DESC LIMIT ?1)",
                params![keep],
            )
            .map(drop)
        })
        .map_err(failed("drop old batches"))?;
        disk.database("commit", &mut || db.execute_batch("COMMIT")).map_err(failed("commit"))
    }

    fn broken(&self, why: &dyn std::fmt::Display) -> StoreError {
        StoreError::HeadBroken { path: self.path.clone(), why: why.to_string() }
    }
}

/// Deflate at its fastest: entries are text, and a third of the bytes is a third of the writing.
fn pack(entries: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(entries)?;
    packed.finish()
}

/// The entries again; an error if they are not `length` bytes.
fn unpack(packed: &[u8], length: usize) -> std::io::Result<Vec<u8>> {
    let mut entries = Vec::new();
    let limit = u64::try_from(length).unwrap_or(u64::MAX).saturating_add(1);
    DeflateDecoder::new(packed).take(limit).read_to_end(&mut entries)?;
    if entries.len() == length {
        Ok(entries)
    } else {
        Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "the batch has another length than it says"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::RealDisk;

    #[test]
    fn the_head_moves_only_from_where_the_writer_left_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("head.sqlite");
        let mut disk = RealDisk::new(false);
        let mut database = Database::open(&mut disk, &path, true, false).unwrap();
        assert!(database.head().unwrap().is_none());
        let row = HeadRow { origin: "o".to_owned(), log_key: "k".to_owned(), checkpoint: b"zero".to_vec() };
        database.begin(&mut disk, &row).unwrap();
        let batch = |first, size, checkpoint: &[u8]| Batch {
            first,
            size,
            entries: b"\0\x01x".to_vec(),
            checkpoint: checkpoint.to_vec(),
        };
        database.commit(&mut disk, b"zero", &batch(0, 1, b"one"), 2).unwrap();
        let moved = database.commit(&mut disk, b"zero", &batch(1, 2, b"two"), 2);
        assert!(matches!(moved, Err(StoreError::HeadBroken { .. })));
        drop(database);

        let mut database = Database::open(&mut disk, &path, false, false).unwrap();
        assert_eq!(database.head().unwrap().unwrap().checkpoint, b"one");
        assert_eq!(database.batches().unwrap().len(), 1);
        for (first, from, to) in [(1, "one", "two"), (2, "two", "three")] {
            database.commit(&mut disk, from.as_bytes(), &batch(first, first + 1, to.as_bytes()), 2).unwrap();
        }
        let kept: Vec<u64> = database.batches().unwrap().iter().map(|batch| batch.first).collect();
        assert_eq!(kept, [1, 2]);
    }
}
