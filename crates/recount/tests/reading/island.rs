//! The election of the Island: 3 regions, 12 stations, 4 lists; see `tests/fixture`.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::cli::Desk;

const KEYS: [&str; 8] = [
    "commission.island.example",
    "log.island.example",
    "north.island.example",
    "scanner.island.example",
    "observer.example",
    "seat-1.island.example",
    "seat-2.island.example",
    "seat-3.island.example",
];

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture").join(name)
}

/// A desk with the fixture's files and fresh keys.
pub fn desk() -> Desk {
    let desk = Desk::new();
    for entry in std::fs::read_dir(fixture("")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, desk.path(path.file_name().unwrap().to_str().unwrap())).unwrap();
        }
    }
    let mut charter = std::fs::read_to_string(fixture("charter.toml")).unwrap();
    for name in KEYS {
        let verifier = desk.expect(0, &["key", "new", name, "-o", &format!("{name}.key")]);
        charter = charter.replace(&format!("{{{name}}}"), verifier.trim());
    }
    desk.write("charter.toml", &charter);
    desk
}

/// A desk with the record opened.
pub fn opened() -> Desk {
    let desk = desk();
    desk.expect(
        0,
        &[
            "init",
            "rec",
            "--charter",
            "charter.toml",
            "--key",
            "commission.island.example.key",
            "--log-key",
            "log.island.example.key",
        ],
    );
    desk
}

pub fn import(desk: &Desk, table: &str, map: &str, key: &str) -> String {
    desk.expect(0, &["import", "rec", table, "--map", map, "--key", &format!("{key}.key")])
}

/// A desk with the hand count filed.
pub fn counted() -> Desk {
    let desk = opened();
    import(&desk, "results.csv", "map.toml", "commission.island.example");
    desk
}

/// The record with everything in it: hand count, machine count, a copy that differs, a conflict, turnout. Only read it.
pub fn whole() -> &'static Desk {
    static WHOLE: OnceLock<Desk> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let desk = counted();
        import(&desk, "machine.csv", "machine-map.toml", "scanner.island.example");
        import(&desk, "copies.csv", "copies-map.toml", "observer.example");
        import(&desk, "north.csv", "map.toml", "north.island.example");
        for (of, voted) in [("*", 2000), ("north", 1200), ("south", 700), ("abroad", 150)] {
            let (of, voted) = (format!("of={of}"), format!("voted={voted}"));
            desk.say("rec", "turnout", "commission.island.example.key", &["poll=1", &of, &voted, "time=1717329600"]);
        }
        desk
    })
}

/// Text without what differs from run to run: hashes, keys, and where signatures were checked.
pub fn steady(text: &str) -> String {
    let word = |word: &str| {
        let core = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let hex = core.len() >= 16 && core.chars().all(|c| c.is_ascii_hexdigit());
        if hex { word.replace(core, "HASH") } else { word.to_owned() }
    };
    let line = |line: &str| {
        if line.starts_with("Signatures:") {
            return "Signatures: ...".to_owned();
        }
        line.split(' ').map(word).collect::<Vec<_>>().join(" ")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Text in one line: sentences are wrapped at 80 columns.
pub fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
