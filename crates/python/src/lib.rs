//! The statistical checks of `recount-forensics` for Python: columns in, dictionaries and numpy arrays out.
//!
//! A table is anything with columns by name: a dict of arrays, a data frame of pandas or Polars, a structured array. Figures are
//! whole numbers and nothing is repaired: a column that holds anything else is refused with its name and the first place that is wrong.
//! Numbers are computed without the interpreter's lock and are those of `recount forensics` to the last digit.

mod arrays;
mod border;
mod clusters;
mod integer;
mod neighbours;
mod pairs;
mod quick;
mod read;
mod report;
mod request;
mod results;
mod shapes;
mod simulate;
mod whole;

/// Statistical checks on station results of elections: where to look, and how far to trust it.
///
/// Every check takes a table of stations: a dict of numpy arrays, a data frame or a structured array with the columns ``registered``
/// (N, voters on the list), ``issued`` (G, ballots given out), ``found`` (R, ballots in the boxes) and ``leader`` (W, votes of the list
/// looked at), all whole numbers; some take ``region`` and ``district`` too. Turnout is G/N, share is W/R.
///
/// Look at :func:`calibrate` before any p-value: it says what each test does on clean elections with your stations. An anomaly is a
/// place to look, not a proof.
#[pyo3::pymodule]
mod recount_forensics {
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "Python's name for it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_export]
    use crate::clusters::{quick_clusters, quick_two_stage};
    #[pymodule_export]
    use crate::integer::{integer, integer_groups, integer_stations, monte_carlo, robustness};
    #[pymodule_export]
    use crate::neighbours::{agreement, digit_edits, extremes, heaps, outliers, twins};
    #[pymodule_export]
    use crate::pairs::{flow, pairs, pairs_total};
    #[pymodule_export]
    use crate::quick::{quick_bounds, quick_classes, quick_count, quick_early, quick_sample, quick_shares, quick_size};
    #[pymodule_export]
    use crate::read::read;
    #[pymodule_export]
    use crate::report::{calibrate, report};
    #[pymodule_export]
    use crate::request::{digits, mixture};
    #[pymodule_export]
    use crate::shapes::{changes, comet_core, fingerprint, klimek, outside, shpilkin, slopes, spikes, standardised};
    #[pymodule_export]
    use crate::simulate::simulate;
}
