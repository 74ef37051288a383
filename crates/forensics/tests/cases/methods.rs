//! One function for each word of `method`.

use serde_json::Value;

use crate::{Trouble, data::Library, rounding};

pub fn run(case: &Value, library: &mut Library) -> Result<(), Trouble> {
    let method = case["method"].as_str().unwrap_or("");
    let starts = |word: &str| method.starts_with(word);
    if starts("import_totals") {
        return rounding::totals(case, library);
    }
    if starts("integer_percent_exact_null") {
        return rounding::exact(case, library);
    }
    if starts("integer_percent_monte_carlo") {
        return rounding::drawn(case, library);
    }
    if starts("integer_percent per region") {
        return rounding::regions(case, library);
    }
    if starts("integer excess, geometric estimate") {
        return rounding::geometric(case, library);
    }
    if starts("stations within +-0.05pp of a multiple of 5%") {
        return rounding::peaks(case, library);
    }
    Err(Trouble::Pending(method.to_owned()))
}
