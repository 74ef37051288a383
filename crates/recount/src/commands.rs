//! The commands, one file each: arguments, what is done, what is shown.

pub mod audit;
pub mod check_receipt;
pub mod compare;
pub mod controls;
pub mod count;
pub mod demo;
pub mod diff;
pub mod draft;
pub mod explain;
pub mod export;
pub mod file;
pub mod forensics;
pub mod import;
pub mod init;
pub mod key;
pub mod list;
pub mod mirror;
pub mod missing;
pub mod prove;
pub mod publish;
pub mod quick;
pub mod seats;
pub mod serve;
pub mod sign;
pub mod status;
pub mod synth;
pub mod verify;
pub mod what_if;

use clap::Args;
use recount_log::{Hash, VerifierKey};

use crate::error::{Outcome, SECRET};
use crate::read::{self, How, Opened};

/// Which record is read, and how.
#[derive(Debug, Clone, Args)]
pub struct Record {
    /// The record: a directory, or an http(s) address.
    #[arg(value_name = "DIR|URL")]
    pub record: String,
    /// Read it as it stood at this size.
    #[arg(long, value_name = "SIZE")]
    pub at: Option<u64>,
    /// The log's verifier key, as handed out.
    #[arg(long, value_name = "VKEY", value_parser = parse_key)]
    pub key: Option<VerifierKey>,
    /// The charter's hash, as handed out.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    pub charter: Option<Hash>,
}

impl Record {
    /// Opens and folds it. The process ends with its command and takes what was read along: to take a large record apart, piece by
    /// piece, costs more than some commands do.
    pub fn open(&self) -> Outcome<&'static Opened> {
        Ok(Box::leak(Box::new(read::open(&self.record, &self.how())?)))
    }

    /// How it is to be read.
    pub fn how(&self) -> How {
        How { at: self.at, key: self.key.clone(), charter: self.charter, afresh: false, ..How::default() }
    }
}

/// A verifier key from the command line.
pub fn parse_key(text: &str) -> Result<VerifierKey, String> {
    let help = if text.starts_with(SECRET) {
        ": this is the secret half, show it to nobody; `recount key show FILE` prints the verifier key"
    } else if std::path::Path::new(text).is_file() {
        ": this is a file; `recount key show FILE` prints the verifier key of a key file"
    } else {
        ""
    };
    VerifierKey::parse(text).map_err(|why| format!("{why}{help}"))
}

/// An address of the web from the command line: it becomes part of pages and commands.
pub fn parse_url(text: &str) -> Result<String, String> {
    let web = text.starts_with("http://") || text.starts_with("https://");
    let plain =
        !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '<' | '>' | '`'));
    match recount_keeper::read::check_place(text) {
        Ok(()) if web && plain => Ok(text.to_owned()),
        _ => Err("write an address as http://HOST/PATH or https://HOST/PATH".to_owned()),
    }
}

/// A hash from the command line.
pub fn parse_hash(text: &str) -> Result<Hash, String> {
    Hash::from_hex(text).ok_or_else(|| "not a SHA-256 hash in 64 hexadecimal digits".to_owned())
}
