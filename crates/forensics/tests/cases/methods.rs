//! One function for each word of `method`.

use serde_json::Value;

use crate::{Trouble, data::Library, fits, pictures, rounding, simulated, stations};

type Method = fn(&Value, &mut Library) -> Result<(), Trouble>;

/// How a method's text begins, and what computes it. The first match decides.
const METHODS: &[(&str, Method)] = &[
    ("import_totals", rounding::totals),
    ("integer_percent_exact_null", rounding::exact),
    ("integer_percent_monte_carlo", rounding::drawn),
    ("integer_percent per region", rounding::regions),
    ("integer excess, geometric estimate", rounding::geometric),
    ("stations within +-0.05pp of a multiple of 5%", rounding::peaks),
    ("fingerprint 100x100", pictures::grid),
    ("shpilkin (Cedar", pictures::peak_bin),
    ("shpilkin (recommended window", pictures::window),
    ("shpilkin, analyst-chosen t0", pictures::fixed),
    ("Klimek 2012 first-stage", pictures::first),
    ("Klimek grid fit", pictures::fit),
    ("Sobyanin-Sukhovolsky", pictures::sobyanin),
    ("arithmetic control ratios", stations::controls),
    ("identical (voters,given,received,leader)", stations::duplicates),
    ("last digit chi2", stations::digits),
    ("integer/digits on a clean democracy", stations::clean),
    ("within-TIK under-dispersion", stations::under_dispersion),
    ("comet core by Minimum Covariance", fits::comet),
    ("flow of the vote", fits::moscow_flow),
    ("Rozenas resampled", fits::rozenas),
    ("false-positive rate", simulated::clean),
    ("detection power", simulated::power),
    ("Kireev 1-2-1-2", stations::heaping),
];

pub fn run(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let method = case["method"].as_str().unwrap_or("");
    match METHODS.iter().find(|(word, _)| method.starts_with(word)) {
        Some((_, compute)) => compute(case, library),
        None => Err(Trouble::Pending(method.to_owned())),
    }
}
