//! `recount key`: makes and shows signing keys.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use crate::error::Outcome;
use crate::{keys, show};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Makes a new key in a file that only its owner can read.
    New {
        /// The key's name: that of an office, such as "precinct-417.example", never of a person.
        name: String,
        /// The new file.
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Prints the verifier key of a key file.
    Show {
        /// The key file.
        file: PathBuf,
    },
}

/// Runs it.
pub fn run(args: &Args, as_json: bool) -> Outcome {
    let verifier = match &args.what {
        What::New { name, output } => {
            let key = keys::generate(name)?;
            keys::write(output, &key)?;
            key.verifier()
        }
        What::Show { file } => keys::read(file)?.verifier(),
    };
    if as_json {
        return show::json(&json!({ "name": verifier.name(), "key": verifier.to_string() }));
    }
    show::line(verifier.to_string());
    Ok(())
}
