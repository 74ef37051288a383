//! A disk that fails on purpose: for tests of what a crash, a power cut or a full disk leaves behind.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{DatabaseError, Disk, Lock, RealDisk};

/// How the disk fails at the chosen operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The process stops before the operation.
    Before,
    /// The process stops in the middle of it: half of the bytes of a write; any other operation does not happen.
    Partial,
    /// The operation happens, then the process stops before it learns so.
    After,
    /// The power fails after it: file contents and names that were not made durable are lost.
    PowerCut,
    /// The operation fails, and everything after it works again.
    Glitch,
    /// The disk is full from here on: writes fail half way, everything else works.
    Full,
}

/// When and how to fail, and how far a run got. Clones share one counter.
#[derive(Debug, Clone)]
pub struct Fault {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    at: u64,
    mode: Mode,
    done: u64,
    dead: bool,
    writes: Vec<u64>,
    unsynced: BTreeSet<PathBuf>,
    undo: Vec<Undo>,
}

/// How to take back a change of a directory that was not made durable.
#[derive(Debug)]
struct Undo {
    dir: PathBuf,
    path: PathBuf,
    before: Before,
}

#[derive(Debug)]
enum Before {
    Nothing,
    NoDirectory,
    File(Vec<u8>),
}

impl Fault {
    /// Fails at operation number `at` (from 1; `u64::MAX` for never).
    #[must_use]
    pub fn new(at: u64, mode: Mode) -> Fault {
        let state =
            State { at, mode, done: 0, dead: false, writes: Vec::new(), unsynced: BTreeSet::new(), undo: Vec::new() };
        Fault { state: Arc::new(Mutex::new(state)) }
    }

    /// Operations so far.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.with(|state| state.done)
    }

    /// The numbers of the operations that wrote something.
    #[must_use]
    pub fn writes(&self) -> Vec<u64> {
        self.with(|state| state.writes.clone())
    }

    /// Whether the failure has happened.
    #[must_use]
    pub fn struck(&self) -> bool {
        self.with(|state| state.dead)
    }

    fn with<T>(&self, run: impl FnOnce(&mut State) -> T) -> T {
        run(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What to do with one operation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Go,
    Refuse,
    Half,
    GoThenStop,
    GoThenCut,
    HalfAndFull,
}

/// A real disk that fails as told.
#[derive(Debug)]
pub struct FaultyDisk {
    real: RealDisk,
    fault: Fault,
}

fn stopped() -> io::Error {
    io::Error::other("stopped on purpose")
}

fn full() -> io::Error {
    io::Error::new(io::ErrorKind::StorageFull, "no space left on device")
}

impl FaultyDisk {
    /// A disk that fails as `fault` says. It never asks the system to sync: durability is modelled, not used.
    #[must_use]
    pub fn new(fault: &Fault) -> FaultyDisk {
        FaultyDisk { real: RealDisk::new(false), fault: fault.clone() }
    }

    fn turn(&self, writes: bool) -> Turn {
        self.fault.with(|state| {
            if state.dead && state.mode == Mode::Glitch {
                return Turn::Go;
            }
            if state.dead && state.mode != Mode::Full {
                return Turn::Refuse;
            }
            state.done += 1;
            if writes {
                state.writes.push(state.done);
            }
            if state.done < state.at {
                return Turn::Go;
            }
            state.dead = true;
            match state.mode {
                Mode::Before | Mode::Glitch => Turn::Refuse,
                Mode::Partial => Turn::Half,
                Mode::After => Turn::GoThenStop,
                Mode::PowerCut => Turn::GoThenCut,
                Mode::Full if writes => Turn::HalfAndFull,
                Mode::Full => Turn::Go,
            }
        })
    }

    fn act<T>(&mut self, run: impl FnOnce(&mut RealDisk, &Fault) -> io::Result<T>) -> io::Result<T> {
        match self.turn(false) {
            Turn::Go | Turn::HalfAndFull => run(&mut self.real, &self.fault),
            Turn::Refuse | Turn::Half => Err(stopped()),
            Turn::GoThenStop => run(&mut self.real, &self.fault).and(Err(stopped())),
            Turn::GoThenCut => {
                let result = run(&mut self.real, &self.fault);
                self.cut();
                result.and(Err(stopped()))
            }
        }
    }

    /// Takes back everything that was not durable: names first (newest first), then contents.
    fn cut(&mut self) {
        let (undo, unsynced) =
            self.fault.with(|state| (std::mem::take(&mut state.undo), std::mem::take(&mut state.unsynced)));
        for path in unsynced {
            if let Ok(bytes) = fs::read(&path) {
                let half = bytes.get(..bytes.len() / 2).unwrap_or_default();
                let _ = fs::remove_file(&path);
                let _ = fs::write(&path, half);
            }
        }
        for change in undo.into_iter().rev() {
            match change.before {
                Before::Nothing => drop(fs::remove_file(&change.path)),
                Before::NoDirectory => drop(fs::remove_dir_all(&change.path)),
                Before::File(bytes) => {
                    let _ = fs::remove_file(&change.path);
                    let _ = fs::write(&change.path, bytes);
                }
            }
        }
    }
}

fn note_name(fault: &Fault, path: &Path, before: Before) {
    let dir = path.parent().unwrap_or(path).to_path_buf();
    fault.with(|state| {
        if state.mode == Mode::PowerCut {
            state.undo.push(Undo { dir, path: path.to_path_buf(), before });
        }
    });
}

fn before_of(path: &Path) -> Before {
    fs::read(path).map_or(Before::Nothing, Before::File)
}

impl Disk for FaultyDisk {
    fn lock(&mut self, path: &Path) -> io::Result<Option<Lock>> {
        self.act(|real, _| real.lock(path))
    }

    fn make_dir(&mut self, path: &Path, private: bool) -> io::Result<()> {
        self.act(|real, fault| {
            let existed = path.exists();
            real.make_dir(path, private)?;
            if !existed {
                note_name(fault, path, Before::NoDirectory);
            }
            Ok(())
        })
    }

    fn write_new(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let turn = self.turn(true);
        if turn == Turn::Refuse {
            return Err(stopped());
        }
        let half = bytes.get(..bytes.len() / 2).unwrap_or_default();
        let whole = !matches!(turn, Turn::Half | Turn::HalfAndFull);
        self.real.write_new(path, if whole { bytes } else { half })?;
        note_name(&self.fault, path, Before::Nothing);
        self.fault.with(|state| state.unsynced.insert(path.to_path_buf()));
        match turn {
            Turn::Go | Turn::Refuse => Ok(()),
            Turn::HalfAndFull => Err(full()),
            Turn::Half | Turn::GoThenStop => Err(stopped()),
            Turn::GoThenCut => {
                self.cut();
                Err(stopped())
            }
        }
    }

    fn sync_file(&mut self, path: &Path) -> io::Result<()> {
        self.act(|_, fault| {
            fault.with(|state| state.unsynced.remove(path));
            Ok(())
        })
    }

    fn sync_dir(&mut self, path: &Path) -> io::Result<()> {
        self.act(|_, fault| {
            fault.with(|state| state.undo.retain(|change| change.dir != path));
            Ok(())
        })
    }

    fn link(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.act(|real, fault| {
            real.link(from, to)?;
            note_name(fault, to, Before::Nothing);
            // Both names share the contents: a link to something not yet durable is not durable either.
            fault.with(|state| state.unsynced.contains(from) && state.unsynced.insert(to.to_path_buf()));
            Ok(())
        })
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.act(|real, fault| {
            let before = before_of(to);
            real.rename(from, to)?;
            note_name(fault, to, before);
            fault.with(|state| state.unsynced.remove(from) && state.unsynced.insert(to.to_path_buf()));
            Ok(())
        })
    }

    fn remove_file(&mut self, path: &Path) -> io::Result<()> {
        self.act(|real, fault| {
            let before = before_of(path);
            real.remove_file(path)?;
            if let Before::File(_) = before {
                note_name(fault, path, before);
            }
            Ok(())
        })
    }

    fn remove_dir(&mut self, path: &Path) -> io::Result<()> {
        self.act(|real, _| real.remove_dir(path))
    }

    fn list(&mut self, path: &Path) -> io::Result<Vec<String>> {
        self.act(|real, _| real.list(path))
    }

    fn read(&mut self, path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
        self.act(|real, _| real.read(path, most))
    }

    fn database(
        &mut self,
        _step: &'static str,
        run: &mut dyn FnMut() -> rusqlite::Result<()>,
    ) -> Result<(), DatabaseError> {
        let turn = self.turn(true);
        match turn {
            Turn::Refuse | Turn::Half => return Err(DatabaseError::Io(stopped())),
            Turn::HalfAndFull => return Err(DatabaseError::Io(full())),
            Turn::Go | Turn::GoThenStop | Turn::GoThenCut => {}
        }
        let result = run().map_err(DatabaseError::Sqlite);
        if turn == Turn::GoThenCut {
            self.cut();
        }
        if turn == Turn::Go { result } else { result.and(Err(DatabaseError::Io(stopped()))) }
    }
}
