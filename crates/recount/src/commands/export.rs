//! `recount export`: tables of the result at a size, one by one or all of them as a data package.

pub mod folder;
mod tally;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use recount_exchange::data::{self, DataError, Licence, Source, Table, write_table};
use recount_seats::Outcome as Seats;

use super::Record;
use super::diff::sides;
use crate::error::{CliError, Outcome, file_error, input};
use crate::read::{self, How, Opened};
use crate::show;
use crate::view::computed;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    record: Record,
    /// The format of one table; it can be left out with --json, and where the name of --output ends in it. A tally and a NIST report are
    /// always JSON.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Which table is exported.
    #[arg(long, value_enum, default_value_t = What::Table(Table::Stations), conflicts_with = "dir")]
    what: What,
    /// One contest alone.
    #[arg(long)]
    contest: Option<String>,
    /// One source alone; by default what the law counts.
    #[arg(long)]
    source: Option<String>,
    /// The poll; by default the latest at each station.
    #[arg(long)]
    poll: Option<u16>,
    /// Where it goes; by default standard output.
    #[arg(short, long, value_name = "FILE", conflicts_with = "dir")]
    output: Option<PathBuf>,
    /// Writes every table in every format to this folder, with a datapackage.json.
    #[arg(long, value_name = "FOLDER", conflicts_with = "format")]
    dir: Option<PathBuf>,
    /// Where the record is published, for the package.
    #[arg(long, value_name = "URL", requires = "dir", value_parser = super::parse_url)]
    base_url: Option<String>,
    /// The licence that the package names: CC0-1.0, ODC-BY-1.0 ...
    #[arg(long, value_name = "NAME", requires = "dir")]
    licence: Option<String>,
    /// Where the licence's text is.
    #[arg(long, value_name = "URL", requires = "licence")]
    licence_url: Option<String>,
}

/// Formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One header row, then one row each; an empty cell is absent, never zero.
    Csv,
    /// An array of objects; what is absent is null.
    Json,
    /// Apache Parquet; what is absent is null.
    Parquet,
}

/// What can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// A table of the data package.
    Table(Table),
    /// What is put through the rulebook: the input of `recount seats`.
    Tally,
    /// An election results report of NIST SP 1500-100, in JSON.
    Nist,
}

impl ValueEnum for What {
    fn value_variants<'a>() -> &'a [What] {
        const ALL: [What; Table::ALL.len() + 2] = {
            let mut all = [What::Tally; Table::ALL.len() + 2];
            let mut at = 0;
            while at < Table::ALL.len() {
                all[at] = What::Table(Table::ALL[at]);
                at += 1;
            }
            all[at + 1] = What::Nist;
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            What::Table(table) => (table.name(), table.description()),
            What::Tally => ("tally", "What is put through the rulebook: the input of `recount seats`."),
            What::Nist => ("nist", "An election results report of NIST SP 1500-100, in JSON."),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

impl What {
    /// Whether it is made from the seats.
    const fn needs_seats(self) -> bool {
        matches!(self, What::Nist | What::Table(Table::Result | Table::Admission | Table::Seats | Table::Members))
    }
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let chronicle = args.dir.is_some() || args.what == What::Table(Table::Changes);
    let opened = read::open(&args.record.record, &How { chronicle, ..args.record.how() })?;
    let fold = &opened.fold;
    let view = sides::view(fold, args.source.as_deref(), args.poll)?;
    let contest = match &args.contest {
        None => None,
        Some(id) => match fold.contest_ix(id) {
            None => return input(format!("the record has no contest \"{id}\"")),
            found => found,
        },
    };
    if args.what == What::Tally && args.dir.is_none() {
        return tally::write(fold, view, contest, |text| emit(args, |out| Ok(out.write_all(text.as_bytes())?)));
    }
    let seats = if args.dir.is_some() || args.what.needs_seats() { outcome(&opened, view)? } else { None };
    let source = Source::new(fold, seats.as_ref()).with_view(view);
    let source = match contest {
        None => source,
        Some(ix) => source.of_contest(ix),
    };
    if let Some(dir) = &args.dir {
        return folder::write(dir, &source, &frame(args, &opened), as_json);
    }
    let What::Table(table) = args.what else { return emit(args, |out| data::write_report(&source, out)) };
    let sheet = table.of(source);
    let named = args.output.as_deref().and_then(|path| path.extension()?.to_str());
    let ending = data::Format::ALL.into_iter().find(|own| Some(own.ending()) == named);
    let format = match args.format {
        _ if as_json => data::Format::Json,
        Some(Format::Parquet) => data::Format::Parquet,
        Some(Format::Json) => data::Format::Json,
        Some(Format::Csv) => data::Format::Csv,
        None => match ending {
            Some(format) => format,
            None => {
                return input("say in which format: --format csv, json or parquet, or an --output FILE that ends so");
            }
        },
    };
    emit(args, |out| write_table(&sheet, format, &[], out))
}

/// The result of a view with its margins, if there is one.
fn outcome(opened: &Opened, view: recount_tally::View) -> Outcome<Option<Seats>> {
    Ok(computed::compute(&opened.fold, view)?.outcome.ok())
}

fn frame(args: &Args, opened: &Opened) -> data::Frame {
    data::Frame {
        base_url: args.base_url.as_ref().map(|url| url.trim_end_matches('/').to_owned()),
        checkpoint: Some(opened.reader.checkpoint().clone()),
        charter: Some(opened.charter),
        licence: args.licence.clone().map(|name| Licence { name, path: args.licence_url.clone() }),
        synthetic: None,
    }
}

/// Writes to the file that was named, or to standard output.
fn emit(args: &Args, write: impl FnOnce(&mut dyn Write) -> Result<(), DataError>) -> Outcome {
    match &args.output {
        Some(path) => crate::output::stream(path, |out| {
            write(out).map_err(|why| match why {
                DataError::Io(why) => file_error(path, &why),
                why => data_error(why),
            })
        }),
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            match write(&mut out).and_then(|()| Ok(out.flush()?)) {
                Err(DataError::Io(error)) => {
                    show::closed(&error);
                    Ok(())
                }
                other => other.map_err(data_error),
            }
        }
    }
}

/// What an export that failed says.
fn data_error(error: DataError) -> CliError {
    match error {
        DataError::Io(error) => CliError::Environment(error.to_string()),
        other => CliError::No(other.to_string()),
    }
}
