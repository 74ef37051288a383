//! The folder that is published: made beside and renamed when it is new; brought up to date file by file, each whole or not at all, when it
//! is there. Pages of stations come first, then units, then the pages that lead to them, then the checkpoint: a reader who follows links
//! from a page finds what it speaks of, at its size or a later one.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use recount_log::Hash;
use recount_site::Site;
use recount_store::{DirSource, Reader, Source, layout};

use crate::error::{CliError, Outcome};
use crate::read::{AnySource, threads};

/// Says what the folder holds, so that the next run writes what changed since.
const MARK: &str = ".recount-published";
/// Up to so many files are flushed to the disk one by one; of more, the file system takes care.
const FLUSHED: usize = 1_000;

/// The output folder.
pub struct Folder {
    out: PathBuf,
    program: String,
}

/// What a folder holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The size of the record.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

/// What was written.
#[derive(Debug, Clone)]
pub struct Written {
    /// The size of the record.
    pub size: u64,
    /// Pages.
    pub pages: u64,
    /// Files of the record.
    pub files: u64,
    /// How long it took.
    pub time: Duration,
}

impl Folder {
    /// The folder at this path, which need not exist yet.
    pub fn open(out: &Path) -> Outcome<Folder> {
        // Another build may word pages otherwise: then all are looked at.
        let own = std::env::current_exe().and_then(std::fs::metadata);
        let since = |meta: &std::fs::Metadata| meta.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok();
        let stamp = own.ok().and_then(|meta| Some(format!("{}-{}", meta.len(), since(&meta)?.as_nanos())));
        let program = format!("{} {}", env!("CARGO_PKG_VERSION"), stamp.unwrap_or_default());
        Ok(Folder { out: out.to_owned(), program })
    }

    /// What it holds, if this program wrote it and was not interrupted.
    pub fn published(&self) -> Option<Published> {
        let text = std::fs::read_to_string(self.out.join(MARK)).ok()?;
        let mut lines = text.lines();
        if lines.next()? != self.program {
            return None;
        }
        let size = lines.next()?.parse().ok()?;
        Some(Published { size, root: Hash::from_hex(lines.next()?)? })
    }

    /// Writes pages (all, or those at these paths) and the record's files.
    pub fn write(
        &self,
        site: &Site,
        paths: Option<Vec<String>>,
        source: &DirSource,
        reader: &Reader<AnySource>,
    ) -> Outcome<Written> {
        let started = Instant::now();
        let fresh = is_missing_or_empty(&self.out);
        let (whole, paths) = (paths.is_none(), paths.unwrap_or_else(|| site.paths().collect()));
        let target = if fresh { beside(&self.out) } else { self.out.clone() };
        std::fs::create_dir_all(&target).map_err(|why| failed(&target, &why))?;
        if !fresh {
            // From here on the folder is between two sizes: a run that breaks off must not be taken for a whole one.
            remove(&target.join(MARK))?;
        }
        let files = copy(source, &target, reader.size())?;
        let how = How { fresh, compare: whole && !fresh, flush: paths.len() <= FLUSHED };
        let pages = write_pages(site, paths, &target, how)?;
        place(&target, layout::CHECKPOINT, reader.checkpoint_bytes(), true)?;
        let mark = format!("{}\n{}\n{}\n", self.program, site.size(), reader.checkpoint().root.to_hex());
        place(&target, MARK, mark.as_bytes(), true)?;
        if fresh {
            // An empty folder gives way; a missing one is no reason to fail.
            let _ = std::fs::remove_dir(&self.out);
            std::fs::rename(&target, &self.out).map_err(|why| failed(&self.out, &why))?;
        }
        Ok(Written { size: site.size(), pages, files: files + 1, time: started.elapsed() })
    }
}

/// How pages are written.
#[derive(Clone, Copy)]
struct How {
    /// Nobody reads the folder yet: files need not be whole at every moment.
    fresh: bool,
    /// Files that are there with the same bytes are left alone.
    compare: bool,
    /// Each file is flushed to the disk.
    flush: bool,
}

fn failed(path: &Path, why: &std::io::Error) -> CliError {
    CliError::Environment(format!("{}: {why}", path.display()))
}

fn is_missing_or_empty(path: &Path) -> bool {
    std::fs::read_dir(path).map_or(!path.exists(), |mut inside| inside.next().is_none())
}

/// A folder in the same place, under a name of this process.
fn beside(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    out.with_file_name(name)
}

fn remove(path: &Path) -> Outcome {
    match std::fs::remove_file(path) {
        Err(why) if why.kind() != std::io::ErrorKind::NotFound => Err(failed(path, &why)),
        _ => Ok(()),
    }
}

/// Pages that lead to others come after them; the front pages last.
fn rank(path: &str) -> u8 {
    match path.split('/').nth(1) {
        Some("station") => 1,
        Some("place") => 2,
        None => 5,
        Some("") => 4,
        Some(_) if path.starts_with("assets/") => 0,
        Some(_) => 3,
    }
}

/// Writes pages on all processors, rank by rank; says how many.
fn write_pages(site: &Site, paths: Vec<String>, target: &Path, how: How) -> Outcome<u64> {
    let mut ranks: [Vec<String>; 6] = Default::default();
    for path in paths {
        let rank = usize::from(rank(&path));
        if let Some(same) = ranks.get_mut(rank) {
            same.push(path);
        }
    }
    let written = AtomicU64::new(0);
    for paths in &ranks {
        let (next, wrong) = (AtomicUsize::new(0), Mutex::new(None));
        let work = || {
            while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                match write_page(site, path, target, how) {
                    Ok(n) => written.fetch_add(n, Ordering::Relaxed),
                    Err(why) => {
                        *wrong.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
                        return;
                    }
                };
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads().min(paths.len()) {
                scope.spawn(work);
            }
            work();
        });
        if let Some(why) = wrong.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(why);
        }
    }
    Ok(written.into_inner())
}

fn write_page(site: &Site, path: &str, target: &Path, how: How) -> Outcome<u64> {
    let Some(page) = site.page(path) else { return Ok(0) };
    let file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    if how.compare && std::fs::read(target.join(&file)).is_ok_and(|there| there == page.body) {
        return Ok(0);
    }
    let put = if how.fresh { write_new } else { place };
    put(target, &file, &page.body, how.flush)?;
    Ok(1)
}

/// Writes a file as a whole or not at all.
fn place(target: &Path, path: &str, bytes: &[u8], flush: bool) -> Outcome {
    let staging = format!("{path}.new");
    write_new(target, &staging, bytes, flush)?;
    let full = target.join(path);
    std::fs::rename(target.join(staging), &full).map_err(|why| failed(&full, &why))
}

/// Writes a file, and the folder that it lies in.
fn write_new(target: &Path, path: &str, bytes: &[u8], flush: bool) -> Outcome {
    let full = target.join(path);
    let created = match File::create(&full) {
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => {
            let folder = full.parent().unwrap_or(target);
            std::fs::create_dir_all(folder).map_err(|why| failed(folder, &why))?;
            File::create(&full)
        }
        created => created,
    };
    let mut file = created.map_err(|why| failed(&full, &why))?;
    let written = file.write_all(bytes).and_then(|()| if flush { file.sync_all() } else { Ok(()) });
    written.map_err(|why| failed(&full, &why))
}

/// Copies the public files that are not there yet, but the checkpoint; says how many.
fn copy(source: &DirSource, out: &Path, size: u64) -> Outcome<u64> {
    let mut copied = 0;
    for path in source.list()?.unwrap_or_default() {
        let ours = path.starts_with("tile/") || path.starts_with("checkpoints/") || path.starts_with("blob/");
        let later = layout::parse_checkpoint_path(&path).is_some_and(|kept| kept > size);
        if !ours || later || out.join(&path).exists() {
            continue;
        }
        // Partial tiles go when the full one comes; the full one then comes along with this run or the next.
        let Some(bytes) = source.get(&path, u64::MAX)? else { continue };
        place(out, &path, &bytes, true)?;
        copied += 1;
    }
    Ok(copied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_to_others_comes_last() {
        let order = ["assets/style.css", "en/station/7/", "en/place/x/", "en/missing/", "en/", ""];
        let ranks: Vec<u8> = order.iter().map(|path| rank(path)).collect();
        assert_eq!(ranks, [0, 1, 2, 3, 4, 5]);
        assert_eq!(rank("en/changes.atom"), 3);
        assert_eq!(rank("en/place/"), 2);
    }
}
