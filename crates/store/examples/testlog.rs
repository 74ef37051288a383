//! Writes a test record for the interoperability checks.
//!
//! ```text
//! testlog DIR ORIGIN SEED [--text WORD] [--witness URL VKEY] SIZE...
//! ```
//!
//! Makes a record in DIR whose log key has the seed SEED (64 hexadecimal digits) and the name ORIGIN; ORIGIN `sigsum` stands for the
//! origin that Sigsum gives to the log of that key. The record grows to each SIZE in turn, with a checkpoint each; its entries hold WORD.
//! Prints the verifier key.

use std::path::Path;
use std::process::ExitCode;

use recount_log::{Hash, SigningKey, VerifierKey, sha256};
use recount_store::{Witness, Writer, WriterOptions};

const USAGE: &str = "usage: testlog DIR ORIGIN SEED [--text WORD] [--witness URL VKEY] SIZE...";

fn origin_of(name: &str, seed: [u8; 32]) -> Result<String, Box<dyn std::error::Error>> {
    if name != "sigsum" {
        return Ok(name.to_owned());
    }
    let public = SigningKey::from_seed("sigsum", seed)?.verifier().public();
    Ok(format!("sigsum.org/v1/tree/{}", sha256(&public).to_hex()))
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<String, Box<dyn std::error::Error>> {
    let dir = arguments.next().ok_or(USAGE)?;
    let name = arguments.next().ok_or(USAGE)?;
    let seed = Hash::from_hex(&arguments.next().ok_or(USAGE)?).ok_or("SEED: 64 hexadecimal digits")?.0;
    let mut text = "test".to_owned();
    let mut options = WriterOptions { pool: 1 << 20, ..WriterOptions::default() };
    let mut sizes = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--text" => text = arguments.next().ok_or(USAGE)?,
            "--witness" => {
                let url = arguments.next().ok_or(USAGE)?;
                let key = VerifierKey::parse(&arguments.next().ok_or(USAGE)?)?;
                options.witnesses.push(Witness { url, key });
            }
            size => sizes.push(size.parse::<u64>()?),
        }
    }

    let origin = origin_of(&name, seed)?;
    let key = SigningKey::from_seed(&origin, seed)?;
    let mut writer = Writer::create(Path::new(&dir), &origin, &key, options)?;
    writer.put_blob(b"a blob beside the entries")?;
    for size in sizes {
        let entries: Vec<String> = (writer.size()..size).map(|index| format!("{text} entry {index}\n")).collect();
        writer.append(&entries)?;
    }
    Ok(key.verifier().to_string())
}

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(vkey) => {
            println!("{vkey}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
