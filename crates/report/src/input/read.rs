//! A table from its bytes: through a map, or by the words of its header where it is a published Russian one.

use recount_exchange::map::Map;
use recount_exchange::plan::Import;
use recount_exchange::table::{Options, Table, TableError};

use super::{Choice, InputError, Sheet, first_file, is_published, is_zip, read_published};

/// Reads the stations of a table (CSV, plain or compressed, or Parquet; of a zip archive the first file). `of` picks what is read
/// of an import: [`super::of_import`] the stations with figures, [`super::register_of_import`] all. `name` is the file's and stands in the
/// source and in the title of a table without a map. The hash is left to the caller.
///
/// # Errors
/// Bytes that are no table, a map that does not fit, no map where one is needed, or what was chosen is not there.
pub fn read_table(
    bytes: &[u8],
    name: &str,
    map: Option<&Map>,
    choice: &Choice,
    of: fn(&Import, &Choice) -> Result<Sheet, InputError>,
) -> Result<Sheet, InputError> {
    let options = Options::default();
    let delimiter = map.map_or(b',', Map::delimiter);
    let unreadable = |why: TableError| InputError::Unreadable(why.to_string());
    let mut rows = if is_zip(bytes) {
        let file = first_file(bytes).map_err(|why| InputError::Unreadable(why.to_string()))?;
        Table::from_reader(file, delimiter, &options).map_err(unreadable)?
    } else {
        Table::from_reader(bytes, delimiter, &options).map_err(unreadable)?
    };
    match map {
        Some(map) => {
            let import = recount_exchange::plan(&mut rows, map, &options);
            let mut sheet = of(&import.map_err(|why| InputError::Unreadable(why.to_string()))?, choice)?;
            sheet.title.clone_from(&map.title);
            sheet.source = format!("{name} ({})", map.origin);
            Ok(sheet)
        }
        None if is_published(rows.header()) => {
            let mut sheet = read_published(&mut rows)?;
            sheet.title = format!("{name}: a published Russian table, columns told by their names");
            name.clone_into(&mut sheet.source);
            Ok(sheet)
        }
        None => Err(InputError::NoMap),
    }
}
