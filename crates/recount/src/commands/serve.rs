//! `recount serve`: the record, its pages and its API, live over HTTP; where the log's key lies with the record, statements are filed too.

mod pages;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use recount_log::{Hash, VerifierKey};
use recount_server::{LogFormat, Quotas, ServeError, ServeOptions, Tls, log_to_stderr};
use serde_json::json;

use super::{parse_hash, parse_key, publish};
use crate::annex;
use crate::error::{CliError, Outcome};
use crate::read::How;
use crate::show;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The record's directory.
    dir: PathBuf,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
    /// Take no statements, even where the log's key lies with the record.
    #[arg(long)]
    read_only: bool,
    /// Where the record is published, for the commands that pages show.
    #[arg(long, value_name = "URL", value_parser = super::parse_url)]
    base_url: Option<String>,
    /// The log's verifier key, as handed out.
    #[arg(long, value_name = "VKEY", value_parser = parse_key)]
    key: Option<VerifierKey>,
    /// The charter's hash, as handed out.
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    charter: Option<Hash>,
    /// Pages that `recount forensics --pages` made of this record (may be repeated).
    #[arg(long, value_name = "FILE")]
    pages: Vec<PathBuf>,
    /// Outlines of units for maps: GeoJSON polygons whose `id` is the unit's.
    #[arg(long, value_name = "GEOJSON")]
    outlines: Option<PathBuf>,
    /// Certificate chain (PEM): serve by TLS. Without it, put a proxy in front.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Private key of the certificate (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Statements a minute of a key that speaks for stations alone.
    #[arg(long, value_name = "N", default_value_t = Quotas::default().station, value_parser = clap::value_parser!(u32).range(1..))]
    station_quota: u32,
    /// Statements a minute of every other key.
    #[arg(long, value_name = "N", default_value_t = Quotas::default().wide, value_parser = clap::value_parser!(u32).range(1..))]
    quota: u32,
    /// Pages of a size that are kept in memory once they were asked for, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(..=65_536))]
    cache: u32,
    /// Connections at a time.
    #[arg(long, value_name = "N", default_value_t = 16_384, value_parser = clap::value_parser!(u32).range(1..))]
    max_connections: u32,
    /// Logs as JSON, one object a line.
    #[arg(long)]
    log_json: bool,
    /// What is logged: off, error, warn, info, debug or trace.
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    log_level: Level,
}

/// A level of logs.
#[derive(Debug, Clone, Copy)]
struct Level(recount_server::LevelFilter);

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Level, String> {
        let why = |_| "one of off, error, warn, info, debug, trace".to_owned();
        recount_server::LevelFilter::from_str(text).map(Level).map_err(why)
    }
}

/// Runs it until it is stopped.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    log_to_stderr(if args.log_json { LogFormat::Json } else { LogFormat::Text }, args.log_level.0);
    let told = move |addr: SocketAddr, scheme: &str| {
        let address = format!("{scheme}://{addr}/");
        if as_json {
            show::line(json!({ "address": address }).to_string());
        } else {
            show::line(format!("{address} (stop with Ctrl-C)"));
        }
    };
    let tls = args.tls_cert.clone().zip(args.tls_key.clone()).map(|(cert, key)| Tls { cert, key });
    let outlines = publish::outlines(args.outlines.as_deref())?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let mut options = ServeOptions::new(&args.dir, pages::pages(&args.dir, outlines, annex::read_all(&args.pages)?));
    options.addr = args.addr;
    options.accept = !args.read_only && args.dir.join(recount_keeper::LOG_KEY).exists();
    options.how = How { key: args.key.clone(), charter: args.charter, chronicle: true, ..How::default() };
    options.base_url.clone_from(&args.base_url);
    options.tls = tls;
    options.quotas = Quotas { station: args.station_quota, wide: args.quota };
    options.cache = usize::try_from(u64::from(args.cache) << 20).unwrap_or(usize::MAX);
    options.max_connections = usize::try_from(args.max_connections).unwrap_or(usize::MAX);
    options.on_listening = Some(Box::new(move |addr| told(addr, scheme)));
    recount_server::run(options).map_err(|why| match why {
        ServeError::Record(why) => why.into(),
        ServeError::Tls { .. } => CliError::Input(why.to_string()),
        other => CliError::Environment(other.to_string()),
    })
}
