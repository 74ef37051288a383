//! `recount synth`: a synthetic record of any size, for load and scale. Everything in it follows from the seed.

mod chance;
mod world;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use recount_log::SigningKey;
use recount_record::statement::{About, Appointment, Kind, NoteStatement, Phase, PhaseName, Statement};
use serde_json::json;

use crate::charter::{effective, open_record, seal_register};
use crate::error::{Outcome, input};
use crate::progress::Progress;
use crate::show::{self, number};
use crate::write::Recorder;
use world::World;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The new record's directory.
    dir: PathBuf,
    /// How many stations; each files one protocol.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=2_000_000))]
    stations: u32,
    /// Keys and figures follow from it.
    #[arg(long, value_name = "S")]
    seed: u64,
    /// Signatures on each protocol.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=3))]
    signatures: u8,
    /// Territories, each with keys of its own; by default one for every 250 stations, at most 1,000.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    territories: Option<u32>,
    /// Lists on the ballot.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u8).range(2..=100))]
    lists: u8,
    /// Writes the commission's key here, to play with the record.
    #[arg(long, value_name = "FILE")]
    commission_key: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let started = Instant::now();
    let territories = args.territories.unwrap_or((args.stations / 250).clamp(1, 1_000));
    if territories > args.stations {
        return input(format!("{territories} territories for {} stations: some would have none", args.stations));
    }
    let world = World::new(args.seed, args.stations, territories, args.lists, args.signatures)?;
    let (commission, log) = (world.commission(), world.log());
    let opening = world.opening();
    if let Some(path) = args.commission_key.as_ref().filter(|path| path.exists()) {
        return input(format!("{}: there is one already, and it is not overwritten; name another", path.display()));
    }
    let (mut recorder, charter) = open_record(&args.dir, &opening, commission, log)?;
    if let Some(path) = &args.commission_key {
        crate::keys::write(path, commission)?;
    }
    let say = |recorder: &mut Recorder, kind: Kind<'_>| -> Outcome {
        let text = Statement { charter: Some(charter), kind }.to_text();
        effective(recorder.file_texts(&[text], &[commission], "filing")?).map(|_| ())
    };
    say(
        &mut recorder,
        Kind::Note(NoteStatement {
            code: "synthetic".to_owned(),
            about: About::Poll,
            figures: vec![
                ("seed".to_owned(), args.seed & 0xffff_ffff),
                ("stations".to_owned(), u64::from(args.stations)),
            ],
            sources: Vec::new(),
            blobs: Vec::new(),
        }),
    )?;
    register(&mut recorder, &world, charter)?;
    for grants in world.grants() {
        say(&mut recorder, Kind::Appointment(Appointment { grants }))?;
    }
    for phase in [PhaseName::PollingOpened, PhaseName::PollingClosed] {
        say(&mut recorder, Kind::Phase(Phase { poll: 1, phase }))?;
    }
    let counting = Instant::now();
    protocols(&mut recorder, &world, charter)?;
    let (counting, all) = (counting.elapsed(), started.elapsed());
    let rate = per_second(u64::from(args.stations), counting);
    if as_json {
        return show::json(&json!({
            "dir": args.dir,
            "key": log.verifier().to_string(),
            "charter": charter.to_hex(),
            "size": recorder.size(),
            "stations": args.stations,
            "territories": territories,
            "signatures": args.signatures,
            "protocols_per_second": rate,
            "milliseconds": u64::try_from(all.as_millis()).unwrap_or(u64::MAX),
        }));
    }
    show::line(format!(
        "{}: {} stations in {} territories, {} statements; SYNTHETIC, from seed {}.",
        args.dir.display(),
        number(u64::from(args.stations)),
        number(u64::from(territories)),
        number(recorder.size()),
        args.seed
    ));
    show::line(format!(
        "{}.{} s in all; {} protocols a second, each signed {}, checked, folded and durable.",
        all.as_secs(),
        all.subsec_millis() / 100,
        number(rate),
        match args.signatures {
            1 => "once".to_owned(),
            n => format!("{n} times"),
        }
    ));
    show::line(format!("  --key {}", log.verifier()));
    show::line(format!("  --charter {charter}"));
    Ok(())
}

fn per_second(n: u64, time: Duration) -> u64 {
    let millis = time.as_millis().max(1);
    u64::try_from(u128::from(n) * 1_000 / millis).unwrap_or(u64::MAX)
}

/// The register, in chunks that are made and filed one after the other, and its seal.
fn register(recorder: &mut Recorder, world: &World, charter: recount_log::Hash) -> Outcome {
    let progress = Progress::new("register", u64::from(world.stations()));
    let mut done = 0;
    for rows in world.register() {
        done += rows.len() as u64;
        let kind = Kind::Register(recount_record::statement::Register { poll: 1, rows });
        let text = Statement { charter: Some(charter), kind }.to_text();
        effective(recorder.file_texts(&[text], &[world.commission()], "register")?)?;
        progress.at(done);
    }
    seal_register(recorder, 1, &[world.commission()])
}

fn protocols(recorder: &mut Recorder, world: &World, charter: recount_log::Hash) -> Outcome {
    let stations: Vec<u32> = (0..world.stations()).collect();
    let filed = recorder.file_made(&stations, "protocols", |station| {
        let text = Statement { charter: Some(charter), kind: world.protocol(*station) }.to_text();
        let keys: Vec<&SigningKey> = world.signers(*station).iter().collect();
        recount_record::entry::sign(&text, &keys)
    })?;
    effective(filed).map(|_| ())
}
