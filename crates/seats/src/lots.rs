//! Lots: how a tie was broken outside the program, keyed by what they decide.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// One drawn lot. It decides the tie of exactly these lists at exactly this stage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lot {
    /// The stage of the rulebook at which the tie stands.
    pub stage: String,
    /// The unit in which the tie stands, where the stage works unit by unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The list whose candidates are tied, at a stage of kind `candidates`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// The lists that are tied, all of them (or the units or candidates, where those compete).
    pub between: BTreeSet<String>,
    /// The lists that were drawn, as many as there are seats to decide. (Where a formula has given
    /// out too many seats: the lists that lose one.)
    pub drawn: Vec<String>,
}

/// The lots of one election. Order does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lots(Vec<Lot>);

impl Lots {
    /// No lot was drawn.
    pub fn none() -> Self {
        Self::default()
    }

    /// These lots were drawn.
    pub fn new(lots: Vec<Lot>) -> Self {
        Self(lots)
    }

    /// All lots.
    pub fn iter(&self) -> impl Iterator<Item = &Lot> {
        self.0.iter()
    }
}
