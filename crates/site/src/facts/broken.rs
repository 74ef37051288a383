//! Broken controls by form and code, with the stations at which they break.

use std::collections::BTreeMap;

use recount_election::{Control, StationIx};
use recount_tally::Fold;

/// Stations of one control whose figures are shown.
pub(crate) const SHOWN: usize = 40;

/// One control of one form that is broken somewhere.
#[derive(Debug)]
pub(crate) struct BrokenControl {
    pub form: String,
    pub code: String,
    /// How often: at a station each part and source counts.
    pub breaks: u64,
    /// Where, in the order of the register, each once.
    pub stations: Vec<StationIx>,
    /// The formula with its figures at the first of them.
    pub figures: Vec<String>,
}

pub(crate) fn of(fold: &Fold) -> Vec<BrokenControl> {
    let mut groups: BTreeMap<(&str, &str), BrokenControl> = BTreeMap::new();
    let broken = fold.broken_controls();
    for own in &broken {
        let group = groups.entry((own.form, own.control.code.as_str())).or_insert_with(|| BrokenControl {
            form: own.form.to_owned(),
            code: own.control.code.clone(),
            breaks: 0,
            stations: Vec::new(),
            figures: Vec::new(),
        });
        group.breaks = group.breaks.saturating_add(1);
        if group.stations.last() != Some(&own.station) {
            group.stations.push(own.station);
            if group.figures.len() < SHOWN {
                group.figures.push(own.figures.clone());
            }
        }
    }
    groups.into_values().collect()
}

/// The control behind a form and a code.
pub(crate) fn control<'a>(fold: &'a Fold, form: &str, code: &str) -> Option<&'a Control> {
    let forms = fold.law().map(|law| law.forms.forms.as_slice()).unwrap_or_default();
    forms.iter().find(|own| own.id == form)?.controls.iter().find(|control| control.code == code)
}
