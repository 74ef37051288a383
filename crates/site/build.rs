//! Lists what lies in `locales/` and `assets/`, so that a language or a script is added by adding a file.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let home = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(std::env::var("OUT_DIR").unwrap_or_default());
    let mut text = String::new();
    list(&mut text, "LOCALE_FILES", "str", "include_str", &home.join("locales"), "ftl")?;
    list(&mut text, "ASSET_FILES", "[u8]", "include_bytes", &home.join("assets"), "")?;
    std::fs::write(out.join("files.rs"), text)
}

/// Writes a table of the files of a folder, in the order of their names; with `ending`, only those that end so, named without it.
fn list(text: &mut String, name: &str, what: &str, include: &str, folder: &Path, ending: &str) -> std::io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    files.retain(|path| path.is_file() && (ending.is_empty() || path.extension().is_some_and(|own| own == ending)));
    files.sort();
    let _ = writeln!(text, "static {name}: &[(&str, &{what})] = &[");
    for path in files {
        let full = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let named =
            if ending.is_empty() { full } else { path.file_stem().unwrap_or_default().to_string_lossy().into_owned() };
        let _ = writeln!(text, "    ({named:?}, {include}!({:?})),", path.display().to_string());
    }
    let _ = writeln!(text, "];");
    Ok(())
}
