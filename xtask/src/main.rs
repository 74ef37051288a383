//! Tasks of the repository that are more than one command. `cargo xtask wasm` builds the module of the check page.

mod wasm;

use std::process::ExitCode;

const USAGE: &str = "cargo xtask wasm [--out FILE]    build the WebAssembly module of the check page";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let done = match (words.next().as_deref(), words.next().as_deref(), words.next()) {
        (Some("wasm"), None, None) => wasm::build(None),
        (Some("wasm"), Some("--out"), Some(path)) => wasm::build(Some(path.as_ref())),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
