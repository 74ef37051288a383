//! Statistical checks on station results: where to look, and how far to trust it.
//!
//! An anomaly is a place to look, not a proof. Every result type says what it cannot show ([`Limits`]),
//! exclusions are counted, and what has a closed form is computed exactly instead of simulated.
//!
//! The input is plain: a slice of [`Station`] (four integers each) with group keys, or a [`Table`] that
//! also holds every list. Everything is a pure function of its arguments and a seed; the same seed gives
//! the same bytes on every machine (transcendental functions come from `libm`, sums run in a fixed order).
//!
//! ```
//! use recount_forensics::{Mask, Station, integer};
//!
//! let stations = vec![Station { registered: 1000, issued: 700, found: 699, leader: 350 }; 40];
//! let tested = Mask::published().apply(&stations);
//! let test = integer::Test::new(&tested.stations, integer::Rule::whole_percent());
//! let turnout = test.count(integer::Which::Turnout);
//! assert_eq!(turnout.observed, 40);
//! assert!(turnout.excess > 30.0);
//! assert!(test.tail(integer::Which::Turnout).p <= 1e-15);
//! ```

pub mod between;
pub mod calibrate;
pub mod comet;
pub mod controls;
pub mod digits;
pub mod discovery;
pub mod dispersion;
pub mod fingerprint;
pub mod flow;
pub mod heaping;
pub mod integer;
pub mod klimek;
pub mod mask;
pub mod mixture;
pub mod neighbours;
pub mod outside;
pub mod pairs;
pub mod poisson_binomial;
pub mod quick;
pub mod random;
pub mod report;
pub mod shpilkin;
pub mod simulate;
pub mod slopes;
pub mod special;
pub mod spectrum;
pub mod spikes;
pub mod standard;
pub mod table;
pub mod twins;
pub mod work;

mod number;

pub use discovery::{Discovery, benjamini_hochberg};
pub use mask::{Exclusion, Mask, Tested};
pub use table::{Keys, List, Station, Table, Uneven};

/// What a result cannot show, in one sentence that belongs beside every figure taken from it.
pub trait Limits {
    /// The sentence.
    const CANNOT_SHOW: &'static str;

    /// The sentence, from a value.
    fn cannot_show(&self) -> &'static str {
        Self::CANNOT_SHOW
    }
}
