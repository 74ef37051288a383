//! Station results from a table: through its map, or by the words of its header where it is a published Russian one.

use std::path::Path;

use recount_exchange::map::{Map, read_map};
use recount_exchange::plan::Import;
use recount_exchange::table::{Options, Table};
use recount_log::sha256;
use recount_report::input::{
    Choice, InputError, Sheet, first_file, is_published, is_zip, of_import, read_published, register_of_import,
};

use crate::charter::toml_error;
use crate::error::{CliError, Outcome, input, read_bytes, read_text};

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
    let wrong = |why: &dyn std::fmt::Display| CliError::Input(format!("{}: {why}", path.display()));
    let bytes = read_bytes(path)?;
    let options = Options::default();
    let delimiter = map.as_ref().map_or(b',', Map::delimiter);
    let mut rows = if is_zip(&bytes) {
        let file = first_file(&bytes).map_err(|why| wrong(&why))?;
        Table::from_reader(file, delimiter, &options).map_err(|why| wrong(&why))?
    } else {
        Table::from_reader(bytes.as_slice(), delimiter, &options).map_err(|why| wrong(&why))?
    };
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut sheet = match &map {
        Some(map) => {
            let import = recount_exchange::plan(&mut rows, map, &options).map_err(|why| wrong(&why))?;
            let mut sheet = of(&import, choice).map_err(|why| super::wrong(&name, &why))?;
            sheet.title.clone_from(&map.title);
            sheet.source = format!("{name} ({})", map.origin);
            sheet
        }
        None if is_published(rows.header()) => {
            let mut sheet = read_published(&mut rows).map_err(|why| super::wrong(&name, &why))?;
            sheet.title = format!("{name}: a published Russian table, columns told by their names");
            sheet.source.clone_from(&name);
            sheet
        }
        None => {
            return input(format!(
                "{}: a table needs --map MAP.toml, which says what its columns mean",
                path.display()
            ));
        }
    };
    sheet.hash = sha256(&bytes).to_hex();
    Ok(sheet)
}

fn map_of(path: &Path) -> Outcome<Map> {
    let text = read_text(path)?;
    read_map(&text).map_err(|why| toml_error(path, &text, why.to_string(), None, why.span().cloned()))
}
