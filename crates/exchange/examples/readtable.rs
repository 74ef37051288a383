//! Prints a table (CSV, plain or compressed, or Parquet) as CSV: what the readers of this crate see.

use recount_exchange::{Options, Table};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: readtable FILE")?;
    let mut table = Table::open(path.as_ref(), b',', &Options::default())?;
    let mut out = csv::Writer::from_writer(std::io::BufWriter::new(std::io::stdout().lock()));
    out.write_record(table.header())?;
    while let Some(row) = table.next_row()? {
        out.write_record((0..row.len()).map(|at| row.bytes(at).unwrap_or_default()))?;
    }
    out.flush()?;
    Ok(())
}
