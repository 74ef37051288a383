//! Broken controls: relations that the figures of a protocol must satisfy and do not.

use recount_election::{Check, Figures, StationIx, WHOLE};

use crate::claim::Slot;
use crate::count::{Source, View};
use crate::fold::Fold;

/// One control that was checked on what stands.
#[derive(Debug, Clone)]
pub struct Broken<'a> {
    /// The station.
    pub station: StationIx,
    /// The slot; its part is `None` where the sum of the parts was checked.
    pub slot: Slot,
    /// The form.
    pub form: &'a str,
    /// The control.
    pub control: &'a recount_election::Control,
    /// What was found.
    pub check: Check,
    /// The formula with the figures put in.
    pub figures: String,
}

impl Fold {
    /// Every control that is broken, by station; a control that cannot be checked is not broken.
    pub fn broken_controls(&self) -> Vec<Broken<'_>> {
        let mut broken = Vec::new();
        for (_, n) in self.ledger().register().geography().stations().iter().zip(0u32..) {
            let station = StationIx(n);
            let mut summed: Vec<Slot> = Vec::new();
            for slot in self.slots(station) {
                if let Some(stand) = self.stand(station, slot) {
                    self.check_figures(station, slot, stand.figures, &mut broken);
                }
                let whole = Slot { part: None, ..slot };
                if slot.part.is_some() && !summed.contains(&whole) {
                    summed.push(whole);
                }
            }
            for slot in summed {
                let view = View { source: Source::Only(slot.source), poll: Some(slot.poll) };
                let count = self.count_station(station, slot.contest, view);
                if let (Some(figures), None) = (&count.figures, count.reason) {
                    self.check_figures(station, slot, figures, &mut broken);
                }
            }
        }
        broken
    }

    fn check_figures<'a>(&'a self, station: StationIx, slot: Slot, figures: &Figures, broken: &mut Vec<Broken<'a>>) {
        let (Some(law), Some(state)) = (self.law(), self.contest(slot.contest)) else { return };
        let part = slot.part.map_or(WHOLE, |part| self.parts().get(part));
        let Some(form) = law.forms.form_for(&state.id, self.source_name(slot), part) else { return };
        for finding in form.check(&state.columns, figures) {
            if matches!(finding.check, Check::Broken { .. } | Check::Overflow) {
                let explained = finding.control.formula.explain(&state.columns, figures);
                let control = finding.control;
                broken.push(Broken {
                    station,
                    slot,
                    form: &form.id,
                    control,
                    check: finding.check,
                    figures: explained,
                });
            }
        }
    }
}
