//! Every rulebook that the repository ships gives its country's known results, through the library. The program's own
//! tests run the same cases through `recount seats`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

#[macro_use]
#[path = "shipped/list.rs"]
mod list;
#[path = "shipped/national.rs"]
mod national;
#[path = "shipped/people.rs"]
mod people;
#[path = "shipped/ranked.rs"]
mod ranked;
#[path = "shipped/support.rs"]
mod support;
#[path = "shipped/tiers.rs"]
mod tiers;
#[path = "shipped/wards.rs"]
mod wards;
#[path = "cases/words.rs"]
#[allow(dead_code, reason = "shared with the reference cases")]
mod words;

/// Nothing more is asked of an outcome here.
mod seen {
    use recount_seats::{Outcome, RunOptions, Tally};

    pub fn seen(_name: &str, _tally: &Tally, _options: &RunOptions, _outcome: &Outcome) {}
}

macro_rules! tests {
    ($($module:ident::$case:ident)*) => {
        $(
            #[test]
            fn $case() {
                $module::$case();
            }
        )*
    };
}

every_case!(tests);
