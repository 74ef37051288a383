//! Runs the real binary, with a home of its own, and reads what it says.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test support; not every file uses all of it"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A folder for one test, with a home in it.
pub struct Desk {
    dir: TempDir,
}

impl Desk {
    /// A fresh one.
    pub fn new() -> Desk {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("home")).unwrap();
        Desk { dir }
    }

    /// A path on it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The command, not yet run.
    pub fn command(&self, args: &[&str]) -> Command {
        // Another build of the program can be asked, so that goals in seconds are those of a release.
        let program = std::env::var_os("RECOUNT_PROGRAM");
        let mut command = Command::new(program.unwrap_or_else(|| env!("CARGO_BIN_EXE_recount").into()));
        let home = self.dir.path().join("home");
        command
            .args(args)
            .current_dir(self.dir.path())
            .env("HOME", &home)
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("TMPDIR", self.dir.path());
        command
    }

    /// Runs it.
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs it and expects this exit code; returns standard output.
    pub fn expect(&self, code: i32, args: &[&str]) -> String {
        let output = self.run(args);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "recount {}\n{out}\n{err}", args.join(" "));
        out
    }

    /// Runs it, expects this exit code and returns standard error.
    pub fn refused(&self, code: i32, args: &[&str]) -> String {
        let output = self.run(args);
        let err = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "recount {}\n{}\n{err}", args.join(" "), text(&output.stdout));
        assert!(!err.contains("panicked"), "{err}");
        err
    }

    /// Runs it and reads its JSON.
    pub fn json(&self, args: &[&str]) -> Value {
        let mut all = args.to_vec();
        all.push("--json");
        let out = self.expect(0, &all);
        serde_json::from_str(&out).unwrap_or_else(|why| panic!("recount {}: {why}\n{out}", args.join(" ")))
    }

    /// A synthetic record; returns its JSON with key and charter.
    pub fn synth(&self, dir: &str, stations: u32) -> Value {
        self.json(&[
            "synth",
            dir,
            "--stations",
            &stations.to_string(),
            "--seed",
            "7",
            "--territories",
            "3",
            "--lists",
            "5",
        ])
    }

    /// Files a note, so that the record grows.
    pub fn note(&self, dir: &str, code: &str) {
        self.expect(0, &["draft", "note", "--dir", dir, "--set", &format!("code={code}"), "-o", "note.txt"]);
        self.expect(0, &["sign", "note.txt", "--key", "commission.key"]);
        self.expect(0, &["file", dir, "note.txt"]);
    }

    /// A small record of which this desk holds the commission's key.
    pub fn small(&self) -> Value {
        self.expect(0, &["key", "new", "small.example", "-o", "log.key"]);
        self.expect(0, &["key", "new", "commission.small.example", "-o", "commission.key"]);
        self.write("units.csv", "id,level,in,name\ncountry,national,,Country\n");
        self.write("stations.csv", "id,in,voters,name\n1001,country,900,School\n1002,country,700,Library\n");
        self.write("lists.csv", "id,contest,name\na,lists,List A\nb,lists,List B\n");
        self.write(
            "forms.toml",
            "schema = \"recount-forms/1\"\nlevels = [\"national\", \"station\"]\n[[contests]]\nid = \"lists\"\ntitle = \"Council\"\nkind = \"list\"\nunit = \"national\"\n[[forms]]\nid = \"protocol\"\ntitle = \"Protocol\"\ncontest = \"lists\"\nsources = [\"hand\"]\nlines = [{ code = \"valid\", title = \"Valid\", holds = \"ballots\", required = true }]\n",
        );
        self.write(
            "rulebook.toml",
            "schema = \"recount-rulebook/1\"\nid = \"council\"\ntitle = \"Council\"\n[units]\nlevels = [\"national\", \"station\"]\n[contest.lists]\nkind = \"list\"\nseats = 5\n[quantity.list_votes]\nsum = [\"lists\"]\n[[stage]]\nid = \"admitted\"\nkind = \"admit\"\ncontest = \"lists\"\nwhen = { share = { base = \"list_votes\", in = \"national\", at_least = \"5/100\" } }\n[[stage]]\nid = \"seats\"\nkind = \"allocate\"\ncontenders = \"admitted\"\nseats = 5\nformula = { family = \"divisor\", rule = \"dhondt\" }\n[standing]\ndecides = \"hand\"\n",
        );
        self.write(
            "charter.toml",
            "schema = \"recount-charter/1\"\norigin = \"small.example\"\nrulebook = \"rulebook.toml\"\nforms = \"forms.toml\"\n[election]\nid = \"small\"\ntitle = \"A small council\"\npolling_day = \"2027-01-03\"\n[register]\nunits = \"units.csv\"\nstations = \"stations.csv\"\nlists = \"lists.csv\"\n",
        );
        self.json(&["init", "small", "--charter", "charter.toml", "--key", "commission.key", "--log-key", "log.key"])
    }

    /// Drafts a statement for a record, signs it with a key of this desk, files it; returns what `file` says.
    pub fn say(&self, dir: &str, kind: &str, key: &str, sets: &[&str]) -> Value {
        let mut args = vec!["draft", kind, "--dir", dir, "-o", "statement.txt"];
        for set in sets {
            args.extend(["--set", set]);
        }
        self.expect(0, &args);
        self.expect(0, &["sign", "statement.txt", "--key", key]);
        self.json(&["file", dir, "statement.txt"])
    }

    /// Files a protocol of the small record.
    pub fn protocol(&self, station: &str, a: u64, b: u64) -> Value {
        let (valid, a, b) = (format!("lines.valid={}", a + b), format!("votes.a={a}"), format!("votes.b={b}"));
        let station = format!("station={station}");
        let sets = ["poll=1", "contest=lists", &station, "source=hand", &valid, &a, &b];
        self.say("small", "protocol", "commission.key", &sets)
    }
}

/// Bytes as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Lines wider than 80 columns.
pub fn too_wide(out: &str) -> Vec<&str> {
    out.lines().filter(|line| line.chars().count() > 80).collect()
}

/// Every file below a folder, by path relative to it.
pub fn files(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(dir).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}
