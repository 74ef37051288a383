//! Writes a test record for the interoperability checks.
//!
//! ```text
//! cargo run -p recount-store --example testlog -- DIR ORIGIN SEED SIZE...
//! ```
//!
//! Makes a record in DIR with the log key of SEED (64 hexadecimal digits), named ORIGIN. ORIGIN `sigsum` stands for the origin that Sigsum
//! gives to the log of that key. The record grows to each SIZE in turn, a checkpoint each. Prints the verifier key.

use std::path::Path;

use recount_log::{Hash, SigningKey, sha256};
use recount_store::{Writer, WriterOptions};

const USAGE: &str = "usage: testlog DIR ORIGIN SEED SIZE...";

fn origin_of(name: &str, seed: [u8; 32]) -> Result<String, Box<dyn std::error::Error>> {
    if name != "sigsum" {
        return Ok(name.to_owned());
    }
    let public = SigningKey::from_seed("sigsum", seed)?.verifier().public();
    Ok(format!("sigsum.org/v1/tree/{}", sha256(&public)))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let dir = arguments.next().ok_or(USAGE)?;
    let name = arguments.next().ok_or(USAGE)?;
    let seed = Hash::from_hex(&arguments.next().ok_or(USAGE)?).ok_or("SEED: 64 hexadecimal digits")?.0;
    let sizes = arguments.map(|size| size.parse()).collect::<Result<Vec<u64>, _>>()?;

    let origin = origin_of(&name, seed)?;
    let key = SigningKey::from_seed(&origin, seed)?;
    let mut writer =
        Writer::create(Path::new(&dir), &origin, &key, WriterOptions { pool: 1 << 20, ..WriterOptions::default() })?;
    writer.put_blob(b"a blob beside the entries")?;
    for size in sizes {
        let entries: Vec<String> = (writer.size()..size).map(|index| format!("test entry {index}\n")).collect();
        writer.append(&entries)?;
    }
    println!("{}", key.verifier());
    Ok(())
}
