//! Verifies a record's log: `cargo run -p recount-store --example verifylog -- DIR|URL VKEY`. Exit code 1 if it is not what it claims.

use std::process::ExitCode;

use recount_log::VerifierKey;
use recount_store::{Reader, open_source};

fn verify(place: &str, key: &str) -> Result<String, Box<dyn std::error::Error>> {
    let key = VerifierKey::parse(key)?;
    let reader = Reader::open(open_source(place)?, Some(&key), None)?;
    let tree = reader.verify_tree(2, |_| {})?;
    let blobs = reader.verify_blobs(2, 1 << 30, |_| {})?;
    Ok(format!(
        "{} entries, {} tile files, {} checkpoints, {} blobs",
        tree.entries, tree.tiles, tree.checkpoints, blobs.blobs
    ))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [place, key] = arguments.as_slice() else {
        eprintln!("usage: verifylog DIR|URL VKEY");
        return ExitCode::from(2);
    };
    match verify(place, key) {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("rejected: {error}");
            ExitCode::FAILURE
        }
    }
}
