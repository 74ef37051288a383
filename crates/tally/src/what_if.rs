//! What if: the result as if a ruling had been made. Nothing is written.

use recount_record::VoidReason;
use recount_record::statement::{Claimed, Effect, Ruling};

use crate::effects::{Force, RulingState};
use crate::fold::Fold;

impl Fold {
    /// Folds these effects as if a ruling of the highest rank had been made now. The fold then shows a record that does not exist:
    /// drop it after use.
    ///
    /// # Errors
    /// An effect that names something that is not there.
    pub fn assume(&mut self, effects: Vec<Effect>) -> Result<(), VoidReason> {
        let mut acts = Vec::with_capacity(effects.len());
        for effect in &effects {
            if matches!(effect, Effect::Replace { .. } | Effect::Admit { .. }) {
                return Err(VoidReason::NotListed { what: "effect that can be assumed", id: effect.word().to_owned() });
            }
            acts.push(self.act(effect, false, u64::MAX)?);
        }
        let place = self.place_of_acts(&effects, &acts);
        let ruling = Ruling {
            by: None,
            effects,
            law: None,
            reason: "assumed".to_owned(),
            complaints: Vec::new(),
            claimed: Claimed::default(),
            blobs: Vec::new(),
        };
        let state = RulingState { ruling, rank: u64::MAX, signed: 0, force: Force::InForce, acts, place };
        self.enforce(self.size(), state)
    }
}
