//! Station results from a table: through its map, or by the words of its header where it is a published Russian one.

use std::path::Path;

use recount_exchange::map::{Map, read_map};
use recount_exchange::plan::Import;
use recount_log::sha256;
use recount_report::input::{Choice, InputError, Sheet, of_import, read_table, register_of_import};

use crate::charter::toml_error;
use crate::error::{CliError, Outcome, read_bytes, read_text};

/// Reads the stations of the table that have figures.
pub fn read(path: &Path, map_path: Option<&Path>, choice: &Choice) -> Outcome<Sheet> {
    read_with(path, map_path, choice, of_import)
}

/// Reads every station that the table names: a register to draw from.
pub fn register(path: &Path, map_path: Option<&Path>, choice: &Choice) -> Outcome<Sheet> {
    read_with(path, map_path, choice, register_of_import)
}

fn read_with(
    path: &Path,
    map_path: Option<&Path>,
    choice: &Choice,
    of: fn(&Import, &Choice) -> Result<Sheet, InputError>,
) -> Outcome<Sheet> {
    let map = map_path.map(map_of).transpose()?;
    let bytes = read_bytes(path)?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut sheet = read_table(&bytes, &name, map.as_ref(), choice, of).map_err(|why| match why {
        InputError::NoMap => CliError::Input(format!(
            "{}: a table needs --map MAP.toml, which says what its columns mean",
            path.display()
        )),
        why => CliError::Input(format!("{}: {why}", path.display())),
    })?;
    sheet.hash = sha256(&bytes).to_hex();
    Ok(sheet)
}

fn map_of(path: &Path) -> Outcome<Map> {
    let text = read_text(path)?;
    read_map(&text).map_err(|why| toml_error(path, &text, why.to_string(), None, why.span().cloned()))
}
