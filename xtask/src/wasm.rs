//! The WebAssembly module: built by the usual toolchain where it has the target, else by Debian's `rustc-web`, with the standard
//! library from the matching source (`apt-get install rustc-web cargo-web rust-web-src rust-web-llvm lld-22`).

use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";
const PACKAGE: &str = "recount-wasm";
/// Debian's pair, in front of which `PATH` may have another toolchain.
const DEBIAN: (&str, &str) = ("/usr/bin/cargo", "/usr/bin/rustc");

/// How the module is built; set here, so that the workspace's manifest needs no profile for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Small, for readers. Takes minutes.
    Small,
    /// Soon there, for tests: larger and slower.
    Quick,
}

impl Profile {
    fn settings(self) -> &'static [&'static str] {
        match self {
            Profile::Small => &[
                "profile.wasm.inherits=\"release\"",
                "profile.wasm.opt-level=\"s\"",
                "profile.wasm.lto=true",
                "profile.wasm.codegen-units=1",
                "profile.wasm.panic=\"abort\"",
                "profile.wasm.strip=true",
            ],
            Profile::Quick => &[
                "profile.wasm.inherits=\"dev\"",
                "profile.wasm.opt-level=1",
                "profile.wasm.debug=false",
                "profile.wasm.panic=\"abort\"",
                "profile.wasm.strip=true",
            ],
        }
    }
}

/// Builds the module and puts it where the site takes it up, or at `out`. Says how large it is.
pub fn build(profile: Profile, out: Option<&Path>) -> Result<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let target = target.join(if profile == Profile::Small { "wasm" } else { "wasm-quick" });
    let how = ways().into_iter().next().ok_or(
        "no toolchain can build for WebAssembly here: run `rustup target add wasm32-unknown-unknown`, \
         or on Debian `apt-get install rustc-web cargo-web rust-web-src rust-web-llvm lld-22`",
    )?;
    run(how, profile, &root, &target)?;
    let built = target.join(TARGET).join("wasm").join("recount_wasm.wasm");
    let bytes = std::fs::read(&built).map_err(|why| format!("{}: {why}", built.display()))?;
    let out = out.map_or_else(|| root.join("crates/site/assets/recount.wasm"), Path::to_path_buf);
    std::fs::write(&out, &bytes).map_err(|why| format!("{}: {why}", out.display()))?;
    Ok(format!("{}: {} bytes", out.display(), bytes.len()))
}

/// A toolchain that can build the module.
#[derive(Clone, Copy)]
enum Way {
    /// The toolchain that runs this task has the target.
    Own,
    /// Debian's compiler, which builds the standard library as well.
    Debian,
}

/// The toolchains that can, best first.
fn ways() -> Vec<Way> {
    let installed = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    let own = installed.ok().filter(|told| told.status.success()).is_some_and(|told| {
        let folder = String::from_utf8_lossy(&told.stdout).trim().to_owned();
        std::fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some())
    });
    let (cargo, rustc) = DEBIAN;
    let source = Command::new(rustc).args(["--print", "sysroot"]).output().ok().is_some_and(|told| {
        let root = String::from_utf8_lossy(&told.stdout).trim().to_owned();
        Path::new(&root).join("lib/rustlib/src/rust/library/std").exists()
    });
    let debian = Path::new(cargo).exists() && source;
    [(own, Way::Own), (debian, Way::Debian)].into_iter().filter(|(there, _)| *there).map(|(_, way)| way).collect()
}

fn run(way: Way, profile: Profile, root: &Path, target: &Path) -> Result<(), String> {
    let mut cargo = match way {
        Way::Own => Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())),
        Way::Debian => {
            let mut cargo = Command::new(DEBIAN.0);
            cargo.env("RUSTC", DEBIAN.1).env("RUSTC_BOOTSTRAP", "1").args(["-Z", "build-std=std,panic_abort"]);
            // The toolchain of whoever runs this task is not the one that builds.
            cargo
                .env_remove("RUSTUP_TOOLCHAIN")
                .env_remove("CARGO")
                .env_remove("RUSTC_WRAPPER")
                .env_remove("RUSTFLAGS");
            cargo
        }
    };
    cargo.current_dir(root).env("CARGO_TARGET_DIR", target);
    cargo.args(["build", "--locked", "--package", PACKAGE, "--target", TARGET, "--profile", "wasm"]);
    for setting in profile.settings() {
        cargo.args(["--config", setting]);
    }
    match cargo.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("the build of the module ended with {status}")),
        Err(why) => Err(format!("{:?}: {why}", cargo.get_program())),
    }
}
