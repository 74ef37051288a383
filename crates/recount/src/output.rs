//! Files that a command writes: as a whole or not at all, and never over a signing key.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{Outcome, SECRET, file_error, input};

/// Writes a file that a person named.
pub fn file(path: &Path, bytes: impl AsRef<[u8]>) -> Outcome {
    stream(path, |out| out.write_all(bytes.as_ref()).map_err(|why| file_error(path, &why)))
}

/// Writes a file that a person named, piece by piece. What was there before stays as it is if this fails.
pub fn stream(path: &Path, write: impl FnOnce(&mut dyn Write) -> Outcome) -> Outcome {
    let failed = |why: io::Error| file_error(path, &why);
    let there = std::fs::metadata(path).ok();
    if there.as_ref().is_some_and(|own| !own.is_file()) {
        // A device or a pipe; a folder says so itself.
        let mut out = BufWriter::new(OpenOptions::new().write(true).open(path).map_err(failed)?);
        write(&mut out)?;
        return out.flush().map_err(failed);
    }
    if there.is_some() && holds_a_key(path) {
        return input(format!(
            "{}: this is a signing key, and it is not overwritten: name another file",
            path.display()
        ));
    }
    // Through a link the file itself is replaced, not the link.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let beside = beside(&target);
    let done = (|| {
        let mut out = BufWriter::new(File::create(&beside).map_err(failed)?);
        if let Some(own) = &there {
            std::fs::set_permissions(&beside, own.permissions()).map_err(failed)?;
        }
        write(&mut out)?;
        out.flush().map_err(failed)?;
        std::fs::rename(&beside, &target).map_err(failed)
    })();
    if done.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    done
}

/// A name in the same folder that nothing else has.
fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().map_or_else(Default::default, |name| name.to_string_lossy().into_owned());
    target.with_file_name(format!(".{name}.{}.new", std::process::id()))
}

fn holds_a_key(path: &Path) -> bool {
    let mut head = [0; SECRET.len()];
    File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok() && head == SECRET.as_bytes()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_was_there_stays_until_all_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        file(&path, "one").unwrap();
        stream(&path, |out| {
            out.write_all(b"tw").map_err(|why| file_error(&path, &why))?;
            input("stopped")
        })
        .unwrap_err();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        file(&path, "two").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        file(folder.path(), "x").unwrap_err();
        file(&folder.path().join("none/x"), "x").unwrap_err();
        file(Path::new("/dev/full"), "x").unwrap_err();
    }

    #[test]
    fn a_signing_key_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.key");
        std::fs::write(&path, "PRIVATE+KEY+a+1+b\n").unwrap();
        assert!(file(&path, "x").unwrap_err().to_string().contains("this is a signing key"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "PRIVATE+KEY+a+1+b\n");
    }
}
