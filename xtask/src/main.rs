//! Tasks of the repository that are more than one command. `cargo xtask wasm` builds the module of the check page.

mod wasm;

use std::process::ExitCode;

use wasm::Profile;

const USAGE: &str = "\
cargo xtask wasm [--quick] [--out FILE]    build the WebAssembly module of the check page
    --quick    for tests: built sooner, larger and slower
    --out      instead of crates/site/assets/recount.wasm, where the site takes it up";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["wasm"] => wasm::build(Profile::Small, None),
        ["wasm", "--quick"] => wasm::build(Profile::Quick, None),
        ["wasm", "--out", path] => wasm::build(Profile::Small, Some(path.as_ref())),
        ["wasm", "--quick", "--out", path] => wasm::build(Profile::Quick, Some(path.as_ref())),
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
