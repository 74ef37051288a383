//! `recount serve`: the record and its result page, live over HTTP.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use recount_log::{Hash, VerifierKey};
use recount_server::{MakePage, Page, ServeOptions};
use recount_store::DirSource;
use serde_json::json;

use super::{parse_hash, parse_key, publish};
use crate::error::{CliError, Outcome, input};
use crate::read::{self, How};
use crate::show;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The record's directory.
    dir: PathBuf,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
    /// The log's verifier key, as handed out.
    #[arg(long, value_name = "VKEY", value_parser = parse_key)]
    key: Option<VerifierKey>,
    /// The charter's hash, as handed out.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    charter: Option<Hash>,
}

/// Runs it until it is stopped.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let Some(dir) = args.dir.to_str().map(str::to_owned) else {
        return input(format!("{}: not a UTF-8 path", args.dir.display()));
    };
    let public = DirSource::open(&args.dir)?.public().to_owned();
    let how = How { at: None, key: args.key.clone(), charter: args.charter, afresh: false };
    // A record that cannot be read is refused before anything listens.
    read::open(&dir, &how)?;
    let page: MakePage = Arc::new(move || {
        let opened = read::open(&dir, &how).map_err(|why| why.to_string())?;
        Ok(Page { html: publish::page(&opened, None).map_err(|why| why.to_string())? })
    });
    let told = move |addr: SocketAddr| {
        if as_json {
            show::line(json!({ "address": format!("http://{addr}/") }).to_string());
        } else {
            show::line(format!("http://{addr}/ (stop with Ctrl-C)"));
        }
    };
    let options = ServeOptions::new(public, page).at(args.addr).on_listening(told);
    recount_server::run(options).map_err(|why| CliError::Environment(why.to_string()))
}
